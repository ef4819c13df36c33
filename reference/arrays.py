"""Array types and the checks of arguments that every module of the course shares."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.floating]
IntArray = NDArray[np.integer]
Params = dict[str, FloatArray]


def as_float(x: ArrayLike) -> FloatArray:
    """Return floating arrays as they are and everything else as float64.

    Parameters
    ----------
    x : array_like of any shape
        Floating arrays are neither copied nor converted; integers and booleans are.

    Returns
    -------
    ndarray of the shape of `x`, floating
        The array itself where it is floating already, else a float64 copy.

    Examples
    --------
    >>> as_float(np.array([20], dtype=np.uint8)) - 32
    array([-12.])
    >>> as_float(np.zeros(2, dtype=np.float32)).dtype
    dtype('float32')
    """
    array = np.asarray(x)
    return array if np.issubdtype(array.dtype, np.floating) else array.astype(np.float64)


def require_rows(rows: ArrayLike, labels: ArrayLike) -> None:
    """Refuse labels that are not one class index per row.

    Parameters
    ----------
    rows : array_like of shape (N, K)
        One row per example, one column per class.
    labels : array_like of shape (N,), int64
        Index of the true class, each in ``[0, K)``.

    Raises
    ------
    ValueError
        If `rows` is not two-dimensional, or `labels` does not hold one class index per row.

    Examples
    --------
    >>> require_rows(np.zeros((2, 3)), np.array([[0], [1]]))
    Traceback (most recent call last):
    ValueError: expected one integer label per row, shape (2,), not int64 of shape (2, 1)
    """
    shape, labels = np.shape(rows), np.asarray(labels)
    if len(shape) != 2:
        raise ValueError(f"expected one row per example, shape (N, K), not {shape}")
    if labels.shape != shape[:1] or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"expected one integer label per row, shape ({shape[0]},), "
            f"not {labels.dtype} of shape {labels.shape}"
        )
    if np.any((labels < 0) | (labels >= shape[1])):
        raise ValueError(f"expected class indices in [0, {shape[1]}), not {labels}")


def require_distribution(p: ArrayLike) -> FloatArray:
    """Return a table of probabilities as floats, and refuse any other table.

    Parameters
    ----------
    p : array_like of any shape
        Probabilities of exclusive events, or a joint table.

    Returns
    -------
    ndarray of the shape of `p`, floating
        The table, converted by `as_float`.

    Raises
    ------
    ValueError
        If an entry is negative or the entries do not sum to 1 (up to `numpy.isclose`).

    Examples
    --------
    >>> require_distribution([0, 1])
    array([0., 1.])
    >>> require_distribution([0.5, 0.4])
    Traceback (most recent call last):
    ValueError: probabilities sum to 1, these to 0.9
    """
    table = as_float(p)
    if np.any(table < 0):
        raise ValueError(f"a probability is not negative, the least of these is {table.min()}")
    if not np.isclose(table.sum(), 1):
        raise ValueError(f"probabilities sum to 1, these to {table.sum()}")
    return table
