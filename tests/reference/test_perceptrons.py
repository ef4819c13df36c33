import itertools

import numpy as np
import pytest

from reference.perceptrons import (
    is_linearly_separable,
    perceptron_fit,
    perceptron_predict,
    require_examples,
    step,
)

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
AND, OR, XOR = np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1]), np.array([0, 1, 1, 0])


def separated(seed, n=10, gap=0.1):
    """Return points on two sides of a line, and their labels."""
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal(2)
    normal /= np.linalg.norm(normal)
    points = rng.uniform(-2, 2, (20 * n, 2))
    heights = points @ normal - rng.uniform(-0.5, 0.5)
    clear = np.abs(heights) > gap
    return points[clear][:n], (heights[clear][:n] > 0).astype(np.int64)


def test_the_step_is_1_from_0_on():
    z = np.array([-np.inf, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1.0, np.inf])
    np.testing.assert_array_equal(step(z), [0, 0, 0, 1, 1, 1, 1, 1])


@pytest.mark.parametrize(
    ("dtype", "kept"), [(np.float64, np.float64), (np.float32, np.float32), (np.int64, np.float64)]
)
def test_the_step_keeps_shape_and_dtype(dtype, kept):
    for shape in [(), (3,), (2, 3)]:
        result = step(np.ones(shape, dtype))
        assert result.dtype == kept
        assert result.shape == shape


def test_predictions_are_integers_one_for_each_row():
    labels = perceptron_predict(CORNERS, np.array([1.0, 1.0]), -1.5)
    assert labels.dtype == np.int64
    np.testing.assert_array_equal(labels, AND)


def test_the_boundary_belongs_to_the_ones():
    np.testing.assert_array_equal(perceptron_predict(CORNERS, np.array([1.0, 1.0]), -2.0), AND)


@pytest.mark.parametrize(
    ("shape", "weights"), [((4, 2), (3,)), ((4, 2), (2, 1)), ((4,), (4,)), ((4, 2), ())]
)
def test_weights_that_do_not_fit_are_refused(shape, weights):
    with pytest.raises(ValueError, match="has shape"):
        perceptron_predict(np.zeros(shape), np.zeros(weights), 0.0)


@pytest.mark.parametrize("labels", [AND, OR, 1 - AND, 1 - OR, 0 * AND, 1 + 0 * AND])
def test_what_a_line_separates_is_learned_and_stays_learned(labels):
    weights, bias, mistakes = perceptron_fit(CORNERS, labels, 0.5, 20)
    assert mistakes[-1] == 0
    np.testing.assert_array_equal(perceptron_predict(CORNERS, weights, bias), labels)
    first = int(np.argmin(mistakes))
    assert not mistakes[first:].any()
    earlier = perceptron_fit(CORNERS, labels, 0.5, first + 1)
    np.testing.assert_array_equal(weights, earlier[0])


def test_exclusive_or_returns_to_where_it_was_and_so_is_never_learned():
    _, _, mistakes = perceptron_fit(CORNERS, XOR, 1.0, 50)
    assert mistakes.min() > 0
    before, after = (perceptron_fit(CORNERS, XOR, 1.0, epochs) for epochs in (2, 3))
    np.testing.assert_array_equal([*before[0], before[1]], [*after[0], after[1]])


def test_the_first_epoch_of_and_is_that_of_the_notebook():
    weights, bias, mistakes = perceptron_fit(CORNERS, AND, 1.0, 1)
    np.testing.assert_array_equal(weights, [1, 1])
    assert (type(bias), bias) == (float, 0)
    np.testing.assert_array_equal(mistakes, [2])


def test_rows_that_follow_each_other_are_visits_of_one_epoch():
    once = perceptron_fit(np.tile(CORNERS, (3, 1)), np.tile(XOR, 3), 1.0, 1)
    thrice = perceptron_fit(CORNERS, XOR, 1.0, 3)
    np.testing.assert_array_equal(once[0], thrice[0])
    assert once[1] == thrice[1]
    assert once[2].sum() == thrice[2].sum()


def test_the_learning_rate_only_sets_the_scale():
    x, labels = separated(1)
    weights, bias, mistakes = perceptron_fit(x, labels, 1.0, 5)
    for lr in (0.125, 8.0):
        scaled = perceptron_fit(x, labels, lr, 5)
        np.testing.assert_array_equal(scaled[0], lr * weights)
        assert scaled[1] == lr * bias
        np.testing.assert_array_equal(scaled[2], mistakes)


@pytest.mark.parametrize("seed", range(5))
def test_mistakes_stay_below_novikoffs_bound(seed):
    x, labels = separated(seed)
    extended = np.column_stack([x, np.ones(len(x))]) * np.where(labels == 1, 1, -1)[:, np.newaxis]
    mistakes = perceptron_fit(x, labels, 1.0, 500)[2]
    assert mistakes[-1] == 0
    weights, bias, _ = perceptron_fit(x, labels, 1.0, 500)
    learned = np.append(weights, bias)
    margin = (extended @ learned).min() / np.linalg.norm(learned)  # no better than the best one
    bound = (np.linalg.norm(extended, axis=1).max() / margin) ** 2
    assert mistakes.sum() <= bound


