"""The sections of ``grading.yml`` that the course has, and an assignment may have for itself."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from autograder.errors import did_you_mean
from autograder.terms import Base, Counts, RoundingMode, Unit

MOMENT = r"^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$"


class Section(BaseModel):
    """A part of ``grading.yml``: frozen, and without keys that mean nothing."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )


def _moment(value: Any) -> datetime:
    """Read a date, whose last minute is meant, or a time, which lasts to the end of its minute."""
    if isinstance(value, str) and re.match(MOMENT, value):
        try:
            value = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f"no time: {error}") from None
    if type(value) is date:
        value = datetime.combine(value, time(23, 59))
    if not isinstance(value, datetime):
        raise ValueError("expected a time like 2026-12-01 23:59, or a date")  # noqa: TRY004 - pydantic's rule
    return value if value.second else value.replace(second=59)


def _name(value: Any) -> Any:
    if isinstance(value, int):
        raise ValueError("YAML reads it as a number; put it in quotes")  # noqa: TRY004 - pydantic's rule
    return value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no key at all, or a folder of zones
        hint = did_you_mean(name, sorted(available_timezones()))
        raise ValueError(f"no time zone; use a name like Europe/Berlin.{hint}") from None
    return name


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": MOMENT, "examples": ["2026-12-01 23:59"]}),
]
Name = Annotated[str, BeforeValidator(_name)]
Zone = Annotated[str, AfterValidator(_zone)]
Percent = Annotated[float, Field(ge=0, le=100)]


class LimitsConfig(Section):
    """What one submission may use."""

    cell_seconds: float = Field(default=30.0, gt=0)
    """Wall time of one cell."""
    check_seconds: float = Field(default=10.0, gt=0)
    """Wall time of one check, on all its cases."""
    submission_seconds: float = Field(default=300.0, gt=0)
    """Wall time of everything together; checks that no longer fit are not passed."""
    memory_mb: int = Field(default=1024, ge=64)
    """Memory beyond that of an idle sandbox, in MB."""
    output_kb: int = Field(default=1024, ge=1)
    """Text that a notebook may write, in kB; the rest is discarded."""


class LateConfig(Section):
    """What lateness costs."""

    percent: Percent = 0.0
    """Taken off for each day or hour that has begun."""
    per: Unit = "day"
    """The unit of lateness. A day lasts to the same time of day, also when the clocks change."""
    of: Base = "points"
    """What the percentage is of: the points of the assignment, or the score that was earned."""
    at_most: Percent = 100.0
    """Percentage that lateness never exceeds."""
    grace_minutes: float = Field(default=0.0, ge=0, le=10_000)
    """Minutes after every limit that still belong to it."""
    accept_days: int | None = Field(default=None, ge=0, le=1000)
    """Days after the due date in which work is accepted; later work has 0. Without it, for ever."""


class AttemptsConfig(Section):
    """Which of several submissions of a student counts."""

    counts: Counts = "latest"
    """The latest, the best (after what lateness costs) or the first."""
    most: int | None = Field(default=None, ge=1)
    """Only the first so many submissions are considered."""


class RoundingConfig(Section):
    """How final scores are rounded."""

    decimals: int = Field(default=2, ge=0, le=4)
    """Decimals of a final score."""
    mode: RoundingMode = "half_up"
    """Which way; halves go up, or to the even neighbour. Never above the points."""
