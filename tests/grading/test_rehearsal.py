"""Calls that checks make whatever comes back, found on the reference."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from autograder.grading.rehearsal import rehearse, request_of
from autograder.model import Case, Check, Judge
from autograder.numerics.expectations import expect


class Counter:
    def __init__(self):
        self.count = 0

    def step(self):
        self.count += 1
        return self.count


def shift(x):
    x += 1.0
    return x


FUNCTIONS = {
    "double": lambda x: 2 * x,
    "Counter": Counter,
    "shift": shift,
    "apply": lambda f, x: f(x),
}


def names(function):
    def cases(rng):
        yield Case(x=rng.standard_normal(3))

    check = Check("check", "title", function, cases, 1.0, True, Judge(), Path("x.py"), 1)
    expected = expect(check, cases(np.random.default_rng(0)), FUNCTIONS.__getitem__)
    (calls,) = rehearse(expected, FUNCTIONS.__getitem__).cases
    return [call.function for call in calls]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda s, c: {"y": s.double(c.x)}, ["double"]),
        (lambda s, c: {"y": s.double(c.x) + s.double(x=c.x)}, ["double", "double"]),
        (lambda s, c: {"y": s.double(s.double(c.x))}, []),
        (lambda s, c: {"y": s.double(c.x if s.double(1.0) == 2.0 else -c.x)}, []),
        (lambda s, c: {"y": s.double(c.x), "n": s.Counter().step()}, ["double", "Counter"]),
        (lambda s, c: {"n": s.Counter().step(), "y": s.double(c.x)}, []),
        (lambda s, c: {"y": s.shift(c.x), "z": s.double(1.0)}, []),
        (lambda s, c: {"y": s.shift(c.x)}, ["shift"]),
        (lambda s, c: {"y": s.apply(np.negative, c.x), "z": s.double(1.0)}, []),
        (lambda s, c: {"y": c.x}, []),
    ],
)
def test_only_what_does_not_depend_on_answers_is_foreseen(function, expected):
    assert names(function) == expected


def test_a_request_holds_the_calls_of_every_check():
    def cases(rng):
        yield from (Case(x=rng.standard_normal(3)) for _ in range(2))

    def of(function):
        check = Check("check", "title", function, cases, 1.0, True, Judge(), Path("x.py"), 1)
        expected = expect(check, cases(np.random.default_rng(0)), FUNCTIONS.__getitem__)
        return rehearse(expected, FUNCTIONS.__getitem__)

    one, none = of(lambda s, c: {"y": s.double(c.x)}), of(lambda s, c: {"y": c.x})
    request = request_of([one, none])
    groups = [pickle.loads(group) for group in pickle.loads(request.groups)]
    assert [[call[0] for call in group] for group in groups] == [["double", "double"], []]
    assert request.count == 2
    assert request_of([none]).groups == b""
