"""Xavier Glorot's initializers: uniform and normal."""

from checks._draws import form, layer_slips, layers, narrow, source, units, weights_of, wide

from autograder.declare import Exercise, exact, statistical

uniform = Exercise("initializers.xavier_uniform")


@uniform.check(layers, weight=0.5, public=True, judge=exact)
def one_row_for_each_input(subject, case):
    """There is a row for each input and a column for each output, in float64."""
    return form(subject.xavier_uniform, case)


@uniform.check(narrow, weight=3, judge=statistical)
def distribution_for_few_outputs(subject, case):
    """With many inputs and few outputs the weights are uniform, of the right spread, around 0."""
    return weights_of(subject.xavier_uniform, case)


@uniform.check(wide, weight=3, public=True, judge=statistical)
def distribution_for_few_inputs(subject, case):
    """With few inputs and many outputs the weights are uniform, of the right spread, around 0."""
    return weights_of(subject.xavier_uniform, case)


@uniform.check(layers, judge=exact)
def every_unit_starts_differently(subject, case):
    """No two outputs start with the same weights, and no two inputs."""
    return units(subject.xavier_uniform, case)


@uniform.check(layers, judge=exact)
def numbers_come_from_the_generator(subject, case):
    """Generators in the same state give the same weights; a later call and another seed do not."""
    return source(lambda rng: subject.xavier_uniform(case.fan_in, case.fan_out, rng), case)


BOUND = "np.sqrt(6 / (fan_in + fan_out))"
UNIFORM = "rng.uniform(-bound, bound, (fan_in, fan_out))"

layer_slips(uniform, "uniform", "-bound, bound")
uniform.mutant(
    "precedence",
    old=BOUND,
    new="np.sqrt(6 / fan_in + fan_out)",
    hint="In which order does Python divide and add?",
)
uniform.mutant(
    "bound_is_the_std",
    old=BOUND,
    new="np.sqrt(2 / (fan_in + fan_out))",
    hint="Numbers spread evenly from -a to a: what is their standard deviation?",
)
uniform.mutant(
    "no_root",
    old=BOUND,
    new="6 / (fan_in + fan_out)",
    hint="Is the bound a variance, or in the unit of a weight?",
)
uniform.mutant(
    "positive_only",
    old=UNIFORM,
    new="rng.uniform(0, bound, (fan_in, fan_out))",
    hint="Where is the middle of your interval?",
)
uniform.mutant(
    "bound_as_std",
    old=UNIFORM,
    new="rng.normal(0.0, bound, (fan_in, fan_out))",
    hint="Can one of your weights be larger than the bound?",
)
uniform.mutant(
    "normal_of_the_same_std",
    old=UNIFORM,
    new="rng.normal(0.0, bound / np.sqrt(3), (fan_in, fan_out))",
    hint="The spread is right; is a weight near the bound as probable as one near 0?",
)
uniform.mutant(
    "lecun",
    old=BOUND,
    new="np.sqrt(3 / fan_in)",
    hint="Whose formula looks at the inputs only, and whose at the outputs too?",
)
uniform.mutant(
    "he",
    old=BOUND,
    new="np.sqrt(6 / fan_in)",
    hint="Which number do you divide by when the layer has far more outputs than inputs?",
)
uniform.mutant(
    "outputs_only",
    old=BOUND,
    new="np.sqrt(3 / fan_out)",
    hint="What would suit the backward pass alone, and what does Glorot do about the forward pass?",
)
uniform.mutant(
    "product_of_fans",
    old=BOUND,
    new="np.sqrt(6 / (fan_in * fan_out))",
    hint="Which mean of the two fans stands in the formula?",
)

uniform.alternative(
    "stretched",
    """
    def xavier_uniform(fan_in, fan_out, rng):
        limit = (6 / (fan_in + fan_out)) ** 0.5
        return limit * (2 * rng.random((fan_in, fan_out)) - 1)
    """,
)
uniform.alternative(
    "std_first",
    """
    def xavier_uniform(fan_in, fan_out, rng):
        std = np.sqrt(2 / (fan_in + fan_out))
        return std * rng.uniform(-np.sqrt(3), np.sqrt(3), size=(fan_out, fan_in)).T
    """,
)
uniform.alternative(
    "sign_and_size",
    """
    def xavier_uniform(fan_in, fan_out, rng):
        mean_fan = (fan_in + fan_out) / 2
        sizes = np.sqrt(3 / mean_fan) * rng.random((fan_in, fan_out))
        return rng.choice([-1.0, 1.0], size=sizes.shape) * sizes
    """,
)
uniform.alternative(
    "row_by_row",
    """
    def xavier_uniform(fan_in, fan_out, rng):
        weights = np.empty((fan_in, fan_out))
        for row in weights:
            row[:] = rng.uniform(-1, 1, fan_out)
        return weights * np.sqrt(6) / np.sqrt(fan_in + fan_out)
    """,
)


