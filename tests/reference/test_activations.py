import inspect

import numpy as np
import pytest

from reference import activations

NAMES = ["sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus", "silu", "gelu"]
RISING = ["sigmoid", "tanh", "leaky_relu", "elu", "selu", "softplus"]
SOFT = ["softmax", "log_softmax"]
DEFAULTS = {"leaky_relu": ("alpha", 0.01), "elu": ("alpha", 1.0)}
DEFAULTS |= dict.fromkeys(SOFT, ("axis", -1))

elementwise = pytest.mark.parametrize("name", NAMES)
soft = pytest.mark.parametrize("name", SOFT)
every = pytest.mark.parametrize("name", [*NAMES, *SOFT])

LIMITS = {
    "sigmoid": (0, 1),
    "tanh": (-1, 1),
    "relu": (0, np.inf),
    "leaky_relu": (-np.inf, np.inf),
    "elu": (-1, np.inf),
    "selu": (-activations.SELU_SCALE * activations.SELU_ALPHA, np.inf),
    "softplus": (0, np.inf),
    "silu": (0, np.inf),
    "gelu": (0, np.inf),
}


@pytest.fixture
def z():
    return np.random.default_rng(5).uniform(-3, 3, (4, 3))


def both(name):
    return getattr(activations, name), getattr(activations, f"{name}_backward")


@every
@pytest.mark.parametrize("shapes", [((3, 1), (3,)), ((3,), (3, 1)), ((2, 3), (3,)), ((), (1,))])
def test_a_gradient_of_another_shape_is_refused(name, shapes):
    dout, z = (np.ones(shape) for shape in shapes)
    with pytest.raises(ValueError, match="dout has shape"):
        both(name)[1](dout, z)


@every
def test_float32_stays_float32(name, z):
    forward, backward = both(name)
    single = z.astype(np.float32)
    assert forward(single).dtype == np.float32
    assert backward(single, single).dtype == np.float32
    np.testing.assert_allclose(forward(single), forward(z), rtol=2e-6, atol=1e-6)


@every
def test_integers_are_taken_as_floats(name):
    whole = np.array([[1, 2, 250], [4, 3, 0]], np.uint8)
    forward, backward = both(name)
    for got, wanted in [
        (forward(whole), forward(whole.astype(float))),
        (backward(whole, whole), backward(whole.astype(float), whole.astype(float))),
    ]:
        assert got.dtype == np.float64
        np.testing.assert_array_equal(got, wanted)


@every
def test_no_argument_is_modified_and_none_is_handed_back(name, z):
    forward, backward = both(name)
    dout, before, dout_before = z[::-1].copy(), z.copy(), z[::-1].copy()
    assert not np.shares_memory(forward(z), z)
    dz = backward(dout, z)
    assert not np.shares_memory(dz, dout)
    assert not np.shares_memory(dz, z)
    np.testing.assert_array_equal(z, before)
    np.testing.assert_array_equal(dout, dout_before)


@elementwise
@pytest.mark.parametrize("shape", [(), (0, 3), (1,), (3, 1), (2, 1, 3)])
def test_the_shape_is_kept(name, shape):
    forward, backward = both(name)
    assert forward(np.ones(shape)).shape == shape
    assert backward(np.ones(shape), np.ones(shape)).shape == shape


@elementwise
def test_infinities_have_their_limits(name):
    np.testing.assert_allclose(both(name)[0](np.array([-np.inf, np.inf])), LIMITS[name], atol=0)


@elementwise
def test_very_large_numbers_are_at_the_limits_and_flat_or_straight_there(name):
    forward, backward = both(name)
    far = np.array([-1e4, 1e4])
    bounded = np.isfinite(LIMITS[name])
    np.testing.assert_allclose(forward(far)[bounded], np.array(LIMITS[name])[bounded], atol=1e-300)
    slopes = backward(np.ones(2), far)
    assert np.isfinite(slopes).all()
    np.testing.assert_array_equal(slopes[bounded], 0)
    assert (slopes[~bounded] > 0).all()


@elementwise
def test_nan_stays_nan_where_it_is(name):
    np.testing.assert_array_equal(np.isnan(both(name)[0](np.array([1.0, np.nan]))), [False, True])


@pytest.mark.parametrize("name", RISING)
def test_the_function_rises(name):
    assert (np.diff(both(name)[0](np.linspace(-12, 12, 200))) > 0).all()


@elementwise
def test_upstream_gradients_multiply_the_slope(name, z):
    backward = both(name)[1]
    dout = np.random.default_rng(6).standard_normal(z.shape)
    np.testing.assert_allclose(backward(dout, z), dout * backward(np.ones_like(z), z), rtol=1e-14)


