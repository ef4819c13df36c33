"""Clipping of gradients: entry by entry, and all of them by one factor."""

import numpy as np

from autograder.declare import Case, Exercise, curve, exact


def large_gradients(rng):
    """Entries on both sides of the limit, of both signs."""
    for shape, limit in [((6,), 0.5), ((4, 3), 0.25), ((2, 5), 1.5)]:
        grad = limit * rng.uniform(0.2, 3.0, shape) * rng.choice([-1.0, 1.0], shape)
        grad.flat[:4] = limit * np.array([2.5, -2.0, 0.5, -0.25])
        yield Case(grad=grad, limit=limit)


def gentle_gradients(rng):
    """Nothing beyond the limit; then, in the second case, entries right at it."""
    yield Case(grad=rng.uniform(-0.9, 0.9, (3, 2)), limit=1.0)
    yield Case(grad=np.array([0.75, -0.75, 0.25, 0.0]), limit=0.75)


def zero_limits(rng):
    """A limit that lets nothing through, and a gradient without any entry that could go."""
    yield Case(grad=rng.standard_normal(4), limit=0.0)
    yield Case(grad=np.zeros((2, 3)), limit=0.5)


def overflown(rng):
    """Entries that are infinite, among ordinary ones."""
    yield Case(grad=np.array([np.inf, *rng.standard_normal(3), -np.inf]), limit=2.0)


def tiny_gradients_(rng):
    """Entries and limits of about 1e-8."""
    yield Case(grad=1e-8 * np.array([3.0, -2.5, 0.5, *rng.uniform(-0.9, 0.9, 3)]), limit=1e-8)


def single_gradients(rng):
    """Float32, beyond the limit and within."""
    grad = rng.standard_normal((3, 2)).astype(np.float32)
    yield Case(grad=grad, limit=0.5)
    yield Case(grad=grad, limit=50.0)


def whole_gradients(rng):
    """Integers, with an integer as the limit."""
    yield Case(grad=rng.integers(-9, 10, (2, 4)), limit=3)


exercise = Exercise("optimizers.clip_by_value")


@exercise.check(large_gradients, weight=3, public=True, picture=curve("grad"))
def entries_are_limited(subject, case):
    """An entry beyond the limit, above or below, becomes the limit; the others stay."""
    return {"grad": subject.clip_by_value(case.grad.copy(), case.limit)}


@exercise.check(gentle_gradients, public=True, picture=curve("grad"))
def entries_within_the_limit_stay(subject, case):
    """Where no entry is beyond the limit, nothing changes."""
    return {"grad": subject.clip_by_value(case.grad.copy(), case.limit)}


@exercise.check(zero_limits)
def zeros_stay_zeros(subject, case):
    """A zero limit lets nothing through, and a zero gradient stays zero."""
    return {"grad": subject.clip_by_value(case.grad.copy(), case.limit)}


@exercise.check(overflown)
def infinite_entries_are_limited(subject, case):
    """An infinite entry becomes the limit too, and spoils no other."""
    return {"grad": subject.clip_by_value(case.grad.copy(), case.limit)}


@exercise.check(tiny_gradients_)
def tiny_limits(subject, case):
    """A tiny limit is a limit like any other."""
    return {"grad": subject.clip_by_value(case.grad.copy(), case.limit)}


