"""The training loop, judged by what its loss, its optimizer and its schedule get to see."""

import numpy as np

from autograder.declare import Case, Exercise, exact

EPOCHS = 3


def quadratic(params, x, labels):
    """Return the mean squared error of a line with respect to the labels, and its gradients."""
    error = x @ params["weights"] + params["bias"] - labels
    grads = {"weights": 2 * x.T @ error / len(x), "bias": np.array([2 * error.mean()])}
    return float(np.mean(error**2)), grads


def parabola(params, _x, _labels):
    """Return a loss that depends on the parameters only, and its gradients."""
    value = sum(float(np.sum(param**2)) for param in params.values()) / 2
    return value, {name: np.array(param) for name, param in params.items()}


def rolling(theta, grad, state, *, lr):
    """Take one step with momentum."""
    velocity = 0.5 * state.get("velocity", 0.0) + lr * grad
    return theta - velocity, {"velocity": velocity}


def counting(theta, _grad, state, **_rate):
    """Add to a parameter how many steps it has taken, and one hundred for each."""
    taken = state.get("taken", 0) + 1
    return theta + taken + 100.0, {"taken": taken}


def rate_of(case, epoch):
    """Return the rate of an epoch; that of the last for all that should not be asked for."""
    return case.rates[min(int(epoch), EPOCHS - 1)]


def trained(subject, case, *, loss=quadratic, optimizer=rolling, epochs=EPOCHS, **options):
    """Return the parameters and the history of a training."""
    schedule = options.pop("schedule", lambda epoch: rate_of(case, epoch))
    rng = options.pop("rng", None)
    return subject.train(
        {name: param.copy() for name, param in case.params.items()},
        case.x.copy(),
        case.labels.copy(),
        loss=loss,
        optimizer=optimizer,
        schedule=schedule,
        epochs=epochs,
        batch_size=case.batch_size,
        rng=np.random.default_rng(case.seed) if rng is None else rng,
    )


def shown(subject, case, **options):
    """Return the rows and the labels of every batch that the loss sees."""
    batches = []

    def watching(params, x, labels):
        batches.append((np.array(x), np.array(labels)))
        return parabola(params, x, labels)

    trained(subject, case, loss=watching, **options)
    return batches


