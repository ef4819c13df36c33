"""Binary cross-entropy and its gradient."""

import numpy as np

from autograder.declare import Case, Exercise, exact, raises


def answers(rng, shape):
    """Logits of either sign, with both labels."""
    size = int(np.prod(shape))
    labels = rng.permutation(np.arange(size) % 2).reshape(shape).astype(float)
    logits = rng.uniform(0.2, 3.0, shape) * rng.choice([-1, 1], shape)
    return Case(logits=logits, labels=labels)


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


for each in (binary_cross_entropy, binary_cross_entropy_backward):
    each.mutant(
        "broadcasts",
        old="if logits.shape != labels.shape:",
        new="if False:",
        hint="What does numpy make of an array of shape (N, 1) minus one of shape (N,)?",
    )
