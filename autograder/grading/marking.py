"""Mark one exercise of one submission: verdicts, then why it is wrong, then what to try."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, partial

from autograder.authoring.mutants import reference_subject
from autograder.grading.dependences import dependences
from autograder.grading.diagnosis import Diagnostics, explains
from autograder.grading.follow import FollowThrough, Function
from autograder.grading.session import Session
from autograder.model import (
    Assignment,
    CheckResult,
    Course,
    Diagnosis,
    Exercise,
    ExerciseResult,
    Verdict,
)
from autograder.numerics.compare import Finding, Raised, sentence
from autograder.numerics.counterexamples import smallest_counterexample
from autograder.numerics.diagnose import Outcome, Outcomes, alike, fingerprint
from autograder.numerics.expectations import ExpectedCheck, Lookup
from autograder.packaging.bundle import bundled_checks

NOTHING_WRONG = frozenset({"", "todo"})  # kinds of findings that need no explanation

Findings = Mapping[str, Finding]  # by check; a check for which there was no time has none
Results = Mapping[str, ExerciseResult]


class Marker:
    """Marks the exercises of one assignment.

    Parameters
    ----------
    course, assignment
        What to mark by; expected values come from its bundle.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self._course = course
        self._assignment = assignment
        self._expected = bundled_checks(course, assignment)
        self._dependences = dependences(course, assignment, self._expected)
        self._reference = reference_subject(course, assignment)
        self._diagnostics = Diagnostics(course)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Names of the exercises, each after those that it builds on, if they don't in turn."""
        owners = {target: e.name for e in self._assignment.exercises for target in e.targets}
        order: dict[str, None] = {}
        begun: set[str] = set()

        def visit(name: str) -> None:
            if name not in begun:
                begun.add(name)
                for target in self._dependences[name]:
                    visit(owners[target])
                order[name] = None

        for name in self._expected:
            visit(name)
        return tuple(order)

    def mark(self, exercise: Exercise, session: Session, results: Results) -> ExerciseResult:
        """Return the verdicts of one exercise.

        Parameters
        ----------
        session : Session
            The submission.
        results : mapping of str to ExerciseResult
            Of the exercises that were marked before.
        """
        checks = self._expected[exercise.name]
        points = self._assignment.points[exercise.name]
        outcomes = {check.check.name: _observe(check, session) for check in checks}
        findings = {
            check.check.name: check.judge(outcomes[check.check.name])
            for check in checks
            if outcomes[check.check.name]
        }
        wrong = {name for name, each in findings.items() if each.kind not in NOTHING_WRONG}
        failed = wrong | {name for name, each in findings.items() if _waits(each, exercise)}
        earlier = self._suspects(exercise, results) if failed else ()
        excused = self._excused(checks, outcomes, failed, earlier, session) if earlier else set()
        diagnosis, unknown = None, ""
        if wrong - excused:
            diagnosis, unknown = self._diagnose(exercise, checks, outcomes)
        shares = exercise.shares(points)
        marked = []
        for check in checks:
            name = check.check.name
            result = _result(check, shares[name], findings.get(name), diagnosis)
            if name in excused:
                result = _follows(result, earlier)
            elif name in wrong and check.check.public:
                example = self._example(exercise, check, outcomes[name], diagnosis, session)
                result = replace(result, message=f"{result.message}{example}")
            marked.append(result)
        return ExerciseResult(exercise.name, points, tuple(marked), unknown)

    def _suspects(self, exercise: Exercise, results: Results) -> tuple[str, ...]:
        """Return the functions of other exercises that this one builds on, if one may be wrong."""
        earlier = self._dependences[exercise.name]
        sound = {
            target
            for each in self._assignment.exercises
            if each.name in results and results[each.name].full
            for target in each.targets
        }
        return earlier if self._course.follow_through and set(earlier) - sound else ()

    def _excused(
        self,
        checks: Sequence[ExpectedCheck],
        outcomes: Outcomes,
        failed: set[str],
        earlier: Sequence[str],
        session: Session,
    ) -> set[str]:
        """Return the failed checks that are right apart from the earlier functions."""
        excused = set()
        with ExitStack() as stack:

            def mended(functions: Mapping[str, Function]) -> Lookup:
                other = stack.enter_context(session.mended(functions))
                other.start_check()
                return other.lookup

            follow = FollowThrough(self._course, self._assignment, earlier, session.lookup, mended)
            for check in checks:
                name = check.check.name
                if name in failed and not session.out_of_time():
                    session.start_check()
                    if follow.excuses(check, outcomes[name]):
                        excused.add(name)
        return excused

    def _diagnose(
        self, exercise: Exercise, checks: tuple[ExpectedCheck, ...], outcomes: Outcomes
    ) -> tuple[Diagnosis | None, str]:
        """Return what explains a failing exercise, or else the fingerprint of the mistake."""
        if not all(outcomes.values()):
            return None, ""
        diagnosis = self._diagnostics.explain(self._assignment, exercise, checks, outcomes)
        return diagnosis, "" if diagnosis else fingerprint(checks, outcomes)

    def _example(
        self,
        exercise: Exercise,
        check: ExpectedCheck,
        outcomes: Sequence[Outcome],
        diagnosis: Diagnosis | None,
        session: Session,
    ) -> str:
        """Return the smallest input that shows the same mistake, as a sentence to append."""
        if session.out_of_time():
            return ""
        session.start_check()
        planted = diagnosis and self._diagnostics.planted(self._assignment, exercise, diagnosis)

        def explained(single: ExpectedCheck, outcome: Outcome) -> bool:
            if not planted:
                return True
            ((expectation, theirs),) = zip(
                single.expectations, single.observe(planted), strict=True
            )
            return alike(single, expectation, theirs, outcome)

        example = smallest_counterexample(
            check, outcomes, session.lookup, self._reference, explained
        )
        return f" {example}" if example else ""


