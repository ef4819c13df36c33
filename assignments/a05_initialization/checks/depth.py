"""The depth experiment: what becomes of noise in a deep network.

The batch is the student's own draw, so most checks pass weights that are no matter of chance, and
look at what they must do to any batch. Their initializers draw from a generator of their own.
"""

import numpy as np
from checks._draws import generator, seed, source

from autograder.declare import Case, Exercise, exact

EXAMPLES = 256


def linear(z):
    """Return the pre-activations as they are."""
    return z


def scaled_identity(scale):
    """Return an initializer by which every layer multiplies its input by a number."""

    def initializer(fan_in, fan_out, rng):
        del rng
        return scale * np.eye(fan_in, fan_out)

    return initializer


def independent(case, gain=1.0):
    """Return an initializer that draws from a generator of its own; 1 is the scale that lasts."""
    own = generator(case, offset=7)

    def initializer(fan_in, fan_out, rng):
        del rng
        return gain * own.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)

    return initializer


class Watched:
    """An initializer that notes what it is asked for, and hands out the identity."""

    def __init__(self):
        self.asked, self.streams = [], []

    def draw(self, fan_in, fan_out, rng):
        """Note the fans and to which stream of random numbers the generator belongs."""
        self.asked.append([int(fan_in), int(fan_out)])
        self.streams.append(rng.bit_generator.state["state"]["inc"])
        return np.eye(fan_in, fan_out)


def compared(value, low, high):
    """Say where a number is that chance moves, but not out of these bounds."""
    if low <= value <= high:
        return "as expected"
    return "too small" if value < low else "too large"


def sizes(rng):
    """Networks of different depth and width, one layer among them."""
    for depth, width in [(4, 30), (1, 8), (6, 6)]:
        yield Case(depth=depth, width=width, seed=seed(rng))


def factors(rng):
    """Every layer makes the signal smaller, or larger, or leaves it as it is."""
    for depth, width, scale in [(5, 20, 0.5), (4, 12, 3.0), (6, 15, 1.0)]:
        yield Case(depth=depth, width=width, scale=scale, seed=seed(rng))


def more_factors(rng):
    """Scales that the checks in the notebook do not use; a sign that alternates."""
    for depth, width, scale in [(7, 9, float(rng.uniform(0.2, 0.8))), (3, 40, -2.5), (1, 16, 4.0)]:
        yield Case(depth=depth, width=width, scale=scale, seed=seed(rng))


def gains(rng):
    """Random weights that are far too small, far too large, and right."""
    for gain in (0.1, 10.0, 1.0):
        yield Case(depth=6, width=30, gain=gain, seed=seed(rng))


def tables(rng):
    """Activations that do not depend on the input: units and examples of different spread."""
    for depth, width in [(2, 3), (1, 2)]:
        sizes = np.linspace(0.5, 3.0, EXAMPLES)[:, np.newaxis] * np.linspace(1.0, 4.0, width)
        table = sizes * rng.standard_normal((EXAMPLES, width)) + 2.0
        yield Case(depth=depth, table=table, seed=seed(rng))


def usual(rng):
    """A network of a usual size."""
    yield Case(depth=3, width=30, seed=seed(rng))


exercise = Exercise("diagnostics.depth_experiment")


@exercise.check(sizes, weight=0.5, public=True, judge=exact)
def one_number_for_each_layer(subject, case):
    """There is one finite number for each layer, in an array of floats."""
    stds = subject.depth_experiment(
        independent(case), linear, case.depth, case.width, generator(case)
    )
    return {"shape": list(stds.shape), "finite": bool(np.all(np.isfinite(stds)))}


@exercise.check(factors, weight=2, public=True)
def layers_build_on_each_other(subject, case):
    """If every layer doubles its input, the standard deviation doubles from layer to layer."""
    stds = subject.depth_experiment(
        scaled_identity(case.scale), linear, case.depth, case.width, generator(case)
    )
    return {"relative_to_the_first": stds / stds[0]}


@exercise.check(gains, weight=2, public=True, judge=exact)
def small_weights_vanish_and_large_ones_explode(subject, case):
    """Random weights that are too small lose the signal, those too large blow it up."""
    stds = subject.depth_experiment(
        independent(case, case.gain), linear, case.depth, case.width, generator(case)
    )
    change = stds[-1] / stds[0]
    return {"vanishes": bool(change < 1e-3), "explodes": bool(change > 1e3)}


