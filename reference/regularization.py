"""Regularization: penalties on large weights, and dropout.

A penalty is added to the loss of the data, and the gradient of the one to that of the other. Arrays
with fewer than two dimensions are biases, whatever their names, and are not penalised. Floating
arrays keep their dtype, integers become float64 first, and no argument is modified.
"""

import numpy as np

from reference.arrays import FloatArray, Params, as_float


def require_share(name: str, share: float) -> None:
    """Refuse a number that is no share of a whole.

    Parameters
    ----------
    name : str
        What the number is called in the message.
    share : float
        A probability, or another part of 1.

    Raises
    ------
    ValueError
        If `share` is less than 0 or more than 1.

    Examples
    --------
    >>> require_share("p", 30)
    Traceback (most recent call last):
    ValueError: p is a share between 0 and 1, not 30
    """
    if not 0 <= share <= 1:
        raise ValueError(f"{name} is a share between 0 and 1, not {share}")


def l1_penalty(params: Params, strength: float) -> float:
    r"""Compute the L1 penalty of all weights, that of the lasso [1]_.

    .. math:: P = \lambda \sum_j |w_j|

    Parameters
    ----------
    params : dict of str to ndarray, float64 or float32
        Parameters by name. Arrays with fewer than two dimensions are biases and cost nothing.
    strength : float
        Strength :math:`\lambda \ge 0` of the penalty.

    Returns
    -------
    float
        The penalty: a sum, not a mean, over the weights of all arrays together.

    References
    ----------
    .. [1] R. Tibshirani, "Regression shrinkage and selection via the lasso", Journal of the Royal
       Statistical Society B 58 (1996) 267-288.

    Examples
    --------
    >>> l1_penalty({"weights": np.array([[3.0, -1.0]]), "bias": np.array([7.0])}, 0.5)
    2.0
    """
    weights = [as_float(array) for array in params.values() if array.ndim >= 2]
    return strength * float(sum(np.abs(array).sum() for array in weights))


def l1_penalty_backward(params: Params, strength: float) -> Params:
    r"""Compute the gradient of `l1_penalty` with respect to every parameter.

    .. math:: \frac{\partial P}{\partial w_j} = \lambda \, \mathrm{sign}(w_j)

    Parameters
    ----------
    params : dict of str to ndarray, float64 or float32
        Parameters by name.
    strength : float
        Strength :math:`\lambda \ge 0` of the penalty.

    Returns
    -------
    dict of str to ndarray
        Under each name of `params` a new array of the same shape: the slope, zeros for a bias.

    Notes
    -----
    At a weight of 0 the penalty has a kink; the slope there is :math:`\mathrm{sign}(0) = 0`.

    Examples
    --------
    >>> l1_penalty_backward({"weights": np.array([[3.0, -1.0]]), "bias": np.array([7.0])}, 0.5)
    {'weights': array([[ 0.5, -0.5]]), 'bias': array([0.])}
    """
    floats = {name: as_float(array) for name, array in params.items()}
    return {
        name: strength * np.sign(array) if array.ndim >= 2 else np.zeros_like(array)
        for name, array in floats.items()
    }


def l2_penalty(params: Params, strength: float) -> float:
    r"""Compute the L2 penalty of all weights, that of ridge regression [1]_.

    .. math:: P = \lambda \sum_j w_j^2

    Parameters
    ----------
    params : dict of str to ndarray, float64 or float32
        Parameters by name. Arrays with fewer than two dimensions are biases and cost nothing.
        Integers become float64 before they are squared: ``int8`` would wrap around.
    strength : float
        Strength :math:`\lambda \ge 0` of the penalty.

    Returns
    -------
    float
        The penalty: a sum, not a mean, over the weights of all arrays together, without a
        factor ½.

    References
    ----------
    .. [1] A. E. Hoerl and R. W. Kennard, "Ridge regression: biased estimation for nonorthogonal
       problems", Technometrics 12 (1970) 55-67.

    Examples
    --------
    >>> l2_penalty({"weights": np.array([[3.0, -1.0]]), "bias": np.array([7.0])}, 0.5)
    5.0
    """
    weights = [as_float(array) for array in params.values() if array.ndim >= 2]
    return strength * float(sum((array**2).sum() for array in weights))


