"""Numbers that pass a gate of their own: silu and gelu, each with its gradient."""

from checks._arrays import (
    arrays,
    far,
    far_gradients,
    gradients,
    more_arrays,
    more_gradients,
    zero_gradients,
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

from autograder.declare import Exercise, curve

STABLE_SIGMOID = "np.exp(np.minimum({0}, 0)) / (1 + np.exp(-np.abs({0})))"

silu = Exercise("activations.silu")
forward_structure(silu, "silu")


@silu.check(arrays, weight=3, public=True, picture=curve("z"))
def numbers_pass_a_sigmoid_gate(subject, case):
    """Every number is multiplied by its own sigmoid."""
    return {"a": subject.silu(case.z)}


@silu.check(zeros, weight=0.5, public=True, picture=curve("z"))
def zero_stays_zero(subject, case):
    """At 0 the output is 0."""
    return {"a": subject.silu(case.z)}


@silu.check(more_arrays, weight=2)
def every_shape_is_mapped(subject, case):
    """Arrays of any shape are mapped entry by entry."""
    return {"a": subject.silu(case.z)}


@silu.check(far, weight=1.5)
def large_numbers_are_safe(subject, case):
    """A number of 10000 passes, one of -10000 gives 0, and no NaN appears."""
    return {"a": subject.silu(case.z)}


forward_contract(silu, "silu")

SILU = "z * sigmoid(z)"

silu.mutant(
    "infinity_times_zero",
    old="np.maximum(as_float(z), -1e4)",
    new="as_float(z)",
    hint="What is minus infinity times 0 in floating point, and to which limit does z σ(z) tend?",
)
silu.mutant(
    "gate_only",
    old=SILU,
    new="sigmoid(z)",
    hint="What does the gate let through?",
)
silu.mutant(
    "gate_mirrored",
    old=SILU,
    new="z * sigmoid(-z)",
    hint="For which numbers is the gate open: large ones, or very negative ones?",
)
silu.mutant(
    "gate_of_tanh",
    old=SILU,
    new="z * np.tanh(z)",
    hint="Between which two numbers does a gate lie?",
)
silu.mutant(
    "gate_added",
    old=SILU,
    new="z + sigmoid(z)",
    hint="Is the number shifted by the gate, or multiplied?",
)
silu.mutant(
    "gelu_approximation",
    old=SILU,
    new="z * sigmoid(1.702 * z)",
    hint="Which function is approximated by a steeper gate like yours?",
)
silu.mutant(
    "infinity_over_infinity",
    old=SILU,
    new="z * np.exp(z) / (1 + np.exp(z))",
    hint="What are numerator and denominator for z = 1000, and what is their quotient?",
)
silu.mutant(
    "derivative_of_the_gate",
    old=SILU,
    new="z * sigmoid(z) * (1 - sigmoid(z))",
    hint="Is the number multiplied by the sigmoid, or by its slope?",
)
silu.mutant(
    "rectified",
    old=SILU,
    new="np.maximum(z, 0) * sigmoid(z)",
    hint="What becomes of small negative numbers?",
)
silu.mutant(
    "in_place",
    old="z = np.maximum(as_float(z), -1e4)",
    new="z = as_float(z)\n    gate = sigmoid(z)\n    z[z == -np.inf] = 0\n    z *= gate\n    return z",
    hint="Whose array does an operator like *= change?",
)
forward_mistakes(silu, wraps_around=False)  # a maximum with -1e4 is floating
silu.mutant(
    "product_of_vectors",
    old=SILU,
    new="np.dot(z, sigmoid(z))",
    hint="What does your product make of two vectors of three entries?",
)

silu.alternative(
    "limit_put_in",
    """
    def silu(z):
        z = as_float(z)
        a = z / (1 + np.exp(-z))
        return np.where(z == -np.inf, 0, a)
    """,
)
silu.alternative(
    "by_tanh",
    """
    def silu(z):
        half = 0.5 * np.clip(as_float(z), -2e4, None)
        return half * (1 + np.tanh(half))
    """,
)
silu.alternative(
    "two_branches",
    """
    def silu(z):
        z = as_float(z)
        small = np.exp(-np.abs(z))
        left = np.where(np.isneginf(z), 0, z) * small
        return np.where(z < 0, left, z) / (1 + small)
    """,
)
silu.alternative(
    "entry_by_entry",
    """
    def silu(z):
        a = np.array(as_float(z))
        for index, entry in np.ndenumerate(a):
            if entry < -500:
                a[index] = 0
            else:
                a[index] = entry / (1 + math.exp(-entry))
        return a
    """,
)


silu_backward = Exercise("activations.silu_backward")
backward_structure(silu_backward, "silu_backward")


@silu_backward.check(gradients, weight=3, public=True, picture=curve("z", over="dout"))
def gradient_is_upstream_times_slope(subject, case):
    """The gradient is what arrives from above times the slope of the function."""
    return {"dz": subject.silu_backward(case.dout, case.z)}


@silu_backward.check(zero_gradients, weight=0.5)
def half_passes_at_zero(subject, case):
    """At 0 half of what arrives is passed on."""
    return {"dz": subject.silu_backward(case.dout, case.z)}


@silu_backward.check(more_gradients, weight=2)
def every_shape_has_its_gradient(subject, case):
    """Arrays of any shape have their gradient entry by entry."""
    return {"dz": subject.silu_backward(case.dout, case.z)}


@silu_backward.check(far_gradients)
def large_numbers_are_safe(subject, case):
    """At 10000 everything passes, at -10000 nothing, and no NaN appears."""
    return {"dz": subject.silu_backward(case.dout, case.z)}


backward_contract(silu_backward, "silu_backward")

SILU_SLOPE = "s + z * s * (1 - s)"

silu_backward.mutant(
    "gate_only",
    old=SILU_SLOPE,
    new="s",
    hint="The gate depends on z as well. Which term of the product rule is missing?",
)
silu_backward.mutant(
    "slope_of_the_gate_only",
    old=SILU_SLOPE,
    new="z * s * (1 - s)",
    hint="Which of the two terms of the product rule is missing?",
)
silu_backward.mutant(
    "product_of_the_slopes",
    old=SILU_SLOPE,
    new="s * (1 - s)",
    hint="Is the derivative of a product the product of the derivatives?",
)
silu_backward.mutant(
    "input_forgotten",
    old=SILU_SLOPE,
    new="s + s * (1 - s)",
    hint="In the product rule, what is the slope of the gate multiplied by?",
)
silu_backward.mutant(
    "gate_not_differentiated",
    old=SILU_SLOPE,
    new="s + z * s",
    hint="What is the slope of the sigmoid?",
)
silu_backward.mutant(
    "minus",
    old=SILU_SLOPE,
    new="s - z * s * (1 - s)",
    hint="Which sign stands between the two terms of the product rule?",
)
silu_backward.mutant(
    "input_for_output",
    old=SILU_SLOPE,
    new="s + z * s * (1 - z)",
    hint="What are the two factors in the slope of the sigmoid made of?",
)
silu_backward.mutant(
    "swish_for_sigmoid",
    old="s = sigmoid(z)",
    new="s = z * sigmoid(z)",
    hint="Which function is the s of the formula: the gate, or its product with z?",
)
silu_backward.mutant(
    "infinity_over_infinity",
    old="s = sigmoid(z)",
    new="s = np.exp(z) / (1 + np.exp(z))",
    hint="What are numerator and denominator for z = 1000, and what is their quotient?",
)
backward_mistakes(
    silu_backward, result="dout * (s + z * s * (1 - s))", slope="(s + z * s * (1 - s))"
)

silu_backward.alternative(
    "factored",
    """
    def silu_backward(dout, z):
        s = 1 / (1 + np.exp(-z))
        return dout * s * (1 + z * (1 - s))
    """,
)
silu_backward.alternative(
    "by_tanh",
    """
    def silu_backward(dout, z):
        half = np.tanh(0.5 * z)
        return 0.25 * dout * (1 + half) * (2 + z * (1 - half))
    """,
)
silu_backward.alternative(
    "by_the_output",
    """
    def silu_backward(dout, z):
        s = 0.5 + 0.5 * np.tanh(z / 2)
        a = z * s
        return dout * (a + s * (1 - a))
    """,
)
silu_backward.alternative(
    "entry_by_entry",
    """
    def silu_backward(dout, z):
        dz = np.array(dout)
        for index, entry in np.ndenumerate(z):
            small = math.exp(-abs(entry))
            s = (1 if entry > 0 else small) / (1 + small)
            dz[index] *= s + entry * small / (1 + small) ** 2
        return dz
    """,
)


gelu = Exercise("activations.gelu")
forward_structure(gelu, "gelu")


@gelu.check(arrays, weight=3, public=True, picture=curve("z"))
def numbers_pass_a_gaussian_gate(subject, case):
    """Every number is multiplied by the probability that a standard normal one is smaller."""
    return {"a": subject.gelu(case.z)}


@gelu.check(zeros, weight=0.5, public=True, picture=curve("z"))
def zero_stays_zero(subject, case):
    """At 0 the output is 0."""
    return {"a": subject.gelu(case.z)}


@gelu.check(more_arrays, weight=2)
def every_shape_is_mapped(subject, case):
    """Arrays of any shape are mapped entry by entry."""
    return {"a": subject.gelu(case.z)}


@gelu.check(far)
def large_numbers_are_safe(subject, case):
    """A number of 10000 passes, one of -10000 gives 0, and no NaN appears."""
    return {"a": subject.gelu(case.z)}


forward_contract(gelu, "gelu")

GELU = "0.5 * z * (1 + erf(z / math.sqrt(2)))"

gelu.mutant(
    "infinity_times_zero",
    old="np.maximum(as_float(z), -1e4)",
    new="as_float(z)",
    hint="What is minus infinity times 0 in floating point, and to which limit does z Φ(z) tend?",
)
gelu.mutant(
    "tanh_approximation",
    old=GELU,
    new="0.5 * z * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))",
    hint="Is your formula exact, or the approximation that some libraries use for speed?",
)
gelu.mutant(
    "sigmoid_approximation",
    old=GELU,
    new="z * sigmoid(1.702 * z)",
    hint="Is your gate the normal distribution, or a sigmoid that resembles it?",
)
gelu.mutant(
    "silu",
    old=GELU,
    new="z * sigmoid(z)",
    hint="Which gate does the G of the name stand for?",
)
gelu.mutant(
    "root_forgotten",
    old="erf(z / math.sqrt(2))",
    new="erf(z)",
    hint="At which argument must the error function be taken to give the normal distribution?",
)
gelu.mutant(
    "root_on_the_wrong_side",
    old="z / math.sqrt(2)",
    new="z * math.sqrt(2)",
    hint="Is the argument of the error function larger than z, or smaller?",
)
gelu.mutant(
    "half_forgotten",
    old="0.5 * z",
    new="z",
    hint="How much of a large number should pass?",
)
gelu.mutant(
    "one_forgotten",
    old="(1 + erf(z / math.sqrt(2)))",
    new="erf(z / math.sqrt(2))",
    hint="Between which two numbers does the error function lie, and between which a probability?",
)
gelu.mutant(
    "gate_only",
    old="0.5 * z",
    new="0.5",
    hint="What does the gate let through?",
)
gelu.mutant(
    "density_for_probability",
    old=GELU,
    new="z * np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)",
    hint="Is the gate the density of the normal distribution, or the probability up to z?",
)
gelu.mutant(
    "upper_tail",
    old="1 + erf",
    new="1 - erf",
    hint="Is the probability that of being smaller than z, or larger?",
)
forward_mistakes(gelu, wraps_around=False)
gelu.mutant(
    "error_function_of_one_number",
    old=GELU,
    new="0.5 * z * (1 + math.erf(z / math.sqrt(2)))",
    hint="Which error function do you call, and does it take arrays?",
)
gelu.mutant(
    "in_place",
    old="z = np.maximum(as_float(z), -1e4)",
    new="z = as_float(z)\n"
    "    gate = 0.5 * (1 + erf(z / math.sqrt(2)))\n"
    "    z[z == -np.inf] = 0\n"
    "    z *= gate\n"
    "    return z",
    hint="Whose array does an operator like *= change?",
)

gelu.alternative(
    "complementary",
    """
    def gelu(z):
        z = as_float(z)
        tail = np.reshape([math.erfc(-each / 2**0.5) for each in z.flat], z.shape).astype(z.dtype)
        finite = np.where(z == -np.inf, 0, z)
        return finite * tail / 2
    """,
)
gelu.alternative(
    "entry_by_entry",
    """
    def gelu(z):
        a = np.array(as_float(z))
        for index, entry in np.ndenumerate(a):
            if entry == float("-inf"):
                a[index] = 0.0
            else:
                a[index] = entry * (0.5 + 0.5 * math.erf(entry / math.sqrt(2.0)))
        return a
    """,
)
gelu.alternative(
    "by_the_statistics_module",
    """
    def gelu(z):
        from statistics import NormalDist
        z = as_float(z)
        gate = np.vectorize(NormalDist().cdf, otypes=[z.dtype])(z)
        return np.where(np.isneginf(z), 0, z) * gate
    """,
)
gelu.alternative(
    "relu_minus_tail",
    """
    def gelu(z):
        z = as_float(z)
        size = np.minimum(np.abs(z), 1e3)
        tail = np.vectorize(math.erfc, otypes=[z.dtype])(size / math.sqrt(2)) / 2
        return np.maximum(z, 0) - size * tail
    """,
)


gelu_backward = Exercise("activations.gelu_backward")
backward_structure(gelu_backward, "gelu_backward")


@gelu_backward.check(gradients, weight=3, public=True, picture=curve("z", over="dout"))
def gradient_is_upstream_times_slope(subject, case):
    """The gradient is what arrives from above times the slope of the function."""
    return {"dz": subject.gelu_backward(case.dout, case.z)}


@gelu_backward.check(zero_gradients, weight=0.5)
def half_passes_at_zero(subject, case):
    """At 0 half of what arrives is passed on."""
    return {"dz": subject.gelu_backward(case.dout, case.z)}


@gelu_backward.check(more_gradients, weight=2)
def every_shape_has_its_gradient(subject, case):
    """Arrays of any shape have their gradient entry by entry."""
    return {"dz": subject.gelu_backward(case.dout, case.z)}


@gelu_backward.check(far_gradients)
def large_numbers_are_safe(subject, case):
    """At 10000 everything passes, at -10000 nothing, and no NaN appears."""
    return {"dz": subject.gelu_backward(case.dout, case.z)}


backward_contract(gelu_backward, "gelu_backward")

GELU_SLOPE = "probability + z * density"

gelu_backward.mutant(
    "gate_only",
    old=GELU_SLOPE,
    new="probability",
    hint="The gate depends on z as well. Which term of the product rule is missing?",
)
gelu_backward.mutant(
    "slope_of_the_gate_only",
    old=GELU_SLOPE,
    new="z * density",
    hint="Which of the two terms of the product rule is missing?",
)
gelu_backward.mutant(
    "product_of_the_slopes",
    old=GELU_SLOPE,
    new="density",
    hint="Is the derivative of a product the product of the derivatives?",
)
gelu_backward.mutant(
    "input_forgotten",
    old="z * density",
    new="density",
    hint="In the product rule, what is the slope of the gate multiplied by?",
)
gelu_backward.mutant(
    "minus",
    old=GELU_SLOPE,
    new="probability - z * density",
    hint="Which sign stands between the two terms of the product rule?",
)
gelu_backward.mutant(
    "density_not_normalised",
    old=" / math.sqrt(2 * math.pi)",
    new="",
    hint="What is the area under your density?",
)
gelu_backward.mutant(
    "half_forgotten_in_the_exponent",
    old="-0.5 * z**2",
    new="-(z**2)",
    hint="What is the variance of the bell curve that you wrote?",
)
gelu_backward.mutant(
    "brackets_of_the_root",
    old="math.sqrt(2 * math.pi)",
    new="math.sqrt(2) * math.pi",
    hint="How far does the root in the density reach?",
)
gelu_backward.mutant(
    "root_forgotten",
    old="erf(z / math.sqrt(2))",
    new="erf(z)",
    hint="At which argument must the error function be taken to give the normal distribution?",
)
gelu_backward.mutant(
    "sigmoid_approximation",
    old="slope: FloatArray = probability + z * density",
    new="s = sigmoid(1.702 * z)\n    slope = s + 1.702 * z * s * (1 - s)",
    hint="Is your gate the normal distribution, or a sigmoid that resembles it?",
)
backward_mistakes(gelu_backward, result="dout * slope", slope="slope")
gelu_backward.mutant(
    "flat_gate",
    old="erf(z / math.sqrt(2))",
    new="np.array([math.erf(each / math.sqrt(2)) for each in z.ravel()])",
    hint="What is the shape of your probabilities, and with what are they multiplied?",
)

gelu_backward.alternative(
    "complementary",
    """
    def gelu_backward(dout, z):
        gate = np.vectorize(math.erfc, otypes=[z.dtype])(-z / 2**0.5) / 2
        bell = np.exp(-z * z / 2) / (2 * math.pi) ** 0.5
        return dout * gate + dout * z * bell
    """,
)
gelu_backward.alternative(
    "by_the_statistics_module",
    """
    def gelu_backward(dout, z):
        from statistics import NormalDist
        normal, dz = NormalDist(), np.array(dout)
        for index, entry in np.ndenumerate(z):
            dz[index] *= normal.cdf(entry) + entry * normal.pdf(entry)
        return dz
    """,
)
gelu_backward.alternative(
    "entry_by_entry",
    """
    def gelu_backward(dout, z):
        dz = np.empty_like(z)
        for index in np.ndindex(z.shape):
            x = float(z[index])
            bell = math.exp(-(x**2) / 2) * 0.3989422804014327
            dz[index] = dout[index] * (0.5 + 0.5 * math.erf(x * 0.5**0.5) + x * bell)
        return dz
    """,
)
