"""Layer normalisation, forward: every example by itself."""

import numpy as np
from checks._tables import FAR, affine, by_row, bytes_by_column, dtypes, narrow_rows, single

from autograder.declare import Case, Exercise, exact


def drawn(rng, n, d, **options):
    """Draw a batch whose rows differ in mean and spread, with its parameters."""
    return Case(**{"x": by_row(rng, n, d), **affine(rng, d), **options})


def batches(rng):
    """More rows than columns, then fewer."""
    for n, d in [(5, 3), (3, 6)]:
        yield drawn(rng, n, d)


def more_batches(rng):
    """Square tables, two columns, a single example, many columns."""
    for n, d in [(5, 5), (3, 3), (4, 2), (1, 7), (2, 40)]:
        yield drawn(rng, n, d)


def guarded_batches(rng):
    """A guard of 0.1 beside variances of 1e-6, 1 and 9; then the usual guard beside 1e-6."""
    for d, spreads, options in [(5, [1e-3, 1.0, 3.0], {"eps": 0.1}), (4, [1e-3, 1e-3], {})]:
        yield drawn(rng, len(spreads), d, x=narrow_rows(rng, d, spreads), **options)


def flat_batches(rng):
    """Examples with a single feature, then an example that is 0 in every feature."""
    for n in (3, 1):
        yield drawn(rng, n, 1)
    case = drawn(rng, 3, 5)
    case["x"][rng.integers(3)] = 0.0
    yield case


def far_from_zero(rng):
    """Examples whose features differ little from each other, and are a million away from 0.

    The distance is added in the check: a change of a millionth would be as large as the spread.
    """
    for n, d in [(4, 6), (5, 5), (3, 12)]:
        noise = narrow_rows(rng, d, np.full(n, 0.05))
        yield Case(noise=noise, distance=FAR, **affine(rng, d))


def whole_batches(rng):
    """Unsigned bytes, then signed integers.

    The guard is smaller than usual, since bytes cannot be spread as widely as the other batches.
    """
    yield drawn(rng, 3, 5, x=bytes_by_column(rng, 5, 3).T.copy(), eps=1e-9)
    yield drawn(rng, 4, 3, x=by_row(rng, 4, 3).astype(np.int64), eps=1e-9)


def single_batches(rng):
    """Everything in float32."""
    for case in batches(rng):
        yield Case(**single({**case}))


exercise = Exercise("normalization.layernorm")


@exercise.check(batches, weight=0.5, public=True)
def shape(subject, case):
    """A batch of the same shape comes back."""
    return {"y": 0.0 * subject.layernorm(**case)}  # times 0: only the shape is left to compare


@exercise.check(batches, weight=3, public=True)
def every_example_is_normalised(subject, case):
    """Each example is normalised over its own features, then each feature is scaled and shifted."""
    return {"y": subject.layernorm(**case)}


@exercise.check(more_batches, weight=2)
def any_batch_will_do(subject, case):
    """Batches may have any number of rows and of features, as many of the one as of the other too."""
    return {"y": subject.layernorm(**case)}


@exercise.check(guarded_batches, weight=1.5)
def guard_is_that_of_the_formula(subject, case):
    """The guard is that of the formula, and it matters where the features of an example hardly differ."""
    return {"y": subject.layernorm(**case)}


@exercise.check(flat_batches)
def example_without_variance_becomes_the_shift(subject, case):
    """An example whose features are all the same becomes beta, and no NaN appears."""
    return {"y": subject.layernorm(**case)}


@exercise.check(far_from_zero, weight=1.5)
def far_from_zero_no_digits_are_lost(subject, case):
    """A large mean does not swallow a small variance."""
    x = case.distance + case.noise
    return {"y": subject.layernorm(x, case.gamma, case.beta, eps=1e-12)}


