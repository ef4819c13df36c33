"""Grade many submissions: in several processes, only what changed, and none is ever lost."""

import logging
import multiprocessing
import signal
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from autograder.course import load_course
from autograder.errors import MalformedError, UsageError
from autograder.fingerprint import digest, framework_digest, grading_digest
from autograder.grading.grader import Grader
from autograder.grading.records import record
from autograder.grading.store import Record, Store
from autograder.grading.submissions import Submission, submission_hash
from autograder.model import Course, Result, Status
from autograder.packaging.notebooks import question_name
from autograder.sandbox.kernel import hide_memory
from autograder.sandbox.layers import describe
from autograder.sandbox.server import Limits, SandboxServer, Unsupported

logger = logging.getLogger(__name__)


class Progress(Protocol):
    """Hears of every result; `kept` says that it is from an earlier run."""

    def __call__(self, record: Record, *, kept: bool) -> None:
        """Take notice of one result."""


@dataclass(frozen=True)
class Plan:
    """What a run has to do: submissions to grade with their keys, and results it keeps.

    Student code does without some layers of confinement, if the user has said so.
    """

    todo: tuple[tuple[Submission, str], ...]
    kept: tuple[Submission, ...]
    without: frozenset[str] = frozenset()


def plan(
    course: Course,
    submissions: Iterable[Submission],
    bundles: dict[str, str],
    store: Store,
    *,
    fresh: bool,
    without: Collection[str] = (),
) -> Plan:
    """Return which submissions have to be graded.

    Parameters
    ----------
    bundles : dict of str to str
        Hash of each assignment's bundle.
    fresh : bool
        Grade also what has not changed since it was graded.
    without : collection of str
        Layers of confinement that student code does without; results with others are not kept.
    """
    confinement = describe(without)
    todo, kept = [], []
    for submission in submissions:
        key = _key(course, submission, bundles[submission.assignment], confinement)
        if not fresh and store.key(submission.assignment, submission.student) == key:
            kept.append(submission)
        else:
            todo.append((submission, key))
    return Plan(tuple(todo), tuple(kept), frozenset(without))


def _key(course: Course, submission: Submission, bundle: str, confinement: str) -> str:
    try:
        content = submission_hash(submission.read_bytes())
    except MalformedError as error:
        content = str(error)
    policy = grading_digest(course, course.assignments[submission.assignment])
    return digest([content, bundle, policy, framework_digest(building=False), confinement])


def grade_batch(course: Course, todo: Plan, store: Store, workers: int, progress: Progress) -> None:
    """Grade what is to do, storing each result as it comes.

    A submission whose grader dies is tried once more, alone; if that fails too it is a fault.

    Raises
    ------
    UsageError
        If student code can't be confined as planned.
    """
    hide_memory()
    kept = {(each.assignment, each.student) for each in todo.kept}
    for earlier in store.records():
        if (earlier["assignment"], earlier["student"]) in kept:
            progress(earlier, kept=True)
    keys = dict(todo.todo)
    finish = partial(_finish, keys, describe(todo.without), store, progress)
    lost: list[Submission] = []
    for result in _graded(course, list(keys), workers, lost, todo.without):
        finish(result)
    for submission in lost:
        again: list[Submission] = []
        for result in _graded(course, [submission], 1, again, todo.without):
            finish(result)
        for each in again:
            message = "the grader's process ended twice while grading this submission"
            finish((each, _fault(course, each, message)))


def _finish(
    keys: dict[Submission, str],
    confinement: str,
    store: Store,
    progress: Progress,
    result: tuple[Submission, Result],
) -> None:
    submission, verdict = result
    line = record(verdict, confinement)
    unknown = {each.exercise: each.fingerprint for each in verdict.exercises if each.fingerprint}
    # A fault is stored under no key, so that the next run tries it again.
    store.put("" if verdict.status is Status.FAULT else keys[submission], line, unknown)
    progress(line, kept=False)


def _graded(
    course: Course,
    submissions: list[Submission],
    workers: int,
    lost: list[Submission],
    without: frozenset[str] = frozenset(),
) -> Iterator[tuple[Submission, Result]]:
    """Yield results as they come; append to `lost` what a dying process took with it."""
    if not submissions:
        return
    context = multiprocessing.get_context("spawn")
    count = min(workers, len(submissions))
    pool = ProcessPoolExecutor(count, context, _start, (course.root, without))
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

    def __init__(self, root: Path, without: frozenset[str]) -> None:
        self._without = without
        self._course = load_course(root)
        self._server: SandboxServer | None = None
        self._limits: Limits | None = None
        self._grader: Grader | None = None

    def grade(self, submission: Submission) -> Result:
        """Grade one submission; when the grader fails, once more with a new sandbox."""
        reason = ""
        for _ in range(2):
            try:
                return self._ready(submission.assignment).grade(submission)
            except Unsupported as error:
                raise UsageError(f"{error}; gradus doctor says more") from error
            except Exception as error:
                logger.exception("grading %s failed", submission.path)
                reason = f"{type(error).__name__}: {error}"
                self._stop()
        return _fault(self._course, submission, reason)

    def _ready(self, assignment: str) -> Grader:
        limits = sandbox_limits(self._course, assignment)
        if limits != self._limits:
            self._stop()
        if self._grader is None:
            self._server = SandboxServer(limits, without=self._without)
            self._limits = limits
            self._server.start()
            self._grader = Grader(self._course, self._server)
        return self._grader

    def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = self._grader = None


def sandbox_limits(course: Course, assignment: str | None = None) -> Limits:
    """Return the sandbox's limits for a course, or for an assignment that has its own."""
    limits = course.limits_of(assignment) if assignment else course.limits
    return Limits(
        cell_seconds=limits.cell_seconds,
        check_seconds=limits.check_seconds,
        memory_bytes=limits.memory_mb << 20,
        output_bytes=limits.output_kb << 10,
    )


_process: list[_Process] = []  # of this grading process, which has exactly one


def _start(root: Path, without: frozenset[str]) -> None:
    """Prepare a grading process; Ctrl-C is for the process that waits for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _process[:] = [_Process(root, without)]


def _grade(submission: Submission) -> Result:
    return _process[0].grade(submission)
