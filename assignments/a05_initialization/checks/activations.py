"""Statistics of the activations of a network."""

import numpy as np

from autograder.declare import Case, Exercise, exact

NAMES = ("mean", "std", "dead", "saturated")


def rectified(rng, examples, units, dead):
    """Draw a layer as after ReLU: some units are 0 for all examples, the others for a few."""
    layer = rng.uniform(0.1, 0.9, (examples, units))
    layer[rng.integers(examples, size=units), np.arange(units)] = 0.0
    layer[:, rng.permutation(units)[:dead]] = 0.0
    return layer


def squashed(rng, examples, units):
    """Draw a layer as after tanh: some entries are beyond 0.99, on either side."""
    layer = rng.uniform(-0.94, 0.94, (examples, units))
    flat = layer.reshape(-1)
    places = rng.permutation(flat.size)
    few, more = flat.size // 6 + 1, flat.size // 3 + 2
    flat[places[:few]] = rng.uniform(0.992, 0.999, few)
    flat[places[few:more]] = -rng.uniform(0.992, 0.999, more - few)
    return layer


def networks(rng):
    """Networks of several layers, with more examples than units, and with fewer."""
    yield Case(activations=[rectified(rng, 4, 6, dead=2), squashed(rng, 5, 3)])
    yield Case(
        activations=[
            squashed(rng, 3, 8),
            rectified(rng, 6, 5, dead=1),
            rng.standard_normal((7, 2)) + 1.0,
        ]
    )


def more_networks(rng):
    """One layer, a square one, one example, feature maps, and no layer at all."""
    yield Case(activations=[rectified(rng, 5, 5, dead=3)])
    yield Case(activations=[squashed(rng, 4, 4)])
    yield Case(activations=[rectified(rng, 1, 7, dead=0), squashed(rng, 1, 6)])
    yield Case(activations=[rectified(rng, 6, 24, dead=7).reshape(6, 2, 3, 4)])
    yield Case(activations=[])


def negative_layers(rng):
    """Units that are negative for every example, beside others that are never 0."""
    layer = rng.uniform(0.1, 0.9, (5, 6))
    layer[:, [1, 4]] *= -1.0
    yield Case(activations=[layer, -layer[:3]])


def at_the_limit(rng):
    """Entries of exactly the number from which on an entry counts as saturated."""
    del rng
    yield Case(rows=[[0.99, -0.99, 0.5], [0.995, -0.2, 0.1]])


def whole_layers(rng):
    """Small integers, as after a step function."""
    yield Case(
        activations=[rng.integers(0, 2, (4, 3)), rng.integers(0, 5, (3, 5)).astype(np.uint8)]
    )


def only(layers, *names):
    """Return some of the statistics of every layer."""
    return {"layers": [{name: layer[name] for name in names} for layer in layers]}


statistics = Exercise("diagnostics.activation_statistics")


@statistics.check(networks, weight=0.5, public=True, judge=exact)
def four_numbers_for_each_layer(subject, case):
    """For every layer there is a dictionary with the four names, and a number for each of them."""
    layers = subject.activation_statistics(case.activations)
    return {
        "names": [sorted(layer) for layer in layers],
        "numbers": [[np.ndim(layer[name]) == 0 for name in NAMES] for layer in layers],
    }


@statistics.check(networks, weight=1.5, public=True)
def mean_and_spread(subject, case):
    """Mean and standard deviation are those of all entries of a layer."""
    return only(subject.activation_statistics(case.activations), "mean", "std")


@statistics.check(networks, weight=2, public=True)
def dead_units(subject, case):
    """A unit is dead if it is 0 for every example; the share of such units is counted."""
    return only(subject.activation_statistics(case.activations), "dead")


@statistics.check(networks, weight=1.5)
def saturated_entries(subject, case):
    """The share of entries beyond 0.99 is counted, on both sides."""
    return only(subject.activation_statistics(case.activations), "saturated")


@statistics.check(more_networks, weight=2)
def layers_of_any_shape(subject, case):
    """One example, a square table and feature maps are described in the same way."""
    return only(subject.activation_statistics(case.activations), *NAMES)


@statistics.check(negative_layers)
def negative_is_not_dead(subject, case):
    """A unit that is negative for every example is not dead."""
    return only(subject.activation_statistics(case.activations), "dead")


@statistics.check(at_the_limit, weight=0.5)
def limit_is_not_saturated(subject, case):
    """An entry of exactly 0.99 or -0.99 does not count as saturated."""
    return only(subject.activation_statistics([np.array(case.rows)]), "saturated")


@statistics.check(whole_layers, weight=0.5)
def integers_are_accepted(subject, case):
    """Activations may be integers."""
    return only(subject.activation_statistics(case.activations), *NAMES)


