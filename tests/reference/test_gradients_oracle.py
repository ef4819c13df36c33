"""Differences against SciPy's and against automatic differentiation; errors against fractions."""

from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest

from reference.gradients import numerical_gradient, relative_error

pytestmark = pytest.mark.oracle

shapes = pytest.mark.parametrize("shape", [(), (1,), (5,), (2, 3), (3, 3), (2, 1, 4)])


def wave(x):
    """Return a smooth function that is no polynomial."""
    return float(np.sin(x.sum()) + np.exp((x**2).mean()))


@shapes
@pytest.mark.parametrize("h", [0.5, 1e-2, 1e-4])
def test_differences_are_those_of_scipy(shape, h):
    numdiff = import_module("scipy.optimize._numdiff")
    x = np.random.default_rng(31).standard_normal(shape)
    expected = numdiff.approx_derivative(
        lambda flat: wave(flat.reshape(shape)), x.ravel(), method="3-point", abs_step=h
    )
    np.testing.assert_allclose(
        numerical_gradient(wave, x, h), expected.reshape(shape), rtol=1e-10, atol=1e-10
    )


@shapes
@pytest.mark.parametrize("h", [1.0, 0.1])
def test_quadratic_functions_have_the_gradient_of_torch(shape, h):
    torch = import_module("torch")
    rng = np.random.default_rng(32)
    x = rng.standard_normal(shape)
    matrix, vector = rng.standard_normal((x.size, x.size)), rng.standard_normal(x.size)
    leaf = torch.tensor(x.ravel(), requires_grad=True)
    (leaf @ torch.tensor(matrix) @ leaf + torch.tensor(vector) @ leaf).backward()
    gradient = numerical_gradient(
        lambda at: float(at.ravel() @ matrix @ at.ravel() + vector @ at.ravel()), x, h
    )
    expected = leaf.grad.numpy().reshape(shape)
    np.testing.assert_allclose(gradient, expected, rtol=1e-10, atol=1e-11)


@shapes
def test_extrapolated_differences_are_the_complex_step(shape):
    x = np.random.default_rng(33).standard_normal(shape)

    def derivative(index):
        moved = x.astype(complex)
        moved[index] += 1e-30j
        return (np.sin(moved.sum()) + np.exp((moved**2).mean())).imag / 1e-30

    expected = np.reshape([derivative(index) for index in np.ndindex(shape)], shape)
    coarse, fine, finest = (numerical_gradient(wave, x, h) for h in (4e-3, 2e-3, 1e-3))
    first, second = (4 * fine - coarse) / 3, (4 * finest - fine) / 3
    richardson = (16 * second - first) / 15  # what is left is of order h**6
    np.testing.assert_allclose(richardson, expected, rtol=1e-10, atol=1e-10)


def test_taylors_remainder_falls_with_the_square():
    rng = np.random.default_rng(34)
    x, direction = rng.standard_normal((2, 3, 2))
    gradient = numerical_gradient(wave, x)
    remainders = [
        abs(wave(x + h * direction) - wave(x) - h * np.sum(gradient * direction))
        for h in 0.1 / 2.0 ** np.arange(5)
    ]
    assert np.min(np.log2(np.divide(remainders[:-1], remainders[1:]))) >= 1.9


@shapes
@pytest.mark.parametrize("floor", [1e-8, 0.5])
@pytest.mark.parametrize("scale", [1.0, 1e-9, 1e6])
def test_relative_errors_are_those_of_exact_fractions(shape, floor, scale):
    rng = np.random.default_rng(35)
    a = scale * rng.standard_normal(shape)
    b = np.where(rng.random(shape) < 0.2, 0.0, a * (1 + 0.1 * rng.standard_normal(shape)))
    pairs = zip(map(Fraction, a.ravel().tolist()), map(Fraction, b.ravel().tolist()), strict=True)
    expected = max(
        abs(one - other) / max(abs(one) + abs(other), Fraction(floor)) for one, other in pairs
    )
    assert relative_error(a, b, floor) == pytest.approx(float(expected), rel=1e-12)
