"""Batch normalisation, backward: three gradients, one of them along three paths."""

import numpy as np
from checks._tables import (
    FAR,
    by_column,
    bytes_by_column,
    dtypes,
    named,
    narrow_columns,
    scales,
    single,
    slopes,
)

from autograder.declare import Case, Exercise, exact


def drawn(rng, n, d, **options):
    """Draw a batch whose features differ in mean and spread, and a gradient from above."""
    case = {"dout": slopes(rng, n, d), "x": by_column(rng, n, d), "gamma": scales(rng, d)}
    return Case(**{**case, **options})


def batches(rng):
    """More rows than columns, then fewer."""
    for n, d in [(6, 3), (4, 5)]:
        yield drawn(rng, n, d)


def more_batches(rng):
    """A square table, three rows, one column, many rows."""
    for n, d in [(5, 5), (3, 4), (7, 1), (40, 2)]:
        yield drawn(rng, n, d)


def guarded_batches(rng):
    """A guard of 0.1 beside variances of 1e-6, 1 and 9, also of two rows; the usual one beside 1e-6."""
    for n, spreads, options in [
        (5, [1e-3, 1.0, 3.0], {"eps": 0.1}),
        (2, [0.3, 1.0, 2.0], {"eps": 0.1}),
        (6, [1e-3, 1e-3], {}),
    ]:
        yield drawn(rng, n, len(spreads), x=narrow_columns(rng, n, spreads), **options)


def batches_for_the_parameters(rng):
    """All of these: of other shapes, and with little variance."""
    yield from more_batches(rng)
    yield from guarded_batches(rng)


def lone_rows(rng):
    """A batch of one example."""
    for d in (3, 1):
        yield drawn(rng, 1, d)


def dead_features(rng):
    """A feature that is 0 in every row."""
    for n, d in [(5, 3), (4, 4)]:
        case = drawn(rng, n, d)
        case["x"][:, rng.integers(d)] = 0.0
        yield case


def far_from_zero(rng):
    """Features that differ little from row to row, and are a million away from 0.

    The distance is added in the check: a change of a millionth would be as large as the spread.
    """
    for n, d in [(6, 4), (5, 5), (12, 3)]:
        case = drawn(rng, n, d)
        noise = narrow_columns(rng, n, np.full(d, 0.05))
        yield Case(noise=noise, distance=FAR, dout=case.dout, gamma=case.gamma)


def whole_batches(rng):
    """Unsigned bytes, then signed integers.

    The guard is smaller than usual, since bytes cannot be spread as widely as the other batches.
    """
    for n, d in [(5, 3), (4, 2)]:
        x = bytes_by_column(rng, n, d)
        yield drawn(rng, n, d, x=x, eps=1e-9)
    dout = rng.integers(1, 5, (5, 2)) * rng.choice([-1, 1, 1], (5, 2))
    yield drawn(rng, 5, 2, dout=dout, x=by_column(rng, 5, 2).astype(np.int64), eps=1e-9)


def single_batches(rng):
    """Everything in float32."""
    for case in batches(rng):
        yield Case(**single({**case}))


exercise = Exercise("normalization.batchnorm_backward")


@exercise.check(batches, weight=0.5, public=True)
def shapes(subject, case):
    """Three gradients come back, each in the shape of what it belongs to: x, gamma and beta."""
    gradients = named(subject.batchnorm_backward(**case))
    return {name: 0.0 * each for name, each in gradients.items()}  # only the shapes are left


@exercise.check(batches, weight=1.5, public=True)
def gradients_of_the_parameters(subject, case):
    """The gradients of gamma and beta hold one number per feature, gathered from the whole batch."""
    _dx, dgamma, dbeta = subject.batchnorm_backward(**case)
    return {"dgamma": dgamma, "dbeta": dbeta}


@exercise.check(batches, weight=3, public=True)
def gradient_of_the_batch(subject, case):
    """The gradient of x follows every path from x to the output, also those through mean and variance."""
    dx, _dgamma, _dbeta = subject.batchnorm_backward(**case)
    return {"dx": dx}


@exercise.check(more_batches, weight=1.5)
def any_batch_will_do(subject, case):
    """Batches may have any number of rows and of features, as many of the one as of the other too."""
    dx, _dgamma, _dbeta = subject.batchnorm_backward(**case)
    return {"dx": dx}


