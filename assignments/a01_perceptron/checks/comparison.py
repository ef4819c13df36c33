"""The relative error between two gradients."""

import numpy as np

from autograder.declare import Case, Exercise, exact, raises


def entries(rng, *shape):
    """Draw entries of both signs that are not near 0."""
    return rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def near(rng, *shape, part=0.5, scale=1.0):
    """Draw two arrays that differ by up to a part; entries differ in size."""
    a = scale * entries(rng, *shape) * 10.0 ** rng.uniform(-2, 2, shape)
    b = a * (1 + part * rng.uniform(-1, 1, shape))
    return Case(a=a, b=b)


def pairs(rng):
    """Vectors and tables, some alike and some not."""
    for shape, part in [((3,), 0.5), ((2, 3), 0.1), ((5,), 0.01)]:
        yield near(rng, *shape, part=part)


def more_pairs(rng):
    """One entry, one row, one column, a square table, a stack of tables, no axis at all."""
    for shape in [(1,), (1, 4), (5, 1), (3, 3), (2, 1, 3), ()]:
        yield near(rng, *shape, part=rng.uniform(0.05, 0.9))


def one_sign(rng):
    """A difference that is the largest where the second array is the larger one, and the reverse."""
    for lean in (1, -1):
        a = entries(rng, 4)
        yield Case(a=a, b=a * (1 + np.array([0.1, -0.1, 0.05, lean * 0.6])))


def with_zeros(rng):
    """Entries that are 0 in both arrays, in one of them, and everywhere."""
    yield Case(a=np.zeros((2, 3)), b=np.zeros((2, 3)))
    case = near(rng, 5)
    both = np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    yield Case(a=case.a * both, b=case.b * both)
    yield Case(a=case.a, b=case.b * both)


def opposite(rng):
    """Two gradients of opposite sign, wholly and in one entry."""
    a = entries(rng, 4)
    yield Case(a=a, b=-a)
    yield Case(a=a, b=a * np.array([1.01, 1.0, -0.5, 0.99]))


def unlike_sizes(rng):
    """A small entry that is far off beside a large one that is nearly right."""
    for factor in (1e3, 1e-3):
        a = factor * np.array([1000.0, 1.0, 2.0]) * entries(rng, 3)
        yield Case(a=a, b=a * np.array([1.001, 1.2, 0.95]))


def floors(rng):
    """Entries on both sides of a floor that is given."""
    for floor in (0.5, 3.0):
        a = floor * np.array([0.1, 0.2, 2.0]) * entries(rng, 3)
        yield Case(a=a, b=a * np.array([0.5, 1.3, 1.01]), floor=floor)
    a = entries(rng, 2, 2)
    yield Case(a=a, b=1.5 * a, floor=0.5)


def tiny_pairs(rng):
    """Entries of about 1e-9, then of about 1e-7, nothing said about the floor."""
    for size in (1e-9, 1e-7):
        a = size * entries(rng, 4)
        yield Case(a=a, b=a * np.array([0.5, 1.2, 1.5, 0.9]))


def undefined(rng):
    """A NaN in the first array, in the second, at the start, at the end."""
    for name, position in [("a", 0), ("b", 3), ("a", 2)]:
        case = near(rng, 4)
        case[name][position] = np.nan
        yield case


def broadcastable(rng):
    """Shapes that numpy would stretch to a common one."""
    for left, right in [((3, 1), (3,)), ((2, 3), (1, 3)), ((4,), (1,)), ((), (3,))]:
        yield Case(a=rng.standard_normal(left), b=rng.standard_normal(right))


def bytes_(rng):
    """Unsigned bytes: their differences wrap around at 0, their sums at 256."""
    for shape in [(4,), (2, 3)]:
        low, high = rng.integers(1, 100, shape), rng.integers(160, 256, shape)
        yield Case(a=low.astype(np.uint8), b=high.astype(np.uint8))


exercise = Exercise("gradients.relative_error")


@exercise.check(pairs, weight=0.5, public=True)
def error_is_one_number(subject, case):
    """The error is one number, for tables too."""
    return {"error": 0.0 * subject.relative_error(**case)}  # times 0: only the shape is compared


