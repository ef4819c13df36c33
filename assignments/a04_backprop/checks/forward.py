"""Networks of dense layers on the way forward: their size, their logits, their answers."""

import numpy as np
from checks._draws import layers, network, single

from autograder.declare import Case, Exercise, exact


def short_lists(rng):
    """One layer, then a network that classifies images."""
    yield Case(layer_sizes=[3, 2])
    yield Case(layer_sizes=[784, int(rng.integers(100, 200)), 10])


def long_lists(rng):
    """Deep networks, also with equal and with single units."""
    yield Case(layer_sizes=[int(size) for size in rng.integers(2, 40, 5)])
    yield Case(layer_sizes=[int(size) for size in rng.integers(2, 40, 4)])
    yield Case(layer_sizes=[6, 6, 6, 6])
    yield Case(layer_sizes=[1, 1])
    yield Case(layer_sizes=[64, 1, 64])


def inputs_only(rng):
    """Inputs alone, without any layer."""
    yield Case(layer_sizes=[int(rng.integers(3, 9))])


def networks(rng):
    """Two layers, then three, all of different widths."""
    yield Case(**network(rng, 4, [3, 5, 2], "relu"))
    yield Case(**network(rng, 2, [3, 4, 6, 5], "tanh"))


def more_networks(rng):
    """Three layers of different widths, with every activation."""
    for activation in ("relu", "tanh", "sigmoid"):
        yield Case(**network(rng, 6, [4, 3, 5, 2], activation))


def square_networks(rng):
    """All widths are the same, and the number of examples too; then only some."""
    yield Case(**network(rng, 3, [3, 3, 3, 3], "tanh"))
    yield Case(**network(rng, 4, [2, 4, 4], "sigmoid"))
    yield Case(**network(rng, 5, [5, 3, 5], "relu"))


def single_layers(rng):
    """One layer, with outputs of both signs."""
    for activation in ("relu", "sigmoid"):
        case = network(rng, 4, [3, 5], activation)
        case["params"][0][1][:] = np.array([3.0, -3.0, 0.5, -0.5, 4.0])
        yield Case(**case)


def single_examples(rng):
    """One example; then columns, not rows, that lie together in memory."""
    yield Case(**network(rng, 1, [3, 4, 2], "tanh"))
    for activation in ("relu", "sigmoid"):
        case = network(rng, 3, [5, 4, 2], activation)
        params = [(np.asfortranarray(weights), bias) for weights, bias in case["params"]]
        yield Case(**{**case, "x": np.asfortranarray(case["x"]), "params": params})


def whole_networks(rng):
    """Unsigned bytes and small whole parameters."""
    params = [
        (rng.integers(1, 9, shape).astype(np.uint8), rng.integers(1, 9, shape[1]))
        for shape in [(4, 3), (3, 2)]
    ]
    x = rng.integers(150, 256, (3, 4)).astype(np.uint8)
    yield Case(x=x, params=params, activation="relu")


def short_networks(rng):
    """A batch and a network in float32."""
    for activation in ("relu", "tanh", "sigmoid"):
        case = network(rng, 4, [3, 5, 2], activation)
        yield Case(
            x=case["x"].astype(np.float32), params=single(case["params"]), activation=activation
        )


def classifiers(rng):
    """Networks with three classes or more, and more examples than classes."""
    yield Case(**network(rng, 7, [2, 6, 3], "relu"))
    yield Case(**network(rng, 9, [3, 4, 5, 4], "tanh"))


def square_classifiers(rng):
    """As many examples as classes, then one example."""
    yield Case(**network(rng, 4, [3, 5, 4], "sigmoid"))
    yield Case(**network(rng, 3, [3, 3, 3], "tanh"))
    yield Case(**network(rng, 1, [4, 5, 6], "relu"))


def low_classifiers(rng):
    """All logits are far below 0."""
    for activation in ("relu", "tanh"):
        case = network(rng, 8, [2, 5, 4], activation)
        case["params"][-1][1][:] = -40 + rng.uniform(-1, 1, 4)
        yield Case(**case)


def undecided(rng):
    """Two classes have the same logit in every row, above the others."""
    weights, bias = layers(rng, [3, 4])[0]
    pair = [1, 3]
    weights[:, pair], bias[pair] = 0.0, 9.0
    yield Case(x=rng.uniform(-1, 1, (5, 3)), params=[(weights, bias)], activation="relu")


def parts(returned):
    """Return logits and cache by name, and refuse what are not two."""
    logits, cache = returned
    return {"logits": logits, "cache": [(inputs, z) for inputs, z in cache]}


