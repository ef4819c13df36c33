"""Nesterov's momentum on quadratic bowls, judged by the steps it takes."""

import numpy as np

from autograder.declare import Case, Exercise, exact, trajectory

STEPS = 6


def slope(case):
    """Return the gradient of a quadratic bowl, as a function of the parameters."""
    return lambda at: case.matrix @ at - case.target


def taken(step, theta, slopes, rates, **options):
    """Return the update of every step: the new parameters minus the old ones."""
    state, updates = {}, []
    for grad_fn, lr in zip(slopes, rates, strict=True):
        new, state = step(theta.copy(), grad_fn, state, lr=float(lr), **options)
        updates.append(new - theta)
        theta = new
    return np.array(updates)


def in_turn(step, thetas, grad_fn, rates):
    """Return the updates of two parameters that take turns, each with a state of its own."""
    thetas, states, updates = list(thetas), [{}, {}], []
    for lr in rates:
        for each in (0, 1):
            old, own = thetas[each].copy(), states[each]
            thetas[each], states[each] = step(old.copy(), grad_fn, own, lr=float(lr))
            updates.append(thetas[each] - old)
    return np.array(updates)


def repeatable(step, theta, grad_fn):
    """Return for each step whether the same step, taken again from the same state, is the same."""
    state, same = {}, []
    for _ in range(3):
        first, following = step(theta.copy(), grad_fn, state, lr=0.1)
        second, _ = step(theta.copy(), grad_fn, state, lr=0.1)
        same.append(bool(np.array_equal(first, second, equal_nan=True)))
        state = following
    return same


def dtypes(step, theta, grad_fn):
    """Return the dtype of the parameters after each step."""
    state, names = {}, []
    for _ in range(3):
        theta, state = step(theta.copy(), grad_fn, state, lr=0.1)
        names.append(str(theta.dtype))
    return names


def bowl(rng, *shape, target=1.0, theta=0.01, **options):
    """Draw a quadratic bowl, which is steeper in some directions, and a start near 0."""
    axes = np.linalg.qr(rng.standard_normal((shape[0], shape[0])))[0]
    return Case(
        theta=theta * rng.standard_normal(shape),
        matrix=axes @ np.diag(np.linspace(0.5, 2.0, shape[0])) @ axes.T,
        target=target * rng.standard_normal(shape),
        **options,
    )


def from_zeros(rng):
    """The first step down a bowl, from parameters that are 0."""
    yield bowl(rng, 3, 2, theta=0.0, lr=0.25)


def even_bowls(rng):
    """Unusual shares of the past, at one rate for all steps."""
    yield bowl(rng, 3, rates=np.full(STEPS, 0.1), beta=0.8)
    yield bowl(rng, 4, 2, rates=np.full(STEPS, 0.3), beta=0.95)


def uneven_bowls(rng):
    """Unusual shares of the past, at another rate in every step."""
    yield bowl(rng, 3, rates=rng.uniform(0.1, 0.5, STEPS), beta=0.8)
    yield bowl(rng, 4, 2, rates=rng.uniform(0.1, 0.5, STEPS), beta=0.95)


def any_bowls(rng):
    """A bowl for a vector and one for a table, nothing said about the past."""
    yield bowl(rng, 3, rates=rng.uniform(0.1, 0.5, STEPS))
    yield bowl(rng, 4, 2, rates=rng.uniform(0.1, 0.5, STEPS))


def tiny_bowls(rng):
    """Bowls so close to their bottom that gradients are about 1e-6 and 1e-8."""
    for size in (1e-6, 1e-8):
        yield bowl(rng, 4, target=size, theta=0.0, rates=rng.uniform(0.1, 0.5, STEPS))


def bottoms(rng):
    """A start at the bottom itself."""
    matrix = np.diag(rng.uniform(0.5, 2.0, 3))
    yield Case(theta=np.array([0.5, -0.25, 1.0]), matrix=matrix, rates=np.full(STEPS, 0.2))


def bowl_pairs(rng):
    """Two parameters in one bowl, at different places."""
    case = bowl(rng, 4, rates=rng.uniform(0.1, 0.5, STEPS))
    yield Case(thetas=0.5 * rng.standard_normal((2, 4)), **case)


def single_bowls(rng):
    """A bowl in float32."""
    case = bowl(rng, 3)
    yield Case(**{name: value.astype(np.float32) for name, value in case.items()})


