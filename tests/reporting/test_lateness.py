"""Lateness: what a table of dates says, and what holds for all dates."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reporting.lateness import begun, lateness
from autograder.terms import Late, Terms

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 12, 1, 23, 59, 59, tzinfo=BERLIN)
TEN = Late(percent=10)


def at(day, hour=12, minute=0, second=0):
    return datetime(2026, 12, day, hour, minute, second, tzinfo=BERLIN)


def late(late=TEN, submitted=None, days_left=0, **terms):
    return lateness(Terms(DUE, late=late, **terms), "ann", submitted, days_left)


# terms of lateness, time of submission, free days; percent off, and the reason
TABLE = [
    (TEN, at(1), 0, 0, ""),
    (TEN, at(1, 23, 59, 59), 0, 0, ""),
    (TEN, at(2, 0), 0, 10, "1 day late: -10 %"),
    (TEN, at(2, 23, 59, 59), 0, 10, "1 day late: -10 %"),
    (TEN, at(3, 0), 0, 20, "2 days late: -20 %"),
    (TEN, at(20), 0, 100, "19 days late: -100 %"),
    (Late(10, at_most=50), at(20), 0, 50, "19 days late: -50 %"),
    (Late(10, of="score"), at(3), 0, 20, "2 days late: -20 % of the score"),
    (Late(2.5, "hour"), at(2, 3), 0, 10, "4 hours late: -10 %"),
    (Late(0.5, "hour"), at(2, 0), 0, Decimal("0.5"), "1 hour late: -0.5 %"),
    (Late(), at(3), 0, 0, "2 days late"),
    (Late(10, grace_minutes=15), at(2, 0, 14), 0, 0, "within the time of grace"),
    (Late(10, grace_minutes=15), at(2, 0, 15), 0, 10, "1 day late: -10 %"),
    (Late(10, grace_minutes=15), at(3, 0, 14), 0, 10, "1 day late: -10 %"),
    (TEN, at(3), 1, 10, "2 days late, 1 free day used: -10 %"),
    (TEN, at(3), 5, 0, "2 days late, 2 free days used"),
    (Late(1, "hour"), at(3, 1), 1, 2, "26 hours late, 1 free day used: -2 %"),
    (Late(), at(3), 5, 0, "2 days late"),
    (TEN, None, 5, 0, "time of submission unknown, taken as in time"),
]


@pytest.mark.parametrize(("terms", "submitted", "days_left", "percent", "reason"), TABLE)
def test_what_lateness_costs_and_why(terms, submitted, days_left, percent, reason):
    found = late(terms, submitted, days_left)
    assert (found.percent, found.reason, found.accepted) == (percent, reason, True)


@pytest.mark.parametrize(("days", "accepted"), [(0, False), (6, False), (7, True), (None, True)])
def test_work_is_accepted_for_so_many_days(days, accepted):
    found = late(Late(10, accept_days=days), at(8, 23, 59), days_left=9)
    assert found.accepted is accepted
    assert accepted or (found.reason, found.days_used) == ("7 days late: not accepted", 0)


def test_work_in_time_is_accepted_where_no_late_work_is():
    assert late(Late(accept_days=0), at(1)).accepted


def test_an_extension_moves_every_limit_of_one_student():
    terms = {"late": Late(10, accept_days=1), "extensions": {"ann": DUE + timedelta(days=2)}}
    assert late(submitted=DUE, **terms).reason == ""
    assert late(submitted=at(3), **terms).reason == "extension to 2026-12-03 23:59"
    found = late(submitted=at(4), **terms)
    assert found.reason == "extension to 2026-12-03 23:59, 1 day late: -10 %"
    assert found.accepted
    other = lateness(Terms(DUE, **terms), "bob", at(3))
    assert (other.accepted, other.reason) == (False, "2 days late: not accepted")


def test_nothing_is_late_where_nothing_is_due():
    assert lateness(Terms(late=TEN), "ann", at(3)).hours is None
    assert lateness(Terms(late=TEN), "ann", None).reason == ""


def test_hours_tell_how_late_it_was_also_within_the_grace():
    assert late(Late(10, grace_minutes=30), at(2, 0, 14, 59)).hours == 0.25
    assert late(submitted=at(1)).hours == 0
    assert late(submitted=None).hours is None


@pytest.mark.parametrize(("month", "day", "hours"), [(10, 24, 25), (3, 28, 23)])
def test_a_day_lasts_to_the_same_time_of_day_when_the_clocks_change(month, day, hours):
    due = datetime(2026, month, day, 23, 59, tzinfo=BERLIN)
    next_day = (due + timedelta(days=1)).astimezone(UTC)
    assert next_day - due.astimezone(UTC) == timedelta(hours=hours)
    assert begun(due, next_day) == 1
    assert begun(due, next_day + timedelta(seconds=1)) == 2
    assert begun(due, next_day, "hour") == hours


@pytest.mark.parametrize(
    ("month", "day", "in_time", "too_late"),
    [
        (
            10,
            24,
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
            datetime(2026, 10, 25, 1, 31, tzinfo=UTC),
        ),
        (3, 28, datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 31, tzinfo=UTC)),
    ],
)
def test_a_day_that_ends_while_the_clocks_change_ends_at_the_later_time(
    month, day, in_time, too_late
):
    due = datetime(2026, month, day, 2, 30, tzinfo=BERLIN)
    assert (begun(due, in_time), begun(due, too_late)) == (1, 2)


def test_a_due_date_in_the_first_of_two_equal_hours_is_there_and_not_an_hour_later():
    due = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=0)  # 00:30 UTC
    assert begun(due, datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == 0
    assert begun(due, datetime(2026, 10, 25, 1, 0, tzinfo=UTC)) == 1


def test_the_last_second_lasts_to_its_end():
    assert late(submitted=at(1, 23, 59, 59) + timedelta(microseconds=999_999)).percent == 0


def test_the_time_zone_of_the_submission_does_not_matter():
    submitted = at(2, 3)
    for zone in (UTC, ZoneInfo("Asia/Kolkata"), ZoneInfo("America/St_Johns")):
        assert late(Late(1, "hour"), submitted.astimezone(zone)) == late(Late(1, "hour"), submitted)


# All of 2026 and 2027 to the second, so that every change of clocks is met.
moments = st.integers(0, 2 * 365 * 86400).map(
    lambda second: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
near = st.integers(-40 * 3600, 200 * 3600).map(lambda second: timedelta(seconds=second))
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
lates = st.builds(
    Late,
    percent=st.integers(0, 400).map(lambda each: each / 4),
    per=st.sampled_from(["day", "hour"]),
    of=st.sampled_from(["points", "score"]),
    at_most=st.integers(0, 100),
    grace_minutes=st.integers(0, 100),
    accept_days=st.none() | st.integers(0, 5),
)


@given(moments, zones, lates, near, near, st.integers(0, 4))
def test_later_never_costs_less(due, zone, late, first, second, days_left):
    terms = Terms(due.astimezone(ZoneInfo(zone)), late=late)
    early, after = (
        lateness(terms, "ann", due + each, days_left) for each in sorted((first, second))
    )
    assert early.accepted >= after.accepted
    assert early.hours <= after.hours
    if after.accepted:
        assert early.percent <= after.percent
        assert early.days_used <= after.days_used


@given(moments, zones, lates, near, st.integers(0, 4))
def test_a_penalty_is_a_percentage_and_on_time_is_free(due, zone, late, after, days_left):
    found = lateness(
        Terms(due.astimezone(ZoneInfo(zone)), late=late), "ann", due + after, days_left
    )
    assert 0 <= found.percent <= late.at_most
    assert 0 <= found.days_used <= days_left
    if after <= timedelta(minutes=late.grace_minutes):
        assert (found.percent, found.accepted, found.days_used) == (0, True, 0)
    else:
        assert found.reason


@given(moments, zones, lates, near, st.integers(0, 3))
def test_a_free_day_never_costs_anything(due, zone, late, after, days_left):
    terms = Terms(due.astimezone(ZoneInfo(zone)), late=late)
    with_more, with_less = (
        lateness(terms, "ann", due + after, days) for days in (days_left + 1, days_left)
    )
    assert with_more.percent <= with_less.percent


@given(moments, zones, near)
def test_the_days_that_have_begun_are_those_that_a_calendar_counts(due, zone, after):
    """Counted day by day, as a person would."""
    local = due.astimezone(ZoneInfo(zone))
    submitted, count, ends = due + after, 0, due
    while ends < submitted:
        count += 1
        shown = local.replace(tzinfo=None) + timedelta(days=count)
        ends = max(shown.replace(tzinfo=local.tzinfo, fold=fold).astimezone(UTC) for fold in (0, 1))
    assert begun(local, submitted) == count
