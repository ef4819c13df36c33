import copy
import inspect

import numpy as np
import pytest

from reference.normalization import (
    batchnorm,
    batchnorm_backward,
    layernorm,
    layernorm_backward,
    require_features,
)

modes = pytest.mark.parametrize("training", [True, False])
shapes = pytest.mark.parametrize("shape", [(6, 3), (4, 4), (2, 5), (5, 1)])


def problem(shape=(6, 3), dtype=np.float64):
    """Return the arguments of a batch norm, and a gradient from above."""
    rng = np.random.default_rng(10)
    n, d = shape
    x = 3 + 2 * rng.standard_normal((n, d))
    running = {"mean": rng.standard_normal(d), "var": rng.uniform(1, 4, d)}
    arrays = [x, rng.uniform(-2, 2, d), rng.standard_normal(d), rng.standard_normal((n, d))]
    x, gamma, beta, dout = (each.astype(dtype) for each in arrays)
    return x, gamma, beta, {name: each.astype(dtype) for name, each in running.items()}, dout


def results(x, gamma, beta, running, dout):
    """Return the arrays that all four functions return, batch norm in both modes."""
    outputs = []
    for training in (True, False):
        y, new = batchnorm(x, gamma, beta, running, training)
        outputs += [y, new["mean"], new["var"]]
    outputs += [*batchnorm_backward(dout, x, gamma), layernorm(x, gamma, beta)]
    return [*outputs, *layernorm_backward(dout, x, gamma)]


def test_no_argument_is_modified():
    arguments = problem()
    before = copy.deepcopy(arguments)
    results(*arguments)
    np.testing.assert_equal(arguments, before)


def test_float32_stays_float32():
    assert {each.dtype for each in results(*problem(dtype=np.float32))} == {np.dtype(np.float32)}


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_integers_become_float64(dtype):
    _x, gamma, beta, running, dout = problem((4, 3))
    x = np.array([[250, 3, 0], [7, 200, 1], [0, 90, 0], [100, 0, 5]], dtype)
    got = results(x, gamma, beta, running, dout)
    for mine, expected in zip(
        got, results(x.astype(float), gamma, beta, running, dout), strict=True
    ):
        assert mine.dtype == np.float64
        np.testing.assert_array_equal(mine, expected)


def test_integer_gradients_from_above_become_float64():
    x, gamma, _beta, _running, _dout = problem((2, 3))
    dout = np.array([[1, -2, 0], [3, 1, 1]])
    for backward in (batchnorm_backward, layernorm_backward):
        assert {each.dtype for each in backward(dout, x, gamma)} == {np.dtype(np.float64)}


@modes
def test_the_running_statistics_come_back_in_a_new_dictionary(training):
    x, gamma, beta, running, _dout = problem()
    _y, new = batchnorm(x, gamma, beta, running, training)
    assert new is not running
    assert set(new) == {"mean", "var"}
    assert {each.shape for each in new.values()} == {(3,)}


def test_defaults_are_those_of_the_course():
    parameters = inspect.signature(batchnorm).parameters
    assert list(parameters)[4:] == ["training", "momentum", "eps"]
    assert (parameters["momentum"].default, parameters["eps"].default) == (0.9, 1e-5)
    for function in (batchnorm_backward, layernorm, layernorm_backward):
        assert inspect.signature(function).parameters["eps"].default == 1e-5


@pytest.mark.parametrize("shape", [(3,), (), (2, 3, 4), (0, 3), (3, 0)])
def test_a_batch_is_a_table_with_rows_and_columns(shape):
    with pytest.raises(ValueError, match="one row per example"):
        require_features(np.ones(shape))


@modes
@pytest.mark.parametrize("name", ["gamma", "beta", "mean", "var"])
@pytest.mark.parametrize("wrong", [(3, 1), (1, 3), (1,), (), (4,)])
def test_batchnorm_refuses_vectors_that_are_not_one_number_per_feature(name, wrong, training):
    x, gamma, beta, running, _dout = problem((3, 3))
    arguments = {"gamma": gamma, "beta": beta, **running, name: np.ones(wrong)}
    running = {each: arguments.pop(each) for each in ("mean", "var")}
    with pytest.raises(ValueError, match=f"{name} holds one number per feature"):
        batchnorm(x, **arguments, running=running, training=training)


