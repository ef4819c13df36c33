"""Penalties and dropout against PyTorch and its automatic differentiation, and the elastic net
against scikit-learn; dropout also against the binomial distribution of SciPy."""

from importlib import import_module

import numpy as np
import pytest

from reference import regularization
from reference.regularization import dropout, dropout_backward, dropout_classic

pytestmark = pytest.mark.oracle

SHAPES = [
    {"weights": (3, 2), "bias": (2,)},
    {"w1": (2, 4), "b1": (4,), "w2": (4, 4), "b2": (4,)},
    {"kernels": (2, 3, 2, 2), "gain": (3,), "row": (1, 5), "column": (5, 1)},
    {"bias": (3,)},
]
PROBABILITIES = [0.0, 0.15, 0.3, 0.8]


def l1(_, params, strength):
    return strength * sum(each.abs().sum() for each in params)


def l2(_, params, strength):
    return strength * sum(each.square().sum() for each in params)


def net(_, params, strength, ratio=0.3):
    return sum(
        strength * (ratio * each.abs() + (1 - ratio) * each.square()).sum() for each in params
    )


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("strength", [0.0, 0.3, 7.0])
@pytest.mark.parametrize("scale", [1.0, 1e-8, 1e6])
@pytest.mark.parametrize(
    ("name", "oracle", "ratio"),
    [("l1_penalty", l1, ()), ("l2_penalty", l2, ()), ("elastic_net", net, (0.3,))],
)
def test_penalties_are_those_of_torch(name, oracle, ratio, scale, strength, shapes):
    torch = import_module("torch")
    rng = np.random.default_rng(81)
    params = {each: scale * rng.standard_normal(shape) for each, shape in shapes.items()}
    for array in params.values():
        array.flat[0] = 0.0  # torch takes sign(0) = 0 too
    leaves = {each: torch.tensor(array, requires_grad=True) for each, array in params.items()}
    value = sum(0.0 * leaf.sum() for leaf in leaves.values())  # so that biases have a gradient
    value = value + oracle(torch, [leaf for leaf in leaves.values() if leaf.dim() >= 2], strength)
    value.backward()
    penalty = getattr(regularization, name)(params, strength, *ratio)
    grads = getattr(regularization, f"{name}_backward")(params, strength, *ratio)
    np.testing.assert_allclose(penalty, value.item(), rtol=1e-10)
    for each, leaf in leaves.items():
        np.testing.assert_allclose(grads[each], leaf.grad.numpy(), rtol=1e-10, atol=0)


@pytest.mark.parametrize("ratio", [0.0, 0.3, 1.0])
def test_slopes_are_derivatives_to_second_order(ratio):
    rng = np.random.default_rng(82)
    params = {"weights": rng.uniform(0.5, 2, (4, 3)), "bias": rng.standard_normal(3)}
    params["weights"] *= rng.choice([-1, 1], (4, 3))
    away = {name: 0.1 * rng.standard_normal(each.shape) for name, each in params.items()}
    start = regularization.elastic_net(params, 0.7, ratio)
    grads = regularization.elastic_net_backward(params, 0.7, ratio)
    slope = sum(float((grads[name] * away[name]).sum()) for name in params)
    rests = []
    for h in (1.0, 0.5, 0.25, 0.125):
        moved = {name: params[name] + h * away[name] for name in params}
        rests.append(abs(regularization.elastic_net(moved, 0.7, ratio) - start - h * slope))
    if ratio == 1.0:  # no curvature away from the kinks
        assert max(rests) < 1e-13
    else:
        assert np.log2(np.divide(rests[:-1], rests[1:])).min() > 1.9


@pytest.mark.parametrize("ratio", [0.2, 0.7, 1.0])
@pytest.mark.parametrize("strength", [0.05, 0.3])
def test_the_minimum_with_an_elastic_net_is_that_of_scikit_learn(strength, ratio):
    linear_model = import_module("sklearn.linear_model")
    rng = np.random.default_rng(83)
    x = rng.standard_normal((30, 5))
    y = x @ np.array([2.0, -1.0, 0.0, 0.0, 0.5]) + 3.0 + 0.1 * rng.standard_normal(30)
    # There: half the mean squared error, and half the squares in a penalty of strength alpha.
    l1_part, l2_part = strength * ratio / 2, strength * (1 - ratio)
    alpha = l1_part + l2_part
    model = linear_model.ElasticNet(alpha, l1_ratio=l1_part / alpha, tol=1e-14, max_iter=100_000)
    model.fit(x, y)
    params = {"weights": model.coef_[:, None], "bias": np.array([model.intercept_])}
    error = x @ params["weights"] + params["bias"] - y[:, None]
    grads = regularization.elastic_net_backward(params, strength, ratio)
    slopes = 2 * x.T @ error / len(x) + grads["weights"]
    kept = params["weights"] != 0
    np.testing.assert_allclose(slopes[kept], 0, atol=1e-7)
    assert (np.abs(slopes[~kept]) <= strength * ratio).all()  # within the kink
    np.testing.assert_allclose(2 * error.mean() + grads["bias"], 0, atol=1e-10)


@pytest.mark.parametrize("p", PROBABILITIES)
@pytest.mark.parametrize("shape", [(7,), (3, 4), (4, 4), (2, 3, 2, 5)])
def test_the_gradient_of_dropout_is_that_of_torch_for_the_same_mask(shape, p):
    torch = import_module("torch")
    rng = np.random.default_rng(84)
    x, dout = rng.standard_normal((2, *shape))
    output, mask = dropout(x, p, rng, training=True)
    leaf = torch.tensor(x, requires_grad=True)
    expected = leaf * torch.tensor(mask) / (1 - p)
    expected.backward(torch.tensor(dout))
    np.testing.assert_allclose(output, expected.detach().numpy(), rtol=1e-10, atol=0)
    np.testing.assert_allclose(
        dropout_backward(dout, mask, p), leaf.grad.numpy(), rtol=1e-10, atol=0
    )


@pytest.mark.parametrize("p", [*PROBABILITIES, 1.0])
def test_dropout_takes_the_values_of_torch(p):
    torch = import_module("torch")
    torch.manual_seed(85)
    x = np.ones((50, 80))
    for training in (True, False):
        theirs = torch.nn.functional.dropout(torch.tensor(x), p, training).numpy()
        ours, _ = dropout(x, p, np.random.default_rng(85), training)
        np.testing.assert_allclose(np.unique(ours), np.unique(theirs), rtol=1e-10)


@pytest.mark.parametrize("form", [dropout, dropout_classic])
@pytest.mark.parametrize("p", [0.15, 0.3, 0.8])
def test_the_number_of_dropped_elements_is_binomial(form, p):
    stats = import_module("scipy.stats")
    _, mask = form(np.ones((5000, 12)), p, np.random.default_rng(86), training=True)
    dropped = np.bincount((mask == 0).sum(axis=1).astype(int), minlength=13)
    expected = len(mask) * stats.binom.pmf(np.arange(13), 12, p)
    common = expected > 5
    observed = np.append(dropped[common], dropped[~common].sum())
    wanted = np.append(expected[common], expected[~common].sum())
    assert stats.chisquare(observed, wanted).pvalue > 1e-6
