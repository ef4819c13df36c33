import numpy as np
import pytest

from reference import layers


def batch(n=4, d=3, k=2):
    rng = np.random.default_rng(3)
    return rng.standard_normal((n, d)), rng.standard_normal((d, k)), rng.standard_normal(k)


def test_a_layer_is_affine():
    x, weights, bias = batch()
    zero = layers.dense(np.zeros_like(x), weights, bias)
    np.testing.assert_array_equal(zero, np.broadcast_to(bias, (4, 2)))
    np.testing.assert_allclose(
        layers.dense(3 * x, weights, bias) - zero, 3 * (layers.dense(x, weights, bias) - zero)
    )


def test_examples_do_not_see_each_other():
    x, weights, bias = batch()
    rows = [layers.dense(row[np.newaxis], weights, bias)[0] for row in x]
    np.testing.assert_allclose(layers.dense(x, weights, bias), rows, rtol=1e-12)
    dout = np.random.default_rng(1).standard_normal((4, 2))
    dx, _, _ = layers.dense_backward(dout, x, weights)
    alone = [layers.dense_backward(dout[i : i + 1], x[i : i + 1], weights)[0][0] for i in range(4)]
    np.testing.assert_allclose(dx, alone, rtol=1e-12)


def test_the_gradients_of_a_batch_are_the_sums_of_those_of_its_examples():
    x, weights, _ = batch()
    dout = np.random.default_rng(2).standard_normal((4, 2))
    _, dweights, dbias = layers.dense_backward(dout, x, weights)
    alone = [layers.dense_backward(dout[i : i + 1], x[i : i + 1], weights) for i in range(4)]
    np.testing.assert_allclose(dweights, sum(each[1] for each in alone), rtol=1e-12)
    np.testing.assert_allclose(dbias, sum(each[2] for each in alone), rtol=1e-12)


@pytest.mark.parametrize("shape", [(1, 3, 2), (4, 1, 2), (4, 3, 1), (1, 1, 1), (3, 3, 3)])
def test_gradients_have_the_shapes_of_what_they_belong_to(shape):
    x, weights, bias = batch(*shape)
    z = layers.dense(x, weights, bias)
    gradients = layers.dense_backward(np.ones_like(z), x, weights)
    assert [each.shape for each in gradients] == [x.shape, weights.shape, bias.shape]


@pytest.mark.parametrize(("dtype", "kept"), [(np.float32, np.float32), (np.uint8, np.float64)])
def test_float32_stays_and_bytes_do_not_wrap(dtype, kept):
    x, weights, bias = np.full((2, 3), 200, dtype), np.full((3, 4), 2, dtype), np.ones(4, dtype)
    z = layers.dense(x, weights, bias)
    assert z.dtype == kept
    np.testing.assert_array_equal(z, 1201)
    gradients = layers.dense_backward(np.full((2, 4), 200, dtype), x, weights)
    assert {each.dtype for each in gradients} == {np.dtype(kept)}
    assert [each.flat[0] for each in gradients] == [1600, 80000, 400]


def test_no_argument_is_modified():
    x, weights, bias = batch()
    before = [each.copy() for each in (x, weights, bias)]
    dout = layers.dense(x, weights, bias)
    upstream = dout.copy()
    layers.dense_backward(dout, x, weights)
    np.testing.assert_equal([x, weights, bias, dout], [*before, upstream])


@pytest.mark.parametrize("shape", [(), (1,), (3,), (1, 2), (4, 1), (4, 2)])
def test_a_bias_that_is_not_one_number_per_output_is_refused(shape):
    x, weights, _ = batch()
    with pytest.raises(ValueError, match="bias has shape"):
        layers.dense(x, weights, np.zeros(shape))


@pytest.mark.parametrize("shape", [(3,), (4, 2), (3, 4)])
def test_examples_that_do_not_fit_the_weights_are_refused(shape):
    _, weights, bias = batch()
    with pytest.raises(ValueError, match="x has shape"):
        layers.dense(np.zeros(shape), weights, bias)
    with pytest.raises(ValueError, match="x has shape"):
        layers.dense_backward(np.zeros((shape[0], 2)), np.zeros(shape), weights)


@pytest.mark.parametrize("shape", [(2,), (4,), (4, 1), (1, 2), (2, 4)])
def test_a_gradient_of_another_shape_than_the_output_is_refused(shape):
    x, weights, _ = batch()
    with pytest.raises(ValueError, match="dout has shape"):
        layers.dense_backward(np.zeros(shape), x, weights)
