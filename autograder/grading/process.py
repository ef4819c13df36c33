"""One grading process: a course, a grader and its sandbox, and submissions one after the other."""

import logging
import signal
from pathlib import Path

from autograder.course import load_course
from autograder.errors import UsageError
from autograder.grading.grader import Grader
from autograder.grading.intake.submissions import Submission
from autograder.model import Course, Result, Status
from autograder.sandbox.server import Limits, SandboxServer, Unsupported

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
        self._without = without
        self._server: SandboxServer | None = None
        self._limits: Limits | None = None
        self._grader: Grader | None = None

    def grade(self, submission: Submission) -> Result:
        """Grade one submission; when the grader fails, once more with a new sandbox.

        Raises
        ------
        UsageError
            If student code can't be confined as asked.
        """
        reason = ""
        for _ in range(2):
            try:
                return self._ready(submission.assignment).grade(submission)
            except Unsupported as error:
                raise UsageError(f"{error}; gradus doctor says more") from error
            # Whatever goes wrong here is the grader's fault, and must not stop the batch.
            except Exception as error:
                logger.exception("grading %s failed", submission.path)
                reason = f"{type(error).__name__}: {error}"
                self.close()
        return fault(self._course, submission, reason)

    def _ready(self, assignment: str) -> Grader:
        limits = sandbox_limits(self._course, assignment)
        if self._grader is None or limits != self._limits:
            self.close()
            self._server = SandboxServer(limits, without=self._without)
            self._limits = limits
            self._server.start()
            self._grader = Grader(self._course, self._server)
        return self._grader

    def close(self) -> None:
        """End the sandbox."""
        if self._server is not None:
            self._server.close()
        self._server = self._grader = None


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


_process: list[GradingProcess] = []  # of this process, if it is one that grades


def start(root: Path, without: frozenset[str]) -> None:
    """Prepare a grading process; Ctrl-C is for the process that waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _process[:] = [GradingProcess(root, without)]


def grade(submission: Submission) -> Result:
    """Grade a submission in the process that was prepared."""
    return _process[0].grade(submission)
