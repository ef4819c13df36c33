"""One step of a network with long short-term memory, forward and backward."""

import numpy as np
from checks._sequences import LSTM, dtypes, emptied, gated, named, saturated, single, whole

from autograder.declare import Case, Exercise, exact


def steps(rng):
    """Several examples, then more units than inputs, then a single example."""
    for sizes in [(4, 3, 2), (2, 3, 5), (1, 2, 3)]:
        yield Case(**gated(rng, *sizes))


def equal_sizes(rng):
    """As many examples as inputs and units."""
    for size in (3, 2):
        yield Case(**gated(rng, size, size, size))


def biased(rng, gates):
    """Draw a step in which the gates of every unit are pushed open or shut by their biases."""
    drawn = gated(rng, 2, 3, 2)
    return {**drawn, "bias": drawn["bias"] + np.repeat(gates, 2)}


def keepers(rng):
    """The forget gate open and the input gate shut; then the reverse."""
    yield Case(**biased(rng, [-50.0, 50.0, 0.0, 0.0]))
    yield Case(**biased(rng, [50.0, -50.0, 0.0, 0.0]))


def saturated_steps(rng):
    """Gates at ten thousand and minus ten thousand."""
    yield Case(**saturated(rng))


def single_steps(rng):
    """Numbers of float32."""
    yield single(gated(rng, 2, 3, 4))


def whole_steps(rng):
    """Small integers."""
    yield whole(rng, gated(rng, 2, 3, 4))


lstm_step = Exercise("recurrence.lstm_step")


@lstm_step.check(steps, weight=0.5, public=True, judge=exact)
def a_state_and_a_cell(subject, case):
    """There is a new state and a new cell for each example."""
    h, c = subject.lstm_step(**case)
    return {"h": 0.0 * h, "c": 0.0 * c}  # times 0: only the shapes are left to compare


@lstm_step.check(steps, weight=4, public=True)
def new_state_and_cell(subject, case):
    """State and cell follow from the four gates, in the order of this course."""
    h, c = subject.lstm_step(**case)
    return {"h": h, "c": c}


@lstm_step.check(keepers)
def gates_open_and_shut(subject, case):
    """Gates that are open or shut keep the old cell or take in the candidate."""
    h, c = subject.lstm_step(**case)
    return {"h": h, "c": c}


@lstm_step.check(equal_sizes)
def equal_sizes_hide_nothing(subject, case):
    """State and cell are right also where all sizes are equal and numpy cannot complain."""
    h, c = subject.lstm_step(**case)
    return {"h": h, "c": c}


@lstm_step.check(saturated_steps)
def saturated_gates_are_finite(subject, case):
    """Gates at ten thousand, of both signs, give finite states and cells."""
    h, c = subject.lstm_step(**case)
    return {"h": h, "c": c}


