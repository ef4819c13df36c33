"""What a submission may ask of the reference's functions, when these stand in for its own."""

import pytest

from autograder.grading.follow import DegenerateError, _limited
from autograder.subjects import build_subject

SOURCE = """
import numpy as np


def count(n):
    total = 0
    for _ in range(n):
        total += 1
    return total


def zeros(n):
    return np.zeros(n).sum()
"""


@pytest.fixture
def reference():
    return build_subject({"sums": SOURCE}, ("sums",))


def test_an_ordinary_question_is_answered(reference):
    assert _limited(reference("count"))(1000) == 1000
    assert _limited(reference("zeros"))(n=1000) == 0.0


def test_an_endless_question_is_not(reference):
    with pytest.raises(DegenerateError):
        _limited(reference("count"))(10**12)


def test_nor_one_that_needs_all_memory(reference):
    with pytest.raises(MemoryError):
        _limited(reference("zeros"))(10**9)
    assert _limited(reference("zeros"))(1000) == 0.0
