"""Batch normalisation, forward: both modes, and the statistics that connect them."""

import numpy as np
from checks._tables import (
    FAR,
    affine,
    by_column,
    bytes_by_column,
    dtypes,
    either_sign,
    narrow_columns,
    single,
)

from autograder.declare import Case, Exercise, exact


def history(rng, d):
    """Draw running statistics that are far from 0 and 1."""
    mean = np.round(either_sign(rng, 100, 500, d))
    return {"mean": mean, "var": np.round(rng.uniform(3e3, 3e4, d))}


def little_history(rng, d, size=1.0):
    """Draw a running mean of about 1, and a running variance of about the size given."""
    return {"mean": either_sign(rng, 0.5, 2.0, d), "var": size * rng.uniform(0.5, 2.0, d)}


def drawn(rng, n, d, **options):
    """Draw a batch with everything that its normalisation takes."""
    case = {"x": by_column(rng, n, d), **affine(rng, d), "running": history(rng, d)}
    return Case(**{**case, **options})


def training_batches(rng):
    """More rows than columns, then fewer."""
    for n, d in [(6, 3), (4, 5)]:
        yield drawn(rng, n, d, training=True)


def more_training_batches(rng):
    """A square table, two rows, one column, many rows."""
    for n, d in [(5, 5), (2, 3), (7, 1), (40, 2)]:
        yield drawn(rng, n, d, training=True)


def momenta(rng):
    """Four batches in a row, with a short memory and with a long one."""
    for n, d, momentum in [(6, 3, 0.3), (4, 4, 0.8)]:
        batches = [by_column(rng, n, d) for _ in range(4)]
        yield Case(batches=batches, **affine(rng, d), running=history(rng, d), momentum=momentum)


def guarded_batches(rng):
    """A guard of 0.1 beside a variance of 1e-6, of 1 and of 9; the usual guard beside 1e-6."""
    for options in ({"eps": 0.1}, {"eps": 0.1, "momentum": 0.5}, {}):
        x = narrow_columns(rng, 5, [1e-3, 1.0, 3.0] if options else [1e-3, 1e-3])
        d = x.shape[1]
        running = little_history(rng, d)
        yield Case(x=x, **affine(rng, d), running=running, training=True, **options)


def guarded_examples(rng):
    """In inference, a guard of 0.1 beside a running variance of 1e-6 and 0; then the usual one."""
    for options in ({"eps": 0.1}, {}):
        running = {"mean": either_sign(rng, 0.5, 2.0, 3), "var": np.array([1e-6, 0.0, 1e-5])}
        x = running["mean"] + 0.01 * either_sign(rng, 0.5, 2.0, (4, 3))
        yield Case(x=x, **affine(rng, 3), running=running, training=False, **options)


def examples(rng):
    """Fewer columns than rows, more, as many, and a single example, in inference."""
    for n, d in [(6, 3), (2, 5), (3, 3), (1, 4)]:
        yield drawn(rng, n, d, training=False)


def lone_rows(rng):
    """A batch of one example with small numbers, in training."""
    for d in (3, 1):
        x, running = np.round(either_sign(rng, 0.5, 3.0, (1, d)), 1), little_history(rng, d, 30.0)
        yield drawn(rng, 1, d, x=x, running=running, training=True)


def dead_features(rng):
    """A feature that is 0 in every row."""
    for n, d in [(5, 3), (4, 4)]:
        case = drawn(rng, n, d, training=True)
        case["x"][:, rng.integers(d)] = 0.0
        yield case


def far_from_zero(rng):
    """Features that differ little from row to row, and are a million away from 0.

    The distance is added in the check: a change of a millionth would be as large as the spread.
    """
    for n, d in [(6, 4), (5, 5), (12, 3)]:
        noise = narrow_columns(rng, n, np.full(d, 0.05))
        running = little_history(rng, d, 0.05**2)
        yield Case(noise=noise, distance=FAR, **affine(rng, d), running=running)


def whole_batches(rng):
    """Unsigned bytes, then signed integers.

    The guard is smaller than usual, since bytes cannot be spread as widely as the other batches.
    """
    for n, d in [(5, 3), (4, 2)]:
        x = bytes_by_column(rng, n, d)
        yield drawn(rng, n, d, x=x, training=True, eps=1e-9)
    yield drawn(rng, 5, 2, x=rng.integers(-300, 300, (5, 2)), training=False, eps=1e-9)


