"""Activations that bend to a floor on the left: elu and selu, each with its gradient."""

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

ALPHAS = {(5,): 0.5, (3, 2): 2.5, (2, 4): 1.6}


def depths(rng):
    """Depths that are not the default."""
    for shape, alpha in ALPHAS.items():
        yield Case(z=spread(rng, shape), alpha=alpha)


def depth_gradients(rng):
    """The same, with gradients."""
    for case in depths(rng):
        yield with_upstream(rng, case.z, alpha=case.alpha)


def slope_at_zero(rng):
    """Exact zeros of both signs, with a depth that is not the default."""
    for case in zero_gradients(rng):
        yield Case(dout=case.dout, z=case.z, alpha=2.5)


elu = Exercise("activations.elu")
forward_structure(elu, "elu")


@elu.check(arrays, weight=3, public=True, picture=curve("z"))
def negatives_bend_to_a_floor(subject, case):
    """Positive numbers stay as they are, negative ones bend down to a floor at -1."""
    return {"a": subject.elu(case.z)}


@elu.check(depths, weight=2, public=True, picture=curve("z"))
def floor_is_the_one_given(subject, case):
    """The argument alpha says how deep the floor lies."""
    return {"a": subject.elu(case.z, alpha=case.alpha)}


@elu.check(more_arrays, weight=2)
def every_shape_is_mapped(subject, case):
    """Arrays of any shape are mapped entry by entry."""
    return {"a": subject.elu(case.z, alpha=0.7)}


@elu.check(zeros)
def both_sides_meet_at_zero(subject, case):
    """At 0 the output is 0: the two sides meet there."""
    return {"a": subject.elu(case.z)}


@elu.check(far, weight=1.5)
def large_numbers_are_safe(subject, case):
    """A number of 10000 stays as it is, one of -10000 lies on the floor, and no NaN appears."""
    return {"a": subject.elu(case.z)}


forward_contract(elu, "elu")

ELU = "np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))"
ELU_BEND = "alpha * np.expm1(np.minimum(z, 0))"

elu.mutant(
    "one_not_subtracted",
    old="expm1",
    new="exp",
    hint="What is your value at exactly 0, and what just right of it?",
)
elu.mutant(
    "alpha_inside",
    old=ELU_BEND,
    new="alpha * np.exp(np.minimum(z, 0)) - 1",
    hint="Does alpha multiply both terms of the bracket?",
)
elu.mutant(
    "alpha_ignored",
    old="alpha * ",
    new="",
    hint="What does your code do with its second argument?",
)
elu.mutant(
    "alpha_on_both_sides",
    old=ELU,
    new="alpha * np.where(z > 0, z, np.expm1(np.minimum(z, 0)))",
    hint="Which of the two branches does alpha belong to?",
)
elu.mutant(
    "alpha_in_the_exponent",
    old=ELU_BEND,
    new="np.expm1(alpha * np.minimum(z, 0))",
    hint="Does alpha say how deep the floor lies, or how soon it is reached?",
)
elu.mutant(
    "floor_is_a_ceiling",
    old=ELU_BEND,
    new="-alpha * np.expm1(np.minimum(z, 0))",
    hint="Is the output of a negative number negative, or positive?",
)
elu.mutant(
    "sides_swapped",
    old="z > 0",
    new="z <= 0",
    hint="Which side of 0 passes unchanged?",
)
elu.mutant(
    "nothing_below_zero",
    old=ELU,
    new="np.maximum(z, 0)",
    hint="What is left of a negative number?",
)
elu.mutant(
    "straight",
    old=ELU_BEND,
    new="alpha * z",
    hint="Is the negative side straight here, or does it bend?",
)
elu.mutant(
    "infinity_times_zero",
    old=ELU,
    new="(z > 0) * z + (z <= 0) * (alpha * (np.exp(z) - 1))",
    hint="Both branches are computed for every entry. What is the exponential of 10000, times 0?",
)
elu.mutant(
    "nan_becomes_zero",
    old="return " + ELU,
    new="a = np.zeros_like(z)\n"
    "    a[z > 0] = z[z > 0]\n"
    "    a[z < 0] = alpha * np.expm1(z[z < 0])\n"
    "    return a",
    hint="You treat two kinds of entries. To which of them does NaN belong?",
)
elu.mutant(
    "in_place",
    old="return " + ELU,
    new="z[z < 0] = alpha * np.expm1(z[z < 0])\n    return z",
    hint="Do you write into a new array, or into the one that you were given?",
)
forward_mistakes(elu)
elu.mutant(
    "one_side_for_all",
    old=ELU,
    new="z if z > 0 else alpha * np.expm1(z)",
    hint="How often does Python decide in your code: once, or for every entry?",
)

