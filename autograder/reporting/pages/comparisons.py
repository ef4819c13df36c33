"""What a report says of the changes since an earlier run: by submission, and by check."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.reporting.exports.compare import Change

Standing = str | float | None  # a score, or the status of what has none


@dataclass
class Changed:
    """All that is different about one submission.

    Attributes
    ----------
    before, after : float, str or None
        The score, or the status of what has none; both None if they are the same.
    verdicts : int
        How many checks have another verdict.
    again : bool
        Whether another notebook was handed in.
    what : str
        ``new`` or ``vanished``, or else empty.
    """

    assignment: str
    student: str
    before: Standing = None
    after: Standing = None
    verdicts: int = 0
    again: bool = False
    what: str = ""

    @property
    def difference(self) -> float | None:
        """By how much the score changed."""
        if isinstance(self.before, float | int) and isinstance(self.after, float | int):
            return round(self.after - self.before, 2)
        return None


@dataclass
class Comparison:
    """The changes of a class.

    Attributes
    ----------
    passing, failing : Counter
        How many results pass a check, by assignment and name, that they did not pass before, and
        the other way round.
    """

    submissions: dict[tuple[str, str], Changed] = field(default_factory=dict)
    passing: Counter[tuple[str, str]] = field(default_factory=Counter)
    failing: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def checks(self) -> list[tuple[str, str, int, int]]:
        """Checks that changed, with how many newly pass and fail; most changes first."""
        total = self.passing + self.failing
        order = sorted(total, key=lambda each: (-total[each], each))
        return [(*each, self.passing[each], self.failing[each]) for each in order]

    def differences(self) -> list[float]:
        """Return by how much scores changed, of those that did."""
        found = (each.difference for each in self.submissions.values())
        return [each for each in found if each]


def compared(changes: Iterable[Change]) -> Comparison:
    """Return changes by submission and by check."""
    found = Comparison()
    for change in changes:
        key = (change.assignment, change.student)
        _add(found, found.submissions.setdefault(key, Changed(*key)), change)
    return found


def _add(found: Comparison, changed: Changed, change: Change) -> None:
    if change.what == "submission":
        changed.again = True
    elif change.what == "verdict":
        changed.verdicts += 1
        where = (change.assignment, change.where)
        found.passing[where] += change.after == "passed"
        found.failing[where] += change.before == "passed"
    elif change.what in {"new", "vanished"}:
        changed.what, changed.before, changed.after = change.what, change.before, change.after
    else:  # the status, then the score; where there is no score the status stays
        changed.before = changed.before if change.before is None else change.before
        changed.after = changed.after if change.after is None else change.after
