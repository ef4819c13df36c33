"""The line that says how far a batch is."""

from collections import Counter

import pytest
from rich.progress import Progress

from autograder.cli.bars import Bar, Counts, Rate
from autograder.cli.tables import Terminal


def task(clock, **fields):
    progress = Progress(get_time=clock)
    progress.add_task("", total=100, **fields)
    return progress, progress.tasks[0]


def test_the_rate_is_that_of_this_run_and_nothing_before_it_is_known():
    now = [0.0]
    progress, mine = task(lambda: now[0], completed=40)
    assert Rate().render(mine).plain == ""
    for _ in range(5):
        now[0] += 0.5
        progress.advance(mine.id)
    assert Rate().render(mine).plain == "120/min", "the forty of an earlier run took no time"


def test_counts_stand_in_one_order_and_nothing_stands_for_none():
    counts = Counter(fault=1, malformed=2000)
    _, mine = task(float, counts=counts)
    assert Counts().render(mine).plain == "2,000 malformed, 1 fault"
    counts["graded"] = 3
    assert Counts().render(mine).plain == "3 graded, 2,000 malformed, 1 fault"


@pytest.mark.parametrize(("locale", "sign"), [("C", "-"), ("C.UTF-8", "━")])
def test_a_bar_is_drawn_in_signs_that_can_be_shown(capsys, monkeypatch, locale, sign):
    monkeypatch.setenv("LC_ALL", locale)
    bar = Bar(4, 1, Counter())
    bar.start()
    bar.advance()
    bar.stop()
    text = capsys.readouterr().out
    assert sign in text
    assert "2/4" in text
    assert text.isascii() == (locale == "C")


def test_signs_stay_while_a_bar_takes_the_place_of_standard_output(monkeypatch):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", None)
    assert terminal.encoding == "utf-8"
