"""Activations that saturate on both sides: sigmoid and tanh, each with its gradient."""

import numpy as np
from checks._arrays import (
    arrays,
    far,
    far_gradients,
    gradients,
    more_arrays,
    more_gradients,
    rising,
    zeros,
)
from checks._contract import (
    backward_contract,
    backward_mistakes,
    backward_structure,
    forward_contract,
    forward_mistakes,
    forward_structure,
)

from autograder.declare import Exercise, curve, exact

sigmoid = Exercise("activations.sigmoid")
forward_structure(sigmoid, "sigmoid")


@sigmoid.check(arrays, weight=3, public=True, picture=curve("z"))
def numbers_become_probabilities(subject, case):
    """Every number is squashed to the interval from 0 to 1 by the logistic function."""
    return {"a": subject.sigmoid(case.z)}


@sigmoid.check(zeros, public=True, picture=curve("z"))
def zero_is_the_middle(subject, case):
    """At 0 the output is halfway between 0 and 1."""
    return {"a": subject.sigmoid(case.z)}


@sigmoid.check(more_arrays, weight=2)
def every_shape_is_squashed(subject, case):
    """Arrays of any shape are squashed entry by entry."""
    return {"a": subject.sigmoid(case.z)}


@sigmoid.check(arrays)
def mirrored_numbers_have_the_rest(subject, case):
    """The values at z and at -z add up to 1."""
    return {"sum": subject.sigmoid(case.z.copy()) + subject.sigmoid(-case.z)}


@sigmoid.check(rising, weight=0.5, judge=exact)
def output_rises(subject, case):
    """A larger number has a larger output."""
    return {"rises": bool(np.all(np.diff(subject.sigmoid(case.z)) > 0))}


@sigmoid.check(far, weight=1.5)
def large_numbers_are_safe(subject, case):
    """Numbers of 10000 and -10000 give 1 and 0, and no NaN appears."""
    return {"a": subject.sigmoid(case.z)}


forward_contract(sigmoid, "sigmoid")

SIGMOID = "np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))"

sigmoid.mutant(
    "mirrored",
    old=SIGMOID,
    new="np.exp(np.minimum(-z, 0)) / (1 + np.exp(-np.abs(z)))",
    hint="Should a large z give nearly 1, or nearly 0?",
)
sigmoid.mutant(
    "infinity_over_infinity",
    old=SIGMOID,
    new="np.exp(z) / (1 + np.exp(z))",
    hint="What are numerator and denominator for z = 1000, and what is their quotient?",
)
sigmoid.mutant(
    "minus_below",
    old=SIGMOID,
    new="1 / (1 - np.exp(-z))",
    hint="What is your denominator at 0?",
)
sigmoid.mutant(
    "brackets_lost",
    old=SIGMOID,
    new="1 / 1 + np.exp(-z)",
    hint="What does Python divide first in your expression?",
)
sigmoid.mutant(
    "one_side_only",
    old=SIGMOID,
    new="1 / (1 + np.exp(-np.abs(z)))",
    hint="Can z = 2 and z = -2 have the same value?",
)
sigmoid.mutant(
    "tanh",
    old=SIGMOID,
    new="np.tanh(z)",
    hint="Between which two numbers should the output lie?",
)
sigmoid.mutant(
    "twice_as_steep",
    old=SIGMOID,
    new="0.5 * (1 + np.tanh(z))",
    hint="If you express it by tanh: at which argument must that be taken?",
)
sigmoid.mutant(
    "derivative",
    old=SIGMOID,
    new="np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2",
    hint="Is this the function, or how steep it is?",
)
sigmoid.mutant(
    "exponential_only",
    old=SIGMOID,
    new="np.exp(np.minimum(z, 0))",
    hint="What is divided by what?",
)
sigmoid.mutant(
    "nan_becomes_zero",
    old=SIGMOID,
    new="np.zeros_like(z)\n"
    "    s[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))\n"
    "    s[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))",
    hint="You treat two kinds of entries. To which of them does NaN belong?",
)
sigmoid.mutant(
    "in_place",
    old="s: FloatArray = " + SIGMOID,
    new="z *= -1\n    s = 1 / (1 + np.exp(z))",
    hint="Whose array does an operator like *= change?",
)
forward_mistakes(sigmoid)
sigmoid.mutant(
    "exponential_of_one_number",
    old=SIGMOID,
    new="1 / (1 + math.exp(-z))",
    hint="Which exponential function do you call, and does it take arrays?",
)