@exercise.check(pairs, weight=3, public=True)
def largest_entry_counts(subject, case):
    """The error is the largest of the differences, each relative to the sizes of both entries."""
    return {"error": subject.relative_error(**case)}


@exercise.check(with_zeros, weight=1.5, public=True)
def zeros_agree(subject, case):
    """Where both are 0 the error is 0; where one of them is 0 it is 1."""
    return {"error": subject.relative_error(**case)}


@exercise.check(more_pairs, weight=1.5)
def every_shape(subject, case):
    """Arrays of any shape are compared entry by entry."""
    return {"error": subject.relative_error(**case)}


@exercise.check(unlike_sizes, weight=2)
def small_entries_count_too(subject, case):
    """A small entry that is far off is not hidden by a large one."""
    return {"error": subject.relative_error(**case)}


@exercise.check(one_sign, weight=1.5)
def order_does_not_matter(subject, case):
    """It is the same whichever of the two comes first."""
    return {
        "error": subject.relative_error(**case),
        "reversed": subject.relative_error(case.b, case.a),
    }


@exercise.check(opposite, weight=1.5)
def signs_matter(subject, case):
    """A slope of the opposite sign is as wrong as can be."""
    return {"error": subject.relative_error(**case)}


@exercise.check(floors, weight=1.5)
def sizes_below_the_floor_count_as_the_floor(subject, case):
    """Where both entries are small, the floor stands in the denominator in place of their sizes."""
    return {"error": subject.relative_error(**case)}


@exercise.check(tiny_pairs)
def default_floor(subject, case):
    """The floor is 1e-8 when nothing is said about it."""
    return {"error": subject.relative_error(**case)}


@exercise.check(undefined)
def nan_is_not_overlooked(subject, case):
    """A NaN among the entries makes the error NaN."""
    return {"error": subject.relative_error(**case)}


@exercise.check(broadcastable, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"error": subject.relative_error(**case)}


