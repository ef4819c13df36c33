from pathlib import Path

import numpy as np
import pytest

from autograder.model import Case, Check, Judge, Mutant
from autograder.numerics.diagnose import diagnose, observe_all
from autograder.numerics.expectations import expect


def apply(subject, case):
    return {"y": subject.f(case.x)}


def changed(subject, case):
    subject.f(case.x)
    return {"x": case.x}


CASES = [Case(x=np.array([1.0, 2.0, 4.0])), Case(x=np.array([-3.0, 5.0]))]


def make(name, function):
    return Check(
        name, "A check.", function, lambda rng: iter(CASES), 1.0, False, Judge(), Path("c"), 1
    )


def reference(x):
    return x * 2


def in_place(x):
    x *= 2
    return x


def refusing(x):
    raise ValueError(len(x))


MUTANTS = {
    "sign": lambda x: -2 * x,
    "shape": lambda x: (2 * x)[:1],
    "nothing": lambda x: None,
    "nan": lambda x: x * np.nan,
    "in place": in_place,
    "refuses": refusing,
}


@pytest.fixture(scope="module")
def checks():
    lookup = {"f": reference}.__getitem__
    return [expect(make(f.__name__, f), CASES, lookup) for f in (apply, changed)]


@pytest.fixture(scope="module")
def mutants(checks):
    return [
        (
            Mutant(name, "", "", f"hint of {name}?", Path("c"), 1),
            observe_all(checks, {"f": f}.__getitem__),
        )
        for name, f in MUTANTS.items()
    ]


def named(checks, mutants, function):
    return diagnose(checks, observe_all(checks, {"f": function}.__getitem__), mutants)


@pytest.mark.parametrize("name", MUTANTS)
def test_each_mistake_is_named_by_what_it_does(checks, mutants, name):
    diagnosis = named(checks, mutants, MUTANTS[name])
    assert diagnosis.mutants == (name,)
    assert diagnosis.hint == f"hint of {name}?"


def test_the_same_mistake_written_differently_is_named_too(checks, mutants):
    assert named(checks, mutants, lambda x: np.negative(x) + np.negative(x)).mutants == ("sign",)


def test_an_unknown_mistake_is_not_named(checks, mutants):
    assert named(checks, mutants, lambda x: x * 7) is None


def test_a_mistake_that_differs_on_one_case_only_is_not_named(checks, mutants):
    assert named(checks, mutants, lambda x: -2 * x if len(x) == 3 else 2 * x) is None


def test_mistakes_that_cannot_be_told_apart_are_all_named(checks, mutants):
    twin = (Mutant("twin", "", "", "another hint?", Path("c"), 1), mutants[0][1])
    diagnosis = named(checks, [*mutants, twin], MUTANTS["sign"])
    assert diagnosis.mutants == ("sign", "twin")
    assert diagnosis.hint == "hint of sign? Or: another hint?"
