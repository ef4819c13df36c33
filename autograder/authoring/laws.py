"""The laws that hold for every exercise: what makes a grade worth trusting.

1. The reference earns everything.
2. The stub earns nothing.
3. Every mutant loses points, in its own exercise only, and its diagnosis names it.
4. Every alternative earns everything, on redrawn cases too.
5. Every check's tolerance keeps a decade from the worst right answer and two from the mildest
   wrong one. The limits of a statistical check are probabilities instead; a wrong answer that it
   catches is beyond twice a limit, where chance brings it back once in 10^12.

That nothing leaks (6) and that a bundle is reproducible (7) is `autograder.packaging.validation`.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import FrameType

from autograder.authoring.expected import Expected, expected_checks
from autograder.authoring.mutants import (
    alternative_subject,
    mutant_subject,
    reference_subject,
    require_changes,
    stub_subject,
)
from autograder.errors import Problem
from autograder.model import Assignment, Course, Exercise, Mutant
from autograder.numerics.compare import Finding
from autograder.numerics.diagnose import Outcomes, diagnose, observe_all
from autograder.numerics.expectations import ExpectedCheck, Lookup
from autograder.subjects import PACKAGE

RIGHT_MARGIN, WRONG_MARGIN = 10, 100  # factors between the tolerance and both kinds of answer
REDRAWS = 3  # sets of fresh cases on which every alternative is tried again


@dataclass(frozen=True)
class Violation:
    """A law that does not hold for something, and where that is declared."""

    law: int
    problem: Problem


@dataclass(frozen=True)
class Margin:
    """How far a check's tolerance is from both sides, as errors relative to the conditioning.

    Attributes
    ----------
    right : float
        Worst error of an alternative.
    wrong : float
        Least error of a mutant that the check catches by its values; infinite if there is none.
    """

    right: float
    eta: float
    wrong: float


@dataclass(frozen=True)
class ExerciseReport:
    """What validation found out about one exercise.

    Attributes
    ----------
    kills : dict of str to tuple of str
        For each mutant the checks that catch it.
    names : dict of str to tuple of str
        For each mutant the mutants that its diagnosis names.
    margins : dict of str to Margin
        For each check.
    """

    exercise: Exercise
    kills: Mapping[str, tuple[str, ...]]
    names: Mapping[str, tuple[str, ...]]
    margins: Mapping[str, Margin]


@dataclass(frozen=True)
class LawReport:
    """What validation found out about one assignment."""

    assignment: str
    exercises: tuple[ExerciseReport, ...]
    violations: tuple[Violation, ...] = field(default=())


class Examiner:
    """Puts subjects through the checks of an assignment.

    Parameters
    ----------
    secret : str
        For the hidden cases.

    Raises
    ------
    CourseError
        If a check, a mutant or an alternative cannot be used.
    """

    def __init__(self, course: Course, assignment: Assignment, secret: str) -> None:
        self.course = course
        self.assignment = assignment
        self.secret = secret
        require_changes(course, assignment)
        self.expected = expected_checks(course, assignment, secret)

    def report(self) -> LawReport:
        """Return the verdict on laws 1 to 5, with kill matrix and margins."""
        violations = [*self._reference(), *self._stub()]
        exercises = []
        for exercise in self.assignment.exercises:
            report, broken = self._exercise(exercise)
            exercises.append(report)
            violations += broken
        return LawReport(self.assignment.name, tuple(exercises), tuple(violations))

    def _reference(self) -> Iterator[Violation]:
        subject = reference_subject(self.course, self.assignment)
        for check, finding in self._findings(self.expected, subject):
            if finding.kind:
                message = f"the reference fails check {check.check.name!r}: {finding.detail}"
                yield Violation(1, Problem(check.check.path, check.check.line, message))

    def _stub(self) -> Iterator[Violation]:
        subject = stub_subject(self.course, self.assignment)
        for check, finding in self._findings(self.expected, subject):
            if not finding.kind:
                message = f"an untouched notebook passes check {check.check.name!r}"
                yield Violation(2, Problem(check.check.path, check.check.line, message))

    def _exercise(self, exercise: Exercise) -> tuple[ExerciseReport, list[Violation]]:
        checks = self.expected[exercise.name]
        violations: list[Violation] = []
        right, alternatives = self._alternatives(exercise)
        violations += alternatives
        outcomes: list[tuple[Mutant, Outcomes]] = []
        kills, wrong = {}, {check.check.name: float("inf") for check in checks}
        for mutant in exercise.mutants:
            subject = mutant_subject(self.course, self.assignment, exercise, mutant)
            violations += self._elsewhere(exercise, mutant, subject)
            theirs = observe_all(checks, subject)
            outcomes.append((mutant, theirs))
            findings = {check.check.name: check.judge(theirs[check.check.name]) for check in checks}
            kills[mutant.name] = tuple(name for name, each in findings.items() if each.kind)
            for check in checks:
                each = findings[check.check.name]
                if each.kind == "value":
                    error = each.error * check.eta
                    wrong[check.check.name] = min(wrong[check.check.name], error)
        names = {mutant.name: self._named(checks, theirs, outcomes) for mutant, theirs in outcomes}
        violations += self._survivors(exercise, kills, names)
        margins = {
            check.check.name: Margin(right[check.check.name], check.eta, wrong[check.check.name])
            for check in checks
        }
        violations += self._narrow(checks, margins)
        return ExerciseReport(exercise, kills, names, margins), violations

    def _alternatives(self, exercise: Exercise) -> tuple[dict[str, float], list[Violation]]:
        """Return the worst error of an alternative for each check, and violations of law 4."""
        worst = {check.check.name: 0.0 for check in self.expected[exercise.name]}
        violations = []
        for alternative in exercise.alternatives:
            subject = alternative_subject(self.course, self.assignment, exercise, alternative)
            for expected in (self.expected, *self._redrawn):
                mine = {exercise.name: expected[exercise.name]}
                for check, finding in self._findings(mine, subject):
                    name = check.check.name
                    if finding.kind:
                        message = (
                            f"alternative {alternative.name!r} fails check {name!r}: "
                            f"{finding.where} {finding.detail}"
                        )
                        problem = Problem(alternative.path, alternative.line, message)
                        violations.append(Violation(4, problem))
                    else:
                        worst[name] = max(worst[name], finding.error * check.eta)
        return worst, violations

    @cached_property
    def _redrawn(self) -> list[Expected]:
        """The checks on other cases: of other seeds and other secrets."""
        courses = (
            replace(self.course, seed=self.course.seed + 1 + number) for number in range(REDRAWS)
        )
        return [
            expected_checks(course, self.assignment, f"{self.secret}|{number}")
            for number, course in enumerate(courses)
        ]

    def _elsewhere(
        self, exercise: Exercise, mutant: Mutant, subject: Lookup
    ) -> Iterator[Violation]:
        """Yield a violation for every other exercise in which the mutant loses points."""
        functions = {target.rpartition(".")[2] for target in exercise.targets}
        others = {
            name: checks
            for name, checks in self.expected.items()
            if name != exercise.name and functions & self._called[name]
        }
        for check, finding in self._findings(others, subject):
            if finding.kind:
                message = (
                    f"mutant {mutant.name!r} of {exercise.name} also fails check "
                    f"{check.check.name!r} of another exercise"
                )
                yield Violation(3, Problem(mutant.path, mutant.line, message))

    @cached_property
    def _called(self) -> dict[str, set[str]]:
        """The functions of the reference that run in each exercise's checks.

        A mistake in a function that never runs there cannot cost points there.
        """
        subject = reference_subject(self.course, self.assignment)
        called: dict[str, set[str]] = {}
        for name, checks in self.expected.items():
            names = called[name] = set[str]()
            with _tracing(names):
                observe_all(checks, subject)
        return called

    @staticmethod
    def _findings(expected: Expected, subject: Lookup) -> Iterator[tuple[ExpectedCheck, Finding]]:
        for checks in expected.values():
            for check in checks:
                yield check, check.judge(check.observe(subject))

    @staticmethod
    def _named(
        checks: tuple[ExpectedCheck, ...],
        outcomes: Outcomes,
        mutants: list[tuple[Mutant, Outcomes]],
    ) -> tuple[str, ...]:
        diagnosis = diagnose(checks, outcomes, mutants)
        return diagnosis.mutants if diagnosis else ()

    @staticmethod
    def _narrow(
        checks: tuple[ExpectedCheck, ...], margins: Mapping[str, Margin]
    ) -> Iterator[Violation]:
        for expected in checks:
            check, margin = expected.check, margins[expected.check.name]
            if margin.right * RIGHT_MARGIN > margin.eta or margin.wrong < margin.eta * WRONG_MARGIN:
                message = (
                    f"check {check.name!r} separates badly: the worst right answer is off by "
                    f"{margin.right:.1e}, the tolerance is {margin.eta:.1e}, the mildest wrong "
                    f"answer is off by {margin.wrong:.1e}; draw cases that tell them apart"
                )
                yield Violation(5, Problem(check.path, check.line, message))

    @staticmethod
    def _survivors(
        exercise: Exercise,
        kills: Mapping[str, tuple[str, ...]],
        names: Mapping[str, tuple[str, ...]],
    ) -> Iterator[Violation]:
        for mutant in exercise.mutants:
            if not kills[mutant.name]:
                message = f"mutant {mutant.name!r} of {exercise.name} survives every check"
            elif names[mutant.name] != (mutant.name,):
                others = ", ".join(name for name in names[mutant.name] if name != mutant.name)
                message = (
                    f"mutant {mutant.name!r} of {exercise.name} cannot be told apart from: {others}"
                )
            else:
                continue
            yield Violation(3, Problem(mutant.path, mutant.line, message))


@contextmanager
def _tracing(names: set[str]) -> Iterator[None]:
    """Collect the names of the reference's functions that are called."""

    def trace(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(f"<{PACKAGE}."):
            names.add(frame.f_code.co_name)

    before = sys.getprofile()
    sys.setprofile(trace)
    try:
        yield
    finally:
        sys.setprofile(before)