@exercise.check(bytes_, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are compared."""
    return {"error": subject.relative_error(**case)}


@exercise.check(pairs, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The two arrays are left as they were."""
    subject.relative_error(**case)
    return {"a": case.a, "b": case.b}


SIZE = "np.abs(a) + np.abs(b)"
ERROR = "(np.abs(a - b) / np.maximum(size, floor)).max()"

exercise.mutant(
    "no_floor",
    old="np.maximum(size, floor)",
    new="size",
    hint="What is 0 divided by 0?",
)
exercise.mutant(
    "floor_added",
    old="np.maximum(size, floor)",
    new="(size + floor)",
    hint="Does the floor come on top of every denominator, or only in place of small ones?",
)
exercise.mutant(
    "floor_ignored",
    old="np.maximum(size, floor)",
    new="np.maximum(size, 1e-8)",
    hint="Which floor does your function use when it is told one?",
)
exercise.mutant(
    "floor_under_each",
    old=SIZE,
    new="np.maximum(np.abs(a), floor) + np.maximum(np.abs(b), floor)",
    hint="Is the floor compared with each of the two sizes, or with their sum?",
)
exercise.mutant(
    "size_of_the_sum",
    old=SIZE,
    new="np.abs(a + b)",
    hint="What is the denominator of two entries that are opposite?",
)
exercise.mutant(
    "sizes_with_signs",
    old=SIZE,
    new="a + b",
    hint="What is the denominator when both entries are negative?",
)
exercise.mutant(
    "signed",
    old="np.abs(a - b)",
    new="(a - b)",
    hint="Which entry is off the most if all the differences are negative?",
)
exercise.mutant(
    "first_only",
    old=SIZE,
    new="np.abs(a)",
    hint="Does it matter which of the two gradients comes first?",
)
exercise.mutant(
    "second_only",
    old=SIZE,
    new="np.abs(b)",
    hint="Is either of the two the right one, by which the other is to be measured?",
)
exercise.mutant(
    "larger_of_the_two",
    old=SIZE,
    new="np.maximum(np.abs(a), np.abs(b))",
    hint="Other courses divide by the larger of the two sizes. What does the formula above say?",
)
exercise.mutant(
    "mean_size",
    old=SIZE,
    new="(np.abs(a) + np.abs(b)) / 2",
    hint="Is it the sum of the two sizes or their mean?",
)
exercise.mutant(
    "mean_error",
    old=".max()",
    new=".mean()",
    hint="If one entry in a thousand is wrong, does the number that you return say so?",
)
exercise.mutant(
    "smallest",
    old=".max()",
    new=".min()",
    hint="Do you report the best entry or the worst?",
)
exercise.mutant(
    "error_of_each",
    old=f"float({ERROR})",
    new="np.abs(a - b) / np.maximum(size, floor)",
    hint="How many numbers does the function promise?",
)
exercise.mutant(
    "largest_over_largest",
    old=ERROR,
    new="np.abs(a - b).max() / max(size.max(), floor)",
    hint="Is each difference divided by the sizes of its own entries?",
)
exercise.mutant(
    "norms",
    old=ERROR,
    new="np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), floor)",
    hint="Is the error that of the two arrays as a whole, or that of their worst entry?",
)
exercise.mutant(
    "absolute",
    old=ERROR,
    new="np.abs(a - b).max()",
    hint="Is a difference of 0.001 large or small, and what does that depend on?",
)
exercise.mutant(
    "nan_skipped",
    old=f"float({ERROR})",
    new="float(np.nanmax(np.abs(a - b) / np.maximum(size, floor)))",
    hint="Should a gradient with a NaN in it pass for a right one?",
)
exercise.mutant(
    "zeros_skipped",
    old=ERROR,
    new="np.max((np.abs(a - b) / np.maximum(size, floor))[(a != 0) & (b != 0)], initial=0.0)",
    hint="What should the error be where one of the two entries is 0 and the other is not?",
)
exercise.mutant(
    "any_shape",
    old='raise ValueError(f"a has shape {a.shape}, b has shape {b.shape}")',
    new="a, b = np.broadcast_arrays(a, b)",
    hint="What does numpy do with shapes (3, 1) and (3,), and is that a comparison?",
)
exercise.mutant(
    "integers_wrap",
    old="a, b = as_float(a), as_float(b)",
    new="a, b = np.asarray(a), np.asarray(b)",
    hint="What is 3 - 5 for unsigned bytes?",
)
exercise.mutant(
    "in_place",
    old="size = np.abs(a)",
    new="np.abs(b, out=b) if (a * b > 0).all() and np.abs(a, out=a).all() else 0\n"
    "    size = np.abs(a)",
    hint="Whose arrays did you write the absolute values into?",
)

exercise.alternative(
    "loop",
    """
    def relative_error(a, b, floor=1e-8):
        if np.shape(a) != np.shape(b):
            raise ValueError("shapes differ")
        worst = 0.0
        for one, other in zip(np.ravel(a).tolist(), np.ravel(b).tolist()):
            error = abs(one - other) / max(abs(one) + abs(other), floor)
            if error != error:
                return float("nan")
            worst = max(worst, error)
        return worst
    """,
)
exercise.alternative(
    "masks",
    """
    def relative_error(a, b, floor=1e-8):
        a, b = np.asarray(a) + 0.0, np.asarray(b) + 0.0
        if a.shape != b.shape:
            raise ValueError(f"{a.shape} is not {b.shape}")
        size = np.where(a < 0, -a, a) + np.where(b < 0, -b, b)
        size = np.where(size < floor, floor, size)
        return np.max(np.where(a > b, a - b, b - a) / size)
    """,
)
exercise.alternative(
    "sorted_quotients",
    """
    def relative_error(a, b, floor=1e-8):
        if np.asarray(a).shape != np.asarray(b).shape:
            raise ValueError("one shape, please")
        both = np.stack([np.asarray(a, dtype=float), np.asarray(b, dtype=float)])
        distance = np.sqrt(np.square(np.subtract(*both)))
        quotients = distance / np.clip(np.abs(both).sum(axis=0), floor, None)
        return np.sort(quotients, axis=None)[-1]
    """,
)
exercise.alternative(
    "largest_norm",
    """
    def relative_error(a, b, floor=1e-8):
        a, b = (np.array(each, dtype=np.float64) for each in (a, b))
        if a.shape != b.shape:
            raise ValueError("the arrays differ in shape")
        quotient = np.true_divide(b - a, np.fmax(floor, abs(a) + abs(b)))
        return np.linalg.norm(np.atleast_1d(quotient).ravel(), np.inf)
    """,
)
