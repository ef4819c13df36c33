"""The L1 and the L2 penalty, each with its gradient."""

from checks._params import (
    bytes_,
    copies,
    dtypes,
    layers,
    nothing,
    odd_names,
    singles,
    tables,
    zeros_among,
)

from autograder.declare import Exercise, exact

l1 = Exercise("regularization.l1_penalty")


@l1.check(tables, weight=0.5, public=True)
def penalty_is_one_number(subject, case):
    """The penalty is one number, for several arrays too."""
    return {"penalty": 0.0 * subject.l1_penalty(**case)}  # times 0: only the shape is left


@l1.check(tables, weight=3, public=True)
def every_weight_costs(subject, case):
    """Every weight of every array costs the strength times its size, whatever its sign."""
    return {"penalty": subject.l1_penalty(**case)}


@l1.check(layers, weight=2, public=True)
def biases_are_free(subject, case):
    """Biases, the arrays with fewer than two dimensions, cost nothing."""
    return {"penalty": subject.l1_penalty(**case)}


@l1.check(odd_names)
def dimensions_decide(subject, case):
    """The number of dimensions decides what is a bias, not the name and not the lengths."""
    return {"penalty": subject.l1_penalty(**case)}


@l1.check(nothing, weight=0.5)
def nothing_costs_nothing(subject, case):
    """Without weights, or without strength, the penalty is 0."""
    return {"penalty": subject.l1_penalty(**case)}


