import pickle

import numpy as np
import pytest

from autograder.sandbox.codec import CodecError, decode, encode
from autograder.sandbox.foreseen import foresee, pack

LIMIT = 1 << 20


def packed(value):
    ((call,),) = [pickle.loads(each) for each in pickle.loads(pack([[call_of(value)]], LIMIT))]
    name, (raised,), _ = call
    assert name == "f"
    return raised


def call_of(value):
    return foresee("f", [value], {}, LIMIT)


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(12, dtype=np.int32).reshape(2, 6)[:, ::2],
        np.zeros((0, 3), np.float32),
        np.float32(2.5),
        np.array(["a", "bc"]),
        {"a": [1, (2.5, None)], "b": True},
    ],
    ids=repr,
)
def test_arguments_arrive_as_through_the_codec(value):
    arrived = packed(value)
    assert encode(arrived) == encode(value) == encode(decode(encode(value)))


def test_arrays_arrive_as_if_made_there():
    arrived = packed(np.arange(3.0))
    assert arrived.flags.owndata
    assert arrived.flags.writeable


def test_a_generator_goes_on_where_it_was():
    generator = np.random.default_rng(1)
    generator.random(3)
    assert packed(generator).random() == np.random.default_rng(1).random(4)[-1]


def test_too_many_calls_are_not_packed():
    with pytest.raises(CodecError):
        pack([[call_of(np.zeros(9))] * 50], 1000)
