"""Norms of gradients, and what they say about a network."""

import numpy as np

from autograder.declare import Case, Exercise, exact


def gradients(rng):
    """Weights and biases of layers of different size, each of its own order of magnitude."""
    yield Case(
        grads={
            "weights": rng.standard_normal((3, 5)),
            "bias": 0.01 * rng.standard_normal(5),
        }
    )
    yield Case(
        grads={
            "first": 1e-6 * rng.standard_normal((4, 2)),
            "second": 1e3 * rng.standard_normal((2, 7)),
            "third": rng.standard_normal((7, 1)),
        }
    )


def more_gradients(rng):
    """Filters, a square table, a single number, one entry, and no parameter at all."""
    yield Case(
        grads={
            "filters": rng.standard_normal((2, 3, 1, 4)),
            "square": rng.standard_normal((4, 4)),
            "scale": np.array(-rng.uniform(0.5, 2.0)),
            "one": rng.uniform(-2.0, -0.5, 1),
        }
    )
    yield Case(grads={})


def no_gradients(rng):
    """Gradients of zeros beside one that is not."""
    yield Case(grads={"weights": np.zeros((2, 3)), "bias": rng.standard_normal(3)})


def whole_gradients(rng):
    """Integers, and unsigned bytes whose squares would wrap around at 256."""
    yield Case(
        grads={
            "weights": rng.integers(-9, 9, (3, 2)),
            "bias": rng.integers(20, 200, 4).astype(np.uint8),
        }
    )


norms = Exercise("diagnostics.gradient_norms")


@norms.check(gradients, weight=0.5, public=True, judge=exact)
def one_number_for_each_name(subject, case):
    """Every gradient has its norm, one number under the same name."""
    found = subject.gradient_norms(case.grads)
    return {
        "names": sorted(found),
        "numbers": [np.ndim(value) == 0 and not isinstance(value, str) for value in found.values()],
    }


@norms.check(gradients, weight=3, public=True)
def euclidean_length(subject, case):
    """The norm is the Euclidean length of all entries together."""
    return {"norms": subject.gradient_norms(case.grads)}


@norms.check(more_gradients, weight=2)
def gradients_of_any_shape(subject, case):
    """Filters, square tables and single numbers have a norm too."""
    return {"norms": subject.gradient_norms(case.grads)}


@norms.check(no_gradients, weight=0.5)
def zeros_have_norm_zero(subject, case):
    """A gradient of zeros has the norm 0."""
    return {"norms": subject.gradient_norms(case.grads)}


