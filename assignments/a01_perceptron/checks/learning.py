"""Rosenblatt's rule.

All numbers of these cases are whole, halves or quarters: sums of them are exact in any order, so
that every right program makes the same mistakes on the way.
"""

import numpy as np
from checks._gates import AND, CORNERS, OR, XOR, gate

from autograder.declare import Case, Exercise, exact


def examples(rng, n, d, **options):
    """Draw examples of whole numbers, with labels that no neuron needs to explain."""
    x = rng.integers(-3, 4, (n, d)).astype(np.float64)
    labels = rng.permutation(np.arange(n) % 2)
    return Case(**{"x": x, "labels": labels, "lr": 0.5, "epochs": 3, **options})


def fitted(subject, case):
    """Return weights, bias and mistakes by name, from copies of the arguments."""
    weights, bias, mistakes = subject.perceptron_fit(
        case.x.copy(), case.labels.copy(), case.lr, case.epochs
    )
    return {"weights": weights, "bias": bias, "mistakes": mistakes}


def small_sets(rng):
    """More examples than features, then fewer."""
    yield examples(rng, 5, 2, epochs=4)
    yield examples(rng, 2, 3, lr=1.0, epochs=3)


def single_examples(rng):
    """A single example of either class; the neuron is right about the second from the start."""
    for label in (0, 1):
        x = rng.integers(1, 5, (1, 3)) * np.array([[1.0, -1.0, 1.0]])
        yield Case(x=x, labels=np.array([label]), lr=0.25, epochs=1)


def first_epochs(rng):
    """A few examples, visited once."""
    yield examples(rng, 4, 2, epochs=1, lr=1.0)
    yield examples(rng, 6, 3, epochs=1, lr=0.25)


def more_sets(rng):
    """One feature, a square table, more examples, many features."""
    for n, d, lr, epochs in [(6, 1, 1.0, 6), (4, 4, 0.5, 5), (9, 2, 2.0, 7), (3, 7, 0.25, 4)]:
        yield examples(rng, n, d, lr=lr, epochs=epochs)


def simple_gates(rng):
    """Logical and, logical or, with rates and numbers of epochs that do not matter."""
    for number in (AND, OR):
        lr = float(rng.choice([0.25, 0.5, 1.0]))
        yield Case(x=CORNERS, labels=gate(number), lr=lr, epochs=int(rng.integers(12, 16)))


def other_gates(rng):
    """Functions of two bits that a line can separate, the corners in another order."""
    for number in (1, 2, 4, 7, 11, 13):
        order = rng.permutation(4)
        yield Case(x=CORNERS[order], labels=gate(number)[order], lr=0.5, epochs=20)


def exclusive(rng):
    """Exclusive or, and its opposite."""
    for number in (XOR, 15 - XOR):
        yield Case(x=CORNERS, labels=gate(number), lr=1.0, epochs=int(rng.integers(9, 13)))


def repeated(rng):
    """Examples that occur twice, with one label and with both."""
    case = examples(rng, 5, 2, epochs=4)
    again = np.array([0, 1, 0, 2, 3, 4, 1, 1])
    labels = case.labels[again]
    yield Case(**{**case, "x": case.x[again], "labels": labels})
    yield Case(**{**case, "x": case.x[again], "labels": np.where(again == 0, 1 - labels, labels)})


def scaled(rng):
    """Three learning rates for the same examples."""
    yield examples(rng, 6, 2, epochs=4, rates=(0.125, 1.0, 8.0))


def without_epochs(rng):
    """Nothing is learned at all."""
    yield examples(rng, 3, 2, epochs=0)


def whole(rng):
    """Examples and labels that are unsigned bytes, then signed integers."""
    case = examples(rng, 6, 2)
    x = case.x + 3
    yield Case(**{**case, "x": x.astype(np.uint8), "labels": case.labels.astype(np.uint8)})
    yield Case(**{**case, "x": case.x.astype(np.int64)})


def singles(rng):
    """Examples in float32."""
    case = examples(rng, 4, 3)
    yield Case(**{**case, "x": case.x.astype(np.float32)})


exercise = Exercise("perceptrons.perceptron_fit")


@exercise.check(small_sets, weight=0.5, public=True, judge=exact)
def weights_bias_and_mistakes(subject, case):
    """There is a weight for each feature, one bias, and a number of mistakes for each epoch."""
    return {name: 0 * value for name, value in fitted(subject, case).items()}  # shapes only


