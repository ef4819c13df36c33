import numpy as np
import pytest

from reference import initializers

VARIANCES = {
    "xavier_uniform": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "xavier_normal": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he_uniform": lambda fan_in, fan_out: 2 / fan_in,
    "he_normal": lambda fan_in, fan_out: 2 / fan_in,
    "lecun_normal": lambda fan_in, fan_out: 1 / fan_in,
}
every = pytest.mark.parametrize("name", VARIANCES)
FANS = [(3, 5), (6, 2), (1, 4), (4, 4)]


def draw(name, fan_in, fan_out, seed=0):
    return getattr(initializers, name)(fan_in, fan_out, np.random.default_rng(seed))


@every
@pytest.mark.parametrize("fans", FANS)
def test_weights_have_a_row_for_each_input_and_a_column_for_each_output(name, fans):
    weights = draw(name, *fans)
    assert weights.shape == fans
    assert weights.dtype == np.float64


@every
def test_the_seed_decides(name):
    rng = np.random.default_rng(3)
    first, later = (getattr(initializers, name)(4, 6, rng) for _ in range(2))
    np.testing.assert_array_equal(first, draw(name, 4, 6, seed=3))
    assert not np.any(first == later)
    assert not np.any(first == draw(name, 4, 6, seed=4))


@every
def test_the_global_generator_is_left_alone(name):
    before = np.random.get_state()
    draw(name, 4, 6)
    for one, other in zip(before, np.random.get_state(), strict=True):
        np.testing.assert_array_equal(one, other)


@every
@pytest.mark.parametrize("fans", [(4, 50_000), (50_000, 4), (300, 700)])
def test_mean_and_variance_are_those_of_the_formula(name, fans):
    weights = draw(name, *fans)
    variance = VARIANCES[name](*fans)
    assert abs(weights.mean()) < 6 * np.sqrt(variance / weights.size)
    assert weights.var() == pytest.approx(variance, rel=0.02)


@pytest.mark.parametrize("name", ["xavier_uniform", "he_uniform"])
def test_uniform_weights_fill_their_interval_and_never_leave_it(name):
    weights = draw(name, 50, 4000)
    bound = np.sqrt(3 * VARIANCES[name](50, 4000))
    assert np.all(np.abs(weights) <= bound)
    assert np.abs(weights).max() > 0.999 * bound


@pytest.mark.parametrize("name", ["xavier_normal", "he_normal", "lecun_normal"])
def test_normal_weights_are_not_truncated(name):
    weights = draw(name, 50, 4000)
    share = np.mean(np.abs(weights) > 2 * np.sqrt(VARIANCES[name](50, 4000)))
    assert share == pytest.approx(0.0455, rel=0.1)


@pytest.mark.parametrize(
    ("name", "activation"),
    [
        ("lecun_normal", lambda z: z),
        ("xavier_normal", lambda z: z),
        ("he_normal", lambda z: np.maximum(z, 0)),
        ("he_uniform", lambda z: np.maximum(z, 0)),
    ],
)
def test_the_mean_square_survives_many_square_layers(name, activation):
    rng = np.random.default_rng(5)
    z = rng.standard_normal((100, 400))
    for _ in range(10):
        z = activation(z) @ getattr(initializers, name)(400, 400, rng)
    assert np.mean(z**2) == pytest.approx(1, rel=0.5)


@pytest.mark.parametrize("shape", [(), (3,), (2, 5), (0, 3), (2, 3, 1, 4)])
def test_zeros_have_the_shape_asked_for(shape):
    made = initializers.zeros(shape)
    assert made.shape == shape
    assert made.dtype == np.float64
    assert not made.any()
    assert initializers.zeros(shape) is not made


@pytest.mark.parametrize("shape", [(), (3,), (2, 5), (2, 3, 1, 4)])
def test_normal_numbers_have_the_shape_asked_for(shape):
    drawn = initializers.normal(shape, 0.5, np.random.default_rng(0))
    assert np.shape(drawn) == shape


@pytest.mark.parametrize("std", [0.0, 0.01, 3.0])
def test_normal_numbers_have_the_spread_asked_for(std):
    drawn = initializers.normal((100, 2000), std, np.random.default_rng(0))
    assert drawn.std() == pytest.approx(std, rel=0.02)


@pytest.mark.parametrize(
    ("shape", "fans"),
    [
        ((8, 3, 5, 5), (75, 200)),
        ((2, 5, 3, 4), (60, 24)),
        ((4, 7, 3), (21, 12)),
        ((3, 2, 2, 3, 5), (60, 90)),
        ((5, 6, 1, 1), (6, 5)),
    ],
)
def test_fans_count_every_weight_that_meets_or_leaves(shape, fans):
    assert initializers.conv_fans(shape) == fans
    assert all(type(fan) is int for fan in initializers.conv_fans(shape))


@pytest.mark.parametrize("shape", [(), (5,), (3, 4)])
def test_a_dense_layer_is_no_convolution(shape):
    with pytest.raises(ValueError, match="expected a shape"):
        initializers.conv_fans(shape)
