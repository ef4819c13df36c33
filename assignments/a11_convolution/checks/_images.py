"""How images, filters and gradients are drawn for the checks of convolution and pooling."""

import numpy as np

from autograder.declare import Case


def distinct(rng, *shape, low=-2.0, high=2.0):
    """Draw numbers from an even ladder, each of them once: no two are close to each other."""
    return rng.permutation(np.linspace(low, high, int(np.prod(shape)))).reshape(shape)


def layer(rng, images, filters, *, bias=True, **options):
    """Draw images of shape (N, C, H, W) and filters of shape (F, KH, KW)."""
    return Case(
        x=rng.standard_normal(images),
        weights=rng.standard_normal((filters[0], images[1], *filters[1:])),
        bias=rng.uniform(1.0, 3.0, filters[0]) * rng.choice([-1.0, 1.0], filters[0]) * bias,
        **options,
    )


def upstream(case, rows, columns, rng):
    """Return the case of a layer with the gradient that arrives in place of the bias."""
    arguments = {name: value for name, value in case.items() if name != "bias"}
    dout = rng.standard_normal((len(case.x), len(case.weights), rows, columns))
    return Case(dout=dout, **arguments)


def in_float32(case):
    """Return a case whose arrays are float32."""
    return Case(
        **{
            name: value.astype(np.float32) if isinstance(value, np.ndarray) else value
            for name, value in case.items()
        }
    )
