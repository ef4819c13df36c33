"""Networks of dense layers: forward, backward, checked against differences, and what they can do.

A network is a list of layers, each a pair ``(weights, bias)``. An activation follows every layer
but the last, whose outputs are logits. Floating arrays keep their dtype, integers become float64
first, and no argument is modified.
"""

from collections.abc import Callable

import numpy as np

from reference.activations import (
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    tanh,
    tanh_backward,
)
from reference.arrays import FloatArray, IntArray, Params, as_float
from reference.layers import dense, dense_backward, require_shape
from reference.losses import softmax_cross_entropy, softmax_cross_entropy_backward

Layers = list[tuple[FloatArray, FloatArray]]
Elementwise = Callable[[FloatArray], FloatArray]
Backward = Callable[[FloatArray, FloatArray], FloatArray]


def activation_pair(name: str) -> tuple[Elementwise, Backward]:
    """Return an activation and its backward function.

    Parameters
    ----------
    name : {'relu', 'tanh', 'sigmoid'}
        Which one.

    Returns
    -------
    activation : callable
        Maps `z` to an array of its shape.
    backward : callable
        Maps `dout` and `z` to the gradient with respect to `z`.

    Raises
    ------
    ValueError
        If there is none of that name.

    Examples
    --------
    >>> activation, backward = activation_pair("relu")
    >>> activation(np.array([-1.0, 2.0])), backward(np.array([3.0, 3.0]), np.array([-1.0, 2.0]))
    (array([0., 2.]), array([0., 3.]))
    """
    pairs: dict[str, tuple[Elementwise, Backward]] = {
        "relu": (relu, relu_backward),
        "tanh": (tanh, tanh_backward),
        "sigmoid": (sigmoid, sigmoid_backward),
    }
    if name not in pairs:
        raise ValueError(f"the activations are {', '.join(pairs)}, not {name!r}")
    return pairs[name]


def count_parameters(layer_sizes: list[int]) -> int:
    r"""Count the parameters of a fully connected network.

    .. math:: \sum_{l=1}^{L} (n_{l-1} n_l + n_l)

    Parameters
    ----------
    layer_sizes : list of int
        Units :math:`n_0, n_1, \dots, n_L`: inputs, hidden layers in order, outputs.

    Returns
    -------
    int
        Weights and biases together. The inputs have neither.

    Examples
    --------
    >>> count_parameters([2, 3, 1])  # (6 + 3) + (3 + 1)
    13
    """
    before, after = layer_sizes[:-1], layer_sizes[1:]
    return sum((n_in + 1) * n_out for n_in, n_out in zip(before, after, strict=True))


def mlp_forward(x: FloatArray, params: Layers, activation: str) -> tuple[FloatArray, Layers]:
    r"""Compute the logits of a network, and keep what the backward pass needs.

    .. math:: A_0 = X, \qquad Z_l = A_{l-1} W_l + b_l, \qquad A_l = g(Z_l)

    Parameters
    ----------
    x : ndarray of shape (N, n_0), float64 or float32
        Inputs :math:`X`, one row per example. Integers become float64, here and below.
    params : list of (ndarray of shape (n_in, n_out), ndarray of shape (n_out,))
        Weights :math:`W_l` and bias :math:`b_l` of each layer, from the first to the last.
    activation : {'relu', 'tanh', 'sigmoid'}
        Function :math:`g` between the layers; none follows the last.

    Returns
    -------
    logits : ndarray of shape (N, n_L)
        Pre-activations :math:`Z_L` of the last layer; float32 in, float32 out.
    cache : list of (ndarray of shape (N, n_in), ndarray of shape (N, n_out))
        For each layer its input :math:`A_{l-1}` and its pre-activation :math:`Z_l`.

    Raises
    ------
    ValueError
        If shapes do not fit, or there is no activation of that name.

    Examples
    --------
    >>> params = [(np.eye(2), np.array([0.0, -3.0])), (np.ones((2, 1)), np.array([0.5]))]
    >>> logits, cache = mlp_forward(np.array([[1.0, 2.0]]), params, "relu")
    >>> logits, cache[0][1], cache[1][0]
    (array([[1.5]]), array([[ 1., -1.]]), array([[1., 0.]]))
    """
    activate, _ = activation_pair(activation)
    # SOLUTION
    inputs, cache = x, []
    for weights, bias in params:
        z = dense(inputs, weights, bias)
        cache.append((inputs, z))
        inputs = activate(z)  # of the next layer, if there is one
    return z, cache


