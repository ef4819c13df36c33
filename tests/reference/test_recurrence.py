import inspect

import numpy as np
import pytest

from reference import recurrence
from reference.recurrence import fitted

NAMES = [
    "rnn_step",
    "rnn_step_backward",
    "rnn",
    "rnn_backward",
    "lstm_step",
    "lstm_step_backward",
    "lstm",
    "lstm_backward",
]
every = pytest.mark.parametrize("name", NAMES)
steps = pytest.mark.parametrize("name", [name for name in NAMES if "step" in name])
sequences = pytest.mark.parametrize("name", [name for name in NAMES if "step" not in name])
backward = pytest.mark.parametrize("name", [name for name in NAMES if "backward" in name])


def arguments(name, *, n=2, d=3, h=4, time=5, dtype=np.float64):
    """Return arguments of a function of the module, drawn at random, by name."""
    rng = np.random.default_rng(12)
    steps = () if "step" in name else (time,)
    gates = 4 if "lstm" in name else 1
    shapes = {
        "dh": (n, h),
        "dc": (n, h),
        "dhs": (*steps, n, h),
        "x": (*steps, n, d),
        "h": (n, h),
        "h0": (n, h),
        "c": (n, h),
        "c0": (n, h),
        "w_xh": (d, h),
        "w_hh": (h, h),
        "w": (d, gates * h),
        "u": (h, gates * h),
        "bias": (gates * h,),
    }
    wanted = inspect.signature(getattr(recurrence, name)).parameters
    return {each: rng.standard_normal(shapes[each]).astype(dtype) for each in wanted}


def call(name, given):
    """Return the result as a tuple of arrays."""
    result = getattr(recurrence, name)(**given)
    return result if isinstance(result, tuple) else (result,)


@every
def test_no_argument_is_modified(name):
    given = arguments(name)
    before = {each: array.copy() for each, array in given.items()}
    results = call(name, given)
    np.testing.assert_equal(given, before)
    for array in given.values():
        assert not any(np.shares_memory(array, result) for result in results)


@every
@pytest.mark.parametrize(
    ("dtype", "kept"), [(np.float64, np.float64), (np.float32, np.float32), (np.int8, np.float64)]
)
def test_floats_keep_their_dtype_and_integers_become_float64(name, dtype, kept):
    assert {result.dtype for result in call(name, arguments(name, dtype=dtype))} == {np.dtype(kept)}


@backward
@pytest.mark.parametrize("sizes", [{"n": 3, "d": 2, "h": 4}, {"n": 1, "d": 4, "h": 1}])
def test_a_gradient_has_the_shape_of_its_argument(name, sizes):
    given = arguments(name, **sizes)
    targets = [each for each in given if not each.startswith("d")]
    in_order = [each for each in targets if each not in {"w", "u", "w_xh", "w_hh", "bias"}]
    in_order += [each for each in targets if each not in in_order]
    assert [gradient.shape for gradient in call(name, given)] == [
        given[each].shape for each in in_order
    ]


@every
def test_shapes_that_do_not_fit_are_refused_also_where_they_would_broadcast(name):
    given = arguments(name)
    for each, array in given.items():
        fewer = array[:, :1] if array.ndim == 3 else array[:1]  # another number of steps would fit
        for wrong in (array[..., :1], fewer, array[..., np.newaxis], array[0]):
            if wrong.shape != array.shape:
                with pytest.raises(ValueError, match=r"has shape .*, expected \("):
                    call(name, {**given, each: wrong})


@sequences
def test_a_sequence_has_at_least_one_step(name):
    given = {
        each: array[:0] if array.ndim == 3 else array for each, array in arguments(name).items()
    }
    with pytest.raises(ValueError, match=r"has shape \(0, 2, \d\)"):
        call(name, given)


@every
def test_saturated_units_are_finite_and_nothing_overflows(name):
    given = arguments(name)
    given["bias"] = np.resize([1e4, -1e4, -1e4, 1e4, 1e4, -1e4, 0.0], given["bias"].shape)
    assert all(np.all(np.isfinite(result)) for result in call(name, given))


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_a_sequence_may_be_read_in_two_parts(kind):
    given = arguments(kind)
    x = given.pop("x")
    states, *cells = call(kind, {"x": x, **given})
    first, *middle = call(kind, {"x": x[:2], **given})
    start = {"h0": first[-1], **dict(zip(["c0"], middle, strict=False))}
    second, *last = call(kind, {"x": x[2:], **given, **start})
    np.testing.assert_array_equal(np.concatenate([first, second]), states)
    np.testing.assert_array_equal(last, cells)


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_a_single_step_is_the_step(kind):
    given = arguments(kind, time=1)
    step = {each.removesuffix("0"): array for each, array in given.items()} | {"x": given["x"][0]}
    np.testing.assert_array_equal(call(kind, given)[0][0], call(f"{kind}_step", step)[0])


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_the_examples_of_a_batch_do_not_meet(kind):
    given = arguments(kind, n=3)
    alone = {
        each: array[:, 1:2] if each == "x" else array[1:2] if each in {"h0", "c0"} else array
        for each, array in given.items()
    }
    np.testing.assert_allclose(call(kind, given)[0][:, 1:2], call(kind, alone)[0], rtol=1e-12)


@backward
def test_gradients_are_linear_in_what_arrives(name):
    given = arguments(name)
    arriving = [each for each in given if each.startswith("d")]
    twice = {each: 2 * array if each in arriving else array for each, array in given.items()}
    for one, other in zip(call(name, given), call(name, twice), strict=True):
        np.testing.assert_allclose(2 * one, other, rtol=1e-12)


