"""A learning rate for every parameter: adagrad and rmsprop, judged by the steps they take."""

import numpy as np
from checks._walks import STEPS, dtypes, in_turn, repeatable, slopes, taken, walk

from autograder.declare import Case, Exercise, exact, trajectory


def from_zeros(rng):
    """Parameters that start at 0, in a table that is not square."""
    yield Case(theta=np.zeros((3, 2)), grad=slopes(rng, 3, 2), lr=0.25)


def even_walks(rng):
    """A vector and a table, each at one rate for all steps."""
    yield walk(rng, 3, rates=np.full(STEPS, 0.25))
    yield walk(rng, 4, 2, rates=np.full(STEPS, 0.5))


def uneven_walks(rng):
    """A vector and a table, at another rate in every step."""
    yield walk(rng, 3)
    yield walk(rng, 4, 2)


def averaged_walks(rng):
    """Unusual weights of the past, at one rate for all steps."""
    yield walk(rng, 3, rates=np.full(STEPS, 0.25), rho=0.8)
    yield walk(rng, 4, 2, rates=np.full(STEPS, 0.5), rho=0.95)


def guarded_walks(rng):
    """A guard that is large enough to see where it stands."""
    yield walk(rng, 4, eps=0.1)
    yield walk(rng, 3, 2, eps=0.1)


def shrinking(rng):
    """Gradients that become a thousand times smaller on the way, with a guard to match."""
    sizes = np.geomspace(1.0, 1e-3, STEPS)[:, None]
    yield walk(rng, 4, grads=sizes * slopes(rng, STEPS, 4), eps=1e-3)


def tiny(rng):
    """Gradients of 1e-6 and 1e-8, which are not large beside the guard."""
    for size in (1e-6, 1e-8):
        yield walk(rng, 4, theta=np.zeros(4), grads=size * slopes(rng, STEPS, 4))


def sparse(rng):
    """A first gradient that is zero, and an entry that is zero in all of them."""
    grads = slopes(rng, STEPS, 4)
    grads[0], grads[:, 1] = 0.0, 0.0
    yield walk(rng, 4, grads=grads)


def pairs(rng):
    """Two parameters, one with far larger gradients than the other."""
    sizes = np.array([1.0, 20.0])[:, None]
    yield walk(rng, 4, thetas=np.zeros((2, 4)), grads=sizes * slopes(rng, STEPS, 2, 4))


def short_walk(rng):
    """Parameters of ordinary size and three gradients."""
    yield Case(theta=rng.standard_normal((3, 2)), grads=slopes(rng, 3, 3, 2))


def short_singles(rng):
    """The same in float32."""
    grads = slopes(rng, 3, 3).astype(np.float32)
    yield Case(theta=rng.standard_normal(3).astype(np.float32), grads=grads)


exercise = Exercise("optimizers.adagrad")


@exercise.check(from_zeros, public=True)
def first_step(subject, case):
    """From zeros, one step leads to an array of the same shape; a state comes with it."""
    theta, _state = subject.adagrad(case.theta.copy(), case.grad.copy(), {}, lr=case.lr)
    return {"theta": theta}


@exercise.check(even_walks, weight=3, public=True, picture=trajectory("theta"))
def squares_add_up(subject, case):
    """Each entry is divided by the root of the sum of all its squares so far."""
    return {"updates": taken(subject.adagrad, case)}


@exercise.check(guarded_walks, weight=1.5)
def guard_stands_outside_the_root(subject, case):
    """The guard is added to the root, not under it."""
    return {"updates": taken(subject.adagrad, case, eps=case.eps)}


@exercise.check(uneven_walks)
def rate_is_that_of_the_step(subject, case):
    """A new learning rate counts for its own step only."""
    return {"updates": taken(subject.adagrad, case)}


@exercise.check(shrinking)
def nothing_is_forgotten(subject, case):
    """Large gradients of the past keep later steps short."""
    return {"updates": taken(subject.adagrad, case, eps=case.eps)}


@exercise.check(pairs)
def every_parameter_has_its_own_state(subject, case):
    """Two parameters that take turns do not slow each other down."""
    return {"updates": in_turn(subject.adagrad, case)}


@exercise.check(sparse)
def no_gradient_no_step(subject, case):
    """Where every gradient so far was zero nothing moves, and no NaN appears."""
    return {"updates": taken(subject.adagrad, case)}


@exercise.check(tiny)
def tiny_gradients(subject, case):
    """With tiny gradients the guard of 1e-8 matters, and matters no more than it should."""
    return {"updates": taken(subject.adagrad, case)}