def mlp_backward(dlogits: FloatArray, params: Layers, cache: Layers, activation: str) -> Layers:
    r"""Compute the gradient of a loss with respect to every parameter of a network [1]_.

    With :math:`\delta_l = \partial L / \partial Z_l`, from the last layer back to the first,

    .. math:: \frac{\partial L}{\partial W_l} = A_{l-1}^T \delta_l, \qquad
        \frac{\partial L}{\partial b_l} = \sum_{i=1}^{N} \delta_{l,i}, \qquad
        \delta_{l-1} = (\delta_l W_l^T) \odot g'(Z_{l-1})

    Parameters
    ----------
    dlogits : ndarray of shape (N, n_L), float64 or float32
        Gradient :math:`\delta_L` of the loss with respect to the logits.
    params : list of (ndarray of shape (n_in, n_out), ndarray of shape (n_out,))
        Weights and bias of each layer, as in the forward pass.
    cache : list of (ndarray of shape (N, n_in), ndarray of shape (N, n_out))
        What `mlp_forward` returned: the input and the pre-activation of each layer.
    activation : {'relu', 'tanh', 'sigmoid'}
        Function :math:`g` between the layers.

    Returns
    -------
    list of (ndarray of shape (n_in, n_out), ndarray of shape (n_out,))
        Gradients with respect to weights and bias of each layer, in the order of `params`;
        float32 in, float32 out.

    Raises
    ------
    ValueError
        If shapes do not fit, or there is no activation of that name.

    References
    ----------
    .. [1] D. E. Rumelhart, G. E. Hinton and R. J. Williams, "Learning representations by
       back-propagating errors", Nature 323 (1986) 533-536.

    Examples
    --------
    >>> params = [(np.eye(2), np.array([0.0, -3.0])), (np.ones((2, 1)), np.array([0.5]))]
    >>> _, cache = mlp_forward(np.array([[1.0, 2.0]]), params, "relu")
    >>> grads = mlp_backward(np.array([[10.0]]), params, cache, "relu")
    >>> grads[0]  # the second unit was silent, and hears nothing
    (array([[10.,  0.],
           [20.,  0.]]), array([10.,  0.]))
    """
    _, activation_backward = activation_pair(activation)
    require_shape("dlogits", dlogits, np.shape(cache[-1][1]))
    # SOLUTION
    dz, grads = dlogits, []
    for layer in reversed(range(len(params))):
        inputs, _ = cache[layer]
        weights, _ = params[layer]
        dinputs, dweights, dbias = dense_backward(dz, inputs, weights)
        grads.append((dweights, dbias))
        if layer > 0:
            _, z_below = cache[layer - 1]
            dz = activation_backward(dinputs, z_below)
    return grads[::-1]


def mlp_loss(
    x: FloatArray, labels: IntArray, params: Layers, activation: str
) -> tuple[float, Layers]:
    """Compute the mean softmax cross-entropy of a network, and its gradient.

    Parameters
    ----------
    x : ndarray of shape (N, n_0), float64 or float32
        Inputs, one row per example.
    labels : ndarray of shape (N,), int64
        Index of the true class of each example, in ``[0, n_L)``.
    params : list of (ndarray of shape (n_in, n_out), ndarray of shape (n_out,))
        Weights and bias of each layer.
    activation : {'relu', 'tanh', 'sigmoid'}
        Function between the layers.

    Returns
    -------
    loss : float
        Mean over the examples, in nats.
    grads : list of (ndarray of shape (n_in, n_out), ndarray of shape (n_out,))
        Gradient of that mean with respect to weights and bias of each layer.

    Raises
    ------
    ValueError
        If shapes do not fit, a label is no class, or there is no activation of that name.

    Examples
    --------
    >>> params = [(np.zeros((3, 2)), np.zeros(2))]
    >>> loss, grads = mlp_loss(np.ones((4, 3)), np.array([0, 0, 0, 1]), params, "tanh")
    >>> round(loss, 6), grads[0][1]
    (0.693147, array([-0.25,  0.25]))
    """
    logits, cache = mlp_forward(x, params, activation)
    loss = softmax_cross_entropy(logits, labels)
    dlogits = softmax_cross_entropy_backward(logits, labels)
    return loss, mlp_backward(dlogits, params, cache, activation)


