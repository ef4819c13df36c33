"""Activations with a kink at 0: relu and leaky_relu, each with its gradient."""

from checks._arrays import (
    arrays,
    far,
    far_gradients,
    gradients,
    more_arrays,
    more_gradients,
    spread,
    with_upstream,
    zero_gradients,
    zeros,
)
from checks._contract import (
    backward_contract,
    backward_structure,
    forward_contract,
    forward_mistakes,
    forward_structure,
)

from autograder.declare import Case, Exercise, curve

ALPHAS = {(5,): 0.3, (3, 2): 1.5, (2, 4): 0.05}


def slopes(rng):
    """Slopes of the negative side that are not the default, one of them above 1."""
    for shape, alpha in ALPHAS.items():
        yield Case(z=spread(rng, shape), alpha=alpha)


def slope_gradients(rng):
    """The same, with gradients."""
    for case in slopes(rng):
        yield with_upstream(rng, case.z, alpha=case.alpha)


def slope_at_zero(rng):
    """Exact zeros of both signs, with a slope that is not the default."""
    for case in zero_gradients(rng):
        yield Case(dout=case.dout, z=case.z, alpha=0.3)


relu = Exercise("activations.relu")
forward_structure(relu, "relu")


@relu.check(arrays, weight=3, public=True, picture=curve("z"))
def negatives_become_zero(subject, case):
    """Negative numbers become 0, positive ones stay as they are."""
    return {"a": subject.relu(case.z)}


@relu.check(zeros, weight=0.5, public=True, picture=curve("z"))
def zero_stays_zero(subject, case):
    """At 0 the output is 0."""
    return {"a": subject.relu(case.z)}


@relu.check(more_arrays, weight=2)
def every_shape_is_rectified(subject, case):
    """Arrays of any shape are rectified entry by entry."""
    return {"a": subject.relu(case.z)}


@relu.check(far)
def large_numbers_stay(subject, case):
    """Positive numbers stay as they are, however large they are."""
    return {"a": subject.relu(case.z)}


forward_contract(relu, "relu")

RELU = "np.maximum(as_float(z), 0)"

relu.mutant(
    "nan_becomes_zero",
    old=RELU,
    new="np.where(as_float(z) > 0, z, 0.0).astype(as_float(z).dtype)",
    hint="On which side of your comparison does NaN end up?",
)
relu.mutant(
    "infinity_times_zero",
    old=RELU,
    new="as_float(z) * (as_float(z) > 0)",
    hint="What is minus infinity times 0 in floating point?",
)
relu.mutant(
    "maximum_of_the_array",
    old=RELU,
    new="np.max(as_float(z), 0)",
    hint="Which numpy function compares two numbers, and which one finds the largest of an array?",
)
relu.mutant(
    "minimum",
    old=RELU,
    new="np.minimum(as_float(z), 0)",
    hint="Which of the two, the number or 0, is to be kept?",
)
relu.mutant(
    "absolute_value",
    old=RELU,
    new="np.abs(as_float(z))",
    hint="Should a neuron answer to -2 as it does to 2?",
)
relu.mutant(
    "negative_part",
    old=RELU,
    new="np.maximum(-as_float(z), 0)",
    hint="Which numbers pass unchanged: the positive ones, or the negative ones?",
)
relu.mutant(
    "step",
    old=RELU,
    new="np.where(np.isnan(z), z, as_float(z) > 0).astype(as_float(z).dtype)",
    hint="Can you tell from your output whether the input was 1 or 3?",
)
relu.mutant(
    "leaky",
    old=RELU,
    new="np.where(as_float(z) < 0, 0.01 * as_float(z), z).astype(as_float(z).dtype)",
    hint="How much of a negative number passes here?",
)
relu.mutant(
    "capped",
    old=RELU,
    new="np.clip(as_float(z), 0, 1)",
    hint="What does your function make of 3?",
)
relu.mutant(
    "in_place",
    old="rectified: FloatArray = " + RELU,
    new="rectified = as_float(z)\n    rectified[rectified < 0] = 0",
    hint="Do you write into a new array, or into the one that you were given?",
)
forward_mistakes(relu)

