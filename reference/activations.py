"""Activation functions and their gradients: what makes a network more than a linear map.

Elementwise functions map an array to one of the same shape; the softmax works along one axis.
``<name>_backward`` takes the gradient that arrives from above, ``dout``, and the input ``z`` of the
forward function, and returns the gradient with respect to ``z``. Floating arrays keep their dtype,
integers become float64 first, and no argument is modified.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from reference.arrays import FloatArray, as_float

SELU_SCALE = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772


def require_same_shape(dout: ArrayLike, z: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both arrays as floats, and refuse a gradient that has another shape than its input.

    Parameters
    ----------
    dout, z : array_like of one shape
        Gradient that arrives from above, and the input of the forward function.

    Returns
    -------
    dout, z : ndarray of that shape, floating
        Both arrays, converted by `as_float`.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> require_same_shape(np.ones((3, 1)), np.ones(3))
    Traceback (most recent call last):
    ValueError: dout has shape (3, 1), z (3,)
    """
    dout, z = as_float(dout), as_float(z)
    if dout.shape != z.shape:
        raise ValueError(f"dout has shape {dout.shape}, z {z.shape}")
    return dout, z


def erf(x: FloatArray) -> FloatArray:
    r"""Compute the error function of every element.

    .. math:: \mathrm{erf}(x) = \frac{2}{\sqrt\pi} \int_0^x e^{-t^2} dt

    Parameters
    ----------
    x : ndarray of any shape, float64 or float32
        Where to evaluate it. Integers become float64.

    Returns
    -------
    ndarray of the shape of `x`
        Values from -1 to 1; float32 in, float32 out.

    Examples
    --------
    >>> erf(np.array([-np.inf, 0.0, np.inf]))
    array([-1.,  0.,  1.])
    """
    x = as_float(x)
    values: FloatArray = np.vectorize(math.erf, otypes=[x.dtype])(x)
    return values


def sigmoid(z: FloatArray) -> FloatArray:
    r"""Compute the logistic function.

    .. math:: \sigma(z) = \frac{1}{1 + e^{-z}}

    Parameters
    ----------
    z : ndarray of any shape, float64 or float32
        Pre-activations :math:`z`. Integers become float64.

    Returns
    -------
    ndarray of the shape of `z`
        Values from 0 to 1, both of which are reached by rounding; float32 in, float32 out.

    Notes
    -----
    For :math:`z < 0` it is computed as :math:`e^z / (1 + e^z)`: no exponent is positive, and no
    exponential overflows.

    Examples
    --------
    >>> sigmoid(np.array([-1e4, 0.0, np.log(3.0)]))
    array([0.  , 0.5 , 0.75])
    """
    z = as_float(z)
    s: FloatArray = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
    return s


def sigmoid_backward(dout: FloatArray, z: FloatArray) -> FloatArray:
    r"""Compute the gradient of a loss with respect to the input of `sigmoid`.

    .. math:: \sigma'(z) = \sigma(z) \, (1 - \sigma(z))

    Parameters
    ----------
    dout, z : ndarray of one shape, float64 or float32
        Gradient of the loss with respect to the output, and the input :math:`z`.

    Returns
    -------
    ndarray of the shape of `z`
        Gradient with respect to the input, ``dout`` times the slope; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> sigmoid_backward(np.array([16.0, 8.0]), np.array([np.log(3.0), 0.0])).round(6)
    array([3., 2.])
    """
    dout, z = require_same_shape(dout, z)
    # SOLUTION
    s = sigmoid(z)
    return dout * s * (1 - s)