def predict(x: FloatArray, params: Layers, activation: str) -> IntArray:
    """Return the class that a network holds most likely, for each example.

    Parameters
    ----------
    x : ndarray of shape (N, n_0), float64 or float32
        Inputs, one row per example.
    params : list of (ndarray of shape (n_in, n_out), ndarray of shape (n_out,))
        Weights and bias of each layer.
    activation : {'relu', 'tanh', 'sigmoid'}
        Function between the layers.

    Returns
    -------
    ndarray of shape (N,), int64
        Index of the largest logit of each row; of equal ones the first.

    Raises
    ------
    ValueError
        If shapes do not fit, or there is no activation of that name.

    Notes
    -----
    The softmax keeps the order of the logits, so there is no need to compute it.

    Examples
    --------
    >>> predict(np.array([[1.0, 2.0], [4.0, 3.0]]), [(np.eye(2), np.zeros(2))], "relu")
    array([1, 0])
    """
    logits, _ = mlp_forward(x, params, activation)
    classes: IntArray = logits.argmax(axis=1)
    return classes


def gradient_check(
    loss: Callable[[Params], float],
    params: Params,
    grads: Params,
    rng: np.random.Generator,
    samples: int = 20,
) -> dict[str, float]:
    r"""Compare gradients with central differences, at entries drawn at random.

    For an entry :math:`\theta` of a parameter and the gradient :math:`g` claimed for it,

    .. math:: \hat g = \frac{L(\theta + h) - L(\theta - h)}{2h}, \qquad
        \text{error} = \frac{|g - \hat g|}{\max(|g| + |\hat g|, 10^{-8})}, \qquad h = 10^{-5}

    Parameters
    ----------
    loss : callable
        Takes a dictionary like `params` and returns the loss there, one number.
    params : dict of str to ndarray
        The point at which to check: every parameter by name.
    grads : dict of str to ndarray
        What is to be checked: the gradient claimed for each parameter, with the same names and
        shapes.
    rng : numpy.random.Generator
        Draws which entries are compared.
    samples : int
        Number of different entries to compare in each parameter; all of them if there are fewer.

    Returns
    -------
    dict of str to float
        The largest relative error in each parameter. NaN if a gradient compared is NaN.

    Raises
    ------
    ValueError
        If `grads` does not have the names and shapes of `params`.

    Notes
    -----
    `loss` gets copies in float64, whatever the dtype of `params`: in float32 a difference over
    1e-5 has hardly a digit left. It must be the same function at every call: a loss that draws
    random numbers has to fix its generator. An error below 1e-6 is round-off; one above 1e-2 is a
    mistake, or a kink between the two points.

    Examples
    --------
    >>> params = {"weights": np.array([1.0, 3.0]), "bias": np.array([2.0])}
    >>> grads = {"weights": np.array([1.0, 3.0]), "bias": np.array([-2.0])}  # one wrong sign
    >>> def loss(at):
    ...     return 0.5 * (at["weights"] ** 2).sum() + 0.5 * (at["bias"] ** 2).sum()
    >>> errors = gradient_check(loss, params, grads, np.random.default_rng(0))
    >>> {name: round(error, 6) for name, error in errors.items()}
    {'weights': 0.0, 'bias': 1.0}
    """
    if set(grads) != set(params):
        raise ValueError(f"grads has the names {sorted(grads)}, params {sorted(params)}")
    for name, param in params.items():
        require_shape(f"the gradient of {name}", grads[name], np.shape(param))
    # SOLUTION
    point = {name: np.array(param, dtype=np.float64) for name, param in params.items()}
    h, worst = 1e-5, {}
    for name, param in point.items():
        errors = []
        for entry in rng.permutation(param.size)[:samples]:
            above, below = param.copy(), param.copy()
            above.flat[entry] += h
            below.flat[entry] -= h
            rise = loss({**point, name: above}) - loss({**point, name: below})
            numeric, claimed = rise / (2 * h), grads[name].flat[entry]
            size = abs(claimed) + abs(numeric)
            errors.append(abs(claimed - numeric) / max(size, 1e-8))
        worst[name] = float(np.max(errors))
    return worst


