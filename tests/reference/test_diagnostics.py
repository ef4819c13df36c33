import math

import numpy as np
import pytest

from reference import diagnostics


def test_dead_units_are_zero_for_every_example_and_zeros_alone_are_not_dead():
    layer = np.array([[0.0, 0.0, -1.0, 0.5], [0.0, 2.0, -1.0, 0.0]])
    (found,) = diagnostics.activation_statistics([layer])
    assert found["dead"] == 0.25


@pytest.mark.parametrize(("value", "share"), [(0.99, 0.0), (-0.991, 0.5), (0.991, 0.5), (5.0, 0.5)])
def test_saturation_begins_beyond_the_limit_on_both_sides(value, share):
    (found,) = diagnostics.activation_statistics([np.array([[value, 0.1]])])
    assert found["saturated"] == share


def test_statistics_are_plain_floats_in_the_order_of_the_layers():
    rng = np.random.default_rng(0)
    layers = [rng.standard_normal((5, 3)), rng.integers(0, 3, (4, 2)), rng.random((2, 3, 4, 5))]
    found = diagnostics.activation_statistics(layers)
    assert [each["mean"] for each in found] == [pytest.approx(layer.mean()) for layer in layers]
    assert all(type(value) is float for each in found for value in each.values())
    assert diagnostics.activation_statistics([]) == []


def test_arguments_are_left_alone():
    rng = np.random.default_rng(1)
    array = rng.standard_normal((3, 2, 4))
    before = array.copy()
    diagnostics.activation_statistics([array])
    diagnostics.gradient_norms({"weights": array})
    diagnostics.weight_histogram(array, 3)
    diagnostics.feature_map_grid(array)
    np.testing.assert_array_equal(array, before)


def test_norms_of_bytes_do_not_wrap_around():
    grads = {"weights": np.array([[30, 40]], np.uint8), "bias": np.zeros(3)}
    assert diagnostics.gradient_norms(grads) == {"weights": 50.0, "bias": 0.0}


@pytest.mark.parametrize("factor", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize(
    ("norms", "verdict"),
    [
        ([1.0, 2.0, 1.0], "healthy"),
        ([1.0], "healthy"),
        ([1.0, 1e-9, 1.0], "healthy"),
        ([1000.0, 1.0], "healthy"),
        ([1.0, 1000.0], "healthy"),
        ([1001.0, 1.0], "exploding"),
        ([1.0, 1001.0], "vanishing"),
        ([1.0, 0.0], "exploding"),
        ([0.0, 1.0], "vanishing"),
        ([0.0, 0.0], "vanishing"),
    ],
)
def test_the_ends_decide_in_any_unit(norms, verdict, factor):
    assert diagnostics.diagnose([factor * norm for norm in norms]) == verdict


@pytest.mark.parametrize("bad", [math.inf, math.nan])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_not_finite_explodes(bad, place):
    norms = [1.0, 1.0, 1.0]
    norms[place] = bad
    assert diagnostics.diagnose(norms) == "exploding"


def test_no_norm_is_no_diagnosis():
    with pytest.raises(ValueError, match="no norm"):
        diagnostics.diagnose([])


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_each_layer_builds_on_the_one_before(scale):
    def initializer(fan_in, fan_out, rng):
        del rng
        return scale * np.eye(fan_in, fan_out)

    rng = np.random.default_rng(0)
    stds = diagnostics.depth_experiment(initializer, lambda z: z, 5, 50, rng)
    assert stds.shape == (5,)
    assert stds[0] == pytest.approx(scale, rel=0.05)
    np.testing.assert_allclose(stds[1:] / stds[:-1], scale)


def test_every_layer_is_drawn_with_the_generator_itself():
    rng, seen = np.random.default_rng(0), []

    def initializer(*arguments):
        seen.append(arguments)
        return np.eye(arguments[0])

    diagnostics.depth_experiment(initializer, np.tanh, 3, 7, rng)
    assert [arguments[:2] for arguments in seen] == [(7, 7)] * 3
    assert all(arguments[2] is rng for arguments in seen)


def test_counts_add_up_and_borders_belong_to_the_upper_bin():
    counts, edges = diagnostics.weight_histogram(np.array([[0.0, 1.0], [2.0, 2.0]]), 2)
    np.testing.assert_array_equal(counts, [1, 3])
    np.testing.assert_array_equal(edges, [0, 1, 2])


def test_a_histogram_needs_a_bin():
    with pytest.raises(ValueError, match="bins"):
        diagnostics.weight_histogram(np.ones(3), 0)


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((7, 2, 4), (3 * 3 - 1, 3 * 5 - 1)),
        ((2, 2, 4), (2, 2 * 5 - 1)),
        ((1, 2, 4), (2, 4)),
        ((3, 5, 2, 4), (3 * 3 - 1, 5 * 5 - 1)),
    ],
)
def test_the_grid_has_room_for_all_maps_and_the_gaps_between(shape, size):
    maps = np.random.default_rng(0).standard_normal(shape)
    grid = diagnostics.feature_map_grid(maps)
    assert grid.shape == size
    assert np.isfinite(grid).sum() == maps.size


def test_every_map_reaches_one_and_a_map_of_zeros_stays():
    maps = np.random.default_rng(0).standard_normal((3, 2, 2, 2))
    maps[1, 0] = 0
    grid = diagnostics.feature_map_grid(maps)
    for (row, column), top in np.ndenumerate(np.abs(maps).max(axis=(2, 3))):
        tile = grid[3 * row : 3 * row + 2, 3 * column : 3 * column + 2]
        np.testing.assert_allclose(tile * top, maps[row, column])
        assert np.abs(tile).max() == (top > 0)


@pytest.mark.parametrize(("dtype", "kept"), [(np.float32, np.float32), (np.uint8, np.float64)])
def test_the_grid_keeps_float32_and_converts_integers(dtype, kept):
    assert diagnostics.feature_map_grid(np.ones((2, 3, 3), dtype)).dtype == kept


@pytest.mark.parametrize("shape", [(), (5,), (3, 4), (2, 2, 2, 2, 2)])
def test_other_axes_make_no_grid(shape):
    with pytest.raises(ValueError, match="expected shape"):
        diagnostics.feature_map_grid(np.ones(shape))
