from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from autograder.model import Case, Check, Judge, Mutant
from autograder.numerics.diagnose import diagnose, diagnose_pairs, fingerprint, observe_all
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
    assert diagnosis.kind == "mutant"


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
    assert diagnosis.kind == "one of"


def known(name):
    return Mutant(name, "", "", f"hint of {name}?", Path("c"), 1)


def lookup(function):
    return {"f": function}.__getitem__


PAIRS = {
    ("sign", "shift"): lambda x: -2 * x + 1,
    ("sign", "shape"): lambda x: (-2 * x)[:1],
    ("shift", "shape"): lambda x: (2 * x + 1)[:1],
}
TRIALS = [((known(one), known(two)), lookup(f)) for (one, two), f in PAIRS.items()]


def paired(checks, function, trials=TRIALS, **options):
    return diagnose_pairs(checks, observe_all(checks, lookup(function)), trials, **options)


@pytest.mark.parametrize("names", PAIRS, ids=" + ".join)
def test_two_mistakes_together_are_both_named(checks, names):
    diagnosis = paired(checks, PAIRS[names])
    assert diagnosis.mutants == names
    assert diagnosis.kind == "both"
    assert diagnosis.hint == f"hint of {names[0]}? hint of {names[1]}?"


def test_an_unknown_mistake_is_no_pair(checks):
    assert paired(checks, lambda x: 7 * x) is None


def test_pairs_that_cannot_be_told_apart_are_all_named(checks):
    twin = ((known("sign"), known("twin")), TRIALS[0][1])
    diagnosis = paired(checks, PAIRS["sign", "shift"], [*TRIALS, twin])
    assert diagnosis.mutants == ("sign + shift", "sign + twin")
    assert diagnosis.kind == "one of"
    assert diagnosis.hint == "hint of sign? hint of shift? Or: hint of sign? hint of twin?"


def test_too_many_pairs_that_cannot_be_told_apart_say_nothing(checks):
    assert paired(checks, PAIRS["sign", "shift"], TRIALS[:1] * 4) is None


def test_a_pair_is_tried_only_until_it_differs(checks):
    calls = []

    def counted(x):
        calls.append(len(x))
        return 7 * x

    assert (
        paired(checks, PAIRS["sign", "shift"], [((known("a"), known("b")), lookup(counted))])
        is None
    )
    assert len(calls) == 1


def test_where_the_submission_fails_is_tried_first(checks):
    def late(x):
        return 2 * x if len(x) == 3 else 7 * x

    calls = []

    def counted(x):
        calls.append(len(x))
        return 2 * x

    assert paired(checks, late, [((known("a"), known("b")), lookup(counted))]) is None
    assert calls == [2]


@contextmanager
def ending_early():
    with suppress(KeyboardInterrupt):
        yield


def test_a_pair_whose_trial_is_ended_explains_nothing(checks):
    def endless(x):
        raise KeyboardInterrupt

    trials = [((known("a"), known("b")), lookup(endless)), *TRIALS]
    diagnosis = paired(checks, PAIRS["sign", "shift"], trials, guard=ending_early)
    assert diagnosis.mutants == ("sign", "shift")


def printed(checks, function):
    return fingerprint(checks, observe_all(checks, lookup(function)))


def test_equal_unknown_mistakes_have_equal_fingerprints(checks):
    one = printed(checks, lambda x: 7 * x)
    assert (
        one == printed(checks, lambda x: 10 * x - 3 * x) == printed(checks, lambda x: x / (1 / 7))
    )
    assert len(one) == 12
    assert set(one) <= set("0123456789abcdef")


def refuse_otherwise(x):
    raise TypeError("other words each time")


DIFFERENT = {
    "a value": lambda x: 7.001 * x,
    "another value": lambda x: 8 * x,
    "one case": lambda x: 7 * x if len(x) == 3 else 6 * x,
    "a shape": lambda x: (7 * x)[None],
    "a type": lambda x: list(7 * x),
    "whole numbers": lambda x: (7 * x).astype(int),
    "text": lambda x: "7",
    "nothing": lambda x: None,
    "infinite": lambda x: x * np.inf,
    "nan": lambda x: x * np.nan,
    "zeros": lambda x: x * 0,
    "complex": lambda x: 7j * x,
    "an exception": refusing,
    "another exception": refuse_otherwise,
    "an argument too": in_place,
}


def test_different_mistakes_have_different_fingerprints(checks):
    prints = {name: printed(checks, function) for name, function in DIFFERENT.items()}
    assert len(set(prints.values())) == len(DIFFERENT), prints


def test_noise_does_not_change_a_fingerprint(checks):
    noise = 1e-14 * np.array([1.0, -1.0, 1.0])
    assert printed(checks, lambda x: 7 * x + noise[: len(x)]) == printed(checks, lambda x: 7 * x)

    def nearly_zero(x):
        return np.where(x == x[0], 7 * x, 1e-15)

    assert printed(checks, nearly_zero) == printed(checks, lambda x: np.where(x == x[0], 7 * x, 0))


def test_the_words_of_an_exception_are_not_in_a_fingerprint(checks):
    def other(x):
        raise TypeError(str(x))

    assert printed(checks, other) == printed(checks, refuse_otherwise)
