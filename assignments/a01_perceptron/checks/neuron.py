"""What a single neuron computes: the step function and the perceptron's prediction."""

import numpy as np

from autograder.declare import Case, Exercise, curve, exact


def numbers(rng):
    """Numbers of both signs, none near 0: a vector, a table."""
    for shape in [(5,), (2, 4)]:
        yield Case(z=rng.uniform(0.1, 3.0, shape) * rng.permutation(signs(shape)))


def signs(shape):
    """Return an array of both signs, in turn."""
    return np.where(np.arange(np.prod(shape, dtype=int)) % 2, -1.0, 1.0).reshape(shape)


def zeros(rng):
    """Zeros of both signs, alone and among others."""
    yield Case(z=np.array([0.0, -0.0]))
    for sign in (1.0, -1.0):
        yield Case(z=np.array([-rng.uniform(1, 2), sign * 0.0, rng.uniform(1, 2)]))


def extremes(rng):
    """Numbers that are tiny, among them the smallest that exist; then huge ones and infinities."""
    sizes = np.array([5e-324, 1e-300, 1e-12])
    yield Case(z=np.concatenate([sizes, -sizes]))
    yield Case(z=np.array([1e300, -1e300, np.inf, -np.inf, rng.uniform(1, 2)]))


def other_shapes(rng):
    """No axis, one entry, a column, a square table, a stack of tables."""
    for shape in [(), (1,), (4, 1), (3, 3), (2, 3, 2)]:
        yield Case(z=rng.uniform(0.1, 3.0, shape) * signs(shape) * rng.choice([-1.0, 1.0]))


def singles(rng):
    """A vector and a table of float32."""
    for shape in [(4,), (2, 3)]:
        yield Case(z=rng.standard_normal(shape).astype(np.float32))


def whole(rng):
    """Integers of both signs, then unsigned ones."""
    yield Case(z=np.array([-2, int(rng.integers(1, 9)), -1]))
    yield Case(z=rng.permutation(np.array([1, 2, 200], dtype=np.uint8)))


step = Exercise("perceptrons.step")


@step.check(numbers, weight=2, public=True, picture=curve("z"))
def positive_gives_one(subject, case):
    """Positive numbers become 1 and negative ones 0."""
    return {"step": subject.step(case.z.copy())}


@step.check(zeros, weight=1.5, public=True)
def zero_gives_one(subject, case):
    """The step of 0 is 1, and so is that of -0.0."""
    return {"step": subject.step(case.z.copy())}


@step.check(other_shapes)
def any_shape_will_do(subject, case):
    """The result has the shape of z, whatever that is."""
    return {"step": subject.step(case.z.copy())}


@step.check(extremes, judge=exact)
def size_does_not_matter(subject, case):
    """Only the sign counts, for the smallest numbers and for infinite ones."""
    return {"step": subject.step(case.z.copy())}


@step.check(whole, weight=0.5, judge=exact)
def integers_become_floats(subject, case):
    """Integers become zeros and ones of float64."""
    result = subject.step(case.z.copy())
    return {"step": result, "dtype": str(result.dtype)}


