"""An observation is recognised by its signature exactly where the comparison would take it."""

import json

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograder.numerics.compare import Observed, Raised, judge
from autograder.numerics.samples import sampled
from autograder.numerics.signatures import is_like, signature

ETA = 1e-6
REFERENCE = [{"loss": 2.0, "grad": np.array([[1.0, -2.0], [0.5, 4.0]])}, {"loss": 7.0, "grad": 1.0}]
SCALES = [(0.0, np.zeros((2, 2))), (0.0, 0.0)]
EXPECTED = [(Observed(tree), scales) for tree, scales in zip(REFERENCE, SCALES, strict=True)]


def trees(change, loss=3.0):
    """Return what a subject did: another loss, and gradients that are changed."""
    return [Observed({"loss": loss, "grad": change(tree["grad"])}) for tree in REFERENCE]


def doubled(grad):
    return 2 * grad


def known(outcomes, eta=ETA):
    return json.loads(json.dumps(signature(EXPECTED, outcomes, eta)))


def test_an_outcome_is_like_itself():
    assert is_like(known(trees(doubled)), EXPECTED, trees(doubled), ETA)


@given(st.integers(0, 2**32))
def test_round_off_makes_no_difference(seed):
    rng = np.random.default_rng(seed)

    def noisy(grad):
        return 2 * grad * (1 + 0.1 * ETA * rng.choice([-1, 1], size=np.shape(grad)))

    assert is_like(known(trees(doubled)), EXPECTED, trees(noisy), ETA)


@given(st.integers(0, 3), st.floats(30, 1e8), st.sampled_from([-1, 1]))
def test_an_entry_far_beyond_the_tolerance_does(place, size, sign):
    def off(grad):
        changed = np.array(2.0 * grad)
        changed.flat[place % changed.size] *= 1 + sign * size * ETA
        return changed if changed.ndim else float(changed)

    assert not is_like(known(trees(doubled)), EXPECTED, trees(off), ETA)


DIFFERENT = {
    "shape": trees(lambda grad: np.ravel(2 * grad)),
    "loss": trees(doubled, loss=4.0),
    "NaN": trees(lambda grad: 2 * grad * np.nan),
    "infinity": trees(lambda grad: np.inf * grad),
    "a list": trees(lambda grad: [2 * grad]),
    "nothing": trees(lambda _: None),
    "words": trees(lambda _: "no"),
    "whole numbers": trees(lambda grad: np.asarray(2 * grad).astype(int)),
    "an exception": [Raised(("ValueError", "Exception"), "no")] * 2,
    "another exception": [Raised(("TypeError", "Exception"), "no")] * 2,
}


@pytest.mark.parametrize("one", DIFFERENT)
@pytest.mark.parametrize("other", DIFFERENT)
def test_what_differs_in_kind_is_told_apart(one, other):
    assert is_like(known(DIFFERENT[one]), EXPECTED, DIFFERENT[other], ETA) == (one == other)


def test_what_overflows_is_like_nothing_and_warns_of_nothing():
    huge = trees(lambda grad: grad * 1e200)
    assert not is_like(known(huge), EXPECTED, trees(doubled), ETA)
    assert not is_like(known(trees(doubled)), EXPECTED, huge, ETA)


def test_the_message_of_an_exception_makes_no_difference():
    outcomes = [Raised(("ValueError", "Exception"), text) for text in ("one", "other")]
    assert is_like(known(outcomes), EXPECTED, outcomes[::-1], ETA)


def test_the_order_of_the_names_makes_no_difference():
    turned = [Observed(dict(reversed(each.tree.items()))) for each in trees(doubled)]
    assert is_like(known(trees(doubled)), EXPECTED, turned, ETA)


def test_a_check_that_compares_exactly_has_no_tolerance():
    def near(grad):
        return 2 * grad * (1 + 1e-9)

    assert is_like(known(trees(doubled)), EXPECTED, trees(near), ETA)
    assert not is_like(known(trees(doubled), 0.0), EXPECTED, trees(near), 0.0)


@given(st.lists(st.floats(-1e3, 1e3), min_size=4, max_size=4), st.floats(-1e3, 1e3))
def test_signatures_agree_with_the_comparison(values, loss):
    """Of two outcomes that one comparison tells apart by far, or takes for one."""
    theirs = [Observed({"loss": loss, "grad": np.reshape(values, (2, 2))}), EXPECTED[1][0]]
    ours = [*trees(doubled)[:1], EXPECTED[1][0]]
    finding = judge("tolerance", "", theirs[0], SCALES[0], ETA, ours[0])
    assume(not 0.1 < finding.error < 30)
    assert is_like(known(theirs), EXPECTED, ours, ETA) == (not finding.kind)


def test_random_arrays_are_told_apart_by_their_moments():
    rng = np.random.default_rng(0)

    def drawn(scale):
        return [Observed(sampled({"w": rng.standard_normal((100, 50)) * scale}))]

    expected = [(drawn(1.0)[0], ())]
    seen = json.loads(json.dumps(signature(expected, drawn(2.0), ETA)))
    assert is_like(seen, expected, drawn(2.0), ETA)
    assert not is_like(seen, expected, drawn(2.5), ETA)
    assert not is_like(seen, expected, drawn(1.0), ETA)
