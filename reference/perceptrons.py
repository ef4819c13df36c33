"""The perceptron: one artificial neuron, the rule by which it learns, and what it can learn."""

import numpy as np

from reference.arrays import FloatArray, IntArray, as_float


def require_examples(x: FloatArray, labels: IntArray) -> None:
    """Refuse anything but rows with one label, 0 or 1, for each.

    Parameters
    ----------
    x : ndarray of shape (N, D)
        One example per row, at least one.
    labels : ndarray of shape (N,), int64
        The class of each row.

    Raises
    ------
    ValueError
        If `x` is not a table with at least one row, or `labels` does not hold a 0 or a 1 for each.

    Examples
    --------
    >>> require_examples(np.zeros((2, 3)), np.array([1, -1]))
    Traceback (most recent call last):
    ValueError: labels are 0 or 1, not [-1, 1]
    """
    shape, labels = np.shape(x), np.asarray(labels)
    if len(shape) != 2 or shape[0] == 0:
        raise ValueError(f"expected one example per row, shape (N, D), not {shape}")
    if labels.shape != shape[:1] or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"expected one integer label per row, shape ({shape[0]},), "
            f"not {labels.dtype} of shape {labels.shape}"
        )
    if not np.isin(labels, (0, 1)).all():
        raise ValueError(f"labels are 0 or 1, not {np.unique(labels).tolist()}")


def step(z: FloatArray) -> FloatArray:
    r"""Compute the Heaviside step function: 1 from 0 on, and 0 below.

    Parameters
    ----------
    z : ndarray of any shape, float64 or float32
        Integers become float64.

    Returns
    -------
    ndarray of the shape of `z`
        Zeros and ones of the dtype of `z`. The step of 0 is 1, and so is that of -0.0.

    Examples
    --------
    >>> step(np.array([-0.5, 0.0, 2.0]))
    array([0., 1., 1.])
    """
    z = as_float(z)
    return (z >= 0).astype(z.dtype)


def perceptron_predict(x: FloatArray, weights: FloatArray, bias: float) -> IntArray:
    r"""Predict the label of each example with a perceptron.

    .. math:: \hat y_i = \mathrm{step}(x_i \cdot w + b)

    Parameters
    ----------
    x : ndarray of shape (N, D), float64 or float32
        One example per row. Integers will do.
    weights : ndarray of shape (D,), float64 or float32
        One weight :math:`w_j` for each feature.
    bias : float
        What is added to the weighted sum, :math:`b`.

    Returns
    -------
    ndarray of shape (N,), int64
        A 0 or a 1 for each row; 1 on the boundary itself, where the sum is 0.

    Raises
    ------
    ValueError
        If `x` is no table, or `weights` does not hold one number for each of its columns.

    Examples
    --------
    >>> perceptron_predict(np.array([[0.0, 2.0], [1.0, 1.0]]), np.array([2.0, 1.0]), -3.0)
    array([0, 1])
    """
    if np.ndim(x) != 2 or np.shape(weights) != np.shape(x)[1:]:
        raise ValueError(f"x has shape {np.shape(x)}, weights {np.shape(weights)}")
    # SOLUTION
    return step(x @ weights + bias).astype(np.int64)