def l2_penalty_backward(params: Params, strength: float) -> Params:
    r"""Compute the gradient of `l2_penalty` with respect to every parameter.

    .. math:: \frac{\partial P}{\partial w_j} = 2 \lambda w_j

    Parameters
    ----------
    params : dict of str to ndarray, float64 or float32
        Parameters by name.
    strength : float
        Strength :math:`\lambda \ge 0` of the penalty.

    Returns
    -------
    dict of str to ndarray
        Under each name of `params` a new array of the same shape: the slope, zeros for a bias.

    Examples
    --------
    >>> l2_penalty_backward({"weights": np.array([[3.0, -1.0]]), "bias": np.array([7.0])}, 0.5)
    {'weights': array([[ 3., -1.]]), 'bias': array([0.])}
    """
    floats = {name: as_float(array) for name, array in params.items()}
    return {
        name: 2 * strength * array if array.ndim >= 2 else np.zeros_like(array)
        for name, array in floats.items()
    }


def elastic_net(params: Params, strength: float, ratio: float) -> float:
    r"""Compute a mixture of the L1 and the L2 penalty, the elastic net [1]_.

    .. math:: P = \lambda \Bigl( r \sum_j |w_j| + (1 - r) \sum_j w_j^2 \Bigr)

    Parameters
    ----------
    params : dict of str to ndarray, float64 or float32
        Parameters by name. Arrays with fewer than two dimensions are biases and cost nothing.
    strength : float
        Strength :math:`\lambda \ge 0` of the whole penalty.
    ratio : float
        Share :math:`r` of the L1 penalty, from 0 (L2 only) to 1 (L1 only).

    Returns
    -------
    float
        The penalty.

    Raises
    ------
    ValueError
        If `ratio` is less than 0 or more than 1.

    Notes
    -----
    scikit-learn's elastic net has a factor ½ before the squares; there is none here.

    References
    ----------
    .. [1] H. Zou and T. Hastie, "Regularization and variable selection via the elastic net",
       Journal of the Royal Statistical Society B 67 (2005) 301-320.

    Examples
    --------
    >>> elastic_net({"weights": np.array([[3.0, -1.0]])}, 0.5, 0.25)  # 0.25 * 2 + 0.75 * 5
    4.25
    """
    require_share("ratio", ratio)
    # SOLUTION
    return l1_penalty(params, strength * ratio) + l2_penalty(params, strength * (1 - ratio))


def elastic_net_backward(params: Params, strength: float, ratio: float) -> Params:
    r"""Compute the gradient of `elastic_net` with respect to every parameter.

    .. math:: \frac{\partial P}{\partial w_j} =
        \lambda \bigl( r \, \mathrm{sign}(w_j) + 2 (1 - r) w_j \bigr)

    Parameters
    ----------
    params : dict of str to ndarray, float64 or float32
        Parameters by name.
    strength : float
        Strength :math:`\lambda \ge 0` of the whole penalty.
    ratio : float
        Share :math:`r` of the L1 penalty, from 0 to 1.

    Returns
    -------
    dict of str to ndarray
        Under each name of `params` a new array of the same shape: the slope, zeros for a bias.

    Raises
    ------
    ValueError
        If `ratio` is less than 0 or more than 1.

    Examples
    --------
    >>> elastic_net_backward({"weights": np.array([[3.0, -1.0]])}, 0.5, 0.25)
    {'weights': array([[ 2.375, -0.875]])}
    """
    require_share("ratio", ratio)
    # SOLUTION
    absolute = l1_penalty_backward(params, strength * ratio)
    squared = l2_penalty_backward(params, strength * (1 - ratio))
    return {name: absolute[name] + squared[name] for name in params}


