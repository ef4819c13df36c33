import numpy as np
import pytest

from reference.boundaries import decision_grid


def above(points):
    """Return 1 above a line that is neither flat nor a diagonal."""
    return (points[:, 1] > 0.3 * points[:, 0] + 5).astype(int)


@pytest.mark.parametrize(("n", "shape"), [(4, (4, 4)), ((6, 3), (3, 6)), ((2, 5), (5, 2))])
def test_a_row_has_one_y_and_a_column_one_x(n, shape):
    x, y, labels = decision_grid(above, (-1, 2), (4, 8), n)
    assert x.shape == y.shape == labels.shape == shape
    assert (x == x[0]).all()
    assert (y == y[:, :1]).all()
    assert (np.diff(x[0]) > 0).all()
    assert (np.diff(y[:, 0]) > 0).all()


def test_the_limits_are_points_of_the_grid():
    x, y, _ = decision_grid(above, (-1, 2), (4, 8), (4, 3))
    np.testing.assert_array_equal(x[0], [-1, 0, 1, 2])
    np.testing.assert_array_equal(y[:, 0], [4, 6, 8])


@pytest.mark.parametrize("n", [5, (7, 4), (3, 9)])
def test_every_label_is_that_of_its_point(n):
    x, y, labels = decision_grid(above, (-3, 2), (4, 8), n)
    for index in np.ndindex(labels.shape):
        assert labels[index] == above(np.array([[x[index], y[index]]]))[0]
    assert set(labels.ravel()) == {0, 1}


def test_the_classifier_is_asked_once_for_all_points():
    asked = []

    def predict(points):
        asked.append(points.shape)
        return np.arange(len(points))

    _, _, labels = decision_grid(predict, (0, 1), (0, 1), (3, 2))
    assert asked == [(6, 2)]
    assert np.issubdtype(labels.dtype, np.integer)


def test_whole_limits_give_floats():
    x, y, _ = decision_grid(above, (0, 1), (4, 5), 3)
    assert x.dtype == y.dtype == np.float64