sigmoid.alternative(
    "as_printed",
    """
    def sigmoid(z):
        return 1 / (1 + np.exp(-as_float(z)))  # overflows with a warning, to the right value
    """,
)
sigmoid.alternative(
    "by_tanh",
    """
    def sigmoid(z):
        return 0.5 * (1 + np.tanh(0.5 * as_float(z)))
    """,
)
sigmoid.alternative(
    "two_branches",
    """
    def sigmoid(z):
        z = as_float(z)
        positive = z >= 0
        small = np.exp(np.where(positive, -z, z))
        return np.where(positive, 1, small) / (1 + small)
    """,
)
sigmoid.alternative(
    "by_logarithms",
    """
    def sigmoid(z):
        return np.exp(-np.logaddexp(0, -as_float(z)))
    """,
)
sigmoid.alternative(
    "entry_by_entry",
    """
    def sigmoid(z):
        z = as_float(z)
        s = np.empty_like(z)
        for index, entry in np.ndenumerate(z):
            if entry > 0:
                s[index] = 1 / (1 + np.exp(-entry))
            else:
                s[index] = np.exp(entry) / (np.exp(entry) + 1)
        return s
    """,
)


sigmoid_backward = Exercise("activations.sigmoid_backward")
backward_structure(sigmoid_backward, "sigmoid_backward")


@sigmoid_backward.check(gradients, weight=3, public=True, picture=curve("z", over="dout"))
def gradient_is_upstream_times_slope(subject, case):
    """The gradient is what arrives from above times the slope of the sigmoid."""
    return {"dz": subject.sigmoid_backward(case.dout, case.z)}


@sigmoid_backward.check(more_gradients, weight=2)
def every_shape_has_its_gradient(subject, case):
    """Arrays of any shape have their gradient entry by entry."""
    return {"dz": subject.sigmoid_backward(case.dout, case.z)}


@sigmoid_backward.check(far_gradients)
def flat_ends_pass_nothing_on(subject, case):
    """At 10000 and -10000 the sigmoid is flat: nothing is passed on, and no NaN appears."""
    return {"dz": subject.sigmoid_backward(case.dout, case.z)}


backward_contract(sigmoid_backward, "sigmoid_backward")

sigmoid_backward.mutant(
    "input_for_output",
    old="s = sigmoid(z)",
    new="s = z",
    hint="Is the s of s (1 - s) the input of the sigmoid, or its output?",
)
sigmoid_backward.mutant(
    "squashed_twice",
    old="s = sigmoid(z)",
    new="s = sigmoid(sigmoid(z))",
    hint="How often is z squashed in the forward pass, and how often in your gradient?",
)
sigmoid_backward.mutant(
    "mixed_factors",
    old="(1 - s)",
    new="(1 - z)",
    hint="Your two factors: are they made of the same quantity?",
)
sigmoid_backward.mutant(
    "one_factor",
    old=" * (1 - s)",
    new="",
    hint="What is the slope far to the right, where the sigmoid is nearly 1?",
)
sigmoid_backward.mutant(
    "other_factor",
    old="dout * s * (1 - s)",
    new="dout * (1 - s)",
    hint="What is the slope far to the left, where the sigmoid is nearly 0?",
)
sigmoid_backward.mutant(
    "tanh_slope",
    old="s * (1 - s)",
    new="(1 - s**2)",
    hint="For which function is the slope 1 minus the square of the output?",
)
sigmoid_backward.mutant(
    "brackets_lost",
    old="s * (1 - s)",
    new="s * 1 - s",
    hint="What does Python multiply first in your expression?",
)
sigmoid_backward.mutant(
    "upstream_squashed",
    old="dout * s * (1 - s)",
    new="sigmoid(dout) * (1 - sigmoid(dout)) * z",
    hint="Which of the two arguments went through the sigmoid in the forward pass?",
)
sigmoid_backward.mutant(
    "quotient_overflows",
    old="dout * s * (1 - s)",
    new="dout * np.exp(-z) / (1 + np.exp(-z)) ** 2",
    hint="What is your quotient for z = -1000?",
)
backward_mistakes(sigmoid_backward, result="dout * s * (1 - s)", slope="s * (1 - s)")
sigmoid_backward.mutant(
    "jacobian_of_a_vector",
    old="dout * s * (1 - s)",
    new="np.diag(s * (1 - s)) @ dout",
    hint="For a vector np.diag makes a square matrix. What does it make of a table?",
)

