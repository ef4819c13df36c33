"""Every kind of sentence that a student can read, in one file for a reviewer: messages.txt."""

from pathlib import Path

import numpy as np

from autograder.grading.session import DEATHS
from autograder.model import Case
from autograder.numerics import compare
from autograder.numerics.compare import DIED, Observed, Raised, Subject, SubjectError

GOLDEN = Path(__file__).with_name("messages.txt")
TABLE = np.array([[0.5, -1.25], [2.0, 0.08]])
CASE = Case(x=np.ones(2))


def changed(table, index, value):
    copied = table.copy()
    copied[index] = value
    return copied


def raising(error):
    def function(x):
        raise error

    return function


def died(reason):
    return raising(SubjectError("step", (DIED,), DEATHS[reason]))


# what is expected, what came back, as values of the observation "dz"
VALUES = {
    "a wrong entry": (TABLE, changed(TABLE, (1, 1), 0.31)),
    "a wrong number": (2.0, 4.0),
    "numbers that look alike": (1.0, 1.0000021),
    "NaN": (TABLE, changed(TABLE, (0, 1), np.nan)),
    "infinity": (1000.0, np.inf),
    "finite, where infinity is right": (np.inf, 27.6),
    "another shape": (TABLE, TABLE[0]),
    "an array of one number": (2.0, np.array([2.0])),
    "a list": (TABLE, TABLE.tolist()),
    "None": (TABLE, None),
    "a number for an array": (TABLE, 2.0),
    "whole numbers": (TABLE, np.ones((2, 2), int)),
    "True and False": (TABLE, TABLE > 0),
    "complex numbers": (TABLE, TABLE + 0j),
    "objects": (TABLE, TABLE.astype(object)),
    "text": (2.0, "2.0"),
    "a float for a whole number": (3, 3.0),
    "another whole number": (3, 4),
    "another text": ("float32", "float64"),
    "too few of a tuple": ((1.0, 2.0, 3.0), (1.0, 2.0)),
    "other keys": ({"w": 1.0, "b": 2.0}, {"w": 1.0}),
    "a wrong entry of a dictionary": ({"w": TABLE}, {"w": changed(TABLE, (0, 0), 7.0)}),
}

# what the student's function `step` does, where a tuple of 2 is expected
CALLS = {
    "the hole": raising(NotImplementedError("your code here: step")),
    "an exception": raising(ZeroDivisionError("division by zero")),
    "an exception without text": raising(KeyError()),
    "an exception of its own": raising(type("Exam42Error", (Exception,), {})("seen")),
    "an exit": raising(SystemExit(0)),
    "no return": lambda x: None,
    "one value": lambda x: x,
    "three values": lambda x: (x, x, x),
    "an endless loop": died("timed out"),
    "too much memory": died("out of memory"),
    "a crash": died("crashed"),
}


def check(subject, case):
    first, second = subject.step(case.x)
    return {"first": first, "second": second}


def sentences(expected, outcome, rule="tolerance", exception=""):
    scales = [np.zeros(())] * 9
    finding = compare.judge(rule, exception, expected, scales, 1e-6, outcome)
    return [compare.sentence(finding, public=public) for public in (True, False)]


def lines():
    yield "What a student reads: of a public check, then of a hidden one."
    for name, (expected, got) in VALUES.items():
        yield from ("", name, *sentences(Observed({"dz": expected}), Observed({"dz": got})))
    reference = compare.observe(check, Subject({"step": lambda x: (x, x)}.__getitem__), CASE)
    for name, function in CALLS.items():
        outcome = compare.observe(check, Subject({"step": function}.__getitem__), CASE)
        yield from ("", name, *sentences(reference, outcome))
    missing = compare.observe(check, Subject({}.__getitem__), CASE)
    yield from ("", "a deleted function", *sentences(reference, missing))
    refused = Raised(("ValueError",), "")
    yield from ("", "no refusal", *sentences(refused, Observed({}), "raises", "ValueError"))
    other = Raised(("TypeError", "Exception"), "unsupported operand", "step")
    yield from ("", "another refusal", *sentences(refused, other, "raises", "ValueError"))


def test_every_kind_of_message_is_as_a_reviewer_read_it():
    text = "\n".join(lines()) + "\n"
    committed = GOLDEN.read_text(encoding="utf-8") if GOLDEN.exists() else ""
    if text != committed:
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == committed, f"{GOLDEN.name} was out of date; it is written anew, read it"