@lstm_step.check(steps, weight=0.25, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.lstm_step(**case)
    return dict(case)


@lstm_step.check(single_steps, weight=0.25, judge=exact)
def float32_is_kept(subject, case):
    """Arguments of float32 give states and cells of float32."""
    return {"dtypes": dtypes(subject.lstm_step(**case))}


@lstm_step.check(whole_steps, weight=0.25)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    h, c = subject.lstm_step(**case)
    return {"h": h, "c": c}


GATES = "z_i, z_f, z_g, z_o = "
SPLIT = "np.split(x @ w + h @ u + bias, 4, axis=1)"
CELL = "sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_g)"

lstm_step.mutant(
    "forget_first",
    old=GATES,
    new="z_f, z_i, z_g, z_o = ",
    hint="Which gate scales the old cell, and which columns of w belong to it?",
)
lstm_step.mutant(
    "output_third",
    old=GATES,
    new="z_i, z_f, z_o, z_g = ",
    hint="In which order do the columns of w lie in this course?",
)
lstm_step.mutant(
    "candidate_first",
    old=GATES,
    new="z_g, z_i, z_f, z_o = ",
    hint="Which of the four blocks of columns is the candidate?",
)
lstm_step.mutant(
    "interleaved",
    old=SPLIT,
    new="np.moveaxis((x @ w + h @ u + bias).reshape(*h.shape, 4), -1, 0)",
    hint="Do the columns of one gate lie side by side, or those of one unit?",
)
lstm_step.mutant(
    "bias_of_one_gate",
    old="+ bias",
    new="+ np.tile(bias[3 * h.shape[1] :], 4)",
    hint="How many biases does a unit have?",
)
lstm_step.mutant(
    "no_bias",
    old=" + bias",
    new="",
    hint="How far open are the gates where input and old state are zero?",
)
lstm_step.mutant(
    "no_recurrence",
    old=" + h @ u",
    new="",
    hint="How do the gates learn of the old state?",
)
lstm_step.mutant(
    "no_input",
    old="x @ w + ",
    new="",
    hint="How do the gates learn of the input?",
)
lstm_step.mutant(
    "cell_not_squashed",
    old="np.tanh(new_c)",
    new="new_c",
    hint="A cell may be large. May a state be?",
)
lstm_step.mutant(
    "sigmoid_candidate",
    old="np.tanh(z_g)",
    new="sigmoid(z_g)",
    hint="Can a candidate be negative?",
)
lstm_step.mutant(
    "linear_candidate",
    old="np.tanh(z_g)",
    new="z_g",
    hint="How much can one step add to a cell, at most?",
)
lstm_step.mutant(
    "gates_of_tanh",
    old=CELL,
    new="np.tanh(z_f) * c + np.tanh(z_i) * np.tanh(z_g)",
    hint="What would a gate of -1 mean?",
)
lstm_step.mutant(
    "output_not_gated",
    old="sigmoid(z_o) * ",
    new="",
    hint="What decides how much of a cell is shown?",
)
lstm_step.mutant(
    "output_gate_not_squashed",
    old="sigmoid(z_o)",
    new="z_o",
    hint="Between which numbers does each of the gates lie?",
)
lstm_step.mutant(
    "never_forgets",
    old="sigmoid(z_f) * c",
    new="c",
    hint="What happens to the old cell when the forget gate is shut?",
)
lstm_step.mutant(
    "coupled_gates",
    old="sigmoid(z_f) * c",
    new="(1 - sigmoid(z_i)) * c",
    hint="Is forgetting decided on its own, or does it follow from what is taken in?",
)
lstm_step.mutant(
    "forget_gate_reversed",
    old="sigmoid(z_f) * c",
    new="(1 - sigmoid(z_f)) * c",
    hint="What happens to the old cell when the forget gate is 1?",
)
lstm_step.mutant(
    "cell_not_carried",
    old="sigmoid(z_f) * c + ",
    new="",
    hint="What remains of the old cell?",
)
lstm_step.mutant(
    "old_state_in_the_cell",
    old="sigmoid(z_f) * c",
    new="sigmoid(z_f) * h",
    hint="What does the forget gate scale: the old state or the old cell?",
)
lstm_step.mutant(
    "shows_the_old_cell",
    old="np.tanh(new_c)",
    new="np.tanh(c)",
    hint="Which cell does the output gate show, the old one or the new one?",
)
lstm_step.mutant(
    "cell_first",
    old="return new_h, new_c",
    new="return new_c, new_h",
    hint="In which order are state and cell returned?",
)
lstm_step.mutant(
    "state_only",
    old="return new_h, new_c",
    new="return new_h",
    hint="What does the next step need besides the state?",
)
lstm_step.mutant(
    "cell_stored_squashed",
    old="return new_h, new_c",
    new="return new_h, np.tanh(new_c)",
    hint="Is the cell that is handed on the one inside tanh, or what comes out of it?",
)
lstm_step.mutant(
    "sigmoid_overflows",
    old=CELL,
    new="np.exp(z_f) / (1 + np.exp(z_f)) * c + np.exp(z_i) / (1 + np.exp(z_i)) * np.tanh(z_g)",
    hint="What is infinity divided by infinity?",
)
lstm_step.mutant(
    "cell_overwritten",
    old=f"new_c = {CELL}",
    new="c *= sigmoid(z_f)\n    c += sigmoid(z_i) * np.tanh(z_g)\n    new_c = c",
    hint="Whose array do operators like *= and += change?",
)
lstm_step.mutant(
    "float64_always",
    old="new_c = sigmoid(z_f)",
    new="new_c = np.zeros(c.shape) + sigmoid(z_f)",
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

lstm_step.alternative(
    "one_product",
    """
    def lstm_step(x, h, c, w, u, bias):
        x, h, c, w, u, bias = fitted("N D, N H, N H, D 4H, H 4H, 4H", x, h, c, w, u, bias)
        size = h.shape[1]
        z = np.hstack([x, h]) @ np.vstack([w, u]) + bias
        i, f, o = sigmoid(z[:, :size]), sigmoid(z[:, size : 2 * size]), sigmoid(z[:, 3 * size :])
        kept = f * c
        cell = kept + i * np.tanh(z[:, 2 * size : 3 * size])
        return o * np.tanh(cell), cell
    """,
)
lstm_step.alternative(
    "gate_by_gate",
    """
    def lstm_step(x, h, c, w, u, bias):
        x, h, c, w, u, bias = fitted("N D, N H, N H, D 4H, H 4H, 4H", x, h, c, w, u, bias)

        def gate(number):
            columns = slice(number * h.shape[1], (number + 1) * h.shape[1])
            return x @ w[:, columns] + h @ u[:, columns] + bias[columns]

        def squash(z):
            return (1 + np.tanh(z / 2)) / 2

        cell = squash(gate(1)) * c + squash(gate(0)) * np.tanh(gate(2))
        return squash(gate(3)) * np.tanh(cell), cell
    """,
)
lstm_step.alternative(
    "four_matrices",
    """
    def lstm_step(x, h, c, w, u, bias):
        x, h, c, w, u, bias = fitted("N D, N H, N H, D 4H, H 4H, 4H", x, h, c, w, u, bias)
        n, size = h.shape
        z = np.einsum("nd,dgk->gnk", x, w.reshape(-1, 4, size))
        z = z + np.einsum("nj,jgk->gnk", h, u.reshape(size, 4, size))
        z = z + bias.reshape(4, 1, size)
        squashed = 1 / (1 + np.exp(-np.clip(z, -80, None)))
        cell = squashed[1] * c + squashed[0] * np.tanh(z[2])
        return squashed[3] * np.tanh(cell), cell
    """,
)


def upstream(rng, arguments):
    """Add random gradients that arrive at the new state and at the new cell."""
    shape = arguments["h"].shape
    return Case(dh=rng.standard_normal(shape), dc=rng.standard_normal(shape), **arguments)


def backward_steps(rng):
    """Several examples, then more units than inputs, then a single example."""
    for sizes in [(4, 3, 2), (2, 3, 5), (1, 2, 3)]:
        yield upstream(rng, gated(rng, *sizes))


def equal_backward_steps(rng):
    """As many examples as inputs and units."""
    for size in (3, 2):
        yield upstream(rng, gated(rng, size, size, size))


def through_the_state(rng):
    """A gradient arrives at the new state only."""
    case = upstream(rng, gated(rng, 2, 3, 4))
    case.dc[...] = 0
    yield case


def through_the_cell(rng):
    """A gradient arrives at the new cell only."""
    case = upstream(rng, gated(rng, 2, 3, 4))
    case.dh[...] = 0
    yield case


def saturated_backward_steps(rng):
    """Gates at ten thousand and minus ten thousand."""
    yield upstream(rng, saturated(rng))


def single_backward_steps(rng):
    """Numbers of float32."""
    yield single(upstream(rng, gated(rng, 2, 3, 4)))


def whole_backward_steps(rng):
    """Small integers."""
    yield whole(rng, upstream(rng, gated(rng, 2, 3, 4)))


backward = Exercise("recurrence.lstm_step_backward")


@backward.check(backward_steps, weight=0.5, public=True, judge=exact)
def a_gradient_for_every_argument(subject, case):
    """There are six gradients, each of the shape of its argument."""
    return named(LSTM, emptied(subject.lstm_step_backward(**case)))


@backward.check(through_the_cell, weight=1.5, public=True)
def gradients_through_the_cell(subject, case):
    """A gradient that arrives at the new cell alone goes back to everything that made it."""
    return named(LSTM, subject.lstm_step_backward(**case))


@backward.check(backward_steps, weight=4, public=True)
def gradients_of_one_step(subject, case):
    """Gradients arrive at the new state and at the new cell, and both count."""
    return named(LSTM, subject.lstm_step_backward(**case))


@backward.check(through_the_state, weight=1.5)
def gradients_through_the_state(subject, case):
    """A gradient that arrives at the new state alone reaches the gates and the old cell too."""
    return named(LSTM, subject.lstm_step_backward(**case))


@backward.check(equal_backward_steps)
def equal_sizes_hide_nothing(subject, case):
    """The gradients are right also where all sizes are equal and numpy cannot complain."""
    return named(LSTM, subject.lstm_step_backward(**case))


@backward.check(saturated_backward_steps)
def saturated_gates_are_finite(subject, case):
    """Gates at ten thousand, of both signs, have finite gradients."""
    return named(LSTM, subject.lstm_step_backward(**case))


@backward.check(backward_steps, weight=0.25, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.lstm_step_backward(**case)
    return dict(case)


@backward.check(single_backward_steps, weight=0.25, judge=exact)
def float32_is_kept(subject, case):
    """Arguments of float32 have gradients of float32."""
    return {"dtypes": dtypes(subject.lstm_step_backward(**case))}


@backward.check(whole_backward_steps, weight=0.25)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return named(LSTM, subject.lstm_step_backward(**case))


BOTH_PATHS = "dc + dh * o * (1 - tanh_c**2)"

backward.mutant(
    "cell_gradient_forgotten",
    old=BOTH_PATHS,
    new="dh * o * (1 - tanh_c**2)",
    hint="By which two ways does the new cell act on the loss?",
)
backward.mutant(
    "state_gradient_forgotten",
    old=BOTH_PATHS,
    new="dc",
    hint="The new state is made of the new cell. Where does the gradient of the state go next?",
)
backward.mutant(
    "no_slope_of_the_cell",
    old="(1 - tanh_c**2)",
    new="1",
    hint="What stands between the new cell and the new state besides the output gate?",
)
backward.mutant(
    "output_gate_forgotten",
    old="dh * o * (1 - tanh_c**2)",
    new="dh * (1 - tanh_c**2)",
    hint="How much of the gradient of the state passes a shut output gate?",
)
backward.mutant(
    "slope_at_the_cell",
    old="(1 - tanh_c**2)",
    new="(1 - (f * c + i * g) ** 2)",
    hint="Is it the input of tanh or its output that is squared?",
)
backward.mutant(
    "no_slopes_of_the_gates",
    old="""dz_i = dc * g * i * (1 - i)
    dz_f = dc * c * f * (1 - f)""",
    new="dz_i, dz_f = dc * g, dc * c",
    hint="A gate is a sigmoid of z. Which factor leads from the gate to z?",
)
backward.mutant(
    "half_a_slope",
    old="""dz_i = dc * g * i * (1 - i)
    dz_f = dc * c * f * (1 - f)""",
    new="dz_i, dz_f = dc * g * (1 - i), dc * c * (1 - f)",
    hint="What is the slope of the sigmoid where its value is nearly 0?",
)
backward.mutant(
    "no_slope_of_the_output_gate",
    old="dh * tanh_c * o * (1 - o)",
    new="dh * tanh_c",
    hint="Does the output gate have a slope, as the other gates do?",
)
backward.mutant(
    "no_slope_of_the_candidate",
    old="dc * i * (1 - g**2)",
    new="dc * i",
    hint="The candidate is a tanh of z. Which factor leads from the candidate to z?",
)
backward.mutant(
    "candidate_like_a_gate",
    old="(1 - g**2)",
    new="g * (1 - g)",
    hint="Which of the four is no sigmoid?",
)
backward.mutant(
    "input_gate_for_the_forget_gate",
    old="dz_f = dc * c * f * (1 - f)",
    new="dz_f = dz_i",
    hint="Each gate scales something else. What does the forget gate scale?",
)
backward.mutant(
    "forget_gate_and_the_new_cell",
    old="dz_f = dc * c * f",
    new="dz_f = dc * (f * c + i * g) * f",
    hint="Which cell does the forget gate scale, the old one or the new one?",
)
backward.mutant(
    "output_gate_and_the_cell",
    old="dh * tanh_c * o",
    new="dh * (f * c + i * g) * o",
    hint="What exactly does the output gate scale?",
)
backward.mutant(
    "output_gate_from_the_cell",
    old="dh * tanh_c * o",
    new="dc * tanh_c * o",
    hint="Does the output gate act on the cell or on the state?",
)
backward.mutant(
    "factors_of_input_and_candidate_swapped",
    old="dz_i = dc * g * i * (1 - i)",
    new="dz_i = dc * i * i * (1 - i)",
    hint="What is the derivative of a product of two factors with respect to the first one?",
)
backward.mutant(
    "output_third",
    old="[dz_i, dz_f, dz_g, dz_o]",
    new="[dz_i, dz_f, dz_o, dz_g]",
    hint="In which order do the columns of w lie, forward and backward?",
)
backward.mutant(
    "forget_first",
    old="[dz_i, dz_f, dz_g, dz_o]",
    new="[dz_f, dz_i, dz_g, dz_o]",
    hint="Do the gradients of the gates lie in the order in which you split the gates?",
)
backward.mutant(
    "gates_forget_first",
    old="z_i, z_f, z_g, z_o = ",
    new="z_f, z_i, z_g, z_o = ",
    hint="Which columns of w belong to the forget gate, here as in the forward step?",
)
backward.mutant(
    "old_cell_without_forget_gate",
    old="dc * f, x.T",
    new="dc, x.T",
    hint="How much of a gradient passes a shut forget gate?",
)
backward.mutant(
    "old_cell_with_input_gate",
    old="dc * f, x.T",
    new="dc * i, x.T",
    hint="Which gate does the old cell pass on its way into the new one?",
)
backward.mutant(
    "input_and_state_swapped",
    old="dz @ w.T, dz @ u.T",
    new="dz @ u.T, dz @ w.T",
    hint="Which matrix leads back to the input, and which of the two gradients is returned first?",
)
backward.mutant(
    "stacked_the_other_way_round",
    old="return dz @ w.T, dz @ u.T",
    new="both = dz @ np.vstack([u, w]).T\n    return both[:, : x.shape[1]], both[:, x.shape[1] :]",
    hint="If you stack both matrices, which one comes first, and where does the other begin?",
)
backward.mutant(
    "bias_mean",
    old="dz.sum(axis=0)",
    new="dz.mean(axis=0)",
    hint="Where is the 1/N of the mean loss: still to come, or in dh and dc already?",
)
backward.mutant(
    "new_state_in_the_weights",
    old="h.T @ dz",
    new="(o * tanh_c).T @ dz",
    hint="With which state was u multiplied in this step?",
)
backward.mutant(
    "states_and_cells_swapped",
    old="dz @ u.T, dc * f,",
    new="dc * f, dz @ u.T,",
    hint="In which order are the gradients of state and cell returned?",
)
backward.mutant(
    "cell_gradient_overwritten",
    old=f"dc = {BOTH_PATHS}",
    new="dc += dh * o * (1 - tanh_c**2)",
    hint="Whose array does an operator like += change?",
)
backward.mutant(
    "float64_always",
    old="dz = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1)",
    new="dz = np.zeros((len(x), len(bias)))\n"
    "    dz[...] = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1)",
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)

backward.alternative(
    "gate_by_gate",
    """
    def lstm_step_backward(dh, dc, x, h, c, w, u, bias):
        dh, dc, x, h, c, w, u, bias = fitted(
            "N H, N H, N D, N H, N H, D 4H, H 4H, 4H", dh, dc, x, h, c, w, u, bias
        )
        size = h.shape[1]
        blocks = [slice(k * size, (k + 1) * size) for k in range(4)]
        z = [x @ w[:, b] + h @ u[:, b] + bias[b] for b in blocks]
        i, f, o, g = sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[3]), np.tanh(z[2])
        shown = np.tanh(c * f + g * i)
        total = dc + dh * o - dh * o * shown * shown
        dzs = [
            total * g * (i - i * i),
            total * c * (f - f * f),
            total * i * (1 + g) * (1 - g),
            dh * shown * (o - o * o),
        ]
        dx, dh_prev = np.zeros_like(x), np.zeros_like(h)
        dw, du, dbias = np.zeros_like(w), np.zeros_like(u), np.zeros_like(bias)
        for b, dz in zip(blocks, dzs):
            dx += dz @ w[:, b].T
            dh_prev += dz @ u[:, b].T
            dw[:, b], du[:, b], dbias[b] = x.T @ dz, h.T @ dz, dz.sum(axis=0)
        return dx, dh_prev, total * f, dw, du, dbias
    """,
)
backward.alternative(
    "one_matrix",
    """
    def lstm_step_backward(dh, dc, x, h, c, w, u, bias):
        dh, dc, x, h, c, w, u, bias = fitted(
            "N H, N H, N D, N H, N H, D 4H, H 4H, 4H", dh, dc, x, h, c, w, u, bias
        )
        (n, d), size = x.shape, h.shape[1]
        inputs, weights = np.hstack([x, h]), np.vstack([w, u])
        z = (inputs @ weights + bias).reshape(n, 4, size)
        gates = 0.5 + 0.5 * np.tanh(0.5 * z)
        slopes = gates * (1 - gates)
        gates[:, 2] = np.tanh(z[:, 2])
        slopes[:, 2] = 1 - gates[:, 2] ** 2
        i, f, g, o = gates.transpose(1, 0, 2)
        squashed = np.tanh(f * c + i * g)
        through = dc + o * dh * (1 - squashed**2)
        factors = np.stack([through * g, through * c, through * i, dh * squashed], axis=1)
        dz = (factors * slopes).reshape(n, 4 * size)
        dinputs, dweights = dz @ weights.T, inputs.T @ dz
        return dinputs[:, :d], dinputs[:, d:], f * through, dweights[:d], dweights[d:], dz.sum(0)
    """,
)
backward.alternative(
    "example_by_example",
    """
    def lstm_step_backward(dh, dc, x, h, c, w, u, bias):
        dh, dc, x, h, c, w, u, bias = fitted(
            "N H, N H, N D, N H, N H, D 4H, H 4H, 4H", dh, dc, x, h, c, w, u, bias
        )
        dx, dh_prev, dc_prev = np.empty_like(x), np.empty_like(h), np.empty_like(c)
        dw, du, dbias = 0 * w, 0 * u, 0 * bias
        for n in range(len(x)):
            i, f, g, o = np.split(w.T @ x[n] + u.T @ h[n] + bias, 4)
            i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
            t = np.tanh(f * c[n] + i * g)
            s = dc[n] + dh[n] * o * (1 - t * t)
            dz = np.hstack(
                [s * g * i * (1 - i), s * c[n] * f * (1 - f), s * i * (1 - g * g), dh[n] * t * o * (1 - o)]
            )
            dx[n], dh_prev[n], dc_prev[n] = w @ dz, u @ dz, s * f
            dw += np.outer(x[n], dz)
            du += np.outer(h[n], dz)
            dbias += dz
        return dx, dh_prev, dc_prev, dw, du, dbias
    """,
)
