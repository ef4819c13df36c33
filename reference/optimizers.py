"""Optimizers: how a gradient becomes a step of the parameters.

Every optimizer maps ``(theta, grad, state)`` to a new ``theta`` and a new ``state`` and modifies
none of them. An empty ``state`` is the start, and each parameter has a state of its own.
Float32 parameters with float32 gradients stay float32.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.arrays import FloatArray, Params, as_float

State = dict[str, Any]


def sgd(
    theta: FloatArray, grad: FloatArray, state: State, *, lr: float
) -> tuple[FloatArray, State]:
    r"""Take one step of gradient descent.

    .. math:: \theta \leftarrow \theta - \eta g

    Parameters
    ----------
    theta, grad : ndarray of one shape, float64 or float32
        Parameters :math:`\theta` and the gradient :math:`g` of the loss there.
    state : dict
        Handed back as it is: plain descent remembers nothing.
    lr : float
        Learning rate :math:`\eta` of this step.

    Returns
    -------
    theta : ndarray
        The new parameters, a new array.
    state : dict
        The state for the next step.

    Examples
    --------
    >>> sgd(np.array([1.0, 2.0]), np.array([2.0, 0.0]), {}, lr=0.25)
    (array([0.5, 2. ]), {})
    """
    return theta - lr * grad, state


def momentum(
    theta: FloatArray, grad: FloatArray, state: State, *, lr: float, beta: float = 0.9
) -> tuple[FloatArray, State]:
    r"""Take one step of gradient descent with momentum [1]_.

    .. math:: v \leftarrow \beta v + \eta g, \qquad \theta \leftarrow \theta - v

    Parameters
    ----------
    theta, grad : ndarray of one shape, float64 or float32
        Parameters :math:`\theta` and the gradient :math:`g` of the loss there.
    state : dict
        Empty, or what the step before returned.
    lr : float
        Learning rate :math:`\eta` of this step.
    beta : float
        Share of the velocity :math:`v` that is kept.

    Returns
    -------
    theta : ndarray
        The new parameters, a new array.
    state : dict
        The state for the next step: ``velocity``.

    Notes
    -----
    The learning rate is inside the velocity, and there is no factor :math:`1 - \beta`. The form
    :math:`v \leftarrow \beta v + g`, :math:`\theta \leftarrow \theta - \eta v` of PyTorch takes
    the same steps only as long as the learning rate stays the same.

    References
    ----------
    .. [1] B. T. Polyak, "Some methods of speeding up the convergence of iteration methods",
       USSR Computational Mathematics and Mathematical Physics 4 (1964) 1-17.

    Examples
    --------
    >>> theta, state = momentum(np.array([1.0]), np.array([1.0]), {}, lr=0.5, beta=0.5)
    >>> momentum(theta, np.array([1.0]), state, lr=0.5, beta=0.5)
    (array([-0.25]), {'velocity': array([0.75])})
    """
    velocity = beta * state.get("velocity", 0.0) + lr * grad
    return theta - velocity, {"velocity": velocity}


def nesterov(
    theta: FloatArray,
    grad_fn: Callable[[FloatArray], FloatArray],
    state: State,
    *,
    lr: float,
    beta: float = 0.9,
) -> tuple[FloatArray, State]:
    r"""Take one step of gradient descent with Nesterov's momentum [1]_.

    .. math:: v \leftarrow \beta v + \eta \nabla L(\theta - \beta v), \qquad
        \theta \leftarrow \theta - v

    Parameters
    ----------
    theta : ndarray of any shape, float64 or float32
        Parameters :math:`\theta`.
    grad_fn : callable
        Takes parameters and returns the gradient of the loss there; called once, at the
        look-ahead :math:`\theta - \beta v`.
    state : dict
        Empty, or what the step before returned.
    lr : float
        Learning rate :math:`\eta` of this step.
    beta : float
        Share of the velocity :math:`v` that is kept.

    Returns
    -------
    theta : ndarray
        The new parameters (not the look-ahead), a new array.
    state : dict
        The state for the next step: ``velocity``.

    References
    ----------
    .. [1] I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization
       and momentum in deep learning", ICML 2013, after Y. Nesterov (1983).

    Examples
    --------
    >>> theta, state = nesterov(np.array([1.0]), lambda x: x, {}, lr=0.5, beta=0.5)
    >>> nesterov(theta, lambda x: x, state, lr=0.5, beta=0.5)
    (array([0.125]), {'velocity': array([0.375])})
    """
    velocity = state.get("velocity", 0.0)
    ahead = theta - beta * velocity
    velocity = beta * velocity + lr * grad_fn(ahead)
    return theta - velocity, {"velocity": velocity}


def adagrad(
    theta: FloatArray, grad: FloatArray, state: State, *, lr: float, eps: float = 1e-8
) -> tuple[FloatArray, State]:
    r"""Take one step of AdaGrad [1]_.

    .. math:: s \leftarrow s + g^2, \qquad
        \theta \leftarrow \theta - \eta \frac{g}{\sqrt{s} + \epsilon}

    Parameters
    ----------
    theta, grad : ndarray of one shape, float64 or float32
        Parameters :math:`\theta` and the gradient :math:`g` of the loss there.
    state : dict
        Empty, or what the step before returned.
    lr : float
        Learning rate :math:`\eta` of this step.
    eps : float
        Guard :math:`\epsilon` against division by 0, outside the root.

    Returns
    -------
    theta : ndarray
        The new parameters, a new array.
    state : dict
        The state for the next step: ``total``, the sum of the squared gradients.

    References
    ----------
    .. [1] J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning
       and stochastic optimization", JMLR 12 (2011) 2121-2159.

    Examples
    --------
    >>> adagrad(np.array([1.0, 2.0]), np.array([2.0, 0.0]), {}, lr=0.5, eps=2.0)
    (array([0.75, 2.  ]), {'total': array([4., 0.])})
    """
    total = state.get("total", 0.0) + grad**2
    return theta - lr * grad / (np.sqrt(total) + eps), {"total": total}


def rmsprop(
    theta: FloatArray,
    grad: FloatArray,
    state: State,
    *,
    lr: float,
    rho: float = 0.9,
    eps: float = 1e-8,
) -> tuple[FloatArray, State]:
    r"""Take one step of RMSProp [1]_.

    .. math:: s \leftarrow \rho s + (1 - \rho) g^2, \qquad
        \theta \leftarrow \theta - \eta \frac{g}{\sqrt{s} + \epsilon}

    Parameters
    ----------
    theta, grad : ndarray of one shape, float64 or float32
        Parameters :math:`\theta` and the gradient :math:`g` of the loss there.
    state : dict
        Empty, or what the step before returned.
    lr : float
        Learning rate :math:`\eta` of this step.
    rho : float
        Weight :math:`\rho` of the past in the average, which starts at 0 and is not corrected.
    eps : float
        Guard :math:`\epsilon` against division by 0, outside the root.

    Returns
    -------
    theta : ndarray
        The new parameters, a new array.
    state : dict
        The state for the next step: ``average``, that of the squared gradients.

    References
    ----------
    .. [1] T. Tieleman and G. Hinton, "Lecture 6.5: rmsprop", Neural Networks for Machine
       Learning, 2012.

    Examples
    --------
    >>> rmsprop(np.array([1.0]), np.array([4.0]), {}, lr=0.5, rho=0.75, eps=2.0)
    (array([0.5]), {'average': array([4.])})
    """
    average = rho * state.get("average", 0.0) + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(average) + eps), {"average": average}


def adam(
    theta: FloatArray,
    grad: FloatArray,
    state: State,
    *,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[FloatArray, State]:
    r"""Take one step of Adam [1]_.

    .. math::
        m &\leftarrow \beta_1 m + (1 - \beta_1) g, &
        v &\leftarrow \beta_2 v + (1 - \beta_2) g^2, \\
        \hat m &= m / (1 - \beta_1^t), & \hat v &= v / (1 - \beta_2^t), \qquad
        \theta \leftarrow \theta - \eta \frac{\hat m}{\sqrt{\hat v} + \epsilon}

    Parameters
    ----------
    theta, grad : ndarray of one shape, float64 or float32
        Parameters :math:`\theta` and the gradient :math:`g` of the loss there.
    state : dict
        Empty, or what the step before returned.
    lr : float
        Learning rate :math:`\eta` of this step.
    beta1, beta2 : float
        Weights of the past in the first moment :math:`m` and the second moment :math:`v`.
    eps : float
        Guard :math:`\epsilon` against division by 0, outside the root of the corrected moment.

    Returns
    -------
    theta : ndarray
        The new parameters, a new array.
    state : dict
        The state for the next step: ``t``, the number of steps taken, ``m`` and ``v``.

    References
    ----------
    .. [1] D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.

    Examples
    --------
    >>> theta, state = adam(np.array([1.0]), np.array([-4.0]), {}, lr=0.5)
    >>> theta.round(6), state["t"]  # the first step, t = 1, has length lr
    (array([1.5]), 1)
    """
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), {"t": t, "m": m, "v": v}


def adamw(
    theta: FloatArray,
    grad: FloatArray,
    state: State,
    *,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[FloatArray, State]:
    r"""Take one step of Adam with decoupled weight decay [1]_.

    .. math:: \theta \leftarrow \theta - \eta
        \left( \frac{\hat m}{\sqrt{\hat v} + \epsilon} + \lambda \theta \right)

    The moments are those of `adam`; the decay has no part in them.

    Parameters
    ----------
    theta, grad : ndarray of one shape, float64 or float32
        Parameters :math:`\theta` and the gradient :math:`g` of the loss there.
    state : dict
        Empty, or what the step before returned.
    lr : float
        Learning rate :math:`\eta` of this step; it multiplies the decay too.
    beta1, beta2 : float
        Weights of the past in the first and the second moment.
    eps : float
        Guard :math:`\epsilon` against division by 0, outside the root of the corrected moment.
    weight_decay : float
        Decay :math:`\lambda` of the old parameters.

    Returns
    -------
    theta : ndarray
        The new parameters, a new array.
    state : dict
        The state for the next step: ``t``, the number of steps taken, ``m`` and ``v``.

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.

    Examples
    --------
    >>> adamw(np.array([8.0]), np.array([0.0]), {}, lr=0.5, weight_decay=0.25)[0]
    array([7.])
    """
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    step = m_hat / (np.sqrt(v_hat) + eps)
    return theta - lr * (step + weight_decay * theta), {"t": t, "m": m, "v": v}


def clip_by_value(grad: FloatArray, limit: float) -> FloatArray:
    r"""Limit every entry of a gradient on its own.

    .. math:: g_j \leftarrow \max(-c, \min(c, g_j))

    Parameters
    ----------
    grad : ndarray of any shape, float64 or float32
        Gradient :math:`g`. Integers become float64.
    limit : float
        Largest absolute value :math:`c \ge 0` of an entry.

    Returns
    -------
    ndarray of the shape of `grad`
        The clipped gradient, a new array. Its direction may differ from that of `grad`.

    Examples
    --------
    >>> clip_by_value(np.array([3.0, -0.5, -4.0]), 1.0)
    array([ 1. , -0.5, -1. ])
    """
    return np.clip(as_float(grad), -limit, limit)


def clip_by_global_norm(grads: Params, max_norm: float) -> tuple[Params, float]:
    r"""Shrink the gradients of all parameters by one factor, so that their direction stays [1]_.

    .. math:: g \leftarrow g \cdot \min(1, c / \|g\|), \qquad
        \|g\| = \sqrt{\textstyle \sum_k \sum_j g_{kj}^2}

    Parameters
    ----------
    grads : dict of str to ndarray, float64 or float32
        The gradient :math:`g_k` of every parameter, by name. Integers become float64.
    max_norm : float
        Largest norm :math:`c \ge 0` of all gradients together.

    Returns
    -------
    grads : dict of str to ndarray
        The gradients, new arrays. Norms up to `max_norm`, 0 included, leave them as they were.
    norm : float
        The Euclidean norm before clipping.

    Notes
    -----
    The clipped norm is `max_norm` exactly. PyTorch adds 1e-6 to the norm before it divides;
    nothing is added here.

    References
    ----------
    .. [1] R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural
       networks", ICML 2013.

    Examples
    --------
    >>> clip_by_global_norm({"weights": np.array([3.0]), "bias": np.array([4.0])}, 2.5)
    ({'weights': array([1.5]), 'bias': array([2.])}, 5.0)
    """
    floats = {name: as_float(grad) for name, grad in grads.items()}
    norm = float(np.sqrt(sum((grad**2).sum() for grad in floats.values())))
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: scale * grad for name, grad in floats.items()}, norm
