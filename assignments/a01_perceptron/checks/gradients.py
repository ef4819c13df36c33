"""Gradients by differences and their comparison with others."""

import numpy as np

from autograder.declare import Case, Exercise, exact


def cubic(case):
    """Return a cubic function of an array, whose slope at one entry depends on all the others."""
    return lambda at: float(np.sum(case.a * at) ** 2 + np.sum(case.b * at**3))


def cubic_slope(case):
    """Return its gradient by formula."""
    return 2 * np.sum(case.a * case.x) * case.a + 3 * case.b * case.x**2


def wave(case):
    """Return a function of an array that is no polynomial."""
    return lambda at: float(np.sin(np.sum(case.a * at)) + np.exp(np.mean(case.b * at)))


def entries(rng, *shape):
    """Draw entries of both signs that are not near 0."""
    return rng.uniform(0.5, 1.5, shape) * rng.choice([-1.0, 1.0], shape)


def place(rng, *shape, **options):
    """Draw a place and the coefficients of a function there."""
    names = {name: entries(rng, *shape) for name in ("x", "a", "b")}
    return Case(**{**names, **options})


def small_arrays(rng):
    """A vector and a table, with steps that are easy to see."""
    yield place(rng, 3, h=0.5)
    yield place(rng, 2, 3, h=0.1)


def more_arrays(rng):
    """One entry, one row, one column, a square table, a stack of tables; several steps."""
    shapes = [(1,), (1, 4), (3, 1), (3, 3), (2, 1, 3)]
    for shape, h in zip(shapes, [0.2, 0.05, 0.3, 0.02, 0.1], strict=True):
        yield place(rng, *shape, h=h)


def ladders(rng):
    """A step, to be halved."""
    yield place(rng, 4, h=0.25)
    yield place(rng, 2, 3, h=0.125)


def ordinary(rng):
    """A vector and a table, nothing said about the step."""
    yield place(rng, 5)
    yield place(rng, 2, 3)


def lone_numbers(rng):
    """Arrays without any axis."""
    for h in (0.25, 0.01):
        yield place(rng, h=h)


def other_orders(rng):
    """Tables that are not laid out row by row: one column by column, one a part of another."""
    for layout in (np.asfortranarray, lambda wide: wide[:, ::2]):
        wide = place(rng, 3, 4, h=0.1)
        yield Case(**{**wide, **{name: layout(wide[name]) for name in ("x", "a", "b")}})


def whole(rng):
    """Integers, of both signs and unsigned."""
    for x in (rng.integers(-4, 5, 4), rng.integers(1, 5, (2, 3)).astype(np.uint8)):
        yield place(rng, *x.shape, x=x, h=0.25)


def singles(rng):
    """A vector and a table of float32."""
    for shape in [(4,), (2, 3)]:
        case = place(rng, *shape)
        yield Case(**{**case, "x": case.x.astype(np.float32)})


def many_entries(rng):
    """So many entries that rounding shows in one of them."""
    yield place(rng, 6, 4, h=0.1)


exercise = Exercise("gradients.numerical_gradient")


@exercise.check(small_arrays, weight=0.5, public=True)
def one_slope_for_each_entry(subject, case):
    """The gradient has the shape of x."""
    gradient = subject.numerical_gradient(cubic(case), case.x.copy(), case.h)
    return {"gradient": 0.0 * gradient}  # times 0: only the shape is left to compare


@exercise.check(small_arrays, weight=3, public=True)
def differences_are_central(subject, case):
    """Each slope is the difference of two values of f, as far above x as below, over their distance."""
    return {"gradient": subject.numerical_gradient(cubic(case), case.x.copy(), case.h)}


@exercise.check(more_arrays, weight=3)
def any_shape_will_do(subject, case):
    """It works for arrays of any shape, and for functions that are no polynomials."""
    return {"gradient": subject.numerical_gradient(wave(case), case.x.copy(), case.h)}


@exercise.check(ladders, weight=1.5, judge=exact)
def error_falls_with_the_square_of_the_step(subject, case):
    """Half the step leaves a quarter of the error."""
    errors = [
        np.abs(subject.numerical_gradient(cubic(case), case.x.copy(), h) - cubic_slope(case)).max()
        for h in (case.h, case.h / 2)
    ]
    return {"one_quarter": bool(abs(errors[0] / errors[1] - 4) < 0.01)}


@exercise.check(ordinary, weight=1.5, judge=exact)
def default_step_is_a_good_one(subject, case):
    """With the step that is taken when none is given, seven digits and more are right."""
    gradient = subject.numerical_gradient(cubic(case), case.x.copy())
    return {"right": bool(np.abs(gradient - cubic_slope(case)).max() < 1e-7)}


@exercise.check(ordinary)
def default_step_is_that_of_the_signature(subject, case):
    """When no step is given, f is asked at a distance of 0.00001 from x."""
    distances = []

    def watched(at):
        distances.append(np.abs(at - case.x).max())
        return cubic(case)(at)

    subject.numerical_gradient(watched, case.x.copy())
    return {"farthest": float(max(distances))}


