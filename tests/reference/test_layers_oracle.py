"""Dense layers against PyTorch, over the shapes and layouts that hide mistakes."""

from importlib import import_module

import numpy as np
import pytest

from reference import layers

pytestmark = pytest.mark.oracle

SHAPES = [(5, 3, 4), (4, 3, 4), (3, 3, 3), (1, 4, 2), (6, 1, 3), (4, 5, 1), (1, 1, 1)]


def upside(array):
    """Return the rows in reverse order, a view with a negative stride."""
    return array[::-1].copy()[::-1]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray, upside])
def test_dense_and_its_gradients_are_those_of_torch(shape, layout):
    torch = import_module("torch")
    n, d, k = shape
    rng = np.random.default_rng(4)
    x, weights, bias, dout = (
        layout(rng.standard_normal(each)) if len(each) == 2 else rng.standard_normal(each)
        for each in [(n, d), (d, k), (k,), (n, k)]
    )
    leaves = [torch.tensor(each.copy(), requires_grad=True) for each in (x, weights, bias)]
    expected = torch.nn.functional.linear(leaves[0], leaves[1].T, leaves[2])
    expected.backward(torch.tensor(dout.copy()))
    np.testing.assert_allclose(
        layers.dense(x, weights, bias), expected.detach().numpy(), rtol=1e-10, atol=1e-13
    )
    for got, leaf in zip(layers.dense_backward(dout, x, weights), leaves, strict=True):
        np.testing.assert_allclose(got, leaf.grad.numpy(), rtol=1e-10, atol=1e-13)
