"""What a class did: who made which mistake, and what went wrong."""

from autograder.grading.records import record
from autograder.model import CellResult, ExerciseResult, Result, Status, Verdict
from autograder.reporting.finals import Final
from autograder.reporting.pages.surveys import SLOWEST, Survey
from tests.reporting.results import SECRET, check, graded, not_graded, scored


def survey(*records, finals=None):
    made = Survey(finals or {}, {"a03_losses": "Losses"})
    for each in records:
        made.add(each)
    return made


def wrong(student, mutants, message="y is wrong."):
    checks = tuple(
        check(f"check{number}", Verdict.FAILED, message=message, public=public, hint="Why?")
        for number, public in enumerate(mutants)
    )
    return graded(student, exercises=(ExerciseResult("losses.mse", float(len(checks)), checks),))


def with_cells(student, *cells, seconds=1.0):
    cells = tuple(CellResult(*each) for each in cells)
    return record(
        Result("a03_losses", student, "", Status.GRADED, 1.0, seconds, cells=cells), "full"
    )


def test_a_mistake_counts_once_for_a_student_however_many_checks_it_fails():
    (found,) = survey(wrong("ann", [True, False]), wrong("bo", [True])).misconceptions
    assert (list(found.students), found.name, found.hint) == (["ann", "bo"], "mse: planted", "Why?")


def test_the_example_is_of_a_public_check_where_there_is_one():
    records = wrong("ann", [False], SECRET), wrong("bo", [True], "y[0] is 1.")
    (found,) = survey(*records).misconceptions
    assert (found.example, found.public) == ("y[0] is 1.", True)
    (hidden,) = survey(records[0]).misconceptions
    assert not hidden.public


def test_the_most_common_mistake_comes_first():
    found = survey(graded("ann"), wrong("bo", [True]), wrong("carl", [True]))
    assert [len(each.students) for each in found.misconceptions] == [3]
    rare = survey(
        scored("ann", 1.0),
        with_cells("bo", (0, "raised", "b")),
        with_cells("carl", (0, "raised", "a"), (1, "raised", "b")),
    )
    assert [each.message for each in rare.troubles] == ["b", "a"]


def test_cells_that_ended_alike_are_one_row_and_those_that_finished_none():
    found = survey(
        with_cells(
            "ann", (0, "completed", ""), (3, "raised", "KeyError"), (4, "raised", "KeyError")
        ),
        with_cells(
            "bo", (5, "raised", "KeyError"), (6, "skipped", "given"), (7, "timed out", "5 s")
        ),
    )
    assert [(each.outcome, each.index, list(each.students)) for each in found.troubles] == [
        ("raised", 3, ["ann", "bo"]),
        ("timed out", 7, ["bo"]),
    ]


def test_the_slowest_come_first_and_there_are_only_so_many():
    found = survey(
        *(with_cells(f"s{number}", seconds=float(number)) for number in range(SLOWEST + 5))
    )
    seconds = [each[0] for each in found.slowest]
    assert seconds == sorted(seconds, reverse=True)
    assert (len(seconds), seconds[0], seconds[-1]) == (SLOWEST, SLOWEST + 4, 5)


def test_only_attempts_that_count_are_in_the_figures():
    finals = {
        ("a03_losses", "ann-1"): Final(None, reason="does not count"),
        ("a03_losses", "ann-2"): Final(5.0),
    }
    found = survey(scored("ann-1", 1.0), scored("ann-2", 5.0), not_graded(), finals=finals)
    assert found.sheets["a03_losses"].shares == [0.5]
    assert [each["student"] for each in found.review] == ["bob"]
    assert list(found.students) == ["ann-1", "ann-2", "bob"]
    assert found.sheets["a03_losses"].title == "Losses"
