"""Information: how surprising events are, and how much one variable tells about another."""

import numpy as np

from reference.arrays import FloatArray, require_distribution


def entropy(p: FloatArray, base: float = 2.0) -> float:
    r"""Compute the entropy of a distribution [1]_.

    .. math:: H(p) = -\sum_{x : p(x) > 0} p(x) \log_b p(x)

    Parameters
    ----------
    p : ndarray of any shape, float64
        Probabilities; a joint table gives the joint entropy.
    base : float
        Base :math:`b > 1` of the logarithm: 2 for bits, ``np.e`` for nats.

    Returns
    -------
    float
        Mean surprise, in bits by default. Impossible events add nothing: :math:`0 \log 0 = 0`.

    Raises
    ------
    ValueError
        If an entry of `p` is negative or the table does not sum to 1.

    References
    ----------
    .. [1] C. E. Shannon, "A mathematical theory of communication", Bell System Technical
       Journal 27 (1948) 379-423.

    Examples
    --------
    >>> entropy(np.array([0.5, 0.25, 0.25, 0.0]))
    1.5
    >>> entropy(np.array([1.0, 0.0]))
    0.0
    """
    p = require_distribution(p)
    positive = p[p > 0]
    # 0 - x, for -x would make the entropy of a certain event -0.0
    return float(0 - (positive * np.log(positive)).sum() / np.log(base))


def relative_entropy(p: FloatArray, q: FloatArray, base: float = 2.0) -> float:
    r"""Compute the Kullback-Leibler divergence from `q` to `p` [1]_.

    .. math:: D(p \| q) = \sum_{x : p(x) > 0} p(x) \log_b \frac{p(x)}{q(x)}

    Parameters
    ----------
    p, q : ndarray of one shape, float64
        Probabilities: the true distribution, which weighs, and the one assumed in its place.
    base : float
        Base :math:`b > 1` of the logarithm: 2 for bits, ``np.e`` for nats.

    Returns
    -------
    float
        Divergence, in bits by default. Events with :math:`p = 0` add nothing; an event with
        :math:`q = 0 < p` makes it infinite.

    Raises
    ------
    ValueError
        If the shapes differ, an entry is negative or a table does not sum to 1.

    References
    ----------
    .. [1] S. Kullback and R. A. Leibler, "On information and sufficiency", Annals of
       Mathematical Statistics 22 (1951) 79-86.

    Examples
    --------
    >>> relative_entropy(np.array([1.0, 0.0]), np.array([0.25, 0.75]))
    2.0
    >>> relative_entropy(np.array([0.25, 0.75]), np.array([1.0, 0.0]))
    inf
    """
    p, q = require_distribution(p), require_distribution(q)
    if p.shape != q.shape:
        raise ValueError(f"p has shape {p.shape}, q {q.shape}")
    support = p > 0
    with np.errstate(divide="ignore"):  # log 0 is -inf, and is meant to be
        log_ratio = np.log(p[support]) - np.log(q[support])
    return float((p[support] * log_ratio).sum() / np.log(base))


def cross_entropy_bits(p: FloatArray, q: FloatArray) -> float:
    r"""Compute the cross-entropy of two distributions, in bits.

    .. math:: H(p, q) = -\sum_{x : p(x) > 0} p(x) \log_2 q(x) = H(p) + D(p \| q)

    Parameters
    ----------
    p, q : ndarray of one shape, float64
        Probabilities: the true distribution, which weighs, and the one assumed in its place.

    Returns
    -------
    float
        Mean number of bits per event of `p` in the best code for `q`. Events with
        :math:`p = 0` add nothing; an event with :math:`q = 0 < p` makes it infinite.

    Raises
    ------
    ValueError
        If the shapes differ, an entry is negative or a table does not sum to 1.

    Examples
    --------
    >>> cross_entropy_bits(np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.5, 0.25]))
    1.5
    """
    p, q = require_distribution(p), require_distribution(q)
    if p.shape != q.shape:
        raise ValueError(f"p has shape {p.shape}, q {q.shape}")
    support = p > 0
    with np.errstate(divide="ignore"):  # log 0 is -inf, and is meant to be
        log_q = np.log2(q[support])
    return float(0 - (p[support] * log_q).sum())  # 0 - x, for -x could be -0.0


def mutual_information(joint: FloatArray, base: float = 2.0) -> float:
    r"""Compute what two variables tell about each other.

    .. math:: I(X; Y) = H(X) + H(Y) - H(X, Y)

    Parameters
    ----------
    joint : ndarray of shape (J, K), float64
        Joint probabilities: a row per value of :math:`X`, a column per value of :math:`Y`.
    base : float
        Base :math:`b > 1` of the logarithm: 2 for bits, ``np.e`` for nats.

    Returns
    -------
    float
        Mutual information, in bits by default.

    Raises
    ------
    ValueError
        If an entry of `joint` is negative or the table does not sum to 1.

    Notes
    -----
    No mutual information is negative. For independent variables the three entropies cancel,
    and what round-off leaves below 0 (some 1e-16) is returned as 0.

    Examples
    --------
    >>> mutual_information(np.array([[0.5, 0.0], [0.0, 0.5]]))
    1.0
    >>> mutual_information(np.array([[0.25, 0.25], [0.25, 0.25]]))
    0.0
    """
    joint = require_distribution(joint)

    def total_surprise(p: FloatArray) -> float:
        positive = p[p > 0]
        return float(-(positive * np.log(positive)).sum() / np.log(base))

    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    return max(0.0, total_surprise(rows) + total_surprise(columns) - total_surprise(joint))
