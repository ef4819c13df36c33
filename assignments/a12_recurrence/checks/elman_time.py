"""A plain recurrent network over whole sequences: forward, and back through time."""

import numpy as np
from checks._sequences import RNN, dtypes, elman, emptied, named, single

from autograder.declare import Case, Exercise, exact

RNN_TIME = tuple(name.replace("h_prev", "h0") for name in RNN)


def sequences(rng):
    """Sequences of two lengths, with sizes that all differ."""
    for steps, sizes in [(5, (3, 2, 4)), (3, (1, 4, 2))]:
        yield Case(**elman(rng, *sizes, steps=steps))


def one_step(rng):
    """Sequences of a single step."""
    yield Case(**elman(rng, 3, 2, 4, steps=1))


def equal_sizes(rng):
    """As many steps as examples, inputs and units."""
    yield Case(**elman(rng, 3, 3, 3, steps=3))


def echoes(rng):
    """No input: what remains of the state that the sequence starts from."""
    drawn = elman(rng, 2, 3, 4, steps=5)
    yield Case(**{**drawn, "x": np.zeros((5, 2, 3))})


def long_sequences(rng):
    """Two sequences of thirty steps."""
    drawn = elman(rng, 2, 1, 3, steps=30)
    yield Case(**{**drawn, "w_hh": 0.8 * np.linalg.qr(drawn["w_hh"])[0]})


def single_sequences(rng):
    """Numbers of float32."""
    yield single(elman(rng, 2, 3, 4, steps=3))


rnn = Exercise("recurrence.rnn")


@rnn.check(sequences, weight=0.5, public=True, judge=exact)
def one_state_per_step_and_example(subject, case):
    """The states are ordered step, example, unit."""
    return {"hs": 0.0 * subject.rnn(**case)}  # times 0: only the shape is left to compare


@rnn.check(sequences, weight=3, public=True)
def states_of_every_step(subject, case):
    """Every state follows from the input of its step and the state before."""
    return {"hs": subject.rnn(**case)}


@rnn.check(one_step)
def one_step_is_enough(subject, case):
    """A sequence may have a single step."""
    return {"hs": subject.rnn(**case)}


@rnn.check(equal_sizes)
def equal_sizes_hide_nothing(subject, case):
    """The states are right also where all sizes are equal and numpy cannot complain."""
    return {"hs": subject.rnn(**case)}


@rnn.check(echoes)
def the_start_echoes(subject, case):
    """Without any input the states still follow from the one at the start."""
    return {"hs": subject.rnn(**case)}


@rnn.check(long_sequences)
def long_sequences_are_fine(subject, case):
    """A sequence may have thirty steps."""
    return {"hs": subject.rnn(**case)}