@norms.check(whole_gradients, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are squared."""
    return {"norms": subject.gradient_norms(case.grads)}


@norms.check(gradients, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The gradients are left as they were."""
    subject.gradient_norms(case.grads)
    return {"grads": case.grads}


LENGTH = "np.sqrt((as_float(g) ** 2).sum())"

norms.mutant(
    "no_root",
    old=LENGTH,
    new="(as_float(g) ** 2).sum()",
    hint="If every entry is doubled, what should become of the norm?",
)
norms.mutant(
    "sum_of_sizes",
    old=LENGTH,
    new="np.abs(as_float(g)).sum()",
    hint="How long is the vector (3, 4)?",
)
norms.mutant(
    "largest_entry",
    old=LENGTH,
    new="np.abs(as_float(g)).max()",
    hint="How long is the vector (3, 4)?",
)
norms.mutant(
    "root_mean_square",
    old=LENGTH,
    new="np.sqrt((as_float(g) ** 2).mean())",
    hint="Is (3, 4, 0, 0) shorter than (3, 4)?",
)
norms.mutant(
    "spectral",
    old=LENGTH,
    new="np.linalg.norm(as_float(g), 2 if np.ndim(g) == 2 else None)",
    hint="For a table, does numpy's norm with the order 2 use all entries?",
)
norms.mutant(
    "plain_sum",
    old=LENGTH,
    new="np.abs(as_float(g).sum())",
    hint="What do an entry of 1 and one of -1 make together?",
)
norms.mutant(
    "norm_of_each_column",
    old=f"float({LENGTH})",
    new="np.sqrt((as_float(g) ** 2).sum(axis=0))",
    hint="How many numbers should there be for one table of gradients?",
)
norms.mutant(
    "wraps_around",
    old="as_float(g)",
    new="g",
    hint="What is the square of 20 in unsigned bytes?",
)
norms.mutant(
    "squared_in_place",
    old="(as_float(g) ** 2)",
    new="np.multiply(g, g, out=g)",
    hint="Whose array do you square?",
)
norms.mutant(
    "in_a_list",
    old="{name: float(np.sqrt((as_float(g) ** 2).sum())) for name, g in grads.items()}",
    new="[float(np.sqrt((as_float(g) ** 2).sum())) for g in grads.values()]",
    hint="Which of your norms belongs to the bias, and how would a reader know?",
)

norms.alternative(
    "numpy_norm",
    """
    def gradient_norms(grads):
        return {name: np.linalg.norm(as_float(grads[name]).ravel()) for name in grads}
    """,
)
norms.alternative(
    "dot",
    """
    def gradient_norms(grads):
        norms = {}
        for name, grad in grads.items():
            flat = np.array(grad, dtype=np.float64).flatten()
            norms[name] = (flat @ flat) ** 0.5
        return norms
    """,
)
norms.alternative(
    "hypot",
    """
    def gradient_norms(grads):
        return dict((name, math.hypot(*np.ravel(grad).tolist())) for name, grad in grads.items())
    """,
)


def clear_cases(rng):
    """Norms that fall towards the first layer, rise towards it, or stay."""
    for first in (1e-7, 1e7, 1.0, 1e-5, 1e5, 0.2):
        steps = np.geomspace(first, 1.0, 5) * rng.uniform(0.8, 1.2, 5)
        yield Case(norms=steps.tolist())


def two_layers(rng):
    """First and last norm, just within the limit and just beyond it."""
    for ratio in (900.0, 1100.0, 1 / 900.0, 1 / 1100.0, 30.0, 1 / 30.0):
        last = float(rng.uniform(0.5, 2.0))
        yield Case(norms=[ratio * last, last])


def units_of_the_loss(rng):
    """All norms tiny, or all huge; only their ratio says something."""
    for unit in (1e-9, 1e9):
        for first in (1.0, 1e-4, 1e4):
            yield Case(norms=(unit * np.geomspace(first, 1.0, 4)).tolist())
    yield Case(norms=[float(rng.uniform(1e-12, 1e-10))])


def bumps(rng):
    """A norm in the middle that is far from the others."""
    for middle in (1e-6, 1e6):
        yield Case(norms=[1.0, middle, float(rng.uniform(0.5, 2.0))])
    yield Case(norms=[1e-5, 1.0, 1e-5])
    yield Case(norms=[1e-5, 1.0, 1e-4, 2.0])


def not_finite(rng):
    """Norms that are infinite or no number, at either end or between."""
    del rng
    for norms_given in (
        [np.inf, 1e3, 1.0],
        [np.nan, np.nan, 1.0],
        [1.0, np.nan, 1.0],
        [1.0, 1.0, np.inf],
        [np.nan],
        [0.0, np.nan],
    ):
        yield Case(norms=norms_given)


def zeros_arrive(rng):
    """Nothing arrives at the first layer, or nothing anywhere; or nothing sets out."""
    del rng
    for norms_given in ([0.0, 1e-3, 1.0], [0.0, 0.0, 0.0], [0.0], [1.0, 0.0]):
        yield Case(norms=norms_given)


def exact_limits(rng):
    """Ratios of exactly 1000, either way."""
    del rng
    yield Case(norms=[1000.0, 1.0])
    yield Case(norms=[1.0, 1000.0])


verdict = Exercise("diagnostics.diagnose")


@verdict.check(clear_cases, weight=3, public=True, judge=exact)
def falls_rises_or_stays(subject, case):
    """Norms that fall by far on the way back vanish, those that rise by far explode."""
    return {"verdict": subject.diagnose(case.norms)}


@verdict.check(two_layers, weight=2, public=True, judge=exact)
def by_a_factor_of_a_thousand(subject, case):
    """It takes a factor of more than 1000 between the first norm and the last."""
    return {"verdict": subject.diagnose(case.norms)}


@verdict.check(units_of_the_loss, weight=1.5, judge=exact)
def unit_of_the_loss_cancels(subject, case):
    """If all norms are multiplied by the same number, the verdict stays."""
    return {"verdict": subject.diagnose(case.norms)}


@verdict.check(bumps, weight=1, judge=exact)
def only_the_ends_count(subject, case):
    """What lies between the first layer and the last one makes no difference if it is finite."""
    return {"verdict": subject.diagnose(case.norms)}


@verdict.check(not_finite, weight=1.5, judge=exact)
def infinite_and_nan_explode(subject, case):
    """A norm that is infinite or NaN, wherever it is, means that the gradients explode."""
    return {"verdict": subject.diagnose(case.norms)}


@verdict.check(zeros_arrive, weight=1, judge=exact)
def zero_vanishes(subject, case):
    """A first norm of 0 has vanished, even if all others are 0 too."""
    return {"verdict": subject.diagnose(case.norms)}


@verdict.check(exact_limits, weight=0.5, judge=exact)
def limit_is_healthy(subject, case):
    """A factor of exactly 1000 is still healthy."""
    return {"verdict": subject.diagnose(case.norms)}


EXPLODES = "not np.all(np.isfinite(norms)) or first > HEALTHY_RATIO * last"
VANISHES = "first == 0 or HEALTHY_RATIO * first < last"

verdict.mutant(
    "wrong_way_round",
    old="norms[0], norms[-1]",
    new="norms[-1], norms[0]",
    hint="At which end of the list does the way back begin?",
)
verdict.mutant(
    "nan_overlooked",
    old=EXPLODES,
    new="first > HEALTHY_RATIO * last",
    hint="What is the answer when NaN is compared with a number?",
)
verdict.mutant(
    "nan_vanishes",
    old=f'if {EXPLODES}:\n        return "exploding"',
    new='if not np.all(np.isfinite(norms)):\n        return "vanishing"\n'
    '    if first > HEALTHY_RATIO * last:\n        return "exploding"',
    hint="How does a network come to a norm of NaN: by numbers too small, or too large?",
)
verdict.mutant(
    "ends_checked_only",
    old="np.all(np.isfinite(norms))",
    new="np.all(np.isfinite([first, last]))",
    hint="Can a network be healthy if a gradient in its middle is infinite?",
)
verdict.mutant(
    "extremes",
    old=f'if {EXPLODES}:\n        return "exploding"\n    if {VANISHES}',
    new="if not np.all(np.isfinite(norms)) or max(norms) > HEALTHY_RATIO * last:\n"
    '        return "exploding"\n    if first == 0 or HEALTHY_RATIO * min(norms) < last',
    hint="Which two layers do you compare?",
)
verdict.mutant(
    "absolute_limits",
    old=f'if {EXPLODES}:\n        return "exploding"\n    if {VANISHES}',
    new='if not np.all(np.isfinite(norms)) or first > HEALTHY_RATIO:\n        return "exploding"\n'
    "    if first < 1 / HEALTHY_RATIO",
    hint="What if the loss were measured in another unit, so that all norms were a million times as large?",
)
verdict.mutant(
    "ten_is_enough",
    old="first, last = norms[0], norms[-1]",
    new="first, last = norms[0], norms[-1]\n    HEALTHY_RATIO = 10.0",
    hint="By which factor do the two ends have to differ?",
)
verdict.mutant(
    "zero_is_healthy",
    old=VANISHES,
    new="HEALTHY_RATIO * first < last",
    hint="If nothing arrives anywhere, is that a healthy network?",
)
verdict.mutant(
    "neighbours",
    old="first, last = norms[0], norms[-1]",
    new="first, last = norms[0], norms[min(1, len(norms) - 1)]",
    hint="Which two layers do you compare?",
)
verdict.mutant(
    "never_explodes",
    old=f"if {EXPLODES}",
    new="if not np.all(np.isfinite(norms))",
    hint="Do gradients explode only once they are infinite?",
)

verdict.alternative(
    "quotient",
    """
    def diagnose(norms):
        if np.size(norms) == 0:
            raise ValueError("no norms")
        ends = np.array([norms[0], norms[-1]], dtype=np.float64)
        if np.isnan(norms).any() or np.isinf(norms).any():
            return "exploding"
        if ends[0] == 0:
            return "vanishing"
        ratio = np.divide(*ends)
        if ratio > 1000:
            return "exploding"
        return "vanishing" if ratio < 1 / 1000 else "healthy"
    """,
)
verdict.alternative(
    "logarithms",
    """
    def diagnose(norms):
        if not len(norms):
            raise ValueError("no norms")
        if not np.isfinite(np.sum(norms)):
            return "exploding"
        if norms[0] == 0:
            return "vanishing"
        if norms[-1] == 0:
            return "exploding"
        decades = round(math.log10(norms[0]) - math.log10(norms[-1]), 9)
        return "exploding" if decades > 3 else "vanishing" if decades < -3 else "healthy"
    """,
)
verdict.alternative(
    "loop_first",
    """
    def diagnose(norms):
        for norm in norms:
            if norm != norm or norm == float("inf"):
                return "exploding"
        first, *_ = norms
        *_, last = norms
        if first <= 0 or last / first > 1e3:
            return "vanishing"
        return "healthy" if last * 1e3 >= first else "exploding"
    """,
)
