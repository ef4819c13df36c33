"""Recurrent networks: one layer applied again and again, and its gradients back through time.

Sequences are time-major, shape (T, N, D): step, example, feature. A step maps an input and the
state before to the state after; its ``_backward`` computes what it needs of that step again, so no
cache is handed around. Floating arrays keep their dtype and no argument is modified.
"""

# The positional arguments are those of the layer, after the gradients that arrive.

import numpy as np
from numpy.typing import ArrayLike

from reference.activations import sigmoid
from reference.arrays import FloatArray, as_float

Gradients = tuple[FloatArray, ...]


def fitted(shapes: str, *arrays: ArrayLike) -> tuple[FloatArray, ...]:
    """Return arrays as floats, and refuse shapes that do not fit each other.

    Parameters
    ----------
    shapes : str
        The axes of each array in turn, ``"N D, D H"``: the same letter is the same size
        everywhere, and ``4H`` is four times the size of an ``H`` before it.
    *arrays : array_like
        As many arrays as there are shapes. Integers become float64.

    Returns
    -------
    tuple of ndarray, floating
        The arrays, converted by `as_float`.

    Raises
    ------
    ValueError
        If an array is empty or has another number of axes, or a letter stands for two sizes.
        Nothing is broadcast.

    Examples
    --------
    >>> fitted("N D, D H", np.zeros((2, 3)), np.zeros((4, 5)))
    Traceback (most recent call last):
    ValueError: array 2 has shape (4, 5), expected (D, H) where N = 2, D = 3
    """
    sizes: dict[str, int] = {}
    floats = tuple(as_float(array) for array in arrays)
    for number, (axes, array) in enumerate(zip(shapes.split(", "), floats, strict=True), 1):
        letters = axes.split()
        expected = ", ".join(f"{letter} = {size}" for letter, size in sizes.items())
        fits = array.size > 0 and array.ndim == len(letters)
        for letter, size in zip(letters, array.shape, strict=False):
            wanted = 4 * sizes["H"] if letter == "4H" else sizes.setdefault(letter, size)
            fits = fits and size == wanted
        if not fits:
            raise ValueError(
                f"array {number} has shape {array.shape}, expected ({', '.join(letters)})"
                + (f" where {expected}" if expected else "")
            )
    return floats


def rnn_step(
    x: FloatArray, h: FloatArray, w_xh: FloatArray, w_hh: FloatArray, bias: FloatArray
) -> FloatArray:
    r"""Compute the next state of a recurrent network [1]_.

    .. math:: h' = \tanh(x W_{xh} + h W_{hh} + b)

    Parameters
    ----------
    x : ndarray of shape (N, D), float64 or float32
        Inputs of this step, one example a row. Integers become float64, here and below.
    h : ndarray of shape (N, H)
        States before this step.
    w_xh : ndarray of shape (D, H)
        Weights :math:`W_{xh}` from input to state.
    w_hh : ndarray of shape (H, H)
        Weights :math:`W_{hh}` from state to state: entry :math:`(j, k)` leads from unit
        :math:`j` to unit :math:`k`.
    bias : ndarray of shape (H,)
        Bias :math:`b` of the state.

    Returns
    -------
    ndarray of shape (N, H)
        States after this step, between -1 and 1; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes do not fit, also where they would broadcast.

    References
    ----------
    .. [1] J. L. Elman, "Finding structure in time", Cognitive Science 14 (1990) 179-211.

    Examples
    --------
    >>> x, h = np.array([[1.0]]), np.array([[0.5]])
    >>> weights = np.array([[2.0]]), np.array([[-3.0]])
    >>> rnn_step(x, h, *weights, np.array([0.25])).round(3)  # tanh(2 - 1.5 + 0.25)
    array([[0.635]])
    """
    x, h, w_xh, w_hh, bias = fitted("N D, N H, D H, H H, H", x, h, w_xh, w_hh, bias)
    # SOLUTION
    new: FloatArray = np.tanh(x @ w_xh + h @ w_hh + bias)
    return new


