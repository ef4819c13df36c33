"""Name what was done to the right answer, where no misconception of the course explains it.

A transform holds if the expected values, transformed, are what came back: on every case of every
check that fails by its values or shapes, and without spoiling a check that passes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.model import Case, Diagnosis
from autograder.numerics.compare import SMALLEST, Finding, Observed, Raised, judge
from autograder.numerics.expectations import Expectation, ExpectedCheck, float_leaves

PREFIX = "transform: "
RESIDUAL = 1e-9  # of an array that is a constant times the expected one, relative
FEWEST_SHAPES = 3  # that a constant factor has to be seen on
EXPLAINED = frozenset({"value", "shape"})  # kinds of findings that a transform can explain

Outcome = Observed | Raised
Outcomes = Mapping[str, Sequence[Outcome]]
Operation = Callable[[Any, Case], Any]  # returns None where it cannot be done
Symbol = Callable[[Case], float | None]
Trial = tuple[ExpectedCheck, Expectation, Any]  # with the tree that came back


class _CannotError(Exception):
    """A transform that is not for arrays of this shape, or not for these arguments."""


@dataclass(frozen=True)
class Transform:
    """Something done to an array.

    Attributes
    ----------
    backwards : bool
        Whether it leads from what came back to what is expected, or else from there to here.
    symbol : callable, optional
        For a constant factor: its value for the arguments of a case.
    """

    name: str
    hint: str
    operation: Operation
    backwards: bool = False
    symbol: Symbol | None = None


def diagnose_transform(expected: Sequence[ExpectedCheck], outcomes: Outcomes) -> Diagnosis | None:
    """Return the one transform that explains all wrong values and shapes of an exercise, or None.

    Parameters
    ----------
    expected : sequence of ExpectedCheck
        The checks of one exercise.
    outcomes : mapping
        What the subject did.
    """
    kinds = {each.check.name: each.judge(outcomes[each.check.name]).kind for each in expected}
    failing = [each for each in expected if kinds[each.check.name] in EXPLAINED]
    passing = [each for each in expected if not kinds[each.check.name]]
    trials = list(_trials(failing, outcomes))
    if not failing or len(trials) < sum(len(each.expectations) for each in failing):
        return None
    wrong = {each.check.name: _wrong(each, outcomes) for each in failing}
    names = frozenset[str]().union(*wrong.values())
    easy = list(_trials(passing, outcomes))
    holding = [
        each
        for each in (*TRANSFORMS, *_factors(trials, wrong))
        if all(_holds(each, trial, wrong[trial[0].check.name]) for trial in trials)
        and all(_holds(each, trial, names) for trial in easy)
    ]
    if len(holding) != 1:
        return None
    return Diagnosis((PREFIX + holding[0].name,), holding[0].hint, "transform")


def _trials(checks: Sequence[ExpectedCheck], outcomes: Outcomes) -> Iterator[Trial]:
    """Yield every case in which values are compared and some came back."""
    for check in checks:
        for expectation, outcome in zip(
            check.expectations, outcomes[check.check.name], strict=True
        ):
            if isinstance(expectation.outcome, Raised) or isinstance(outcome, Raised):
                continue
            if isinstance(outcome.tree, Mapping):
                yield check, expectation, outcome.tree


def _wrong(check: ExpectedCheck, outcomes: Outcomes) -> frozenset[str]:
    """Return the names of the outputs that are wrong in some case of a check."""
    return frozenset(
        name
        for _, expectation, tree in _trials([check], outcomes)
        for name, value, scales in _outputs(expectation)
        if _difference(check, {name: value}, scales, _only(tree, name)).kind
    )


def _outputs(expectation: Expectation) -> Iterator[tuple[str, Any, tuple[Any, ...]]]:
    """Yield the name, the value and the scales of each output of a check on one case."""
    assert isinstance(expectation.outcome, Observed)
    start = 0
    for name, value in expectation.outcome.tree.items():
        end = start + len(list(float_leaves(value)))
        yield name, value, expectation.scales[start:end]
        start = end


def _only(tree: Any, name: str) -> dict[str, Any]:
    return {name: tree[name]} if isinstance(tree, Mapping) and name in tree else {}


def _difference(check: ExpectedCheck, expected: Any, scales: Any, got: Any) -> Finding:
    rule = check.check.judge.name
    return judge(rule, "", Observed(expected), scales, check.eta, Observed(got))


def _holds(transform: Transform, trial: Trial, wrong: frozenset[str]) -> bool:
    """Return whether the wrong outputs of a case are transformed ones, and the others right."""
    check, expectation, _ = trial
    rigid = check.check.judge.name != "tolerance"  # only values within a tolerance are transformed
    try:
        return not any(
            _output_differs(
                transform if name in wrong and not rigid else None, trial, name, value, scales
            )
            for name, value, scales in _outputs(expectation)
        )
    except _CannotError:
        return False


def _output_differs(
    transform: Transform | None, trial: Trial, name: str, value: Any, scales: tuple[Any, ...]
) -> bool:
    check, expectation, tree = trial
    got = _only(tree, name)
    if transform and transform.backwards:
        got = {name: _mapped(transform, got.get(name), expectation.case)}
    elif transform:
        value = _mapped(transform, value, expectation.case)
        scales = tuple(np.abs(_mapped(transform, each, expectation.case)) for each in scales)
    return bool(_difference(check, {name: value}, scales, got).kind)


def _mapped(transform: Transform, value: Any, case: Case) -> Any:
    """Return a value with every number and array of floats in it transformed."""
    if isinstance(value, Mapping):
        return {name: _mapped(transform, each, case) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_mapped(transform, each, case) for each in value]
    if not isinstance(value, np.ndarray | np.floating | float):
        return value
    array = np.asarray(value)
    changed = transform.operation(array, case) if array.dtype.kind == "f" else array
    if changed is None:
        raise _CannotError
    return changed if np.ndim(changed) else changed[()]


def _factors(trials: list[Trial], wrong: Mapping[str, frozenset[str]]) -> list[Transform]:
    """Return the constant factors that are seen exactly on cases of enough different shapes."""
    seen: dict[str, set[tuple[int, ...]]] = {factor.name: set() for factor in FACTORS}
    for check, expectation, tree in trials:
        for value in _ratios(expectation, tree, wrong[check.check.name]):
            for factor in FACTORS:
                constant = factor.symbol(expectation.case) if factor.symbol else None
                if constant and abs(value / constant - 1) <= RESIDUAL:
                    seen[factor.name].add(tuple(np.shape(_widest(expectation.case))))
    tables = any(np.ndim(_widest(expectation.case)) > 1 for _, expectation, _ in trials)
    return [
        factor
        for factor in FACTORS
        if len(seen[factor.name]) >= FEWEST_SHAPES and (tables or "size" not in factor.name)
    ]


def _ratios(expectation: Expectation, tree: Any, wrong: frozenset[str]) -> Iterator[float]:
    r"""Yield :math:`c = \langle S, R \rangle / \langle R, R \rangle` where :math:`S = cR`."""
    for name, value, _ in _outputs(expectation):
        pairs = zip(float_leaves(value), float_leaves(_only(tree, name)), strict=False)
        for right, got in pairs if name in wrong else ():
            if right.shape == got.shape and np.all(np.isfinite(right) & np.isfinite(got)):
                with np.errstate(all="ignore"):  # squares of finite numbers may overflow
                    square = float(np.sum(right * right))
                    constant = float(np.sum(got * right)) / (square + SMALLEST)
                    rest = float(np.linalg.norm(got - constant * right))
                    size = float(np.linalg.norm(got))
                if square > 0 and np.isfinite(size) and rest <= RESIDUAL * size:
                    yield constant


def _widest(case: Case) -> Any:
    """Return the first of a case's arrays with the most axes: the one that names N and K."""
    arrays = list(_arrays(case))
    return max(arrays, key=np.ndim, default=None)


