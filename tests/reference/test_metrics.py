import numpy as np
import pytest

from reference import metrics

shares = pytest.mark.parametrize("name", ["precision", "recall", "f1"])
regressions = pytest.mark.parametrize(
    "name", ["mean_squared_error", "mean_absolute_error", "root_mean_squared_error", "r2"]
)

# Ten days of sun (0), cloud (1) and rain (2), as in the notebook.
TRUE = np.array([0, 0, 0, 0, 0, 1, 1, 1, 2, 2])
PRED = np.array([0, 0, 0, 0, 1, 0, 1, 2, 2, 2])


def share(name, true, pred, average):
    return getattr(metrics, name)(np.array(true), np.array(pred), average)


def test_the_ten_days_of_the_notebook():
    assert metrics.accuracy(TRUE, PRED) == 0.7
    np.testing.assert_array_equal(
        metrics.confusion_matrix(TRUE, PRED, 3), [[4, 1, 0], [1, 1, 1], [0, 0, 2]]
    )
    np.testing.assert_allclose(metrics.precision(TRUE, PRED, None), [4 / 5, 1 / 2, 2 / 3])
    np.testing.assert_allclose(metrics.recall(TRUE, PRED, None), [4 / 5, 1 / 3, 1])
    np.testing.assert_allclose(metrics.f1(TRUE, PRED, None), [0.8, 0.4, 0.8])


def test_accuracy_takes_labels_probabilities_and_scores():
    assert metrics.accuracy(np.array([1, 0, 2]), np.array([1, 2, 2])) == 2 / 3
    assert metrics.accuracy(np.array([1, 0, 1]), np.array([0.9, 0.2, 0.3])) == 2 / 3
    assert metrics.accuracy(np.array([1, 0]), np.array([[3.0, -1.0], [0.4, 0.1]])) == 0.5


def test_a_probability_of_one_half_means_one():
    half = np.array([0.5, np.nextafter(0.5, 0)])
    assert metrics.accuracy(np.array([1, 0]), half) == 1
    assert metrics.accuracy(np.array([1]), np.array([0.5], np.float32)) == 1


def test_of_equal_scores_the_lowest_class_is_the_prediction():
    scores = np.array([[1.0, 1.0, 0.0], [0.0, 2.0, 2.0], [3.0, 3.0, 3.0]])
    assert metrics.accuracy(np.array([0, 1, 0]), scores) == 1


@pytest.mark.parametrize(
    ("true", "pred"),
    [((4,), (4, 1)), ((4, 1), (4,)), ((4,), (1,)), ((4,), (3,)), ((4,), ()), ((3, 4), (3, 4))],
)
def test_accuracy_refuses_shapes_that_do_not_fit(true, pred):
    for dtype in (np.int64, np.float64):
        with pytest.raises(ValueError, match="has shape"):
            metrics.accuracy(np.zeros(true, np.int64), np.zeros(pred, dtype))


def test_the_trace_of_the_confusion_matrix_counts_the_right_answers():
    rng = np.random.default_rng(1)
    true, pred = rng.integers(5, size=(2, 40))
    table = metrics.confusion_matrix(true, pred, 5)
    assert table.sum() == 40
    assert np.trace(table) / 40 == metrics.accuracy(true, pred)
    np.testing.assert_array_equal(table.sum(axis=1), np.bincount(true, minlength=5))
    np.testing.assert_array_equal(table.sum(axis=0), np.bincount(pred, minlength=5))


def test_an_absent_class_has_a_row_and_a_column():
    table = metrics.confusion_matrix(np.array([0, 2]), np.array([2, 2]), 4)
    np.testing.assert_array_equal(table, [[0, 0, 1, 0], [0] * 4, [0, 0, 1, 0], [0] * 4])
    assert table.dtype == np.int64


def test_labels_of_one_byte_do_not_overflow():
    labels = np.full(3, 19, np.uint8)
    assert metrics.confusion_matrix(labels, labels, 20)[19, 19] == 3
    assert metrics.precision(labels, labels, "macro") == 1


