"""Logarithms of probabilities from logits: log_softmax, with its gradient."""

from checks._contract import backward_contract, forward_mistakes, value_contract
from checks._tables import (
    along_axes,
    along_axes_gradients,
    gaps,
    huge,
    huge_gradients,
    more_table_gradients,
    more_tables,
    one_nan,
    rows_apart,
    rows_apart_gradients,
    shaped_table_gradients,
    shaped_tables,
    shifts,
    table_gradients,
    tables,
)

from autograder.declare import Exercise

log_softmax = Exercise("activations.log_softmax")


@log_softmax.check(shaped_tables, weight=0.5, public=True)
def output_has_the_shape_of_the_input(subject, case):
    """There is one logarithm for each logit."""
    return {"log_p": 0.0 * subject.log_softmax(case.z)}  # times 0: only the shape is left


@log_softmax.check(tables, weight=3, public=True)
def rows_become_logarithms_of_probabilities(subject, case):
    """Each row of logits becomes a row of logarithms of probabilities."""
    return {"log_p": subject.log_softmax(case.z)}


@log_softmax.check(more_tables, weight=2)
def every_shape_has_its_logarithms(subject, case):
    """By default the probabilities run along the last axis, whatever the shape is."""
    return {"log_p": subject.log_softmax(case.z)}


@log_softmax.check(shifts)
def shift_changes_nothing(subject, case):
    """A constant that is added to all logits of a row changes nothing."""
    return {
        "log_p": subject.log_softmax(case.z),
        "shifted": subject.log_softmax(case.z + case.shift),
    }


@log_softmax.check(along_axes, weight=1.5, public=True)
def axis_is_the_one_given(subject, case):
    """The probabilities run along the axis that is given."""
    return {"log_p": subject.log_softmax(case.z, axis=case.axis)}


@log_softmax.check(gaps, weight=2)
def no_probability_rounds_to_zero(subject, case):
    """A logit 1000 below the largest one has a logarithm of about -1000, not of minus infinity."""
    return {"log_p": subject.log_softmax(case.z)}


@log_softmax.check(huge)
def large_logits_are_safe(subject, case):
    """Logits of 10000 and -10000 overflow nowhere, and no NaN appears."""
    return {"log_p": subject.log_softmax(case.z)}


@log_softmax.check(rows_apart)
def rows_do_not_touch_each_other(subject, case):
    """A row keeps its logarithms even where another one lies 1000 above it."""
    return {"log_p": subject.log_softmax(case.z)}


@log_softmax.check(one_nan, weight=0.5)
def nan_stays_in_its_row(subject, case):
    """A NaN among the logits of a row makes NaN of its logarithms, and of no others."""
    return {"log_p": subject.log_softmax(case.z)}


value_contract(log_softmax, "log_softmax", shaped_tables)

SHIFTED = "shifted = z - z.max(axis=axis, keepdims=True)"
LOG_P = "log_p: FloatArray = shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))"

log_softmax.mutant(
    "logarithm_of_the_probability",
    old=LOG_P,
    new="exps = np.exp(shifted)\n    log_p = np.log(exps / exps.sum(axis=axis, keepdims=True))",
    hint="What does the probability of a logit 1000 below the others round to?",
)
log_softmax.mutant(
    "capped",
    old=LOG_P,
    new="exps = np.exp(shifted)\n"
    "    log_p = np.log(exps / exps.sum(axis=axis, keepdims=True) + 1e-12)",
    hint="What is the smallest logarithm that your formula can return?",
)
log_softmax.mutant(
    "no_shift",
    old=SHIFTED,
    new="shifted = z",
    hint="What is the exponential of 10000?",
)
log_softmax.mutant(
    "shift_of_the_whole_table",
    old="z.max(axis=axis, keepdims=True)",
    new="z.max()",
    hint="What is left of a row that lies 1000 below the largest logit of the table?",
)
log_softmax.mutant(
    "shift_in_one_term_only",
    old="shifted - np.log(",
    new="z - np.log(",
    hint="Is the shift in both terms of your difference?",
)
log_softmax.mutant(
    "logarithm_forgotten",
    old="np.log(np.exp(shifted).sum(axis=axis, keepdims=True))",
    new="np.exp(shifted).sum(axis=axis, keepdims=True)",
    hint="What becomes of a denominator when you take the logarithm of a quotient?",
)
log_softmax.mutant(
    "sign",
    old="log_p: FloatArray = shifted",
    new="log_p = -shifted",
    hint="Which class has the largest logarithm: that of the largest logit?",
)
log_softmax.mutant(
    "negative_logarithm",
    old="return log_p",
    new="return -log_p",
    hint="Can the logarithm of a probability be positive?",
)
log_softmax.mutant(
    "sum_of_logarithms",
    old="np.log(np.exp(shifted).sum(axis=axis, keepdims=True))",
    new="shifted.sum(axis=axis, keepdims=True)",
    hint="Is the logarithm of a sum the sum of the logarithms?",
)
log_softmax.mutant(
    "mean_for_sum",
    old="np.exp(shifted).sum",
    new="np.exp(shifted).mean",
    hint="What do the probabilities of a row sum to?",
)
log_softmax.mutant(
    "probabilities",
    old="return log_p",
    new="return np.exp(log_p)",
    hint="Are probabilities asked for, or their logarithms?",
)
log_softmax.mutant(
    "bits",
    old="np.log(np",
    new="np.log2(np",
    hint="What is the base of the logarithm?",
)
log_softmax.mutant(
    "columns",
    old="z = as_float(z)",
    new="z = as_float(z)\n    axis = 0",
    hint="In a batch, do the rows sum to 1, or the columns?",
)
log_softmax.mutant(
    "axis_ignored",
    old="z = as_float(z)",
    new="z = as_float(z)\n    axis = -1",
    hint="What does your code do with its second argument?",
)
log_softmax.mutant(
    "one_sum_for_the_table",
    old="np.exp(shifted).sum(axis=axis, keepdims=True)",
    new="np.exp(shifted).sum()",
    hint="How many distributions are there in a batch of four rows?",
)
log_softmax.mutant(
    "axis_not_kept",
    old=SHIFTED + "\n    " + LOG_P,
    new="shifted = z - z.max(axis=axis)\n"
    "    log_p = shifted - np.log(np.exp(shifted).sum(axis=axis))",
    hint="What is the shape of your sum, and how does numpy line it up with the table?",
)
log_softmax.mutant(
    "in_place",
    old=SHIFTED,
    new="z -= z.max(axis=axis, keepdims=True)\n    shifted = z",
    hint="Whose array does an operator like -= change?",
)
forward_mistakes(log_softmax)

