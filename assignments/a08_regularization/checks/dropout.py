"""Inverted dropout, forward and backward."""

import numpy as np
from checks._masks import (
    all_dropped,
    any_p,
    batches,
    factors,
    generator,
    inputs,
    neighbours_differ,
    nothing_dropped,
    other_shapes,
    separate,
    typed,
    wide,
)

from autograder.declare import Case, Exercise, exact, raises, statistical

drop = Exercise("regularization.dropout")


@drop.check(batches, public=True, judge=exact)
def mask_of_zeros_and_ones(subject, case):
    """Output and mask have the shape of the input, and the mask holds zeros and ones."""
    output, mask = subject.dropout(inputs(case), case.p, generator(case), training=True)
    return {"shapes": [output.shape, mask.shape], "values": np.unique(mask).astype(float)}


@drop.check(batches, weight=3, public=True)
def kept_elements_are_scaled(subject, case):
    """What is dropped is 0, and what is kept is scaled so that the mean stays what it was."""
    x = inputs(case)
    output, mask = subject.dropout(x.copy(), case.p, generator(case), training=True)
    return factors(x, output, mask != 0)


@drop.check(any_p, weight=2, public=True)
def identity_at_test_time(subject, case):
    """At test time the output is the input, and the mask is all ones."""
    output, mask = subject.dropout(inputs(case), case.p, generator(case), training=False)
    return {"output": output, "mask": np.asarray(mask).astype(float)}


@drop.check(wide, weight=3, judge=statistical)
def dropped_with_probability_p(subject, case):
    """An element is dropped with probability p, and kept otherwise."""
    _output, mask = subject.dropout(inputs(case), case.p, generator(case), training=True)
    return {"kept": (mask != 0).astype(float)}


@drop.check(separate, weight=2, judge=exact)
def each_element_is_drawn_by_itself(subject, case):
    """Elements are dropped one by one: not whole rows, columns or channels, and no fixed number."""
    rng, x = generator(case), inputs(case)
    masks = [subject.dropout(x.copy(), case.p, rng, training=True)[1] != 0 for _ in range(9)]
    return {
        "neighbours_differ": neighbours_differ(masks[0]),
        "numbers_differ": len({int(mask.sum()) for mask in masks}) > 1,
    }


@drop.check(other_shapes, weight=1.5)
def any_shape(subject, case):
    """Vectors, stacks of tables and batches of images are dropped element by element too."""
    x = inputs(case)
    output, mask = subject.dropout(x.copy(), case.p, generator(case), training=True)
    return factors(x, output, mask != 0)


@drop.check(batches, judge=exact)
def mask_comes_from_the_generator(subject, case):
    """Generators in the same state give the same mask; another, or a later call, gives another."""
    x, rng = inputs(case), generator(case)
    first, later, again, other = (
        subject.dropout(x.copy(), case.p, each, training=True)[1]
        for each in (rng, rng, generator(case), generator(case, 1))
    )
    return {
        "same_again": np.array_equal(first, again),
        "later_call_differs": not np.array_equal(first, later),
        "other_seed_differs": not np.array_equal(first, other),
    }


@drop.check(nothing_dropped)
def probability_zero_keeps_everything(subject, case):
    """With a probability of 0 everything is kept, as it is."""
    output, mask = subject.dropout(inputs(case), case.p, generator(case), training=True)
    return {"output": output, "mask": np.asarray(mask).astype(float)}


@drop.check(all_dropped, weight=0.5)
def probability_one_keeps_nothing(subject, case):
    """With a probability of 1 nothing is kept: output and mask are zeros, and no NaN appears."""
    output, mask = subject.dropout(inputs(case), case.p, generator(case), training=True)
    return {"output": output, "mask": np.asarray(mask).astype(float)}