sigmoid_backward.alternative(
    "both_sides",
    """
    def sigmoid_backward(dout, z):
        z = as_float(z)
        return dout / (1 + np.exp(-z)) / (1 + np.exp(z))
    """,
)
sigmoid_backward.alternative(
    "hyperbolic",
    """
    def sigmoid_backward(dout, z):
        half = np.tanh(0.5 * as_float(z))
        return 0.25 * as_float(dout) * (1 - half) * (1 + half)
    """,
)
sigmoid_backward.alternative(
    "entry_by_entry",
    """
    def sigmoid_backward(dout, z):
        z = as_float(z)
        dz = np.empty_like(z)
        for index in np.ndindex(z.shape):
            small = np.exp(-abs(z[index]))
            dz[index] = dout[index] * small / (1 + small) ** 2
        return dz
    """,
)
sigmoid_backward.alternative(
    "difference",
    """
    def sigmoid_backward(dout, z):
        s = 1 / (1 + np.exp(-z))
        return np.multiply(dout, s - s**2)
    """,
)


tanh = Exercise("activations.tanh")
forward_structure(tanh, "tanh")


@tanh.check(arrays, weight=3, public=True, picture=curve("z"))
def numbers_are_squashed_around_zero(subject, case):
    """Every number is squashed to the interval from -1 to 1 by the hyperbolic tangent."""
    return {"a": subject.tanh(case.z)}


@tanh.check(more_arrays, weight=2)
def every_shape_is_squashed(subject, case):
    """Arrays of any shape are squashed entry by entry."""
    return {"a": subject.tanh(case.z)}


@tanh.check(zeros, public=True, picture=curve("z"))
def zero_stays_zero(subject, case):
    """At 0 the output is 0, and a number on either side keeps its sign."""
    return {"a": subject.tanh(case.z)}


@tanh.check(rising, weight=0.5, judge=exact)
def output_rises(subject, case):
    """A larger number has no smaller output."""
    return {"rises": bool(np.all(np.diff(subject.tanh(case.z)) >= 0))}


@tanh.check(far, weight=1.5)
def large_numbers_are_safe(subject, case):
    """Numbers of 10000 and -10000 give 1 and -1, and no NaN appears."""
    return {"a": subject.tanh(case.z)}


forward_contract(tanh, "tanh")

TANH = "np.tanh(as_float(z))"

tanh.mutant(
    "infinity_over_infinity",
    old=TANH,
    new="(np.exp(as_float(z)) - np.exp(-as_float(z))) / (np.exp(as_float(z)) + np.exp(-as_float(z)))",
    hint="What are numerator and denominator for z = 1000, and what is their quotient?",
)
tanh.mutant(
    "mirrored",
    old=TANH,
    new="np.tanh(-as_float(z))",
    hint="Should a large z give nearly 1, or nearly -1?",
)
tanh.mutant(
    "sigmoid",
    old=TANH,
    new="0.5 * (1 + np.tanh(0.5 * as_float(z)))",
    hint="Between which two numbers should the output lie?",
)
tanh.mutant(
    "half_as_steep",
    old=TANH,
    new="np.tanh(0.5 * as_float(z))",
    hint="If you express it by the sigmoid: at which argument must that be taken?",
)
tanh.mutant(
    "not_centred",
    old=TANH,
    new="1 + np.tanh(as_float(z))",
    hint="What is your value at 0?",
)
tanh.mutant(
    "denominator_lost",
    old=TANH,
    new="np.sinh(as_float(z))",
    hint="What keeps the output between -1 and 1?",
)
tanh.mutant(
    "tangent",
    old=TANH,
    new="np.tan(as_float(z))",
    hint="Which tangent is meant: that of a circle, or the hyperbolic one?",
)
tanh.mutant(
    "arc_tangent",
    old=TANH,
    new="np.arctan(as_float(z))",
    hint="How far up does your function go for large z?",
)
tanh.mutant(
    "derivative",
    old=TANH,
    new="1 - np.tanh(as_float(z)) ** 2",
    hint="Is this the function, or how steep it is?",
)
tanh.mutant(
    "nan_becomes_a_number",
    old=TANH,
    new="np.nan_to_num(np.tanh(as_float(z)))",
    hint="Who will notice that the numbers before were NaN already?",
)
tanh.mutant(
    "in_place",
    old=TANH,
    new="np.tanh(as_float(z), out=as_float(z))",
    hint="Into whose array is your result written?",
)
forward_mistakes(tanh)
tanh.mutant(
    "list_of_entries",
    old=TANH,
    new="[np.tanh(each) for each in as_float(z)]",
    hint="What is the type of your result, and what would a loop over a single number do?",
)

