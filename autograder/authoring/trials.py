"""Right answers, graded again and again: on cases drawn anew, in other memory orders, in float32.

Law 4 says that every alternative earns everything. This says how sure of that we are: with no
failure in n trials, at most 3/n of right answers fail, with 95 % confidence.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.authoring.calibration import RIGHT_MARGIN, with_etas
from autograder.authoring.expected import expected_checks
from autograder.authoring.laws import LawReport
from autograder.authoring.mutants import alternative_subject, reference_subject
from autograder.errors import CourseError, Problem
from autograder.model import Alternative, Course
from autograder.numerics.compare import strided
from autograder.numerics.expectations import (
    ExpectedCheck,
    Lookup,
    expect,
    numbers_of,
    with_arrays,
)

LARGEST = 1e6  # of a number that is tried in float32; its inverse is the smallest
ETA_FLOAT32 = 1e-4  # three decades above the rounding of float32

Layout = Callable[[Any], Any]

# Every array of a case, in the memory order in which a student's data may come.
LAYOUTS: dict[str, Layout] = {
    "C order": np.ascontiguousarray,
    "Fortran order": np.asfortranarray,
    "every other entry": strided,
    "transposed view": lambda array: np.ascontiguousarray(array.T).T,
}


@dataclass(frozen=True)
class Trials:
    """How often right answers were graded, and what failed."""

    count: int = 0
    failures: tuple[Problem, ...] = ()

    def __add__(self, other: "Trials") -> "Trials":
        return Trials(self.count + other.count, (*self.failures, *other.failures))

    def __str__(self) -> str:
        return (
            f"{self.count} right answers graded, {len(self.failures)} failed; at most "
            f"{self.bound:.1e} of right answers fail (95 % confidence)"
        )

    @property
    def bound(self) -> float:
        """Upper 95 % bound of the rate at which right answers fail; 1 if any did."""
        return 1.0 if self.failures else 3 / max(self.count, 1)


def run_trials(course: Course, laws: LawReport, secret: str, draws: int) -> Trials:
    """Grade every alternative on `draws` fresh sets of cases, in every layout and in float32.

    A trial is one alternative graded on all checks of its exercise. In float32 these are the checks
    with arguments of moderate size in which the reference itself comes out right, with a decade to
    spare.

    Parameters
    ----------
    laws : LawReport
        With the tolerances that were calibrated.
    """
    assignment = course.assignments[laws.assignment]
    failures: list[Problem] = []
    count = 0
    for number in range(draws):
        drawn = replace(course, seed=course.seed + 1000 + number)
        expected = expected_checks(drawn, assignment, f"{secret}|trial {number}")
        for exercise, report in zip(assignment.exercises, laws.exercises, strict=True):
            etas = {name: each.eta for name, each in report.margins.items()}
            checks = with_etas(expected[exercise.name], etas)
            variants = {name: _laid_out(checks, layout) for name, layout in LAYOUTS.items()}
            variants["float32"] = _in_float32(checks, reference_subject(course, assignment))
            for alternative in exercise.alternatives:
                subject = alternative_subject(course, assignment, exercise, alternative)
                for name, variant in variants.items():
                    count += bool(variant)
                    place = f"with arrays in {name}, seed {drawn.seed}"
                    failures += _failures(alternative, subject, variant, place)
    return Trials(count, tuple(failures))


def _failures(
    alternative: Alternative, subject: Lookup, checks: Iterable[ExpectedCheck], place: str
) -> Iterator[Problem]:
    for check in checks:
        finding = check.judge(check.observe(subject))
        if finding.kind:
            message = (
                f"alternative {alternative.name!r} fails check {check.check.name!r} {place}: "
                f"{finding.where} {finding.detail}"
            )
            yield Problem(alternative.path, alternative.line, message)


def _laid_out(checks: Iterable[ExpectedCheck], layout: Layout) -> list[ExpectedCheck]:
    """Return the checks with their cases in another memory order; the values stay the same."""
    return [
        replace(
            check,
            expectations=tuple(
                replace(each, case=with_arrays(each.case, layout)) for each in check.expectations
            ),
        )
        for check in checks
    ]


def _in_float32(checks: Iterable[ExpectedCheck], reference: Lookup) -> list[ExpectedCheck]:
    """Return the checks that can be passed in float32, with what is right for rounded arguments."""
    singles = []
    for check in checks:
        if check.check.judge.name != "tolerance" or not _is_moderate(check):
            continue
        rounded = [with_arrays(each.case, _single) for each in check.expectations]
        try:
            exact = expect(check.check, [with_arrays(each, _double) for each in rounded], reference)
        except CourseError:
            continue
        expectations = tuple(
            replace(each, case=case) for each, case in zip(exact.expectations, rounded, strict=True)
        )
        single = replace(check, expectations=expectations, eta=max(check.eta, ETA_FLOAT32))
        finding = single.judge(single.observe(reference))
        if not finding.kind and finding.error * RIGHT_MARGIN <= 1:
            singles.append(single)
    return singles


def _is_moderate(check: ExpectedCheck) -> bool:
    """Return whether all arguments are far inside the range of float32, and squares of them too."""
    sizes = (np.abs(each[each != 0]) for e in check.expectations for each in numbers_of(e.case))
    return all(np.all((size > 1 / LARGEST) & (size < LARGEST)) for size in sizes)


def _single(array: Any) -> Any:
    return array.astype(np.float32) if array.dtype == np.float64 else array


def _double(array: Any) -> Any:
    return array.astype(np.float64) if array.dtype == np.float32 else array