@pytest.mark.parametrize(
    ("name", "slope"), [("relu", 0), ("leaky_relu", 0.01), ("elu", 1), ("selu", 1.7580993408473766)]
)
def test_the_slope_at_zero_is_that_of_the_left(name, slope):
    np.testing.assert_allclose(both(name)[1](np.ones(2), np.array([0.0, -0.0])), slope, rtol=1e-15)


@pytest.mark.parametrize("alpha", [0.3, 1.0, 2.5])
def test_alpha_is_a_slope_of_leaky_relu_and_a_depth_of_elu(alpha):
    z = np.array([-1e3, -2.0, 2.0])
    np.testing.assert_array_equal(
        activations.leaky_relu(z, alpha=alpha), [-1e3 * alpha, -2 * alpha, 2]
    )
    assert activations.elu(z, alpha=alpha)[0] == -alpha
    ones = np.ones(3)
    np.testing.assert_array_equal(
        activations.leaky_relu_backward(ones, z, alpha=alpha), [alpha, alpha, 1]
    )
    np.testing.assert_allclose(
        activations.elu_backward(ones, z, alpha=alpha), [0, alpha * np.exp(-2), 1]
    )


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_forward_and_backward_have_the_same_default(name):
    option, default = DEFAULTS[name]
    for function in both(name):
        assert inspect.signature(function).parameters[option].default == default


def test_sigmoids_of_opposite_numbers_add_up_to_one(z):
    np.testing.assert_allclose(activations.sigmoid(z) + activations.sigmoid(-z), 1, rtol=1e-15)


def test_selu_keeps_the_moments_of_a_standard_normal_variable():
    nodes, weights = np.polynomial.hermite_e.hermegauss(180)
    weights /= weights.sum()
    values = activations.selu(nodes)
    assert abs((weights * values).sum()) < 5e-3
    assert abs((weights * values**2).sum() - 1) < 5e-3


def test_erf_keeps_float32_and_accepts_integers():
    assert activations.erf(np.ones(2, np.float32)).dtype == np.float32
    assert activations.erf(np.array([0, 30])).tolist() == [0.0, 1.0]
    assert activations.erf(np.zeros((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_probabilities_sum_to_one_and_gradients_to_zero_along_the_axis(axis):
    rng = np.random.default_rng(7)
    z, dout = rng.standard_normal((2, 2, 3, 4))
    np.testing.assert_allclose(activations.softmax(z, axis=axis).sum(axis=axis), 1, rtol=1e-14)
    logarithms = activations.log_softmax(z, axis=axis)
    np.testing.assert_allclose(np.exp(logarithms), activations.softmax(z, axis=axis), rtol=1e-13)
    for name in SOFT:
        gradient = both(name)[1](dout, z, axis=axis)
        np.testing.assert_allclose(gradient.sum(axis=axis), 0, atol=1e-14)


@soft
def test_a_shift_of_a_row_changes_nothing(name, z):
    forward, backward = both(name)
    shift = np.array([[5.0], [-900.0], [1e4], [0.0]])
    np.testing.assert_allclose(forward(z + shift), forward(z), rtol=1e-10)
    np.testing.assert_allclose(backward(z, z + shift), backward(z, z), rtol=1e-9, atol=1e-12)


@soft
def test_a_nan_stays_in_its_row(name):
    got = both(name)[0](np.array([[1.0, np.nan], [0.0, 1.0]]))
    np.testing.assert_array_equal(np.isnan(got), [[True, True], [False, False]])


@soft
def test_an_axis_that_does_not_exist_is_refused(name):
    forward, backward = both(name)
    for call in (
        lambda: forward(np.ones(3), axis=1),
        lambda: backward(np.ones(3), np.ones(3), axis=1),
    ):
        with pytest.raises(ValueError, match="axis"):
            call()


def test_a_class_with_logit_minus_infinity_is_excluded():
    z = np.array([[-np.inf, 0.0, 0.0], [1e4, -np.inf, -1e4]])
    np.testing.assert_array_equal(activations.softmax(z), [[0, 0.5, 0.5], [1, 0, 0]])
    np.testing.assert_allclose(activations.log_softmax(z)[0], [-np.inf, -np.log(2), -np.log(2)])


def test_the_softmax_of_two_logits_is_the_sigmoid_of_their_difference(z):
    pairs = np.stack([z, np.zeros_like(z)], axis=-1)
    np.testing.assert_allclose(
        activations.softmax(pairs)[..., 0], activations.sigmoid(z), rtol=1e-14
    )