def tanh(z: FloatArray) -> FloatArray:
    r"""Compute the hyperbolic tangent.

    .. math:: \tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} = 2 \sigma(2 z) - 1

    Parameters
    ----------
    z : ndarray of any shape, float64 or float32
        Pre-activations :math:`z`. Integers become float64.

    Returns
    -------
    ndarray of the shape of `z`
        Values from -1 to 1; float32 in, float32 out.

    Notes
    -----
    The quotient of exponentials overflows for large :math:`|z|`; numpy's `tanh` does not.

    Examples
    --------
    >>> tanh(np.array([-1e4, 0.0, np.log(3.0)])).round(6)
    array([-1. ,  0. ,  0.8])
    """
    return np.tanh(as_float(z))


def tanh_backward(dout: FloatArray, z: FloatArray) -> FloatArray:
    r"""Compute the gradient of a loss with respect to the input of `tanh`.

    .. math:: \tanh'(z) = 1 - \tanh^2(z)

    Parameters
    ----------
    dout, z : ndarray of one shape, float64 or float32
        Gradient of the loss with respect to the output, and the input :math:`z`.

    Returns
    -------
    ndarray of the shape of `z`
        Gradient with respect to the input, ``dout`` times the slope; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> tanh_backward(np.array([25.0, 2.0]), np.array([np.log(3.0), 0.0])).round(6)
    array([9., 2.])
    """
    dout, z = require_same_shape(dout, z)
    # SOLUTION
    slope: FloatArray = 1 - np.tanh(z) ** 2
    return dout * slope