@rnn.check(sequences, weight=0.25, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.rnn(**case)
    return dict(case)


@rnn.check(single_sequences, weight=0.25, judge=exact)
def float32_is_kept(subject, case):
    """Arguments of float32 give states of float32."""
    return {"dtypes": dtypes([subject.rnn(**case)])}


rnn.mutant(
    "starts_from_zero",
    old="h, states = h0, []",
    new="h, states = np.zeros_like(h0), []",
    hint="Which state does the first step start from?",
)
rnn.mutant(
    "state_not_carried",
    old="rnn_step(x_t, h, w_xh",
    new="rnn_step(x_t, h0, w_xh",
    hint="Which state does the second step start from?",
)
rnn.mutant(
    "states_before",
    old="""h = rnn_step(x_t, h, w_xh, w_hh, bias)
        states.append(h)""",
    new="""states.append(h)
        h = rnn_step(x_t, h, w_xh, w_hh, bias)""",
    hint="Is the state of a step the one before its input, or the one after?",
)
rnn.mutant(
    "start_included",
    old="h, states = h0, []",
    new="h, states = h0, [h0]",
    hint="How many states are returned for T inputs?",
)
rnn.mutant(
    "backwards",
    old="for x_t in x:",
    new="for x_t in x[::-1]:",
    hint="In which direction does time run here?",
)
rnn.mutant(
    "last_input_missed",
    old="for x_t in x:",
    new="for x_t in x[:-1]:",
    hint="Does your loop reach the last input?",
)
rnn.mutant(
    "batch_first",
    old="for x_t in x:",
    new="for x_t in x.swapaxes(0, 1):",
    hint="Which axis of x is time?",
)
rnn.mutant(
    "states_batch_first",
    old="np.stack(states)",
    new="np.stack(states, axis=1)",
    hint="Along which axis do the states of different steps lie?",
)
rnn.mutant(
    "a_list",
    old="np.stack(states)",
    new="states",
    hint="What kind of thing is returned: an array, or a list of them?",
)
rnn.mutant(
    "side_by_side",
    old="np.stack(states)",
    new="np.concatenate(states)",
    hint="How many axes does the array of all states have?",
)
rnn.mutant(
    "last_state_only",
    old="np.stack(states)",
    new="h",
    hint="Which states are returned: those of every step, or of one?",
)
rnn.mutant(
    "one_array_for_all",
    old="h, states = h0, []",
    new="""h, states = h0.copy(), []
    for x_t in x:
        h[...] = rnn_step(x_t, h, w_xh, w_hh, bias)
        states.append(h)
    return np.stack(states)""",
    hint="How many different arrays does your list of states hold?",
)
rnn.mutant(
    "start_overwritten",
    old="h, states = h0, []",
    new="""h, states = h0, []
    for x_t in x:
        h[...] = rnn_step(x_t, h, w_xh, w_hh, bias)
        states.append(h.copy())
    return np.stack(states)""",
    hint="Whose array is h0, and what does an assignment to h[...] do to it?",
)
rnn.mutant(
    "float64_always",
    old="np.stack(states)",
    new="np.zeros((len(x), *h0.shape)) + states",
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

rnn.alternative(
    "filled_array",
    """
    def rnn(x, h0, w_xh, w_hh, bias):
        x, h0, w_xh, w_hh, bias = fitted("T N D, N H, D H, H H, H", x, h0, w_xh, w_hh, bias)
        hs = np.zeros((x.shape[0], *h0.shape), dtype=h0.dtype)
        for t in range(x.shape[0]):
            hs[t] = rnn_step(x[t], hs[t - 1] if t else h0, w_xh, w_hh, bias)
        return hs
    """,
)
rnn.alternative(
    "inputs_all_at_once",
    """
    def rnn(x, h0, w_xh, w_hh, bias):
        x, h0, w_xh, w_hh, bias = fitted("T N D, N H, D H, H H, H", x, h0, w_xh, w_hh, bias)
        drive = np.einsum("tnd,dh->tnh", x, w_xh) + bias
        hs = np.empty_like(drive)
        h = h0
        for t, pushed in enumerate(drive):
            h = hs[t] = np.tanh(pushed + h.dot(w_hh))
        return hs
    """,
)
rnn.alternative(
    "recursion",
    """
    def rnn(x, h0, w_xh, w_hh, bias):
        x, h0, w_xh, w_hh, bias = fitted("T N D, N H, D H, H H, H", x, h0, w_xh, w_hh, bias)
        first = np.tanh(np.hstack([x[0], h0]) @ np.vstack([w_xh, w_hh]) + bias)
        if len(x) == 1:
            return first[np.newaxis]
        return np.concatenate([first[np.newaxis], rnn(x[1:], first, w_xh, w_hh, bias)])
    """,
)


def upstream(rng, arguments):
    """Add a random gradient that arrives at the state of every step."""
    steps, (n, h) = len(arguments["x"]), arguments["h0"].shape
    return Case(dhs=rng.standard_normal((steps, n, h)), **arguments)


def backward_sequences(rng):
    """Sequences of two lengths, with sizes that all differ."""
    for case in sequences(rng):
        yield upstream(rng, case)


def one_backward_step(rng):
    """Sequences of a single step."""
    yield upstream(rng, elman(rng, 3, 2, 4, steps=1))


def equal_backward_sizes(rng):
    """As many steps as examples, inputs and units."""
    yield upstream(rng, elman(rng, 3, 3, 3, steps=3))


def at_the_end(rng):
    """A gradient arrives at the last state only."""
    case = upstream(rng, elman(rng, 2, 3, 4, steps=5))
    case.dhs[:-1] = 0
    yield case


def on_the_way(rng):
    """A gradient arrives in the middle only."""
    case = upstream(rng, elman(rng, 2, 3, 4, steps=5))
    case.dhs[[0, 1, 3, 4]] = 0
    yield case


def single_backward_sequences(rng):
    """Numbers of float32."""
    yield single(upstream(rng, elman(rng, 2, 3, 4, steps=3)))


backward = Exercise("recurrence.rnn_backward")


@backward.check(backward_sequences, weight=0.5, public=True, judge=exact)
def a_gradient_for_every_argument(subject, case):
    """There are five gradients, each of the shape of its argument."""
    return named(RNN_TIME, emptied(subject.rnn_backward(**case)))


@backward.check(one_backward_step, public=True)
def one_step_is_enough(subject, case):
    """A sequence may have a single step."""
    return named(RNN_TIME, subject.rnn_backward(**case))


@backward.check(backward_sequences, weight=4, public=True)
def gradients_through_time(subject, case):
    """A gradient arrives at every step, and each goes back to the start."""
    return named(RNN_TIME, subject.rnn_backward(**case))


@backward.check(at_the_end, weight=2)
def the_end_reaches_the_start(subject, case):
    """A gradient that arrives at the last state alone reaches every input."""
    return named(RNN_TIME, subject.rnn_backward(**case))


@backward.check(on_the_way)
def the_future_feels_nothing(subject, case):
    """A gradient that arrives in the middle goes back in time, and never forward."""
    return named(RNN_TIME, subject.rnn_backward(**case))


@backward.check(equal_backward_sizes)
def equal_sizes_hide_nothing(subject, case):
    """The gradients are right also where all sizes are equal and numpy cannot complain."""
    return named(RNN_TIME, subject.rnn_backward(**case))


@backward.check(backward_sequences, weight=0.25, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.rnn_backward(**case)
    return dict(case)


@backward.check(single_backward_sequences, weight=0.25, judge=exact)
def float32_is_kept(subject, case):
    """Arguments of float32 have gradients of float32."""
    return {"dtypes": dtypes(subject.rnn_backward(**case))}


CALL = """dx[t], dh, dw_xh_t, dw_hh_t, dbias_t = rnn_step_backward(
            dhs[t] + dh, x[t], states[t], w_xh, w_hh, bias
        )"""
STATES = "[h0, *rnn(x, h0, w_xh, w_hh, bias)]"

backward.mutant(
    "future_forgotten",
    old="dhs[t] + dh, x[t]",
    new="dhs[t], x[t]",
    hint="A state acts on the loss directly and through the next state. Where is the second part?",
)
backward.mutant(
    "direct_part_of_the_end_only",
    old="dhs[t] + dh, x[t]",
    new="(dhs[t] if t == len(x) - 1 else 0) + dh, x[t]",
    hint="At how many steps does a gradient arrive from above?",
)
backward.mutant(
    "future_piles_up",
    old=CALL,
    new=f"later = dh\n        {CALL}\n        dh = dh + later",
    hint="Does the gradient that a step hands back replace what came from later, or add to it?",
)
backward.mutant(
    "weights_of_the_first_step",
    old="dw_xh += dw_xh_t\n        dw_hh += dw_hh_t\n        dbias += dbias_t",
    new="dw_xh, dw_hh, dbias = dw_xh_t, dw_hh_t, dbias_t",
    hint="All steps share one set of weights. How do their gradients come together?",
)
backward.mutant(
    "mean_over_time",
    old="return dx, dh, dw_xh, dw_hh, dbias",
    new="return dx, dh, dw_xh / len(x), dw_hh / len(x), dbias / len(x)",
    hint="Is there a mean over the steps in the loss that is not in dhs already?",
)
backward.mutant(
    "last_state_before_the_first",
    old=STATES,
    new="np.roll(rnn(x, h0, w_xh, w_hh, bias), 1, axis=0)",
    hint="What is at index t - 1 where t is 0?",
)
backward.mutant(
    "starts_from_zero",
    old=STATES,
    new="[0 * h0, *rnn(x, h0, w_xh, w_hh, bias)]",
    hint="Which state did the first step start from?",
)
backward.mutant(
    "states_after",
    old=STATES,
    new="rnn(x, h0, w_xh, w_hh, bias)",
    hint="Which state does the backward step ask for: the one before, or the one after?",
)
backward.mutant(
    "forwards",
    old="reversed(range(len(x)))",
    new="range(len(x))",
    hint="In which direction do gradients travel, and at which step do they begin?",
)
backward.mutant(
    "first_step_missed",
    old="reversed(range(len(x)))",
    new="range(len(x) - 1, 0, -1)",
    hint="At which index does your loop end?",
)
backward.mutant(
    "gradients_of_the_inputs_reversed",
    old="dx[t], dh, dw_xh_t",
    new="dx[len(x) - 1 - t], dh, dw_xh_t",
    hint="You walk from the end to the start. In which order do the gradients of the inputs lie?",
)
backward.mutant(
    "no_gradient_of_the_start",
    old="return dx, dh, dw",
    new="return dx, np.zeros_like(h0), dw",
    hint="What became of the gradient that was left when your loop ended?",
)
backward.mutant(
    "gradient_of_the_first_state",
    old="return dx, dh, dw",
    new="return dx, dhs[0], dw",
    hint="Is the state before the first step the same as the state after it?",
)
backward.mutant(
    "no_gradient_of_the_start_returned",
    old="return dx, dh, dw",
    new="return dx, dw",
    hint="How many arguments of the network have a gradient?",
)
backward.mutant(
    "parameters_swapped",
    old="dw_xh, dw_hh, dbias\n",
    new="dw_hh, dw_xh, dbias\n",
    hint="In which order are the gradients of the two matrices returned?",
)
backward.mutant(
    "bias_assigned",
    old="dbias += dbias_t",
    new="dbias = dbias_t",
    hint="In how many steps does the bias act?",
)
backward.mutant(
    "upstream_overwritten",
    old="dx[t], dh, dw_xh_t",
    new="dhs[t] += dh\n        dh = 0\n        dx[t], dh, dw_xh_t",
    hint="Whose array does an operator like += change?",
)
backward.mutant(
    "weights_overwritten",
    old="(np.zeros_like(each) for each in (w_xh, w_hh, bias))",
    new="(0 * w_xh, 0 * w_hh, bias)",
    hint="Into whose array do you add the gradients of the steps?",
)
backward.mutant(
    "float64_always",
    old="np.zeros_like(each)",
    new="np.zeros(each.shape)",
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

backward.alternative(
    "in_one_go",
    """
    def rnn_backward(dhs, x, h0, w_xh, w_hh, bias):
        dhs, x, h0, w_xh, w_hh, bias = fitted(
            "T N H, T N D, N H, D H, H H, H", dhs, x, h0, w_xh, w_hh, bias
        )
        after = rnn(x, h0, w_xh, w_hh, bias)
        before = np.concatenate([h0[np.newaxis], after[:-1]])
        slopes = 1 - after**2
        dzs = np.empty_like(after)
        carried = 0
        for t in range(len(x) - 1, -1, -1):
            dzs[t] = (dhs[t] + carried) * slopes[t]
            carried = dzs[t] @ w_hh.T
        dw_xh = np.einsum("tnd,tnh->dh", x, dzs)
        dw_hh = np.einsum("tnj,tnk->jk", before, dzs)
        return dzs @ w_xh.T, carried, dw_xh, dw_hh, dzs.sum(axis=(0, 1))
    """,
)
backward.alternative(
    "recursion",
    """
    def rnn_backward(dhs, x, h0, w_xh, w_hh, bias):
        dhs, x, h0, w_xh, w_hh, bias = fitted(
            "T N H, T N D, N H, D H, H H, H", dhs, x, h0, w_xh, w_hh, bias
        )
        weights = w_xh, w_hh, bias
        h1 = rnn_step(x[0], h0, *weights)
        if len(x) == 1:
            dx, *others = rnn_step_backward(dhs[0], x[0], h0, *weights)
            return dx[np.newaxis], *others
        later_dx, dh1, *later = rnn_backward(dhs[1:], x[1:], h1, *weights)
        dx, dh0, *here = rnn_step_backward(dhs[0] + dh1, x[0], h0, *weights)
        sums = [one + other for one, other in zip(here, later)]
        return np.concatenate([dx[np.newaxis], later_dx]), dh0, *sums
    """,
)
backward.alternative(
    "every_gradient_on_its_own",
    """
    def rnn_backward(dhs, x, h0, w_xh, w_hh, bias):
        dhs, x, h0, w_xh, w_hh, bias = fitted(
            "T N H, T N D, N H, D H, H H, H", dhs, x, h0, w_xh, w_hh, bias
        )
        hs = [h0]
        for x_t in x:
            hs.append(np.tanh(x_t @ w_xh + hs[-1] @ w_hh + bias))
        totals = [0 * x, 0 * h0, 0 * w_xh, 0 * w_hh, 0 * bias]
        for end in range(len(x)):
            dh = dhs[end]
            for t in range(end, -1, -1):
                dz = dh * (1 - hs[t + 1] * hs[t + 1])
                dh = (w_hh @ dz.T).T
                totals[0][t] += dz @ w_xh.T
                totals[2] += (dz.T @ x[t]).T
                totals[3] += (dz.T @ hs[t]).T
                totals[4] += np.ones(len(dz), dz.dtype) @ dz
            totals[1] += dh
        return tuple(totals)
    """,
)
