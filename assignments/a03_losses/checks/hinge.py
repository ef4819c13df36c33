"""The hinge loss of several classes, and its gradient."""

import numpy as np
from checks._classes import class_labels

from autograder.declare import Case, Exercise, exact


def scored(rng, n, k, margin=1.0):
    """Scores that miss the margin, exceed it or are wrong altogether, in turn; none is near it."""
    labels = class_labels(rng, n, k)
    turn = (np.arange(n)[:, np.newaxis] + np.arange(k - 1)) % 3
    short, wrong = rng.uniform(0.2, 0.8, turn.shape), rng.uniform(1.2, 2.0, turn.shape)
    slack = margin * np.choose(turn, [short, -rng.uniform(0.2, 1.5, turn.shape), wrong])
    scores = np.repeat(rng.uniform(-1, 1, (n, 1)), k, axis=1)
    others = np.arange(k) != labels[:, np.newaxis]
    scores[others] += (rng.permuted(slack, axis=1) - margin).ravel()
    return {"scores": scores, "labels": labels}


def scores(rng):
    """More rows than classes, fewer, as many, and a single row; the margin is 1."""
    for n, k in [(4, 3), (2, 5), (4, 4), (1, 4)]:
        yield Case(**scored(rng, n, k))


def more_scores(rng):
    """Two classes, three, many rows, many classes, a square table."""
    for n, k in [(1, 2), (7, 3), (2, 6), (5, 5), (40, 3)]:
        yield Case(**scored(rng, n, k))


def margins(rng):
    """Margins other than 1."""
    for n, k, margin in [(4, 3, 0.5), (2, 4, 2.0), (5, 3, 3.0)]:
        yield Case(**scored(rng, n, k, margin), margin=margin)


def ties(rng):
    """All scores of a row are the same."""
    for n, k, margin in [(4, 3, 1.0), (1, 5, 0.5)]:
        level = rng.uniform(-2, 2, (n, 1))
        labels = class_labels(rng, n, k)
        yield Case(scores=np.repeat(level, k, axis=1), labels=labels, margin=margin)


def leaders(rng):
    """The true class leads by more than the margin in every row but one."""
    for n, k in [(4, 3), (2, 5)]:
        case = scored(rng, n, k)
        case["scores"][np.arange(1, n), case["labels"][1:]] += rng.uniform(4, 6, n - 1)
        yield Case(**case)


def at_the_margin(rng):
    """Leads of exactly the margin, ties, and leads on either side; exact in binary."""
    lead = np.array([[1.0, 1.5], [0.0, 1.0], [1.0, 1.0], [0.5, -2.0]])
    for margin in (1.0, 0.5):
        labels = class_labels(rng, 4, 3)
        table = np.repeat(rng.integers(-2, 3, (4, 1)) * 1.0, 3, axis=1)
        table[np.arange(3) != labels[:, np.newaxis]] -= margin * lead.ravel()
        yield Case(scores=table, labels=labels, margin=margin)


def whole_scores(rng):
    """Unsigned bytes, whose difference would wrap around at 0, then signed integers."""
    for shift, dtype in [(0, np.uint8), (-6, np.int64)]:
        table = rng.permuted(np.tile([2, 5, 9], (4, 1)), axis=1)
        labels = (table == 5).argmax(axis=1)
        yield Case(scores=(table + shift).astype(dtype), labels=labels, margin=0.5)


def single_scores(rng):
    """Scores of float32."""
    for n, k in [(3, 2), (2, 4)]:
        case = scored(rng, n, k)
        yield Case(scores=case["scores"].astype(np.float32), labels=case["labels"])


hinge = Exercise("losses.hinge")


@hinge.check(scores, weight=0.5, public=True)
def loss_is_one_number(subject, case):
    """The loss is one number for the whole batch."""
    return {"loss": 0.0 * subject.hinge(**case)}  # times 0: only the shape is left to compare


@hinge.check(scores, weight=3, public=True)
def loss_is_summed_over_wrong_classes(subject, case):
    """The loss is a sum over the wrong classes and a mean over the rows."""
    return {"loss": subject.hinge(**case)}


