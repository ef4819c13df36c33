"""The perceptron against scikit-learn's and PyTorch, separability against linear programming."""

from importlib import import_module

import numpy as np
import pytest

from reference.perceptrons import is_linearly_separable, perceptron_fit, perceptron_predict, step

pytestmark = pytest.mark.oracle


def examples(n, d, seed):
    """Return examples in general position; the first is a 0, about which both start out wrong."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, n)
    labels[:2] = 0, 1
    return rng.standard_normal((n, d)), labels


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_step_is_that_of_torch(dtype):
    torch = import_module("torch")
    z = np.random.default_rng(41).standard_normal((3, 4)).astype(dtype)
    z[0, :2] = 0.0, -0.0
    expected = torch.heaviside(torch.tensor(z), torch.ones((), dtype=getattr(torch, dtype)))
    np.testing.assert_array_equal(step(z), expected.numpy())


@pytest.mark.parametrize(("n", "d"), [(6, 1), (5, 2), (4, 4), (9, 3), (3, 7)])
@pytest.mark.parametrize("lr", [0.1, 1.0, 7.0])
@pytest.mark.parametrize("epochs", [1, 2, 10])
def test_weights_and_predictions_are_those_of_scikit_learn(n, d, lr, epochs):
    linear_model = import_module("sklearn.linear_model")
    x, labels = examples(n, d, seed=n + d)
    model = linear_model.Perceptron(eta0=lr, max_iter=epochs, tol=None, shuffle=False)
    model.fit(x, labels)
    weights, bias, _ = perceptron_fit(x, labels, lr, epochs)
    np.testing.assert_allclose(weights, model.coef_[0], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(bias, model.intercept_[0], rtol=1e-10, atol=1e-12)
    new = np.random.default_rng(42).standard_normal((50, d))
    np.testing.assert_array_equal(perceptron_predict(new, weights, bias), model.predict(new))


@pytest.mark.parametrize(("n", "d"), [(6, 1), (5, 2), (4, 4), (9, 3)])
def test_mistakes_are_those_of_scikit_learn_met_row_by_row(n, d):
    linear_model = import_module("sklearn.linear_model")
    x, labels = examples(n, d, seed=10 * n + d)
    model = linear_model.Perceptron(shuffle=False)
    mistakes = np.zeros(5, dtype=int)
    for epoch in range(5):
        for row, label in zip(x, labels, strict=True):
            guess = model.predict(row[np.newaxis])[0] if hasattr(model, "coef_") else 1
            mistakes[epoch] += guess != label
            model.partial_fit(row[np.newaxis], [label], classes=[0, 1])
    np.testing.assert_array_equal(perceptron_fit(x, labels, 1.0, 5)[2], mistakes)


@pytest.mark.parametrize("grid", [2, 3, 5])
def test_separability_on_a_grid_is_decided_as_by_linear_programming(grid):
    """On a grid, points are often equal, on one line, or between others."""
    linprog = import_module("scipy.optimize").linprog
    rng = np.random.default_rng(43)
    found = []
    for _ in range(150):
        n = int(rng.integers(2, 9))
        x, labels = rng.integers(0, grid, (n, 2)).astype(float), rng.integers(0, 2, n)
        signs = np.where(labels == 1, 1.0, -1.0)
        rows = signs[:, np.newaxis] * np.column_stack([x, np.ones(n)])
        solution = linprog(np.zeros(3), A_ub=-rows, b_ub=-np.ones(n), bounds=(None, None))
        found.append(solution.status == 0)
        assert is_linearly_separable(x, labels) == found[-1]
    assert 0.1 < np.mean(found) < 0.9


def test_separability_of_random_points_is_decided_as_by_linear_programming():
    linprog = import_module("scipy.optimize").linprog
    rng = np.random.default_rng(44)
    found = []
    for _ in range(150):
        n = int(rng.integers(3, 9))
        x = 10.0 ** rng.uniform(-2, 2) * (rng.standard_normal((n, 2)) + rng.uniform(-5, 5, 2))
        labels = rng.integers(0, 2, n)
        signs = np.where(labels == 1, 1.0, -1.0)
        rows = signs[:, np.newaxis] * np.column_stack([x, np.ones(n)])
        solution = linprog(np.zeros(3), A_ub=-rows, b_ub=-np.ones(n), bounds=(None, None))
        found.append(solution.status == 0)
        assert is_linearly_separable(x, labels) == found[-1]
    assert 0.1 < np.mean(found) < 0.9
