"""Right answers, graded again and again: on cases drawn anew and in other memory orders.

Law 4 says that every alternative earns everything. This says how sure of that we are: with no
failure in n trials, at most 3/n of right answers fail, with 95 % confidence.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.authoring.expected import expected_checks
from autograder.authoring.mutants import alternative_subject
from autograder.errors import Problem
from autograder.model import Assignment, Case, Course
from autograder.numerics.compare import strided
from autograder.numerics.expectations import ExpectedCheck

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

    count: int
    failures: tuple[Problem, ...]

    @property
    def bound(self) -> float:
        """Upper 95 % bound of the rate at which right answers fail; 1 if any did."""
        return 1.0 if self.failures else 3 / max(self.count, 1)


def run_trials(course: Course, assignment: Assignment, secret: str, draws: int) -> Trials:
    """Grade every alternative on `draws` fresh sets of cases, in every layout.

    A trial is one alternative graded on all checks of its exercise.
    """
    failures: list[Problem] = []
    count = 0
    for number in range(draws):
        drawn = replace(course, seed=course.seed + 1000 + number)
        expected = expected_checks(drawn, assignment, f"{secret}|trial {number}")
        for exercise in assignment.exercises:
            for alternative in exercise.alternatives:
                subject = alternative_subject(course, assignment, exercise, alternative)
                for name, layout in LAYOUTS.items():
                    count += 1
                    for check in _laid_out(expected[exercise.name], layout):
                        finding = check.judge(check.observe(subject))
                        if finding.kind:
                            message = (
                                f"alternative {alternative.name!r} fails check "
                                f"{check.check.name!r} with arrays in {name}, seed {drawn.seed}: "
                                f"{finding.where} {finding.detail}"
                            )
                            place = (alternative.path, alternative.line)
                            failures.append(Problem(*place, message))
    return Trials(count, tuple(failures))


def _laid_out(checks: tuple[ExpectedCheck, ...], layout: Layout) -> Iterator[ExpectedCheck]:
    """Yield the checks with their cases in another memory order; the values stay the same."""
    for check in checks:
        cases = (replace(each, case=_changed(each.case, layout)) for each in check.expectations)
        yield replace(check, expectations=tuple(cases))


def _changed(value: Any, layout: Layout) -> Any:
    if isinstance(value, np.ndarray):
        return layout(value) if value.ndim else value
    if isinstance(value, Case):
        return Case(**{name: _changed(each, layout) for name, each in value.items()})
    if isinstance(value, dict):
        return {name: _changed(each, layout) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_changed(each, layout) for each in value)
    return value
