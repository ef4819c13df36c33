"""One grading process: a course, a grader and its sandbox, and submissions one after the other."""

import gc
import logging
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from autograder.children import begin
from autograder.cores import keep_to
from autograder.course import load_course
from autograder.errors import GradusError, UsageError
from autograder.grading.grader import Grader
from autograder.grading.intake.submissions import Submission
from autograder.grading.records import Entry, entry
from autograder.grading.servers import Servers
from autograder.model import Course, Result, Status
from autograder.sandbox.layers import describe
from autograder.sandbox.server import Limits, Unsupported

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

READY: Final = "ready"

logger = logging.getLogger(__name__)


class GradingProcess:
    """Grades submissions; nothing that one of them does keeps it from the next.

    Parameters
    ----------
    root : pathlib.Path
        Folder of the course.
    without : frozenset of str
        Layers of confinement that student code does without.
    """

    def __init__(self, root: Path, without: frozenset[str]) -> None:
        self._course = load_course(root)
        gc.freeze()  # it stays to the end; the collector need not look through it again and again
        self._without = without
        self._confinement = describe(without)
        self._servers: Servers | None = None
        self._limits: Limits | None = None
        self._grader: Grader | None = None

    def grade(self, submission: Submission) -> Entry:
        """Grade one submission, and write its result out.

        Raises
        ------
        UsageError
            If student code can't be confined as asked.
        """
        return entry(self._result(submission), self._confinement)

    def _result(self, submission: Submission) -> Result:
        """Grade one submission; when the grader fails, once more with a new sandbox.

        A result with workers that were killed, and not by us, counts if it comes out the same
        again: then the submission did that itself. Otherwise somebody did it from outside.
        """
        reason, doubtful = "", None
        for _ in range(2):
            try:
                result, killed = self._grade(submission)
                if not killed or _is_same(result, doubtful):
                    return result
                reason, doubtful = "the processes that ran its code were killed", result
            except Unsupported as error:
                raise UsageError(f"{error}; gradus doctor says more") from error
            # Whatever goes wrong here is the grader's fault, and must not stop the batch.
            except Exception as error:
                logger.exception("grading %s failed", submission.path)
                reason = f"{type(error).__name__}: {error}"
                self.close()
        return fault(self._course, submission, reason)

    def _grade(self, submission: Submission) -> tuple[Result, bool]:
        """Grade one submission; tell also whether a worker was killed meanwhile."""
        grader, servers = self._ready(submission.assignment)
        before = servers.killed
        result = grader.grade(submission)
        return result, servers.killed > before

    def _ready(self, assignment: str) -> tuple[Grader, Servers]:
        limits = sandbox_limits(self._course, assignment)
        if self._grader is None or self._servers is None or limits != self._limits:
            self.close()
            self._servers, self._limits = Servers(limits, self._without), limits
            self._grader = Grader(self._course, self._servers)
        return self._grader, self._servers

    def close(self) -> None:
        """End the sandbox."""
        if self._servers is not None:
            self._servers.close()
        self._servers = self._grader = None


def _is_same(one: Result, other: Result | None) -> bool:
    """Return whether two gradings of a submission differ in nothing but their time."""
    return other is not None and repr(replace(one, seconds=other.seconds)) == repr(other)


def fault(course: Course, submission: Submission, message: str) -> Result:
    """Return the result of a submission on which the grader itself failed."""
    return Result(
        assignment=submission.assignment,
        student=submission.student,
        submission="",
        status=Status.FAULT,
        points=course.assignments[submission.assignment].total(),
        seconds=0.0,
        message=message,
        remarks=submission.remarks,
    )


def sandbox_limits(course: Course, assignment: str | None = None) -> Limits:
    """Return the sandbox's limits for a course, or for an assignment that has its own."""
    limits = course.limits_of(assignment) if assignment else course.limits
    return Limits(
        cell_seconds=limits.cell_seconds,
        check_seconds=limits.check_seconds,
        memory_bytes=limits.memory_mb << 20,
        output_bytes=limits.output_kb << 10,
    )


def serve(
    pipe: "Connection[Any, Any]",
    root: Path,
    without: frozenset[str],
    scratch: str,
    core: int | None,
) -> None:
    """Grade what comes through a pipe, until the other end is closed.

    Parameters
    ----------
    pipe : multiprocessing.connection.Connection
        Answers `READY`, then an entry for each submission; a deliberate error ends it.
    root : pathlib.Path
        Folder of the course.
    without : frozenset of str
        Layers of confinement that student code does without.
    scratch : str
        Folder for temporary files, which somebody else removes.
    core : int or None
        The core to which this process keeps, with its sandbox.
    """
    begin(scratch)
    keep_to(core)
    try:
        with closing(GradingProcess(root, without)) as grading:
            pipe.send(READY)
            while True:
                pipe.send(grading.grade(pipe.recv()))
    except GradusError as error:
        pipe.send(error)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
