"""Find the smallest input on which a wrong answer still shows the same mistake.

Batches shrink to one example, other axes to the smallest lengths that differ from each other, and
numbers become whole ones, as long as the subject fails in the same way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from autograder.errors import CourseError
from autograder.model import Case
from autograder.numerics.compare import Finding, Raised, fresh, sentence
from autograder.numerics.diagnose import Outcome
from autograder.numerics.expectations import ExpectedCheck, Lookup, expect, with_arrays

MOST_TRIES = 40  # of smaller cases, each of which runs the subject
MOST_NUMBERS = 24  # of a case that anybody reads
SHRINKING = frozenset({"value", "shape", "type", "dtype", "finite", "raised"})

Narrow = Callable[[Case], ExpectedCheck | None]
Explains = Callable[[ExpectedCheck, Outcome], bool]


@dataclass(frozen=True)
class Counterexample:
    """A case, and what is wrong there."""

    case: Case
    finding: Finding

    def __str__(self) -> str:
        arguments = ", ".join(f"{name} = {_written(each)}" for name, each in self.case.items())
        return f"With {arguments}: {sentence(self.finding, public=True)}"


def smallest_counterexample(
    check: ExpectedCheck,
    outcomes: Sequence[Outcome],
    subject: Lookup,
    narrow: Narrow,
    explains: Explains,
) -> Counterexample | None:
    """Return the smallest case that fails in the same way as a check did, if it is readable.

    Parameters
    ----------
    check : ExpectedCheck
        A public one, compared by values.
    outcomes : sequence
        What the subject did on each case of the check.
    subject : callable
        Where the subject's functions are looked up.
    narrow : callable
        Returns the check on one other case, like `narrowed`.
    explains : callable
        Whether what explains the check's outcomes explains the outcome of a check on one case too.
    """
    failing = [
        (_size(expectation.case), number, check.judge_case(expectation, outcome))
        for number, (expectation, outcome) in enumerate(
            zip(check.expectations, outcomes, strict=True)
        )
        if not (isinstance(outcome, Raised) and "NameError" in outcome.types)
    ]
    failing = [each for each in failing if each[2].kind in SHRINKING]
    if not failing or check.check.judge.name in {"statistical", "raises"}:
        return None
    _, number, finding = min(failing, key=lambda each: each[:2])
    best = Counterexample(check.expectations[number].case, finding)
    tried: list[str] = []
    progress = True
    while progress:
        progress = False
        for case in _smaller(best.case):
            text = repr(case)
            if text in tried or len(tried) >= MOST_TRIES:
                continue
            tried.append(text)
            found = failure(narrow(case), subject, explains)
            if found and is_alike(found, finding):
                best, progress = Counterexample(case, found), True
                break
    return best if _size(best.case) <= MOST_NUMBERS else None


def narrowed(check: ExpectedCheck, case: Case, reference: Lookup) -> ExpectedCheck | None:
    """Return a check on one case only, or None if the reference refuses such a case."""
    try:
        return replace(expect(check.check, [case], reference), eta=check.eta)
    except CourseError:
        return None


def failure(check: ExpectedCheck | None, subject: Lookup, explains: Explains) -> Finding | None:
    """Return what is wrong in a check on one case, if the same mistake explains it."""
    if check is None:
        return None
    (outcome,) = check.observe(subject)
    finding = check.judge([outcome])
    return finding if finding.kind and explains(check, outcome) else None


def is_alike(one: Finding, other: Finding) -> bool:
    """Return whether two findings are about the same output, and the same kind of thing."""
    return one.kind == other.kind and one.where.partition("[")[0] == other.where.partition("[")[0]


def _smaller(case: Case) -> Iterator[Case]:
    """Yield cases that are a step smaller or simpler, the largest steps first."""
    arrays = [each for each in case.values() if isinstance(each, np.ndarray) and each.ndim]
    batches = {each.shape[0] for each in arrays}
    lengths = sorted({length for each in arrays for length in each.shape}, reverse=True)
    for length in lengths:
        for shorter in range(1 if length in batches else 2, length):
            if shorter == 1 or shorter not in lengths:
                yield with_arrays(case, partial(_cut, length=length, shorter=shorter))
    for simpler in (np.round, _away_from_zero, partial(np.round, decimals=1)):
        yield with_arrays(case, partial(_rounded, simpler=simpler))


def _cut(array: Any, length: int, shorter: int) -> Any:
    """Return the first entries along every axis of that length."""
    return fresh(array[tuple(slice(shorter if size == length else size) for size in array.shape)])


def _rounded(array: Any, simpler: Callable[[Any], Any]) -> Any:
    return simpler(array) + 0.0 if array.dtype.kind == "f" else array


def _away_from_zero(array: Any) -> Any:
    return np.copysign(np.ceil(np.abs(array)), array)


def _size(value: Any) -> int:
    """Return how many numbers somebody would have to read."""
    if isinstance(value, np.ndarray):
        return max(value.size, 1)
    if isinstance(value, Mapping):
        return sum(_size(each) for each in value.values())
    if isinstance(value, tuple | list):
        return sum(_size(each) for each in value)
    return 1


def _written(value: Any) -> str:
    """Write an argument as a student would type it, to four digits."""
    if isinstance(value, np.ndarray):
        return _written(value.tolist())
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name!r}: {_written(each)}' for name, each in value.items())}}}"
    if isinstance(value, tuple):
        return f"({', '.join(_written(each) for each in value)}{',' * (len(value) == 1)})"
    if isinstance(value, list):
        return f"[{', '.join(_written(each) for each in value)}]"
    if isinstance(value, float | np.floating):
        return f"{value:.4g}"
    return repr(value.item() if isinstance(value, np.generic) else value)
