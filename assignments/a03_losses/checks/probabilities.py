"""Cross-entropy of given probabilities, and its gradient."""

import numpy as np
from checks._classes import class_labels

from autograder.declare import Case, Exercise, exact


def class_probs(rng, n, k):
    """Rows of probabilities, none of them near 0."""
    probs = rng.dirichlet(np.ones(k), n) + 0.05
    return probs / probs.sum(axis=1, keepdims=True)


def predictions(rng):
    """More rows than classes, fewer, as many, and a single row."""
    for n, k in [(4, 3), (2, 5), (3, 3), (1, 4)]:
        yield Case(probs=class_probs(rng, n, k), labels=class_labels(rng, n, k))


def more_predictions(rng):
    """Two classes, three, many rows, many classes, a square table."""
    for n, k in [(1, 2), (7, 3), (2, 6), (5, 5), (40, 3)]:
        yield Case(probs=class_probs(rng, n, k), labels=class_labels(rng, n, k))


def predictions_without_the_last_class(rng):
    """No row has the last class for its label."""
    for n, k in [(4, 3), (3, 5)]:
        labels = rng.permutation([1, *rng.integers(k - 1, size=n - 1)])
        yield Case(probs=class_probs(rng, n, k), labels=labels)


def predictions_with_zeros(rng):
    """A wrong class has probability 0 in some rows."""
    for n, k in [(4, 3), (1, 3)]:
        labels = class_labels(rng, n, k)
        probs = class_probs(rng, n, k)
        probs[0, (labels[0] + 1) % k] = 0.0
        yield Case(probs=probs / probs.sum(axis=1, keepdims=True), labels=labels)


def hopeless_predictions(rng):
    """The true class of one row has a probability of some 1e-22, then smaller ones."""
    for low, high in [(20, 24), (40, 60), (80, 120)]:
        labels = class_labels(rng, 2, 3)
        probs = class_probs(rng, 2, 3)
        probs[0, labels[0]] = 10.0 ** -rng.uniform(low, high)
        yield Case(probs=probs, labels=labels)


def impossible_predictions(rng):
    """As before, then the true class of one row has probability 0."""
    yield from hopeless_predictions(rng)
    labels = class_labels(rng, 4, 3)
    probs = class_probs(rng, 4, 3)
    probs[1, labels[1]] = 0.0
    yield Case(probs=probs, labels=labels)


def certain_predictions(rng):
    """Whole numbers: each true class has probability 1."""
    for n, k in [(2, 3), (4, 3)]:
        labels = class_labels(rng, n, k)
        yield Case(probs=np.eye(k, dtype=np.int64)[labels], labels=labels)


def single_predictions(rng):
    """Probabilities of float32."""
    for n, k in [(3, 2), (2, 4)]:
        probs = class_probs(rng, n, k).astype(np.float32)
        yield Case(probs=probs, labels=class_labels(rng, n, k))


cross_entropy = Exercise("losses.cross_entropy")


@cross_entropy.check(predictions, weight=0.5, public=True)
def loss_is_one_number(subject, case):
    """The loss is one number for the whole batch."""
    return {"loss": 0.0 * subject.cross_entropy(**case)}  # times 0: only the shape is left


@cross_entropy.check(predictions, weight=3, public=True)
def loss_is_the_mean_over_rows(subject, case):
    """The loss is the mean over the rows of what the true class costs, in nats."""
    return {"loss": subject.cross_entropy(**case)}


@cross_entropy.check(more_predictions, weight=2)
def any_batch_will_do(subject, case):
    """Batches may have any number of rows and of classes."""
    return {"loss": subject.cross_entropy(**case)}


@cross_entropy.check(predictions_without_the_last_class)
def last_class_may_be_absent(subject, case):
    """The last class need not occur among the labels of a batch."""
    return {"loss": subject.cross_entropy(**case)}


@cross_entropy.check(predictions_with_zeros)
def impossible_wrong_class_costs_nothing(subject, case):
    """A probability of 0 for a wrong class costs nothing."""
    return {"loss": subject.cross_entropy(**case)}


