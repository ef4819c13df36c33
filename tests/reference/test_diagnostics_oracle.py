"""Diagnostics against PyTorch, SciPy and exact fractions."""

import math
from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest

from reference import diagnostics

pytestmark = pytest.mark.oracle

SHAPES = [(4, 6), (5, 5), (1, 7), (6, 1), (6, 2, 3, 4)]


def layer(shape, seed):
    """Return activations with dead units, single zeros, and entries beyond the limit."""
    rng = np.random.default_rng(seed)
    values = np.maximum(rng.standard_normal(shape), -0.5)
    values[:, rng.random(shape[1:]) < 0.3] = 0.0
    values[rng.random(shape) < 0.1] = 0.0
    return values


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("shape", SHAPES)
def test_statistics_are_those_of_torch(shape, seed):
    torch = import_module("torch")
    (found,) = diagnostics.activation_statistics([layer(shape, seed)])
    tensor = torch.tensor(layer(shape, seed)).reshape(shape[0], -1)
    dead = torch.count_nonzero(tensor, dim=0) == 0
    expected = {
        "mean": tensor.mean().item(),
        "std": tensor.std(correction=0).item(),
        "dead": dead.double().mean().item(),
        "saturated": (tensor.abs().gt(0.99)).double().mean().item(),
    }
    assert found == {name: pytest.approx(value, rel=1e-10) for name, value in expected.items()}


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("shape", [*SHAPES, (), (9,)])
def test_norms_are_those_of_torch(shape, size):
    torch = import_module("torch")
    gradient = np.asarray(size * np.random.default_rng(3).standard_normal(shape))
    expected = torch.linalg.vector_norm(torch.tensor(gradient)).item()
    found = diagnostics.gradient_norms({"weights": gradient})
    assert found == {"weights": pytest.approx(expected, rel=1e-10)}


def test_verdicts_are_those_of_exact_fractions():
    rng = np.random.default_rng(4)
    seen = set()
    for _ in range(300):
        norms = [float(norm) for norm in 10 ** rng.uniform(-6, 6, rng.integers(1, 6))]
        ratio = Fraction(norms[0]) / Fraction(norms[-1])
        expected = "healthy"
        if ratio > 1000:
            expected = "exploding"
        elif ratio < Fraction(1, 1000):
            expected = "vanishing"
        assert diagnostics.diagnose(norms) == expected
        seen.add(expected)
    assert len(seen) == 3


@pytest.mark.parametrize("name", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize(("depth", "width"), [(1, 5), (6, 20), (4, 256)])
def test_depth_experiment_is_a_network_of_torch(name, depth, width):
    torch = import_module("torch")
    activation = getattr(torch, name)
    rng = np.random.default_rng(5)
    signal = torch.tensor(rng.standard_normal((256, width)))
    expected = []
    for _ in range(depth):
        linear = torch.nn.Linear(width, width, bias=False, dtype=torch.float64)
        weights = rng.standard_normal((width, width)) / math.sqrt(width)
        linear.weight.data = torch.tensor(weights.T)
        signal = activation(linear(signal)).detach()
        expected.append(signal.std(correction=0).item())
    found = diagnostics.depth_experiment(
        lambda fan_in, fan_out, rng: rng.standard_normal((fan_in, fan_out)) / math.sqrt(fan_in),
        lambda z: activation(torch.tensor(z)).numpy(),
        depth,
        width,
        np.random.default_rng(5),
    )
    np.testing.assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize("bins", [1, 4, 7, 30])
@pytest.mark.parametrize("shape", [(40,), (6, 5), (3, 2, 4, 3)])
def test_histograms_are_those_of_torch_and_scipy(shape, bins):
    torch, stats = import_module("torch"), import_module("scipy.stats")
    weights = np.random.default_rng(6).standard_normal(shape)
    counts, edges = diagnostics.weight_histogram(weights, bins)
    theirs = torch.histogram(torch.tensor(weights).ravel(), bins)
    np.testing.assert_array_equal(counts, theirs.hist.numpy())
    np.testing.assert_allclose(edges, theirs.bin_edges.numpy(), rtol=1e-10, atol=1e-12)
    binned = stats.binned_statistic(weights.ravel(), None, "count", bins)
    np.testing.assert_array_equal(counts, binned.statistic)
    np.testing.assert_allclose(edges, binned.bin_edges, rtol=1e-10)


@pytest.mark.parametrize("shape", [(1, 2, 4), (6, 2, 3), (7, 1, 2), (9, 3, 3), (3, 2, 2, 4)])
def test_grids_are_folded_as_torch_folds_them(shape):
    torch = import_module("torch")
    maps = np.random.default_rng(7).standard_normal(shape)
    height, width = shape[-2:]
    tiles = torch.tensor(maps).reshape(-1, height, width)
    columns = shape[1] if len(shape) == 4 else math.ceil(shape[0] ** 0.5)
    rows = math.ceil(len(tiles) / columns)
    tiles = tiles / torch.linalg.vector_norm(tiles, math.inf, dim=(1, 2), keepdim=True)
    room = torch.full((rows * columns, height + 1, width + 1), math.nan, dtype=torch.float64)
    room[: len(tiles), :height, :width] = tiles
    expected = torch.nn.functional.fold(
        room.reshape(1, rows * columns, -1).transpose(1, 2),
        output_size=(rows * (height + 1), columns * (width + 1)),
        kernel_size=(height + 1, width + 1),
        stride=(height + 1, width + 1),
    )[0, 0, :-1, :-1]
    found = diagnostics.feature_map_grid(maps)
    np.testing.assert_allclose(found, expected.numpy(), rtol=1e-10)