count_parameters = Exercise("networks.count_parameters")


@count_parameters.check(short_lists, weight=2, public=True, judge=exact)
def weights_and_biases_are_counted(subject, case):
    """Every connection has a weight, and every unit but the inputs a bias."""
    return {"parameters": subject.count_parameters(case.layer_sizes)}


@count_parameters.check(long_lists, weight=2, judge=exact)
def any_depth(subject, case):
    """The same holds for any number of layers, equal widths and single units."""
    return {"parameters": subject.count_parameters(case.layer_sizes)}


@count_parameters.check(inputs_only, weight=0.5, judge=exact)
def inputs_have_no_parameters(subject, case):
    """Inputs alone have no parameters."""
    return {"parameters": subject.count_parameters(case.layer_sizes)}


@count_parameters.check(short_lists, weight=0.5, judge=exact)
def list_stays(subject, case):
    """The list is left as it was."""
    subject.count_parameters(case.layer_sizes)
    return {"layer_sizes": case.layer_sizes}


count_parameters.mutant(
    "no_biases",
    old="(n_in + 1) * n_out",
    new="n_in * n_out",
    hint="What does a unit add to its weighted sum?",
)
count_parameters.mutant(
    "biased_inputs",
    old="return sum(",
    new="return sum(layer_sizes[:1]) + sum(",
    hint="Which units compute something, and so have a bias: do the inputs?",
)
count_parameters.mutant(
    "one_bias_per_layer",
    old="(n_in + 1) * n_out",
    new="n_in * n_out + 1",
    hint="Do all units of a layer share one bias?",
)
count_parameters.mutant(
    "a_bias_per_input",
    old="(n_in + 1) * n_out",
    new="n_in * (n_out + 1)",
    hint="Does the bias belong to where a connection starts, or to where it ends?",
)
count_parameters.mutant(
    "no_last_layer",
    old="in zip(before, after, strict=True)",
    new="in zip(before[:-1], after[:-1], strict=True)",
    hint="How many layers of weights lie between four layers of units?",
)
count_parameters.mutant(
    "units",
    old="(n_in + 1) * n_out",
    new="n_out",
    hint="Did you count units or connections?",
)
count_parameters.mutant(
    "list_emptied",
    old="before, after = layer_sizes[:-1], layer_sizes[1:]",
    new="before, after = layer_sizes[:-1], layer_sizes\n    after.pop(0)",
    hint="Whose list does pop shorten?",
)

count_parameters.alternative(
    "two_sums",
    """
    def count_parameters(layer_sizes):
        biases = sum(layer_sizes) - layer_sizes[0]
        weights = 0
        for layer in range(1, len(layer_sizes)):
            weights += layer_sizes[layer - 1] * layer_sizes[layer]
        return weights + biases
    """,
)
count_parameters.alternative(
    "dot_product",
    """
    def count_parameters(layer_sizes):
        sizes = np.array(layer_sizes)
        return np.dot(sizes[:-1] + 1, sizes[1:])
    """,
)
count_parameters.alternative(
    "built_and_measured",
    """
    def count_parameters(layer_sizes):
        params = [
            (np.empty((layer_sizes[k], layer_sizes[k + 1])), np.empty(layer_sizes[k + 1]))
            for k in range(len(layer_sizes) - 1)
        ]
        return sum(weights.size + bias.size for weights, bias in params)
    """,
)
count_parameters.alternative(
    "recursion",
    """
    def count_parameters(layer_sizes):
        if len(layer_sizes) < 2:
            return 0
        first, second, *_ = layer_sizes
        return first * second + second + count_parameters(layer_sizes[1:])
    """,
)

mlp_forward = Exercise("networks.mlp_forward")


@mlp_forward.check(networks, weight=3, public=True)
def logits_are_the_last_layer(subject, case):
    """The logits are what the last layer computes, after all the layers before it."""
    return {"logits": parts(subject.mlp_forward(**case))["logits"]}


@mlp_forward.check(networks, weight=3, public=True)
def cache_holds_inputs_and_pre_activations(subject, case):
    """The cache holds for each layer what went into it, and what it computed before the activation."""
    return {"cache": parts(subject.mlp_forward(**case))["cache"]}


@mlp_forward.check(more_networks, weight=2)
def every_activation(subject, case):
    """Logits and cache are right for three layers of different widths, with every activation."""
    return parts(subject.mlp_forward(**case))


@mlp_forward.check(single_layers)
def last_layer_has_no_activation(subject, case):
    """A network of one layer is a dense layer and nothing else."""
    return parts(subject.mlp_forward(**case))


