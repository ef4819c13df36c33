"""Batches to normalise, and what belongs to their features."""

import numpy as np

FAR = 1e6  # a number in a case, not an array: the scale of a result is learned without moving it


def either_sign(rng, low, high, size):
    """Draw numbers that are not near 0."""
    return rng.uniform(low, high, size) * rng.choice([-1.0, 1.0], size)


def by_column(rng, n, d):
    """Draw a skewed batch whose columns differ in mean and spread.

    The spread is so large that a guard of 1e-5 beside the variance does not show.
    """
    steps = np.linspace(0.0, 2.0, n)[:, np.newaxis] ** 2 + rng.uniform(-0.3, 0.3, (n, d))
    centre, spread = either_sign(rng, 200, 400, d), rng.uniform(50, 150, d)
    return np.round(centre + spread * rng.permuted(steps, axis=0))


def by_row(rng, n, d):
    """Draw a skewed batch whose rows differ in mean and spread, as widely."""
    return np.ascontiguousarray(by_column(rng, d, n).T)


def narrow_columns(rng, n, spreads):
    """Draw a batch whose columns have about the standard deviations given, around small means."""
    steps = np.linspace(-1.6, 1.4, n)[:, np.newaxis] + rng.uniform(-0.2, 0.2, (n, len(spreads)))
    return np.asarray(spreads) * (rng.permuted(steps, axis=0) + rng.uniform(0.5, 1.0, len(spreads)))


def narrow_rows(rng, d, spreads):
    """Draw a batch whose rows have about the standard deviations given, around small means."""
    return np.ascontiguousarray(narrow_columns(rng, d, spreads).T)


def bytes_by_column(rng, n, d):
    """Draw unsigned bytes, whose differences and squares would wrap around."""
    levels = np.linspace(20, 240, n)[:, np.newaxis] + rng.integers(-15, 16, (n, d))
    return rng.permuted(levels, axis=0).astype(np.uint8)


def scales(rng, d):
    """Draw gammas of either sign, none of them near 0 or 1."""
    return np.round(either_sign(rng, 1.3, 2.5, d), 1)


def shifts(rng, d):
    """Draw betas of either sign, none of them near 0."""
    return np.round(either_sign(rng, 0.5, 3.0, d), 1)


def affine(rng, d):
    """Draw scale and shift of d features."""
    return {"gamma": scales(rng, d), "beta": shifts(rng, d)}


def slopes(rng, n, d):
    """Draw a gradient from above, with no column and no row that sums to 0."""
    return np.round(rng.uniform(0.2, 2.0, (n, d)) * rng.choice([-1.0, 1.0, 1.0], (n, d)), 2)


def single(value):
    """Return arrays in float32, also those in a dictionary; everything else as it is."""
    if isinstance(value, dict):
        return {name: single(each) for name, each in value.items()}
    return value.astype(np.float32) if isinstance(value, np.ndarray) else value


def named(gradients):
    """Return the three gradients of a backward function by name."""
    dx, dgamma, dbeta = gradients
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


def dtypes(arrays):
    """Return the name of each array's dtype."""
    return [str(each.dtype) for each in arrays]