@pytest.mark.parametrize("kind", ["rnn", "lstm"])
def test_a_gradient_that_arrives_early_does_not_reach_later_inputs(kind):
    given = arguments(f"{kind}_backward")
    given["dhs"][2:] = 0
    dx, *_ = call(f"{kind}_backward", given)
    assert np.all(dx[:2] != 0)
    np.testing.assert_array_equal(dx[2:], 0)


def test_shut_and_open_gates_keep_the_cell():
    given = arguments("lstm", time=200)
    given["w"], given["u"] = np.zeros((3, 16)), np.zeros((4, 16))
    given["bias"] = np.repeat([-1e3, 1e3, 0.0, 1e3], 4)
    states, cell = recurrence.lstm(**given)
    np.testing.assert_array_equal(cell, given["c0"])
    np.testing.assert_array_equal(states[-1], np.tanh(cell))


def test_an_open_forget_gate_hands_the_gradient_of_the_cell_back_as_it_is():
    given = arguments("lstm_step_backward")
    given["dh"] = np.zeros((2, 4))
    given["bias"] += np.repeat([0.0, 1e3, 0.0, 0.0], 4)
    np.testing.assert_array_equal(recurrence.lstm_step_backward(**given)[2], given["dc"])


def test_gates_are_ordered_input_forget_candidate_output():
    x, h, c, weights = np.zeros((1, 1)), np.zeros((1, 1)), np.array([[2.0]]), np.zeros((1, 4))
    bias = np.log([3.0, 1.0, 2.0, 3.0])  # sigmoid: 3/4, 1/2 and 3/4; tanh: 0.6
    h, c = recurrence.lstm_step(x, h, c, weights, weights, bias)
    assert c.item() == pytest.approx(1.45)
    assert h.item() == pytest.approx(0.75 * np.tanh(1.45))


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_a_scaled_rotation_stretches_by_its_factor_in_every_step(factor):
    turn = np.linalg.qr(np.random.default_rng(4).standard_normal((5, 5)))[0]
    norms = recurrence.gradient_through_time(factor * turn, 6)
    np.testing.assert_allclose(norms, factor ** np.arange(1.0, 7.0), rtol=1e-12)


def test_norms_may_grow_first_and_go_with_the_spectral_radius_in_the_end():
    norms = recurrence.gradient_through_time(np.array([[0.5, 4.0], [0.0, 0.8]]), 80)
    assert norms[0] > 4
    assert norms[-1] / norms[-2] == pytest.approx(0.8, rel=1e-6)


def test_the_norm_bounds_every_gradient_that_goes_back_through_states_of_zero():
    w_hh = np.random.default_rng(5).standard_normal((4, 4))
    zeros = np.zeros((6, 1, 1)), np.zeros((1, 4)), np.zeros((1, 4)), w_hh, np.zeros(4)
    norms = recurrence.gradient_through_time(w_hh, 6)
    left, _, _ = np.linalg.svd(np.linalg.matrix_power(w_hh.T, 6))
    for arriving in [*left, *np.eye(4)]:
        dhs = np.zeros((6, 1, 4))
        dhs[-1] = arriving
        reached = np.linalg.norm(recurrence.rnn_backward(dhs, *zeros)[1])
        assert reached <= norms[-1] * (1 + 1e-12)
    dhs[-1] = left[:, 0]
    assert np.linalg.norm(recurrence.rnn_backward(dhs, *zeros)[1]) == pytest.approx(norms[-1])


@pytest.mark.parametrize(
    ("dtype", "kept"), [(np.float32, np.float32), (np.int64, np.float64), (np.uint8, np.float64)]
)
def test_norms_keep_float32_and_convert_integers(dtype, kept):
    w_hh = np.array([[20, 1], [3, 20]], dtype)
    before = w_hh.copy()
    norms = recurrence.gradient_through_time(w_hh, 3)
    assert norms.dtype == kept
    assert norms[1] > 400
    np.testing.assert_array_equal(w_hh, before)


@pytest.mark.parametrize("shape", [(2, 3), (3,), (1, 2, 2)])
def test_norms_are_those_of_a_square_matrix(shape):
    with pytest.raises(ValueError, match="expected"):
        recurrence.gradient_through_time(np.ones(shape), 2)


@pytest.mark.parametrize(
    ("shapes", "arrays", "sentence"),
    [
        ("N D", [(3,)], r"array 1 has shape \(3,\), expected \(N, D\)$"),
        ("H H", [(2, 3)], r"array 1 has shape \(2, 3\), expected \(H, H\)$"),
        ("N D, N H", [(2, 3), (1, 4)], r"array 2 .*, expected \(N, H\) where N = 2, D = 3$"),
        (
            "N H, 4H",
            [(2, 3), (3,)],
            r"array 2 has shape \(3,\), expected \(4H\) where N = 2, H = 3",
        ),
    ],
)
def test_a_shape_that_does_not_fit_is_named(shapes, arrays, sentence):
    with pytest.raises(ValueError, match=sentence):
        fitted(shapes, *(np.zeros(shape) for shape in arrays))


def test_fitting_arrays_come_back_as_floats():
    x, h, bias = fitted("N D, N H, 4H", np.zeros((2, 3)), [[1], [2]], np.zeros(4, np.float32))
    assert [x.dtype, h.dtype, bias.dtype] == [np.float64, np.float64, np.float32]
