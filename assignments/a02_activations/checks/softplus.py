"""A smooth ReLU: softplus, with its gradient."""

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

STABLE_SIGMOID = "np.exp(np.minimum({0}, 0)) / (1 + np.exp(-np.abs({0})))"

softplus = Exercise("activations.softplus")
forward_structure(softplus, "softplus")


@softplus.check(arrays, weight=3, public=True, picture=curve("z"))
def numbers_are_rectified_smoothly(subject, case):
    """The output is the logarithm of 1 plus the exponential of the input."""
    return {"a": subject.softplus(case.z)}


@softplus.check(zeros, weight=0.5, public=True, picture=curve("z"))
def zero_gives_the_logarithm_of_two(subject, case):
    """At 0, where ReLU has its kink, the output is log 2."""
    return {"a": subject.softplus(case.z)}


@softplus.check(more_arrays, weight=2)
def every_shape_is_mapped(subject, case):
    """Arrays of any shape are mapped entry by entry."""
    return {"a": subject.softplus(case.z)}


@softplus.check(rising, weight=0.5, judge=exact)
def output_rises(subject, case):
    """A larger number has a larger output, and no output is negative."""
    a = subject.softplus(case.z)
    return {"rises": bool(np.all(np.diff(a) > 0)), "negative": bool(np.any(a < 0))}


@softplus.check(far, weight=1.5)
def large_numbers_are_safe(subject, case):
    """A number of 10000 gives 10000 and one of -10000 gives 0; nothing overflows."""
    return {"a": subject.softplus(case.z)}


forward_contract(softplus, "softplus")

SOFTPLUS = "np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))"

softplus.mutant(
    "overflows",
    old=SOFTPLUS,
    new="np.log(1 + np.exp(z))",
    hint="What is the exponential of 1000, and what is its logarithm then?",
)
softplus.mutant(
    "one_forgotten",
    old=SOFTPLUS,
    new="np.log(np.exp(z))",
    hint="What is the logarithm of an exponential, if nothing is added to it?",
)
softplus.mutant(
    "one_added_twice",
    old="np.log1p(np",
    new="np.log1p(1 + np",
    hint="What does log1p add before it takes the logarithm?",
)
softplus.mutant(
    "mirrored",
    old=SOFTPLUS,
    new="np.maximum(-z, 0) + np.log1p(np.exp(-np.abs(z)))",
    hint="On which side of 0 does the function tend to 0?",
)
softplus.mutant(
    "sides_alike",
    old="np.maximum(z, 0) + ",
    new="",
    hint="Can z = 2 and z = -2 have the same value?",
)
softplus.mutant(
    "bits",
    old=SOFTPLUS,
    new="np.logaddexp2(0, z)",
    hint="What is the base of the exponential and of the logarithm in the formula?",
)
softplus.mutant(
    "base_of_the_logarithm",
    old="np.log1p(np.exp(-np.abs(z)))",
    new="np.log2(1 + np.exp(-np.abs(z)))",
    hint="What is the base of the logarithm?",
)
softplus.mutant(
    "relu",
    old=" + np.log1p(np.exp(-np.abs(z)))",
    new="",
    hint="Where is the smooth bend?",
)
softplus.mutant(
    "starts_at_zero",
    old=SOFTPLUS,
    new=SOFTPLUS + " - np.log(2)",
    hint="Must the function go through the origin?",
)
softplus.mutant(
    "derivative",
    old=SOFTPLUS,
    new=STABLE_SIGMOID.format("z"),
    hint="Is this the function, or how steep it is?",
)
softplus.mutant(
    "nan_becomes_a_number",
    old=SOFTPLUS,
    new="np.fmax(z, 0) + np.log1p(np.exp(-np.abs(np.where(np.isnan(z), 0, z))))",
    hint="Who will notice that the numbers before were NaN already?",
)
softplus.mutant(
    "in_place",
    old=SOFTPLUS,
    new="np.logaddexp(0, z, out=z)",
    hint="Into whose array is your result written?",
)
forward_mistakes(softplus)
softplus.mutant(
    "log_sum_exp",
    old=SOFTPLUS,
    new="np.log(1 + np.exp(z).sum())",
    hint="Is there a sum over the entries in the formula?",
)