def perceptron_fit(
    x: FloatArray, labels: IntArray, lr: float, epochs: int
) -> tuple[FloatArray, float, IntArray]:
    r"""Learn the weights of a perceptron from examples, by Rosenblatt's rule [1]_.

    Weights and bias start at 0. Every epoch visits the examples one by one, in the order of the
    rows, predicts the label of each with what was learned so far, and corrects at once:

    .. math:: e = y_i - \mathrm{step}(x_i \cdot w + b), \qquad
        w \leftarrow w + \eta\, e\, x_i, \qquad b \leftarrow b + \eta\, e

    Parameters
    ----------
    x : ndarray of shape (N, D), float64 or float32
        One example per row, at least one. Integers become float64.
    labels : ndarray of shape (N,), int64
        The label :math:`y_i` of each row, 0 or 1.
    lr : float
        Learning rate :math:`\eta > 0`.
    epochs : int
        Passes over all the examples; all of them are made, also if nothing is left to learn.

    Returns
    -------
    weights : ndarray of shape (D,)
        The weights :math:`w` after the last epoch; float32 in, float32 out.
    bias : float
        The bias :math:`b` after the last epoch.
    mistakes : ndarray of shape (epochs,), int64
        How many visits of each epoch found a wrong prediction.

    Raises
    ------
    ValueError
        If `x` is not a table with at least one row, or `labels` does not hold a 0 or a 1 for each.

    Notes
    -----
    If a line (or, with more features, a plane) separates the classes, the mistakes of all epochs
    together are at most :math:`(R / \gamma)^2` [2]_. Here each example is extended by a 1, which
    stands for the bias; :math:`R` is the largest norm of an extended example, and :math:`\gamma`
    the margin: how far from 0 the best vector of norm 1 keeps all of them, each on its own side. If
    nothing separates the classes, there are mistakes in every epoch.

    References
    ----------
    .. [1] F. Rosenblatt, "The perceptron: a probabilistic model for information storage and
       organization in the brain", Psychological Review 65 (1958) 386-408.
    .. [2] A. B. J. Novikoff, "On convergence proofs on perceptrons", Symposium on the Mathematical
       Theory of Automata 12 (1962) 615-622.

    Examples
    --------
    >>> corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    >>> weights, bias, mistakes = perceptron_fit(corners, np.array([0, 1, 1, 1]), 1.0, 5)
    >>> weights, bias, mistakes  # logical or
    (array([1., 1.]), -1.0, array([2, 2, 1, 0, 0]))
    """
    require_examples(x, labels)
    # SOLUTION
    x = as_float(x)
    weights, bias = np.zeros(x.shape[1], dtype=x.dtype), 0.0
    mistakes = np.zeros(epochs, dtype=np.int64)
    for epoch in range(epochs):
        for row, label in zip(x, labels, strict=True):
            error = int(label) - int(step(row @ weights + bias))
            weights += lr * error * row
            bias += lr * error
            mistakes[epoch] += abs(error)
    return weights, bias, mistakes


def is_linearly_separable(x: FloatArray, labels: IntArray) -> bool:
    r"""Decide whether some line has all points of one class on one side and the rest on the other.

    Parameters
    ----------
    x : ndarray of shape (N, 2), float64 or float32
        Points in the plane, at least one. Integers become float64.
    labels : ndarray of shape (N,), int64
        The class of each point, 0 or 1.

    Returns
    -------
    bool
        True also if all labels are equal: a line beside the points will do. No point may be on the
        line itself: two equal points with different labels make it False, and so does a point on
        the segment between two points of the other class.

    Raises
    ------
    ValueError
        If `x` does not hold two numbers in each row, or `labels` does not hold a 0 or a 1 for each.

    Notes
    -----
    Exact up to rounding. In more than two dimensions the question is one of linear programming.

    Examples
    --------
    >>> corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> is_linearly_separable(corners, np.array([0, 0, 0, 1]))  # logical and
    True
    >>> is_linearly_separable(corners, np.array([0, 1, 1, 0]))  # exclusive or
    False
    """
    require_examples(x, labels)
    if np.shape(x)[1] != 2:
        raise ValueError(f"expected points in the plane, shape (N, 2), not {np.shape(x)}")
    # SOLUTION
    # A line with the normal u separates the classes if u points from the zeros to the ones: if its
    # product with every arrow from a 0 to a 1 is positive. So the arrows must fit into less than
    # half a turn; sorted by angle, two neighbours are then more than half a turn apart. (Opposite
    # arrows are half a turn apart only up to rounding.)
    x = as_float(x)
    ones, zeros = x[labels == 1], x[labels == 0]
    if len(ones) == 0 or len(zeros) == 0:
        return True
    arrows = np.array([one - zero for one in ones for zero in zeros])
    if np.any(np.all(arrows == 0, axis=1)):
        return False
    angles = np.sort(np.arctan2(arrows[:, 1], arrows[:, 0]))
    gaps = np.diff(angles, append=angles[0] + 2 * np.pi)
    return bool(gaps.max() > np.pi + 1e-9)