@exercise.check(single_examples, weight=1.5, public=True, judge=exact)
def mistake_is_corrected(subject, case):
    """A wrong prediction moves weights and bias towards the label, a right one moves nothing."""
    return fitted(subject, case)


@exercise.check(first_epochs, weight=2, judge=exact)
def every_visit_counts_at_once(subject, case):
    """In one epoch every example is visited once, in order, with what was learned just before."""
    return fitted(subject, case)


@exercise.check(small_sets, weight=2, public=True, judge=exact)
def epochs_follow_each_other(subject, case):
    """Each epoch goes on with the weights and the bias of the one before."""
    return fitted(subject, case)


@exercise.check(more_sets, weight=2, judge=exact)
def any_number_of_features(subject, case):
    """It works for any number of examples and features."""
    return fitted(subject, case)


@exercise.check(simple_gates, weight=1.5, public=True, judge=exact)
def gates_are_learned(subject, case):
    """Logical AND and OR are learned: in the end there is no mistake, and the labels are right."""
    found = fitted(subject, case)
    right = (CORNERS @ found["weights"] + found["bias"] >= 0) == case.labels
    return {"last_mistakes": int(found["mistakes"][-1]), "right": right}


@exercise.check(other_gates, judge=exact)
def what_is_learned_stays(subject, case):
    """Once there is no mistake any more, the remaining epochs change nothing."""
    return fitted(subject, case)


@exercise.check(exclusive, weight=1.5, judge=exact)
def exclusive_or_is_never_learned(subject, case):
    """For XOR there are mistakes in every epoch."""
    found = fitted(subject, case)
    return {"epochs": len(found["mistakes"]), "mistakes": found["mistakes"]}


@exercise.check(repeated, judge=exact)
def repeated_examples_count_again(subject, case):
    """An example that occurs twice is visited twice, also where its labels contradict."""
    return fitted(subject, case)


@exercise.check(scaled, judge=exact)
def rate_only_sets_the_scale(subject, case):
    """From a start at 0, a larger rate makes weights and bias larger, and the same mistakes."""
    found = [fitted(subject, Case(**{**case, "lr": rate})) for rate in case.rates]
    return {
        "weights": [each["weights"] / rate for each, rate in zip(found, case.rates, strict=True)],
        "bias": [float(each["bias"]) for each in found],
        "mistakes": [each["mistakes"] for each in found],
    }


@exercise.check(without_epochs, weight=0.5, judge=exact)
def start_is_zero(subject, case):
    """Without any epoch, weights and bias are 0."""
    return fitted(subject, case)


@exercise.check(whole, weight=0.5, judge=exact)
def integers_are_accepted(subject, case):
    """Examples that are integers are learned as well, and labels of any integer type."""
    return fitted(subject, case)


@exercise.check(singles, weight=0.5, judge=exact)
def float32_stays(subject, case):
    """From examples in float32, weights in float32 are learned."""
    return {"dtype": str(fitted(subject, case)["weights"].dtype)}