def pushed(rng):
    """One gradient, and none after it."""
    for beta in (0.8, 0.95):
        push = rng.standard_normal(3)
        yield Case(theta=np.zeros(3), push=push, rates=np.full(STEPS, 0.2), beta=beta)


exercise = Exercise("optimizers.nesterov")


@exercise.check(from_zeros, public=True)
def first_step(subject, case):
    """From zeros, one step leads to an array of the same shape; a state comes with it."""
    theta, _state = subject.nesterov(case.theta.copy(), slope(case), {}, lr=case.lr)
    return {"theta": theta}


@exercise.check(
    even_bowls, weight=3, public=True, picture=trajectory("theta", bowl=("matrix", "target"))
)
def gradient_comes_from_ahead(subject, case):
    """The gradient is that of the point where the velocity alone would lead."""
    slopes = [slope(case)] * STEPS
    updates = taken(subject.nesterov, case.theta, slopes, case.rates, beta=case.beta)
    return {"updates": updates}


@exercise.check(uneven_bowls, weight=2)
def rate_is_inside_the_velocity(subject, case):
    """A new learning rate counts for the new gradient, not for the velocity gathered before."""
    slopes = [slope(case)] * STEPS
    updates = taken(subject.nesterov, case.theta, slopes, case.rates, beta=case.beta)
    return {"updates": updates}


@exercise.check(any_bowls)
def keeps_nine_tenths_by_default(subject, case):
    """When nothing is said about it, nine tenths of the velocity are kept."""
    slopes = [slope(case)] * STEPS
    return {"updates": taken(subject.nesterov, case.theta, slopes, case.rates)}


@exercise.check(bowl_pairs)
def every_parameter_has_its_own_state(subject, case):
    """Two parameters that take turns do not push each other."""
    return {"updates": in_turn(subject.nesterov, case.thetas, slope(case), case.rates)}


@exercise.check(pushed)
def coasts_after_a_push(subject, case):
    """On flat ground after a single push, each step is a fixed share of the one before."""
    slopes = [lambda _: case.push.copy()] + [lambda _: np.zeros(3)] * (STEPS - 1)
    return {"updates": taken(subject.nesterov, case.theta, slopes, case.rates, beta=case.beta)}


@exercise.check(bottoms, weight=0.5)
def rests_at_the_bottom(subject, case):
    """From the bottom of a bowl nothing moves."""
    bottom = case.theta.copy()
    slopes = [lambda at: case.matrix @ (at - bottom)] * STEPS
    return {"updates": taken(subject.nesterov, case.theta, slopes, case.rates)}


@exercise.check(tiny_bowls)
def tiny_gradients(subject, case):
    """Tiny gradients make tiny steps, built up in the same way."""
    slopes = [slope(case)] * STEPS
    return {"updates": taken(subject.nesterov, case.theta, slopes, case.rates)}


@exercise.check(any_bowls, weight=0.5, judge=exact)
def asks_for_one_gradient(subject, case):
    """Every step asks for the gradient once."""
    places = []

    def counted(at):
        places.append(at)
        return slope(case)(at)

    taken(subject.nesterov, case.theta, [counted] * STEPS, case.rates)
    return {"gradients": len(places)}


