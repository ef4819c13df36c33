"""What a notebook knows of its exercises; of a misconception the hint and the signature only."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from autograder.authoring.expected import Expected
from autograder.authoring.mutants import mutant_subject
from autograder.model import Assignment, Course, Exercise
from autograder.numerics.compare import Observed, Raised, fresh
from autograder.numerics.expectations import ExpectedCheck, Lookup, with_arrays
from autograder.numerics.signatures import Signature, is_like, signature
from autograder.packaging.notebooks import Block, Directive, question_name

Mistake = tuple[
    str, Mapping[str, Signature | None]
]  # hint, and what is seen in the checks that fail


def about_exercises(
    course: Course, assignment: Assignment, expected: Expected, blocks: Sequence[Block]
) -> str:
    """Return what the embedded grader knows of the exercises, as JSON, in the narrative's order."""
    order = [each.argument for each in blocks if isinstance(each, Directive)]
    exercises = {
        question_name(exercise): {
            "title": exercise.title,
            "functions": [target.partition(".")[2] for target in exercise.targets],
            "points": assignment.points[exercise.name],
            "checks": _public_checks(exercise, assignment.points[exercise.name]),
            "hidden": sum(not check.public for check in exercise.checks),
            "mistakes": known_mistakes(course, assignment, exercise, expected[exercise.name]),
        }
        for exercise in sorted(assignment.exercises, key=lambda each: order.index(each.name))
    }
    return json.dumps({"exercises": exercises, "written": list(assignment.written.values())})


def _public_checks(exercise: Exercise, points: float) -> list[dict[str, Any]]:
    shares = exercise.shares(points)
    return [
        {
            "name": check.name,
            "title": check.title,
            "points": shares[check.name],
            "picture": check.picture,
        }
        for check in exercise.checks
        if check.public
    ]


def known_mistakes(
    course: Course, assignment: Assignment, exercise: Exercise, checks: Iterable[ExpectedCheck]
) -> list[Mistake]:
    """Return the mistakes that show in the public checks of an exercise.

    One whose values are mere round-off is left out: machines differ in them.
    """
    public = [check for check in checks if check.check.public]
    mistakes: list[Mistake] = []
    for mutant in exercise.mutants:
        subject = mutant_subject(course, assignment, exercise, mutant)
        outcomes = {check.check.name: list(check.observe(subject)) for check in public}
        seen = {
            check.check.name: _seen(check, outcomes[check.check.name], subject)
            for check in public
            if check.judge(outcomes[check.check.name]).kind
        }
        if any(seen.values()):
            mistakes.append((mutant.hint, seen))
    return mistakes


def _seen(
    check: ExpectedCheck, outcomes: Sequence[Observed | Raised], subject: Lookup
) -> Signature | None:
    """Return the signature of a failing check, or None if another machine may see another one."""
    seen = signature(expected_of(check), outcomes, tolerance_of(check))
    return seen if _is_stable(check, seen, subject) else None


def _is_stable(check: ExpectedCheck, seen: Signature, subject: Lookup) -> bool:
    """Return whether a subject does the same when the arguments move by their last digit."""
    if check.check.judge.name != "tolerance":
        return True
    rng = np.random.default_rng(0)
    moved = [
        replace(each, case=with_arrays(each.case, partial(_moved, rng)))
        for each in check.expectations
    ]
    outcomes = list(check.observe_cases(moved, subject))
    return is_like(seen, expected_of(check), outcomes, check.eta)


def _moved(rng: np.random.Generator, array: Any) -> Any:
    if array.dtype.kind != "f":
        return array
    moved = fresh(array)
    moved[...] = array * (1 + np.finfo(array.dtype).eps * rng.choice([-1, 1], size=array.shape))
    return moved


def expected_of(check: ExpectedCheck) -> list[tuple[Any, Any]]:
    """Return the expected outcome and the scales of each case."""
    return [(each.outcome, each.scales) for each in check.expectations]


def tolerance_of(check: ExpectedCheck) -> float:
    """Return the tolerance of a check, 0 where it compares exactly."""
    return 0.0 if check.check.judge.name == "exact" else check.eta
