"""Labels that are drawn from a confusion matrix, so that no two metrics agree by chance."""

import numpy as np


def uneven(rng, classes):
    """Draw counts: all classes occur, and each has a precision and a recall of its own, below 1."""
    while True:
        counts = rng.integers(0, 4, (classes, classes))
        counts += np.diag(rng.integers(1, 5, classes))
        hits = np.diag(counts)
        shares = np.concatenate([hits / counts.sum(axis=0), hits / counts.sum(axis=1)])
        if shares.max() < 1 and len(np.unique(shares)) == 2 * classes:
            return counts


def shuffled(rng, counts):
    """Return true and predicted labels, in random order, whose confusion matrix is `counts`."""
    order = rng.permutation(counts.sum())
    rows, columns = np.indices(counts.shape)
    return {
        "true": np.repeat(rows.ravel(), counts.ravel())[order],
        "pred": np.repeat(columns.ravel(), counts.ravel())[order],
    }


def varied(rng, counts):
    """Return `counts` with something added where they are above 1; zeros and ones stay."""
    counts = np.array(counts)
    return counts + (counts > 1) * rng.integers(0, 4, counts.shape)
