"""Case sources that several exercises share: pre-activations, and gradients that arrive there."""

import numpy as np

from autograder.declare import Case


def spread(rng, shape):
    """Draw numbers of both signs, from 0.3 to 2.7 away from 0; a single one is large."""
    size = int(np.prod(shape))
    sizes = np.linspace(2.6, 0.4, size) + rng.uniform(-0.1, 0.1, size)
    signs = np.where(np.arange(size) % 2, -1, 1) * rng.choice([-1, 1])
    return rng.permutation(signs * sizes).reshape(shape)


def both_sides(rng):
    """Draw a positive and a negative number, both well away from 0."""
    return rng.permutation(rng.uniform(2.2, 2.7, 2) * [1, -1])


def upstream(rng, z):
    """Draw a gradient for every entry of `z`: of both signs where `z` has a given sign."""
    sizes = rng.uniform(0.4, 2.5, np.shape(z))
    ranks = np.argsort(np.argsort(np.ravel(z))).reshape(np.shape(z))
    return np.where(ranks % 2, -sizes, sizes) * rng.choice([-1, 1])


def with_upstream(rng, z, **options):
    """Return the case of a backward function."""
    return Case(dout=upstream(rng, z), z=z, **options)


def arrays(rng):
    """A vector and tables that are not square."""
    for shape in [(5,), (4, 2), (2, 3)]:
        yield Case(z=spread(rng, shape))


def more_arrays(rng):
    """One element, one row, one column, a square table, a stack of tables."""
    for shape in [(1,), (1, 4), (5, 1), (3, 3), (2, 3, 2)]:
        yield Case(z=spread(rng, shape))


def gradients(rng):
    """A vector and tables that are not square, with gradients for them."""
    for shape in [(5,), (4, 2), (2, 3)]:
        yield with_upstream(rng, spread(rng, shape))


def more_gradients(rng):
    """One element, one row, one column, a square table, a stack of tables, with gradients."""
    for shape in [(1,), (1, 4), (5, 1), (3, 3), (2, 3, 2)]:
        yield with_upstream(rng, spread(rng, shape))


def shaped(rng):
    """A single number, a vector, a table, a stack."""
    for shape in [(), (3,), (2, 4), (2, 1, 3)]:
        yield Case(z=spread(rng, shape))


def shaped_gradients(rng):
    """A single number, a vector, a table, a stack, with gradients."""
    for case in shaped(rng):
        yield with_upstream(rng, case.z)


def zeros(rng):
    """Exact zeros of both signs, between ordinary numbers."""
    yield Case(z=np.array([0.0, -0.0, *both_sides(rng)]))


def zero_gradients(rng):
    """Exact zeros of both signs, between ordinary numbers, with gradients."""
    for case in zeros(rng):
        yield Case(dout=rng.uniform(0.5, 2.0, 4) * rng.choice([-1, 1]), z=case.z)


def far_numbers(rng):
    """Draw numbers up to 1e4 of both signs, beside ordinary ones."""
    sizes = np.array([1e4, 2e3, rng.uniform(750, 900), rng.uniform(720, 745)])
    return rng.permutation(np.concatenate([sizes, -sizes, both_sides(rng)]))


def far(rng):
    """Very large numbers of both signs beside ordinary ones, in a vector and in a table."""
    yield Case(z=far_numbers(rng))
    yield Case(z=far_numbers(rng).reshape(5, 2))


def far_gradients(rng):
    """Very large numbers of both signs beside ordinary ones, with gradients."""
    for case in far(rng):
        yield with_upstream(rng, case.z)


def infinities(rng):
    """Both infinities, beside ordinary numbers."""
    yield Case(z=np.array([np.inf, -np.inf, *both_sides(rng)]))


def nans(rng):
    """NaN in two places of a table."""
    z = spread(rng, (2, 3))
    z[0, rng.integers(3)] = z[1, rng.integers(3)] = np.nan
    yield Case(z=z)


def whole(rng):
    """Unsigned bytes, which wrap around below 0, then signed integers."""
    yield Case(z=rng.permutation([1, 2, 4, 250]).astype(np.uint8))
    yield Case(z=rng.permutation([-4, -2, -1, 2, 5, 9]).reshape(3, 2))


def singles(rng):
    """A vector and a table of float32."""
    for shape in [(4,), (3, 2)]:
        yield Case(z=spread(rng, shape).astype(np.float32))


def single_gradients(rng):
    """A vector and a table of float32, with gradients of float32."""
    for case in singles(rng):
        yield Case(dout=upstream(rng, case.z).astype(np.float32), z=case.z)


def rising(rng):
    """Numbers in rising order, from about -15 to 15."""
    yield Case(z=np.sort(rng.uniform(-15, 15, 12)))


def named(name, source):
    """Return a case source whose cases also hold the name of the function to call."""

    def cases(rng):
        for case in source(rng):
            yield Case(name=name, **case)

    return cases