elu.alternative(
    "as_printed",
    """
    def elu(z, alpha=1.0):
        z = as_float(z)
        return np.where(z > 0, z, alpha * (np.exp(z) - 1))  # overflows where it is not used
    """,
)
elu.alternative(
    "two_halves",
    """
    def elu(z, alpha=1.0):
        z = as_float(z)
        return np.maximum(z, 0) + alpha * (np.exp(np.minimum(z, 0)) - 1)
    """,
)
elu.alternative(
    "mask_on_a_copy",
    """
    def elu(z, alpha=1.0):
        a = np.array(as_float(z))
        negative = a < 0
        a[negative] = alpha * np.exp(a[negative]) - alpha
        return a
    """,
)
elu.alternative(
    "entry_by_entry",
    """
    def elu(z, alpha=1.0):
        a = np.empty_like(as_float(z))
        for index in np.ndindex(np.shape(z)):
            entry = float(z[index])
            a[index] = alpha * math.expm1(entry) if entry < 0 else entry
        return a
    """,
)


elu_backward = Exercise("activations.elu_backward")
backward_structure(elu_backward, "elu_backward")


@elu_backward.check(gradients, weight=3, public=True, picture=curve("z", over="dout"))
def gradient_is_upstream_times_slope(subject, case):
    """The gradient is what arrives from above times the slope of the function."""
    return {"dz": subject.elu_backward(case.dout, case.z)}


@elu_backward.check(depth_gradients, weight=2, public=True, picture=curve("z", over="dout"))
def depth_is_the_one_given(subject, case):
    """The argument alpha is that of the forward function."""
    return {"dz": subject.elu_backward(case.dout, case.z, alpha=case.alpha)}


@elu_backward.check(slope_at_zero)
def slope_at_zero_is_that_of_the_left(subject, case):
    """At exactly 0 the slope is that of the negative side, by convention."""
    return {"dz": subject.elu_backward(case.dout, case.z, alpha=case.alpha)}


@elu_backward.check(more_gradients, weight=2)
def every_shape_has_its_gradient(subject, case):
    """Arrays of any shape have their gradient entry by entry."""
    return {"dz": subject.elu_backward(case.dout, case.z, alpha=0.7)}


@elu_backward.check(far_gradients)
def large_numbers_are_safe(subject, case):
    """At 10000 everything passes, at -10000 nothing, and no NaN appears."""
    return {"dz": subject.elu_backward(case.dout, case.z)}


backward_contract(elu_backward, "elu_backward")

ELU_SLOPE = "np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0)))"
ELU_BEND_SLOPE = "alpha * np.exp(np.minimum(z, 0))"

