"""The laws that hold for every exercise: what makes a grade worth trusting.

1. The reference earns everything.
2. The stub earns nothing.
3. Every mutant loses points, and its diagnosis names it. It loses them in its own exercise only:
   what builds on that is excused by `autograder.grading.follow` when submissions are graded.
4. Every alternative earns everything, on redrawn cases too.
5. Every check's tolerance keeps a decade from the worst right answer and two from the mildest
   wrong one. The limits of a statistical check are probabilities instead; a wrong answer that it
   catches is beyond twice a limit, where chance brings it back once in 10^12.

That nothing leaks (6) and that a bundle is reproducible (7) is `autograder.packaging.validation`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from autograder.authoring.calibration import Calibrated, Margin, calibrate
from autograder.authoring.mutants import reference_subject, stub_subject
from autograder.authoring.reviewed import Narrow, read_reviewed
from autograder.errors import Problem
from autograder.model import Assignment, Course, Exercise
from autograder.numerics.compare import Finding
from autograder.numerics.diagnose import Outcomes, diagnose
from autograder.numerics.expectations import ExpectedCheck, Lookup

MARGINS = "margins.yml"


@dataclass(frozen=True)
class Violation:
    """A law that does not hold for something, and where that is declared."""

    law: int
    problem: Problem


@dataclass(frozen=True)
class ExerciseReport:
    """What validation found out about one exercise.

    Attributes
    ----------
    exercise : str
        Its name.
    checks : tuple of str
        Names of its checks.
    alternatives : int
        How many there are.
    kills : dict of str to tuple of str
        For each mutant the checks that catch it.
    names : dict of str to tuple of str
        For each mutant the mutants that its diagnosis names.
    margins : dict of str to Margin
        For each check.
    generated, reviewed : int
        How many mutants were generated, and how many of them may survive.
    """

    exercise: str
    checks: tuple[str, ...]
    alternatives: int
    kills: Mapping[str, tuple[str, ...]]
    names: Mapping[str, tuple[str, ...]]
    margins: Mapping[str, Margin]
    generated: int = 0
    reviewed: int = 0

    @property
    def idle(self) -> tuple[str, ...]:
        """Checks that catch no mutant."""
        busy = {name for kills in self.kills.values() for name in kills}
        return tuple(name for name in self.checks if name not in busy)


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
        self.calibrated = calibrate(course, assignment, secret)
        self.expected = {name: each.checks for name, each in self.calibrated.items()}

    def report(self) -> LawReport:
        """Return the verdict on laws 1 to 5, with kill matrix and margins."""
        violations = [*self._reference(), *self._stub()]
        exercises = []
        for each in self.calibrated.values():
            report, broken = self._exercise(each)
            exercises.append(report)
            violations += broken
        return LawReport(self.assignment.name, tuple(exercises), tuple(violations))

    def _reference(self) -> Iterator[Violation]:
        subject = reference_subject(self.course, self.assignment)
        for check, finding in self._findings(subject):
            if finding.kind:
                message = f"the reference fails check {check.check.name!r}: {finding.detail}"
                yield Violation(1, Problem(check.check.path, check.check.line, message))

    def _stub(self) -> Iterator[Violation]:
        subject = stub_subject(self.course, self.assignment)
        for check, finding in self._findings(subject):
            if not finding.kind:
                message = f"an untouched notebook passes check {check.check.name!r}"
                yield Violation(2, Problem(check.check.path, check.check.line, message))

    def _findings(self, subject: Lookup) -> Iterator[tuple[ExpectedCheck, Finding]]:
        for checks in self.expected.values():
            for check in checks:
                yield check, check.judge(check.observe(subject))

    def _exercise(self, each: Calibrated) -> tuple[ExerciseReport, list[Violation]]:
        kills = {
            mutant.name: tuple(
                check.check.name
                for check in each.checks
                if check.judge(theirs[check.check.name]).kind
            )
            for mutant, theirs in each.mutants
        }
        names = {mutant.name: _named(each, theirs) for mutant, theirs in each.mutants}
        violations = [*_failures(each), *_survivors(each.exercise, kills, names)]
        violations += self._narrow(each)
        report = ExerciseReport(
            exercise=each.exercise.name,
            checks=tuple(check.check.name for check in each.checks),
            alternatives=len(each.exercise.alternatives),
            kills=kills,
            names=names,
            margins=each.margins,
        )
        return report, violations

    def _narrow(self, each: Calibrated) -> Iterator[Violation]:
        """Yield a violation of law 5 for every narrow margin that nobody reviewed."""
        entries, lines = read_reviewed(self.assignment, MARGINS, Narrow)
        listed = {entry.check: n for n, entry in enumerate(entries.get(each.exercise.name, []))}
        for expected in each.checks:
            check, margin = expected.check, each.margins[expected.check.name]
            place = (each.exercise.name, listed.pop(check.name, -1))
            if not margin.is_wide and place[1] < 0:
                message = (
                    f"check {check.name!r} separates badly: the worst right answer is off by "
                    f"{margin.right:.1e}, the tolerance is {margin.eta:.1e}, the mildest wrong "
                    f"answer is off by {margin.wrong:.1e}; draw cases that tell them apart, or "
                    f"list it in {MARGINS} with the reason why not"
                )
                yield Violation(5, Problem(check.path, check.line, message))
            elif margin.is_wide and place[1] >= 0:
                message = f"check {check.name!r} separates well, so remove the entry"
                yield Violation(5, lines.problem(place, message))
        for name, number in listed.items():
            message = f"{each.exercise.name} has no check {name!r}"
            yield Violation(5, lines.problem((each.exercise.name, number), message))


def _failures(each: Calibrated) -> Iterator[Violation]:
    """Yield a violation of law 4 for every check that an alternative fails."""
    for answer in each.right:
        alternative = answer.alternative
        for check in answer.checks:
            finding = check.judge(answer.outcomes[check.check.name])
            if finding.kind:
                message = (
                    f"alternative {alternative.name!r} fails check {check.check.name!r}: "
                    f"{finding.where} {finding.detail}"
                )
                yield Violation(4, Problem(alternative.path, alternative.line, message))


def _named(each: Calibrated, outcomes: Outcomes) -> tuple[str, ...]:
    diagnosis = diagnose(each.checks, outcomes, each.mutants)
    return diagnosis.mutants if diagnosis else ()


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