softplus.alternative(
    "logaddexp",
    """
    def softplus(z):
        return np.logaddexp(0, as_float(z))
    """,
)
softplus.alternative(
    "straight_where_it_is",
    """
    def softplus(z):
        z = as_float(z)
        return np.where(z > 40, z, np.log1p(np.exp(np.minimum(z, 40))))
    """,
)
softplus.alternative(
    "by_the_sigmoid",
    """
    def softplus(z):
        z = as_float(z)
        return np.maximum(z, 0) - np.log(0.5 * (1 + np.tanh(0.5 * np.abs(z))))
    """,
)
softplus.alternative(
    "entry_by_entry",
    """
    def softplus(z):
        a = np.array(as_float(z))
        for index, entry in np.ndenumerate(a):
            small = math.log(1 + math.exp(-abs(entry)))
            a[index] = entry + small if entry > 0 or entry != entry else small
        return a
    """,
)


softplus_backward = Exercise("activations.softplus_backward")
backward_structure(softplus_backward, "softplus_backward")


@softplus_backward.check(gradients, weight=3, public=True, picture=curve("z", over="dout"))
def gradient_is_upstream_times_slope(subject, case):
    """The gradient is what arrives from above times the slope of the softplus."""
    return {"dz": subject.softplus_backward(case.dout, case.z)}


@softplus_backward.check(more_gradients, weight=2)
def every_shape_has_its_gradient(subject, case):
    """Arrays of any shape have their gradient entry by entry."""
    return {"dz": subject.softplus_backward(case.dout, case.z)}


@softplus_backward.check(far_gradients)
def large_numbers_are_safe(subject, case):
    """At 10000 everything passes, at -10000 nothing, and no NaN appears."""
    return {"dz": subject.softplus_backward(case.dout, case.z)}


backward_contract(softplus_backward, "softplus_backward")

softplus_backward.mutant(
    "mirrored",
    old="sigmoid(z)",
    new="sigmoid(-z)",
    hint="On which side of 0 is the function steep?",
)
softplus_backward.mutant(
    "function_itself",
    old="sigmoid(z)",
    new="np.logaddexp(0, z)",
    hint="Is this the derivative, or the function itself?",
)
softplus_backward.mutant(
    "differentiated_twice",
    old="sigmoid(z)",
    new="sigmoid(z) * (1 - sigmoid(z))",
    hint="How often did you differentiate?",
)
softplus_backward.mutant(
    "outer_derivative_only",
    old="sigmoid(z)",
    new="sigmoid(z) * np.exp(-np.maximum(z, -700))",
    hint="You differentiated the logarithm. What is the derivative of what stands inside it?",
)
softplus_backward.mutant(
    "step",
    old="sigmoid(z)",
    new="(z > 0)",
    hint="Is the slope of a smooth function a jump?",
)
softplus_backward.mutant(
    "infinity_over_infinity",
    old="sigmoid(z)",
    new="np.exp(z) / (1 + np.exp(z))",
    hint="What are numerator and denominator for z = 1000, and what is their quotient?",
)
softplus_backward.mutant(
    "upstream_squashed",
    old="dout * sigmoid(z)",
    new="sigmoid(dout) * z",
    hint="Which of the two arguments does the slope depend on?",
)
backward_mistakes(softplus_backward, result="dout * sigmoid(z)", slope="sigmoid(z)")
softplus_backward.mutant(
    "one_number",
    old="return dout * sigmoid(z)",
    new="return np.sum(dout * sigmoid(z))",
    hint="The input has six entries. How many entries does the gradient with respect to it have?",
)

softplus_backward.alternative(
    "as_printed",
    """
    def softplus_backward(dout, z):
        return dout / (1 + np.exp(-z))
    """,
)
softplus_backward.alternative(
    "by_tanh",
    """
    def softplus_backward(dout, z):
        return 0.5 * dout * (1 + np.tanh(0.5 * z))
    """,
)
softplus_backward.alternative(
    "exponential_of_a_difference",
    """
    def softplus_backward(dout, z):
        return dout * np.exp(z - np.logaddexp(0, z))
    """,
)
softplus_backward.alternative(
    "entry_by_entry",
    """
    def softplus_backward(dout, z):
        dz = np.array(dout)
        for index, entry in np.ndenumerate(z):
            small = math.exp(-abs(entry))
            dz[index] *= (1 if entry > 0 else small) / (1 + small)
        return dz
    """,
)