@exercise.check(more_factors, weight=2)
def activations_are_passed_on(subject, case):
    """What the activation function makes of a layer is the input of the next one."""
    stds = subject.depth_experiment(
        scaled_identity(case.scale),
        lambda z: np.maximum(z, 0.0),
        case.depth,
        case.width,
        generator(case),
    )
    return {"relative_to_the_first": stds / stds[0]}


@exercise.check(usual, weight=2, judge=exact)
def starts_from_a_standard_normal_batch(subject, case):
    """The batch has 256 examples and a standard deviation of about 1."""
    seen = []

    def shifted(z):
        seen.append(list(np.shape(z)))
        return z + 5.0

    stds = subject.depth_experiment(
        scaled_identity(1.0), shifted, case.depth, case.width, generator(case)
    )
    return {"spread": [compared(std, 0.94, 1.06) for std in stds], "seen": seen}


@exercise.check(usual, judge=exact)
def normal_and_not_uniform(subject, case):
    """One in 22 numbers of the batch is beyond 2, as of all normal numbers."""
    shares = []

    def watched(z):
        shares.append(np.mean(np.abs(z) > 2.0))
        return z

    subject.depth_experiment(scaled_identity(1.0), watched, 1, case.width, generator(case))
    return {"share_beyond_two": [compared(share, 0.028, 0.063) for share in shares]}


@exercise.check(usual, weight=3, judge=exact)
def weights_then_activation(subject, case):
    """A layer applies its weights first and then the activation, and the result is measured."""

    def first_input_to_all(fan_in, fan_out, rng):
        del rng
        weights = np.zeros((fan_in, fan_out))
        weights[0] = 2.0
        return weights

    stds = subject.depth_experiment(
        first_input_to_all, np.sign, case.depth, case.width, generator(case)
    )
    return {"spread": [compared(std, 0.8, 1.001) for std in stds]}


@exercise.check(tables, weight=1.5)
def spread_of_all_entries(subject, case):
    """The standard deviation is that of all activations of a layer at once."""

    def constant(z):
        del z
        return case.table.copy()

    width = case.table.shape[1]
    stds = subject.depth_experiment(
        scaled_identity(1.0), constant, case.depth, width, generator(case)
    )
    return {"stds": stds}


@exercise.check(sizes, weight=2.5, judge=exact)
def weights_are_drawn_for_every_layer(subject, case):
    """The initializer is asked once for each layer, and handed the generator."""
    watched = Watched()
    subject.depth_experiment(watched.draw, linear, case.depth, case.width, generator(case))
    stream = generator(case).bit_generator.state["state"]["inc"]
    return {
        "asked": watched.asked,
        "handed_the_generator": [each == stream for each in watched.streams],
    }


@exercise.check(sizes, judge=exact)
def batch_comes_from_the_generator(subject, case):
    """Generators in the same state give the same numbers; a later call and another seed do not."""
    return source(
        lambda rng: subject.depth_experiment(
            scaled_identity(1.0), linear, case.depth, case.width, rng
        ),
        case,
    )


@exercise.check(sizes, weight=0.5, judge=exact)
def no_signal_no_spread(subject, case):
    """Weights of zero leave nothing, whatever the batch."""
    stds = subject.depth_experiment(
        scaled_identity(0.0), linear, case.depth, case.width, generator(case)
    )
    return {"zero": [float(std) == 0.0 for std in stds]}


BATCH = "rng.standard_normal((EXAMPLES, width))"
LAYER = "a = activation(a @ weights)"
WEIGHTS = "weights = initializer(width, width, rng)"
SPREAD = "a.std()"