def relu(z: FloatArray) -> FloatArray:
    r"""Compute the rectified linear unit [1]_.

    .. math:: \mathrm{ReLU}(z) = \max(0, z)

    Parameters
    ----------
    z : ndarray of any shape, float64 or float32
        Pre-activations :math:`z`. Integers become float64.

    Returns
    -------
    ndarray of the shape of `z`
        A new array; NaN stays NaN. float32 in, float32 out.

    References
    ----------
    .. [1] V. Nair and G. E. Hinton, "Rectified linear units improve restricted Boltzmann
       machines", ICML 2010.

    Examples
    --------
    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    rectified: FloatArray = np.maximum(as_float(z), 0)
    return rectified


def relu_backward(dout: FloatArray, z: FloatArray) -> FloatArray:
    r"""Compute the gradient of a loss with respect to the input of `relu`.

    .. math:: \mathrm{ReLU}'(z) = [z > 0]

    Parameters
    ----------
    dout, z : ndarray of one shape, float64 or float32
        Gradient of the loss with respect to the output, and the input :math:`z`.

    Returns
    -------
    ndarray of the shape of `z`
        `dout` where `z` is positive, else 0; the slope at exactly 0 is 0. float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> relu_backward(np.array([5.0, -6.0, -7.0]), np.array([-2.0, 0.0, 3.0]))
    array([ 0.,  0., -7.])
    """
    dout, z = require_same_shape(dout, z)
    # SOLUTION
    return np.where(z > 0, dout, 0)


def leaky_relu(z: FloatArray, alpha: float = 0.01) -> FloatArray:
    r"""Compute the leaky rectified linear unit [1]_.

    .. math:: f(z) = \begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}

    Parameters
    ----------
    z : ndarray of any shape, float64 or float32
        Pre-activations :math:`z`. Integers become float64.
    alpha : float
        Slope :math:`\alpha` of the negative side, usually well below 1; larger ones are allowed.

    Returns
    -------
    ndarray of the shape of `z`
        A new array; float32 in, float32 out.

    References
    ----------
    .. [1] A. L. Maas, A. Y. Hannun and A. Y. Ng, "Rectifier nonlinearities improve neural network
       acoustic models", ICML 2013.

    Examples
    --------
    >>> leaky_relu(np.array([-2.0, 0.0, 3.0]), alpha=0.25)
    array([-0.5,  0. ,  3. ])
    """
    z = as_float(z)
    return np.where(z > 0, z, alpha * z)


def leaky_relu_backward(dout: FloatArray, z: FloatArray, alpha: float = 0.01) -> FloatArray:
    r"""Compute the gradient of a loss with respect to the input of `leaky_relu`.

    .. math:: f'(z) = \begin{cases} 1 & z > 0 \\ \alpha & z \le 0 \end{cases}

    Parameters
    ----------
    dout, z : ndarray of one shape, float64 or float32
        Gradient of the loss with respect to the output, and the input :math:`z`.
    alpha : float
        Slope :math:`\alpha` of the negative side, and at exactly 0.

    Returns
    -------
    ndarray of the shape of `z`
        Gradient with respect to the input, ``dout`` times the slope; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> leaky_relu_backward(np.array([8.0, 4.0, -7.0]), np.array([-2.0, 0.0, 3.0]), alpha=0.25)
    array([ 2.,  1., -7.])
    """
    dout, z = require_same_shape(dout, z)
    # SOLUTION
    return np.where(z > 0, dout, alpha * dout)


def elu(z: FloatArray, alpha: float = 1.0) -> FloatArray:
    r"""Compute the exponential linear unit [1]_.

    .. math:: f(z) = \begin{cases} z & z > 0 \\ \alpha (e^z - 1) & z \le 0 \end{cases}

    Parameters
    ----------
    z : ndarray of any shape, float64 or float32
        Pre-activations :math:`z`. Integers become float64.
    alpha : float
        Depth :math:`\alpha`: the function tends to :math:`-\alpha` for very negative :math:`z`.

    Returns
    -------
    ndarray of the shape of `z`
        A new array; float32 in, float32 out.

    Notes
    -----
    Both branches of `numpy.where` are evaluated, so the exponent is cut at 0; `numpy.expm1` keeps
    the digits of :math:`e^z - 1` near 0.

    References
    ----------
    .. [1] D.-A. Clevert, T. Unterthiner and S. Hochreiter, "Fast and accurate deep network
       learning by exponential linear units (ELUs)", ICLR 2016.

    Examples
    --------
    >>> elu(np.array([-np.log(2.0), 0.0, 3.0]), alpha=4.0)
    array([-2.,  0.,  3.])
    """
    z = as_float(z)
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def elu_backward(dout: FloatArray, z: FloatArray, alpha: float = 1.0) -> FloatArray:
    r"""Compute the gradient of a loss with respect to the input of `elu`.

    .. math:: f'(z) = \begin{cases} 1 & z > 0 \\ \alpha e^z & z \le 0 \end{cases}

    Parameters
    ----------
    dout, z : ndarray of one shape, float64 or float32
        Gradient of the loss with respect to the output, and the input :math:`z`.
    alpha : float
        Depth :math:`\alpha` of the negative side, and the slope at exactly 0.

    Returns
    -------
    ndarray of the shape of `z`
        Gradient with respect to the input, ``dout`` times the slope; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> elu_backward(np.array([3.0, 3.0, 3.0]), np.array([-np.log(2.0), 0.0, 3.0]), alpha=4.0)
    array([ 6., 12.,  3.])
    """
    dout, z = require_same_shape(dout, z)
    # SOLUTION
    return dout * np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0)))


def selu(z: FloatArray) -> FloatArray:
    r"""Compute the scaled exponential linear unit [1]_.

    .. math:: f(z) = \lambda \begin{cases} z & z > 0 \\ \alpha (e^z - 1) & z \le 0 \end{cases}

    Parameters
    ----------
    z : ndarray of any shape, float64 or float32
        Pre-activations :math:`z`. Integers become float64.

    Returns
    -------
    ndarray of the shape of `z`
        A new array; float32 in, float32 out.

    Notes
    -----
    :math:`\lambda \approx 1.0507` (`SELU_SCALE`) and :math:`\alpha \approx 1.6733` (`SELU_ALPHA`)
    are no free choice: with them a standard normal :math:`z` has an output of mean 0 and
    variance 1.

    References
    ----------
    .. [1] G. Klambauer, T. Unterthiner, A. Mayr and S. Hochreiter, "Self-normalizing neural
       networks", NeurIPS 2017.

    Examples
    --------
    >>> selu(np.array([-np.log(2.0), 0.0, 2.0])).round(6)
    array([-0.87905 ,  0.      ,  2.101402])
    """
    return SELU_SCALE * elu(z, SELU_ALPHA)


def selu_backward(dout: FloatArray, z: FloatArray) -> FloatArray:
    r"""Compute the gradient of a loss with respect to the input of `selu`.

    .. math:: f'(z) = \lambda \begin{cases} 1 & z > 0 \\ \alpha e^z & z \le 0 \end{cases}

    Parameters
    ----------
    dout, z : ndarray of one shape, float64 or float32
        Gradient of the loss with respect to the output, and the input :math:`z`.

    Returns
    -------
    ndarray of the shape of `z`
        Gradient with respect to the input, ``dout`` times the slope, which is
        :math:`\lambda \alpha` at exactly 0; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> selu_backward(np.array([2.0, 2.0]), np.array([-np.log(2.0), 2.0])).round(6)
    array([1.758099, 2.101402])
    """
    dout, z = require_same_shape(dout, z)
    # SOLUTION
    return SELU_SCALE * elu_backward(dout, z, SELU_ALPHA)


def gelu(z: FloatArray) -> FloatArray:
    r"""Compute the Gaussian error linear unit in its exact form [1]_.

    .. math:: f(z) = z \, \Phi(z) = \frac{z}{2} \left( 1 + \mathrm{erf}(z / \sqrt{2}) \right)

    Parameters
    ----------
    z : ndarray of any shape, float64 or float32
        Pre-activations :math:`z`. Integers become float64.

    Returns
    -------
    ndarray of the shape of `z`
        :math:`z` times the probability :math:`\Phi(z)` that a standard normal variable is less;
        0, the limit, at :math:`-\infty`. float32 in, float32 out.

    Notes
    -----
    The forms with a tanh or a sigmoid in place of :math:`\Phi` are approximations of this one.

    References
    ----------
    .. [1] D. Hendrycks and K. Gimpel, "Gaussian error linear units (GELUs)", arXiv:1606.08415
       (2016).

    Examples
    --------
    >>> gelu(np.array([-1.0, 0.0, 1.0])).round(6)
    array([-0.158655,  0.      ,  0.841345])
    """
    z = np.maximum(as_float(z), -1e4)  # it is 0 from there on, and -inf * 0 would be NaN
    return 0.5 * z * (1 + erf(z / math.sqrt(2)))


def gelu_backward(dout: FloatArray, z: FloatArray) -> FloatArray:
    r"""Compute the gradient of a loss with respect to the input of `gelu`.

    .. math:: f'(z) = \Phi(z) + z \, \varphi(z), \qquad
        \varphi(z) = \Phi'(z) = \frac{1}{\sqrt{2 \pi}} e^{-z^2 / 2}

    Parameters
    ----------
    dout, z : ndarray of one shape, float64 or float32
        Gradient of the loss with respect to the output, and the input :math:`z`, finite.

    Returns
    -------
    ndarray of the shape of `z`
        Gradient with respect to the input, ``dout`` times the slope; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> gelu_backward(np.array([1.0, 2.0, 1.0]), np.array([-1.0, 0.0, 1.0])).round(6)
    array([-0.083315,  1.      ,  1.083315])
    """
    dout, z = require_same_shape(dout, z)
    # SOLUTION
    probability = 0.5 * (1 + erf(z / math.sqrt(2)))
    density = np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
    slope: FloatArray = probability + z * density
    return dout * slope


def silu(z: FloatArray) -> FloatArray:
    r"""Compute the sigmoid-weighted linear unit, also called swish [1]_ [2]_.

    .. math:: f(z) = z \, \sigma(z)

    Parameters
    ----------
    z : ndarray of any shape, float64 or float32
        Pre-activations :math:`z`. Integers become float64.

    Returns
    -------
    ndarray of the shape of `z`
        A new array; 0, the limit, at :math:`-\infty`. float32 in, float32 out.

    References
    ----------
    .. [1] S. Elfwing, E. Uchibe and K. Doya, "Sigmoid-weighted linear units for neural network
       function approximation in reinforcement learning", Neural Networks 107 (2018) 3-11.
    .. [2] P. Ramachandran, B. Zoph and Q. V. Le, "Searching for activation functions",
       arXiv:1710.05941 (2017).

    Examples
    --------
    >>> silu(np.array([-1e4, 0.0, 4.0])).round(6)
    array([-0.      ,  0.      ,  3.928055])
    """
    z = np.maximum(as_float(z), -1e4)  # it is 0 from there on, and -inf * 0 would be NaN
    return z * sigmoid(z)


def silu_backward(dout: FloatArray, z: FloatArray) -> FloatArray:
    r"""Compute the gradient of a loss with respect to the input of `silu`.

    .. math:: f'(z) = \sigma(z) + z \, \sigma(z) \, (1 - \sigma(z))

    Parameters
    ----------
    dout, z : ndarray of one shape, float64 or float32
        Gradient of the loss with respect to the output, and the input :math:`z`, finite.

    Returns
    -------
    ndarray of the shape of `z`
        Gradient with respect to the input, ``dout`` times the slope; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> silu_backward(np.array([8.0, 8.0]), np.array([0.0, 1e4]))
    array([4., 8.])
    """
    dout, z = require_same_shape(dout, z)
    # SOLUTION
    s = sigmoid(z)
    return dout * (s + z * s * (1 - s))


def softplus(z: FloatArray) -> FloatArray:
    r"""Compute the softplus, a smooth ReLU [1]_.

    .. math:: f(z) = \log(1 + e^z)

    Parameters
    ----------
    z : ndarray of any shape, float64 or float32
        Pre-activations :math:`z`. Integers become float64.

    Returns
    -------
    ndarray of the shape of `z`
        Values of at least 0; float32 in, float32 out.

    Notes
    -----
    It is computed as :math:`\max(z, 0) + \log(1 + e^{-|z|})`, whose exponent is never positive.

    References
    ----------
    .. [1] C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau and R. Garcia, "Incorporating second-order
       functional knowledge for better option pricing", NeurIPS 2000.

    Examples
    --------
    >>> softplus(np.array([-1e4, 0.0, 1e4])).tolist()
    [0.0, 0.6931471805599453, 10000.0]
    """
    z = as_float(z)
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def softplus_backward(dout: FloatArray, z: FloatArray) -> FloatArray:
    r"""Compute the gradient of a loss with respect to the input of `softplus`.

    .. math:: f'(z) = \sigma(z)

    Parameters
    ----------
    dout, z : ndarray of one shape, float64 or float32
        Gradient of the loss with respect to the output, and the input :math:`z`.

    Returns
    -------
    ndarray of the shape of `z`
        Gradient with respect to the input, ``dout`` times the slope; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> softplus_backward(np.array([8.0, 8.0]), np.array([0.0, np.log(3.0)]))
    array([4., 6.])
    """
    dout, z = require_same_shape(dout, z)
    # SOLUTION
    return dout * sigmoid(z)


def softmax(z: FloatArray, axis: int = -1) -> FloatArray:
    r"""Turn logits into probabilities.

    .. math:: p_k = \frac{e^{z_k}}{\sum_l e^{z_l}}

    Parameters
    ----------
    z : ndarray of any shape but (), float64 or float32
        Logits :math:`z`. Integers become float64. An entry of :math:`-\infty` beside finite ones
        has the probability 0.
    axis : int
        The axis along which the probabilities sum to 1.

    Returns
    -------
    ndarray of the shape of `z`
        Probabilities; float32 in, float32 out.

    Notes
    -----
    The largest logit along the axis is subtracted first. That changes no probability, and no
    exponential overflows.

    Examples
    --------
    >>> softmax(np.log([[1.0, 3.0], [2.0, 2.0]]))
    array([[0.25, 0.75],
           [0.5 , 0.5 ]])
    >>> softmax(np.array([1e4, 0.0]))
    array([1., 0.])
    """
    z = as_float(z)
    exps = np.exp(z - z.max(axis=axis, keepdims=True))
    p: FloatArray = exps / exps.sum(axis=axis, keepdims=True)
    return p


def softmax_backward(dout: FloatArray, z: FloatArray, axis: int = -1) -> FloatArray:
    r"""Compute the gradient of a loss with respect to the input of `softmax`.

    .. math:: \frac{\partial L}{\partial z_k} = p_k \left( g_k - \sum_l g_l p_l \right),
        \qquad g = \frac{\partial L}{\partial p}

    Parameters
    ----------
    dout, z : ndarray of one shape, float64 or float32
        Gradient :math:`g` of the loss with respect to the probabilities, and the logits :math:`z`.
    axis : int
        The axis along which the probabilities sum to 1.

    Returns
    -------
    ndarray of the shape of `z`
        Gradient with respect to the logits, which sums to 0 along the axis; float32 in,
        float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Notes
    -----
    The Jacobian :math:`\partial p_k / \partial z_l = p_k ([k = l] - p_l)` is symmetric, and is
    never formed.

    Examples
    --------
    >>> softmax_backward(np.array([8.0, 0.0]), np.log([1.0, 3.0]))
    array([ 1.5, -1.5])
    """
    dout, z = require_same_shape(dout, z)
    # SOLUTION
    p = softmax(z, axis)
    dz: FloatArray = p * (dout - (dout * p).sum(axis=axis, keepdims=True))
    return dz


def log_softmax(z: FloatArray, axis: int = -1) -> FloatArray:
    r"""Compute the logarithms of the softmax probabilities.

    .. math:: \log p_k = z_k - \log \sum_l e^{z_l}

    Parameters
    ----------
    z : ndarray of any shape but (), float64 or float32
        Logits :math:`z`. Integers become float64.
    axis : int
        The axis along which the probabilities sum to 1.

    Returns
    -------
    ndarray of the shape of `z`
        Natural logarithms of probabilities; float32 in, float32 out.

    Notes
    -----
    The logarithm is never taken of a probability, which may round to 0: 1000 below the largest
    logit the result is -1000 and not minus infinity.

    Examples
    --------
    >>> log_softmax(np.array([0.0, 1000.0]))
    array([-1000.,     0.])
    """
    z = as_float(z)
    shifted = z - z.max(axis=axis, keepdims=True)
    log_p: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return log_p


def log_softmax_backward(dout: FloatArray, z: FloatArray, axis: int = -1) -> FloatArray:
    r"""Compute the gradient of a loss with respect to the input of `log_softmax`.

    .. math:: \frac{\partial L}{\partial z_k} = g_k - p_k \sum_l g_l,
        \qquad g = \frac{\partial L}{\partial \log p}

    Parameters
    ----------
    dout, z : ndarray of one shape, float64 or float32
        Gradient :math:`g` of the loss with respect to the log-probabilities, and the logits
        :math:`z`.
    axis : int
        The axis along which the probabilities :math:`p` sum to 1.

    Returns
    -------
    ndarray of the shape of `z`
        Gradient with respect to the logits, which sums to 0 along the axis; float32 in,
        float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> log_softmax_backward(np.array([8.0, 0.0]), np.log([1.0, 3.0]))
    array([ 6., -6.])
    """
    dout, z = require_same_shape(dout, z)
    # SOLUTION
    dz: FloatArray = dout - softmax(z, axis) * dout.sum(axis=axis, keepdims=True)
    return dz
