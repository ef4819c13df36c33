"""The initializers that count inputs: Kaiming He's for ReLU, and Yann LeCun's."""

from checks._draws import form, layer_slips, layers, narrow, source, units, weights_of, wide

from autograder.declare import Exercise, exact, statistical

uniform = Exercise("initializers.he_uniform")


@uniform.check(layers, weight=0.5, public=True, judge=exact)
def one_row_for_each_input(subject, case):
    """There is a row for each input and a column for each output, in float64."""
    return form(subject.he_uniform, case)


@uniform.check(narrow, weight=3, judge=statistical)
def distribution_for_few_outputs(subject, case):
    """With many inputs and few outputs the weights are uniform, of the right spread, around 0."""
    return weights_of(subject.he_uniform, case)


@uniform.check(wide, weight=3, public=True, judge=statistical)
def distribution_for_few_inputs(subject, case):
    """With few inputs and many outputs the weights are uniform, of the right spread, around 0."""
    return weights_of(subject.he_uniform, case)


@uniform.check(layers, judge=exact)
def every_unit_starts_differently(subject, case):
    """No two outputs start with the same weights, and no two inputs."""
    return units(subject.he_uniform, case)


@uniform.check(layers, judge=exact)
def numbers_come_from_the_generator(subject, case):
    """Generators in the same state give the same weights; a later call and another seed do not."""
    return source(lambda rng: subject.he_uniform(case.fan_in, case.fan_out, rng), case)


BOUND = "np.sqrt(6 / fan_in)"
UNIFORM = "rng.uniform(-bound, bound, (fan_in, fan_out))"

