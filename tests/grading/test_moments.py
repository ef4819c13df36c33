import pytest

from autograder.grading.moments import early_moments
from autograder.model import CodeCell, Exercise


def exercise(name):
    return Exercise(name, (name,), (), (), (), None, 1)


EXERCISES = [exercise("m.first"), exercise("m.second")]
FIRST = "class State: pass\ndef first(x):\n    return State()"
SECOND = "class State(dict): pass\ndef second(x):\n    return State()"


def moments(*sources):
    cells = [CodeCell(index, source) for index, source in enumerate(sources)]
    return early_moments(cells, EXERCISES)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((FIRST, SECOND), {0: ["m.first"]}),
        ((FIRST, SECOND.replace("State", "Other")), {}),
        ((FIRST, "class State: pass", "def second(x): pass"), {}),
        ((FIRST, "State = 1"), {0: ["m.first"]}),
        ((FIRST, "if True:\n    State = 1"), {0: ["m.first"]}),
        ((FIRST, "def f():\n    State = 1"), {}),
        ((FIRST, SECOND, FIRST), {1: ["m.second"]}),
        (("def help(x): return x", "def first(x): return help(x)", "def help(x): return 2"), {1: ["m.first"]}),
        (("def a(x): return x", "def b(x): return a(x)", "def first(x): return b(x)", "a = 1"), {2: ["m.first"]}),
        (("import numpy as np", "def first(x): return np.sum(x)", "import numpy as np"), {}),
        (("import numpy as np", "def first(x): return np.sum(x)", "np = 3"), {1: ["m.first"]}),
        (("def first(x): return later(x)", "def later(x): return x"), {}),
        (("%time x = 1\nRATE = 1\n!ls\ndef first(x): return RATE", "RATE = 2"), {0: ["m.first"]}),
        (("def first(x:\n", "x = 1"), {}),
        (("first = lambda x: RATE", "RATE = 1"), {}),
        (("RATE = 1", "first = lambda x: RATE", "RATE = 2"), {1: ["m.first"]}),
        ((), {}),
    ],
)  # fmt: skip
def test_an_exercise_is_graded_before_its_helpers_are_bound_again(cells, expected):
    assert moments(*cells) == expected


DEEP = "RATE = " + "+".join(["1"] * 20_000)


@pytest.mark.parametrize(
    "cells",
    [
        (DEEP, "def first(x): return RATE", DEEP + " + 1"),
        ("RATE = " + "(" * 500 + ")" * 500, "def first(x): return RATE"),
        ("x = 1\n" * 200_000, "def first(x): return x", "x = 2"),
        ("RATE = 1\0", "def first(x): return RATE"),
    ],
    ids=["a long sum", "parentheses", "a long cell", "a null byte"],
)
def test_no_source_is_too_much(cells):
    assert moments(*cells) == {}
