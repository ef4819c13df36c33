"""What the client of a worker makes of answers that only a hostile worker gives."""

import numpy as np
import pytest

from autograder.sandbox.codec import encode
from tests.fuzz import seeds
from tests.fuzz.peer import OPERATIONS, ask

ONE = encode(np.arange(3.0))
DONE = {"outcome": "completed", "message": "", "types": [], "value": ONE, "changed": {}}
STRIDED = np.zeros((64, 64))[:, ::2]


def answered(operation, *messages):
    stream = b"".join(seeds.sent(encode(message)) for message in messages)
    return ask(operation, stream, hangs_up=True)


HONEST = {"cells": {"cells": [DONE] * 4}, "calls": {"groups": [ONE]}}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_honest_answer_counts(operation):
    assert answered(operation, HONEST.get(operation, DONE))


@pytest.mark.parametrize("counts", [(4,), (1, 1, 1, 1), (1, 3)])
def test_cells_may_be_told_of_together(counts):
    assert answered("cells", *({"cells": [DONE] * count} for count in counts))


@pytest.mark.parametrize(
    "messages",
    [[DONE], [{"cells": []}], [{"cells": [DONE] * 5}], [{"cells": [DONE, 1, DONE, DONE]}]],
)
def test_no_cell_is_told_of_otherwise(messages):
    assert not answered("cells", *messages)


def test_a_callback_is_served_before_the_answer():
    asks = {"op": "callback", "id": 0, "args": [ONE], "kwargs": {}}
    assert answered("call", asks, asks, {**DONE, "changed": {0: ONE, "d": encode({"a": 1})}})


HOSTILE = {
    "a value that is no frame": {**DONE, "value": STRIDED},
    "a frame in another buffer": {**DONE, "value": np.frombuffer(ONE, np.uint8)},
    "a changed argument that is no frame": {**DONE, "changed": {0: STRIDED}},
    "a position that is a float": {**DONE, "changed": {1.0: ONE}},
    "a position that is a boolean": {**DONE, "changed": {True: ONE}},
    "no such position": {**DONE, "changed": {-1: ONE}},
    "a callback with no frame": {"op": "callback", "id": 0, "args": [STRIDED], "kwargs": {}},
    "a callback that is not known": {"op": "callback", "id": 9, "args": [], "kwargs": {}},
    "an operation that is an array": {"op": np.arange(3)},
    "no dict": [DONE],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_ends_the_worker_and_nothing_else(name):
    assert not answered("call", HOSTILE[name])


def test_an_operation_that_is_an_array_is_no_callback():
    assert answered("call", {**DONE, "op": np.array(["callback", "x"])})


@pytest.mark.parametrize("value", [{1, 2}, {"a": {1}}, [1], np.array(["x"]), None, 1j])
def test_an_argument_may_change_into_anything(value):
    places = [*range(7), "d"]
    assert answered("call", {**DONE, "changed": dict.fromkeys(places, encode(value))})
