"""Softmax cross-entropy and its gradient."""

import numpy as np
from checks._classes import class_labels

from autograder.declare import Case, Exercise, exact


def batches(rng):
    """More rows than classes, fewer, as many, and a single row."""
    for n, k in [(4, 3), (2, 5), (3, 3), (1, 4)]:
        yield Case(logits=rng.uniform(-2, 2, (n, k)), labels=class_labels(rng, n, k))


def more_batches(rng):
    """Two classes, three, many rows, many classes, a square table."""
    for n, k in [(1, 2), (7, 3), (2, 6), (5, 5), (40, 3)]:
        yield Case(logits=rng.uniform(-2, 2, (n, k)), labels=class_labels(rng, n, k))


def batches_without_the_last_class(rng):
    """No row has the last class for its label."""
    for n, k in [(4, 3), (3, 5)]:
        labels = rng.permutation([1, *rng.integers(k - 1, size=n - 1)])
        yield Case(logits=rng.uniform(-2, 2, (n, k)), labels=labels)


def gaps(rng):
    """The true class is a thousand behind another one."""
    yield Case(logits=np.array([[1000.0, 0.0], [0.0, 1000.0]]), labels=np.array([1, 0]))
    logits = rng.uniform(-1, 1, (4, 3))
    logits[:, 0] += rng.uniform(800, 1200, 4)
    yield Case(logits=logits, labels=rng.permutation([1, 2, 2, 1]))


def far_off(rng):
    """All logits near ten thousand, then rows twenty thousand apart.

    They are lists: in an array of floats each entry would be perturbed to learn the scale of the
    result, and a millionth of ten thousand is more than most mistakes change.
    """
    for level in (np.full((4, 1), 1e4), np.array([[1e4], [0.0], [-1e4], [5.0]])):
        logits = level + rng.uniform(-2, 2, (4, 3))
        yield Case(logits=logits.tolist(), labels=class_labels(rng, 4, 3))


def whole_batches(rng):
    """Unsigned bytes, whose difference would wrap around at 0, then signed integers."""
    logits = rng.permuted(np.tile([2, 5, 9], (4, 1)), axis=1)
    yield Case(logits=logits.astype(np.uint8), labels=class_labels(rng, 4, 3))
    yield Case(logits=rng.integers(-5, 5, (2, 4)), labels=class_labels(rng, 2, 4))


def single_batches(rng):
    """Logits of float32."""
    for n, k in [(3, 2), (2, 4)]:
        logits = rng.uniform(-2, 2, (n, k)).astype(np.float32)
        yield Case(logits=logits, labels=class_labels(rng, n, k))


softmax_cross_entropy = Exercise("losses.softmax_cross_entropy")


@softmax_cross_entropy.check(batches, weight=0.5)
def loss_is_one_number(subject, case):
    """The loss is one number for the whole batch."""
    return {"loss": 0.0 * subject.softmax_cross_entropy(**case)}  # only the shape is left


@softmax_cross_entropy.check(batches, weight=3, public=True)
def loss_is_the_mean_over_rows(subject, case):
    """The loss is the mean over the rows of the cross-entropy of their softmax, in nats."""
    return {"loss": subject.softmax_cross_entropy(**case)}


@softmax_cross_entropy.check(more_batches, weight=2)
def any_batch_will_do(subject, case):
    """Batches may have any number of rows and of classes."""
    return {"loss": subject.softmax_cross_entropy(**case)}


@softmax_cross_entropy.check(batches_without_the_last_class)
def last_class_may_be_absent(subject, case):
    """The last class need not occur among the labels of a batch."""
    return {"loss": subject.softmax_cross_entropy(**case)}


@softmax_cross_entropy.check(gaps, weight=2, public=True)
def gap_of_a_thousand_costs_a_thousand(subject, case):
    """A true class that is 1000 behind another costs 1000: neither infinity nor a cap."""
    return {"loss": subject.softmax_cross_entropy(**case)}


