"""Dense layers: the affine map of a batch, and the way of a gradient back through it.

Floating arrays keep their dtype, integers become float64 first, and no argument is modified.
"""

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, as_float


def require_shape(name: str, array: ArrayLike, shape: tuple[int, ...]) -> None:
    """Refuse an array of any other shape, also one that numpy would broadcast.

    Parameters
    ----------
    name : str
        What the message calls it.
    array : array_like
        What is looked at.
    shape : tuple of int
        The shape that it must have.

    Raises
    ------
    ValueError
        If the shape is another one.

    Examples
    --------
    >>> require_shape("bias", np.zeros(3), (3,))
    >>> require_shape("bias", np.zeros((1, 3)), (3,))
    Traceback (most recent call last):
    ValueError: bias has shape (1, 3), expected (3,)
    """
    if np.shape(array) != shape:
        raise ValueError(f"{name} has shape {np.shape(array)}, expected {shape}")


def dense(x: FloatArray, weights: FloatArray, bias: FloatArray) -> FloatArray:
    r"""Compute a dense layer, without an activation.

    .. math:: Z = X W + b, \qquad z_{ik} = \sum_{j} x_{ij} w_{jk} + b_k

    Parameters
    ----------
    x : ndarray of shape (N, D), float64 or float32
        Inputs :math:`X`, one row per example. Integers become float64.
    weights : ndarray of shape (D, K), float64 or float32
        Weights :math:`W`: one row per input, one column per output.
    bias : ndarray of shape (K,), float64 or float32
        Bias :math:`b`: one number per output, the same for every example.

    Returns
    -------
    ndarray of shape (N, K)
        Pre-activations :math:`Z`; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes do not fit, also where numpy would stretch the bias.

    Examples
    --------
    >>> x, weights = np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]])
    >>> dense(x, weights, np.array([0.5, 0.0]))
    array([[ 7.5, -1. ]])
    """
    require_shape("x", x, (len(x), len(weights)))
    # SOLUTION
    require_shape("bias", bias, (weights.shape[1],))
    return as_float(x) @ weights + bias


def dense_backward(
    dout: FloatArray, x: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Send a gradient back through `dense`.

    With :math:`G = \partial L / \partial Z`, the gradient that arrives,

    .. math:: \frac{\partial L}{\partial X} = G W^T, \qquad
        \frac{\partial L}{\partial W} = X^T G, \qquad
        \frac{\partial L}{\partial b_k} = \sum_{i=1}^{N} g_{ik}

    Parameters
    ----------
    dout : ndarray of shape (N, K), float64 or float32
        Gradient :math:`G` of the loss with respect to the output of the layer. Integers become
        float64.
    x : ndarray of shape (N, D), float64 or float32
        Inputs :math:`X` of the forward pass.
    weights : ndarray of shape (D, K), float64 or float32
        Weights :math:`W` of the forward pass.

    Returns
    -------
    dx : ndarray of shape (N, D)
        Gradient of the loss with respect to the inputs.
    dweights : ndarray of shape (D, K)
        Gradient with respect to the weights.
    dbias : ndarray of shape (K,)
        Gradient with respect to the bias.

    Raises
    ------
    ValueError
        If `dout` does not have the shape of the layer's output, or the inputs do not fit the
        weights.

    Notes
    -----
    A loss that is a mean has put its :math:`1/N` into `dout` already. Sums over the batch are
    therefore sums here, not means.

    Examples
    --------
    >>> dx, dweights, dbias = dense_backward(
    ...     np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.eye(2)
    ... )
    >>> dweights, dbias
    (array([[1., 6.],
           [2., 8.]]), array([1., 2.]))
    """
    require_shape("x", x, (len(x), len(weights)))
    require_shape("dout", dout, (len(x), weights.shape[1]))
    # SOLUTION
    dout = as_float(dout)
    dx = dout @ weights.T
    dweights = x.T @ dout
    dbias = dout.sum(axis=0)
    return dx, dweights, dbias
