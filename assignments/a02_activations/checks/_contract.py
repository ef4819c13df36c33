"""What every activation and every backward function promises, whatever its formula is."""

from checks._arrays import (
    infinities,
    named,
    nans,
    shaped,
    shaped_gradients,
    single_gradients,
    singles,
    whole,
)

from autograder.declare import exact


def output_has_the_shape_of_the_input(subject, case):
    """The output has the shape of the input, also when that is a single number."""
    return {"a": 0.0 * getattr(subject, case.name)(case.z)}  # times 0: only the shape is left


def gradient_has_the_shape_of_the_input(subject, case):
    """The gradient has the shape of the input, also when that is a single number."""
    return {"dz": 0.0 * getattr(subject, case.name)(case.dout, case.z)}  # only the shape is left


def infinities_have_their_limits(subject, case):
    """At plus and minus infinity the output is the limit that the function tends to."""
    return {"a": getattr(subject, case.name)(case.z)}


def nan_stays_nan(subject, case):
    """NaN in, NaN out: what went wrong before stays visible. The other entries are as usual."""
    return {"a": getattr(subject, case.name)(case.z)}


def integers_become_floats(subject, case):
    """Integers become float64 before anything is computed."""
    activated = getattr(subject, case.name)(case.z)
    return {"a": activated, "dtype": str(activated.dtype)}


def float32_stays(subject, case):
    """float32 in, float32 out."""
    return {"dtype": str(getattr(subject, case.name)(case.z).dtype)}


def float32_gradients_stay(subject, case):
    """With float32 in both arguments the gradient is float32."""
    return {"dtype": str(getattr(subject, case.name)(case.dout, case.z).dtype)}


def argument_stays(subject, case):
    """The argument is left as it was."""
    getattr(subject, case.name)(case.z)
    return {"z": case.z}


def arguments_stay(subject, case):
    """Both arguments are left as they were."""
    getattr(subject, case.name)(case.dout, case.z)
    return {"dout": case.dout, "z": case.z}


def forward_structure(exercise, name):
    """Declare the check of the shape, which comes first."""
    check = exercise.check(named(name, shaped), weight=0.5, public=True)
    check(output_has_the_shape_of_the_input)


def forward_contract(exercise, name):
    """Declare the checks of special values and of the contract, which come last."""
    exercise.check(named(name, infinities), weight=0.5)(infinities_have_their_limits)
    exercise.check(named(name, nans), weight=0.5)(nan_stays_nan)
    value_contract(exercise, name, shaped)


def value_contract(exercise, name, arguments):
    """Declare the checks of the contract; `arguments` is a source of ordinary ones."""
    exercise.check(named(name, whole), weight=0.5)(integers_become_floats)
    exercise.check(named(name, singles), weight=0.5, judge=exact)(float32_stays)
    exercise.check(named(name, arguments), weight=0.5, judge=exact)(argument_stays)


def backward_structure(exercise, name):
    """Declare the check of the shape, which comes first."""
    check = exercise.check(named(name, shaped_gradients), weight=0.5, public=True)
    check(gradient_has_the_shape_of_the_input)


def backward_contract(exercise, name, arguments=shaped_gradients):
    """Declare the checks of the contract, which come last."""
    exercise.check(named(name, single_gradients), weight=0.5, judge=exact)(float32_gradients_stay)
    exercise.check(named(name, arguments), weight=0.5, judge=exact)(arguments_stay)


def forward_mistakes(exercise, *, wraps_around=True):
    """Plant what can be forgotten about dtypes in any function that begins with `as_float`."""
    exercise.mutant(
        "float64_always",
        old="as_float(z)",
        new="np.asarray(z, dtype=float)",
        hint="float32 goes in: which dtype comes out, and where does it change?",
    )
    if wraps_around:
        exercise.mutant(
            "integers_kept",
            old="as_float(z)",
            new="np.asarray(z)",
            hint="In which dtype does numpy compute when the input holds unsigned bytes?",
        )


def backward_mistakes(exercise, *, result, slope):
    """Plant what can go wrong with `dout` in any function that returns `result`, dout times slope."""
    exercise.mutant(
        "upstream_ignored",
        old=f"return {result}",
        new=f"return {slope}",
        hint="Your result does not depend on its first argument. What does the chain rule say?",
    )
    exercise.mutant(
        "matrix_product",
        old=f"return {result}",
        new=f"return np.dot(dout, {slope})",
        hint="Does your product multiply entry by entry? Try it on two vectors of three entries.",
    )
    exercise.mutant(
        "zeros_of_float64",
        old=f"return {result}",
        new=f"dz = np.zeros(z.shape)\n    dz += {result}\n    return dz",
        hint="Which dtype does numpy give to an array of zeros if you do not name one?",
    )
    exercise.mutant(
        "dout_overwritten",
        old=f"return {result}",
        new=f"dout *= {slope}\n    return dout",
        hint="Whose array does an operator like *= change?",
    )
