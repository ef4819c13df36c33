"""Colours only where somebody looks, on real terminals and in pipes."""

import pytest

from tests.cli.runs import STYLE, gradus, watched
from tests.reporting.results import HOSTILE, NOT_GRADED, graded, not_graded, stored


@pytest.fixture
def results(tmp_path):
    hostile = not_graded(NOT_GRADED[0], student=f"[red]carl :smile: {HOSTILE}")
    return stored(tmp_path / "results", graded("ann"), graded("bob"), hostile)


@pytest.mark.parametrize(
    ("more", "coloured", "styled"),
    [
        ({}, True, True),
        ({"NO_COLOR": "1"}, False, True),
        ({"NO_COLOR": ""}, True, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, True),
        ({"TERM": "dumb"}, False, False),
    ],
    ids=str,
)
def test_a_terminal_has_the_colours_that_its_user_wants(results, more, coloured, styled):
    shown = watched(results.parent, "report", "results", **more)
    assert shown.code == 0
    assert bool(shown.colours) == coloured
    assert ("\x1b" in shown.raw) == styled


@pytest.mark.parametrize("force", [{}, {"FORCE_COLOR": "1"}], ids=["plain", "forced"])
def test_a_pipe_has_colours_only_by_force(results, force):
    done = gradus(results.parent, "report", "results", **force)
    assert done.returncode == 0
    assert ("\x1b" in done.stdout) == bool(force)
    plain = gradus(results.parent, "report", "results").stdout
    assert STYLE.sub("", done.stdout).split() == plain.split()


def test_names_are_shown_as_they_are_and_steer_nothing(results):
    for run in (watched, gradus):
        done = run(results.parent, "report", "results", NO_COLOR="1")
        text = done.raw if run is watched else done.stdout
        assert "[red]carl :smile:" in text
        for escape in ("\x1b[3", "\x1b]", "\x9b", "\u202e", "\x00", "\x08"):
            assert escape not in text


def test_no_line_ends_with_spaces(results):
    lines = gradus(results.parent, "report", "results").stdout.splitlines()
    assert not [line for line in lines if line != line.rstrip()]


@pytest.mark.parametrize("columns", [30, 50, 80, 200])
def test_every_line_fits_on_the_terminal(results, columns):
    shown = watched(results.parent, "report", "results", columns=columns)
    tables = shown.text.rpartition("3 results in")[0]
    assert max(map(len, tables.splitlines())) <= columns
    assert "…" not in tables, "nothing is left out"
