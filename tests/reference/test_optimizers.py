import copy
import inspect

import numpy as np
import pytest

from reference import optimizers

NAMES = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
DEFAULTS = {
    "beta": 0.9,
    "rho": 0.9,
    "beta1": 0.9,
    "beta2": 0.999,
    "eps": 1e-8,
    "weight_decay": 0.01,
}
every = pytest.mark.parametrize("name", NAMES)


def step(name, theta, grad, state, **options):
    """Take one step with `grad`, whatever the look-ahead is."""
    return getattr(optimizers, name)(
        theta, (lambda _: grad) if name == "nesterov" else grad, state, **options
    )


@every
def test_no_argument_is_modified(name):
    theta, grad, state = np.array([[1.0, -2.0]]), np.array([[0.5, 0.25]]), {}
    for _ in range(3):
        before = copy.deepcopy((theta, grad, state))
        new_theta, new_state = step(name, theta, grad, state, lr=0.1)
        np.testing.assert_equal((theta, grad, state), before)
        assert not np.shares_memory(new_theta, theta)
        theta, state = new_theta, new_state


@every
def test_float32_stays_float32(name):
    theta, grad, state = np.ones(3, np.float32), np.array([1, -2, 0], np.float32), {}
    for _ in range(3):
        theta, state = step(name, theta, grad, state, lr=0.1)
        assert theta.dtype == np.float32
    assert all(value.dtype == np.float32 for value in state.values() if np.ndim(value))


@every
def test_a_zero_gradient_is_no_step(name):
    options = {"weight_decay": 0.0} if name == "adamw" else {}
    theta, state = np.array([1.0, 2.0]), {}
    for _ in range(3):
        theta, state = step(name, theta, np.zeros(2), state, lr=0.1, **options)
    np.testing.assert_array_equal(theta, [1, 2])


@every
def test_two_parameters_have_states_of_their_own(name):
    rng = np.random.default_rng(11)
    thetas, grads = rng.standard_normal((2, 2)), rng.standard_normal((5, 2, 2))
    together, states = list(thetas), [{}, {}]
    for pair in grads:
        for k in range(2):
            together[k], states[k] = step(name, together[k], pair[k], states[k], lr=0.1)
    for k in range(2):
        alone, state = thetas[k], {}
        for pair in grads:
            alone, state = step(name, alone, pair[k], state, lr=0.1)
        np.testing.assert_array_equal(together[k], alone)


@every
def test_the_learning_rate_has_no_default_and_the_rest_has_that_of_the_course(name):
    parameters = inspect.signature(getattr(optimizers, name)).parameters
    assert parameters["lr"].default is inspect.Parameter.empty
    keyword_only = [each for each in parameters.values() if each.kind is each.KEYWORD_ONLY]
    assert {each.name: each.default for each in keyword_only if each.name != "lr"} == {
        each: DEFAULTS[each] for each in parameters if each in DEFAULTS
    }


@every
def test_a_parabola_is_descended(name):
    theta, state = np.array([3.0, -2.0]), {}
    for _ in range(300):
        gradient = (lambda x: x) if name == "nesterov" else theta
        theta, state = getattr(optimizers, name)(theta, gradient, state, lr=0.1)
    assert np.abs(theta).max() < 1


def test_nesterov_asks_once_for_the_gradient_at_the_look_ahead():
    asked = []

    def gradient(x):
        asked.append(x.copy())
        return np.ones(1)

    theta, state = optimizers.nesterov(np.array([1.0]), gradient, {}, lr=0.5, beta=0.5)
    optimizers.nesterov(theta, gradient, state, lr=0.5, beta=0.5)
    np.testing.assert_array_equal(asked, [[1.0], [0.5 - 0.5 * 0.5]])


def test_clipping_by_value_limits_each_entry():
    grad = np.array([[3.0, -0.5], [-4.0, 1.0]])
    before = grad.copy()
    clipped = optimizers.clip_by_value(grad, 1.0)
    np.testing.assert_array_equal(clipped, [[1, -0.5], [-1, 1]])
    np.testing.assert_array_equal(grad, before)
    assert not np.shares_memory(clipped, grad)


@pytest.mark.parametrize(("dtype", "kept"), [(np.float32, np.float32), (np.int64, np.float64)])
def test_clipping_keeps_float32_and_converts_integers(dtype, kept):
    grad = np.array([3, -4], dtype)
    assert optimizers.clip_by_value(grad, 1.0).dtype == kept
    for max_norm in (1.0, 100.0):
        clipped, _ = optimizers.clip_by_global_norm({"weights": grad}, max_norm)
        assert clipped["weights"].dtype == kept


@pytest.mark.parametrize(("max_norm", "factor"), [(2.5, 0.5), (5.0, 1.0), (10.0, 1.0), (0.0, 0.0)])
def test_the_global_norm_only_shrinks_and_keeps_the_direction(max_norm, factor):
    grads = {"weights": np.array([[3.0, 0.0]]), "bias": np.array([-4.0])}
    clipped, norm = optimizers.clip_by_global_norm(grads, max_norm)
    assert type(norm) is float
    assert norm == 5
    for name, grad in grads.items():
        np.testing.assert_array_equal(clipped[name], factor * grad)
        assert not np.shares_memory(clipped[name], grad)
    np.testing.assert_array_equal(grads["weights"], [[3, 0]])


@pytest.mark.parametrize("max_norm", [0.0, 1.0])
def test_a_norm_of_zero_gives_the_zeros_back(max_norm):
    clipped, norm = optimizers.clip_by_global_norm({"weights": np.zeros((2, 3))}, max_norm)
    assert norm == 0
    np.testing.assert_array_equal(clipped["weights"], np.zeros((2, 3)))


def test_no_gradients_have_the_norm_zero():
    assert optimizers.clip_by_global_norm({}, 1.0) == ({}, 0.0)


def test_integer_gradients_do_not_wrap_when_squared():
    _, norm = optimizers.clip_by_global_norm({"weights": np.array([30, 40], np.uint8)}, 1.0)
    assert norm == 50
