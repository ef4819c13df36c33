"""Losses against PyTorch: values, and gradients by its automatic differentiation."""

from importlib import import_module

import numpy as np
import pytest

from reference import losses

pytestmark = pytest.mark.oracle

SHAPES = [(1,), (5,), (4, 1), (1, 3), (4, 3), (2, 3, 2)]
BATCHES = [(1, 2), (1, 5), (4, 3), (2, 5), (3, 3), (64, 10)]


@pytest.fixture
def rng():
    return np.random.default_rng(2024)


def torch_value_and_gradient(loss, first, second):
    """Evaluate `loss`, given torch and two tensors, and its gradient for the first."""
    torch = import_module("torch")
    leaf = torch.tensor(first, requires_grad=True)
    value = loss(torch, leaf, torch.tensor(second))
    value.backward()
    return value.item(), leaf.grad.numpy()


def assert_agrees(name, oracle, first, second, **options):
    value, gradient = torch_value_and_gradient(oracle, first, second)
    got = getattr(losses, name)(first, second, **options)
    dgot = getattr(losses, f"{name}_backward")(first, second, **options)
    np.testing.assert_allclose(got, value, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(dgot, gradient, rtol=1e-10, atol=1e-14)


def multi_margin(margin):
    """Return torch's loss, which divides by K too, without that."""

    def loss(torch, scores, labels):
        classes = scores.shape[1]
        return classes * torch.nn.functional.multi_margin_loss(scores, labels, margin=margin)

    return loss


def nll(torch, probs, labels):
    return torch.nn.functional.nll_loss(probs.log(), labels)


def softmax_cross_entropy(torch, logits, labels):
    return torch.nn.functional.cross_entropy(logits, labels)


def binary_cross_entropy(torch, logits, labels):
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, labels)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scale", [1.0, 1e4, 1e-8])
@pytest.mark.parametrize(("name", "other"), [("mse", "mse_loss"), ("mae", "l1_loss")])
def test_squared_and_absolute_errors_are_those_of_torch(rng, name, other, shape, scale):
    pred, target = scale * rng.standard_normal((2, *shape))
    assert_agrees(name, lambda torch, p, t: getattr(torch.nn.functional, other)(p, t), pred, target)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("delta", [1.0, 0.3, 2.5])
def test_the_huber_loss_is_that_of_torch(rng, shape, delta):
    def oracle(torch, pred, target):
        return torch.nn.functional.huber_loss(pred, target, delta=delta)

    pred, target = 2 * rng.standard_normal((2, *shape))
    assert_agrees("huber", oracle, pred, target, delta=delta)


@pytest.mark.parametrize("pred", [[0.0, 1.0, -1.0, 2.0, -2.0]])
@pytest.mark.parametrize(("name", "other"), [("mae", "l1_loss"), ("huber", "huber_loss")])
def test_the_kinks_are_those_of_torch(name, other, pred):
    pred, target = np.array(pred), np.zeros(5)
    assert_agrees(name, lambda torch, p, t: getattr(torch.nn.functional, other)(p, t), pred, target)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scale", [1.0, 30.0, 1000.0, 1e4])
def test_binary_cross_entropy_is_that_of_torch(rng, shape, scale):
    logits = scale * rng.standard_normal(shape)
    for labels in (rng.integers(2, size=shape).astype(float), rng.uniform(size=shape)):
        assert_agrees("binary_cross_entropy", binary_cross_entropy, logits, labels)


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_binary_cross_entropy_at_its_extremes_is_that_of_torch(label):
    logits = np.array([0.0, -0.0, 1e4, -1e4, 40.0, -40.0, 710.0, -750.0])
    assert_agrees("binary_cross_entropy", binary_cross_entropy, logits, np.full(8, label))


@pytest.mark.parametrize(("n", "k"), BATCHES)
def test_cross_entropy_is_that_of_torch(rng, n, k):
    probs, labels = rng.dirichlet(np.ones(k), n), rng.integers(k, size=n)
    assert_agrees("cross_entropy", nll, probs, labels)


@pytest.mark.parametrize(("n", "k"), BATCHES)
@pytest.mark.parametrize("scale", [1.0, 1000.0, 1e4])
@pytest.mark.parametrize("last_class_occurs", [True, False])
def test_softmax_cross_entropy_is_that_of_torch(rng, n, k, scale, last_class_occurs):
    logits = scale * rng.standard_normal((n, k))
    labels = rng.integers(k if last_class_occurs else k - 1, size=n)
    assert_agrees("softmax_cross_entropy", softmax_cross_entropy, logits, labels)


def test_softmax_cross_entropy_is_the_cross_entropy_of_the_softmax(rng):
    special = import_module("scipy.special")
    logits, labels = rng.standard_normal((6, 4)), rng.integers(4, size=6)
    composed = losses.cross_entropy(special.softmax(logits, axis=1), labels)
    assert losses.softmax_cross_entropy(logits, labels) == pytest.approx(composed, rel=1e-12)


@pytest.mark.parametrize(("n", "k"), BATCHES)
@pytest.mark.parametrize("margin", [1.0, 0.25, 3.0])
def test_hinge_is_the_sum_over_classes_of_that_of_torch(rng, n, k, margin):
    scores, labels = rng.standard_normal((n, k)), rng.integers(k, size=n)
    assert_agrees("hinge", multi_margin(margin), scores, labels, margin=margin)


def test_hinge_with_ties_is_that_of_torch():
    scores = np.array([[1.0, 1.0, 1.0], [2.0, 2.0, 0.0], [0.0, 3.0, 3.0]])
    assert_agrees("hinge", multi_margin(1.0), scores, np.array([0, 1, 2]))


def smooth_cases():
    rng = np.random.default_rng(1715)
    target, z = rng.standard_normal((2, 4, 3))
    labels = np.array([0, 2, 1, 1])
    yield "mse", z, target
    yield "binary_cross_entropy", z, (target > 0).astype(float)
    yield "cross_entropy", rng.dirichlet(np.full(3, 5.0), 4), labels
    yield "softmax_cross_entropy", z, labels


@pytest.mark.parametrize(("name", "x", "other"), list(smooth_cases()))
def test_the_remainder_of_a_first_order_step_falls_quadratically(rng, name, x, other):
    loss, backward = getattr(losses, name), getattr(losses, f"{name}_backward")
    direction = 0.1 * rng.uniform(0.5, 1, x.shape)
    slope = (backward(x, other) * direction).sum()
    remainders = [
        abs(loss(x + h * direction, other) - loss(x, other) - h * slope)
        for h in 0.1 * 0.5 ** np.arange(5)
    ]
    assert np.log2(np.divide(remainders[:-1], remainders[1:])).min() >= 1.9
