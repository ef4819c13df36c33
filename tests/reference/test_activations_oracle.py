"""Activations against PyTorch and SciPy: values, gradients by automatic differentiation, complex steps."""

from importlib import import_module

import numpy as np
import pytest

from reference import activations

pytestmark = pytest.mark.oracle

SHAPES = [(), (1,), (5,), (4, 1), (1, 3), (4, 3), (3, 3), (2, 3, 2)]
AXES = [
    ((5,), -1),
    ((4, 3), -1),
    ((4, 3), 0),
    ((3, 3), 0),
    ((3, 3), 1),
    ((2, 3, 4), 1),
    ((2, 3, 4), -3),
]
EDGES = np.array(
    [0.0, -0.0, 1e4, -1e4, 710.0, -710.0, 745.0, -746.0, 40.0, -40.0, 1e-8, -1e-8, 1e-300]
)
FORWARD_ONLY = np.array([np.inf, -np.inf, np.nan, 1.5])
OPTIONS = [
    ("sigmoid", {}),
    ("tanh", {}),
    ("relu", {}),
    ("leaky_relu", {}),
    ("leaky_relu", {"alpha": 0.3}),
    ("leaky_relu", {"alpha": 1.5}),
    ("elu", {}),
    ("elu", {"alpha": 0.5}),
    ("elu", {"alpha": 2.5}),
    ("selu", {}),
    ("softplus", {}),
    ("silu", {}),
    ("gelu", {}),
]
SMOOTH = ["sigmoid", "tanh", "softplus", "silu", "gelu"]

elementwise = pytest.mark.parametrize(("name", "options"), OPTIONS)


@pytest.fixture
def rng():
    return np.random.default_rng(2024)


def torch_function(name):
    """Return torch's function of that name, with the options of this course."""
    torch = import_module("torch")
    functional = torch.nn.functional
    return {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "leaky_relu": lambda z, alpha=0.01: functional.leaky_relu(z, negative_slope=alpha),
        "elu": lambda z, alpha=1.0: functional.elu(z, alpha=alpha),
        "selu": functional.selu,
        # beyond the threshold torch returns z itself
        "softplus": lambda z: functional.softplus(z, threshold=700),
        "silu": functional.silu,
        "gelu": lambda z: functional.gelu(z, approximate="none"),
        "softmax": lambda z, axis=-1: torch.softmax(z, dim=axis),
        "log_softmax": lambda z, axis=-1: torch.log_softmax(z, dim=axis),
    }[name]


