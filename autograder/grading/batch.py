"""Grade many submissions: only what changed, and none is ever lost."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from autograder.errors import MalformedError
from autograder.fingerprint import digest, framework_digest, grading_digest
from autograder.grading.intake.submissions import Submission, submission_hash
from autograder.grading.pool import Graders, Lost
from autograder.grading.process import fault
from autograder.grading.records import pictures, record
from autograder.grading.store import Record, Store
from autograder.model import Course, Result, Status
from autograder.packaging.notebooks import question_name
from autograder.sandbox.kernel import hide_memory
from autograder.sandbox.layers import describe


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
    framework = framework_digest(building=False)
    return digest([content, *submission.remarks, bundle, policy, framework, confinement])


def grade_batch(
    course: Course, todo: Plan, store: Store, graders: Graders, progress: Progress
) -> None:
    """Grade what is to do, storing each result as it comes.

    A submission whose grader dies is tried once more, when all others are done; if that fails too
    it is a fault.

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
    confinement = describe(todo.without)

    def finish(submission: Submission, result: Result) -> None:
        line = record(result, confinement)
        unknown = {each.exercise: each.fingerprint for each in result.exercises if each.fingerprint}
        # A fault is stored under no key, so that the next run tries it again.
        key = "" if result.status is Status.FAULT else keys[submission]
        store.put(key, line, unknown, pictures(result))
        progress(line, kept=False)

    lost: list[Submission] = []
    for submission, result in graders.grade(keys):
        if isinstance(result, Lost):
            lost.append(submission)
        else:
            finish(submission, result)
    for each in lost:  # alone, so that nothing else can be the reason
        for submission, result in graders.grade([each]):
            if isinstance(result, Lost):
                message = f"{result.reason}, also when it was tried again"
                finish(submission, fault(course, submission, message))
            else:
                finish(submission, result)


def gradus_points(
    course: Course, submissions: Iterable[Submission], graders: Graders
) -> dict[Submission, dict[str, float]]:
    """Return the points by question of each submission; nothing for one that was not graded.

    Points by follow-through are left out: otter's tests know nothing of other exercises.
    """
    names = {
        exercise.name: question_name(exercise)
        for assignment in course.assignments.values()
        for exercise in assignment.exercises
    }
    return {
        submission: {names[each.exercise]: each.own_score for each in result.exercises}
        if isinstance(result, Result)
        else {}
        for submission, result in graders.grade(submissions)
    }
