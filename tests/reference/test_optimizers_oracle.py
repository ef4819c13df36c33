"""Optimizers against PyTorch where conventions agree, else against loops over plain floats."""

import math
from importlib import import_module

import numpy as np
import pytest

from reference import optimizers

pytestmark = pytest.mark.oracle

STEPS = 8
CONSTANT = [0.05] * STEPS
CHANGING = [0.1, 0.1, 0.02, 0.3, 0.005, 0.05, 0.2, 0.01]
rates = pytest.mark.parametrize("rates", [CONSTANT, CHANGING], ids=["constant", "changing"])
scales = pytest.mark.parametrize("scale", [1.0, 1e-6, 1e-8])
epsilons = pytest.mark.parametrize("eps", [1e-8, 0.1])
betas = pytest.mark.parametrize("beta", [0.9, 0.8, 0.95])


def problem(scale):
    """Return a start and the gradients of some steps, one of them zero."""
    rng = np.random.default_rng(6)
    grads = scale * rng.standard_normal((STEPS, 2, 3))
    grads[3] = 0
    return scale * rng.standard_normal((2, 3)), grads


def trajectory(optimizer, theta, grads, rates, **options):
    thetas, state = [theta], {}
    for grad, lr in zip(grads, rates, strict=True):
        theta, state = optimizer(theta, grad, state, lr=lr, **options)
        thetas.append(theta)
    return np.array(thetas)


def torch_trajectory(name, theta, gradient, rates, **options):
    """Let an optimizer of torch take steps along ``gradient(step, theta)``."""
    torch = import_module("torch")
    leaf = torch.tensor(theta, requires_grad=True)
    optimizer = getattr(torch.optim, name)([leaf], lr=rates[0], **options)
    thetas = [theta]
    for step, lr in enumerate(rates):
        optimizer.param_groups[0]["lr"] = lr
        leaf.grad = torch.tensor(gradient(step, thetas[-1]))
        optimizer.step()
        thetas.append(leaf.detach().numpy().copy())
    return np.array(thetas)


def scalar_trajectory(update, theta, grads, rates):
    """Run `update`, a generator function over plain floats, entry by entry."""
    entries = [
        list(update(float(start), list(zip(column.tolist(), rates, strict=True))))
        for start, column in zip(theta.ravel(), grads.reshape(STEPS, -1).T, strict=True)
    ]
    return np.array(entries).T.reshape(-1, *theta.shape)


def assert_same_updates(got, expected):
    """Compare the steps, not the places: a place after small steps is right by its start."""
    np.testing.assert_allclose(
        np.diff(got, axis=0),
        np.diff(expected, axis=0),
        rtol=1e-10,
        atol=4 * np.finfo(float).eps * np.abs(expected).max(),
    )


@rates
@scales
def test_sgd_is_that_of_torch(scale, rates):
    theta, grads = problem(scale)
    expected = torch_trajectory("SGD", theta, lambda k, _: grads[k], rates)
    assert_same_updates(trajectory(optimizers.sgd, theta, grads, rates), expected)


@betas
@scales
def test_momentum_at_a_constant_rate_is_that_of_torch(scale, beta):
    theta, grads = problem(scale)
    expected = torch_trajectory("SGD", theta, lambda k, _: grads[k], CONSTANT, momentum=beta)
    got = trajectory(optimizers.momentum, theta, grads, CONSTANT, beta=beta)
    assert_same_updates(got, expected)


@betas
@scales
@rates
def test_momentum_keeps_the_learning_rate_inside_the_velocity(scale, beta, rates):
    def update(theta, steps):
        yield theta
        for k in range(len(steps)):  # the velocity, written out as a sum over the past
            theta -= math.fsum(lr * g * beta ** (k - j) for j, (g, lr) in enumerate(steps[: k + 1]))
            yield theta

    theta, grads = problem(scale)
    got = trajectory(optimizers.momentum, theta, grads, rates, beta=beta)
    assert_same_updates(got, scalar_trajectory(update, theta, grads, rates))