log_softmax.alternative(
    "logaddexp",
    """
    def log_softmax(z, axis=-1):
        z = as_float(z)
        return z - np.logaddexp.reduce(z, axis=axis, keepdims=True)
    """,
)
log_softmax.alternative(
    "largest_put_back",
    """
    def log_softmax(z, axis=-1):
        z = as_float(z)
        largest = np.max(z, axis=axis, keepdims=True)
        total = np.exp(z - largest).sum(axis=axis, keepdims=True)
        return z - (largest + np.log(total))
    """,
)
log_softmax.alternative(
    "pairs",
    """
    def log_softmax(z, axis=-1):
        moved = np.moveaxis(as_float(z), axis, -1)
        lead = moved[..., None, :] - moved[..., :, None]
        return -np.moveaxis(np.logaddexp.reduce(lead, axis=-1), -1, axis)
    """,
)
log_softmax.alternative(
    "row_by_row",
    """
    def log_softmax(z, axis=-1):
        def row_of(row):
            shifted = row - np.max(row)
            return shifted - np.log(np.sum(np.exp(shifted)))
        return np.apply_along_axis(row_of, axis, as_float(z))
    """,
)


log_softmax_backward = Exercise("activations.log_softmax_backward")


@log_softmax_backward.check(shaped_table_gradients, weight=0.5, public=True)
def gradient_has_the_shape_of_the_input(subject, case):
    """The gradient has one entry for each logit."""
    return {"dz": 0.0 * subject.log_softmax_backward(case.dout, case.z)}  # only the shape is left


@log_softmax_backward.check(table_gradients, weight=3, public=True)
def every_logit_moves_every_logarithm(subject, case):
    """The gradient takes into account that each logit moves all logarithms of its row."""
    return {"dz": subject.log_softmax_backward(case.dout, case.z)}


@log_softmax_backward.check(more_table_gradients, weight=2)
def every_shape_has_its_gradient(subject, case):
    """By default the probabilities run along the last axis, whatever the shape is."""
    return {"dz": subject.log_softmax_backward(case.dout, case.z)}


@log_softmax_backward.check(along_axes_gradients, weight=1.5)
def axis_is_the_one_given(subject, case):
    """The probabilities run along the axis that is given."""
    return {"dz": subject.log_softmax_backward(case.dout, case.z, axis=case.axis)}


@log_softmax_backward.check(huge_gradients)
def large_logits_are_safe(subject, case):
    """Logits of 10000 and -10000 have a finite gradient."""
    return {"dz": subject.log_softmax_backward(case.dout, case.z)}


@log_softmax_backward.check(rows_apart_gradients)
def rows_do_not_touch_each_other(subject, case):
    """A row keeps its gradient even where another one lies 1000 above it."""
    return {"dz": subject.log_softmax_backward(case.dout, case.z)}


backward_contract(log_softmax_backward, "log_softmax_backward", shaped_table_gradients)

LOG_SOFTMAX_GRADIENT = "dout - softmax(z, axis) * dout.sum(axis=axis, keepdims=True)"