@softmax_cross_entropy.check(far_off)
def large_logits_do_not_overflow(subject, case):
    """The level of a row does not matter, even ten thousand above or below 0."""
    return {"loss": subject.softmax_cross_entropy(np.array(case.logits), case.labels)}


@softmax_cross_entropy.check(whole_batches, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"loss": subject.softmax_cross_entropy(**case)}


@softmax_cross_entropy.check(batches, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.softmax_cross_entropy(**case)
    return {"logits": case.logits, "labels": case.labels}


TRUE_LOGS = "log_probs[np.arange(len(labels)), labels]"
LOG_SOFTMAX = "shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))"

softmax_cross_entropy.mutant(
    "no_minus",
    old=f"-{TRUE_LOGS}",
    new=TRUE_LOGS,
    hint="Which sign has the logarithm of a probability, and which sign a loss?",
)
softmax_cross_entropy.mutant(
    "capped",
    old=f"-{TRUE_LOGS}",
    new=f"-np.log(np.exp({TRUE_LOGS}) + 1e-12)",
    hint="What is the largest loss that your code can return?",
)
softmax_cross_entropy.mutant(
    "log_of_softmax",
    old=LOG_SOFTMAX,
    new="np.log(np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True))",
    hint="What is left of exp(-1000), and what is its logarithm? Does the exp have to be taken?",
)
softmax_cross_entropy.mutant(
    "over_all_elements",
    old=".mean()",
    new=".sum() / logits.size",
    hint="How many targets does a row have: one, or one for each class?",
)
softmax_cross_entropy.mutant(
    "sum_not_mean",
    old=".mean()",
    new=".sum()",
    hint="Would a batch twice as long cost twice as much?",
)
softmax_cross_entropy.mutant(
    "fixed_batch",
    old=".mean()",
    new=".sum() / 32",
    hint="How many rows does the last batch of an epoch have?",
)
softmax_cross_entropy.mutant(
    "every_label_with_every_row",
    old="np.arange(len(labels))",
    new=":",
    hint="Which shape does log_probs[:, labels] have, and how is a row paired with its own label?",
)
softmax_cross_entropy.mutant(
    "no_shift",
    old="logits - logits.max(axis=1, keepdims=True)",
    new="logits",
    hint="What is np.exp of ten thousand? Which shift of a row leaves its softmax as it is?",
)
softmax_cross_entropy.mutant(
    "one_shift_for_all_rows",
    old="logits.max(axis=1, keepdims=True)",
    new="logits.max()",
    hint="What becomes of a row that lies 20000 below the largest logit of another row?",
)
softmax_cross_entropy.mutant(
    "columns_normalised",
    old="np.exp(shifted).sum(axis=1, keepdims=True)",
    new="np.exp(shifted).sum(axis=0, keepdims=True)",
    hint="Which probabilities sum to 1: those of a row, or those of a column?",
)
softmax_cross_entropy.mutant(
    "table_normalised",
    old="np.exp(shifted).sum(axis=1, keepdims=True)",
    new="np.exp(shifted).sum()",
    hint="Over which numbers do your probabilities sum to 1: one row, or the whole table?",
)
softmax_cross_entropy.mutant(
    "axis_lost",
    old="np.exp(shifted).sum(axis=1, keepdims=True)",
    new="np.exp(shifted).sum(axis=1)",
    hint="Which shape has the sum of each row, and along which axis does numpy spread it?",
)
softmax_cross_entropy.mutant(
    "not_normalised",
    old=LOG_SOFTMAX,
    new="shifted",
    hint="Do your probabilities sum to 1?",
)
softmax_cross_entropy.mutant(
    "softmax_twice",
    old="    shifted =",
    new="    logits = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
    "    logits = logits / logits.sum(axis=1, keepdims=True)\n    shifted =",
    hint="How many times does your code apply the softmax?",
)
softmax_cross_entropy.mutant(
    "bits",
    old=".mean()",
    new=".mean() / np.log(2)",
    hint="Which logarithm does this course use unless a base is given?",
)
softmax_cross_entropy.mutant(
    "log_of_mean",
    old=f"-{TRUE_LOGS}.mean()",
    new=f"-np.log(np.exp({TRUE_LOGS}).mean())",
    hint="Is the logarithm of a mean the mean of the logarithms?",
)
softmax_cross_entropy.mutant(
    "no_logarithm",
    old=f"-{TRUE_LOGS}.mean()",
    new=f"1 - np.exp({TRUE_LOGS}).mean()",
    hint="What does a very wrong answer cost at most in your code, and what in the formula?",
)
softmax_cross_entropy.mutant(
    "predicted_class",
    old=TRUE_LOGS,
    new="log_probs.max(axis=1)",
    hint="Which class is charged: the one that was predicted, or the one that is true?",
)
softmax_cross_entropy.mutant(
    "labels_as_numbers",
    old=f"-{TRUE_LOGS}",
    new="-(labels[:, np.newaxis] * log_probs).sum(axis=1)",
    hint="Is a label a number to multiply with, or the name of a column?",
)
softmax_cross_entropy.mutant(
    "one_hot_too_narrow",
    old=f"-{TRUE_LOGS}",
    new="-(np.eye(labels.max() + 1)[labels] * log_probs).sum(axis=1)",
    hint="How many columns has your one-hot table when the last class does not occur?",
)
softmax_cross_entropy.mutant(
    "not_reduced",
    old=f"float(-{TRUE_LOGS}.mean())",
    new=f"-{TRUE_LOGS}",
    hint="You have a loss for each row; how does a batch get a single one?",
)
softmax_cross_entropy.mutant(
    "in_place",
    old="shifted = logits - logits.max(axis=1, keepdims=True)",
    new="logits -= logits.max(axis=1, keepdims=True)\n    shifted = logits",
    hint="Whose array does an operator like -= change?",
)
softmax_cross_entropy.mutant(
    "wraps_around",
    old="logits = as_float(logits)",
    new="logits = np.asarray(logits)",
    hint="What is 3 - 5 in unsigned bytes?",
)
softmax_cross_entropy.alternative(
    "logaddexp",
    """
    def softmax_cross_entropy(logits, labels):
        require_rows(logits, labels)
        logits = as_float(logits)
        picked = np.take_along_axis(logits, labels[:, np.newaxis], axis=1)[:, 0]
        return np.mean(np.logaddexp.reduce(logits, axis=1) - picked)
    """,
)
softmax_cross_entropy.alternative(
    "loop",
    """
    def softmax_cross_entropy(logits, labels):
        import math

        require_rows(logits, labels)
        total = 0.0
        for row, label in zip(logits.tolist(), labels):
            top = max(row)
            total += top + math.log(sum(math.exp(z - top) for z in row)) - row[label]
        return total / len(labels)
    """,
)
softmax_cross_entropy.alternative(
    "leads_over_the_true_class",
    """
    def softmax_cross_entropy(logits, labels):
        require_rows(logits, labels)
        one_hot = np.eye(logits.shape[1])[labels]
        leads = logits - np.einsum("ik,ik->i", one_hot, as_float(logits))[:, None]
        top = leads.max(axis=1)
        return (top + np.log(np.exp(leads - top[:, None]).sum(axis=1))).sum() / len(leads)
    """,
)
softmax_cross_entropy.alternative(
    "columns_are_examples",
    """
    def softmax_cross_entropy(logits, labels):
        require_rows(logits, labels)
        z = np.array(logits, dtype=float).T
        z -= z.max(axis=0)
        is_true = np.arange(len(z))[:, None] == labels
        return (np.log(np.exp(z).sum(axis=0)) - z.sum(axis=0, where=is_true)).mean()
    """,
)


softmax_cross_entropy_backward = Exercise("losses.softmax_cross_entropy_backward")


@softmax_cross_entropy_backward.check(batches, weight=0.5)
def gradient_has_the_shape_of_logits(subject, case):
    """The gradient has one entry for each logit."""
    return {"dlogits": 0.0 * subject.softmax_cross_entropy_backward(**case)}  # only the shape


@softmax_cross_entropy_backward.check(batches, weight=3, public=True)
def gradient_is_that_of_the_mean(subject, case):
    """The gradient is that of the mean loss, with respect to the logits."""
    return {"dlogits": subject.softmax_cross_entropy_backward(**case)}


@softmax_cross_entropy_backward.check(more_batches, weight=2)
def any_batch_will_do(subject, case):
    """Batches may have any number of rows and of classes."""
    return {"dlogits": subject.softmax_cross_entropy_backward(**case)}


@softmax_cross_entropy_backward.check(batches_without_the_last_class)
def last_class_may_be_absent(subject, case):
    """The last class need not occur among the labels of a batch."""
    return {"dlogits": subject.softmax_cross_entropy_backward(**case)}


@softmax_cross_entropy_backward.check(gaps)
def gap_of_a_thousand_is_harmless(subject, case):
    """The gradient is finite and right when the true class is 1000 behind another."""
    return {"dlogits": subject.softmax_cross_entropy_backward(**case)}


@softmax_cross_entropy_backward.check(far_off, public=True)
def large_logits_do_not_overflow(subject, case):
    """The level of a row does not matter, even ten thousand above or below 0."""
    return {"dlogits": subject.softmax_cross_entropy_backward(np.array(case.logits), case.labels)}


@softmax_cross_entropy_backward.check(whole_batches, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"dlogits": subject.softmax_cross_entropy_backward(**case)}


@softmax_cross_entropy_backward.check(single_batches, weight=0.5)
def float32_is_kept(subject, case):
    """Logits of float32 have a gradient of float32."""
    return {"dtype": str(subject.softmax_cross_entropy_backward(**case).dtype)}


@softmax_cross_entropy_backward.check(batches, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.softmax_cross_entropy_backward(**case)
    return {"logits": case.logits, "labels": case.labels}


SUBTRACTED = "dlogits[np.arange(len(labels)), labels] -= 1"

softmax_cross_entropy_backward.mutant(
    "sign",
    old="return dlogits",
    new="return -dlogits",
    hint="Which sign should the gradient of a wrong class have?",
)
softmax_cross_entropy_backward.mutant(
    "no_mean",
    old=" / len(labels)",
    new="",
    hint="The loss is a mean over the rows. Where is its 1/N in your gradient?",
)
softmax_cross_entropy_backward.mutant(
    "over_all_elements",
    old=" / len(labels)",
    new=" / logits.size",
    hint="Does the loss divide by the rows, or by all entries of the table?",
)
softmax_cross_entropy_backward.mutant(
    "mean_of_one_term",
    old="-= 1\n    return dlogits / len(labels)",
    new="-= 1 / len(labels)\n    return dlogits",
    hint="Which of the terms of your gradient are divided by N?",
)
softmax_cross_entropy_backward.mutant(
    "gradient_of_probs",
    old=SUBTRACTED,
    new="dlogits = -np.eye(logits.shape[1], dtype=logits.dtype)[labels] / dlogits",
    hint="With respect to what did you differentiate: the logits, or the probabilities?",
)
softmax_cross_entropy_backward.mutant(
    "slope_of_softmax",
    old="-= 1",
    new="*= dlogits[np.arange(len(labels)), labels] - 1",
    hint="Is this the derivative of the softmax alone? What does the logarithm contribute?",
)
softmax_cross_entropy_backward.mutant(
    "no_label",
    old=SUBTRACTED,
    new="pass",
    hint="Where does your gradient use the labels?",
)
softmax_cross_entropy_backward.mutant(
    "true_class_only",
    old="return dlogits",
    new="return np.eye(logits.shape[1], dtype=logits.dtype)[labels] * dlogits",
    hint="Does the logit of a wrong class have no influence on the loss?",
)
softmax_cross_entropy_backward.mutant(
    "true_classes_as_vector",
    old="return dlogits",
    new="return dlogits[np.arange(len(labels)), labels]",
    hint="Which shape must a gradient have, compared with what it is the gradient of?",
)
softmax_cross_entropy_backward.mutant(
    "predicted_class",
    old=SUBTRACTED,
    new="dlogits[np.arange(len(labels)), dlogits.argmax(axis=1)] -= 1",
    hint="Which class should become more probable: the predicted one, or the true one?",
)
softmax_cross_entropy_backward.mutant(
    "labels_as_numbers",
    old=SUBTRACTED,
    new="dlogits -= labels[:, np.newaxis]",
    hint="Is a label a number to subtract, or the name of a column?",
)
softmax_cross_entropy_backward.mutant(
    "one_hot_too_narrow",
    old=SUBTRACTED,
    new="dlogits -= np.eye(labels.max() + 1)[labels]",
    hint="How many columns has your one-hot table when the last class does not occur?",
)
softmax_cross_entropy_backward.mutant(
    "columns_normalised",
    old="exps.sum(axis=1, keepdims=True)",
    new="exps.sum(axis=0, keepdims=True)",
    hint="Which probabilities sum to 1: those of a row, or those of a column?",
)
softmax_cross_entropy_backward.mutant(
    "table_normalised",
    old="exps.sum(axis=1, keepdims=True)",
    new="exps.sum()",
    hint="Over which numbers do your probabilities sum to 1: one row, or the whole table?",
)
softmax_cross_entropy_backward.mutant(
    "axis_lost",
    old="exps.sum(axis=1, keepdims=True)",
    new="exps.sum(axis=1)",
    hint="Which shape has the sum of each row, and along which axis does numpy spread it?",
)
softmax_cross_entropy_backward.mutant(
    "no_shift",
    old="logits - logits.max(axis=1, keepdims=True)",
    new="logits",
    hint="What is np.exp of ten thousand? Which shift of a row leaves its softmax as it is?",
)
softmax_cross_entropy_backward.mutant(
    "one_shift_for_all_rows",
    old="logits.max(axis=1, keepdims=True)",
    new="logits.max()",
    hint="What becomes of a row that lies 20000 below the largest logit of another row?",
)
softmax_cross_entropy_backward.mutant(
    "in_place",
    old="exps = np.exp(logits - logits.max(axis=1, keepdims=True))",
    new="logits -= logits.max(axis=1, keepdims=True)\n    exps = np.exp(logits)",
    hint="Whose array does an operator like -= change?",
)
softmax_cross_entropy_backward.mutant(
    "wraps_around",
    old="logits = as_float(logits)",
    new="logits = np.asarray(logits)",
    hint="What is 3 - 5 in unsigned bytes?",
)
softmax_cross_entropy_backward.mutant(
    "float64_always",
    old="logits = as_float(logits)",
    new="logits = np.asarray(logits, float)",
    hint="float32 goes in: which dtype comes out, and where does it change?",
)
softmax_cross_entropy_backward.alternative(
    "one_hot",
    """
    def softmax_cross_entropy_backward(logits, labels):
        require_rows(logits, labels)
        logits = as_float(logits)
        probs = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
        one_hot = np.eye(probs.shape[1], dtype=probs.dtype)[labels]
        return (probs - one_hot) / probs.shape[0]
    """,
)
softmax_cross_entropy_backward.alternative(
    "loop",
    """
    def softmax_cross_entropy_backward(logits, labels):
        import math

        require_rows(logits, labels)
        dlogits = np.zeros_like(as_float(logits))
        for i, row in enumerate(logits.tolist()):
            top = max(row)
            total = sum(math.exp(z - top) for z in row)
            for k, z in enumerate(row):
                dlogits[i, k] = (math.exp(z - top) / total - (k == labels[i])) / len(labels)
        return dlogits
    """,
)
softmax_cross_entropy_backward.alternative(
    "pairs_of_classes",
    """
    def softmax_cross_entropy_backward(logits, labels):
        require_rows(logits, labels)
        z = as_float(logits)
        gradient = 1 / np.exp(z[:, np.newaxis, :] - z[:, :, np.newaxis]).sum(axis=2)
        is_true = np.arange(z.shape[1]) == labels[:, np.newaxis]
        gradient = np.where(is_true, gradient - 1, gradient)
        return np.divide(gradient, len(z))
    """,
)