relu.alternative(
    "mask_on_a_copy",
    """
    def relu(z):
        rectified = np.array(as_float(z))
        rectified[rectified < 0] = 0
        return rectified
    """,
)
relu.alternative(
    "where",
    """
    def relu(z):
        z = as_float(z)
        return np.where(z < 0, 0, z)
    """,
)
relu.alternative(
    "clip",
    """
    def relu(z):
        return np.clip(as_float(z), 0, None)
    """,
)
relu.alternative(
    "entry_by_entry",
    """
    def relu(z):
        rectified = np.zeros_like(as_float(z))
        for index in np.ndindex(np.shape(z)):
            if not z[index] <= 0:
                rectified[index] = z[index]
        return rectified
    """,
)


relu_backward = Exercise("activations.relu_backward")
backward_structure(relu_backward, "relu_backward")


@relu_backward.check(gradients, weight=3, public=True, picture=curve("z", over="dout"))
def gradient_passes_where_the_input_was_positive(subject, case):
    """What arrives from above passes where the input was positive, and nowhere else."""
    return {"dz": subject.relu_backward(case.dout, case.z)}


@relu_backward.check(zero_gradients)
def slope_at_zero_is_zero(subject, case):
    """At exactly 0, where the function has a kink, the slope is 0 by convention."""
    return {"dz": subject.relu_backward(case.dout, case.z)}


@relu_backward.check(more_gradients, weight=2)
def every_shape_has_its_gradient(subject, case):
    """Arrays of any shape have their gradient entry by entry."""
    return {"dz": subject.relu_backward(case.dout, case.z)}


@relu_backward.check(far_gradients, weight=0.5)
def size_of_the_input_does_not_matter(subject, case):
    """However large the input is, the gradient passes unchanged or not at all."""
    return {"dz": subject.relu_backward(case.dout, case.z)}


backward_contract(relu_backward, "relu_backward")

RELU_GRADIENT = "np.where(z > 0, dout, 0)"

relu_backward.mutant(
    "slope_one_at_zero",
    old="z > 0",
    new="z >= 0",
    hint="What does this course say about the slope at exactly 0?",
)
relu_backward.mutant(
    "mask_of_upstream",
    old="z > 0",
    new="dout > 0",
    hint="Whose sign decides: that of the gradient, or that of the input?",
)
relu_backward.mutant(
    "rectified_output_as_slope",
    old=RELU_GRADIENT,
    new="dout * np.maximum(z, 0)",
    hint="How steep is the function at 3?",
)
relu_backward.mutant(
    "negative_side",
    old="z > 0",
    new="z < 0",
    hint="On which side of 0 is the function flat?",
)
relu_backward.mutant(
    "everything_passes",
    old=RELU_GRADIENT,
    new="dout.copy()",
    hint="How steep is the function where its output is 0?",
)
relu_backward.mutant(
    "sign_as_slope",
    old=RELU_GRADIENT,
    new="dout * np.sign(z)",
    hint="How steep is the function for negative inputs?",
)
relu_backward.mutant(
    "truth_values",
    old=RELU_GRADIENT,
    new="z > 0",
    hint="You return where the gradient passes. What is it that passes there?",
)
relu_backward.mutant(
    "upstream_ignored",
    old=RELU_GRADIENT,
    new="(z > 0).astype(z.dtype)",
    hint="Your result does not depend on its first argument. What does the chain rule say?",
)
relu_backward.mutant(
    "float64_by_where",
    old=RELU_GRADIENT,
    new="dout * np.where(z > 0, 1.0, 0.0)",
    hint="Which dtype does numpy give to an array that is made of Python's numbers alone?",
)
relu_backward.mutant(
    "dout_overwritten",
    old="return " + RELU_GRADIENT,
    new="dout[z <= 0] = 0\n    return dout",
    hint="Do you write into a new array, or into the one that you were given?",
)
relu_backward.mutant(
    "input_overwritten",
    old="return " + RELU_GRADIENT,
    new="z[z <= 0] = 0\n    z[z > 0] = 1\n    return dout * z",
    hint="Which array holds your slopes, and who may still need what was in it?",
)
relu_backward.mutant(
    "only_what_passes",
    old=RELU_GRADIENT,
    new="dout[z > 0]",
    hint="What stands in your result for the entries at which nothing passes?",
)

