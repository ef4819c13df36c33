"""One dense layer, forward and backward."""

import numpy as np
from checks._draws import away_from_zero

from autograder.declare import Case, Exercise, exact, raises


def forward(rng, n, d, k):
    """Draw a batch and a layer."""
    return {
        "x": rng.standard_normal((n, d)),
        "weights": away_from_zero(rng, d, k),
        "bias": away_from_zero(rng, k),
    }


def backward(rng, n, d, k):
    """Draw a gradient that arrives, and what the layer needs to send it back."""
    return {
        "dout": away_from_zero(rng, n, k),
        "x": away_from_zero(rng, n, d),
        "weights": away_from_zero(rng, d, k),
    }


def batches(rng):
    """More examples than units, then fewer."""
    for shape in [(4, 3, 2), (2, 3, 5)]:
        yield Case(**forward(rng, *shape))


def square_batches(rng):
    """As many examples as inputs, as outputs, and as both."""
    for shape in [(3, 3, 5), (4, 2, 4), (2, 4, 4), (3, 3, 3)]:
        yield Case(**forward(rng, *shape))


def single_examples(rng):
    """One example, then one input, one output, and one of everything."""
    for shape in [(1, 3, 4), (4, 1, 3), (3, 4, 1), (1, 1, 1)]:
        yield Case(**forward(rng, *shape))


def transposed_batches(rng):
    """Arrays whose columns, not rows, lie together in memory."""
    for shape in [(5, 2, 3), (3, 3, 3)]:
        case = forward(rng, *shape)
        arrays = {name: np.asfortranarray(case[name]) for name in ("x", "weights")}
        yield Case(**{**case, **arrays})


def stretched_biases(rng):
    """Biases that numpy would stretch: a single one, a row, and one per example."""
    for shape, bias in [((4, 3, 2), (1,)), ((4, 3, 2), (1, 2)), ((3, 2, 3), (3, 1))]:
        yield Case(**{**forward(rng, *shape), "bias": away_from_zero(rng, *bias)})


def whole_batches(rng):
    """Unsigned bytes, as in an image, beside small whole weights."""
    for n, d, k in [(3, 4, 2), (2, 3, 5)]:
        yield Case(
            x=rng.integers(150, 256, (n, d)).astype(np.uint8),
            weights=rng.integers(2, 9, (d, k)).astype(np.uint8),
            bias=rng.integers(1, 9, k).astype(np.uint8),
        )


def short_batches(rng):
    """A batch and a layer in float32."""
    for shape in [(3, 4, 2), (1, 2, 3)]:
        case = forward(rng, *shape)
        yield Case(**{name: array.astype(np.float32) for name, array in case.items()})


def gradients(rng):
    """More examples than units, then fewer."""
    for shape in [(4, 3, 2), (2, 3, 5)]:
        yield Case(**backward(rng, *shape))


def square_gradients(rng):
    """As many examples as inputs, as outputs, and as both."""
    for shape in [(3, 3, 5), (4, 2, 4), (2, 4, 4), (3, 3, 3)]:
        yield Case(**backward(rng, *shape))


def single_gradients(rng):
    """One example, then one input, one output, and one of everything."""
    for shape in [(1, 3, 4), (4, 1, 3), (3, 4, 1), (1, 1, 1)]:
        yield Case(**backward(rng, *shape))


def transposed_gradients(rng):
    """Arrays whose columns, not rows, lie together in memory."""
    for shape in [(5, 2, 3), (3, 3, 3)]:
        case = backward(rng, *shape)
        yield Case(**{name: np.asfortranarray(array) for name, array in case.items()})


def whole_gradients(rng):
    """Whole numbers that do not fit into a byte once they are multiplied."""
    for n, d, k in [(3, 4, 2), (2, 3, 5)]:
        yield Case(
            dout=rng.integers(100, 256, (n, k)).astype(np.uint8),
            x=rng.integers(2, 9, (n, d)).astype(np.uint8),
            weights=rng.integers(2, 9, (d, k)).astype(np.uint8),
        )


