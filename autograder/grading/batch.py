"""Grade many submissions: in several processes, only what changed, and none is ever lost."""

import logging
import multiprocessing
import signal
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.course import load_course
from autograder.errors import MalformedError
from autograder.fingerprint import digest, framework_digest
from autograder.grading.grader import Grader
from autograder.grading.intake.submissions import Submission, submission_hash
from autograder.grading.records import record
from autograder.grading.store import Record, Store
from autograder.model import Course, Result, Status
from autograder.packaging.notebooks import question_name
from autograder.sandbox.server import Limits, SandboxServer

logger = logging.getLogger(__name__)


class Progress(Protocol):
    """Hears of every result; `kept` says that it is from an earlier run."""

    def __call__(self, record: Record, *, kept: bool) -> None:
        """Take notice of one result."""


@dataclass(frozen=True)
class Plan:
    """What a run has to do: submissions to grade with their keys, and results it keeps."""

    todo: tuple[tuple[Submission, str], ...]
    kept: tuple[Submission, ...]


def plan(
    course: Course,
    submissions: Iterable[Submission],
    bundles: dict[str, str],
    store: Store,
    *,
    fresh: bool,
) -> Plan:
    """Return which submissions have to be graded.

    Parameters
    ----------
    bundles : dict of str to str
        Hash of each assignment's bundle.
    fresh : bool
        Grade also what has not changed since it was graded.
    """
    todo, kept = [], []
    for submission in submissions:
        key = _key(course, submission, bundles[submission.assignment])
        if not fresh and store.key(submission.assignment, submission.student) == key:
            kept.append(submission)
        else:
            todo.append((submission, key))
    return Plan(tuple(todo), tuple(kept))


def _key(course: Course, submission: Submission, bundle: str) -> str:
    try:
        content = submission_hash(submission.read_bytes())
    except MalformedError as error:
        content = str(error)
    return digest(
        [content, *submission.remarks, bundle, course.policy, framework_digest(building=False)]
    )


def grade_batch(course: Course, todo: Plan, store: Store, workers: int, progress: Progress) -> None:
    """Grade what is to do, storing each result as it comes.

    A submission whose grader dies is tried once more, alone; if that fails too it is a fault.
    """
    kept = {(each.assignment, each.student) for each in todo.kept}
    for earlier in store.records():
        if (earlier["assignment"], earlier["student"]) in kept:
            progress(earlier, kept=True)
    keys = dict(todo.todo)
    lost: list[Submission] = []
    for result in _graded(course, list(keys), workers, lost):
        _finish(result, keys, store, progress)
    for submission in lost:
        again: list[Submission] = []
        for result in _graded(course, [submission], 1, again):
            _finish(result, keys, store, progress)
        for each in again:
            message = "the grader's process ended twice while grading this submission"
            _finish((each, _fault(course, each, message)), keys, store, progress)


def _finish(
    result: tuple[Submission, Result],
    keys: dict[Submission, str],
    store: Store,
    progress: Progress,
) -> None:
    submission, verdict = result
    line = record(verdict)
    unknown = {each.exercise: each.fingerprint for each in verdict.exercises if each.fingerprint}
    # A fault is stored under no key, so that the next run tries it again.
    store.put("" if verdict.status is Status.FAULT else keys[submission], line, unknown)
    progress(line, kept=False)


def _graded(
    course: Course, submissions: list[Submission], workers: int, lost: list[Submission]
) -> Iterator[tuple[Submission, Result]]:
    """Yield results as they come; append to `lost` what a dying process took with it."""
    if not submissions:
        return
    context = multiprocessing.get_context("spawn")
    count = min(workers, len(submissions))
    pool = ProcessPoolExecutor(count, context, _start, (course.root,))
    try:
        futures: dict[Future[Result], Submission] = {
            pool.submit(_grade, each): each for each in submissions
        }
        for future in as_completed(futures):
            try:
                yield futures[future], future.result()
            except BrokenProcessPool:
                lost.append(futures[future])
    except BaseException:
        for process in multiprocessing.active_children():
            process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _fault(course: Course, submission: Submission, message: str) -> Result:
    return Result(
        assignment=submission.assignment,
        student=submission.student,
        submission="",
        status=Status.FAULT,
        points=course.assignments[submission.assignment].total(),
        seconds=0.0,
        message=message,
    )


def gradus_points(
    course: Course, submissions: list[Submission]
) -> dict[Submission, dict[str, float]]:
    """Return the points by question of each submission; nothing for one that was not graded.

    Points by follow-through are left out: otter's tests know nothing of other exercises.
    """
    lost: list[Submission] = []
    names = {
        exercise.name: question_name(exercise)
        for assignment in course.assignments.values()
        for exercise in assignment.exercises
    }
    graded = {
        submission: {names[each.exercise]: each.own_score for each in result.exercises}
        for submission, result in _graded(course, submissions, 2, lost)
    }
    return {submission: graded.get(submission, {}) for submission in submissions}


class _Process:
    """What one grading process holds: the course, its grader and its sandbox."""

    def __init__(self, root: Path) -> None:
        self._course = load_course(root)
        self._server: SandboxServer | None = None
        self._grader: Grader | None = None

    def grade(self, submission: Submission) -> Result:
        """Grade one submission; when the grader fails, once more with a new sandbox."""
        reason = ""
        for _ in range(2):
            try:
                return self._ready().grade(submission)
            except Exception as error:
                logger.exception("grading %s failed", submission.path)
                reason = f"{type(error).__name__}: {error}"
                self._stop()
        return _fault(self._course, submission, reason)

    def _ready(self) -> Grader:
        if self._grader is None:
            self._server = SandboxServer(sandbox_limits(self._course))
            self._server.start()
            self._grader = Grader(self._course, self._server)
        return self._grader

    def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = self._grader = None


def sandbox_limits(course: Course) -> Limits:
    """Return the sandbox's limits for a course."""
    limits = course.limits
    return Limits(
        cell_seconds=limits.cell_seconds,
        check_seconds=limits.check_seconds,
        memory_bytes=limits.memory_mb << 20,
        output_bytes=limits.output_kb << 10,
    )


_process: list[_Process] = []  # of this grading process, which has exactly one


def _start(root: Path) -> None:
    """Prepare a grading process; Ctrl-C is for the process that waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _process[:] = [_Process(root)]


def _grade(submission: Submission) -> Result:
    return _process[0].grade(submission)
