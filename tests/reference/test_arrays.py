import numpy as np
import pytest

from reference.arrays import as_float, require_distribution, require_rows


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_floating_arrays_stay_the_arrays_they_are(dtype):
    x = np.zeros((2, 3), dtype)
    assert as_float(x) is x


@pytest.mark.parametrize("x", [3, [1, 2], [True], np.zeros(2, np.uint8), np.zeros((0, 2), int)])
def test_everything_else_becomes_float64(x):
    assert as_float(x).dtype == np.float64
    assert as_float(x).shape == np.shape(x)


@pytest.mark.parametrize(
    ("rows", "labels", "sentence"),
    [
        (np.zeros(3), [0, 1, 2], r"one row per example, shape \(N, K\), not \(3,\)"),
        (np.zeros((2, 2, 2)), [0, 1], "one row per example"),
        (np.zeros((2, 3)), [0], r"shape \(2,\), not int64 of shape \(1,\)"),
        (np.zeros((2, 3)), [[0], [1]], r"not int64 of shape \(2, 1\)"),
        (np.zeros((2, 3)), [0.0, 1.0], "integer label per row"),
        (np.zeros((2, 3)), [True, False], "integer label per row"),
        (np.zeros((2, 3)), [0, 3], r"class indices in \[0, 3\)"),
        (np.zeros((2, 3)), [-1, 0], r"class indices in \[0, 3\)"),
    ],
)
def test_labels_that_are_no_class_index_per_row_are_refused(rows, labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        require_rows(rows, np.array(labels))


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.uint8])
def test_labels_of_any_integer_type_are_accepted(dtype):
    require_rows(np.zeros((2, 3)), np.array([2, 0], dtype))


@pytest.mark.parametrize(
    "p", [[0.5, 0.4], [1.5, -0.5], [np.nan, 1.0], [], np.full((2, 2), 0.5), [0.5, 0.5001]]
)
def test_tables_that_are_no_distribution_are_refused(p):
    with pytest.raises(ValueError, match="probabilit"):
        require_distribution(p)


def test_a_distribution_is_handed_back_unchanged():
    p = np.full(10, 0.1)
    assert require_distribution(p) is p