def rnn_step_backward(
    dh: FloatArray,
    x: FloatArray,
    h: FloatArray,
    w_xh: FloatArray,
    w_hh: FloatArray,
    bias: FloatArray,
) -> Gradients:
    r"""Compute the gradients of `rnn_step` with respect to its arguments.

    .. math::
        dz &= dh' \circ (1 - h'^2), & db_k &= \textstyle\sum_n dz_{nk}, \\
        dx &= dz\, W_{xh}^T, & dW_{xh} &= x^T dz, \\
        dh &= dz\, W_{hh}^T, & dW_{hh} &= h^T dz

    Parameters
    ----------
    dh : ndarray of shape (N, H), float64 or float32
        Gradient :math:`dh'` of the loss with respect to the states *after* the step.
    x, h, w_xh, w_hh, bias : ndarray
        The arguments of `rnn_step`; `h` holds the states *before* the step.

    Returns
    -------
    dx : ndarray of shape (N, D)
        Gradient with respect to the inputs.
    dh_prev : ndarray of shape (N, H)
        Gradient with respect to the states before the step.
    dw_xh, dw_hh, dbias : ndarray
        Gradients with respect to the parameters, each of the shape of its parameter. They are
        sums over the batch: the 1/N of the mean loss is in `dh` already.

    Raises
    ------
    ValueError
        If the shapes do not fit, also where they would broadcast.

    Examples
    --------
    >>> x, h = np.array([[3.0]]), np.array([[0.5]])
    >>> parameters = np.array([[1.0]]), np.array([[-6.0]]), np.array([0.0])
    >>> gradients = rnn_step_backward(np.array([[2.0]]), x, h, *parameters)
    >>> [gradient.item() for gradient in gradients]  # z = 3 - 3 = 0, where tanh has slope 1
    [2.0, -12.0, 6.0, 1.0, 2.0]
    """
    dh, x, h, w_xh, w_hh, bias = fitted("N H, N D, N H, D H, H H, H", dh, x, h, w_xh, w_hh, bias)
    # SOLUTION
    dz = dh * (1 - rnn_step(x, h, w_xh, w_hh, bias) ** 2)
    return dz @ w_xh.T, dz @ w_hh.T, x.T @ dz, h.T @ dz, dz.sum(axis=0)


def rnn(
    x: FloatArray, h0: FloatArray, w_xh: FloatArray, w_hh: FloatArray, bias: FloatArray
) -> FloatArray:
    r"""Run a recurrent network over a batch of sequences.

    .. math:: h_t = \tanh(x_t W_{xh} + h_{t-1} W_{hh} + b), \qquad t = 1 \ldots T

    Parameters
    ----------
    x : ndarray of shape (T, N, D), float64 or float32
        Inputs, time first, at least one step. Integers become float64, here and below.
    h0 : ndarray of shape (N, H)
        States :math:`h_0` before the first step.
    w_xh, w_hh, bias : ndarray of shapes (D, H), (H, H) and (H,)
        Parameters, the same in every step.

    Returns
    -------
    ndarray of shape (T, N, H)
        The states after every step; `h0` is not among them. float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no step.

    Examples
    --------
    >>> x = np.array([1.0, 0.0, 0.0]).reshape(3, 1, 1)  # a pulse, and how it fades
    >>> rnn(x, np.zeros((1, 1)), np.eye(1), 0.5 * np.eye(1), np.zeros(1)).ravel().round(3)
    array([0.762, 0.363, 0.18 ])
    """
    x, h0, w_xh, w_hh, bias = fitted("T N D, N H, D H, H H, H", x, h0, w_xh, w_hh, bias)
    # SOLUTION
    h, states = h0, []
    for x_t in x:
        h = rnn_step(x_t, h, w_xh, w_hh, bias)
        states.append(h)
    return np.stack(states)


