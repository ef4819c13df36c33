"""Diagnostics: is a network alive? Its activations, gradients and weights, in numbers and pictures.

Floating arrays keep their dtype, integers become float64 first, and no argument is modified.
"""

import math
from collections.abc import Callable
from typing import Literal

import numpy as np

from reference.arrays import FloatArray, IntArray, Params, as_float

SATURATION = 0.99  # of the largest value of tanh
HEALTHY_RATIO = 1000.0
EXAMPLES = 256  # in the batch of a depth experiment

Initializer = Callable[[int, int, np.random.Generator], FloatArray]
Activation = Callable[[FloatArray], FloatArray]


def activation_statistics(activations: list[FloatArray]) -> list[dict[str, float]]:
    r"""Say for every layer where its activations are and how many of them are of no use.

    Parameters
    ----------
    activations : list of ndarray of shape (N, ...), float64 or float32
        For each layer its activations, one row per example; every place in a row is a unit.
        Integers become float64.

    Returns
    -------
    list of dict
        For each layer a dictionary of floats:

        ``mean``, ``std``
            Of all entries; the standard deviation divides by their number.
        ``dead``
            Share of the units that are 0 for every example: no gradient passes a `relu` there.
        ``saturated``
            Share of the entries with :math:`|a| > 0.99` (``SATURATION``): for `tanh` the slope
            there is below 0.02. For activations without such an end it means nothing.

    Examples
    --------
    >>> (layer,) = activation_statistics([np.array([[1.0, 0.0, 0.5], [0.5, 0.0, 0.0]])])
    >>> {name: round(value, 3) for name, value in layer.items()}
    {'mean': 0.333, 'std': 0.373, 'dead': 0.333, 'saturated': 0.167}
    """
    statistics = []
    for a in activations:
        statistics.append(
            {
                "mean": float(a.mean()),
                "std": float(a.std()),
                "dead": float(np.all(a == 0, axis=0).mean()),
                "saturated": float((np.abs(a) > SATURATION).mean()),
            }
        )
    return statistics


def gradient_norms(grads: Params) -> dict[str, float]:
    r"""Compute the length of the gradient of every parameter.

    .. math:: \|g\| = \sqrt{\textstyle \sum_j g_j^2}

    Parameters
    ----------
    grads : dict of str to ndarray, float64 or float32
        The gradient of every parameter, of any shape, by name. Integers become float64.

    Returns
    -------
    dict of str to float
        The Euclidean norm over all entries of each gradient, by the same names.

    Examples
    --------
    >>> gradient_norms({"weights": np.array([[2.0, -2.0], [2.0, 2.0]]), "bias": np.zeros(2)})
    {'weights': 4.0, 'bias': 0.0}
    """
    return {name: float(np.sqrt((as_float(g) ** 2).sum())) for name, g in grads.items()}


def diagnose(norms: list[float]) -> Literal["vanishing", "exploding", "healthy"]:
    r"""Judge the gradients of a deep network by how they change on their way back.

    Parameters
    ----------
    norms : list of float
        Norm of the gradient with respect to the pre-activations of every layer, from the first
        layer, where the way back ends, to the last one, where it begins.

    Returns
    -------
    {'vanishing', 'exploding', 'healthy'}
        With :math:`r` for the first norm over the last one:

        * ``'exploding'`` if any norm is infinite or NaN, or :math:`r > 1000`;
        * ``'vanishing'`` if :math:`r < 1/1000`, or if the first norm is 0;
        * ``'healthy'`` otherwise, also for :math:`r` of exactly 1000 or 1/1000.

    Raises
    ------
    ValueError
        If there is no norm.

    Notes
    -----
    The ratio does not depend on the unit of the loss, as a limit for the norms themselves would.
    The gradients of the weights would tell less: they also hold the activations, which may grow
    towards the first layer while the gradient that travels back shrinks.

    Examples
    --------
    >>> diagnose([1e-7, 1e-4, 0.1]), diagnose([2.0, 1.0, 0.5])
    ('vanishing', 'healthy')
    """
    if len(norms) == 0:
        raise ValueError("there is no norm to judge by")
    # SOLUTION
    first, last = norms[0], norms[-1]
    if not np.all(np.isfinite(norms)) or first > HEALTHY_RATIO * last:
        return "exploding"
    if first == 0 or HEALTHY_RATIO * first < last:
        return "vanishing"
    return "healthy"


