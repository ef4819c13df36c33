"""The arithmetic of the tables: from what batches took to what a submission costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

Round = Mapping[str, Mapping[str, float]]  # what a system's batches took in one round, by name

# The batch of each set of submissions, and the one that holds everything but that set.
SETS = {"solved": "base", "mix": "base", "pair": "pair base"}


@dataclass(frozen=True)
class Spread:
    """A median with its quartiles."""

    middle: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    """Return the median and the quartiles of some values.

    Examples
    --------
    >>> spread([5.0, 1.0, 2.0, 4.0, 3.0])
    Spread(middle=3.0, low=2.0, high=4.0)
    """
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    low, _, high = quantiles(values, n=4, method="inclusive")
    return Spread(median(values), low, high)


def per_submission(batches: Round, name: str, kind: str) -> float:
    """Return the seconds that one more submission of a set costs, without any start-up.

    Parameters
    ----------
    batches : mapping
        For each batch ``count``, ``wall`` and ``cpu``.
    name : str
        A key of `SETS`.
    kind : {'wall', 'cpu'}
        Which seconds.

    Examples
    --------
    >>> base = {"count": 2, "wall": 5.0, "cpu": 4.0}
    >>> more = {"count": 6, "wall": 7.0, "cpu": 5.0}
    >>> per_submission({"base": base, "solved": more}, "solved", "wall")
    0.5
    """
    more, base = batches[name], batches.get(SETS[name], {"count": 0, kind: 0.0})
    return (more[kind] - base[kind]) / (more["count"] - base["count"])


def series(rounds: Sequence[Mapping[str, Round]], system: str, name: str, kind: str) -> list[float]:
    """Return what a submission costs a system, in each round in which it was measured."""
    return [
        per_submission(each[system], name, kind) for each in rounds if name in each.get(system, {})
    ]


def ratios(
    rounds: Sequence[Mapping[str, Round]], system: str, to: str, name: str, kind: str
) -> list[float]:
    """Return a system's cost over another's, round by round: both met the same machine."""
    return [
        per_submission(each[system], name, kind) / per_submission(each[to], name, kind)
        for each in rounds
        if name in each.get(system, {}) and name in each.get(to, {})
    ]


def speedups(rounds: Sequence[Mapping[str, Round]], system: str) -> list[float]:
    """Return how many times as fast solved notebooks are graded two at a time, round by round."""
    return [
        per_submission(each[system], "solved", "wall")
        / per_submission(each[system], "pair", "wall")
        for each in rounds
        if each.get(system, {}).keys() >= {"solved", "pair"}
    ]


def growth(samples: Sequence[Mapping[str, float]], process: str) -> float:
    """Return how many MB a process grows per thousand submissions: a least-squares slope.

    The first tenth is left out, in which caches fill.

    Examples
    --------
    >>> growth([{"graded": n, "server": 50 + n / 500} for n in range(0, 5000, 250)], "server")
    2.0
    """
    kept = samples[len(samples) // 10 :]
    counts = [each["graded"] / 1000 for each in kept]
    sizes = [each[process] for each in kept]
    centre, level = sum(counts) / len(counts), sum(sizes) / len(sizes)
    products = [(x - centre) * (y - level) for x, y in zip(counts, sizes, strict=True)]
    return round(sum(products) / sum((x - centre) ** 2 for x in counts), 6)