relu_backward.alternative(
    "truth_times_gradient",
    """
    def relu_backward(dout, z):
        return dout * (z > 0)
    """,
)
relu_backward.alternative(
    "mask_on_a_copy",
    """
    def relu_backward(dout, z):
        dz = np.array(dout)
        dz[z <= 0] = 0
        return dz
    """,
)
relu_backward.alternative(
    "heaviside",
    """
    def relu_backward(dout, z):
        return np.heaviside(z, np.zeros_like(z)) * dout
    """,
)
relu_backward.alternative(
    "entry_by_entry",
    """
    def relu_backward(dout, z):
        dz = np.zeros_like(dout)
        for index, entry in np.ndenumerate(z):
            dz[index] = dout[index] if entry > 0 else 0.0
        return dz
    """,
)


leaky_relu = Exercise("activations.leaky_relu")
forward_structure(leaky_relu, "leaky_relu")


@leaky_relu.check(arrays, weight=3, public=True, picture=curve("z"))
def a_hundredth_leaks(subject, case):
    """Positive numbers stay as they are, and a hundredth of each negative one passes."""
    return {"a": subject.leaky_relu(case.z)}


@leaky_relu.check(slopes, weight=2, public=True, picture=curve("z"))
def slope_is_the_one_given(subject, case):
    """The argument alpha is the slope of the negative side, also if it is above 1."""
    return {"a": subject.leaky_relu(case.z, alpha=case.alpha)}


@leaky_relu.check(more_arrays, weight=2)
def every_shape_is_rectified(subject, case):
    """Arrays of any shape are rectified entry by entry."""
    return {"a": subject.leaky_relu(case.z, alpha=0.2)}


@leaky_relu.check(zeros, weight=0.5)
def zero_stays_zero(subject, case):
    """At 0 the output is 0."""
    return {"a": subject.leaky_relu(case.z)}


@leaky_relu.check(far, weight=0.5)
def large_numbers_leak_as_well(subject, case):
    """Both sides go on as straight lines, however large the numbers are."""
    return {"a": subject.leaky_relu(case.z)}


forward_contract(leaky_relu, "leaky_relu")

LEAKY = "np.where(z > 0, z, alpha * z)"

