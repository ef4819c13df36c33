"""Arguments of recurrent layers: how to draw them, and how to look at their gradients."""

import numpy as np

from autograder.declare import Case

RNN = ("dx", "dh_prev", "dw_xh", "dw_hh", "dbias")
LSTM = ("dx", "dh_prev", "dc_prev", "dw", "du", "dbias")


def elman(rng, n, d, h, steps=None):
    """Draw the arguments of a recurrent step, or of a layer that takes several of them."""
    time = () if steps is None else (steps,)
    return {
        "x": rng.standard_normal((*time, n, d)),
        "h" if steps is None else "h0": rng.uniform(-0.9, 0.9, (n, h)),
        "w_xh": 0.6 * rng.standard_normal((d, h)),
        "w_hh": 0.6 * rng.standard_normal((h, h)),
        "bias": 0.5 * rng.standard_normal(h),
    }


def gated(rng, n, d, h, steps=None):
    """Draw the arguments of a step with gates, or of a layer that takes several of them."""
    time, start = ((), "") if steps is None else ((steps,), "0")
    return {
        "x": rng.standard_normal((*time, n, d)),
        f"h{start}": rng.uniform(-0.9, 0.9, (n, h)),
        f"c{start}": rng.uniform(0.3, 1.5, (n, h)) * rng.choice([-1.0, 1.0], (n, h)),
        "w": 0.6 * rng.standard_normal((d, 4 * h)),
        "u": 0.6 * rng.standard_normal((h, 4 * h)),
        "bias": 0.5 * rng.standard_normal(4 * h),
    }


def saturated(rng, steps=None):
    """Draw gates at ten thousand and minus ten thousand, in every unit another mix."""
    drawn = gated(rng, 2, 3, 4, steps)
    signs = np.array([[1, -1, 1, -1], [1, 1, -1, 1], [-1, 1, 1, -1], [1, 1, -1, 0]])
    return {**drawn, "bias": drawn["bias"] + 1e4 * signs.ravel()}


def whole(rng, arguments):
    """Return integers of the same shapes; gradients are larger, so that hardly a sum of them is 0."""
    largest = {name: 99 if name.startswith("d") else 1 for name in arguments}
    return Case(
        **{
            name: rng.integers(-largest[name], largest[name] + 1, array.shape)
            for name, array in arguments.items()
        }
    )


def single(arguments):
    """Return the arguments in float32."""
    return Case(**{name: array.astype(np.float32) for name, array in arguments.items()})


def dtypes(arrays):
    """Return the dtype of each array."""
    return [str(array.dtype) for array in arrays]


def named(names, gradients):
    """Return the gradients by name."""
    return dict(zip(names, gradients, strict=True))


def emptied(arrays):
    """Return zeros of the shapes of some arrays: only their shapes are left to compare."""
    return [0.0 * array for array in arrays]
