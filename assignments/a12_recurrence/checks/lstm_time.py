"""A network with long short-term memory over whole sequences: forward, and back through time."""

import numpy as np
from checks._sequences import LSTM, dtypes, emptied, gated, named, saturated, single

from autograder.declare import Case, Exercise, exact

LSTM_TIME = tuple(name.replace("_prev", "0") for name in LSTM)


def sequences(rng):
    """Sequences of two lengths, with sizes that all differ."""
    for steps, sizes in [(5, (3, 2, 4)), (3, (1, 4, 2))]:
        yield Case(**gated(rng, *sizes, steps=steps))


def one_step(rng):
    """Sequences of a single step."""
    yield Case(**gated(rng, 3, 2, 4, steps=1))


def equal_sizes(rng):
    """As many steps as examples, inputs and units."""
    yield Case(**gated(rng, 3, 3, 3, steps=3))


def echoes(rng):
    """No input: what remains of the state and the cell at the start."""
    drawn = gated(rng, 2, 3, 4, steps=4)
    yield Case(**{**drawn, "x": np.zeros((4, 2, 3))})


def long_sequences(rng):
    """Two sequences of thirty steps, with forget gates that are mostly open."""
    drawn = gated(rng, 2, 1, 2, steps=30)
    yield Case(**{**drawn, "bias": drawn["bias"] + np.repeat([0.0, 3.0, 0.0, 0.0], 2)})


def saturated_sequences(rng):
    """Gates at ten thousand and minus ten thousand, in every step."""
    yield Case(**saturated(rng, steps=3))


def single_sequences(rng):
    """Numbers of float32."""
    yield single(gated(rng, 2, 3, 4, steps=3))


lstm = Exercise("recurrence.lstm")


@lstm.check(sequences, weight=0.5, public=True, judge=exact)
def all_states_and_the_last_cell(subject, case):
    """The states are ordered step, example, unit; only the last cells are returned."""
    hs, c = subject.lstm(**case)
    return {"hs": 0.0 * hs, "c": 0.0 * c}  # times 0: only the shapes are left to compare


@lstm.check(sequences, weight=3, public=True)
def states_of_every_step(subject, case):
    """Each state and cell follows from the input of its step and the state and cell before."""
    hs, c = subject.lstm(**case)
    return {"hs": hs, "c": c}


@lstm.check(one_step)
def one_step_is_enough(subject, case):
    """A sequence may have a single step."""
    hs, c = subject.lstm(**case)
    return {"hs": hs, "c": c}


@lstm.check(equal_sizes)
def equal_sizes_hide_nothing(subject, case):
    """States and cells are right also where all sizes are equal and numpy cannot complain."""
    hs, c = subject.lstm(**case)
    return {"hs": hs, "c": c}


@lstm.check(echoes)
def the_start_echoes(subject, case):
    """Without any input everything still follows from the state and the cell at the start."""
    hs, c = subject.lstm(**case)
    return {"hs": hs, "c": c}


@lstm.check(long_sequences)
def long_sequences_are_fine(subject, case):
    """A sequence may have thirty steps."""
    hs, c = subject.lstm(**case)
    return {"hs": hs, "c": c}


@lstm.check(saturated_sequences)
def saturated_gates_are_finite(subject, case):
    """Gates at ten thousand, of both signs, give finite states and cells."""
    hs, c = subject.lstm(**case)
    return {"hs": hs, "c": c}


