"""Gradients held against differences, at entries drawn at random."""

import numpy as np
from checks._draws import away_from_zero

from autograder.declare import Case, Exercise, exact

STEEP = 3.0  # curvature against slope: a difference on one side is off by some 1e-5 there
GOOD = 1e-6  # right gradients have smaller errors, in float64
FAIR = 1e-4  # and in float32
STILL = 1e-9  # an entry that was moved and put back may be so far from where it was


def slopes(rng):
    """Draw slopes of a table, of a vector, of one number and of a stack of tables."""
    shapes = {"weights": (4, 3), "bias": (5,), "scale": (), "kernel": (2, 3, 2)}
    return {name: away_from_zero(rng, *shape) for name, shape in shapes.items()}


def points(rng, slope):
    """Draw a point at which to check."""
    return {name: rng.uniform(0.2, 0.8, np.shape(array)) for name, array in slope.items()}


def in_columns(arrays):
    """Return the same arrays with their columns, not rows, together in memory."""
    return {name: np.array(array, order="F") for name, array in arrays.items()}


def right(rng):
    """Right gradients of a curved loss, then in arrays of another order in memory."""
    for lay in (dict, in_columns):
        slope = slopes(rng)
        point = points(rng, slope)
        yield Case(slope=slope, params=lay(point), seed=int(rng.integers(10**6)))


def scaled(rng):
    """Gradients that are wrong by a factor; then the same of gradients that are small altogether."""
    for size, factors in [(1.0, (2.0, -1.0, 0.25, 0.5)), (0.001, (3.0, 1.5, -2.0, 8.0))]:
        slope = {name: size * array for name, array in slopes(rng).items()}
        yield Case(
            slope=slope,
            params=points(rng, slope),
            factors=dict(zip(slope, factors, strict=True)),
            seed=int(rng.integers(10**6)),
        )


def patchy(rng):
    """One entry of each parameter is wrong, each by another factor."""
    for lay in (dict, in_columns):
        slope = lay(slopes(rng))
        factors = {}
        for name, factor in zip(slope, (2.0, -3.0, 1.25, 0.5), strict=True):
            each = np.ones(np.shape(slope[name]))
            each[tuple(rng.integers(size) for size in each.shape)] = factor
            factors[name] = each
        yield Case(
            slope=slope,
            params=points(rng, slope),
            factors=factors,
            seed=int(rng.integers(10**6)),
        )


def flat(rng):
    """Parameters on which the loss does not depend, with a gradient of 0 and with another one."""
    slope = {name: np.zeros((2, 3)) for name in ("unused", "missed", "tiny")}
    claimed = {"unused": np.zeros((2, 3)), "missed": np.ones((2, 3)), "tiny": np.full((2, 3), 2e-9)}
    slope["forgotten"], claimed["forgotten"] = away_from_zero(rng, 4), np.zeros(4)
    yield Case(slope=slope, params=points(rng, slope), grads=claimed, seed=1)


def large(rng):
    """More entries than samples in one parameter, fewer in the other."""
    for options in ({}, {"samples": 7}):
        slope = {"weights": away_from_zero(rng, 9, 8), "bias": away_from_zero(rng, 5)}
        yield Case(
            slope=slope,
            params=points(rng, slope),
            options=options,
            seed=int(rng.integers(10**6)),
        )


def spoiled(rng):
    """One entry of a gradient is NaN."""
    for place in ((0, 0), (1, 2)):
        slope = {"weights": away_from_zero(rng, 2, 3), "bias": away_from_zero(rng, 3)}
        grads = {name: array.copy() for name, array in slope.items()}
        grads["weights"][place] = np.nan
        yield Case(slope=slope, params=points(rng, slope), grads=grads, seed=2)


def short(rng):
    """Parameters and gradients in float32, then whole parameters."""
    slope = {"weights": away_from_zero(rng, 3, 4), "bias": away_from_zero(rng, 4)}
    narrow = {name: array.astype(np.float32) for name, array in points(rng, slope).items()}
    yield Case(slope=slope, params=narrow, seed=3)
    whole = {name: rng.integers(0, 2, np.shape(array)) for name, array in slope.items()}
    yield Case(slope=slope, params=whole, seed=4)


def plane(slope):
    """Return a loss that is a plane: its gradient is `slope` everywhere."""
    return lambda at: float(sum(np.sum(slope[name] * at[name]) for name in slope))


def total(slope, at):
    """Return a sum over all parameters, in which every term grows fast."""
    return sum(np.sum(slope[name] * np.exp(STEEP * at[name])) for name in slope) / 10


