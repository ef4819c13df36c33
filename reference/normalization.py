"""Batch and layer normalisation, each with its gradient.

Both shift and scale numbers to mean 0 and variance 1, then let the network undo it by a learned
`gamma` and `beta` per feature. They differ in what is averaged: a feature over the batch, or an
example over its features. Float32 stays float32, integers become float64, arguments are left alone.
"""

import numpy as np

from reference.arrays import FloatArray, Params, as_float


def require_features(x: FloatArray, **vectors: FloatArray) -> None:
    """Refuse a batch that is no table, and vectors that do not hold one number per feature.

    Parameters
    ----------
    x : ndarray of shape (N, D)
        One example a row, with at least one row and one column.
    **vectors : ndarray of shape (D,)
        What belongs to the features, by name.

    Raises
    ------
    ValueError
        If a shape does not fit, also where numpy would broadcast it.

    Examples
    --------
    >>> require_features(np.zeros((4, 3)), gamma=np.ones(4))
    Traceback (most recent call last):
    ValueError: gamma holds one number per feature, shape (3,), not (4,)
    """
    shape = np.shape(x)
    if len(shape) != 2 or 0 in shape:
        raise ValueError(f"expected one row per example, shape (N, D), not {shape}")
    for name, vector in vectors.items():
        if np.shape(vector) != shape[1:]:
            raise ValueError(
                f"{name} holds one number per feature, shape {shape[1:]}, not {np.shape(vector)}"
            )


def batchnorm(
    x: FloatArray,
    gamma: FloatArray,
    beta: FloatArray,
    running: Params,
    training: bool,
    momentum: float = 0.9,
    eps: float = 1e-5,
) -> tuple[FloatArray, Params]:
    r"""Normalise every feature over the batch [1]_.

    .. math:: y_{id} = \gamma_d \frac{x_{id} - \mu_d}{\sqrt{v_d + \epsilon}} + \beta_d

    In training :math:`\mu_d` and :math:`v_d` are mean and variance of the batch, and the running
    statistics move towards them, :math:`r \leftarrow m r + (1 - m) s` for either statistic
    :math:`s`. In inference :math:`\mu_d` and :math:`v_d` are the running statistics.

    Parameters
    ----------
    x : ndarray of shape (N, D), float64 or float32
        One example a row. Integers become float64.
    gamma, beta : ndarray of shape (D,)
        Scale :math:`\gamma` and shift :math:`\beta` of each feature, in both modes.
    running : dict of str to ndarray of shape (D,)
        The running statistics :math:`r`: ``mean`` and ``var``.
    training : bool
        True in training, False in inference.
    momentum : float
        Weight :math:`m` of the old statistics.
    eps : float
        Guard :math:`\epsilon` against division by 0, added to the variance, inside the root.

    Returns
    -------
    y : ndarray of shape (N, D)
        The normalised batch, a new array.
    running : dict of str to ndarray of shape (D,)
        A new dictionary: the running statistics after this batch; in inference the same values.

    Raises
    ------
    ValueError
        If `x` is no table, or a vector does not hold one number per feature.

    Notes
    -----
    The variance is the biased one, divided by :math:`N`, in the output and in the running
    statistics alike, and the latter hold no `eps`. PyTorch weighs the *new* statistics with its
    ``momentum`` and keeps the unbiased variance. The mean is subtracted before anything is
    squared: :math:`E[x^2] - E[x]^2` loses all digits where the mean is large.

    References
    ----------
    .. [1] S. Ioffe and C. Szegedy, "Batch normalization: accelerating deep network training by
       reducing internal covariate shift", ICML 2015.

    Examples
    --------
    >>> x, running = np.array([[1.0], [5.0]]), {"mean": np.zeros(1), "var": np.ones(1)}
    >>> y, running = batchnorm(x, np.array([2.0]), np.array([10.0]), running, True, eps=0.0)
    >>> y.ravel(), running["mean"].round(6), running["var"].round(6)
    (array([ 8., 12.]), array([0.3]), array([1.3]))
    """
    require_features(x, gamma=gamma, beta=beta, mean=running["mean"], var=running["var"])
    x = as_float(x)
    # SOLUTION
    if training:
        mean, var = x.mean(axis=0), x.var(axis=0)
        updated = {
            "mean": momentum * running["mean"] + (1 - momentum) * mean,
            "var": momentum * running["var"] + (1 - momentum) * var,
        }
    else:
        mean, var = running["mean"], running["var"]
        updated = {"mean": mean, "var": var}
    normalized = (x - mean) / np.sqrt(var + eps)
    return gamma * normalized + beta, updated


