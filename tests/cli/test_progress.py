"""Results as they come, one line for each."""

import pytest

from autograder.cli.progress import Reporter, Row, misconceptions, result_line
from tests.reporting.results import HOSTILE, NOT_GRADED, graded, not_graded, scored


def test_a_result_is_one_line_for_each_that_was_graded_now(capsys):
    with Reporter(todo=2, kept=1) as reporter:
        reporter(scored("ann", 7.5), kept=True)
        reporter(scored("bob", 10.0), kept=False)
        reporter(not_graded("malformed", "carl"), kept=False)
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "a03_losses/bob: 10 / 10 (0.25 s)",
        "a03_losses/carl: malformed: not a notebook",
    ]
    assert err == "1 of 3 were graded before\n"
    assert [row.student for row in reporter.rows] == ["ann", "bob", "carl"]
    assert reporter.review == ["a03_losses/carl: malformed: not a notebook"]


@pytest.mark.parametrize("status", NOT_GRADED)
def test_what_was_not_graded_has_no_score(status):
    row = Row.of(not_graded(status))
    assert (row.status, row.score, row.misconceptions) == (status, None, "")


def test_a_line_is_one_line_whatever_a_student_is_called():
    line = result_line(scored(f"ann: 10 / 10\n{HOSTILE}", 0.0))
    assert line.isprintable()
    assert "\n" not in line


def test_a_misconception_is_named_once():
    assert misconceptions(graded()) == ["mse: planted"]
