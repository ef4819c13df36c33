"""Dropout as it was published: unscaled in training, scaled at test time."""

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
    output_of,
    separate,
    typed,
    wide,
)

from autograder.declare import Case, Exercise, exact, statistical

classic = Exercise("regularization.dropout_classic")


def certain(rng):
    """Probabilities of zero and one, in training and at test time."""
    for case in [*nothing_dropped(rng), *all_dropped(rng)]:
        for training in (True, False):
            yield Case(**case, training=training)


@classic.check(batches, weight=2, public=True)
def kept_elements_stay(subject, case):
    """In training, what is dropped is 0, and what is kept stays as it is."""
    x = inputs(case)
    output = output_of(subject.dropout_classic(x.copy(), case.p, generator(case), training=True))
    return factors(x, output, output != 0)


@classic.check(any_p, weight=3, public=True)
def scaled_at_test_time(subject, case):
    """At test time every element is kept, and scaled to its mean in training."""
    output = output_of(
        subject.dropout_classic(inputs(case), case.p, generator(case), training=False)
    )
    return {"output": output}


@classic.check(batches, public=True, judge=exact)
def mask_comes_with_the_output(subject, case):
    """The mask comes back too, as in dropout: zeros and ones in training, ones at test time."""
    x = inputs(case)
    (output, mask), (_, ones) = (
        subject.dropout_classic(x.copy(), case.p, generator(case), each) for each in (True, False)
    )
    return {
        "shapes": [mask.shape, ones.shape],
        "in_training": np.unique(mask).astype(float),
        "at_test_time": np.unique(ones).astype(float),
        "tells_what_is_dropped": np.array_equal(mask != 0, output != 0),
    }


@classic.check(wide, weight=3, judge=statistical)
def dropped_with_probability_p(subject, case):
    """An element is dropped with probability p, and kept otherwise."""
    output = output_of(
        subject.dropout_classic(inputs(case), case.p, generator(case), training=True)
    )
    return {"kept": (output != 0).astype(float)}


@classic.check(separate, weight=2, judge=exact)
def each_element_is_drawn_by_itself(subject, case):
    """Elements are dropped one by one: not whole rows, columns or channels, and no fixed number."""
    rng, x = generator(case), inputs(case)
    masks = [
        output_of(subject.dropout_classic(x.copy(), case.p, rng, training=True)) != 0
        for _ in range(9)
    ]
    return {
        "neighbours_differ": neighbours_differ(masks[0]),
        "numbers_differ": len({int(mask.sum()) for mask in masks}) > 1,
    }


@classic.check(batches, judge=exact)
def mask_comes_from_the_generator(subject, case):
    """Generators in the same state drop the same; another one, or a later call, drops others."""
    x, rng = inputs(case), generator(case)
    first, later, again, other = (
        output_of(subject.dropout_classic(x.copy(), case.p, each, training=True))
        for each in (rng, rng, generator(case), generator(case, 1))
    )
    return {
        "same_again": np.array_equal(first, again),
        "later_call_differs": not np.array_equal(first, later),
        "other_seed_differs": not np.array_equal(first, other),
    }


@classic.check(certain)
def certain_ends(subject, case):
    """With a probability of 0 everything stays as it is, with 1 nothing is left, in both modes."""
    result = subject.dropout_classic(inputs(case), case.p, generator(case), case.training)
    return {"output": output_of(result)}