@hinge.check(more_scores, weight=2)
def any_batch_will_do(subject, case):
    """Batches may have any number of rows and of classes."""
    return {"loss": subject.hinge(**case)}


@hinge.check(margins, weight=2)
def margin_is_an_argument(subject, case):
    """The margin is the one that is given."""
    return {"loss": subject.hinge(**case)}


@hinge.check(ties)
def ties_cost_the_margin(subject, case):
    """Where all scores are equal, each wrong class costs the margin."""
    return {"loss": subject.hinge(**case)}


@hinge.check(leaders)
def leading_by_more_costs_nothing(subject, case):
    """A class that is further behind than the margin costs nothing, and earns nothing."""
    return {"loss": subject.hinge(**case)}


@hinge.check(whole_scores, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"loss": subject.hinge(**case)}


@hinge.check(scores, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.hinge(**case)
    return {"scores": case.scores, "labels": case.labels}


SLACK = "scores - true_scores + margin"
TRUE_SCORES = "scores[rows, labels][:, np.newaxis]"

hinge.mutant(
    "true_class_counted",
    old="losses[rows, labels] = 0",
    new="pass",
    hint="What does the formula say about j = y, and what does the true class cost in your code?",
)
hinge.mutant(
    "mean_over_all_elements",
    old=".sum() / len(labels)",
    new=".mean()",
    hint="Over what is the mean: the rows, or the rows and the classes?",
)
hinge.mutant(
    "mean_over_wrong_classes",
    old=" / len(labels)",
    new=" / (len(labels) * (scores.shape[1] - 1))",
    hint="Over what is the mean: the rows, or the rows and the wrong classes?",
)
hinge.mutant(
    "sum_not_mean",
    old=" / len(labels)",
    new="",
    hint="Would a batch twice as long cost twice as much?",
)
hinge.mutant(
    "no_margin",
    old=" + margin",
    new="",
    hint="Is it enough for the true class to have the largest score?",
)
hinge.mutant(
    "margin_one",
    old=" + margin",
    new=" + 1.0",
    hint="What does your code do with its third argument?",
)
hinge.mutant(
    "margin_subtracted",
    old=" + margin",
    new=" - margin",
    hint="Does a larger margin make the task harder or easier, and the loss?",
)
hinge.mutant(
    "no_maximum",
    old=f"np.maximum(0, {SLACK})",
    new=SLACK,
    hint="What does a class cost that is far behind the true one?",
)
hinge.mutant(
    "difference_reversed",
    old="scores - true_scores",
    new="true_scores - scores",
    hint="Which score should be the larger one, and what should it cost if it is?",
)
hinge.mutant(
    "squared",
    old="losses.sum()",
    new="(losses**2).sum()",
    hint="How does the cost of a score grow: in proportion, or with its square?",
)
hinge.mutant(
    "worst_class_only",
    old="losses.sum()",
    new="losses.max(axis=1).sum()",
    hint="If two wrong classes come too close, do both cost something?",
)
hinge.mutant(
    "every_label_with_every_row",
    old=TRUE_SCORES,
    new="scores[:, labels]",
    hint="Which shape does scores[:, labels] have, and how do you pair each row with its label?",
)
hinge.mutant(
    "axis_lost",
    old=TRUE_SCORES,
    new="scores[rows, labels]",
    hint="Along which axis does numpy spread an array of shape (N,) over a table?",
)
hinge.mutant(
    "predicted_class",
    old=TRUE_SCORES,
    new="scores.max(axis=1, keepdims=True)",
    hint="With which score are the others compared: the largest, or that of the true class?",
)
hinge.mutant(
    "not_reduced",
    old="float(losses.sum() / len(labels))",
    new="losses.sum(axis=1)",
    hint="You have a loss for each row; how does a batch get a single one?",
)
hinge.mutant(
    "in_place",
    old=f"losses = np.maximum(0, {SLACK})",
    new="scores -= true_scores\n    losses = np.maximum(0, scores + margin)",
    hint="Whose array does an operator like -= change?",
)
hinge.mutant(
    "wraps_around",
    old="scores = as_float(scores)",
    new="scores = np.asarray(scores)",
    hint="What is 3 - 5 in unsigned bytes?",
)
hinge.alternative(
    "loop",
    """
    def hinge(scores, labels, margin=1.0):
        require_rows(scores, labels)
        total = 0.0
        for row, label in zip(scores.tolist(), labels):
            for j, score in enumerate(row):
                if j != label:
                    total += max(0.0, score - row[label] + margin)
        return total / len(labels)
    """,
)
hinge.alternative(
    "wrong_classes_selected",
    """
    def hinge(scores, labels, margin=1.0):
        require_rows(scores, labels)
        scores = as_float(scores)
        slack = scores - np.take_along_axis(scores, labels[:, None], axis=1) + margin
        wrong = np.arange(scores.shape[1]) != labels[:, None]
        return slack[wrong & (slack > 0)].sum() / len(slack)
    """,
)
hinge.alternative(
    "true_class_deducted",
    """
    def hinge(scores, labels, margin=1.0):
        require_rows(scores, labels)
        one_hot = np.eye(scores.shape[1])[labels]
        true_scores = (one_hot * scores).sum(axis=1, keepdims=True)
        slack = scores - true_scores + margin
        return np.mean(np.where(slack > 0, slack, 0).sum(axis=1) - margin)
    """,
)


hinge_backward = Exercise("losses.hinge_backward")


@hinge_backward.check(scores, weight=0.5, public=True)
def gradient_has_the_shape_of_scores(subject, case):
    """The gradient has one entry for each score."""
    return {"dscores": 0.0 * subject.hinge_backward(**case)}  # times 0: only the shape is left


@hinge_backward.check(scores, weight=3, public=True)
def gradient_is_that_of_the_mean(subject, case):
    """The gradient is that of the mean loss, for the wrong classes and for the true one."""
    return {"dscores": subject.hinge_backward(**case)}


@hinge_backward.check(more_scores, weight=2)
def any_batch_will_do(subject, case):
    """Batches may have any number of rows and of classes."""
    return {"dscores": subject.hinge_backward(**case)}


@hinge_backward.check(margins, weight=2)
def margin_is_an_argument(subject, case):
    """The margin is the one that is given."""
    return {"dscores": subject.hinge_backward(**case)}


@hinge_backward.check(at_the_margin, judge=exact)
def slope_exactly_at_the_margin_is_zero(subject, case):
    """By the course's convention a class exactly at its margin has no gradient."""
    return {"dscores": subject.hinge_backward(**case)}


@hinge_backward.check(whole_scores, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"dscores": subject.hinge_backward(**case)}


@hinge_backward.check(single_scores, weight=0.5)
def float32_is_kept(subject, case):
    """Scores of float32 have a gradient of float32."""
    return {"dtype": str(subject.hinge_backward(**case).dtype)}


@hinge_backward.check(scores, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.hinge_backward(**case)
    return {"scores": case.scores, "labels": case.labels}


hinge_backward.mutant(
    "slope_at_the_margin",
    old="margin > 0",
    new="margin >= 0",
    hint="Which slope does your code choose exactly at the kink?",
)
hinge_backward.mutant(
    "true_class_minus_one",
    old="-violated.sum(axis=1)",
    new="-1",
    hint="In how many terms of the sum does the score of the true class occur?",
)
hinge_backward.mutant(
    "true_class_forgotten",
    old="dscores[rows, labels] = -violated.sum(axis=1)",
    new="pass",
    hint="Does the loss not change when the score of the true class rises?",
)
hinge_backward.mutant(
    "true_class_counted",
    old="violated[rows, labels] = False",
    new="pass",
    hint="What does the formula say about j = y, and is the true class among those you count?",
)
hinge_backward.mutant(
    "no_mean",
    old=" / len(labels)",
    new="",
    hint="The loss is a mean over the rows. Where is its 1/N in your gradient?",
)
hinge_backward.mutant(
    "over_all_elements",
    old=" / len(labels)",
    new=" / scores.size",
    hint="Does the loss divide by the rows, or by all entries of the table?",
)
hinge_backward.mutant(
    "sign",
    old="return dscores",
    new="return -dscores",
    hint="Which sign should the gradient of a wrong class have?",
)
hinge_backward.mutant(
    "no_margin",
    old=" + margin",
    new="",
    hint="Which classes cost something: those ahead of the true one, or also those close behind?",
)
hinge_backward.mutant(
    "margin_one",
    old=" + margin",
    new=" + 1.0",
    hint="What does your code do with its third argument?",
)
hinge_backward.mutant(
    "difference_reversed",
    old="scores - true_scores",
    new="true_scores - scores",
    hint="Which of the two scores has to be the larger one for a term to be positive?",
)
hinge_backward.mutant(
    "worst_class_only",
    old="violated[rows, labels] = False",
    new="violated[rows, labels] = False\n"
    "    violated &= scores == np.where(violated, scores, -np.inf).max(axis=1, keepdims=True)",
    hint="If two wrong classes come too close, do both have a gradient?",
)
hinge_backward.mutant(
    "loss_of_each",
    old="violated.astype(scores.dtype)",
    new=f"violated * ({SLACK})",
    hint="How fast does max(0, s) grow once s is positive?",
)
hinge_backward.mutant(
    "predicted_class",
    old=TRUE_SCORES,
    new="scores.max(axis=1, keepdims=True)",
    hint="With which score are the others compared: the largest, or that of the true class?",
)
hinge_backward.mutant(
    "axis_lost",
    old=TRUE_SCORES,
    new="scores[rows, labels]",
    hint="Along which axis does numpy spread an array of shape (N,) over a table?",
)
hinge_backward.mutant(
    "true_classes_only",
    old="return dscores",
    new="return dscores[rows, labels]",
    hint="Which shape must a gradient have, compared with what it is the gradient of?",
)
hinge_backward.mutant(
    "in_place",
    old=f"violated = {SLACK}",
    new="scores -= true_scores\n    violated = scores + margin",
    hint="Whose array does an operator like -= change?",
)
hinge_backward.mutant(
    "wraps_around",
    old="scores = as_float(scores)",
    new="scores = np.asarray(scores)",
    hint="What is 3 - 5 in unsigned bytes?",
)
hinge_backward.mutant(
    "float64_always",
    old="violated.astype(scores.dtype)",
    new="violated.astype(float)",
    hint="float32 goes in: which dtype comes out, and where does it change?",
)
hinge_backward.alternative(
    "loop",
    """
    def hinge_backward(scores, labels, margin=1.0):
        require_rows(scores, labels)
        scores = as_float(scores)
        dscores = np.zeros_like(scores)
        for i, label in enumerate(labels):
            for j in range(scores.shape[1]):
                if j != label and scores[i, j] + margin > scores[i, label]:
                    dscores[i, j] += 1
                    dscores[i, label] -= 1
        return dscores / len(labels)
    """,
)
hinge_backward.alternative(
    "one_hot",
    """
    def hinge_backward(scores, labels, margin=1.0):
        require_rows(scores, labels)
        scores = as_float(scores)
        one_hot = np.eye(scores.shape[1], dtype=scores.dtype)[labels]
        slack = scores - (one_hot * scores).sum(axis=1, keepdims=True) + margin
        step = np.heaviside(slack, 0) * (1 - one_hot)
        return (step - one_hot * step.sum(axis=1, keepdims=True)) / len(labels)
    """,
)
hinge_backward.alternative(
    "true_class_from_all",
    """
    def hinge_backward(scores, labels, margin=1.0):
        require_rows(scores, labels)
        scores, column = as_float(scores), labels[:, np.newaxis]
        slack = scores - np.take_along_axis(scores, column, axis=1) + margin
        counts = (slack > 0).astype(scores.dtype)
        others = 1 - counts.sum(axis=1, keepdims=True)
        np.put_along_axis(counts, column, others, axis=1)
        return counts / counts.shape[0]
    """,
)
