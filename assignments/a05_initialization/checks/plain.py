"""Zeros, and normal numbers of any spread."""

from checks._draws import any_random_slips, generator, seed, source

from autograder.declare import Case, Exercise, exact, statistical


def shapes(rng):
    """A vector, tables, a stack of tables."""
    del rng
    for shape in [(3,), (2, 5), (4, 4), (2, 3, 1, 4)]:
        yield Case(shape=shape)


def unusual_shapes(rng):
    """A single number, a table without rows, one long row."""
    del rng
    for shape in [(), (0, 3), (1, 1000)]:
        yield Case(shape=shape)


zeros = Exercise("initializers.zeros")


@zeros.check(shapes, public=True, judge=exact)
def all_zero(subject, case):
    """Every entry is zero, whatever the shape."""
    return {"array": subject.zeros(case.shape)}


@zeros.check(unusual_shapes, weight=0.5, judge=exact)
def any_shape(subject, case):
    """A shape may be empty, or have an axis of length 0."""
    return {"array": subject.zeros(case.shape)}


@zeros.check(shapes, weight=0.5, judge=exact)
def double_precision(subject, case):
    """The zeros are float64."""
    return {"dtype": str(subject.zeros(case.shape).dtype)}


zeros.mutant(
    "ones",
    old="np.zeros(shape)",
    new="np.ones(shape)",
    hint="Which number does the name of the function promise?",
)
zeros.mutant(
    "integers",
    old="np.zeros(shape)",
    new="np.zeros(shape, int)",
    hint="What becomes of a bias of integers when you subtract a small step from it?",
)
zeros.mutant(
    "single_precision",
    old="np.zeros(shape)",
    new="np.zeros(shape, np.float32)",
    hint="Which dtype do the weights have that this bias is added to?",
)
zeros.mutant(
    "flat",
    old="np.zeros(shape)",
    new="np.zeros(int(np.prod(shape)))",
    hint="You have the right number of zeros; do they stand in rows and columns?",
)
zeros.mutant(
    "a_number",
    old="np.zeros(shape)",
    new="0.0",
    hint="Broadcasting would do, but what is the shape of a parameter that training can change?",
)

zeros.alternative("full", "def zeros(shape): return np.full(shape, 0.0)")
zeros.alternative("times_zero", "def zeros(shape): return np.ones(shape) * 0.0")
zeros.alternative(
    "reshaped_list",
    """
    def zeros(shape):
        count = 1
        for length in shape:
            count *= length
        return np.array([0.0] * count, dtype=np.float64).reshape(shape)
    """,
)
zeros.alternative(
    "filled",
    """
    def zeros(shape):
        array = np.empty(shape)
        array[...] = 0
        return array
    """,
)


def small_draws(rng):
    """Vectors, tables and filters."""
    for shape, std in [((4,), 0.5), ((3, 5), 2.0), ((2, 3, 1, 4), 0.01)]:
        yield Case(shape=shape, std=std, seed=seed(rng))


def large_draws(rng):
    """Tables with small numbers and with larger ones."""
    for shape, std in [((20, 2000), 0.05), ((4000, 2), 3.0)]:
        yield Case(shape=shape, std=std, seed=seed(rng))


def large_filters(rng):
    """Vectors, and filters of four axes."""
    for shape, std in [((6000,), 0.4), ((20, 5, 10, 6), 0.01)]:
        yield Case(shape=shape, std=std, seed=seed(rng))


def no_spread(rng):
    """A standard deviation of zero."""
    yield Case(shape=(3, 2), std=0.0, seed=seed(rng))


normal = Exercise("initializers.normal")


@normal.check(small_draws, weight=0.5, public=True, judge=exact)
def shape_as_asked(subject, case):
    """The array has the shape that was asked for, in float64."""
    weights = subject.normal(case.shape, case.std, generator(case))
    return {"shape": list(weights.shape), "dtype": str(weights.dtype)}


