"""Changes by submission and by check."""

from autograder.reporting.exports.compare import compare
from autograder.reporting.pages.comparisons import compared
from tests.reporting.results import graded, not_graded, scored


def changed(old, new):
    return compared(compare(old, new))


def only(old, new):
    (found,) = changed(old, new).submissions.values()
    return found


def test_a_score_that_rose_has_a_difference_and_a_check_that_passes_now():
    found = changed([scored("ann", 7.5)], [scored("ann", 10.0)])
    (row,) = found.submissions.values()
    assert (row.before, row.after, row.difference, row.verdicts, row.what) == (
        7.5,
        10.0,
        2.5,
        1,
        "",
    )
    assert found.checks == [("a03_losses", "losses.mse.values", 1, 0)]
    assert found.differences() == [2.5]


def test_a_check_that_fails_now_is_counted_apart():
    assert changed([scored("ann", 10.0)], [scored("ann", 1.0)]).checks[0][2:] == (0, 1)


def test_a_status_stands_where_there_is_no_score():
    lost = only([scored("bob", 5.0)], [not_graded()])
    assert (lost.before, lost.after, lost.difference, lost.again) == (5.0, "malformed", None, True)
    found = only([not_graded()], [scored("bob", 5.0)])
    assert (found.before, found.after) == ("malformed", 5.0)


def test_who_is_new_and_who_is_gone():
    found = changed([scored("ann", 5.0)], [not_graded()])
    assert {
        key[1]: (row.what, row.before, row.after) for key, row in found.submissions.items()
    } == {
        "ann": ("vanished", 5.0, None),
        "bob": ("new", None, "malformed"),
    }


def test_equal_results_have_no_changes():
    found = changed([graded()], [graded()])
    assert (found.submissions, found.checks, found.differences()) == ({}, [], [])