@exercise.check(short_walk, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Parameters, gradient and state are left as they were."""
    again = repeatable(subject.adagrad, case)
    grad = case.grads[0]
    subject.adagrad(case.theta, grad, {}, lr=0.1)
    return {"theta": case.theta, "grad": grad, "same_again": again}


@exercise.check(short_singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Parameters of float32 stay float32."""
    return {"dtypes": dtypes(subject.adagrad, case)}


TOTAL = 'total = state.get("total", 0.0) + grad**2'
STEP = "lr * grad / (np.sqrt(total) + eps)"

exercise.mutant(
    "no_square",
    old="grad**2",
    new="grad",
    hint="Can the total become negative? What would its root be?",
)
exercise.mutant(
    "absolute_values",
    old="grad**2\n    return theta - lr * grad / (np.sqrt(total) + eps)",
    new="np.abs(grad)\n    return theta - lr * grad / (total + eps)",
    hint="Do the sizes of the gradients add up, or their squares?",
)
exercise.mutant(
    "no_root",
    old="np.sqrt(total)",
    new="total",
    hint="Which power of the gradient is in your total, and which one stands above it?",
)
exercise.mutant(
    "guard_inside",
    old="np.sqrt(total) + eps",
    new="np.sqrt(total + eps)",
    hint="What is the root of a small guard, and does it stand there in this course?",
)
exercise.mutant(
    "no_guard",
    old="(np.sqrt(total) + eps)",
    new="np.sqrt(total)",
    hint="What do you divide by where no gradient has arrived yet?",
)
exercise.mutant(
    "unbracketed",
    old=STEP,
    new="lr * grad / np.sqrt(total) + eps",
    hint="What is divided first, and what is added after that?",
)
exercise.mutant(
    "state_lost",
    old='{"total": total}',
    new="{}",
    hint="What does your function know about earlier gradients when it is called again?",
)
exercise.mutant(
    "forgets",
    old=TOTAL,
    new='total = 0.9 * state.get("total", 0.0) + 0.1 * grad**2',
    hint="Does this optimizer ever forget? That idea came after it.",
)
exercise.mutant(
    "one_total_for_all",
    old="grad**2",
    new="(grad**2).sum()",
    hint="Is there one total for the whole array, or one for each of its entries?",
)
exercise.mutant(
    "total_of_yesterday",
    old="np.sqrt(total)",
    new='np.sqrt(state.get("total", 0.0))',
    hint="Does the gradient that you divide already count in what you divide by?",
)
exercise.mutant(
    "climbs",
    old="theta - lr",
    new="theta + lr",
    hint="The gradient points uphill. Which way do you want to go?",
)
exercise.mutant(
    "no_rate",
    old="lr * grad /",
    new="grad /",
    hint="Where does the learning rate enter?",
)
exercise.mutant(
    "rate_in_the_total",
    old=TOTAL + "\n    return theta - lr * grad",
    new='total = state.get("total", 0.0) + (lr * grad) ** 2\n    return theta - lr * grad',
    hint="Should the total change when only the learning rate does?",
)
exercise.mutant(
    "update_only",
    old="theta - lr",
    new="-lr",
    hint="Does your function return the new parameters, or only how far they moved?",
)
exercise.mutant(
    "shared",
    old=TOTAL,
    new="memory = adagrad.__dict__\n"
    '    past = memory["total"] if state else 0.0\n'
    '    total = memory["total"] = past + grad**2',
    hint="When two parameters take turns, where does your function remember the total of each?",
)
exercise.mutant(
    "theta_in_place",
    old=f"return theta - {STEP}",
    new=f"theta -= {STEP}\n    return theta",
    hint="Whose array does -= change?",
)
exercise.mutant(
    "state_in_place",
    old=TOTAL + f'\n    return theta - {STEP}, {{"total": total}}',
    new=TOTAL + f'\n    state["total"] = total\n    return theta - {STEP}, state',
    hint="Would the same step, taken again from the same state, give the same result?",
)
exercise.mutant(
    "always_float64",
    old='state.get("total", 0.0)',
    new='state.get("total", np.zeros(theta.shape))',
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

exercise.alternative(
    "length_of_the_past",
    """
    def adagrad(theta, grad, state, *, lr, eps=1e-8):
        length = np.hypot(state["length"], grad) if state else np.abs(grad)
        return theta - lr / (length + eps) * grad, {"length": length}
    """,
)
exercise.alternative(
    "all_gradients_kept",
    """
    def adagrad(theta, grad, state, *, lr, eps=1e-8):
        past = [*state.get("past", ()), grad.copy()]
        return theta - lr * grad / (np.linalg.norm(past, axis=0) + eps), {"past": tuple(past)}
    """,
)
exercise.alternative(
    "entry_by_entry",
    """
    def adagrad(theta, grad, state, *, lr, eps=1e-8):
        total = np.array(state["totals"][0]) if state else np.zeros_like(theta)
        new = theta.copy()
        for index in np.ndindex(theta.shape):
            total[index] += grad[index] * grad[index]
            new[index] -= lr * grad[index] / (total[index] ** 0.5 + eps)
        return new, {"totals": [total]}
    """,
)
exercise.alternative(
    "an_object_of_its_own",
    """
    class Tally:
        def __init__(self, total):
            self.total = total


    def adagrad(theta, grad, state, *, lr, eps=1e-8):
        before = state["tally"].total if state else np.zeros_like(grad)
        tally = Tally(before + np.square(grad))
        return theta - np.divide(lr * grad, tally.total**0.5 + eps), {"tally": tally}
    """,
)


exercise = Exercise("optimizers.rmsprop")


@exercise.check(from_zeros, public=True)
def first_step(subject, case):
    """From zeros, one step leads to an array of the same shape; a state comes with it."""
    theta, _state = subject.rmsprop(case.theta.copy(), case.grad.copy(), {}, lr=case.lr)
    return {"theta": theta}


@exercise.check(averaged_walks, weight=3, public=True, picture=trajectory("theta"))
def squares_are_averaged(subject, case):
    """Each entry is divided by the root of a fading average of its squares."""
    return {"updates": taken(subject.rmsprop, case, rho=case.rho)}


@exercise.check(guarded_walks, weight=1.5)
def guard_stands_outside_the_root(subject, case):
    """The guard is added to the root, not under it."""
    return {"updates": taken(subject.rmsprop, case, eps=case.eps)}


@exercise.check(uneven_walks)
def defaults_at_changing_rates(subject, case):
    """The past weighs nine tenths when nothing is said; a new rate counts for its own step only."""
    return {"updates": taken(subject.rmsprop, case)}


@exercise.check(shrinking)
def large_gradients_fade(subject, case):
    """Large gradients of the past count less with every step."""
    return {"updates": taken(subject.rmsprop, case, eps=case.eps)}


@exercise.check(pairs)
def every_parameter_has_its_own_state(subject, case):
    """Two parameters that take turns do not slow each other down."""
    return {"updates": in_turn(subject.rmsprop, case)}


@exercise.check(sparse)
def no_gradient_no_step(subject, case):
    """Where every gradient so far was zero nothing moves, and no NaN appears."""
    return {"updates": taken(subject.rmsprop, case)}


@exercise.check(tiny)
def tiny_gradients(subject, case):
    """With tiny gradients the guard of 1e-8 matters, and matters no more than it should."""
    return {"updates": taken(subject.rmsprop, case)}


@exercise.check(short_walk, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Parameters, gradient and state are left as they were."""
    again = repeatable(subject.rmsprop, case)
    grad = case.grads[0]
    subject.rmsprop(case.theta, grad, {}, lr=0.1)
    return {"theta": case.theta, "grad": grad, "same_again": again}


@exercise.check(short_singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Parameters of float32 stay float32."""
    return {"dtypes": dtypes(subject.rmsprop, case)}


AVERAGE = 'average = rho * state.get("average", 0.0) + (1 - rho) * grad**2'
RATIO = "lr * grad / (np.sqrt(average) + eps)"

exercise.mutant(
    "weights_swapped",
    old=AVERAGE,
    new='average = (1 - rho) * state.get("average", 0.0) + rho * grad**2',
    hint="Which of the two does rho weigh: the past, or what is new?",
)
exercise.mutant(
    "average_of_yesterday",
    old="np.sqrt(average)",
    new='np.sqrt(state.get("average", 0.0))',
    hint="Does the gradient that you divide already count in what you divide by?",
)
exercise.mutant(
    "never_forgets",
    old=AVERAGE,
    new='average = state.get("average", 0.0) + grad**2',
    hint="Is that an average, or a total that only ever grows?",
)
exercise.mutant(
    "weights_exceed_one",
    old="(1 - rho) * grad**2",
    new="grad**2",
    hint="What do the weights of past and present add up to in an average?",
)
exercise.mutant(
    "guard_inside",
    old="np.sqrt(average) + eps",
    new="np.sqrt(average + eps)",
    hint="What is the root of a small guard, and does it stand there in this course?",
)
exercise.mutant(
    "no_guard",
    old="(np.sqrt(average) + eps)",
    new="np.sqrt(average)",
    hint="What do you divide by where no gradient has arrived yet?",
)
exercise.mutant(
    "unbracketed",
    old=RATIO,
    new="lr * grad / np.sqrt(average) + eps",
    hint="What is divided first, and what is added after that?",
)
exercise.mutant(
    "no_root",
    old="np.sqrt(average)",
    new="average",
    hint="Which power of the gradient is in your average, and which one stands above it?",
)
exercise.mutant(
    "no_square",
    old="grad**2",
    new="grad",
    hint="Can the average become negative? What would its root be?",
)
exercise.mutant(
    "corrected",
    old=AVERAGE,
    new='steps = state.get("steps", 0) + 1\n'
    '    past = state.get("average", 0.0) * (1 - rho ** (steps - 1))\n'
    '    state = {"steps": steps}\n'
    "    average = (rho * past + (1 - rho) * grad**2) / (1 - rho**steps)"
    + f'\n    return theta - {RATIO}, {{"average": average, **state}}',
    hint="Is the average corrected for its start at zero here, or does that belong to a later optimizer?",
)
exercise.mutant(
    "starts_at_the_first_square",
    old='state.get("average", 0.0)',
    new='state.get("average", grad**2)',
    hint="What is the average before the first gradient has arrived?",
)
exercise.mutant(
    "state_lost",
    old='{"average": average}',
    new="{}",
    hint="What does your function know about earlier gradients when it is called again?",
)
exercise.mutant(
    "one_average_for_all",
    old="grad**2",
    new="(grad**2).mean()",
    hint="Is there one average for the whole array, or one for each of its entries?",
)
exercise.mutant(
    "fixed_weight",
    old=AVERAGE,
    new='average = 0.9 * state.get("average", 0.0) + 0.1 * grad**2',
    hint="Does your function use the weight of the past that it is given?",
)
exercise.mutant(
    "climbs",
    old="theta - lr",
    new="theta + lr",
    hint="The gradient points uphill. Which way do you want to go?",
)
exercise.mutant(
    "no_rate",
    old="lr * grad /",
    new="grad /",
    hint="Where does the learning rate enter?",
)
exercise.mutant(
    "shared",
    old=AVERAGE,
    new="memory = rmsprop.__dict__\n"
    '    past = memory["average"] if state else 0.0\n'
    '    average = memory["average"] = rho * past + (1 - rho) * grad**2',
    hint="When two parameters take turns, where does your function remember the average of each?",
)
exercise.mutant(
    "theta_in_place",
    old=f"return theta - {RATIO}",
    new=f"theta -= {RATIO}\n    return theta",
    hint="Whose array does -= change?",
)
exercise.mutant(
    "state_in_place",
    old=f'return theta - {RATIO}, {{"average": average}}',
    new=f'state["average"] = average\n    return theta - {RATIO}, state',
    hint="Would the same step, taken again from the same state, give the same result?",
)
exercise.mutant(
    "always_float64",
    old='state.get("average", 0.0)',
    new='state.get("average", np.zeros(theta.shape))',
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

exercise.alternative(
    "moves_towards_the_square",
    """
    def rmsprop(theta, grad, state, *, lr, rho=0.9, eps=1e-8):
        average = state["average"] if state else np.zeros_like(grad)
        average = average + (1 - rho) * (np.square(grad) - average)
        return theta - lr / (average**0.5 + eps) * grad, {"average": average}
    """,
)
exercise.alternative(
    "weighs_all_squares",
    """
    def rmsprop(theta, grad, state, *, lr, rho=0.9, eps=1e-8):
        squares = [*state.get("squares", []), grad * grad]
        average = np.zeros_like(theta)
        for age, square in enumerate(squares[::-1]):
            average = average + rho**age * (1 - rho) * square
        return theta - lr * grad / (np.sqrt(average) + eps), {"squares": squares}
    """,
)
exercise.alternative(
    "root_in_the_state",
    """
    def rmsprop(theta, grad, state, *, lr, rho=0.9, eps=1e-8):
        fading, fresh = float(np.sqrt(rho)), float(np.sqrt(1 - rho))
        root = np.hypot(fading * state.get("root", np.zeros_like(grad)), fresh * grad)
        return theta - lr * grad / (root + eps), {"root": root}
    """,
)
exercise.alternative(
    "entry_by_entry",
    """
    def rmsprop(theta, grad, state, *, lr, rho=0.9, eps=1e-8):
        average, new = np.zeros_like(theta), theta.copy()
        for index in np.ndindex(theta.shape):
            old = state["memory"][0][index] if state else 0.0
            average[index] = rho * old + (1 - rho) * grad[index] ** 2
            new[index] -= lr * grad[index] / (np.sqrt(average[index]) + eps)
        return new, {"memory": (average,)}
    """,
)
