"""Accuracy, the confusion matrix and top-k accuracy: metrics that count examples."""

import numpy as np
from checks._tables import shuffled, uneven

from autograder.declare import Case, Exercise, exact, raises


def pairs(rng):
    """True and predicted labels of two, three and four classes."""
    for classes in (3, 2, 4):
        yield Case(**shuffled(rng, uneven(rng, classes)))


def chances(rng):
    """Probabilities of class 1, none near one half: about two thirds lean the right way."""
    for n in (6, 9, 5):
        true = rng.permutation(np.arange(n) % 2)
        right = rng.permutation(np.arange(n) % 3 > 0)
        lean = rng.uniform(0.05, 0.45, n)
        yield Case(true=true, pred=np.where(right == (true == 1), 0.5 + lean, 0.5 - lean))


def halves(rng):
    """Probabilities of which some are exactly one half; more of these are 1 than 0."""
    for true, pred in [
        ([1, 1, 0, 0], [0.5, 0.5, 0.5, 0.25]),
        ([1, 1, 1, 0, 0], [0.5, 0.875, 0.5, 0.5, 0.125]),
    ]:
        order = rng.permutation(len(true))
        yield Case(true=np.array(true)[order].tolist(), pred=np.array(pred)[order].tolist())


def ranked(rng, ranks, classes):
    """Draw a table of scores in which the true class of each row has the rank that is given."""
    steps = np.arange(classes) + rng.uniform(0.0, 0.5, (len(ranks), classes))
    scores = rng.permuted(0.4 * steps, axis=1) + rng.uniform(-1.5, 1.0, (len(ranks), 1))
    order = np.argsort(-scores, axis=1)
    return scores, order[np.arange(len(ranks)), ranks]


def score_tables(rng):
    """More rows than classes, fewer, as many, and two classes."""
    for ranks, classes in [([0, 1, 0, 2, 0], 3), ([0, 3], 5), ([0, 1, 0], 3), ([0, 0, 1, 0], 2)]:
        scores, labels = ranked(rng, rng.permutation(ranks), classes)
        yield Case(true=labels, pred=scores)


def level_scores(rng):
    """Rows in which two or all scores share the first place; lists, so that they stay equal."""
    rows = [[2.0, 2.0, 1.0], [0.5, 3.0, 3.0], [1.0, 1.0, 1.0], [4.0, -1.0, 4.0], [0.0, 0.0, -2.0]]
    for true in ([0, 1, 0, 2, 1], [1, 1, 0, 0, 0]):
        order = rng.permutation(5)
        yield Case(true=np.array(true)[order].tolist(), pred=np.array(rows)[order].tolist())


def misfits(rng):
    """Columns against vectors, labels and probabilities, and one prediction for all."""
    true, pred = shuffled(rng, uneven(rng, 2)).values()
    yield Case(true=true, pred=pred[:, np.newaxis])
    yield Case(true=true[:, np.newaxis], pred=pred)
    yield Case(true=true, pred=rng.uniform(0.05, 0.45, (len(true), 1)))
    yield Case(true=true, pred=pred[:1])


def one_of_each_kind(rng):
    """Labels, probabilities, scores."""
    yield next(iter(pairs(rng)))
    yield next(iter(chances(rng)))
    yield next(iter(score_tables(rng)))


accuracy = Exercise("metrics.accuracy")


@accuracy.check(pairs, weight=3, public=True)
def accuracy_is_the_share_of_right_answers(subject, case):
    """The accuracy is the share of examples whose predicted label is the true one."""
    return {"accuracy": subject.accuracy(**case)}


@accuracy.check(chances, weight=2, public=True)
def probabilities_become_labels(subject, case):
    """Floats of shape (N,) are probabilities of class 1, and more than one half means 1."""
    return {"accuracy": subject.accuracy(**case)}


@accuracy.check(score_tables, weight=2, public=True)
def largest_score_of_a_row_is_the_label(subject, case):
    """In a table with a column for each class, the largest score of a row is the prediction."""
    return {"accuracy": subject.accuracy(**case)}


