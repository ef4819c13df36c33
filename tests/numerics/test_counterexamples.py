"""The smallest case that still fails in the same way."""

from pathlib import Path

import numpy as np
import pytest

from autograder.model import Case, Check, Judge
from autograder.numerics.counterexamples import MOST_TRIES, narrowed, smallest_counterexample
from autograder.numerics.expectations import expect


def loss(x, labels):
    """Sum up the entries of the true classes; every label must be a column."""
    return float(x[np.arange(len(labels)), labels].mean())


def table(rng):
    yield Case(x=rng.standard_normal((5, 4)), labels=rng.integers(4, size=5))


def checked(function, cases, judge="tolerance"):
    return Check("check", "title", function, cases, 1.0, True, Judge(judge), Path("x.py"), 1)


def smallest(wrong, check=None, right=loss, explains=lambda single, outcome: True):
    check = check or checked(lambda subject, case: {"loss": subject.loss(**case)}, table)
    expected = expect(check, check.cases(np.random.default_rng(0)), {"loss": right}.__getitem__)
    outcomes = list(expected.observe({"loss": wrong}.__getitem__))
    reference = {"loss": right}.__getitem__
    return smallest_counterexample(
        expected,
        outcomes,
        {"loss": wrong}.__getitem__,
        lambda case: narrowed(expected, case, reference),
        explains,
    )


def test_the_batch_shrinks_to_one_and_numbers_become_whole():
    found = smallest(lambda x, labels: 2 * loss(x, labels))
    assert found.case.x.shape[0] == 1
    assert np.array_equal(found.case.x, np.round(found.case.x))
    assert found.finding.kind == "value"


def test_a_case_that_the_reference_refuses_is_not_shown():
    found = smallest(lambda x, labels: 2 * loss(x, labels))
    assert np.all(found.case.labels < found.case.x.shape[1])


def test_a_mistake_that_needs_two_examples_keeps_two():
    found = smallest(lambda x, labels: loss(x, labels) * len(x))
    assert found.case.x.shape[0] == 2


def test_axes_of_different_lengths_stay_different():
    def total(x):
        return float(x.sum())

    def cases(rng):
        yield Case(x=rng.standard_normal((7, 5, 6)))

    check = checked(lambda subject, case: {"total": subject.loss(**case)}, cases)
    found = smallest(lambda x: total(x) + 1, check, total)
    assert found.case.x.shape == (1, 3, 2)


def test_the_same_mistake_must_explain_it():
    """Only what another subject fails in the same way is the same mistake."""
    found = smallest(
        lambda x, labels: 2 * loss(x, labels),
        explains=lambda single, outcome: len(single.expectations[0].case.x) > 3,
    )
    assert found.case.x.shape[0] == 4


def test_nothing_is_shown_that_nobody_would_read():
    def cases(rng):
        yield Case(x=rng.standard_normal((30, 40)))

    def wrong(x):
        return float(x.sum()) + (x.size > 1000)

    check = checked(lambda subject, case: {"total": subject.loss(**case)}, cases)
    assert smallest(wrong, check, lambda x: float(x.sum())) is None


def test_the_subject_is_not_asked_for_ever():
    calls = []

    def wrong(x, labels):
        calls.append(x)
        return 2 * loss(x, labels)

    smallest(wrong)
    assert len(calls) <= MOST_TRIES + 1


@pytest.mark.parametrize("judge", ["statistical"])
def test_what_is_random_has_no_smallest_example(judge):
    def cases(rng):
        yield Case(x=rng.standard_normal(50))

    check = checked(lambda subject, case: {"y": subject.loss(**case)}, cases, judge)
    assert smallest(lambda x: 9 * x, check, lambda x: x) is None


def test_it_reads_like_code():
    def cases(rng):
        yield Case(x=np.array([[1.5, 2.0]]), options={"p": (1,), "names": ["a"]}, rate=0.25)

    check = checked(lambda subject, case: {"y": subject.loss(case.x)}, cases)
    found = smallest(lambda x: x + 1, check, lambda x: x)
    assert str(found) == (
        "With x = [[2, 2]], options = {'p': (1,), 'names': ['a']}, rate = 0.25: "
        "y[0, 0] is 3, expected 2."
    )