exercise.mutant(
    "before_the_activation",
    old=f"{LAYER}\n        stds.append({SPREAD})",
    new="z = a @ weights\n        stds.append(z.std())\n        a = activation(z)",
    hint="What goes into the list: the pre-activations, or what the next layer receives?",
)
exercise.mutant(
    "always_the_batch",
    old=f"for _ in range(depth):\n        {WEIGHTS}\n        {LAYER}",
    new=f"batch = a\n    for _ in range(depth):\n        {WEIGHTS}\n"
    "        a = activation(batch @ weights)",
    hint="What is the input of the second layer?",
)
exercise.mutant(
    "weights_drawn_once",
    old=f"for _ in range(depth):\n        {WEIGHTS}",
    new=f"{WEIGHTS}\n    for _ in range(depth):",
    hint="Do all layers share their weights?",
)
exercise.mutant(
    "no_activation",
    old=LAYER,
    new="a = a @ weights",
    hint="Where do you use the activation function?",
)
exercise.mutant(
    "activation_first",
    old=LAYER,
    new="a = activation(a) @ weights",
    hint="What comes first in a layer: the weights, or the activation function?",
)
exercise.mutant(
    "weights_transposed",
    old="a @ weights",
    new="a @ weights.T",
    hint="Does a row of the weights belong to an input or to an output?",
)
exercise.mutant(
    "variance",
    old=SPREAD,
    new="a.var()",
    hint="If every layer doubles its input, by how much should your number grow?",
)
exercise.mutant(
    "root_mean_square",
    old=SPREAD,
    new="np.sqrt((a**2).mean())",
    hint="What is the spread of activations that are all 5?",
)
exercise.mutant(
    "mean_size",
    old=SPREAD,
    new="np.abs(a).mean()",
    hint="Which number says how widely the activations are spread around their mean?",
)
exercise.mutant(
    "spread_of_a_unit",
    old=SPREAD,
    new="a.std(axis=0).mean()",
    hint="Is it the spread of all entries, or the mean of the spreads of the units?",
)
exercise.mutant(
    "spread_of_an_example",
    old=SPREAD,
    new="a.std(axis=1).mean()",
    hint="Is it the spread of all entries, or the mean of the spreads of the examples?",
)
exercise.mutant(
    "batch_included",
    old="stds = []",
    new="stds = [a.std()]",
    hint="How many numbers do you return for a network of one layer?",
)
exercise.mutant(
    "last_layer_only",
    old="return np.array(stds)",
    new="return np.array(stds[-1:])",
    hint="How many numbers do you return for a network of four layers?",
)
exercise.mutant(
    "one_layer_short",
    old="range(depth)",
    new="range(depth - 1)",
    hint="How many layers does a network of depth 1 have?",
)
exercise.mutant(
    "uniform_batch",
    old=BATCH,
    new="rng.random((EXAMPLES, width))",
    hint="Which distribution does the batch have, and which mean?",
)
exercise.mutant(
    "uniform_batch_of_spread_one",
    old=BATCH,
    new="rng.uniform(-np.sqrt(3), np.sqrt(3), (EXAMPLES, width))",
    hint="Can a number of your batch be larger than 2?",
)
exercise.mutant(
    "one_example",
    old="(EXAMPLES, width)",
    new="(1, width)",
    hint="How many examples are there in the batch?",
)
exercise.mutant(
    "square_batch",
    old="(EXAMPLES, width)",
    new="(width, width)",
    hint="How many examples are there in the batch?",
)
exercise.mutant(
    "global_generator",
    old="rng.standard_normal",
    new="np.random.standard_normal",
    hint="Whose generator does the batch come from: numpy's own, or the one that was handed to you?",
)
exercise.mutant(
    "own_generator",
    old="rng.standard_normal",
    new="np.random.default_rng(0).standard_normal",
    hint="Is the batch another one if the experiment is repeated with the same generator?",
)
exercise.mutant(
    "new_generator_for_the_weights",
    old="initializer(width, width, rng)",
    new="initializer(width, width, np.random.default_rng(0))",
    hint="Which generator do the weights come from, and are those of two layers different?",
)
exercise.mutant(
    "renormalised",
    old="stds.append(a.std())",
    new="stds.append(a.std())\n        a = a / (a.std() or 1.0)",
    hint="What does the next layer receive: the activations, or something that you made of them?",
)

exercise.alternative(
    "all_weights_first",
    """
    def depth_experiment(initializer, activation, depth, width, rng):
        batch = rng.normal(size=(256, width))
        layers = [initializer(width, width, rng) for _ in range(depth)]
        stds = np.zeros(depth)
        for number, layer in enumerate(layers):
            batch = activation(np.dot(batch, layer))
            stds[number] = np.std(batch)
        return stds
    """,
)
exercise.alternative(
    "recursion",
    """
    def depth_experiment(initializer, activation, depth, width, rng):
        def onwards(signal, left):
            if left == 0:
                return []
            weights = initializer(fan_in=width, fan_out=width, rng=rng)
            signal = activation((weights.T @ signal.T).T)
            spread = np.sqrt(np.mean((signal - np.mean(signal)) ** 2))
            return [spread, *onwards(signal, left - 1)]

        return np.array(onwards(rng.standard_normal((EXAMPLES, width)), depth))
    """,
)
exercise.alternative(
    "drawn_in_columns",
    """
    def depth_experiment(initializer, activation, depth, width, rng):
        a = np.stack([rng.standard_normal(EXAMPLES) for _ in range(width)], axis=1)
        kept = []
        while len(kept) < depth:
            a = activation(np.einsum("nd,dk->nk", a, initializer(width, width, rng)))
            kept += [np.var(a) ** 0.5]
        return np.asarray(kept)
    """,
)
