"""What a call did to its copies becomes visible in the originals."""

import numpy as np
import pytest

from autograder.sandbox.server import copy_back


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (np.zeros(3), np.arange(3.0)),
        (np.zeros((2, 3)).T, np.ones((3, 2))),
        (np.zeros((2, 6))[:, ::2], np.ones((2, 3))),
        (np.array(1.0), np.array(2.0)),
        ({"a": 1}, {"b": np.float64(2)}),
        ([1, 2], [3]),
        ({1}, {2, 3}),
    ],
)
def test_the_original_takes_the_new_contents(mine, theirs):
    copy_back({0: theirs}, [mine], {})
    assert np.array_equal(mine, theirs) if isinstance(mine, np.ndarray) else mine == theirs


@pytest.mark.parametrize("dtype", ["f4", "f8", "c16", "i8", "u1", "?", "U3"])
@pytest.mark.parametrize("theirs", [None, np.zeros(7), np.zeros(2, "f2"), [1.0]])
def test_what_does_not_fit_is_still_visible(dtype, theirs):
    mine = np.zeros(2, dtype)
    before = mine.copy()
    copy_back({"x": theirs}, [], {"x": mine})
    assert not np.any(mine == before)


def test_the_parts_of_a_tuple_are_changed_in_place():
    left, right = np.zeros(2), {}
    copy_back({0: (np.ones(2), {"a": 1})}, [(left, right)], {})
    assert (left.tolist(), right) == ([1, 1], {"a": 1})


def test_a_generator_takes_the_new_state():
    mine, theirs = np.random.default_rng(1), np.random.default_rng(2)
    copy_back({0: theirs}, [mine], {})
    assert mine.random() == theirs.random()


def test_a_read_only_array_is_not_changed_silently():
    mine = np.zeros(2)
    mine.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        copy_back({0: np.ones(2)}, [mine], {})


def test_immutable_arguments_are_left_alone():
    copy_back({0: 3, 1: "y"}, [2, "x"], {})