def rnn_backward(
    dhs: FloatArray,
    x: FloatArray,
    h0: FloatArray,
    w_xh: FloatArray,
    w_hh: FloatArray,
    bias: FloatArray,
) -> Gradients:
    r"""Compute the gradients of `rnn`: backpropagation through time [1]_.

    A state acts on the loss directly and through every later state, so the gradient that enters
    step :math:`t` from above is a sum of two:

    .. math:: \frac{dL}{dh_t} = \frac{\partial L}{\partial h_t}
        + \frac{dL}{dh_{t+1}} \frac{\partial h_{t+1}}{\partial h_t}

    Parameters
    ----------
    dhs : ndarray of shape (T, N, H), float64 or float32
        The direct part :math:`\partial L / \partial h_t` for every step, zeros where a state is
        not used.
    x, h0, w_xh, w_hh, bias : ndarray
        The arguments of `rnn`.

    Returns
    -------
    dx : ndarray of shape (T, N, D)
        Gradient with respect to the inputs.
    dh0 : ndarray of shape (N, H)
        Gradient with respect to the states before the first step.
    dw_xh, dw_hh, dbias : ndarray
        Gradients with respect to the parameters: sums over batch and time.

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no step.

    References
    ----------
    .. [1] P. J. Werbos, "Backpropagation through time: what it does and how to do it",
       Proceedings of the IEEE 78 (1990) 1550-1560.

    Examples
    --------
    >>> dhs = np.array([0.0, 0.0, 1.0]).reshape(3, 1, 1)  # only the last state counts
    >>> parameters = np.eye(1), 0.5 * np.eye(1), np.zeros(1)
    >>> dx, dh0, *_ = rnn_backward(dhs, np.zeros((3, 1, 1)), np.zeros((1, 1)), *parameters)
    >>> dx.ravel(), dh0.item()
    (array([0.25, 0.5 , 1.  ]), 0.125)
    """
    dhs, x, h0, w_xh, w_hh, bias = fitted(
        "T N H, T N D, N H, D H, H H, H", dhs, x, h0, w_xh, w_hh, bias
    )
    # SOLUTION
    states = [h0, *rnn(x, h0, w_xh, w_hh, bias)]
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    dw_xh, dw_hh, dbias = (np.zeros_like(each) for each in (w_xh, w_hh, bias))
    for t in reversed(range(len(x))):
        dx[t], dh, dw_xh_t, dw_hh_t, dbias_t = rnn_step_backward(
            dhs[t] + dh, x[t], states[t], w_xh, w_hh, bias
        )
        dw_xh += dw_xh_t
        dw_hh += dw_hh_t
        dbias += dbias_t
    return dx, dh, dw_xh, dw_hh, dbias


def gradient_through_time(w_hh: FloatArray, steps: int) -> FloatArray:
    r"""Compute by how much a gradient can grow on its way back through time [1]_.

    Around :math:`h = 0`, where tanh has slope 1, a gradient is multiplied by :math:`W_{hh}^T` in
    every step. After :math:`k` steps the longest gradient that a unit gradient can become is

    .. math:: \left\| \left( W_{hh}^T \right)^k \right\|_2 = \left\| W_{hh}^k \right\|_2
        = \max_{\|v\| = 1} \| W_{hh}^k v \|

    Parameters
    ----------
    w_hh : ndarray of shape (H, H), float64 or float32
        Weights from state to state. Integers become float64.
    steps : int
        Number of steps, at least 1.

    Returns
    -------
    ndarray of shape (steps,)
        The spectral norm (largest singular value) of :math:`W_{hh}^k` for
        :math:`k = 1 \ldots` `steps`; float32 in, float32 out.

    Raises
    ------
    ValueError
        If `w_hh` is not a square matrix.

    Notes
    -----
    In the long run the norm changes by the factor :math:`\rho` per step, the spectral radius
    (largest absolute eigenvalue) of :math:`W_{hh}`: gradients vanish for :math:`\rho < 1` and may
    explode for :math:`\rho > 1`. In the short run it can grow although :math:`\rho < 1`. Away from
    :math:`h = 0` the slope of tanh is less than 1 and every step shrinks the gradient further.

    References
    ----------
    .. [1] R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural
       networks", ICML 2013.

    Examples
    --------
    >>> gradient_through_time(np.array([[0.0, 4.0], [0.25, 0.0]]), 4)  # spectral radius 1
    array([4., 1., 4., 1.])
    """
    (w_hh,) = fitted("H H", w_hh)
    # SOLUTION
    power, norms = np.eye(len(w_hh), dtype=w_hh.dtype), []
    for _ in range(steps):
        power = power @ w_hh
        norms.append(np.linalg.norm(power, 2))
    return np.array(norms)


