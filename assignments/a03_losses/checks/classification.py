"""Losses of classification: cross-entropy in three forms and the hinge, each with its gradient."""

import numpy as np

from autograder.declare import Case, Exercise, exact, raises


def class_labels(rng, n, k):
    """Labels among which the last class occurs, and for two rows or more the first."""
    labels = rng.integers(k, size=n)
    labels[-1] = 0
    labels[0] = k - 1
    return rng.permutation(labels)


def class_probs(rng, n, k):
    """Rows of probabilities, none of them near 0."""
    probs = rng.dirichlet(np.ones(k), n) + 0.05
    return probs / probs.sum(axis=1, keepdims=True)


def answers(rng, shape):
    """Logits of either sign, with both labels."""
    size = int(np.prod(shape))
    labels = rng.permutation(np.arange(size) % 2).reshape(shape).astype(float)
    logits = rng.uniform(0.2, 3.0, shape) * rng.choice([-1, 1], shape)
    return Case(logits=logits, labels=labels)


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


def binary(rng):
    """Vectors, a table that is not square, one column."""
    for shape in [(4,), (5,), (2, 3), (4, 1)]:
        yield answers(rng, shape)


def more_binary(rng):
    """One element of each label, one row, three columns, a square table, a stack of tables."""
    yield Case(logits=rng.uniform(0.5, 2, 1), labels=np.array([0.0]))
    yield Case(logits=rng.uniform(0.5, 2, 1), labels=np.array([1.0]))
    for shape in [(1, 4), (5, 3), (3, 3), (2, 3, 2)]:
        yield answers(rng, shape)


def soft_binary(rng):
    """Labels that are probabilities."""
    for shape in [(4,), (3, 2)]:
        labels = rng.choice([0.2, 0.3, 0.7, 0.9], shape)
        yield Case(logits=rng.uniform(-2, 2, shape), labels=labels)


def extreme_binary(rng):
    """Logits of some hundreds and of ten thousand, right and wrong."""
    labels = np.array([0.0, 1.0, 1.0, 0.0])
    signs = np.array([1, -1, 1, -1])
    yield Case(logits=1e4 * signs, labels=labels)
    yield Case(logits=rng.uniform(720, 5000, 4) * signs, labels=labels)
    yield Case(logits=rng.uniform(38, 60, 4) * signs, labels=labels)


def broadcastable(rng):
    """Shapes that numpy would stretch to a common one."""
    for left, right in [((3, 1), (3,)), ((2, 3), (1, 3)), ((4,), (1,))]:
        labels = rng.integers(2, size=right).astype(float)
        yield Case(logits=rng.standard_normal(left), labels=labels)


def whole_binary(rng):
    """Unsigned bytes, which have no negative, then signed integers."""
    labels = np.array([0, 1, 1, 0])
    yield Case(logits=rng.integers(1, 9, 4).astype(np.uint8), labels=labels.astype(np.uint8))
    yield Case(logits=rng.integers(-9, 9, 4), labels=labels)


def single_binary(rng):
    """Logits and labels of float32."""
    for shape in [(5,), (3, 2)]:
        case = answers(rng, shape)
        yield Case(logits=case.logits.astype(np.float32), labels=case.labels.astype(np.float32))


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


binary_cross_entropy = Exercise("losses.binary_cross_entropy")


@binary_cross_entropy.check(binary, weight=0.5)
def loss_is_one_number(subject, case):
    """The loss is one number, for a table of logits too."""
    return {"loss": 0.0 * subject.binary_cross_entropy(**case)}  # only the shape is left


@binary_cross_entropy.check(binary, weight=3, public=True)
def loss_is_the_mean_cross_entropy(subject, case):
    """The loss is the mean cross-entropy of the labels, in nats."""
    return {"loss": subject.binary_cross_entropy(**case)}


@binary_cross_entropy.check(more_binary, weight=2)
def every_element_counts(subject, case):
    """The mean runs over every element, whatever the shape of the table."""
    return {"loss": subject.binary_cross_entropy(**case)}


@binary_cross_entropy.check(soft_binary)
def label_may_be_a_probability(subject, case):
    """A label may be a probability between 0 and 1: both terms count then."""
    return {"loss": subject.binary_cross_entropy(**case)}


@binary_cross_entropy.check(extreme_binary, weight=2, public=True)
def large_logits_do_not_overflow(subject, case):
    """A logit of ten thousand on the wrong side costs ten thousand, on the right side nothing."""
    return {"loss": subject.binary_cross_entropy(**case)}


