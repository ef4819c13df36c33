"""Networks against PyTorch, bumps against SciPy, and gradients against a Taylor test."""

from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest

from reference import networks

pytestmark = pytest.mark.oracle

SIZES = [[3, 5, 4, 2], [4, 4, 4, 4], [2, 6, 3], [5, 3], [1, 2, 3, 4, 5]]
every = pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
sizes = pytest.mark.parametrize("layer_sizes", SIZES)
batch = pytest.mark.parametrize("n", [1, 2, 4, 7])
near = {"rtol": 1e-10, "atol": 1e-13}


def network(rng, layer_sizes):
    return [
        (rng.standard_normal((n_in, n_out)), rng.standard_normal(n_out))
        for n_in, n_out in pairwise(layer_sizes)
    ]


def torch_network(params, activation):
    """Return the module of torch with these parameters, and its parameters."""
    torch = import_module("torch")
    kinds = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}
    modules = []
    for weights, bias in params:
        linear = torch.nn.Linear(*weights.shape, dtype=torch.float64)
        linear.weight.data, linear.bias.data = torch.tensor(weights.T), torch.tensor(bias)
        modules += [linear, kinds[activation]()]
    return torch.nn.Sequential(*modules[:-1])


def assert_same_gradients(grads, model):
    linears = [each for each in model if hasattr(each, "weight")]
    for (dweights, dbias), linear in zip(grads, linears, strict=True):
        np.testing.assert_allclose(dweights, linear.weight.grad.numpy().T, **near)
        np.testing.assert_allclose(dbias, linear.bias.grad.numpy(), **near)


@every
@sizes
@batch
@pytest.mark.parametrize("order", ["C", "F"])
def test_forward_and_backward_are_those_of_torch(activation, layer_sizes, n, order):
    torch = import_module("torch")
    rng = np.random.default_rng(5)
    params = network(rng, layer_sizes)
    x = np.array(rng.standard_normal((n, layer_sizes[0])), order=order)
    dlogits = rng.standard_normal((n, layer_sizes[-1]))
    model = torch_network(params, activation)
    expected = model(torch.tensor(x))
    expected.backward(torch.tensor(dlogits))
    logits, cache = networks.mlp_forward(x, params, activation)
    np.testing.assert_allclose(logits, expected.detach().numpy(), **near)
    assert_same_gradients(networks.mlp_backward(dlogits, params, cache, activation), model)


@every
@sizes
@batch
def test_the_loss_and_its_gradient_are_those_of_torch(activation, layer_sizes, n):
    torch = import_module("torch")
    rng = np.random.default_rng(6)
    params, x = network(rng, layer_sizes), rng.standard_normal((n, layer_sizes[0]))
    labels = rng.integers(layer_sizes[-1], size=n)
    model = torch_network(params, activation)
    logits = model(torch.tensor(x))
    expected = torch.nn.functional.cross_entropy(logits, torch.tensor(labels))
    expected.backward()
    loss, grads = networks.mlp_loss(x, labels, params, activation)
    assert loss == pytest.approx(expected.item(), rel=1e-10)
    assert_same_gradients(grads, model)
    np.testing.assert_array_equal(
        networks.predict(x, params, activation), logits.argmax(dim=1).numpy()
    )


@sizes
def test_the_number_of_parameters_is_that_of_torch(layer_sizes):
    model = torch_network(network(np.random.default_rng(0), layer_sizes), "relu")
    expected = sum(each.numel() for each in model.parameters())
    assert networks.count_parameters(layer_sizes) == expected


@every
def test_the_loss_leaves_its_tangent_with_the_square_of_the_distance(activation):
    rng = np.random.default_rng(7)
    params, way = network(rng, [3, 5, 4, 2]), network(rng, [3, 5, 4, 2])
    x, labels = rng.standard_normal((6, 3)), rng.integers(2, size=6)
    loss, grads = networks.mlp_loss(x, labels, params, activation)
    slope = sum(
        float((grad * step).sum())
        for each, other in zip(grads, way, strict=True)
        for grad, step in zip(each, other, strict=True)
    )

    def distance(h):
        moved = [
            (weights + h * dweights, bias + h * dbias)
            for (weights, bias), (dweights, dbias) in zip(params, way, strict=True)
        ]
        return abs(networks.mlp_loss(x, labels, moved, activation)[0] - loss - h * slope)

    distances = np.array([distance(1e-3 / 2**k) for k in range(5)])
    assert np.log2(distances[:-1] / distances[1:]).min() > 1.9


@batch
@pytest.mark.parametrize(("d", "width", "k"), [(3, 4, 2), (4, 4, 4), (2, 1, 3)])
def test_the_network_with_a_shortcut_is_that_of_torch(n, d, width, k):
    torch = import_module("torch")
    rng = np.random.default_rng(8)
    arrays = [rng.standard_normal(each) for each in [(d, width), width, (width, width), width]]
    arrays += [rng.standard_normal((width, k)), rng.standard_normal(k)]
    x, dlogits = rng.standard_normal((n, d)), rng.standard_normal((n, k))
    leaves = [torch.tensor(each, requires_grad=True) for each in arrays]
    w1, b1, w2, b2, w3, b3 = leaves
    first = torch.tanh(torch.tensor(x) @ w1 + b1)
    second = torch.tanh(first @ w2 + b2)
    ((first + second) @ w3 + b3).backward(torch.tensor(dlogits))
    hidden = first.detach().numpy(), second.detach().numpy()
    params = list(zip(arrays[::2], arrays[1::2], strict=True))
    grads = networks.find_the_bug(dlogits, x, params, hidden)
    for got, leaf in zip([each for pair in grads for each in pair], leaves, strict=True):
        np.testing.assert_allclose(got, leaf.grad.numpy(), **near)


@pytest.mark.parametrize("sharpness", [2.0, 40.0, 1e4])
def test_a_bump_is_a_difference_of_the_sigmoids_of_scipy(sharpness):
    expit = import_module("scipy.special").expit
    x = np.linspace(-1, 2, 61)
    expected = -1.5 * (expit(sharpness * (x - 0.25)) - expit(sharpness * (x - 0.7)))
    got = networks.bump(x, 0.25, 0.7, -1.5, sharpness)
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("n", [1, 2, 9])
@pytest.mark.parametrize("sharpness", [5.0, 60.0, 1e4])
def test_a_sum_of_bumps_is_a_sum_of_steps_of_scipy(n, sharpness):
    expit = import_module("scipy.special").expit
    x = np.linspace(0, 1, 41)
    heights = np.cos(3 * (np.arange(n) + 0.5) / n)
    expected = np.full_like(x, heights[0])
    for k in range(1, n):
        expected += (heights[k] - heights[k - 1]) * expit(sharpness * (x - k / n))
    got = networks.approximate(lambda t: np.cos(3 * t), n, sharpness)(x)
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-13)
