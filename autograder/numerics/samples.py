r"""Compare random arrays by what is the same for every right way of drawing them.

An array of floats becomes a `Sample`: its moments, quantiles, correlations between neighbours and
share of distinct values. Two samples are compared by statistics that stay within their limits with
probability :math:`1 - 10^{-12}` each when both arrays come from one distribution, so a run of a
thousand statistics fails a right answer once in :math:`10^9`.

With n entries on both sides, a mean that is off by 14.3 :math:`\sqrt{2/n}` standard deviations, or
a standard deviation that is off by 10.1 :math:`\sqrt{2/n}` of itself (normal numbers; 6.4 for
uniform ones), is refused with probability :math:`1 - 10^{-12}` too: 3.2 % at n = 200,000.

Like `autograder.numerics.compare`, this module is embedded in every generated test.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

ALPHA = 1e-12  # chance that one statistic of a right answer is beyond its limit
NORMAL_LIMIT = 7.1305  # what a standard normal number exceeds, on either side, with that chance
LEVELS = 512  # of the quantiles that are kept
NEAR = 1e-6  # in standard deviations: values this close are one value
DISTINCT_LIMIT = 0.05  # by which the shares of distinct values may differ


@dataclass(frozen=True)
class Sample:
    """What is kept of an array of random numbers.

    Attributes
    ----------
    shape : tuple of int
        Of the array.
    mean, std, kurtosis : float
        Moments; the kurtosis is 3 for normal numbers, and 1 where there is no spread.
    neighbours : tuple of float
        For each axis the correlation of entries that are next to each other.
    distinct : float
        Share of values that occur nowhere before in the array.
    quantiles : ndarray of shape (LEVELS,), float64
        At the levels 0 to 1.
    finite : bool
        Whether all entries are finite; if not, the numbers above say nothing.
    """

    shape: tuple[int, ...]
    mean: float
    std: float
    kurtosis: float
    neighbours: tuple[float, ...]
    distinct: float
    quantiles: Any
    finite: bool = True

    @property
    def size(self) -> int:
        """Number of entries."""
        return int(np.prod(self.shape))


def sampled(tree: Any) -> Any:
    """Return an observation with a `Sample` in the place of every array of floats."""
    if isinstance(tree, Mapping):
        return {name: sampled(value) for name, value in tree.items()}
    if isinstance(tree, tuple | list):
        return type(tree)(sampled(value) for value in tree)
    if isinstance(tree, np.ndarray) and tree.dtype.kind == "f" and tree.size:
        return sample(tree.view(np.ndarray))
    return tree


def sample(array: Any) -> Sample:
    """Return what is kept of an array of floats of any shape with at least one entry."""
    if not np.all(np.isfinite(array)):
        return Sample(array.shape, 0.0, 0.0, 1.0, (), 0.0, np.zeros(LEVELS), finite=False)
    values = np.asarray(array, np.float64)
    mean = float(np.mean(values))
    centred = values - mean
    std = float(np.sqrt(np.mean(centred**2)))
    spread = std > NEAR**2 * abs(mean)
    ordered = np.sort(values, axis=None)
    ranks = np.linspace(0, ordered.size - 1, LEVELS).round().astype(int)
    return Sample(
        shape=array.shape,
        mean=_short(mean),
        std=_short(std) if spread else 0.0,
        kurtosis=_short(np.mean(centred**4) / std**4) if spread else 1.0,
        neighbours=tuple(_neighbours(centred, std)) if spread else (0.0,) * values.ndim,
        distinct=_short((1 + np.count_nonzero(np.diff(ordered))) / ordered.size),
        quantiles=np.array([_short(each) for each in ordered[ranks].tolist()]),
    )


def _short(value: Any) -> float:
    """Round to nine digits: processors differ in the last ones, public tests must not."""
    return float(f"{value:.9g}")


def _neighbours(centred: Any, std: float) -> Iterator[float]:
    for axis in range(np.ndim(centred)):
        moved = np.moveaxis(centred, axis, 0)
        pairs = moved[1:] * moved[:-1]
        yield _short(np.mean(pairs) / std**2) if pairs.size else 0.0


def differences(expected: Sample, got: Sample) -> Iterator[tuple[str, float]]:
    """Yield for each statistic what is wrong, in words, and its error in units of the limit.

    Entries that depend on each other come first, since the noise of the others is unknown then.

    Parameters
    ----------
    expected, got : Sample
        Of finite arrays of one shape.
    """
    yield from sorted(_dependences(expected, got), key=lambda each: -each[1])
    error = abs(got.distinct - expected.distinct) / DISTINCT_LIMIT
    yield _words("a share of distinct values of", got.distinct, expected.distinct, 0.0), error
    both = (expected, got)
    noise = np.sqrt(sum(each.std**2 / each.size for each in both))
    rounding = 1e-9 * max(abs(expected.mean), expected.std)
    error = _units(abs(got.mean - expected.mean) - rounding, noise)
    yield _words("a mean of", got.mean, expected.mean, NORMAL_LIMIT * noise), error
    off = abs(np.log((got.std + 1e-300) / (expected.std + 1e-300)))
    noise = np.sqrt(sum((each.kurtosis - 1 + 1e-9) / (4 * each.size) for each in both))
    yield _words("a standard deviation of", got.std, expected.std, 0.0), _units(off, noise)
    limit = np.sqrt(np.log(2 / ALPHA) / 2) * sum(each.size**-0.5 for each in both) + 2 / LEVELS
    yield "has another distribution than expected", float(_distance(expected, got) / limit)


def _dependences(expected: Sample, got: Sample) -> Iterator[tuple[str, float]]:
    for axis, size in enumerate(expected.shape):
        noise = np.sqrt(2 / max(expected.size // size * (size - 1), 1))
        there, here = expected.neighbours[axis], got.neighbours[axis]
        name = f"neighbours along axis {axis} with a correlation of"
        yield _words(name, here, there, NORMAL_LIMIT * noise), _units(abs(here - there), noise)


def _words(name: str, got: float, expected: float, small: float) -> str:
    """Say what a statistic is and what it should be; below `small` it is no more than noise."""
    wanted = "0" if abs(expected) < small else f"{expected:.3g}"
    return f"has {name} {got:.3g}, expected {wanted}"


def _units(off: float, noise: float) -> float:
    """Return an error in units of what chance explains."""
    if off <= 0:
        return 0.0
    return float(off / (NORMAL_LIMIT * noise)) if noise else float("inf")


def _distance(expected: Sample, got: Sample) -> float:
    """Return how far the two distribution functions are apart where neither jumps."""
    near = NEAR * max(expected.std, NEAR * abs(expected.mean))
    return max(_above(expected, got, near), _above(got, expected, near))


def _above(one: Sample, other: Sample, near: float) -> float:
    """Return by how much the first function of distribution exceeds the second."""
    places = np.concatenate([one.quantiles, other.quantiles])
    ours = np.searchsorted(one.quantiles, places, side="right")
    theirs = np.searchsorted(other.quantiles, places + near, side="right")
    return float(np.max(ours - theirs)) / LEVELS
