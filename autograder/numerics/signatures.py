"""Recognise an observation by a few numbers, without keeping it.

A student's notebook names a misconception as the batch grader does, but must not hold the mutants.
It holds the signature of what each does in a public check: a hash of everything that is compared
exactly (structure, whole numbers, exceptions, where NaN stands), and two projections of all floats,
each in units of the expected value. Two outcomes that the comparison cannot tell apart have the
same hash and nearly the same projections; how nearly follows from the tolerance of the check.

Like `autograder.numerics.compare`, this module is embedded in every student's notebook.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.numerics.compare import Observed, Raised
from autograder.numerics.samples import Sample

Outcome = Observed | Raised
Expected = tuple[Outcome, Sequence[Any]]  # on one case, with its scales
Signature = Sequence[Any]  # hash, two projections, moments of each random array: survives JSON

FLOOR = 1e-3  # of the largest expected entry: what is smaller is weighed as if it were this large
EXACT = 1e-12  # relative tolerance of a check that compares exactly
SIGMAS = 8.0  # by which moments of two random arrays may differ


@dataclass
class Trace:
    """What a signature is made of, gathered over all cases of a check.

    Attributes
    ----------
    words : list of str
        All that is compared exactly.
    projection : complex
        Sum of the floats, each in units of what is expected and turned by an angle of its own.
    spread : float
        Sum of the squares of their tolerances, in units of the check's.
    moments : list
        Of the random arrays: number of entries, mean, standard deviation, kurtosis.
    """

    words: list[str] = field(default_factory=list)
    projection: complex = 0j
    spread: float = 0.0
    count: int = 0
    moments: list[list[float]] = field(default_factory=list)

    def add(self, path: str, array: Any, wanted: Any, scale: Any) -> None:
        """Add an array of floats, with the expected one and its scale if that has its shape."""
        finite = np.isfinite(array)
        odd = [f"{n}:{array.flat[n]}" for n in np.flatnonzero(~finite)]
        self.words.append(f"{path} {array.shape} {' '.join(odd)}")
        values = np.where(finite, array, 0.0).astype(float)
        expected = np.abs(np.where(np.isfinite(wanted), wanted, 0.0)) + scale
        largest = float(np.max(expected, initial=0.0))
        unit = expected + FLOOR * largest if largest else np.ones(array.shape)
        angles = np.arange(self.count, self.count + array.size).reshape(array.shape) + 1.0
        self.count += array.size
        self.projection += complex(np.sum(values / unit * np.exp(1j * angles * (2.4 + angles))))
        self.spread += float(np.sum(((np.abs(values) + scale) / unit) ** 2))

    def digest(self) -> str:
        """Return a short hash of the words."""
        text = "\n".join(self.words)
        return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:8]


def trace(expected: Iterable[Expected], outcomes: Iterable[Outcome]) -> Trace:
    """Gather what a subject did on all cases of a check."""
    gathered = Trace()
    with np.errstate(all="ignore"):  # what overflows is like nothing
        for (wanted, scales), outcome in zip(expected, outcomes, strict=True):
            if isinstance(outcome, Raised):
                gathered.words.append(f"raised {' '.join(outcome.types[:1])}")
            else:
                _gather(gathered, _known(wanted, scales), outcome.tree)
    return gathered


def signature(expected: Iterable[Expected], outcomes: Iterable[Outcome], eta: float) -> Signature:
    """Return what an observation is recognised by.

    Parameters
    ----------
    expected, outcomes : iterable
        One for each case: the reference's outcome with its scales, and the subject's.
    eta : float
        Tolerance of the check, 0 where it compares exactly.
    """
    own = trace(expected, outcomes)
    slack = (eta or EXACT) * math.sqrt(own.spread)
    digits = 1 - math.floor(math.log10(slack)) if 0 < slack < math.inf else 0
    parts = (own.projection.real, own.projection.imag)
    return [own.digest(), *(round(part, digits) for part in parts), *own.moments]


def is_like(
    known: Signature, expected: Iterable[Expected], outcomes: Iterable[Outcome], eta: float
) -> bool:
    """Return whether outcomes are what a signature was made of, within the tolerance."""
    digest, real, imaginary, *moments = known
    own = trace(expected, outcomes)
    if own.digest() != digest:
        return False
    slack = (eta or EXACT) * math.sqrt(own.spread)
    near = max(abs(own.projection.real - real), abs(own.projection.imag - imaginary))
    return near <= 1.1 * slack < math.inf and all(map(_alike, moments, own.moments))


def _gather(gathered: Trace, known: Mapping[str, tuple[Any, Any]], tree: Any) -> None:
    for path, leaf in sorted(_leaves(tree), key=lambda each: each[0]):
        if isinstance(leaf, Sample):
            gathered.words.append(f"{path} {leaf.shape} {leaf.finite}")
            gathered.moments.append([leaf.size, leaf.mean, leaf.std, leaf.kurtosis])
        elif isinstance(leaf, np.ndarray | np.generic | int | float | complex):
            array = np.asarray(leaf)
            if array.dtype.kind == "c":
                array = np.stack([array.real, array.imag])
            if array.dtype.kind == "f" or (array.dtype.kind in "iu" and not array.ndim):
                wanted, scale = known.get(path, (0.0, 0.0))
                fits = np.shape(wanted) == array.shape
                gathered.add(path, array, *((wanted, scale) if fits else (0.0, 0.0)))
            else:
                entries = array.tolist() if array.dtype.kind in "biu" else ""
                gathered.words.append(f"{path} {array.shape} {array.dtype.kind} {entries}")
        else:
            gathered.words.append(
                f"{path} {leaf if isinstance(leaf, str) else type(leaf).__name__}"
            )


def _known(wanted: Outcome, scales: Sequence[Any]) -> dict[str, tuple[Any, Any]]:
    """Return the expected floats of a case and their scales, by their place."""
    if isinstance(wanted, Raised):
        return {}
    floats = [
        (path, np.asarray(leaf))
        for path, leaf in _leaves(wanted.tree)
        if not isinstance(leaf, Sample | str | bytes | None)
    ]
    floats = [(path, array) for path, array in floats if array.dtype.kind == "f"]
    scales = [*scales, *[0.0] * len(floats)]
    return {path: (array, scale) for (path, array), scale in zip(floats, scales, strict=False)}


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of an observation with their places, in the order of comparison."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from _leaves(value, f"{path}[{key!r}]")
    elif isinstance(tree, tuple | list):
        yield f"{path}#", str(len(tree))
        for index, value in enumerate(tree):
            yield from _leaves(value, f"{path}[{index}]")
    else:
        yield path, tree


def _alike(one: Sequence[float], other: Sequence[float]) -> bool:
    """Return whether two random arrays of one size have the same moments, but for chance."""
    size, mean, std, kurtosis = one
    error = SIGMAS * math.sqrt(2 / size)
    return (
        abs(other[1] - mean) <= error * max(std, other[2])
        and abs(other[2] - std) <= error * math.sqrt(max(kurtosis, other[3], 1.1) - 1) / 2 * std
    )