@lstm.check(sequences, weight=0.25, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.lstm(**case)
    return dict(case)


@lstm.check(single_sequences, weight=0.25, judge=exact)
def float32_is_kept(subject, case):
    """Arguments of float32 give states and cells of float32."""
    return {"dtypes": dtypes(subject.lstm(**case))}


START = "h, c, states = h0, c0, []"
STEP = "h, c = lstm_step(x_t, h, c, w, u, bias)"

lstm.mutant(
    "states_start_from_zero",
    old=START,
    new="h, c, states = np.zeros_like(h0), c0, []",
    hint="Which state does the first step start from?",
)
lstm.mutant(
    "cells_start_from_zero",
    old=START,
    new="h, c, states = h0, np.zeros_like(c0), []",
    hint="Which cell does the first step start from?",
)
lstm.mutant(
    "starts_swapped",
    old=START,
    new="h, c, states = c0, h0, []",
    hint="Which of the two is the state, and which the cell?",
)
lstm.mutant(
    "starts_as_one",
    old=START,
    new="h, c, states = h0, h0, []",
    hint="Is the cell at the start the same as the state at the start?",
)
lstm.mutant(
    "cell_not_carried",
    old=STEP,
    new="h, c = lstm_step(x_t, h, c0, w, u, bias)",
    hint="Which cell does the second step start from?",
)
lstm.mutant(
    "state_not_carried",
    old=STEP,
    new="h, c = lstm_step(x_t, h0, c, w, u, bias)",
    hint="Which state does the second step start from?",
)
lstm.mutant(
    "state_as_cell",
    old=STEP,
    new="h, c = lstm_step(x_t, h, h, w, u, bias)",
    hint="Which two things does a step hand on to the next one?",
)
lstm.mutant(
    "swapped_in_each_step",
    old=STEP,
    new="c, h = lstm_step(x_t, h, c, w, u, bias)",
    hint="In which order does a step return state and cell?",
)
lstm.mutant(
    "cells_returned",
    old="states.append(h)",
    new="states.append(c)",
    hint="Which of the two is returned for every step: the state or the cell?",
)
lstm.mutant(
    "last_state_only",
    old="np.stack(states), c",
    new="h, c",
    hint="Of how many steps are the states returned?",
)
lstm.mutant(
    "last_state_for_the_cell",
    old="np.stack(states), c",
    new="np.stack(states), h",
    hint="The last state is among the states already. What else is returned?",
)
lstm.mutant(
    "start_included",
    old=START,
    new="h, c, states = h0, c0, [h0]",
    hint="How many states are returned for T inputs?",
)
lstm.mutant(
    "states_before",
    old=f"{STEP}\n        states.append(h)",
    new=f"states.append(h)\n        {STEP}",
    hint="Is the state of a step the one before its input, or the one after?",
)
lstm.mutant(
    "backwards",
    old="for x_t in x:",
    new="for x_t in x[::-1]:",
    hint="In which direction does time run here?",
)
lstm.mutant(
    "batch_first",
    old="for x_t in x:",
    new="for x_t in x.swapaxes(0, 1):",
    hint="Which axis of x is time?",
)
lstm.mutant(
    "states_batch_first",
    old="np.stack(states)",
    new="np.stack(states, axis=1)",
    hint="Along which axis do the states of different steps lie?",
)
lstm.mutant(
    "states_only",
    old="np.stack(states), c",
    new="np.stack(states)",
    hint="What is returned besides the states?",
)
lstm.mutant(
    "sigmoid_overflows",
    old=STEP,
    new="z_i, z_f, z_g, z_o = np.split(x_t @ w + h @ u + bias, 4, axis=1)\n"
    "        i, f, o = (np.exp(z) / (1 + np.exp(z)) for z in (z_i, z_f, z_o))\n"
    "        c = f * c + i * np.tanh(z_g)\n"
    "        h = o * np.tanh(c)",
    hint="What is infinity divided by infinity?",
)
lstm.mutant(
    "start_overwritten",
    old="states.append(h)",
    new="states.append(h)\n        c0[...] = c",
    hint="Whose array is c0, and what does an assignment to c0[...] do to it?",
)
lstm.mutant(
    "float64_always",
    old="np.stack(states)",
    new="np.zeros((len(x), *h0.shape)) + states",
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

lstm.alternative(
    "filled_array",
    """
    def lstm(x, h0, c0, w, u, bias):
        x, h0, c0, w, u, bias = fitted("T N D, N H, N H, D 4H, H 4H, 4H", x, h0, c0, w, u, bias)
        hs = np.empty((len(x), *h0.shape), h0.dtype)
        c = c0
        for t in range(len(x)):
            hs[t], c = lstm_step(x[t], h0 if t == 0 else hs[t - 1], c, w, u, bias)
        return hs, c
    """,
)
lstm.alternative(
    "inputs_all_at_once",
    """
    def lstm(x, h0, c0, w, u, bias):
        x, h0, c0, w, u, bias = fitted("T N D, N H, N H, D 4H, H 4H, 4H", x, h0, c0, w, u, bias)
        hs, h, c = [], h0, c0
        for pushed in np.tensordot(x, w, axes=1) + bias:
            z_i, z_f, z_g, z_o = np.hsplit(pushed + h @ u, 4)
            c = c * sigmoid(z_f) + np.tanh(z_g) * sigmoid(z_i)
            h = np.tanh(c) * sigmoid(z_o)
            hs += [h]
        return np.array(hs), c
    """,
)
lstm.alternative(
    "recursion",
    """
    def lstm(x, h0, c0, w, u, bias):
        x, h0, c0, w, u, bias = fitted("T N D, N H, N H, D 4H, H 4H, 4H", x, h0, c0, w, u, bias)
        if len(x) == 1:
            h, c = lstm_step(x[0], h0, c0, w, u, bias)
            return h[np.newaxis], c
        earlier, c = lstm(x[:-1], h0, c0, w, u, bias)
        h, c = lstm_step(x[-1], earlier[-1], c, w, u, bias)
        return np.append(earlier, h[np.newaxis], axis=0), c
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
    yield upstream(rng, gated(rng, 3, 2, 4, steps=1))


def equal_backward_sizes(rng):
    """As many steps as examples, inputs and units."""
    yield upstream(rng, gated(rng, 3, 3, 3, steps=3))


def at_the_end(rng):
    """A gradient arrives at the last state only."""
    case = upstream(rng, gated(rng, 2, 3, 4, steps=5))
    case.dhs[:-1] = 0
    yield case


def on_the_way(rng):
    """A gradient arrives in the middle only."""
    case = upstream(rng, gated(rng, 2, 3, 4, steps=5))
    case.dhs[[0, 1, 3, 4]] = 0
    yield case


def single_backward_sequences(rng):
    """Numbers of float32."""
    yield single(upstream(rng, gated(rng, 2, 3, 4, steps=3)))


backward = Exercise("recurrence.lstm_backward")


@backward.check(backward_sequences, weight=0.5, public=True, judge=exact)
def a_gradient_for_every_argument(subject, case):
    """There are six gradients, each of the shape of its argument."""
    return named(LSTM_TIME, emptied(subject.lstm_backward(**case)))


@backward.check(one_backward_step, public=True)
def one_step_is_enough(subject, case):
    """A sequence may have a single step."""
    return named(LSTM_TIME, subject.lstm_backward(**case))


@backward.check(backward_sequences, weight=4, public=True)
def gradients_through_time(subject, case):
    """A gradient arrives at every step, and each goes back to the start."""
    return named(LSTM_TIME, subject.lstm_backward(**case))


@backward.check(at_the_end, weight=2)
def the_end_reaches_the_start(subject, case):
    """A gradient that arrives at the last state alone reaches every input."""
    return named(LSTM_TIME, subject.lstm_backward(**case))


@backward.check(on_the_way)
def the_future_feels_nothing(subject, case):
    """A gradient that arrives in the middle goes back in time, and never forward."""
    return named(LSTM_TIME, subject.lstm_backward(**case))


@backward.check(equal_backward_sizes)
def equal_sizes_hide_nothing(subject, case):
    """The gradients are right also where all sizes are equal and numpy cannot complain."""
    return named(LSTM_TIME, subject.lstm_backward(**case))


@backward.check(backward_sequences, weight=0.25, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.lstm_backward(**case)
    return dict(case)


@backward.check(single_backward_sequences, weight=0.25, judge=exact)
def float32_is_kept(subject, case):
    """Arguments of float32 have gradients of float32."""
    return {"dtypes": dtypes(subject.lstm_backward(**case))}


ARGUMENTS = "dhs[t] + dh, dc, x[t], states[t], cells[t]"

backward.mutant(
    "future_of_the_state_forgotten",
    old=ARGUMENTS,
    new="dhs[t], dc, x[t], states[t], cells[t]",
    hint="A state acts on the loss directly and through the next step. Where is the second part?",
)
backward.mutant(
    "future_of_the_cell_forgotten",
    old=ARGUMENTS,
    new="dhs[t] + dh, 0 * dc, x[t], states[t], cells[t]",
    hint="By which two ways does a step act on the later ones?",
)
backward.mutant(
    "all_future_forgotten",
    old=ARGUMENTS,
    new="dhs[t], 0 * dc, x[t], states[t], cells[t]",
    hint="What does a step learn of the loss at later steps?",
)
backward.mutant(
    "direct_part_of_the_end_only",
    old=ARGUMENTS,
    new="(dhs[t] if t == len(x) - 1 else 0) + dh, dc, x[t], states[t], cells[t]",
    hint="At how many steps does a gradient arrive from above?",
)
backward.mutant(
    "direct_part_of_the_cell",
    old=ARGUMENTS,
    new="dhs[t] + dh, dhs[t] + dc, x[t], states[t], cells[t]",
    hint="Does the gradient that arrives from above arrive at the state, at the cell, or at both?",
)
backward.mutant(
    "future_swapped",
    old=ARGUMENTS,
    new="dhs[t] + dc, dh, x[t], states[t], cells[t]",
    hint="In which order does the backward step hand back the gradients of state and cell?",
)
backward.mutant(
    "states_after",
    old=ARGUMENTS,
    new="dhs[t] + dh, dc, x[t], states[t + 1], cells[t]",
    hint="Which state does the backward step ask for: the one before, or the one after?",
)
backward.mutant(
    "cells_after",
    old=ARGUMENTS,
    new="dhs[t] + dh, dc, x[t], states[t], cells[t + 1]",
    hint="Which cell does the backward step ask for: the one before, or the one after?",
)
backward.mutant(
    "last_cell_for_all",
    old=ARGUMENTS,
    new="dhs[t] + dh, dc, x[t], states[t], cells[-1]",
    hint="The forward function returns one cell. Does every backward step need the same one?",
)
backward.mutant(
    "states_start_from_zero",
    old="[h0], [c0]",
    new="[0 * h0], [c0]",
    hint="Which state did the first step start from?",
)
backward.mutant(
    "cells_start_from_zero",
    old="[h0], [c0]",
    new="[h0], [0 * c0]",
    hint="Which cell did the first step start from?",
)
backward.mutant(
    "weights_of_the_first_step",
    old="dw += dw_t\n        du += du_t\n        dbias += dbias_t",
    new="dw, du, dbias = dw_t, du_t, dbias_t",
    hint="All steps share one set of weights. How do their gradients come together?",
)
backward.mutant(
    "mean_over_time",
    old="return dx, dh, dc, dw, du, dbias",
    new="return dx, dh, dc, dw / len(x), du / len(x), dbias / len(x)",
    hint="Is there a mean over the steps in the loss that is not in dhs already?",
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
    old="dx[t], dh, dc, dw_t",
    new="dx[len(x) - 1 - t], dh, dc, dw_t",
    hint="You walk from the end to the start. In which order do the gradients of the inputs lie?",
)
backward.mutant(
    "no_gradient_of_the_starting_cell",
    old="return dx, dh, dc, dw",
    new="return dx, dh, np.zeros_like(c0), dw",
    hint="What became of the gradient of the cell that was left when your loop ended?",
)
backward.mutant(
    "gradients_of_the_start_swapped",
    old="return dx, dh, dc",
    new="return dx, dc, dh",
    hint="In which order are the gradients of h0 and c0 returned?",
)
backward.mutant(
    "gradients_of_the_start_missing",
    old="return dx, dh, dc, dw",
    new="return dx, dw",
    hint="How many arguments of the network have a gradient?",
)
backward.mutant(
    "upstream_overwritten",
    old="dx[t], dh, dc, dw_t",
    new="dhs[t] += dh\n        dh = 0\n        dx[t], dh, dc, dw_t",
    hint="Whose array does an operator like += change?",
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
    def lstm_backward(dhs, x, h0, c0, w, u, bias):
        dhs, x, h0, c0, w, u, bias = fitted(
            "T N H, T N D, N H, N H, D 4H, H 4H, 4H", dhs, x, h0, c0, w, u, bias
        )
        h, c, memory = h0, c0, []
        for x_t in x:
            z_i, z_f, z_g, z_o = np.hsplit(x_t @ w + h @ u + bias, 4)
            i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
            c_before, h_before, c = c, h, f * c + i * g
            h = o * np.tanh(c)
            memory.append((x_t, h_before, c_before, i, f, g, o, np.tanh(c)))
        dh, dc, dxs = 0, 0, []
        dw, du, dbias = 0, 0, 0
        for dh_t, (x_t, h, c, i, f, g, o, t) in zip(dhs[::-1], memory[::-1]):
            dh = dh_t + dh
            dc = dc + dh * o * (1 - t**2)
            dz = np.hstack(
                [dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2), dh * t * o * (1 - o)]
            )
            dw, du, dbias = dw + x_t.T @ dz, du + h.T @ dz, dbias + dz.sum(axis=0)
            dh, dc = dz @ u.T, dc * f
            dxs.insert(0, dz @ w.T)
        return np.array(dxs), dh, dc, dw, du, dbias
    """,
)
backward.alternative(
    "recursion",
    """
    def lstm_backward(dhs, x, h0, c0, w, u, bias):
        dhs, x, h0, c0, w, u, bias = fitted(
            "T N H, T N D, N H, N H, D 4H, H 4H, 4H", dhs, x, h0, c0, w, u, bias
        )

        def back(t, h, c):
            if t == len(x):
                return [], 0 * h0, 0 * c0, 0 * w, 0 * u, 0 * bias
            later, dh, dc, *sums = back(t + 1, *lstm_step(x[t], h, c, w, u, bias))
            dx, dh, dc, *own = lstm_step_backward(dhs[t] + dh, dc, x[t], h, c, w, u, bias)
            return [dx, *later], dh, dc, *(one + other for one, other in zip(own, sums))

        dxs, *others = back(0, h0, c0)
        return np.stack(dxs), *others
    """,
)
backward.alternative(
    "every_gradient_on_its_own",
    """
    def lstm_backward(dhs, x, h0, c0, w, u, bias):
        dhs, x, h0, c0, w, u, bias = fitted(
            "T N H, T N D, N H, N H, D 4H, H 4H, 4H", dhs, x, h0, c0, w, u, bias
        )
        before = [(h0, c0)]
        for x_t in x[:-1]:
            before.append(lstm_step(x_t, *before[-1], w, u, bias))
        totals = [np.zeros_like(each) for each in (x, h0, c0, w, u, bias)]
        for end in range(len(x)):
            dh, dc = dhs[end], np.zeros_like(c0)
            for t in range(end, -1, -1):
                dx, dh, dc, *own = lstm_step_backward(dh, dc, x[t], *before[t], w, u, bias)
                totals[0][t] += dx
                for total, each in zip(totals[3:], own):
                    total += each
            totals[1] += dh
            totals[2] += dc
        return tuple(totals)
    """,
)
