"""From grading.yml to terms: what an assignment sets for itself, and times as the clock shows them."""

from datetime import UTC, datetime

import pytest

from autograder.errors import CourseError, UsageError
from autograder.model import Limits
from autograder.policy import load_policy
from autograder.terms import Attempts, Late, Rounding, Terms

COURSE = """
timezone: Europe/Berlin
late:
  percent: 10
  grace_minutes: 15
late_days: 2
attempts:
  counts: best
hidden_checks: after_published
"""
ROSTER = "id,name,email\nann,Ann Lee,ann.lee@uni.edu\nbob,Bob,bob@uni.edu\n"


@pytest.fixture
def terms(tiny):
    """Return the terms of the tiny assignment, with lines added to it and to the course."""

    def terms(own="", course=COURSE):
        tiny.edit("grading.yml", "seed: 7", f"seed: 7\n{course}")
        lines = "\n".join(f"    {line}" for line in own.splitlines())
        tiny.edit("grading.yml", "title: Tiny", f"title: Tiny\n{lines}")
        return load_policy(tiny.root).terms["a01_tiny"]

    return terms


def test_a_course_without_policy_has_no_dates_and_takes_nothing_off(tiny):
    policy = load_policy(tiny.root)
    assert policy.terms["a01_tiny"] == Terms()
    assert (policy.late_days, policy.roster) == (0, None)


def test_an_assignment_changes_only_what_it_names(terms):
    own = terms("late:\n  percent: 50\nrounding:\n  decimals: 0\nhidden_checks: visible")
    assert own.late == Late(percent=50, grace_minutes=15)
    assert own.attempts == Attempts("best")
    assert own.rounding == Rounding(0)
    assert own.hidden_checks == "visible"


def test_an_assignment_may_set_back_what_the_course_sets(terms):
    assert terms("late:\n  percent: 0").late == Late(percent=0, grace_minutes=15)


def test_an_empty_section_is_that_of_the_course(terms):
    assert terms("late:").late == Late(percent=10, grace_minutes=15)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-01 23:59", datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)),
        ("2026-12-01T23:59:30", datetime(2026, 12, 1, 22, 59, 30, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)),
        ('"2026-12-01"', datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)),
        ("2026-07-01 12:00", datetime(2026, 7, 1, 10, 0, 59, tzinfo=UTC)),
        ("2026-12-01 23:59:00-08:00", datetime(2026, 12, 2, 7, 59, 59, tzinfo=UTC)),
        ("2026-12-01 22:59Z", datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 1, 30, 59, tzinfo=UTC)),  # the second of two
    ],
)
def test_a_due_date_is_read_by_the_clock_of_the_course(terms, written, meant):
    due = terms(f"due: {written}").due
    assert due.astimezone(UTC) == meant
    assert str(due.tzinfo) == "Europe/Berlin"


def test_an_extension_is_found_by_every_name_of_a_student(tiny, terms):
    tiny.write("roster.csv", ROSTER)
    own = "due: 2026-12-01\nextensions:\n  ANN.LEE@uni.edu: 2026-12-03"
    extended = terms(own, f"{COURSE}roster: roster.csv")
    policy = load_policy(tiny.root)
    assert extended.due_for(policy.person("Ann Lee")).day == 3
    assert extended.due_for(policy.person("bob")).day == 1
    assert policy.person("a stranger") == "a stranger"


BAD = {
    "extensions without a due date": (
        "extensions:\n  ann: 2026-12-03",
        6,
        "there is no due date to extend",
    ),
    "an extension into the past": (
        "due: 2026-12-01\nextensions:\n  ann: 2026-11-30",
        8,
        "the extension of 'ann' ends before the due date",
    ),
    "an extension of nobody": (
        "due: 2026-12-01\nextensions:\n  carl: 2026-12-03",
        8,
        "'carl' is nobody in the roster",
    ),
    "two extensions of one student": (
        "due: 2026-12-01\nextensions:\n  ann: 2026-12-03\n  Ann Lee: 2026-12-04",
        9,
        "'Ann Lee' is the same student as 'ann'",
    ),
    "a time that no clock shows": (
        "due: 2026-03-29 02:30",
        6,
        "the clocks are put forward over that time: it does not exist",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_terms_that_make_no_sense_are_refused_with_their_line(tiny, terms, name):
    own, line, message = BAD[name]
    tiny.write("roster.csv", ROSTER)
    with pytest.raises(CourseError) as caught:
        terms(own, "timezone: Europe/Berlin\nroster: roster.csv")
    assert str(caught.value) == f"{tiny.root / 'grading.yml'}:{line + 2}: {message}"


def test_the_whole_course_is_refused_for_the_same_reasons(tiny):
    tiny.edit("grading.yml", "title: Tiny", "title: Tiny\n    extensions:\n      ann: 2026-12-03")
    with pytest.raises(CourseError, match=r"grading.yml:6: there is no due date to extend"):
        tiny.load()


def test_a_roster_that_is_not_there_is_named(terms):
    with pytest.raises(UsageError, match=r"the roster .*students.csv does not exist"):
        terms("", "roster: students.csv")


def test_an_assignment_has_limits_of_its_own_over_those_of_the_course(tiny):
    tiny.edit("grading.yml", "seed: 7", "seed: 7\nlimits:\n  cell_seconds: 5")
    assert tiny.load().limits_of("a01_tiny") == Limits(cell_seconds=5)
    tiny.edit("grading.yml", "title: Tiny", "title: Tiny\n    limits:\n      check_seconds: 60")
    course = tiny.load()
    assert course.limits_of("a01_tiny") == Limits(cell_seconds=5, check_seconds=60)
    assert course.limits == Limits(cell_seconds=5)
