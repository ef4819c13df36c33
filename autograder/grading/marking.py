"""Mark one exercise of one submission: verdicts, then why it is wrong, then what to try."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, partial

from autograder.authoring.mutants import reference_subject, stub_sources
from autograder.grading.answers import Answer, Interview
from autograder.grading.dependences import dependences
from autograder.grading.diagnosis import Diagnostics, explains
from autograder.grading.evidence import Evidence
from autograder.grading.examples import Examples
from autograder.grading.follow import FollowThrough, Function
from autograder.grading.memory import Memory
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
from autograder.numerics.compare import Finding, sentence
from autograder.numerics.diagnose import fingerprint
from autograder.numerics.expectations import Lookup
from autograder.packaging.bundle import bundled_checks, bundled_demonstrations

HOLE = r'NotImplementedError\("(your code here: [\w.]+)"\)'
MOST_EXPLAINED = 5_000  # mistakes of one assignment that are remembered

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
        self._examples = {name: Examples(self._reference) for name in self._expected}
        self._explained: Memory[tuple[Diagnosis | None, str]] = Memory(MOST_EXPLAINED)
        self._passed: Memory[ExerciseResult] = Memory(MOST_EXPLAINED)
        self._evidence = Evidence()
        self._interview = Interview(self._expected, self._reference)

    @cached_property
    def _holes(self) -> frozenset[str]:
        """What is found where the holes of the assignment are called."""
        text = "\n".join(stub_sources(self._course, self._assignment).values())
        return frozenset(f"still to do: {hole}" for hole in re.findall(HOLE, text))

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The exercises of the assignment."""
        return self._assignment.exercises

    @cached_property
    def _shares(self) -> dict[str, dict[str, float]]:
        """Points of each check, by exercise."""
        points = self._assignment.points
        return {each.name: each.shares(points[each.name]) for each in self.exercises}

    @cached_property
    def demonstrations(self) -> frozenset[str]:
        """Marks of the cells that came with the notebook and only show something."""
        return bundled_demonstrations(self._course, self._assignment)

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

    def ask(
        self, names: Iterable[str], session: Session, *, public: bool
    ) -> dict[tuple[str, str], Answer]:
        """Return the answers in the public or in the hidden checks, by (exercise, check)."""
        return self._interview.answers(names, session, public=public)

    def mark(
        self,
        exercise: Exercise,
        given: Mapping[tuple[str, str], Answer],
        session: Session,
        results: Results,
    ) -> ExerciseResult:
        """Return the verdicts of one exercise.

        Parameters
        ----------
        given : mapping
            The submission's answers, by (exercise, check).
        session : Session
            The submission, for questions that depend on the answers.
        results : mapping of str to ExerciseResult
            Of the exercises that were marked before.
        """
        answers = [given[exercise.name, check.name] for check in exercise.checks]
        if all(each.is_right for each in answers):
            return self._right(exercise, answers)
        wrong = {each.name for each in answers if each.is_wrong}
        failed = wrong | {each.name for each in answers if _waits(each.finding, exercise)}
        earlier = self._suspects(exercise, results) if failed else ()
        excused = self._excused(answers, failed, earlier, session) if earlier else set()
        diagnosis, unknown = None, ""
        if wrong - excused:
            diagnosis, unknown = self._diagnose(exercise, answers)
        shares = self._shares[exercise.name]
        marked, pictures = [], {}
        for answer in answers:
            result = _result(answer, shares[answer.name], diagnosis, self._holes)
            if answer.name in excused:
                result = _follows(result, earlier)
            elif answer.is_wrong and answer.check.check.public:
                example = self._example(exercise, answer, diagnosis, session)
                result = replace(result, message=f"{result.message}{example}")
                if shown := self._evidence.of(exercise.name, answer):
                    pictures[answer.name] = shown
            marked.append(result)
        points = self._assignment.points[exercise.name]
        return ExerciseResult(exercise.name, points, tuple(marked), unknown, pictures)

    def _right(self, exercise: Exercise, answers: Sequence[Answer]) -> ExerciseResult:
        """Return the verdicts of an exercise that is right; most of a class have the same."""
        keys = [answer.key for answer in answers]
        key = None if None in keys else (exercise.name, *keys)
        known = self._passed.get(key)
        if known is None:
            shares = self._shares[exercise.name]
            checks = (_result(each, shares[each.name], None, self._holes) for each in answers)
            known = ExerciseResult(
                exercise.name, self._assignment.points[exercise.name], tuple(checks)
            )
            if key is not None:
                self._passed.put(key, known)
        return known

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
        answers: Sequence[Answer],
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
            for answer in answers:
                if answer.name in failed and not session.out_of_time():
                    session.start_check()
                    if follow.excuses(answer.check, answer.outcomes):
                        excused.add(answer.name)
        return excused

    def _diagnose(
        self, exercise: Exercise, answers: Sequence[Answer]
    ) -> tuple[Diagnosis | None, str]:
        """Return what explains a failing exercise, or else the fingerprint of the mistake."""
        if any(answer.finding is None for answer in answers):
            return None, ""
        keys = [answer.key for answer in answers]
        key = None if None in keys else (exercise.name, *keys)
        known = self._explained.get(key)
        if known is None:
            known = self._explain(exercise, answers)
            if key is not None:
                self._explained.put(key, known)
        return known

    def _explain(
        self, exercise: Exercise, answers: Sequence[Answer]
    ) -> tuple[Diagnosis | None, str]:
        checks = self._expected[exercise.name]
        outcomes = {answer.name: answer.outcomes for answer in answers}
        diagnosis = self._diagnostics.explain(self._assignment, exercise, checks, outcomes)
        return diagnosis, "" if diagnosis else fingerprint(checks, outcomes)

    def _example(
        self, exercise: Exercise, answer: Answer, diagnosis: Diagnosis | None, session: Session
    ) -> str:
        """Return the smallest input that shows the same mistake, as a sentence to append."""
        if session.out_of_time():
            return ""
        planted = None
        if diagnosis:
            planted = self._diagnostics.planted(self._assignment, exercise, diagnosis)
        examples = self._examples[exercise.name]
        # What is shown comes from a process that has not seen any hidden input.
        innocent = session.innocent()
        innocent.start_check()
        example = examples.of(answer, innocent.lookup, diagnosis, planted)
        return f" {example}" if example else ""


def _waits(finding: Finding | None, exercise: Exercise) -> bool:
    """Return whether a check met a hole, but of another exercise."""
    if finding is None:
        return False
    own = (target.rpartition(".")[2] for target in exercise.targets)
    return finding.kind == "todo" and not any(finding.detail.endswith(f" {name}") for name in own)


def _result(
    answer: Answer, points: float, diagnosis: Diagnosis | None, holes: Set[str]
) -> CheckResult:
    check, finding = answer.check.check, answer.finding
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
        message=_words(finding, public=check.public, holes=holes),
        diagnosis=diagnosis if diagnosis and explains(diagnosis, finding) else None,
        error=finding.error,
    )


def _words(finding: Finding, *, public: bool, holes: Set[str]) -> str:
    """Return what a student reads; a hidden check tells nothing that the submission wrote."""
    if finding.kind == "todo" and not public and finding.detail not in holes:
        return "still to do."
    return sentence(finding, public=public)


def _follows(result: CheckResult, earlier: Sequence[str]) -> CheckResult:
    """Return a failed check with its points: the mistake was made, and counted, before."""
    names = " and ".join(target.partition(".")[2] for target in earlier)
    message = f"{result.message} It follows from your {names}, and costs nothing here."
    return replace(result, score=result.points, message=message, diagnosis=None)