def curve(slope):
    """Return a loss in which every slope depends on every parameter."""
    return lambda at: float(total(slope, at) + total(slope, at) ** 3 / 3)


def gradient_of_curve(slope, params):
    """Return the gradient of that loss."""
    outer = (1 + total(slope, params) ** 2) * STEEP / 10
    return {name: outer * slope[name] * np.exp(STEEP * params[name]) for name in slope}


def errors(subject, case, loss, grads):
    """Return the errors by name, as plain numbers."""
    rng = np.random.default_rng(case.seed)
    found = subject.gradient_check(loss, case.params, grads, rng)
    return {name: float(error) for name, error in found.items()}


def rounded(found, digits=4):
    """Return errors to a few digits: more are not asked of a difference."""
    return {name: round(error, digits) for name, error in found.items()}


def times(factors, slope):
    """Return every slope times its factor, in the same layout."""
    return {name: factors[name] * slope[name] for name in slope}


def visited(subject, case, rng):
    """Return, sorted, which entries of which parameters were moved, and how many at once."""
    places, start = set(), {name: array.copy() for name, array in case.params.items()}
    most = [0]
    value = plane(case.slope)

    def loss(at):
        moved = [
            (name, *(int(axis) for axis in index))
            for name, array in start.items()
            for index in np.argwhere(np.abs(at[name] - array) > STILL)
        ]
        most[0] = max(most[0], len(moved))
        places.update(moved)
        return value(at)

    subject.gradient_check(loss, case.params, case.slope, rng, **case.options)
    return sorted(places), most[0]


exercise = Exercise("networks.gradient_check")


@exercise.check(right, weight=3, public=True, judge=exact)
def right_gradients_pass(subject, case):
    """The errors of right gradients are below a millionth, also where the loss is curved."""
    grads = gradient_of_curve(case.slope, case.params)
    found = errors(subject, case, curve(case.slope), grads)
    return {name: 0 <= error < GOOD for name, error in found.items()}


@exercise.check(scaled, weight=3, public=True)
def wrong_gradients_show(subject, case):
    """A gradient that is wrong by a factor c has the relative error |c - 1| / (|c| + 1)."""
    return rounded(errors(subject, case, plane(case.slope), times(case.factors, case.slope)))


@exercise.check(patchy, weight=2)
def worst_entry_counts(subject, case):
    """A single wrong entry shows, in a parameter of any shape and layout."""
    return rounded(errors(subject, case, plane(case.slope), times(case.factors, case.slope)))


@exercise.check(flat)
def slopes_of_zero(subject, case):
    """A gradient of 0 is right where the loss does not change, and wrong where it does."""
    return rounded(errors(subject, case, plane(case.slope), case.grads), digits=2)


@exercise.check(large, weight=1.5, judge=exact)
def as_many_entries_as_asked_for(subject, case):
    """As many entries of each parameter are moved, one by one, as were asked for: 20 by default."""
    places, at_once = visited(subject, case, np.random.default_rng(case.seed))
    moved = {name: sum(place[0] == name for place in places) for name in case.slope}
    return {"moved": moved, "at_once": at_once}


@exercise.check(large, judge=exact)
def entries_are_drawn(subject, case):
    """The generator draws the entries: in the same state the same ones, in another state others."""
    rng = np.random.default_rng(case.seed)
    (first, _), (later, _) = visited(subject, case, rng), visited(subject, case, rng)
    again, _ = visited(subject, case, np.random.default_rng(case.seed))
    beginning = [("weights", *index) for index in np.ndindex(case.params["weights"].shape)]
    compared = [place for place in first if place[0] == "weights"]
    return {
        "again": first == again,
        "later": first == later,
        "beginning": compared == beginning[: len(compared)],
    }


@exercise.check(spoiled, weight=0.5, judge=exact)
def nan_is_no_match(subject, case):
    """A gradient that is NaN somewhere does not pass."""
    found = errors(subject, case, plane(case.slope), case.grads)
    return {name: bool(error < FAIR) for name, error in found.items()}


@exercise.check(short, weight=0.5, judge=exact)
def differences_are_float64(subject, case):
    """Parameters of float32 or integers are moved in float64, so that differences keep digits."""
    grads = gradient_of_curve(case.slope, case.params)
    found = errors(subject, case, curve(case.slope), grads)
    return {name: bool(error < FAIR) for name, error in found.items()}


