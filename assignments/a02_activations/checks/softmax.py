"""Probabilities from logits: softmax, with its gradient."""

from checks._contract import backward_contract, forward_mistakes, value_contract
from checks._tables import (
    along_axes,
    along_axes_gradients,
    excluded,
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

softmax = Exercise("activations.softmax")


@softmax.check(shaped_tables, weight=0.5, public=True)
def output_has_the_shape_of_the_input(subject, case):
    """There is one probability for each logit."""
    return {"p": 0.0 * subject.softmax(case.z)}  # times 0: only the shape is left to compare


@softmax.check(tables, weight=3, public=True)
def rows_become_probabilities(subject, case):
    """Each row of logits becomes a row of probabilities."""
    return {"p": subject.softmax(case.z)}


@softmax.check(more_tables, weight=2)
def every_shape_has_its_probabilities(subject, case):
    """By default the probabilities run along the last axis, whatever the shape is."""
    return {"p": subject.softmax(case.z)}


@softmax.check(more_tables)
def rows_sum_to_one(subject, case):
    """The probabilities of each row sum to 1."""
    return {"sums": subject.softmax(case.z).sum(axis=-1)}


@softmax.check(shifts)
def shift_changes_nothing(subject, case):
    """A constant that is added to all logits of a row changes no probability."""
    return {"p": subject.softmax(case.z), "shifted": subject.softmax(case.z + case.shift)}


@softmax.check(along_axes, weight=1.5, public=True)
def axis_is_the_one_given(subject, case):
    """The probabilities sum to 1 along the axis that is given."""
    return {"p": subject.softmax(case.z, axis=case.axis)}


@softmax.check(huge, weight=1.5)
def large_logits_are_safe(subject, case):
    """Logits of 10000 and -10000 give probabilities, and no NaN appears."""
    return {"p": subject.softmax(case.z)}


@softmax.check(rows_apart, weight=1.5)
def rows_do_not_touch_each_other(subject, case):
    """A row keeps its probabilities even where another one lies 1000 above it."""
    return {"p": subject.softmax(case.z)}


@softmax.check(excluded, weight=0.5)
def excluded_classes_get_nothing(subject, case):
    """A logit of minus infinity has the probability 0, and the others share the rest."""
    return {"p": subject.softmax(case.z)}


@softmax.check(one_nan, weight=0.5)
def nan_stays_in_its_row(subject, case):
    """A NaN among the logits of a row makes NaN of its probabilities, and of no others."""
    return {"p": subject.softmax(case.z)}


value_contract(softmax, "softmax", shaped_tables)

EXPS = "exps = np.exp(z - z.max(axis=axis, keepdims=True))"
QUOTIENT = "p: FloatArray = exps / exps.sum(axis=axis, keepdims=True)"

softmax.mutant(
    "no_shift",
    old="z - z.max(axis=axis, keepdims=True)",
    new="z",
    hint="What is the exponential of 10000, divided by itself? If you shift: does the shift follow the data?",
)
softmax.mutant(
    "shift_of_the_whole_table",
    old="z.max(axis=axis, keepdims=True)",
    new="z.max()",
    hint="What is left of a row that lies 1000 below the largest logit of the table?",
)
softmax.mutant(
    "shift_by_the_smallest",
    old="z.max(axis",
    new="z.min(axis",
    hint="Which exponent is the largest one after your shift?",
)
softmax.mutant(
    "guarded_denominator",
    old=EXPS + "\n    " + QUOTIENT,
    new="exps = np.exp(np.minimum(z, 700))\n"
    "    p = exps / (exps.sum(axis=axis, keepdims=True) + 1e-8)",
    hint="Do your probabilities still sum to 1 if every logit of a row is about -20?",
)
softmax.mutant(
    "columns",
    old="z = as_float(z)",
    new="z = as_float(z)\n    axis = 0",
    hint="In a batch, do the rows sum to 1, or the columns?",
)
softmax.mutant(
    "axis_ignored",
    old="z = as_float(z)",
    new="z = as_float(z)\n    axis = -1",
    hint="What does your code do with its second argument?",
)
softmax.mutant(
    "one_sum_for_the_table",
    old="exps.sum(axis=axis, keepdims=True)",
    new="exps.sum()",
    hint="How many distributions are there in a batch of four rows?",
)
softmax.mutant(
    "axis_not_kept",
    old=EXPS + "\n    " + QUOTIENT,
    new="exps = np.exp(z - z.max(axis=axis))\n    p = exps / exps.sum(axis=axis)",
    hint="What is the shape of your sum, and how does numpy line it up with the table?",
)
softmax.mutant(
    "not_normalised",
    old=" / exps.sum(axis=axis, keepdims=True)",
    new="",
    hint="What do the probabilities of a row sum to?",
)
softmax.mutant(
    "mean_for_sum",
    old="exps.sum(axis",
    new="exps.mean(axis",
    hint="What do the probabilities of a row sum to?",
)
softmax.mutant(
    "base_two",
    old="np.exp(z",
    new="np.exp2(z",
    hint="What is the base of the exponential function?",
)
softmax.mutant(
    "sigmoid_of_each",
    old=QUOTIENT,
    new="p = exps / (1 + exps)",
    hint="Does each logit stand for itself, or do the classes compete?",
)
softmax.mutant(
    "no_exponential",
    old=EXPS,
    new="exps = np.abs(z)",
    hint="Which function makes a positive number of any logit, and keeps their order?",
)
softmax.mutant(
    "logarithm",
    old=QUOTIENT,
    new="p = np.log(exps / exps.sum(axis=axis, keepdims=True))",
    hint="Are probabilities asked for, or their logarithms?",
)
softmax.mutant(
    "in_place",
    old=EXPS,
    new="z -= z.max(axis=axis, keepdims=True)\n    exps = np.exp(z)",
    hint="Whose array does an operator like -= change?",
)
forward_mistakes(softmax)

softmax.alternative(
    "entry_by_entry",
    """
    def softmax(z, axis=-1):
        moved = np.moveaxis(as_float(z), axis, -1)
        p = np.empty_like(moved)
        for place in np.ndindex(moved.shape[:-1]):
            row = moved[place]
            powers = [np.exp(entry - np.max(row)) for entry in row]
            p[place] = np.array(powers) / sum(powers)
        return np.moveaxis(p, -1, axis)
    """,
)
softmax.alternative(
    "by_logarithms",
    """
    def softmax(z, axis=-1):
        z = as_float(z)
        return np.exp(z - np.logaddexp.reduce(z, axis=axis, keepdims=True))
    """,
)
softmax.alternative(
    "pairs",
    """
    def softmax(z, axis=-1):
        moved = np.moveaxis(as_float(z), axis, -1)
        with np.errstate(all="ignore"):
            lead = moved[..., None, :] - moved[..., :, None]
            p = 1 / np.exp(lead).sum(axis=-1)
        p = np.where(moved == -np.inf, 0, p)
        lost = np.isnan(moved).any(axis=-1, keepdims=True)
        p[np.broadcast_to(lost, p.shape)] = np.nan
        return np.moveaxis(p, -1, axis)
    """,
)
softmax.alternative(
    "division_by_einsum",
    """
    def softmax(z, axis=-1):
        moved = np.swapaxes(as_float(z), axis, -1)
        powers = np.exp(moved - np.amax(moved, axis=-1)[..., np.newaxis])
        p = np.einsum("...k,...->...k", powers, 1 / np.einsum("...k->...", powers))
        return np.swapaxes(p, axis, -1)
    """,
)


softmax_backward = Exercise("activations.softmax_backward")


@softmax_backward.check(shaped_table_gradients, weight=0.5, public=True)
def gradient_has_the_shape_of_the_input(subject, case):
    """The gradient has one entry for each logit."""
    return {"dz": 0.0 * subject.softmax_backward(case.dout, case.z)}  # only the shape is left


@softmax_backward.check(table_gradients, weight=3, public=True)
def every_logit_moves_every_probability(subject, case):
    """The gradient takes into account that each logit moves all probabilities of its row."""
    return {"dz": subject.softmax_backward(case.dout, case.z)}


@softmax_backward.check(more_table_gradients, weight=2)
def every_shape_has_its_gradient(subject, case):
    """By default the probabilities run along the last axis, whatever the shape is."""
    return {"dz": subject.softmax_backward(case.dout, case.z)}


@softmax_backward.check(along_axes_gradients, weight=1.5)
def axis_is_the_one_given(subject, case):
    """The probabilities run along the axis that is given."""
    return {"dz": subject.softmax_backward(case.dout, case.z, axis=case.axis)}


@softmax_backward.check(huge_gradients)
def large_logits_are_safe(subject, case):
    """Logits of 10000 and -10000 have a finite gradient."""
    return {"dz": subject.softmax_backward(case.dout, case.z)}


@softmax_backward.check(rows_apart_gradients)
def rows_do_not_touch_each_other(subject, case):
    """A row keeps its gradient even where another one lies 1000 above it."""
    return {"dz": subject.softmax_backward(case.dout, case.z)}


backward_contract(softmax_backward, "softmax_backward", shaped_table_gradients)

SOFTMAX_GRADIENT = "p * (dout - (dout * p).sum(axis=axis, keepdims=True))"

softmax_backward.mutant(
    "diagonal_only",
    old=SOFTMAX_GRADIENT,
    new="dout * p * (1 - p)",
    hint="If one logit of a row rises, what happens to the probabilities of the others?",
)
softmax_backward.mutant(
    "upstream_handed_on",
    old=SOFTMAX_GRADIENT,
    new="dout.copy()",
    hint="What did the softmax do to the logits, and where is that in your gradient?",
)
softmax_backward.mutant(
    "fused_loss",
    old=SOFTMAX_GRADIENT,
    new="p - dout",
    hint="Is this the gradient of the softmax, or that of a loss with a softmax inside?",
)
softmax_backward.mutant(
    "rows_mixed",
    old="(dout * p).sum(axis=axis, keepdims=True)",
    new="(dout * p).sum()",
    hint="Do the rows of a batch have anything to do with each other?",
)
softmax_backward.mutant(
    "cross_terms_only",
    old=SOFTMAX_GRADIENT,
    new="-p * (dout * p).sum(axis=axis, keepdims=True)",
    hint="By how much does a probability rise if its own logit does?",
)
softmax_backward.mutant(
    "own_term_only",
    old=SOFTMAX_GRADIENT,
    new="p * dout",
    hint="What should the gradient of a row sum to?",
)
softmax_backward.mutant(
    "not_weighted",
    old="(dout * p).sum",
    new="dout.sum",
    hint="With which weights are the gradients of a row averaged?",
)
softmax_backward.mutant(
    "plain_mean",
    old="(dout * p).sum",
    new="dout.mean",
    hint="With which weights are the gradients of a row averaged?",
)
softmax_backward.mutant(
    "outer_factor_forgotten",
    old=SOFTMAX_GRADIENT,
    new="dout - (dout * p).sum(axis=axis, keepdims=True)",
    hint="If the probability of a class is almost 0, how much can its logit still change?",
)
softmax_backward.mutant(
    "log_softmax_gradient",
    old=SOFTMAX_GRADIENT,
    new="dout - p * dout.sum(axis=axis, keepdims=True)",
    hint="Is what arrives the gradient of the probabilities, or that of their logarithms?",
)
softmax_backward.mutant(
    "sign",
    old=SOFTMAX_GRADIENT,
    new="p * ((dout * p).sum(axis=axis, keepdims=True) - dout)",
    hint="Does a probability rise or fall if its own logit rises?",
)
softmax_backward.mutant(
    "logits_for_probabilities",
    old="p = softmax(z, axis)",
    new="p = z",
    hint="Are the p of the formula the input of the softmax, or its output?",
)
softmax_backward.mutant(
    "softmax_twice",
    old="softmax(z, axis)",
    new="softmax(softmax(z, axis), axis)",
    hint="How often do the logits go through the softmax?",
)
softmax_backward.mutant(
    "axis_ignored",
    old="p = softmax(z, axis)",
    new="axis = -1\n    p = softmax(z, axis)",
    hint="What does your code do with its third argument?",
)
softmax_backward.mutant(
    "columns",
    old="p = softmax(z, axis)",
    new="axis = 0\n    p = softmax(z, axis)",
    hint="In a batch, do the rows sum to 1, or the columns?",
)
softmax_backward.mutant(
    "axis_not_kept",
    old=", keepdims=True",
    new="",
    hint="What is the shape of your sum, and how does numpy line it up with the table?",
)
softmax_backward.mutant(
    "overflows",
    old="p = softmax(z, axis)",
    new="p = np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)",
    hint="What is the exponential of 10000, and what is it divided by itself?",
)
softmax_backward.mutant(
    "zeros_of_float64",
    old="return dz",
    new="return dz + np.zeros(z.shape)",
    hint="Which dtype does numpy give to an array of zeros if you do not name one?",
)
softmax_backward.mutant(
    "dout_overwritten",
    old="dz: FloatArray = " + SOFTMAX_GRADIENT,
    new="dout -= (dout * p).sum(axis=axis, keepdims=True)\n    dz = p * dout",
    hint="Whose array does an operator like -= change?",
)

softmax_backward.alternative(
    "jacobian_of_each_row",
    """
    def softmax_backward(dout, z, axis=-1):
        moved, above = np.moveaxis(z, axis, -1), np.moveaxis(dout, axis, -1)
        dz = np.empty_like(moved)
        for place in np.ndindex(moved.shape[:-1]):
            p = np.exp(moved[place] - moved[place].max())
            p /= p.sum()
            dz[place] = (np.diag(p) - np.outer(p, p)) @ above[place]
        return np.moveaxis(dz, -1, axis)
    """,
)
softmax_backward.alternative(
    "pairs",
    """
    def softmax_backward(dout, z, axis=-1):
        moved, above = np.moveaxis(z, axis, -1), np.moveaxis(dout, axis, -1)
        p = np.exp(moved - np.max(moved, axis=-1, keepdims=True))
        p = p / np.sum(p, axis=-1, keepdims=True)
        lead = above[..., :, None] - above[..., None, :]
        return np.moveaxis(np.einsum("...k,...l,...kl->...k", p, p, lead), -1, axis)
    """,
)
softmax_backward.alternative(
    "two_terms",
    """
    def softmax_backward(dout, z, axis=-1):
        p = np.exp(z - np.logaddexp.reduce(z, axis=axis, keepdims=True))
        weighted = p * dout
        return weighted - p * np.expand_dims(weighted.sum(axis=axis), axis)
    """,
)
softmax_backward.alternative(
    "entry_by_entry",
    """
    def softmax_backward(dout, z, axis=-1):
        p, dz = softmax(z, axis=axis), np.empty_like(dout)
        for index in np.ndindex(z.shape):
            row = list(index)
            row[axis] = slice(None)
            average = np.dot(dout[tuple(row)], p[tuple(row)])
            dz[index] = p[index] * (dout[index] - average)
        return dz
    """,
)
