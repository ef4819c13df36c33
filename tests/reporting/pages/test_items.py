"""Item statistics, against independent implementations, on a class that stays the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.reporting.pages.items import Scores

POINTS = np.array([2.0, 1.0, 4.0, 0.5, 3.0])


def fixed_class(students=60):
    """Able students earn more of every item; the fourth has nothing to do with the others."""
    rng = np.random.default_rng([2026, 11])
    ability = rng.standard_normal((students, 1))
    ability = np.repeat(ability, len(POINTS), axis=1)
    ability[:, 3] = rng.standard_normal(students)
    share = 1 / (1 + np.exp(-ability - rng.standard_normal((students, len(POINTS)))))
    return np.round(4 * share) / 4 * POINTS


def gathered(scores, points=POINTS):
    found = Scores(points)
    for row in scores:
        found.add(row)
    return found.reliability()


def alpha_of_pingouin(scores):
    import pandas as pd
    import pingouin

    return pingouin.cronbach_alpha(data=pd.DataFrame(scores))[0]


@pytest.mark.oracle
def test_alpha_is_that_of_pingouin_with_and_without_each_item():
    scores = fixed_class()
    found = gathered(scores)
    assert found.alpha == pytest.approx(alpha_of_pingouin(scores), abs=1e-12)
    for place, item in enumerate(found.items):
        others = np.delete(scores, place, axis=1)
        assert item.alpha_without == pytest.approx(alpha_of_pingouin(others), abs=1e-12)


def test_the_correlation_is_that_of_an_item_with_the_sum_of_the_others():
    scores = fixed_class()
    for place, item in enumerate(gathered(scores).items):
        rest = np.delete(scores, place, axis=1).sum(axis=1)
        assert item.rest == pytest.approx(np.corrcoef(scores[:, place], rest)[0, 1], abs=1e-12)


def test_the_facility_is_the_mean_share_of_the_points():
    scores = fixed_class()
    facilities = [item.facility for item in gathered(scores).items]
    assert facilities == pytest.approx(list((scores / POINTS).mean(axis=0)))


def test_an_item_that_has_nothing_to_do_with_the_others_is_found():
    found = gathered(fixed_class(600))
    assert min(found.items, key=lambda item: item.rest) is found.items[3]
    assert found.items[3].alpha_without > found.alpha
    assert all(found.items[place].alpha_without < found.alpha for place in (0, 2, 4))


@given(
    arrays(
        float, st.tuples(st.integers(3, 30), st.just(4)), elements=st.sampled_from((0, 1.1, 3.3))
    )
)
def test_any_class_has_the_alpha_of_the_formula_or_none(scores):
    found = gathered(scores, [3.3] * 4)
    total = scores.sum(axis=1).var(ddof=1)
    if total < 1e-9:
        assert found.alpha is None
    else:
        expected = 4 / 3 * (1 - scores.var(axis=0, ddof=1).sum() / total)
        assert found.alpha == pytest.approx(expected, abs=1e-9)


def test_one_result_and_none_have_facilities_at_most():
    assert gathered([POINTS]).items[0].facility == 1
    for found in (gathered([POINTS]), gathered([])):
        assert found.alpha is None
        assert [item.rest for item in found.items] == [None] * len(POINTS)


def test_an_item_that_is_the_same_for_all_correlates_with_nothing():
    scores = fixed_class()
    scores[:, 1] = 0.7
    found = gathered(scores)
    assert found.items[1].rest is None
    assert found.items[0].rest is not None


def test_two_opposite_items_have_no_alpha():
    rng = np.random.default_rng([2026, 12])
    first = rng.uniform(0, 1, 20)
    found = gathered(np.stack([first, 1 - first], axis=1), [1, 1])
    assert found.alpha is None
    assert [item.rest for item in found.items] == pytest.approx([-1, -1])


def test_a_single_item_has_no_others():
    (item,) = gathered([[0.0], [1.0]], [1]).items
    assert (item.facility, item.rest, item.alpha_without) == (0.5, None, None)


def test_an_item_without_points_counts_as_solved():
    assert gathered([[0.0, 1.0]], [0, 1]).items[0].facility == 1
