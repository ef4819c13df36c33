"""What the reference returns on every case of a check, and how far a value may move.

Computed when a bundle is built or loaded, on the trusted side only; never typed in and never sent
to a student's process.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.errors import CourseError
from autograder.model import Case, Check
from autograder.numerics.compare import (
    SMALLEST,
    Finding,
    Observed,
    Raised,
    Subject,
    fresh,
    judge,
    observe,
)
from autograder.numerics.samples import sampled

DELTA = 1e-6  # relative size of the perturbation behind a scale
PERTURBATIONS = 16
DIGITS = 10  # of an expected value; four more than the tolerance asks for
NOISE = 1e-8  # a scale below this part of the values is round-off over DELTA
ETA_DEFAULT = 1e-6
# Where calibration starts; the errors of a statistical check are in units of its limits.
ETA = {"tolerance": ETA_DEFAULT, "statistical": 1.0, "exact": ETA_DEFAULT, "raises": ETA_DEFAULT}
ROUND_OFF = 1e-9  # of the arguments: with the tolerance, five units in the last place of a float
WORST_CONDITION = 1e5  # a scale beyond this many times the values may be a jump, not a slope
STEP = 1e-3  # and then the value itself moved this far

Lookup = Callable[[str], Any]


@dataclass(frozen=True)
class Expectation:
    """The reference's outcome on one case, with a scale for each array of floats in it."""

    case: Case
    outcome: Observed | Raised
    scales: tuple[Any, ...]


@dataclass(frozen=True)
class ExpectedCheck:
    """A check with everything that is needed to judge a subject by it."""

    check: Check
    expectations: tuple[Expectation, ...]
    eta: float = ETA_DEFAULT

    def observe(self, lookup: Lookup) -> Iterator[Observed | Raised]:
        """Yield the outcome of a subject on each case, on copies of the arguments."""
        return self.observe_cases(self.expectations, lookup)

    def observe_cases(
        self, expectations: Iterable[Expectation], lookup: Lookup
    ) -> Iterator[Observed | Raised]:
        """Yield the outcome of a subject on some cases."""
        for expectation in expectations:
            outcome = observe(self.check.function, Subject(lookup), fresh(expectation.case))
            yield _kept(self.check, outcome)

    def judge(self, outcomes: Iterable[Observed | Raised]) -> Finding:
        """Return the first structural fault over all cases, or else the worst value."""
        return self.worst(outcomes)[2]

    def worst(
        self, outcomes: Iterable[Observed | Raised]
    ) -> tuple[Expectation, Observed | Raised, Finding]:
        """Return the case that decides, with the subject's outcome there and what is wrong."""
        judged = []
        for expectation, outcome in zip(self.expectations, outcomes, strict=True):
            finding = self.judge_case(expectation, outcome)
            judged.append((expectation, outcome, finding))
            if finding.kind and finding.kind != "value":
                return judged[-1]
        return max(judged, key=lambda each: each[2].error)

    def judge_case(self, expectation: Expectation, outcome: Observed | Raised) -> Finding:
        """Judge the outcome on one case."""
        rule = self.check.judge
        return judge(
            rule.name, rule.exception, expectation.outcome, expectation.scales, self.eta, outcome
        )


def expect(check: Check, cases: Iterable[Case], reference: Lookup) -> ExpectedCheck:
    """Run a check on the reference, on every case.

    Raises
    ------
    CourseError
        If there is no case, the check returns no observation, the reference raises where it
        should not (or the reverse), or a case sits on a jump of the function.
    """
    expectations = tuple(_expectation(check, case, reference) for case in cases)
    if not expectations:
        raise _problem(check, f"case source {check.cases.__name__!r} yields no case")
    return ExpectedCheck(check, expectations, ETA[check.judge.name])


def _expectation(check: Check, case: Case, reference: Lookup) -> Expectation:
    outcome = _kept(check, observe(check.function, Subject(reference), fresh(case)))
    _validate(check, case, outcome)
    scales = _scales(check, case, outcome, reference)
    if isinstance(outcome, Observed) and check.judge.name == "tolerance":
        outcome = Observed(_settled(outcome.tree), outcome.returned)
    return Expectation(case, outcome, scales)


def _kept(check: Check, outcome: Observed | Raised) -> Observed | Raised:
    """Return an outcome without the random arrays of a statistical check: they are large."""
    if check.judge.name == "statistical" and isinstance(outcome, Observed):
        return Observed(sampled(outcome.tree), outcome.returned)
    return outcome


def _settled(tree: Any) -> Any:
    """Round floats to `DIGITS`: processors differ in the last ones, student/ must not."""
    if isinstance(tree, Mapping):
        return {name: _settled(value) for name, value in tree.items()}
    if isinstance(tree, tuple | list):
        return type(tree)(_settled(value) for value in tree)
    if isinstance(tree, float | np.floating):
        return type(tree)(f"{tree:.{DIGITS}g}")
    if isinstance(tree, np.ndarray) and tree.dtype.kind == "f":
        settled = fresh(tree)
        settled[...] = np.reshape([float(f"{each:.{DIGITS}g}") for each in tree.flat], tree.shape)
        return settled
    return tree