elu_backward.mutant(
    "function_itself",
    old="np.exp(np",
    new="np.expm1(np",
    hint="On the negative side: is this the derivative, or the function itself?",
)
elu_backward.mutant(
    "alpha_ignored",
    old="alpha * ",
    new="",
    hint="What does your code do with its third argument?",
)
elu_backward.mutant(
    "alpha_on_both_sides",
    old=ELU_SLOPE,
    new="(alpha * np.where(z > 0, 1, np.exp(np.minimum(z, 0))))",
    hint="Which of the two branches does alpha belong to?",
)
elu_backward.mutant(
    "nothing_below_zero",
    old=ELU_SLOPE,
    new="(z > 0)",
    hint="Is the function flat as soon as the input is negative?",
)
elu_backward.mutant(
    "straight",
    old=ELU_BEND_SLOPE,
    new="alpha",
    hint="Is the negative side straight, with one slope everywhere?",
)
elu_backward.mutant(
    "minus",
    old=ELU_BEND_SLOPE,
    new="-alpha * np.exp(np.minimum(z, 0))",
    hint="Does the function rise or fall on its negative side?",
)
elu_backward.mutant(
    "slope_one_at_zero",
    old="z > 0",
    new="z >= 0",
    hint="Which of the two slopes does this course take at exactly 0?",
)
elu_backward.mutant(
    "mask_of_upstream",
    old="z > 0",
    new="dout > 0",
    hint="Whose sign decides: that of the gradient, or that of the input?",
)
elu_backward.mutant(
    "infinity_times_zero",
    old=ELU_SLOPE,
    new="((z > 0) + (z <= 0) * (alpha * np.exp(z)))",
    hint="Both branches are computed for every entry. What is the exponential of 10000, times 0?",
)
elu_backward.mutant(
    "upstream_ignored",
    old="dout * " + ELU_SLOPE,
    new="np.where(z > 0, 1, alpha * np.exp(np.minimum(z, 0))).astype(z.dtype)",
    hint="Your result does not depend on its first argument. What does the chain rule say?",
)
elu_backward.mutant(
    "zeros_of_float64",
    old="return dout * " + ELU_SLOPE,
    new="dz = np.zeros(z.shape)\n    dz += dout * " + ELU_SLOPE + "\n    return dz",
    hint="Which dtype does numpy give to an array of zeros if you do not name one?",
)
elu_backward.mutant(
    "dout_overwritten",
    old="return dout * " + ELU_SLOPE,
    new="dout *= " + ELU_SLOPE + "\n    return dout",
    hint="Whose array does an operator like *= change?",
)
elu_backward.mutant(
    "slopes_of_a_vector",
    old="return dout * " + ELU_SLOPE,
    new="slopes = np.ones(len(z))\n"
    "    slopes[z <= 0] = alpha * np.exp(z[z <= 0])\n"
    "    return dout * slopes",
    hint="How many axes does your array of slopes have, and how many does the input have?",
)

elu_backward.alternative(
    "by_the_output",
    """
    def elu_backward(dout, z, alpha=1.0):
        a = np.where(z > 0, z, alpha * np.expm1(z))
        return np.where(z > 0, dout, dout * (a + alpha))
    """,
)
elu_backward.alternative(
    "mask_on_a_copy",
    """
    def elu_backward(dout, z, alpha=1.0):
        dz = np.array(dout)
        negative = z <= 0
        dz[negative] *= alpha * np.exp(z[negative])
        return dz
    """,
)
elu_backward.alternative(
    "exponential_of_a_minimum",
    """
    def elu_backward(dout, z, alpha=1.0):
        factor = np.where(z > 0, np.ones_like(z), np.full_like(z, alpha))
        return factor * np.exp(np.minimum(z, 0)) * dout
    """,
)
elu_backward.alternative(
    "entry_by_entry",
    """
    def elu_backward(dout, z, alpha=1.0):
        dz = np.array(dout)
        for index, entry in np.ndenumerate(z):
            if entry <= 0:
                dz[index] = dout[index] * alpha * math.exp(entry)
        return dz
    """,
)


selu = Exercise("activations.selu")
forward_structure(selu, "selu")


@selu.check(arrays, weight=3, public=True, picture=curve("z"))
def both_sides_are_scaled(subject, case):
    """Positive numbers are stretched a little, negative ones bend down to a floor at -1.758."""
    return {"a": subject.selu(case.z)}


@selu.check(more_arrays, weight=2)
def every_shape_is_mapped(subject, case):
    """Arrays of any shape are mapped entry by entry."""
    return {"a": subject.selu(case.z)}


@selu.check(zeros, weight=0.5)
def both_sides_meet_at_zero(subject, case):
    """At 0 the output is 0: the two sides meet there."""
    return {"a": subject.selu(case.z)}


@selu.check(far)
def large_numbers_are_safe(subject, case):
    """Numbers of 10000 and -10000 are mapped like all others, and no NaN appears."""
    return {"a": subject.selu(case.z)}


forward_contract(selu, "selu")

SELU = "SELU_SCALE * elu(z, SELU_ALPHA)"

