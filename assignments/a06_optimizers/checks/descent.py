"""Plain descent and descent with momentum, judged by the steps they take."""

import numpy as np

from autograder.declare import Case, Exercise, exact, trajectory

STEPS = 6


def taken(step, theta, grads, rates, **options):
    """Return the update of every step: the new parameters minus the old ones."""
    state, updates = {}, []
    for grad, lr in zip(grads, rates, strict=True):
        new, state = step(theta.copy(), grad.copy(), state, lr=float(lr), **options)
        updates.append(new - theta)
        theta = new
    return np.array(updates)


def in_turn(step, thetas, grads, rates):
    """Return the updates of two parameters that take turns, each with a state of its own."""
    thetas, states, updates = list(thetas), [{}, {}], []
    for given, lr in zip(grads, rates, strict=True):
        for each, grad in enumerate(given):
            old, own = thetas[each].copy(), states[each]
            thetas[each], states[each] = step(old.copy(), grad.copy(), own, lr=float(lr))
            updates.append(thetas[each] - old)
    return np.array(updates)


def repeatable(step, theta, grads):
    """Return for each step whether the same step, taken again from the same state, is the same."""
    state, same = {}, []
    for grad in grads:
        first, following = step(theta.copy(), grad.copy(), state, lr=0.1)
        second, _ = step(theta.copy(), grad.copy(), state, lr=0.1)
        same.append(bool(np.array_equal(first, second, equal_nan=True)))
        state = following
    return same


def dtypes(step, theta, grads):
    """Return the dtype of the parameters after each step."""
    state, names = {}, []
    for grad in grads:
        theta, state = step(theta.copy(), grad.copy(), state, lr=0.1)
        names.append(str(theta.dtype))
    return names


def from_zeros(rng):
    """Parameters that start at 0, in a table that is not square."""
    yield Case(theta=np.zeros((3, 2)), grad=rng.standard_normal((3, 2)), lr=0.25)


def walk(rng, *shape, rates=None, **options):
    """Draw small parameters, six gradients and, unless they are given, as many rates."""
    return Case(
        theta=0.01 * rng.standard_normal(shape),
        grads=rng.standard_normal((STEPS, *shape)),
        rates=rng.uniform(0.05, 0.5, STEPS) if rates is None else rates,
        **options,
    )


def any_walks(rng):
    """A vector and a table, each at rates that change from step to step."""
    yield walk(rng, 3)
    yield walk(rng, 4, 2)


def even_walks(rng):
    """Unusual shares of the past, at one rate for all steps."""
    yield walk(rng, 3, rates=np.full(STEPS, 0.1), beta=0.8)
    yield walk(rng, 4, 2, rates=np.full(STEPS, 0.3), beta=0.95)


def uneven_walks(rng):
    """Unusual shares of the past, at another rate in every step."""
    yield walk(rng, 3, beta=0.8)
    yield walk(rng, 4, 2, beta=0.95)


def resting(rng):
    """Parameters without any gradient."""
    yield Case(
        theta=0.01 * rng.standard_normal((3, 2)),
        grads=np.zeros((STEPS, 3, 2)),
        rates=rng.uniform(0.05, 0.5, STEPS),
    )


def pushed(rng):
    """One gradient, and none after it."""
    for beta in (0.8, 0.95):
        push = rng.standard_normal(3)
        yield Case(theta=np.zeros(3), push=push, rates=np.full(STEPS, 0.2), beta=beta)


def tiny(rng):
    """Gradients of 1e-6 and 1e-8, where the parameters are 0."""
    for size in (1e-6, 1e-8):
        yield Case(
            theta=np.zeros(4),
            grads=size * rng.standard_normal((STEPS, 4)),
            rates=rng.uniform(0.05, 0.5, STEPS),
        )


def pairs(rng):
    """Two parameters whose gradients have nothing to do with each other."""
    yield Case(
        thetas=0.01 * rng.standard_normal((2, 4)),
        grads=rng.standard_normal((STEPS, 2, 4)),
        rates=rng.uniform(0.05, 0.5, STEPS),
    )


