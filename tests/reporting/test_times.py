"""times.csv: times come from submissions or people, stay, and are never guessed."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from autograder.errors import CourseError, UsageError
from autograder.reporting.times import FILE, keep_times, read_times

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class HandedIn:
    student: str
    submitted_at: datetime | None
    assignment: str = "a"


def test_without_any_time_there_is_no_file(tmp_path):
    assert keep_times(tmp_path, UTC, [HandedIn("ann", None)]) == {}
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    "name",
    [
        "ann",
        "Zoë, M.",
        '"',
        "a\nb",
        "=1+1",
        "'=1",
        "''=1",
        " -x",
        "'",
        "'t Hooft",
        " x ",
        "\u2028",
        "caf\udce9",
        "عمر",
    ],
)
def test_times_come_back_as_they_were_under_any_name(tmp_path, name):
    kept = keep_times(tmp_path, UTC, [HandedIn(name, NOON)])
    assert kept == read_times(tmp_path / FILE, UTC) == {("a", name): NOON}


def test_a_name_in_the_file_is_never_a_formula(tmp_path):
    keep_times(tmp_path, UTC, [HandedIn("=1+1", NOON)])
    assert "a,'=1+1," in (tmp_path / FILE).read_text()


def test_a_given_time_comes_before_that_of_the_submission_and_this_before_an_earlier_one(tmp_path):
    later = NOON + timedelta(hours=1)
    first = [HandedIn("ann", NOON), HandedIn("bob", NOON), HandedIn("carl", NOON)]
    keep_times(tmp_path, UTC, first)
    given = tmp_path / "given.csv"
    given.write_text("assignment,student,submitted_at\na,bob,2026-12-01 15:00\n")
    second = [HandedIn("ann", later), HandedIn("bob", later), HandedIn("carl", None)]
    assert keep_times(tmp_path, UTC, second, given) == {
        ("a", "ann"): later,
        ("a", "bob"): NOON + timedelta(hours=3),
        ("a", "carl"): NOON,
    }


def test_a_time_without_an_offset_is_by_the_clock_of_the_course(tmp_path):
    path = tmp_path / "given.csv"
    path.write_text(
        "\ufeffstudent,submitted_at,assignment,note\r\n"
        "ann,2026-12-01T13:00,a,x\r\nbob, 2026-12-01T12:00:00Z ,a,\r\n"
    )
    assert read_times(path, BERLIN) == {("a", "ann"): NOON, ("a", "bob"): NOON}


def test_every_line_that_is_no_time_is_named(tmp_path):
    path = tmp_path / "given.csv"
    path.write_text(
        "assignment,student,submitted_at\na,ann,yesterday\na,bob,2026-12-01 13:00\na,c\n"
    )
    with pytest.raises(CourseError) as caught:
        read_times(path, UTC)
    assert [problem.line for problem in caught.value.problems] == [2, 4]
    assert "'yesterday' is no time; write one like 2026-12-01T23:59:00+01:00" in str(caught.value)


def test_a_file_without_the_columns_is_refused(tmp_path):
    path = tmp_path / "given.csv"
    path.write_text("assignment,name,submitted_at\n")
    with pytest.raises(CourseError, match=r"given\.csv:1: there is no column 'student'"):
        read_times(path, UTC)
    with pytest.raises(UsageError, match="does not exist"):
        read_times(tmp_path / "nowhere.csv", UTC)
