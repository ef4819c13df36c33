"""The fans of a convolution."""

from autograder.declare import Case, Exercise, exact, raises


def images(rng):
    """Filters for images: more filters than channels and fewer, kernels that are not square."""
    for shape in [(8, 3, 5, 5), (2, 5, 3, 4), (6, 1, 1, 7)]:
        yield Case(shape=shape)
    yield Case(shape=tuple(int(size) for size in 2 + rng.permutation(9)[:4]))


def other_kernels(rng):
    """Kernels along one axis and along three; a single weight; as many filters as channels."""
    for shape in [(4, 7, 3), (3, 2, 2, 3, 5), (5, 6, 1, 1), (1, 1, 1, 1), (4, 4, 3, 3)]:
        yield Case(shape=shape)
    yield Case(shape=tuple(int(size) for size in 2 + rng.permutation(9)[:3]))


def too_few_axes(rng):
    """The shape of a dense layer, that of a bias, and that of a number."""
    del rng
    for shape in [(3, 4), (5,), ()]:
        yield Case(shape=shape)


def as_numbers(fans):
    """Return two fans by name, of whatever type."""
    fan_in, fan_out = fans
    return {"fan_in": float(fan_in), "fan_out": float(fan_out)}


exercise = Exercise("initializers.conv_fans")


@exercise.check(images, weight=3, public=True, judge=exact)
def every_weight_is_counted(subject, case):
    """All weights that meet in one output are counted, and all that leave one input."""
    return as_numbers(subject.conv_fans(case.shape))


@exercise.check(other_kernels, weight=2, judge=exact)
def kernels_of_any_dimension(subject, case):
    """Kernels may be a single weight, or have one axis or three."""
    return as_numbers(subject.conv_fans(case.shape))


@exercise.check(images, weight=0.5, judge=exact)
def pair_of_whole_numbers(subject, case):
    """Both fans are whole numbers, which can be the sizes of an array."""
    fan_in, fan_out = subject.conv_fans(case.shape)
    return {"sizes": [len(range(fan_in)), len(range(fan_out))]}


@exercise.check(too_few_axes, weight=0.5, judge=raises(ValueError))
def dense_layers_are_refused(subject, case):
    """A shape of fewer than three axes is no convolution and raises ValueError."""
    return as_numbers(subject.conv_fans(case.shape))


FANS = "return channels * area, filters * area"

exercise.mutant(
    "kernel_ignored",
    old=FANS,
    new="return channels, filters",
    hint="How many weights are multiplied and added for one number of the output?",
)
exercise.mutant(
    "swapped",
    old=FANS,
    new="return filters * area, channels * area",
    hint="Which of the first two axes belongs to what comes in, and which to what goes out?",
)
exercise.mutant(
    "kernel_of_inputs_only",
    old=FANS,
    new="return channels * area, filters",
    hint="Into how many outputs of one filter does a single pixel of the input enter?",
)
exercise.mutant(
    "kernel_added",
    old="math.prod(kernel)",
    new="sum(kernel)",
    hint="How many weights has a kernel of 5 rows and 5 columns?",
)
exercise.mutant(
    "square_kernel",
    old="math.prod(kernel)",
    new="kernel[0] ** 2",
    hint="What is the area of a kernel that is higher than it is wide?",
)
exercise.mutant(
    "one_side_of_the_kernel",
    old="math.prod(kernel)",
    new="kernel[-1]",
    hint="How many weights has a kernel of 5 rows and 5 columns?",
)
exercise.mutant(
    "two_axes_only",
    old="math.prod(kernel)",
    new="math.prod(kernel[:2])",
    hint="Does a kernel always have two axes?",
)
exercise.mutant(
    "kernel_first",
    old="filters, channels, *kernel = shape",
    new="*kernel, channels, filters = shape",
    hint="In this course, which axes of the filters come first?",
)
exercise.mutant(
    "channels_ignored",
    old=FANS,
    new="return area, area",
    hint="A filter sees all channels of the image at once. Where are they in your count?",
)
exercise.mutant(
    "bias_counted",
    old=FANS,
    new="return channels * area + 1, filters * area",
    hint="Is the bias an input, in this course?",
)
exercise.mutant(
    "as_floats",
    old=FANS,
    new="return float(channels * area), float(filters * area)",
    hint="Which type does a count have?",
)
exercise.mutant(
    "dense_too",
    old="if len(shape) < 3:",
    new="if len(shape) < 2:",
    hint="In this course a dense layer has weights (D_in, D_out). What would you make of that?",
)

exercise.alternative(
    "quotients",
    """
    def conv_fans(shape):
        if len(shape) <= 2:
            raise ValueError("no convolution")
        total = 1
        for size in shape:
            total = total * size
        return total // shape[0], total // shape[1]
    """,
)
exercise.alternative(
    "numpy_products",
    """
    def conv_fans(shape):
        if np.size(shape) < 3:
            raise ValueError("filters, channels, kernel")
        return tuple([np.prod(shape[1:]), shape[0] * np.prod(shape[2:])])
    """,
)
exercise.alternative(
    "counted_on_an_array",
    """
    def conv_fans(shape):
        weights = np.empty(shape)
        if weights.ndim < 3:
            raise ValueError(f"{weights.ndim} axes are too few")
        return weights[0].size, weights[:, 0].size
    """,
)