@exercise.check(large_gradients, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The gradient that was given is left as it was."""
    subject.clip_by_value(case.grad, case.limit)
    return {"grad": case.grad}


@exercise.check(single_gradients, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """A gradient of float32 stays float32."""
    return {"dtype": str(subject.clip_by_value(case.grad.copy(), case.limit).dtype)}


@exercise.check(whole_gradients, weight=0.5, judge=exact)
def integers_become_floats(subject, case):
    """A gradient of integers becomes float64."""
    return {"dtype": str(subject.clip_by_value(case.grad.copy(), case.limit).dtype)}


CLIP = "np.clip(as_float(grad), -limit, limit)"

exercise.mutant(
    "from_above_only",
    old=CLIP,
    new="np.minimum(as_float(grad), limit)",
    hint="What happens to a large negative entry?",
)
exercise.mutant(
    "from_below_only",
    old=CLIP,
    new="np.maximum(as_float(grad), -limit)",
    hint="What happens to a large positive entry?",
)
exercise.mutant(
    "negatives_lost",
    old="-limit, limit",
    new="0.0, limit",
    hint="A gradient has two signs. What happens to the smaller entries of one of them?",
)
exercise.mutant(
    "all_at_the_limit",
    old=CLIP,
    new="limit * np.sign(as_float(grad))",
    hint="What happens to the entries that are small enough already?",
)
exercise.mutant(
    "beyond_becomes_zero",
    old=CLIP,
    new="np.where(np.abs(grad) <= limit, as_float(grad), 0.0)",
    hint="Does an entry beyond the limit disappear, or does it become as large as is allowed?",
)
exercise.mutant(
    "rescales_by_largest",
    old=CLIP,
    new="as_float(grad) * min(1.0, limit / max(np.abs(grad).max(), 1e-300))",
    hint="Does each entry meet the limit on its own, or do they all shrink together?",
)
exercise.mutant(
    "rescales_by_norm",
    old=CLIP,
    new="as_float(grad) * min(1.0, limit / max(float(np.linalg.norm(grad)), 1e-300))",
    hint="Is the limit one for the length of the gradient, or for each of its entries?",
)
exercise.mutant(
    "in_place",
    old="return " + CLIP,
    new="floats = as_float(grad)\n    return np.clip(floats, -limit, limit, out=floats)",
    hint="Into whose array is your result written?",
)
exercise.mutant(
    "always_float64",
    old="as_float(grad)",
    new="np.asarray(grad, dtype=float)",
    hint="Which dtype did the gradient have before?",
)
exercise.mutant(
    "integers_kept",
    old="as_float(grad)",
    new="np.asarray(grad)",
    hint="Which dtype has a clipped gradient of integers when the limit is one too?",
)

exercise.alternative(
    "minimum_of_maximum",
    """
    def clip_by_value(grad, limit):
        floats = grad if np.issubdtype(grad.dtype, np.floating) else grad.astype(np.float64)
        return np.minimum(np.maximum(floats, -limit), limit)
    """,
)
exercise.alternative(
    "masks",
    """
    def clip_by_value(grad, limit):
        clipped = np.array(grad, dtype=grad.dtype if grad.dtype.kind == "f" else float)
        clipped[clipped > limit] = limit
        clipped[clipped < -limit] = -limit
        return clipped
    """,
)
exercise.alternative(
    "size_and_sign",
    """
    def clip_by_value(grad, limit):
        grad = as_float(grad)
        return np.sign(grad) * np.minimum(np.abs(grad), limit)
    """,
)
exercise.alternative(
    "entry_by_entry",
    """
    def clip_by_value(grad, limit):
        clipped = np.zeros(grad.shape, grad.dtype if grad.dtype.kind == "f" else np.float64)
        for index, entry in np.ndenumerate(grad):
            clipped[index] = max(-limit, min(limit, entry))
        return clipped
    """,
)


def gradients(rng, size=1.0, shapes=((3, 2), (2,))):
    """Draw the gradients of a layer, or of several parameters."""
    names = ["weights", "bias", "scale"]
    return {
        name: size * rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)
        for name, shape in zip(names, shapes, strict=False)
    }


def norm_of(grads):
    """Return the norm of all gradients together, for case sources that need it."""
    return float(np.sqrt(sum(np.sum(np.square(grad)) for grad in grads.values())))


def beyond(rng):
    """Norms beyond the threshold: a layer, a lone parameter, three of different shapes."""
    for shapes, share in [(((3, 2), (2,)), 0.5), (((4,),), 0.3), (((2, 3), (3,), (1, 2, 2)), 0.7)]:
        grads = gradients(rng, 6.0, shapes)
        yield Case(grads=grads, max_norm=round(share * norm_of(grads), 2))


def lopsided(rng):
    """A large gradient and a small one: each alone would be treated in another way."""
    large, small = gradients(rng, 4.0), gradients(rng)
    grads = {"weights": large["weights"], "bias": small["bias"]}
    yield Case(grads=grads, max_norm=round(0.4 * norm_of(grads), 2))


def below(rng):
    """Norms below the threshold, one of them by far; most rules would stretch these."""
    for factor in (1.2, 50.0):
        grads = gradients(rng)
        yield Case(grads=grads, max_norm=round(factor * norm_of(grads), 2))


def right_at(rng):
    """Norms that are the threshold exactly: 3, 4 and 12, in two arrays."""
    signs = rng.choice([-1.0, 1.0], 3)
    entries = signs * np.array([3.0, 4.0, 12.0])
    yield Case(grads={"weights": entries[:2].reshape(2, 1), "bias": entries[2:]}, max_norm=13.0)


def nothing(rng):
    """Gradients that are zero, with a threshold and without."""
    for max_norm in (float(rng.integers(1, 5)), 0.0):
        yield Case(grads={"weights": np.zeros((3, 2)), "bias": np.zeros(2)}, max_norm=max_norm)


def closed(rng):
    """A threshold of zero."""
    yield Case(grads=gradients(rng), max_norm=0.0)


def tiny_norms(rng):
    """Gradients of about 1e-6 and 1e-8, beyond a threshold that is smaller still."""
    for size in (1e-6, 1e-8):
        yield Case(grads=gradients(rng, size), max_norm=size)


def single_norms(rng):
    """Float32, beyond the threshold and below."""
    grads = {name: grad.astype(np.float32) for name, grad in gradients(rng).items()}
    yield Case(grads=grads, max_norm=1.0)
    yield Case(grads=grads, max_norm=100.0)


def bytes_(rng):
    """Signed bytes, the squares of which are none."""
    grads = {"weights": rng.integers(12, 100, (3, 2)), "bias": rng.integers(-100, -11, 2)}
    yield Case(grads={name: grad.astype(np.int8) for name, grad in grads.items()}, max_norm=20.0)


def copies(grads):
    """Return the gradients, copied."""
    return {name: grad.copy() for name, grad in grads.items()}


exercise = Exercise("optimizers.clip_by_global_norm")


@exercise.check(beyond, weight=3, public=True)
def long_gradients_are_shortened(subject, case):
    """Gradients beyond the threshold come back with the threshold as their common norm."""
    grads, norm = subject.clip_by_global_norm(copies(case.grads), case.max_norm)
    return {"grads": grads, "norm": norm}


@exercise.check(below, weight=1.5, public=True)
def short_gradients_stay(subject, case):
    """Gradients within the threshold stay as they are."""
    grads, norm = subject.clip_by_global_norm(copies(case.grads), case.max_norm)
    return {"grads": grads, "norm": norm}


@exercise.check(lopsided, weight=2)
def direction_is_kept(subject, case):
    """All gradients shrink by one factor, the small ones too."""
    grads, _norm = subject.clip_by_global_norm(copies(case.grads), case.max_norm)
    return {"ratios": {name: grad / case.grads[name] for name, grad in grads.items()}}


@exercise.check(beyond, weight=1.5)
def norm_is_the_one_before(subject, case):
    """The norm that comes back is the one before clipping."""
    _grads, norm = subject.clip_by_global_norm(copies(case.grads), case.max_norm)
    return {"norm": norm}


@exercise.check(right_at)
def threshold_itself_is_allowed(subject, case):
    """Gradients right at the threshold stay as they are."""
    grads, norm = subject.clip_by_global_norm(copies(case.grads), case.max_norm)
    return {"grads": grads, "norm": norm}


@exercise.check(nothing)
def zero_gradients_stay_zero(subject, case):
    """Gradients of norm zero stay zero, and no NaN appears."""
    grads, norm = subject.clip_by_global_norm(copies(case.grads), case.max_norm)
    return {"grads": grads, "norm": norm}


@exercise.check(closed, weight=0.5)
def zero_threshold_lets_nothing_through(subject, case):
    """A threshold of zero makes every gradient zero."""
    grads, norm = subject.clip_by_global_norm(copies(case.grads), case.max_norm)
    return {"grads": grads, "norm": norm}


@exercise.check(tiny_norms)
def tiny_gradients_are_shortened_exactly(subject, case):
    """Tiny gradients beyond a tiny threshold end right at it."""
    grads, norm = subject.clip_by_global_norm(copies(case.grads), case.max_norm)
    return {"grads": grads, "norm": norm}


@exercise.check(beyond, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The dictionary and the arrays in it are left as they were."""
    subject.clip_by_global_norm(case.grads, case.max_norm)
    return {"grads": case.grads}


@exercise.check(single_norms, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Gradients of float32 stay float32."""
    grads, _norm = subject.clip_by_global_norm(copies(case.grads), case.max_norm)
    return {"dtypes": {name: str(grad.dtype) for name, grad in grads.items()}}


@exercise.check(bytes_, weight=0.5)
def integers_become_floats(subject, case):
    """Gradients of integers become float64 before they are squared."""
    grads, norm = subject.clip_by_global_norm(copies(case.grads), case.max_norm)
    return {"grads": grads, "norm": norm}


NORM = "np.sqrt(sum((grad**2).sum() for grad in floats.values()))"
SCALE = "max_norm / norm if norm > max_norm else 1.0"

exercise.mutant(
    "each_on_its_own",
    old="scale * grad",
    new="min(1.0, max_norm / max(float(np.sqrt((grad**2).sum())), 1e-300)) * grad",
    hint="Is there one norm for all parameters, or one for each? Which of them keeps the direction?",
)
exercise.mutant(
    "stretches",
    old=SCALE,
    new="max_norm / norm if norm > 0 else 1.0",
    hint="What should happen to gradients that are short enough already?",
)
exercise.mutant(
    "by_value",
    old="scale * grad",
    new="np.clip(grad, -max_norm, max_norm)",
    hint="Do you shorten the gradient, or cut its entries one by one?",
)
exercise.mutant(
    "zero_over_zero",
    old="scale * grad",
    new="grad / norm * min(norm, max_norm)",
    hint="What do you divide by when every gradient is zero?",
)
exercise.mutant(
    "divides_by_zero",
    old=SCALE,
    new="min(1.0, max_norm / norm)",
    hint="Which number stands below the fraction bar when every gradient is zero?",
)
exercise.mutant(
    "sum_of_norms",
    old=NORM,
    new="sum(np.sqrt((grad**2).sum()) for grad in floats.values())",
    hint="Is the root taken of each sum of squares, or once, of their total?",
)
exercise.mutant(
    "no_root",
    old=NORM,
    new="sum((grad**2).sum() for grad in floats.values())",
    hint="Is that the norm, or its square?",
)
exercise.mutant(
    "largest_entry",
    old=NORM,
    new="max(np.abs(grad).max() for grad in floats.values())",
    hint="Which norm is meant: the largest entry, or the length of the whole?",
)
exercise.mutant(
    "sum_of_entries",
    old="(grad**2).sum()",
    new="np.abs(grad).sum() ** 2",
    hint="Do you square each entry before you add, or the sum afterwards?",
)
exercise.mutant(
    "mean_of_squares",
    old="(grad**2).sum()",
    new="(grad**2).mean()",
    hint="Is a norm a mean or a sum of squares?",
)
exercise.mutant(
    "norm_afterwards",
    old="for name, grad in floats.items()}, norm",
    new="for name, grad in floats.items()}, min(norm, max_norm)",
    hint="Which norm tells you whether training is about to explode: before clipping, or after?",
)
exercise.mutant(
    "first_only",
    old="floats.values()",
    new="list(floats.values())[:1]",
    hint="Which of the parameters enter your norm?",
)
exercise.mutant(
    "guarded_norm",
    old="max_norm / norm if",
    new="max_norm / (norm + 1e-6) if",
    hint="Some libraries add a small number to the norm. What does it do to gradients as small as that?",
)
exercise.mutant(
    "no_norm",
    old="for name, grad in floats.items()}, norm",
    new="for name, grad in floats.items()}",
    hint="Two things come back. Which is the second?",
)
exercise.mutant(
    "in_place",
    old="return {name: scale * grad for name, grad in floats.items()}",
    new="for name in floats:\n        floats[name] *= scale\n    return floats",
    hint="Whose arrays does *= change, and whose dictionary are they in?",
)
exercise.mutant(
    "always_float64",
    old="scale = max_norm / norm if norm > max_norm else 1.0",
    new="scale = np.float64(max_norm / norm if norm > max_norm else 1.0)",
    hint="Which dtype comes out when a float32 array meets a numpy scalar of float64?",
)
exercise.mutant(
    "bytes_wrap_around",
    old="as_float(grad)",
    new="np.asarray(grad)",
    hint="What is the square of 20 in signed bytes? Convert before you square.",
)

exercise.alternative(
    "one_long_vector",
    """
    def clip_by_global_norm(grads, max_norm):
        every = np.concatenate([as_float(grad).ravel() for grad in grads.values()])
        norm = float(np.linalg.norm(every))
        if norm <= max_norm:
            return {name: as_float(grad).copy() for name, grad in grads.items()}, norm
        return {name: as_float(grad) * (max_norm / norm) for name, grad in grads.items()}, norm
    """,
)
exercise.alternative(
    "hypot_of_norms",
    """
    def clip_by_global_norm(grads, max_norm):
        norm = 0.0
        for grad in grads.values():
            norm = float(np.hypot(norm, np.linalg.norm(as_float(grad).ravel())))
        clipped = {}
        for name, grad in grads.items():
            clipped[name] = as_float(grad) / max(1.0, norm / max_norm if max_norm else np.inf)
        return (clipped, norm) if norm else ({name: g.copy() for name, g in grads.items()}, 0.0)
    """,
)
exercise.alternative(
    "entry_by_entry",
    """
    def clip_by_global_norm(grads, max_norm):
        total = 0.0
        for grad in grads.values():
            for entry in np.ravel(grad):
                total += float(entry) ** 2
        norm = total**0.5
        clipped = {name: np.array(as_float(grad)) for name, grad in grads.items()}
        if norm > max_norm:
            for grad in clipped.values():
                grad *= max_norm
                grad /= norm
        return clipped, norm
    """,
)
exercise.alternative(
    "dot_products",
    """
    def clip_by_global_norm(grads, max_norm):
        floats = {name: as_float(grad) for name, grad in grads.items()}
        norm = np.sqrt(np.sum([np.vdot(grad, grad) for grad in floats.values()]))
        factor = float(np.minimum(1.0, np.divide(max_norm, norm))) if norm else 1.0
        return {name: np.multiply(grad, factor) for name, grad in floats.items()}, norm
    """,
)
