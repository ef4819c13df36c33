"""One step of a plain recurrent network, forward and backward."""

import numpy as np
from checks._sequences import RNN, dtypes, elman, emptied, named, single, whole

from autograder.declare import Case, Exercise, exact


def steps(rng):
    """Several examples, then more units than inputs, then a single example."""
    for sizes in [(4, 3, 2), (2, 3, 5), (1, 2, 3)]:
        yield Case(**elman(rng, *sizes))


def equal_sizes(rng):
    """As many examples as inputs and units."""
    for size in (3, 2):
        yield Case(**elman(rng, size, size, size))


def silent_steps(rng):
    """No input, no bias: only the state is there."""
    drawn = elman(rng, 3, 2, 4)
    yield Case(**{**drawn, "x": np.zeros((3, 2)), "bias": np.zeros(4)})


def saturated_steps(rng):
    """Half of the units far beyond the slope of tanh, on both sides."""
    drawn = elman(rng, 2, 3, 4)
    yield Case(**{**drawn, "bias": np.array([1e4, 0.3, -1e4, -0.2])})


def single_steps(rng):
    """Numbers of float32."""
    yield single(elman(rng, 2, 3, 4))


def whole_steps(rng):
    """Small integers."""
    yield whole(rng, elman(rng, 2, 3, 4))


rnn_step = Exercise("recurrence.rnn_step")


@rnn_step.check(steps, weight=0.5, public=True, judge=exact)
def one_state_per_example(subject, case):
    """There is one new state for each example."""
    return {"h": 0.0 * subject.rnn_step(**case)}  # times 0: only the shape is left to compare


@rnn_step.check(steps, weight=3, public=True)
def new_state(subject, case):
    """The new state follows from input, old state and bias."""
    return {"h": subject.rnn_step(**case)}


@rnn_step.check(equal_sizes, weight=2)
def equal_sizes_hide_nothing(subject, case):
    """The new state is right also where all sizes are equal and numpy cannot complain."""
    return {"h": subject.rnn_step(**case)}


@rnn_step.check(silent_steps)
def state_counts_without_input(subject, case):
    """Without input and bias the old state still decides."""
    return {"h": subject.rnn_step(**case)}


@rnn_step.check(saturated_steps)
def saturated_units_are_finite(subject, case):
    """Pre-activations of ten thousand, of both signs, give finite states."""
    return {"h": subject.rnn_step(**case)}


