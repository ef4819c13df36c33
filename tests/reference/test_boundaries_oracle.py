"""The grid of a decision boundary against scikit-learn's display, and against plain loops."""

from importlib import import_module

import numpy as np
import pytest

from reference.boundaries import decision_grid

pytestmark = pytest.mark.oracle


@pytest.fixture
def rng():
    return np.random.default_rng(231)


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("n", [2, 5, 40])
def test_the_grid_is_that_of_the_display_of_scikit_learn(rng, n, classes):
    import_module("matplotlib").use("Agg")
    x = rng.standard_normal((30, 2)) * [4.0, 0.5] + [1.0, 20.0]
    model = import_module("sklearn.neighbors").KNeighborsClassifier(3)
    model.fit(x, np.arange(30) % classes)
    display = import_module("sklearn.inspection").DecisionBoundaryDisplay.from_estimator(
        model, x, grid_resolution=n, eps=0.25, response_method="predict"
    )
    import_module("matplotlib.pyplot").close(display.figure_)
    limits = zip(x.min(axis=0) - 0.25, x.max(axis=0) + 0.25, strict=True)
    xlim, ylim = ((float(low), float(high)) for low, high in limits)
    got_x, got_y, labels = decision_grid(model.predict, xlim, ylim, n)
    np.testing.assert_allclose(got_x, display.xx0, rtol=1e-10)
    np.testing.assert_allclose(got_y, display.xx1, rtol=1e-10)
    np.testing.assert_array_equal(labels, display.response)


@pytest.mark.parametrize("n", [(2, 7), (6, 3), (4, 4), 5])
def test_the_grid_is_that_of_two_loops(rng, n):
    weights = rng.standard_normal(2)
    columns, rows = n if isinstance(n, tuple) else (n, n)

    def predict(points):
        return (points @ weights > 0).astype(int)

    x, y, labels = decision_grid(predict, (-1.3, 2.1), (-4.7, 0.9), n)
    for i in range(rows):
        for j in range(columns):
            at = -1.3 + j * 3.4 / (columns - 1), -4.7 + i * 5.6 / (rows - 1)
            np.testing.assert_allclose((x[i, j], y[i, j]), at, rtol=1e-10, atol=1e-12)
            assert labels[i, j] == (np.dot(at, weights) > 0)