def short_gradients(rng):
    """A gradient and a layer in float32."""
    for shape in [(3, 4, 2), (1, 2, 3)]:
        case = backward(rng, *shape)
        yield Case(**{name: array.astype(np.float32) for name, array in case.items()})


def parts(gradients):
    """Return the three gradients by name, and refuse what are not three."""
    dx, dweights, dbias = gradients
    return {"dx": dx, "dweights": dweights, "dbias": dbias}


dense = Exercise("layers.dense")


@dense.check(batches, weight=3, public=True)
def outputs_are_weighted_sums(subject, case):
    """Each output is a weighted sum of the inputs of its example, plus the bias of that output."""
    return {"z": subject.dense(**case)}


@dense.check(square_batches, weight=2)
def equal_sizes_hide_nothing(subject, case):
    """The same holds where the numbers of examples, inputs or outputs are equal."""
    return {"z": subject.dense(**case)}


@dense.check(single_examples, public=True)
def one_is_enough(subject, case):
    """A batch may hold one example, and a layer one input or one output."""
    return {"z": subject.dense(**case)}


@dense.check(transposed_batches, weight=0.5)
def memory_order_does_not_matter(subject, case):
    """How the arrays lie in memory makes no difference."""
    return {"z": subject.dense(**case)}


@dense.check(stretched_biases, weight=0.5, judge=raises(ValueError))
def other_biases_are_refused(subject, case):
    """A bias that is not one number per output raises ValueError, also where numpy would stretch it."""
    return {"z": subject.dense(**case)}


