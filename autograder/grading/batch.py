"""Grade many submissions: only what changed, and none is ever lost."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from autograder.errors import MalformedError
from autograder.fingerprint import digest, framework_digest, grading_digest
from autograder.grading.intake.submissions import Submission, submission_hash
from autograder.grading.pool import Graders, Lost
from autograder.grading.process import fault
from autograder.grading.records import Entry, Record, entry, read_json
from autograder.grading.store import Store
from autograder.model import Course, Status, Verdict
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

    def finish(submission: Submission, graded: Entry) -> None:
        record = read_json(graded.line)
        # A fault is stored under no key, so that the next run tries it again.
        key = "" if record["status"] == Status.FAULT else keys[submission]
        store.put(key, graded)
        progress(record, kept=False)

    lost: list[Submission] = []
    for submission, graded in graders.grade(keys):
        if isinstance(graded, Lost):
            lost.append(submission)
        else:
            finish(submission, graded)
    for each in lost:  # alone, so that nothing else can be the reason
        for submission, graded in graders.grade([each]):
            if isinstance(graded, Lost):
                message = f"{graded.reason}, also when it was tried again"
                finish(submission, entry(fault(course, submission, message), confinement))
            else:
                finish(submission, graded)


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
        submission: {}
        if isinstance(graded, Lost)
        else {
            names[each["exercise"]]: _own_score(each)
            for each in read_json(graded.line)["exercises"]
        }
        for submission, graded in graders.grade(submissions)
    }


def _own_score(exercise: dict[str, Any]) -> float:
    """Return the points of an exercise that it earned without follow-through."""
    checks = exercise["checks"]
    passed = (each["score"] for each in checks if each["verdict"] == Verdict.PASSED)
    return round(float(sum(passed)), 2)
