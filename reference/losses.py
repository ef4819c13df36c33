"""Losses and their gradients: what the training of a network makes small.

A loss is a mean and returns one float; its ``_backward`` returns the gradient of that mean.
Floating arrays keep their dtype, integers become float64 first, and no argument is modified.
"""

import numpy as np

from reference.arrays import FloatArray, IntArray, as_float, require_rows


def mse(pred: FloatArray, target: FloatArray) -> float:
    r"""Compute the mean squared error.

    .. math:: L = \frac{1}{M} \sum_{j=1}^{M} (p_j - t_j)^2

    Parameters
    ----------
    pred, target : ndarray of one shape, float64 or float32
        Predictions :math:`p` and targets :math:`t`. Integers become float64 before they are
        subtracted: ``uint8`` would wrap around.

    Returns
    -------
    float
        Mean over all :math:`M` elements, without a factor ½, in squared units of `pred`.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast: ``(N, 1)`` against ``(N,)``.

    Examples
    --------
    >>> mse(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    2.0
    """
    pred, target = as_float(pred), as_float(target)
    if pred.shape != target.shape:
        raise ValueError(f"pred has shape {pred.shape}, target {target.shape}")
    error = pred - target
    return float((error**2).mean())


def mse_backward(pred: FloatArray, target: FloatArray) -> FloatArray:
    r"""Compute the gradient of `mse` with respect to `pred`.

    .. math:: \frac{\partial L}{\partial p_j} = \frac{2}{M} (p_j - t_j)

    Parameters
    ----------
    pred, target : ndarray of one shape, float64 or float32
        Predictions and targets. Integers become float64 before they are subtracted.

    Returns
    -------
    ndarray of the shape of `pred`
        Gradient of the mean over all :math:`M` elements; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> mse_backward(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    array([ 0., -2.])
    """
    pred, target = as_float(pred), as_float(target)
    if pred.shape != target.shape:
        raise ValueError(f"pred has shape {pred.shape}, target {target.shape}")
    return 2 * (pred - target) / pred.size


def mae(pred: FloatArray, target: FloatArray) -> float:
    r"""Compute the mean absolute error.

    .. math:: L = \frac{1}{M} \sum_{j=1}^{M} |p_j - t_j|

    Parameters
    ----------
    pred, target : ndarray of one shape, float64 or float32
        Predictions :math:`p` and targets :math:`t`. Integers become float64 before they are
        subtracted: ``uint8`` would wrap around.

    Returns
    -------
    float
        Mean over all :math:`M` elements, in units of `pred`.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast: ``(N, 1)`` against ``(N,)``.

    Examples
    --------
    >>> mae(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    1.0
    """
    pred, target = as_float(pred), as_float(target)
    if pred.shape != target.shape:
        raise ValueError(f"pred has shape {pred.shape}, target {target.shape}")
    error = pred - target
    return float(np.abs(error).mean())


def mae_backward(pred: FloatArray, target: FloatArray) -> FloatArray:
    r"""Compute the gradient of `mae` with respect to `pred`.

    .. math:: \frac{\partial L}{\partial p_j} = \frac{1}{M} \mathrm{sign}(p_j - t_j)

    Parameters
    ----------
    pred, target : ndarray of one shape, float64 or float32
        Predictions and targets. Integers become float64 before they are subtracted.

    Returns
    -------
    ndarray of the shape of `pred`
        Gradient of the mean over all :math:`M` elements; float32 in, float32 out. The
        subgradient at a perfect prediction is ``sign(0) = 0``.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> mae_backward(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    array([ 0. , -0.5])
    """
    pred, target = as_float(pred), as_float(target)
    if pred.shape != target.shape:
        raise ValueError(f"pred has shape {pred.shape}, target {target.shape}")
    return np.sign(pred - target) / pred.size