@exercise.check(ordinary, weight=0.5, judge=exact)
def tiny_steps_lose_digits(subject, case):
    """A step of 1e-12 is taken if it is asked for: few digits are right then."""
    gradient = subject.numerical_gradient(cubic(case), case.x.copy(), 1e-12)
    error = np.abs(gradient - cubic_slope(case)).max()
    return {"some_are_right": bool(error < 0.1), "most_are_wrong": bool(error > 1e-6)}


@exercise.check(lone_numbers)
def single_numbers_are_arrays_too(subject, case):
    """An array of shape () has a gradient of shape ()."""
    return {"gradient": subject.numerical_gradient(cubic(case), case.x.copy(), case.h)}


@exercise.check(other_orders)
def memory_order_does_not_matter(subject, case):
    """Tables that lie in memory column by column, or as a part of another, are no different."""
    return {"gradient": subject.numerical_gradient(cubic(case), case.x, case.h)}


@exercise.check(whole)
def integers_become_floats(subject, case):
    """Where x holds integers, a fraction can be added to them all the same."""
    return {"gradient": subject.numerical_gradient(cubic(case), case.x.copy(), case.h)}


@exercise.check(singles, judge=exact)
def float32_is_too_coarse(subject, case):
    """Where x is float32, the differences are as exact as for float64."""
    gradient = subject.numerical_gradient(cubic(case), case.x.copy()).astype(np.float64)
    exactly = Case(**{**case, "x": case.x.astype(np.float64)})
    return {"right": bool(np.abs(gradient - cubic_slope(exactly)).max() < 1e-4)}


