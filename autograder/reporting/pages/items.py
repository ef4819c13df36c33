r"""Classical statistics of items: how hard each is, and how well it agrees with the others.

Everything follows from the covariance matrix of the items' scores, which is gathered one result at
a time, so a class of thousands needs no more memory than one of ten.

With :math:`C` the covariance matrix and :math:`k` items:

.. math::

    r_i = \frac{\sum_{j \ne i} C_{ij}}{\sqrt{C_{ii} \sum_{j, l \ne i} C_{jl}}}, \qquad
    \alpha = \frac{k}{k - 1} \left(1 - \frac{\sum_i C_{ii}}{\sum_{ij} C_{ij}}\right)

References
----------
.. [1] L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16,
   1951.
.. [2] R. L. Ebel, D. A. Frisbie, "Essentials of Educational Measurement", 5th edition, 1991.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# A variance that is a smaller share than this of those it is the sum of comes from rounding.
NEGLIGIBLE = 1e-12


@dataclass(frozen=True)
class Item:
    """The statistics of one exercise or check.

    Attributes
    ----------
    facility : float
        The mean share of its points, between 0 and 1.
    rest : float or None
        The correlation of its score with the sum of all others; None if one of the two is the same
        for everybody.
    alpha_without : float or None
        Cronbach's alpha of the other items; None if it isn't defined.
    """

    facility: float
    rest: float | None
    alpha_without: float | None


@dataclass(frozen=True)
class Reliability:
    """The statistics of all items together.

    Attributes
    ----------
    count : int
        How many results they are of.
    alpha : float or None
        None for fewer than two items, or where all have the same score.
    """

    count: int
    alpha: float | None
    items: tuple[Item, ...]


class Scores:
    """Gathers the items' scores of one result after the other.

    Parameters
    ----------
    points : sequence of float
        What each item is worth.

    Examples
    --------
    >>> scores = Scores([2.0, 2.0, 1.0])
    >>> for each in ([2, 2, 1], [0, 1, 0], [2, 1, 1]):
    ...     scores.add(each)
    >>> found = scores.reliability()
    >>> round(found.alpha, 3), round(found.items[0].rest, 3)
    (0.808, 0.866)
    """

    def __init__(self, points: Sequence[float]) -> None:
        self._points = np.array(points, dtype=float)
        self._count = 0
        self._mean = np.zeros(len(points))
        self._products = np.zeros((len(points), len(points)))

    def add(self, scores: Sequence[float]) -> None:
        """Count one more result; see Welford, Technometrics 4, 1962."""
        self._count += 1
        before = np.array(scores, dtype=float) - self._mean
        self._mean += before / self._count
        self._products += np.outer(before, before) * (self._count - 1) / self._count

    def reliability(self) -> Reliability:
        """Return the statistics of what was added so far."""
        shares = np.divide(
            self._mean, self._points, out=np.ones_like(self._mean), where=self._points > 0
        )
        spread = self._products / max(1, self._count - 1)
        items = tuple(
            Item(float(share), _item_rest(spread, place), _alpha(_without(spread, place)))
            for place, share in enumerate(shares)
        )
        return Reliability(self._count, _alpha(spread), items)


def _without(spread: Floats, place: int) -> Floats:
    """Return the covariances of the other items."""
    kept = np.arange(len(spread)) != place
    return spread[np.ix_(kept, kept)]


def _alpha(spread: Floats) -> float | None:
    """Return Cronbach's alpha of items with these covariances."""
    count, total = len(spread), _total(spread)
    if count < 2 or total == 0:
        return None
    return float(count / (count - 1) * (1 - np.trace(spread) / total))


def _item_rest(spread: Floats, place: int) -> float | None:
    """Return the correlation of one item with the sum of the others."""
    own, rest = float(spread[place, place]), _total(_without(spread, place))
    if own == 0 or rest == 0:
        return None
    shared = float(spread[place].sum()) - own
    return max(-1.0, min(1.0, shared / math.sqrt(own * rest)))


def _total(spread: Floats) -> float:
    """Return the variance of the sum; 0 where only rounding makes it differ from 0."""
    total = float(spread.sum())
    return 0.0 if total <= NEGLIGIBLE * float(np.trace(spread)) else total