@accuracy.check(halves)
def one_half_means_one(subject, case):
    """A probability of exactly 0.5 means 1."""
    return {"accuracy": subject.accuracy(np.array(case.true), np.array(case.pred))}


@accuracy.check(level_scores, weight=0.5)
def first_of_equal_scores_counts(subject, case):
    """Of several equal scores in the first place, the lowest class is the prediction."""
    return {"accuracy": subject.accuracy(np.array(case.true), np.array(case.pred))}


@accuracy.check(misfits, judge=raises(ValueError))
def other_shapes_are_refused(subject, case):
    """Shapes that do not fit raise ValueError, also where numpy would broadcast them."""
    return {"accuracy": subject.accuracy(**case)}


@accuracy.check(one_of_each_kind, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.accuracy(**case)
    return {"true": case.true, "pred": case.pred}


MEAN = "float((labels == true).mean())"

accuracy.mutant(
    "broadcasts",
    old="if np.shape(true) != labels.shape:",
    new="if False:",
    hint="What does numpy make of an array of shape (N, 1) that is compared with one of shape (N,)?",
)
accuracy.mutant(
    "flattens",
    old="if np.shape(true) != labels.shape:",
    new="true, labels = np.ravel(true), labels.ravel()\n    if labels.size not in {1, true.size}:",
    hint="Does the course repair shapes that do not fit, or does it refuse them?",
)
accuracy.mutant(
    "largest_of_a_column",
    old="argmax(axis=1)",
    new="argmax(axis=0)",
    hint="How many labels should a table of N rows give, and along which axis do you look?",
)
accuracy.mutant(
    "last_of_equal_scores",
    old="labels.argmax(axis=1)",
    new="labels.shape[1] - 1 - labels[:, ::-1].argmax(axis=1)",
    hint="When two classes share the largest score, which of them does your code choose?",
)
accuracy.mutant(
    "smallest_score",
    old="argmax",
    new="argmin",
    hint="Does a large score speak for a class, or against it?",
)
accuracy.mutant(
    "scores_against_one_half",
    old="labels.argmax(axis=1)",
    new="(labels[:, 1] >= 0.5).astype(int)",
    hint="A table has a score for each class. What do you do with the other columns?",
)
accuracy.mutant(
    "half_means_zero",
    old=">= 0.5",
    new="> 0.5",
    hint="Which label does your code give to a probability of exactly one half?",
)
accuracy.mutant(
    "truncated",
    old="labels >= 0.5",
    new="labels.astype(int)",
    hint="What does a conversion to integers make of 0.9?",
)
accuracy.mutant(
    "probabilities_compared",
    old="labels = labels >= 0.5",
    new="pass",
    hint="Can a probability be equal to a label? What has to happen first?",
)
accuracy.mutant(
    "threshold_at_zero",
    old=">= 0.5",
    new=">= 0",
    hint="Where is the border between the labels for logits, and where for probabilities?",
)
accuracy.mutant(
    "error_rate",
    old="labels == true",
    new="labels != true",
    hint="Which share do you report: that of right answers, or that of wrong ones?",
)
accuracy.mutant(
    "count",
    old=".mean()",
    new=".sum()",
    hint="Is your result a share, or a number of examples?",
)
accuracy.mutant(
    "percent",
    old=MEAN,
    new="100 * " + MEAN,
    hint="Between which two numbers does a share lie?",
)
accuracy.mutant(
    "not_reduced",
    old=MEAN,
    new="(labels == true).astype(float)",
    hint="You have an answer for each example. How many numbers is the accuracy?",
)
accuracy.mutant(
    "mean_over_classes",
    old=MEAN,
    new="float(np.mean([(labels == true)[true == k].mean() for k in np.unique(true)]))",
    hint="Does every example count the same, or every class?",
)
accuracy.mutant(
    "rounded_in_place",
    old="labels = labels >= 0.5",
    new="pred[...] = np.floor(labels + 0.5)\n        labels = pred",
    hint="Whose probabilities do you replace by labels?",
)
accuracy.alternative(
    "loop",
    """
    def accuracy(true, pred):
        if np.ndim(true) != 1 or len(true) != len(pred):
            raise ValueError("one prediction for each label")
        right = 0
        for label, guess in zip(true, pred):
            if np.ndim(guess) == 1 and len(guess) > 1:
                guess = max(range(len(guess)), key=list(guess).__getitem__)
            elif np.ndim(guess):
                raise ValueError("a column is no list of labels")
            elif isinstance(guess, (float, np.floating)):
                guess = 0 if guess < 0.5 else 1
            right += int(guess == label)
        return right / len(true)
    """,
)
accuracy.alternative(
    "mistakes",
    """
    def accuracy(true, pred):
        if pred.ndim > 1 and pred.shape[-1] >= 2:
            pred = np.argsort(-as_float(pred), axis=-1, kind="stable")[:, 0]
        if pred.dtype.kind == "f":
            pred = np.floor(pred + 0.5)
        if pred.shape != true.shape:
            raise ValueError("one prediction for each label")
        return 1 - np.count_nonzero(pred - true) / true.size
    """,
)
accuracy.alternative(
    "trace_of_a_table",
    """
    def accuracy(true, pred):
        if pred.ndim == 2 and pred.shape[1] != 1:
            pred = np.argmax(pred, axis=1)
        elif not np.issubdtype(pred.dtype, np.integer):
            pred = np.where(pred < 0.5, 0, 1)
        if np.array_equal(np.shape(true), np.shape(pred)):
            table = np.zeros((1 + max(true.max(), pred.max()),) * 2)
            np.add.at(table, (true, pred), 1)
            return np.trace(table) / table.sum()
        raise ValueError("one prediction for each label")
    """,
)


def few_classes(rng):
    """Two classes, three, four; every class occurs."""
    for classes in (2, 3, 4):
        yield Case(**shuffled(rng, uneven(rng, classes)), classes=classes)


def more_classes(rng):
    """One example, one class, seven classes; predictions without a mistake."""
    yield Case(true=np.array([2]), pred=np.array([0]), classes=3)
    yield Case(true=np.zeros(4, int), pred=np.zeros(4, int), classes=1)
    yield Case(**shuffled(rng, rng.integers(0, 3, (7, 7))), classes=7)
    labels = rng.permutation([0, 0, 1, 2, 2, 2])
    yield Case(true=labels, pred=labels.copy(), classes=3)


def absent_classes(rng):
    """The last class occurs nowhere, then the first, then one in between."""
    for absent in (3, 0, 1):
        counts = np.insert(np.insert(uneven(rng, 3), absent, 0, axis=0), absent, 0, axis=1)
        yield Case(**shuffled(rng, counts), classes=4)


def bytes_of_labels(rng):
    """Labels of one byte for 20 classes, signed and unsigned."""
    for dtype in (np.uint8, np.int8):
        true, pred = rng.integers(14, 20, (2, 8)).astype(dtype)
        yield Case(true=true, pred=pred, classes=20)


confusion_matrix = Exercise("metrics.confusion_matrix")


@confusion_matrix.check(few_classes, weight=3, public=True)
def rows_are_true_and_columns_predicted(subject, case):
    """Entry (j, k) counts the examples of class j that were taken for class k."""
    return {"counts": 1.0 * subject.confusion_matrix(**case)}  # whole numbers may be floats here


@confusion_matrix.check(absent_classes, weight=1.5, public=True)
def absent_classes_have_a_row_and_a_column(subject, case):
    """A class that does not occur has a row and a column all the same."""
    return {"counts": 1.0 * subject.confusion_matrix(**case)}


@confusion_matrix.check(more_classes, weight=2)
def every_example_is_counted_once(subject, case):
    """Every example is counted once, whatever the number of examples and classes."""
    return {"counts": 1.0 * subject.confusion_matrix(**case)}


@confusion_matrix.check(few_classes, weight=0.5, judge=exact)
def counts_are_integers(subject, case):
    """The counts are integers."""
    return {"kind": subject.confusion_matrix(**case).dtype.kind in "iu"}


@confusion_matrix.check(bytes_of_labels, weight=0.5)
def labels_of_one_byte_are_accepted(subject, case):
    """Labels may be integers of any size, also of one byte."""
    return {"counts": 1.0 * subject.confusion_matrix(**case)}


@confusion_matrix.check(few_classes, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.confusion_matrix(**case)
    return {"true": case.true, "pred": case.pred}


ZEROS = "counts = np.zeros((classes, classes), dtype=np.int64)"
LOOP = "for row, column in zip(true, pred, strict=True):\n        counts[row, column] += 1"

confusion_matrix.mutant(
    "transposed",
    old="counts[row, column]",
    new="counts[column, row]",
    hint="What do the rows stand for in this course: the true labels, or the predicted ones?",
)
confusion_matrix.mutant(
    "as_large_as_the_labels",
    old=ZEROS,
    new=f"classes = int(max(np.max(true), np.max(pred))) + 1\n    {ZEROS}",
    hint="How many rows should there be when the last class does not occur?",
)
confusion_matrix.mutant(
    "classes_that_occur",
    old=ZEROS,
    new="names = np.union1d(true, pred)\n"
    "    true, pred, classes = np.searchsorted(names, true), np.searchsorted(names, pred), "
    f"len(names)\n    {ZEROS}",
    hint="Which row belongs to class 2 if class 1 does not occur?",
)
confusion_matrix.mutant(
    "pairs_once",
    old=LOOP,
    new="counts[true, pred] += 1",
    hint="How often does numpy add 1 to an entry whose index occurs twice?",
)
confusion_matrix.mutant(
    "positive_first",
    old="return counts",
    new="return counts[::-1, ::-1]",
    hint="Which class does the first row belong to: that of the lowest label, or the positive one?",
)
confusion_matrix.mutant(
    "shares_of_rows",
    old="return counts",
    new="return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)",
    hint="Are counts asked for, or shares of a row?",
)
confusion_matrix.mutant(
    "hits_only",
    old="counts[row, column] += 1",
    new="counts[row, column] += row == column",
    hint="Where in your table are the mistakes?",
)
confusion_matrix.mutant(
    "symmetric",
    old="return counts",
    new="return counts + counts.T - np.diag(counts.diagonal())",
    hint="Is a 0 that is taken for a 1 the same mistake as a 1 that is taken for a 0?",
)
confusion_matrix.mutant(
    "counted_from_one",
    old="counts[row, column]",
    new="counts[row - 1, column - 1]",
    hint="Which index does the class with label 0 have?",
)
confusion_matrix.mutant(
    "floats",
    old=", dtype=np.int64",
    new="",
    hint="Which dtype does an array of zeros have when you do not ask for one?",
)
confusion_matrix.mutant(
    "index_overflows",
    old=LOOP,
    new="index = true * classes + pred\n"
    "    for each in index:\n        counts[each // classes % classes, each % classes] += 1",
    hint="What is 19 times 20 in a single byte?",
)
confusion_matrix.mutant(
    "sorted_in_place",
    old="return counts",
    new="true.sort()\n    return counts",
    hint="Whose labels are in another order after the call?",
)
confusion_matrix.alternative(
    "add_at",
    """
    def confusion_matrix(true, pred, classes):
        table = np.zeros([classes, classes], dtype=int)
        np.add.at(table, (true, pred), 1)
        return table
    """,
)
confusion_matrix.alternative(
    "one_hot_product",
    """
    def confusion_matrix(true, pred, classes):
        rows = np.eye(classes, dtype=np.int32)[true]
        columns = np.eye(classes, dtype=np.int32)[pred]
        return rows.T @ columns
    """,
)
confusion_matrix.alternative(
    "bincount",
    """
    def confusion_matrix(true, pred, classes):
        pairs = classes * np.asarray(true, dtype=np.int64) + pred
        return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)
    """,
)
confusion_matrix.alternative(
    "entry_by_entry",
    """
    def confusion_matrix(true, pred, classes):
        return np.array(
            [[np.sum((true == j) & (pred == k)) for k in range(classes)] for j in range(classes)]
        )
    """,
)


def guesses(rng):
    """True classes of different ranks; one guess, two, three."""
    for ranks, classes, k in [
        ([0, 0, 0, 1, 1, 2, 3], 4, 2),
        ([0, 1, 2, 2, 4], 5, 3),
        ([0, 0, 1, 2, 2, 2, 1], 3, 1),
    ]:
        scores, labels = ranked(rng, rng.permutation(ranks), classes)
        yield Case(scores=scores, labels=labels, k=k)


def more_guesses(rng):
    """As many rows as classes, a single row, two classes, as many guesses as classes."""
    for ranks, classes, k in [
        ([0, 1, 1, 3], 4, 2),
        ([0, 1, 2, 0, 3], 5, 1),
        ([2], 6, 3),
        ([2], 6, 2),
        ([0, 1, 1, 1], 2, 1),
        ([0, 1, 2, 2, 3], 4, 4),
    ]:
        scores, labels = ranked(rng, rng.permutation(ranks), classes)
        yield Case(scores=scores, labels=labels, k=k)


def level_guesses(rng):
    """Rows with equal scores, whose true class comes first among them, then last."""
    rows = [[2.0, 3.0, 2.0, 2.0], [1.0, 1.0, 1.0, 1.0], [5.0, 5.0, 0.0, 5.0], [0.0, 4.0, 4.0, 0.0]]
    for labels in ([3, 3, 3, 3], [0, 0, 0, 0]):
        for k in (1, 2, 3):
            order = rng.permutation(4)
            scores = np.array(rows)[order].tolist()
            yield Case(scores=scores, labels=np.array(labels)[order].tolist(), k=k)


def many_guesses(rng):
    """More guesses than classes."""
    for ranks, classes, k in [([0, 1, 2, 2, 1], 3, 4), ([0, 1, 1], 2, 9)]:
        scores, labels = ranked(rng, ranks, classes)
        yield Case(scores=scores, labels=labels, k=k)


def byte_scores(rng):
    """Unsigned bytes, of which some are 0, then signed integers."""
    for shift, dtype in [(0, np.uint8), (-100, np.int64)]:
        table = rng.permuted(np.tile([0, 60, 130, 200], (8, 1)), axis=1)
        places = rng.permutation([3, 3, 3, 2, 2, 1, 1, 0])
        labels = np.argsort(table, axis=1)[np.arange(8), places]
        for k in (1, 2):
            yield Case(scores=(table + shift).astype(dtype), labels=labels, k=k)


top_k_accuracy = Exercise("metrics.top_k_accuracy")


@top_k_accuracy.check(guesses, weight=3, public=True)
def true_class_is_among_the_best(subject, case):
    """A row counts if its true class is among the k classes with the largest scores."""
    return {"share": subject.top_k_accuracy(**case)}


@top_k_accuracy.check(more_guesses, weight=2)
def any_number_of_rows_classes_and_guesses(subject, case):
    """The share is that of the rows, however many rows, classes and guesses there are."""
    return {"share": subject.top_k_accuracy(**case)}


@top_k_accuracy.check(level_guesses, weight=1.5, public=True)
def only_greater_scores_count_against_a_class(subject, case):
    """Only classes with a strictly greater score come before the true one, wherever they stand."""
    scores, labels = np.array(case.scores), np.array(case.labels)
    return {"share": subject.top_k_accuracy(scores, labels, case.k)}


@top_k_accuracy.check(many_guesses, weight=0.5)
def more_guesses_than_classes_find_everything(subject, case):
    """With more guesses than classes the share is 1."""
    return {"share": subject.top_k_accuracy(**case)}


@top_k_accuracy.check(byte_scores, weight=0.5)
def integers_are_accepted(subject, case):
    """Scores may be integers, also unsigned bytes, which have no negative."""
    return {"share": subject.top_k_accuracy(**case)}


@top_k_accuracy.check(guesses, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The arguments are left as they were."""
    subject.top_k_accuracy(**case)
    return {"scores": case.scores, "labels": case.labels}


AHEAD = "ahead = (scores > true_scores[:, np.newaxis]).sum(axis=1)"

top_k_accuracy.mutant(
    "one_guess_more",
    old="ahead < k",
    new="ahead <= k",
    hint="With a single guess, how many classes may come before the true one?",
)
top_k_accuracy.mutant(
    "one_guess_less",
    old="ahead < k",
    new="ahead + 1 < k",
    hint="Does a true class with the largest score of all count when there is one guess?",
)
top_k_accuracy.mutant(
    "first_guess_only",
    old="ahead < k",
    new="ahead < 1",
    hint="What does your code do with its third argument?",
)
top_k_accuracy.mutant(
    "last_guess_only",
    old="ahead < k",
    new="ahead == k - 1",
    hint="Must the true class be the k-th best, or may it be better than that?",
)
top_k_accuracy.mutant(
    "worst_k",
    old="scores > true_scores",
    new="scores < true_scores",
    hint="From which end of the sorted scores do you take your guesses?",
)
top_k_accuracy.mutant(
    "ties_against_the_class",
    old=AHEAD,
    new="ahead = (scores >= true_scores[:, np.newaxis]).sum(axis=1) - 1",
    hint="Does a class with the same score come before the true one?",
)
top_k_accuracy.mutant(
    "ties_by_order",
    old=AHEAD,
    new='order = np.argsort(-as_float(scores), axis=1, kind="stable")\n'
    "    ahead = (order == labels[:, np.newaxis]).argmax(axis=1)",
    hint="If the classes had other numbers, would equal scores still give the same share?",
)
top_k_accuracy.mutant(
    "negative_bytes",
    old="scores > true_scores[:, np.newaxis]",
    new="-scores < -true_scores[:, np.newaxis]",
    hint="What is the negative of 0, and of 1, in an unsigned byte?",
)
top_k_accuracy.mutant(
    "divided_by_the_guesses",
    old="(ahead < k).mean()",
    new="(ahead < k).mean() / k",
    hint="A row has one true class. Can more guesses make the share smaller?",
)
top_k_accuracy.mutant(
    "count",
    old=".mean()",
    new=".sum()",
    hint="Is your result a share, or a number of rows?",
)
top_k_accuracy.mutant(
    "not_reduced",
    old="float((ahead < k).mean())",
    new="(ahead < k).astype(float)",
    hint="You have an answer for each row. How many numbers is the share?",
)
top_k_accuracy.mutant(
    "axis_lost",
    old="true_scores[:, np.newaxis]",
    new="true_scores",
    hint="Along which axis does numpy spread an array of shape (N,) over a table?",
)
top_k_accuracy.mutant(
    "sorted_in_place",
    old="return float",
    new="scores.sort(axis=1)\n    return float",
    hint="Whose array does the method sort change?",
)
top_k_accuracy.alternative(
    "loop",
    """
    def top_k_accuracy(scores, labels, k):
        found = 0
        for row, label in zip(scores, labels):
            better = [score for score in row if score > row[label]]
            if len(better) < k:
                found += 1
        return found / len(labels)
    """,
)
top_k_accuracy.alternative(
    "kth_largest",
    """
    def top_k_accuracy(scores, labels, k):
        n, classes = scores.shape
        worst = np.sort(scores, axis=1)[:, -min(k, classes)]
        own = np.take_along_axis(scores, labels.reshape(n, 1), axis=1).ravel()
        return np.mean(own >= worst)
    """,
)
top_k_accuracy.alternative(
    "partition",
    """
    def top_k_accuracy(scores, labels, k):
        places = scores.shape[1] - k
        if places <= 0:
            return 1.0
        worst = np.partition(scores, places, axis=1)[:, places]
        return sum(scores[i, label] >= worst[i] for i, label in enumerate(labels)) / len(labels)
    """,
)