def _validate(check: Check, case: Case, outcome: Observed | Raised) -> None:
    for name in re.findall(r"[:/,](\w+)", check.picture or ""):
        if np.asarray(case.get(name)).dtype.kind not in "biuf":
            raise _problem(check, f"its picture shows {name!r}, which is no number of the case")
    if check.judge.name == "raises":
        expected = check.judge.exception
        if not isinstance(outcome, Raised) or expected not in outcome.types:
            raise _problem(check, f"the reference does not raise {expected} on {case!r:.200}")
    elif isinstance(outcome, Raised):
        kind = outcome.types[0] if outcome.types else "an error in the check itself"
        raise _problem(check, f"the reference raises {kind}: {outcome.message} on {case!r:.200}")
    elif not isinstance(outcome.tree, Mapping) or not outcome.tree:
        raise _problem(
            check,
            f"returns {outcome.tree!r:.60}; a check returns an observation, a dictionary of named "
            'arrays and numbers: return {"loss": subject.mse(**case)}',
        )


def _problem(check: Check, message: str) -> CourseError:
    return CourseError.at(check.path, check.line, f"check {check.name!r}: {message}")


def _scales(
    check: Check, case: Case, outcome: Observed | Raised, reference: Lookup
) -> tuple[Any, ...]:
    if isinstance(outcome, Raised) or check.judge.name != "tolerance":
        return ()
    values = list(float_leaves(outcome.tree))
    scales = _sensitivity(check, case, values, reference, DELTA)
    if not all(np.all(np.isfinite(scale)) for scale in scales):
        raise _problem(
            check, f"values are too large to be compared ({case!r:.200}); scale them down"
        )
    steep = [
        (scale > WORST_CONDITION * max(_size(value), SMALLEST)) & (scale * DELTA > STEP)
        for scale, value in zip(scales, values, strict=True)
    ]
    if any(np.any(entries) for entries in steep):
        closer = _sensitivity(check, case, values, reference, DELTA / 10)
        for entries, scale, other in zip(steep, scales, closer, strict=True):
            if np.any(entries & (other > 3 * scale)):
                raise _problem(
                    check,
                    f"the reference jumps at this case ({case!r:.200}); draw it away from the "
                    "discontinuity, or observe something that does not jump",
                )
    least = ROUND_OFF * max((_size(each) for each in numbers_of(case)), default=0.0)
    return tuple(
        _rounded(_floored(np.where(scale < NOISE * _size(value), 0.0, scale), value, least))
        for scale, value in zip(scales, values, strict=True)
    )


def _floored(scale: Any, value: Any, least: float) -> Any:
    """Give what is zero, or nearly, the scale of the round-off that may come in its place."""
    return np.where(np.nan_to_num(np.abs(value), posinf=1.0) + scale < least, least, scale)


def with_arrays(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a case, or a part of one, with every array in it that has an axis changed."""
    if isinstance(value, np.ndarray):
        return change(value) if value.ndim else value
    if isinstance(value, Case):
        return Case(**{name: with_arrays(each, change) for name, each in value.items()})
    if isinstance(value, dict):
        return {name: with_arrays(each, change) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(with_arrays(each, change) for each in value)
    return value


def numbers_of(value: Any) -> Iterator[Any]:
    """Yield the arrays of numbers in a case."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "iuf":
            yield np.asarray(value, np.float64)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from numbers_of(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from numbers_of(each)


def _sensitivity(
    check: Check, case: Case, values: list[Any], reference: Lookup, delta: float
) -> list[Any]:
    r"""Return for each array of floats how far its entries move per relative unit of the inputs.

    .. math:: s_i = \sqrt{\mathrm{mean}_k ((R(x \circ (1 + \delta e_k))_i - R(x)_i)/\delta)^2}

    with random signs :math:`e_k`. A perturbed input that the reference refuses tells nothing.
    """
    total = [np.zeros(np.shape(value)) for value in values]
    rng = np.random.default_rng(PERTURBATIONS)
    counted = 0
    for _ in range(PERTURBATIONS):
        moved = observe(check.function, Subject(reference), _perturbed(case, rng, delta))
        leaves = list(float_leaves(moved.tree)) if isinstance(moved, Observed) else []
        if [np.shape(leaf) for leaf in leaves] != [np.shape(value) for value in values]:
            continue
        counted += 1
        with np.errstate(all="ignore"):
            squares = [
                np.nan_to_num(np.square((leaf - value) / delta), posinf=0.0)
                for leaf, value in zip(leaves, values, strict=True)
            ]
        total = [one + other for one, other in zip(total, squares, strict=True)]
    return [np.sqrt(square / max(counted, 1)) for square in total]


def _size(value: Any) -> float:
    return float(np.max(np.abs(value), initial=0.0, where=np.isfinite(value)))


def _rounded(scale: Any) -> Any:
    """Keep three digits: more say nothing, and public tests carry the scales as text."""
    digits = [float(f"{each:.3g}") for each in np.ravel(scale)]
    return np.array(digits).reshape(np.shape(scale))


def float_leaves(tree: Any) -> Iterator[Any]:
    """Yield the floats and arrays of floats of an observation, in the order of comparison."""
    if isinstance(tree, Mapping):
        for value in tree.values():
            yield from float_leaves(value)
    elif isinstance(tree, tuple | list):
        for value in tree:
            yield from float_leaves(value)
    elif not isinstance(tree, str | bytes | None) and np.asarray(tree).dtype.kind in "fc":
        yield np.asarray(tree)


def _perturbed(value: Any, rng: np.random.Generator, delta: float) -> Any:
    """Return a copy in which every entry of an array of floats moved by a relative delta."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        signs = rng.choice([-1.0, 1.0], size=value.shape)
        moved = fresh(value)
        moved[...] = value * (1.0 + delta * signs)
        return moved
    if isinstance(value, Case):
        return Case(**{name: _perturbed(each, rng, delta) for name, each in value.items()})
    if isinstance(value, dict):
        return {name: _perturbed(each, rng, delta) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_perturbed(each, rng, delta) for each in value)
    return fresh(value)
