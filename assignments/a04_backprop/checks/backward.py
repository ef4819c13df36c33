"""Networks of dense layers on the way back: gradients, and the loss that they belong to."""

import numpy as np
from checks._draws import away_from_zero, cached, dtypes, network, single

from autograder.declare import Case, Exercise, exact


def returning(rng, n, sizes, activation):
    """Draw a network after its forward pass, and the gradient that arrives at its logits."""
    case = network(rng, n, sizes, activation)
    return {
        "dlogits": away_from_zero(rng, n, sizes[-1]),
        "params": case["params"],
        "cache": cached(**case),
        "activation": activation,
    }


def two_layers(rng):
    """Two layers of different widths."""
    yield Case(**returning(rng, 4, [3, 5, 2], "relu"))
    yield Case(**returning(rng, 2, [3, 4, 5], "tanh"))


def three_layers(rng):
    """Three layers of different widths, with every activation; then five layers."""
    for activation in ("relu", "tanh", "sigmoid"):
        yield Case(**returning(rng, 6, [4, 3, 5, 2], activation))
    yield Case(**returning(rng, 3, [2, 4, 3, 5, 4, 2], "tanh"))


def equal_widths(rng):
    """All widths are the same, and the number of examples too; then only some."""
    for activation in ("relu", "tanh", "sigmoid"):
        yield Case(**returning(rng, 3, [3, 3, 3, 3], activation))
    yield Case(**returning(rng, 4, [2, 4, 4], "sigmoid"))


def small_networks(rng):
    """One layer; one example; columns, not rows, that lie together in memory."""
    yield Case(**returning(rng, 4, [3, 5], "relu"))
    yield Case(**returning(rng, 1, [3, 4, 2], "tanh"))
    case = returning(rng, 3, [4, 5, 2], "sigmoid")
    case["params"] = [(np.asfortranarray(weights), bias) for weights, bias in case["params"]]
    case["cache"] = [(np.asfortranarray(a), np.asfortranarray(z)) for a, z in case["cache"]]
    yield Case(**{**case, "dlogits": np.asfortranarray(case["dlogits"])})


def silent_units(rng):
    """One unit of each hidden layer is silent in every example."""
    case = network(rng, 5, [3, 4, 4, 2], "relu")
    for _, bias in case["params"][:-1]:
        bias[1] = -30.0
    dlogits = away_from_zero(rng, 5, 2)
    yield Case(dlogits=dlogits, params=case["params"], cache=cached(**case), activation="relu")


def short_networks(rng):
    """A network in float32."""
    for activation in ("relu", "tanh", "sigmoid"):
        case = returning(rng, 4, [3, 5, 2], activation)
        yield Case(
            dlogits=case["dlogits"].astype(np.float32),
            params=single(case["params"]),
            cache=single(case["cache"]),
            activation=activation,
        )


def labelled(rng, n, sizes, activation):
    """Draw a network and labels among which the first and the last class occur, if they can."""
    labels = rng.integers(sizes[-1], size=n)
    labels[-1], labels[0] = 0, sizes[-1] - 1
    return {**network(rng, n, sizes, activation), "labels": rng.permutation(labels)}


def classifiers(rng):
    """Two layers of different widths, more examples than classes and fewer."""
    yield Case(**labelled(rng, 5, [3, 4, 2], "relu"))
    yield Case(**labelled(rng, 2, [3, 5, 4], "tanh"))


def more_classifiers(rng):
    """Three layers; equal widths; one example; columns that lie together in memory."""
    yield Case(**labelled(rng, 6, [4, 3, 5, 2], "sigmoid"))
    yield Case(**labelled(rng, 3, [3, 3, 3], "tanh"))
    yield Case(**labelled(rng, 1, [3, 4, 5], "relu"))
    case = labelled(rng, 4, [5, 2, 3], "tanh")
    yield Case(**{**case, "x": np.asfortranarray(case["x"])})


def sure_classifiers(rng):
    """Logits a thousand apart, for the right class and for wrong ones."""
    case = labelled(rng, 4, [3, 5, 3], "tanh")
    case["params"][-1][1][:] = np.array([0.0, 1000.0, -500.0])
    yield Case(**case)


