"""The terms on which a submission counts: dates, lateness, attempts, rounding. Values only.

None of them changes what a submission earns; they are applied to scores that are there already.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal, get_args

from autograder.roster import Roster, Student

Unit = Literal["day", "hour"]
Base = Literal["points", "score"]
Counts = Literal["latest", "best", "first"]
RoundingMode = Literal["half_up", "half_even", "up", "down"]
Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
VISIBILITIES: tuple[Visibility, ...] = get_args(Visibility)


@dataclass(frozen=True)
class Late:
    """What lateness costs.

    Attributes
    ----------
    percent : float
        Taken off for each day or hour that has begun.
    per : {'day', 'hour'}
        The unit of lateness.
    of : {'points', 'score'}
        What the percentage is of: what the assignment is worth, or what was earned.
    at_most : float
        Percentage that lateness never exceeds.
    grace_minutes : float
        Time after every limit that still belongs to it.
    accept_days : int or None
        Days after the due date in which work is accepted; None for ever.
    """

    percent: float = 0.0
    per: Unit = "day"
    of: Base = "points"
    at_most: float = 100.0
    grace_minutes: float = 0.0
    accept_days: int | None = None


@dataclass(frozen=True)
class Attempts:
    """Which of several submissions counts, of the first `most` of them."""

    counts: Counts = "latest"
    most: int | None = None


@dataclass(frozen=True)
class Rounding:
    """How a final score is rounded."""

    decimals: int = 2
    mode: RoundingMode = "half_up"


@dataclass(frozen=True)
class Terms:
    """The terms of one assignment.

    Attributes
    ----------
    due : datetime or None
        In the time zone of the course.
    extensions : mapping of str to datetime
        Later due dates, by person.
    hidden_checks : {'hidden', 'after_due_date', 'after_published', 'visible'}
        When students see what became of hidden checks, in the words of Gradescope.
    """

    due: datetime | None = None
    extensions: Mapping[str, datetime] = field(default_factory=dict)
    late: Late = Late()
    attempts: Attempts = Attempts()
    rounding: Rounding = Rounding()
    hidden_checks: Visibility = "hidden"

    def due_for(self, person: str) -> datetime | None:
        """Return when the work of one person is due."""
        return self.extensions.get(person, self.due)


@dataclass(frozen=True)
class Policy:
    """The terms of all assignments, and what they share.

    Attributes
    ----------
    late_days : int
        Days of lateness that each person has free, in all assignments together.
    zone : tzinfo
        The time zone of the course.
    roster : Roster or None
        The students, if there is a list of them.
    """

    terms: Mapping[str, Terms]
    late_days: int
    zone: tzinfo
    roster: Roster | None

    def person(self, name: str) -> str:
        """Return the id in the roster of who handed in as `name`, or else the name itself."""
        student = self.roster.find(name).student if self.roster else None
        return student.id if student else unicodedata.normalize("NFC", name)

    def students(self, names: Iterable[str]) -> dict[str, Student]:
        """Return the line of the roster of each name that means exactly one student."""
        if self.roster is None:
            return {}
        found = ((name, self.roster.find(name).student) for name in names)
        return {name: student for name, student in found if student is not None}

    def hidden_checks(self, assignment: str) -> Visibility:
        """Return when students see hidden checks; without terms of its own, never."""
        return self.terms.get(assignment, Terms()).hidden_checks

    def in_order(self) -> Iterator[tuple[str, Terms]]:
        """Yield assignments with their terms by due date; those without one come last."""
        never = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
        yield from sorted(self.terms.items(), key=lambda item: item[1].due or never)
