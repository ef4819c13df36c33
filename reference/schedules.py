r"""Learning-rate schedules: the rate of an epoch, computed from its number alone.

Epochs are counted from 0, so every schedule begins with epoch 0. A schedule remembers nothing: it
starts from the first rate :math:`\eta_0` each time, not from the rate of the epoch before.
"""

import math


def step_decay(lr: float, epoch: int, factor: float, every: int) -> float:
    r"""Return a learning rate that drops by a factor every few epochs.

    .. math:: \eta_t = \eta_0 \, f^{\lfloor t / s \rfloor}

    Parameters
    ----------
    lr : float
        Rate :math:`\eta_0` of the first :math:`s` epochs.
    epoch : int
        Number :math:`t \ge 0` of the epoch.
    factor : float
        What remains of the rate after a drop: :math:`f`, in (0, 1].
    every : int
        Epochs :math:`s \ge 1` from one drop to the next.

    Returns
    -------
    float
        Rate :math:`\eta_t`. The first drop is that of epoch :math:`s`.

    Examples
    --------
    >>> [step_decay(0.8, epoch, 0.5, 3) for epoch in range(7)]
    [0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.2]
    """
    return lr * factor ** (epoch // every)


def exponential_decay(lr: float, epoch: int, gamma: float) -> float:
    r"""Return a learning rate that shrinks by the same factor in every epoch.

    .. math:: \eta_t = \eta_0 \, \gamma^t

    Parameters
    ----------
    lr : float
        Rate :math:`\eta_0` of epoch 0.
    epoch : int
        Number :math:`t \ge 0` of the epoch.
    gamma : float
        What remains of the rate after one epoch: :math:`\gamma`, in (0, 1].

    Returns
    -------
    float
        Rate :math:`\eta_t`.

    Examples
    --------
    >>> [exponential_decay(8.0, epoch, 0.5) for epoch in range(4)]
    [8.0, 4.0, 2.0, 1.0]
    """
    return lr * gamma**epoch


def inverse_time_decay(lr: float, epoch: int, decay: float) -> float:
    r"""Return a learning rate that falls like one over the time: fast at first, then ever slower.

    .. math:: \eta_t = \frac{\eta_0}{1 + k t}

    Parameters
    ----------
    lr : float
        Rate :math:`\eta_0` of epoch 0.
    epoch : int
        Number :math:`t \ge 0` of the epoch.
    decay : float
        Speed :math:`k \ge 0` of the decay, per epoch: after :math:`1 / k` epochs the rate is
        half of what it was.

    Returns
    -------
    float
        Rate :math:`\eta_t`.

    Notes
    -----
    The sum of these rates is infinite and that of their squares is finite, as Robbins and Monro
    [1]_ ask for: the steps can lead anywhere, and still their noise dies away.

    References
    ----------
    .. [1] H. Robbins and S. Monro, "A stochastic approximation method", Annals of Mathematical
       Statistics 22 (1951) 400-407.

    Examples
    --------
    >>> [inverse_time_decay(6.0, epoch, 0.5) for epoch in (0, 1, 2, 4)]
    [6.0, 4.0, 3.0, 2.0]
    """
    return lr / (1 + decay * epoch)


def cosine_annealing(lr_max: float, lr_min: float, epoch: int, total: int) -> float:
    r"""Return a learning rate that follows half a cosine from the largest to the smallest [1]_.

    .. math:: \eta_t = \eta_{\min} + (\eta_{\max} - \eta_{\min}) \,
        \frac{1 + \cos(\pi t / T)}{2}, \qquad 0 \le t \le T

    Parameters
    ----------
    lr_max : float
        Rate :math:`\eta_{\max}` of epoch 0.
    lr_min : float
        Rate :math:`\eta_{\min}` of epoch `total` and of every later one.
    epoch : int
        Number :math:`t \ge 0` of the epoch.
    total : int
        Epochs :math:`T \ge 1` from the largest rate to the smallest.

    Returns
    -------
    float
        Rate :math:`\eta_t`.

    Notes
    -----
    There are no restarts: the authors jump back to the largest rate after `total` epochs, here
    the rate stays at the smallest.

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts",
       ICLR 2017.

    Examples
    --------
    >>> [round(cosine_annealing(1.0, 0.2, epoch, 4), 6) for epoch in (0, 2, 4, 9)]
    [1.0, 0.6, 0.2, 0.2]
    """
    progress = min(epoch / total, 1.0)
    return lr_min + (lr_max - lr_min) * (1 + math.cos(math.pi * progress)) / 2


def warmup_cosine(lr_max: float, lr_min: float, epoch: int, warmup: int, total: int) -> float:
    r"""Return a learning rate that rises along a line and then falls along half a cosine [1]_.

    .. math:: \eta_t = \begin{cases}
        \eta_{\max} \, \dfrac{t + 1}{w + 1} & t < w \\
        \eta_{\min} + (\eta_{\max} - \eta_{\min}) \,
        \dfrac{1 + \cos\bigl(\pi (t - w) / (T - w)\bigr)}{2} & w \le t \le T
        \end{cases}

    Parameters
    ----------
    lr_max : float
        Rate :math:`\eta_{\max}` of epoch `warmup`, the largest.
    lr_min : float
        Rate :math:`\eta_{\min}` of epoch `total` and of every later one.
    epoch : int
        Number :math:`t \ge 0` of the epoch.
    warmup : int
        Epochs :math:`w \ge 0` before the largest rate.
    total : int
        Epochs :math:`T > w` from the very first to the smallest rate, warm-up included.

    Returns
    -------
    float
        Rate :math:`\eta_t`. The first is :math:`\eta_{\max} / (w + 1)` and not 0: an epoch
        with rate 0 would teach nothing. The line has nothing to do with the smallest rate.

    References
    ----------
    .. [1] P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour",
       arXiv:1706.02677 (2017), for the warm-up.

    Examples
    --------
    >>> [round(warmup_cosine(1.0, 0.2, epoch, 3, 7), 6) for epoch in (0, 1, 2, 3, 5, 7, 9)]
    [0.25, 0.5, 0.75, 1.0, 0.6, 0.2, 0.2]
    """
    if epoch < warmup:
        return lr_max * (epoch + 1) / (warmup + 1)
    return cosine_annealing(lr_max, lr_min, epoch - warmup, total - warmup)
