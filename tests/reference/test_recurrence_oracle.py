"""Recurrent networks against the layers of PyTorch and its automatic differentiation."""

from importlib import import_module

import numpy as np
import pytest

from reference import recurrence

pytestmark = pytest.mark.oracle

SIZES = [(4, 3, 2), (2, 3, 5), (1, 2, 3), (3, 3, 3)]  # N, D, H
LENGTHS = [1, 2, 5, 60]
BIASES = [0.5, 30.0, 1e4]  # the last two saturate tanh and the gates
sizes = pytest.mark.parametrize("sizes", SIZES)
lengths = pytest.mark.parametrize("length", LENGTHS)
biases = pytest.mark.parametrize("size", BIASES)


def assert_close(got, expected):
    """Compare to 1e-10 of each value; ``1 - tanh**2`` near 0 is known to a round-off of 1 only."""
    for one, other in zip(got, expected, strict=True):
        array = other.detach().numpy()
        assert one.shape == array.shape
        largest = np.abs(array).max(initial=0.0)
        np.testing.assert_allclose(one, array, rtol=1e-10, atol=1e-12 * largest + 1e-15)


def drawn(seed, gates, sizes, length, size):
    """Return inputs (also for length 1), starts of state and cell, two matrices and a bias."""
    rng = np.random.default_rng(seed)
    n, d, h = sizes
    return (
        rng.standard_normal((length, n, d)),
        rng.uniform(-0.9, 0.9, (n, h)),
        rng.standard_normal((n, h)),
        rng.standard_normal((d, gates * h)) / np.sqrt(d),
        rng.standard_normal((h, gates * h)) / np.sqrt(h),
        size * rng.standard_normal(gates * h),
    )


def leaves(*arrays):
    torch = import_module("torch")
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def run(layer, x, start, w, u, bias):
    """Run a layer of torch with given weights, its second bias being zero."""
    torch = import_module("torch")
    weights = {
        "weight_ih_l0": w.T,
        "weight_hh_l0": u.T,
        "bias_ih_l0": bias,
        "bias_hh_l0": torch.zeros_like(bias),
    }
    return torch.func.functional_call(layer, weights, (x, start))


def torch_rnn(x, h0, w_xh, w_hh, bias):
    torch = import_module("torch")
    layer = torch.nn.RNN(x.shape[2], h0.shape[1], dtype=torch.float64)
    return run(layer, x, h0[None], w_xh, w_hh, bias)[0]


def torch_lstm(x, h0, c0, w, u, bias):
    torch = import_module("torch")
    layer = torch.nn.LSTM(x.shape[2], h0.shape[1], dtype=torch.float64)
    hs, (_, c) = run(layer, x, (h0[None], c0[None]), w, u, bias)
    return hs, c[0]


@sizes
@lengths
@biases
def test_rnn_and_its_gradients_are_those_of_torch(sizes, length, size):
    x, h0, _, *weights = drawn(1, 1, sizes, length, size)
    dhs = np.random.default_rng(2).standard_normal((length, *h0.shape))
    arguments = leaves(x, h0, *weights)
    hs = torch_rnn(*arguments)
    assert_close([recurrence.rnn(x, h0, *weights)], [hs])
    (hs * import_module("torch").tensor(dhs)).sum().backward()
    expected = [each.grad for each in arguments]
    assert_close(recurrence.rnn_backward(dhs, x, h0, *weights), expected)


@sizes
@biases
def test_a_step_of_the_rnn_and_its_gradients_are_those_of_torch(sizes, size):
    (x,), h, _, *weights = drawn(3, 1, sizes, 1, size)
    dh = np.random.default_rng(4).standard_normal(h.shape)
    arguments = leaves(x, h, *weights)
    new = torch_rnn(arguments[0][None], *arguments[1:])[0]
    assert_close([recurrence.rnn_step(x, h, *weights)], [new])
    (new * import_module("torch").tensor(dh)).sum().backward()
    expected = [each.grad for each in arguments]
    assert_close(recurrence.rnn_step_backward(dh, x, h, *weights), expected)


@sizes
@lengths
@biases
def test_lstm_and_its_gradients_are_those_of_torch(sizes, length, size):
    x, h0, c0, *weights = drawn(5, 4, sizes, length, size)
    dhs = np.random.default_rng(6).standard_normal((length, *h0.shape))
    arguments = leaves(x, h0, c0, *weights)
    hs, c = torch_lstm(*arguments)
    assert_close(recurrence.lstm(x, h0, c0, *weights), [hs, c])
    (hs * import_module("torch").tensor(dhs)).sum().backward()
    expected = [each.grad for each in arguments]
    assert_close(recurrence.lstm_backward(dhs, x, h0, c0, *weights), expected)


@sizes
@biases
@pytest.mark.parametrize(("state", "cell"), [(1, 1), (1, 0), (0, 1)])
def test_a_step_of_the_lstm_and_its_gradients_are_those_of_torch(sizes, size, state, cell):
    torch = import_module("torch")
    (x,), h, c, *weights = drawn(7, 4, sizes, 1, size)
    rng = np.random.default_rng(8)
    dh, dc = state * rng.standard_normal(h.shape), cell * rng.standard_normal(c.shape)
    arguments = leaves(x, h, c, *weights)
    hs, new_c = torch_lstm(arguments[0][None], *arguments[1:])
    assert_close(recurrence.lstm_step(x, h, c, *weights), [hs[0], new_c])
    ((hs[0] * torch.tensor(dh)).sum() + (new_c * torch.tensor(dc)).sum()).backward()
    expected = [each.grad for each in arguments]
    assert_close(recurrence.lstm_step_backward(dh, dc, x, h, c, *weights), expected)


@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_norms_through_time_are_the_largest_singular_values_of_scipy(size, factor):
    linalg = import_module("scipy.linalg")
    w_hh = factor * np.random.default_rng(9).standard_normal((size, size))
    power, expected = np.eye(size), []
    for _ in range(30):
        power = w_hh.T @ power
        expected.append(linalg.svdvals(power)[0])
    norms = recurrence.gradient_through_time(w_hh, 30)
    np.testing.assert_allclose(norms, expected, rtol=1e-10)


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_the_remainder_of_the_gradient_is_of_second_order(kind):
    x, h0, c0, *weights = drawn(10, 4 if kind == "lstm" else 1, (2, 3, 4), 5, 0.5)
    arguments = [x, h0, *([c0] if kind == "lstm" else []), *weights]
    rng = np.random.default_rng(11)
    dhs = rng.standard_normal((5, 2, 4))
    directions = [rng.standard_normal(each.shape) for each in arguments]

    def loss(h):
        moved = [each + h * way for each, way in zip(arguments, directions, strict=True)]
        result = getattr(recurrence, kind)(*moved)
        return (dhs * (result[0] if kind == "lstm" else result)).sum()

    gradients = getattr(recurrence, f"{kind}_backward")(dhs, *arguments)
    slope = sum((one * way).sum() for one, way in zip(gradients, directions, strict=True))
    rests = [abs(loss(h) - loss(0.0) - h * slope) for h in 1e-3 * 0.5 ** np.arange(5)]
    assert np.log2(np.divide(rests[:-1], rests[1:])).min() > 1.9