@betas
def test_nesterov_looks_ahead_to_where_torch_is(beta):
    theta = problem(1.0)[0]
    curvature = np.array([[0.5, 1.0, 3.0], [2.0, 0.1, 0.0]])
    got = trajectory(
        optimizers.nesterov, theta, [lambda x: curvature * x] * STEPS, CONSTANT, beta=beta
    )
    expected = torch_trajectory(
        "SGD", theta, lambda _, x: curvature * x, CONSTANT, momentum=beta, nesterov=True
    )
    ahead = got[1:] - beta * (got[:-1] - got[1:])  # torch keeps theta - beta v
    np.testing.assert_allclose(ahead, expected[1:], rtol=1e-10, atol=1e-14)


@betas
@rates
@scales
def test_nesterov_is_the_loop_over_plain_floats(scale, beta, rates):
    def update(theta, steps):
        velocity = 0.0
        yield theta
        for g, lr in steps:
            x = theta - beta * velocity
            velocity = beta * velocity + lr * (x**3 + g)
            theta -= velocity
            yield theta

    theta, grads = problem(scale)
    functions = [lambda x, g=g: x**3 + g for g in grads]
    got = trajectory(optimizers.nesterov, theta, functions, rates, beta=beta)
    assert_same_updates(got, scalar_trajectory(update, theta, grads, rates))


@epsilons
@rates
@scales
def test_adagrad_is_that_of_torch(scale, rates, eps):
    theta, grads = problem(scale)
    expected = torch_trajectory("Adagrad", theta, lambda k, _: grads[k], rates, eps=eps)
    assert_same_updates(trajectory(optimizers.adagrad, theta, grads, rates, eps=eps), expected)


@betas
@epsilons
@rates
@scales
def test_rmsprop_is_that_of_torch(scale, rates, eps, beta):
    theta, grads = problem(scale)
    expected = torch_trajectory("RMSprop", theta, lambda k, _: grads[k], rates, alpha=beta, eps=eps)
    got = trajectory(optimizers.rmsprop, theta, grads, rates, rho=beta, eps=eps)
    assert_same_updates(got, expected)


@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.8, 0.95)])
@epsilons
@rates
@scales
@pytest.mark.parametrize(
    ("name", "other", "decay"), [("adam", "Adam", 0.0), ("adamw", "AdamW", 0.1)]
)
def test_adam_and_adamw_are_those_of_torch(name, other, decay, scale, rates, eps, betas):
    theta, grads = problem(scale)
    expected = torch_trajectory(
        other, theta, lambda k, _: grads[k], rates, betas=betas, eps=eps, weight_decay=decay
    )
    options = {"weight_decay": decay} if decay else {}
    got = trajectory(
        getattr(optimizers, name),
        theta,
        grads,
        rates,
        beta1=betas[0],
        beta2=betas[1],
        eps=eps,
        **options,
    )
    assert_same_updates(got, expected)


@pytest.mark.parametrize("max_norm", [0.1, 1.0, 100.0])
def test_clipping_is_that_of_torch_up_to_its_epsilon(max_norm):
    torch = import_module("torch")
    rng = np.random.default_rng(9)
    grads = {"weights": rng.standard_normal((4, 3)), "bias": rng.standard_normal(3)}
    leaves = [torch.zeros(grad.shape, dtype=torch.float64) for grad in grads.values()]
    for leaf, grad in zip(leaves, grads.values(), strict=True):
        leaf.grad = torch.tensor(grad)
    expected_norm = torch.nn.utils.clip_grad_norm_(leaves, max_norm).item()
    clipped, norm = optimizers.clip_by_global_norm(grads, max_norm)
    assert norm == pytest.approx(expected_norm, rel=1e-10)
    factor = (norm + 1e-6) / norm if norm > max_norm else 1.0  # torch divides by norm + 1e-6
    for leaf, grad in zip(leaves, clipped.values(), strict=True):
        np.testing.assert_allclose(grad, factor * leaf.grad.numpy(), rtol=1e-10)


@pytest.mark.parametrize("limit", [0.1, 1.0, 10.0])
def test_clipping_by_value_is_that_of_torch(limit):
    torch = import_module("torch")
    grad = np.random.default_rng(10).standard_normal((4, 3))
    expected = torch.tensor(grad).clamp(-limit, limit).numpy()
    np.testing.assert_array_equal(optimizers.clip_by_value(grad, limit), expected)