def both_modes(rng):
    """The same batch in training and in inference."""
    case = drawn(rng, 5, 3)
    for training in (True, False):
        yield Case(**case, training=training)


def single_batches(rng):
    """Everything in float32, in both modes."""
    for case in both_modes(rng):
        yield Case(**single({**case}))


exercise = Exercise("normalization.batchnorm")


@exercise.check(training_batches, weight=0.5, public=True)
def shapes(subject, case):
    """A batch of the same shape comes back, and with it one mean and one variance per feature."""
    y, running = subject.batchnorm(**case)  # times 0: only the shapes are left to compare
    return {"y": 0.0 * y, "running": {name: 0.0 * each for name, each in running.items()}}


@exercise.check(training_batches, weight=3, public=True)
def training_normalises_by_the_batch(subject, case):
    """In training each feature is normalised by its own batch, then scaled and shifted."""
    y, _running = subject.batchnorm(**case)
    return {"y": y}


@exercise.check(more_training_batches, weight=1.5)
def any_batch_will_do(subject, case):
    """Batches may have any number of rows and of features, as many of the one as of the other too."""
    y, _running = subject.batchnorm(**case)
    return {"y": y}


@exercise.check(training_batches, weight=2, public=True)
def statistics_move_towards_the_batch(subject, case):
    """In training both running statistics move towards the batch; by default they keep nine tenths."""
    _y, running = subject.batchnorm(**case)
    return {"running": running}


@exercise.check(momenta, weight=1.5)
def statistics_follow_several_batches(subject, case):
    """Over several batches the statistics remember as much of the past as the momentum says."""
    running, means, variances = case.running, [], []
    for x in case.batches:
        options = {"training": True, "momentum": case.momentum}
        _y, running = subject.batchnorm(x, case.gamma, case.beta, running, **options)
        means.append(running["mean"])
        variances.append(running["var"])
    return {"mean": np.array(means), "var": np.array(variances)}


@exercise.check(examples, weight=2.5, public=True)
def inference_uses_the_running_statistics(subject, case):
    """In inference the running statistics take the place of those of the batch."""
    y, _running = subject.batchnorm(**case)
    return {"y": y}


@exercise.check(examples, weight=1.5)
def inference_leaves_the_statistics(subject, case):
    """In inference the running statistics come back with the same values."""
    _y, running = subject.batchnorm(**case)
    return {"running": running}


@exercise.check(guarded_batches, weight=1.5)
def guard_in_training(subject, case):
    """The guard is that of the formula, and it matters where a feature hardly varies."""
    y, _running = subject.batchnorm(**case)
    return {"y": y}


@exercise.check(guarded_batches)
def statistics_hold_no_guard(subject, case):
    """The running variance is an average of variances, whatever the guard."""
    _y, running = subject.batchnorm(**case)
    return {"running": running}


@exercise.check(guarded_examples)
def guard_in_inference(subject, case):
    """Inference has the guard of training, also where a running variance is zero."""
    y, _running = subject.batchnorm(**case)
    return {"y": y}


@exercise.check(lone_rows)
def lone_row_becomes_the_shift(subject, case):
    """A batch of one becomes beta, and no NaN appears; its variance is zero."""
    y, running = subject.batchnorm(**case)
    return {"y": y, "running": running}


@exercise.check(dead_features)
def feature_without_variance_becomes_the_shift(subject, case):
    """A feature that is zero in every row becomes beta, and no NaN appears."""
    y, _running = subject.batchnorm(**case)
    return {"y": y}


@exercise.check(far_from_zero, weight=1.5)
def far_from_zero_no_digits_are_lost(subject, case):
    """A large mean does not swallow a small variance."""
    x, options = case.distance + case.noise, {"training": True, "eps": 1e-12}
    y, running = subject.batchnorm(x, case.gamma, case.beta, case.running, **options)
    return {"y": y, "var": running["var"]}


