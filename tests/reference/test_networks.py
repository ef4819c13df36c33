import copy
from itertools import pairwise

import numpy as np
import pytest

from reference import networks

every = pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])


def network(sizes, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return [
        (rng.standard_normal((n_in, n_out)).astype(dtype), rng.standard_normal(n_out).astype(dtype))
        for n_in, n_out in pairwise(sizes)
    ]


def examples(n=5, d=3, k=2):
    rng = np.random.default_rng(9)
    return rng.standard_normal((n, d)), rng.integers(k, size=n)


def named(params):
    return {
        f"{kind}{k}": each
        for k, pair in enumerate(params)
        for kind, each in zip("wb", pair, strict=True)
    }


def listed(by_name):
    arrays = list(by_name.values())
    return list(zip(arrays[::2], arrays[1::2], strict=True))


def shortcut_forward(x, params):
    (w1, b1), (w2, b2), (w3, b3) = params
    first = np.tanh(x @ w1 + b1)
    second = np.tanh(first @ w2 + b2)
    return (first + second) @ w3 + b3, (first, second)


@pytest.mark.parametrize(
    ("sizes", "number"), [([7], 0), ([3, 2], 8), ([2, 3, 1], 13), ([784, 128, 64, 10], 109386)]
)
def test_parameters_are_counted(sizes, number):
    assert networks.count_parameters(sizes) == number
    assert sum(each.size for pair in network(sizes) for each in pair) == number


def test_a_single_layer_has_no_activation():
    params, (x, _) = network([3, 2]), examples()
    logits, cache = networks.mlp_forward(x, params, "relu")
    np.testing.assert_array_equal(logits, x @ params[0][0] + params[0][1])
    assert logits.min() < 0
    np.testing.assert_equal(cache, [(x, logits)])


@every
def test_the_cache_chains_the_layers(activation):
    params, (x, _) = network([3, 5, 4, 2]), examples()
    logits, cache = networks.mlp_forward(x, params, activation)
    activate, _ = networks.activation_pair(activation)
    np.testing.assert_array_equal(cache[0][0], x)
    np.testing.assert_array_equal(cache[-1][1], logits)
    for (weights, bias), (inputs, z) in zip(params, cache, strict=True):
        np.testing.assert_allclose(z, inputs @ weights + bias, rtol=1e-12)
    for (_, z), (inputs, _) in pairwise(cache):
        np.testing.assert_array_equal(inputs, activate(z))


@every
def test_gradients_pass_their_own_check(activation):
    params, (x, labels) = network([3, 5, 4, 2]), examples()
    _, grads = networks.mlp_loss(x, labels, params, activation)
    errors = networks.gradient_check(
        lambda at: networks.mlp_loss(x, labels, listed(at), activation)[0],
        named(params),
        named(grads),
        np.random.default_rng(0),
    )
    assert errors.keys() == named(params).keys()
    assert max(errors.values()) < 1e-6


def test_a_repaired_backward_pass_passes_the_check():
    params, (x, labels) = network([3, 4, 4, 2]), examples()
    logits, hidden = shortcut_forward(x, params)
    dlogits = networks.softmax_cross_entropy_backward(logits, labels)
    errors = networks.gradient_check(
        lambda at: networks.softmax_cross_entropy(shortcut_forward(x, listed(at))[0], labels),
        named(params),
        named(networks.find_the_bug(dlogits, x, params, hidden)),
        np.random.default_rng(0),
    )
    assert max(errors.values()) < 1e-6


@every
def test_a_backward_pass_is_linear_in_what_arrives(activation):
    params, (x, _) = network([3, 5, 2]), examples()
    logits, cache = networks.mlp_forward(x, params, activation)
    once = networks.mlp_backward(logits, params, cache, activation)
    twice = networks.mlp_backward(2 * logits, params, cache, activation)
    for pair, other in zip(once, twice, strict=True):
        for one, two in zip(pair, other, strict=True):
            np.testing.assert_allclose(two, 2 * one, rtol=1e-12)


@every
def test_no_argument_is_modified(activation):
    params, (x, labels) = network([3, 4, 4, 2]), examples()
    logits, cache = networks.mlp_forward(x, params, activation)
    hidden = (cache[1][0], np.tanh(cache[1][1]))
    given = copy.deepcopy((x, labels, params, logits, cache, hidden))
    networks.mlp_forward(x, params, activation)
    networks.mlp_backward(logits, params, cache, activation)
    networks.mlp_loss(x, labels, params, activation)
    networks.predict(x, params, activation)
    networks.find_the_bug(logits, x, params, hidden)
    np.testing.assert_equal((x, labels, params, logits, cache, hidden), given)


@every
def test_float32_stays_float32(activation):
    params, (x, labels) = network([3, 4, 4, 2], dtype=np.float32), examples()
    x = x.astype(np.float32)
    logits, cache = networks.mlp_forward(x, params, activation)
    assert logits.dtype == np.float32
    hidden = (cache[1][0], np.tanh(cache[1][1]))
    for grads in (
        networks.mlp_backward(logits, params, cache, activation),
        networks.mlp_loss(x, labels, params, activation)[1],
        networks.find_the_bug(logits, x, params, hidden),
    ):
        assert {each.dtype for pair in grads for each in pair} == {np.dtype(np.float32)}


def test_integer_examples_become_float64():
    params = [(np.full((3, 2), 2, np.uint8), np.zeros(2, np.uint8))]
    logits, _ = networks.mlp_forward(np.full((2, 3), 200, np.uint8), params, "relu")
    assert logits.dtype == np.float64
    np.testing.assert_array_equal(logits, 1200)


def test_the_loss_of_a_sure_network_is_finite():
    params = [(np.eye(3) * 1000, np.zeros(3))]
    loss, grads = networks.mlp_loss(np.eye(3), np.array([1, 2, 0]), params, "relu")
    assert loss == 1000
    assert all(np.isfinite(each).all() for pair in grads for each in pair)


def test_labels_that_do_not_fit_are_refused():
    params, (x, _) = network([3, 2]), examples()
    for labels in (np.zeros((5, 1), int), np.zeros(4, int), np.full(5, 2)):
        with pytest.raises(ValueError, match=r"label|class"):
            networks.mlp_loss(x, labels, params, "relu")


def test_a_gradient_that_is_not_that_of_the_logits_is_refused():
    params, (x, _) = network([3, 5, 2]), examples()
    _, cache = networks.mlp_forward(x, params, "relu")
    for shape in [(2,), (5, 1), (1, 2)]:
        with pytest.raises(ValueError, match="dlogits has shape"):
            networks.mlp_backward(np.zeros(shape), params, cache, "relu")


def test_an_activation_of_another_name_is_refused():
    with pytest.raises(ValueError, match="the activations are relu, tanh, sigmoid, not 'swish'"):
        networks.mlp_forward(np.zeros((1, 3)), network([3, 2]), "swish")


def test_answers_are_labels_and_the_first_of_equals_wins():
    params = [(np.zeros((3, 4)), np.array([-3.0, -1.0, -2.0, -1.0]))]
    answers = networks.predict(np.ones((2, 3)), params, "relu")
    assert answers.dtype.kind == "i"
    np.testing.assert_array_equal(answers, [1, 1])


def plane(slope):
    return lambda at: sum(float(np.sum(slope[name] * at[name])) for name in slope)


@pytest.mark.parametrize("factor", [2.0, -1.0, 0.5, 8.0])
def test_a_wrong_factor_has_its_error(factor):
    params = {"weights": np.asfortranarray(np.ones((3, 4))), "scale": np.array(0.5)}
    slope = {"weights": np.arange(1.0, 13).reshape(3, 4), "scale": np.array(2.0)}
    grads = {"weights": slope["weights"], "scale": factor * slope["scale"]}
    errors = networks.gradient_check(plane(slope), params, grads, np.random.default_rng(0))
    assert errors["weights"] < 1e-8
    assert errors["scale"] == pytest.approx(abs(factor - 1) / (abs(factor) + 1))


@pytest.mark.parametrize(("samples", "moved"), [(1, 1), (7, 7), (20, 12), (12, 12)])
def test_as_many_different_entries_are_moved_as_asked_for(samples, moved):
    params = {"weights": np.zeros((3, 4))}
    places = set()

    def loss(at):
        places.update(map(tuple, np.argwhere(at["weights"])))
        return 0.0

    rng = np.random.default_rng(0)
    networks.gradient_check(loss, params, {"weights": np.zeros((3, 4))}, rng, samples)
    assert len(places) == moved
    np.testing.assert_array_equal(params["weights"], 0)


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_the_check_moves_in_float64(dtype):
    params = {"weights": np.array([1, 2], dtype)}
    grads = {"weights": np.array([2.0, 4.0], np.float32)}
    errors = networks.gradient_check(
        lambda at: float((at["weights"] ** 2).sum()), params, grads, np.random.default_rng(0)
    )
    assert errors["weights"] < 1e-6


@pytest.mark.parametrize("place", [0, 1, 2])
def test_nan_in_a_gradient_is_nan_in_the_error(place):
    grads = {"bias": np.ones(3)}
    grads["bias"][place] = np.nan
    errors = networks.gradient_check(
        plane({"bias": np.ones(3)}), {"bias": np.zeros(3)}, grads, np.random.default_rng(0)
    )
    assert np.isnan(errors["bias"])


@pytest.mark.parametrize("grads", [{}, {"bias": np.ones(3)}, {"weights": np.ones((3, 1))}])
def test_gradients_of_other_parameters_are_refused(grads):
    with pytest.raises(ValueError, match=r"grads has the names|the gradient of weights has shape"):
        networks.gradient_check(
            lambda _: 0.0, {"weights": np.ones(3)}, grads, np.random.default_rng(0)
        )


def test_a_bump_is_half_as_high_at_its_edges_and_nothing_far_away():
    x = np.array([-1e6, 0.25, 0.5, 0.75, 1e6])
    np.testing.assert_allclose(networks.bump(x, 0.25, 0.75, -4.0, 1e4), [0, -2, -4, -2, 0])


@pytest.mark.parametrize(("dtype", "kept"), [(np.float32, np.float32), (np.uint8, np.float64)])
def test_places_keep_float32_and_bytes_do_not_wrap(dtype, kept):
    x = np.array([[0, 1], [3, 9]], dtype)
    y = networks.bump(x, 2, 4, 1, 50)
    assert y.dtype == kept
    np.testing.assert_allclose(y, [[0, 0], [1, 0]], atol=1e-12)
    assert networks.approximate(np.square, 3, 9.0)(x).dtype == kept


@pytest.mark.parametrize("shape", [(), (4,), (2, 3)])
def test_a_constant_is_approximated_exactly(shape):
    y = networks.approximate(lambda t: 0 * t + 2.5, 6, 20.0)(np.full(shape, 0.3))
    np.testing.assert_allclose(y, np.full(shape, 2.5), rtol=1e-12)


def test_the_largest_error_falls_with_the_number_of_bumps():
    x = np.linspace(0, 1, 1001)
    errors = [
        np.abs(networks.approximate(np.exp, n, 50.0 * n)(x) - np.exp(x)).max() for n in (5, 10, 40)
    ]
    assert errors == sorted(errors, reverse=True)
    assert all(error < 0.51 * np.e / n for error, n in zip(errors, (5, 10, 40), strict=True))


@pytest.mark.parametrize("n", [0, -3])
def test_a_sum_needs_a_bump(n):
    with pytest.raises(ValueError, match="at least one bump"):
        networks.approximate(np.sin, n, 10.0)
