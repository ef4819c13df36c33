"""Case sources of the functions that work along an axis: logits, and gradients for them."""

import numpy as np
from checks._arrays import upstream

from autograder.declare import Case


def logits(rng, shape):
    """Draw logits of ordinary size."""
    return rng.uniform(-2.0, 2.0, shape)


def slope_case(rng, z, **options):
    """Return the case of a backward function, with a gradient that is not balanced."""
    return Case(dout=upstream(rng, z) + 0.5, z=z, **options)


def tables(rng):
    """Tables that are not square, more rows than classes and fewer."""
    for shape in [(2, 3), (4, 2), (3, 5)]:
        yield Case(z=logits(rng, shape))


def table_gradients(rng):
    """The same, with gradients."""
    for case in tables(rng):
        yield slope_case(rng, case.z)


def more_tables(rng):
    """A lone vector, one row, square tables, a stack of tables."""
    for shape in [(4,), (1, 3), (3, 3), (4, 4), (2, 3, 4)]:
        yield Case(z=logits(rng, shape))


def more_table_gradients(rng):
    """The same, with gradients."""
    for case in more_tables(rng):
        yield slope_case(rng, case.z)


def shaped_tables(rng):
    """A vector, a row, a table, a stack."""
    for shape in [(3,), (1, 4), (3, 2), (2, 3, 2)]:
        yield Case(z=logits(rng, shape))


def shaped_table_gradients(rng):
    """The same, with gradients."""
    for case in shaped_tables(rng):
        yield slope_case(rng, case.z)


def along_axes(rng):
    """An axis that is given: the first, the last, one in the middle, one counted from behind."""
    for shape, axis in [((3, 4), 0), ((3, 3), 0), ((2, 4), 1), ((2, 3, 4), 1), ((4, 3, 2), -3)]:
        yield Case(z=logits(rng, shape), axis=axis)


def along_axes_gradients(rng):
    """The same, with gradients."""
    for case in along_axes(rng):
        yield slope_case(rng, case.z, axis=case.axis)


def shifts(rng):
    """Every row is shifted by a constant of its own, one of them far down."""
    for rows, classes in [(2, 4), (3, 2)]:
        shift = np.linspace(-20.0, 6.0, rows) + rng.uniform(-1.0, 1.0, rows)
        yield Case(z=logits(rng, (rows, classes)), shift=rng.permutation(shift)[:, None])


def huge(rng):
    """Logits of 10000 and -10000 beside ordinary rows."""
    rows = logits(rng, (4, 3))
    rows[0, rng.permutation(3)] = [1e4, 0.0, -1e4]
    rows[2, rng.permutation(3)] = [-1e4, -1.1e4, -9e3]
    yield Case(z=rows)
    yield Case(z=np.append(logits(rng, 2), [2e3, -1e4]))


def huge_gradients(rng):
    """The same, with gradients."""
    for case in huge(rng):
        yield slope_case(rng, case.z)


def rows_apart(rng):
    """Ordinary rows, moved 1000 and more away from each other."""
    offsets = rng.permutation([0.0, 1000.0, -1000.0, -2000.0])
    yield Case(z=logits(rng, (4, 3)) + offsets[:, None])


def rows_apart_gradients(rng):
    """The same, with gradients."""
    for case in rows_apart(rng):
        yield slope_case(rng, case.z)


def excluded(rng):
    """In some rows a class is excluded by a logit of minus infinity."""
    rows = logits(rng, (3, 4))
    rows[0, rng.integers(4)] = rows[2, rng.integers(4)] = -np.inf
    yield Case(z=rows)


def one_nan(rng):
    """A single NaN in a table."""
    rows = logits(rng, (3, 4))
    rows[1, rng.integers(4)] = np.nan
    yield Case(z=rows)


def gaps(rng):
    """Logits that lie 800 and more below the largest of their row."""
    rows = logits(rng, (3, 2))
    rows[0, rng.integers(2)] += rng.uniform(800, 1200)
    rows[2, rng.integers(2)] -= 5000.0
    yield Case(z=rows)
