"""How a class did in one assignment, in a few figures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles

BINS = 10


@dataclass(frozen=True)
class Standing:
    """The scores of an assignment; of what was not graded there is only the number.

    Attributes
    ----------
    full : int
        Submissions with full marks.
    mean, lower, median, upper : float
        Of the scores that there are, with the quartiles below and above the median; 0 without any.
    counts : tuple of int
        Scores in each tenth of the points, from the lowest; full marks belong to the highest.
    """

    graded: int
    review: int
    full: int
    mean: float
    lower: float
    median: float
    upper: float
    counts: tuple[int, ...]


def standing(scores: Sequence[tuple[float | None, float]]) -> Standing:
    """Return the standing of a class.

    Parameters
    ----------
    scores : sequence of (float or None, float)
        The score of each submission, None if it was not graded, and the points that there are.

    Examples
    --------
    >>> standing([(4, 4), (3, 4), (1, 4), (None, 4)]).median
    3.0
    """
    known = [(score, points) for score, points in scores if score is not None]
    tenths = Counter(_tenth(score, points) for score, points in known)
    lower, median, upper = _quartiles([score for score, _ in known])
    return Standing(
        graded=len(known),
        review=len(scores) - len(known),
        full=sum(score >= points for score, points in known),
        mean=fmean(score for score, _ in known) if known else 0.0,
        lower=lower,
        median=median,
        upper=upper,
        counts=tuple(tenths[place] for place in range(BINS)),
    )


def _tenth(score: float, points: float) -> int:
    share = score / points if points else 1.0
    return min(int(share * BINS + 1e-9), BINS - 1)  # 0.3 of 1 is the tenth from 0.3 on


def _quartiles(scores: Sequence[float]) -> list[float]:
    """Return the quartiles of a whole class, which is no sample of anything."""
    several = [*scores, *scores] if len(scores) == 1 else scores
    return quantiles(several, n=4, method="inclusive") if several else [0.0] * 3
