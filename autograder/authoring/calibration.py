"""Calibrate every check: its tolerance lies between the worst right answer and the mildest mistake.

Right answers are the alternatives, on redrawn cases too; mistakes are the mutants. The tolerance of
a public check depends on nothing hidden, since students receive it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.authoring.expected import Expected, expected_checks
from autograder.authoring.mutants import alternative_subject, mutant_subject, require_changes
from autograder.model import Alternative, Assignment, Course, Exercise, Mutant
from autograder.numerics.diagnose import Outcome, Outcomes, observe_all
from autograder.numerics.expectations import ExpectedCheck

RIGHT_MARGIN, WRONG_MARGIN = 10, 100  # factors between the tolerance and both kinds of answer
STATISTICAL_MARGIN = 2  # beyond twice a limit, chance brings a wrong answer back once in 10^12
REDRAWS = 3  # sets of fresh cases on which every alternative is tried again
LARGEST_ETA = 1e-3  # an answer that needs more is not right but close
ROUNDING = 1e-10  # a right answer may be off by so much on another machine

BY_VALUE = frozenset({"", "value", "distribution"})  # findings with a finite error


@dataclass(frozen=True)
class Margin:
    """How far a check's tolerance is from both sides, as errors relative to the conditioning.

    Attributes
    ----------
    right : float
        Worst error of an alternative.
    eta : float
        The tolerance. Of a statistical check the three numbers are in units of its limits.
    wrong : float
        Least error of a mutant that the check catches by its values; infinite if there is none.
    statistical : bool
        Whether the check compares random arrays.
    """

    right: float
    eta: float
    wrong: float
    statistical: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether the tolerance is far enough from both sides."""
        if self.statistical:
            return self.right <= self.eta and self.wrong >= self.eta * STATISTICAL_MARGIN
        return self.right * RIGHT_MARGIN <= self.eta <= self.wrong / WRONG_MARGIN


@dataclass(frozen=True)
class RightAnswer:
    """What an alternative does on one set of cases."""

    alternative: Alternative
    checks: tuple[ExpectedCheck, ...]
    outcomes: Outcomes


@dataclass(frozen=True)
class Calibrated:
    """An exercise with its tolerances, and what they were calibrated by.

    Attributes
    ----------
    checks : tuple of ExpectedCheck
        With calibrated tolerances.
    margins : mapping of str to Margin
        By check.
    right : tuple of RightAnswer
        Alternatives, each on several sets of cases.
    mutants : tuple of (Mutant, Outcomes)
        What each mutant does.
    """

    exercise: Exercise
    checks: tuple[ExpectedCheck, ...]
    margins: Mapping[str, Margin]
    right: tuple[RightAnswer, ...]
    mutants: tuple[tuple[Mutant, Outcomes], ...]


def calibrate(course: Course, assignment: Assignment, secret: str) -> dict[str, Calibrated]:
    """Return the calibrated checks of each exercise, by its name.

    Raises
    ------
    CourseError
        If a check, a mutant or an alternative cannot be used.
    """
    require_changes(course, assignment)
    expected = expected_checks(course, assignment, secret)
    redrawn = [
        expected_checks(
            replace(course, seed=course.seed + 1 + number), assignment, f"{secret}|{number}"
        )
        for number in range(REDRAWS)
    ]
    return {
        exercise.name: _calibrated(course, assignment, exercise, [expected, *redrawn])
        for exercise in assignment.exercises
    }


def _calibrated(
    course: Course, assignment: Assignment, exercise: Exercise, drawn: list[Expected]
) -> Calibrated:
    checks = drawn[0][exercise.name]
    right = tuple(_right_answers(course, assignment, exercise, drawn))
    mutants = tuple(
        (mutant, observe_all(checks, mutant_subject(course, assignment, exercise, mutant)))
        for mutant in exercise.mutants
    )
    margins = {}
    for number, each in enumerate(checks):
        name = each.check.name
        answers = ((answer.checks[number], answer.outcomes[name]) for answer in right)
        worst = max(_errors(answers), default=0.0)
        mistakes = _errors((each, theirs[name]) for _, theirs in mutants)
        margins[name] = margin(each, worst, mistakes)
    etas = {name: each.eta for name, each in margins.items()}
    right = tuple(replace(each, checks=with_etas(each.checks, etas)) for each in right)
    return Calibrated(exercise, with_etas(checks, etas), margins, right, mutants)


def _right_answers(
    course: Course, assignment: Assignment, exercise: Exercise, drawn: list[Expected]
) -> Iterator[RightAnswer]:
    for alternative in exercise.alternatives:
        subject = alternative_subject(course, assignment, exercise, alternative)
        for expected in drawn:
            checks = expected[exercise.name]
            yield RightAnswer(alternative, checks, observe_all(checks, subject))


def _errors(
    answers: Iterable[tuple[ExpectedCheck, Sequence[Outcome]]],
) -> Iterator[float]:
    """Yield the errors of those answers that differ in their values at most."""
    for check, outcomes in answers:
        finding = check.judge(outcomes)
        if finding.kind in BY_VALUE and math.isfinite(finding.error):
            yield finding.error * check.eta


def margin(check: ExpectedCheck, right: float, mistakes: Iterable[float]) -> Margin:
    """Return the margin of a check, with the tolerance that suits it.

    Parameters
    ----------
    check : ExpectedCheck
        With the tolerance to begin with; it stays where it is wide enough.
    right : float
        Error of the worst right answer.
    mistakes : iterable of float
        Errors of wrong answers. Those that are hardly larger than `right`, or within the tolerance
        to begin with, are about something else than this check.
    """
    statistical = check.check.judge.name == "statistical"
    noticed = check.eta if statistical else max(check.eta, RIGHT_MARGIN * right)
    wrong = min((error for error in mistakes if error > noticed), default=math.inf)
    start = Margin(right, check.eta, wrong, statistical)
    if start.is_wide or statistical:
        return start
    low = max(right, ROUNDING)
    high = wrong if math.isfinite(wrong) else low * RIGHT_MARGIN * WRONG_MARGIN
    eta = float(f"{math.sqrt(low * high):.0e}")
    return replace(start, eta=eta) if eta <= LARGEST_ETA else start


def with_etas(
    checks: Iterable[ExpectedCheck], etas: Mapping[str, float]
) -> tuple[ExpectedCheck, ...]:
    """Return checks with these tolerances."""
    return tuple(replace(each, eta=etas[each.check.name]) for each in checks)
