"""The model of time and cost, and the page that carries it."""

import re

import pytest

pytest.importorskip("distributed")

from bench.scale import BEGIN, END, PAGE, Inputs

INPUTS = Inputs(grading=0.2, coordinator=0.004, scheduler=0.001, start=10.0)


def test_cores_share_the_work_until_the_coordinator_is_busy():
    assert INPUTS.seconds(1000, 2) == pytest.approx(10 + 1000 * 0.1)
    assert INPUTS.most_cores == pytest.approx(50)
    assert INPUTS.seconds(1000, 50) == pytest.approx(10 + 1000 * 0.004)
    assert INPUTS.seconds(1000, 5000) == INPUTS.seconds(1000, 50)


def test_a_scheduler_that_is_slower_bounds_the_run():
    busy = Inputs(grading=0.2, coordinator=0.004, scheduler=0.01, start=0.0)
    assert busy.most_cores == pytest.approx(20)
    assert busy.seconds(100, 1000) == pytest.approx(1.0)


def test_the_page_answers_by_its_own_inputs():
    text = PAGE.read_text(encoding="utf-8")
    generated = text.partition(BEGIN)[2].partition(END)[0].partition("Inputs of the model")[2]
    values = {
        name: float(value) for name, value in re.findall(r"\| (\w+) \| (-?[\d.]+) \|", generated)
    }
    inputs = Inputs(*(values[name] for name in ("grading", "coordinator", "scheduler", "start")))
    answers = re.findall(r"\| ([\d,]+) \| (\d+) \| ([\d.]+) \| [\d.]+ \|", generated)
    assert answers
    for size, cores, hours in answers:
        expected = inputs.seconds(int(size.replace(",", "")), int(cores)) / 3600
        assert float(hours) == pytest.approx(expected, rel=0.02, abs=0.01)
