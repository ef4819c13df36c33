"""From ``grading.yml`` to the terms of each assignment: its own sections over the course's."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from autograder.config import FILE, AssignmentConfig, CourseConfig, Lines, Location, read_config
from autograder.errors import CourseError, Problem
from autograder.model import Limits
from autograder.roster import read_roster
from autograder.sections import LimitsConfig, Section
from autograder.terms import Attempts, Late, Policy, Rounding, Terms

Value = TypeVar("Value")


def load_policy(root: Path) -> Policy:
    """Read the terms of the course in folder `root`, and nothing else of it.

    Raises
    ------
    UsageError
        If there is no course, or not the roster that it names.
    CourseError
        With every problem of ``grading.yml``.
    """
    policy, problems = policy_of(root, *read_config(root))
    if problems:
        raise CourseError(problems)
    return policy


def policy_at(root: Path) -> Policy:
    """Return the terms of the course in a folder; where there is none, nothing is due."""
    return load_policy(root) if (root / FILE).is_file() else Policy({}, 0, UTC, None)


def policy_of(root: Path, config: CourseConfig, lines: Lines) -> tuple[Policy, list[Problem]]:
    """Return the terms that ``grading.yml`` sets, and what is wrong with them."""
    roster = read_roster(root / config.roster) if config.roster else None
    policy = Policy({}, config.late_days, ZoneInfo(config.timezone), roster)
    terms = {name: _terms(config, own, policy) for name, own in config.assignments.items()}
    problems = [
        lines.problem(("assignments", name, *where), message)
        for name, own in config.assignments.items()
        for where, message in _problems(own, terms[name], policy)
    ]
    return replace(policy, terms=terms), problems


def limits_of(config: CourseConfig, own: LimitsConfig | None = None) -> Limits:
    """Return the limits of the course, or of an assignment that sets some of them itself."""
    return _merged(Limits, config.limits, own)


def _terms(config: CourseConfig, own: AssignmentConfig, policy: Policy) -> Terms:
    zone = policy.zone
    return Terms(
        due=_at(own.due, zone) if own.due else None,
        extensions={policy.person(name): _at(due, zone) for name, due in own.extensions.items()},
        late=_merged(Late, config.late, own.late),
        attempts=_merged(Attempts, config.attempts, own.attempts),
        rounding=_merged(Rounding, config.rounding, own.rounding),
        hidden_checks=own.hidden_checks or config.hidden_checks,
    )


def _merged(kind: Callable[..., Value], base: Section, own: Section | None) -> Value:
    """Return the values of a section; what an assignment's own does not set is the course's."""
    return kind(**(base.model_dump() | (own.model_dump(exclude_unset=True) if own else {})))


def _at(moment: datetime, zone: tzinfo) -> datetime:
    """Return a time in the zone of the course; of two that the clock shows alike, the later."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone, fold=1)
    return moment.astimezone(zone)


def _problems(
    own: AssignmentConfig, terms: Terms, policy: Policy
) -> Iterator[tuple[Location, str]]:
    if own.due and _skipped(own.due, policy.zone):
        yield ("due",), "the clocks are put forward over that time: it does not exist"
    if own.extensions and not own.due:
        yield ("extensions",), "there is no due date to extend"
    people: dict[str, str] = {}
    for name, due in own.extensions.items():
        where = ("extensions", name)
        if _skipped(due, policy.zone):
            yield where, "the clocks are put forward over that time: it does not exist"
        if terms.due and _at(due, policy.zone) < terms.due:
            yield where, f"the extension of {name!r} ends before the due date"
        if policy.roster:
            yield from ((where, sentence) for sentence in policy.roster.doubtful([name]))
        other = people.setdefault(policy.person(name), name)
        if other != name:
            yield where, f"{name!r} is the same student as {other!r}"


def _skipped(moment: datetime, zone: tzinfo) -> bool:
    """Return whether no clock of the zone ever shows that time."""
    if moment.tzinfo is not None:
        return False
    shown = _at(moment, zone).astimezone(UTC).astimezone(zone)
    return shown.replace(tzinfo=None) != moment