tanh.alternative(
    "by_sigmoid",
    """
    def tanh(z):
        return 2 / (1 + np.exp(-2 * as_float(z))) - 1
    """,
)
tanh.alternative(
    "decaying_exponential",
    """
    def tanh(z):
        z = as_float(z)
        small = np.exp(-2 * np.abs(z))
        return np.sign(z) * (1 - small) / (1 + small)
    """,
)
tanh.alternative(
    "entry_by_entry",
    """
    def tanh(z):
        squashed = np.array(as_float(z))
        for index, entry in np.ndenumerate(squashed):
            squashed[index] = np.sinh(entry) / np.cosh(entry) if abs(entry) < 20 else np.sign(entry)
        return squashed
    """,
)


tanh_backward = Exercise("activations.tanh_backward")
backward_structure(tanh_backward, "tanh_backward")


@tanh_backward.check(gradients, weight=3, public=True, picture=curve("z", over="dout"))
def gradient_is_upstream_times_slope(subject, case):
    """The gradient is what arrives from above times the slope of the hyperbolic tangent."""
    return {"dz": subject.tanh_backward(case.dout, case.z)}


@tanh_backward.check(more_gradients, weight=2)
def every_shape_has_its_gradient(subject, case):
    """Arrays of any shape have their gradient entry by entry."""
    return {"dz": subject.tanh_backward(case.dout, case.z)}


@tanh_backward.check(far_gradients)
def flat_ends_pass_nothing_on(subject, case):
    """At 10000 and -10000 the function is flat: nothing is passed on, and no NaN appears."""
    return {"dz": subject.tanh_backward(case.dout, case.z)}


backward_contract(tanh_backward, "tanh_backward")

TANH_SLOPE = "1 - np.tanh(z) ** 2"

tanh_backward.mutant(
    "input_squared",
    old=TANH_SLOPE,
    new="1 - z**2",
    hint="Which is squared: the input of tanh, or its output?",
)
tanh_backward.mutant(
    "not_squared",
    old=TANH_SLOPE,
    new="1 - np.tanh(z)",
    hint="Can the slope be almost 2 anywhere?",
)
tanh_backward.mutant(
    "function_itself",
    old=TANH_SLOPE,
    new="np.tanh(z)",
    hint="Is this the derivative, or the function itself?",
)
tanh_backward.mutant(
    "sigmoid_slope",
    old=TANH_SLOPE,
    new="np.tanh(z) * (1 - np.tanh(z))",
    hint="For which function is the slope s (1 - s)?",
)
tanh_backward.mutant(
    "squashed_twice",
    old=TANH_SLOPE,
    new="1 - np.tanh(np.tanh(z)) ** 2",
    hint="How often is z squashed in the forward pass, and how often in your gradient?",
)
tanh_backward.mutant(
    "sign",
    old=TANH_SLOPE,
    new="np.tanh(z) ** 2 - 1",
    hint="Does tanh rise or fall?",
)
tanh_backward.mutant(
    "plus",
    old=TANH_SLOPE,
    new="1 + np.tanh(z) ** 2",
    hint="Where is tanh steepest: near 0, or far from it?",
)
tanh_backward.mutant(
    "upstream_squashed",
    old=TANH_SLOPE,
    new="1 - np.tanh(dout) ** 2",
    hint="Which of the two arguments went through tanh in the forward pass?",
)
tanh_backward.mutant(
    "quotient_overflows",
    old=TANH_SLOPE,
    new="1 - ((np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))) ** 2",
    hint="What is your quotient of exponentials for z = 1000?",
)
backward_mistakes(tanh_backward, result="dout * slope", slope="slope")
tanh_backward.mutant(
    "every_pair",
    old="return dout * slope",
    new="return np.outer(dout, slope)",
    hint="How many outputs depend on one entry of the input, and how many products do you compute?",
)

tanh_backward.alternative(
    "hyperbolic_cosine",
    """
    def tanh_backward(dout, z):
        return dout / np.cosh(z) ** 2
    """,
)
tanh_backward.alternative(
    "two_factors",
    """
    def tanh_backward(dout, z):
        a = np.tanh(z)
        return dout * (1 + a) * (1 - a)
    """,
)
tanh_backward.alternative(
    "by_sigmoid",
    """
    def tanh_backward(dout, z):
        s = 1 / (1 + np.exp(-2 * z))
        return 4 * dout * (s - s * s)
    """,
)
tanh_backward.alternative(
    "entry_by_entry",
    """
    def tanh_backward(dout, z):
        dz = np.array(dout, dtype=np.result_type(dout, z))
        for index in np.ndindex(dz.shape):
            dz[index] -= dout[index] * np.tanh(z[index]) ** 2
        return dz
    """,
)
