"""Mini-batches: one epoch of the data in random order, a few rows at a time."""

import numpy as np

from reference.arrays import FloatArray, IntArray


def minibatches(
    x: FloatArray,
    labels: IntArray,
    batch_size: int,
    rng: np.random.Generator,
    drop_last: bool = False,
) -> list[tuple[FloatArray, IntArray]]:
    """Split the examples of one epoch into batches, in random order.

    Parameters
    ----------
    x : ndarray of shape (N, ...), float64 or float32
        One example per row.
    labels : ndarray of shape (N,), int64
        The label of each row.
    batch_size : int
        Rows in a batch, at least 1; more than N gives one batch.
    rng : numpy.random.Generator
        Source of the order, drawn once for `x` and `labels` together, anew with every call.
    drop_last : bool
        Whether to leave out a last batch of fewer than `batch_size` rows.

    Returns
    -------
    list of (ndarray of shape (B, ...), ndarray of shape (B,))
        Batches of the dtypes of `x` and `labels`, all copies. Every example occurs once, unless
        `drop_last` leaves out the remainder.

    Raises
    ------
    ValueError
        If `batch_size` is less than 1 or `x` and `labels` differ in length.

    Examples
    --------
    >>> x, labels = np.arange(10.0).reshape(5, 2), np.arange(5)
    >>> batches = minibatches(x, labels, 2, np.random.default_rng(0))
    >>> [len(rows) for rows, _ in batches]
    [2, 2, 1]
    >>> all((rows[:, 0] == 2 * each).all() for rows, each in batches)
    True
    """
    if batch_size < 1:
        raise ValueError(f"a batch has at least one row, not {batch_size}")
    if len(x) != len(labels):
        raise ValueError(f"x has {len(x)} rows, labels {len(labels)}")
    order = rng.permutation(len(x))
    stop = len(x) - len(x) % batch_size if drop_last else len(x)
    batches = [order[start : start + batch_size] for start in range(0, stop, batch_size)]
    return [(x[rows], labels[rows]) for rows in batches]