def huber(pred: FloatArray, target: FloatArray, delta: float = 1.0) -> float:
    r"""Compute the mean Huber loss: squared near the target, linear far from it [1]_.

    .. math::
        L = \frac{1}{M} \sum_{j=1}^{M} \begin{cases}
            \frac{1}{2} e_j^2 & e_j \le \delta \\
            \delta (e_j - \frac{1}{2} \delta) & e_j > \delta
        \end{cases}
        \qquad e_j = |p_j - t_j|

    Parameters
    ----------
    pred, target : ndarray of one shape, float64 or float32
        Predictions :math:`p` and targets :math:`t`. Integers become float64 before they are
        subtracted: ``uint8`` would wrap around.
    delta : float
        Error :math:`\delta > 0` at which the parabola becomes a line of the same slope.

    Returns
    -------
    float
        Mean over all :math:`M` elements.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast: ``(N, 1)`` against ``(N,)``.

    References
    ----------
    .. [1] P. J. Huber, "Robust estimation of a location parameter", Annals of Mathematical
       Statistics 35 (1964) 73-101.

    Examples
    --------
    >>> huber(np.array([0.0, 1.0, 5.0]), np.array([0.0, 0.0, 1.0]), delta=2.0)  # (0 + 0.5 + 6) / 3
    2.1666666666666665
    """
    pred, target = as_float(pred), as_float(target)
    if pred.shape != target.shape:
        raise ValueError(f"pred has shape {pred.shape}, target {target.shape}")
    error = np.abs(pred - target)
    parabola = 0.5 * error**2
    line = delta * (error - 0.5 * delta)
    return float(np.where(error <= delta, parabola, line).mean())


def huber_backward(pred: FloatArray, target: FloatArray, delta: float = 1.0) -> FloatArray:
    r"""Compute the gradient of `huber` with respect to `pred`.

    .. math:: \frac{\partial L}{\partial p_j} = \frac{1}{M} \max(-\delta, \min(\delta, p_j - t_j))

    Parameters
    ----------
    pred, target : ndarray of one shape, float64 or float32
        Predictions and targets. Integers become float64 before they are subtracted.
    delta : float
        Error :math:`\delta > 0` beyond which the slope no longer grows.

    Returns
    -------
    ndarray of the shape of `pred`
        Gradient of the mean over all :math:`M` elements; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Examples
    --------
    >>> huber_backward(np.array([1.0, 5.0]), np.array([0.0, 1.0]), delta=2.0)
    array([0.5, 1. ])
    """
    pred, target = as_float(pred), as_float(target)
    if pred.shape != target.shape:
        raise ValueError(f"pred has shape {pred.shape}, target {target.shape}")
    return np.clip(pred - target, -delta, delta) / pred.size


def binary_cross_entropy(logits: FloatArray, labels: FloatArray) -> float:
    r"""Compute the mean cross-entropy of yes-or-no labels, from logits.

    .. math:: L = -\frac{1}{M} \sum_j y_j \log \sigma(z_j) + (1 - y_j) \log (1 - \sigma(z_j))

    Parameters
    ----------
    logits : ndarray of any shape, float64 or float32
        Log-odds :math:`z` of the label 1. Integers become float64.
    labels : ndarray of the shape of `logits`
        Labels :math:`y`: 0 or 1, or probabilities between them. Integers become float64.

    Returns
    -------
    float
        Mean over all :math:`M` elements, in nats.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast: ``(N, 1)`` against ``(N,)``.

    Notes
    -----
    Where :math:`\sigma(z)` rounds to 0 or 1 its logarithm is lost. The same loss reads
    :math:`\max(z, 0) - y z + \log(1 + e^{-|z|})`, whose exponent is never positive.

    Examples
    --------
    >>> binary_cross_entropy(np.array([0.0, 1e4]), np.array([1, 0]))  # (log 2 + 10000) / 2
    5000.34657359028
    """
    logits, labels = as_float(logits), as_float(labels)
    if logits.shape != labels.shape:
        raise ValueError(f"logits has shape {logits.shape}, labels {labels.shape}")
    losses = np.maximum(logits, 0) - labels * logits + np.log1p(np.exp(-np.abs(logits)))
    return float(losses.mean())


def binary_cross_entropy_backward(logits: FloatArray, labels: FloatArray) -> FloatArray:
    r"""Compute the gradient of `binary_cross_entropy` with respect to `logits`.

    .. math:: \frac{\partial L}{\partial z_j} = \frac{1}{M} (\sigma(z_j) - y_j)

    Parameters
    ----------
    logits : ndarray of any shape, float64 or float32
        Log-odds :math:`z` of the label 1. Integers become float64.
    labels : ndarray of the shape of `logits`
        Labels :math:`y`: 0 or 1, or probabilities between them. Integers become float64, and
        the gradient with them.

    Returns
    -------
    ndarray of the shape of `logits`
        Gradient of the mean over all :math:`M` elements; float32 logits and labels, float32 out.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast.

    Notes
    -----
    :math:`\sigma(z)` is :math:`1 / (1 + e^{-z})` for :math:`z \ge 0` and
    :math:`e^z / (1 + e^z)` below: no exponent is positive, and no exponential overflows.

    Examples
    --------
    >>> binary_cross_entropy_backward(np.array([0.0, -1e4]), np.array([1, 0]))
    array([-0.25,  0.  ])
    """
    logits, labels = as_float(logits), as_float(labels)
    if logits.shape != labels.shape:
        raise ValueError(f"logits has shape {logits.shape}, labels {labels.shape}")
    probs: FloatArray = np.exp(np.minimum(logits, 0)) / (1 + np.exp(-np.abs(logits)))
    return (probs - labels) / logits.size


