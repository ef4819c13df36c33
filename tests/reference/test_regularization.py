import copy

import numpy as np
import pytest

from reference import regularization
from reference.regularization import dropout, dropout_backward, dropout_classic

PENALTIES = {"l1_penalty": (), "l2_penalty": (), "elastic_net": (0.3,)}
penalties = pytest.mark.parametrize(("name", "ratio"), PENALTIES.items())
forms = pytest.mark.parametrize("form", [dropout, dropout_classic])
modes = pytest.mark.parametrize("training", [True, False])


def layers(dtype=np.float64):
    return {
        "bias": np.array([[1, -2, 0], [3, -4, 5]], dtype),  # two dimensions: weights all the same
        "weights": np.array([7, -8], dtype),
        "kernels": np.arange(-8, 8).reshape(2, 2, 2, 2).astype(dtype),
        "scale": np.array(9, dtype),
    }


def without_biases(params):
    return {name: params[name] for name in ("bias", "kernels")}


def both(name):
    return getattr(regularization, name), getattr(regularization, f"{name}_backward")


@penalties
def test_arrays_with_fewer_than_two_dimensions_cost_nothing(name, ratio):
    penalty, backward = both(name)
    params = layers()
    assert penalty(params, 0.4, *ratio) == penalty(without_biases(params), 0.4, *ratio)
    grads = backward(params, 0.4, *ratio)
    assert list(grads) == list(params)
    for each in ("weights", "scale"):
        assert grads[each].shape == params[each].shape
        assert not grads[each].any()
    for each, grad in backward(without_biases(params), 0.4, *ratio).items():
        np.testing.assert_array_equal(grads[each], grad)


@penalties
def test_a_penalty_is_one_number_and_zero_without_weights_or_strength(name, ratio):
    penalty, backward = both(name)
    assert type(penalty(layers(), 0.4, *ratio)) is float
    for params, strength in [({}, 0.4), ({"bias": np.ones(3)}, 0.4), (layers(), 0.0)]:
        assert penalty(params, strength, *ratio) == 0
        assert not any(grad.any() for grad in backward(params, strength, *ratio).values())


@penalties
def test_the_slope_at_a_weight_of_zero_is_zero(name, ratio):
    grads = both(name)[1]({"w": np.array([[0.0, -0.0, 2.0]])}, 0.4, *ratio)
    np.testing.assert_array_equal(grads["w"][0, :2], [0, 0])
    assert grads["w"][0, 2] > 0


@penalties
def test_penalties_are_even_and_their_slopes_odd(name, ratio):
    penalty, backward = both(name)
    params = layers()
    opposite = {each: -array for each, array in params.items()}
    assert penalty(opposite, 0.4, *ratio) == penalty(params, 0.4, *ratio) > 0
    for each, grad in backward(opposite, 0.4, *ratio).items():
        np.testing.assert_array_equal(grad, -backward(params, 0.4, *ratio)[each])


@penalties
def test_penalties_modify_nothing_and_return_new_arrays(name, ratio):
    params = layers()
    before = copy.deepcopy(params)
    both(name)[0](params, 0.4, *ratio)
    grads = both(name)[1](params, 0.4, *ratio)
    np.testing.assert_equal(params, before)
    assert not any(np.shares_memory(grads[each], params[each]) for each in params)


@penalties
@pytest.mark.parametrize(
    ("dtype", "kept"), [(np.float32, np.float32), (np.int8, np.float64), (np.int64, np.float64)]
)
def test_slopes_keep_float32_and_convert_integers(name, ratio, dtype, kept):
    grads = both(name)[1](layers(dtype), 0.5, *ratio)
    assert {grad.dtype for grad in grads.values()} == {np.dtype(kept)}


@penalties
def test_small_integers_do_not_wrap_around(name, ratio):
    penalty, _ = both(name)
    for numbers in (np.array([[-128, 100]], np.int8), np.array([[200, 16]], np.uint8)):
        expected = penalty({"w": numbers.astype(float)}, 1.0, *ratio)
        assert penalty({"w": numbers}, 1.0, *ratio) == expected


def test_the_elastic_net_is_one_of_the_penalties_at_its_ends():
    for ratio, name in [(0.0, "l2_penalty"), (1.0, "l1_penalty")]:
        net, net_backward = both("elastic_net")
        penalty, backward = both(name)
        assert net(layers(), 0.4, ratio) == penalty(layers(), 0.4)
        for each, grad in net_backward(layers(), 0.4, ratio).items():
            np.testing.assert_array_equal(grad, backward(layers(), 0.4)[each])


@pytest.mark.parametrize("ratio", [-0.1, 1.5, np.nan])
def test_a_ratio_outside_0_to_1_is_refused(ratio):
    for function in both("elastic_net"):
        with pytest.raises(ValueError, match="ratio is a share between 0 and 1"):
            function(layers(), 0.4, ratio)