@binary_cross_entropy.check(broadcastable, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"loss": subject.binary_cross_entropy(**case)}


@binary_cross_entropy.check(whole_binary, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return {"loss": subject.binary_cross_entropy(**case)}


@binary_cross_entropy.check(binary, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.binary_cross_entropy(**case)
    return {"logits": case.logits, "labels": case.labels}


FORWARD = "np.maximum(logits, 0) - labels * logits + np.log1p(np.exp(-np.abs(logits)))"

binary_cross_entropy.mutant(
    "minus_on_one_term",
    old=FORWARD,
    new="labels * np.logaddexp(0, -logits) - (1 - labels) * np.logaddexp(0, logits)",
    hint="Which terms does the minus sign before the sum belong to?",
)
binary_cross_entropy.mutant(
    "no_minus",
    old="losses.mean()",
    new="-losses.mean()",
    hint="Which sign has the logarithm of a probability, and which sign a loss?",
)
binary_cross_entropy.mutant(
    "dot_product",
    old="labels * logits",
    new="labels @ logits",
    hint="Is each label paired with its own logit, or is something summed too early?",
)
binary_cross_entropy.mutant(
    "not_reduced",
    old="float(losses.mean())",
    new="losses",
    hint="You have a loss for each element; how does a batch get a single one?",
)
binary_cross_entropy.mutant(
    "unprotected",
    old=FORWARD,
    new="-labels * np.log(1 / (1 + np.exp(-logits)))"
    " - (1 - labels) * np.log(1 - 1 / (1 + np.exp(-logits)))",
    hint="What is log(0) in floating point, and what is 0 times that?",
)
binary_cross_entropy.mutant(
    "softplus_overflows",
    old=FORWARD,
    new="np.log(1 + np.exp(logits)) - labels * logits",
    hint="How large may z be before np.exp(z) is infinite? Can the exponent be kept negative?",
)
binary_cross_entropy.mutant(
    "clipped",
    old=FORWARD,
    new="-labels * np.log(np.clip(1 / (1 + np.exp(-logits)), 1e-12, 1 - 1e-12))"
    " - (1 - labels) * np.log(1 - np.clip(1 / (1 + np.exp(-logits)), 1e-12, 1 - 1e-12))",
    hint="Which is the largest loss that a clipped probability can have?",
)
binary_cross_entropy.mutant(
    "only_label_one",
    old=FORWARD,
    new="labels * np.logaddexp(0, -logits)",
    hint="What does your loss charge for a wrong answer when the label is 0?",
)
binary_cross_entropy.mutant(
    "labels_swapped",
    old=FORWARD,
    new="np.maximum(logits, 0) - (1 - labels) * logits + np.log1p(np.exp(-np.abs(logits)))",
    hint="Which label does a large positive logit speak for?",
)
binary_cross_entropy.mutant(
    "hard_labels",
    old="labels * logits",
    new="np.round(labels) * logits",
    hint="What does a label of 0.3 say, and does your code hear it?",
)
binary_cross_entropy.mutant(
    "sigmoid_twice",
    old="losses =",
    new="logits = 1 / (1 + np.exp(-logits))\n    losses =",
    hint="Is the sigmoid part of the loss formula already, or do you apply it once more?",
)
binary_cross_entropy.mutant(
    "bits",
    old="losses.mean()",
    new="losses.mean() / np.log(2)",
    hint="Which logarithm does this course use unless a base is given?",
)
binary_cross_entropy.mutant(
    "rows_only",
    old="losses.mean()",
    new="losses.sum() / len(losses)",
    hint="By how many numbers do you divide: by the rows, or by the elements of the table?",
)
binary_cross_entropy.mutant(
    "sum_not_mean",
    old="losses.mean()",
    new="losses.sum()",
    hint="Would a batch twice as long cost twice as much?",
)
binary_cross_entropy.mutant(
    "in_place",
    old="losses = np.maximum(logits, 0) - labels * logits",
    new="labels *= logits\n    losses = np.maximum(logits, 0) - labels",
    hint="Whose array does an operator like *= change?",
)
binary_cross_entropy.mutant(
    "negated_bytes",
    old="as_float(logits), as_float(labels)",
    new="np.asarray(logits), np.asarray(labels)",
    hint="What is -3 in unsigned bytes?",
)
binary_cross_entropy.alternative(
    "logaddexp",
    """
    def binary_cross_entropy(logits, labels):
        if logits.shape != labels.shape:
            raise ValueError("shapes differ")
        logits = as_float(logits)
        return np.mean(np.logaddexp(0, logits) - labels * logits)
    """,
)
binary_cross_entropy.alternative(
    "two_terms",
    """
    def binary_cross_entropy(logits, labels):
        if logits.shape != labels.shape:
            raise ValueError("shapes differ")
        logits, labels = logits.astype(float), labels.astype(float)
        log_yes, log_no = -np.logaddexp(0, -logits), -np.logaddexp(0, logits)
        return -np.average(labels * log_yes + (1 - labels) * log_no)
    """,
)
binary_cross_entropy.alternative(
    "loop",
    """
    def binary_cross_entropy(logits, labels):
        import math

        if np.shape(logits) != np.shape(labels):
            raise ValueError("shapes differ")
        total = 0.0
        for z, y in zip(np.ravel(logits), np.ravel(labels)):
            z, y = float(z), float(y)
            if z > 0:
                total += (1 - y) * z + math.log1p(math.exp(-z))
            else:
                total += -y * z + math.log1p(math.exp(z))
        return total / np.size(logits)
    """,
)
binary_cross_entropy.alternative(
    "two_classes",
    """
    def binary_cross_entropy(logits, labels):
        if logits.shape != labels.shape:
            raise ValueError("shapes differ")
        z, y = as_float(logits).ravel(), as_float(labels).ravel()
        pair = np.stack([np.zeros_like(z), z])
        top = pair.max(axis=0)
        log_probs = pair - top - np.log(np.exp(pair - top).sum(axis=0))
        return -((1 - y) @ log_probs[0] + y @ log_probs[1]) / len(z)
    """,
)


binary_cross_entropy_backward = Exercise("losses.binary_cross_entropy_backward")


@binary_cross_entropy_backward.check(binary, weight=0.5)
def gradient_has_the_shape_of_logits(subject, case):
    """The gradient has one entry for each logit."""
    return {"dlogits": 0.0 * subject.binary_cross_entropy_backward(**case)}  # only the shape


@binary_cross_entropy_backward.check(binary, weight=3, public=True)
def gradient_is_that_of_the_mean(subject, case):
    """The gradient is that of the mean loss, with respect to the logits."""
    return {"dlogits": subject.binary_cross_entropy_backward(**case)}


@binary_cross_entropy_backward.check(more_binary, weight=2)
def every_element_counts(subject, case):
    """The mean that is differentiated runs over every element."""
    return {"dlogits": subject.binary_cross_entropy_backward(**case)}


@binary_cross_entropy_backward.check(soft_binary)
def label_may_be_a_probability(subject, case):
    """A label may be a probability between 0 and 1."""
    return {"dlogits": subject.binary_cross_entropy_backward(**case)}


@binary_cross_entropy_backward.check(extreme_binary, weight=2, public=True)
def large_logits_do_not_overflow(subject, case):
    """The gradient is finite for a logit of ten thousand, on the right side and on the wrong."""
    return {"dlogits": subject.binary_cross_entropy_backward(**case)}


@binary_cross_entropy_backward.check(broadcastable, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"dlogits": subject.binary_cross_entropy_backward(**case)}


@binary_cross_entropy_backward.check(whole_binary, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return {"dlogits": subject.binary_cross_entropy_backward(**case)}


@binary_cross_entropy_backward.check(single_binary, weight=0.5)
def float32_is_kept(subject, case):
    """Logits and labels of float32 have a gradient of float32."""
    return {"dtype": str(subject.binary_cross_entropy_backward(**case).dtype)}


@binary_cross_entropy_backward.check(binary, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.binary_cross_entropy_backward(**case)
    return {"logits": case.logits, "labels": case.labels}


SIGMOID = "np.exp(np.minimum(logits, 0)) / (1 + np.exp(-np.abs(logits)))"

binary_cross_entropy_backward.mutant(
    "sign",
    old="probs - labels",
    new="labels - probs",
    hint="The label is 0: does a larger logit make the loss larger or smaller?",
)
binary_cross_entropy_backward.mutant(
    "no_mean",
    old=" / logits.size",
    new="",
    hint="The loss is a mean. Where is its 1/M in your gradient?",
)
binary_cross_entropy_backward.mutant(
    "rows_only",
    old="logits.size",
    new="len(logits)",
    hint="Over how many numbers does the loss take its mean when there are several columns?",
)
binary_cross_entropy_backward.mutant(
    "sigmoid_overflows",
    old=SIGMOID,
    new="np.exp(logits) / (1 + np.exp(logits))",
    hint="What is infinity divided by infinity? Which form of the sigmoid never meets it?",
)
binary_cross_entropy_backward.mutant(
    "sigmoid_mirrored",
    old=SIGMOID,
    new="np.exp(np.minimum(-logits, 0)) / (1 + np.exp(-np.abs(logits)))",
    hint="Which probability should a large positive logit have?",
)
binary_cross_entropy_backward.mutant(
    "no_sigmoid",
    old="(probs - labels)",
    new="(logits - labels)",
    hint="From what does the label have to be subtracted: a logit or a probability?",
)
binary_cross_entropy_backward.mutant(
    "slope_of_sigmoid_again",
    old="(probs - labels)",
    new="(probs - labels) * probs * (1 - probs)",
    hint="What is left of σ'(z) once it is multiplied by the derivative of the logarithm?",
)
binary_cross_entropy_backward.mutant(
    "gradient_of_probs",
    old="(probs - labels)",
    new="((1 - labels) / (1 - probs) - labels / probs)",
    hint="With respect to what did you differentiate: the probability, or the logit before it?",
)
binary_cross_entropy_backward.mutant(
    "only_label_one",
    old="(probs - labels)",
    new="(labels * (probs - 1))",
    hint="Which gradient do you give a logit whose label is 0?",
)
binary_cross_entropy_backward.mutant(
    "hard_labels",
    old="(probs - labels)",
    new="(probs - np.round(labels))",
    hint="What does a label of 0.3 say, and does your code hear it?",
)
binary_cross_entropy_backward.mutant(
    "summed",
    old="(probs - labels) / logits.size",
    new="(probs - labels).mean()",
    hint="With respect to how many numbers do you differentiate, and how many slopes is that?",
)
binary_cross_entropy_backward.mutant(
    "in_place",
    old="return (probs - labels)",
    new="labels -= probs\n    return -labels",
    hint="Whose array does an operator like -= change?",
)
binary_cross_entropy_backward.mutant(
    "negated_bytes",
    old="as_float(logits), as_float(labels)",
    new="np.asarray(logits), np.asarray(labels)",
    hint="What is -3 in unsigned bytes?",
)
binary_cross_entropy_backward.mutant(
    "float64_always",
    old="as_float(logits), as_float(labels)",
    new="np.asarray(logits, float), np.asarray(labels, float)",
    hint="float32 goes in: which dtype comes out, and where does it change?",
)
binary_cross_entropy_backward.alternative(
    "plain_sigmoid",
    """
    def binary_cross_entropy_backward(logits, labels):
        if logits.shape != labels.shape:
            raise ValueError("shapes differ")
        logits, labels = as_float(logits), as_float(labels)
        return (1 / (1 + np.exp(-logits)) - labels) / np.prod(logits.shape).astype(logits.dtype)
    """,
)
binary_cross_entropy_backward.alternative(
    "tanh",
    """
    def binary_cross_entropy_backward(logits, labels):
        if logits.shape != labels.shape:
            raise ValueError("shapes differ")
        half = as_float(logits) / 2
        return ((np.tanh(half) + 1) / 2 - as_float(labels)) / half.size
    """,
)
binary_cross_entropy_backward.alternative(
    "two_terms",
    """
    def binary_cross_entropy_backward(logits, labels):
        if logits.shape != labels.shape:
            raise ValueError("shapes differ")
        z, y = as_float(logits), as_float(labels)
        yes, no = np.exp(-np.logaddexp(0, -z)), np.exp(-np.logaddexp(0, z))
        return ((1 - y) * yes - y * no) / z.size
    """,
)
binary_cross_entropy_backward.alternative(
    "loop",
    """
    def binary_cross_entropy_backward(logits, labels):
        import math

        if logits.shape != labels.shape:
            raise ValueError("shapes differ")
        dlogits = np.zeros_like(as_float(logits))
        for index, z in np.ndenumerate(logits):
            small = math.exp(-abs(float(z)))
            prob = 1 / (1 + small) if z >= 0 else small / (1 + small)
            dlogits[index] = (prob - labels[index]) / logits.size
        return dlogits
    """,
)


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


for each in (binary_cross_entropy, binary_cross_entropy_backward):
    each.mutant(
        "broadcasts",
        old="if logits.shape != labels.shape:",
        new="if False:",
        hint="What does numpy make of an array of shape (N, 1) minus one of shape (N,)?",
    )
