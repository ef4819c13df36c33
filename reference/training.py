"""Training: the loop, when to stop it, how to read its curves, and how to choose its rate.

Parameters are a dictionary of arrays by name. Nothing here modifies an argument.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Literal

import numpy as np

from reference.arrays import FloatArray, IntArray, Params, as_float
from reference.batches import minibatches
from reference.networks import Layers, mlp_loss, predict
from reference.optimizers import State, adam

History = dict[str, list[float]]
Loss = Callable[[Params, FloatArray, IntArray], tuple[float, Params]]
Step = Callable[..., tuple[FloatArray, State]]
Schedule = Callable[[int], float]


def as_params(layers: Layers) -> Params:
    """Give the parameters of a network names: ``weights1``, ``bias1``, ``weights2`` and so on.

    Parameters
    ----------
    layers : list of (ndarray of shape (n_in, n_out), ndarray of shape (n_out,))
        Weights and bias of each layer, or their gradients.

    Returns
    -------
    dict of str to ndarray
        The same arrays by name.

    Examples
    --------
    >>> as_params([(np.ones((1, 2)), np.zeros(2))])
    {'weights1': array([[1., 1.]]), 'bias1': array([0., 0.])}
    """
    params = {}
    for number, (weights, bias) in enumerate(layers, start=1):
        params[f"weights{number}"], params[f"bias{number}"] = weights, bias
    return params


def as_layers(params: Params) -> Layers:
    """Return the layers of a network whose parameters have names, in order.

    Parameters
    ----------
    params : dict of str to ndarray
        Named as `as_params` does.

    Returns
    -------
    list of (ndarray of shape (n_in, n_out), ndarray of shape (n_out,))
        Weights and bias of each layer, the same arrays.

    Examples
    --------
    >>> as_layers({"weights1": np.ones((1, 2)), "bias1": np.zeros(2)})
    [(array([[1., 1.]]), array([0., 0.]))]
    """
    numbers = range(1, len(params) // 2 + 1)
    return [(params[f"weights{number}"], params[f"bias{number}"]) for number in numbers]


def new_network(layer_sizes: list[int], rng: np.random.Generator) -> Params:
    r"""Draw the parameters of a network of ReLU layers: He-normal weights, biases of zero.

    Parameters
    ----------
    layer_sizes : list of int
        Inputs, hidden units of each layer in order, outputs.
    rng : numpy.random.Generator
        Source of the weights, whose variance is :math:`2 / n_\mathrm{in}`.

    Returns
    -------
    dict of str to ndarray, float64
        Named as `as_params` does.

    Examples
    --------
    >>> {name: array.shape for name, array in new_network([2, 3], np.random.default_rng(0)).items()}
    {'weights1': (2, 3), 'bias1': (3,)}
    """
    layers: Layers = []
    for n_in, n_out in pairwise(layer_sizes):
        layers.append((rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)), np.zeros(n_out)))
    return as_params(layers)


def network_loss(params: Params, x: FloatArray, labels: IntArray) -> tuple[float, Params]:
    """Compute the loss of a network of ReLU layers on a batch, and its gradients.

    Parameters
    ----------
    params : dict of str to ndarray
        Named as `as_params` does.
    x : ndarray of shape (N, D), float64 or float32
        Inputs, one row per example.
    labels : ndarray of shape (N,), int64
        Index of the true class of each example.

    Returns
    -------
    loss : float
        Mean softmax cross-entropy, in nats.
    grads : dict of str to ndarray
        The gradient with respect to each parameter, by its name.

    Examples
    --------
    >>> params = as_params([(np.zeros((3, 2)), np.zeros(2))])
    >>> loss, grads = network_loss(params, np.ones((4, 3)), np.array([0, 0, 0, 1]))
    >>> round(loss, 6), grads["bias1"]
    (0.693147, array([-0.25,  0.25]))
    """
    loss, grads = mlp_loss(x, labels, as_layers(params), "relu")
    return loss, as_params(grads)


def accuracy_of(params: Params, x: FloatArray, labels: IntArray) -> float:
    """Return the fraction of examples that a network of ReLU layers gets right.

    Parameters
    ----------
    params : dict of str to ndarray
        Named as `as_params` does.
    x : ndarray of shape (N, D), float64 or float32
        Inputs, one row per example.
    labels : ndarray of shape (N,), int64
        Index of the true class of each example.

    Returns
    -------
    float
        Between 0 and 1.

    Examples
    --------
    >>> params = as_params([(np.eye(2), np.zeros(2))])
    >>> accuracy_of(params, np.array([[1.0, 0.0], [2.0, 3.0]]), np.array([0, 0]))
    0.5
    """
    return float(np.mean(predict(x, as_layers(params), "relu") == labels))


def two_spirals(n: int, rng: np.random.Generator) -> tuple[FloatArray, IntArray]:
    """Draw points on two spirals of a little more than one turn, wound into each other.

    Parameters
    ----------
    n : int
        Number of points, half of them on each spiral.
    rng : numpy.random.Generator
        Source of their places, and of noise with standard deviation 0.05.

    Returns
    -------
    x : ndarray of shape (n, 2), float64
        Points at a distance of up to 3 from the middle.
    labels : ndarray of shape (n,), int64
        Which spiral each point is on, 0 or 1.

    Examples
    --------
    >>> x, labels = two_spirals(6, np.random.default_rng(0))
    >>> x.shape, labels
    ((6, 2), array([0, 1, 0, 1, 0, 1]))
    """
    labels = np.arange(n) % 2
    radius = rng.uniform(0.3, 3.0, n)
    angle = np.pi * (0.8 * radius + labels)
    places = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return places + 0.05 * rng.standard_normal((n, 2)), labels


def learn_spirals(seed: int) -> dict[str, float]:
    """Train a network with 64 hidden units on 400 points of two spirals, by `train`.

    Parameters
    ----------
    seed : int
        Of everything that is random.

    Returns
    -------
    dict of str to float
        Accuracy on the points of the training, ``seen``, and on 1000 others, ``unseen``.
    """
    rng = np.random.default_rng(seed)
    x, labels = two_spirals(400, rng)
    params, _ = train(
        new_network([2, 64, 2], rng),
        x,
        labels,
        loss=network_loss,
        optimizer=adam,
        schedule=lambda epoch: 0.05 * (1 - epoch / 40),
        epochs=40,
        batch_size=50,
        rng=rng,
    )
    seen = accuracy_of(params, x, labels)
    return {"seen": seen, "unseen": accuracy_of(params, *two_spirals(1000, rng))}


def train(
    params: Params,
    x: FloatArray,
    labels: IntArray,
    *,
    loss: Loss,
    optimizer: Step,
    schedule: Schedule,
    epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> tuple[Params, History]:
    r"""Train parameters by mini-batch descent.

    Parameters
    ----------
    params : dict of str to ndarray, float64 or float32
        Where to start: every parameter by name. Integers become float64.
    x : ndarray of shape (N, ...), float64 or float32
        One example per row.
    labels : ndarray of shape (N,), int64
        The label of each row.
    loss : callable
        ``loss(params, x, labels) -> (value, grads)``: the mean loss of a batch and its gradient
        with respect to each parameter, a dictionary with the names of `params`. Called once for
        each batch, at the current parameters.
    optimizer : callable
        ``optimizer(theta, grad, state, lr=...) -> (theta, state)``, one step of one parameter.
        Each parameter has a state of its own, which is empty at the start and lasts for the whole
        training.
    schedule : callable
        ``schedule(epoch) -> lr``: the learning rate of each epoch, counted from 0.
    epochs : int
        Number of passes over the data, 0 or more.
    batch_size : int
        Rows in a batch. The last batch of an epoch holds the remainder.
    rng : numpy.random.Generator
        Source of the order of the examples, which is drawn anew in each epoch.

    Returns
    -------
    params : dict of str to ndarray
        The trained parameters, in a new dictionary.
    history : dict of str to list of float
        One number per epoch: under ``loss`` the mean over the N examples of the loss of the epoch,
        under ``lr`` the rate.

    Notes
    -----
    The loss of an epoch is gathered on the way, while the parameters change. It costs nothing,
    and lags a little behind the loss of the parameters at the end of the epoch.

    Examples
    --------
    >>> def loss(params, x, labels):  # the parabola a * a, whatever the data
    ...     return params["a"].item() ** 2, {"a": 2 * params["a"]}
    >>> def descent(theta, grad, state, lr):
    ...     return theta - lr * grad, state
    >>> train(
    ...     {"a": np.array([8.0])}, np.zeros((2, 1)), np.zeros(2, int), loss=loss,
    ...     optimizer=descent, schedule=lambda epoch: 0.25, epochs=3, batch_size=2,
    ...     rng=np.random.default_rng(0),
    ... )
    ({'a': array([1.])}, {'loss': [64.0, 16.0, 4.0], 'lr': [0.25, 0.25, 0.25]})
    """
    params = {name: as_float(param) for name, param in params.items()}
    states: dict[str, State] = {name: {} for name in params}
    history: History = {"loss": [], "lr": []}
    for epoch in range(epochs):
        lr, total = schedule(epoch), 0.0
        for rows, targets in minibatches(x, labels, batch_size, rng):
            value, grads = loss(params, rows, targets)
            total += value * len(rows)
            for name in params:
                params[name], states[name] = optimizer(
                    params[name], grads[name], states[name], lr=lr
                )
        history["loss"].append(float(total / len(x)))
        history["lr"].append(float(lr))
    return params, history


def replay(
    stopper: "EarlyStopping", values: list[float], params: Params, *, in_place: bool = False
) -> tuple[list[bool], Params | None]:
    """Tell a stopper one value after the other, with parameters that grow from epoch to epoch.

    Parameters
    ----------
    stopper : EarlyStopping
        A new one.
    values : list of float
        One for each epoch.
    params : dict of str to ndarray
        The parameters after epoch 0. Every entry grows by 1 with each further epoch.
    in_place : bool
        Whether an epoch changes the arrays themselves, as some optimizers do; otherwise it puts
        new arrays into the same dictionary.

    Returns
    -------
    answers : list of bool
        What `update` said after each epoch, also after it said stop.
    best : dict of str to ndarray, or None
        The best parameters at the end.
    """
    params, answers = {name: param.copy() for name, param in params.items()}, []
    for value in values:
        answers.append(stopper.update(value, params))
        for name, param in params.items():
            params[name] = np.add(param, 1, out=param if in_place else None)
    return answers, stopper.best


class EarlyStopping:
    """Says when to stop training, and keeps the best parameters so far [1]_.

    After each epoch `update` is told a value, such as the loss or the accuracy on validation data.
    The value is an *improvement* if it is better than the best one so far by more than `min_delta`.
    The first number is an improvement; NaN never is.

    Parameters
    ----------
    patience : int
        Stop when so many values in a row were no improvement; at least 1.
    min_delta : float
        What a value must be better by, not negative. Less does not count: neither as an
        improvement nor as the new best value.
    mode : {'min', 'max'}
        Whether a smaller value is better, as for a loss, or a larger one, as for an accuracy.

    Attributes
    ----------
    best : dict of str to ndarray, or None
        Copies of the parameters at the last improvement; None before the first.

    Raises
    ------
    ValueError
        If `patience` is less than 1, `min_delta` is negative or there is no such `mode`.

    References
    ----------
    .. [1] L. Prechelt, "Early stopping - but when?", Neural Networks: Tricks of the Trade,
       Springer (1998) 55-69.

    Examples
    --------
    >>> stopper = EarlyStopping(patience=2)
    >>> losses = [3.0, 2.0, 2.5, 2.0]
    >>> [stopper.update(loss, {"epoch": np.array(k)}) for k, loss in enumerate(losses)]
    [False, False, False, True]
    >>> stopper.best
    {'epoch': array(1)}
    """

    def __init__(
        self, patience: int, min_delta: float = 0.0, mode: Literal["min", "max"] = "min"
    ) -> None:
        if patience < 1 or min_delta < 0:
            raise ValueError(f"no such patience or min_delta: {patience}, {min_delta}")
        if mode not in {"min", "max"}:
            raise ValueError(f"mode is 'min' or 'max', not {mode!r}")
        self.best: Params | None = None
        # SOLUTION
        self._patience, self._min_delta, self._mode = patience, min_delta, mode
        self._record = math.inf  # the best value, with the sign that makes less of it better
        self._waited = 0

    def update(self, value: float, params: Params) -> bool:
        """Take in the value of an epoch, and say whether to stop now.

        Parameters
        ----------
        value : float
            Loss or accuracy after the epoch.
        params : dict of str to ndarray
            The parameters at that time. Copied if they are the best so far.

        Returns
        -------
        bool
            True if the last `patience` values were no improvement.
        """
        cost = value if self._mode == "min" else -value
        if cost < self._record - self._min_delta:  # never true of NaN
            self._record, self._waited = cost, 0
            self.best = {name: param.copy() for name, param in params.items()}
        else:
            self._waited += 1
        return self._waited >= self._patience


def fit_status(history: History) -> Literal["underfitting", "overfitting", "good"]:
    r"""Tell from the curves of a training whether the model underfits or overfits.

    With the training loss :math:`L_t`, the validation loss :math:`V_t` and the last epoch
    :math:`T`, everything is measured in units of the first training loss :math:`L_0`. The first
    line that holds decides:

    - *underfitting*, unless :math:`L_T \le 0.5 \, L_0`: not even the training data was learned;
    - *overfitting*, unless :math:`V_T - L_T \le 0.25 \, L_0`: there is a gap between the curves;
    - *overfitting*, unless :math:`V_T - \min_t V_t \le 0.1 \, L_0`: the validation loss has
      turned;
    - *good* otherwise.

    Parameters
    ----------
    history : dict of str to list of float
        Under ``loss`` the training loss and under ``validation_loss`` the validation loss, one
        number per epoch, at least one epoch. Other entries do not matter.

    Returns
    -------
    {'underfitting', 'overfitting', 'good'}
        What the curves say.

    Notes
    -----
    No comparison with NaN holds, so a training that ended in NaN is called underfitting. The answer
    does not change when all losses are multiplied by a positive number. The three limits are a
    convention of this course.

    Examples
    --------
    >>> fit_status({"loss": [2.0, 0.5, 0.1], "validation_loss": [2.0, 0.6, 0.9]})
    'overfitting'
    """
    loss, validation = history["loss"], history["validation_loss"]
    if not loss[-1] <= 0.5 * loss[0]:
        return "underfitting"
    gap, rise = validation[-1] - loss[-1], validation[-1] - min(validation)
    if gap <= 0.25 * loss[0] and rise <= 0.1 * loss[0]:
        return "good"
    return "overfitting"


def learning_rate_range(
    loss_at: Callable[[float], float], low: float, high: float, n: int
) -> float:
    r"""Find the largest learning rate up to which the loss still falls [1]_.

    The rates tried are geometrically spaced, from the smallest to the largest,

    .. math:: \eta_k = \eta_{\mathrm{low}}
        \left( \frac{\eta_{\mathrm{high}}}{\eta_{\mathrm{low}}} \right)^{k / (n - 1)},
        \qquad k = 0, \dots, n - 1

    and the answer is the largest :math:`\eta_k` with
    :math:`\ell(\eta_0) > \ell(\eta_1) > \dots > \ell(\eta_k)`.

    Parameters
    ----------
    loss_at : callable
        Takes a rate and returns the loss :math:`\ell` after a short training at this rate, always
        from the same start. Costly: called once for each rate, and for none beyond the first rate
        at which the loss does not fall.
    low, high : float
        The smallest and the largest rate to try, ``0 < low < high``.
    n : int
        Number of rates, at least 2.

    Returns
    -------
    float
        One of the rates. It is `low` if the loss does not fall to begin with.

    Raises
    ------
    ValueError
        If not ``0 < low < high``, or `n` is less than 2.

    Notes
    -----
    A loss that stays the same does not fall, and neither does one that becomes NaN. Beyond the
    first rise losses are chaotic and may well be small again; that is luck. In practice one trains
    at a rate a few times smaller than the one found.

    References
    ----------
    .. [1] L. N. Smith, "Cyclical learning rates for training neural networks", WACV 2017.

    Examples
    --------
    >>> losses = {1.0: 5.0, 2.0: 4.0, 4.0: 3.0, 8.0: 6.0, 16.0: 1.0}
    >>> learning_rate_range(lambda rate: losses[round(rate)], 1.0, 16.0, 5)
    4.0
    """
    if not 0 < low < high or n < 2:
        raise ValueError(f"need 0 < low < high and two rates, not {low}, {high} and {n}")
    # SOLUTION
    best, lowest = low, loss_at(low)
    for rate in np.geomspace(low, high, n)[1:].tolist():
        loss = loss_at(rate)
        if not loss < lowest:  # as high, higher or NaN
            break
        best, lowest = rate, loss
    return best
