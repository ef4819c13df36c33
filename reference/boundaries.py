"""Decision boundaries: what a classifier of two features says everywhere in a rectangle."""

from collections.abc import Callable

import numpy as np

from reference.arrays import FloatArray, IntArray


def decision_grid(
    predict: Callable[[FloatArray], IntArray],
    xlim: tuple[float, float],
    ylim: tuple[float, float],
    n: int | tuple[int, int],
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Predict a label at every point of a regular grid.

    Parameters
    ----------
    predict : callable
        Takes points, an array of shape (M, 2) with x and y in its columns, and returns their
        labels, an array of shape (M,) of integers.
    xlim, ylim : tuple of two floats
        First and last value of each coordinate; both are points of the grid.
    n : int or tuple of two ints
        Number of points along each axis, at least 2: one number for both axes, or a pair
        ``(columns, rows)`` for x and y.

    Returns
    -------
    x, y : ndarray of shape (rows, columns), float64
        Coordinates. A row has one y: x grows along the columns, and y along the rows.
    labels : ndarray of shape (rows, columns), int64
        Entry ``[i, j]`` is the label of the point ``(x[i, j], y[i, j])``.

    Notes
    -----
    Row 0 is at ``ylim[0]``. ``contourf(x, y, labels)`` draws it at the bottom, ``imshow`` does so
    only with ``origin="lower"``.

    Examples
    --------
    >>> right = lambda points: (points[:, 0] > 1).astype(int)
    >>> x, y, labels = decision_grid(right, (0, 2), (5, 6), (3, 2))
    >>> x
    array([[0., 1., 2.],
           [0., 1., 2.]])
    >>> y
    array([[5., 5., 5.],
           [6., 6., 6.]])
    >>> labels
    array([[0, 0, 1],
           [0, 0, 1]])
    """
    columns, rows = n if isinstance(n, tuple) else (n, n)
    x, y = np.meshgrid(np.linspace(*xlim, columns), np.linspace(*ylim, rows))
    points = np.column_stack([x.ravel(), y.ravel()])
    return x, y, predict(points).reshape(x.shape)