@exercise.check(small_sets, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """Examples and labels are left as they were."""
    subject.perceptron_fit(case.x, case.labels, case.lr, case.epochs)
    return {"x": case.x, "labels": case.labels}


ERROR = "int(label) - int(step(row @ weights + bias))"
UPDATE = "weights += lr * error * row\n            bias += lr * error"
START = "weights, bias = np.zeros(x.shape[1], dtype=x.dtype), 0.0"
VISITS = "for row, label in zip(x, labels, strict=True):"

exercise.mutant(
    "wrong_sign",
    old=ERROR,
    new="int(step(row @ weights + bias)) - int(label)",
    hint="If the neuron says 0 where the label is 1, should its sum become larger or smaller?",
)
exercise.mutant(
    "bias_for_each_feature",
    old="bias += lr * error",
    new="bias += lr * error * len(row)",
    hint="How often does the bias move for one mistake?",
)
exercise.mutant(
    "bias_never_moves",
    old="bias += lr * error",
    new="bias += 0.0",
    hint="Can your boundary leave the origin?",
)
exercise.mutant(
    "bias_without_rate",
    old="bias += lr * error",
    new="bias += error",
    hint="How far does the bias move for one mistake?",
)
exercise.mutant(
    "bias_without_sign",
    old="bias += lr * error",
    new="bias += lr * abs(error)",
    hint="Does the bias ever become smaller?",
)
exercise.mutant(
    "bias_only",
    old="weights += lr * error * row",
    new="weights += 0.0 * row",
    hint="Which of the two, weights and bias, depends on the example?",
)
exercise.mutant(
    "weights_without_rate",
    old="weights += lr * error * row",
    new="weights += error * row",
    hint="How far do the weights move for one mistake?",
)
exercise.mutant(
    "weights_ignore_the_example",
    old="weights += lr * error * row",
    new="weights += lr * error",
    hint="Which features should move their weights more than others?",
)
exercise.mutant(
    "no_rate",
    old=UPDATE,
    new=UPDATE.replace("lr * ", ""),
    hint="Where does the learning rate enter?",
)
exercise.mutant(
    "updates_always",
    old=ERROR,
    new="2 * int(label) - 1",
    hint="What should happen to the weights when the prediction was right?",
)
exercise.mutant(
    "rule_for_signs",
    old=ERROR,
    new="int(label) if label * (row @ weights + bias) <= 0 else 0",
    hint="Which two labels does your rule assume, and what does it do with a label of 0?",
)
exercise.mutant(
    "bipolar",
    old=UPDATE,
    new="weights += lr * 2 * error * row\n            bias += lr * 2 * error",
    hint="How large is the error of a wrong prediction: 1, or the distance between -1 and 1?",
)
exercise.mutant(
    "only_missed_ones",
    old=ERROR,
    new=f"max({ERROR}, 0)",
    hint="What happens when the neuron says 1 and the label is 0?",
)
exercise.mutant(
    "no_step",
    old=ERROR + "\n            " + UPDATE + "\n            mistakes[epoch] += abs(error)",
    new="z = row @ weights + bias\n            error = int(label) - z\n            "
    + UPDATE
    + "\n            mistakes[epoch] += int(label) != int(step(z))",
    hint="From what is the label subtracted: the prediction, or the sum before the step?",
)
exercise.mutant(
    "zero_gives_zero",
    old=ERROR,
    new="int(label) - int(row @ weights + bias > 0)",
    hint="What does your neuron predict at the very start, when every sum is 0?",
)
exercise.mutant(
    "whole_epoch_at_once",
    old=VISITS + "\n            error = " + ERROR,
    new="predictions = step(x @ weights + bias)\n"
    "        for row, label, predicted in zip(x, labels, predictions, strict=True):\n"
    "            error = int(label) - int(predicted)",
    hint="When you predict the second example of an epoch, have you learned from the first one yet?",
)
exercise.mutant(
    "fresh_start_every_epoch",
    old=VISITS,
    new=START + "\n        " + VISITS,
    hint="What does the second epoch start with?",
)
exercise.mutant(
    "last_row_first",
    old="zip(x, labels, strict=True)",
    new="zip(x[::-1], labels[::-1], strict=True)",
    hint="In which order are the examples visited?",
)
exercise.mutant(
    "shuffled",
    old=VISITS,
    new="order = np.random.default_rng(epoch).permutation(len(x))\n        "
    "for row, label in zip(x[order], labels[order], strict=True):",
    hint="In which order does this course's version visit the examples?",
)
exercise.mutant(
    "each_example_once",
    old="x = as_float(x)\n",
    new="x, first = np.unique(as_float(x), axis=0, return_index=True)\n"
    "    x, labels = x[np.argsort(first)], labels[np.sort(first)]\n",
    hint="What becomes of an example that occurs twice?",
)
exercise.mutant(
    "starts_at_one",
    old="np.zeros(x.shape[1], dtype=x.dtype)",
    new="np.ones(x.shape[1], dtype=x.dtype)",
    hint="Where do the weights start?",
)
exercise.mutant(
    "starts_at_random",
    old="np.zeros(x.shape[1], dtype=x.dtype), 0.0",
    new="np.random.default_rng(0).standard_normal(x.shape[1]).astype(x.dtype), 0.0",
    hint="Where do weights and bias start?",
)
exercise.mutant(
    "stops_early",
    old="return weights, bias, mistakes",
    new="done = np.flatnonzero(mistakes == 0)[:1]\n"
    "    return weights, bias, mistakes[: done[0] + 1 if done.size else epochs]",
    hint="How many epochs were asked for, and how many numbers of mistakes do you return?",
)
exercise.mutant(
    "counted_afterwards",
    old="mistakes[epoch] += abs(error)",
    new="mistakes[epoch] = np.sum(step(x @ weights + bias) != labels)",
    hint="Do you count the wrong predictions that you met on the way, or those left at the end?",
)
exercise.mutant(
    "never_counts_from_zero",
    old="mistakes[epoch] += abs(error)",
    new="mistakes[epoch:] += abs(error)",
    hint="Do the mistakes of an earlier epoch belong to a later one?",
)
exercise.mutant(
    "signed_mistakes",
    old="abs(error)",
    new="error",
    hint="What is the sum of one mistake of each kind?",
)
exercise.mutant(
    "share_of_mistakes",
    old="return weights, bias, mistakes",
    new="return weights, bias, mistakes / len(x)",
    hint="Is it the number of mistakes or their share?",
)
exercise.mutant(
    "one_total",
    old="return weights, bias, mistakes",
    new="return weights, bias, mistakes.sum()",
    hint="For how many epochs is there a number of mistakes?",
)
exercise.mutant(
    "bias_is_an_array",
    old="dtype=x.dtype), 0.0",
    new="dtype=x.dtype), np.zeros(1)",
    hint="Is the bias one number or an array that holds one?",
)
exercise.mutant(
    "labels_wrap",
    old="int(label) -",
    new="label -",
    hint="What is 0 - 1 for an unsigned byte?",
)
exercise.mutant(
    "integers_kept",
    old="x = as_float(x)",
    new="x = np.asarray(x)",
    hint="Which dtype have weights that are made like x, if x holds integers?",
)
exercise.mutant(
    "always_float64",
    old=", dtype=x.dtype",
    new="",
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)
exercise.mutant(
    "labels_changed",
    old="x = as_float(x)\n",
    new="x = as_float(x)\n    labels *= 2\n    labels -= 1\n    labels = (labels + 1) // 2\n",
    hint="Whose array of labels did you change?",
)

exercise.alternative(
    "extended_examples",
    """
    def perceptron_fit(x, labels, lr, epochs):
        x = np.asarray(x) if np.asarray(x).dtype == np.float32 else np.asarray(x, dtype=float)
        extended = np.hstack([x, np.ones_like(x[:, :1])])
        theta = np.zeros_like(extended[0])
        mistakes = []
        for _ in range(epochs):
            wrong = 0
            for i in range(len(extended)):
                predicted = 1 if extended[i] @ theta >= 0 else 0
                if predicted != labels[i]:
                    direction = 1 if labels[i] == 1 else -1
                    theta = theta + extended[i] * x.dtype.type(lr * direction)
                    wrong += 1
            mistakes.append(wrong)
        return theta[:-1], theta[-1], np.array(mistakes, dtype=int)
    """,
)
exercise.alternative(
    "predicts_with_own_function",
    """
    def perceptron_fit(x, labels, lr, epochs):
        x = as_float(x)
        w, b = np.zeros_like(x[0]), 0.0
        mistakes = np.full(epochs, 0)
        for visit in range(epochs * len(x)):
            epoch, row = divmod(visit, len(x))
            predicted = perceptron_predict(x[row : row + 1], w, b)[0]
            if predicted == labels[row]:
                continue
            mistakes[epoch] += 1
            if predicted == 0:
                w, b = w + lr * x[row], b + lr
            else:
                w, b = w - lr * x[row], b - lr
        return w, b, mistakes
    """,
)
exercise.alternative(
    "stops_when_nothing_is_left",
    """
    def perceptron_fit(x, labels, lr, epochs):
        rows = as_float(x)
        w, b, mistakes = np.zeros(rows.shape[1]), np.float64(0), [0] * epochs
        for epoch in range(epochs):
            for row, label in zip(rows.tolist(), labels.tolist()):
                z = sum(weight * value for weight, value in zip(w, row)) + b
                error = label - (z >= 0)
                if error:
                    w = w + np.multiply(lr * error, row)
                    b = b + lr * error
                    mistakes[epoch] += 1
            if not mistakes[epoch]:
                break
        return w.astype(rows.dtype), b, np.array(mistakes, dtype=np.int64)
    """,
)
exercise.alternative(
    "remembers_mistakes",
    """
    def perceptron_fit(x, labels, lr, epochs):
        x = as_float(x)
        signs = 2 * np.asarray(labels, dtype=np.int64) - 1
        alpha = np.zeros(len(x), dtype=np.int64)
        mistakes = np.zeros(epochs, dtype=np.int64)
        gram = (x @ x.T + 1).astype(np.float64)
        for epoch in range(epochs):
            for i in range(len(x)):
                fires = lr * np.sum(alpha * signs * gram[i]) >= 0
                if fires != (signs[i] == 1):
                    alpha[i] += 1
                    mistakes[epoch] += 1
        total = alpha * signs
        return (lr * (total @ x)).astype(x.dtype), float(lr * total.sum()), mistakes
    """,
)