def cross_entropy(probs: FloatArray, labels: IntArray) -> float:
    r"""Compute the mean cross-entropy of a batch, from probabilities.

    .. math:: L = -\frac{1}{N} \sum_{i=1}^{N} \log p_{i, y_i}

    Parameters
    ----------
    probs : ndarray of shape (N, K), float64 or float32
        Probabilities :math:`p`, one row per example. Integers become float64.
    labels : ndarray of shape (N,), int64
        Index of the true class :math:`y_i`, each in ``[0, K)``.

    Returns
    -------
    float
        Mean over the :math:`N` examples, in nats. A probability of 0 costs nothing for a wrong
        class, and infinity (with numpy's warning) for the true one: no ``eps`` caps the loss.

    Raises
    ------
    ValueError
        If ``labels`` does not hold one class index per row of ``probs``.

    Examples
    --------
    >>> round(cross_entropy(np.array([[0.5, 0.5], [0.0, 1.0]]), np.array([0, 1])), 6)  # log(2) / 2
    0.346574
    """
    require_rows(probs, labels)
    # SOLUTION
    true_probs = as_float(probs)[np.arange(len(labels)), labels]
    return float(-np.log(true_probs).mean())


def cross_entropy_backward(probs: FloatArray, labels: IntArray) -> FloatArray:
    r"""Compute the gradient of `cross_entropy` with respect to `probs`.

    .. math:: \frac{\partial L}{\partial p_{ik}} = -\frac{[k = y_i]}{N \, p_{ik}}

    Parameters
    ----------
    probs : ndarray of shape (N, K), float64 or float32
        Probabilities, one row per example, each a free variable. Integers become float64.
    labels : ndarray of shape (N,), int64
        Index of the true class :math:`y_i`, each in ``[0, K)``.

    Returns
    -------
    ndarray of shape (N, K)
        Gradient of the mean loss, 0 for every wrong class; float32 in, float32 out.

    Raises
    ------
    ValueError
        If ``labels`` does not hold one class index per row of ``probs``.

    Examples
    --------
    >>> cross_entropy_backward(np.array([[0.5, 0.5], [0.0, 1.0]]), np.array([0, 1]))
    array([[-1. ,  0. ],
           [ 0. , -0.5]])
    """
    require_rows(probs, labels)
    # SOLUTION
    probs = as_float(probs)
    rows = np.arange(len(labels))
    dprobs = np.zeros_like(probs)
    dprobs[rows, labels] = -1 / (len(labels) * probs[rows, labels])
    return dprobs


def softmax_cross_entropy(logits: FloatArray, labels: IntArray) -> float:
    r"""Compute the mean softmax cross-entropy of a batch.

    .. math:: L = -\frac{1}{N} \sum_{i=1}^{N} \log \mathrm{softmax}(z_i)_{y_i}

    Parameters
    ----------
    logits : ndarray of shape (N, K), float64 or float32
        Unnormalised log-probabilities :math:`z`, one row per example. Integers become float64.
    labels : ndarray of shape (N,), int64
        Index of the true class :math:`y_i`, each in ``[0, K)``.

    Returns
    -------
    float
        Mean over the :math:`N` examples, in nats.

    Raises
    ------
    ValueError
        If ``labels`` does not hold one class index per row of ``logits``.

    Notes
    -----
    The largest logit of each row is subtracted first, and the logarithm is never taken of a
    probability: a gap of 1000 between two logits costs 1000 and not infinity.

    Examples
    --------
    >>> round(softmax_cross_entropy(np.zeros((2, 4)), np.array([0, 3])), 6)  # log 4
    1.386294
    """
    require_rows(logits, labels)
    # SOLUTION
    logits = as_float(logits)
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-log_probs[np.arange(len(labels)), labels].mean())