def short_classifiers(rng):
    """A batch and a network in float32."""
    case = labelled(rng, 4, [3, 5, 2], "tanh")
    params = single(case["params"])
    yield Case(**{**case, "x": case["x"].astype(np.float32), "params": params})


def pairs(grads):
    """Return a list of pairs, and refuse what is none."""
    return [(dweights, dbias) for dweights, dbias in grads]


def gradients(subject, case):
    """Return the gradients of all layers."""
    return pairs(subject.mlp_backward(**case))


def loss_and_gradients(subject, case):
    """Return the loss and the gradients of all layers by name."""
    loss, grads = subject.mlp_loss(**case)
    return {"loss": loss, "grads": pairs(grads)}


def stepped(params, grads, rate):
    """Return the parameters after a step against their gradients."""
    return [
        (weights - rate * dweights, bias - rate * dbias)
        for (weights, bias), (dweights, dbias) in zip(params, grads, strict=True)
    ]


mlp_backward = Exercise("networks.mlp_backward")


@mlp_backward.check(two_layers, public=True)
def gradients_of_the_last_layer(subject, case):
    """The gradients of the last layer are in the last place, and there is one pair for each layer."""
    grads = gradients(subject, case)
    return {"layers": len(grads), "last": grads[-1]}


@mlp_backward.check(two_layers, weight=3, public=True)
def gradients_of_the_first_layer(subject, case):
    """With two layers, the gradients of the first one are in the first place."""
    return {"first": gradients(subject, case)[0]}


@mlp_backward.check(three_layers, weight=4)
def gradients_through_several_layers(subject, case):
    """All gradients are right in deeper networks, for every activation."""
    return {"grads": gradients(subject, case)}


@mlp_backward.check(equal_widths, weight=2)
def equal_sizes_hide_nothing(subject, case):
    """The same holds where widths are equal, or a width is the number of examples."""
    return {"grads": gradients(subject, case)}


@mlp_backward.check(small_networks)
def one_is_enough(subject, case):
    """There may be one layer or one example, and how arrays lie in memory makes no difference."""
    return {"grads": gradients(subject, case)}


@mlp_backward.check(silent_units, weight=0.5)
def silent_units_learn_nothing(subject, case):
    """A unit of relu that is silent in every example gets a gradient of 0."""
    return {"grads": gradients(subject, case)}


@mlp_backward.check(two_layers, weight=0.5)
def every_pass_starts_from_zero(subject, case):
    """The second backward pass gives the same gradients as the first."""
    first = gradients(subject, case)
    return {"first": first, "second": gradients(subject, case)}