def _arrays(value: Any) -> Iterator[Any]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _arrays(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _arrays(each)


def _rows(case: Case) -> float | None:
    shape = np.shape(_widest(case))
    return float(shape[0]) if shape else None


def _columns(case: Case) -> float | None:
    shape = np.shape(_widest(case))
    return float(shape[1]) if len(shape) > 1 else None


def _entries(case: Case) -> float | None:
    array = _widest(case)
    return None if array is None else float(array.size)


def _two(_: Case) -> float:
    return 2.0


def _inverse(symbol: Symbol, case: Case) -> float | None:
    value = symbol(case)
    return 1 / value if value else None


def _scaled(symbol: Symbol, array: Any, case: Case) -> Any:
    constant = symbol(case)
    return None if constant is None else constant * array


def _factor(name: str, symbol: Symbol, hint: str) -> Transform:
    return Transform(f"factor {name}", hint, partial(_scaled, symbol), symbol=symbol)


FACTORS = (
    _factor("2", _two, "Your result is twice as large as it should be: where does a half come in?"),
    _factor(
        "1/2",
        partial(_inverse, _two),
        "Your result is half as large as it should be: where does a factor of 2 come from?",
    ),
    _factor(
        "N",
        _rows,
        "Your result is N times too large, N being the number of rows: where does the mean over "
        "the examples come in?",
    ),
    _factor(
        "1/N",
        partial(_inverse, _rows),
        "Your result is N times too small, N being the number of rows: is there a mean over the "
        "examples that should not be there, or that is taken twice?",
    ),
    _factor(
        "K",
        _columns,
        "Your result is K times too large, K being the number of columns: should there be a mean "
        "over the columns?",
    ),
    _factor(
        "1/K",
        partial(_inverse, _columns),
        "Your result is K times too small, K being the number of columns: is there a mean over "
        "the columns that should not be there?",
    ),
    _factor(
        "size",
        _entries,
        "Your result is too large by the number of entries: where does the mean over all entries "
        "come in?",
    ),
    _factor(
        "1/size",
        partial(_inverse, _entries),
        "Your result is too small by the number of entries: is there a mean over all entries that "
        "should not be there, or that is taken twice?",
    ),
)


def _negated(array: Any, _: Case) -> Any:
    return -array


def _transposed(array: Any, _: Case) -> Any:
    return array.T if array.ndim == 2 else None


def _reversed(axis: int, array: Any, _: Case) -> Any:
    return np.flip(array, axis) if array.ndim > axis else None


def _reduced(reduce: Callable[..., Any], axis: int | None, array: Any, _: Case) -> Any:
    return reduce(array, axis=axis) if array.ndim > (1 if axis is None else axis) else None


def _reductions() -> Iterator[Transform]:
    places = {0: "along axis 0", 1: "along axis 1", None: "over all entries"}
    for word, reduce in (("sum", np.sum), ("mean", np.mean)):
        for axis, place in places.items():
            yield Transform(
                f"{word} {place}",
                f"Your result is the {word} {place} of the right one: which axes should be left?",
                partial(_reduced, reduce, axis),
            )
            yield Transform(
                f"no {word} {place}",
                f"The {word} {place} of your result would be right: what is left to do?",
                partial(_reduced, reduce, axis),
                backwards=True,
            )


TRANSFORMS = (
    Transform(
        "negated",
        "Every value has the wrong sign: what is subtracted from what?",
        _negated,
    ),
    Transform(
        "transposed",
        "Your result is the transpose of the right one: which axis belongs to the examples?",
        _transposed,
    ),
    *(
        Transform(
            f"reversed along axis {axis}",
            f"Your values are right, but in the opposite order along axis {axis}: where does the "
            "order come from?",
            partial(_reversed, axis),
        )
        for axis in (0, 1)
    ),
    *_reductions(),
)
