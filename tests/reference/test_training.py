import copy
import math

import numpy as np
import pytest

from reference.optimizers import adam, momentum, sgd
from reference.training import (
    EarlyStopping,
    accuracy_of,
    as_layers,
    as_params,
    fit_status,
    learn_spirals,
    learning_rate_range,
    network_loss,
    new_network,
    replay,
    train,
    two_spirals,
)

NAN = math.nan


def line(params, x, labels):
    """Return the mean squared error of a line, and its gradients."""
    error = x @ params["weights"] + params["bias"] - labels
    grads = {"weights": 2 * x.T @ error / len(x), "bias": np.array([2 * error.mean()])}
    return float(np.mean(error**2)), grads


def some_data(n=7):
    rng = np.random.default_rng(3)
    return rng.standard_normal((n, 2)), np.arange(n)


def some_params():
    return {"weights": np.array([0.5, -1.0]), "bias": np.array([2.0])}


def trained(*, n=7, params=None, **changes):
    options = {
        "loss": line,
        "optimizer": sgd,
        "schedule": lambda epoch: 0.1 / (1 + epoch),
        "epochs": 4,
        "batch_size": 3,
        "rng": np.random.default_rng(1),
    }
    return train(some_params() if params is None else params, *some_data(n), **options | changes)


def test_the_history_has_one_loss_and_one_rate_for_each_epoch():
    _, history = trained()
    assert history["lr"] == [0.1 / (1 + epoch) for epoch in range(4)]
    assert len(history["loss"]) == 4
    assert all(type(value) is float for values in history.values() for value in values)


def test_nothing_that_was_passed_in_is_modified():
    params, (x, labels) = some_params(), some_data()
    before = copy.deepcopy((params, x, labels))
    train(
        params,
        x,
        labels,
        loss=line,
        optimizer=momentum,
        schedule=lambda _: 0.1,
        epochs=3,
        batch_size=2,
        rng=np.random.default_rng(1),
    )
    np.testing.assert_equal((params, x, labels), before)


