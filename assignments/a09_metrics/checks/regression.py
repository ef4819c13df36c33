"""Metrics of regression: MSE, MAE, RMSE and the coefficient of determination."""

import numpy as np

from autograder.declare import Case, Exercise, exact, raises


def apart(rng, shape, lean=1):
    """Errors of both signs, none near 0, whose mean has the sign of `lean`."""
    size = int(np.prod(shape))
    few = size // 3
    errors = np.concatenate([-rng.uniform(0.2, 0.5, few), rng.uniform(0.6, 2.0, size - few)])
    true = rng.standard_normal(shape)
    return {"true": true, "pred": true + lean * rng.permutation(errors).reshape(shape)}


def pairs(rng):
    """Vectors, then tables that are not square; predictions too high on the whole, and too low."""
    for shape, lean in [((4,), 1), ((5,), -1), ((4, 2), 1), ((2, 5), -1)]:
        yield Case(**apart(rng, shape, lean))


def more_pairs(rng):
    """One element, one row, one column, three outputs, a square table, a stack of tables."""
    for shape in [(1,), (1, 3), (6, 1), (5, 3), (3, 3), (2, 3, 4)]:
        yield Case(**apart(rng, shape, rng.choice([-1, 1])))


def opposite(rng):
    """For every error the opposite one; most are small."""
    for small in (0, 3):
        errors = np.append(rng.uniform(0.3, 0.5, small), rng.uniform(2, 3))
        true = rng.standard_normal(2 * errors.size)
        yield Case(true=true, pred=true + np.concatenate([errors, -errors]))


def broadcastable(rng):
    """Shapes that numpy would stretch to a common one."""
    for left, right in [((3, 1), (3,)), ((3,), (3, 1)), ((4,), (1,))]:
        yield Case(true=rng.standard_normal(left), pred=rng.standard_normal(right))


def whole(rng):
    """Unsigned bytes, whose difference would wrap around at 0, then signed integers."""
    for _ in range(2):
        high = rng.choice(np.arange(130, 256), 4, replace=False)
        low = rng.choice(np.arange(0, 120), 4, replace=False)
        yield Case(true=high.astype(np.uint8), pred=low.astype(np.uint8))
    yield Case(true=np.array([-9, -4, -2, -7]), pred=rng.integers(2, 9, 4))


mean_squared_error = Exercise("metrics.mean_squared_error")


@mean_squared_error.check(pairs, weight=3, public=True)
def mean_of_the_squares(subject, case):
    """It is the mean of the squared differences, one number."""
    return {"mse": subject.mean_squared_error(**case)}


@mean_squared_error.check(more_pairs, weight=2)
def every_element_counts(subject, case):
    """The mean runs over every element, whatever the shape of the table."""
    return {"mse": subject.mean_squared_error(**case)}


@mean_squared_error.check(broadcastable, public=True, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"mse": subject.mean_squared_error(**case)}


@mean_squared_error.check(whole, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"mse": subject.mean_squared_error(**case)}


