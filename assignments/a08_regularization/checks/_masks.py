"""Inputs of dropout and what to look at. The mask is the student's own: no check compares it.

No element of an input is near 0, so that the output tells what was dropped; and there are so many
that none of these observations is up to chance.
"""

import numpy as np

from autograder.declare import Case


def seed(rng):
    """Draw the seed from which a check makes its input and its generator."""
    return int(rng.integers(2**32))


def inputs(case):
    """Return the input of a case."""
    rng = np.random.default_rng([case.seed, 1])
    return rng.uniform(0.5, 2.0, case.shape) * rng.choice([-1.0, 1.0], case.shape)


def generator(case, other=0):
    """Return the generator of a case, or another one."""
    return np.random.default_rng([case.seed, 2, other])


def factors(x, output, kept):
    """Return by what the elements that were kept are multiplied, and what is left of the others."""
    ratios = output / x
    return {
        "smallest_factor": float(ratios[kept].min()),
        "largest_factor": float(ratios[kept].max()),
        "left_of_dropped": float(np.abs(ratios[~kept]).max()),
    }


def output_of(result):
    """Return the output, also if it comes without a mask: that costs points once, elsewhere."""
    return result[0] if isinstance(result, tuple | list) else result


def neighbours_differ(kept):
    """Return for each axis whether its first two slices were drawn apart."""
    return [not np.array_equal(kept.take(0, axis), kept.take(1, axis)) for axis in range(kept.ndim)]


def batches(rng):
    """Tables that are not square, and one that is; more is kept than dropped, and less."""
    for shape, p in [((30, 20), 0.3), ((24, 24), 0.8), ((16, 40), 0.15)]:
        yield Case(shape=shape, p=p, seed=seed(rng))


def other_shapes(rng):
    """A vector, a stack of tables, a batch of images."""
    for shape, p in [((600,), 0.35), ((6, 10, 12), 0.6), ((4, 3, 8, 7), 0.2)]:
        yield Case(shape=shape, p=p, seed=seed(rng))


def wide(rng):
    """A large table."""
    yield Case(shape=(250, 1000), p=0.3, seed=seed(rng))


def separate(rng):
    """Shapes with enough elements along each axis."""
    for shape, p in [((60, 80), 0.3), ((12, 10, 14), 0.6)]:
        yield Case(shape=shape, p=p, seed=seed(rng))


def any_p(rng):
    """Few elements and many, whatever the probability."""
    for shape, p in [((3, 4), 0.3), ((5, 2), 0.8), ((2, 3, 2), 0.0), ((4,), 1.0)]:
        yield Case(shape=shape, p=p, seed=seed(rng))


def nothing_dropped(rng):
    """A probability of zero."""
    for shape in [(5, 7), (40,)]:
        yield Case(shape=shape, p=0.0, seed=seed(rng))


def all_dropped(rng):
    """A probability of one."""
    for shape in [(5, 7), (40,)]:
        yield Case(shape=shape, p=1.0, seed=seed(rng))


def typed(rng):
    """An input of float32, then one of integers."""
    for dtype in ("float32", "int64"):
        yield Case(x=rng.integers(2, 9, (3, 5)).astype(dtype), p=0.3, seed=seed(rng))