def _waits(finding: Finding, exercise: Exercise) -> bool:
    """Return whether a check met a hole, but of another exercise."""
    own = (target.rpartition(".")[2] for target in exercise.targets)
    return finding.kind == "todo" and not any(finding.detail.endswith(f" {name}") for name in own)


def _observe(check: ExpectedCheck, session: Session) -> list[Outcome]:
    """Return the outcome of the submission on each case, or none if its time is used up.

    When the process dies in one case, that is the outcome of the remaining ones too.
    """
    if session.out_of_time():
        return []
    session.start_check()
    outcomes: list[Outcome] = []
    for outcome in check.observe(session.lookup):
        outcomes.append(outcome)
        if isinstance(outcome, Raised) and outcome.died:
            break
    missing = len(check.expectations) - len(outcomes)
    return outcomes + outcomes[-1:] * missing


def _result(
    expected: ExpectedCheck, points: float, finding: Finding | None, diagnosis: Diagnosis | None
) -> CheckResult:
    check = expected.check
    describe = partial(
        CheckResult, check=check.name, title=check.title, public=check.public, points=points
    )
    if finding is None:
        message = "The notebook had used up its time before this check."
        return describe(verdict=Verdict.SKIPPED, score=0.0, message=message)
    if not finding.kind:
        return describe(verdict=Verdict.PASSED, score=points, error=finding.error)
    return describe(
        verdict=Verdict.FAILED,
        score=0.0,
        message=sentence(finding, public=check.public),
        diagnosis=diagnosis if diagnosis and explains(diagnosis, finding) else None,
        error=finding.error,
    )


def _follows(result: CheckResult, earlier: Sequence[str]) -> CheckResult:
    """Return a failed check with its points: the mistake was made, and counted, before."""
    names = " and ".join(target.partition(".")[2] for target in earlier)
    message = f"{result.message} It follows from your {names}, and costs nothing here."
    return replace(result, score=result.points, message=message, diagnosis=None)
