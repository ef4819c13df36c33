"""Precision, recall and F1: for one class, for each class, and their averages."""

import numpy as np
from checks._tables import shuffled, uneven, varied

from autograder.declare import Case, Exercise, exact


def two_classes(rng):
    """Tables of two classes, each with more of one kind of mistake than of the other."""
    for _ in range(3):
        yield Case(**shuffled(rng, uneven(rng, 2)))


def many_classes(rng):
    """Two classes, three, four."""
    for classes in (3, 2, 4):
        yield Case(**shuffled(rng, uneven(rng, classes)))


def more_classes(rng):
    """Three classes and five: class 1 against all others."""
    for classes in (3, 5):
        yield Case(**shuffled(rng, uneven(rng, classes)))


def gaps(rng):
    """Labels between which others do not occur."""
    for names in ([0, 2, 5], [3, 4, 6]):
        labels = shuffled(rng, uneven(rng, 3))
        yield Case(**{name: np.array(names)[each] for name, each in labels.items()})


def never_predicted(rng):
    """A class that occurs and is never predicted; once it is class 1. Another one occurs once."""
    for counts in (
        [[4, 0, 1], [2, 0, 1], [1, 0, 3]],
        [[3, 2, 0], [1, 2, 0], [1, 2, 0]],
        [[1, 0, 0], [2, 0, 1], [1, 0, 2]],
    ):
        yield Case(**shuffled(rng, varied(rng, counts)))


def never_true(rng):
    """A class that is predicted and does not occur; once it is class 1. Another is right once."""
    for counts in (
        [[4, 2, 1], [0, 0, 0], [1, 1, 3]],
        [[3, 1, 2], [1, 2, 1], [0, 0, 0]],
        [[1, 2, 1], [0, 0, 0], [0, 1, 2]],
    ):
        yield Case(**shuffled(rng, varied(rng, counts)))


def neither(rng):
    """Class 1 does not occur and is never predicted."""
    yield Case(**shuffled(rng, varied(rng, [[3, 0, 1], [0, 0, 0], [1, 0, 2]])))
    yield Case(**shuffled(rng, varied(rng, [[3, 0], [0, 0]])))


def absent(rng):
    """Classes that are missing among the predictions, in the truth, or in both."""
    yield from never_predicted(rng)
    yield from never_true(rng)
    yield from neither(rng)


def without_hits(rng):
    """As before, and classes that occur and are predicted, but never where they occur."""
    yield from absent(rng)
    yield Case(**shuffled(rng, varied(rng, [[3, 1, 0], [2, 0, 1], [0, 2, 2]])))
    yield Case(**shuffled(rng, varied(rng, [[0, 2, 1], [1, 3, 0], [1, 0, 2]])))


precision = Exercise("metrics.precision")


@precision.check(two_classes, weight=3, public=True)
def share_of_what_was_called_one(subject, case):
    """For two classes it is the share of class 1 among the examples that were called 1."""
    return {"precision": subject.precision(**case, average="binary")}


@precision.check(many_classes, weight=2, public=True)
def every_class_has_its_own(subject, case):
    """Without an average there is one precision for each class, in the order of the labels."""
    return {"precision": subject.precision(**case, average=None)}


@precision.check(many_classes, weight=2, public=True)
def macro_counts_every_class_the_same(subject, case):
    """The macro average counts every class the same, however many examples it has."""
    return {"precision": subject.precision(**case, average="macro")}


@precision.check(many_classes)
def micro_counts_every_prediction_the_same(subject, case):
    """The micro average is the share of hits among the predictions of all classes together."""
    return {"precision": subject.precision(**case, average="micro")}


@precision.check(absent, weight=1.5)
def share_of_nothing_is_zero(subject, case):
    """A precision of 0/0 is 0, and counts in the mean of the classes that occur or are predicted."""
    return {
        "each": subject.precision(**case, average=None),
        "macro": subject.precision(**case, average="macro"),
        "binary": subject.precision(**case, average="binary"),
    }


@precision.check(gaps)
def only_classes_that_occur_count(subject, case):
    """Labels that occur neither as truth nor as prediction are no classes."""
    return {
        "each": subject.precision(**case, average=None),
        "macro": subject.precision(**case, average="macro"),
    }


@precision.check(more_classes, weight=0.5)
def class_one_against_all_others(subject, case):
    """With more than two classes, binary means class 1 against all others."""
    return {"precision": subject.precision(**case, average="binary")}