def short_walk(rng):
    """Parameters of ordinary size and three gradients."""
    yield Case(theta=rng.standard_normal((3, 2)), grads=rng.standard_normal((3, 3, 2)))


def short_singles(rng):
    """The same in float32."""
    yield Case(
        theta=rng.standard_normal(3).astype(np.float32),
        grads=rng.standard_normal((3, 3)).astype(np.float32),
    )


exercise = Exercise("optimizers.sgd")


@exercise.check(from_zeros, public=True)
def first_step(subject, case):
    """From zeros, one step leads to an array of the same shape; a state comes with it."""
    theta, _state = subject.sgd(case.theta.copy(), case.grad.copy(), {}, lr=case.lr)
    return {"theta": theta}


@exercise.check(any_walks, weight=2, public=True, picture=trajectory("theta"))
def steps_against_the_gradient(subject, case):
    """Every step goes against its gradient, by the learning rate of that step."""
    return {"updates": taken(subject.sgd, case.theta, case.grads, case.rates)}


@exercise.check(resting)
def rests_without_gradient(subject, case):
    """Where the gradient is zero, nothing moves."""
    return {"updates": taken(subject.sgd, case.theta, case.grads, case.rates)}


@exercise.check(tiny)
def tiny_gradients(subject, case):
    """A tiny gradient makes a tiny step."""
    return {"updates": taken(subject.sgd, case.theta, case.grads, case.rates)}