@rnn_step.check(steps, weight=0.25, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.rnn_step(**case)
    return dict(case)


@rnn_step.check(single_steps, weight=0.25, judge=exact)
def float32_is_kept(subject, case):
    """Arguments of float32 give a state of float32."""
    return {"dtypes": dtypes([subject.rnn_step(**case)])}


@rnn_step.check(whole_steps, weight=0.25)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return {"h": subject.rnn_step(**case)}


SUM = "x @ w_xh + h @ w_hh + bias"

rnn_step.mutant(
    "no_tanh",
    old=f"np.tanh({SUM})",
    new=SUM,
    hint="Between which bounds does a state lie, whatever the weights are?",
)
rnn_step.mutant(
    "sigmoid",
    old=f"np.tanh({SUM})",
    new=f"1 / (1 + np.exp(-({SUM})))",
    hint="Can a state be negative?",
)
rnn_step.mutant(
    "no_memory",
    old=" + h @ w_hh",
    new="",
    hint="How does the new state learn of the old one?",
)
rnn_step.mutant(
    "state_unweighted",
    old="h @ w_hh",
    new="h",
    hint="What does a unit hear of the other units' old states?",
)
rnn_step.mutant(
    "no_input",
    old="x @ w_xh + ",
    new="",
    hint="What does your state know of the input of this step?",
)
rnn_step.mutant(
    "weights_swapped",
    old=SUM,
    new="x @ w_hh + h @ w_xh + bias",
    hint="Which of the two matrices belongs to the input?",
)
rnn_step.mutant(
    "no_bias",
    old=" + bias",
    new="",
    hint="What is the new state where input and old state are zero?",
)
rnn_step.mutant(
    "bias_twice",
    old=" + bias",
    new=" + bias + bias",
    hint="Some libraries have two biases. How many does this course have?",
)
rnn_step.mutant(
    "bias_per_example",
    old="+ bias",
    new="+ bias[:, np.newaxis]",
    hint="Does the bias belong to the units or to the examples?",
)
rnn_step.mutant(
    "transposed_state_weights",
    old="h @ w_hh",
    new="h @ w_hh.T",
    hint="w_hh is square, so numpy never complains. Does entry (j, k) lead from j to k in your code?",
)
rnn_step.mutant(
    "state_outside",
    old=f"np.tanh({SUM})",
    new="np.tanh(x @ w_xh + bias) + h @ w_hh",
    hint="Which terms does tanh enclose?",
)
rnn_step.mutant(
    "tanh_of_exponentials",
    old=f"np.tanh({SUM})",
    new=f"(np.exp(2 * ({SUM})) - 1) / (np.exp(2 * ({SUM})) + 1)",
    hint="What is infinity divided by infinity?",
)
rnn_step.mutant(
    "state_overwritten",
    old="return new",
    new="h[...] = new\n    return h",
    hint="Whose array does an assignment to h[...] change?",
)
rnn_step.mutant(
    "float64_always",
    old=f"np.tanh({SUM})",
    new=f"np.tanh({SUM}, dtype=np.float64)",
    hint="float32 goes in: which dtype comes out, and where does it change?",
)

rnn_step.alternative(
    "one_product",
    """
    def rnn_step(x, h, w_xh, w_hh, bias):
        x, h, w_xh, w_hh, bias = fitted("N D, N H, D H, H H, H", x, h, w_xh, w_hh, bias)
        return np.tanh(np.hstack([x, h]) @ np.vstack([w_xh, w_hh]) + bias)
    """,
)
rnn_step.alternative(
    "loops",
    """
    def rnn_step(x, h, w_xh, w_hh, bias):
        import math

        x, h, w_xh, w_hh, bias = fitted("N D, N H, D H, H H, H", x, h, w_xh, w_hh, bias)
        new = np.empty_like(h)
        for n in range(x.shape[0]):
            for k in range(h.shape[1]):
                z = bias[k]
                for j in range(x.shape[1]):
                    z += x[n, j] * w_xh[j, k]
                for j in range(h.shape[1]):
                    z += h[n, j] * w_hh[j, k]
                new[n, k] = math.tanh(z)
        return new
    """,
)
rnn_step.alternative(
    "columns_and_sigmoid",
    """
    def rnn_step(x, h, w_xh, w_hh, bias):
        x, h, w_xh, w_hh, bias = fitted("N D, N H, D H, H H, H", x, h, w_xh, w_hh, bias)
        z = w_xh.T @ x.T + w_hh.T @ h.T + bias[:, np.newaxis]
        return (2 * sigmoid(2 * z) - 1).T
    """,
)


def upstream(rng, arguments):
    """Add a random gradient that arrives at the new state."""
    return Case(dh=rng.standard_normal(arguments["h"].shape), **arguments)


def backward_steps(rng):
    """Several examples, then more units than inputs, then a single example."""
    for sizes in [(4, 3, 2), (2, 3, 5), (1, 2, 3)]:
        yield upstream(rng, elman(rng, *sizes))


def equal_backward_steps(rng):
    """As many examples as inputs and units."""
    for size in (3, 2):
        yield upstream(rng, elman(rng, size, size, size))


def lone_gradients(rng):
    """A gradient for a single unit of a single example."""
    dh = np.zeros((3, 2))
    dh[1, 0] = 1.5
    yield Case(dh=dh, **elman(rng, 3, 4, 2))


def saturated_backward_steps(rng):
    """Half of the units far beyond the slope of tanh, on both sides."""
    for case in saturated_steps(rng):
        yield upstream(rng, case)


def single_backward_steps(rng):
    """Numbers of float32."""
    yield single(upstream(rng, elman(rng, 2, 3, 4)))


def whole_backward_steps(rng):
    """Small integers."""
    yield whole(rng, upstream(rng, elman(rng, 2, 3, 4)))


backward = Exercise("recurrence.rnn_step_backward")


@backward.check(backward_steps, weight=0.5, public=True, judge=exact)
def a_gradient_for_every_argument(subject, case):
    """There are five gradients, each of the shape of its argument."""
    return named(RNN, emptied(subject.rnn_step_backward(**case)))


@backward.check(backward_steps, weight=4, public=True)
def gradients_of_one_step(subject, case):
    """The gradients are those of the new state, weighted by the gradient that arrives there."""
    return named(RNN, subject.rnn_step_backward(**case))


@backward.check(equal_backward_steps, weight=2)
def equal_sizes_hide_nothing(subject, case):
    """The gradients are right also where all sizes are equal and numpy cannot complain."""
    return named(RNN, subject.rnn_step_backward(**case))


@backward.check(lone_gradients)
def examples_are_apart(subject, case):
    """A gradient that arrives at one example reaches no other example's input or state."""
    return named(RNN, subject.rnn_step_backward(**case))


@backward.check(saturated_backward_steps)
def saturated_units_are_finite(subject, case):
    """Pre-activations of ten thousand, of both signs, have finite gradients."""
    return named(RNN, subject.rnn_step_backward(**case))


@backward.check(backward_steps, weight=0.25, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.rnn_step_backward(**case)
    return dict(case)


@backward.check(single_backward_steps, weight=0.25, judge=exact)
def float32_is_kept(subject, case):
    """Arguments of float32 have gradients of float32."""
    return {"dtypes": dtypes(subject.rnn_step_backward(**case))}


@backward.check(whole_backward_steps, weight=0.25)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return named(RNN, subject.rnn_step_backward(**case))


DZ = "dh * (1 - rnn_step(x, h, w_xh, w_hh, bias) ** 2)"

backward.mutant(
    "no_slope",
    old=DZ,
    new="dh",
    hint="What does tanh do to a gradient on its way back to z?",
)
backward.mutant(
    "slope_of_the_old_state",
    old="rnn_step(x, h, w_xh, w_hh, bias) ** 2",
    new="h ** 2",
    hint="Which state came out of this tanh: the one before the step, or the one after?",
)
backward.mutant(
    "slope_of_the_sigmoid",
    old="(1 - rnn_step(x, h, w_xh, w_hh, bias) ** 2)",
    new="rnn_step(x, h, w_xh, w_hh, bias) * (1 - rnn_step(x, h, w_xh, w_hh, bias))",
    hint="Of which function is s (1 - s) the derivative?",
)
backward.mutant(
    "not_squared",
    old=" ** 2",
    new="",
    hint="What is the slope of tanh where its value is -0.5?",
)
backward.mutant(
    "slope_at_z",
    old="rnn_step(x, h, w_xh, w_hh, bias) ** 2",
    new="(x @ w_xh + h @ w_hh + bias) ** 2",
    hint="Is it the input of tanh or its output that is squared?",
)
backward.mutant(
    "parameters_from_dh",
    old="x.T @ dz, h.T @ dz",
    new="x.T @ dh, h.T @ dh",
    hint="Do the weights act on the state directly, or through z?",
)
backward.mutant(
    "input_weights_not_transposed",
    old="w_xh.T",
    new="w_xh",
    hint="Which shape does dx have, and which matrix leads there from dz?",
)
backward.mutant(
    "state_weights_not_transposed",
    old="w_hh.T",
    new="w_hh",
    hint="w_hh is square, so numpy never complains. Through which matrix does a gradient go back?",
)
backward.mutant(
    "input_weight_gradient_transposed",
    old="x.T @ dz",
    new="dz.T @ x",
    hint="Which shape does the gradient of w_xh have?",
)
backward.mutant(
    "state_weight_gradient_transposed",
    old="h.T @ dz",
    new="dz.T @ h",
    hint="Entry (j, k) of w_hh leads from unit j to unit k. Which two factors does its gradient have?",
)
backward.mutant(
    "new_state_in_the_weights",
    old="h.T @ dz",
    new="rnn_step(x, h, w_xh, w_hh, bias).T @ dz",
    hint="With which state was w_hh multiplied in this step?",
)
backward.mutant(
    "elementwise",
    old="dz @ w_hh.T",
    new="dz * w_hh.sum(axis=1)",
    hint="From how many units of the new state does an old unit get its gradient?",
)
backward.mutant(
    "bias_mean",
    old="dz.sum(axis=0)",
    new="dz.mean(axis=0)",
    hint="Where is the 1/N of the mean loss: still to come, or in dh already?",
)
backward.mutant(
    "bias_over_everything",
    old="dz.sum(axis=0)",
    new="dz.sum()",
    hint="How many entries does the bias have?",
)
backward.mutant(
    "bias_over_units",
    old="dz.sum(axis=0)",
    new="dz.sum(axis=1)",
    hint="Does the bias belong to the units or to the examples?",
)
backward.mutant(
    "bias_per_example",
    old="dz.sum(axis=0)",
    new="dz",
    hint="All examples share one bias. How do their gradients come together?",
)
backward.mutant(
    "all_means",
    old="x.T @ dz, h.T @ dz, dz.sum(axis=0)",
    new="x.T @ dz / len(x), h.T @ dz / len(x), dz.mean(axis=0)",
    hint="The 1/N of the mean loss came with dh. Should the gradients of the weights have it again?",
)
backward.mutant(
    "inputs_and_states_swapped",
    old="dz @ w_xh.T, dz @ w_hh.T,",
    new="dz @ w_hh.T, dz @ w_xh.T,",
    hint="In which order are the gradients returned?",
)
backward.mutant(
    "parameters_swapped",
    old="x.T @ dz, h.T @ dz",
    new="h.T @ dz, x.T @ dz",
    hint="In which order are the gradients of the two matrices returned?",
)
backward.mutant(
    "no_input_gradient",
    old="return dz @ w_xh.T, dz",
    new="return dz",
    hint="How many arguments of the step have a gradient?",
)
backward.mutant(
    "slope_of_exponentials",
    old=f"dz = {DZ}",
    new="e = np.exp(2 * (x @ w_xh + h @ w_hh + bias))\n    dz = dh * 4 * e / (e + 1) ** 2",
    hint="What is infinity divided by infinity?",
)
backward.mutant(
    "in_place",
    old=f"dz = {DZ}",
    new="dh *= 1 - rnn_step(x, h, w_xh, w_hh, bias) ** 2\n    dz = dh",
    hint="Whose array does an operator like *= change?",
)
backward.mutant(
    "float64_always",
    old="(1 - rnn_step(x, h, w_xh, w_hh, bias) ** 2)",
    new="(np.ones(h.shape) - rnn_step(x, h, w_xh, w_hh, bias) ** 2)",
    hint="Which dtype does an array of ones have when you do not ask for one?",
)

backward.alternative(
    "einsum",
    """
    def rnn_step_backward(dh, x, h, w_xh, w_hh, bias):
        dh, x, h, w_xh, w_hh, bias = fitted(
            "N H, N D, N H, D H, H H, H", dh, x, h, w_xh, w_hh, bias
        )
        new = np.tanh(x @ w_xh + h @ w_hh + bias)
        dz = np.einsum("nk,nk->nk", dh, (1 + new) * (1 - new))
        dx = np.einsum("nk,jk->nj", dz, w_xh)
        dh_prev = np.einsum("nk,jk->nj", dz, w_hh)
        dw_xh = np.einsum("nj,nk->jk", x, dz)
        dw_hh = np.einsum("nj,nk->jk", h, dz)
        return dx, dh_prev, dw_xh, dw_hh, np.einsum("nk->k", dz)
    """,
)
backward.alternative(
    "example_by_example",
    """
    def rnn_step_backward(dh, x, h, w_xh, w_hh, bias):
        dh, x, h, w_xh, w_hh, bias = fitted(
            "N H, N D, N H, D H, H H, H", dh, x, h, w_xh, w_hh, bias
        )
        dx, dh_prev = [], []
        dw_xh, dw_hh, dbias = np.zeros_like(w_xh), np.zeros_like(w_hh), np.zeros_like(bias)
        for x_n, h_n, dh_n in zip(x, h, dh):
            dz = dh_n / np.cosh(x_n @ w_xh + h_n @ w_hh + bias) ** 2
            dx.append(w_xh @ dz)
            dh_prev.append(w_hh @ dz)
            dw_xh += np.outer(x_n, dz)
            dw_hh += np.outer(h_n, dz)
            dbias += dz
        return np.array(dx), np.array(dh_prev), dw_xh, dw_hh, dbias
    """,
)
backward.alternative(
    "one_matrix",
    """
    def rnn_step_backward(dh, x, h, w_xh, w_hh, bias):
        dh, x, h, w_xh, w_hh, bias = fitted(
            "N H, N D, N H, D H, H H, H", dh, x, h, w_xh, w_hh, bias
        )
        ones = np.ones((len(x), 1), dtype=x.dtype)
        inputs = np.concatenate([x, h, ones], axis=1)
        weights = np.concatenate([w_xh, w_hh, bias[np.newaxis]])
        dz = (dh.T - dh.T * np.square(np.tanh(inputs @ weights)).T).T
        dinputs, dweights = np.dot(dz, weights.T), np.dot(inputs.T, dz)
        d = x.shape[1]
        return dinputs[:, :d], dinputs[:, d:-1], dweights[:d], dweights[d:-1], dweights[-1]
    """,
)
