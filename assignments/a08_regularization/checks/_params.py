"""Parameters to be penalised: how to draw them. No weight is near 0, where L1 has its kink."""

import numpy as np

from autograder.declare import Case


def apart(rng, *shape):
    """Draw an array of both signs whose entries are not near 0."""
    return rng.uniform(0.3, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def drawn(rng, **shapes):
    """Draw an array for each name."""
    return {name: apart(rng, *shape) for name, shape in shapes.items()}


def leaning(rng, lean, *shape):
    """Draw a table of both signs, most of them that of `lean`."""
    table = np.abs(apart(rng, *shape))
    table.flat[rng.permutation(table.size)[: table.size // 4]] *= -1.0
    return lean * table


def copies(params):
    """Return the parameters, copied."""
    return {name: array.copy() for name, array in params.items()}


def strong(params, strength, **options):
    """Return a case of parameters and a strength."""
    return Case(params=params, strength=strength, **options)


def tables(rng):
    """Layers without biases: one, two of different shapes, a square one; positive or negative."""
    yield strong({"weights": leaning(rng, 1, 3, 2)}, 0.3)
    yield strong({"hidden": leaning(rng, -1, 2, 4), "out": leaning(rng, -1, 4, 1)}, 0.7)
    yield strong({"weights": leaning(rng, -1, 3, 3)}, 2.5)


def layers(rng):
    """A layer with a bias, then two; the biases are large."""
    for shapes, strength in [
        ({"weights": (3, 2), "bias": (2,)}, 0.6),
        ({"w1": (2, 3), "b1": (3,), "w2": (3, 1), "b2": (1,)}, 0.2),
    ]:
        params = drawn(rng, **shapes)
        yield strong(
            {name: (3.0 if each.ndim == 1 else 1.0) * each for name, each in params.items()},
            strength,
        )


def odd_names(rng):
    """Kernels, a row and a column, and names that mislead about what is a bias."""
    yield strong(drawn(rng, kernels=(2, 3, 2, 2), offsets=(2,)), 0.4)
    yield strong(drawn(rng, row=(1, 4), column=(4, 1), gain=(4,)), 0.9)
    yield strong(drawn(rng, bias=(2, 3), weights=(3,)), 0.5)


def nothing(rng):
    """No parameters, none but biases, and a strength of zero."""
    yield strong({}, 0.5)
    yield strong(drawn(rng, bias=(3,), scale=(2,)), 0.5)
    yield strong(drawn(rng, weights=(2, 3), bias=(3,)), 0.0)


def zeros_among(rng):
    """Some weights are exactly 0."""
    for shape in [(2, 4), (4, 3)]:
        params = drawn(rng, weights=shape, bias=shape[1:])
        params["weights"].flat[[0, 3, 6]] = 0.0
        yield strong(params, 0.75)


def singles(rng):
    """A layer in float32."""
    params = drawn(rng, weights=(3, 2), bias=(2,))
    yield strong({name: each.astype(np.float32) for name, each in params.items()}, 0.3)


def bytes_(rng):
    """Signed bytes, of which -128 has no absolute value; then unsigned ones."""
    low = rng.integers(-128, -100, (3, 2)).astype(np.int8)
    low[0, 0] = -128
    yield strong({"weights": low, "bias": np.array([5, -7], np.int8)}, 0.5)
    high = rng.integers(100, 256, (2, 3)).astype(np.uint8)
    yield strong({"weights": high, "bias": np.array([5, 7, 9], np.uint8)}, 0.5)


def dtypes(grads):
    """Return the dtype of each array."""
    return {name: str(each.dtype) for name, each in grads.items()}