leaky_relu.mutant(
    "maximum_of_both",
    old=LEAKY,
    new="np.maximum(z, alpha * z)",
    hint="Which of the two lines is the upper one if alpha is above 1?",
)
leaky_relu.mutant(
    "sides_swapped",
    old="z > 0",
    new="z <= 0",
    hint="Which side of 0 passes unchanged?",
)
leaky_relu.mutant(
    "nothing_leaks",
    old=LEAKY,
    new="np.maximum(z, 0)",
    hint="What passes of a negative number?",
)
leaky_relu.mutant(
    "alpha_ignored",
    old="alpha * z",
    new="0.01 * z",
    hint="What does your code do with its second argument?",
)
leaky_relu.mutant(
    "alpha_in_place_of_the_line",
    old="alpha * z",
    new="alpha",
    hint="Is alpha the value on the negative side, or the slope there?",
)
leaky_relu.mutant(
    "minus",
    old="alpha * z",
    new="-alpha * z",
    hint="Does the function rise or fall on the negative side?",
)
leaky_relu.mutant(
    "added",
    old="alpha * z",
    new="alpha + z",
    hint="Is the negative side shifted, or made flatter?",
)
leaky_relu.mutant(
    "divided",
    old="alpha * z",
    new="z / alpha",
    hint="Is the negative side flatter than the positive one if alpha is small?",
)
leaky_relu.mutant(
    "exponential",
    old="alpha * z",
    new="alpha * np.expm1(np.minimum(z, 0))",
    hint="Is the negative side straight here, or does it bend?",
)
leaky_relu.mutant(
    "infinity_times_zero",
    old=LEAKY,
    new="z * (z > 0) + alpha * z * (z <= 0)",
    hint="What is infinity times 0 in floating point?",
)
leaky_relu.mutant(
    "float64_by_where",
    old=LEAKY,
    new="z * np.where(z > 0, 1.0, alpha)",
    hint="Which dtype does numpy give to an array that is made of Python's numbers alone?",
)
leaky_relu.mutant(
    "in_place",
    old="return " + LEAKY,
    new="z[z < 0] *= alpha\n    return z",
    hint="Do you write into a new array, or into the one that you were given?",
)
leaky_relu.mutant(
    "sides_joined",
    old=LEAKY,
    new="np.concatenate([alpha * z[z <= 0], z[z > 0]])",
    hint="In which order do the entries of your result stand, and in which shape?",
)

leaky_relu.alternative(
    "mask_on_a_copy",
    """
    def leaky_relu(z, alpha=0.01):
        rectified = np.array(as_float(z))
        rectified[rectified < 0] *= alpha
        return rectified
    """,
)
leaky_relu.alternative(
    "two_halves",
    """
    def leaky_relu(z, alpha=0.01):
        z = as_float(z)
        return np.maximum(z, 0) + alpha * np.minimum(z, 0)
    """,
)
leaky_relu.alternative(
    "branch_by_sign",
    """
    def leaky_relu(z, alpha=0.01):
        z = as_float(z)
        upper, lower = np.maximum(z, alpha * z), np.minimum(z, alpha * z)
        return upper if alpha <= 1 else lower
    """,
)
leaky_relu.alternative(
    "entry_by_entry",
    """
    def leaky_relu(z, alpha=0.01):
        rectified = np.empty_like(as_float(z))
        for index in np.ndindex(np.shape(z)):
            rectified[index] = z[index] if z[index] >= 0 else float(z[index]) * alpha
        return rectified
    """,
)


leaky_relu_backward = Exercise("activations.leaky_relu_backward")
backward_structure(leaky_relu_backward, "leaky_relu_backward")


@leaky_relu_backward.check(gradients, weight=3, public=True, picture=curve("z", over="dout"))
def a_hundredth_leaks_back(subject, case):
    """What arrives passes where the input was positive; a hundredth of it passes elsewhere."""
    return {"dz": subject.leaky_relu_backward(case.dout, case.z)}


@leaky_relu_backward.check(slope_gradients, weight=2, public=True, picture=curve("z", over="dout"))
def slope_is_the_one_given(subject, case):
    """The argument alpha is the slope of the negative side, also if it is above 1."""
    return {"dz": subject.leaky_relu_backward(case.dout, case.z, alpha=case.alpha)}


@leaky_relu_backward.check(slope_at_zero)
def slope_at_zero_is_alpha(subject, case):
    """At exactly 0 the slope is that of the negative side, by convention."""
    return {"dz": subject.leaky_relu_backward(case.dout, case.z, alpha=case.alpha)}


@leaky_relu_backward.check(more_gradients, weight=2)
def every_shape_has_its_gradient(subject, case):
    """Arrays of any shape have their gradient entry by entry."""
    return {"dz": subject.leaky_relu_backward(case.dout, case.z, alpha=0.2)}


