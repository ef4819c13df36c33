"""Adam, and Adam with decoupled weight decay, judged by the steps they take."""

import numpy as np
from checks._walks import STEPS, dtypes, in_turn, repeatable, slopes, taken, walk

from autograder.declare import Case, Exercise, exact, trajectory


def from_zeros(rng):
    """Parameters that start at 0, in a table that is not square."""
    yield Case(theta=np.zeros((3, 2)), grad=slopes(rng, 3, 2), lr=0.25)


def even_walks(rng):
    """Unusual weights of the past, at one rate for all steps."""
    yield walk(rng, 3, rates=np.full(STEPS, 0.25), beta1=0.8, beta2=0.95)
    yield walk(rng, 4, 2, rates=np.full(STEPS, 0.5), beta1=0.95, beta2=0.8)


def uneven_walks(rng):
    """A vector and a table, at another rate in every step."""
    yield walk(rng, 3)
    yield walk(rng, 4, 2)


def guarded_walks(rng):
    """A guard that is large enough to see where it stands."""
    yield walk(rng, 4, eps=0.1)
    yield walk(rng, 3, 2, eps=0.1)


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


def weights(rng, *shape):
    """Draw parameters of ordinary size, which a decay can be seen on."""
    return rng.uniform(1.0, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def from_weights(rng):
    """Parameters that are not 0, in a table that is not square."""
    yield Case(theta=weights(rng, 3, 2), grad=slopes(rng, 3, 2), lr=0.25)


def decaying_walks(rng):
    """A strong decay, at one rate for all steps."""
    for shape, decay in [((3,), 0.2), ((4, 2), 0.4)]:
        rates = np.full(STEPS, 0.25)
        yield walk(rng, *shape, theta=weights(rng, *shape), rates=rates, decay=decay)


def uneven_decays(rng):
    """A strong decay, at another rate in every step, with unusual weights of the past."""
    for shape, beta1, beta2 in [((3,), 0.8, 0.95), ((4, 2), 0.95, 0.8)]:
        theta = weights(rng, *shape)
        yield walk(rng, *shape, theta=theta, decay=0.3, beta1=beta1, beta2=beta2)


def heavy_walks(rng):
    """Parameters of ordinary size, nothing said about the decay."""
    yield walk(rng, 3, theta=weights(rng, 3))
    yield walk(rng, 4, 2, theta=weights(rng, 4, 2))


def guarded_decays(rng):
    """A guard that is large enough to see where it stands."""
    yield walk(rng, 4, theta=weights(rng, 4), eps=0.1)


def still(rng):
    """Parameters without any gradient."""
    yield walk(rng, 4, theta=weights(rng, 4), grads=np.zeros((STEPS, 4)), decay=0.3)


def tiny_decays(rng):
    """Gradients of 1e-6 and 1e-8 and small parameters."""
    for size in (1e-6, 1e-8):
        grads = size * slopes(rng, STEPS, 4)
        yield walk(rng, 4, theta=0.01 * weights(rng, 4), grads=grads)


exercise = Exercise("optimizers.adam")


@exercise.check(from_zeros, public=True)
def first_step(subject, case):
    """From zeros, one step leads to an array of the same shape; a state comes with it."""
    theta, _state = subject.adam(case.theta.copy(), case.grad.copy(), {}, lr=case.lr)
    return {"theta": theta}


@exercise.check(even_walks, weight=3, public=True, picture=trajectory("theta"))
def moments_are_corrected(subject, case):
    """Both moments are fading averages, and each is corrected for its start at zero."""
    return {"updates": taken(subject.adam, case, beta1=case.beta1, beta2=case.beta2)}


@exercise.check(guarded_walks, weight=2)
def guard_stands_outside_the_root(subject, case):
    """The guard is added to the root of the corrected moment."""
    return {"updates": taken(subject.adam, case, eps=case.eps)}


@exercise.check(uneven_walks, weight=1.5)
def defaults_at_changing_rates(subject, case):
    """The usual weights hold when nothing is said; a new rate counts for its own step only."""
    return {"updates": taken(subject.adam, case)}


@exercise.check(pairs)
def every_parameter_has_its_own_state(subject, case):
    """Two parameters that take turns keep their moments, and their counts of steps, apart."""
    return {"updates": in_turn(subject.adam, case)}


@exercise.check(sparse)
def no_gradient_no_step(subject, case):
    """Where every gradient so far was zero nothing moves, and no NaN appears."""
    return {"updates": taken(subject.adam, case)}


@exercise.check(tiny, weight=1.5)
def tiny_gradients(subject, case):
    """With tiny gradients the guard of 1e-8 matters, and matters no more than it should."""
    return {"updates": taken(subject.adam, case)}


@exercise.check(short_walk, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Parameters, gradient and state are left as they were."""
    again = repeatable(subject.adam, case)
    grad = case.grads[0]
    subject.adam(case.theta, grad, {}, lr=0.1)
    return {"theta": case.theta, "grad": grad, "same_again": again}


@exercise.check(short_singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Parameters of float32 stay float32."""
    return {"dtypes": dtypes(subject.adam, case)}


COUNT = 't = state.get("t", 0) + 1\n'
FIRST = 'm = beta1 * state.get("m", 0.0) + (1 - beta1) * grad\n'
SECOND = 'v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2\n'
CORRECTED = "m_hat = m / (1 - beta1**t)\n    v_hat = v / (1 - beta2**t)"
STEP = "lr * m_hat / (np.sqrt(v_hat) + eps)"

exercise.mutant(
    "not_corrected",
    old=CORRECTED,
    new="m_hat, v_hat = m, v",
    hint="Both averages start at zero, and so are too small at first. Which moments does your step use?",
)
exercise.mutant(
    "first_not_corrected",
    old="m / (1 - beta1**t)",
    new="m",
    hint="The second moment is corrected for its start. What about the first?",
)
exercise.mutant(
    "second_not_corrected",
    old="v / (1 - beta2**t)",
    new="v",
    hint="The first moment is corrected for its start. What about the second?",
)
exercise.mutant(
    "always_the_first_step",
    old=CORRECTED,
    new="m_hat, v_hat = m / (1 - beta1), v / (1 - beta2)",
    hint="Is the correction the same in every step, and does your count of steps survive until the next?",
)
exercise.mutant(
    "counts_from_zero",
    old='state.get("t", 0)',
    new='state.get("t", -1)',
    hint="What is a number to the power of zero, and what do you divide by then?",
)
exercise.mutant(
    "one_step_ahead",
    old='state.get("t", 0)',
    new='state.get("t", 1)',
    hint="Which value does t have in the very first step?",
)
exercise.mutant(
    "correction_kept",
    old='"m": m, "v": v}',
    new='"m": m_hat, "v": v_hat}',
    hint="Which moments go on into the next step: the averages themselves, or the corrected ones?",
)
exercise.mutant(
    "betas_swapped",
    old="t = state",
    new="beta1, beta2 = beta2, beta1\n    t = state",
    hint="Which beta belongs to the gradients, and which one to their squares?",
)
exercise.mutant(
    "one_beta_for_both",
    old="v = beta2",
    new="v = beta1",
    hint="Does each moment fade by a factor of its own?",
)
exercise.mutant(
    "weights_exceed_one",
    old="(1 - beta1) * grad",
    new="grad",
    hint="What do the weights of past and present add up to in an average?",
)
exercise.mutant(
    "guard_inside",
    old="np.sqrt(v_hat) + eps",
    new="np.sqrt(v_hat + eps)",
    hint="Is the guard added before the root is taken, or after?",
)
exercise.mutant(
    "guard_before_correction",
    old="(np.sqrt(v_hat) + eps)",
    new="((np.sqrt(v) + eps) / np.sqrt(1 - beta2**t))",
    hint="Which comes first: correcting the second moment, or adding the guard?",
)
exercise.mutant(
    "no_guard",
    old="(np.sqrt(v_hat) + eps)",
    new="np.sqrt(v_hat)",
    hint="What do you divide by where no gradient has arrived yet?",
)
exercise.mutant(
    "no_root",
    old="np.sqrt(v_hat)",
    new="v_hat",
    hint="If all gradients were ten times as large, how much longer should the steps be?",
)
exercise.mutant(
    "no_square",
    old="grad**2",
    new="grad",
    hint="Which moment holds the gradients, and which one their squares?",
)
exercise.mutant(
    "unbracketed",
    old="/ (np.sqrt(v_hat) + eps)",
    new="/ np.sqrt(v_hat) + eps",
    hint="What is divided first, and what is added after that?",
)
exercise.mutant(
    "correction_multiplies",
    old="m / (1 - beta1**t)",
    new="m * (1 - beta1**t)",
    hint="The first average is too small. Does your correction make it larger?",
)
exercise.mutant(
    "squared_for_the_power",
    old="1 - beta2**t",
    new="1 - beta2**2",
    hint="The 2 of beta2 is an index. What is the exponent?",
)
exercise.mutant(
    "power_for_the_product",
    old="1 - beta1**t",
    new="1 - beta1 * t",
    hint="Does the weight of the start shrink by a factor in every step, or by a constant?",
)
exercise.mutant(
    "state_lost",
    old='{"t": t, "m": m, "v": v}',
    new='{"t": t}',
    hint="Where are the two moments when your function is called for the second time?",
)
exercise.mutant(
    "one_moment_for_all",
    old="grad**2",
    new="(grad**2).mean()",
    hint="Is there one second moment for the whole array, or one for each of its entries?",
)
exercise.mutant(
    "climbs",
    old="theta - lr",
    new="theta + lr",
    hint="The gradient points uphill. Which way do you want to go?",
)
exercise.mutant(
    "shared",
    old=COUNT,
    new="memory = adam.__dict__\n"
    '    state = memory["moments"] if state else {}\n'
    '    t = state.get("t", 0) + 1\n'
    '    memory["moments"] = {\n'
    '        "t": t,\n'
    '        "m": beta1 * state.get("m", 0.0) + (1 - beta1) * grad,\n'
    '        "v": beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2,\n'
    "    }\n",
    hint="When two parameters take turns, where does your function remember the moments of each?",
)
exercise.mutant(
    "shared_count",
    old=COUNT,
    new='adam.__dict__["steps"] = adam.__dict__.get("steps", 0) + 1 if state else 1\n'
    '    t = adam.__dict__["steps"]\n',
    hint="When two parameters take turns, whose steps does your function count?",
)
exercise.mutant(
    "theta_in_place",
    old=f"return theta - {STEP}",
    new=f"theta -= {STEP}\n    return theta",
    hint="Whose array does -= change?",
)
exercise.mutant(
    "state_in_place",
    old=f'return theta - {STEP}, {{"t": t, "m": m, "v": v}}',
    new=f"state.update(t=t, m=m, v=v)\n    return theta - {STEP}, state",
    hint="Would the same step, taken again from the same state, give the same result?",
)
exercise.mutant(
    "always_float64",
    old='state.get("m", 0.0)',
    new='state.get("m", np.zeros(theta.shape))',
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

exercise.alternative(
    "correction_in_the_rate",
    """
    def adam(theta, grad, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        t, m, v = state["memory"] if state else (0, np.zeros_like(grad), np.zeros_like(grad))
        t, m = t + 1, m + (1 - beta1) * (grad - m)
        v = v + (1 - beta2) * (grad * grad - v)
        root = (1 - beta2**t) ** 0.5
        rate = lr * root / (1 - beta1**t)
        return theta - rate * m / (np.sqrt(v) + eps * root), {"memory": (t, m, v)}
    """,
)
exercise.alternative(
    "powers_in_a_list",
    """
    def adam(theta, grad, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        m, v, power1, power2 = state.get("list", [0.0, 0.0, 1.0, 1.0])
        power1, power2 = power1 * beta1, power2 * beta2
        m = np.add(beta1 * m, (1 - beta1) * grad)
        v = np.add(beta2 * v, (1 - beta2) * np.square(grad))
        step = (m / (1 - power1)) / ((v / (1 - power2)) ** 0.5 + eps)
        return theta - lr * step, {"list": [m, v, power1, power2]}
    """,
)
exercise.alternative(
    "weighs_all_gradients",
    """
    def adam(theta, grad, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        grads = [*state.get("grads", []), grad.copy()]
        ages = range(len(grads) - 1, -1, -1)
        first = sum(beta1**age for age in ages)
        second = sum(beta2**age for age in ages)
        m = sum(beta1**age * each for age, each in zip(ages, grads)) / first
        v = sum(beta2**age * each**2 for age, each in zip(ages, grads)) / second
        return theta - lr * m / (np.sqrt(v) + eps), {"grads": grads}
    """,
)
exercise.alternative(
    "an_object_of_its_own",
    """
    class Average:
        def __init__(self, beta, value=0.0, steps=0):
            self.beta, self.value, self.steps = beta, value, steps

        def with_new(self, sample):
            value = self.beta * self.value + (1 - self.beta) * sample
            return Average(self.beta, value, self.steps + 1)

        def corrected(self):
            return self.value / (1 - self.beta**self.steps)


    def adam(theta, grad, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        first = state.get("first", Average(beta1)).with_new(grad)
        second = state.get("second", Average(beta2)).with_new(grad**2)
        step = first.corrected() / (np.sqrt(second.corrected()) + eps)
        return theta - lr * step, {"first": first, "second": second}
    """,
)
exercise.alternative(
    "entry_by_entry",
    """
    def adam(theta, grad, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        t = state["t"] + 1 if state else 1
        new, m, v = np.empty_like(theta), np.zeros_like(theta), np.zeros_like(theta)
        for index in np.ndindex(theta.shape):
            before = (state["m"][index], state["v"][index]) if state else (0.0, 0.0)
            m[index] = beta1 * before[0] + (1 - beta1) * grad[index]
            v[index] = beta2 * before[1] + (1 - beta2) * grad[index] ** 2
            root = np.sqrt(v[index] / (1 - beta2**t))
            new[index] = theta[index] - lr * (m[index] / (1 - beta1**t)) / (root + eps)
        return new, {"t": t, "m": m, "v": v}
    """,
)


exercise = Exercise("optimizers.adamw")


@exercise.check(from_weights, public=True)
def first_step(subject, case):
    """One step leads to an array of the same shape; a state comes with it."""
    new, _state = subject.adamw(case.theta.copy(), case.grad.copy(), {}, lr=case.lr)
    return {"update": new - case.theta}


@exercise.check(decaying_walks, weight=3, public=True, picture=trajectory("theta"))
def decay_stands_beside_the_step(subject, case):
    """The old parameters decay by their own share, beside the step of the gradients."""
    return {"updates": taken(subject.adamw, case, weight_decay=case.decay)}


@exercise.check(uneven_decays, weight=2)
def rate_counts_for_the_decay_too(subject, case):
    """A new learning rate changes the decay as it changes the step."""
    hyper = {"beta1": case.beta1, "beta2": case.beta2, "weight_decay": case.decay}
    return {"updates": taken(subject.adamw, case, **hyper)}


@exercise.check(heavy_walks)
def usual_decay_by_default(subject, case):
    """The decay is one hundredth when nothing is said."""
    return {"updates": taken(subject.adamw, case)}


@exercise.check(guarded_decays)
def guard_stands_outside_the_root(subject, case):
    """The guard is added to the root of the corrected moment."""
    return {"updates": taken(subject.adamw, case, eps=case.eps)}


@exercise.check(uneven_walks)
def no_decay_leaves_adam(subject, case):
    """Without any decay the steps are those of Adam."""
    return {"updates": taken(subject.adamw, case, weight_decay=0.0)}


@exercise.check(pairs)
def every_parameter_has_its_own_state(subject, case):
    """Two parameters that take turns keep their moments, and their counts of steps, apart."""
    return {"updates": in_turn(subject.adamw, case)}


@exercise.check(still)
def decays_without_gradient(subject, case):
    """Without any gradient the parameters decay all the same, and no NaN appears."""
    return {"updates": taken(subject.adamw, case, weight_decay=case.decay)}


@exercise.check(tiny_decays)
def tiny_gradients(subject, case):
    """With tiny gradients the guard of 1e-8 matters, and matters no more than it should."""
    return {"updates": taken(subject.adamw, case)}


@exercise.check(short_walk, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Parameters, gradient and state are left as they were."""
    again = repeatable(subject.adamw, case)
    grad = case.grads[0]
    subject.adamw(case.theta, grad, {}, lr=0.1)
    return {"theta": case.theta, "grad": grad, "same_again": again}


@exercise.check(short_singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Parameters of float32 stay float32."""
    return {"dtypes": dtypes(subject.adamw, case)}


UPDATE = "theta - lr * (step + weight_decay * theta)"

exercise.mutant(
    "decay_in_the_gradient",
    old=COUNT,
    new="grad, weight_decay = grad + weight_decay * theta, 0.0\n    " + COUNT,
    hint="Do the moments know about the decay? What does Adam do to a term that is part of the gradient?",
)
exercise.mutant(
    "decay_in_both",
    old=COUNT,
    new="grad = grad + weight_decay * theta\n    " + COUNT,
    hint="How many times do the parameters decay in one step of yours?",
)
exercise.mutant(
    "decay_without_rate",
    old=UPDATE,
    new="theta - lr * step - weight_decay * theta",
    hint="If the learning rate were zero, should the parameters still change?",
)
exercise.mutant(
    "decay_afterwards",
    old=UPDATE,
    new="(theta - lr * step) * (1 - lr * weight_decay)",
    hint="Which parameters decay: those before the step, or those after it?",
)
exercise.mutant(
    "no_decay",
    old=UPDATE,
    new="theta - lr * step",
    hint="What is left of a parameter that never gets a gradient?",
)
exercise.mutant(
    "grows",
    old="step + weight_decay",
    new="step - weight_decay",
    hint="Does the decay pull the parameters towards zero, or push them away?",
)
exercise.mutant(
    "decay_divided_too",
    old="m_hat / (np.sqrt(v_hat) + eps)\n    return theta - lr * (step + weight_decay * theta)",
    new="(m_hat + weight_decay * theta) / (np.sqrt(v_hat) + eps)\n    return theta - lr * step",
    hint="Is the decay the same share for every parameter, or does the second moment divide it too?",
)
exercise.mutant(
    "constant_decay",
    old="weight_decay * theta",
    new="weight_decay * np.sign(theta)",
    hint="Do large parameters lose more than small ones in one step?",
)
exercise.mutant(
    "not_corrected",
    old=CORRECTED,
    new="m_hat, v_hat = m, v",
    hint="Both averages start at zero, and so are too small at first. Which moments does your step use?",
)
exercise.mutant(
    "always_the_first_step",
    old=CORRECTED,
    new="m_hat, v_hat = m / (1 - beta1), v / (1 - beta2)",
    hint="Is the correction the same in every step, and does your count of steps survive until the next?",
)
exercise.mutant(
    "betas_swapped",
    old="t = state",
    new="beta1, beta2 = beta2, beta1\n    t = state",
    hint="Which beta belongs to the gradients, and which one to their squares?",
)
exercise.mutant(
    "guard_inside",
    old="np.sqrt(v_hat) + eps",
    new="np.sqrt(v_hat + eps)",
    hint="Is the guard added before the root is taken, or after?",
)
exercise.mutant(
    "no_guard",
    old="(np.sqrt(v_hat) + eps)",
    new="np.sqrt(v_hat)",
    hint="What do you divide by where no gradient has arrived yet?",
)
exercise.mutant(
    "no_root",
    old="np.sqrt(v_hat)",
    new="v_hat",
    hint="If all gradients were ten times as large, how much longer should the steps be?",
)
exercise.mutant(
    "climbs",
    old="theta - lr * (step",
    new="theta - lr * (-step",
    hint="The gradient points uphill. Which way do you want to go?",
)
exercise.mutant(
    "state_lost",
    old='{"t": t, "m": m, "v": v}',
    new='{"t": t}',
    hint="Where are the two moments when your function is called for the second time?",
)
exercise.mutant(
    "shared",
    old=COUNT,
    new="memory = adamw.__dict__\n"
    '    state = memory["moments"] if state else {}\n'
    '    t = state.get("t", 0) + 1\n'
    '    memory["moments"] = {\n'
    '        "t": t,\n'
    '        "m": beta1 * state.get("m", 0.0) + (1 - beta1) * grad,\n'
    '        "v": beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2,\n'
    "    }\n",
    hint="When two parameters take turns, where does your function remember the moments of each?",
)
exercise.mutant(
    "theta_in_place",
    old="return theta - lr * (step + weight_decay * theta)",
    new="theta -= lr * (step + weight_decay * theta)\n    return theta",
    hint="Whose array does -= change?",
)
exercise.mutant(
    "state_in_place",
    old=f'return {UPDATE}, {{"t": t, "m": m, "v": v}}',
    new=f"state.update(t=t, m=m, v=v)\n    return {UPDATE}, state",
    hint="Would the same step, taken again from the same state, give the same result?",
)
exercise.mutant(
    "always_float64",
    old='state.get("m", 0.0)',
    new='state.get("m", np.zeros(theta.shape))',
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

exercise.alternative(
    "shrinks_then_steps",
    """
    def adamw(
        theta, grad, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
    ):
        t, m, v = state["memory"] if state else (0, np.zeros_like(grad), np.zeros_like(grad))
        t, m, v = t + 1, m + (1 - beta1) * (grad - m), v + (1 - beta2) * (grad * grad - v)
        shrunk = theta * (1 - lr * weight_decay)
        root = (1 - beta2**t) ** 0.5
        return shrunk - lr * root / (1 - beta1**t) * m / (v**0.5 + eps * root), {
            "memory": (t, m, v)
        }
    """,
)
exercise.alternative(
    "built_on_adam",
    """
    def adamw(theta, grad, state, *, lr, weight_decay=0.01, **hyper):
        step, state = adam(np.zeros_like(theta), grad, state, lr=lr, **hyper)
        return theta + step - lr * weight_decay * theta, state
    """,
)
exercise.alternative(
    "weighs_all_gradients",
    """
    def adamw(
        theta, grad, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
    ):
        grads = [*state.get("grads", []), grad.copy()]
        ages = range(len(grads) - 1, -1, -1)
        m = sum(beta1**age * each for age, each in zip(ages, grads))
        v = sum(beta2**age * each**2 for age, each in zip(ages, grads))
        m = m / sum(beta1**age for age in ages)
        v = v / sum(beta2**age for age in ages)
        direction = m / (np.sqrt(v) + eps) + weight_decay * theta
        return theta - lr * direction, {"grads": grads}
    """,
)
exercise.alternative(
    "entry_by_entry",
    """
    def adamw(
        theta, grad, state, *, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01
    ):
        t = state["t"] + 1 if state else 1
        new, m, v = theta.copy(), np.zeros_like(theta), np.zeros_like(theta)
        for index in np.ndindex(theta.shape):
            before = (state["m"][index], state["v"][index]) if state else (0.0, 0.0)
            m[index] = beta1 * before[0] + (1 - beta1) * grad[index]
            v[index] = beta2 * before[1] + (1 - beta2) * grad[index] ** 2
            root = np.sqrt(v[index] / (1 - beta2**t))
            new[index] -= lr * weight_decay * theta[index]
            new[index] -= lr * (m[index] / (1 - beta1**t)) / (root + eps)
        return new, {"t": t, "m": m, "v": v}
    """,
)