@classic.check(any_p, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The input is left as it was, in training and at test time."""
    x = inputs(case)
    for training in (True, False):
        subject.dropout_classic(x, case.p, generator(case), training)
    return {"x": x}


@classic.check(typed, weight=0.5, judge=exact)
def dtypes(subject, case):
    """The output of a float32 input is float32, that of integers float64."""
    output = output_of(
        subject.dropout_classic(case.x.copy(), case.p, generator(case), training=True)
    )
    return {"output": str(output.dtype)}


DRAW = "(rng.random(x.shape) >= p).astype(x.dtype)"
TEST = "return (1 - p) * x, np"
TRAIN = "return mask * x, mask"

classic.mutant(
    "scaled_by_p_at_test_time",
    old=TEST,
    new="return p * x, np",
    hint="Which share of an element is left on average in training: p, or the rest?",
)
classic.mutant(
    "unscaled_at_test_time",
    old=TEST,
    new="return x, np",
    hint="Compare the mean output in training with that at test time: which is larger?",
)
classic.mutant(
    "divided_at_test_time",
    old=TEST,
    new="return x / (1 - p) if p < 1 else 0 * x, np",
    hint="Is the output at test time larger than the input, or smaller?",
)
classic.mutant(
    "scaled_in_training_too",
    old=TRAIN,
    new="return mask * x * (1 / (1 - p) if p < 1 else 0.0), mask",
    hint="In which of the two modes does this kind of dropout have its factor?",
)
classic.mutant(
    "shrunk_in_training_too",
    old=TRAIN,
    new="return (1 - p) * mask * x, mask",
    hint="How often is an element scaled down, and in which mode?",
)
classic.mutant(
    "p_is_the_share_kept",
    old=f"{TEST}.ones_like(x)\n    mask = {DRAW}",
    new="return p * x, np.ones_like(x)\n    mask = (rng.random(x.shape) < p).astype(x.dtype)",
    hint="Is p the probability of being kept, or of being dropped?",
)
classic.mutant(
    "mask_inverted",
    old=">= p",
    new="< p",
    hint="With p = 0.1, how many zeros does your output have among a thousand elements?",
)
classic.mutant(
    "half",
    old=f"{TEST}.ones_like(x)\n    mask = {DRAW}",
    new="return x / 2, np.ones_like(x)\n    mask = (rng.random(x.shape) >= 0.5).astype(x.dtype)",
    hint="What changes in your output when p changes?",
)
classic.mutant(
    "active_at_test_time",
    old="if not training:",
    new="if False:",
    hint="Is the answer of a trained network up to chance?",
)
classic.mutant(
    "modes_swapped",
    old="if not training:",
    new="if training:",
    hint="In which of the two modes does your function drop something?",
)
classic.mutant(
    "one_mask_for_the_batch",
    old=DRAW,
    new="np.broadcast_to(rng.random(x.shape[1:]) >= p, x.shape).astype(x.dtype)",
    hint="Are the same features dropped in every example of your batch?",
)
classic.mutant(
    "same_mask_every_time",
    old="rng.random",
    new="np.random.default_rng(0).random",
    hint="What does a generator that is made anew in every call draw?",
)
classic.mutant(
    "output_only",
    old=f"{TEST}.ones_like(x)\n    mask = {DRAW}\n    {TRAIN}",
    new=f"return (1 - p) * x\n    mask = {DRAW}\n    return mask * x",
    hint="Two things come back. How would the backward pass know what was dropped?",
)
classic.mutant(
    "in_place",
    old=TRAIN,
    new="x *= mask\n    return x, mask",
    hint="Whose array does *= change?",
)
classic.mutant(
    "always_float64",
    old="x = as_float(x)",
    new="x = np.asarray(x, float)",
    hint="float32 goes in: which dtype comes out, and where does it change?",
)

classic.alternative(
    "choice",
    """
    def dropout_classic(x, p, rng, training):
        x = as_float(x)
        if training:
            mask = rng.choice([0, 1], size=x.shape, p=[p, 1 - p]).astype(x.dtype)
            return np.where(mask == 0, 0, x), mask
        return x - p * x, np.ones(x.shape, x.dtype)
    """,
)
classic.alternative(
    "from_the_other_dropout",
    """
    def dropout_classic(x, p, rng, training):
        output, mask = dropout(x, p, rng, training)
        return (1 - p) * output, mask
    """,
)
classic.alternative(
    "row_by_row",
    """
    def dropout_classic(x, p, rng, training):
        output = np.array(as_float(x))
        mask = np.ones_like(output)
        for row in range(len(x)):
            if training:
                mask[row] = rng.uniform(size=np.shape(x[row])) >= p
                output[row] *= mask[row]
            else:
                output[row] -= p * output[row]
        return output, mask
    """,
)