@exercise.check(short_walk, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Parameters, gradient and state are left as they were."""
    again = repeatable(subject.sgd, case.theta, case.grads)
    grad = case.grads[0]
    subject.sgd(case.theta, grad, {}, lr=0.1)
    return {"theta": case.theta, "grad": grad, "same_again": again}


@exercise.check(short_singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Parameters of float32 stay float32."""
    return {"dtypes": dtypes(subject.sgd, case.theta, case.grads)}


exercise.mutant(
    "climbs",
    old="theta - lr * grad",
    new="theta + lr * grad",
    hint="The gradient points uphill. Which way do you want to go?",
)
exercise.mutant(
    "no_rate",
    old="lr * grad",
    new="grad",
    hint="What decides how long a step is, beside the gradient?",
)
exercise.mutant(
    "update_only",
    old="theta - lr * grad",
    new="-lr * grad",
    hint="Does your function return the new parameters, or only how far they moved?",
)
exercise.mutant(
    "unit_steps",
    old="lr * grad",
    new="lr * grad / np.linalg.norm(grad)",
    hint="Are your steps shorter where the slope is gentler, and what happens where it is flat?",
)
exercise.mutant(
    "mean_gradient",
    old="lr * grad",
    new="lr * grad.mean()",
    hint="Does every parameter follow its own entry of the gradient?",
)
exercise.mutant(
    "sign_only",
    old="lr * grad",
    new="lr * np.sign(grad)",
    hint="Does the size of the gradient play a part in your step, or only its sign?",
)
exercise.mutant(
    "no_state",
    old="return theta - lr * grad, state",
    new="return theta - lr * grad",
    hint="Each optimizer returns a pair: the new parameters, and what else?",
)
exercise.mutant(
    "in_place",
    old="return theta - lr * grad",
    new="theta -= lr * grad\n    return theta",
    hint="Whose array does -= change?",
)
exercise.mutant(
    "always_float64",
    old="theta - lr",
    new="theta - np.float64(lr)",
    hint="Which dtype comes out when float32 meets a float64 array or numpy scalar?",
)

exercise.alternative(
    "entry_by_entry",
    """
    def sgd(theta, grad, state, *, lr):
        new = np.empty_like(theta)
        for index in np.ndindex(theta.shape):
            new[index] = theta[index] - lr * grad[index]
        return new, state
    """,
)
exercise.alternative(
    "on_a_copy",
    """
    def sgd(theta, grad, state, *, lr):
        moved = theta.copy()
        moved -= np.multiply(grad, lr)
        return moved, {}
    """,
)
exercise.alternative(
    "counts_its_steps",
    """
    def sgd(theta, grad, state, *, lr):
        steps = state["steps"] + 1 if state else 1
        return np.add(theta, grad * -lr), {"steps": steps}
    """,
)


exercise = Exercise("optimizers.momentum")


@exercise.check(from_zeros, public=True)
def first_step(subject, case):
    """From zeros, one step leads to an array of the same shape; a state comes with it."""
    theta, _state = subject.momentum(case.theta.copy(), case.grad.copy(), {}, lr=case.lr)
    return {"theta": theta}


@exercise.check(even_walks, weight=3, public=True, picture=trajectory("theta"))
def velocity_builds_up(subject, case):
    """The velocity keeps its share of the past and takes in each new gradient in full."""
    updates = taken(subject.momentum, case.theta, case.grads, case.rates, beta=case.beta)
    return {"updates": updates}


@exercise.check(uneven_walks, weight=2)
def rate_is_inside_the_velocity(subject, case):
    """A new learning rate counts for the new gradient, not for the velocity gathered before."""
    updates = taken(subject.momentum, case.theta, case.grads, case.rates, beta=case.beta)
    return {"updates": updates}


@exercise.check(any_walks)
def keeps_nine_tenths_by_default(subject, case):
    """When nothing is said about it, nine tenths of the velocity are kept."""
    return {"updates": taken(subject.momentum, case.theta, case.grads, case.rates)}


@exercise.check(pairs)
def every_parameter_has_its_own_state(subject, case):
    """Two parameters that take turns do not push each other."""
    return {"updates": in_turn(subject.momentum, case.thetas, case.grads, case.rates)}


@exercise.check(pushed)
def coasts_after_a_push(subject, case):
    """After a single push the steps go on, each a fixed share of the one before."""
    grads = [case.push] + [np.zeros(3)] * (STEPS - 1)
    return {"updates": taken(subject.momentum, case.theta, grads, case.rates, beta=case.beta)}


@exercise.check(resting, weight=0.5)
def rests_without_gradient(subject, case):
    """Where no gradient ever was, nothing moves."""
    return {"updates": taken(subject.momentum, case.theta, case.grads, case.rates)}


@exercise.check(tiny)
def tiny_gradients(subject, case):
    """Tiny gradients make tiny steps, built up in the same way."""
    return {"updates": taken(subject.momentum, case.theta, case.grads, case.rates)}


@exercise.check(short_walk, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Parameters, gradient and state are left as they were."""
    again = repeatable(subject.momentum, case.theta, case.grads)
    grad = case.grads[0]
    subject.momentum(case.theta, grad, {}, lr=0.1)
    return {"theta": case.theta, "grad": grad, "same_again": again}


@exercise.check(short_singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Parameters of float32 stay float32."""
    return {"dtypes": dtypes(subject.momentum, case.theta, case.grads)}


VELOCITY = 'velocity = beta * state.get("velocity", 0.0) + lr * grad'

exercise.mutant(
    "running_mean",
    old="lr * grad",
    new="(1 - beta) * lr * grad",
    hint="Is the velocity a running mean of gradients here, or a sum that fades?",
)
exercise.mutant(
    "climbs",
    old="theta - velocity",
    new="theta + velocity",
    hint="Two conventions for the sign of the velocity exist. Do your two lines follow the same one?",
)
exercise.mutant(
    "state_lost",
    old='{"velocity": velocity}',
    new="{}",
    hint="Where is the velocity when your function is called for the second time?",
)
exercise.mutant(
    "rate_outside",
    old="lr * grad\n    return theta - velocity",
    new="grad\n    return theta - lr * velocity",
    hint="When the learning rate changes, which part of the velocity should notice?",
)
exercise.mutant(
    "shared",
    old=VELOCITY,
    new="memory = momentum.__dict__\n"
    '    past = memory["velocity"] if state else 0.0\n'
    '    velocity = memory["velocity"] = beta * past + lr * grad',
    hint="When two parameters take turns, where does your function remember the velocity of each?",
)
exercise.mutant(
    "never_fades",
    old="beta * state",
    new="state",
    hint="How much of the velocity is left after a step without any gradient?",
)
exercise.mutant(
    "beta_on_both",
    old='beta * state.get("velocity", 0.0) + lr * grad',
    new='beta * (state.get("velocity", 0.0) + lr * grad)',
    hint="Does beta scale the past only, or the new gradient with it?",
)
exercise.mutant(
    "velocity_of_yesterday",
    old="theta - velocity",
    new='theta - state.get("velocity", 0.0)',
    hint="Do the parameters move by the velocity before this gradient came in, or after?",
)
exercise.mutant(
    "looks_ahead",
    old="theta - velocity",
    new="theta - (beta * velocity + lr * grad)",
    hint="Is that the classical form, or one of Nesterov's?",
)
exercise.mutant(
    "fixed_share",
    old="beta * state",
    new="0.9 * state",
    hint="Does your function use the share of the past that it is given?",
)
exercise.mutant(
    "no_rate",
    old="lr * grad",
    new="grad",
    hint="Where does the learning rate enter?",
)
exercise.mutant(
    "update_only",
    old="theta - velocity",
    new="-velocity",
    hint="Does your function return the new parameters, or only how far they moved?",
)
exercise.mutant(
    "theta_in_place",
    old="return theta - velocity",
    new="theta -= velocity\n    return theta",
    hint="Whose array does -= change?",
)
exercise.mutant(
    "grad_in_place",
    old=VELOCITY,
    new='grad *= lr\n    velocity = beta * state.get("velocity", 0.0) + grad',
    hint="Whose array does *= change?",
)
exercise.mutant(
    "state_in_place",
    old=VELOCITY + '\n    return theta - velocity, {"velocity": velocity}',
    new=VELOCITY + '\n    state["velocity"] = velocity\n    return theta - velocity, state',
    hint="Would the same step, taken again from the same state, give the same result?",
)
exercise.mutant(
    "always_float64",
    old='state.get("velocity", 0.0)',
    new='state.get("velocity", np.zeros(theta.shape))',
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

exercise.alternative(
    "adds_a_negative_velocity",
    """
    def momentum(theta, grad, state, *, lr, beta=0.9):
        v = state["v"] if "v" in state else np.zeros_like(theta)
        v = beta * v - lr * grad
        return theta + v, {"v": v}
    """,
)
exercise.alternative(
    "heavy_ball",
    """
    def momentum(theta, grad, state, *, lr, beta=0.9):
        before = state.get("before", theta)
        return theta + beta * (theta - before) - lr * grad, {"before": theta.copy()}
    """,
)
exercise.alternative(
    "history_of_all_pushes",
    """
    def momentum(theta, grad, state, *, lr, beta=0.9):
        pushes = [*state.get("pushes", []), lr * grad]
        new = theta.copy()
        for age, push in enumerate(reversed(pushes)):
            new = new - beta**age * push
        return new, {"pushes": pushes}
    """,
)
exercise.alternative(
    "an_object_of_its_own",
    """
    class Ball:
        def __init__(self, velocity):
            self.velocity = velocity

        def pushed(self, push, beta):
            return Ball(push if self.velocity is None else beta * self.velocity + push)


    def momentum(theta, grad, state, *, lr, beta=0.9):
        ball = state.get("ball", Ball(None)).pushed(lr * grad, beta)
        return theta - ball.velocity, {"ball": ball}
    """,
)
exercise.alternative(
    "entry_by_entry",
    """
    def momentum(theta, grad, state, *, lr, beta=0.9):
        new, velocity = np.empty_like(theta), np.zeros_like(theta)
        for index in np.ndindex(theta.shape):
            old = state["memory"][0][index] if state else 0.0
            velocity[index] = beta * old + lr * grad[index]
            new[index] = theta[index] - velocity[index]
        return new, {"memory": (velocity,)}
    """,
)
