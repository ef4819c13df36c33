"""Losses of regression: MSE, MAE and Huber, each with its gradient."""

import numpy as np

from autograder.declare import Case, Exercise, exact, raises


def apart(rng, shape, lean=1):
    """Errors of both signs, none near 0, whose mean has the sign of `lean`."""
    size = int(np.prod(shape))
    few = size // 3
    errors = np.concatenate([-rng.uniform(0.2, 0.5, few), rng.uniform(0.6, 2.0, size - few)])
    target = rng.standard_normal(shape)
    return Case(pred=target + lean * rng.permutation(errors).reshape(shape), target=target)


def near_and_far(rng, shape, delta):
    """Errors of both signs, in turn well outside `delta` and well inside."""
    size = int(np.prod(shape))
    turn = np.arange(size)
    far, near = rng.uniform(1.4, 3.0, size), rng.uniform(0.3, 0.8, size)
    errors = delta * np.where(turn % 2, near, far) * np.where(turn // 2 % 2, -1, 1)
    target = rng.standard_normal(shape)
    return {"pred": target + rng.permutation(errors).reshape(shape), "target": target}


def pairs(rng):
    """Vectors, then tables that are not square; predictions too high on the whole, and too low."""
    yield apart(rng, (4,))
    yield apart(rng, (5,), -1)
    yield apart(rng, (4, 2))
    yield apart(rng, (2, 5), -1)


def more_pairs(rng):
    """One element, one row, one column, three outputs, a square table, a stack of tables."""
    for shape in [(1,), (1, 3), (6, 1), (5, 3), (3, 3), (2, 3, 4)]:
        yield apart(rng, shape, rng.choice([-1, 1]))


def huber_pairs(rng):
    """Vectors and tables for the delta that is not given: 1."""
    for shape in [(4,), (5,), (4, 2), (2, 5)]:
        yield Case(**near_and_far(rng, shape, 1.0))


def huber_deltas(rng):
    """A narrow parabola, then wide ones."""
    for shape, delta in [((5,), 0.5), ((4, 2), 4.0), ((2, 4), 2.5)]:
        yield Case(**near_and_far(rng, shape, delta), delta=delta)


def more_huber_pairs(rng):
    """One element, one row, one column, three outputs, a square table."""
    for shape, delta in [((1,), 0.3), ((1, 3), 3.0), ((6, 1), 0.7), ((5, 3), 4.0), ((3, 3), 0.6)]:
        yield Case(**near_and_far(rng, shape, delta), delta=delta)


def opposite(rng):
    """For every error the opposite one; most are small."""
    for small in (0, 3):
        errors = np.append(rng.uniform(0.3, 0.5, small), rng.uniform(2, 3))
        target = rng.standard_normal(2 * errors.size)
        yield Case(pred=target + np.concatenate([errors, -errors]), target=target)


def perfect_in_places(rng):
    """Some predictions equal their targets exactly; sizes whose reciprocal is exact."""
    for shape in [(4,), (2, 4)]:
        target = rng.standard_normal(shape)
        errors = np.array([0.0, 1.5, -0.75, 0.0] * (target.size // 4)).reshape(shape)
        yield Case(pred=np.where(errors == 0, target, target + errors), target=target)


def at_delta(rng):
    """Every error is as large as delta."""
    for delta in (1.0, 0.4, 3.0):
        target = rng.standard_normal(4)
        yield Case(pred=target + delta * np.array([1, -1, -1, 1]), target=target, delta=delta)


def broadcastable(rng):
    """Shapes that numpy would stretch to a common one."""
    for left, right in [((3, 1), (3,)), ((2, 3), (1, 3)), ((4,), (1,))]:
        yield Case(pred=rng.standard_normal(left), target=rng.standard_normal(right))


def whole(rng):
    """Unsigned bytes, whose difference would wrap around at 0, then signed integers."""
    for shape in [(4,), (3, 2)]:
        low, high = rng.integers(0, 120, shape), rng.integers(130, 256, shape)
        yield Case(pred=low.astype(np.uint8), target=high.astype(np.uint8))
    yield Case(pred=rng.integers(2, 9, 5), target=rng.integers(-9, -1, 5))


def singles(rng):
    """A vector and a table of float32."""
    for shape in [(5,), (3, 2)]:
        case = apart(rng, shape)
        yield Case(pred=case.pred.astype(np.float32), target=case.target.astype(np.float32))


mse = Exercise("losses.mse")


@mse.check(pairs, weight=0.5, public=True)
def loss_is_one_number(subject, case):
    """The loss is one number, for a table of predictions too."""
    return {"loss": 0.0 * subject.mse(**case)}  # times 0: only the shape is left to compare


@mse.check(pairs, weight=3, public=True)
def loss_is_the_mean_of_squares(subject, case):
    """The loss is the mean of the squared differences."""
    return {"loss": subject.mse(**case)}


@mse.check(more_pairs, weight=2)
def every_element_counts(subject, case):
    """The mean runs over every element, whatever the shape of the table."""
    return {"loss": subject.mse(**case)}


@mse.check(broadcastable, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"loss": subject.mse(**case)}


@mse.check(whole, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"loss": subject.mse(**case)}


@mse.check(pairs, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.mse(**case)
    return {"pred": case.pred, "target": case.target}


mse.mutant(
    "half",
    old=".mean()",
    new=".mean() / 2",
    hint="Where does a factor ½ come from, and does this course's MSE have it?",
)
mse.mutant(
    "rows_only",
    old=".mean()",
    new=".sum() / len(error)",
    hint="By how many numbers do you divide: by the rows, or by the elements of the table?",
)
mse.mutant(
    "sum_not_mean",
    old=".mean()",
    new=".sum()",
    hint="Would a batch twice as long cost twice as much?",
)
mse.mutant(
    "matrix",
    old="float((error**2).mean())",
    new="error.T @ error / error.size",
    hint="What does @ do with two tables, and how many numbers is a loss?",
)
mse.mutant(
    "not_reduced",
    old="float((error**2).mean())",
    new="error**2",
    hint="You have a loss for each element; how does a batch get a single one?",
)
mse.mutant(
    "absolute",
    old="error**2",
    new="np.abs(error)",
    hint="Which function of the difference is averaged here: its size, or its square?",
)
mse.mutant(
    "root",
    old="float((error**2).mean())",
    new="float(np.sqrt((error**2).mean()))",
    hint="In which units is this loss: those of the target, or their square?",
)
mse.mutant(
    "mean_then_square",
    old="(error**2).mean()",
    new="error.mean() ** 2",
    hint="What becomes of two opposite errors if you average before you square?",
)
mse.mutant(
    "in_place",
    old="error = pred - target",
    new="pred -= target\n    error = pred",
    hint="Whose array does an operator like -= change?",
)
mse.alternative(
    "loop",
    """
    def mse(pred, target):
        if np.shape(pred) != np.shape(target):
            raise ValueError("shapes differ")
        total, count = 0.0, 0
        for p, t in zip(np.ravel(pred), np.ravel(target)):
            total += (float(p) - float(t)) ** 2
            count += 1
        return total / count
    """,
)
mse.alternative(
    "dot",
    """
    def mse(pred, target):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        error = (pred.astype(float) - target.astype(float)).ravel()
        return error @ error / error.size
    """,
)
mse.alternative(
    "variance_and_bias",
    """
    def mse(pred, target):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        error = np.subtract(pred, target, dtype=np.float64)
        return np.var(error) + np.mean(error) ** 2
    """,
)
mse.alternative(
    "norm",
    """
    def mse(pred, target):
        if not np.array_equal(pred.shape, target.shape):
            raise ValueError("shapes differ")
        distance = np.linalg.norm(np.ravel(pred * 1.0 - target * 1.0))
        return np.asarray(distance**2 / pred.size)
    """,
)


mse_backward = Exercise("losses.mse_backward")


@mse_backward.check(pairs, weight=0.5, public=True)
def gradient_has_the_shape_of_pred(subject, case):
    """The gradient has one entry for each prediction."""
    return {"dpred": 0.0 * subject.mse_backward(**case)}  # times 0: only the shape is left


@mse_backward.check(pairs, weight=3, public=True)
def gradient_is_that_of_the_mean(subject, case):
    """The gradient is that of the mean squared error."""
    return {"dpred": subject.mse_backward(**case)}


@mse_backward.check(more_pairs, weight=2)
def every_element_counts(subject, case):
    """The mean that is differentiated runs over every element."""
    return {"dpred": subject.mse_backward(**case)}


@mse_backward.check(broadcastable, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"dpred": subject.mse_backward(**case)}


@mse_backward.check(whole, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"dpred": subject.mse_backward(**case)}


@mse_backward.check(singles, weight=0.5)
def float32_is_kept(subject, case):
    """Predictions and targets of float32 have a gradient of float32."""
    return {"dtype": str(subject.mse_backward(**case).dtype)}


@mse_backward.check(pairs, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.mse_backward(**case)
    return {"pred": case.pred, "target": case.target}


mse_backward.mutant(
    "sign",
    old="pred - target",
    new="target - pred",
    hint="A prediction that is too high: does the loss rise or fall when it rises further?",
)
mse_backward.mutant(
    "no_mean",
    old=" / pred.size",
    new="",
    hint="The loss is a mean. Where is its 1/M in your gradient?",
)
mse_backward.mutant(
    "no_factor_two",
    old="2 * ",
    new="",
    hint="What is the derivative of a square?",
)
mse_backward.mutant(
    "rows_only",
    old="pred.size",
    new="len(pred)",
    hint="Over how many numbers does the loss take its mean when there are several outputs?",
)
mse_backward.mutant(
    "absolute",
    old="(pred - target)",
    new="np.abs(pred - target)",
    hint="Can a gradient be positive for every element, whichever side of the target it is on?",
)
mse_backward.mutant(
    "loss_of_each",
    old="2 * (pred - target) / pred.size",
    new="(pred - target) ** 2 / pred.size",
    hint="Is this the loss of each element, or its derivative?",
)
mse_backward.mutant(
    "summed",
    old="2 * (pred - target) / pred.size",
    new="(2 * (pred - target) / pred.size).sum()",
    hint="With respect to how many numbers do you differentiate, and how many slopes is that?",
)
mse_backward.mutant(
    "in_place",
    old="return 2 * (pred - target)",
    new="pred -= target\n    return 2 * pred",
    hint="Whose array does an operator like -= change?",
)
mse_backward.alternative(
    "loop",
    """
    def mse_backward(pred, target):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        pred, target = as_float(pred), as_float(target)
        dpred = np.empty_like(pred)
        for index in np.ndindex(pred.shape):
            dpred[index] = 2 * (pred[index] - target[index]) / pred.size
        return dpred
    """,
)
mse_backward.alternative(
    "difference_of_squares",
    """
    def mse_backward(pred, target):
        if np.shape(pred) != np.shape(target):
            raise ValueError("shapes differ")
        error = as_float(pred) - as_float(target)
        return ((error + 1) ** 2 - (error - 1) ** 2) / (2 * error.size)
    """,
)
mse_backward.alternative(
    "in_place_on_its_own_array",
    """
    def mse_backward(pred, target):
        if np.shape(pred) != np.shape(target):
            raise ValueError("shapes differ")
        gradient = np.zeros(np.shape(pred), np.result_type(as_float(pred), as_float(target)))
        gradient += pred
        gradient -= target
        gradient *= 2 / np.prod(gradient.shape)
        return gradient
    """,
)


mae = Exercise("losses.mae")


@mae.check(pairs, weight=0.5, public=True)
def loss_is_one_number(subject, case):
    """The loss is one number, for a table of predictions too."""
    return {"loss": 0.0 * subject.mae(**case)}  # times 0: only the shape is left to compare


@mae.check(pairs, weight=3, public=True)
def loss_is_the_mean_distance(subject, case):
    """The loss is the mean of the absolute differences."""
    return {"loss": subject.mae(**case)}


@mae.check(more_pairs, weight=2)
def every_element_counts(subject, case):
    """The mean runs over every element, whatever the shape of the table."""
    return {"loss": subject.mae(**case)}


@mae.check(opposite)
def opposite_errors_do_not_cancel(subject, case):
    """Errors of opposite signs add up, they do not cancel."""
    return {"loss": subject.mae(**case)}


@mae.check(broadcastable, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"loss": subject.mae(**case)}


@mae.check(whole, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"loss": subject.mae(**case)}


@mae.check(pairs, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.mae(**case)
    return {"pred": case.pred, "target": case.target}


mae.mutant(
    "no_absolute_value",
    old="np.abs(error)",
    new="error",
    hint="What do an error of +1 and one of -1 cost together?",
)
mae.mutant(
    "mean_then_absolute_value",
    old="np.abs(error).mean()",
    new="np.abs(error.mean())",
    hint="Does it matter whether you take absolute values before the mean or after it?",
)
mae.mutant(
    "squared",
    old="np.abs(error)",
    new="(error**2)",
    hint="In which units is this loss: those of the target, or their square?",
)
mae.mutant(
    "median",
    old="np.abs(error).mean()",
    new="np.median(np.abs(error))",
    hint="Which average does the M of the name stand for?",
)
mae.mutant(
    "half",
    old=".mean()",
    new=".mean() / 2",
    hint="Where does a factor ½ come from?",
)
mae.mutant(
    "rows_only",
    old=".mean()",
    new=".sum() / len(error)",
    hint="By how many numbers do you divide: by the rows, or by the elements of the table?",
)
mae.mutant(
    "sum_not_mean",
    old=".mean()",
    new=".sum()",
    hint="Would a batch twice as long cost twice as much?",
)
mae.mutant(
    "not_reduced",
    old="float(np.abs(error).mean())",
    new="np.abs(error)",
    hint="You have a distance for each element; how does a batch get a single loss?",
)
mae.mutant(
    "in_place",
    old="error = pred - target",
    new="pred -= target\n    error = pred",
    hint="Whose array does an operator like -= change?",
)
mae.alternative(
    "loop",
    """
    def mae(pred, target):
        if np.shape(pred) != np.shape(target):
            raise ValueError("shapes differ")
        distances = [abs(float(p) - float(t)) for p, t in zip(np.ravel(pred), np.ravel(target))]
        return sum(distances) / len(distances)
    """,
)
mae.alternative(
    "larger_minus_smaller",
    """
    def mae(pred, target):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        pred, target = pred.astype(float), target.astype(float)
        return np.mean(np.maximum(pred, target)) - np.mean(np.minimum(pred, target))
    """,
)
mae.alternative(
    "one_norm",
    """
    def mae(pred, target):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        error = np.ravel(np.subtract(pred, target, dtype=np.float64))
        return np.linalg.norm(error, 1) / error.size
    """,
)


mae_backward = Exercise("losses.mae_backward")


@mae_backward.check(pairs, weight=0.5, public=True)
def gradient_has_the_shape_of_pred(subject, case):
    """The gradient has one entry for each prediction."""
    return {"dpred": 0.0 * subject.mae_backward(**case)}  # times 0: only the shape is left


@mae_backward.check(pairs, weight=3, public=True)
def gradient_is_that_of_the_mean(subject, case):
    """The gradient is that of the mean absolute error."""
    return {"dpred": subject.mae_backward(**case)}


@mae_backward.check(more_pairs, weight=2)
def every_element_counts(subject, case):
    """The mean that is differentiated runs over every element."""
    return {"dpred": subject.mae_backward(**case)}


@mae_backward.check(perfect_in_places, judge=exact)
def slope_of_a_perfect_prediction_is_zero(subject, case):
    """By the course's convention sign(0) = 0, a perfect prediction has no gradient."""
    return {"dpred": subject.mae_backward(**case)}


@mae_backward.check(broadcastable, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"dpred": subject.mae_backward(**case)}


@mae_backward.check(whole, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"dpred": subject.mae_backward(**case)}


@mae_backward.check(singles, weight=0.5)
def float32_is_kept(subject, case):
    """Predictions and targets of float32 have a gradient of float32."""
    return {"dtype": str(subject.mae_backward(**case).dtype)}


@mae_backward.check(pairs, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.mae_backward(**case)
    return {"pred": case.pred, "target": case.target}


mae_backward.mutant(
    "up_at_zero",
    old="np.sign(pred - target)",
    new="np.where(pred < target, -1, 1).astype(pred.dtype)",
    hint="Which slope does your code give a prediction that is exactly right?",
)
mae_backward.mutant(
    "down_at_zero",
    old="np.sign(pred - target)",
    new="np.where(pred > target, 1, -1).astype(pred.dtype)",
    hint="A prediction equals its target: in which direction should it move?",
)
mae_backward.mutant(
    "sign",
    old="pred - target",
    new="target - pred",
    hint="A prediction that is too high: does the loss rise or fall when it rises further?",
)
mae_backward.mutant(
    "no_mean",
    old=" / pred.size",
    new="",
    hint="The loss is a mean. Where is its 1/M in your gradient?",
)
mae_backward.mutant(
    "rows_only",
    old="pred.size",
    new="len(pred)",
    hint="Over how many numbers does the loss take its mean when there are several outputs?",
)
mae_backward.mutant(
    "error_not_sign",
    old="np.sign(pred - target)",
    new="(pred - target)",
    hint="Is the slope of an absolute value steeper far away from 0?",
)
mae_backward.mutant(
    "only_upwards",
    old="np.sign(pred - target)",
    new="np.heaviside(pred - target, 0)",
    hint="Which slope has a prediction that is too low?",
)
mae_backward.mutant(
    "summed",
    old="np.sign(pred - target) / pred.size",
    new="(np.sign(pred - target) / pred.size).sum()",
    hint="With respect to how many numbers do you differentiate, and how many slopes is that?",
)
mae_backward.mutant(
    "in_place",
    old="return np.sign(pred - target)",
    new="pred -= target\n    return np.sign(pred)",
    hint="Whose array does an operator like -= change?",
)
mae_backward.alternative(
    "comparisons",
    """
    def mae_backward(pred, target):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        kind = np.result_type(as_float(pred), as_float(target))
        return ((pred > target).astype(kind) - (pred < target).astype(kind)) / pred.size
    """,
)
mae_backward.alternative(
    "loop",
    """
    def mae_backward(pred, target):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        dpred = np.zeros_like(as_float(pred))
        for index, p in np.ndenumerate(pred):
            if p > target[index]:
                dpred[index] = 1 / pred.size
            elif p < target[index]:
                dpred[index] = -1 / pred.size
        return dpred
    """,
)
mae_backward.alternative(
    "quotient",
    """
    def mae_backward(pred, target):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        error = as_float(pred) - as_float(target)
        size = np.abs(error)
        return np.divide(error, size, out=np.zeros_like(error), where=size > 0) / error.size
    """,
)


huber = Exercise("losses.huber")


@huber.check(huber_pairs, weight=0.5)
def loss_is_one_number(subject, case):
    """The loss is one number, for a table of predictions too."""
    return {"loss": 0.0 * subject.huber(**case)}  # times 0: only the shape is left to compare


@huber.check(huber_pairs, weight=3, public=True)
def loss_is_squared_near_and_linear_far(subject, case):
    """Each element is squared near its target and linear far from it; the loss is their mean."""
    return {"loss": subject.huber(**case)}


@huber.check(huber_deltas, weight=2, public=True)
def delta_is_where_the_line_begins(subject, case):
    """The line begins at delta, with the slope of the parabola there."""
    return {"loss": subject.huber(**case)}


@huber.check(more_huber_pairs, weight=2)
def every_element_counts(subject, case):
    """The mean runs over every element, whatever the shape of the table."""
    return {"loss": subject.huber(**case)}


@huber.check(at_delta)
def parabola_and_line_meet(subject, case):
    """Where the error is as large as delta, parabola and line have the same value."""
    return {"loss": subject.huber(**case)}


@huber.check(broadcastable, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"loss": subject.huber(**case)}


@huber.check(whole, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"loss": subject.huber(**case)}


@huber.check(huber_pairs, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.huber(**case)
    return {"pred": case.pred, "target": case.target}


huber.mutant(
    "no_half",
    old="0.5 * error**2",
    new="error**2",
    hint="Which values, and which slopes, do your parabola and your line have at delta?",
)
huber.mutant(
    "line_through_zero",
    old="delta * (error - 0.5 * delta)",
    new="delta * error",
    hint="Does your loss jump where the error passes delta?",
)
huber.mutant(
    "slope_one",
    old="delta * (error - 0.5 * delta)",
    new="error - 0.5 * delta",
    hint="Which slope does the parabola have at delta, and which slope your line?",
)
huber.mutant(
    "half_of_one",
    old="0.5 * delta)",
    new="0.5)",
    hint="Do parabola and line still meet when delta is not 1?",
)
huber.mutant(
    "delta_ignored",
    old="error = np.abs(pred - target)",
    new="delta = 1.0\n    error = np.abs(pred - target)",
    hint="What does your code do with its third argument?",
)
huber.mutant(
    "branches_at_one",
    old="error <= delta",
    new="error <= 1",
    hint="At which error does the parabola end when delta is 4?",
)
huber.mutant(
    "branches_swapped",
    old="parabola, line)",
    new="line, parabola)",
    hint="Which of the two branches is meant to grow slowly far from the target?",
)
huber.mutant(
    "no_absolute_value",
    old="np.abs(pred - target)",
    new="pred - target",
    hint="On which branch is a prediction that is far too low?",
)
huber.mutant(
    "one_branch_for_all",
    old="error <= delta",
    new="np.all(error <= delta)",
    hint="Does each element choose its own branch, or one for all of them?",
)
huber.mutant(
    "rows_only",
    old=".mean()",
    new=".sum() / len(error)",
    hint="By how many numbers do you divide: by the rows, or by the elements of the table?",
)
huber.mutant(
    "sum_not_mean",
    old=".mean()",
    new=".sum()",
    hint="Would a batch twice as long cost twice as much?",
)
huber.mutant(
    "not_reduced",
    old="float(np.where(error <= delta, parabola, line).mean())",
    new="np.where(error <= delta, parabola, line)",
    hint="You have a loss for each element; how does a batch get a single one?",
)
huber.mutant(
    "in_place",
    old="error = np.abs(pred - target)",
    new="pred -= target\n    error = np.abs(pred)",
    hint="Whose array does an operator like -= change?",
)
huber.alternative(
    "loop",
    """
    def huber(pred, target, delta=1.0):
        if np.shape(pred) != np.shape(target):
            raise ValueError("shapes differ")
        losses = []
        for p, t in zip(np.ravel(pred), np.ravel(target)):
            distance = abs(float(p) - float(t))
            if distance < delta:
                losses.append(distance**2 / 2)
            else:
                losses.append(delta * distance - delta**2 / 2)
        return sum(losses) / len(losses)
    """,
)
huber.alternative(
    "quadratic_and_linear_part",
    """
    def huber(pred, target, delta=1.0):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        distance = np.abs(pred.astype(float) - target.astype(float))
        quadratic = np.minimum(distance, delta)
        return np.mean(quadratic**2 / 2 + delta * (distance - quadratic))
    """,
)
huber.alternative(
    "two_sums",
    """
    def huber(pred, target, delta=1.0):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        distance = np.abs(as_float(pred) - as_float(target)).ravel()
        near, far = distance[distance <= delta], distance[distance > delta]
        total = near @ near / 2 + delta * far.sum() - far.size * delta**2 / 2
        return total / distance.size
    """,
)


huber_backward = Exercise("losses.huber_backward")


@huber_backward.check(huber_pairs, weight=0.5)
def gradient_has_the_shape_of_pred(subject, case):
    """The gradient has one entry for each prediction."""
    return {"dpred": 0.0 * subject.huber_backward(**case)}  # times 0: only the shape is left


@huber_backward.check(huber_pairs, weight=3, public=True)
def gradient_is_that_of_the_mean(subject, case):
    """The gradient is that of the mean Huber loss, near the target and far from it."""
    return {"dpred": subject.huber_backward(**case)}


@huber_backward.check(huber_deltas, weight=2, public=True)
def slope_grows_up_to_delta(subject, case):
    """The slope grows with the error up to delta, and stays there."""
    return {"dpred": subject.huber_backward(**case)}


@huber_backward.check(more_huber_pairs, weight=2)
def every_element_counts(subject, case):
    """The mean that is differentiated runs over every element."""
    return {"dpred": subject.huber_backward(**case)}


@huber_backward.check(broadcastable, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that differ raise ValueError, also where numpy would broadcast them."""
    return {"dpred": subject.huber_backward(**case)}


@huber_backward.check(whole, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are subtracted."""
    return {"dpred": subject.huber_backward(**case)}


@huber_backward.check(singles, weight=0.5)
def float32_is_kept(subject, case):
    """Predictions and targets of float32 have a gradient of float32."""
    return {"dtype": str(subject.huber_backward(**case).dtype)}


@huber_backward.check(huber_pairs, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.huber_backward(**case)
    return {"pred": case.pred, "target": case.target}


huber_backward.mutant(
    "sign",
    old="pred - target",
    new="target - pred",
    hint="A prediction that is too high: does the loss rise or fall when it rises further?",
)
huber_backward.mutant(
    "no_mean",
    old=" / pred.size",
    new="",
    hint="The loss is a mean. Where is its 1/M in your gradient?",
)
huber_backward.mutant(
    "rows_only",
    old="pred.size",
    new="len(pred)",
    hint="Over how many numbers does the loss take its mean when there are several outputs?",
)
huber_backward.mutant(
    "delta_ignored",
    old="-delta, delta",
    new="-1.0, 1.0",
    hint="What does your code do with its third argument?",
)
huber_backward.mutant(
    "slope_one",
    old="np.clip(pred - target, -delta, delta)",
    new="np.where(np.abs(pred - target) <= delta, pred - target, np.sign(pred - target))",
    hint="Which slope does the line have when delta is not 1?",
)
huber_backward.mutant(
    "mse_slope",
    old="np.clip(pred - target, -delta, delta)",
    new="(pred - target)",
    hint="What is the slope of the linear part?",
)
huber_backward.mutant(
    "mae_slope",
    old="np.clip(pred - target, -delta, delta)",
    new="delta * np.sign(pred - target)",
    hint="What is the slope of the parabola, close to the target?",
)
huber_backward.mutant(
    "no_half",
    old="np.clip(pred - target, -delta, delta)",
    new="np.where(np.abs(pred - target) <= delta, 2 * (pred - target), "
    "np.clip(pred - target, -delta, delta))",
    hint="Is there a ½ before the square, and what does it become in the derivative?",
)
huber_backward.mutant(
    "nothing_beyond_delta",
    old="np.clip(pred - target, -delta, delta)",
    new="np.where(np.abs(pred - target) <= delta, pred - target, 0)",
    hint="Is the loss constant beyond delta?",
)
huber_backward.mutant(
    "one_sided",
    old="np.clip(pred - target, -delta, delta)",
    new="np.minimum(pred - target, delta)",
    hint="What slope has a prediction that is far too low?",
)
huber_backward.mutant(
    "branches_swapped",
    old="np.clip(pred - target, -delta, delta)",
    new="np.where(np.abs(pred - target) > delta, pred - target, delta * np.sign(pred - target))",
    hint="Which of the two branches has a constant slope?",
)
huber_backward.mutant(
    "summed",
    old="np.clip(pred - target, -delta, delta) / pred.size",
    new="np.clip(pred - target, -delta, delta).mean()",
    hint="With respect to how many numbers do you differentiate, and how many slopes is that?",
)
huber_backward.mutant(
    "in_place",
    old="return np.clip(pred - target,",
    new="pred -= target\n    return np.clip(pred,",
    hint="Whose array does an operator like -= change?",
)
huber_backward.alternative(
    "branches",
    """
    def huber_backward(pred, target, delta=1.0):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        error = as_float(pred) - as_float(target)
        return np.where(np.abs(error) < delta, error, delta * np.sign(error)) / error.size
    """,
)
huber_backward.alternative(
    "shrunk_error",
    """
    def huber_backward(pred, target, delta=1.0):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        error = as_float(pred) - as_float(target)
        return error * (delta / np.maximum(np.abs(error), delta)) / error.size
    """,
)
huber_backward.alternative(
    "loop",
    """
    def huber_backward(pred, target, delta=1.0):
        if pred.shape != target.shape:
            raise ValueError("shapes differ")
        pred, target = as_float(pred), as_float(target)
        dpred = np.zeros_like(pred)
        for index in np.ndindex(*pred.shape):
            slope = pred[index] - target[index]
            if abs(slope) > delta:
                slope = delta if slope > 0 else -delta
            dpred[index] = slope / pred.size
        return dpred
    """,
)


for each in (mse, mse_backward, mae, mae_backward, huber, huber_backward):
    each.mutant(
        "broadcasts",
        old="if pred.shape != target.shape:",
        new="if False:",
        hint="What does numpy make of an array of shape (N, 1) minus one of shape (N,)?",
    )
    each.mutant(
        "wraps_around",
        old="as_float(pred), as_float(target)",
        new="np.asarray(pred), np.asarray(target)",
        hint="What is 3 - 5 in unsigned bytes?",
    )

for each in (mse_backward, mae_backward, huber_backward):
    each.mutant(
        "float64_always",
        old="as_float(pred), as_float(target)",
        new="np.asarray(pred, float), np.asarray(target, float)",
        hint="float32 goes in: which dtype comes out, and where does it change?",
    )