@leaky_relu_backward.check(far_gradients, weight=0.5)
def size_of_the_input_does_not_matter(subject, case):
    """The slope depends on the side of 0 only, not on how far away the input is."""
    return {"dz": subject.leaky_relu_backward(case.dout, case.z)}


backward_contract(leaky_relu_backward, "leaky_relu_backward")

LEAKY_GRADIENT = "np.where(z > 0, dout, alpha * dout)"

leaky_relu_backward.mutant(
    "sides_swapped",
    old="z > 0",
    new="z <= 0",
    hint="Which side of 0 has the slope alpha?",
)
leaky_relu_backward.mutant(
    "slope_one_at_zero",
    old="z > 0",
    new="z >= 0",
    hint="Which of the two slopes does this course take at exactly 0?",
)
leaky_relu_backward.mutant(
    "nothing_leaks_back",
    old="alpha * dout",
    new="0 * dout",
    hint="How steep is the function on its negative side?",
)
leaky_relu_backward.mutant(
    "alpha_ignored",
    old="alpha * dout",
    new="0.01 * dout",
    hint="What does your code do with its third argument?",
)
leaky_relu_backward.mutant(
    "mask_of_upstream",
    old="z > 0",
    new="dout > 0",
    hint="Whose sign decides: that of the gradient, or that of the input?",
)
leaky_relu_backward.mutant(
    "upstream_lost_on_one_side",
    old="alpha * dout",
    new="alpha",
    hint="What is the slope multiplied by, on either side?",
)
leaky_relu_backward.mutant(
    "function_on_the_negative_side",
    old="alpha * dout",
    new="alpha * z * dout",
    hint="Does the slope of a straight line depend on the place?",
)
leaky_relu_backward.mutant(
    "minus",
    old="alpha * dout",
    new="-alpha * dout",
    hint="Does the function rise or fall on its negative side?",
)
leaky_relu_backward.mutant(
    "upstream_ignored",
    old=LEAKY_GRADIENT,
    new="np.where(z > 0, 1.0, alpha).astype(z.dtype)",
    hint="Your result does not depend on its first argument. What does the chain rule say?",
)
leaky_relu_backward.mutant(
    "float64_by_where",
    old=LEAKY_GRADIENT,
    new="dout * np.where(z > 0, 1.0, alpha)",
    hint="Which dtype does numpy give to an array that is made of Python's numbers alone?",
)
leaky_relu_backward.mutant(
    "dout_overwritten",
    old="return " + LEAKY_GRADIENT,
    new="dout[z <= 0] *= alpha\n    return dout",
    hint="Do you write into a new array, or into the one that you were given?",
)
leaky_relu_backward.mutant(
    "one_side_for_all",
    old=LEAKY_GRADIENT,
    new="dout if z > 0 else alpha * dout",
    hint="How often does Python decide in your code: once, or for every entry?",
)

leaky_relu_backward.alternative(
    "mask_on_a_copy",
    """
    def leaky_relu_backward(dout, z, alpha=0.01):
        dz = np.array(dout)
        dz[z <= 0] *= alpha
        return dz
    """,
)
leaky_relu_backward.alternative(
    "two_masks",
    """
    def leaky_relu_backward(dout, z, alpha=0.01):
        return dout * (z > 0) + alpha * dout * (z <= 0)
    """,
)
leaky_relu_backward.alternative(
    "array_of_slopes",
    """
    def leaky_relu_backward(dout, z, alpha=0.01):
        slopes = np.full_like(z, alpha)
        slopes[z > 0] = 1
        return slopes * dout
    """,
)
leaky_relu_backward.alternative(
    "entry_by_entry",
    """
    def leaky_relu_backward(dout, z, alpha=0.01):
        dz = np.empty_like(dout)
        for index in np.ndindex(z.shape):
            dz[index] = dout[index] * (1 if z[index] > 0 else alpha)
        return dz
    """,
)
