"""Walks of an optimizer whose gradients are given: how to draw them, and what to look at."""

import numpy as np

from autograder.declare import Case

STEPS = 6


def taken(step, case, **options):
    """Return the update of every step: the new parameters minus the old ones."""
    theta, state, updates = case.theta, {}, []
    for grad, lr in zip(case.grads, case.rates, strict=True):
        new, state = step(theta.copy(), grad.copy(), state, lr=float(lr), **options)
        updates.append(new - theta)
        theta = new
    return np.array(updates)


def in_turn(step, case):
    """Return the updates of two parameters that take turns, each with a state of its own."""
    thetas, states, updates = list(case.thetas), [{}, {}], []
    for given, lr in zip(case.grads, case.rates, strict=True):
        for each, grad in enumerate(given):
            old, own = thetas[each].copy(), states[each]
            thetas[each], states[each] = step(old.copy(), grad.copy(), own, lr=float(lr))
            updates.append(thetas[each] - old)
    return np.array(updates)


def repeatable(step, case):
    """Return for each step whether the same step, taken again from the same state, is the same."""
    state, same = {}, []
    for grad in case.grads:
        first, following = step(case.theta.copy(), grad.copy(), state, lr=0.1)
        second, _ = step(case.theta.copy(), grad.copy(), state, lr=0.1)
        same.append(bool(np.array_equal(first, second, equal_nan=True)))
        state = following
    return same


def dtypes(step, case):
    """Return the dtype of the parameters after each step."""
    theta, state, names = case.theta, {}, []
    for grad in case.grads:
        theta, state = step(theta.copy(), grad.copy(), state, lr=0.1)
        names.append(str(theta.dtype))
    return names


def slopes(rng, *shape):
    """Draw gradients of both signs that are not near 0, where a guard of 1e-8 would show."""
    return rng.uniform(0.5, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def walk(rng, *shape, **options):
    """Draw small parameters, six gradients and as many learning rates."""
    drawn = {
        "theta": 0.01 * rng.standard_normal(shape),
        "grads": slopes(rng, STEPS, *shape),
        "rates": rng.uniform(0.2, 1.0, STEPS),
    }
    return Case(**{**drawn, **options})