def by_epoch(case, batches):
    """Return the batches of each epoch; what is too much belongs to the last."""
    length = -(-len(case.x) // case.batch_size)
    starts = [epoch * length for epoch in range(EPOCHS)]
    return [batches[a : a + length] for a in starts[:-1]] + [batches[starts[-1] :]]


def together(batches):
    """Return the rows and the labels of some batches, one after the other."""
    return (
        np.concatenate([x for x, _ in batches]) if batches else np.zeros((0, 2)),
        np.concatenate([labels for _, labels in batches]) if batches else np.zeros(0),
    )


def task(rng, n, batch_size, **options):
    """Draw examples whose first number is half their label, and parameters of a line."""
    labels = 3 * rng.permutation(n) + 1
    x = rng.standard_normal((n, 2))
    x[:, 0] = labels / 2
    drawn = {
        "x": x,
        "labels": labels,
        "params": {"weights": rng.standard_normal(2), "bias": rng.standard_normal(1)},
        "rates": [float(f"{rate:.2g}") for rate in rng.uniform(0.1, 0.3, EPOCHS)],
        "batch_size": batch_size,
        "seed": int(rng.integers(2**32)),
    }
    return Case(**{**drawn, **options})


def whole_batches(rng):
    """All examples in one batch, so that their order does not matter."""
    for n, size in [(5, 5), (7, 10)]:
        yield task(rng, n, size, x=rng.standard_normal((n, 2)), labels=rng.integers(-2, 3, n))


def many_batches(rng):
    """Sizes that divide the number of examples, and sizes that do not."""
    for n, size in [(6, 3), (7, 3), (5, 2), (3, 1)]:
        yield task(rng, n, size)


def remainders(rng):
    """A last batch that is smaller."""
    for n, size in [(7, 3), (9, 4)]:
        yield task(rng, n, size)


def orders(rng):
    """So many examples that no order occurs twice by chance."""
    yield task(rng, 40, 16)


def bytes_(rng):
    """Parameters that are integers."""
    params = {"weights": rng.integers(-9, 9, 2), "bias": rng.integers(-9, 9, 1)}
    yield task(rng, 5, 3, params=params)


def singles(rng):
    """Everything in float32."""
    case = task(rng, 5, 3)
    params = {name: param.astype(np.float32) for name, param in case.params.items()}
    yield Case(
        **{**case, "x": case.x.astype(np.float32), "params": params, "rates": [0.5] * EPOCHS}
    )


def layers(rng):
    """Four parameters of different shapes."""
    shapes = {"weights1": (2, 3), "bias1": (3,), "weights2": (3, 1), "bias2": (1,)}
    for n, size in [(4, 2), (5, 2)]:
        params = {name: np.zeros(shape) for name, shape in shapes.items()}
        yield task(rng, n, size, params=params)


def resting(rng):
    """Parameters that are 0."""
    for n, size in [(6, 3), (7, 3)]:
        yield task(rng, n, size, params={"weights": np.zeros(2), "bias": np.zeros(1)})


def spirals(rng):
    """Points, parameters and an order, all from one seed."""
    yield Case(seed=int(rng.integers(2**32)))


exercise = Exercise("training.train")


@exercise.check(whole_batches, weight=3, public=True)
def takes_the_steps_of_the_optimizer(subject, case):
    """With all examples in one batch, the parameters take one step of the optimizer per epoch."""
    params, _history = trained(subject, case)
    return {"params": params}


@exercise.check(many_batches, weight=2, public=True)
def takes_one_step_for_each_batch(subject, case):
    """In an epoch the parameters take one step for each batch, with the rate of the epoch."""
    params, _history = trained(subject, case, loss=parabola)
    return {"params": params}


@exercise.check(many_batches, weight=3, public=True, judge=exact)
def every_epoch_shows_every_example_once(subject, case):
    """In an epoch the loss sees every example once, with its label, in batches of the right size."""
    epochs = by_epoch(case, shown(subject, case))
    return {
        "sizes": [[len(x) for x, _ in each] for each in epochs],
        "labels": [np.sort(together(each)[1]) for each in epochs],
        "mismatches": sum(
            int(np.sum(2 * x[:, 0] != labels)) for each in epochs for x, labels in each
        ),
    }


@exercise.check(orders, weight=2, judge=exact)
def every_epoch_has_an_order_of_its_own(subject, case):
    """The order of the examples is drawn from the generator, anew for each epoch."""
    epochs = [together(each)[1] for each in by_epoch(case, shown(subject, case))]
    again, other = (
        together(shown(subject, case, rng=np.random.default_rng(case.seed + more)))[1]
        for more in (0, 1)
    )
    return {
        "old_order": any(np.array_equal(each, case.labels) for each in epochs),
        "same_order": any(np.array_equal(epochs[0], each) for each in epochs[1:]),
        "repeatable": np.array_equal(np.concatenate(epochs), again),
        "other_seed_is_the_same": np.array_equal(again, other),
    }


@exercise.check(many_batches, weight=2, judge=exact)
def the_schedule_sets_the_rate_of_an_epoch(subject, case):
    """The schedule is asked for epochs 0, 1, 2, and every step of an epoch has its rate."""
    asked, rates = [], []

    def schedule(epoch):
        asked.append(int(epoch))
        return rate_of(case, epoch)

    def watching(theta, grad, state, *, lr):
        rates.append(float(lr))
        return rolling(theta, grad, state, lr=lr)

    trained(subject, case, loss=parabola, optimizer=watching, schedule=schedule)
    return {"epochs": sorted(set(asked)), "rates": rates}


@exercise.check(layers, weight=2, judge=exact)
def every_parameter_has_its_own_state(subject, case):
    """A parameter gets back the state of its own last step, from the first batch to the last."""
    params, _history = trained(subject, case, loss=parabola, optimizer=counting)
    return {"params": params}


@exercise.check(resting, weight=0.5, judge=exact)
def one_gradient_for_each_batch(subject, case):
    """The loss is called once for each batch, with the parameters as they are then."""
    places = []

    def watching(params, x, labels):
        places.append(float(params["bias"][0]))
        return parabola(params, x, labels)

    trained(subject, case, loss=watching, optimizer=counting)
    return {"bias": places}


@exercise.check(remainders, weight=2)
def history_holds_the_mean_loss(subject, case):
    """The history holds the mean over the examples of each epoch's loss."""

    def lasting(params, x, labels):
        return float(np.mean(labels) + params["bias"][0]), parabola(params, x, labels)[1]

    _params, history = trained(subject, case, loss=lasting)
    return {"loss": np.array(history["loss"])}


@exercise.check(many_batches, weight=0.5, judge=exact)
def history_holds_the_rates(subject, case):
    """The history holds the rate of each epoch."""
    _params, history = trained(subject, case, loss=parabola)
    return {"lr": np.array(history["lr"])}


@exercise.check(spirals, weight=3, judge=exact)
def learns_two_spirals(subject, case):
    """With your loop `learn_spirals` gets at least 97 % of the points right, seen and unseen."""
    accuracies = subject.learn_spirals(case.seed)
    return {name: accuracy >= 0.97 for name, accuracy in accuracies.items()}


@exercise.check(many_batches, weight=0.5, judge=exact)
def no_epochs_change_nothing(subject, case):
    """After 0 epochs the parameters are what they were, and the history is empty."""
    params, history = trained(subject, case, epochs=0)
    return {"params": params, "epochs": [len(history["loss"]), len(history["lr"])]}


@exercise.check(remainders, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Parameters, rows and labels that were given are left as they were."""
    subject.train(
        case.params,
        case.x,
        case.labels,
        loss=quadratic,
        optimizer=rolling,
        schedule=lambda _: 0.1,
        epochs=2,
        batch_size=case.batch_size,
        rng=np.random.default_rng(case.seed),
    )
    return {"params": case.params, "x": case.x, "labels": case.labels}


@exercise.check(singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Parameters of float32 stay float32."""
    params, _history = trained(subject, case, loss=parabola)
    return {"dtypes": {name: str(param.dtype) for name, param in params.items()}}


@exercise.check(bytes_, weight=0.5, judge=exact)
def integers_become_floats(subject, case):
    """Parameters that are integers become float64 before the loss sees them."""
    dtypes = []

    def watching(params, x, labels):
        dtypes.append(sorted({str(np.asarray(param).dtype) for param in params.values()}))
        return parabola(params, x, labels)

    trained(subject, case, loss=watching)
    return {"dtypes": dtypes}


STEP = (
    "params[name], states[name] = optimizer(\n"
    "                    params[name], grads[name], states[name], lr=lr\n"
    "                )"
)
HEAD = (
    "for epoch in range(epochs):\n"
    "        lr, total = schedule(epoch), 0.0\n"
    "        for rows, targets in minibatches(x, labels, batch_size, rng):"
)

exercise.mutant(
    "new_parameters_are_lost",
    old="params[name], states[name] = optimizer(",
    new="_, states[name] = optimizer(",
    hint="Where do the new parameters go that the optimizer returns?",
)
exercise.mutant(
    "one_state_for_all",
    old=STEP,
    new=STEP.replace("states[name]", 'states["all"]').replace(
        'grads[name], states["all"]', 'grads[name], states.get("all", {})'
    ),
    hint="When weights and bias take turns, whose state does each of them get?",
)
exercise.mutant(
    "state_is_always_empty",
    old="params[name], grads[name], states[name], lr=lr",
    new="params[name], grads[name], {}, lr=lr",
    hint="What becomes of the state that the optimizer returns?",
)
exercise.mutant(
    "state_is_lost_after_an_epoch",
    old="lr, total = schedule(epoch), 0.0",
    new="lr, total = schedule(epoch), 0.0\n        states = {name: {} for name in params}",
    hint="Does the memory of the optimizer survive the end of an epoch?",
)
exercise.mutant(
    "plain_descent",
    old=STEP,
    new="params[name] = params[name] - lr * grads[name]",
    hint="Who takes the step: your loop, or the optimizer that was handed to it?",
)
exercise.mutant(
    "rate_of_the_first_epoch",
    old="schedule(epoch)",
    new="schedule(0)",
    hint="Which rate do later epochs have?",
)
exercise.mutant(
    "counts_from_one",
    old="schedule(epoch)",
    new="schedule(epoch + 1)",
    hint="Which number does the first epoch have?",
)
exercise.mutant(
    "counts_batches",
    old=HEAD,
    new="steps = -1\n    for epoch in range(epochs):\n"
    "        total = 0.0\n"
    "        for rows, targets in minibatches(x, labels, batch_size, rng):\n"
    "            steps += 1\n"
    "            lr = schedule(steps)",
    hint="Does the rate change with every batch, or with every epoch?",
)
exercise.mutant(
    "shuffles_once",
    old=HEAD,
    new="batches = minibatches(x, labels, batch_size, rng)\n"
    "    for epoch in range(epochs):\n"
    "        lr, total = schedule(epoch), 0.0\n"
    "        for rows, targets in batches:",
    hint="How often do you draw the order of the examples?",
)
exercise.mutant(
    "own_generator",
    old="batch_size, rng)",
    new="batch_size, np.random.default_rng())",
    hint="From which generator do your batches come, and could you repeat the training?",
)
exercise.mutant(
    "seed_of_its_own",
    old="batch_size, rng)",
    new="batch_size, np.random.default_rng(epoch))",
    hint="Does another generator give another order?",
)
exercise.mutant(
    "never_shuffles",
    old="minibatches(x, labels, batch_size, rng)",
    new="[(x[a : a + batch_size], labels[a : a + batch_size]) for a in range(0, len(x), batch_size)]",
    hint="In which order do the examples come?",
)
exercise.mutant(
    "all_examples_in_each_step",
    old="loss(params, rows, targets)",
    new="loss(params, x, labels)",
    hint="On which examples is each gradient computed?",
)
exercise.mutant(
    "drops_the_remainder",
    old="batch_size, rng)",
    new="batch_size, rng, drop_last=len(x) > batch_size)",
    hint="Does every example get its turn in every epoch?",
)
exercise.mutant(
    "one_batch_per_epoch",
    old="minibatches(x, labels, batch_size, rng)",
    new="minibatches(x, labels, batch_size, rng)[:1]",
    hint="How many batches are there in an epoch?",
)
exercise.mutant(
    "gradients_at_parameters_half_updated",
    old="for name in params:\n",
    new="for name in params:\n                _, grads = loss(params, rows, targets)\n",
    hint="When the second parameter takes its step, where was its gradient computed?",
)
exercise.mutant(
    "mean_of_batch_means",
    old="total += value * len(rows)",
    new="total += value * len(x) / -(-len(x) // batch_size)",
    hint="Does a small last batch weigh as much as a full one?",
)
exercise.mutant(
    "every_batch_counts_as_full",
    old="value * len(rows)",
    new="value * batch_size",
    hint="How many examples are in the last batch?",
)
exercise.mutant(
    "sum_of_batches",
    old="total / len(x)",
    new="total",
    hint="Is the loss of an epoch a sum or a mean over the examples?",
)
exercise.mutant(
    "loss_of_the_last_batch",
    old="total += value * len(rows)",
    new="total = value * len(x)",
    hint="Which batches does the loss of the epoch come from?",
)
exercise.mutant(
    "loss_of_every_batch",
    old="total += value * len(rows)",
    new='history["loss"].append(float(value))',
    hint="How many numbers does the history hold for one epoch?",
)
exercise.mutant(
    "begins_with_a_loss",
    old='history: History = {"loss": [], "lr": []}',
    new='history: History = {"loss": [loss(params, x, labels)[0]], "lr": []}',
    hint="How many numbers does the history hold before the first epoch?",
)
exercise.mutant(
    "rates_not_kept",
    old='history["lr"].append(float(lr))',
    new="pass",
    hint="What belongs to the history besides the loss?",
)
exercise.mutant(
    "works_in_the_given_dictionary",
    old="params = {name: as_float(param) for name, param in params.items()}",
    new="params.update({name: as_float(param) for name, param in params.items()})",
    hint="Whose dictionary does your loop write into?",
)
exercise.mutant(
    "integers_kept",
    old="name: as_float(param) for",
    new="name: param for",
    hint="What are the parameters if you were given integers?",
)
exercise.mutant(
    "always_float64",
    old="name: as_float(param) for",
    new="name: np.asarray(param, dtype=float) for",
    hint="Which dtype did the parameters have before?",
)

exercise.alternative(
    "own_permutation",
    """
    def train(params, x, labels, *, loss, optimizer, schedule, epochs, batch_size, rng):
        n = len(labels)
        theta = {}
        for name, value in params.items():
            value = np.array(value)
            theta[name] = value if value.dtype.kind == "f" else value.astype(np.float64)
        state = dict((name, dict()) for name in theta)
        losses, rates = [], []
        for epoch in range(epochs):
            rates.append(schedule(epoch))
            order = rng.permutation(n)
            costs, weights = [], []
            for start in range(0, n, batch_size):
                rows = order[start : start + batch_size]
                cost, grads = loss(theta, x[rows], labels[rows])
                costs.append(cost)
                weights.append(len(rows))
                new = {}
                for name in theta:
                    new[name], state[name] = optimizer(
                        theta[name], grads[name], state[name], lr=rates[-1]
                    )
                theta = new
            losses.append(float(np.average(costs, weights=weights)))
        return theta, {"loss": losses, "lr": rates}
    """,
)
exercise.alternative(
    "functions_inside",
    """
    from functools import reduce


    def train(params, x, labels, *, loss, optimizer, schedule, epochs, batch_size, rng):
        def step(memory, batch, lr):
            current, states, total = memory
            value, grads = loss(current, *batch)
            pairs = {
                name: optimizer(current[name], grads[name], states[name], lr=lr)
                for name in reversed(list(current))
            }
            return (
                {name: pairs[name][0] for name in current},
                {name: pairs[name][1] for name in current},
                total + len(batch[1]) * value,
            )

        current = {name: as_float(np.array(param)) for name, param in params.items()}
        states = {name: {} for name in current}
        history = dict(loss=[], lr=[], epochs=[])
        for epoch in range(epochs):
            lr = schedule(epoch)
            current, states, total = reduce(
                lambda memory, batch: step(memory, batch, lr),
                minibatches(x, labels, batch_size, rng),
                (current, states, 0.0),
            )
            history["loss"].append(total / len(labels))
            history["lr"].append(lr)
            history["epochs"].append(epoch)
        return current, history
    """,
)
exercise.alternative(
    "while_loop_and_running_mean",
    """
    class Trainer:
        def __init__(self, params, optimizer):
            self.params = {name: 1.0 * np.asarray(param) for name, param in params.items()}
            self.states = {}
            self.optimizer = optimizer

        def step(self, grads, lr):
            for name, grad in grads.items():
                self.params[name], self.states[name] = self.optimizer(
                    self.params[name], grad, self.states.get(name, {}), lr=lr
                )


    def train(params, x, labels, *, loss, optimizer, schedule, epochs, batch_size, rng):
        trainer, history, epoch = Trainer(params, optimizer), {"loss": [], "lr": []}, 0
        while epoch < epochs:
            mean, seen = 0.0, 0
            keys = np.argsort(rng.random(len(x)))
            for part in np.split(keys, range(batch_size, len(x), batch_size)):
                value, grads = loss(dict(trainer.params), x[part], labels[part])
                seen += len(part)
                mean += (value - mean) * len(part) / seen
                trainer.step(grads, schedule(epoch))
            history["loss"].append(mean)
            history["lr"].append(float(schedule(epoch)))
            epoch += 1
        return trainer.params, history
    """,
)
