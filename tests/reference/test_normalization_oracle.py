"""Normalisation against PyTorch, exact fractions, scikit-learn, complex steps and Taylor tests."""

from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest

from reference.normalization import batchnorm, batchnorm_backward, layernorm, layernorm_backward

pytestmark = pytest.mark.oracle

CLOSE = {"rtol": 1e-10, "atol": 1e-12}
shapes = pytest.mark.parametrize("shape", [(6, 3), (4, 4), (2, 5), (7, 1), (64, 10)])
spreads = pytest.mark.parametrize("spread", [1e-3, 1.0, 100.0])
guards = pytest.mark.parametrize("eps", [1e-5, 0.1])
functions = pytest.mark.parametrize("name", ["batchnorm", "layernorm"])


def problem(shape, spread=1.0):
    """Return a batch, its parameters, running statistics and a gradient from above."""
    rng = np.random.default_rng(8)
    n, d = shape
    x = spread * (rng.standard_normal((n, d)) + rng.uniform(-2, 2, d))
    gamma, beta = rng.uniform(-2, 2, d), rng.standard_normal(d)
    running = {"mean": rng.standard_normal(d), "var": rng.uniform(0.5, 2, d)}
    return x, gamma, beta, running, rng.standard_normal((n, d))


def with_gradients(function, dout, *arrays):
    """Return the output of a function of torch, and the gradients of its arrays."""
    torch = import_module("torch")
    leaves = [torch.tensor(each, requires_grad=True) for each in arrays]
    output = function(*leaves)
    output.backward(torch.tensor(dout))
    return output.detach().numpy(), [leaf.grad.numpy() for leaf in leaves]


@pytest.mark.parametrize("momentum", [0.9, 0.3])
@guards
@spreads
@shapes
def test_batchnorm_in_training_is_that_of_torch(shape, spread, eps, momentum):
    torch = import_module("torch")
    x, gamma, beta, running, dout = problem(shape, spread)
    mean, var = (torch.tensor(running[name]) for name in ("mean", "var"))

    def train(*leaves):
        options = {"training": True, "momentum": 1 - momentum, "eps": eps}  # weighs the new
        return torch.nn.functional.batch_norm(leaves[0], mean, var, *leaves[1:], **options)

    expected, gradients = with_gradients(train, dout, x, gamma, beta)
    y, new = batchnorm(x, gamma, beta, running, True, momentum, eps)
    np.testing.assert_allclose(y, expected, **CLOSE)
    np.testing.assert_allclose(new["mean"], mean.numpy(), **CLOSE)
    n = len(x)  # torch keeps the unbiased variance
    biased = var.numpy() * (n - 1) / n + momentum * running["var"] / n
    np.testing.assert_allclose(new["var"], biased, **CLOSE)
    for mine, theirs in zip(batchnorm_backward(dout, x, gamma, eps), gradients, strict=True):
        np.testing.assert_allclose(
            mine, theirs, rtol=1e-10, atol=1e-12 * np.abs(dout).max() / spread
        )


@guards
@spreads
@pytest.mark.parametrize("shape", [(6, 3), (4, 4), (1, 5)])
def test_batchnorm_in_inference_is_that_of_torch(shape, spread, eps):
    torch = import_module("torch")
    x, gamma, beta, running, _dout = problem(shape, spread)
    tensors = (torch.tensor(each) for each in (x, running["mean"], running["var"], gamma, beta))
    expected = torch.nn.functional.batch_norm(*tensors, training=False, eps=eps)
    got, _ = batchnorm(x, gamma, beta, running, False, eps=eps)
    np.testing.assert_allclose(got, expected.numpy(), **CLOSE)


@guards
@spreads
@pytest.mark.parametrize("shape", [(3, 6), (4, 4), (5, 2), (1, 7), (10, 64)])
def test_layernorm_is_that_of_torch(shape, spread, eps):
    torch = import_module("torch")
    x, gamma, beta, _running, dout = problem(shape, spread)

    def normalise(*leaves):
        return torch.nn.functional.layer_norm(leaves[0], x.shape[1:], *leaves[1:], eps=eps)

    expected, gradients = with_gradients(normalise, dout, x, gamma, beta)
    np.testing.assert_allclose(layernorm(x, gamma, beta, eps), expected, **CLOSE)
    for mine, theirs in zip(layernorm_backward(dout, x, gamma, eps), gradients, strict=True):
        np.testing.assert_allclose(
            mine, theirs, rtol=1e-10, atol=1e-12 * np.abs(dout).max() / spread
        )