@forms
@pytest.mark.parametrize("p", [0.3, 0.8])
@pytest.mark.parametrize("shape", [(40,), (10, 7), (2, 3, 4, 5)])
def test_output_is_the_mask_times_the_input_and_a_factor(form, p, shape):
    x = np.random.default_rng(1).standard_normal(shape)
    output, mask = form(x, p, np.random.default_rng(2), training=True)
    factor = 1 / (1 - p) if form is dropout else 1
    assert set(np.unique(mask)) == {0.0, 1.0}
    np.testing.assert_allclose(output, factor * mask * x, rtol=1e-15)


@forms
@pytest.mark.parametrize("p", [0.1, 0.3, 0.75])
def test_the_share_of_dropped_elements_is_p_along_every_axis(form, p):
    _, mask = form(np.ones((400, 600)), p, np.random.default_rng(3), training=True)
    for axis in (0, 1):
        noise = np.sqrt(p * (1 - p) / mask.shape[axis])
        shares = 1 - mask.mean(axis=axis)
        assert np.abs(shares - p).max() < 6 * noise
        assert np.std(shares) > noise / 2


@pytest.mark.parametrize("p", [0.3, 0.8])
def test_the_mean_in_training_is_the_output_at_test_time(p):
    x = np.array([2.0, -1.0, 0.5])
    for form in (dropout, dropout_classic):
        many = form(np.tile(x, (200_000, 1)), p, np.random.default_rng(4), training=True)[0]
        at_test, _ = form(x, p, np.random.default_rng(4), training=False)
        noise = many.std(axis=0) / np.sqrt(len(many))
        assert (np.abs(many.mean(axis=0) - at_test) < 6 * noise).all()


@forms
@modes
def test_with_probability_zero_nothing_happens(form, training):
    x = np.random.default_rng(5).standard_normal((30, 40))
    output, mask = form(x, 0.0, np.random.default_rng(6), training)
    np.testing.assert_array_equal(output, x)
    assert mask.all()


@forms
def test_with_probability_one_nothing_is_left_in_training(form):
    output, mask = form(np.ones((3, 4)), 1.0, np.random.default_rng(7), training=True)
    np.testing.assert_array_equal(output, np.zeros((3, 4)))
    np.testing.assert_array_equal(mask, np.zeros((3, 4)))
    np.testing.assert_array_equal(dropout_backward(np.ones((3, 4)), mask, 1.0), np.zeros((3, 4)))


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_at_test_time_everything_is_kept(p):
    x = np.random.default_rng(8).standard_normal((3, 4))
    for form, factor in [(dropout, 1.0), (dropout_classic, 1 - p)]:
        output, mask = form(x, p, np.random.default_rng(9), training=False)
        np.testing.assert_array_equal(output, factor * x)
        np.testing.assert_array_equal(mask, np.ones((3, 4)))


@forms
def test_the_mask_follows_the_generator_and_nothing_else(form):
    def mask(rng):
        return form(np.ones((20, 30)), 0.3, rng, training=True)[1].tolist()

    before = np.random.get_state()[1].copy()
    rng = np.random.default_rng(10)
    first, second = mask(rng), mask(rng)
    assert first == mask(np.random.default_rng(10))
    assert first != second
    assert first != mask(np.random.default_rng(11))
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@forms
@modes
@pytest.mark.parametrize(
    ("dtype", "kept"), [(np.float32, np.float32), (np.int64, np.float64), (np.uint8, np.float64)]
)
def test_dropout_keeps_float32_converts_integers_and_modifies_nothing(form, training, dtype, kept):
    x = np.arange(12).reshape(3, 4).astype(dtype)
    output, mask = form(x, 0.3, np.random.default_rng(12), training)
    assert output.dtype == mask.dtype == kept
    np.testing.assert_array_equal(x, np.arange(12).reshape(3, 4))


def test_the_gradient_keeps_float32_converts_integers_and_modifies_nothing():
    mask = np.array([[1, 0, 1]], np.float32)
    for dtype, kept in [(np.float32, np.float32), (np.int64, np.float64)]:
        dout = np.array([[4, 5, -6]], dtype)
        assert dropout_backward(dout, mask, 0.3).dtype == kept
        np.testing.assert_array_equal(dout, [[4, 5, -6]])
    np.testing.assert_array_equal(mask, [[1, 0, 1]])


@pytest.mark.parametrize("shape", [(4,), (1, 4), (3, 1), (4, 3), ()])
def test_a_mask_of_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match="dout has shape"):
        dropout_backward(np.ones((3, 4)), np.ones(shape), 0.3)


@pytest.mark.parametrize("p", [-0.1, 1.1, 30, np.nan])
def test_a_probability_outside_0_to_1_is_refused(p):
    for form in (dropout, dropout_classic):
        for training in (True, False):
            with pytest.raises(ValueError, match="p is a share between 0 and 1"):
                form(np.ones(3), p, np.random.default_rng(13), training)
    with pytest.raises(ValueError, match="p is a share between 0 and 1"):
        dropout_backward(np.ones(3), np.ones(3), p)