def batchnorm_backward(
    dout: FloatArray, x: FloatArray, gamma: FloatArray, eps: float = 1e-5
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Compute the gradients of `batchnorm` in training, where mean and variance depend on `x`.

    .. math::
        \frac{\partial L}{\partial \gamma_d} &= \sum_i g_{id} \hat x_{id}, \qquad
        \frac{\partial L}{\partial \beta_d} = \sum_i g_{id}, \\
        \frac{\partial L}{\partial x_{id}} &= \frac{1}{\sqrt{v_d + \epsilon}} \Bigl(
            \hat g_{id} - \frac{1}{N} \sum_j \hat g_{jd}
            - \hat x_{id} \frac{1}{N} \sum_j \hat g_{jd} \hat x_{jd} \Bigr),
        \qquad \hat g_{id} = \gamma_d g_{id}

    Parameters
    ----------
    dout : ndarray of shape (N, D), float64 or float32
        Gradient :math:`g` of the loss with respect to the output.
    x : ndarray of shape (N, D), float64 or float32
        What went in; its normalised form is :math:`\hat x`. Integers become float64.
    gamma : ndarray of shape (D,)
        Scale of each feature.
    eps : float
        The guard :math:`\epsilon` of the forward pass.

    Returns
    -------
    dx : ndarray of shape (N, D)
        Gradient with respect to `x`; each of its columns sums to 0.
    dgamma, dbeta : ndarray of shape (D,)
        Gradients with respect to scale and shift. The running statistics have none.

    Raises
    ------
    ValueError
        If `dout` has not the shape of `x`, or `gamma` does not hold one number per feature.

    Examples
    --------
    >>> x = np.array([[1.0], [1.0], [5.0], [5.0]])
    >>> dout = np.array([[1.0], [0.0], [0.0], [0.0]])
    >>> dx, dgamma, dbeta = batchnorm_backward(dout, x, np.array([2.0]), eps=0.0)
    >>> dx.ravel(), dgamma, dbeta
    (array([ 0.5, -0.5,  0. ,  0. ]), array([-1.]), array([1.]))
    """
    require_features(x, gamma=gamma)
    dout, x = as_float(dout), as_float(x)
    if dout.shape != x.shape:
        raise ValueError(f"dout has shape {dout.shape}, x {x.shape}")
    # SOLUTION
    std = np.sqrt(x.var(axis=0) + eps)
    normalized = (x - x.mean(axis=0)) / std
    dgamma = (dout * normalized).sum(axis=0)
    dbeta = dout.sum(axis=0)
    scaled = gamma * dout
    by_mean = scaled.mean(axis=0)
    by_var = normalized * (scaled * normalized).mean(axis=0)
    return (scaled - by_mean - by_var) / std, dgamma, dbeta


def layernorm(x: FloatArray, gamma: FloatArray, beta: FloatArray, eps: float = 1e-5) -> FloatArray:
    r"""Normalise every example over its features [1]_.

    .. math:: y_{id} = \gamma_d \frac{x_{id} - \mu_i}{\sqrt{v_i + \epsilon}} + \beta_d

    Mean :math:`\mu_i` and variance :math:`v_i` are those of row :math:`i`, in training and in
    inference alike: no example knows of another, and there is nothing to remember.

    Parameters
    ----------
    x : ndarray of shape (N, D), float64 or float32
        One example a row. Integers become float64.
    gamma, beta : ndarray of shape (D,)
        Scale :math:`\gamma` and shift :math:`\beta`, one of each per feature, not per example.
    eps : float
        Guard :math:`\epsilon` against division by 0, added to the variance, inside the root.

    Returns
    -------
    ndarray of shape (N, D)
        The normalised examples, a new array. The variance is the biased one, divided by
        :math:`D`.

    Raises
    ------
    ValueError
        If `x` is no table, or a vector does not hold one number per feature.

    References
    ----------
    .. [1] J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", arXiv:1607.06450 (2016).

    Examples
    --------
    >>> x = np.array([[1.0, 1.0, 5.0, 5.0]])
    >>> layernorm(x, np.array([2.0, 1.0, 1.0, 1.0]), np.array([0.0, 0.0, 0.0, 10.0]), eps=0.0)
    array([[-2., -1.,  1., 11.]])
    """
    require_features(x, gamma=gamma, beta=beta)
    x = as_float(x)
    # SOLUTION
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    normalized: FloatArray = (x - mean) / np.sqrt(var + eps)
    return gamma * normalized + beta


def layernorm_backward(
    dout: FloatArray, x: FloatArray, gamma: FloatArray, eps: float = 1e-5
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Compute the gradients of `layernorm`.

    .. math::
        \frac{\partial L}{\partial \gamma_d} &= \sum_i g_{id} \hat x_{id}, \qquad
        \frac{\partial L}{\partial \beta_d} = \sum_i g_{id}, \\
        \frac{\partial L}{\partial x_{id}} &= \frac{1}{\sqrt{v_i + \epsilon}} \Bigl(
            \hat g_{id} - \frac{1}{D} \sum_k \hat g_{ik}
            - \hat x_{id} \frac{1}{D} \sum_k \hat g_{ik} \hat x_{ik} \Bigr),
        \qquad \hat g_{id} = \gamma_d g_{id}

    Parameters
    ----------
    dout : ndarray of shape (N, D), float64 or float32
        Gradient :math:`g` of the loss with respect to the output.
    x : ndarray of shape (N, D), float64 or float32
        What went in; its normalised form is :math:`\hat x`. Integers become float64.
    gamma : ndarray of shape (D,)
        Scale of each feature. It differs within a row, and so stays inside the means.
    eps : float
        The guard :math:`\epsilon` of the forward pass.

    Returns
    -------
    dx : ndarray of shape (N, D)
        Gradient with respect to `x`; each of its rows sums to 0.
    dgamma, dbeta : ndarray of shape (D,)
        Gradients with respect to scale and shift: sums over the examples.

    Raises
    ------
    ValueError
        If `dout` has not the shape of `x`, or `gamma` does not hold one number per feature.

    Examples
    --------
    >>> x, dout = np.array([[1.0, 1.0, 5.0, 5.0]]), np.array([[1.0, 0.0, 2.0, 0.0]])
    >>> dx, dgamma, dbeta = layernorm_backward(dout, x, np.array([2.0, 1.0, 1.0, 1.0]), eps=0.0)
    >>> dx
    array([[ 0.5, -0.5,  0.5, -0.5]])
    >>> dgamma, dbeta
    (array([-1.,  0.,  2.,  0.]), array([1., 0., 2., 0.]))
    """
    require_features(x, gamma=gamma)
    dout, x = as_float(dout), as_float(x)
    if dout.shape != x.shape:
        raise ValueError(f"dout has shape {dout.shape}, x {x.shape}")
    # SOLUTION
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    normalized = (x - x.mean(axis=1, keepdims=True)) / std
    dgamma = (dout * normalized).sum(axis=0)
    dbeta = dout.sum(axis=0)
    scaled = gamma * dout
    by_mean = scaled.mean(axis=1, keepdims=True)
    by_var = normalized * (scaled * normalized).mean(axis=1, keepdims=True)
    return (scaled - by_mean - by_var) / std, dgamma, dbeta
