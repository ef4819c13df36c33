"""Initializers: where the weights of a network start before it has learned anything.

The random ones draw from the generator they are given and return float64. Weights of a dense layer
have shape (fan_in, fan_out): one row per input, one column per output.
"""

import math

import numpy as np

from reference.arrays import FloatArray


def zeros(shape: tuple[int, ...]) -> FloatArray:
    """Make an array of zeros: the start of a bias, never that of weights.

    Parameters
    ----------
    shape : tuple of int
        Any shape, ``()`` included.

    Returns
    -------
    ndarray of shape `shape`, float64
        All zeros.

    Notes
    -----
    Units that start with equal weights get equal gradients and stay equal. A bias may start at
    zero, since the weights already make the units different.

    Examples
    --------
    >>> zeros((2, 3))
    array([[0., 0., 0.],
           [0., 0., 0.]])
    """
    return np.zeros(shape)


def normal(shape: tuple[int, ...], std: float, rng: np.random.Generator) -> FloatArray:
    r"""Draw independent normal numbers around zero.

    .. math:: w \sim \mathcal{N}(0, \sigma^2)

    Parameters
    ----------
    shape : tuple of int
        Any shape.
    std : float
        Standard deviation :math:`\sigma \ge 0`, not the variance.
    rng : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    ndarray of shape `shape`, float64
        A new array.

    Examples
    --------
    >>> weights = normal((100, 200), 0.5, np.random.default_rng(0))
    >>> weights.shape, round(float(weights.std()), 2)
    ((100, 200), 0.5)
    """
    return rng.normal(0.0, std, shape)


def xavier_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
    r"""Draw uniform weights that suit both passes, forward and backward [1]_.

    .. math:: w \sim \mathcal{U}(-a, a), \qquad a = \sqrt{\frac{6}{n_{in} + n_{out}}},
        \qquad \mathrm{Var}(w) = \frac{a^2}{3} = \frac{2}{n_{in} + n_{out}}

    Parameters
    ----------
    fan_in, fan_out : int
        Numbers :math:`n_{in}, n_{out} \ge 1` of inputs and outputs, the bias not counted.
    rng : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    ndarray of shape (fan_in, fan_out), float64
        Weights for `tanh` and other activations that are linear near 0.

    Notes
    -----
    The forward pass keeps its variance if :math:`\mathrm{Var}(w) = 1 / n_{in}`, the backward pass
    if it is :math:`1 / n_{out}`. This is the compromise: the mean of both numbers.

    References
    ----------
    .. [1] X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward
       neural networks", AISTATS 2010.

    Examples
    --------
    >>> weights = xavier_uniform(100, 500, np.random.default_rng(0))  # a = 0.1
    >>> weights.shape, round(float(np.abs(weights).max()), 3)
    ((100, 500), 0.1)
    """
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def xavier_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
    r"""Draw normal weights of the same variance as `xavier_uniform` [1]_.

    .. math:: w \sim \mathcal{N}\left(0, \frac{2}{n_{in} + n_{out}}\right)

    Parameters
    ----------
    fan_in, fan_out : int
        Numbers :math:`n_{in}, n_{out} \ge 1` of inputs and outputs, the bias not counted.
    rng : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    ndarray of shape (fan_in, fan_out), float64
        Weights for `tanh` and other activations that are linear near 0; not truncated.

    References
    ----------
    .. [1] X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward
       neural networks", AISTATS 2010.

    Examples
    --------
    >>> weights = xavier_normal(100, 700, np.random.default_rng(0))  # variance 1 / 400
    >>> weights.shape, round(float(weights.std()), 3)
    ((100, 700), 0.05)
    """
    std = np.sqrt(2 / (fan_in + fan_out))
    return rng.normal(0.0, std, (fan_in, fan_out))


