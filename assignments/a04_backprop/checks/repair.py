"""A backward pass with planted errors, repaired."""

import numpy as np
from checks._draws import away_from_zero, dtypes, layers, single

from autograder.declare import Case, Exercise, exact


def shortcut(rng, n, d, width, k):
    """Draw a network with a shortcut after its forward pass."""
    x, params = rng.standard_normal((n, d)), layers(rng, [d, width, width, k])
    first = np.tanh(x @ params[0][0] + params[0][1])
    second = np.tanh(first @ params[1][0] + params[1][1])
    return {
        "dlogits": away_from_zero(rng, n, k),
        "x": x,
        "params": params,
        "hidden": (first, second),
    }


def networks(rng):
    """More examples than units, then fewer."""
    for shape in [(5, 3, 4, 2), (2, 4, 3, 5)]:
        yield Case(**shortcut(rng, *shape))


def square_networks(rng):
    """All sizes are the same, then only some."""
    for shape in [(3, 3, 3, 3), (4, 2, 4, 3), (3, 5, 4, 4)]:
        yield Case(**shortcut(rng, *shape))


def small_networks(rng):
    """One example; one hidden unit; columns, not rows, that lie together in memory."""
    for shape in [(1, 3, 4, 2), (4, 2, 1, 3)]:
        yield Case(**shortcut(rng, *shape))
    case = shortcut(rng, 4, 2, 3, 5)
    arrays = {name: np.asfortranarray(case[name]) for name in ("x", "dlogits")}
    yield Case(**{**case, **arrays})


def short_networks(rng):
    """A network in float32."""
    case = shortcut(rng, 5, 3, 4, 2)
    arrays = {name: case[name].astype(np.float32) for name in ("dlogits", "x")}
    hidden = tuple(each.astype(np.float32) for each in case["hidden"])
    yield Case(**arrays, params=single(case["params"]), hidden=hidden)


def gradients(subject, case):
    """Return the gradients of all layers, and refuse what is no list of pairs."""
    return [(dweights, dbias) for dweights, dbias in subject.find_the_bug(**case)]


exercise = Exercise("networks.find_the_bug")


@exercise.check(networks, weight=2, public=True)
def third_layer(subject, case):
    """The gradients of the last layer are right."""
    return {"third": gradients(subject, case)[2]}


@exercise.check(networks, weight=2, public=True)
def second_layer(subject, case):
    """The gradients of the layer that the shortcut goes around are right."""
    return {"second": gradients(subject, case)[1]}


@exercise.check(networks, weight=4)
def first_layer(subject, case):
    """The gradients of the first layer are right."""
    return {"first": gradients(subject, case)[0]}


@exercise.check(square_networks, weight=2)
def equal_sizes_hide_nothing(subject, case):
    """All gradients are right where the numbers of examples, inputs or units are equal."""
    return {"grads": gradients(subject, case)}


@exercise.check(small_networks)
def one_is_enough(subject, case):
    """There may be one example or one hidden unit; how arrays lie in memory makes no difference."""
    return {"grads": gradients(subject, case)}