def find_the_bug(
    dlogits: FloatArray,
    x: FloatArray,
    params: Layers,
    hidden: tuple[FloatArray, FloatArray],
) -> Layers:
    r"""Compute the gradients of a network whose second layer has a shortcut around it.

    .. math:: A_1 = \tanh(X W_1 + b_1), \qquad A_2 = \tanh(A_1 W_2 + b_2), \qquad
        Z_3 = (A_1 + A_2) W_3 + b_3

    Parameters
    ----------
    dlogits : ndarray of shape (N, K), float64 or float32
        Gradient of the loss with respect to the logits :math:`Z_3`.
    x : ndarray of shape (N, D), float64 or float32
        Inputs :math:`X`.
    params : list of three (weights, bias)
        Of shapes (D, H) and (H,), (H, H) and (H,), (H, K) and (K,).
    hidden : tuple of two ndarray of shape (N, H)
        Outputs :math:`A_1` and :math:`A_2` of the two hidden layers in the forward pass.

    Returns
    -------
    list of three (dweights, dbias)
        Gradients with respect to weights and bias of each layer, in the order of `params`;
        float32 in, float32 out.

    Examples
    --------
    >>> params = [(np.ones((1, 1)), np.zeros(1)) for _ in range(3)]
    >>> one = np.ones((1, 1))
    >>> grads = find_the_bug(one, one, params, (0.5 * one, -0.5 * one))
    >>> [dweights.item() for dweights, _ in grads]  # A_1 + A_2 is 0, and both slopes are 0.75
    [1.3125, 0.375, 0.0]
    """
    dlogits, x = as_float(dlogits), as_float(x)
    (_, _), (w2, _), (w3, _) = params
    a1, a2 = hidden
    # SOLUTION
    dsum = dlogits @ w3.T
    dz2 = dsum * (1 - a2**2)
    da1 = dsum + dz2 @ w2.T
    dz1 = da1 * (1 - a1**2)
    return [
        (x.T @ dz1, dz1.sum(axis=0)),
        (a1.T @ dz2, dz2.sum(axis=0)),
        ((a1 + a2).T @ dlogits, dlogits.sum(axis=0)),
    ]


def bump(x: FloatArray, left: float, right: float, height: float, sharpness: float) -> FloatArray:
    r"""Compute a bump, the difference of two sigmoids: a network with two hidden units.

    .. math:: b(x) = h \, \bigl(\sigma(s (x - l)) - \sigma(s (x - r))\bigr)

    Parameters
    ----------
    x : ndarray of any shape, float64 or float32
        Where to compute it. Integers become float64.
    left, right : float
        Edges :math:`l < r`; an edge at infinity is allowed.
    height : float
        Height :math:`h` of a bump that is wide beside its edges.
    sharpness : float
        Weight :math:`s > 0` of both units; an edge is about :math:`4 / s` wide.

    Returns
    -------
    ndarray of the shape of `x`
        Nearly `height` between the edges, half of it at each edge, nearly 0 outside; float32 in,
        float32 out.

    Examples
    --------
    >>> bump(np.array([0.0, 0.2, 0.5, 0.8, 1.0]), 0.2, 0.8, 3.0, 1000.0).round(6)
    array([0. , 1.5, 3. , 1.5, 0. ])
    """
    x = as_float(x)
    return height * (sigmoid(sharpness * (x - left)) - sigmoid(sharpness * (x - right)))


def approximate(f: Elementwise, n: int, sharpness: float) -> Elementwise:
    r"""Approximate a function on the interval from 0 to 1 by a sum of bumps [1]_.

    Piece :math:`k` of :math:`n` equal ones gets a bump as high as :math:`f` at its middle,

    .. math:: \hat f(x) = \sum_{k=1}^{n} b_k(x), \qquad h_k = f\!\left(\frac{k - 1/2}{n}\right)

    Parameters
    ----------
    f : callable
        Takes an array of numbers from 0 to 1, or a single one, and returns as many.
    n : int
        Number of pieces, at least 1.
    sharpness : float
        Of the edges between the pieces. For a staircase it is large beside `n`.

    Returns
    -------
    callable
        Takes an array and returns one of its shape; `f` is not called any more. float32 in,
        float32 out.

    Raises
    ------
    ValueError
        If `n` is below 1.

    Notes
    -----
    The first and the last bump have no outer edge: a bump is only half as high at its edge, and
    the error at 0 and at 1 would not fall with :math:`n`.

    References
    ----------
    .. [1] G. Cybenko, "Approximation by superpositions of a sigmoidal function", Mathematics of
       Control, Signals and Systems 2 (1989) 303-314, says that it works in any dimension.

    Examples
    --------
    >>> square = approximate(lambda x: x**2, 2, 1000.0)
    >>> square(np.array([0.0, 0.25, 0.5, 0.75, 1.0])).round(6)
    array([0.0625, 0.0625, 0.3125, 0.5625, 0.5625])
    """
    if n < 1:
        raise ValueError(f"a sum needs at least one bump, not {n}")
    edges = [-np.inf, *(k / n for k in range(1, n)), np.inf]
    heights = f((np.arange(n) + 0.5) / n).tolist()

    def network(x: FloatArray) -> FloatArray:
        pieces = zip(edges[:-1], edges[1:], heights, strict=True)
        bumps = [bump(x, left, right, height, sharpness) for left, right, height in pieces]
        total: FloatArray = np.sum(bumps, axis=0)
        return total

    return network
