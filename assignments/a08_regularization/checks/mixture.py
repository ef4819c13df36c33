"""The elastic net: a mixture of the two penalties, and its gradient."""

from checks._params import (
    bytes_,
    copies,
    drawn,
    dtypes,
    layers,
    odd_names,
    singles,
    strong,
    tables,
    zeros_among,
)

from autograder.declare import Case, Exercise, exact


def mixed(source, *ratios):
    """Return a case source that adds a ratio to each case of another."""

    def cases(rng):
        for case, ratio in zip(source(rng), ratios, strict=True):
            yield Case(**case, ratio=ratio)

    return cases


def ends(rng):
    """Ratios of 0 and 1: one of the penalties alone."""
    for ratio in (0.0, 1.0):
        yield strong(drawn(rng, weights=(2, 3), bias=(3,)), 0.6, ratio=ratio)


mixed_tables = mixed(tables, 0.3, 0.8, 0.1)
mixed_layers = mixed(layers, 0.7, 0.2)
mixed_names = mixed(odd_names, 0.6, 0.4, 0.75)
mixed_zeros = mixed(zeros_among, 0.3, 0.6)
mixed_singles = mixed(singles, 0.3)
mixed_bytes = mixed(bytes_, 0.9, 0.8)


net = Exercise("regularization.elastic_net")


@net.check(mixed_tables, weight=3, public=True)
def penalty_is_the_mixture(subject, case):
    """Both penalties count, in the ratio that is asked for, and the strength scales both."""
    return {"penalty": subject.elastic_net(**case)}


@net.check(mixed_layers, weight=2, public=True)
def biases_are_free(subject, case):
    """Biases cost nothing in either part."""
    return {"penalty": subject.elastic_net(**case)}


@net.check(ends)
def ends_are_pure(subject, case):
    """With a ratio of 0 only the squares count, with a ratio of 1 only the sizes."""
    return {"penalty": subject.elastic_net(**case)}


@net.check(mixed_names)
def dimensions_decide(subject, case):
    """The number of dimensions decides what is a bias, not the name and not the lengths."""
    return {"penalty": subject.elastic_net(**case)}