normal = Exercise("initializers.xavier_normal")


@normal.check(layers, weight=0.5, public=True, judge=exact)
def one_row_for_each_input(subject, case):
    """There is a row for each input and a column for each output, in float64."""
    return form(subject.xavier_normal, case)


@normal.check(narrow, weight=3, judge=statistical)
def distribution_for_few_outputs(subject, case):
    """With many inputs and few outputs the weights are normal, of the right spread, around 0."""
    return weights_of(subject.xavier_normal, case)


@normal.check(wide, weight=3, public=True, judge=statistical)
def distribution_for_few_inputs(subject, case):
    """With few inputs and many outputs the weights are normal, of the right spread, around 0."""
    return weights_of(subject.xavier_normal, case)


@normal.check(layers, judge=exact)
def every_unit_starts_differently(subject, case):
    """No two outputs start with the same weights, and no two inputs."""
    return units(subject.xavier_normal, case)


@normal.check(layers, judge=exact)
def numbers_come_from_the_generator(subject, case):
    """Generators in the same state give the same weights; a later call and another seed do not."""
    return source(lambda rng: subject.xavier_normal(case.fan_in, case.fan_out, rng), case)


STD = "np.sqrt(2 / (fan_in + fan_out))"
NORMAL = "rng.normal(0.0, std, (fan_in, fan_out))"

layer_slips(normal, "normal", "0.0, std")
normal.mutant(
    "variance_as_std",
    old=STD,
    new="2 / (fan_in + fan_out)",
    hint="The second argument of numpy's function is called scale. Is that a variance?",
)
normal.mutant(
    "precedence",
    old=STD,
    new="np.sqrt(2 / fan_in + fan_out)",
    hint="In which order does Python divide and add?",
)
normal.mutant(
    "bound_as_std",
    old=STD,
    new="np.sqrt(6 / (fan_in + fan_out))",
    hint="Does the 6 belong to a variance, or to the bound of a uniform distribution?",
)
normal.mutant(
    "lecun",
    old=STD,
    new="np.sqrt(1 / fan_in)",
    hint="Whose formula looks at the inputs only, and whose at the outputs too?",
)
normal.mutant(
    "he",
    old=STD,
    new="np.sqrt(2 / fan_in)",
    hint="Which number do you divide by when the layer has far more outputs than inputs?",
)
normal.mutant(
    "outputs_only",
    old=STD,
    new="np.sqrt(1 / fan_out)",
    hint="What would suit the backward pass alone, and what does Glorot do about the forward pass?",
)
normal.mutant(
    "one_over_the_sum",
    old=STD,
    new="np.sqrt(1 / (fan_in + fan_out))",
    hint="If inputs and outputs are equally many, which variance keeps the scale?",
)
normal.mutant(
    "uniform_of_the_same_std",
    old=NORMAL,
    new="rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (fan_in, fan_out))",
    hint="The spread is right; is a weight of 0 more probable than one of 1.5 std?",
)
normal.mutant(
    "unit_interval",
    old=NORMAL,
    new="std * rng.random((fan_in, fan_out))",
    hint="Which distribution do the numbers of rng.random have, and how many are negative?",
)
normal.mutant(
    "std_as_mean",
    old="0.0, std, (fan_in, fan_out)",
    new="std, 1.0, (fan_in, fan_out)",
    hint="What are the first two arguments of numpy's function, in this order?",
)

normal.alternative(
    "scaled_standard_numbers",
    """
    def xavier_normal(fan_in, fan_out, rng):
        mean_fan = 0.5 * (fan_in + fan_out)
        return rng.standard_normal((fan_in, fan_out)) / mean_fan**0.5
    """,
)
normal.alternative(
    "drawn_transposed",
    """
    def xavier_normal(fan_in, fan_out, rng):
        variance = 2.0 / (fan_out + fan_in)
        return np.transpose(rng.normal(scale=np.sqrt(variance), size=[fan_out, fan_in]))
    """,
)
normal.alternative(
    "row_by_row",
    """
    def xavier_normal(fan_in, fan_out, rng):
        rows = [rng.standard_normal(fan_out) for _ in range(fan_in)]
        return np.sqrt(2) * np.array(rows) / np.sqrt(fan_in + fan_out)
    """,
)
normal.alternative(
    "polar_coordinates",
    """
    def xavier_normal(fan_in, fan_out, rng):
        halved_square = rng.exponential(size=(fan_in, fan_out))
        angle = 2 * np.pi * rng.random((fan_in, fan_out))
        return np.sqrt(4 * halved_square / (fan_in + fan_out)) * np.sin(angle)
    """,
)