@exercise.check(singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """The gradient at an x of float32 is float32."""
    return {"dtype": str(subject.numerical_gradient(cubic(case), case.x.copy()).dtype)}


@exercise.check(many_entries, judge=exact)
def x_is_as_it_was(subject, case):
    """Afterwards every entry of x is exactly as it was."""
    subject.numerical_gradient(cubic(case), case.x, case.h)
    return {"x": case.x}


ABOVE = "point[index] = entry + h\n        above = f(point)\n"
BELOW = "        point[index] = entry - h\n        below = f(point)\n"
RESTORED = "        point[index] = entry\n"
SLOPE = "        gradient[index] = (above - below) / (2 * h)"
LOOP = "for index in np.ndindex(x.shape):\n        entry = point[index]\n        "

exercise.mutant(
    "divides_by_one_step",
    old="(2 * h)",
    new="h",
    hint="How far apart are the two places at which you ask for f?",
)
exercise.mutant(
    "forward",
    old=BELOW + RESTORED + SLOPE,
    new=RESTORED + "        below = f(point)\n        gradient[index] = (above - below) / h",
    hint="Do you look to both sides of x, or to one?",
)
exercise.mutant(
    "backward",
    old=ABOVE + BELOW + RESTORED + SLOPE,
    new="above = f(point)\n" + BELOW + RESTORED + "        gradient[index] = (above - below) / h",
    hint="What about the other side of x?",
)
exercise.mutant(
    "one_side_over_two",
    old="entry - h",
    new="entry",
    hint="How far is it from x itself to where you went?",
)
exercise.mutant(
    "precedence",
    old="/ (2 * h)",
    new="/ 2 * h",
    hint="In which order does Python work out a quotient that is followed by a product?",
)
exercise.mutant(
    "half_steps",
    old="point[index] = entry + h",
    new="h = h / 2\n        point[index] = entry + h",
    hint="Is your step the same for the last entry as for the first?",
)
exercise.mutant(
    "sign",
    old="above - below",
    new="below - above",
    hint="If f grows, should its slope be positive or negative?",
)
exercise.mutant(
    "difference_only",
    old=" / (2 * h)",
    new="",
    hint="Is a slope a difference, or a difference per length?",
)
exercise.mutant(
    "output_moved",
    old=ABOVE + BELOW,
    new="above = f(point) + h\n        below = f(point) - h\n",
    hint="What do you move by h: the place, or the value of the function there?",
)
exercise.mutant(
    "all_at_once",
    old=ABOVE + BELOW,
    new="above = f(point + h)\n        below = f(point - h)\n",
    hint="How many entries of x move at a time?",
)
exercise.mutant(
    "not_restored",
    old=RESTORED,
    new="",
    hint="Where is the first entry while you move the second one?",
)
exercise.mutant(
    "restored_by_arithmetic",
    old="point = x.astype(np.float64)  # always a copy, in which one entry at a time is moved\n"
    "    gradient = np.zeros_like(x)\n    " + LOOP + ABOVE + BELOW + RESTORED,
    new="point = x.astype(np.float64) if x.dtype == np.float32 else x\n"
    "    gradient = np.zeros_like(x)\n    "
    "for index in np.ndindex(x.shape):\n"
    "        point[index] += h\n        above = f(point)\n"
    "        point[index] -= 2 * h\n        below = f(point)\n"
    "        point[index] += h\n",
    hint="Is (a + h) - h exactly a, for floating-point numbers?",
)
exercise.mutant(
    "step_ignored",
    old="x = as_float(x)",
    new="x, h = as_float(x), 1e-5",
    hint="Which step does your function take when it is told one?",
)
exercise.mutant(
    "step_too_small",
    old="x = as_float(x)",
    new="x, h = as_float(x), 1e-12",
    hint="How many digits are left of a difference of two numbers that are nearly equal?",
)
exercise.mutant(
    "step_grows_with_x",
    old="entry = point[index]\n        " + ABOVE + BELOW + RESTORED + SLOPE,
    new="entry = point[index]\n        own = h * max(1.0, abs(entry))\n"
    "        point[index] = entry + own\n        above = f(point)\n"
    "        point[index] = entry - own\n        below = f(point)\n"
    + RESTORED
    + "        gradient[index] = (above - below) / (2 * own)",
    hint="Is h the step itself, or a part of x?",
)
exercise.mutant(
    "rows_only",
    old="np.ndindex(x.shape)",
    new="np.ndindex(x.shape[:1])",
    hint="How many numbers are there in a table, and do you move each of them by itself?",
)
exercise.mutant(
    "flat_argument",
    old="above = f(point)",
    new="above = f(point.ravel())",
    hint="Which shape does f expect?",
)
exercise.mutant(
    "flat_gradient",
    old="return gradient",
    new="return gradient.ravel()",
    hint="Which shape should a gradient have, so that it can be subtracted from x?",
)
exercise.mutant(
    "flat_view",
    old=LOOP + ABOVE,
    new="flat = point.ravel()\n    for k, index in enumerate(np.ndindex(x.shape)):\n"
    "        entry = point[index]\n        flat[k] = entry + h\n        above = f(point)\n",
    hint="Is ravel() always a view of the same numbers, or sometimes a copy of them?",
)
exercise.mutant(
    "integers_stay",
    old="x = as_float(x)\n    point = x.astype(np.float64)",
    new='x = np.asarray(x)\n    point = x.astype(np.float64) if x.dtype.kind == "f" else x.copy()',
    hint="What is 2 + 0.00001 in an array of integers?",
)
exercise.mutant(
    "single_precision",
    old="x.astype(np.float64)",
    new="x.copy()",
    hint="How many digits does a float32 have, and how many of them does the step need?",
)
exercise.mutant(
    "always_float64",
    old="np.zeros_like(x)",
    new="np.zeros(x.shape)",
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

exercise.alternative(
    "unit_vectors",
    """
    def numerical_gradient(f, x, h=1e-5):
        x = np.asarray(x)
        dtype = x.dtype if x.dtype.kind == "f" else np.float64
        x = x.astype(np.float64)
        units = np.eye(x.size).reshape(x.size, *x.shape)
        slopes = [(f(x + h * unit) - f(x - h * unit)) / (2 * h) for unit in units]
        return np.array(slopes).reshape(x.shape).astype(dtype)
    """,
)
exercise.alternative(
    "flat_copies",
    """
    def numerical_gradient(f, x, h=1e-5):
        x = as_float(x)
        flat = np.array(x, dtype=float).flatten()
        slopes = []
        for k in range(flat.size):
            high, low = flat.copy(), flat.copy()
            high[k] += h
            low[k] -= h
            slopes.append((f(high.reshape(x.shape)) - f(low.reshape(x.shape))) / h / 2)
        return np.reshape(np.array(slopes, dtype=x.dtype), x.shape)
    """,
)
exercise.alternative(
    "moves_the_argument_itself",
    """
    def numerical_gradient(f, x, h=1e-5):
        kept = as_float(x).dtype
        if kept != np.float64 or as_float(x) is not x:
            x = np.array(x, dtype=np.float64)
        gradient = np.full(x.shape, np.nan)
        walk = np.nditer(x, flags=["multi_index"])
        while not walk.finished:
            here = walk.multi_index
            saved = float(x[here])
            values = {}
            for side in (1, -1):
                x[here] = saved + side * h
                values[side] = f(x)
            x[here] = saved
            gradient[here] = 0.5 * (values[1] - values[-1]) / h
            walk.iternext()
        return gradient.astype(kept)
    """,
)
exercise.alternative(
    "mean_of_both_sides",
    """
    def numerical_gradient(f, x, h=1e-5):
        start = np.array(x, dtype=np.float64, order="C")
        here = f(start.copy())
        gradient = np.empty(start.shape)
        for index, entry in np.ndenumerate(start):
            moved = start.copy()
            moved[index] = entry + h
            right = (f(moved) - here) / h
            moved[index] = entry - h
            left = (here - f(moved)) / h
            gradient[index] = (right + left) / 2
        return gradient.astype(np.float32) if np.asarray(x).dtype == np.float32 else gradient
    """,
)
