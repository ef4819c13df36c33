"""What the checks of the initializers share: cases, generators, and slips of any random function."""

import numpy as np

from autograder.declare import Case


def seed(rng):
    """Draw the seed of a generator that a check makes."""
    return int(rng.integers(2**32))


def generator(case, offset=0):
    """Return the generator of a case, or another one."""
    return np.random.default_rng(case.seed + offset)


def layers(rng):
    """Layers of a few units: more outputs than inputs, fewer, a single one, as many."""
    for fan_in, fan_out in [(3, 5), (6, 2), (1, 4), (4, 4)]:
        yield Case(fan_in=fan_in, fan_out=fan_out, seed=seed(rng))


def narrow(rng):
    """Many inputs for a few outputs."""
    yield Case(fan_in=2000, fan_out=3, seed=seed(rng))


def wide(rng):
    """A few inputs for many outputs."""
    yield Case(fan_in=4, fan_out=35000, seed=seed(rng))


def form(initializer, case):
    """Return shape and dtype of what an initializer draws for a layer."""
    weights = initializer(case.fan_in, case.fan_out, generator(case))
    return {"shape": list(weights.shape), "dtype": str(weights.dtype)}


def weights_of(initializer, case):
    """Return what an initializer draws for a layer."""
    return {"weights": initializer(case.fan_in, case.fan_out, generator(case))}


def units(initializer, case):
    """Return how many different columns and rows the weights of a layer have."""
    weights = initializer(case.fan_in, case.fan_out, generator(case))
    return {
        "different_columns": len(np.unique(weights.T, axis=0)),
        "different_rows": len(np.unique(weights, axis=0)),
    }


def source(draw, case):
    """Return whether the numbers that `draw` returns come from the generator it is given."""
    rng = generator(case)
    first, later, again, other = (
        draw(each) for each in (rng, rng, generator(case), generator(case, 1))
    )
    return {
        "same_seed_same_numbers": np.array_equal(first, again),
        "later_call_differs": not np.array_equal(first, later),
        "other_seed_differs": not np.array_equal(first, other),
    }


def any_random_slips(exercise, draw):
    """Declare the slips that any random function may have; `draw` is how its reference draws."""
    exercise.mutant(
        "global_generator",
        old="rng." + draw,
        new="np.random." + draw,
        hint="Whose generator do you draw from: numpy's own, or the one that was handed to you?",
    )
    exercise.mutant(
        "own_generator",
        old="rng." + draw,
        new="np.random.default_rng(0)." + draw,
        hint="Two layers of one shape are drawn one after the other. Are their weights different?",
    )


def layer_slips(exercise, draw, spread):
    """Declare the slips of any initializer of a layer; `spread` is its standard deviation."""
    any_random_slips(exercise, draw)
    exercise.mutant(
        "columns_first",
        old="(fan_in, fan_out))",
        new="(fan_out, fan_in))",
        hint="In x @ weights, does a row of the weights belong to an input or to an output?",
    )
    text = f"{draw}({spread}, (fan_in, fan_out))"
    exercise.mutant(
        "same_for_all_outputs",
        old=f"rng.{text}",
        new=f"rng.{draw}({spread}, (fan_in, 1)) * np.ones(fan_out)",
        hint="If two units start with the same weights, what could ever make them different?",
    )
    exercise.mutant(
        "all_equal",
        old=f"rng.{text}",
        new=f"np.full((fan_in, fan_out), rng.{draw}({spread}))",
        hint="How many random numbers does a layer of 3 inputs and 5 outputs need?",
    )
    exercise.mutant(
        "all_zero",
        old=f"rng.{text}",
        new="np.zeros((fan_in, fan_out))",
        hint="What does a unit compute whose weights are all zero, and what do its neighbours?",
    )