@dense.check(whole_batches, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return {"z": subject.dense(**case)}


@dense.check(short_batches, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """float32 in, float32 out."""
    return {"dtype": str(subject.dense(**case).dtype)}


@dense.check(batches, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.dense(**case)
    return {"x": case.x, "weights": case.weights, "bias": case.bias}


dense.mutant(
    "elementwise",
    old="as_float(x) @ weights",
    new="as_float(x) * weights",
    hint="A weighted sum multiplies and then adds. Which operator does both?",
)
dense.mutant(
    "weights_transposed",
    old="@ weights",
    new="@ weights.T",
    hint="The weights have one row per input and one column per output. Do they need to be turned?",
)
dense.mutant(
    "bias_as_column",
    old="weights + bias",
    new="weights + bias[:, np.newaxis]",
    hint="Does the bias belong to the examples, or to the outputs?",
)
dense.mutant(
    "no_bias",
    old=" + bias",
    new="",
    hint="What comes out for an example of zeros?",
)
dense.mutant(
    "bias_first",
    old="as_float(x) @ weights + bias",
    new="(as_float(x).sum(axis=1, keepdims=True) + bias) * weights.sum(axis=0)",
    hint="Which is computed first, the sum over the inputs or the product with the weights?",
)
dense.mutant(
    "mean_over_inputs",
    old="as_float(x) @ weights",
    new="as_float(x) @ weights / len(weights)",
    hint="Is an output a sum over the inputs, or a mean?",
)
dense.mutant(
    "activated",
    old="as_float(x) @ weights + bias",
    new="np.maximum(as_float(x) @ weights + bias, 0)",
    hint="Is there an activation in the layer itself?",
)
dense.mutant(
    "any_bias",
    old='require_shape("bias", bias, (weights.shape[1],))',
    new="pass",
    hint="What does numpy do with a bias of shape (1, K), or (N, 1)?",
)
dense.mutant(
    "integers_wrap",
    old="as_float(x)",
    new="x",
    hint="Which numbers does an unsigned byte hold, and what becomes of the sum of two large ones?",
)
dense.mutant(
    "always_float64",
    old="as_float(x)",
    new="np.asarray(x, dtype=np.float64)",
    hint="What is the dtype of the result when all that comes in is float32?",
)

dense.alternative(
    "loops",
    """
    def dense(x, weights, bias):
        if np.shape(bias) != (weights.shape[1],):
            raise ValueError("one bias per output, please")
        x = as_float(x)
        z = np.empty((len(x), weights.shape[1]), dtype=x.dtype)
        for i in range(len(x)):
            for k in range(weights.shape[1]):
                total = float(bias[k])
                for j in range(len(weights)):
                    total += float(x[i, j]) * float(weights[j, k])
                z[i, k] = total
        return z
    """,
)
dense.alternative(
    "einstein",
    """
    def dense(x, weights, bias):
        x, weights, bias = as_float(x), as_float(weights), as_float(bias)
        if bias.ndim != 1 or len(bias) != weights.shape[1]:
            raise ValueError(f"bias has shape {bias.shape}")
        return np.einsum("ij,jk->ik", x, weights) + bias[np.newaxis, :]
    """,
)
dense.alternative(
    "bias_as_a_weight",
    """
    def dense(x, weights, bias):
        x, weights, bias = as_float(x), as_float(weights), as_float(bias)
        if bias.shape != weights[0].shape:
            raise ValueError("the bias does not fit")
        ones = np.ones((x.shape[0], 1), dtype=x.dtype)
        return np.hstack([x, ones]) @ np.vstack([weights, bias])
    """,
)
dense.alternative(
    "columns",
    """
    def dense(x, weights, bias):
        require_shape("bias", bias, weights.T[:, 0].shape)
        columns = as_float(weights).T @ as_float(x).T + as_float(bias).reshape(-1, 1)
        return columns.T
    """,
)

dense_backward = Exercise("layers.dense_backward")


@dense_backward.check(gradients, weight=2, public=True)
def gradient_of_the_weights(subject, case):
    """The gradient of the weights has their shape, and sums over the batch."""
    return {"dweights": parts(subject.dense_backward(**case))["dweights"]}


@dense_backward.check(gradients, weight=2, public=True)
def gradient_of_the_bias(subject, case):
    """The gradient of the bias has its shape, and sums over the batch."""
    return {"dbias": parts(subject.dense_backward(**case))["dbias"]}


@dense_backward.check(gradients, weight=2, public=True)
def gradient_of_the_inputs(subject, case):
    """The gradient of the inputs has their shape; examples do not mix."""
    return {"dx": parts(subject.dense_backward(**case))["dx"]}


@dense_backward.check(square_gradients, weight=2)
def equal_sizes_hide_nothing(subject, case):
    """All three are right where the numbers of examples, inputs or outputs are equal."""
    return parts(subject.dense_backward(**case))


@dense_backward.check(single_gradients)
def one_is_enough(subject, case):
    """A batch may hold one example, and a layer one input or one output."""
    return parts(subject.dense_backward(**case))


@dense_backward.check(transposed_gradients, weight=0.5)
def memory_order_does_not_matter(subject, case):
    """How the arrays lie in memory makes no difference."""
    return parts(subject.dense_backward(**case))


@dense_backward.check(whole_gradients, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return parts(subject.dense_backward(**case))


@dense_backward.check(short_gradients, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """float32 in, float32 out."""
    gradients = parts(subject.dense_backward(**case))
    return {name: str(array.dtype) for name, array in gradients.items()}


@dense_backward.check(gradients, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.dense_backward(**case)
    return {"dout": case.dout, "x": case.x, "weights": case.weights}


dense_backward.mutant(
    "bias_over_the_units",
    old="sum(axis=0)",
    new="sum(axis=1)",
    hint="Each bias was added in every example. Along which axis do the examples lie?",
)
dense_backward.mutant(
    "bias_one_number",
    old="sum(axis=0)",
    new="sum()",
    hint="How many biases does the layer have, and how many gradients did you return for them?",
)
dense_backward.mutant(
    "bias_mean",
    old="dout.sum(axis=0)",
    new="dout.mean(axis=0)",
    hint="The gradient that arrives is that of a mean loss already. How often do you divide by N?",
)
dense_backward.mutant(
    "bias_keeps_its_axis",
    old="sum(axis=0)",
    new="sum(axis=0, keepdims=True)",
    hint="Which shape does the bias have in this course, and which does its gradient have?",
)
dense_backward.mutant(
    "bias_of_each_example",
    old="dout.sum(axis=0)",
    new="dout",
    hint="The bias is shared by all examples. How do their gradients come together?",
)
dense_backward.mutant(
    "weights_divided_again",
    old="x.T @ dout",
    new="x.T @ dout / len(x)",
    hint="Who divides by the number of examples: the loss, or every layer?",
)
dense_backward.mutant(
    "weights_transposed",
    old="x.T @ dout",
    new="dout.T @ x",
    hint="Which shape do the weights have, and which does their gradient have?",
)
dense_backward.mutant(
    "weights_multiplied",
    old="x.T @ dout",
    new="np.multiply(x.T, dout)",
    hint="Two symbols stand side by side in the equation: which kind of product is that?",
)
dense_backward.mutant(
    "inputs_forward",
    old="dout @ weights.T",
    new="dout @ weights",
    hint="On the way forward the weights lead from inputs to outputs. Which way do they lead back?",
)
dense_backward.mutant(
    "inputs_get_the_gradient_of_the_weights",
    old="dout @ weights.T",
    new="(x.T @ dout) @ weights.T",
    hint="Does the gradient of an example's inputs depend on the other examples?",
)
dense_backward.mutant(
    "inputs_divided",
    old="dout @ weights.T",
    new="dout @ weights.T / len(x)",
    hint="The gradient that arrives is that of a mean loss already. How often do you divide by N?",
)
dense_backward.mutant(
    "other_order",
    old="return dx, dweights, dbias",
    new="return dweights, dbias, dx",
    hint="In which order are the three gradients returned?",
)
dense_backward.mutant(
    "integers_wrap",
    old="as_float(dout)",
    new="dout",
    hint="Which numbers does an unsigned byte hold, and what becomes of the sum of two large ones?",
)
dense_backward.mutant(
    "always_float64",
    old="as_float(dout)",
    new="np.asarray(dout, dtype=np.float64)",
    hint="What is the dtype of the result when all that comes in is float32?",
)

dense_backward.alternative(
    "example_by_example",
    """
    def dense_backward(dout, x, weights):
        dout, x, weights = as_float(dout), as_float(x), as_float(weights)
        dx = np.zeros_like(x)
        dweights, dbias = np.zeros_like(weights), np.zeros_like(weights[0])
        for i, (row, gradient) in enumerate(zip(x, dout)):
            dx[i] = weights @ gradient
            dweights += np.outer(row, gradient)
            dbias += gradient
        return dx, dweights, dbias
    """,
)
dense_backward.alternative(
    "einstein",
    """
    def dense_backward(dout, x, weights):
        dout, x, weights = as_float(dout), as_float(x), as_float(weights)
        return (
            np.einsum("ik,jk->ij", dout, weights),
            np.einsum("ij,ik->jk", x, dout),
            np.einsum("ik->k", dout),
        )
    """,
)
dense_backward.alternative(
    "bias_as_a_weight",
    """
    def dense_backward(dout, x, weights):
        dout, x, weights = as_float(dout), as_float(x), as_float(weights)
        wide = np.column_stack([x, np.ones(len(x), dtype=x.dtype)])
        both = wide.T @ dout
        return (weights @ dout.T).T, both[:-1], both[-1]
    """,
)
dense_backward.alternative(
    "entry_by_entry",
    """
    def dense_backward(dout, x, weights):
        dout, x, weights = as_float(dout), as_float(x), as_float(weights)
        (n, d), k = x.shape, dout.shape[1]
        dx, dweights, dbias = np.zeros((n, d)), np.zeros((d, k)), np.zeros(k)
        for a in range(n):
            for c in range(k):
                dbias[c] += dout[a, c]
                for b in range(d):
                    dx[a, b] += dout[a, c] * weights[b, c]
                    dweights[b, c] += x[a, b] * dout[a, c]
        return tuple(each.astype(dout.dtype) for each in (dx, dweights, dbias))
    """,
)