@mlp_forward.check(square_networks)
def equal_sizes_hide_nothing(subject, case):
    """The same holds where widths are equal, or a width is the number of examples."""
    return parts(subject.mlp_forward(**case))


@mlp_forward.check(single_examples)
def one_is_enough(subject, case):
    """A batch may hold one example, and how arrays lie in memory makes no difference."""
    return parts(subject.mlp_forward(**case))


@mlp_forward.check(whole_networks, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 first."""
    return {"logits": parts(subject.mlp_forward(**case))["logits"]}


@mlp_forward.check(short_networks, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """float32 in, float32 out."""
    return {"dtype": str(parts(subject.mlp_forward(**case))["logits"].dtype)}


@mlp_forward.check(networks, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The examples and the parameters are left as they were."""
    subject.mlp_forward(**case)
    return {"x": case.x, "params": case.params}


mlp_forward.mutant(
    "logits_activated",
    old="return z, cache",
    new="return inputs, cache",
    hint="What follows the last layer?",
)
mlp_forward.mutant(
    "no_activation",
    old="inputs = activate(z)",
    new="inputs = z",
    hint="What is the product of two matrices, and what do two layers without an activation amount to?",
)
mlp_forward.mutant(
    "inputs_activated",
    old="inputs, cache = x, []",
    new="inputs, cache = activate(x), []",
    hint="Does anything happen to the examples before the first layer?",
)
mlp_forward.mutant(
    "relu_always",
    old="inputs = activate(z)",
    new="inputs = relu(z)",
    hint="Which activation does your function use, and which one was asked for?",
)
mlp_forward.mutant(
    "cache_holds_outputs",
    old="cache.append((inputs, z))",
    new="cache.append((inputs, activate(z)))",
    hint="The slope of an activation is taken at its input. Which of the two do you keep?",
)
mlp_forward.mutant(
    "cache_other_order",
    old="(inputs, z)",
    new="(z, inputs)",
    hint="In which order does the cache hold the two arrays of a layer?",
)
mlp_forward.mutant(
    "cache_one_layer_late",
    old="cache.append((inputs, z))\n        inputs = activate(z)",
    new="inputs = activate(z)\n        cache.append((inputs, z))",
    hint="When do you write down the input of a layer: before it is replaced, or after?",
)
mlp_forward.mutant(
    "cache_of_hidden_layers",
    old="return z, cache",
    new="return z, cache[:-1]",
    hint="Does the last layer have weights whose gradient will be wanted?",
)
mlp_forward.mutant(
    "cache_of_examples",
    old="cache.append((inputs, z))",
    new="cache.append((x, z))",
    hint="What is the input of the second layer?",
)
mlp_forward.mutant(
    "no_bias",
    old="dense(inputs, weights, bias)",
    new="inputs @ weights",
    hint="What does a layer compute for an input of zeros?",
)
mlp_forward.mutant(
    "first_bias_only",
    old="dense(inputs, weights, bias)",
    new="dense(inputs, weights, bias if not cache else np.zeros_like(bias))",
    hint="Which layers have a bias?",
)

mlp_forward.mutant(
    "layers_popped",
    old="for weights, bias in params:",
    new="while params:\n        weights, bias = params.pop(0)",
    hint="How many layers does the network have when the same list is used once more?",
)
mlp_forward.mutant(
    "always_float64",
    old="inputs, cache = x, []",
    new="inputs, cache = np.asarray(x, dtype=np.float64), []",
    hint="What is the dtype of the result when all that comes in is float32?",
)

mlp_forward.alternative(
    "layer_by_index",
    """
    def mlp_forward(x, params, activation):
        activate, _ = activation_pair(activation)
        a, cache = as_float(x), []
        for layer in range(len(params)):
            weights, bias = params[layer]
            if layer > 0:
                a = activate(cache[-1][1])
            cache.append((a, a @ weights + bias))
        return cache[-1][1], cache
    """,
)
mlp_forward.alternative(
    "recursion",
    """
    def mlp_forward(x, params, activation):
        activate, _ = activation_pair(activation)
        z = dense(x, *params[0])
        if len(params) == 1:
            return z, [(as_float(x), z)]
        logits, cache = mlp_forward(activate(z), params[1:], activation)
        return logits, [(as_float(x), z), *cache]
    """,
)
mlp_forward.alternative(
    "columns",
    """
    def mlp_forward(x, params, activation):
        activate = {"relu": relu, "tanh": tanh, "sigmoid": sigmoid}[activation]
        a, cache = as_float(x).T, []
        for weights, bias in params:
            z = weights.T @ a + bias[:, None]
            cache.append((a.T, z.T))
            a = activate(z)
        return z.T, cache
    """,
)
mlp_forward.alternative(
    "own_activations",
    """
    def mlp_forward(x, params, activation):
        inputs, outputs = [np.array(x, dtype=as_float(x).dtype)], []
        for weights, bias in params:
            z = np.einsum("ij,jk->ik", inputs[-1], weights) + bias
            outputs.append(z)
            if activation == "relu":
                inputs.append(np.where(z > 0, z, np.zeros_like(z)))
            elif activation == "tanh":
                inputs.append(np.tanh(z))
            else:
                inputs.append(0.5 + 0.5 * np.tanh(0.5 * z))
        return outputs[-1], list(zip(inputs, outputs))
    """,
)

predict = Exercise("networks.predict")


@predict.check(classifiers, weight=2, public=True, judge=exact)
def largest_logit_wins(subject, case):
    """The answer for each example is the class with the largest logit."""
    return {"classes": subject.predict(**case)}


@predict.check(square_classifiers, judge=exact)
def equal_sizes_hide_nothing(subject, case):
    """The same holds for as many examples as classes, and for one example."""
    return {"classes": subject.predict(**case)}


@predict.check(low_classifiers, judge=exact)
def negative_logits_compete_too(subject, case):
    """The largest logit wins also where all of them are negative."""
    return {"classes": subject.predict(**case)}


@predict.check(undecided, weight=0.5, judge=exact)
def first_of_equals(subject, case):
    """Of equal logits the first one wins."""
    return {"classes": subject.predict(**case)}


@predict.check(classifiers, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The examples and the parameters are left as they were."""
    subject.predict(**case)
    return {"x": case.x, "params": case.params}


predict.mutant(
    "winners_of_columns",
    old="argmax(axis=1)",
    new="argmax(axis=0)",
    hint="Who competes: the classes for one example, or the examples for one class?",
)
predict.mutant(
    "one_winner_for_all",
    old="argmax(axis=1)",
    new="argmax()",
    hint="How many answers does a batch of seven examples need?",
)
predict.mutant(
    "least_likely",
    old="argmax",
    new="argmin",
    hint="Does a large logit speak for its class, or against it?",
)
predict.mutant(
    "how_much_not_which",
    old="logits.argmax(axis=1)",
    new="logits.max(axis=1)",
    hint="Did you return the largest logit, or its place?",
)
predict.mutant(
    "activated_first",
    old="logits.argmax(axis=1)",
    new="activation_pair(activation)[0](logits).argmax(axis=1)",
    hint="What is left of negative logits after relu?",
)
predict.mutant(
    "relu_first",
    old="logits.argmax(axis=1)",
    new="relu(logits).argmax(axis=1)",
    hint="What is left of negative logits after relu?",
)
predict.mutant(
    "counted_from_one",
    old="logits.argmax(axis=1)",
    new="logits.argmax(axis=1) + 1",
    hint="Which number does the first class have?",
)
predict.mutant(
    "column_of_answers",
    old="argmax(axis=1)",
    new="argmax(axis=1, keepdims=True)",
    hint="Which shape do labels have in this course, and which do your answers have?",
)
predict.mutant(
    "last_of_equals",
    old="logits.argmax(axis=1)",
    new="logits.shape[1] - 1 - logits[:, ::-1].argmax(axis=1)",
    hint="When two classes are equally likely, which of them do you return?",
)

predict.mutant(
    "last_layer_popped",
    old="logits, _ = mlp_forward(x, params, activation)",
    new="last_weights, last_bias = params.pop()\n"
    "    activate, _ = activation_pair(activation)\n"
    "    for weights, bias in params:\n"
    "        x = activate(dense(x, weights, bias))\n"
    "    logits = dense(x, last_weights, last_bias)",
    hint="What is left of the network when it is asked a second time?",
)

predict.alternative(
    "by_probability",
    """
    def predict(x, params, activation):
        logits = mlp_forward(x, params, activation)[0]
        exps = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.argmax(exps / exps.sum(axis=1, keepdims=True), axis=-1)
    """,
)
predict.alternative(
    "own_forward_pass",
    """
    def predict(x, params, activation):
        activate, _ = activation_pair(activation)
        for weights, bias in params[:-1]:
            x = activate(x @ weights + bias)
        weights, bias = params[-1]
        return np.array([int(row.argmax()) for row in x @ weights + bias])
    """,
)
predict.alternative(
    "sorted_logits",
    """
    def predict(x, params, activation):
        logits, _cache = mlp_forward(x, params, activation)
        return np.argsort(-logits, axis=1, kind="stable")[:, 0]
    """,
)