@exercise.check(right, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The parameters and the gradients are left as they were."""
    grads = times(dict.fromkeys(case.slope, 2.0), case.slope)
    before = times(dict.fromkeys(case.slope, 2.0), case.slope)
    errors(subject, case, plane(case.slope), grads)
    same = {name: bool(np.array_equal(grads[name], before[name])) for name in grads}
    return {"params": case.params, "grads": same}


NUMERIC = "rise / (2 * h)"
RISE = "rise = loss({**point, name: above}) - loss({**point, name: below})"
MOVES = (
    "above, below = param.copy(), param.copy()\n"
    "            above.flat[entry] += h\n"
    "            below.flat[entry] -= h\n"
)

WHOLE = (
    "point = {name: np.array(param, dtype=np.float64) for name, param in params.items()}\n"
    "    h, worst = 1e-5, {}\n"
    "    for name, param in point.items():\n"
    "        errors = []\n"
    "        for entry in rng.permutation(param.size)[:samples]:\n"
    f"            {MOVES}"
    f"            {RISE}\n"
)
WHOLE_IN_PLACE = (
    "h, worst = 1e-5, {}\n"
    "    for name, param in params.items():\n"
    "        errors = []\n"
    "        for entry in rng.permutation(param.size)[:samples]:\n"
    "            param.flat[entry] += h\n"
    "            rise = loss(params)\n"
    "            param.flat[entry] -= 2 * h\n"
    "            rise -= loss(params)\n"
    "            param.flat[entry] += h\n"
)

exercise.mutant(
    "divided_by_h",
    old=NUMERIC,
    new="rise / h",
    hint="How far apart are the two points whose losses you subtract?",
)
exercise.mutant(
    "one_sided",
    old=f"{RISE}\n            numeric, claimed = {NUMERIC}",
    new="rise = loss({**point, name: above}) - loss(point)\n"
    "            numeric, claimed = rise / h",
    hint="On how many sides of the point do you compute the loss?",
)
exercise.mutant(
    "step_too_small",
    old="h, worst = 1e-5, {}",
    new="h, worst = 1e-12, {}",
    hint="How many digits are left when two nearly equal losses are subtracted?",
)
exercise.mutant(
    "mean_error",
    old="np.max(errors)",
    new="np.mean(errors)",
    hint="What becomes of one large error among many small ones?",
)
exercise.mutant(
    "last_error",
    old="np.max(errors)",
    new="errors[-1]",
    hint="Which of the errors of a parameter do you return?",
)
exercise.mutant(
    "absolute_error",
    old="abs(claimed - numeric) / max(size, 1e-8)",
    new="abs(claimed - numeric)",
    hint="Is an error of 0.001 large or small, for a gradient of 0.001?",
)
exercise.mutant(
    "relative_to_one_of_them",
    old="size = abs(claimed) + abs(numeric)",
    new="size = abs(numeric)",
    hint="Does your error change when the two gradients are swapped?",
)
exercise.mutant(
    "no_floor",
    old="max(size, 1e-8)",
    new="np.float64(size)",
    hint="What is the relative error of 0 against 0?",
)
exercise.mutant(
    "no_absolute_value",
    old="errors.append(abs(claimed - numeric)",
    new="errors.append((claimed - numeric)",
    hint="Which of two errors of opposite sign is the larger one?",
)
exercise.mutant(
    "signed_size",
    old="abs(claimed) + abs(numeric)",
    new="abs(claimed + numeric)",
    hint="What is the sum of two slopes of opposite sign?",
)
exercise.mutant(
    "not_put_back",
    old=MOVES,
    new="param.flat[entry] += h\n"
    "            above, below = param.copy(), param.copy()\n"
    "            below.flat[entry] -= 2 * h\n",
    hint="Where is the parameter when you come to the next entry?",
)
exercise.mutant(
    "whole_parameter_moves",
    old=MOVES,
    new="above, below = param + h, param - h\n",
    hint="How many entries may change between the two losses?",
)
exercise.mutant(
    "one_digit_set",
    old="dtype=np.float64",
    new="dtype=np.float32",
    hint="How many digits does a loss in float32 have, and how many does a difference over 1e-5 leave?",
)
exercise.mutant(
    "dtype_kept",
    old="np.array(param, dtype=np.float64)",
    new="np.array(param)",
    hint="What happens when a small step is added to a whole number, or to one of float32?",
)
exercise.mutant(
    "checked_at_zero",
    old="np.array(param, dtype=np.float64)",
    new="np.zeros(np.shape(param))",
    hint="At which point of the parameters were the gradients computed, and at which do you check them?",
)
exercise.mutant(
    "first_entries",
    old="rng.permutation(param.size)[:samples]",
    new="range(param.size)[:samples]",
    hint="Which entries of a large parameter does your function never look at?",
)
exercise.mutant(
    "every_entry",
    old="rng.permutation(param.size)[:samples]",
    new="rng.permutation(param.size)",
    hint="How many entries were asked for?",
)
exercise.mutant(
    "drawn_with_repetition",
    old="rng.permutation(param.size)[:samples]",
    new="rng.integers(param.size, size=samples)",
    hint="Can the same entry be drawn twice, and another one never?",
)
exercise.mutant(
    "generator_of_its_own",
    old="rng.permutation(param.size)",
    new="np.random.default_rng(0).permutation(param.size)",
    hint="What does a generator that is made anew in every call draw?",
)
exercise.mutant(
    "global_generator",
    old="rng.permutation(param.size)",
    new="np.random.permutation(param.size)",
    hint="Which generator do you draw from: numpy's own, or the one that was handed to you?",
)
exercise.mutant(
    "nan_passes",
    old="float(np.max(errors))",
    new="max([0.0, *errors])",
    hint="Is NaN larger than 0? What does max make of it?",
)
exercise.mutant(
    "moved_in_place",
    old=WHOLE,
    new=WHOLE_IN_PLACE,
    hint="Whose arrays are you moving, and are they exactly what they were afterwards?",
)

exercise.alternative(
    "moved_and_put_back",
    """
    def gradient_check(loss, params, grads, rng, samples=20):
        step, result = 1e-5, {}
        at = {name: np.array(value, dtype=float, order="C") for name, value in params.items()}
        for name in at:
            entries = at[name].reshape(-1)
            claimed = np.asarray(grads[name]).reshape(-1)
            chosen = rng.choice(len(entries), size=min(samples, len(entries)), replace=False)
            numeric = np.empty(len(chosen))
            for position, number in enumerate(chosen):
                old = entries[number]
                entries[number] = old + step
                higher = loss(at)
                entries[number] = old - step
                numeric[position] = (higher - loss(at)) / (2 * step)
                entries[number] = old
            difference = np.abs(claimed[chosen] - numeric)
            total = np.maximum(np.abs(claimed[chosen]) + np.abs(numeric), 1e-8)
            result[name] = (difference / total).max()
        return result
    """,
)
exercise.alternative(
    "index_by_index",
    """
    def gradient_check(loss, params, grads, rng, samples=20):
        def error(name, index):
            def at(step):
                moved = {key: np.array(value, dtype=np.float64) for key, value in params.items()}
                moved[name][index] += step
                return loss(moved)

            n, a = (at(1e-5) - at(-1e-5)) / 2e-5, float(grads[name][index])
            return np.abs(a - n) / np.maximum(np.abs(a) + np.abs(n), 1e-8)

        worst = dict()
        for name in params:
            indices = list(np.ndindex(np.shape(params[name])))
            rng.shuffle(indices)
            worst[name] = float(np.max([error(name, tuple(i)) for i in indices[:samples]]))
        return worst
    """,
)
exercise.alternative(
    "back_and_forth",
    """
    def gradient_check(loss, params, grads, rng, samples=20):
        point = {name: np.asarray(value).astype(np.float64) for name, value in params.items()}
        worst = dict.fromkeys(point, 0.0)
        for name, array in point.items():
            order = rng.permuted(np.arange(array.size))
            for entry in order[: min(samples, array.size)]:
                place = np.unravel_index(entry, array.shape)
                array[place] += 1e-5
                rise = loss(point)
                array[place] -= 2e-5
                rise -= loss(point)
                array[place] += 1e-5
                slope = rise / 2e-5
                error = np.abs(grads[name][place] - slope)
                error = error / np.maximum(np.abs(grads[name][place]) + np.abs(slope), 1e-8)
                worst[name] = np.maximum(worst[name], error)
        return worst
    """,
)
exercise.alternative(
    "four_points",
    """
    def gradient_check(loss, params, grads, rng, samples=20):
        worst = {}
        for name, param in params.items():
            size, errors = np.size(param), []
            for number in np.argsort(rng.random(size))[:samples]:
                place = np.unravel_index(number, np.shape(param))
                values = []
                for step in (-2e-5, -1e-5, 1e-5, 2e-5):
                    moved = np.array(param, dtype=np.float64)
                    moved[place] += step
                    others = {k: np.array(v, dtype=np.float64) for k, v in params.items()}
                    values.append(loss({**others, name: moved}))
                n = (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / 12e-5
                a = np.asarray(grads[name])[place]
                errors.append(abs(a - n) / max(abs(a) + abs(n), 1e-8))
            worst[name] = np.array(errors).max()
        return worst
    """,
)