@pytest.mark.parametrize(
    ("true", "pred"),
    [
        ([[0], [1]], [0, 1]),
        ([0, 1], [[0], [1]]),
        ([0, 1], [0.0, 1.0]),
        ([0, 1], [0, 1, 1]),
        ([0, -1], [0, 1]),
        ([], []),
    ],
)
def test_what_is_no_pair_of_labels_is_refused(true, pred):
    true = np.array(true, int) if not true else np.array(true)
    pred = np.array(pred, int) if not pred else np.array(pred)
    with pytest.raises(ValueError, match="labels"):
        metrics.confusion_matrix(true, pred, 2)
    for name in ("precision", "recall", "f1"):
        with pytest.raises(ValueError, match="labels"):
            share(name, true, pred, "macro")


def test_a_label_beyond_the_classes_is_refused():
    with pytest.raises(ValueError, match="from 0 on below 2"):
        metrics.confusion_matrix(np.array([0, 2]), np.array([0, 1]), 2)


@shares
def test_an_unknown_average_is_refused(name):
    with pytest.raises(ValueError, match="'weighted'"):
        share(name, [0, 1], [0, 1], "weighted")


@shares
def test_only_none_gives_an_array(name):
    assert share(name, TRUE, PRED, None).shape == (3,)
    assert share(name, TRUE, PRED, None).dtype == np.float64
    for average in ("binary", "macro", "micro"):
        assert type(share(name, TRUE, PRED, average)) is float


@shares
def test_macro_is_the_mean_over_the_classes_and_micro_the_accuracy(name):
    assert share(name, TRUE, PRED, "macro") == np.mean(share(name, TRUE, PRED, None))
    assert share(name, TRUE, PRED, "micro") == pytest.approx(0.7, rel=1e-15)


@shares
def test_binary_is_the_value_of_class_one(name):
    assert share(name, TRUE, PRED, "binary") == share(name, TRUE, PRED, None)[1]


def test_precision_and_recall_change_places_with_truth_and_prediction():
    for average in (None, "binary", "macro", "micro"):
        np.testing.assert_array_equal(
            metrics.precision(TRUE, PRED, average), metrics.recall(PRED, TRUE, average)
        )


def test_a_share_of_nothing_is_zero_and_counts():
    true, pred = (
        np.array([0, 0, 1, 1]),
        np.array([0, 0, 0, 2]),
    )  # 1 is never predicted, 2 never true
    np.testing.assert_allclose(metrics.precision(true, pred, None), [2 / 3, 0, 0])
    np.testing.assert_allclose(metrics.recall(true, pred, None), [1, 0, 0])
    np.testing.assert_allclose(metrics.f1(true, pred, None), [0.8, 0, 0])
    assert metrics.precision(true, pred, "macro") == pytest.approx(2 / 9)


@shares
def test_a_class_one_that_is_nowhere_has_the_value_zero(name):
    assert share(name, [0, 0], [0, 0], "binary") == 0


@shares
def test_labels_that_nobody_has_are_no_classes(name):
    np.testing.assert_array_equal(
        share(name, [0, 2, 5, 5], [0, 5, 5, 0], None), share(name, [0, 1, 2, 2], [0, 2, 2, 0], None)
    )


def test_macro_f1_is_not_the_f1_of_the_macro_averages():
    means = metrics.precision(TRUE, PRED, "macro"), metrics.recall(TRUE, PRED, "macro")
    assert metrics.f1(TRUE, PRED, "macro") == pytest.approx(2 / 3)
    assert 2 / sum(1 / mean for mean in means) == pytest.approx(0.682, abs=5e-4)


@regressions
@pytest.mark.parametrize("shapes", [((3, 1), (3,)), ((3,), (3, 1)), ((2, 3), (3,)), ((3,), ())])
def test_shapes_that_would_broadcast_are_refused(name, shapes):
    with pytest.raises(ValueError, match="has shape"):
        getattr(metrics, name)(*(np.ones(shape) for shape in shapes))


@regressions
def test_unsigned_integers_are_subtracted_as_floats(name):
    true, pred = np.array([30, 1, 5], np.uint8), np.array([10, 0, 250], np.uint8)
    metric = getattr(metrics, name)
    assert metric(true, pred) == metric(true.astype(float), pred.astype(float))