@mean_squared_error.check(pairs, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.mean_squared_error(**case)
    return {"true": case.true, "pred": case.pred}


SQUARES = "((pred - true) ** 2).mean()"

mean_squared_error.mutant(
    "rooted",
    old=f"float({SQUARES})",
    new=f"float(np.sqrt({SQUARES}))",
    hint="Which of the two is asked for: the mean square, or its root?",
)
mean_squared_error.mutant(
    "half",
    old=".mean()",
    new=".mean() / 2",
    hint="Where does a factor ½ come from, and does a metric need it?",
)
mean_squared_error.mutant(
    "rows_only",
    old=".mean()",
    new=".sum() / len(true)",
    hint="By how many numbers do you divide: by the rows, or by the elements of the table?",
)
mean_squared_error.mutant(
    "sum_not_mean",
    old=".mean()",
    new=".sum()",
    hint="Would twice as many examples give twice the error?",
)
mean_squared_error.mutant(
    "absolute",
    old="(pred - true) ** 2",
    new="np.abs(pred - true)",
    hint="Which function of the difference is averaged here: its size, or its square?",
)
mean_squared_error.mutant(
    "mean_then_square",
    old=SQUARES,
    new="(pred - true).mean() ** 2",
    hint="What becomes of two opposite errors if you average before you square?",
)
mean_squared_error.mutant(
    "variance_of_the_errors",
    old=SQUARES,
    new="(pred - true).var()",
    hint="If every prediction is too high by 1, is there an error?",
)
mean_squared_error.mutant(
    "not_reduced",
    old=f"float({SQUARES})",
    new="(pred - true) ** 2",
    hint="You have a square for each element. How many numbers is the error?",
)
mean_squared_error.mutant(
    "wraps_around",
    old="true, pred = as_float(true), as_float(pred)",
    new="true, pred = np.asarray(true), np.asarray(pred)",
    hint="What is 3 - 5 in unsigned bytes?",
)
mean_squared_error.mutant(
    "in_place",
    old="return float",
    new="pred -= true\n    true = 0.0 * true\n    return float",
    hint="Whose array does an operator like -= change?",
)
mean_squared_error.alternative(
    "loop",
    """
    def mean_squared_error(true, pred):
        if np.shape(true) != np.shape(pred):
            raise ValueError("shapes differ")
        total, count = 0.0, 0
        for t, p in zip(np.ravel(true), np.ravel(pred)):
            total += (float(p) - float(t)) ** 2
            count += 1
        return total / count
    """,
)
mean_squared_error.alternative(
    "dot",
    """
    def mean_squared_error(true, pred):
        if true.shape != pred.shape:
            raise ValueError("shapes differ")
        error = (true.astype(float) - pred.astype(float)).ravel()
        return error @ error / error.size
    """,
)
mean_squared_error.alternative(
    "variance_and_bias",
    """
    def mean_squared_error(true, pred):
        if true.shape != pred.shape:
            raise ValueError("shapes differ")
        error = np.subtract(pred, true, dtype=np.float64)
        return np.var(error) + np.mean(error) ** 2
    """,
)


mean_absolute_error = Exercise("metrics.mean_absolute_error")


@mean_absolute_error.check(pairs, weight=3, public=True)
def mean_of_the_distances(subject, case):
    """It is the mean of the absolute differences, one number."""
    return {"mae": subject.mean_absolute_error(**case)}


@mean_absolute_error.check(more_pairs, weight=2)
def every_element_counts(subject, case):
    """The mean runs over every element, whatever the shape of the table."""
    return {"mae": subject.mean_absolute_error(**case)}


@mean_absolute_error.check(opposite, public=True)
def opposite_errors_do_not_cancel(subject, case):
    """Errors of opposite signs add up, they do not cancel."""
    return {"mae": subject.mean_absolute_error(**case)}


@mean_absolute_error.check(broadcastable, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"mae": subject.mean_absolute_error(**case)}


@mean_absolute_error.check(whole, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"mae": subject.mean_absolute_error(**case)}


@mean_absolute_error.check(pairs, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.mean_absolute_error(**case)
    return {"true": case.true, "pred": case.pred}


DISTANCES = "np.abs(pred - true)"

mean_absolute_error.mutant(
    "no_absolute_value",
    old=DISTANCES,
    new="(pred - true)",
    hint="What do an error of +1 and one of -1 make together?",
)
mean_absolute_error.mutant(
    "mean_then_absolute_value",
    old=f"{DISTANCES}.mean()",
    new="np.abs((pred - true).mean())",
    hint="Does it matter whether you take absolute values before the mean or after it?",
)
mean_absolute_error.mutant(
    "squared",
    old=DISTANCES,
    new="((pred - true) ** 2)",
    hint="In which units is this error: those of the target, or their square?",
)
mean_absolute_error.mutant(
    "median",
    old=f"{DISTANCES}.mean()",
    new=f"np.median({DISTANCES})",
    hint="Which average does the M of the name stand for?",
)
mean_absolute_error.mutant(
    "relative",
    old=DISTANCES,
    new="np.abs((pred - true) / true)",
    hint="Does an error of 1 count less when the target is large?",
)
mean_absolute_error.mutant(
    "rows_only",
    old=".mean()",
    new=".sum() / len(true)",
    hint="By how many numbers do you divide: by the rows, or by the elements of the table?",
)
mean_absolute_error.mutant(
    "sum_not_mean",
    old=".mean()",
    new=".sum()",
    hint="Would twice as many examples give twice the error?",
)
mean_absolute_error.mutant(
    "wraps_around",
    old="true, pred = as_float(true), as_float(pred)",
    new="true, pred = np.asarray(true), np.asarray(pred)",
    hint="What is 3 - 5 in unsigned bytes?",
)
mean_absolute_error.mutant(
    "in_place",
    old="return float",
    new="pred -= true\n    true = 0.0 * true\n    return float",
    hint="Whose array does an operator like -= change?",
)
mean_absolute_error.alternative(
    "loop",
    """
    def mean_absolute_error(true, pred):
        if np.shape(true) != np.shape(pred):
            raise ValueError("shapes differ")
        distances = []
        for t, p in zip(np.ravel(true).tolist(), np.ravel(pred).tolist()):
            distances.append(t - p if t > p else p - t)
        return sum(distances) / len(distances)
    """,
)
mean_absolute_error.alternative(
    "one_norm",
    """
    def mean_absolute_error(true, pred):
        if true.shape != pred.shape:
            raise ValueError("shapes differ")
        return np.linalg.norm(np.ravel(true * 1.0 - pred), 1) / true.size
    """,
)
mean_absolute_error.alternative(
    "larger_minus_smaller",
    """
    def mean_absolute_error(true, pred):
        if np.shape(true) != np.shape(pred):
            raise ValueError("shapes differ")
        larger, smaller = np.maximum(true, pred), np.minimum(true, pred)
        return np.average(larger.astype(float) - smaller)
    """,
)


root_mean_squared_error = Exercise("metrics.root_mean_squared_error")


@root_mean_squared_error.check(pairs, weight=3, public=True)
def root_of_the_mean_square(subject, case):
    """It is the root of the mean of the squared differences, one number."""
    return {"rmse": subject.root_mean_squared_error(**case)}


@root_mean_squared_error.check(more_pairs, weight=2)
def every_element_counts(subject, case):
    """One mean runs over every element, whatever the shape of the table, before the root."""
    return {"rmse": subject.root_mean_squared_error(**case)}


@root_mean_squared_error.check(pairs, public=True)
def unit_is_that_of_the_target(subject, case):
    """Targets and predictions three times as large have an error three times as large."""
    once = subject.root_mean_squared_error(case.true.copy(), case.pred.copy())
    thrice = subject.root_mean_squared_error(3 * case.true, 3 * case.pred)
    return {"ratio": thrice / once}


@root_mean_squared_error.check(whole, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"rmse": subject.root_mean_squared_error(**case)}


@root_mean_squared_error.check(pairs, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.root_mean_squared_error(**case)
    return {"true": case.true, "pred": case.pred}


ROOT = "np.sqrt(mean_squared_error(true, pred))"

root_mean_squared_error.mutant(
    "no_root",
    old=ROOT,
    new="mean_squared_error(true, pred)",
    hint="In which units is your result: those of the target, or their square?",
)
root_mean_squared_error.mutant(
    "mean_of_roots",
    old=ROOT,
    new="np.mean(np.sqrt((as_float(pred) - as_float(true)) ** 2))",
    hint="Which comes first: the mean, or the root?",
)
root_mean_squared_error.mutant(
    "root_of_the_sum",
    old=ROOT,
    new="np.sqrt(mean_squared_error(true, pred) * np.size(true))",
    hint="Under the root, is it a sum or a mean?",
)
root_mean_squared_error.mutant(
    "divided_after_the_root",
    old=ROOT,
    new="np.sqrt(mean_squared_error(true, pred) * np.size(true)) / np.size(true)",
    hint="Do you divide by the number of elements before the root, or after it?",
)
root_mean_squared_error.mutant(
    "root_of_each_output",
    old=ROOT,
    new="np.mean(np.sqrt(np.mean((as_float(pred) - as_float(true)) ** 2, axis=0)))",
    hint="With several outputs, how many roots do you take?",
)
root_mean_squared_error.mutant(
    "degrees_of_freedom",
    old=ROOT,
    new="np.sqrt(mean_squared_error(true, pred) * np.size(true) / (np.size(true) - 1))",
    hint="By how many numbers is a mean over M elements divided?",
)
root_mean_squared_error.mutant(
    "squared_again",
    old=ROOT,
    new="mean_squared_error(true, pred) ** 2",
    hint="What undoes a square?",
)
root_mean_squared_error.mutant(
    "in_place",
    old="return float",
    new="pred -= true\n    true = 0.0 * true\n    return float",
    hint="Whose array does an operator like -= change?",
)
root_mean_squared_error.alternative(
    "norm",
    """
    def root_mean_squared_error(true, pred):
        if np.shape(true) != np.shape(pred):
            raise ValueError("shapes differ")
        error = as_float(true).ravel() - as_float(pred).ravel()
        return np.linalg.norm(error) / np.sqrt(error.size)
    """,
)
root_mean_squared_error.alternative(
    "loop",
    """
    def root_mean_squared_error(true, pred):
        import math

        if np.shape(true) != np.shape(pred):
            raise ValueError("shapes differ")
        errors = [float(t) - float(p) for t, p in zip(np.ravel(true), np.ravel(pred))]
        return math.hypot(*errors) / math.sqrt(len(errors))
    """,
)
root_mean_squared_error.alternative(
    "power",
    """
    def root_mean_squared_error(true, pred):
        if true.shape != pred.shape:
            raise ValueError("shapes differ")
        square = np.einsum("i,i->", *2 * [np.ravel(pred * 1.0 - true)])
        return float((square / pred.size) ** 0.5)
    """,
)


def fits(rng):
    """Targets that vary, and predictions not too far from them; both means differ."""
    for n, lean in [(5, 1), (8, -1), (6, 1)]:
        true = 3.0 * rng.standard_normal(n)
        yield Case(true=true, pred=true + lean * rng.uniform(0.2, 1.5, n))


def misses(rng):
    """Predictions with the wrong sign, far too large, and one that is the same for all."""
    for factor, offset in [(-1.0, 0.0), (3.0, 0.5), (0.0, 4.0)]:
        true = rng.permutation([-2.5, -1.0, 0.5, 1.5, 3.0]) + rng.uniform(-0.2, 0.2, 5)
        yield Case(true=true, pred=factor * true + offset + rng.uniform(-0.1, 0.1, 5))


def lines(rng):
    """Predictions that follow the targets on a straight line, with another slope or offset."""
    for slope, offset in [(1.0, 1.5), (0.5, 0.0), (1.25, -1.0)]:
        true = rng.permutation([-2.0, -1.0, 0.5, 1.0, 2.5, 3.0]) + rng.uniform(-0.2, 0.2, 6)
        yield Case(true=true, pred=slope * true + offset)


def constants(rng):
    """Equal targets: predictions without an error, with errors, and only one example."""
    for value, n in [(2.5, 4), (-0.75, 4), (1.5, 1)]:
        true = np.full(n, value)
        yield Case(true=true.tolist(), pred=true.tolist())
        yield Case(true=true.tolist(), pred=(true + rng.uniform(0.5, 2, n)).tolist())


def far_from_zero(rng):
    """Targets near a hundred million; lists, since a relative change of these would be huge."""
    for n in (5, 8):
        true = 1e8 + 3.0 * rng.standard_normal(n)
        yield Case(true=true.tolist(), pred=(true + rng.uniform(0.2, 1.5, n)).tolist())


r2 = Exercise("metrics.r2")


@r2.check(fits, weight=3, public=True)
def share_of_the_variation_that_is_explained(subject, case):
    """It is 1 minus the ratio of squared errors to the targets' squared distances from their mean."""
    return {"r2": subject.r2(**case)}


@r2.check(misses, weight=1.5, public=True)
def worse_than_the_mean_is_negative(subject, case):
    """Predictions that are worse than the mean of the targets have a negative R²."""
    return {"r2": subject.r2(**case)}


@r2.check(lines, weight=1.5)
def wrong_scale_and_offset_cost(subject, case):
    """A wrong slope or offset costs, even if the predictions follow the targets on a line."""
    return {"r2": subject.r2(**case)}


@r2.check(constants)
def equal_targets(subject, case):
    """If all targets are equal, R² is 1 for predictions without an error and 0 for all others."""
    return {"r2": subject.r2(np.array(case.true), np.array(case.pred))}


@r2.check(far_from_zero)
def large_targets_keep_their_digits(subject, case):
    """Targets near a hundred million lose no digits to a difference of large squares."""
    return {"r2": subject.r2(np.array(case.true), np.array(case.pred))}


@r2.check(broadcastable, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"r2": subject.r2(**case)}


@r2.check(whole, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"r2": subject.r2(**case)}


@r2.check(fits, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.r2(**case)
    return {"true": case.true, "pred": case.pred}


TOTAL = "((true - true.mean()) ** 2).sum()"

r2.mutant(
    "swapped",
    old=f"1 - unexplained / {TOTAL}",
    new="1 - unexplained / ((pred - pred.mean()) ** 2).sum()",
    hint="Whose variation is to be explained: that of the targets, or that of the predictions?",
)
r2.mutant(
    "unexplained_share",
    old="1 - unexplained",
    new="unexplained",
    hint="What should predictions without any error earn?",
)
r2.mutant(
    "about_zero",
    old="true - true.mean()",
    new="true",
    hint="What does the prediction of the mean earn, and what the prediction of 0?",
)
r2.mutant(
    "squared_correlation",
    old=f"1 - unexplained / {TOTAL}",
    new="np.corrcoef(true, pred)[0, 1] ** 2",
    hint="Does your result notice when every prediction is too high by 1?",
)
r2.mutant(
    "explained_variance",
    old="unexplained / ",
    new="len(true) * (pred - true).var() / ",
    hint="Does your result notice when every prediction is too high by 1?",
)
r2.mutant(
    "variation_of_the_predictions",
    old=f"1 - unexplained / {TOTAL}",
    new=f"((pred - true.mean()) ** 2).sum() / {TOTAL}",
    hint="Is it enough that predictions vary as much as the targets?",
)
r2.mutant(
    "never_negative",
    old=f"1 - unexplained / {TOTAL}",
    new=f"max(0.0, 1 - unexplained / {TOTAL})",
    hint="Does the 2 in the name make it a square? What do very bad predictions earn?",
)
r2.mutant(
    "sum_over_mean",
    old="2).sum())",
    new="2).mean())",
    hint="Above the line and below it: two sums, two means, or one of each?",
)
r2.mutant(
    "sample_variance",
    old=TOTAL,
    new="(len(true) * true.var(ddof=1))",
    hint="By how many numbers do you divide above the line, and by how many below it?",
)
r2.mutant(
    "difference_of_squares",
    old=TOTAL,
    new="((true**2).sum() - len(true) * true.mean() ** 2)",
    hint="How many digits are left when you subtract two squares of large numbers?",
)
r2.mutant(
    "not_a_number",
    old="return 1.0 if unexplained == 0 else 0.0",
    new="pass",
    hint="What does your code return when all targets are equal?",
)
r2.mutant(
    "constant_is_worth_nothing",
    old="1.0 if unexplained == 0 else 0.0",
    new="0.0",
    hint="If all targets are equal and all predictions right, what do they earn?",
)
r2.mutant(
    "constant_is_always_explained",
    old="1.0 if unexplained == 0 else 0.0",
    new="1.0",
    hint="If all targets are equal and the predictions are wrong, what do they earn?",
)
r2.mutant(
    "wraps_around",
    old="true, pred = as_float(true), as_float(pred)",
    new="true, pred = np.asarray(true), np.asarray(pred)",
    hint="What is 3 - 5 in unsigned bytes?",
)
r2.mutant(
    "in_place",
    old=TOTAL,
    new="(np.subtract(true, true.mean(), out=true) ** 2).sum()",
    hint="Whose targets have the mean 0 after the call?",
)
r2.alternative(
    "mean_square_and_variance",
    """
    def r2(true, pred):
        error = mean_squared_error(true, pred)
        spread = np.var(true)
        if spread == 0:
            return 1 if error == 0 else 0
        return 1 - error / spread
    """,
)
r2.alternative(
    "loop",
    """
    def r2(true, pred):
        if np.shape(true) != np.shape(pred):
            raise ValueError("shapes differ")
        true, pred = [float(t) for t in true], [float(p) for p in pred]
        mean = sum(true) / len(true)
        unexplained = total = 0.0
        for t, p in zip(true, pred):
            unexplained += (t - p) ** 2
            total += (t - mean) ** 2
        if total:
            return (total - unexplained) / total
        return float(unexplained == 0)
    """,
)
r2.alternative(
    "dots",
    """
    def r2(true, pred):
        if true.shape != pred.shape:
            raise ValueError("shapes differ")
        error = np.subtract(true, pred, dtype=float)
        centred = np.subtract(true, np.mean(true), dtype=float)
        if not centred.any():
            return 0.0 if error.any() else 1.0
        return 1.0 - np.dot(error, error) / np.dot(centred, centred)
    """,
)


for exercise in (mean_squared_error, mean_absolute_error, r2):
    exercise.mutant(
        "broadcasts",
        old="if true.shape != pred.shape:",
        new="if False:",
        hint="What does numpy make of an array of shape (N, 1) minus one of shape (N,)?",
    )