def test_the_same_seed_gives_the_same_training_and_another_one_another():
    first, again, other = (trained(rng=np.random.default_rng(seed))[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first["weights"], again["weights"])
    assert not np.array_equal(first["weights"], other["weights"])


def test_no_epochs_give_the_parameters_back_in_a_new_dictionary():
    params = some_params()
    got, history = trained(params=params, epochs=0)
    np.testing.assert_equal(got, params)
    assert got is not params
    assert history == {"loss": [], "lr": []}


@pytest.mark.parametrize(
    ("given", "wanted"), [(np.float32, np.float32), (float, float), (int, float)]
)
def test_float32_stays_and_integers_become_float64(given, wanted):
    seen = []

    def loss(params, _x, _labels):
        seen.append({param.dtype for param in params.values()})
        return 0.0, params

    params = {"a": np.array([1, 2], given), "b": np.array([3], given)}
    got, _ = trained(params=params, loss=loss)
    assert {param.dtype for param in got.values()} == {np.dtype(wanted)}
    assert all(dtypes == {np.dtype(wanted)} for dtypes in seen)


def test_each_epoch_shows_every_example_once_in_an_order_of_its_own():
    orders = []

    def loss(params, _x, labels):
        orders.append(labels)
        return 0.0, params

    trained(n=20, loss=loss, batch_size=8)
    epochs = [np.concatenate(orders[k : k + 3]) for k in range(0, 12, 3)]
    assert [len(labels) for labels in orders] == [8, 8, 4] * 4
    assert all(sorted(epoch) == list(range(20)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 4


def test_the_state_of_a_parameter_is_its_own_and_lasts():
    counts = []

    def count(theta, _grad, state, *, lr):
        assert lr == 0.1
        state = {"steps": state.get("steps", 0) + 1, "size": state.get("size", theta.size)}
        assert state["size"] == theta.size
        counts.append(state["steps"])
        return theta, state

    trained(optimizer=count, schedule=lambda _: 0.1)
    assert counts == [step for step in range(1, 13) for _ in range(2)]


def test_the_loss_of_an_epoch_is_the_mean_over_the_examples():
    _, history = trained(loss=lambda params, _x, labels: (float(labels.mean()), params))
    assert history["loss"] == pytest.approx([3.0] * 4)


def test_labels_that_do_not_fit_raise():
    with pytest.raises(ValueError, match="rows"):
        train(
            some_params(),
            np.zeros((3, 2)),
            np.zeros(4),
            loss=line,
            optimizer=sgd,
            schedule=lambda _: 0.1,
            epochs=1,
            batch_size=2,
            rng=np.random.default_rng(0),
        )


@pytest.mark.parametrize("seed", range(10))
def test_two_spirals_are_learned(seed):
    accuracies = learn_spirals(seed)
    assert accuracies.keys() == {"seen", "unseen"}
    assert min(accuracies.values()) >= 0.975


def test_a_line_is_found_by_every_optimizer():
    x, _ = some_data(30)
    labels = x @ np.array([2.0, -1.0]) + 0.5
    for optimizer in (sgd, momentum, adam):
        params, history = train(
            some_params(),
            x,
            labels,
            loss=line,
            optimizer=optimizer,
            schedule=lambda epoch: 0.1 * 0.95**epoch,
            epochs=80,
            batch_size=10,
            rng=np.random.default_rng(0),
        )
        np.testing.assert_allclose(params["weights"], [2, -1], atol=1e-2)
        assert history["loss"][-1] < 1e-4


def test_layers_and_named_parameters_are_two_ways_to_say_the_same():
    params = new_network([2, 3, 4], np.random.default_rng(0))
    assert list(params) == ["weights1", "bias1", "weights2", "bias2"]
    np.testing.assert_equal(as_params(as_layers(params)), params)


def test_the_variance_of_new_weights_is_two_over_the_inputs():
    params = new_network([50, 4000], np.random.default_rng(0))
    assert params["weights1"].var() == pytest.approx(2 / 50, rel=0.02)
    assert not params["bias1"].any()


def test_the_gradients_of_the_network_loss_have_the_names_of_its_parameters():
    rng = np.random.default_rng(0)
    params, (x, labels) = new_network([2, 5, 2], rng), two_spirals(8, rng)
    loss, grads = network_loss(params, x, labels)
    direction = {name: rng.standard_normal(param.shape) for name, param in params.items()}
    ahead = {name: param + 1e-6 * direction[name] for name, param in params.items()}
    slope = sum(float((grads[name] * direction[name]).sum()) for name in params)
    assert network_loss(ahead, x, labels)[0] - loss == pytest.approx(1e-6 * slope, rel=1e-3)


def test_accuracy_is_a_fraction():
    params = as_params([(np.eye(2), np.zeros(2))])
    x = np.array([[1.0, 0.0], [0.0, 1.0], [3.0, 2.0], [0.0, 5.0]])
    assert accuracy_of(params, x, np.array([0, 1, 1, 1])) == 0.75


def answers(values, *, patience=2, **options):
    return replay(EarlyStopping(patience, **options), values, {"epoch": np.zeros(1)})


@pytest.mark.parametrize(
    ("values", "patience", "stops", "best"),
    [
        ([3.0, 2.0, 2.5, 1.5, 1.8, 1.5], 2, [5], 3),
        ([3.0, 4.0], 1, [1], 0),
        ([3.0, 4.0, 4.0, 2.0, 5.0], 3, [], 3),
        ([3.0, 4.0, 5.0, 6.0, 1.0, 2.0, 3.0], 2, [2, 3, 6], 4),
        ([NAN, 3.0, NAN, 2.0, NAN, NAN], 2, [5], 3),
        ([5.0, math.inf, 4.0], 2, [], 2),
    ],
)
def test_training_stops_when_patience_runs_out(values, patience, stops, best):
    said, kept = answers(values, patience=patience)
    assert [epoch for epoch, stop in enumerate(said) if stop] == stops
    assert all(type(each) is bool for each in said)
    assert kept["epoch"] == best


def test_what_is_better_by_less_than_min_delta_is_no_improvement():
    said, kept = answers([1.0, 0.9375, 0.875, 0.8125], patience=3, min_delta=0.125)
    assert said == [False] * 4
    assert kept["epoch"] == 3


def test_an_accuracy_improves_upwards():
    said, kept = answers([0.5, 0.7, 0.6, 0.65], mode="max")
    assert said == [False, False, False, True]
    assert kept["epoch"] == 1


@pytest.mark.parametrize("in_place", [False, True])
def test_the_best_parameters_are_copies(in_place):
    params = {"weights": np.zeros((2, 3)), "bias": np.zeros(3)}
    stopper = EarlyStopping(5)
    _, best = replay(stopper, [3.0, 2.0, 4.0, 5.0], params, in_place=in_place)
    np.testing.assert_equal(best, {"weights": np.ones((2, 3)), "bias": np.ones(3)})
    assert not params["weights"].any()


def test_there_is_no_best_before_the_first_number():
    assert EarlyStopping(3).best is None
    assert answers([NAN, NAN]) == ([False, True], None)


@pytest.mark.parametrize(
    "options",
    [{"patience": 0}, {"patience": 2, "min_delta": -0.1}, {"patience": 2, "mode": "least"}],
)
def test_an_impossible_stopper_raises(options):
    with pytest.raises(ValueError, match=r"mode|patience"):
        EarlyStopping(**options)


@pytest.mark.parametrize(
    ("loss", "validation", "status"),
    [
        ([2.0, 1.9, 1.8], [2.0, 1.9, 1.9], "underfitting"),
        ([2.0, 1.0, 0.1], [2.0, 1.0, 0.9], "overfitting"),
        ([2.0, 0.5, 0.1], [2.0, 0.2, 0.5], "overfitting"),
        ([2.0, 0.5, 0.1], [2.0, 0.5, 0.2], "good"),
        ([2.0, 0.5, 1.5], [2.0, 0.5, 3.0], "underfitting"),
        ([2.0, 0.5, NAN], [2.0, 0.5, NAN], "underfitting"),
        ([2.0, 0.5, 0.4], [2.0, 0.5, NAN], "overfitting"),
        ([2.0], [2.0], "underfitting"),
    ],
)
@pytest.mark.parametrize("unit", [1.0, 1e-3, 40.0])
def test_curves_tell_what_the_model_does(loss, validation, status, unit):
    history = {
        "loss": [unit * each for each in loss],
        "validation_loss": [unit * each for each in validation],
        "lr": [0.1] * len(loss),
    }
    assert fit_status(history) == status


def at(losses, low, high):
    """Return a loss that is listed by the number of the rate."""
    asked = []

    def loss_at(rate):
        asked.append(rate)
        return losses[round((len(losses) - 1) * math.log(rate / low) / math.log(high / low))]

    return loss_at, asked


@pytest.mark.parametrize(
    ("losses", "best"),
    [
        ([5, 4, 3, 6, 1], 2),
        ([5, 6, 1, 1, 1], 0),
        ([5, 4, 3, 2, 1], 4),
        ([5, 5, 4, 3, 2], 0),
        ([5, 4, NAN, 2, 1], 1),
        ([NAN, 4, 3, 2, 1], 0),
        ([5, 4, math.inf, 2, 1], 1),
    ],
)
def test_the_range_ends_where_the_loss_no_longer_falls(losses, best):
    loss_at, asked = at(losses, 0.01, 100.0)
    rates = [0.01, 0.1, 1.0, 10.0, 100.0]
    assert learning_rate_range(loss_at, 0.01, 100.0, 5) == pytest.approx(rates[best], rel=1e-12)
    assert asked == pytest.approx(rates[: best + 2], rel=1e-12)


@pytest.mark.parametrize(
    ("low", "high", "n"), [(0, 1, 3), (1, 1, 3), (2, 1, 3), (-1, 1, 3), (1, 2, 1)]
)
def test_an_impossible_range_raises(low, high, n):
    with pytest.raises(ValueError, match="need 0 < low < high"):
        learning_rate_range(lambda rate: rate, low, high, n)