@regressions
def test_a_metric_is_a_python_float(name):
    rng = np.random.default_rng(2)
    for dtype in (np.float64, np.float32):
        true, pred = rng.standard_normal((2, 5)).astype(dtype)
        got = getattr(metrics, name)(true, pred)
        assert type(got) is float
        expected = getattr(metrics, name)(true.astype(float), pred.astype(float))
        assert got == pytest.approx(expected, rel=1e-5)


def test_the_four_numbers_of_the_notebook():
    true, pred = np.array([1.0, 2.0, 3.0, 6.0]), np.array([2.0, 2.0, 5.0, 5.0])
    assert metrics.mean_squared_error(true, pred) == 1.5
    assert metrics.mean_absolute_error(true, pred) == 1
    assert metrics.root_mean_squared_error(true, pred) == 1.5**0.5
    assert metrics.r2(true, pred) == 1 - 6 / 14


def test_rmse_has_one_root_for_all_outputs():
    true, pred = np.zeros((1, 2)), np.array([[1.0, 7.0]])
    assert metrics.root_mean_squared_error(true, pred) == 5


def test_the_mean_earns_nothing_and_worse_is_negative():
    true = np.array([1.0, 2.0, 6.0])
    assert metrics.r2(true, true) == 1
    assert metrics.r2(true, np.full(3, 3.0)) == 0
    assert metrics.r2(true, -true) < 0
    assert metrics.r2(true, true + 10) < 0


@pytest.mark.parametrize("value", [2.5, 0.1])  # the mean of three times 0.1 is not 0.1
def test_equal_targets_earn_one_or_nothing(value):
    true = np.full(3, value)
    assert metrics.r2(true, true.copy()) == 1
    assert metrics.r2(true, true + np.array([0.0, 1.0, 0.0])) == 0
    assert metrics.r2(true[:1], true[:1] + 1) == 0


def test_large_targets_keep_their_digits():
    true, pred = np.array([0.0, 1.0, 2.0, 5.0]), np.array([0.0, 1.0, 3.0, 5.0])
    assert metrics.r2(true + 2.0**40, pred + 2.0**40) == metrics.r2(true, pred)


def test_top_k_counts_the_classes_that_are_strictly_ahead():
    scores, labels = np.array([[0.2, 0.5, 0.3], [0.7, 0.1, 0.2]]), np.array([2, 1])
    assert [metrics.top_k_accuracy(scores, labels, k) for k in (1, 2, 3, 4)] == [0, 0.5, 1, 1]


def test_ties_speak_for_the_true_class_whatever_its_number():
    scores = np.array([[1.0, 1.0, 2.0, 1.0]])
    for label in (0, 1, 3):
        assert metrics.top_k_accuracy(scores, np.array([label]), 1) == 0
        assert metrics.top_k_accuracy(scores, np.array([label]), 2) == 1


def test_top_1_is_the_accuracy_where_there_are_no_ties():
    rng = np.random.default_rng(3)
    scores, labels = rng.standard_normal((50, 4)), rng.integers(4, size=50)
    assert metrics.top_k_accuracy(scores, labels, 1) == metrics.accuracy(labels, scores)


def test_unsigned_scores_are_compared_as_they_are():
    scores = np.array([[0, 200, 100]], np.uint8)
    assert metrics.top_k_accuracy(scores, np.array([0]), 2) == 0
    assert metrics.top_k_accuracy(scores, np.array([2]), 2) == 1


def test_top_k_takes_one_label_per_row():
    with pytest.raises(ValueError, match="label"):
        metrics.top_k_accuracy(np.ones((2, 3)), np.array([[0], [1]]), 1)


def test_no_argument_is_modified():
    scores, values = np.array([[3.0, 1.0], [0.5, 2.0]]), np.array([0.5, 0.25])
    true, pred = np.array([2, 1]), np.array([1, 1])
    for each in (scores, values, true, pred):
        each.flags.writeable = False
    metrics.accuracy(pred, scores)
    metrics.accuracy(pred, values)
    metrics.confusion_matrix(true, pred, 3)
    metrics.top_k_accuracy(scores, pred, 1)
    for name in ("precision", "recall", "f1"):
        for average in ("binary", "macro", "micro", None):
            share(name, true, pred, average)
    metrics.root_mean_squared_error(values, values)
    metrics.mean_absolute_error(values, values)
    metrics.r2(values, values)
