import inspect

import numpy as np
import pytest

from reference import losses

elementwise = pytest.mark.parametrize("name", ["mse", "mae", "huber", "binary_cross_entropy"])
rowwise = pytest.mark.parametrize("name", ["cross_entropy", "softmax_cross_entropy", "hinge"])
regressions = pytest.mark.parametrize("name", ["mse", "mae", "huber"])
classifications = pytest.mark.parametrize(
    "name", ["binary_cross_entropy", "softmax_cross_entropy", "hinge"]
)


def both(name):
    return getattr(losses, name), getattr(losses, f"{name}_backward")


def rows_and_labels(dtype=np.float64):
    rng = np.random.default_rng(5)
    rows = rng.uniform(0.1, 1, (4, 3))
    return (rows / rows.sum(axis=1, keepdims=True)).astype(dtype), np.array([0, 2, 2, 1])


@elementwise
@pytest.mark.parametrize("shapes", [((3, 1), (3,)), ((3,), (3, 1)), ((2, 3), (3,)), ((3,), ())])
def test_shapes_that_would_broadcast_are_refused(name, shapes):
    first, second = (np.ones(shape) for shape in shapes)
    for function in both(name):
        with pytest.raises(ValueError, match="has shape"):
            function(first, second)


@rowwise
def test_labels_are_one_class_index_per_row(name):
    for function in both(name):
        with pytest.raises(ValueError, match="label"):
            function(np.ones((2, 3)), np.array([[0], [1]]))


@regressions
def test_unsigned_integers_are_subtracted_as_floats(name):
    pred, target = np.array([10, 0, 250], np.uint8), np.array([30, 1, 5], np.uint8)
    for function in both(name):
        got = function(pred, target)
        np.testing.assert_array_equal(got, function(pred.astype(float), target.astype(float)))
        assert np.asarray(got).dtype == np.float64


@classifications
def test_integer_scores_are_taken_as_floats(name):
    scores = np.array([[3, 0], [200, 250]], np.uint8)
    labels = np.array([1, 0]) if name != "binary_cross_entropy" else np.array([[1, 0], [0, 1]])
    for function in both(name):
        got = function(scores, labels)
        np.testing.assert_array_equal(got, function(scores.astype(float), labels))
        assert np.asarray(got).dtype == np.float64


@elementwise
def test_float32_stays_float32_elementwise(name):
    pred, target = np.array([0.3, 2.5, -0.1], np.float32), np.array([0, 1, 0], np.float32)
    loss, backward = both(name)
    assert backward(pred, target).dtype == np.float32
    assert loss(pred, target) == pytest.approx(loss(pred.astype(float), target), rel=1e-6)


@rowwise
def test_float32_stays_float32_by_rows(name):
    rows, labels = rows_and_labels(np.float32)
    loss, backward = both(name)
    assert backward(rows, labels).dtype == np.float32
    assert loss(rows, labels) == pytest.approx(loss(rows.astype(float), labels), rel=1e-6)


@elementwise
def test_a_loss_is_a_python_float_elementwise(name):
    assert type(both(name)[0](np.ones((2, 2)), np.zeros((2, 2)))) is float


@rowwise
def test_a_loss_is_a_python_float_by_rows(name):
    assert type(both(name)[0](*rows_and_labels())) is float


@rowwise
def test_arguments_are_not_modified(name):
    rows, labels = rows_and_labels()
    for function in both(name):
        first, second = rows.copy(), labels.copy()
        assert not np.shares_memory(function(first, second), first)
        np.testing.assert_array_equal(first, rows)
        np.testing.assert_array_equal(second, labels)


@pytest.mark.parametrize("name", ["mae", "huber", "mse"])
def test_the_subgradient_of_a_perfect_prediction_is_zero(name):
    np.testing.assert_array_equal(both(name)[1](np.ones((2, 2)), np.ones((2, 2))), 0)


def test_a_gap_of_a_thousand_costs_a_thousand():
    logits = np.array([[1000.0, 0.0], [0.0, 1000.0]])
    assert losses.softmax_cross_entropy(logits, np.array([1, 1])) == 500
    np.testing.assert_array_equal(
        losses.softmax_cross_entropy_backward(logits, np.array([1, 1])), [[0.5, -0.5], [0, 0]]
    )


@pytest.mark.parametrize(("label", "loss", "slope"), [(0, 1e4, 1.0), (1, 0.0, 0.0)])
def test_a_logit_of_ten_thousand_neither_overflows_nor_rounds(label, loss, slope):
    for logit, y in ((1e4, label), (-1e4, 1 - label)):
        arguments = np.array([logit]), np.array([y])
        assert losses.binary_cross_entropy(*arguments) == loss
        assert abs(losses.binary_cross_entropy_backward(*arguments)[0]) == slope


def test_a_probability_of_zero_is_harmless_for_a_wrong_class():
    probs, labels = np.array([[0.0, 1.0], [0.5, 0.5]]), np.array([1, 0])
    assert losses.cross_entropy(probs, labels) == pytest.approx(np.log(2) / 2, rel=1e-15)
    np.testing.assert_array_equal(
        losses.cross_entropy_backward(probs, labels), [[0, -0.5], [-1, 0]]
    )


def test_a_tiny_probability_is_not_capped():
    loss = losses.cross_entropy(np.array([[1e-200, 1.0]]), np.array([0]))
    assert loss == pytest.approx(200 * np.log(10), rel=1e-14)


@pytest.mark.parametrize("name", ["softmax_cross_entropy", "hinge"])
def test_gradients_of_a_row_sum_to_zero(name):
    rows, labels = rows_and_labels()
    assert np.abs(both(name)[1](rows, labels).sum(axis=1)).max() < 1e-16


def test_a_class_exactly_at_its_margin_has_no_gradient():
    scores = np.array([[2.0, 1.0, 1.5]])
    np.testing.assert_array_equal(losses.hinge_backward(scores, np.array([0])), [[-1, 0, 1]])


def test_the_true_class_costs_no_margin():
    assert losses.hinge(np.array([[5.0, 0.0]]), np.array([0])) == 0
    assert losses.hinge(np.zeros((2, 3)), np.array([0, 1]), margin=0.5) == 1


@pytest.mark.parametrize(("name", "default"), [("huber", "delta"), ("hinge", "margin")])
def test_delta_and_margin_are_one_by_default(name, default):
    for function in both(name):
        assert inspect.signature(function).parameters[default].default == 1.0