def softmax_cross_entropy_backward(logits: FloatArray, labels: IntArray) -> FloatArray:
    r"""Compute the gradient of `softmax_cross_entropy` with respect to `logits`.

    .. math:: \frac{\partial L}{\partial z_{ik}} = \frac{1}{N}
        \left( \mathrm{softmax}(z_i)_k - [k = y_i] \right)

    Parameters
    ----------
    logits : ndarray of shape (N, K), float64 or float32
        Unnormalised log-probabilities :math:`z`, one row per example. Integers become float64.
    labels : ndarray of shape (N,), int64
        Index of the true class :math:`y_i`, each in ``[0, K)``.

    Returns
    -------
    ndarray of shape (N, K)
        Gradient of the mean loss; every row sums to 0. float32 in, float32 out.

    Raises
    ------
    ValueError
        If ``labels`` does not hold one class index per row of ``logits``.

    Examples
    --------
    >>> softmax_cross_entropy_backward(np.zeros((1, 4)), np.array([3]))
    array([[ 0.25,  0.25,  0.25, -0.75]])
    """
    require_rows(logits, labels)
    # SOLUTION
    logits = as_float(logits)
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    dlogits: FloatArray = exps / exps.sum(axis=1, keepdims=True)
    dlogits[np.arange(len(labels)), labels] -= 1
    return dlogits / len(labels)


def hinge(scores: FloatArray, labels: IntArray, margin: float = 1.0) -> float:
    r"""Compute the mean hinge loss of a multiclass support vector machine [1]_.

    .. math:: L = \frac{1}{N} \sum_{i=1}^{N} \sum_{j \ne y_i} \max(0, s_{ij} - s_{i y_i} + \Delta)

    Parameters
    ----------
    scores : ndarray of shape (N, K), float64 or float32
        Scores :math:`s`, one row per example. Integers become float64.
    labels : ndarray of shape (N,), int64
        Index of the true class :math:`y_i`, each in ``[0, K)``.
    margin : float
        Lead :math:`\Delta` that the true class needs over every other one.

    Returns
    -------
    float
        Sum over the wrong classes, mean over the :math:`N` examples, in units of `scores`.

    Raises
    ------
    ValueError
        If ``labels`` does not hold one class index per row of ``scores``.

    References
    ----------
    .. [1] J. Weston and C. Watkins, "Support vector machines for multi-class pattern
       recognition", ESANN 1999, 219-224.

    Examples
    --------
    >>> hinge(np.array([[3.0, 5.0, 0.0]]), np.array([0]))  # 5 - 3 + 1
    3.0
    """
    require_rows(scores, labels)
    # SOLUTION
    scores = as_float(scores)
    rows = np.arange(len(labels))
    true_scores = scores[rows, labels][:, np.newaxis]
    losses = np.maximum(0, scores - true_scores + margin)
    losses[rows, labels] = 0
    return float(losses.sum() / len(labels))


def hinge_backward(scores: FloatArray, labels: IntArray, margin: float = 1.0) -> FloatArray:
    r"""Compute the gradient of `hinge` with respect to `scores`.

    .. math:: \frac{\partial L}{\partial s_{ij}} = \frac{1}{N} [s_{ij} - s_{i y_i} + \Delta > 0]
        \quad (j \ne y_i), \qquad
        \frac{\partial L}{\partial s_{i y_i}} = -\sum_{j \ne y_i} \frac{\partial L}{\partial s_{ij}}

    Parameters
    ----------
    scores : ndarray of shape (N, K), float64 or float32
        Scores :math:`s`, one row per example. Integers become float64.
    labels : ndarray of shape (N,), int64
        Index of the true class :math:`y_i`, each in ``[0, K)``.
    margin : float
        Lead :math:`\Delta` that the true class needs over every other one.

    Returns
    -------
    ndarray of shape (N, K)
        Gradient of the mean loss; every row sums to 0. float32 in, float32 out. The subgradient
        of a class exactly at its margin is 0.

    Raises
    ------
    ValueError
        If ``labels`` does not hold one class index per row of ``scores``.

    Examples
    --------
    >>> hinge_backward(np.array([[3.0, 5.0, 2.0]]), np.array([0]))
    array([[-1.,  1.,  0.]])
    """
    require_rows(scores, labels)
    # SOLUTION
    scores = as_float(scores)
    rows = np.arange(len(labels))
    true_scores = scores[rows, labels][:, np.newaxis]
    violated = scores - true_scores + margin > 0
    violated[rows, labels] = False
    dscores: FloatArray = violated.astype(scores.dtype)
    dscores[rows, labels] = -violated.sum(axis=1)
    return dscores / len(labels)