def test_float32_is_kept_and_integers_are_accepted():
    labels = np.array(AND, np.uint8)
    expected = perceptron_fit(CORNERS, AND, 0.5, 6)
    for dtype, kept in [(np.float32, np.float32), (np.uint8, np.float64)]:
        weights, bias, mistakes = perceptron_fit(CORNERS.astype(dtype), labels, 0.5, 6)
        assert weights.dtype == kept
        np.testing.assert_array_equal(weights, expected[0])
        assert bias == expected[1]
        np.testing.assert_array_equal(mistakes, expected[2])


def test_without_epochs_nothing_is_learned():
    weights, bias, mistakes = perceptron_fit(CORNERS, AND, 1.0, 0)
    np.testing.assert_array_equal(weights, [0, 0])
    assert bias == 0
    assert mistakes.shape == (0,)


def test_no_argument_is_modified():
    x, labels = separated(2)
    before = x.copy(), labels.copy()
    weights, bias, _ = perceptron_fit(x, labels, 0.5, 3)
    perceptron_predict(x, weights, bias)
    step(x)
    is_linearly_separable(x, labels)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(labels, before[1])


def test_all_functions_of_two_bits_but_two_are_separable():
    decided = {
        labels: is_linearly_separable(CORNERS, np.array(labels))
        for labels in itertools.product((0, 1), repeat=4)
    }
    assert {labels for labels, separable in decided.items() if not separable} == {
        (0, 1, 1, 0),
        (1, 0, 0, 1),
    }
    assert all(type(separable) is bool for separable in decided.values())


@pytest.mark.parametrize("seed", range(20))
def test_points_on_two_sides_of_a_line_are_separable_and_mixed_ones_are_not(seed):
    x, labels = separated(seed, gap=0.01)
    assert is_linearly_separable(x, labels)
    assert is_linearly_separable(x, 1 - labels)
    ones = x[labels == 1] if labels.sum() > 1 else x[labels == 0]
    inside = ones[:2].mean(axis=0)
    own = labels[np.argmin(np.linalg.norm(x - ones[0], axis=1))]
    assert not is_linearly_separable(np.vstack([x, inside]), np.append(labels, 1 - own))


@pytest.mark.parametrize("label", [0, 1])
@pytest.mark.parametrize("n", [1, 2, 5])
def test_one_class_alone_is_separable(label, n):
    assert is_linearly_separable(np.zeros((n, 2)), np.full(n, label))


def test_equal_points_must_have_equal_labels():
    x = np.array([[0.5, 0.5], [2.0, 1.0], [0.5, 0.5]])
    assert is_linearly_separable(x, np.array([1, 0, 1]))
    assert not is_linearly_separable(x, np.array([1, 0, 0]))
    assert not is_linearly_separable(x[[0, 2]], np.array([0, 1]))


@pytest.mark.parametrize("angle", np.linspace(0, 6, 13))
def test_a_point_between_two_others_is_not_separable_in_any_direction(angle):
    x = np.outer([-1.0, 0.0, 1.0], [np.cos(angle), np.sin(angle)])
    assert not is_linearly_separable(x, np.array([0, 1, 0]))
    assert is_linearly_separable(x, np.array([0, 1, 1]))


def test_unsigned_coordinates_do_not_wrap():
    x = np.array([[0, 0], [0, 2], [2, 0], [2, 2]], np.uint8)
    assert is_linearly_separable(x, AND)
    assert not is_linearly_separable(x, XOR)


@pytest.mark.parametrize(
    ("x", "labels"),
    [
        (np.zeros((3, 2)), np.array([0, 1])),
        (np.zeros((2, 2)), np.array([[0], [1]])),
        (np.zeros((2, 2)), np.array([0, 2])),
        (np.zeros((2, 2)), np.array([-1, 1])),
        (np.zeros((2, 2)), np.array([0.0, 1.0])),
        (np.zeros(2), np.array([0, 1])),
        (np.zeros((0, 2)), np.array([], dtype=np.int64)),
    ],
)
def test_examples_without_a_label_of_0_or_1_are_refused(x, labels):
    for refuse in (
        require_examples,
        is_linearly_separable,
        lambda x, labels: perceptron_fit(x, labels, 1.0, 1),
    ):
        with pytest.raises(ValueError, match=r"expected|labels are"):
            refuse(x, labels)


def test_points_outside_the_plane_are_refused():
    with pytest.raises(ValueError, match="points in the plane"):
        is_linearly_separable(np.zeros((4, 3)), AND)