@normal.check(large_filters, weight=2, judge=statistical)
def same_distribution_for_any_shape(subject, case):
    """Vectors and filters are drawn entry by entry too, with the standard deviation given."""
    return {"weights": subject.normal(case.shape, case.std, generator(case))}


@normal.check(large_draws, weight=3, public=True, judge=statistical)
def normal_around_zero(subject, case):
    """The numbers are normal around 0, with the standard deviation given."""
    return {"weights": subject.normal(case.shape, case.std, generator(case))}


@normal.check(small_draws, judge=exact)
def numbers_come_from_the_generator(subject, case):
    """Generators in the same state give the same numbers; a later call and another seed do not."""
    return source(lambda rng: subject.normal(case.shape, case.std, rng), case)


@normal.check(no_spread, weight=0.5, judge=exact)
def no_spread_is_zero(subject, case):
    """With a standard deviation of 0 all numbers are 0."""
    return {"weights": subject.normal(case.shape, case.std, generator(case)) + 0.0}


DRAW = "rng.normal(0.0, std, shape)"

any_random_slips(normal, "normal")
normal.mutant(
    "std_not_used",
    old=DRAW,
    new="rng.standard_normal(shape)",
    hint="How does your result change when std is doubled?",
)
normal.mutant(
    "raised_to_a_power",
    old=DRAW,
    new="rng.random(shape) ** std",
    hint="One asterisk or two: which of them scales a number?",
)
normal.mutant(
    "divided",
    old=DRAW,
    new="rng.standard_normal(shape) / (std or 1.0)",
    hint="Does a larger std make your numbers larger or smaller?",
)
normal.mutant(
    "std_as_variance",
    old=DRAW,
    new="rng.normal(0.0, np.sqrt(std), shape)",
    hint="Is the argument the variance, or its root?",
)
normal.mutant(
    "variance_as_std",
    old=DRAW,
    new="rng.normal(0.0, std**2, shape)",
    hint="What does numpy call scale: the variance, or its root?",
)
normal.mutant(
    "std_as_mean",
    old=DRAW,
    new="rng.normal(std, 1.0, shape)",
    hint="What are the first two arguments of numpy's function, in this order?",
)
normal.mutant(
    "uniform_up_to_std",
    old=DRAW,
    new="std * rng.random(shape)",
    hint="How many of your numbers are negative?",
)
normal.mutant(
    "uniform_within_std",
    old=DRAW,
    new="rng.uniform(-std, std, shape)",
    hint="Can a normal number be larger than its standard deviation?",
)
normal.mutant(
    "absolute_values",
    old=DRAW,
    new="np.abs(rng.normal(0.0, std, shape))",
    hint="How many of your numbers are negative?",
)
normal.mutant(
    "flat",
    old=DRAW,
    new="rng.normal(0.0, std, math.prod(shape))",
    hint="You have the right number of entries; do they stand in rows and columns?",
)
normal.mutant(
    "one_number",
    old=DRAW,
    new="np.full(shape, rng.normal(0.0, std))",
    hint="How many random numbers does an array of 15 entries need?",
)

normal.alternative(
    "scaled_standard_numbers",
    "def normal(shape, std, rng): return std * rng.standard_normal(shape)",
)
normal.alternative(
    "polar_coordinates",
    """
    def normal(shape, std, rng):
        radius = np.sqrt(-2 * np.log(1 - rng.random(shape)))
        return std * radius * np.cos(2 * np.pi * rng.random(shape))
    """,
)
normal.alternative(
    "sum_of_two",
    """
    def normal(shape, std, rng):
        one, other = rng.normal(size=shape), rng.normal(size=shape)
        return std * (0.6 * one - 0.8 * other)
    """,
)
normal.alternative(
    "flat_then_filled_by_columns",
    """
    def normal(shape, std, rng):
        flat = rng.normal(loc=0, scale=std, size=int(np.prod(shape)))
        return flat.reshape(shape, order="F")
    """,
)
