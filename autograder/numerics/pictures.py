"""Say in a picture what is wrong with an observation: what to draw, as small plain data.

Chosen and computed without drawing anything, so that it costs a grader little; to be drawn by
`autograder.numerics.drawing`. Like `autograder.numerics.compare`, whose names it uses, this module
is embedded in every generated test: numpy and the standard library only, and no name twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.numerics.compare import Finding, Observed, Raised
from autograder.numerics.samples import LEVELS, Sample, sampled

SHOWN = frozenset({"value", "finite", "distribution"})  # kinds of findings that have a picture
MOST_ROWS, MOST_COLUMNS = 24, 24  # of a heat map
MOST_POINTS = 100  # of a curve or a path
BINS = 24
DIGITS_SHOWN = 4
LARGEST = 1e100  # no number beyond this is drawn
VISIBLE = 0.01  # part of the range by which curves differ to be told apart


@dataclass(frozen=True)
class Picture:
    """What there is to draw, as data that JSON can hold.

    Attributes
    ----------
    kind : {'heat', 'curve', 'trajectory', 'histogram'}
        How to draw it.
    title : str
        ``dlogits: yours minus expected``.
    words : str
        What it shows, for those who cannot see it.
    series : mapping of str to list
        Numbers by name, in nested lists; None for one that is not finite, or nearly not.
    labels : tuple of str
        Of the horizontal and of the vertical axis.
    """

    kind: str
    title: str
    words: str
    series: Mapping[str, Any]
    labels: tuple[str, ...] = ("", "")


def picture(
    kind: str | None, case: Mapping[str, Any], expected: Any, outcome: Any, finding: Finding
) -> Picture | None:
    """Return the picture that shows what a public check found on one case, if there is one.

    Parameters
    ----------
    kind : str or None
        As the check declares it: ``curve:z``, ``curve:z/dout`` or ``trajectory:theta``; else a
        histogram of random numbers, or a heat map of the errors.
    expected, outcome : Observed or Raised
        What the reference and the student's code did.
    finding : Finding
        What is wrong with that.
    """
    if isinstance(expected, Raised) or not isinstance(outcome, Observed):
        return None
    found = _leaf(expected.tree, outcome.tree, finding.where) if finding.kind in SHOWN else None
    if found is None:
        return None
    name, wanted, got = found
    if isinstance(wanted, Sample):
        return _histogram(name, wanted, sampled(got))
    wanted, got = np.asarray(wanted), np.asarray(got)
    if (
        wanted.shape != got.shape
        or wanted.size < 2
        or {wanted.dtype.kind, got.dtype.kind} - {*"biuf"}
    ):
        return None
    shape, _, arguments = (kind or "").partition(":")
    special = {"curve": _curve, "trajectory": _trajectory}.get(shape)
    with np.errstate(all="ignore"):
        drawn = special and special(name, arguments, case, _floats(wanted), _floats(got))
        return drawn or _heat(name, _floats(wanted), _floats(got), finding)


def _leaf(expected: Any, got: Any, where: str) -> tuple[str, Any, Any] | None:
    """Return the output that a finding is about, with its name, in both observations."""
    for name, wanted, value in _leaf_pairs(expected, got, ""):
        if where == name or where.startswith(f"{name}["):
            return name, wanted, value
    return None


def _leaf_pairs(expected: Any, got: Any, name: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(expected, Mapping):
        for key in expected:
            inner = f"{name}[{key!r}]" if name else str(key)
            yield from _leaf_pairs(expected[key], got[key], inner)
    elif isinstance(expected, tuple | list):
        for index, (one, other) in enumerate(zip(expected, got, strict=True)):
            yield from _leaf_pairs(one, other, f"{name}[{index}]")
    else:
        yield name, expected, got


def _floats(array: Any) -> Any:
    return np.asarray(array, np.float64)


def _listed(array: Any) -> Any:
    """Return numbers as nested lists of few digits, with None for what cannot be drawn."""
    if np.ndim(array) > 1:
        return [_listed(each) for each in array]
    finite = (np.abs(array) < LARGEST).tolist()
    return [
        float(f"{each:.{DIGITS_SHOWN}g}") if fine else None
        for each, fine in zip(array.tolist(), finite, strict=True)
    ]


def _heat(name: str, wanted: Any, got: Any, finding: Finding) -> Picture | None:
    """Return the errors of an array, entry by entry or block by block."""
    off = np.where((got == wanted) | (np.isnan(got) & np.isnan(wanted)), 0.0, got - wanted)
    table = off.reshape(-1, off.shape[-1])
    if not np.any(np.abs(off) < LARGEST) or not np.any(np.nan_to_num(off)):
        return None
    high, wide = -(-len(table) // MOST_ROWS), -(-table.shape[1] // MOST_COLUMNS)
    least = 1e-9 * np.max(np.abs(wanted), initial=0.0, where=np.isfinite(wanted))
    close = np.isclose(got, wanted, rtol=1e-6, atol=least, equal_nan=True)
    count = max(int(np.sum(~close)), 1)
    words = (
        f"{count} of {off.size} entries {'is' if count == 1 else 'are'} off, most of all "
        f"{finding.where}."
    )
    if not np.all(np.abs(off) < LARGEST):
        words += " A crossed cell is one without a finite difference."
    if high * wide > 1:
        blocks = np.maximum.reduceat(np.abs(table), np.arange(0, len(table), high), axis=0)
        table = np.maximum.reduceat(blocks, np.arange(0, table.shape[1], wide), axis=1)
        words += f" Each cell shows the largest error in a block of {high} by {wide} entries."
    rows = {1: "", 2: "axis 0"}.get(off.ndim, f"axes 0 to {off.ndim - 2}, one after the other")
    series = {"off": _listed(table), "block": [high, wide]}
    labels = (f"axis {off.ndim - 1}" if off.ndim > 1 else "index", rows)
    return Picture("heat", f"{name}: yours minus expected", words, series, labels)


def _curve(name: str, arguments: str, case: Mapping[str, Any], wanted: Any, got: Any) -> Any:
    """Return an array as a function of an argument, if the eye can tell both curves apart."""
    across, _, over = arguments.partition("/")
    x = _floats(case[across])
    if over:
        wanted, got = wanted / _floats(case[over]), got / _floats(case[over])
        name = f"{name} / {over}"
    if x.shape != wanted.shape or x.size < 3 or not np.all(np.isfinite(wanted)):
        return None
    order = np.argsort(x, axis=None, kind="stable")[:: -(-x.size // MOST_POINTS)]
    x, wanted, got = (np.ravel(each)[order] for each in (x, wanted, got))
    off = np.where(np.isfinite(got), np.abs(got - wanted), np.inf)
    visible = off > VISIBLE * max(np.ptp(wanted), np.max(np.abs(wanted)))
    if not np.any(visible):
        return None
    worst = int(np.argmax(off))
    words = (
        f"{np.sum(visible)} of {x.size} points are off the right curve, most of all at {across} = "
        f"{x[worst]:.3g}: yours is {got[worst]:.3g}, expected {wanted[worst]:.3g}."
    )
    series = {"x": _listed(x), "expected": _listed(wanted), "yours": _listed(got)}
    return Picture("curve", f"{name} against {across}", words, series, (across, name))


def _trajectory(_: str, arguments: str, case: Mapping[str, Any], wanted: Any, got: Any) -> Any:
    """Return the path that the steps of an optimizer lead along, in the two widest directions."""
    start, *bowl = arguments.split(",")
    theta = _floats(case[start])
    if wanted.shape[1:] != theta.shape or theta.size < 2:
        return None
    ours, theirs = (_path(theta, steps[:MOST_POINTS]) for steps in (wanted, got))
    if not np.all(np.isfinite(ours)):
        return None
    apart = np.max(np.nan_to_num(np.abs(theirs - ours), nan=np.inf, posinf=np.inf), axis=0)
    first, second = sorted(np.argsort(-apart, kind="stable")[:2].tolist())
    shown = [first, second]
    steps = np.max(np.abs(theirs - ours)[:, shown], axis=1) <= VISIBLE * np.ptp(ours[:, shown])
    if np.all(steps):
        return None
    places = [
        f"({', '.join(f'{each:.3g}' for each in path[-1, shown])})" for path in (theirs, ours)
    ]
    words = (
        f"The paths part at step {int(np.argmin(steps))} of {len(wanted)}. In the end yours is at "
        f"{places[0]}, the right one at {places[1]}."
    )
    series = {"expected": _listed(ours[:, shown]), "yours": _listed(theirs[:, shown])}
    if bowl:
        words += " Both go down the same bowl, whose contours are drawn."
        matrix, target = (_floats(case[each]) for each in bowl)
        series |= _bowl(matrix, target, ours[-1].reshape(theta.shape), shown)
    names = [f"{start}[{', '.join(map(str, np.unravel_index(k, theta.shape)))}]" for k in shown]
    return Picture("trajectory", f"{start}: the path it takes", words, series, (names[0], names[1]))


def _path(start: Any, steps: Any) -> Any:
    """Return the places that steps lead to, as rows."""
    return np.cumsum(np.concatenate([start[None], steps]).reshape(len(steps) + 1, -1), axis=0)


def _bowl(matrix: Any, target: Any, at: Any, shown: Any) -> Mapping[str, Any]:
    """Return the loss of x with gradient ``matrix @ x - target`` around a place, in two axes."""
    if matrix.shape != (len(at), len(at)) or target.shape != at.shape:
        return {}
    slope = np.ravel(matrix @ at - target)
    curvature = np.kron(matrix, np.eye(at.size // len(matrix)))
    return {
        "at": _listed(np.ravel(at)[shown]),
        "slope": _listed(slope[shown]),
        "curvature": _listed(curvature[np.ix_(shown, shown)]),
    }


def _histogram(name: str, wanted: Sample, got: Any) -> Picture | None:
    """Return how random numbers are distributed, and how they should be."""
    if not isinstance(got, Sample) or not (wanted.finite and got.finite):
        return None
    both = np.concatenate([wanted.quantiles, got.quantiles])
    edges = np.histogram_bin_edges(both, BINS)
    shares = [np.histogram(each.quantiles, edges)[0] / LEVELS for each in (wanted, got)]
    if np.max(np.abs(np.cumsum(shares[0] - shares[1]))) < VISIBLE:
        return None  # they differ in what no histogram shows
    words = (
        f"Your numbers have a mean of {got.mean:.3g} and a standard deviation of {got.std:.3g}; "
        f"the right ones have {wanted.mean:.3g} and {wanted.std:.3g}."
    )
    series = {"edges": _listed(edges), "expected": _listed(shares[0]), "yours": _listed(shares[1])}
    title = f"{name}: how the numbers are distributed"
    return Picture("histogram", title, words, series, (name, "share of the numbers"))