@precision.check(more_classes, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    for average in ("binary", "macro", "micro", None):
        subject.precision(case.true, case.pred, average)
    return {"true": case.true, "pred": case.pred}


precision.mutant(
    "recall",
    old="predicted = is_pred.sum(axis=1)",
    new="predicted = (true == classes[:, np.newaxis]).sum(axis=1)",
    hint="By what do you divide: by all that belong to the class, or by all that were called so?",
)
precision.mutant(
    "negative_predictive_value",
    old="is_pred = pred == classes[:, np.newaxis]",
    new="is_pred = pred != classes[:, np.newaxis]",
    hint="Which examples are positive for a class: those with its label, or all others?",
)
precision.mutant(
    "accuracy_of_the_class",
    old="hits = (is_pred & (true == pred)).sum(axis=1)\n    predicted = is_pred.sum(axis=1)",
    new="hits = (is_pred == (true == classes[:, np.newaxis])).sum(axis=1)\n"
    "    predicted = np.full(len(classes), len(true))",
    hint="Should examples count that neither belong to the class nor were called so?",
)
precision.mutant(
    "share_of_all_examples",
    old="predicted = is_pred.sum(axis=1)",
    new="predicted = np.full(len(classes), len(true))",
    hint="Among which examples is precision the share of hits: all of them?",
)
precision.mutant(
    "hits_to_mistakes",
    old="predicted = is_pred.sum(axis=1)",
    new="predicted = (is_pred & (true != pred)).sum(axis=1)",
    hint="What is below the line: the false positives, or the false positives and the true ones?",
)
precision.mutant(
    "weighed_by_size",
    old="float(np.mean(shares))",
    new="float(np.average(shares, weights=(true == classes[:, np.newaxis]).sum(axis=1) "
    'if average == "macro" else None))',
    hint="Does a class with more examples count more in the macro average?",
)

recall = Exercise("metrics.recall")


@recall.check(two_classes, weight=3, public=True)
def share_of_the_ones_that_was_found(subject, case):
    """For two classes it is the share that was called 1 among the examples of class 1."""
    return {"recall": subject.recall(**case, average="binary")}


@recall.check(many_classes, weight=2, public=True)
def every_class_has_its_own(subject, case):
    """Without an average there is one recall for each class, in the order of the labels."""
    return {"recall": subject.recall(**case, average=None)}


@recall.check(many_classes, weight=2, public=True)
def macro_counts_every_class_the_same(subject, case):
    """The macro average counts every class the same, however many examples it has."""
    return {"recall": subject.recall(**case, average="macro")}


@recall.check(many_classes)
def micro_counts_every_example_the_same(subject, case):
    """The micro average is the share of hits among the examples of all classes together."""
    return {"recall": subject.recall(**case, average="micro")}


@recall.check(absent, weight=1.5)
def share_of_nothing_is_zero(subject, case):
    """A recall of 0/0 is 0, and counts in the mean of the classes that occur or are predicted."""
    return {
        "each": subject.recall(**case, average=None),
        "macro": subject.recall(**case, average="macro"),
        "binary": subject.recall(**case, average="binary"),
    }


@recall.check(gaps)
def only_classes_that_occur_count(subject, case):
    """Labels that occur neither as truth nor as prediction are no classes."""
    return {
        "each": subject.recall(**case, average=None),
        "macro": subject.recall(**case, average="macro"),
    }


@recall.check(more_classes, weight=0.5)
def class_one_against_all_others(subject, case):
    """With more than two classes, binary means class 1 against all others."""
    return {"recall": subject.recall(**case, average="binary")}


@recall.check(more_classes, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    for average in ("binary", "macro", "micro", None):
        subject.recall(case.true, case.pred, average)
    return {"true": case.true, "pred": case.pred}


recall.mutant(
    "precision",
    old="actual = is_true.sum(axis=1)",
    new="actual = (pred == classes[:, np.newaxis]).sum(axis=1)",
    hint="By what do you divide: by all that were called so, or by all that belong to the class?",
)
recall.mutant(
    "specificity",
    old="is_true = true == classes[:, np.newaxis]",
    new="is_true = true != classes[:, np.newaxis]",
    hint="Of which examples should the share be found: those of the class, or all others?",
)
recall.mutant(
    "accuracy_of_the_class",
    old="hits = (is_true & (true == pred)).sum(axis=1)\n    actual = is_true.sum(axis=1)",
    new="hits = (is_true == (pred == classes[:, np.newaxis])).sum(axis=1)\n"
    "    actual = np.full(len(classes), len(true))",
    hint="Should examples count that neither belong to the class nor were called so?",
)
recall.mutant(
    "share_of_all_examples",
    old="actual = is_true.sum(axis=1)",
    new="actual = np.full(len(classes), len(true))",
    hint="Among which examples is recall the share of hits: all of them?",
)
recall.mutant(
    "hits_to_misses",
    old="actual = is_true.sum(axis=1)",
    new="actual = (is_true & (true != pred)).sum(axis=1)",
    hint="What is below the line: the false negatives, or the false negatives and the hits?",
)

for each, total, mask in ((precision, "predicted", "is_pred"), (recall, "actual", "is_true")):
    each.mutant(
        "not_a_number",
        old=f"np.maximum({total}, 1)",
        new=total,
        hint="What does your code return for a class where both counts are 0?",
    )
    each.mutant(
        "nothing_is_perfect",
        old=f"hits / np.maximum({total}, 1)",
        new=f"np.where({total} > 0, hits / np.maximum({total}, 1), 1.0)",
        hint="What is a share of nothing in this course?",
    )
    each.mutant(
        "nothing_is_left_out",
        old="float(np.mean(shares))",
        new=f"float(np.mean(shares[{total} > 0]))",
        hint="Over how many classes do you take the mean when the share of one of them is 0/0?",
    )
    each.mutant(
        "other_class_is_positive",
        old="np.array([1])",
        new="np.array([0])",
        hint="Which of the two labels is the positive one?",
    )
    each.mutant(
        "binary_is_an_average",
        old='np.array([1]) if average == "binary" else np.union1d(true, pred)',
        new="np.union1d(true, pred)",
        hint="Does the value of class 0 count when only class 1 is asked for?",
    )
    each.mutant(
        "macro_and_micro_swapped",
        old='average == "micro"',
        new='average == "macro"',
        hint="Which average adds the counts of all classes first, and which one the shares?",
    )
    each.mutant(
        "always_pooled",
        old='average == "micro"',
        new='average in {"macro", "micro"}',
        hint="Do small classes count as much as large ones in the macro average?",
    )
    each.mutant(
        "never_pooled",
        old=f"hits, {total} = hits.sum(), {total}.sum()",
        new="pass",
        hint="Do you add counts or average shares, when every example is to count the same?",
    )
    each.mutant(
        "classes_of_the_truth",
        old="np.union1d(true, pred)",
        new="np.unique(true)",
        hint="Is a label a class if it is predicted but never true?",
    )
    each.mutant(
        "classes_of_the_predictions",
        old="np.union1d(true, pred)",
        new="np.unique(pred)",
        hint="Is a label a class if it is true but never predicted?",
    )
    each.mutant(
        "gaps_are_classes",
        old="np.union1d(true, pred)",
        new="np.arange(max(np.max(true), np.max(pred)) + 1)",
        hint="Is a label a class if nobody has it and nobody predicts it?",
    )
    each.mutant(
        "always_one_number",
        old="shares if average is None else float(np.mean(shares))",
        new="float(np.mean(shares))",
        hint="How many numbers does somebody expect who asks for no average?",
    )
    each.mutant(
        "one_against_rest_in_place",
        old=f"{mask} = ",
        new=f'if average == "binary":\n        true[true != 1] = 0\n    {mask} = ',
        hint="Whose labels do you change when you make all other classes one?",
    )

precision.alternative(
    "counts_in_a_loop",
    """
    def precision(true, pred, average):
        require_labels(true, pred)
        require_average(average)
        names = [1] if average == "binary" else sorted({*true.tolist(), *pred.tolist()})
        hits, totals = [], []
        for name in names:
            positives = [t for t, p in zip(true, pred) if p == name]
            hits.append(sum(1 for t in positives if t == name))
            totals.append(len(positives))
        if average == "micro":
            return sum(hits) / sum(totals)
        shares = [hit / total if total else 0.0 for hit, total in zip(hits, totals)]
        return np.array(shares) if average is None else sum(shares) / len(shares)
    """,
)
precision.alternative(
    "columns_of_a_table",
    """
    def precision(true, pred, average):
        table = confusion_matrix(true, pred, 2 + max(true.max(), pred.max()))
        hits, columns = np.diag(table), table.sum(axis=0)
        occurs = columns + table.sum(axis=1) > 0
        if average == "micro":
            return hits.sum() / table.sum()
        shares = np.zeros(len(table))
        np.divide(hits, columns, out=shares, where=columns > 0)
        if average == "binary":
            return shares[1]
        return shares[occurs] if average is None else shares[occurs].mean()
    """,
)
precision.alternative(
    "recall_the_other_way_round",
    """
    def precision(true, pred, average):
        return recall(pred, true, average)
    """,
)
precision.alternative(
    "false_positives",
    """
    def precision(true, pred, average):
        def of(name):
            tp = np.count_nonzero((pred == name) & (true == name))
            fp = np.count_nonzero((pred == name) & (true != name))
            return np.array([tp, fp])

        if average == "binary":
            tp, fp = of(1)
            return tp / (tp + fp) if tp > 0 else 0
        counts = np.array([of(name) for name in np.unique(np.concatenate([true, pred]))])
        if average == "micro":
            tp, fp = counts.sum(axis=0)
            return float(tp / (tp + fp))
        with np.errstate(invalid="ignore"):
            each = np.nan_to_num(counts[:, 0] / counts.sum(axis=1))
        return each if average is None else np.sum(each) / each.size
    """,
)
recall.alternative(
    "counts_in_a_loop",
    """
    def recall(true, pred, average):
        require_labels(true, pred)
        require_average(average)
        names = [1] if average == "binary" else sorted({*true.tolist(), *pred.tolist()})
        hits, totals = [], []
        for name in names:
            guesses = [p for t, p in zip(true, pred) if t == name]
            hits.append(sum(1 for p in guesses if p == name))
            totals.append(len(guesses))
        if average == "micro":
            return sum(hits) / sum(totals)
        shares = [hit / total if total else 0.0 for hit, total in zip(hits, totals)]
        return np.array(shares) if average is None else sum(shares) / len(shares)
    """,
)
recall.alternative(
    "rows_of_a_table",
    """
    def recall(true, pred, average):
        if average == "micro":
            return accuracy(true, pred)
        if average == "binary":
            true, pred = (true == 1).astype(int), (pred == 1).astype(int)
        table = confusion_matrix(true, pred, 2 + max(true.max(), pred.max()))
        rows = table.sum(axis=1)
        shares = np.diag(table) / np.where(rows, rows, 1)
        if average == "binary":
            return shares[1]
        occurs = (rows > 0) | table.any(axis=0)
        return shares[occurs] if average is None else float(np.mean(shares[occurs]))
    """,
)
recall.alternative(
    "precision_the_other_way_round",
    """
    def recall(true, pred, average):
        return precision(pred, true, average)
    """,
)
recall.alternative(
    "means_of_hits",
    """
    def recall(true, pred, average):
        right = np.equal(true, pred)
        if average == "micro":
            return right.mean()
        names = [1] if average == "binary" else np.union1d(true, pred)
        each = [right[true == name].mean() if name in true else 0.0 for name in names]
        return np.array(each) if average is None else np.mean(each)
    """,
)


f1 = Exercise("metrics.f1")


@f1.check(two_classes, weight=3, public=True)
def harmonic_mean_of_precision_and_recall(subject, case):
    """For two classes it is the harmonic mean of precision and recall of class 1."""
    return {"f1": subject.f1(**case, average="binary")}


@f1.check(many_classes, weight=2, public=True)
def every_class_has_its_own(subject, case):
    """Without an average there is one F1 for each class, in the order of the labels."""
    return {"f1": subject.f1(**case, average=None)}


@f1.check(many_classes, weight=2)
def macro_is_the_mean_over_the_classes(subject, case):
    """The macro average is the mean of the F1 of all classes."""
    return {"f1": subject.f1(**case, average="macro")}


@f1.check(many_classes, weight=0.5)
def micro_is_that_of_all_classes_together(subject, case):
    """The micro average comes from the micro averages of precision and recall."""
    return {"f1": subject.f1(**case, average="micro")}


@f1.check(without_hits, weight=1.5)
def share_of_nothing_is_zero(subject, case):
    """A class without a hit has the F1 0, which counts in the mean."""
    return {
        "each": subject.f1(**case, average=None),
        "macro": subject.f1(**case, average="macro"),
        "binary": subject.f1(**case, average="binary"),
    }


@f1.check(gaps, weight=0.5)
def only_classes_that_occur_count(subject, case):
    """Labels that occur neither as truth nor as prediction are no classes."""
    return {
        "each": subject.f1(**case, average=None),
        "macro": subject.f1(**case, average="macro"),
    }


@f1.check(more_classes, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    for average in ("binary", "macro", "micro", None):
        subject.f1(case.true, case.pred, average)
    return {"true": case.true, "pred": case.pred}


HARMONIC = "2 * p * r / (p + r) if p + r > 0 else 0.0"

f1.mutant(
    "arithmetic_mean",
    old=HARMONIC,
    new="(p + r) / 2",
    hint="Precision 1 and recall 0: is that half good, or no good at all?",
)
f1.mutant(
    "geometric_mean",
    old=HARMONIC,
    new="(p * r) ** 0.5",
    hint="Which of the three classical means is asked for?",
)
f1.mutant(
    "inverted",
    old=HARMONIC,
    new="(p + r) / (2 * p * r) if p * r > 0 else 0.0",
    hint="Can a mean of two shares be larger than 1? What is above the line, and what below it?",
)
f1.mutant(
    "no_factor_two",
    old="2 * p * r",
    new="p * r",
    hint="Precision 1 and recall 1: what should their mean be?",
)
f1.mutant(
    "f1_of_means",
    old='average in {"binary", "micro"}',
    new="average is not None",
    hint="Do you take the mean before the F1 of each class, or after it?",
)
f1.mutant(
    "micro_is_macro",
    old='average in {"binary", "micro"}',
    new='average == "binary"',
    hint="Which of the averages adds the counts of all classes before it divides?",
)
f1.mutant(
    "weighed_by_size",
    old="float(each.mean())",
    new="float(np.average(each, weights=[np.sum(true == k) for k in classes]))",
    hint="Does a class with more examples count more in the macro average?",
)
f1.mutant(
    "not_a_number",
    old=HARMONIC,
    new="float(np.divide(2 * p * r, p + r))",
    hint="What does your code return where precision and recall are both 0?",
)
f1.mutant(
    "division_by_zero",
    old=" if p + r > 0 else 0.0",
    new="",
    hint="What does Python do with 0.0 / 0.0, and when are precision and recall both 0?",
)
f1.mutant(
    "nothing_is_left_out",
    old="each.mean()",
    new="each[each > 0].mean()",
    hint="Over how many classes do you take the mean when one of them has no hit?",
)
f1.mutant(
    "classes_of_the_truth",
    old="np.union1d(true, pred)",
    new="np.unique(true)",
    hint="Is a label a class if it is predicted but never true?",
)
f1.mutant(
    "gaps_are_classes",
    old="np.union1d(true, pred)",
    new="np.arange(max(np.max(true), np.max(pred)) + 1)",
    hint="Is a label a class if nobody has it and nobody predicts it?",
)
f1.mutant(
    "precision_twice",
    old="recall(true, pred, average)",
    new="precision(true, pred, average)",
    hint="Which two numbers do you take the mean of?",
)
f1.mutant(
    "always_one_number",
    old="each if average is None else float(each.mean())",
    new="float(each.mean())",
    hint="How many numbers does somebody expect who asks for no average?",
)
f1.mutant(
    "one_against_rest_in_place",
    old="if average in {",
    new='if average == "binary":\n        true[true != 1] = 0\n    if average in {',
    hint="Whose labels do you change when you make all other classes one?",
)
f1.alternative(
    "counts",
    """
    def f1(true, pred, average):
        require_labels(true, pred)
        require_average(average)
        names = np.array([1]) if average == "binary" else np.union1d(true, pred)
        twice, totals = [], []
        for name in names:
            twice.append(2 * np.sum((true == name) & (pred == name)))
            totals.append(np.sum(true == name) + np.sum(pred == name))
        if average == "micro":
            twice, totals = [sum(twice)], [sum(totals)]
        each = np.array(twice) / np.maximum(totals, 1)
        return each if average is None else each.mean()
    """,
)
f1.alternative(
    "mean_of_reciprocals",
    """
    def f1(true, pred, average):
        import statistics

        if average == "macro":
            return np.mean(f1(true, pred, None))
        pairs = np.atleast_1d(precision(true, pred, average)), np.atleast_1d(recall(true, pred, average))
        means = [statistics.harmonic_mean([float(p), float(r)]) for p, r in zip(*pairs)]
        return np.array(means) if average is None else means[0]
    """,
)
f1.alternative(
    "table",
    """
    def f1(true, pred, average):
        if average == "micro":
            return accuracy(true, pred)
        classes = 2 + int(max(true.max(), pred.max()))
        table = confusion_matrix(true, pred, classes)
        hits = table.diagonal()
        misses, alarms = table.sum(axis=1) - hits, table.sum(axis=0) - hits
        each = {}
        for k in range(classes):
            total = hits[k] + 0.5 * (misses[k] + alarms[k])
            each[k] = hits[k] / total if total else 0.0
        if average == "binary":
            return each[1]
        occurring = np.array([each[k] for k in np.union1d(true, pred)])
        return occurring if average is None else float(occurring.mean())
    """,
)