def test_layernorm_and_the_gradients_refuse_a_scale_per_example():
    x, _gamma, beta, _running, dout = problem((4, 3))
    gamma = np.ones((4, 1))
    with pytest.raises(ValueError, match="gamma holds"):
        layernorm(x, gamma, beta)
    for backward in (batchnorm_backward, layernorm_backward):
        with pytest.raises(ValueError, match="gamma holds"):
            backward(dout, x, gamma)


@pytest.mark.parametrize("wrong", [(1, 3), (3,), (4, 1)])
@pytest.mark.parametrize("backward", [batchnorm_backward, layernorm_backward])
def test_a_gradient_from_above_of_another_shape_is_refused(backward, wrong):
    x, gamma, *_ = problem((4, 3))
    with pytest.raises(ValueError, match="dout has shape"):
        backward(np.ones(wrong), x, gamma)


@shapes
def test_a_batch_in_training_has_mean_beta_and_spread_gamma(shape):
    x, gamma, beta, running, _dout = problem(shape)
    y, _ = batchnorm(x, gamma, beta, running, True, eps=0.0)
    np.testing.assert_allclose(y.mean(axis=0), beta, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=0), np.abs(gamma), rtol=1e-12)


def test_the_guard_takes_its_share_of_the_variance():
    x = np.array([[-1.0], [1.0]])
    running = {"mean": np.zeros(1), "var": np.ones(1)}
    y, new = batchnorm(x, np.ones(1), np.zeros(1), running, True, eps=3.0)
    np.testing.assert_array_equal(y, [[-0.5], [0.5]])
    np.testing.assert_allclose(new["var"], [1.0])  # holds no guard


def test_training_does_not_look_at_the_running_statistics():
    x, gamma, beta, running, _dout = problem()
    other = {"mean": np.full(3, 1e6), "var": np.zeros(3)}
    y, _ = batchnorm(x, gamma, beta, running, True)
    np.testing.assert_array_equal(batchnorm(x, gamma, beta, other, True)[0], y)


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9, 1.0])
def test_momentum_is_the_weight_of_the_old_statistics(momentum):
    x, gamma, beta, running, _dout = problem()
    _, new = batchnorm(x, gamma, beta, running, True, momentum=momentum, eps=0.1)
    for name, batch in {"mean": x.mean(axis=0), "var": x.var(axis=0)}.items():
        expected = batch + momentum * (running[name] - batch)
        np.testing.assert_allclose(new[name], expected, rtol=1e-12)


def test_after_many_equal_batches_inference_agrees_with_training():
    x, gamma, beta, running, _dout = problem()
    for _ in range(400):
        y, running = batchnorm(x, gamma, beta, running, True)
    np.testing.assert_allclose(batchnorm(x, gamma, beta, running, False)[0], y, rtol=1e-12)


def test_inference_leaves_the_statistics_and_takes_every_example_alone():
    x, gamma, beta, running, _dout = problem()
    y, new = batchnorm(x, gamma, beta, running, False)
    np.testing.assert_equal(new, running)
    alone = [batchnorm(x[i : i + 1], gamma, beta, running, False)[0] for i in range(len(x))]
    np.testing.assert_array_equal(np.concatenate(alone), y)


def test_a_batch_of_one_becomes_beta_and_has_no_gradient():
    x, gamma, beta, running, dout = problem((1, 3))
    y, new = batchnorm(x, gamma, beta, running, True)
    np.testing.assert_array_equal(y, [beta])
    np.testing.assert_array_equal(new["var"], 0.9 * running["var"])
    dx, dgamma, dbeta = batchnorm_backward(dout, x, gamma)
    np.testing.assert_array_equal(dx, np.zeros((1, 3)))
    np.testing.assert_array_equal(dgamma, np.zeros(3))
    np.testing.assert_array_equal(dbeta, dout[0])


def test_a_single_feature_becomes_beta_under_layer_norm_and_has_no_gradient():
    x, gamma, beta, _running, dout = problem((4, 1))
    np.testing.assert_array_equal(layernorm(x, gamma, beta), np.full((4, 1), beta))
    np.testing.assert_array_equal(layernorm_backward(dout, x, gamma)[0], np.zeros((4, 1)))