@exercise.check(batches_for_the_parameters)
def parameters_of_any_batch(subject, case):
    """The gradients of gamma and beta are right for any batch, also where it hardly varies."""
    _dx, dgamma, dbeta = subject.batchnorm_backward(**case)
    return {"dgamma": dgamma, "dbeta": dbeta}


@exercise.check(guarded_batches, weight=1.5)
def guard_is_that_of_the_forward_pass(subject, case):
    """The guard is that of the forward pass, and it matters where a feature hardly varies."""
    dx, _dgamma, _dbeta = subject.batchnorm_backward(**case)
    return {"dx": dx}


@exercise.check(lone_rows)
def lone_row_has_no_gradient(subject, case):
    """A batch of one becomes beta whatever it is, so its gradient is zero, and so is that of gamma."""
    dx, dgamma, dbeta = subject.batchnorm_backward(**case)
    zeros = {"dx": np.round(dx, 7), "dgamma": np.round(dgamma, 7)}  # up to round-off
    return {**zeros, "dbeta": dbeta}


@exercise.check(dead_features)
def feature_without_variance_has_a_gradient(subject, case):
    """A feature that is zero in every row has a finite gradient, the guard sees to that."""
    dx, _dgamma, _dbeta = subject.batchnorm_backward(**case)
    return {"dx": dx}


@exercise.check(far_from_zero, weight=1.5)
def far_from_zero_no_digits_are_lost(subject, case):
    """A large mean does not swallow a small variance."""
    x = case.distance + case.noise
    dx, _dgamma, _dbeta = subject.batchnorm_backward(case.dout, x, case.gamma, eps=1e-12)
    return {"dx": dx}


