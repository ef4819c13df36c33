"""How late a submission is, and what that costs: arithmetic on dates, nothing else.

Hours are elapsed time. A day lasts to the same time of day by the clock of the course, so one on
which the clocks change has 23 or 25 hours, and whoever hands in the next day at the same time is
one day late.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from autograder.terms import Late, Terms

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True)
class Lateness:
    """What lateness means for one submission.

    Attributes
    ----------
    hours : float or None
        Since the due date, which may be an extended one; 0 on time, None if nothing is due or the
        time is not known.
    percent : Decimal
        Taken off.
    days_used : int
        Free days of lateness that the submission takes up.
    accepted : bool
        Whether it came in time to count at all.
    reason : str
        All of that, as a sentence for whoever asks; empty if there is nothing to say.
    """

    hours: float | None = None
    percent: Decimal = Decimal(0)
    days_used: int = 0
    accepted: bool = True
    reason: str = ""


def lateness(
    terms: Terms, person: str, submitted_at: datetime | None, days_left: int = 0
) -> Lateness:
    """Return what lateness means for a submission.

    Parameters
    ----------
    person : str
        Who handed it in; some have more time.
    submitted_at : datetime or None
        With a time zone. A time that is not known counts as in time, with a remark.
    days_left : int
        Free days of lateness that the person has left.
    """
    due = terms.due_for(person)
    if due is None:
        return Lateness()
    if submitted_at is None:
        return Lateness(reason="time of submission unknown, taken as in time")
    submitted = submitted_at.astimezone(UTC).replace(microsecond=0)
    hours = max(0.0, round((submitted - due.astimezone(UTC)) / HOUR, 2))
    remarks = _extension(terms, person, submitted)
    ends = _later(due, timedelta(minutes=terms.late.grace_minutes))
    days = begun(ends, submitted)
    if not days:
        remarks += ["within the time of grace"] if hours else []
        return Lateness(hours, reason=", ".join(remarks))
    late = terms.late
    if late.accept_days is not None and days > late.accept_days:
        return Lateness(hours, accepted=False, reason=f"{_count(days, 'day')} late: not accepted")
    days_used = min(days, days_left) if late.percent else 0
    percent = _percent(late, begun(_after(ends, days_used), submitted, late.per))
    text = f"{_count(begun(ends, submitted, late.per), late.per)} late"
    if days_used:
        text += f", {_count(days_used, 'free day')} used"
    if percent:
        text += f": -{percent.normalize():f} %{' of the score' if late.of == 'score' else ''}"
    return Lateness(hours, percent, days_used, reason=", ".join([*remarks, text]))


def _percent(late: Late, units: int) -> Decimal:
    return min(Decimal(str(late.percent)) * units, Decimal(str(late.at_most)))


def begun(ends: datetime, submitted: datetime, per: str = "day") -> int:
    """Return how many days or hours have begun between a limit and a time after it."""
    elapsed = submitted - ends.astimezone(UTC)
    if per == "hour":
        return max(0, -(-elapsed // HOUR))
    days = max(0, elapsed // DAY)
    while _after(ends, days).astimezone(UTC) < submitted:
        days += 1
    return days


def _after(moment: datetime, days: int) -> datetime:
    """Return the same time of day so many days later; where the clocks change, the later one."""
    if not days:
        return moment
    shown = moment + days * DAY  # by the clock: the offset from UTC may be another one
    return max((shown.replace(fold=fold) for fold in (0, 1)), key=lambda each: each.astimezone(UTC))


def _later(moment: datetime, time: timedelta) -> datetime:
    """Return the moment after that much elapsed time, in the same time zone."""
    return (moment.astimezone(UTC) + time).astimezone(moment.tzinfo)


def _extension(terms: Terms, person: str, submitted: datetime) -> list[str]:
    """Mention an extension where it makes a difference."""
    extended = terms.extensions.get(person)
    if extended is None or terms.due is None or submitted <= terms.due.astimezone(UTC):
        return []
    return [f"extension to {extended:%Y-%m-%d %H:%M}"]


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