selu.mutant(
    "constants_swapped",
    old=SELU,
    new="SELU_ALPHA * elu(z, SELU_SCALE)",
    hint="Which of the two constants belongs to both sides, and which to the floor alone?",
)
selu.mutant(
    "scale_forgotten",
    old="SELU_SCALE * ",
    new="",
    hint="What does the S of the name stand for?",
)
selu.mutant(
    "alpha_forgotten",
    old="elu(z, SELU_ALPHA)",
    new="elu(z)",
    hint="How deep does the floor lie before it is scaled?",
)
selu.mutant(
    "alpha_not_scaled",
    old=SELU,
    new="np.maximum(SELU_SCALE * z, elu(z, SELU_ALPHA))",
    hint="Which of the two sides does the scale belong to?",
)
selu.mutant(
    "positive_side_not_scaled",
    old=SELU,
    new="elu(z, SELU_SCALE * SELU_ALPHA)",
    hint="How steep is the function on its positive side?",
)
selu.mutant(
    "input_scaled",
    old=SELU,
    new="elu(SELU_SCALE * np.asarray(z), SELU_ALPHA)",
    hint="Is the input scaled, or the output?",
)
selu.mutant(
    "rounded_constants",
    old=SELU,
    new="1.05 * elu(z, 1.67)",
    hint="How many digits of the two constants do you use?",
)
selu.mutant(
    "divided_by_the_scale",
    old="SELU_SCALE * elu(z, SELU_ALPHA)",
    new="elu(z, SELU_ALPHA) / SELU_SCALE",
    hint="Does the scale make the output larger, or smaller?",
)
selu.mutant(
    "numpy_scalar",
    old=SELU,
    new="np.float64(SELU_SCALE) * elu(z, SELU_ALPHA)",
    hint="Which dtype comes out when a float32 array meets a numpy scalar of float64?",
)
selu.mutant(
    "in_place",
    old="return " + SELU,
    new="z = as_float(z)\n    z *= SELU_SCALE\n    return elu(z / SELU_SCALE, SELU_ALPHA) * SELU_SCALE",
    hint="Whose array does an operator like *= change?",
)
selu.mutant(
    "flat",
    old=SELU,
    new="SELU_SCALE * np.array([elu(each, SELU_ALPHA) for each in np.ravel(z)])",
    hint="A table goes in. What is the shape of what comes out?",
)

selu.alternative(
    "spelled_out",
    """
    def selu(z):
        z = as_float(z)
        bend = SELU_ALPHA * (np.exp(np.minimum(z, 0)) - 1)
        return SELU_SCALE * np.where(z > 0, z, bend)
    """,
)
selu.alternative(
    "two_halves",
    """
    def selu(z):
        z = as_float(z)
        floor = SELU_SCALE * SELU_ALPHA
        return SELU_SCALE * np.maximum(z, 0) + floor * np.expm1(np.minimum(z, 0))
    """,
)
selu.alternative(
    "mask_on_a_copy",
    """
    def selu(z):
        a = np.array(as_float(z))
        negative = a < 0
        a[negative] = SELU_ALPHA * np.expm1(a[negative])
        a *= SELU_SCALE
        return a
    """,
)
selu.alternative(
    "entry_by_entry",
    """
    def selu(z):
        a = np.array(as_float(z))
        for index, entry in np.ndenumerate(a):
            a[index] = SELU_SCALE * (entry if entry >= 0 else SELU_ALPHA * math.expm1(entry))
        return a
    """,
)


selu_backward = Exercise("activations.selu_backward")
backward_structure(selu_backward, "selu_backward")


@selu_backward.check(gradients, weight=3, public=True, picture=curve("z", over="dout"))
def gradient_is_upstream_times_slope(subject, case):
    """The gradient is what arrives from above times the slope of the function."""
    return {"dz": subject.selu_backward(case.dout, case.z)}


@selu_backward.check(zero_gradients)
def slope_at_zero_is_that_of_the_left(subject, case):
    """At exactly 0 the slope is that of the negative side, by convention."""
    return {"dz": subject.selu_backward(case.dout, case.z)}


@selu_backward.check(more_gradients, weight=2)
def every_shape_has_its_gradient(subject, case):
    """Arrays of any shape have their gradient entry by entry."""
    return {"dz": subject.selu_backward(case.dout, case.z)}


@selu_backward.check(far_gradients)
def large_numbers_are_safe(subject, case):
    """At 10000 the gradient is stretched a little, at -10000 nothing passes, and no NaN appears."""
    return {"dz": subject.selu_backward(case.dout, case.z)}


backward_contract(selu_backward, "selu_backward")

