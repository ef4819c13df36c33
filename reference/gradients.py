"""Gradients by differences, and how to compare them with gradients by formula.

Whoever derives a gradient by hand makes mistakes, and a network learns in spite of most of them,
only worse. These two functions find them.
"""

from collections.abc import Callable

import numpy as np

from reference.arrays import FloatArray, as_float


def numerical_gradient(
    f: Callable[[FloatArray], float], x: FloatArray, h: float = 1e-5
) -> FloatArray:
    r"""Compute the gradient of a function by central differences.

    .. math:: \frac{\partial f}{\partial x_j} \approx \frac{f(x + h e_j) - f(x - h e_j)}{2h}

    where :math:`e_j` is 1 at entry :math:`j` and 0 elsewhere.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x`, float64, and returns one number.
    x : ndarray of any shape, float64 or float32
        Where the gradient is wanted. Integers become float64.
    h : float
        Step :math:`h > 0`, in units of `x`.

    Returns
    -------
    ndarray of the shape of `x`
        One slope for each entry; float32 in, float32 out.

    Notes
    -----
    The formula is off by :math:`f'''(x)\, h^2 / 6` and terms of higher order. Rounding adds an
    error of about :math:`10^{-16} |f| / h`, so a step can be too small as well as too large; the
    best is near :math:`10^{-5}` where `f`, its slopes and `x` are all about 1. Float32, with its
    seven digits, is too coarse for such steps, so `f` is always asked in float64.

    Examples
    --------
    >>> numerical_gradient(lambda x: float(np.sum(x**3)), np.array([1.0, 2.0]), h=0.5).round(6)
    array([ 3.25, 12.25])
    """
    x = as_float(x)
    point = x.astype(np.float64)  # always a copy, in which one entry at a time is moved
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        entry = point[index]
        point[index] = entry + h
        above = f(point)
        point[index] = entry - h
        below = f(point)
        point[index] = entry
        gradient[index] = (above - below) / (2 * h)
    return gradient


def relative_error(a: FloatArray, b: FloatArray, floor: float = 1e-8) -> float:
    r"""Compute the largest relative difference between two arrays.

    .. math:: \max_j \frac{|a_j - b_j|}{\max(|a_j| + |b_j|, \epsilon)}

    Parameters
    ----------
    a, b : ndarray of one shape, float64 or float32
        Two versions of the same gradient. Integers become float64.
    floor : float
        Smallest denominator :math:`\epsilon > 0`, in units of `a`: entries below it are compared by
        their absolute difference.

    Returns
    -------
    float
        Between 0 (all equal) and 1 (opposite signs, or a 0 in one of the two); NaN if any entry is
        NaN.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> relative_error(np.array([3.0, 0.0, -2.0]), np.array([5.0, 0.0, -2.0]))
    0.25
    """
    a, b = as_float(a), as_float(b)
    if a.shape != b.shape:
        raise ValueError(f"a has shape {a.shape}, b has shape {b.shape}")
    size = np.abs(a) + np.abs(b)
    return float((np.abs(a - b) / np.maximum(size, floor)).max())
