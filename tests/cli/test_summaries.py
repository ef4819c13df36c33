"""What closes a batch: few students by name, and the class in figures."""

import re

from autograder.cli.progress import Row
from autograder.cli.summaries import MOST_LISTED, print_summary
from tests.reporting.results import not_graded, scored


def summary(capsys, *records):
    print_summary([Row.of(each) for each in records])
    return capsys.readouterr().out


def test_one_submission_is_a_table_of_its_own(capsys):
    text = summary(capsys, scored("ann", 7.5))
    assert [line.split() for line in text.splitlines()] == [
        ["a03_losses"],
        ["student", "score", "points", "status", "misconceptions"],
        ["ann", "7.50", "10", "graded"],
        [],
    ]


def test_a_class_is_shown_in_figures_with_a_histogram(capsys):
    scores = (10, 10, 10, 10, 9.5, 5, 0)
    text = summary(capsys, *(scored(f"s{n}", each) for n, each in enumerate(scores)), not_graded())
    assert "a03_losses: 7 graded, 1 to review, 4 with full marks (57 %)\n" in text
    for name, value in (
        ("points", "10"),
        ("mean", "7.79"),
        ("upper quartile", "10.00"),
        ("median", "10.00"),
        ("lower quartile", "7.25"),
    ):
        (line,) = (each for each in text.splitlines() if each.startswith(name))
        assert line.removeprefix(name).strip().startswith(value)
    bars = re.findall(r"\d+–(\d+) %(?: (█+) (\d+))?$", text, re.MULTILINE)
    assert [int(upper) for upper, *_ in bars] == list(range(100, 0, -10)), "the best first"
    lengths = {int(count): len(bar) for _, bar, count in bars if bar}
    assert lengths == {5: 40, 1: 8}


def test_a_class_in_which_nothing_was_graded_has_no_figures(capsys):
    text = summary(capsys, not_graded(student="bob"), not_graded("fault", "carl"))
    assert "a03_losses: 0 graded, 2 to review" in text
    assert "mean" not in text


def test_a_large_class_is_not_listed(capsys):
    few = [scored(f"student{n}", 5.0) for n in range(MOST_LISTED)]
    assert "student7 " in summary(capsys, *few)
    text = summary(capsys, *few, scored("one more", 5.0))
    assert "student7 " not in text
    assert f"a03_losses: {MOST_LISTED + 1} graded, 0 to review" in text


def test_each_assignment_has_its_own(capsys):
    text = summary(
        capsys,
        *(scored(name, 5.0, assignment=a) for a in ("a03_losses", "a01_x") for name in "ab"),
    )
    assert text.index("a01_x: 2 graded") < text.index("a03_losses: 2 graded")