@statistics.check(networks, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The activations are left as they were."""
    subject.activation_statistics(case.activations)
    return {"activations": case.activations}


MEAN, STD = "float(a.mean())", "float(a.std())"
DEAD, SATURATED = "np.all(a == 0, axis=0)", "(np.abs(a) > SATURATION)"

statistics.mutant(
    "zeros_counted",
    old=DEAD,
    new="(a == 0)",
    hint="A unit of a ReLU layer is 0 for every other example. Is it dead?",
)
statistics.mutant(
    "dead_for_one_example",
    old=DEAD,
    new="np.any(a == 0, axis=0)",
    hint="For how many examples has a dead unit to be 0?",
)
statistics.mutant(
    "dead_examples",
    old=DEAD,
    new="np.all(a == 0, axis=-1)",
    hint="Which axis counts the examples, and which the units?",
)
statistics.mutant(
    "number_of_dead",
    old=f"{DEAD}.mean()",
    new=f"{DEAD}.sum()",
    hint="Does a layer of a thousand units with two dead ones get the same number as one of ten?",
)
statistics.mutant(
    "living_units",
    old=DEAD,
    new="np.any(a != 0, axis=0)",
    hint="Do you count the units that are dead, or those that are not?",
)
statistics.mutant(
    "negative_counts_as_dead",
    old="a == 0",
    new="a <= 0",
    hint="Can a unit of a tanh layer be negative for every example and still learn?",
)
statistics.mutant(
    "one_sided",
    old="np.abs(a) > SATURATION",
    new="a > SATURATION",
    hint="tanh has two ends. Which one do you look at?",
)
statistics.mutant(
    "other_limit",
    old="> SATURATION",
    new="> 0.9",
    hint="From which number on does an entry count as saturated here?",
)
statistics.mutant(
    "saturated_units",
    old=SATURATED,
    new="np.any(np.abs(a) > SATURATION, axis=0)",
    hint="Do you count entries, or units with at least one such entry?",
)
statistics.mutant(
    "number_of_saturated",
    old=f"{SATURATED}.mean()",
    new=f"{SATURATED}.sum()",
    hint="Is it a share or a number that you return?",
)
statistics.mutant(
    "variance",
    old=STD,
    new="float(a.var())",
    hint="In which unit is the spread: that of the activations, or its square?",
)
statistics.mutant(
    "spread_of_a_unit",
    old=STD,
    new="float(a.std(axis=0).mean())",
    hint="Is the spread that of all entries, or the mean of the spreads of the units?",
)
statistics.mutant(
    "one_less",
    old=STD,
    new="float(a.std(ddof=1)) if a.size > 1 else 0.0",
    hint="By how many numbers do you divide?",
)
statistics.mutant(
    "root_mean_square",
    old=STD,
    new="float(np.sqrt((a**2).mean()))",
    hint="What is the spread of a layer in which all activations are 1?",
)
statistics.mutant(
    "mean_size",
    old=MEAN,
    new="float(np.abs(a).mean())",
    hint="Can the mean of a tanh layer be 0?",
)
statistics.mutant(
    "mean_of_a_unit",
    old=MEAN,
    new="a.mean(axis=0)",
    hint="How many means does a layer have here?",
)
statistics.mutant(
    "last_layer_only",
    old="return statistics",
    new="return statistics[-1:]",
    hint="How many dictionaries do you return for a network of three layers?",
)
statistics.mutant(
    "in_place",
    old="np.abs(a) > SATURATION",
    new="np.abs(a, out=a) > SATURATION",
    hint="Which array do you write the absolute values to?",
)

statistics.alternative(
    "sums",
    """
    def activation_statistics(activations):
        described = []
        for layer in activations:
            units = np.reshape(np.array(layer, dtype=np.float64), (len(layer), -1))
            mean = units.sum() / units.size
            largest = np.abs(units).max(axis=0)
            described.append(
                dict(
                    mean=mean,
                    std=(((units - mean) ** 2).sum() / units.size) ** 0.5,
                    dead=np.count_nonzero(largest == 0) / len(largest),
                    saturated=np.count_nonzero((units > 0.99) | (units < -0.99)) / units.size,
                )
            )
        return described
    """,
)
statistics.alternative(
    "loops",
    """
    def activation_statistics(activations):
        def describe(layer):
            units = [column.tolist() for column in as_float(layer).reshape(len(layer), -1).T]
            entries = [entry for unit in units for entry in unit]
            dead = sum(1 for unit in units if not any(unit))
            saturated = sum(1 for entry in entries if abs(entry) > SATURATION)
            return {
                "mean": np.mean(entries),
                "std": np.std(entries),
                "dead": dead / len(units),
                "saturated": saturated / len(entries),
            }

        return [describe(layer) for layer in activations]
    """,
)
statistics.alternative(
    "squares",
    """
    def activation_statistics(activations):
        result = []
        for a in map(as_float, activations):
            mean = np.average(a)
            std = np.sqrt(np.maximum(np.average(a * a) - mean**2, 0))
            dead = 1 - np.average((a != 0).any(axis=0))
            result.append({"saturated": np.average(~(np.abs(a) <= 0.99)), "dead": dead})
            result[-1].update(mean=mean, std=std)
        return result
    """,
)