@exercise.check(batches, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arrays that were given are left as they were."""
    subject.batchnorm_backward(**case)
    return {"dout": case.dout, "x": case.x, "gamma": case.gamma}


@exercise.check(single_batches, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Arrays of float32 have gradients of float32."""
    return {"dtypes": dtypes(subject.batchnorm_backward(**case))}


@exercise.check(whole_batches, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return named(subject.batchnorm_backward(**case))


STD = "std = np.sqrt(x.var(axis=0) + eps)"
CENTRED = "(x - x.mean(axis=0))"
NORMALIZED = f"normalized = {CENTRED} / std"
DGAMMA = "dgamma = (dout * normalized).sum(axis=0)"
DBETA = "dbeta = dout.sum(axis=0)"
SCALED = "scaled = gamma * dout"
BY_MEAN = "by_mean = scaled.mean(axis=0)"
BY_VAR = "by_var = normalized * (scaled * normalized).mean(axis=0)"
DX = "(scaled - by_mean - by_var) / std"
RETURN = f"return {DX}, dgamma, dbeta"

exercise.mutant(
    "statistics_constant",
    old="(scaled - by_mean - by_var)",
    new="scaled",
    hint="If one x changes, do mean and variance of its feature stay the same?",
)
exercise.mutant(
    "mean_path_lost",
    old="(scaled - by_mean - by_var)",
    new="(scaled - by_var)",
    hint="If all rows of a feature grow by one, how much does the output change? And what does your dx say?",
)
exercise.mutant(
    "variance_path_lost",
    old="(scaled - by_mean - by_var)",
    new="(scaled - by_mean)",
    hint="If a feature is stretched, how much does the output change? And what does your dx say?",
)
exercise.mutant(
    "paths_added",
    old="scaled - by_mean - by_var",
    new="scaled + by_mean + by_var",
    hint="With which sign does the mean enter the normalised value, and so its path the gradient?",
)
exercise.mutant(
    "variance_path_added",
    old="by_mean - by_var",
    new="by_mean + by_var",
    hint="If the variance grows, does the normalised value grow too?",
)
exercise.mutant(
    "mean_path_summed",
    old="scaled.mean(axis=0)",
    new="scaled.sum(axis=0)",
    hint="How much does the mean of N rows change when one of them grows by one?",
)
exercise.mutant(
    "variance_path_summed",
    old="(scaled * normalized).mean(axis=0)",
    new="(scaled * normalized).sum(axis=0)",
    hint="The variance is a mean of squares. Where is its 1/N on the way back?",
)
exercise.mutant(
    "both_paths_summed",
    old="scaled.mean(axis=0)\n    by_var = normalized * (scaled * normalized).mean(axis=0)",
    new="scaled.sum(axis=0)\n    by_var = normalized * (scaled * normalized).sum(axis=0)",
    hint="Mean and variance are both divided by N. Where is that on the way back?",
)
exercise.mutant(
    "variance_path_unbiased",
    old="(scaled * normalized).mean(axis=0)",
    new="(scaled * normalized).sum(axis=0) / max(len(x) - 1, 1)",
    hint="Which variance did the forward pass take: divided by N, or by N - 1?",
)
exercise.mutant(
    "variance_path_not_normalised",
    old="normalized * (scaled * normalized)",
    new=f"{CENTRED} * (scaled * normalized)",
    hint="How many times does the root of the variance stand below the path through it?",
)
exercise.mutant(
    "variance_path_same_for_all",
    old="normalized * (scaled * normalized)",
    new="(scaled * normalized)",
    hint="Which rows change the variance more: those near the mean, or those far from it?",
)
exercise.mutant(
    "unbiased_variance",
    old="x.var(axis=0)",
    new="x.var(axis=0, ddof=min(1, len(x) - 1))",
    hint="Which variance did the forward pass take: divided by N, or by N - 1?",
)
exercise.mutant(
    "difference_of_squares",
    old="x.var(axis=0)",
    new="(x**2).mean(axis=0) - x.mean(axis=0) ** 2",
    hint="How many digits are left when two numbers of 1e12 are subtracted that differ by 0.01?",
)
exercise.mutant(
    "no_guard",
    old="x.var(axis=0) + eps",
    new="x.var(axis=0)",
    hint="Is the root that you divide by the one of the forward pass?",
)
exercise.mutant(
    "guard_outside",
    old="np.sqrt(x.var(axis=0) + eps)",
    new="np.sqrt(x.var(axis=0)) + eps",
    hint="Was the guard added to the variance, or to its root?",
)
exercise.mutant(
    "guard_of_its_own",
    old="+ eps",
    new="+ 1e-5",
    hint="Does your code use the guard that it is given?",
)
exercise.mutant(
    "no_guard_for_dx",
    old=DX,
    new="(scaled - by_mean - by_var) / np.sqrt(x.var(axis=0))",
    hint="Is there one root for normalising and another for the gradient?",
)
exercise.mutant(
    "not_divided",
    old=DX,
    new="(scaled - by_mean - by_var)",
    hint="If the normalised value is x over a root, what is its slope with respect to x?",
)
exercise.mutant(
    "divided_by_the_variance",
    old=DX,
    new="(scaled - by_mean - by_var) / std**2",
    hint="By what did the forward pass divide: the variance, or its root?",
)
exercise.mutant(
    "multiplied",
    old=DX,
    new="(scaled - by_mean - by_var) * std",
    hint="A feature with a large spread is shrunk a lot. Is its gradient large, or small?",
)
exercise.mutant(
    "no_scale",
    old=SCALED,
    new="scaled = dout",
    hint="Between the normalised value and the output stands a factor. Where is it in dx?",
)
exercise.mutant(
    "scaled_twice",
    old=DX,
    new="gamma * (scaled - by_mean - by_var) / std",
    hint="How many times does gamma stand between x and the output?",
)
exercise.mutant(
    "mean_not_subtracted",
    old=CENTRED,
    new="x",
    hint="What is the mean of a normalised feature, and of yours?",
)
exercise.mutant(
    "dgamma_of_x",
    old="(dout * normalized).sum",
    new="(dout * x).sum",
    hint="What does gamma multiply in the forward pass: x itself, or something made from it?",
)
exercise.mutant(
    "dgamma_of_the_difference",
    old="(dout * normalized).sum",
    new=f"(dout * {CENTRED}).sum",
    hint="Is what gamma multiplies in the forward pass divided by something already?",
)
exercise.mutant(
    "dgamma_scaled",
    old="(dout * normalized).sum",
    new="(gamma * dout * normalized).sum",
    hint="The slope of gamma times a number, with respect to gamma: does gamma occur in it?",
)
exercise.mutant(
    "dgamma_one_number",
    old=DGAMMA,
    new="dgamma = (dout * normalized).sum()",
    hint="How many gammas are there, and how many numbers did you return for them?",
)
exercise.mutant(
    "dgamma_per_example",
    old=DGAMMA,
    new="dgamma = (dout * normalized).sum(axis=1)",
    hint="Is there a gamma for each example, or for each feature?",
)
exercise.mutant(
    "dgamma_not_summed",
    old=DGAMMA,
    new="dgamma = dout * normalized",
    hint="One gamma acts on every row. What becomes of its gradients from all of them?",
)
exercise.mutant(
    "dbeta_one_number",
    old=DBETA,
    new="dbeta = dout.sum()",
    hint="How many betas are there, and how many numbers did you return for them?",
)
exercise.mutant(
    "dbeta_per_example",
    old=DBETA,
    new="dbeta = dout.sum(axis=1)",
    hint="Is there a beta for each example, or for each feature?",
)
exercise.mutant(
    "dbeta_scaled",
    old=DBETA,
    new="dbeta = (gamma * dout).sum(axis=0)",
    hint="What stands between beta and the output: a factor, or nothing at all?",
)
exercise.mutant(
    "parameters_averaged",
    old=f"(dout * normalized).sum(axis=0)\n    {DBETA}",
    new="(dout * normalized).mean(axis=0)\n    dbeta = dout.mean(axis=0)",
    hint="Which 1/N is in the gradient from above already?",
)
exercise.mutant(
    "axis_kept",
    old=f"(dout * normalized).sum(axis=0)\n    {DBETA}",
    new="(dout * normalized).sum(axis=0, keepdims=True)\n    dbeta = dout.sum(axis=0, keepdims=True)",
    hint="Which shape has gamma, and which one its gradient?",
)
exercise.mutant(
    "parameters_swapped",
    old=f"{DX}, dgamma, dbeta",
    new=f"{DX}, dbeta, dgamma",
    hint="In which order do the three gradients come back?",
)
exercise.mutant(
    "dx_last",
    old=f"{DX}, dgamma, dbeta",
    new=f"dgamma, dbeta, {DX}",
    hint="In which order do the three gradients come back?",
)
exercise.mutant(
    "statistics_have_gradients",
    old=RETURN,
    new=f"{RETURN}, np.zeros_like(gamma), np.zeros_like(gamma)",
    hint="What does the layer learn by descent? Do the running statistics belong to that?",
)
exercise.mutant(
    "layer_norm",
    old=f"{BY_MEAN}\n    {BY_VAR}",
    new="by_mean = scaled.mean(axis=1, keepdims=True)\n"
    "    by_var = normalized * (scaled * normalized).mean(axis=1, keepdims=True)",
    hint="Over what did the forward pass take its mean: down a column, or along a row?",
)
exercise.mutant(
    "over_everything",
    old=f"{BY_MEAN}\n    {BY_VAR}",
    new="by_mean = scaled.mean()\n    by_var = normalized * (scaled * normalized).mean()",
    hint="Does a change in one feature change the mean of another?",
)
exercise.mutant(
    "wrong_sign",
    old=RETURN,
    new=f"return -{DX}, dgamma, dbeta",
    hint="If x grows a little, does its own normalised value grow or shrink?",
)
exercise.mutant(
    "gradient_in_place",
    old=SCALED,
    new="dout *= gamma\n    scaled = dout",
    hint="Whose array does *= change?",
)
exercise.mutant(
    "batch_in_place",
    old=NORMALIZED,
    new="x -= x.mean(axis=0)\n    normalized = x / std",
    hint="Whose array does -= change?",
)
exercise.mutant(
    "always_float64",
    old="dout, x = as_float(dout), as_float(x)",
    new="dout, x = np.asarray(dout, dtype=float), np.asarray(x, dtype=float)",
    hint="float32 goes in: which dtype comes out, and where does it change?",
)
exercise.mutant(
    "parameters_become_whole",
    old="dout, x = as_float(dout), as_float(x)",
    new="gamma = gamma.astype(np.asarray(x).dtype)\n    dout, x = as_float(dout), as_float(x)",
    hint="A batch of integers comes in. What is left of a gamma of 1.5 among integers?",
)

exercise.alternative(
    "three_lines",
    """
    def batchnorm_backward(dout, x, gamma, eps=1e-5):
        n, dout, root = len(x), as_float(dout), np.sqrt(np.var(x, axis=0) + eps)
        hat = (x - np.mean(x, axis=0)) / root
        dgamma, dbeta = np.sum(dout * hat, axis=0), np.sum(dout, axis=0)
        return gamma / (n * root) * (n * dout - dbeta - hat * dgamma), dgamma, dbeta
    """,
)
exercise.alternative(
    "step_by_step",
    """
    def batchnorm_backward(dout, x, gamma, eps=1e-5):
        dout, x = as_float(dout), as_float(x)
        n = len(x)
        mean = x.sum(axis=0) / n
        centred = x - mean
        var = (centred**2).sum(axis=0) / n
        root = np.sqrt(var + eps)
        inverse = 1 / root
        hat = centred * inverse
        dbeta = dout.sum(axis=0)
        dgamma = (dout * hat).sum(axis=0)
        dhat = dout * gamma
        dinverse = (dhat * centred).sum(axis=0)
        dcentred = dhat * inverse
        droot = -dinverse / root**2
        dvar = droot / (2 * root)
        dcentred = dcentred + 2 * centred * np.ones_like(x) / n * dvar
        dmean = -dcentred.sum(axis=0)
        dx = dcentred + np.ones_like(x) / n * dmean
        return dx, dgamma, dbeta
    """,
)
exercise.alternative(
    "jacobian_of_each_feature",
    """
    def batchnorm_backward(dout, x, gamma, eps=1e-5):
        x, dout = as_float(x), as_float(dout)
        n = x.shape[0]
        centred = x - np.einsum("nd->d", x) / n
        rate = (np.einsum("nd,nd->d", centred, centred) / n + eps) ** -0.5
        hat = centred * rate
        eye = np.eye(n, dtype=x.dtype)[:, :, None]
        jacobian = (eye - 1 / n - np.einsum("id,jd->ijd", hat, hat) / n) * rate
        dx = np.einsum("id,ijd,d->jd", dout, jacobian, gamma)
        return dx, np.einsum("nd,nd->d", dout, hat), np.einsum("nd->d", dout)
    """,
)
exercise.alternative(
    "feature_by_feature",
    """
    def batchnorm_backward(dout, x, gamma, eps=1e-5):
        import math

        dout, x = as_float(dout), as_float(x)
        n, d = x.shape
        dx, dgamma, dbeta = np.zeros_like(x), np.zeros_like(x[0]), np.zeros_like(x[0])
        for k in range(d):
            column, above = x[:, k].tolist(), dout[:, k].tolist()
            mean = math.fsum(column) / n
            root = math.sqrt(math.fsum((each - mean) ** 2 for each in column) / n + eps)
            hat = [(each - mean) / root for each in column]
            total = math.fsum(above)
            along = math.fsum(g * h for g, h in zip(above, hat))
            dgamma[k], dbeta[k] = along, total
            for i in range(n):
                rest = above[i] - total / n - hat[i] * along / n
                dx[i, k] = float(gamma[k]) / root * rest
        return dx, dgamma, dbeta
    """,
)
exercise.alternative(
    "complex_steps",
    """
    def batchnorm_backward(dout, x, gamma, eps=1e-5):
        dout, x = as_float(dout), as_float(x)
        dtype, step = x.dtype, 1e-30

        def hat(z):
            centred = z - z.mean(axis=0)
            return centred / np.sqrt((centred * centred).mean(axis=0) + eps)

        dx = np.zeros(x.shape)
        for index in np.ndindex(x.shape):
            moved = x.astype(complex)
            moved[index] += 1j * step
            dx[index] = (dout * gamma * hat(moved).imag).sum() / step
        dgamma = (dout * hat(x)).sum(axis=0)
        return dx.astype(dtype), dgamma, dout.sum(axis=0)
    """,
)
exercise.alternative(
    "projections",
    """
    def batchnorm_backward(dout, x, gamma, eps=1e-5):
        def centre(table):
            return table - np.full((len(table), len(table)), 1 / len(table), table.dtype) @ table

        dout, x = as_float(dout), as_float(x)
        centred = centre(x)
        power = np.square(centred).mean(axis=0) + eps
        above = centre(dout)
        along = (above * centred).mean(axis=0) / power
        dx = gamma * (above - centred * along) / np.sqrt(power)
        return dx, (dout * centred).sum(axis=0) / np.sqrt(power), np.ones_like(x[:, 0]) @ dout
    """,
)