@mlp_backward.check(short_networks, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """float32 in, float32 out."""
    return {"dtypes": dtypes(gradients(subject, case))}


@mlp_backward.check(two_layers, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The gradient that arrives, the parameters and the cache are left as they were."""
    gradients(subject, case)
    return {"dlogits": case.dlogits, "params": case.params, "cache": case.cache}


LAYER = "dinputs, dweights, dbias = dense_backward(dz, inputs, weights)"
BELOW = "dz = activation_backward(dinputs, z_below)"

mlp_backward.mutant(
    "no_slope",
    old=BELOW,
    new="dz = dinputs",
    hint="Between two layers stands an activation. What does it do to a gradient on its way back?",
)
mlp_backward.mutant(
    "slope_of_the_wrong_layer",
    old="_, z_below = cache[layer - 1]",
    new="_, z_below = cache[layer]",
    hint="Whose pre-activation made the inputs of this layer: its own, or that of the layer below?",
)
mlp_backward.mutant(
    "slope_at_the_output",
    old=BELOW,
    new="dz = activation_backward(dinputs, inputs)",
    hint="Is the slope of an activation taken at what went into it, or at what came out?",
)
mlp_backward.mutant(
    "slope_alone",
    old=BELOW,
    new="dz = activation_backward(np.ones_like(dinputs), z_below)",
    hint="The chain rule is a product. Where is the factor that comes from above?",
)
mlp_backward.mutant(
    "slope_after_the_last_layer",
    old="dz, grads = dlogits, []",
    new="dz, grads = activation_backward(dlogits, cache[-1][1]), []",
    hint="Is there an activation between the last layer and the gradient that arrives?",
)
mlp_backward.mutant(
    "relu_always",
    old=BELOW,
    new="dz = relu_backward(dinputs, z_below)",
    hint="Whose slope does your function use, and which activation was asked for?",
)
mlp_backward.mutant(
    "last_layer_first",
    old="grads[::-1]",
    new="grads",
    hint="In which order do you meet the layers, and in which order are their gradients wanted?",
)
mlp_backward.mutant(
    "updated_on_the_way",
    old=LAYER,
    new="_, dweights, dbias = dense_backward(dz, inputs, weights)\n"
    "        weights -= 0.1 * dweights\n"
    "        dinputs = dz @ weights.T",
    hint="With which weights was the forward pass computed, and with which do you go back?",
)
mlp_backward.mutant(
    "updated_copy_on_the_way",
    old=LAYER,
    new="_, dweights, dbias = dense_backward(dz, inputs, weights)\n"
    "        dinputs = dz @ (weights - 0.1 * dweights).T",
    hint="When may the first weight change: at once, or after the last gradient is known?",
)
mlp_backward.mutant(
    "accumulated",
    old="return grads[::-1]",
    new='before = mlp_backward.__dict__.get("grads", [])\n'
    "    grads = grads[::-1]\n"
    "    if [np.shape(w) for w, _ in before] == [np.shape(w) for w, _ in grads]:\n"
    "        grads = [(w + v, b + c) for (w, b), (v, c) in zip(grads, before, strict=True)]\n"
    '    mlp_backward.__dict__["grads"] = grads\n'
    "    return grads",
    hint="Where does a second backward pass start: at zero, or where the first one ended?",
)
mlp_backward.mutant(
    "weights_forward",
    old=LAYER,
    new="_, dweights, dbias = dense_backward(dz, inputs, weights)\n        dinputs = dz @ weights",
    hint="On the way forward the weights lead from inputs to outputs. Which way do they lead back?",
)
mlp_backward.mutant(
    "divided_again",
    old="dz, grads = dlogits, []",
    new="dz, grads = dlogits / len(dlogits), []",
    hint="The gradient that arrives is that of a mean loss already. How often do you divide by N?",
)
mlp_backward.mutant(
    "divided_in_every_layer",
    old=BELOW,
    new="dz = activation_backward(dinputs, z_below) / len(dinputs)",
    hint="Who divides by the number of examples: the loss, or every layer?",
)
mlp_backward.mutant(
    "examples_for_inputs",
    old="inputs, _ = cache[layer]",
    new="inputs, _ = cache[0]",
    hint="What went into the last layer on the way forward?",
)
mlp_backward.mutant(
    "only_the_last_layer",
    old="if layer > 0:",
    new="if layer > len(params):",
    hint="Which gradient arrives at the second layer from the end?",
)

mlp_backward.alternative(
    "slopes_from_outputs",
    """
    def mlp_backward(dlogits, params, cache, activation):
        grads = [None] * len(params)
        delta = np.array(dlogits)
        for layer in range(len(params) - 1, -1, -1):
            a = cache[layer][0]
            grads[layer] = (a.T @ delta, delta.sum(axis=0))
            slope = {"relu": (a > 0).astype(a.dtype), "tanh": 1 - a * a, "sigmoid": a * (1 - a)}
            delta = (delta @ params[layer][0].T) * slope[activation]
        return grads
    """,
)
mlp_backward.alternative(
    "recursion",
    """
    def mlp_backward(dlogits, params, cache, activation):
        *lower_params, (weights, _bias) = params
        *lower_cache, (inputs, _z) = cache
        dx, dw, db = dense_backward(dlogits, inputs, weights)
        if not lower_params:
            return [(dw, db)]
        dz = activation_pair(activation)[1](dx, lower_cache[-1][1])
        return [*mlp_backward(dz, lower_params, lower_cache, activation), (dw, db)]
    """,
)
mlp_backward.alternative(
    "example_by_example",
    """
    def mlp_backward(dlogits, params, cache, activation):
        slope = activation_pair(activation)[1]
        totals = [[np.zeros_like(w), np.zeros_like(b)] for w, b in params]
        for i in range(len(dlogits)):
            delta = np.array(dlogits[i])
            for layer in reversed(range(len(params))):
                totals[layer][0] += np.outer(cache[layer][0][i], delta)
                totals[layer][1] += delta
                if layer:
                    delta = slope(params[layer][0] @ delta, cache[layer - 1][1][i])
        return [tuple(pair) for pair in totals]
    """,
)
mlp_backward.alternative(
    "einstein",
    """
    def mlp_backward(dlogits, params, cache, activation):
        deltas, (_, slope) = [as_float(dlogits)], activation_pair(activation)
        for (weights, _), (_, z) in zip(params[:0:-1], cache[-2::-1]):
            deltas.insert(0, slope(np.einsum("ik,jk->ij", deltas[0], weights), z))
        return [
            (np.einsum("ij,ik->jk", a, delta), np.einsum("ik->k", delta))
            for (a, _), delta in zip(cache, deltas)
        ]
    """,
)

mlp_loss = Exercise("networks.mlp_loss")


@mlp_loss.check(classifiers, weight=2, public=True)
def loss_is_the_mean_cross_entropy(subject, case):
    """The loss is one number: the mean cross-entropy of the network's answers."""
    return {"loss": loss_and_gradients(subject, case)["loss"]}


@mlp_loss.check(classifiers, weight=3, public=True)
def gradients_are_those_of_the_loss(subject, case):
    """The gradients are those of the loss that is returned."""
    return {"grads": loss_and_gradients(subject, case)["grads"]}


@mlp_loss.check(more_classifiers, weight=2)
def equal_sizes_hide_nothing(subject, case):
    """Both hold for three layers, equal widths, one example, and any order in memory."""
    return loss_and_gradients(subject, case)


@mlp_loss.check(classifiers, judge=exact)
def loss_falls_against_the_gradient(subject, case):
    """A small step against the gradients makes the loss smaller."""
    before = loss_and_gradients(subject, case)
    params = stepped(case.params, before["grads"], 1e-3)
    after = loss_and_gradients(subject, {**case, "params": params})
    return {"falls": bool(after["loss"] < before["loss"])}


@mlp_loss.check(sure_classifiers, weight=0.5)
def sure_networks_do_not_overflow(subject, case):
    """Logits a thousand apart cost a thousand where they are wrong, and nothing is infinite."""
    return loss_and_gradients(subject, case)


@mlp_loss.check(short_classifiers, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Gradients of float32 parameters are float32."""
    return {"dtypes": dtypes(loss_and_gradients(subject, case)["grads"])}


@mlp_loss.check(classifiers, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The examples, the labels and the parameters are left as they were."""
    subject.mlp_loss(**case)
    return {"x": case.x, "labels": case.labels, "params": case.params}


DLOGITS = "dlogits = softmax_cross_entropy_backward(logits, labels)"
PROBS = (
    "exps = np.exp(logits - logits.max(axis=1, keepdims=True))\n"
    "    probs = exps / exps.sum(axis=1, keepdims=True)\n    "
)

mlp_loss.mutant(
    "gradient_of_the_sum",
    old=DLOGITS,
    new=f"{DLOGITS} * len(logits)",
    hint="Your loss is a mean over the examples. Is your gradient that of a mean, or of a sum?",
)
mlp_loss.mutant(
    "divided_again",
    old=DLOGITS,
    new=f"{DLOGITS} / len(logits)",
    hint="How often is the gradient of a mean divided by N?",
)
mlp_loss.mutant(
    "loss_is_a_sum",
    old="loss = softmax_cross_entropy(logits, labels)",
    new="loss = softmax_cross_entropy(logits, labels) * len(logits)",
    hint="Is the loss a sum or a mean over the batch?",
)
mlp_loss.mutant(
    "penalty_without_gradient",
    old="loss = softmax_cross_entropy(logits, labels)",
    new="loss = softmax_cross_entropy(logits, labels)\n"
    "    loss += 0.01 * sum(float((weights**2).sum()) for weights, _ in params)",
    hint="Does your gradient have the same terms as your loss?",
)
mlp_loss.mutant(
    "softmax_twice",
    old="loss = softmax_cross_entropy(logits, labels)",
    new=f"{PROBS}loss = softmax_cross_entropy(probs, labels)",
    hint="Does the loss expect probabilities, or does it make them itself?",
)
mlp_loss.mutant(
    "probabilities_sent_back",
    old=DLOGITS,
    new=f"{PROBS}dlogits = probs / len(logits)",
    hint="Where do the labels enter the gradient?",
)
mlp_loss.mutant(
    "downhill",
    old=DLOGITS,
    new=f"{DLOGITS} * -1",
    hint="A gradient points uphill. Which sign does it have at the logit of a wrong class?",
)
mlp_loss.mutant(
    "logits_sent_back",
    old="mlp_backward(dlogits,",
    new="mlp_backward(logits,",
    hint="What travels back through the network: what it said, or how wrong that was?",
)
mlp_loss.mutant(
    "relu_always",
    old="mlp_backward(dlogits, params, cache, activation)",
    new='mlp_backward(dlogits, params, cache, "relu")',
    hint="Do both passes use the same activation?",
)
mlp_loss.mutant(
    "unstable",
    old="loss = softmax_cross_entropy(logits, labels)",
    new="exps = np.exp(logits)\n"
    "    probs = exps / exps.sum(axis=1, keepdims=True)\n"
    "    loss = float(-np.log(probs[np.arange(len(labels)), labels]).mean())",
    hint="What is the exponential of a thousand, and which function of the given code avoids it?",
)

mlp_loss.mutant(
    "step_taken_already",
    old="return loss, mlp_backward(dlogits, params, cache, activation)",
    new="grads = mlp_backward(dlogits, params, cache, activation)\n"
    "    for (weights, bias), (dweights, dbias) in zip(params, grads, strict=True):\n"
    "        weights -= 0.1 * dweights\n"
    "        bias -= 0.1 * dbias\n"
    "    return loss, grads",
    hint="Who takes the step: the function that computes the gradient, or the one that trains?",
)
mlp_loss.mutant(
    "one_hot_in_float64",
    old=DLOGITS,
    new=f"{PROBS}dlogits = (probs - np.eye(logits.shape[1])[labels]) / len(labels)",
    hint="Which dtype does an identity matrix have when you do not ask for one?",
)

mlp_loss.alternative(
    "one_hot",
    """
    def mlp_loss(x, labels, params, activation):
        logits, cache = mlp_forward(x, params, activation)
        one_hot = np.eye(logits.shape[1], dtype=logits.dtype)[labels]
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        loss = -(one_hot * log_probs).sum(axis=1).mean()
        dlogits = (np.exp(log_probs) - one_hot) / len(one_hot)
        return loss, mlp_backward(dlogits, params, cache, activation)
    """,
)
mlp_loss.alternative(
    "mean_over_examples",
    """
    def mlp_loss(x, labels, params, activation):
        total, sums = 0.0, [[0.0, 0.0] for _ in params]
        for i in range(len(x)):
            logits, cache = mlp_forward(x[i : i + 1], params, activation)
            total += softmax_cross_entropy(logits, labels[i : i + 1])
            dlogits = softmax_cross_entropy_backward(logits, labels[i : i + 1])
            for pair, (dw, db) in zip(sums, mlp_backward(dlogits, params, cache, activation)):
                pair[0], pair[1] = pair[0] + dw / len(x), pair[1] + db / len(x)
        return total / len(x), [(dw, db) for dw, db in sums]
    """,
)
mlp_loss.alternative(
    "sum_then_divided",
    """
    def mlp_loss(x, labels, params, activation):
        logits, cache = mlp_forward(x, params, activation)
        n = len(labels)
        dlogits = softmax_cross_entropy_backward(logits, labels) * n
        grads = mlp_backward(dlogits, params, cache, activation)
        return softmax_cross_entropy(logits, labels), [(dw / n, db / n) for dw, db in grads]
    """,
)