@drop.check(any_p, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The input is left as it was, in training and at test time."""
    x = inputs(case)
    for training in (True, False):
        subject.dropout(x, case.p, generator(case), training)
    return {"x": x}


@drop.check(typed, weight=0.5, judge=exact)
def dtypes(subject, case):
    """Output and mask of a float32 input are float32, those of integers float64."""
    output, mask = subject.dropout(case.x.copy(), case.p, generator(case), training=True)
    return {"output": str(output.dtype), "mask": str(mask.dtype)}


DRAW = "(rng.random(x.shape) >= p).astype(x.dtype)"
SCALE = "1 / (1 - p) if p < 1 else 0.0"
RESULT = "return scale * mask * x, mask"

drop.mutant(
    "no_scale",
    old=RESULT,
    new="return mask * x, mask",
    hint="What is the mean of your output when the input is all ones? What should it be?",
)
drop.mutant(
    "scaled_by_p",
    old=SCALE,
    new="1 / p if p > 0 else 1.0",
    hint="Which share of the input is left after dropping, and which did you divide by?",
)
drop.mutant(
    "scaled_twice",
    old=RESULT,
    new="return scale * (scale * mask) * x, mask",
    hint="How often is the output scaled on its way through your function?",
)
drop.mutant(
    "p_is_the_share_kept",
    old=f"mask = {DRAW}\n    scale = {SCALE}",
    new="mask = (rng.random(x.shape) < p).astype(x.dtype)\n    scale = 1 / p if p > 0 else 0.0",
    hint="Is p the probability of being kept, or of being dropped?",
)
drop.mutant(
    "mask_inverted",
    old=">= p",
    new="< p",
    hint="With p = 0.1, how many zeros does your mask have among a thousand elements?",
)
drop.mutant(
    "mask_inverted_unscaled",
    old=f"mask = {DRAW}\n    scale = {SCALE}",
    new="mask = (rng.random(x.shape) < p).astype(x.dtype)\n    scale = 1.0",
    hint="Count the zeros of your mask: how many should there be? And what is the mean of the output?",
)
drop.mutant(
    "mask_of_the_dropped",
    old=RESULT,
    new="return scale * mask * x, 1 - mask",
    hint="Does a 1 in the mask that you return stand for an element that is kept?",
)
drop.mutant(
    "half",
    old=f"mask = {DRAW}\n    scale = {SCALE}",
    new="mask = (rng.random(x.shape) >= 0.5).astype(x.dtype)\n    scale = 2.0",
    hint="What changes in your output when p changes?",
)
drop.mutant(
    "half_drawn",
    old=">= p",
    new=">= 0.5",
    hint="Where does p enter when the mask is drawn?",
)
drop.mutant(
    "classic_at_test_time",
    old="return x, np",
    new="return (1 - p) * x, np",
    hint="In which of the two modes does this kind of dropout have its factor?",
)
drop.mutant(
    "active_at_test_time",
    old="if not training:",
    new="if False:",
    hint="Is the answer of a trained network up to chance?",
)
drop.mutant(
    "modes_swapped",
    old="if not training:",
    new="if training:",
    hint="In which of the two modes does your function drop something?",
)
drop.mutant(
    "mask_of_zeros_at_test_time",
    old="np.ones_like(x)",
    new="np.zeros_like(x)",
    hint="How many elements are kept at test time, and what does the mask say?",
)
drop.mutant(
    "normal_numbers",
    old="rng.random(x.shape)",
    new="rng.standard_normal(x.shape)",
    hint="Which distribution has its values below p with probability p?",
)
drop.mutant(
    "one_mask_for_the_batch",
    old=DRAW,
    new="np.broadcast_to(rng.random(x.shape[1:]) >= p, x.shape).astype(x.dtype)",
    hint="Are the same features dropped in every example of your batch?",
)
drop.mutant(
    "whole_examples",
    old=DRAW,
    new="np.broadcast_to((rng.random(len(x)) >= p)[(...,) + (None,) * (x.ndim - 1)], x.shape).astype(x.dtype)",
    hint="What does your function drop: elements, or whole examples?",
)
drop.mutant(
    "one_draw",
    old="(rng.random(x.shape) >= p).astype(x.dtype)",
    new="np.full(x.shape, rng.random() >= p).astype(x.dtype)",
    hint="How many random numbers do you draw for an input of a hundred elements?",
)
drop.mutant(
    "fixed_number",
    old="rng.random(x.shape) >= p",
    new="rng.permutation(x.size).reshape(x.shape) >= p * x.size",
    hint="Does it depend on the other elements whether one is dropped?",
)
drop.mutant(
    "same_mask_every_time",
    old="rng.random",
    new="np.random.default_rng(0).random",
    hint="What does a generator that is made anew in every call draw?",
)
drop.mutant(
    "global_generator",
    old="rng.random",
    new="np.random.random",
    hint="Which generator do you draw from: numpy's own, or the one that was handed to you?",
)
drop.mutant(
    "scaled_mask",
    old=RESULT,
    new="return scale * mask * x, scale * mask",
    hint="Which numbers does the mask that you return hold?",
)
drop.mutant(
    "mask_of_booleans",
    old=RESULT,
    new="return scale * mask * x, mask == 1",
    hint="Which dtype does your mask have?",
)
drop.mutant(
    "no_mask",
    old=RESULT,
    new="return scale * mask * x",
    hint="Two things come back. How would the backward pass know what was dropped?",
)
drop.mutant(
    "zero_over_zero",
    old=RESULT,
    new="return mask * x / (1 - p), mask",
    hint="What do you divide by when p is 1?",
)
drop.mutant(
    "divides_by_zero",
    old=SCALE,
    new="1 / (1 - p)",
    hint="Which number stands below the fraction bar when p is 1?",
)
drop.mutant(
    "in_place",
    old=RESULT,
    new="x *= scale * mask\n    return x, mask",
    hint="Whose array does *= change?",
)
drop.mutant(
    "always_float64",
    old="x = as_float(x)",
    new="x = np.asarray(x, float)",
    hint="float32 goes in: which dtype comes out, and where does it change?",
)

drop.alternative(
    "choice",
    """
    def dropout(x, p, rng, training):
        if not training:
            return as_float(x).copy(), np.ones(x.shape, as_float(x).dtype)
        kept = rng.choice([0.0, 1.0], size=x.shape, p=[p, 1 - p]).astype(as_float(x).dtype)
        if p == 1:
            return np.zeros_like(kept), kept
        return x * kept / (1 - p), kept
    """,
)
drop.alternative(
    "binomial",
    """
    def dropout(x, p, rng, training):
        x = as_float(x)
        keep = 1.0 - p if training else 1.0
        mask = rng.binomial(1, keep, x.shape).astype(x.dtype)
        return np.where(mask == 1, x / (keep or 1.0), 0).astype(x.dtype), mask
    """,
)
drop.alternative(
    "row_by_row",
    """
    def dropout(x, p, rng, training):
        output = np.array(as_float(x))
        mask = np.ones_like(output)
        if training:
            for row in range(len(x)):
                mask[row] = rng.uniform(size=np.shape(x[row])) >= p
            output[mask == 0] = 0
            if p < 1:
                output /= 1 - p
        return output, mask
    """,
)
drop.alternative(
    "scaled_survivors",
    """
    def dropout(x, p, rng, training):
        mask = np.ones(x.shape, dtype=as_float(x).dtype)
        output = mask * x
        if training:
            dropped = rng.random(size=x.shape) < p
            mask[dropped] = 0
            output[dropped] = 0
            output[~dropped] *= 1 / (1 - p) if p != 1 else 0
        return output, mask
    """,
)


def passes(rng):
    """Gradients from above with masks: tables that are not square, and one that is."""
    for shape, p in [((3, 4), 0.3), ((5, 2), 0.8), ((3, 3), 0.15)]:
        yield gradients(rng, shape, p)


def gradients(rng, shape, p):
    """Draw a gradient and a mask in which some elements are kept and some are not."""
    mask = np.ones(shape)
    mask.flat[rng.permutation(mask.size)[: max(1, mask.size // 3)]] = 0.0
    return Case(dout=rng.standard_normal(shape), mask=mask, p=p)


def other_passes(rng):
    """A vector, a batch of images, a single row and a single column."""
    for shape, p in [((7,), 0.6), ((2, 3, 2, 4), 0.2), ((1, 5), 0.3), ((5, 1), 0.7)]:
        yield gradients(rng, shape, p)


def even_passes(rng):
    """A probability of zero, and a mask of ones."""
    yield Case(dout=rng.standard_normal((3, 4)), mask=np.ones((3, 4)), p=0.0)


def empty_passes(rng):
    """A probability of one, and a mask of zeros."""
    yield Case(dout=rng.standard_normal((3, 4)), mask=np.zeros((3, 4)), p=1.0)


def misfits(rng):
    """Gradients and masks of different shapes, most of which numpy would stretch."""
    for left, right in [((3, 4), (4,)), ((3, 4), (1, 4)), ((1, 4), (3, 4)), ((3, 4), (4, 3))]:
        yield Case(dout=rng.standard_normal(left), mask=np.ones(right), p=0.3)


def typed_passes(rng):
    """Everything in float32; then gradients of integers."""
    case = gradients(rng, (3, 4), 0.3)
    for dtype in (np.float32, np.int64):
        yield Case(dout=(5 * case.dout).astype(dtype), mask=case.mask.astype(np.float32), p=0.3)


back = Exercise("regularization.dropout_backward")


@back.check(passes, weight=3, public=True)
def gradient_of_the_forward_pass(subject, case):
    """The gradient is that of what the forward pass did with the same mask."""
    return {"dx": subject.dropout_backward(**case)}


@back.check(other_passes, weight=1.5)
def any_shape(subject, case):
    """Vectors and batches of images have a gradient of their own shape."""
    return {"dx": subject.dropout_backward(**case)}


@back.check(even_passes)
def probability_zero_lets_everything_through(subject, case):
    """Where nothing was dropped the gradient passes as it is."""
    return {"dx": subject.dropout_backward(**case)}


@back.check(empty_passes, weight=0.5)
def probability_one_lets_nothing_through(subject, case):
    """With a probability of 1 the gradient is 0, and no NaN appears."""
    return {"dx": subject.dropout_backward(**case)}


@back.check(misfits, weight=0.5, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """A mask of another shape raises ValueError, also where numpy would broadcast it."""
    return {"dx": subject.dropout_backward(**case)}


@back.check(passes, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Gradient and mask are left as they were."""
    subject.dropout_backward(**case)
    return {"dout": case.dout, "mask": case.mask}


@back.check(typed_passes, weight=0.5, judge=exact)
def dtypes(subject, case):
    """A float32 gradient stays float32, one of integers becomes float64."""
    dx = subject.dropout_backward(case.dout.copy(), case.mask.copy(), case.p)
    return {"dtype": str(dx.dtype)}


BACK = "return scale * mask * dout"

back.mutant(
    "no_scale",
    old=BACK,
    new="return mask * dout",
    hint="By what did the forward pass multiply the elements that it kept?",
)
back.mutant(
    "multiplied_by_the_share_kept",
    old=SCALE,
    new="1 - p",
    hint="Is the factor of the backward pass another one than that of the forward pass?",
)
back.mutant(
    "scaled_by_p",
    old=SCALE,
    new="1 / p if p > 0 else 1.0",
    hint="Which share of the elements was kept, and which did you divide by?",
)
back.mutant(
    "scaled_twice",
    old=BACK,
    new="return scale * (scale * mask) * dout",
    hint="How often did the forward pass scale?",
)
back.mutant(
    "new_mask",
    old=BACK,
    new="mask = np.random.default_rng(0).random(dout.shape) >= p\n    return scale * mask * dout",
    hint="Which elements did the forward pass drop, and how do you know?",
)
back.mutant(
    "mask_ignored",
    old=BACK,
    new="return scale * dout",
    hint="How much does the loss change when an element that was dropped changes?",
)
back.mutant(
    "mask_inverted",
    old=BACK,
    new="return scale * (1 - mask) * dout",
    hint="Does a 1 in the mask stand for an element that was kept, or dropped?",
)
back.mutant(
    "half",
    old=SCALE,
    new="2.0",
    hint="What changes in your gradient when p changes?",
)
back.mutant(
    "zero_over_zero",
    old=BACK,
    new="return mask * dout / (1 - p)",
    hint="What do you divide by when p is 1?",
)
back.mutant(
    "divides_by_zero",
    old=SCALE,
    new="1 / (1 - p)",
    hint="Which number stands below the fraction bar when p is 1?",
)
back.mutant(
    "broadcasts",
    old="if dout.shape != mask.shape:",
    new="if False:",
    hint="What does numpy make of an array of shape (N, D) times one of shape (D,)?",
)
back.mutant(
    "in_place",
    old=BACK,
    new="dout *= scale * mask\n    return dout",
    hint="Whose array does *= change?",
)
back.mutant(
    "mask_scaled_in_place",
    old=BACK,
    new="mask *= scale\n    return mask * dout",
    hint="Whose mask does *= change, and who needs it afterwards?",
)
back.mutant(
    "always_float64",
    old=BACK,
    new="return scale * mask * dout.astype(float)",
    hint="float32 goes in: which dtype comes out, and where does it change?",
)

back.alternative(
    "where",
    """
    def dropout_backward(dout, mask, p):
        if np.shape(dout) != np.shape(mask):
            raise ValueError("shapes differ")
        dx = np.where(mask == 1, as_float(dout), 0)
        return dx / (1 - p) if p < 1 else dx
    """,
)
back.alternative(
    "survivors_only",
    """
    def dropout_backward(dout, mask, p):
        if dout.shape != mask.shape:
            raise ValueError("one mask entry for each gradient entry")
        dx = np.zeros(dout.shape, as_float(dout).dtype)
        kept = mask.astype(bool)
        if kept.any():
            dx[kept] = dout[kept] / (1 - p)
        return dx
    """,
)
back.alternative(
    "element_by_element",
    """
    def dropout_backward(dout, mask, p):
        if not dout.shape == mask.shape:
            raise ValueError(f"{dout.shape} against {mask.shape}")
        dx = np.array(as_float(dout))
        for index in np.ndindex(dx.shape):
            dx[index] = dx[index] / (1 - p) if mask[index] else 0
        return dx
    """,
)