def dropout(
    x: FloatArray, p: float, rng: np.random.Generator, training: bool
) -> tuple[FloatArray, FloatArray]:
    r"""Drop elements at random and scale up the others: inverted dropout [1]_.

    .. math:: y_j = \frac{m_j x_j}{1 - p}, \qquad
        m_j = \begin{cases} 0 & \text{with probability } p \\ 1 & \text{otherwise} \end{cases}

    Parameters
    ----------
    x : ndarray of any shape, float64 or float32
        Input :math:`x`. Integers become float64.
    p : float
        Probability :math:`p`, from 0 to 1, that an element is *dropped*.
    rng : numpy.random.Generator
        Source of the mask, drawn for each element by itself, anew with every call.
    training : bool
        Whether to drop. At test time the output is the input.

    Returns
    -------
    output : ndarray of the shape of `x`
        Expected value `x`, unless `p` is 1: then nothing is kept, and the output is 0.
    mask : ndarray of the shape and dtype of the output
        The mask :math:`m`, unscaled: 1 for elements that are kept and 0 for the others; at test
        time all ones.

    Raises
    ------
    ValueError
        If `p` is less than 0 or more than 1.

    References
    ----------
    .. [1] N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov, "Dropout: a
       simple way to prevent neural networks from overfitting", JMLR 15 (2014) 1929-1958, who scale
       at test time; that is `dropout_classic`.

    Examples
    --------
    >>> x = np.array([2.0, 4.0, 6.0])
    >>> output, mask = dropout(x, 0.75, np.random.default_rng(0), training=True)
    >>> bool((output == 4 * mask * x).all())
    True
    >>> dropout(x, 0.75, np.random.default_rng(0), training=False)
    (array([2., 4., 6.]), array([1., 1., 1.]))
    """
    require_share("p", p)
    # SOLUTION
    x = as_float(x)
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p).astype(x.dtype)
    scale = 1 / (1 - p) if p < 1 else 0.0
    return scale * mask * x, mask


def dropout_backward(dout: FloatArray, mask: FloatArray, p: float) -> FloatArray:
    r"""Compute the gradient of `dropout` in training, with respect to its input.

    .. math:: \frac{\partial L}{\partial x_j} = \frac{m_j}{1 - p} \frac{\partial L}{\partial y_j}

    Parameters
    ----------
    dout : ndarray of any shape, float64 or float32
        Gradient of the loss with respect to the output :math:`y`. Integers become float64.
    mask : ndarray of the shape of `dout`
        The mask :math:`m` that `dropout` returned: 1 for elements that were kept, 0 for the others.
    p : float
        The probability of being dropped, as it was in `dropout`.

    Returns
    -------
    ndarray of the shape of `dout`
        Gradient with respect to the input, a new array; zeros if `p` is 1.

    Raises
    ------
    ValueError
        If `dout` and `mask` differ in shape, also where they would broadcast, or `p` is less than
        0 or more than 1.

    Examples
    --------
    >>> dropout_backward(np.array([1.0, -2.0]), np.array([0.0, 1.0]), 0.75)
    array([ 0., -8.])
    """
    require_share("p", p)
    # SOLUTION
    if dout.shape != mask.shape:
        raise ValueError(f"dout has shape {dout.shape}, mask {mask.shape}")
    scale = 1 / (1 - p) if p < 1 else 0.0
    return scale * mask * dout


def dropout_classic(
    x: FloatArray, p: float, rng: np.random.Generator, training: bool
) -> tuple[FloatArray, FloatArray]:
    r"""Drop elements at random, and scale all of them down at test time instead [1]_.

    .. math:: y_j = \begin{cases} m_j x_j & \text{in training} \\
        (1 - p) x_j & \text{at test time} \end{cases}

    Parameters
    ----------
    x : ndarray of any shape, float64 or float32
        Input :math:`x`. Integers become float64.
    p : float
        Probability :math:`p`, from 0 to 1, that an element is *dropped*.
    rng : numpy.random.Generator
        Source of the mask, drawn for each element by itself, anew with every call.
    training : bool
        Whether to drop; otherwise every element is kept and scaled.

    Returns
    -------
    output : ndarray of the shape of `x`
        In training on average what it is at test time.
    mask : ndarray of the shape and dtype of the output
        The mask :math:`m`: 1 for elements that are kept and 0 for the others; at test time all
        ones. The pair is that of `dropout`.

    Raises
    ------
    ValueError
        If `p` is less than 0 or more than 1.

    References
    ----------
    .. [1] N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever and R. Salakhutdinov, "Dropout: a
       simple way to prevent neural networks from overfitting", JMLR 15 (2014) 1929-1958.

    Examples
    --------
    >>> dropout_classic(np.array([2.0, 4.0]), 0.75, np.random.default_rng(0), training=False)
    (array([0.5, 1. ]), array([1., 1.]))
    """
    require_share("p", p)
    # SOLUTION
    x = as_float(x)
    if not training:
        return (1 - p) * x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p).astype(x.dtype)
    return mask * x, mask