@exercise.check(short_networks, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """float32 in, float32 out."""
    return {"dtypes": dtypes(gradients(subject, case))}


@exercise.check(networks, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    gradients(subject, case)
    return dict(case)


SECOND = "dz2 = dsum * (1 - a2**2)"
PATHS = "da1 = dsum + dz2 @ w2.T"
FIRST = "dz1 = da1 * (1 - a1**2)"
RETURN = (
    "return [\n"
    "        (x.T @ dz1, dz1.sum(axis=0)),\n"
    "        (a1.T @ dz2, dz2.sum(axis=0)),\n"
    "        ((a1 + a2).T @ dlogits, dlogits.sum(axis=0)),\n"
    "    ]"
)

exercise.mutant(
    "slope_not_squared",
    old="1 - a2**2",
    new="1 - a2",
    hint="What is the derivative of tanh, in terms of its output?",
)
exercise.mutant(
    "path_lost",
    old=PATHS,
    new="da1 = dz2 @ w2.T",
    hint="In how many ways does the output of the first layer reach the logits?",
)
exercise.mutant(
    "weights_forward",
    old="dz2 @ w2.T",
    new="dz2 @ w2",
    hint="The second weight matrix is square, so it fits either way. Which way leads back?",
)
exercise.mutant(
    "slope_of_the_wrong_layer",
    old="1 - a1**2",
    new="1 - a2**2",
    hint="Each slope belongs to one tanh. At whose output do you take the one of the first layer?",
)
exercise.mutant(
    "bias_mean",
    old="dlogits.sum(axis=0)",
    new="dlogits.mean(axis=0)",
    hint="Who divides by the number of examples: the loss, or a layer?",
)
exercise.mutant(
    "input_without_shortcut",
    old="(a1 + a2).T",
    new="a2.T",
    hint="What goes into the last layer on the way forward?",
)
exercise.mutant(
    "nothing_repaired",
    old=f"{SECOND}\n    {PATHS}\n    {FIRST}\n    {RETURN}",
    new="dz2 = dsum * (1 - a2)\n"
    "    da1 = dz2 @ w2\n"
    "    dz1 = da1 * (1 - a2**2)\n"
    "    return [\n"
    "        (x.T @ dz1, dz1.sum(axis=0)),\n"
    "        (a1.T @ dz2, dz2.sum(axis=0)),\n"
    "        (a2.T @ dlogits, dlogits.mean(axis=0)),\n"
    "    ]",
    hint="Which parameters does the gradient check complain about before you change anything?",
)
exercise.mutant(
    "shortcut_counted_twice",
    old=PATHS,
    new="da1 = 2 * dsum + dz2 @ w2.T",
    hint="How often does the output of the first layer enter the sum?",
)
exercise.mutant(
    "slope_on_the_shortcut",
    old=PATHS,
    new="da1 = dz2 + dz2 @ w2.T",
    hint="Is there an activation on the shortcut itself?",
)

exercise.mutant(
    "sum_in_place",
    old=RETURN,
    new="lower = [(x.T @ dz1, dz1.sum(axis=0)), (a1.T @ dz2, dz2.sum(axis=0))]\n"
    "    a1 += a2\n"
    "    return [*lower, (a1.T @ dlogits, dlogits.sum(axis=0))]",
    hint="Whose array does an operator like += change?",
)
exercise.mutant(
    "paths_collected_in_float64",
    old=PATHS,
    new="da1 = np.zeros(a1.shape)\n    da1 += dsum\n    da1 += dz2 @ w2.T",
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

exercise.alternative(
    "with_dense_backward",
    """
    def find_the_bug(dlogits, x, params, hidden):
        (w1, _), (w2, _), (w3, _) = params
        h1, h2 = hidden
        dh, *third = dense_backward(dlogits, h1 + h2, w3)
        through, *second = dense_backward(dh * (1 - h2) * (1 + h2), h1, w2)
        _, *first = dense_backward((dh + through) * (1 - h1 * h1), x, w1)
        return [tuple(first), tuple(second), tuple(third)]
    """,
)
exercise.alternative(
    "accumulated_paths",
    """
    def find_the_bug(dlogits, x, params, hidden):
        (_, _), (w2, _), (w3, _) = params
        h1, h2 = hidden
        g1 = np.zeros_like(h1)
        g = np.einsum("ik,jk->ij", dlogits, w3)
        g1 += g
        g2 = g - g * np.square(h2)
        g1 += np.einsum("ik,jk->ij", g2, w2)
        g1 -= g1 * np.square(h1)
        grads = [(np.einsum("ij,ik->jk", a, d), d.sum(0)) for a, d in [(x, g1), (h1, g2)]]
        return [*grads, (h1.T @ dlogits + h2.T @ dlogits, dlogits.sum(0))]
    """,
)
exercise.alternative(
    "example_by_example",
    """
    def find_the_bug(dlogits, x, params, hidden):
        totals = [[np.zeros_like(w), np.zeros_like(b)] for w, b in params]
        w2, w3 = params[1][0], params[2][0]
        for g3, row, h1, h2 in zip(dlogits, x, *hidden):
            g2 = (w3 @ g3) * (1 - h2**2)
            g1 = (w3 @ g3 + w2 @ g2) * (1 - h1**2)
            for total, a, g in zip(totals, (row, h1, h1 + h2), (g1, g2, g3)):
                total[0] += np.outer(a, g)
                total[1] += g
        return [(dw, db) for dw, db in totals]
    """,
)