log_softmax_backward.mutant(
    "upstream_handed_on",
    old=LOG_SOFTMAX_GRADIENT,
    new="dout.copy()",
    hint="The log-sum-exp depends on the logits as well. Where is its derivative?",
)
log_softmax_backward.mutant(
    "sum_forgotten",
    old=LOG_SOFTMAX_GRADIENT,
    new="dout - softmax(z, axis)",
    hint="Do the gradients that arrive sum to 1 in every row?",
)
log_softmax_backward.mutant(
    "own_upstream_only",
    old=" * dout.sum(axis=axis, keepdims=True)",
    new=" * dout",
    hint="If one logit of a row rises, what happens to the logarithms of the others?",
)
log_softmax_backward.mutant(
    "probabilities_forgotten",
    old="softmax(z, axis) * dout.sum",
    new="dout.sum",
    hint="What is the derivative of the log-sum-exp with respect to one of its logits?",
)
log_softmax_backward.mutant(
    "sign",
    old="dout - softmax",
    new="dout + softmax",
    hint="What should the gradient of a row sum to?",
)
log_softmax_backward.mutant(
    "turned_round",
    old=LOG_SOFTMAX_GRADIENT,
    new="softmax(z, axis) * dout.sum(axis=axis, keepdims=True) - dout",
    hint="Does a logarithm rise or fall if its own logit rises?",
)
log_softmax_backward.mutant(
    "softmax_gradient",
    old=LOG_SOFTMAX_GRADIENT,
    new="softmax(z, axis) * (dout - (dout * softmax(z, axis)).sum(axis=axis, keepdims=True))",
    hint="Is what arrives the gradient of the probabilities, or that of their logarithms?",
)
log_softmax_backward.mutant(
    "weighted_twice",
    old="dout.sum(axis",
    new="(dout * softmax(z, axis)).sum(axis",
    hint="Are the gradients of a row added with weights, or without?",
)
log_softmax_backward.mutant(
    "mean_for_sum",
    old="dout.sum(axis",
    new="dout.mean(axis",
    hint="What should the gradient of a row sum to?",
)
log_softmax_backward.mutant(
    "logarithms_for_probabilities",
    old="softmax(z, axis)",
    new="np.log(softmax(z, axis) + 1e-300)",
    hint="What is multiplied by the sum: probabilities, or their logarithms?",
)
log_softmax_backward.mutant(
    "rows_mixed",
    old="dout.sum(axis=axis, keepdims=True)",
    new="dout.sum()",
    hint="Do the rows of a batch have anything to do with each other?",
)
log_softmax_backward.mutant(
    "axis_ignored",
    old="dz: FloatArray",
    new="axis = -1\n    dz: FloatArray",
    hint="What does your code do with its third argument?",
)
log_softmax_backward.mutant(
    "columns",
    old="dz: FloatArray",
    new="axis = 0\n    dz: FloatArray",
    hint="In a batch, do the rows sum to 1, or the columns?",
)
log_softmax_backward.mutant(
    "axis_not_kept",
    old=", keepdims=True",
    new="",
    hint="What is the shape of your sum, and how does numpy line it up with the table?",
)
log_softmax_backward.mutant(
    "overflows",
    old="softmax(z, axis)",
    new="np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)",
    hint="What is the exponential of 10000, and what is it divided by itself?",
)
log_softmax_backward.mutant(
    "zeros_of_float64",
    old="return dz",
    new="return dz + np.zeros(z.shape)",
    hint="Which dtype does numpy give to an array of zeros if you do not name one?",
)
log_softmax_backward.mutant(
    "dout_overwritten",
    old="dz: FloatArray = " + LOG_SOFTMAX_GRADIENT,
    new="dout -= softmax(z, axis) * dout.sum(axis=axis, keepdims=True)\n    dz = dout",
    hint="Whose array does an operator like -= change?",
)

log_softmax_backward.alternative(
    "jacobian_of_each_row",
    """
    def log_softmax_backward(dout, z, axis=-1):
        moved, above = np.moveaxis(z, axis, -1), np.moveaxis(dout, axis, -1)
        dz = np.empty_like(moved)
        for place in np.ndindex(moved.shape[:-1]):
            p = np.exp(moved[place] - moved[place].max())
            p /= p.sum()
            dz[place] = (np.eye(len(p)) - p).T @ above[place]
        return np.moveaxis(dz, -1, axis)
    """,
)
log_softmax_backward.alternative(
    "pairs",
    """
    def log_softmax_backward(dout, z, axis=-1):
        moved, above = np.moveaxis(z, axis, -1), np.moveaxis(dout, axis, -1)
        p = np.exp(moved - np.logaddexp.reduce(moved, axis=-1, keepdims=True))
        from_each = np.einsum("...k,...l->...k", p, above)
        return np.moveaxis(above - from_each, -1, axis)
    """,
)
log_softmax_backward.alternative(
    "through_the_probabilities",
    """
    def log_softmax_backward(dout, z, axis=-1):
        exps = np.exp(z - np.max(z, axis=axis, keepdims=True))
        share = dout.sum(axis=axis, keepdims=True) / exps.sum(axis=axis, keepdims=True)
        return np.subtract(dout, exps * share)
    """,
)
log_softmax_backward.alternative(
    "entry_by_entry",
    """
    def log_softmax_backward(dout, z, axis=-1):
        p, dz = softmax(z, axis=axis), np.array(dout)
        for index in np.ndindex(z.shape):
            row = list(index)
            row[axis] = slice(None)
            dz[index] -= p[index] * sum(dout[tuple(row)])
        return dz
    """,
)
