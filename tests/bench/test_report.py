"""The page of the benchmarks has every row that was measured, and only generated numbers."""

import re

import pytest

from autograder.errors import FaultError
from bench.__main__ import PAGE, USUAL
from bench.classes import ASSIGNMENTS
from bench.report import BEGIN, END, MEMORY, ORDER, SETS, tables, with_results
from bench.systems import SYSTEMS


def taken(count, seconds):
    return {"count": count, "wall": 2 * seconds, "cpu": seconds}


ROUND = {
    "Gradus": {
        "cold": taken(1, 2.0),
        "base": taken(6, 3.0),
        "solved": taken(11, 4.0),
        "mix": taken(12, 4.5),
        "pair base": taken(2, 2.0),
        "pair": taken(10, 4.0),
    },
    "otter run": {name: taken(1, 5.0) for name in ("cold", "solved", "mix", "pair")},
    "floor": {"solved": taken(3, 0.3), "mix": taken(6, 0.9)},
}
RAW = {
    "machine": {"Processor": "abacus", "Cores": "2"},
    "speed": {"a03_losses": [ROUND] * 5},
    "memory": {"Gradus": dict.fromkeys(MEMORY, 80.0)},
    "endurance": [
        {"graded": 250.0 * n, "coordinator": 70.0, "grader": 90.0 + n / 4, "server": 60.0}
        for n in range(1, 21)
    ],
    "confinement": {
        "layers": [{"start_session": 5e-5, "seal": 3e-4}] * 5,
        "lives": {"confined": [5e-3] * 5, "bare": [4e-3] * 5},
    },
}

GENERATED = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def rows(text):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]


def test_a_row_says_what_a_submission_costs_and_how_often_the_floor_that_is():
    found = {tuple(row[:2]): row[2:] for row in rows(tables(RAW)) if len(row) == 7}
    assert found["the solved notebook", "Gradus"][0] == "200 (200 to 200)"
    assert found["the solved notebook", "Gradus"][1] == "400 (400 to 400)"
    assert found["the solved notebook", "Gradus"][2] == "2 (2 to 2)"
    assert found["the solved notebook", "otter run"][3] == "25 (25 to 25)"
    assert found["the class", "Gradus"][4] == "240"


def test_two_at_a_time_counts_the_time_that_passes():
    (row,) = (row for row in rows(tables(RAW)) if len(row) == 6 and row[0] == "Gradus")
    assert row == ["Gradus", "2.00", "4.00", "500 (500 to 500)", "0.8 (0.8 to 0.8)", "120"]


def test_growth_and_layers_have_rows():
    text = tables(RAW)
    assert "| Gradus: a grading process | 90.2 | 95.0 | +1.00 |" in text
    assert "| all layers | 350 (350 to 350) |" in text


def test_only_what_stands_between_the_markers_is_written():
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    changed = with_results(page, RAW)
    assert changed.startswith(f"before\n{BEGIN}\n")
    assert changed.endswith(f"{END}\nafter\n")
    assert "old" not in changed
    assert with_results(changed, RAW) == changed


def test_a_page_without_markers_is_not_overwritten():
    with pytest.raises(FaultError, match="markers"):
        with_results("no markers", RAW)


def test_every_system_has_a_place_in_the_tables():
    assert {each.name for each in SYSTEMS} == set(ORDER)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_page_has_a_row_for_every_system(assignment):
    section = re.search(rf"### Speed: {assignment}, .*?(?=\n###)", GENERATED, re.DOTALL)
    assert section
    found = {tuple(row[:2]) for row in rows(section[0]) if len(row) == 7}
    assert {(SETS["solved"], system) for system in ORDER} <= found


@pytest.mark.parametrize(
    "title",
    [
        "The machine",
        "Peak memory",
        "Memory over a long run",
        "Confinement of a worker",
        "Confinement of a submission",
    ],
)
def test_the_page_has_every_part(title):
    assert f"### {title}\n" in GENERATED


def test_the_text_around_the_tables_holds_no_measured_number():
    text = PAGE.read_text(encoding="utf-8")
    prose = text.partition(BEGIN)[0] + text.partition(END)[2]
    assert not re.search(r"\d+(\.\d+)?\s*(ms|µs|MB|GB|s|times|per cent|%)\b", prose)


def test_the_usual_run_leaves_out_only_the_long_one():
    assert set(USUAL) == {*ASSIGNMENTS, "confinement", "memory"}