def lstm_step(
    x: FloatArray,
    h: FloatArray,
    c: FloatArray,
    w: FloatArray,
    u: FloatArray,
    bias: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    r"""Compute the next state and cell of a network with long short-term memory [1]_ [2]_.

    .. math::
        (z_i, z_f, z_g, z_o) &= x W + h U + b, &
        i &= \sigma(z_i), \quad f = \sigma(z_f), \quad g = \tanh(z_g), \quad o = \sigma(z_o), \\
        c' &= f \circ c + i \circ g, & h' &= o \circ \tanh(c')

    Parameters
    ----------
    x : ndarray of shape (N, D), float64 or float32
        Inputs of this step, one example a row. Integers become float64, here and below.
    h, c : ndarray of shape (N, H)
        States and cells before this step.
    w : ndarray of shape (D, 4H)
        Weights :math:`W` from the input to the gates i, f, g and o, H columns each.
    u : ndarray of shape (H, 4H)
        Weights :math:`U` from the state to the gates.
    bias : ndarray of shape (4H,)
        Bias :math:`b` of the gates.

    Returns
    -------
    h, c : ndarray of shape (N, H)
        States and cells after this step; float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes do not fit, also where they would broadcast.

    Notes
    -----
    The gates are ordered i, f, g, o, as in PyTorch, which has two biases that are added. There are
    no connections from the cell to the gates ("peepholes").

    References
    ----------
    .. [1] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9 (1997)
       1735-1780.
    .. [2] F. A. Gers, J. Schmidhuber and F. Cummins, "Learning to forget: continual prediction
       with LSTM", Neural Computation 12 (2000) 2451-2471.

    Examples
    --------
    >>> x, h, c = np.zeros((1, 1)), np.zeros((1, 1)), np.array([[2.0]])
    >>> bias = np.array([-100.0, 100.0, 0.0, 100.0])  # take in nothing, keep and show all
    >>> h, c = lstm_step(x, h, c, np.zeros((1, 4)), np.zeros((1, 4)), bias)
    >>> c.item(), round(h.item(), 3)  # 2 and tanh(2)
    (2.0, 0.964)
    """
    x, h, c, w, u, bias = fitted("N D, N H, N H, D 4H, H 4H, 4H", x, h, c, w, u, bias)
    # SOLUTION
    z_i, z_f, z_g, z_o = np.split(x @ w + h @ u + bias, 4, axis=1)
    new_c = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_g)
    new_h = sigmoid(z_o) * np.tanh(new_c)
    return new_h, new_c


def lstm_step_backward(
    dh: FloatArray,
    dc: FloatArray,
    x: FloatArray,
    h: FloatArray,
    c: FloatArray,
    w: FloatArray,
    u: FloatArray,
    bias: FloatArray,
) -> Gradients:
    r"""Compute the gradients of `lstm_step` with respect to its arguments.

    The new cell acts on the loss through the next step and through the new state, so its gradient
    is a sum of two:

    .. math::
        \delta &= dc' + dh' \circ o \circ (1 - \tanh^2 c'), \\
        dz_i &= \delta \circ g \circ i (1 - i), &
        dz_f &= \delta \circ c \circ f (1 - f), \\
        dz_g &= \delta \circ i \circ (1 - g^2), &
        dz_o &= dh' \circ \tanh(c') \circ o (1 - o)

    Parameters
    ----------
    dh, dc : ndarray of shape (N, H), float64 or float32
        Gradients :math:`dh'` and :math:`dc'` of the loss with respect to the states and the cells
        *after* the step; `dc` is the part that does not go through the new state.
    x, h, c, w, u, bias : ndarray
        The arguments of `lstm_step`; `h` and `c` are those *before* the step.

    Returns
    -------
    dx : ndarray of shape (N, D)
        Gradient with respect to the inputs.
    dh_prev, dc_prev : ndarray of shape (N, H)
        Gradients with respect to the states and the cells before the step.
    dw, du, dbias : ndarray
        Gradients with respect to the parameters, each of the shape of its parameter: sums over
        the batch.

    Raises
    ------
    ValueError
        If the shapes do not fit, also where they would broadcast.

    Examples
    --------
    >>> dh, dc, x, h, c = (np.array([[value]]) for value in (0.0, 1.0, 0.0, 0.0, 2.0))
    >>> weights = np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4)  # every gate is half open
    >>> gradients = lstm_step_backward(dh, dc, x, h, c, *weights)
    >>> gradients[2].item(), gradients[5]  # dc f, then 2 f (1 - f) and dc i
    (0.5, array([0. , 0.5, 0.5, 0. ]))
    """
    dh, dc, x, h, c, w, u, bias = fitted(
        "N H, N H, N D, N H, N H, D 4H, H 4H, 4H", dh, dc, x, h, c, w, u, bias
    )
    # SOLUTION
    z_i, z_f, z_g, z_o = np.split(x @ w + h @ u + bias, 4, axis=1)
    i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
    tanh_c = np.tanh(f * c + i * g)
    dc = dc + dh * o * (1 - tanh_c**2)
    dz_i = dc * g * i * (1 - i)
    dz_f = dc * c * f * (1 - f)
    dz_g = dc * i * (1 - g**2)
    dz_o = dh * tanh_c * o * (1 - o)
    dz = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1)
    return dz @ w.T, dz @ u.T, dc * f, x.T @ dz, h.T @ dz, dz.sum(axis=0)