@l1.check(bytes_, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before anything is computed."""
    return {"penalty": subject.l1_penalty(**case)}


@l1.check(layers, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The dictionary and the arrays in it are left as they were."""
    subject.l1_penalty(**case)
    return {"params": case.params}


l1.mutant(
    "signs_cancel",
    old="np.abs(array).sum()",
    new="array.sum()",
    hint="What do the weights 2 and -2 cost together?",
)
l1.mutant(
    "absolute_sum",
    old="np.abs(array).sum()",
    new="abs(array.sum())",
    hint="Which comes first: the sum, or the absolute value?",
)
l1.mutant(
    "euclidean_norm",
    old="np.abs(array).sum()",
    new="np.sqrt((array**2).sum())",
    hint="Which norm is the one with the index 1?",
)
l1.mutant(
    "squares",
    old="np.abs(array).sum()",
    new="(array**2).sum()",
    hint="Is the cost of a weight its size here, or its square?",
)
l1.mutant(
    "largest_only",
    old="np.abs(array).sum()",
    new="np.abs(array).max()",
    hint="Which weights cost something: the largest, or all of them?",
)
l1.mutant(
    "column_sums",
    old="np.abs(array).sum()",
    new="np.abs(array).sum(axis=0).max()",
    hint="Some libraries mean the largest column sum by the 1-norm of a matrix. Is that a sum over all weights?",
)
l1.mutant(
    "in_place",
    old="np.abs(array)",
    new="np.abs(array, out=array)",
    hint="Into whose array are your absolute values written?",
)

l1.alternative(
    "one_long_vector",
    """
    def l1_penalty(params, strength):
        weights = [as_float(each).ravel() for each in params.values() if len(each.shape) > 1]
        if not weights:
            return 0.0
        return float(np.linalg.norm(np.concatenate(weights), 1)) * strength
    """,
)
l1.alternative(
    "weight_by_weight",
    """
    def l1_penalty(params, strength):
        total = 0.0
        for name in params:
            if np.ndim(params[name]) < 2:
                continue
            for weight in params[name].ravel().tolist():
                total += strength * (weight if weight > 0 else -weight)
        return total
    """,
)
l1.alternative(
    "sign_times_weight",
    """
    def l1_penalty(params, strength):
        penalty = np.float64(0)
        for array in params.values():
            if array.ndim not in (0, 1):
                array = array.astype(np.float64)
                penalty = penalty + strength * np.vdot(np.sign(array), array)
        return penalty
    """,
)


l2 = Exercise("regularization.l2_penalty")


@l2.check(tables, weight=0.5, public=True)
def penalty_is_one_number(subject, case):
    """The penalty is one number, for several arrays too."""
    return {"penalty": 0.0 * subject.l2_penalty(**case)}  # times 0: only the shape is left


@l2.check(tables, weight=3, public=True)
def every_weight_costs_its_square(subject, case):
    """Every weight of every array costs the strength times its square."""
    return {"penalty": subject.l2_penalty(**case)}


@l2.check(layers, weight=2, public=True)
def biases_are_free(subject, case):
    """Biases, the arrays with fewer than two dimensions, cost nothing."""
    return {"penalty": subject.l2_penalty(**case)}


@l2.check(odd_names)
def dimensions_decide(subject, case):
    """The number of dimensions decides what is a bias, not the name and not the lengths."""
    return {"penalty": subject.l2_penalty(**case)}


@l2.check(nothing, weight=0.5)
def nothing_costs_nothing(subject, case):
    """Without weights, or without strength, the penalty is 0."""
    return {"penalty": subject.l2_penalty(**case)}


@l2.check(bytes_, weight=0.5)
def integers_are_accepted(subject, case):
    """Integers become float64 before they are squared."""
    return {"penalty": subject.l2_penalty(**case)}


@l2.check(layers, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The dictionary and the arrays in it are left as they were."""
    subject.l2_penalty(**case)
    return {"params": case.params}


SQUARES = "float(sum((array**2).sum() for array in weights))"

l2.mutant(
    "norm_not_squared",
    old=SQUARES,
    new="float(np.sqrt(sum((array**2).sum() for array in weights)))",
    hint="Do you penalise the length of the weight vector, or its square?",
)
l2.mutant(
    "norm_of_each_array",
    old="(array**2).sum()",
    new="np.linalg.norm(array)",
    hint="What does the function that you call do after it has added up the squares?",
)
l2.mutant(
    "half",
    old="strength * float",
    new="0.5 * strength * float",
    hint="Many books put a factor before the sum. Does the penalty of this course have one?",
)
l2.mutant(
    "square_of_the_sum",
    old="(array**2).sum()",
    new="array.sum() ** 2",
    hint="Do you square each weight, or their sum?",
)
l2.mutant(
    "absolute_values",
    old="array**2",
    new="np.abs(array)",
    hint="Is the cost of a weight its size here, or its square?",
)
l2.mutant(
    "strength_squared",
    old="strength * float(sum((array**2).sum()",
    new="float(sum(((strength * array) ** 2).sum()",
    hint="Is the strength squared together with the weights?",
)
l2.mutant(
    "product_of_matrices",
    old="(array**2).sum()",
    new="(array.T @ array).sum()",
    hint="Which entries of the product of a matrix with its transpose are sums of squares?",
)
l2.mutant(
    "bytes_wrap_around",
    old="as_float(array)",
    new="np.asarray(array)",
    hint="What is the square of 20 in signed bytes?",
)
l2.mutant(
    "in_place",
    old="array**2",
    new="np.square(array, out=array)",
    hint="Into whose array are your squares written?",
)

l2.alternative(
    "dot_products",
    """
    def l2_penalty(params, strength):
        flat = (as_float(each).ravel() for each in params.values() if each.ndim > 1)
        return sum((strength * float(each @ each) for each in flat), 0.0)
    """,
)
l2.alternative(
    "squared_norms",
    """
    def l2_penalty(params, strength):
        norms = [np.linalg.norm(as_float(w)) for w in params.values() if len(np.shape(w)) >= 2]
        return strength * np.sum(np.square(norms))
    """,
)
l2.alternative(
    "weight_by_weight",
    """
    def l2_penalty(params, strength):
        total = 0.0
        for array in params.values():
            if array.ndim >= 2:
                for index in np.ndindex(array.shape):
                    total += float(array[index]) ** 2
        return total * strength
    """,
)
l2.alternative(
    "einsum",
    """
    def l2_penalty(params, strength):
        penalty = 0.0
        for name, array in params.items():
            if array.ndim < 2:
                continue
            rows = np.array(array, dtype=float).reshape(array.shape[0], -1)
            penalty += strength * np.einsum("ij,ij->", rows, rows)
        return float(penalty)
    """,
)


l1_backward = Exercise("regularization.l1_penalty_backward")


@l1_backward.check(tables, weight=3, public=True)
def slope_of_every_weight(subject, case):
    """Every weight has the slope of its own cost."""
    return {"grads": subject.l1_penalty_backward(copies(case.params), case.strength)}


@l1_backward.check(layers, weight=2, public=True)
def biases_have_slope_zero(subject, case):
    """Biases occur in the result too, with zeros of their shape."""
    return {"grads": subject.l1_penalty_backward(copies(case.params), case.strength)}


@l1_backward.check(zeros_among)
def sign_of_zero_is_zero(subject, case):
    """At a weight of exactly 0 the slope is sign(0) = 0."""
    return {"grads": subject.l1_penalty_backward(copies(case.params), case.strength)}


@l1_backward.check(odd_names)
def dimensions_decide(subject, case):
    """The number of dimensions decides what is a bias, not the name and not the lengths."""
    return {"grads": subject.l1_penalty_backward(copies(case.params), case.strength)}


@l1_backward.check(layers, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The dictionary and the arrays in it are left as they were."""
    subject.l1_penalty_backward(**case)
    return {"params": case.params}


@l1_backward.check(singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Slopes of float32 parameters are float32, those of biases too."""
    return {"dtypes": dtypes(subject.l1_penalty_backward(copies(case.params), case.strength))}


@l1_backward.check(bytes_, weight=0.5)
def integers_become_floats(subject, case):
    """Slopes of integers are float64, those of biases too."""
    return {"grads": subject.l1_penalty_backward(copies(case.params), case.strength)}


l1_backward.mutant(
    "two_outcomes_only",
    old="np.sign(array)",
    new="np.where(array >= 0, 1.0, -1.0).astype(array.dtype)",
    hint="How many outcomes does a comparison have, and which of them does a weight of 0 get?",
)
l1_backward.mutant(
    "size_itself",
    old="np.sign(array)",
    new="np.abs(array)",
    hint="Is that the penalty, or its derivative?",
)
l1_backward.mutant(
    "slope_of_the_squares",
    old="np.sign(array)",
    new="(2 * array)",
    hint="Which of the two penalties pulls harder at larger weights?",
)
l1_backward.mutant(
    "ones",
    old="np.sign(array)",
    new="np.ones_like(array)",
    hint="Which way does the cost of a negative weight fall?",
)
l1_backward.mutant(
    "in_place",
    old="name: strength * np.sign(array) if",
    new="name: strength * np.sign(array, out=array) if",
    hint="Into whose array are your signs written?",
)
l1_backward.mutant(
    "weight_over_size",
    old="strength * np.sign(array)",
    new="strength * (array / np.abs(array))",
    hint="What do you divide by where a weight is 0?",
)

l1_backward.alternative(
    "two_comparisons",
    """
    def l1_penalty_backward(params, strength):
        grads = {}
        for name, array in params.items():
            grads[name] = np.zeros(array.shape, as_float(array).dtype)
            if array.ndim > 1:
                grads[name][array > 0] = strength
                grads[name][array < 0] = -strength
        return grads
    """,
)
l1_backward.alternative(
    "select",
    """
    def l1_penalty_backward(params, strength):
        def slope(array):
            array = as_float(array)
            size = strength if len(array.shape) >= 2 else 0.0
            return np.select([array > 0, array < 0], [size, -size], 0.0).astype(array.dtype)

        return dict(zip(params, map(slope, params.values())))
    """,
)
l1_backward.alternative(
    "weight_by_weight",
    """
    def l1_penalty_backward(params, strength):
        grads = {name: np.zeros_like(as_float(array)) for name, array in params.items()}
        for name, array in params.items():
            if array.ndim in (0, 1):
                continue
            for index, weight in np.ndenumerate(array):
                if weight != 0:
                    grads[name][index] = strength if weight > 0 else -strength
        return grads
    """,
)


l2_backward = Exercise("regularization.l2_penalty_backward")


@l2_backward.check(tables, weight=3, public=True)
def slope_of_every_weight(subject, case):
    """Every weight has the slope of its own cost."""
    return {"grads": subject.l2_penalty_backward(copies(case.params), case.strength)}


@l2_backward.check(layers, weight=2, public=True)
def biases_have_slope_zero(subject, case):
    """Biases occur in the result too, with zeros of their shape."""
    return {"grads": subject.l2_penalty_backward(copies(case.params), case.strength)}


@l2_backward.check(odd_names)
def dimensions_decide(subject, case):
    """The number of dimensions decides what is a bias, not the name and not the lengths."""
    return {"grads": subject.l2_penalty_backward(copies(case.params), case.strength)}


@l2_backward.check(layers, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The dictionary and the arrays in it are left as they were."""
    subject.l2_penalty_backward(**case)
    return {"params": case.params}


@l2_backward.check(singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """Slopes of float32 parameters are float32, those of biases too."""
    return {"dtypes": dtypes(subject.l2_penalty_backward(copies(case.params), case.strength))}


@l2_backward.check(bytes_, weight=0.5)
def integers_become_floats(subject, case):
    """Slopes of integers are float64, those of biases too."""
    return {"grads": subject.l2_penalty_backward(copies(case.params), case.strength)}


l2_backward.mutant(
    "no_two",
    old="2 * strength * array",
    new="strength * array",
    hint="What is the derivative of a square, and does the penalty have a factor that cancels it?",
)
l2_backward.mutant(
    "slope_of_the_sizes",
    old="2 * strength * array",
    new="strength * np.sign(array)",
    hint="Does the pull of this penalty depend on how large a weight is?",
)
l2_backward.mutant(
    "squares_themselves",
    old="2 * strength * array",
    new="strength * array**2",
    hint="Is that the penalty, or its derivative?",
)
l2_backward.mutant(
    "slope_of_the_norm",
    old="2 * strength * array",
    new="strength * array / np.sqrt((array**2).sum())",
    hint="Is it the length of the weight vector that you differentiate, or its square?",
)
l2_backward.mutant(
    "in_place",
    old="name: 2 * strength * array if",
    new="name: np.multiply(array, 2 * strength, out=array) if",
    hint="Into whose array is your product written?",
)

l2_backward.alternative(
    "sum_of_two",
    """
    def l2_penalty_backward(params, strength):
        grads = {}
        for name, array in params.items():
            pull = strength * as_float(array)
            grads[name] = pull + pull if array.ndim > 1 else np.zeros(pull.shape, pull.dtype)
        return grads
    """,
)
l2_backward.alternative(
    "scaled_copies",
    """
    def l2_penalty_backward(params, strength):
        grads = {name: np.array(as_float(array)) for name, array in params.items()}
        for grad in grads.values():
            grad *= 2.0 * strength * (len(grad.shape) >= 2)
        return grads
    """,
)
l2_backward.alternative(
    "weight_by_weight",
    """
    def l2_penalty_backward(params, strength):
        grads = {name: np.zeros_like(as_float(array)) for name, array in params.items()}
        for name, array in params.items():
            for index, weight in np.ndenumerate(array):
                if len(index) > 1:
                    grads[name][index] = 2.0 * float(weight) * strength
        return grads
    """,
)


for each in (l1, l2):
    each.mutant(
        "biases_too",
        old=" if array.ndim >= 2",
        new="",
        hint="Does a bias make a function wiggle? Which arrays should cost something?",
    )
    each.mutant(
        "by_name",
        old="for array in params.values() if array.ndim >= 2",
        new='for name, array in params.items() if "b" not in name[:1]',
        hint="Are names all that you know about an array?",
    )
    each.mutant(
        "tables_only",
        old="array.ndim >= 2",
        new="array.ndim == 2",
        hint="How many dimensions do the weights of a convolution have?",
    )
    each.mutant(
        "mean_not_sum",
        old=".sum() for",
        new=".mean() for",
        hint="Should a weight cost less because it stands in a larger array?",
    )
    each.mutant(
        "no_strength",
        old="strength * float",
        new="float",
        hint="What decides how much the penalty weighs against the loss?",
    )
    each.mutant(
        "first_array_only",
        old="for array in weights",
        new="for array in weights[:1]",
        hint="Which of the arrays enter your sum?",
    )
    each.mutant(
        "biases_deleted",
        old="for array in params.values() if array.ndim >= 2]",
        new="for array in params.values() if array.ndim >= 2]\n"
        "    for name in [name for name, array in params.items() if array.ndim < 2]:\n"
        "        del params[name]",
        hint="Whose dictionary do you delete the biases from?",
    )

for each, term in ((l1, "np.abs(array).sum()"), (l2, "(array**2).sum()")):
    each.mutant(
        "one_for_each_array",
        old=f"strength * float(sum({term} for array in weights))",
        new=f"[strength * float({term}) for array in weights]",
        hint="How many numbers are added to the loss?",
    )

for each in (l1_backward, l2_backward):
    each.mutant(
        "grows_the_weights",
        old="floats = {name: as_float(array)",
        new="floats = {name: -as_float(array)",
        hint="Training subtracts the gradient. Do your weights become smaller then, or larger?",
    )
    each.mutant(
        "biases_too",
        old=" if array.ndim >= 2 else np.zeros_like(array)",
        new="",
        hint="How fast does the penalty rise with a parameter that it does not contain?",
    )
    each.mutant(
        "biases_missing",
        old=" if array.ndim >= 2 else np.zeros_like(array)\n        for name, array in floats.items()",
        new=" for name, array in floats.items() if array.ndim >= 2",
        hint="Whoever adds your result to another gradient looks up every name. Are they all there?",
    )
    each.mutant(
        "biases_without_shape",
        old="np.zeros_like(array)",
        new="0.0",
        hint="Which shape does the gradient with respect to a bias have?",
    )
    each.mutant(
        "by_name",
        old="array.ndim >= 2",
        new='name[:1] != "b"',
        hint="Are names all that you know about an array?",
    )
    each.mutant(
        "tables_only",
        old="array.ndim >= 2",
        new="array.ndim == 2",
        hint="How many dimensions do the weights of a convolution have?",
    )
    each.mutant(
        "mean_not_sum",
        old=" if array.ndim",
        new=" / array.size if array.ndim",
        hint="Is the penalty that you differentiate a mean?",
    )
    each.mutant(
        "no_strength",
        old="strength * ",
        new="",
        hint="The strength is in the penalty. Where is it in the gradient?",
    )
    each.mutant(
        "always_float64",
        old="as_float(array)",
        new="np.asarray(array, float)",
        hint="float32 goes in: which dtype comes out, and where does it change?",
    )
    each.mutant(
        "integer_zeros",
        old="np.zeros_like(array)",
        new="np.zeros_like(params[name])",
        hint="Which dtype do your zeros have when the biases are integers?",
    )
