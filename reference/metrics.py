"""Metrics: what is reported about a model once it is trained.

The truth is always the first argument and the prediction the second, except for `top_k_accuracy`,
which takes scores like a loss. Classes are labelled 0, 1, 2, ... A share of nothing, 0/0, is 0.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reference.arrays import FloatArray, IntArray, as_float, require_rows


def require_labels(true: ArrayLike, pred: ArrayLike, classes: int | None = None) -> None:
    """Refuse anything but one true and one predicted label for each example.

    Parameters
    ----------
    true, pred : array_like of shape (N,), int64
        Labels: not negative, and below `classes` if that is given.
    classes : int, optional
        Number of classes.

    Raises
    ------
    ValueError
        If the labels are not integers of one shape (N,), if there are none, or one is no class.

    Examples
    --------
    >>> require_labels(np.array([[0], [1]]), np.array([0, 1]))
    Traceback (most recent call last):
    ValueError: expected integer labels of shape (N,), not true as int64 of shape (2, 1)
    """
    for name, labels in (("true", np.asarray(true)), ("pred", np.asarray(pred))):
        if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
            raise ValueError(
                f"expected integer labels of shape (N,), "
                f"not {name} as {labels.dtype} of shape {labels.shape}"
            )
        if labels.shape != np.shape(true) or not labels.size:
            raise ValueError(f"true has {np.size(true)} labels, pred {np.size(pred)}")
        if labels.min() < 0 or (classes is not None and labels.max() >= classes):
            below = "" if classes is None else f" below {classes}"
            raise ValueError(f"expected labels from 0 on{below}, not {name} as {labels}")


def require_average(average: str | None) -> None:
    """Refuse every average but ``"binary"``, ``"macro"``, ``"micro"`` and None.

    Parameters
    ----------
    average : str or None
        How several classes make one number.

    Raises
    ------
    ValueError
        If there is no such average.

    Examples
    --------
    >>> require_average("marco")
    Traceback (most recent call last):
    ValueError: expected the average 'binary', 'macro', 'micro' or None, not 'marco'
    """
    if average not in {"binary", "macro", "micro", None}:
        raise ValueError(
            f"expected the average 'binary', 'macro', 'micro' or None, not {average!r}"
        )


def accuracy(true: IntArray, pred: IntArray | FloatArray) -> float:
    r"""Compute the share of right answers.

    .. math:: \frac{1}{N} \sum_{i=1}^{N} [\hat y_i = y_i]

    Parameters
    ----------
    true : ndarray of shape (N,), int64
        True labels :math:`y`.
    pred : ndarray of shape (N,) or (N, K), int64, float64 or float32
        One of three kinds. Integers of shape (N,) are labels :math:`\hat y`. Floats of shape (N,)
        are probabilities of class 1: from 0.5 on, 0.5 included, the label is 1. A table of shape
        (N, K) with :math:`K \ge 2` has a score for each class: the label is that of the largest
        score in its row, and the lowest of several that are equally large.

    Returns
    -------
    float
        Share of the :math:`N` examples, between 0 and 1.

    Raises
    ------
    ValueError
        If there is not one prediction for each label, also where the shapes would broadcast:
        ``(N, 1)`` against ``(N,)``.

    Examples
    --------
    >>> accuracy(np.array([0, 1, 1, 2]), np.array([0, 1, 2, 2]))
    0.75
    >>> accuracy(np.array([0, 1, 1, 1]), np.array([0.1, 0.5, 0.9, 0.2]))
    0.75
    >>> accuracy(np.array([2, 0]), np.array([[0.1, 0.2, 0.7], [0.3, 0.6, 0.1]]))
    0.5
    """
    labels: NDArray[Any] = np.asarray(pred)
    if labels.ndim == 2 and labels.shape[1] > 1:
        labels = labels.argmax(axis=1)
    elif np.issubdtype(labels.dtype, np.floating):
        labels = labels >= 0.5
    if np.shape(true) != labels.shape:
        raise ValueError(f"true has shape {np.shape(true)}, the predicted labels {labels.shape}")
    return float((labels == true).mean())


def confusion_matrix(true: IntArray, pred: IntArray, classes: int) -> IntArray:
    r"""Count how often each class was taken for each class.

    .. math:: C_{jk} = \sum_{i=1}^{N} [y_i = j] \, [\hat y_i = k]

    Parameters
    ----------
    true, pred : ndarray of shape (N,), int64
        True labels :math:`y` and predicted labels :math:`\hat y`, each in ``[0, classes)``.
    classes : int
        Number of classes :math:`K`, also of those that do not occur.

    Returns
    -------
    ndarray of shape (K, K), int64
        Counts: rows are true classes, columns predicted ones, both in the order of the labels. For
        two classes that is ``[[TN, FP], [FN, TP]]``, with class 1 as the positive one.

    Raises
    ------
    ValueError
        If `true` and `pred` are not labels of the same number of examples.

    Examples
    --------
    >>> confusion_matrix(np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1]), 3)
    array([[1, 2, 0],
           [0, 1, 0],
           [0, 0, 0]])
    """
    require_labels(true, pred, classes)
    # SOLUTION
    counts = np.zeros((classes, classes), dtype=np.int64)
    for row, column in zip(true, pred, strict=True):
        counts[row, column] += 1
    return counts


def precision(true: IntArray, pred: IntArray, average: str | None) -> float | FloatArray:
    r"""Compute the share of hits among the examples that were given a label.

    .. math:: P_k = \frac{TP_k}{TP_k + FP_k}

    Parameters
    ----------
    true, pred : ndarray of shape (N,), int64
        True and predicted labels.
    average : {'binary', 'macro', 'micro', None}
        ``"binary"``: :math:`P_1`, for class 1 against all others. None: :math:`P_k` for each of the
        :math:`C` classes that occur in `true` or in `pred`. ``"macro"``: their mean.
        ``"micro"``: :math:`\sum_k TP_k / \sum_k (TP_k + FP_k)`, over the same classes.

    Returns
    -------
    float, or ndarray of shape (C,), float64, if `average` is None
        Between 0 and 1, in the order of the labels. A label that was never given has the precision
        0/0, which is 0, and counts in the mean.

    Raises
    ------
    ValueError
        If `true` and `pred` are not labels of the same number of examples, or there is no such
        average.

    Examples
    --------
    >>> precision(np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1]), None)
    array([1.        , 0.33333333])
    """
    require_labels(true, pred)
    require_average(average)
    # SOLUTION
    classes = np.array([1]) if average == "binary" else np.union1d(true, pred)
    is_pred = pred == classes[:, np.newaxis]  # one row per class
    hits = (is_pred & (true == pred)).sum(axis=1)
    predicted = is_pred.sum(axis=1)
    if average == "micro":
        hits, predicted = hits.sum(), predicted.sum()
    shares: FloatArray = hits / np.maximum(predicted, 1)  # without predictions there is no hit
    return shares if average is None else float(np.mean(shares))


def recall(true: IntArray, pred: IntArray, average: str | None) -> float | FloatArray:
    r"""Compute the share of hits among the examples that belong to a class.

    .. math:: R_k = \frac{TP_k}{TP_k + FN_k}

    Parameters
    ----------
    true, pred : ndarray of shape (N,), int64
        True and predicted labels.
    average : {'binary', 'macro', 'micro', None}
        ``"binary"``: :math:`R_1`, for class 1 against all others. None: :math:`R_k` for each of the
        :math:`C` classes that occur in `true` or in `pred`. ``"macro"``: their mean.
        ``"micro"``: :math:`\sum_k TP_k / \sum_k (TP_k + FN_k)`, over the same classes.

    Returns
    -------
    float, or ndarray of shape (C,), float64, if `average` is None
        Between 0 and 1, in the order of the labels. A class that was only predicted has the recall
        0/0, which is 0, and counts in the mean.

    Raises
    ------
    ValueError
        If `true` and `pred` are not labels of the same number of examples, or there is no such
        average.

    Examples
    --------
    >>> recall(np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1]), None)
    array([0.33333333, 1.        ])
    """
    require_labels(true, pred)
    require_average(average)
    # SOLUTION
    classes = np.array([1]) if average == "binary" else np.union1d(true, pred)
    is_true = true == classes[:, np.newaxis]  # one row per class
    hits = (is_true & (true == pred)).sum(axis=1)
    actual = is_true.sum(axis=1)
    if average == "micro":
        hits, actual = hits.sum(), actual.sum()
    shares: FloatArray = hits / np.maximum(actual, 1)  # without examples there is no hit
    return shares if average is None else float(np.mean(shares))


def f1(true: IntArray, pred: IntArray, average: str | None) -> float | FloatArray:
    r"""Compute the harmonic mean of precision and recall.

    .. math:: F_k = \frac{2 P_k R_k}{P_k + R_k}

    Parameters
    ----------
    true, pred : ndarray of shape (N,), int64
        True and predicted labels.
    average : {'binary', 'macro', 'micro', None}
        ``"binary"``: :math:`F_1`, for class 1 against all others. None: :math:`F_k` for each of the
        :math:`C` classes that occur in `true` or in `pred`. ``"macro"``: the mean of these.
        ``"micro"``: the harmonic mean of the two micro averages.

    Returns
    -------
    float, or ndarray of shape (C,), float64, if `average` is None
        Between 0 and 1, in the order of the labels. Where precision and recall are both 0, so
        is their harmonic mean, and it counts in the mean over the classes.

    Raises
    ------
    ValueError
        If `true` and `pred` are not labels of the same number of examples, or there is no such
        average.

    Notes
    -----
    The macro average is the mean of the :math:`F_k`. The harmonic mean of the macro precision
    and the macro recall also goes by that name; the two may rank models differently [1]_.

    References
    ----------
    .. [1] J. Opitz and S. Burst, "Macro F1 and macro F1", arXiv:1911.03347 (2019).

    Examples
    --------
    >>> f1(np.array([0, 0, 0, 1]), np.array([0, 1, 1, 1]), None)
    array([0.5, 0.5])
    """
    require_labels(true, pred)
    require_average(average)
    # SOLUTION
    if average in {"binary", "micro"}:
        p, r = precision(true, pred, average), recall(true, pred, average)
        return 2 * p * r / (p + r) if p + r > 0 else 0.0
    classes = np.union1d(true, pred)
    one_against_rest = [((true == k).astype(int), (pred == k).astype(int)) for k in classes]
    each = np.array([f1(*labels, "binary") for labels in one_against_rest])
    return each if average is None else float(each.mean())


def mean_squared_error(true: FloatArray, pred: FloatArray) -> float:
    r"""Compute the mean squared error.

    .. math:: MSE = \frac{1}{M} \sum_{j=1}^{M} (\hat y_j - y_j)^2

    Parameters
    ----------
    true, pred : ndarray of one shape, float64 or float32
        Targets :math:`y` and predictions :math:`\hat y`. Integers become float64 before they are
        subtracted: ``uint8`` would wrap around.

    Returns
    -------
    float
        Mean over all :math:`M` elements, in squared units of `true`.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast: ``(N, 1)`` against ``(N,)``.

    Examples
    --------
    >>> mean_squared_error(np.array([1.0, 4.0]), np.array([1.0, 2.0]))
    2.0
    """
    true, pred = as_float(true), as_float(pred)
    if true.shape != pred.shape:
        raise ValueError(f"true has shape {true.shape}, pred {pred.shape}")
    return float(((pred - true) ** 2).mean())


def mean_absolute_error(true: FloatArray, pred: FloatArray) -> float:
    r"""Compute the mean absolute error.

    .. math:: MAE = \frac{1}{M} \sum_{j=1}^{M} |\hat y_j - y_j|

    Parameters
    ----------
    true, pred : ndarray of one shape, float64 or float32
        Targets :math:`y` and predictions :math:`\hat y`. Integers become float64 before they are
        subtracted: ``uint8`` would wrap around.

    Returns
    -------
    float
        Mean over all :math:`M` elements, in units of `true`.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast: ``(N, 1)`` against ``(N,)``.

    Examples
    --------
    >>> mean_absolute_error(np.array([1.0, 4.0]), np.array([1.0, 2.0]))
    1.0
    """
    true, pred = as_float(true), as_float(pred)
    if true.shape != pred.shape:
        raise ValueError(f"true has shape {true.shape}, pred {pred.shape}")
    return float(np.abs(pred - true).mean())


def root_mean_squared_error(true: FloatArray, pred: FloatArray) -> float:
    r"""Compute the root of the mean squared error.

    .. math:: RMSE = \sqrt{\frac{1}{M} \sum_{j=1}^{M} (\hat y_j - y_j)^2}

    Parameters
    ----------
    true, pred : ndarray of one shape, float64 or float32
        Targets :math:`y` and predictions :math:`\hat y`. Integers become float64 before they are
        subtracted.

    Returns
    -------
    float
        Root of the mean over all :math:`M` elements, in units of `true`.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast: ``(N, 1)`` against ``(N,)``.

    Examples
    --------
    >>> root_mean_squared_error(np.array([1.0, 7.0]), np.array([2.0, 0.0]))  # sqrt((1 + 49) / 2)
    5.0
    """
    if np.shape(true) != np.shape(pred):
        raise ValueError(f"true has shape {np.shape(true)}, pred {np.shape(pred)}")
    # SOLUTION
    return float(np.sqrt(mean_squared_error(true, pred)))


def r2(true: FloatArray, pred: FloatArray) -> float:
    r"""Compute the coefficient of determination.

    .. math:: R^2 = 1 - \frac{\sum_i (\hat y_i - y_i)^2}{\sum_i (y_i - \bar y)^2}

    Parameters
    ----------
    true, pred : ndarray of shape (N,), float64 or float32
        Targets :math:`y`, with mean :math:`\bar y`, and predictions :math:`\hat y`. Integers become
        float64 before they are subtracted.

    Returns
    -------
    float
        At most 1, for predictions without error. 0 is what the constant prediction :math:`\bar y`
        earns, and whatever is worse than that is negative. If all targets are equal there is
        nothing to explain: then 1 for predictions without error and 0 for all others.

    Raises
    ------
    ValueError
        If the shapes differ, also where they would broadcast: ``(N, 1)`` against ``(N,)``.

    Notes
    -----
    It is neither the square of a correlation, which is blind to a wrong scale and a wrong offset,
    nor the explained variance, which is blind to a wrong offset.

    Examples
    --------
    >>> r2(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0]))  # 1 - 1/2
    0.5
    >>> r2(np.array([5.0, 5.0]), np.array([5.0, 6.0]))
    0.0
    """
    true, pred = as_float(true), as_float(pred)
    if true.shape != pred.shape:
        raise ValueError(f"true has shape {true.shape}, pred {pred.shape}")
    unexplained = ((pred - true) ** 2).sum()
    if true.min() == true.max():
        return 1.0 if unexplained == 0 else 0.0
    return float(1 - unexplained / ((true - true.mean()) ** 2).sum())


def top_k_accuracy(scores: FloatArray, labels: IntArray, k: int) -> float:
    r"""Compute the share of examples whose true class is among the `k` best.

    .. math:: \frac{1}{N} \sum_{i=1}^{N} \bigl[ \# \{j : s_{ij} > s_{i y_i}\} < k \bigr]

    Parameters
    ----------
    scores : ndarray of shape (N, K), float64 or float32
        Scores :math:`s`, logits or probabilities, one row per example.
    labels : ndarray of shape (N,), int64
        Index of the true class :math:`y_i`, each in ``[0, K)``.
    k : int
        How many guesses count, at least 1; from K on the share is 1.

    Returns
    -------
    float
        Share of the :math:`N` examples, between 0 and 1.

    Raises
    ------
    ValueError
        If `labels` does not hold one class index per row of `scores`.

    Notes
    -----
    A true class counts if fewer than `k` classes have a strictly greater score. So it gains
    from every tie, and the order of equal scores does not matter. A model whose scores are all
    the same is always right by this rule: look at ties before you trust the number.

    Examples
    --------
    >>> scores = np.array([[0.2, 0.5, 0.3], [0.4, 0.4, 0.2]])
    >>> top_k_accuracy(scores, np.array([2, 1]), 1), top_k_accuracy(scores, np.array([2, 1]), 2)
    (0.5, 1.0)
    """
    require_rows(scores, labels)
    # SOLUTION
    true_scores = scores[np.arange(len(labels)), labels]
    ahead = (scores > true_scores[:, np.newaxis]).sum(axis=1)
    return float((ahead < k).mean())