@exercise.check(batches, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arrays that were given are left as they were."""
    subject.layernorm(**case)
    return {"x": case.x, "gamma": case.gamma, "beta": case.beta}


@exercise.check(single_batches, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """A batch of float32 stays float32."""
    return {"dtypes": dtypes([subject.layernorm(**case)])}


@exercise.check(whole_batches, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return {"y": subject.layernorm(**case)}


STATISTICS = "mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)"
VAR = "x.var(axis=1, keepdims=True)"
ROOT = "np.sqrt(var + eps)"
RETURN = "return gamma * normalized + beta"

exercise.mutant(
    "batch_norm",
    old=STATISTICS,
    new="mean, var = x.mean(axis=0), x.var(axis=0)",
    hint="Does your mean look along a row, or down a column? May an example know of the others?",
)
exercise.mutant(
    "over_everything",
    old=STATISTICS,
    new="mean, var = x.mean(), x.var()",
    hint="How many means should there be: one for the table, or one for each example?",
)
exercise.mutant(
    "axis_lost",
    old=STATISTICS,
    new="mean, var = x.mean(axis=1), x.var(axis=1)",
    hint="Along which axis does numpy spread an array of shape (N,) over a table?",
)
exercise.mutant(
    "mean_of_the_batch",
    old="x.mean(axis=1, keepdims=True)",
    new="x.mean(axis=0)",
    hint="Mean and variance belong together. Along which axis is each of yours?",
)
exercise.mutant(
    "one_variance_for_all",
    old=VAR,
    new="x.var()",
    hint="Every example has a mean of its own. What about its variance?",
)
exercise.mutant(
    "unbiased_variance",
    old=VAR,
    new="x.var(axis=1, keepdims=True, ddof=1)",
    hint="Which variance does this course take: divided by D, or by D - 1?",
)
exercise.mutant(
    "difference_of_squares",
    old=VAR,
    new="(x**2).mean(axis=1, keepdims=True) - x.mean(axis=1, keepdims=True) ** 2",
    hint="How many digits are left when two numbers of 1e12 are subtracted that differ by 0.01?",
)
exercise.mutant(
    "second_moment",
    old=VAR,
    new="(x**2).mean(axis=1, keepdims=True)",
    hint="Around which point does a variance measure the spread?",
)
exercise.mutant(
    "root_mean_square",
    old=STATISTICS,
    new="mean, var = 0.0, (x**2).mean(axis=1, keepdims=True)",
    hint="There is a norm that only scales. Does this one shift as well?",
)
exercise.mutant(
    "mean_not_subtracted",
    old="(x - mean)",
    new="x",
    hint="What should the mean of a normalised example be?",
)
exercise.mutant(
    "unbracketed",
    old="(x - mean)",
    new="x - mean",
    hint="What is divided by the root in your code: the difference, or only one part of it?",
)
exercise.mutant(
    "no_root",
    old=ROOT,
    new="(var + eps)",
    hint="Which variance has an example that was divided by its own variance?",
)
exercise.mutant(
    "guard_outside",
    old=ROOT,
    new="(np.sqrt(var) + eps)",
    hint="Is the guard added to the variance, or to its root?",
)
exercise.mutant(
    "no_guard",
    old=ROOT,
    new="np.sqrt(var)",
    hint="What do you divide by where all features of an example are the same?",
)
exercise.mutant(
    "guard_of_its_own",
    old="var + eps",
    new="var + 1e-5",
    hint="Does your code use the guard that it is given?",
)
exercise.mutant(
    "no_scale",
    old="gamma * normalized",
    new="normalized",
    hint="The network has two parameters to undo the normalisation. Where is the one that scales?",
)
exercise.mutant(
    "no_shift",
    old=RETURN,
    new="return gamma * normalized",
    hint="The network has two parameters to undo the normalisation. Where is the one that shifts?",
)
exercise.mutant(
    "scale_and_shift_swapped",
    old="gamma * normalized + beta",
    new="beta * normalized + gamma",
    hint="Which of the two parameters multiplies, and which one is added?",
)
exercise.mutant(
    "shift_scaled_too",
    old="gamma * normalized + beta",
    new="gamma * (normalized + beta)",
    hint="What comes first, the scale or the shift?",
)
exercise.mutant(
    "scale_before_normalising",
    old=STATISTICS,
    new="x, gamma = gamma * x, 1.0\n    " + STATISTICS,
    hint="What is scaled: what comes in, or what was normalised?",
)
exercise.mutant(
    "parameters_per_example",
    old=RETURN,
    new="gamma, beta = (np.resize(each, len(x))[:, np.newaxis] for each in (gamma, beta))\n"
    f"    {RETURN}",
    hint="The statistics belong to the examples. To what do gamma and beta belong?",
)
exercise.mutant(
    "batch_in_place",
    old="normalized: FloatArray = (x - mean)",
    new="x -= mean\n    normalized: FloatArray = x",
    hint="Whose array does -= change?",
)
exercise.mutant(
    "always_float64",
    old="x = as_float(x)",
    new="x = np.asarray(x, dtype=float)",
    hint="float32 goes in: which dtype comes out, and where does it change?",
)
exercise.mutant(
    "parameters_become_whole",
    old="x = as_float(x)",
    new="gamma, beta = (each.astype(np.asarray(x).dtype) for each in (gamma, beta))\n"
    "    x = as_float(x)",
    hint="A batch of integers comes in. What is left of a gamma of 1.5 among integers?",
)

exercise.alternative(
    "batch_norm_of_the_transpose",
    """
    def layernorm(x, gamma, beta, eps=1e-5):
        x = as_float(x)
        ones = np.ones(len(x), x.dtype)
        statistics = {"mean": ones, "var": ones}
        y, _ = batchnorm(x.T, ones, 0 * ones, statistics, True, eps=eps)
        return y.T * gamma + beta
    """,
)
exercise.alternative(
    "example_by_example",
    """
    def layernorm(x, gamma, beta, eps=1e-5):
        import math

        y = np.empty_like(as_float(x))
        for i, row in enumerate(x.tolist()):
            mean = math.fsum(row) / len(row)
            var = math.fsum((each - mean) ** 2 for each in row) / len(row)
            for k, each in enumerate(row):
                y[i, k] = gamma[k] * (each - mean) / math.sqrt(var + eps) + beta[k]
        return y
    """,
)
exercise.alternative(
    "running_sums",
    """
    def layernorm(x, gamma, beta, eps=1e-5):
        x = as_float(x)
        mean = squares = np.zeros_like(x[:, 0])
        for count, column in enumerate(x.T, start=1):  # Welford's algorithm
            before = column - mean
            mean = mean + before / count
            squares = squares + before * (column - mean)
        rate = (squares / x.shape[1] + eps) ** -0.5
        return np.einsum("nd,n,d->nd", x - mean[:, None], rate, gamma) + beta
    """,
)
exercise.alternative(
    "centring_matrix",
    """
    def layernorm(x, gamma, beta, eps=1e-5):
        x = as_float(x)
        x = x - x[:, :1]
        d = x.shape[1]
        centred = x @ (np.eye(d, dtype=x.dtype) - 1 / d)
        lengths = np.linalg.norm(centred, axis=-1, keepdims=True)
        return centred / np.sqrt(lengths**2 / d + eps) * gamma + beta
    """,
)
exercise.alternative(
    "pairs_of_features",
    """
    def layernorm(x, gamma, beta, eps=1e-5):
        x = as_float(x)
        apart = x[:, :, None] - x[:, None, :]
        var = np.mean(apart**2, axis=(1, 2)) / 2
        slope = gamma[None, :] / np.sqrt(var + eps)[:, None]
        return np.mean(apart, axis=2) * slope + beta[None, :]
    """,
)
