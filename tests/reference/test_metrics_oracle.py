"""Metrics against scikit-learn, and against the definition where libraries break ties otherwise."""

from importlib import import_module

import numpy as np
import pytest

from reference import metrics

pytestmark = pytest.mark.oracle

SIZES = [(1, 2), (6, 2), (7, 3), (3, 5), (40, 4), (200, 12)]
SHAPES = [(2,), (5,), (4, 1), (1, 3), (4, 3), (3, 3), (2, 3, 2)]
sizes = pytest.mark.parametrize(("n", "classes"), SIZES)
scales = pytest.mark.parametrize("scale", [1.0, 1e4, 1e-8])


@pytest.fixture
def rng():
    return np.random.default_rng(220)


@pytest.fixture
def sklearn_metrics():
    return import_module("sklearn.metrics")


def trials(rng, n, classes):
    """Yield labels: all classes, the last one absent, gaps, classes only in one of the two."""
    for _ in range(5):
        true, pred = rng.integers(classes, size=(2, n))
        yield true, pred
        yield true % max(classes - 1, 1), pred % max(classes - 1, 1)
        yield 3 * true, 3 * pred
        yield np.zeros_like(true), pred
        yield true, np.full_like(pred, classes - 1)
        yield true, true.copy()
        yield true, (true + 1) % classes


def close(got, expected):
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-14)


@sizes
def test_accuracy_is_that_of_scikit_learn(rng, sklearn_metrics, n, classes):
    for true, pred in trials(rng, n, classes):
        close(metrics.accuracy(true, pred), sklearn_metrics.accuracy_score(true, pred))
    scores = rng.standard_normal((n, classes))
    true = rng.integers(classes, size=n)
    expected = sklearn_metrics.accuracy_score(
        true, [row.tolist().index(max(row)) for row in scores]
    )
    close(metrics.accuracy(true, scores), expected)


@pytest.mark.parametrize("halves", [0, 3, 10])
def test_probabilities_are_those_of_a_threshold_of_scikit_learn(rng, sklearn_metrics, halves):
    true, pred = rng.integers(2, size=20), rng.uniform(size=20)
    pred[:halves] = 0.5
    # The Binarizer is strict: the next lower threshold lets 0.5 itself pass.
    binarizer = import_module("sklearn.preprocessing").Binarizer(threshold=np.nextafter(0.5, 0))
    labels = binarizer.fit_transform(pred[:, np.newaxis])[:, 0].astype(int)
    close(metrics.accuracy(true, pred), sklearn_metrics.accuracy_score(true, labels))


@sizes
def test_the_confusion_matrix_is_that_of_scikit_learn(rng, sklearn_metrics, n, classes):
    for true, pred in trials(rng, n, classes):
        labels = range(3 * classes)
        expected = sklearn_metrics.confusion_matrix(true, pred, labels=labels)
        np.testing.assert_array_equal(metrics.confusion_matrix(true, pred, 3 * classes), expected)


@sizes
@pytest.mark.parametrize("average", ["macro", "micro", None])
@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_precision_recall_and_f1_are_those_of_scikit_learn(
    rng, sklearn_metrics, name, average, n, classes
):
    oracle = getattr(sklearn_metrics, f"{name}_score")
    for true, pred in trials(rng, n, classes):
        expected = oracle(true, pred, average=average, zero_division=0)
        close(getattr(metrics, name)(true, pred, average), expected)


@sizes
@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_binary_is_class_one_against_all_others_for_scikit_learn(
    rng, sklearn_metrics, name, n, classes
):
    oracle = getattr(sklearn_metrics, f"{name}_score")
    for true, pred in trials(rng, n, classes):
        expected = oracle((true == 1).astype(int), (pred == 1).astype(int), zero_division=0)
        close(getattr(metrics, name)(true, pred, "binary"), expected)


@pytest.mark.parametrize("shape", SHAPES)
@scales
@pytest.mark.parametrize("name", ["mean_squared_error", "mean_absolute_error"])
def test_mean_errors_are_those_of_scikit_learn(rng, sklearn_metrics, name, shape, scale):
    true, pred = scale * rng.standard_normal((2, *shape))
    expected = getattr(sklearn_metrics, name)(true.ravel(), pred.ravel())
    np.testing.assert_allclose(getattr(metrics, name)(true, pred), expected, rtol=1e-10)


