"""The arithmetic of the benchmarks, on numbers that are easy to follow."""

import pytest

from bench.figures import growth, per_submission, ratios, series, speedups, spread


def taken(count, wall, cpu):
    return {"count": count, "wall": wall, "cpu": cpu}


ROUNDS = [
    {
        "fast": {"base": taken(6, 3.0, 2.0), "solved": taken(11, 5.5, 3.0)},
        "slow": {"solved": taken(1, 8.0, 4.0)},
    },
    {
        "fast": {"base": taken(6, 4.0, 2.0), "solved": taken(11, 5.0, 4.0)},
        "slow": {"solved": taken(1, 8.0, 2.0)},
    },
]


def test_start_up_falls_out_of_what_a_submission_costs():
    for start_up in (0.0, 100.0):
        batches = {"base": taken(6, start_up + 3.0, 1.0), "mix": taken(12, start_up + 6.0, 4.0)}
        assert per_submission(batches, "mix", "wall") == pytest.approx(0.5)
        assert per_submission(batches, "mix", "cpu") == pytest.approx(0.5)


def test_without_a_base_a_submission_costs_its_share_of_the_batch():
    assert per_submission({"pair": taken(2, 9.0, 16.0)}, "pair", "wall") == 4.5


def test_two_at_a_time_has_a_base_of_its_own():
    batches = {"base": taken(1, 50.0, 50.0), "pair base": taken(2, 1.0, 2.0)}
    assert per_submission({**batches, "pair": taken(10, 5.0, 9.0)}, "pair", "wall") == 0.5


def test_ratios_are_taken_within_a_round():
    assert series(ROUNDS, "fast", "solved", "cpu") == [0.2, 0.4]
    assert ratios(ROUNDS, "slow", "fast", "solved", "cpu") == pytest.approx([20.0, 5.0])


def test_two_at_a_time_are_compared_with_one():
    fast = {**ROUNDS[0]["fast"], "pair base": taken(2, 3.0, 4.0), "pair": taken(12, 5.5, 9.0)}
    assert speedups([{"fast": fast}, ROUNDS[1]], "fast") == [2.0]


def test_a_system_that_was_not_measured_has_no_values():
    assert series(ROUNDS, "absent", "solved", "cpu") == []
    assert ratios(ROUNDS, "slow", "absent", "solved", "cpu") == []
    assert series(ROUNDS, "slow", "mix", "wall") == []


def test_a_single_value_has_no_spread():
    assert spread([2.5]).low == spread([2.5]).middle == spread([2.5]).high == 2.5


def test_one_outlier_moves_neither_median_nor_quartiles():
    assert spread([1.0, 2.0, 3.0, 4.0, 5.0]) == spread([1.0, 2.0, 3.0, 4.0, 500.0])


def test_growth_is_zero_when_memory_is_flat_and_first_samples_are_left_out():
    sizes = [10.0, 40.0, *[60.0] * 18]
    samples = [{"graded": 250 * n, "grader": size} for n, size in enumerate(sizes, 1)]
    assert growth(samples, "grader") == 0.0
    leaking = [{"graded": each["graded"], "grader": each["graded"] / 100} for each in samples]
    assert growth(leaking, "grader") == pytest.approx(10.0)
