"""Training against PyTorch, step by step; what it does not have against exact arithmetic."""

import math
from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest

from reference import optimizers
from reference.batches import minibatches
from reference.schedules import cosine_annealing
from reference.training import (
    EarlyStopping,
    fit_status,
    learning_rate_range,
    network_loss,
    new_network,
    replay,
    train,
)

pytestmark = pytest.mark.oracle


def torch_training(params, x, labels, make, *, schedule, epochs, batch_size, rng):
    """Train the same network with torch, on the same batches; return parameters and losses."""
    torch = import_module("torch")
    leaves = {name: torch.tensor(param, requires_grad=True) for name, param in params.items()}
    optimizer = make(torch.optim, leaves.values())
    losses = []
    for epoch in range(epochs):
        optimizer.param_groups[0]["lr"] = schedule(epoch)
        seen = []
        for rows, targets in minibatches(x, labels, batch_size, rng):
            hidden = torch.relu(torch.tensor(rows) @ leaves["weights1"] + leaves["bias1"])
            logits = hidden @ leaves["weights2"] + leaves["bias2"]
            each = torch.nn.functional.cross_entropy(
                logits, torch.tensor(targets), reduction="none"
            )
            optimizer.zero_grad()
            each.mean().backward()
            optimizer.step()
            seen += each.tolist()
        losses.append(math.fsum(seen) / len(x))
    return {name: leaf.detach().numpy() for name, leaf in leaves.items()}, losses


OPTIMIZERS = {
    "sgd": (optimizers.sgd, lambda lib, leaves: lib.SGD(leaves, lr=1.0)),
    "adam": (optimizers.adam, lambda lib, leaves: lib.Adam(leaves, lr=1.0)),
    "adagrad": (optimizers.adagrad, lambda lib, leaves: lib.Adagrad(leaves, lr=1.0, eps=1e-8)),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [5, 8, 23, 40])
def test_a_training_is_that_of_torch(name, batch_size):
    rng = np.random.default_rng(4)
    x, labels = rng.standard_normal((23, 3)), rng.integers(4, size=23)
    start = new_network([3, 6, 4], rng)
    optimizer, make = OPTIMIZERS[name]
    options = {
        "schedule": lambda epoch: cosine_annealing(0.05, 0.01, epoch, 5),
        "epochs": 6,
        "batch_size": batch_size,
    }
    params, history = train(
        start,
        x,
        labels,
        loss=network_loss,
        optimizer=optimizer,
        rng=np.random.default_rng(9),
        **options,
    )
    expected, losses = torch_training(
        start, x, labels, make, rng=np.random.default_rng(9), **options
    )
    assert history["loss"] == pytest.approx(losses, rel=1e-10)
    for each, param in params.items():
        np.testing.assert_allclose(param, expected[each], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize("min_delta", [0.0, 0.25])
@pytest.mark.parametrize("patience", [1, 2, 5])
@pytest.mark.parametrize("seed", range(5))
def test_it_stops_when_torch_would_reduce_the_rate_on_a_plateau(mode, min_delta, patience, seed):
    torch = import_module("torch")
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 40, 30) / 16 + (-1 if mode == "min" else 1) * np.arange(30) / 16
    values[rng.integers(0, 30, 3)] = math.nan
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, mode, patience=patience - 1, threshold=min_delta, threshold_mode="abs"
    )
    expected = []
    for value in values:
        plateau.step(value)
        expected.append(optimizer.param_groups[0]["lr"] < 1)
        if expected[-1]:
            break
    told = values[: len(expected)].tolist()
    said, best = replay(EarlyStopping(patience, min_delta, mode), told, {"epoch": np.zeros(1)})
    assert said == expected
    if best is not None:
        assert told[int(best["epoch"][0])] == plateau.best


@pytest.mark.parametrize("seed", range(200))
def test_a_status_follows_from_exact_fractions(seed):
    rng = np.random.default_rng(seed)
    loss, validation = rng.uniform(0, 3, (2, 6)) * np.geomspace(1, 0.2, 6)
    first, last, final = (Fraction(each) for each in (loss[0], loss[-1], validation[-1]))
    lowest = Fraction(min(validation))
    expected = "good"
    if 2 * last > first:
        expected = "underfitting"
    elif 4 * (final - last) > first or 10 * (final - lowest) > first:
        expected = "overfitting"
    history = {"loss": loss.tolist(), "validation_loss": validation.tolist()}
    assert fit_status(history) == expected


@pytest.mark.parametrize("steps", [1, 3, 10])
@pytest.mark.parametrize("curvatures", [(1.0,), (0.3, 2.0), (5.0, 4.0, 0.01)])
@pytest.mark.parametrize("n", [10, 41])
def test_the_range_ends_beside_the_minimum_that_scipy_finds(curvatures, steps, n):
    """After some steps of descent in a bowl, the loss as a function of the rate has a minimum."""
    optimize = import_module("scipy.optimize")
    bends = np.array(curvatures)

    def loss_at(rate):
        return float(np.sum(bends * (1 - rate * bends) ** (2 * steps)))

    low, high = 1e-3, 30.0
    found = optimize.minimize_scalar(
        lambda exponent: loss_at(math.exp(exponent)),
        bounds=(math.log(low), math.log(high)),
        method="bounded",
        options={"xatol": 1e-10},
    )
    rate = learning_rate_range(loss_at, low, high, n)
    ratio = math.log(high / low) / (n - 1)
    assert abs(math.log(rate) - found.x) <= ratio
    exponents = (math.log(rate) - math.log(low)) / ratio
    assert exponents == pytest.approx(round(exponents), abs=1e-9)