def lstm(
    x: FloatArray,
    h0: FloatArray,
    c0: FloatArray,
    w: FloatArray,
    u: FloatArray,
    bias: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Run a network with long short-term memory over a batch of sequences.

    Parameters
    ----------
    x : ndarray of shape (T, N, D), float64 or float32
        Inputs, time first, at least one step. Integers become float64, here and below.
    h0, c0 : ndarray of shape (N, H)
        States and cells before the first step.
    w, u, bias : ndarray of shapes (D, 4H), (H, 4H) and (4H,)
        Parameters, the same in every step; gates in the order i, f, g, o.

    Returns
    -------
    hs : ndarray of shape (T, N, H)
        The states after every step; `h0` is not among them.
    c : ndarray of shape (N, H)
        The cells after the last step. float32 in, float32 out.

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no step.

    Examples
    --------
    >>> x = np.array([1.0, 0.0, 0.0]).reshape(3, 1, 1)  # a pulse opens the input gate
    >>> w, bias = np.array([[200.0, 0, 0, 0]]), np.array([-100.0, 100.0, 0.5, 100.0])
    >>> hs, c = lstm(x, np.zeros((1, 1)), np.zeros((1, 1)), w, np.zeros((1, 4)), bias)
    >>> hs.ravel().round(3), round(c.item(), 3)  # tanh(0.5) is taken in, and stays
    (array([0.432, 0.432, 0.432]), 0.462)
    """
    x, h0, c0, w, u, bias = fitted("T N D, N H, N H, D 4H, H 4H, 4H", x, h0, c0, w, u, bias)
    # SOLUTION
    h, c, states = h0, c0, []
    for x_t in x:
        h, c = lstm_step(x_t, h, c, w, u, bias)
        states.append(h)
    return np.stack(states), c


def lstm_backward(
    dhs: FloatArray,
    x: FloatArray,
    h0: FloatArray,
    c0: FloatArray,
    w: FloatArray,
    u: FloatArray,
    bias: FloatArray,
) -> Gradients:
    """Compute the gradients of `lstm`: backpropagation through time.

    Parameters
    ----------
    dhs : ndarray of shape (T, N, H), float64 or float32
        The direct part of the gradient with respect to the states of every step, zeros where a
        state is not used. The last cells are not used.
    x, h0, c0, w, u, bias : ndarray
        The arguments of `lstm`.

    Returns
    -------
    dx : ndarray of shape (T, N, D)
        Gradient with respect to the inputs.
    dh0, dc0 : ndarray of shape (N, H)
        Gradients with respect to the states and the cells before the first step.
    dw, du, dbias : ndarray
        Gradients with respect to the parameters: sums over batch and time.

    Raises
    ------
    ValueError
        If the shapes do not fit, or there is no step.

    Examples
    --------
    >>> dhs = np.array([0.0, 0.0, 1.0]).reshape(3, 1, 1)  # only the last state counts
    >>> weights = np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4)  # every gate is half open
    >>> gradients = lstm_backward(dhs, 0 * dhs, np.zeros((1, 1)), np.zeros((1, 1)), *weights)
    >>> gradients[2].item(), gradients[5]  # o f f f for c0; for the candidates o i (1 + f + f f)
    (0.0625, array([0.    , 0.    , 0.4375, 0.    ]))
    """
    dhs, x, h0, c0, w, u, bias = fitted(
        "T N H, T N D, N H, N H, D 4H, H 4H, 4H", dhs, x, h0, c0, w, u, bias
    )
    # SOLUTION
    states, cells = [h0], [c0]
    for x_t in x:
        h, c = lstm_step(x_t, states[-1], cells[-1], w, u, bias)
        states.append(h)
        cells.append(c)
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h0), np.zeros_like(c0)
    dw, du, dbias = (np.zeros_like(each) for each in (w, u, bias))
    for t in reversed(range(len(x))):
        dx[t], dh, dc, dw_t, du_t, dbias_t = lstm_step_backward(
            dhs[t] + dh, dc, x[t], states[t], cells[t], w, u, bias
        )
        dw += dw_t
        du += du_t
        dbias += dbias_t
    return dx, dh, dc, dw, du, dbias