def he_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
    r"""Draw uniform weights of the same variance as `he_normal` [1]_.

    .. math:: w \sim \mathcal{U}(-a, a), \qquad a = \sqrt{\frac{6}{n_{in}}},
        \qquad \mathrm{Var}(w) = \frac{a^2}{3} = \frac{2}{n_{in}}

    Parameters
    ----------
    fan_in, fan_out : int
        Numbers :math:`n_{in}, n_{out} \ge 1` of inputs and outputs, the bias not counted. Only
        the inputs enter the variance.
    rng : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    ndarray of shape (fan_in, fan_out), float64
        Weights for `relu`.

    References
    ----------
    .. [1] K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", ICCV 2015.

    Examples
    --------
    >>> weights = he_uniform(600, 100, np.random.default_rng(0))  # a = 0.1
    >>> weights.shape, round(float(np.abs(weights).max()), 3)
    ((600, 100), 0.1)
    """
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


def he_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
    r"""Draw normal weights that keep the scale of activations through `relu` [1]_.

    .. math:: w \sim \mathcal{N}\left(0, \frac{2}{n_{in}}\right)

    Parameters
    ----------
    fan_in, fan_out : int
        Numbers :math:`n_{in}, n_{out} \ge 1` of inputs and outputs, the bias not counted. Only
        the inputs enter the variance.
    rng : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    ndarray of shape (fan_in, fan_out), float64
        Weights for `relu`; not truncated.

    Notes
    -----
    Half of the pre-activations are negative, and `relu` makes them 0. That halves the mean square
    that arrives at the next layer; the 2 makes up for it.

    References
    ----------
    .. [1] K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", ICCV 2015.

    Examples
    --------
    >>> weights = he_normal(800, 100, np.random.default_rng(0))  # variance 1 / 400
    >>> weights.shape, round(float(weights.std()), 3)
    ((800, 100), 0.05)
    """
    std = np.sqrt(2 / fan_in)
    return rng.normal(0.0, std, (fan_in, fan_out))


def lecun_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> FloatArray:
    r"""Draw normal weights that keep the scale of the forward pass through linear units [1]_.

    .. math:: w \sim \mathcal{N}\left(0, \frac{1}{n_{in}}\right)

    Parameters
    ----------
    fan_in, fan_out : int
        Numbers :math:`n_{in}, n_{out} \ge 1` of inputs and outputs, the bias not counted. Only
        the inputs enter the variance.
    rng : numpy.random.Generator
        Where the numbers come from.

    Returns
    -------
    ndarray of shape (fan_in, fan_out), float64
        Weights for `tanh` and `selu`; not truncated.

    Notes
    -----
    Often called Xavier initialization, but the variance of `xavier_normal` is another one unless
    the layer has as many outputs as inputs.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, G. B. Orr and K.-R. Mueller, "Efficient BackProp", in Neural
       Networks: Tricks of the Trade, Springer 1998.

    Examples
    --------
    >>> weights = lecun_normal(400, 100, np.random.default_rng(0))  # variance 1 / 400
    >>> weights.shape, round(float(weights.std()), 3)
    ((400, 100), 0.05)
    """
    std = np.sqrt(1 / fan_in)
    return rng.normal(0.0, std, (fan_in, fan_out))


def conv_fans(shape: tuple[int, ...]) -> tuple[int, int]:
    r"""Count how many weights meet in one output of a convolution, and how many leave one input.

    .. math:: n_{in} = C \prod_d K_d, \qquad n_{out} = F \prod_d K_d

    Parameters
    ----------
    shape : tuple of int
        Shape of the weights: :math:`F` filters, :math:`C` channels, then the sizes :math:`K_d` of
        the kernel along one axis or more. (F, C, KH, KW) for images.

    Returns
    -------
    fan_in, fan_out : int
        Both numbers, the bias not counted. `fan_out` is that of a stride of 1, away from borders.

    Raises
    ------
    ValueError
        If there are fewer than three axes: a dense layer has its fans as its shape.

    Examples
    --------
    >>> conv_fans((8, 3, 5, 5))  # 3 * 25 and 8 * 25
    (75, 200)
    """
    if len(shape) < 3:
        raise ValueError(f"expected a shape (filters, channels, kernel ...), not {shape}")
    filters, channels, *kernel = shape
    area = math.prod(kernel)
    return channels * area, filters * area
