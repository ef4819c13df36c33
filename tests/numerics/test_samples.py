"""Random arrays: right ones stay within the limits, wrong ones do not, and both for good reasons."""

import numpy as np
import pytest
from scipy import stats

from autograder.model import Case
from autograder.numerics import samples
from autograder.numerics.compare import Observed, Subject, judge, observe
from autograder.numerics.samples import differences, sample

SHAPE = (40, 500)
DRAWS = {
    "normal": lambda rng: 0.1 * rng.standard_normal(SHAPE),
    "uniform": lambda rng: rng.uniform(-0.2, 0.2, SHAPE),
    "exponential": lambda rng: rng.exponential(2.0, SHAPE),
    "far from zero": lambda rng: 1e6 + rng.standard_normal(SHAPE),
    "kept or dropped": lambda rng: (rng.random(SHAPE) >= 0.3) / 0.7,
    "float32": lambda rng: rng.standard_normal(SHAPE, dtype=np.float32),
    "one row": lambda rng: rng.standard_normal((1, 20_000)),
}


def drawn(name, seed):
    return sample(DRAWS[name](np.random.default_rng(seed)))


def worst(expected, got):
    return max(differences(expected, got), key=lambda each: each[1])


def test_the_limit_of_a_normal_statistic_is_what_it_says():
    assert 2 * stats.norm.sf(samples.NORMAL_LIMIT) == pytest.approx(samples.ALPHA, rel=1e-3)


@pytest.mark.parametrize("name", DRAWS)
def test_two_samples_of_one_distribution_stay_well_within_the_limits(name):
    expected = drawn(name, 0)
    errors = [
        error for seed in range(1, 41) for _, error in differences(expected, drawn(name, seed))
    ]
    assert max(errors) < 0.75  # 5.3 standard deviations, in 200 statistics


@pytest.mark.parametrize("name", ["normal", "uniform", "exponential", "kept or dropped"])
def test_the_statistics_are_as_noisy_as_their_limits_say(name):
    """In units of the noise, mean, deviation and neighbours spread like a standard normal number."""
    rows = [
        [
            error * samples.NORMAL_LIMIT
            for _, error in differences(drawn(name, 2 * k), drawn(name, 2 * k + 1))
        ]
        for k in range(150)
    ]
    *neighbours, _, mean, std, _ = np.square(rows).T
    for squares in (mean, std, neighbours):  # of neighbours the worse comes first: both together
        assert 0.8 < np.sqrt(np.mean(squares)) < 1.2


@pytest.mark.parametrize("name", ["normal", "uniform", "exponential"])
def test_the_distance_of_two_samples_agrees_with_scipy(name):
    one, other = (DRAWS[name](np.random.default_rng(seed)) for seed in (0, 1))
    exact = stats.ks_2samp(one.ravel(), other.ravel() * 1.1).statistic
    distance = samples._distance(sample(one), sample(other * 1.1))
    assert distance == pytest.approx(exact, abs=2 / samples.LEVELS)


WRONG = {
    "another mean": (lambda x: x + 0.0125, "has a mean of"),
    "another deviation": (lambda x: 1.12 * x, "has a standard deviation of"),
    "another shape of the bell": (
        lambda x: 0.1 * np.sqrt(12) * (stats.norm.cdf(x / 0.1) - 0.5),
        "has another distribution than expected",
    ),
    "a row for all": (lambda x: np.repeat(x[:1], len(x), axis=0), "neighbours along axis 0"),
    "a column for all": (
        lambda x: np.repeat(x[:, :1], x.shape[1], axis=1),
        "neighbours along axis 1",
    ),
    "a few values, shuffled": (
        lambda x: np.random.default_rng(5).choice(x.ravel()[:6000], x.shape),
        "has a share of distinct values of",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_draw_is_refused_for_the_right_reason(name):
    change, words = WRONG[name]
    x = DRAWS["normal"](np.random.default_rng(3))
    found = differences(drawn("normal", 0), sample(change(x)))
    assert words in next(detail for detail, error in found if error > 1)


def test_the_stated_power_holds():
    """A deviation that is off by 10.1 sqrt(2/n) of itself is refused nearly always."""
    off = 1 + 10.1 * np.sqrt(2 / np.prod(SHAPE))
    for seed in range(20):
        other = off * DRAWS["normal"](np.random.default_rng(100 + seed))
        assert worst(drawn("normal", seed), sample(other))[1] > 1


def test_numbers_that_differ_by_rounding_are_one_value():
    kept = np.random.default_rng(0).random(SHAPE) >= 0.3
    assert worst(sample(kept / 0.7), sample(kept * (1 / 0.7)))[1] < 1e-3


def test_a_constant_is_a_sample_too():
    zeros = sample(np.zeros(SHAPE))
    assert worst(zeros, zeros)[1] == 0
    assert worst(zeros, drawn("normal", 0))[1] > 1
    assert worst(drawn("normal", 0), zeros)[1] > 1


def verdict(expected, got):
    outcome = observe(lambda subject, case: got, Subject({}.__getitem__), Case())
    return judge("statistical", "", Observed(expected), (), 1.0, outcome)


NORMAL = DRAWS["normal"](np.random.default_rng(0))
ANSWERS = {
    "another draw": ({"w": DRAWS["normal"](np.random.default_rng(1)), "n": 3}, ""),
    "a wrong count": ({"w": NORMAL, "n": 4}, "value"),
    "the transpose": ({"w": NORMAL.T, "n": 3}, "shape"),
    "a list": ({"w": NORMAL.tolist(), "n": 3}, "type"),
    "whole numbers": ({"w": np.ones(SHAPE, int), "n": 3}, "type"),
    "nothing": ({"w": None, "n": 3}, "type"),
    "NaN": ({"w": np.where(NORMAL > 0.3, np.nan, NORMAL), "n": 3}, "finite"),
    "another spread": ({"w": 2 * NORMAL, "n": 3}, "distribution"),
    "an empty array": ({"w": np.zeros((0, 3)), "n": 3}, "type"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_observation_is_judged_by_structure_then_statistics(name):
    got, kind = ANSWERS[name]
    assert verdict({"w": NORMAL, "n": 3}, got).kind == kind