def test_without_variance_everything_is_finite():
    _x, gamma, beta, running, dout = problem()
    assert all(
        np.isfinite(each).all() for each in results(np.zeros((6, 3)), gamma, beta, running, dout)
    )


def test_a_mean_of_a_million_costs_no_digits():
    _x, gamma, beta, running, dout = problem((8, 4))
    steps = np.random.default_rng(4).permuted(np.tile(np.arange(8) / 64, (4, 1)), axis=1).T
    far = results(1e6 + steps, gamma, beta, running, dout)
    near = results(steps, gamma, beta, running, dout)
    for place, (mine, expected) in enumerate(zip(far, near, strict=True)):
        if place not in {1, 3}:  # the running mean, and the output of inference, do move
            np.testing.assert_allclose(mine, expected, rtol=1e-8, atol=1e-8)


@shapes
def test_layernorm_is_batchnorm_of_the_transpose(shape):
    x, gamma, beta, _running, dout = problem(shape)
    ones, zeros = np.ones(len(x)), np.zeros(len(x))
    statistics = {"mean": zeros, "var": ones}
    y = batchnorm(x.T, ones, zeros, statistics, True)[0].T
    np.testing.assert_allclose(layernorm(x, gamma, beta), gamma * y + beta, atol=1e-12)
    dx = batchnorm_backward((gamma * dout).T, x.T, ones)[0].T
    np.testing.assert_allclose(layernorm_backward(dout, x, gamma)[0], dx, atol=1e-12)


def test_under_layer_norm_no_example_knows_of_another():
    x, gamma, beta, _running, dout = problem()
    y, (dx, dgamma, _dbeta) = layernorm(x, gamma, beta), layernorm_backward(dout, x, gamma)
    for i in range(len(x)):
        row = slice(i, i + 1)
        np.testing.assert_array_equal(layernorm(x[row], gamma, beta), y[row])
        np.testing.assert_array_equal(layernorm_backward(dout[row], x[row], gamma)[0], dx[row])
    parts = [layernorm_backward(dout[i : i + 1], x[i : i + 1], gamma)[1] for i in range(len(x))]
    np.testing.assert_allclose(sum(parts), dgamma, rtol=1e-12)


@pytest.mark.parametrize(("backward", "axis"), [(batchnorm_backward, 0), (layernorm_backward, 1)])
@shapes
def test_the_gradient_neither_shifts_nor_stretches_what_was_normalised(backward, axis, shape):
    x, gamma, _beta, _running, dout = problem(shape)
    dx = backward(dout, x, gamma, eps=0.1)[0]
    np.testing.assert_allclose(dx.sum(axis=axis), 0, atol=1e-12)
    if x.shape[axis] > 2:
        dx = backward(dout, x, gamma, eps=0.0)[0]
        np.testing.assert_allclose((dx * x).sum(axis=axis), 0, atol=1e-11)


@pytest.mark.parametrize("backward", [batchnorm_backward, layernorm_backward])
def test_weights_ten_times_as_large_have_gradients_a_tenth_as_large(backward):
    x, gamma, _beta, _running, dout = problem()
    dx, dgamma, dbeta = backward(dout, x, gamma, eps=0.0)
    larger = backward(dout, 10 * x, gamma, eps=0.0)
    np.testing.assert_allclose(larger[0], dx / 10, rtol=1e-10)
    np.testing.assert_allclose(larger[1], dgamma, rtol=1e-10)
    np.testing.assert_array_equal(larger[2], dbeta)


def test_the_worked_example_of_the_notebook():
    x = np.array([[1.0, 13.0], [1.0, 27.0], [5.0, 19.0], [5.0, 21.0]])
    running = {"mean": np.zeros(2), "var": np.ones(2)}
    gamma, beta = np.array([2.0, 10.0]), np.array([0.0, 5.0])
    y, running = batchnorm(x, gamma, beta, running, True, eps=0.0)
    np.testing.assert_allclose(y, [[-2, -9], [-2, 19], [2, 3], [2, 7]], rtol=1e-12)
    np.testing.assert_allclose(running["mean"], [0.3, 2.0], rtol=1e-12)
    np.testing.assert_allclose(running["var"], [1.3, 3.4], rtol=1e-12)
    alone, _ = batchnorm(np.array([[0.3, 2.0]]), gamma, beta, running, False)
    np.testing.assert_allclose(alone, [[0.0, 5.0]], atol=1e-12)