@net.check(mixed_bytes, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before anything is computed."""
    return {"penalty": subject.elastic_net(**case)}


@net.check(mixed_layers, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The dictionary and the arrays in it are left as they were."""
    subject.elastic_net(**case)
    return {"params": case.params}


SIZES = "l1_penalty(params, strength * ratio)"
SQUARES = "l2_penalty(params, strength * (1 - ratio))"

net.mutant(
    "ratio_swapped",
    old=f"{SIZES} + {SQUARES}",
    new="l1_penalty(params, strength * (1 - ratio)) + l2_penalty(params, strength * ratio)",
    hint="Which of the two penalties is alone when the ratio is 1?",
)
net.mutant(
    "plain_sum",
    old=f"{SIZES} + {SQUARES}",
    new="l1_penalty(params, strength) + l2_penalty(params, strength)",
    hint="What changes in your penalty when the ratio changes?",
)
net.mutant(
    "ratio_on_both",
    old="strength * (1 - ratio)",
    new="strength * ratio",
    hint="What is left for the second penalty when the first has its share?",
)
net.mutant(
    "ratio_on_the_first_only",
    old="strength * (1 - ratio)",
    new="strength",
    hint="Do the shares of the two penalties add up to 1?",
)
net.mutant(
    "strength_on_the_first_only",
    old="strength * (1 - ratio)",
    new="1 - ratio",
    hint="Which parts of the mixture does the strength scale?",
)
net.mutant(
    "strength_twice",
    old="return l1_penalty(params, strength * ratio) + l2_penalty(params, strength * (1 - ratio))",
    new="return strength * (l1_penalty(params, strength * ratio) + "
    "l2_penalty(params, strength * (1 - ratio)))",
    hint="How often does the strength enter your result?",
)
net.mutant(
    "half_of_the_squares",
    old=SQUARES,
    new=f"0.5 * {SQUARES}",
    hint="Some libraries put a factor before the squares. Does the formula of this course have one?",
)
net.mutant(
    "difference",
    old=f"{SIZES} + {SQUARES}",
    new=f"{SIZES} - {SQUARES}",
    hint="Does the second part add to the cost, or take from it?",
)
net.mutant(
    "biases_in_the_sizes",
    old=SIZES,
    new="strength * ratio * sum(float(np.abs(as_float(each)).sum()) for each in params.values())",
    hint="Which arrays enter the first part, and which the second?",
)
net.mutant(
    "biases_in_the_squares",
    old=SQUARES,
    new="strength * (1 - ratio) * sum(float((as_float(w) ** 2).sum()) for w in params.values())",
    hint="Which arrays enter the second part, and which the first?",
)
net.mutant(
    "biases_deleted",
    old=f"return {SIZES}",
    new="for name in [name for name, array in params.items() if array.ndim < 2]:\n"
    f"        del params[name]\n    return {SIZES}",
    hint="Whose dictionary do you delete the biases from?",
)

net.alternative(
    "weight_by_weight",
    """
    def elastic_net(params, strength, ratio):
        total = 0.0
        for array in params.values():
            if array.ndim >= 2:
                for weight in array.ravel().tolist():
                    total += ratio * abs(weight) + (1 - ratio) * weight**2
        return strength * total
    """,
)
net.alternative(
    "factored",
    """
    def elastic_net(params, strength, ratio):
        sizes = [np.abs(as_float(each)).ravel() for each in params.values() if np.ndim(each) > 1]
        every = np.concatenate([np.zeros(0), *sizes])
        return strength * np.sum(every * (ratio + (1 - ratio) * every))
    """,
)
net.alternative(
    "mixture_of_own_penalties",
    """
    def elastic_net(params, strength, ratio):
        return strength * (ratio * l1_penalty(params, 1.0) + (1 - ratio) * l2_penalty(params, 1.0))
    """,
)


net_backward = Exercise("regularization.elastic_net_backward")


@net_backward.check(mixed_tables, weight=3, public=True)
def slope_of_the_mixture(subject, case):
    """Every weight has the slope of its own part of the mixture."""
    return {"grads": subject.elastic_net_backward(copies(case.params), case.strength, case.ratio)}


@net_backward.check(mixed_layers, weight=2, public=True)
def biases_have_slope_zero(subject, case):
    """Biases occur in the result too, with zeros of their shape."""
    return {"grads": subject.elastic_net_backward(copies(case.params), case.strength, case.ratio)}


@net_backward.check(ends)
def ends_are_pure(subject, case):
    """With a ratio of 0 only the slope of the squares counts, with 1 only that of the sizes."""
    return {"grads": subject.elastic_net_backward(copies(case.params), case.strength, case.ratio)}


@net_backward.check(mixed_zeros)
def sign_of_zero_is_zero(subject, case):
    """At a weight of exactly 0 the slope is 0."""
    return {"grads": subject.elastic_net_backward(copies(case.params), case.strength, case.ratio)}


@net_backward.check(mixed_names)
def dimensions_decide(subject, case):
    """The number of dimensions decides what is a bias, not the name and not the lengths."""
    return {"grads": subject.elastic_net_backward(copies(case.params), case.strength, case.ratio)}


@net_backward.check(mixed_layers, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The dictionary and the arrays in it are left as they were."""
    subject.elastic_net_backward(**case)
    return {"params": case.params}


@net_backward.check(mixed_singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Slopes of float32 parameters are float32, those of biases too."""
    grads = subject.elastic_net_backward(copies(case.params), case.strength, case.ratio)
    return {"dtypes": dtypes(grads)}


@net_backward.check(mixed_bytes, weight=0.5)
def integers_become_floats(subject, case):
    """Slopes of integers are float64, those of biases too."""
    return {"grads": subject.elastic_net_backward(copies(case.params), case.strength, case.ratio)}


SIGNS = "l1_penalty_backward(params, strength * ratio)"
WEIGHTS = "l2_penalty_backward(params, strength * (1 - ratio))"
SUM = "{name: absolute[name] + squared[name] for name in params}"

net_backward.mutant(
    "ratio_swapped",
    old=f"{SIGNS}\n    squared = {WEIGHTS}",
    new="l1_penalty_backward(params, strength * (1 - ratio))\n"
    "    squared = l2_penalty_backward(params, strength * ratio)",
    hint="Which of the two slopes is alone when the ratio is 1?",
)
net_backward.mutant(
    "ratio_on_both",
    old="strength * (1 - ratio)",
    new="strength * ratio",
    hint="What is left for the second slope when the first has its share?",
)
net_backward.mutant(
    "ratio_on_the_first_only",
    old="strength * (1 - ratio)",
    new="strength",
    hint="Do the shares of the two slopes add up to 1?",
)
net_backward.mutant(
    "strength_on_the_first_only",
    old="strength * (1 - ratio)",
    new="1 - ratio",
    hint="Which parts of the mixture does the strength scale?",
)
net_backward.mutant(
    "no_two",
    old="strength * (1 - ratio)",
    new="0.5 * strength * (1 - ratio)",
    hint="What is the derivative of a square, and does the mixture have a factor that cancels it?",
)
net_backward.mutant(
    "squares_only",
    old="absolute[name] + squared[name]",
    new="squared[name]",
    hint="What is the slope of the first part of the mixture?",
)
net_backward.mutant(
    "sizes_only",
    old="absolute[name] + squared[name]",
    new="absolute[name]",
    hint="What is the slope of the second part of the mixture?",
)
net_backward.mutant(
    "grows_the_weights",
    old="absolute[name] + squared[name]",
    new="-absolute[name] - squared[name]",
    hint="Training subtracts the gradient. Do your weights become smaller then, or larger?",
)
net_backward.mutant(
    "two_outcomes_only",
    old=SUM,
    new="{\n        name: each + (strength * ratio * (params[name] == 0)).astype(each.dtype)\n"
    "        * (each.ndim > 1)\n"
    "        for name, each in ((name, absolute[name] + squared[name]) for name in params)\n    }",
    hint="How many outcomes does a comparison have, and which of them does a weight of 0 get?",
)
net_backward.mutant(
    "biases_missing",
    old="for name in params}",
    new="for name in params if params[name].ndim >= 2}",
    hint="Whoever adds your result to another gradient looks up every name. Are they all there?",
)
net_backward.mutant(
    "biases_too",
    old=SUM,
    new="{\n        name: absolute[name] + 2 * strength * (1 - ratio) * as_float(params[name])\n"
    "        for name in params\n    }",
    hint="How fast does the penalty rise with a parameter that it does not contain?",
)
net_backward.mutant(
    "parameters_replaced",
    old=f"return {SUM}",
    new=f"params.update({SUM})\n    return params",
    hint="Whose dictionary do you fill with slopes and return?",
)

net_backward.alternative(
    "one_formula",
    """
    def elastic_net_backward(params, strength, ratio):
        grads = {}
        for name, array in params.items():
            w = as_float(array)
            slope = strength * (ratio * np.sign(w) + 2 * (1 - ratio) * w)
            grads[name] = slope if w.ndim > 1 else np.zeros_like(w)
        return grads
    """,
)
net_backward.alternative(
    "weight_by_weight",
    """
    def elastic_net_backward(params, strength, ratio):
        grads = {name: np.zeros_like(as_float(array)) for name, array in params.items()}
        for name, array in params.items():
            if len(array.shape) < 2:
                continue
            for index in np.ndindex(array.shape):
                weight = float(array[index])
                sign = 1.0 if weight > 0 else -1.0 if weight < 0 else 0.0
                grads[name][index] = strength * (ratio * (sign - 2 * weight) + 2 * weight)
        return grads
    """,
)
net_backward.alternative(
    "scaled_own_gradients",
    """
    def elastic_net_backward(params, strength, ratio):
        first, second = l1_penalty_backward(params, 1.0), l2_penalty_backward(params, 1.0)
        return {
            name: strength * (ratio * one + (1 - ratio) * two)
            for (name, one), two in zip(first.items(), second.values())
        }
    """,
)