@step.check(singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """The step of float32 is float32."""
    return {"dtype": str(subject.step(case.z.copy()).dtype)}


@step.check(numbers, weight=0.5, judge=exact)
def argument_stays(subject, case):
    """The argument is left as it was."""
    subject.step(case.z)
    return {"z": case.z}


STEP = "(z >= 0).astype(z.dtype)"

step.mutant(
    "sign_function",
    old=STEP,
    new="np.sign(z)",
    hint="How many different values does a step function have, and which?",
)
step.mutant(
    "two_signs",
    old=STEP,
    new="np.where(z >= 0, 1, -1).astype(z.dtype)",
    hint="A neuron that does not fire is silent. Which number is that?",
)
step.mutant(
    "strict",
    old="z >= 0",
    new="z > 0",
    hint="What is the step of exactly 0, by the conventions above?",
)
step.mutant(
    "half",
    old=STEP,
    new="np.heaviside(z, np.asarray(0.5, z.dtype))",
    hint="Some define the step of 0 as the mean of both sides. What do the conventions above say?",
)
step.mutant(
    "sign_bit",
    old="z >= 0",
    new="~np.signbit(z)",
    hint="There are two zeros among floating-point numbers. Are they equal?",
)
step.mutant(
    "ramp",
    old=STEP,
    new="np.maximum(z, 0)",
    hint="Does a step go on rising?",
)
step.mutant(
    "clipped",
    old=STEP,
    new="np.clip(z, 0, 1)",
    hint="Which values can a step function have, besides 0 and 1?",
)
step.mutant(
    "sigmoid",
    old=STEP,
    new="(1 / (1 + np.exp(-z))).astype(z.dtype)",
    hint="Is this a step, or its smooth relative?",
)
step.mutant(
    "with_a_margin",
    old="z >= 0",
    new="z >= -1e-9",
    hint="Which sign has a tiny negative number?",
)
step.mutant(
    "booleans",
    old=".astype(z.dtype)",
    new="",
    hint="What kind of numbers does a comparison return?",
)
step.mutant(
    "always_float64",
    old="(z.dtype)",
    new="(float)",
    hint="Which dtype did z have before?",
)
step.mutant(
    "integers_kept",
    old="z = as_float(z)",
    new="z = np.asarray(z)",
    hint="Which dtype has the step of integers?",
)
step.mutant(
    "in_place",
    old="return " + STEP,
    new="if not z.ndim:\n        return " + STEP + "\n    z[...] = z >= 0\n    return z",
    hint="Whose array do you assign the zeros and ones to?",
)

step.alternative(
    "heaviside",
    """
    def step(z):
        return np.heaviside(as_float(z), np.ones_like(z, dtype=as_float(z).dtype))
    """,
)
step.alternative(
    "masks",
    """
    def step(z):
        z = np.asarray(z)
        result = np.ones(z.shape, z.dtype if np.issubdtype(z.dtype, np.floating) else np.float64)
        result[z < 0] = 0
        return result
    """,
)
step.alternative(
    "entry_by_entry",
    """
    def step(z):
        floats = as_float(z)
        result = np.empty_like(floats)
        for index in np.ndindex(floats.shape):
            result[index] = 0.0 if floats[index] < 0 else 1.0
        return result
    """,
)
step.alternative(
    "from_the_sign",
    """
    def step(z):
        z = as_float(z)
        return np.minimum(np.sign(z) + z.dtype.type(1), z.dtype.type(1))
    """,
)


def neurons(rng):
    """More examples than features, then fewer; both labels occur."""
    for n, d in [(5, 2), (3, 4)]:
        yield neuron(rng, n, d)


def neuron(rng, n, d):
    """Draw examples and a neuron whose boundary passes between them, away from the origin."""
    x, weights = rng.standard_normal((n, d)), rng.standard_normal(d)
    sums = np.sort(x @ weights)
    middle = int(rng.integers(1, n)) if n > 1 else 0
    return Case(x=x, weights=weights, bias=float(-(sums[middle - 1] + sums[middle]) / 2))


def more_neurons(rng):
    """One feature, one example that is a 1, another that is a 0, a square table."""
    yield neuron(rng, 6, 1)
    for bias in (5.0, -5.0):
        yield Case(x=rng.uniform(-1, 1, (1, 3)), weights=rng.uniform(-1, 1, 3), bias=bias)
    for _ in range(3):
        yield neuron(rng, 4, 4)


def strong_biases(rng):
    """A bias that decides against all the weights, in either direction."""
    for bias in (0.9, -0.9):
        x = rng.uniform(0.2, 0.8, (4, 3)) * np.where(np.arange(3) % 2, -1, 1)
        yield Case(x=x, weights=-np.sign(bias) * 0.5 * np.sign(x[0]), bias=bias)


def on_the_boundary(rng):
    """Integers and halves, whose sums are exact: examples on the boundary, above and below."""
    for d in (2, 3):
        weights = rng.integers(1, 4, d) * rng.choice([-1.0, 1.0], d)
        x = rng.integers(-3, 4, (4, d)).astype(np.float64)
        bias = -float(x[1] @ weights)
        x[2] = x[1] + np.eye(d)[0] * np.sign(weights[0]) / 2
        x[3] = x[1] - np.eye(d)[1] * np.sign(weights[1]) / 2
        yield Case(x=x, weights=weights, bias=bias)


def whole_examples(rng):
    """Examples that are unsigned bytes."""
    x = np.array([[1, 2], [3, 1], [2, 4]], dtype=np.uint8) * np.uint8(rng.integers(20, 60))
    yield Case(x=x, weights=np.array([-1.5, 0.5]), bias=float(rng.uniform(10, 20)))


predict = Exercise("perceptrons.perceptron_predict")


@predict.check(neurons, weight=0.5, public=True)
def one_label_for_each_example(subject, case):
    """There is one integer for each example."""
    return {"labels": 0 * subject.perceptron_predict(**case)}  # times 0: only shape and dtype


@predict.check(neurons, weight=3, public=True)
def weighted_sum_decides(subject, case):
    """An example whose weighted sum is positive, bias included, is a 1; if it is negative, a 0."""
    return {"labels": subject.perceptron_predict(**case)}


@predict.check(more_neurons, weight=2)
def any_number_of_features(subject, case):
    """It works for a single feature, a single example, and as many of one as of the other."""
    return {"labels": subject.perceptron_predict(**case)}


@predict.check(strong_biases)
def bias_can_decide(subject, case):
    """A bias can outweigh all the features."""
    return {"labels": subject.perceptron_predict(**case)}


@predict.check(on_the_boundary, weight=1.5)
def boundary_belongs_to_one(subject, case):
    """An example on the boundary itself is a 1."""
    return {"labels": subject.perceptron_predict(**case)}


@predict.check(whole_examples, weight=0.5)
def integers_are_accepted(subject, case):
    """Examples of integers are classified as well."""
    return {"labels": subject.perceptron_predict(**case)}


@predict.check(neurons, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Examples and weights are left as they were."""
    subject.perceptron_predict(**case)
    return {"x": case.x, "weights": case.weights}


PREDICTION = "step(x @ weights + bias).astype(np.int64)"

predict.mutant(
    "no_bias",
    old=" + bias",
    new="",
    hint="Which term moves the boundary away from the origin?",
)
predict.mutant(
    "threshold",
    old="+ bias",
    new="- bias",
    hint="A threshold is something that the sum must exceed. Which sign has a bias?",
)
predict.mutant(
    "bias_for_each_feature",
    old="x @ weights + bias",
    new="(x * weights + bias).sum(axis=1)",
    hint="How many times is the bias added to the sum of one example?",
)
predict.mutant(
    "products_not_summed",
    old="x @ weights",
    new="x * weights",
    hint="How many numbers are left of one example when its features are weighted and added up?",
)
predict.mutant(
    "columns",
    old="x @ weights",
    new="(weights @ x if len(x) == len(weights) else x @ weights)",
    hint="Does a weight belong to a row of x or to a column?",
)
predict.mutant(
    "strict",
    old=PREDICTION,
    new="(x @ weights + bias > 0).astype(np.int64)",
    hint="Which label has an example whose sum is exactly 0?",
)
predict.mutant(
    "signs",
    old=PREDICTION,
    new="np.where(x @ weights + bias >= 0, 1, -1)",
    hint="Which two labels does this course use?",
)
predict.mutant(
    "other_class",
    old=PREDICTION,
    new="1 - " + PREDICTION,
    hint="On which side of the boundary is a 1?",
)
predict.mutant(
    "sums_themselves",
    old=PREDICTION,
    new="x @ weights + bias",
    hint="Is this the label, or what decides about it?",
)
predict.mutant(
    "floats",
    old=".astype(np.int64)",
    new="",
    hint="Of which kind are labels: integers or fractions?",
)
predict.mutant(
    "booleans",
    old=".astype(np.int64)",
    new=" == 1",
    hint="Of which kind are labels: integers or truth values?",
)
predict.mutant(
    "one_for_all",
    old=PREDICTION,
    new="int(step((x @ weights).sum() + bias))",
    hint="How many labels do you return for a table of examples?",
)
predict.mutant(
    "in_place",
    old="return step(x @ weights",
    new="x = as_float(x)\n    x *= weights\n    return step(x.sum(axis=1)",
    hint="Whose examples does *= multiply?",
)

predict.alternative(
    "loop",
    """
    def perceptron_predict(x, weights, bias):
        labels = []
        for row in x.tolist():
            total = bias
            for value, weight in zip(row, weights.tolist()):
                total += value * weight
            labels.append(1 if total >= 0 else 0)
        return np.array(labels)
    """,
)
predict.alternative(
    "extended_examples",
    """
    def perceptron_predict(x, weights, bias):
        extended = np.column_stack([x, np.ones(len(x))])
        return np.where(extended @ np.append(weights, bias) < 0, 0, 1)
    """,
)
predict.alternative(
    "einsum",
    """
    def perceptron_predict(x, weights, bias):
        sums = np.einsum("nd,d->n", np.asarray(x, dtype=float), weights)
        return (sums + bias >= 0).astype(int)
    """,
)
predict.alternative(
    "threshold",
    """
    def perceptron_predict(x, weights, bias):
        labels = np.zeros(x.shape[0], dtype=np.int32)
        labels[(x * weights).sum(axis=-1) >= -bias] = 1
        return labels
    """,
)