@exercise.check(both_modes, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The batch, the parameters and the running statistics that were given are left as they were."""
    subject.batchnorm(**case)
    return {name: case[name] for name in ("x", "gamma", "beta", "running")}


@exercise.check(single_batches, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """A batch of float32 stays float32, and so do the statistics."""
    y, running = subject.batchnorm(**case)
    return {"dtypes": dtypes([y, running["mean"], running["var"]])}


@exercise.check(whole_batches, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    y, running = subject.batchnorm(**case)
    return {"y": y, "running": running}


BATCH = "mean, var = x.mean(axis=0), x.var(axis=0)"
OLD_MEAN, OLD_VAR = 'momentum * running["mean"]', 'momentum * running["var"]'
NEW_MEAN, NEW_VAR = "(1 - momentum) * mean", "(1 - momentum) * var"
UPDATED = (
    f'updated = {{\n            "mean": {OLD_MEAN} + {NEW_MEAN},\n'
    f'            "var": {OLD_VAR} + {NEW_VAR},\n        }}'
)
REMEMBERED = 'mean, var = running["mean"], running["var"]'
KEPT = 'updated = {"mean": mean, "var": var}'
NORMALIZED = "normalized = (x - mean) / np.sqrt(var + eps)"
ROOT = "np.sqrt(var + eps)"
RETURN = "return gamma * normalized + beta, updated"

exercise.mutant(
    "over_the_features",
    old=BATCH,
    new="mean, var = x.mean(axis=1), x.var(axis=1)",
    hint="How many means should there be: one for each example, or one for each feature?",
)
exercise.mutant(
    "layer_norm",
    old=BATCH,
    new="mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)",
    hint="Does your mean look down a column, or along a row? Which of them is a feature?",
)
exercise.mutant(
    "over_everything",
    old=BATCH,
    new="mean, var = x.mean(), x.var()",
    hint="Do features of different size share one mean and one variance?",
)
exercise.mutant(
    "one_variance_for_all",
    old="x.var(axis=0)",
    new="x.var() * np.ones(x.shape[1], x.dtype)",
    hint="Every feature has a mean of its own. What about its variance?",
)
exercise.mutant(
    "unbiased_variance",
    old="x.var(axis=0)",
    new="x.var(axis=0, ddof=1)",
    hint="Which variance does this course take: divided by N, or by N - 1?",
)
exercise.mutant(
    "unbiased_running_variance",
    old=NEW_VAR,
    new="(1 - momentum) * x.var(axis=0, ddof=1)",
    hint="Some libraries remember another variance than the one they divide by. Does this course?",
)
exercise.mutant(
    "difference_of_squares",
    old="x.var(axis=0)",
    new="(x**2).mean(axis=0) - x.mean(axis=0) ** 2",
    hint="How many digits are left when two numbers of 1e12 are subtracted that differ by 0.01?",
)
exercise.mutant(
    "second_moment",
    old="x.var(axis=0)",
    new="(x**2).mean(axis=0)",
    hint="Around which point does a variance measure the spread?",
)
exercise.mutant(
    "mean_not_subtracted",
    old="(x - mean)",
    new="x",
    hint="What should the mean of a normalised feature be?",
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
    hint="Which variance does a feature have after it is divided by its own variance?",
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
    hint="What do you divide by where a feature is the same in every row?",
)
exercise.mutant(
    "guard_of_its_own",
    old="var + eps",
    new="var + 1e-5",
    hint="Does your code use the guard that it is given?",
)
exercise.mutant(
    "no_guard_in_inference",
    old="var + eps",
    new="var + (eps if training else 0)",
    hint="A running variance can be zero too. What do you divide by in inference?",
)
exercise.mutant(
    "no_scale",
    old="gamma * normalized",
    new="normalized",
    hint="The network has two parameters to undo the normalisation. Where is the one that scales?",
)
exercise.mutant(
    "no_shift",
    old=" + beta, updated",
    new=", updated",
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
    "bare_in_inference",
    old=RETURN,
    new=f"if not training:\n        return normalized, updated\n    {RETURN}",
    hint="What was learned in training besides the running statistics, and does inference use it?",
)
exercise.mutant(
    "batch_statistics_in_inference",
    old=f"{REMEMBERED}\n        {KEPT}",
    new=f"{BATCH}\n        updated = running",
    hint="In inference, should the answer for one example depend on the others in its batch?",
)
exercise.mutant(
    "always_training",
    old="if training:",
    new="if True:",
    hint="What does your code do with the argument that tells the mode?",
)
exercise.mutant(
    "always_inference",
    old="if training:",
    new="if False:",
    hint="Which statistics does a batch in training meet, and what becomes of its own?",
)
exercise.mutant(
    "modes_swapped",
    old="if training:",
    new="if not training:",
    hint="In which of the two modes do you look at the batch?",
)
exercise.mutant(
    "updates_in_inference",
    old=KEPT,
    new='updated = {\n            "mean": momentum * mean + (1 - momentum) * x.mean(axis=0),\n'
    '            "var": momentum * var + (1 - momentum) * x.var(axis=0),\n        }',
    hint="May the examples that you predict change what the network has learned?",
)
exercise.mutant(
    "statistics_not_updated",
    old=UPDATED,
    new="updated = running",
    hint="What will inference know about the batches of training?",
)
exercise.mutant(
    "momentum_flipped",
    old=f'{OLD_MEAN} + {NEW_MEAN},\n            "var": {OLD_VAR} + {NEW_VAR}',
    new='(1 - momentum) * running["mean"] + momentum * mean,\n'
    '            "var": (1 - momentum) * running["var"] + momentum * var',
    hint="With a momentum of 0.9, how much of a statistic is old and how much new?",
)
exercise.mutant(
    "conventions_of_a_library",
    old=f'{OLD_MEAN} + {NEW_MEAN},\n            "var": {OLD_VAR} + {NEW_VAR}',
    new='(1 - momentum) * running["mean"] + momentum * mean,\n'
    '            "var": (1 - momentum) * running["var"] + momentum * x.var(axis=0, ddof=1)',
    hint="Two conventions of the running statistics differ from library to library. "
    "Which are those of this course?",
)
exercise.mutant(
    "momentum_of_its_own",
    old=f'{OLD_MEAN} + {NEW_MEAN},\n            "var": {OLD_VAR} + {NEW_VAR}',
    new='0.9 * running["mean"] + 0.1 * mean,\n            "var": 0.9 * running["var"] + 0.1 * var',
    hint="Does your code use the momentum that it is given?",
)
exercise.mutant(
    "no_history",
    old=UPDATED,
    new='updated = {"mean": mean, "var": var}',
    hint="Does a running statistic know about more than the last batch?",
)
exercise.mutant(
    "mean_without_history",
    old=f"{OLD_MEAN} + ",
    new="",
    hint="What becomes of the running mean that you were given?",
)
exercise.mutant(
    "variance_from_zero",
    old=f"{OLD_VAR} + ",
    new="",
    hint="Where does the running variance start: at zero, or at what you were given?",
)
exercise.mutant(
    "weights_exceed_one",
    old=f'{NEW_MEAN},\n            "var": {OLD_VAR} + {NEW_VAR}',
    new=f'mean,\n            "var": {OLD_VAR} + var',
    hint="What do the weights of old and new add up to in an average?",
)
exercise.mutant(
    "mean_only",
    old=f"{OLD_VAR} + {NEW_VAR}",
    new='running["var"]',
    hint="There are two running statistics. Which of them does your code update?",
)
exercise.mutant(
    "guard_in_the_statistics",
    old=NEW_VAR,
    new="(1 - momentum) * (var + eps)",
    hint="Inference adds the guard again. How many times is it there then?",
)
exercise.mutant(
    "deviation_for_variance",
    old=NEW_VAR,
    new="(1 - momentum) * np.sqrt(var)",
    hint="Which of the two is remembered: the variance, or its root?",
)
exercise.mutant(
    "variance_taken_for_deviation",
    old='running["var"]\n        updated = {"mean": mean, "var": var}',
    new='running["var"] ** 2\n        updated = dict(running)',
    hint="In inference, is a root left to be taken of the statistic that was kept?",
)
exercise.mutant(
    "running_statistics_in_training",
    old=NORMALIZED,
    new=f'mean, var = updated["mean"], updated["var"]\n    {NORMALIZED}',
    hint="By what is a batch normalised in training: by its own statistics, or by those kept for later?",
)
exercise.mutant(
    "axis_kept",
    old=BATCH,
    new="mean, var = x.mean(axis=0, keepdims=True), x.var(axis=0, keepdims=True)",
    hint="Which shape should the running mean have, and which one has yours after an update?",
)
exercise.mutant(
    "statistics_swapped",
    old=f'{OLD_MEAN} + {NEW_MEAN},\n            "var": {OLD_VAR} + {NEW_VAR}',
    new=f'{OLD_MEAN} + {NEW_VAR},\n            "var": {OLD_VAR} + {NEW_MEAN}',
    hint="Which statistic of the batch goes into which of the two averages?",
)
exercise.mutant(
    "nothing_to_remember",
    old=RETURN,
    new="return gamma * normalized + beta",
    hint="Two things come back. Which is the second?",
)
exercise.mutant(
    "batch_in_place",
    old=NORMALIZED,
    new="x -= mean\n    normalized = x / np.sqrt(var + eps)",
    hint="Whose array does -= change?",
)
exercise.mutant(
    "statistics_in_place",
    old=RETURN,
    new="running.update(updated)\n    return gamma * normalized + beta, running",
    hint="Whose dictionary are the new statistics written into?",
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
    "slope_and_intercept",
    """
    def batchnorm(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        x = as_float(x)
        mean, var = running["mean"], running["var"]
        if training:
            mean = np.average(x, axis=0)
            var = np.average((x - mean) ** 2, axis=0)
            running = {
                "mean": running["mean"] - (1 - momentum) * (running["mean"] - mean),
                "var": running["var"] - (1 - momentum) * (running["var"] - var),
            }
        slope = gamma / (var + eps) ** 0.5
        return slope * x + (beta - slope * mean), running
    """,
)
exercise.alternative(
    "row_after_row",
    """
    def batchnorm(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        def normalize(x, mean, var):
            return gamma * (x - mean) * (var + eps) ** -0.5 + beta

        x = as_float(x)
        if not training:
            return normalize(x, **running), {**running}
        mean, squares = np.zeros_like(x[0]), np.zeros_like(x[0])
        for count, row in enumerate(x, start=1):  # Welford's algorithm
            before = row - mean
            mean = mean + before / count
            squares = squares + before * (row - mean)
        batch = {"mean": mean, "var": squares / len(x)}
        kept = {name: momentum * old for name, old in running.items()}
        return normalize(x, **batch), {
            name: old + (1 - momentum) * batch[name] for name, old in kept.items()
        }
    """,
)
exercise.alternative(
    "feature_by_feature",
    """
    def batchnorm(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        import math

        x = as_float(x)
        n, d = x.shape
        y = np.empty_like(x)
        new = {name: each.copy() for name, each in running.items()}
        for k in range(d):
            column = x[:, k].tolist()
            if training:
                mean = math.fsum(column) / n
                var = math.fsum((each - mean) ** 2 for each in column) / n
                new["mean"][k] = momentum * running["mean"][k] + (1 - momentum) * mean
                new["var"][k] = momentum * running["var"][k] + (1 - momentum) * var
            else:
                mean, var = float(running["mean"][k]), float(running["var"][k])
            for i, each in enumerate(column):
                y[i, k] = gamma[k] * (each - mean) / math.sqrt(var + eps) + beta[k]
        return y, new
    """,
)
exercise.alternative(
    "pairs_of_rows",
    """
    def batchnorm(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        x = as_float(x)
        if training:
            apart = x[:, None, :] - x[None, :, :]
            centred = apart.mean(axis=1)
            var = (apart**2).mean(axis=(0, 1)) / 2
            mean = x[0] - centred[0]
            new = {
                "mean": (1 - momentum) * mean + momentum * running["mean"],
                "var": (1 - momentum) * var + momentum * running["var"],
            }
        else:
            centred, var, new = x - running["mean"], running["var"], dict(running)
        return beta + centred * (gamma / np.sqrt(eps + var)), new
    """,
)
exercise.alternative(
    "shifted_to_the_first_row",
    """
    def batchnorm(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        x = as_float(x)
        if not training:
            y = (x - running["mean"]) / np.sqrt(running["var"] + eps)
            return y * gamma + beta, running
        near = x - x[0]
        first, second = near.mean(axis=0), np.square(near).mean(axis=0)
        mean, var = x[0] + first, second - first**2
        update = lambda old, new: momentum * old + (1 - momentum) * new
        new = {"mean": update(running["mean"], mean), "var": update(running["var"], var)}
        return (near - first) / np.sqrt(np.maximum(var, 0) + eps) * gamma + beta, new
    """,
)
exercise.alternative(
    "sums_by_einsum",
    """
    def batchnorm(x, gamma, beta, running, training, momentum=0.9, eps=1e-5):
        x = as_float(x)
        if training:
            weights = np.full(len(x), 1 / len(x), x.dtype)
            mean = weights @ x
            centred = np.subtract(x, mean)
            var = np.einsum("n,nd,nd->d", weights, centred, centred)
            running = {
                name: np.add(np.multiply(momentum, old), np.multiply(1 - momentum, new))
                for (name, old), new in zip(sorted(running.items()), (mean, var))
            }
        else:
            centred, var = np.subtract(x, running["mean"]), running["var"]
        scale = np.divide(gamma, np.sqrt(np.add(var, eps)))
        return np.einsum("nd,d->nd", centred, scale) + beta, running
    """,
)