@pytest.mark.parametrize("shape", SHAPES)
@scales
def test_rmse_is_that_of_scikit_learn_over_all_elements(rng, sklearn_metrics, shape, scale):
    true, pred = scale * rng.standard_normal((2, *shape))
    expected = sklearn_metrics.root_mean_squared_error(true.ravel(), pred.ravel())
    got = metrics.root_mean_squared_error(true, pred)
    np.testing.assert_allclose(got, expected, rtol=1e-10)


@pytest.mark.parametrize("name", ["mean_squared_error", "mean_absolute_error", "r2"])
def test_unsigned_bytes_are_those_of_torch_as_floats(rng, name):
    torch = import_module("torch")
    true, pred = rng.integers(256, size=(2, 9)).astype(np.uint8)
    left, right = (torch.tensor(each, dtype=torch.float64) for each in (true, pred))
    expected = {
        "mean_squared_error": torch.nn.functional.mse_loss(right, left),
        "mean_absolute_error": torch.nn.functional.l1_loss(right, left),
        "r2": 1 - ((right - left) ** 2).mean() / left.var(correction=0),
    }[name].item()
    close(getattr(metrics, name)(true, pred), expected)


@pytest.mark.parametrize("n", [2, 5, 60])
@scales
@pytest.mark.parametrize(("slope", "offset"), [(1.0, 0.0), (-1.0, 0.0), (0.0, 2.0), (3.0, -1.0)])
def test_r2_is_that_of_scikit_learn(rng, sklearn_metrics, n, scale, slope, offset):
    true, noise = scale * rng.standard_normal((2, n))
    for pred in (slope * true + scale * offset, slope * true + scale * offset + noise):
        close(metrics.r2(true, pred), sklearn_metrics.r2_score(true, pred))


@pytest.mark.parametrize("value", [0.0, 2.5, -1024.0])
def test_equal_targets_are_those_of_scikit_learn(rng, sklearn_metrics, value):
    true = np.full(4, value)
    for pred in (true, true + rng.standard_normal(4)):
        assert metrics.r2(true, pred) == sklearn_metrics.r2_score(true, pred)


def test_r2_far_from_zero_is_that_of_fractions(rng):
    fraction = import_module("fractions").Fraction
    true = 1e8 + 3 * rng.standard_normal(8)
    pred = true + rng.standard_normal(8)
    exact = [(fraction(t), fraction(p)) for t, p in zip(true, pred, strict=True)]
    mean = sum(t for t, _ in exact) / 8
    expected = 1 - sum((p - t) ** 2 for t, p in exact) / sum((t - mean) ** 2 for t, _ in exact)
    np.testing.assert_allclose(metrics.r2(true, pred), float(expected), rtol=1e-7)


@pytest.mark.parametrize(("n", "classes"), [(6, 3), (3, 5), (4, 4), (100, 10)])
def test_top_k_accuracy_without_ties_is_that_of_scikit_learn(rng, sklearn_metrics, n, classes):
    scores, labels = rng.standard_normal((n, classes)), rng.integers(classes, size=n)
    for k in range(1, classes):
        expected = sklearn_metrics.top_k_accuracy_score(
            labels, scores, k=k, labels=np.arange(classes)
        )
        close(metrics.top_k_accuracy(scores, labels, k), expected)


@pytest.mark.parametrize(("n", "classes"), [(6, 3), (3, 5), (100, 10)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.uint8, np.int64])
def test_top_k_accuracy_with_ties_is_that_of_the_kth_largest_value_of_torch(rng, n, classes, dtype):
    torch = import_module("torch")
    scores, labels = rng.integers(4, size=(n, classes)).astype(dtype), rng.integers(classes, size=n)
    rows = torch.tensor(scores.astype(np.float64))
    own = rows.gather(1, torch.tensor(labels)[:, None])[:, 0]
    for k in range(1, classes + 1):
        expected = (own >= rows.topk(k, dim=1).values[:, -1]).double().mean().item()
        close(metrics.top_k_accuracy(scores, labels, k), expected)