SELU_GRADIENT = "SELU_SCALE * elu_backward(dout, z, SELU_ALPHA)"

selu_backward.mutant(
    "constants_swapped",
    old=SELU_GRADIENT,
    new="SELU_ALPHA * elu_backward(dout, z, SELU_SCALE)",
    hint="Which of the two constants belongs to both sides, and which to the floor alone?",
)
selu_backward.mutant(
    "scale_forgotten",
    old="SELU_SCALE * ",
    new="",
    hint="By how much does the output change if what is inside the scale changes by 1?",
)
selu_backward.mutant(
    "alpha_forgotten",
    old="z, SELU_ALPHA)",
    new="z)",
    hint="How deep does the floor lie, and how steep is the way down?",
)
selu_backward.mutant(
    "positive_side_not_scaled",
    old=SELU_GRADIENT,
    new="elu_backward(dout, z, SELU_SCALE * SELU_ALPHA)",
    hint="How steep is the function on its positive side?",
)
selu_backward.mutant(
    "negative_side_not_scaled",
    old=SELU_GRADIENT,
    new="np.where(z > 0, SELU_SCALE * dout, elu_backward(dout, z, SELU_ALPHA))",
    hint="Which of the two sides does the scale belong to?",
)
selu_backward.mutant(
    "function_for_slope",
    old=SELU_GRADIENT,
    new="dout * SELU_SCALE * elu(z, SELU_ALPHA)",
    hint="Do you multiply by the output, or by the slope?",
)
selu_backward.mutant(
    "function_of_upstream",
    old=SELU_GRADIENT,
    new="SELU_SCALE * elu(dout, SELU_ALPHA)",
    hint="Whose sign decides: that of the gradient, or that of the input?",
)
selu_backward.mutant(
    "nothing_below_zero",
    old=SELU_GRADIENT,
    new="SELU_SCALE * dout * (z > 0)",
    hint="Is the function flat as soon as the input is negative?",
)
selu_backward.mutant(
    "upstream_ignored",
    old="elu_backward(dout, z, SELU_ALPHA)",
    new="elu_backward(np.ones_like(z), z, SELU_ALPHA)",
    hint="Your result does not depend on its first argument. What does the chain rule say?",
)
selu_backward.mutant(
    "numpy_scalar",
    old="SELU_SCALE * elu",
    new="np.float64(SELU_SCALE) * elu",
    hint="Which dtype comes out when a float32 array meets a numpy scalar of float64?",
)
selu_backward.mutant(
    "dout_overwritten",
    old="return " + SELU_GRADIENT,
    new="dout *= SELU_SCALE\n    return elu_backward(dout, z, SELU_ALPHA)",
    hint="Whose array does an operator like *= change?",
)
selu_backward.mutant(
    "averaged_over_the_batch",
    old=SELU_GRADIENT,
    new="np.mean(SELU_SCALE * elu_backward(dout, z, SELU_ALPHA), axis=0)",
    hint="Do the examples of a batch share their inputs, as they share the weights of a layer?",
)

selu_backward.alternative(
    "spelled_out",
    """
    def selu_backward(dout, z):
        bend = SELU_ALPHA * np.exp(np.minimum(z, 0))
        return SELU_SCALE * dout * np.where(z > 0, 1, bend)
    """,
)
selu_backward.alternative(
    "by_the_output",
    """
    def selu_backward(dout, z):
        a = SELU_SCALE * SELU_ALPHA * np.expm1(np.minimum(z, 0))
        return np.where(z > 0, SELU_SCALE * dout, (a + SELU_SCALE * SELU_ALPHA) * dout)
    """,
)
selu_backward.alternative(
    "mask_on_a_copy",
    """
    def selu_backward(dout, z):
        dz = np.array(SELU_SCALE * dout)
        negative = z <= 0
        dz[negative] *= SELU_ALPHA * np.exp(z[negative])
        return dz
    """,
)
selu_backward.alternative(
    "entry_by_entry",
    """
    def selu_backward(dout, z):
        dz = np.array(dout)
        for index, entry in np.ndenumerate(z):
            slope = 1.0 if entry > 0 else SELU_ALPHA * math.exp(entry)
            dz[index] = dout[index] * SELU_SCALE * slope
        return dz
    """,
)
