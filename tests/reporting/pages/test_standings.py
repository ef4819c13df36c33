"""How a class did: counts, averages, and what there is without any score."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reporting.pages.standings import BINS, standing

SCORES = st.lists(st.integers(0, 400).map(lambda n: n / 10), min_size=1, max_size=60)


@given(SCORES)
def test_quartiles_and_mean_are_those_of_numpy(scores):
    found = standing([(each, 40.0) for each in scores])
    expected = np.quantile(scores, [0.25, 0.5, 0.75])
    assert (found.lower, found.median, found.upper) == pytest.approx(tuple(expected))
    assert found.median == pytest.approx(statistics.median(scores))
    assert found.mean == pytest.approx(np.mean(scores))


@given(SCORES)
def test_every_score_is_in_one_tenth(scores):
    found = standing([(each, 40.0) for each in scores])
    edges = np.round(np.linspace(0, 40, BINS + 1), 9)
    assert found.counts == tuple(np.histogram(scores, edges)[0])
    assert found.full == scores.count(40.0)


def test_what_was_not_graded_is_counted_and_nothing_else():
    found = standing([(None, 4.0), (2.0, 4.0), (None, 4.0)])
    assert (found.graded, found.review, found.median, found.mean) == (1, 2, 2.0, 2.0)


def test_a_class_without_scores_has_no_figures():
    found = standing([(None, 4.0)])
    assert (found.graded, found.mean, found.median, sum(found.counts)) == (0, 0.0, 0.0, 0)


def test_an_assignment_without_points_is_done_in_full():
    found = standing([(0.0, 0.0)])
    assert (found.full, found.counts[-1]) == (1, 1)