def assert_agrees(name, z, dout, **options):
    torch = import_module("torch")
    leaf = torch.tensor(z, requires_grad=True)
    value = torch_function(name)(leaf, **options)
    value.backward(torch.tensor(dout))
    got = getattr(activations, name)(z, **options)
    dgot = getattr(activations, f"{name}_backward")(dout, z, **options)
    np.testing.assert_allclose(got, value.detach().numpy(), rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(dgot, leaf.grad.numpy(), rtol=1e-10, atol=1e-14)


@elementwise
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scale", [1.0, 10.0, 1e4])
def test_values_and_gradients_are_those_of_torch(rng, name, options, shape, scale):
    z, dout = scale * rng.standard_normal(shape), rng.standard_normal(shape)
    assert_agrees(name, np.array(z), np.array(dout), **options)


@elementwise
def test_the_edges_are_those_of_torch(rng, name, options):
    assert_agrees(name, EDGES, rng.standard_normal(EDGES.shape), **options)


@elementwise
def test_infinities_and_nan_are_those_of_torch_or_the_limit(name, options):
    torch = import_module("torch")
    wanted = torch_function(name)(torch.tensor(FORWARD_ONLY), **options).numpy()
    if name in {"silu", "gelu"}:
        wanted[1] = 0.0  # torch multiplies minus infinity by 0
    np.testing.assert_allclose(
        getattr(activations, name)(FORWARD_ONLY, **options), wanted, rtol=1e-10
    )


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize(("shape", "axis"), AXES)
@pytest.mark.parametrize("scale", [1.0, 30.0, 1e4])
def test_softmax_and_log_softmax_are_those_of_torch(rng, name, shape, axis, scale):
    z, dout = scale * rng.standard_normal(shape), rng.standard_normal(shape)
    assert_agrees(name, z, dout, axis=axis)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_rows_a_thousand_apart_and_excluded_classes_are_those_of_torch(rng, name):
    torch = import_module("torch")
    apart = rng.standard_normal((4, 3)) + np.array([[0.0], [1000.0], [-1000.0], [-2000.0]])
    assert_agrees(name, apart, rng.standard_normal((4, 3)))
    apart[0, 1] = apart[3, 2] = -np.inf
    wanted = torch_function(name)(torch.tensor(apart)).numpy()
    np.testing.assert_allclose(getattr(activations, name)(apart), wanted, rtol=1e-10)


@pytest.mark.parametrize("scale", [1.0, 100.0, 1e4])
def test_softmax_and_sigmoid_are_those_of_scipy(rng, scale):
    special = import_module("scipy.special")
    z = scale * rng.standard_normal((5, 4))
    for name, oracle in [("softmax", special.softmax), ("log_softmax", special.log_softmax)]:
        for axis in (0, 1):
            got = getattr(activations, name)(z, axis=axis)
            np.testing.assert_allclose(got, oracle(z, axis=axis), rtol=1e-10, atol=1e-300)
    np.testing.assert_allclose(activations.sigmoid(z), special.expit(z), rtol=1e-10, atol=1e-300)


def test_the_error_function_is_that_of_scipy(rng):
    special = import_module("scipy.special")
    x = np.concatenate([EDGES, FORWARD_ONLY, 3 * rng.standard_normal(100)])
    np.testing.assert_allclose(activations.erf(x), special.erf(x), rtol=1e-13, atol=0)


def test_gelu_is_z_times_the_normal_distribution_of_scipy(rng):
    stats = import_module("scipy.stats")
    z = rng.uniform(-6, 6, 200)
    np.testing.assert_allclose(activations.gelu(z), z * stats.norm.cdf(z), rtol=1e-10, atol=1e-15)
    slope = stats.norm.cdf(z) + z * stats.norm.pdf(z)
    got = activations.gelu_backward(np.ones_like(z), z)
    np.testing.assert_allclose(got, slope, rtol=1e-10, atol=1e-15)


def complex_functions():
    """Return the textbook formulas, which are analytic."""
    special = import_module("scipy.special")
    return {
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "softplus": lambda z: np.log(1 + np.exp(z)),
        "silu": lambda z: z / (1 + np.exp(-z)),
        "gelu": lambda z: 0.5 * z * (1 + special.erf(z / np.sqrt(2))),
    }


@pytest.mark.parametrize("name", SMOOTH)
def test_slopes_are_those_of_a_complex_step(rng, name):
    z, h = rng.uniform(-5, 5, 50), 1e-30
    slopes = complex_functions()[name](z + 1j * h).imag / h
    got = getattr(activations, f"{name}_backward")(np.ones_like(z), z)
    np.testing.assert_allclose(got, slopes, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("name", [*SMOOTH, "softmax", "log_softmax"])
def test_the_remainder_of_a_first_order_step_falls_quadratically(rng, name):
    forward, backward = getattr(activations, name), getattr(activations, f"{name}_backward")
    z, dout = rng.standard_normal((2, 4, 3))
    direction = 0.1 * rng.uniform(0.5, 1, z.shape)
    slope = (backward(dout, z) * direction).sum()
    remainders = [
        abs((dout * (forward(z + h * direction) - forward(z))).sum() - h * slope)
        for h in 0.1 * 0.5 ** np.arange(5)
    ]
    assert np.log2(np.divide(remainders[:-1], remainders[1:])).min() >= 1.9
