"""One assignment in figures."""

import pytest

from autograder.model import ExerciseResult, Verdict
from autograder.reporting.pages.sheets import Sheet
from tests.reporting.results import check, graded, not_graded, scored


def sheet(*records, counts=True):
    made = Sheet("a03_losses", "Losses")
    for each in records:
        made.add(each, counts=counts)
    return made


def test_what_was_not_graded_is_counted_and_in_no_mean():
    found = sheet(scored("ann", 10.0), scored("bo", 5.0), not_graded())
    assert (found.submissions, found.graded, found.full) == (3, 2, 1)
    assert found.mean == 0.75
    assert found.quartiles == [0.625, 0.75, 0.875]
    assert found.deviation == pytest.approx(0.5 / 2**0.5)


def test_what_does_not_count_is_in_no_statistics():
    found = sheet(scored("ann", 10.0), counts=False)
    assert (found.graded, found.shares, found.checks, found.others) == (1, [], None, 0)


def test_an_assignment_that_nobody_handed_in_whole_has_no_figures():
    found = sheet(not_graded())
    assert (found.mean, found.deviation, found.quartiles, found.checks) == (None, None, [], None)


def test_every_verdict_is_counted():
    found = sheet(graded("ann"), graded("bo"))
    rows = {row.name: row for row in found.checks.checks}
    assert [rows[name].verdicts for name in ("values", "signs", "broadcast", "late")] == [
        (2, 0, 0, 0),
        (0, 2, 0, 0),
        (0, 0, 2, 0),
        (0, 0, 0, 2),
    ]
    assert (rows["shapes"].public, rows["shapes"].points, rows["values"].item.facility) == (
        False,
        1.5,
        1,
    )


def test_an_exercise_is_done_or_not_and_points_that_follow_through_count():
    mse, backward = sheet(graded("ann")).checks.exercises
    assert (mse.verdicts, backward.verdicts) == ((0, 1), (0, 1))
    assert mse.item.facility == 1.5 / 4
    assert backward.item.facility == pytest.approx(1.25 / 3.25)


def test_results_with_other_checks_than_most_are_left_out():
    other = graded(
        "zoe", exercises=(ExerciseResult("losses.mse", 1.0, (check("new", Verdict.PASSED),)),)
    )
    found = sheet(graded("ann"), other, graded("bo"))
    assert (found.checks.reliability.count, found.others) == (2, 1)
    assert "new" not in {row.name for row in found.checks.checks}


def test_an_assignment_without_points_is_solved():
    nothing = graded("ann", exercises=())
    assert sheet(nothing).shares == [1.0]