@exercise.check(any_bowls, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Parameters and state are left as they were."""
    again = repeatable(subject.nesterov, case.theta, slope(case))
    subject.nesterov(case.theta, slope(case), {}, lr=0.1)
    return {"theta": case.theta, "same_again": again}


@exercise.check(single_bowls, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Parameters of float32 stay float32."""
    return {"dtypes": dtypes(subject.nesterov, case.theta, slope(case))}


exercise.mutant(
    "no_look_ahead",
    old="grad_fn(ahead)",
    new="grad_fn(theta)",
    hint="At which point do you ask for the gradient: where you are, or where you are going?",
)
exercise.mutant(
    "look_ahead_kept",
    old="return theta - velocity",
    new="return ahead - velocity",
    hint="From which point does the step start: is looking ahead already moving?",
)
exercise.mutant(
    "looks_back",
    old="theta - beta * velocity",
    new="theta + beta * velocity",
    hint="If the step subtracts the velocity, on which side of the parameters is ahead?",
)
exercise.mutant(
    "looks_too_far",
    old="theta - beta * velocity",
    new="theta - velocity",
    hint="How much of the velocity survives into the next step, and so leads ahead?",
)
exercise.mutant(
    "rewritten_variable",
    old="ahead = theta - beta * velocity\n"
    "    velocity = beta * velocity + lr * grad_fn(ahead)\n"
    "    return theta - velocity",
    new="push = lr * grad_fn(theta)\n"
    "    velocity = beta * velocity + push\n"
    "    return theta - beta * velocity - push",
    hint="Some libraries store the look-ahead in place of the parameters. Which of the two do you return?",
)
exercise.mutant(
    "rate_outside",
    old="theta - beta * velocity\n"
    "    velocity = beta * velocity + lr * grad_fn(ahead)\n"
    "    return theta - velocity",
    new="theta - lr * beta * velocity\n"
    "    velocity = beta * velocity + grad_fn(ahead)\n"
    "    return theta - lr * velocity",
    hint="When the learning rate changes, which part of the velocity should notice?",
)
exercise.mutant(
    "running_mean",
    old="lr * grad_fn(ahead)",
    new="(1 - beta) * lr * grad_fn(ahead)",
    hint="Is the velocity a running mean of gradients here, or a sum that fades?",
)
exercise.mutant(
    "climbs",
    old="return theta - velocity",
    new="return theta + velocity",
    hint="Do the look-ahead and the step follow the same sign?",
)
exercise.mutant(
    "state_lost",
    old='{"velocity": velocity}',
    new="{}",
    hint="Where is the velocity when your function is called for the second time?",
)
exercise.mutant(
    "never_fades",
    old="velocity = beta * velocity + lr",
    new="velocity = velocity + lr",
    hint="How much of the velocity is left after a step without any gradient?",
)
exercise.mutant(
    "no_rate",
    old="lr * grad_fn(ahead)",
    new="grad_fn(ahead)",
    hint="Where does the learning rate enter?",
)
exercise.mutant(
    "update_only",
    old="return theta - velocity",
    new="return -velocity",
    hint="Does your function return the new parameters, or only how far they moved?",
)
exercise.mutant(
    "shared",
    old='velocity = state.get("velocity", 0.0)\n'
    "    ahead = theta - beta * velocity\n"
    "    velocity = beta",
    new='memory = nesterov.__dict__\n    velocity = memory["velocity"] if state else 0.0\n'
    "    ahead = theta - beta * velocity\n"
    '    velocity = memory["velocity"] = beta',
    hint="When two parameters take turns, where does your function remember the velocity of each?",
)
exercise.mutant(
    "asks_twice",
    old="ahead = theta",
    new="grad_fn(theta)\n    ahead = theta",
    hint="A gradient is the costly part of a step. How many of them does yours need?",
)
exercise.mutant(
    "theta_in_place",
    old="return theta - velocity",
    new="theta -= velocity\n    return theta",
    hint="Whose array does -= change?",
)
exercise.mutant(
    "state_in_place",
    old='return theta - velocity, {"velocity": velocity}',
    new='state["velocity"] = velocity\n    return theta - velocity, state',
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
    def nesterov(theta, grad_fn, state, *, lr, beta=0.9):
        v = state["v"] if "v" in state else np.zeros_like(theta)
        v = beta * v - lr * grad_fn(theta + beta * v)
        return theta + v, {"v": v}
    """,
)
exercise.alternative(
    "extrapolates_two_points",
    """
    def nesterov(theta, grad_fn, state, *, lr, beta=0.9):
        before = state.get("before", theta)
        ahead = theta + beta * (theta - before)
        return ahead - lr * grad_fn(ahead), {"before": theta.copy()}
    """,
)
exercise.alternative(
    "a_list_in_the_state",
    """
    def nesterov(theta, grad_fn, state, *, lr, beta=0.9):
        drift = beta * state["velocities"][-1] if state else np.zeros_like(theta)
        push = lr * grad_fn(theta - drift)
        past = state.get("velocities", [])
        return theta - drift - push, {"velocities": [*past, drift + push]}
    """,
)
exercise.alternative(
    "an_object_of_its_own",
    """
    class Ball:
        def __init__(self, velocity):
            self.velocity = velocity


    def nesterov(theta, grad_fn, state, *, lr, beta=0.9):
        ball = state["ball"] if state else Ball(np.zeros_like(theta))
        slope = grad_fn(np.subtract(theta, ball.velocity * beta))
        rolled = Ball(ball.velocity * beta + slope * lr)
        return np.subtract(theta, rolled.velocity), {"ball": rolled}
    """,
)