@cross_entropy.check(impossible_predictions)
def loss_has_no_cap(subject, case):
    """Nothing caps the loss: it grows as the true class gets less probable, to infinity at 0."""
    return {"loss": subject.cross_entropy(**case)}


@cross_entropy.check(predictions, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.cross_entropy(**case)
    return {"probs": case.probs, "labels": case.labels}


PICKED = "as_float(probs)[np.arange(len(labels)), labels]"

cross_entropy.mutant(
    "no_minus",
    old="-np.log(true_probs)",
    new="np.log(true_probs)",
    hint="Which sign has the logarithm of a probability, and which sign a loss?",
)
cross_entropy.mutant(
    "capped",
    old="np.log(true_probs)",
    new="np.log(true_probs + 1e-12)",
    hint="What is the largest loss that your code can return?",
)
cross_entropy.mutant(
    "over_all_elements",
    old=".mean()",
    new=".sum() / probs.size",
    hint="How many targets does a row have: one, or one for each class?",
)
cross_entropy.mutant(
    "sum_not_mean",
    old=".mean()",
    new=".sum()",
    hint="Would a batch twice as long cost twice as much?",
)
cross_entropy.mutant(
    "every_label_with_every_row",
    old="np.arange(len(labels))",
    new=":",
    hint="Which shape does probs[:, labels] have, and how do you pair each row with its own label?",
)
cross_entropy.mutant(
    "softmax_of_probs",
    old="as_float(probs)",
    new="(np.exp(probs) / np.exp(probs).sum(axis=1, keepdims=True))",
    hint="Are the inputs of this function logits, or probabilities already?",
)
cross_entropy.mutant(
    "fixed_batch",
    old=".mean()",
    new=".sum() / 32",
    hint="How many rows does the last batch of an epoch have?",
)
cross_entropy.mutant(
    "bits",
    old="np.log(true_probs)",
    new="np.log2(true_probs)",
    hint="Which logarithm does this course use unless a base is given?",
)
cross_entropy.mutant(
    "log_of_mean",
    old="-np.log(true_probs).mean()",
    new="-np.log(true_probs.mean())",
    hint="Is the logarithm of a mean the mean of the logarithms?",
)
cross_entropy.mutant(
    "wrong_classes_too",
    old="-np.log(true_probs).mean()",
    new="-(np.log(true_probs) + np.log(1 - probs).sum(axis=1) - np.log(1 - true_probs)).mean()",
    hint="Of the K probabilities of a row, how many enter its cross-entropy?",
)
cross_entropy.mutant(
    "predicted_class",
    old=PICKED,
    new="as_float(probs).max(axis=1)",
    hint="Which class is charged: the one that was predicted, or the one that is true?",
)
cross_entropy.mutant(
    "labels_as_numbers",
    old="-np.log(true_probs).mean()",
    new="-(labels[:, np.newaxis] * np.log(probs)).sum(axis=1).mean()",
    hint="Is a label a number to multiply with, or the name of a column?",
)
cross_entropy.mutant(
    "one_hot_too_narrow",
    old=PICKED,
    new="(np.eye(labels.max() + 1)[labels] * as_float(probs)).sum(axis=1)",
    hint="How many columns has your one-hot table when the last class does not occur?",
)
cross_entropy.mutant(
    "zero_times_infinity",
    old="-np.log(true_probs).mean()",
    new="-(np.eye(probs.shape[1])[labels] * np.log(probs)).sum(axis=1).mean()",
    hint="What is 0 times log(0) in floating point?",
)
cross_entropy.mutant(
    "not_reduced",
    old="float(-np.log(true_probs).mean())",
    new="-np.log(true_probs)",
    hint="You have a loss for each row; how does a batch get a single one?",
)
cross_entropy.mutant(
    "in_place",
    old=f"true_probs = {PICKED}\n    return float(-np.log(true_probs).mean())",
    new="logs = as_float(probs)\n    np.log(logs, out=logs)\n"
    "    return float(-logs[np.arange(len(labels)), labels].mean())",
    hint="Where does your code write the logarithms?",
)
cross_entropy.alternative(
    "loop",
    """
    def cross_entropy(probs, labels):
        require_rows(probs, labels)
        total = 0.0
        for row, label in zip(probs, labels):
            total -= np.log(row[label])
        return total / len(probs)
    """,
)
cross_entropy.alternative(
    "take_along_axis",
    """
    def cross_entropy(probs, labels):
        require_rows(probs, labels)
        picked = np.take_along_axis(as_float(probs), labels[:, np.newaxis], axis=1)
        return np.mean(np.log(1 / picked))
    """,
)
cross_entropy.alternative(
    "one_hot_mask",
    """
    def cross_entropy(probs, labels):
        require_rows(probs, labels)
        is_true = np.arange(probs.shape[1]) == labels[:, None]
        return np.log(probs[is_true]).sum() / -probs.shape[0]
    """,
)
cross_entropy.alternative(
    "one_hot_product",
    """
    def cross_entropy(probs, labels):
        require_rows(probs, labels)
        one_hot = np.eye(probs.shape[1])[labels]
        return -np.log(np.einsum("ik,ik->i", one_hot, probs)).mean()
    """,
)


cross_entropy_backward = Exercise("losses.cross_entropy_backward")


@cross_entropy_backward.check(predictions, weight=0.5, public=True)
def gradient_has_the_shape_of_probs(subject, case):
    """The gradient has one entry for each probability."""
    return {"dprobs": 0.0 * subject.cross_entropy_backward(**case)}  # only the shape is left


@cross_entropy_backward.check(predictions, weight=3, public=True)
def gradient_is_that_of_the_mean(subject, case):
    """The gradient is that of the mean loss, with respect to the probabilities."""
    return {"dprobs": subject.cross_entropy_backward(**case)}


@cross_entropy_backward.check(more_predictions, weight=2)
def any_batch_will_do(subject, case):
    """Batches may have any number of rows and of classes."""
    return {"dprobs": subject.cross_entropy_backward(**case)}


@cross_entropy_backward.check(predictions_without_the_last_class)
def last_class_may_be_absent(subject, case):
    """The last class need not occur among the labels of a batch."""
    return {"dprobs": subject.cross_entropy_backward(**case)}


@cross_entropy_backward.check(predictions_with_zeros)
def impossible_wrong_class_has_no_gradient(subject, case):
    """The gradient is 0 for a wrong class, also where its probability is 0."""
    return {"dprobs": subject.cross_entropy_backward(**case)}


@cross_entropy_backward.check(hopeless_predictions)
def gradient_has_no_cap(subject, case):
    """Nothing caps the gradient of a true class that is very improbable."""
    return {"dprobs": subject.cross_entropy_backward(**case)}


@cross_entropy_backward.check(certain_predictions, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return {"dprobs": subject.cross_entropy_backward(**case)}


@cross_entropy_backward.check(single_predictions, weight=0.5)
def float32_is_kept(subject, case):
    """Probabilities of float32 have a gradient of float32."""
    return {"dtype": str(subject.cross_entropy_backward(**case).dtype)}


@cross_entropy_backward.check(predictions, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.cross_entropy_backward(**case)
    return {"probs": case.probs, "labels": case.labels}


SLOPES = "dprobs[rows, labels] = -1 / (len(labels) * probs[rows, labels])"

cross_entropy_backward.mutant(
    "sign",
    old="-1 /",
    new="1 /",
    hint="When the true class gets more probable, does the loss rise or fall?",
)
cross_entropy_backward.mutant(
    "no_mean",
    old="len(labels) * ",
    new="",
    hint="The loss is a mean over the rows. Where is its 1/N in your gradient?",
)
cross_entropy_backward.mutant(
    "over_all_elements",
    old="len(labels) * ",
    new="probs.size * ",
    hint="Does the loss divide by the rows, or by all entries of the table?",
)
cross_entropy_backward.mutant(
    "gradient_of_logits",
    old=SLOPES,
    new="dprobs = probs / probs.dtype.type(len(labels))\n"
    "    dprobs[rows, labels] -= 1 / len(labels)",
    hint="With respect to what did you differentiate: the probabilities, or logits before them?",
)
cross_entropy_backward.mutant(
    "all_classes",
    old=SLOPES,
    new="dprobs[:] = -1 / (len(labels) * probs)",
    hint="Does the loss change when the probability of a wrong class changes by itself?",
)
cross_entropy_backward.mutant(
    "wrong_classes_too",
    old="np.zeros_like(probs)",
    new="1 / (len(labels) * (1 - probs))",
    hint="Of the K probabilities of a row, on how many does its loss depend?",
)
cross_entropy_backward.mutant(
    "true_classes_only",
    old="return dprobs",
    new="return dprobs[rows, labels]",
    hint="Which shape must a gradient have, compared with what it is the gradient of?",
)
cross_entropy_backward.mutant(
    "labels_as_numbers",
    old=SLOPES,
    new="dprobs[:] = -labels[:, np.newaxis] / (len(labels) * probs)",
    hint="Is a label a number to multiply with, or the name of a column?",
)
cross_entropy_backward.mutant(
    "loss_of_each",
    old=SLOPES,
    new="dprobs[rows, labels] = -np.log(probs[rows, labels]) / len(labels)",
    hint="Is this the loss of each row, or its derivative?",
)
cross_entropy_backward.mutant(
    "one_hot_too_narrow",
    old=SLOPES,
    new="dprobs = -np.eye(labels.max() + 1, dtype=probs.dtype)[labels] / probs / len(labels)",
    hint="How many columns has your one-hot table when the last class does not occur?",
)
cross_entropy_backward.mutant(
    "zero_over_zero",
    old=SLOPES,
    new="dprobs = -np.eye(probs.shape[1], dtype=probs.dtype)[labels] / probs / len(labels)",
    hint="What is 0 / 0 in floating point, and where does your formula meet it?",
)
cross_entropy_backward.mutant(
    "capped",
    old="probs[rows, labels])",
    new="(probs[rows, labels] + 1e-12))",
    hint="How large can the gradient get in your code, and how large in the formula?",
)
cross_entropy_backward.mutant(
    "in_place",
    old=f"dprobs = np.zeros_like(probs)\n    {SLOPES}",
    new="slopes = -1 / (len(labels) * probs[rows, labels])\n    dprobs = probs\n"
    "    dprobs[:] = 0\n    dprobs[rows, labels] = slopes",
    hint="Into whose array does your code write the gradient?",
)
cross_entropy_backward.mutant(
    "truncated",
    old="probs = as_float(probs)",
    new="probs = np.asarray(probs)",
    hint="Which dtype has np.zeros_like of an array of integers?",
)
cross_entropy_backward.mutant(
    "float64_always",
    old="np.zeros_like(probs)",
    new="np.zeros(probs.shape)",
    hint="float32 goes in: which dtype comes out, and where does it change?",
)
cross_entropy_backward.alternative(
    "loop",
    """
    def cross_entropy_backward(probs, labels):
        require_rows(probs, labels)
        probs = as_float(probs)
        dprobs = np.zeros_like(probs)
        for i, label in enumerate(labels):
            dprobs[i, label] = -1 / probs[i, label] / len(labels)
        return dprobs
    """,
)
cross_entropy_backward.alternative(
    "where",
    """
    def cross_entropy_backward(probs, labels):
        require_rows(probs, labels)
        probs = as_float(probs)
        is_true = np.arange(probs.shape[1]) == labels[:, None]
        with np.errstate(divide="ignore"):
            return np.where(is_true, -1 / probs, 0) / len(probs)
    """,
)
cross_entropy_backward.alternative(
    "divided_where_true",
    """
    def cross_entropy_backward(probs, labels):
        require_rows(probs, labels)
        probs = as_float(probs)
        one_hot = np.eye(probs.shape[1], dtype=probs.dtype)[labels]
        out = np.zeros_like(probs)
        return np.divide(-one_hot, probs, out=out, where=one_hot == 1) / probs.shape[0]
    """,
)
cross_entropy_backward.alternative(
    "put_along_axis",
    """
    def cross_entropy_backward(probs, labels):
        require_rows(probs, labels)
        probs, column = as_float(probs), labels[:, np.newaxis]
        slopes = -np.reciprocal(np.take_along_axis(probs, column, axis=1)) / len(labels)
        dprobs = np.full_like(probs, 0)
        np.put_along_axis(dprobs, column, slopes, axis=1)
        return dprobs
    """,
)