layer_slips(uniform, "uniform", "-bound, bound")
uniform.mutant(
    "outputs_counted",
    old=BOUND,
    new="np.sqrt(6 / fan_out)",
    hint="A unit adds up one term for each of what: its inputs, or its outputs?",
)
uniform.mutant(
    "glorot",
    old=BOUND,
    new="np.sqrt(6 / (fan_in + fan_out))",
    hint="Do the outputs occur in He's formula?",
)
uniform.mutant(
    "lecun",
    old=BOUND,
    new="np.sqrt(3 / fan_in)",
    hint="What does ReLU do to the mean square of what passes it?",
)
uniform.mutant(
    "bound_is_the_std",
    old=BOUND,
    new="np.sqrt(2 / fan_in)",
    hint="Numbers spread evenly from -a to a: what is their standard deviation?",
)
uniform.mutant(
    "bias_counted",
    old=BOUND,
    new="np.sqrt(6 / (fan_in + 1))",
    hint="Is the bias an input, in this course?",
)
uniform.mutant(
    "no_root",
    old=BOUND,
    new="6 / fan_in",
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

uniform.alternative(
    "stretched",
    """
    def he_uniform(fan_in, fan_out, rng):
        return (rng.random((fan_in, fan_out)) - 0.5) * np.sqrt(24 / fan_in)
    """,
)
uniform.alternative(
    "std_first",
    """
    def he_uniform(fan_in, fan_out, rng):
        std = (2 / fan_in) ** 0.5
        half_width = std * 3**0.5
        return rng.uniform(low=-half_width, high=half_width, size=(fan_out, fan_in)).T
    """,
)
uniform.alternative(
    "row_by_row",
    """
    def he_uniform(fan_in, fan_out, rng):
        rows = [rng.uniform(-1, 1, size=fan_out) for _ in range(fan_in)]
        return np.stack(rows) * np.sqrt(6) / np.sqrt(fan_in)
    """,
)


normal = Exercise("initializers.he_normal")


@normal.check(layers, weight=0.5, public=True, judge=exact)
def one_row_for_each_input(subject, case):
    """There is a row for each input and a column for each output, in float64."""
    return form(subject.he_normal, case)


@normal.check(narrow, weight=3, judge=statistical)
def distribution_for_few_outputs(subject, case):
    """With many inputs and few outputs the weights are normal, of the right spread, around 0."""
    return weights_of(subject.he_normal, case)


@normal.check(wide, weight=3, public=True, judge=statistical)
def distribution_for_few_inputs(subject, case):
    """With few inputs and many outputs the weights are normal, of the right spread, around 0."""
    return weights_of(subject.he_normal, case)


@normal.check(layers, judge=exact)
def every_unit_starts_differently(subject, case):
    """No two outputs start with the same weights, and no two inputs."""
    return units(subject.he_normal, case)


@normal.check(layers, judge=exact)
def numbers_come_from_the_generator(subject, case):
    """Generators in the same state give the same weights; a later call and another seed do not."""
    return source(lambda rng: subject.he_normal(case.fan_in, case.fan_out, rng), case)


normal.mutant(
    "glorot",
    old="np.sqrt(2 / fan_in)",
    new="np.sqrt(2 / (fan_in + fan_out))",
    hint="Do the outputs occur in He's formula?",
)
normal.mutant(
    "lecun",
    old="np.sqrt(2 / fan_in)",
    new="np.sqrt(1 / fan_in)",
    hint="What does ReLU do to the mean square of what passes it?",
)
normal.alternative(
    "scaled_standard_numbers",
    """
    def he_normal(fan_in, fan_out, rng):
        return rng.standard_normal((fan_in, fan_out)) * (2 / fan_in) ** 0.5
    """,
)
normal.alternative(
    "drawn_transposed",
    """
    def he_normal(fan_in, fan_out, rng):
        variance = 1.0 / (fan_in / 2)
        return rng.normal(loc=0, scale=np.sqrt(variance), size=(fan_out, fan_in)).transpose()
    """,
)
normal.alternative(
    "row_by_row",
    """
    def he_normal(fan_in, fan_out, rng):
        weights = np.zeros((fan_in, fan_out))
        for row in range(fan_in):
            weights[row] = rng.standard_normal(fan_out)
        return np.sqrt(2) * weights / np.sqrt(fan_in)
    """,
)


lecun = Exercise("initializers.lecun_normal")


@lecun.check(layers, weight=0.5, public=True, judge=exact)
def one_row_for_each_input(subject, case):
    """There is a row for each input and a column for each output, in float64."""
    return form(subject.lecun_normal, case)


@lecun.check(narrow, weight=3, judge=statistical)
def distribution_for_few_outputs(subject, case):
    """With many inputs and few outputs the weights are normal, of the right spread, around 0."""
    return weights_of(subject.lecun_normal, case)


@lecun.check(wide, weight=3, public=True, judge=statistical)
def distribution_for_few_inputs(subject, case):
    """With few inputs and many outputs the weights are normal, of the right spread, around 0."""
    return weights_of(subject.lecun_normal, case)


@lecun.check(layers, judge=exact)
def every_unit_starts_differently(subject, case):
    """No two outputs start with the same weights, and no two inputs."""
    return units(subject.lecun_normal, case)


@lecun.check(layers, judge=exact)
def numbers_come_from_the_generator(subject, case):
    """Generators in the same state give the same weights; a later call and another seed do not."""
    return source(lambda rng: subject.lecun_normal(case.fan_in, case.fan_out, rng), case)


lecun.mutant(
    "glorot",
    old="np.sqrt(1 / fan_in)",
    new="np.sqrt(2 / (fan_in + fan_out))",
    hint="This is Glorot's variance. For which layers are the two the same?",
)
lecun.mutant(
    "he",
    old="np.sqrt(1 / fan_in)",
    new="np.sqrt(2 / fan_in)",
    hint="Which activation makes a factor of 2 necessary, and is it meant here?",
)
lecun.alternative(
    "scaled_standard_numbers",
    """
    def lecun_normal(fan_in, fan_out, rng):
        return rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)
    """,
)
lecun.alternative(
    "drawn_transposed",
    """
    def lecun_normal(fan_in, fan_out, rng):
        return rng.normal(scale=fan_in**-0.5, size=(fan_out, fan_in)).T
    """,
)
lecun.alternative(
    "one_axis_at_a_time",
    """
    def lecun_normal(fan_in, fan_out, rng):
        numbers = rng.standard_normal(size=fan_in * fan_out)
        return numbers.reshape(fan_out, fan_in).T.copy() * (1 / fan_in) ** 0.5
    """,
)


for exercise, factor in ((normal, 2), (lecun, 1)):
    std = f"np.sqrt({factor} / fan_in)"
    layer_slips(exercise, "normal", "0.0, std")
    exercise.mutant(
        "outputs_counted",
        old=std,
        new=f"np.sqrt({factor} / fan_out)",
        hint="A unit adds up one term for each of what: its inputs, or its outputs?",
    )
    exercise.mutant(
        "variance_as_std",
        old=std,
        new=f"{factor} / fan_in",
        hint="The second argument of numpy's function is called scale. Is that a variance?",
    )
    exercise.mutant(
        "bias_counted",
        old=std,
        new=f"np.sqrt({factor} / (fan_in + 1))",
        hint="Is the bias an input, in this course?",
    )
    exercise.mutant(
        "unit_interval",
        old="rng.normal(0.0, std, (fan_in, fan_out))",
        new="std * rng.random((fan_in, fan_out))",
        hint="Which distribution do the numbers of rng.random have, and how many are negative?",
    )
    exercise.mutant(
        "raised_to_a_power",
        old="rng.normal(0.0, std, (fan_in, fan_out))",
        new="rng.random((fan_in, fan_out)) ** std",
        hint="One asterisk or two: which of them scales a number?",
    )
    exercise.mutant(
        "uniform_of_the_same_std",
        old="rng.normal(0.0, std, (fan_in, fan_out))",
        new="rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (fan_in, fan_out))",
        hint="The spread is right; is a weight of 0 more probable than one of 1.5 std?",
    )