def depth_experiment(
    initializer: Initializer,
    activation: Activation,
    depth: int,
    width: int,
    rng: np.random.Generator,
) -> FloatArray:
    r"""Send noise through a deep network and watch its scale.

    .. math:: A_0 \sim \mathcal{N}(0, 1), \qquad A_l = f(A_{l-1} W_l)

    Parameters
    ----------
    initializer : callable
        ``initializer(fan_in, fan_out, rng)`` draws the weights :math:`W_l` of a layer. It is asked
        once for each layer and handed `rng` itself.
    activation : callable
        The function :math:`f`, from an array of shape (256, width) to one of the same shape.
    depth : int
        Number of layers, at least 1.
    width : int
        Number of inputs and of outputs of every layer; there is no bias.
    rng : numpy.random.Generator
        Where the numbers come from: first those of the batch, then those of the layers in turn.

    Returns
    -------
    ndarray of shape (depth,), float64
        The standard deviation of all activations after each layer. The batch :math:`A_0` of 256
        examples (``EXAMPLES``), whose own is 1, is not among them.

    Examples
    --------
    >>> halves = lambda fan_in, fan_out, rng: 0.5 * np.eye(fan_in)
    >>> stds = depth_experiment(halves, lambda z: z, 4, 100, np.random.default_rng(0))
    >>> stds.round(2)
    array([0.5 , 0.25, 0.12, 0.06])
    """
    a: FloatArray = rng.standard_normal((EXAMPLES, width))
    stds = []
    for _ in range(depth):
        weights = initializer(width, width, rng)
        a = activation(a @ weights)
        stds.append(a.std())
    return np.array(stds)


def weight_histogram(weights: FloatArray, bins: int) -> tuple[IntArray, FloatArray]:
    """Count the weights in bins of equal width.

    Parameters
    ----------
    weights : ndarray of any shape, float64 or float32
        At least one weight. Integers become float64.
    bins : int
        Number of bins, at least 1.

    Returns
    -------
    counts : ndarray of shape (bins,), int64
        Number of weights in each bin. One on the border of two bins belongs to the upper one, the
        largest of all to the last one.
    edges : ndarray of shape (bins + 1,), floating
        Borders of the bins, from the smallest weight to the largest. Where all weights are equal,
        half a unit below and above.

    Raises
    ------
    ValueError
        If `bins` is less than 1.

    Examples
    --------
    >>> counts, edges = weight_histogram(np.array([[-1.0, 0.0, 0.25], [0.25, 0.5, 1.0]]), 4)
    >>> counts, edges
    (array([1, 0, 3, 2]), array([-1. , -0.5,  0. ,  0.5,  1. ]))
    """
    return np.histogram(weights, bins)


def feature_map_grid(weights: FloatArray) -> FloatArray:
    r"""Tile filters, or feature maps, into one image.

    Parameters
    ----------
    weights : ndarray of shape (F, H, W) or (F, C, H, W), float64 or float32
        Maps of `H` rows and `W` columns. Integers become float64.

    Returns
    -------
    ndarray of shape (R * (H + 1) - 1, S * (W + 1) - 1)
        The maps in `R` rows and `S` columns, one pixel of NaN between neighbours and none around.

        * A table of filters (F, C, H, W) has a row for each filter, a column for each channel.
        * A list of maps (F, H, W) goes row by row into :math:`S = \lceil \sqrt F \rceil` columns
          and as many rows as are needed; places that stay empty are NaN.
        * Each map is divided by its largest absolute value: it reaches 1 or -1, and 0 stays 0. A
          map of zeros stays as it is.

        float32 in, float32 out.

    Raises
    ------
    ValueError
        If `weights` has neither three axes nor four.

    Examples
    --------
    >>> feature_map_grid(np.array([[[1.0, 2.0]], [[0.0, 0.0]], [[-4.0, 3.0]]]))
    array([[ 0.5 ,  1.  ,   nan,  0.  ,  0.  ],
           [  nan,   nan,   nan,   nan,   nan],
           [-1.  ,  0.75,   nan,   nan,   nan]])
    """
    weights = as_float(weights)
    if weights.ndim not in {3, 4}:
        raise ValueError(f"expected shape (F, H, W) or (F, C, H, W), not {weights.shape}")
    # SOLUTION
    *tiles, height, width = weights.shape
    count = math.prod(tiles)
    columns = tiles[1] if len(tiles) == 2 else math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    down, across = height + 1, width + 1
    grid = np.full((rows * down - 1, columns * across - 1), np.nan, weights.dtype)
    for number, tile in enumerate(weights.reshape(count, height, width)):
        row, column = divmod(number, columns)
        top, left = row * down, column * across
        largest = np.abs(tile).max()
        grid[top : top + height, left : left + width] = tile / (largest or 1.0)
    return grid