@shapes
def test_without_a_guard_both_are_the_scaler_of_scikit_learn(shape):
    scale = import_module("sklearn.preprocessing").scale
    x, gamma, beta, running, _dout = problem(shape)
    y, _ = batchnorm(x, gamma, beta, running, True, eps=0.0)
    np.testing.assert_allclose(y, gamma * scale(x, axis=0) + beta, **CLOSE)
    if shape[1] > 1:
        expected = gamma * scale(x, axis=1) + beta
        np.testing.assert_allclose(layernorm(x, gamma, beta, eps=0.0), expected, **CLOSE)


def test_far_from_zero_every_number_is_that_of_exact_fractions():
    steps = np.random.default_rng(1).permuted(np.tile(np.arange(8) ** 2 / 256, (3, 1)), axis=1).T
    x, running = 1e6 + steps, {"mean": np.full(3, 1e6), "var": np.full(3, 0.25)}
    y, new = batchnorm(x, np.ones(3), np.zeros(3), running, True)
    across = layernorm(x.T.copy(), np.ones(8), np.zeros(8)).T
    for k in range(3):
        column = [Fraction(each) for each in x[:, k]]
        mean = sum(column) / 8
        var = sum((each - mean) ** 2 for each in column) / 8
        assert new["var"][k] == pytest.approx(float(Fraction(0.9) / 4 + (1 - Fraction(0.9)) * var))
        expected = [float(each - mean) / float(var + Fraction(1e-5)) ** 0.5 for each in column]
        np.testing.assert_allclose(y[:, k], expected, rtol=1e-10)
        np.testing.assert_allclose(across[:, k], expected, rtol=1e-10)


def normalised(z, gamma, beta, eps, axis):
    """Return the formula, written so that a complex step passes through it."""
    centred = z - z.sum(axis=axis, keepdims=True) / z.shape[axis]
    var = (centred * centred).sum(axis=axis, keepdims=True) / z.shape[axis]
    return gamma * centred / np.sqrt(var + eps) + beta


def slopes(loss, array):
    """Return the gradient of a loss by complex steps."""
    gradient = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        moved = array.astype(complex)
        moved[index] += 1e-30j
        gradient[index] = loss(moved).imag / 1e-30
    return gradient


@functions
@guards
@pytest.mark.parametrize("spread", [1e-3, 1.0])
@pytest.mark.parametrize("shape", [(1, 3), (3, 1), (4, 4), (5, 3), (2, 6)])
def test_gradients_are_those_of_a_complex_step(name, shape, spread, eps):
    axis, backward = {"batchnorm": (0, batchnorm_backward), "layernorm": (1, layernorm_backward)}[
        name
    ]
    x, gamma, beta, _running, dout = problem(shape, spread)
    got = backward(dout, x, gamma, eps)
    expected = [
        slopes(lambda z: (dout * normalised(z, gamma, beta, eps, axis)).sum(), x),
        slopes(lambda z: (dout * normalised(x, z, beta, eps, axis)).sum(), gamma),
        slopes(lambda z: (dout * normalised(x, gamma, z, eps, axis)).sum(), beta),
    ]
    for mine, theirs in zip(got, expected, strict=True):
        np.testing.assert_allclose(
            mine, theirs, rtol=1e-10, atol=1e-10 * (1 + np.abs(theirs).max())
        )


@functions
def test_the_gradient_leaves_an_error_of_second_order(name):
    x, gamma, beta, running, dout = problem((5, 4))
    forward, backward = {
        "batchnorm": (lambda z: batchnorm(z, gamma, beta, running, True)[0], batchnorm_backward),
        "layernorm": (lambda z: layernorm(z, gamma, beta), layernorm_backward),
    }[name]
    direction = np.random.default_rng(2).standard_normal(x.shape)
    slope = (backward(dout, x, gamma)[0] * direction).sum()
    sizes = 1e-2 / 2.0 ** np.arange(5)
    changes = [(dout * (forward(x + h * direction) - forward(x))).sum() for h in sizes]
    rests = np.abs(changes - sizes * slope)
    assert np.log2(rests[:-1] / rests[1:]).min() > 1.9
