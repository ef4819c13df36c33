"""Mini-batches. The order is the student's own, so the checks observe what holds for any order."""

import numpy as np

from autograder.declare import Case, Exercise, exact, raises


def examples(rng, n, *shape, batch_size, dtype=np.float64, **options):
    """Draw `n` examples whose first number is half their label, so that it tells the label."""
    labels = 3 * rng.permutation(n) + 1
    x = rng.standard_normal((n, *shape))
    x.reshape(n, -1)[:, 0] = labels / 2
    return Case(
        x=x.astype(dtype),
        labels=labels,
        batch_size=batch_size,
        seed=int(rng.integers(2**32)),
        **options,
    )


def epoch(subject, case, rng=None, **options):
    """Return the batches of one epoch, and refuse what is not a list of pairs."""
    rng = np.random.default_rng(case.seed) if rng is None else rng
    batches = subject.minibatches(
        case.x.copy(), case.labels.copy(), case.batch_size, rng, **options
    )
    pairs = [batches[number] for number in range(len(batches))]
    return [(rows, labels) for rows, labels in pairs]


def joined(batches):
    """Return the rows and the labels of all batches, one after the other."""
    return (
        np.concatenate([rows for rows, _ in batches]),
        np.concatenate([labels for _, labels in batches]),
    )


def sizes(batches):
    """Return how many rows and how many labels each batch holds."""
    return {
        "rows": [len(rows) for rows, _ in batches],
        "labels": [len(labels) for _, labels in batches],
    }


def by_size(rng):
    """A size that divides the number of examples and sizes that do not, one example at a time."""
    for n, size in [(6, 3), (7, 3), (10, 4), (3, 1)]:
        yield examples(rng, n, 2, batch_size=size)


def ordinary(rng):
    """With and without a remainder."""
    for n, size in [(9, 3), (11, 4), (13, 5)]:
        yield examples(rng, n, 2, batch_size=size)


def large_sizes(rng):
    """A batch for all examples, and one with room for more."""
    for n, size in [(5, 5), (5, 6), (4, 100)]:
        yield examples(rng, n, 2, batch_size=size)


def remainders(rng):
    """A remainder, none, and fewer examples than one batch."""
    for n, size in [(7, 3), (6, 3), (11, 4), (3, 5)]:
        yield examples(rng, n, 2, batch_size=size)


def many(rng):
    """So many examples that no order occurs twice by chance."""
    for size in (20, 16):
        yield examples(rng, 60, 2, batch_size=size)


def one_left_out(rng):
    """One example more than fits."""
    yield examples(rng, 31, 2, batch_size=30)


def images(rng):
    """Examples that are tables or stacks of tables."""
    yield examples(rng, 5, 3, 4, batch_size=2)
    yield examples(rng, 5, 2, 3, 4, batch_size=3)


def singles(rng):
    """Examples in float32 with labels in int16."""
    case = examples(rng, 7, 3, batch_size=3, dtype=np.float32)
    yield Case(**{**case, "labels": case.labels.astype(np.int16)})


def without_rows(rng):
    """No rows in a batch, or fewer than none; no rows where the remainder is dropped."""
    yield examples(rng, 4, 2, batch_size=0, drop_last=False)
    yield examples(rng, 4, 2, batch_size=-1, drop_last=False)
    yield examples(rng, 4, 2, batch_size=0, drop_last=True)


def uneven(rng):
    """More labels than rows, then fewer."""
    for change in (1, -1):
        case = examples(rng, 6, 2, batch_size=4)
        yield Case(**{**case, "labels": np.arange(6 + change)})


exercise = Exercise("batches.minibatches")


@exercise.check(by_size, weight=2, public=True, judge=exact)
def batches_are_full_but_for_the_last(subject, case):
    """Every batch holds as many rows and labels as asked for; the last one holds the remainder."""
    return sizes(epoch(subject, case))


@exercise.check(ordinary, weight=2, public=True, judge=exact)
def every_example_occurs_once(subject, case):
    """Every example occurs exactly once in an epoch, and so does every label."""
    rows, labels = joined(epoch(subject, case))
    return {"rows": rows[np.argsort(rows[:, 0], kind="stable")], "labels": np.sort(labels)}


@exercise.check(ordinary, weight=2, public=True, judge=exact)
def labels_stay_with_their_rows(subject, case):
    """Each label stands beside the row that it belongs to."""
    rows, labels = joined(epoch(subject, case))
    return {"mismatches": int(np.sum(2 * rows[:, 0] != labels))}


@exercise.check(large_sizes, judge=exact)
def large_batches_hold_everything(subject, case):
    """A batch with room for all examples is the only one."""
    batches = epoch(subject, case)
    return {**sizes(batches), "found": np.sort(joined(batches)[1])}


@exercise.check(many, weight=2, judge=exact)
def order_is_drawn_for_each_epoch(subject, case):
    """The examples are not in their old order, nor twice in the same order."""
    rng = np.random.default_rng(case.seed)
    (rows, labels), (later_rows, later_labels) = (
        joined(epoch(subject, case, rng)) for _ in range(2)
    )
    return {
        "rows_are_shuffled": not np.array_equal(rows, case.x),
        "labels_are_shuffled": not np.array_equal(labels, case.labels),
        "next_epoch_differs": not np.array_equal(rows, later_rows)
        and not np.array_equal(labels, later_labels),
    }


@exercise.check(many, judge=exact)
def order_comes_from_the_generator(subject, case):
    """Generators in the same state give the same batches, others give others."""
    (rows, labels), (again, labels_again), (other, _) = (
        joined(epoch(subject, case, np.random.default_rng(seed)))
        for seed in (case.seed, case.seed, case.seed + 1)
    )
    return {
        "rows_are_the_same": np.array_equal(rows, again),
        "labels_are_the_same": np.array_equal(labels, labels_again),
        "other_seed_differs": not np.array_equal(rows, other),
    }


@exercise.check(many, weight=1.5, judge=exact)
def batches_mix_all_examples(subject, case):
    """A batch is drawn from all examples; it is not a stretch of neighbours."""
    places = {float(row[0]): place for place, row in enumerate(case.x)}
    batches = [
        [places.get(float(row[0]), -1) for row in rows]
        for rows, _ in epoch(subject, case)
        if len(rows) > 15
    ]
    spans = [range(min(each), min(each) + len(each)) for each in batches]
    return {
        "stretches": sum(
            sorted(each) == [*span] for each, span in zip(batches, spans, strict=True)
        ),
        "in_old_order": sum(sorted(each) == each for each in batches),
    }


@exercise.check(remainders, weight=1.5, judge=exact)
def remainder_can_be_dropped(subject, case):
    """On demand the batch that is not full is left out, and no other."""
    return sizes(epoch(subject, case, drop_last=True))


@exercise.check(one_left_out, judge=exact)
def dropped_examples_change(subject, case):
    """Which examples are left out is up to chance, anew in every epoch."""
    rng = np.random.default_rng(case.seed)
    missing = [
        set(case.labels.tolist())
        - set(joined(epoch(subject, case, rng, drop_last=True))[1].tolist())
        for _ in range(10)
    ]
    return {
        "left_out": [len(each) for each in missing],
        "always_the_same": all(each == missing[0] for each in missing),
    }


@exercise.check(images, judge=exact)
def examples_keep_their_shape(subject, case):
    """Examples of any shape stay as they are."""
    rows, _ = joined(epoch(subject, case))
    return {"rows": rows[np.argsort(rows.reshape(len(rows), -1)[:, 0], kind="stable")]}


@exercise.check(without_rows, weight=0.5, judge=raises(ValueError))
def refuses_batches_without_rows(subject, case):
    """A batch of less than one row raises ValueError."""
    return {"batches": len(epoch(subject, case, drop_last=case.drop_last))}


@exercise.check(uneven, weight=0.5, judge=raises(ValueError))
def refuses_labels_without_rows(subject, case):
    """Rows and labels of different number raise ValueError."""
    return {"batches": len(epoch(subject, case))}


@exercise.check(ordinary, weight=0.5, judge=exact)
def arguments_stay(subject, case):
    """The rows and the labels that were given are left as they were."""
    rng = np.random.default_rng(case.seed)
    subject.minibatches(case.x, case.labels, case.batch_size, rng)
    return {"x": case.x, "labels": case.labels}


@exercise.check(singles, weight=0.5, judge=exact)
def dtypes_stay(subject, case):
    """Rows and labels keep their dtypes."""
    rows, labels = joined(epoch(subject, case))
    return {"rows": str(rows.dtype), "labels": str(labels.dtype)}


ORDER = "order = rng.permutation(len(x))"
SPLIT = "[order[start : start + batch_size] for start in range(0, stop, batch_size)]"

exercise.mutant(
    "always_drops",
    old=" if drop_last else len(x)",
    new="",
    hint="Where do the rows go that do not fill a batch?",
)
exercise.mutant(
    "never_drops",
    old="len(x) - len(x) % batch_size if drop_last else len(x)",
    new="len(x)",
    hint="What should be different when the last batch is to be dropped?",
)
exercise.mutant(
    "drops_a_full_batch",
    old="len(x) - len(x) % batch_size if drop_last",
    new="(len(x) - 1) // batch_size * batch_size if drop_last",
    hint="Is the last batch always a remainder? Try a size that divides the number of rows.",
)
exercise.mutant(
    "index_past_the_end",
    old="order[start : start + batch_size]",
    new="order[np.arange(start, start + batch_size)]",
    hint="Which index is the last one that exists, and does your last batch go beyond it?",
)
exercise.mutant(
    "separate_shuffles",
    old="return [(x[rows]",
    new="labels = rng.permutation(labels)\n    return [(x[rows]",
    hint="How many orders do you draw, and which rows does the second one move?",
)
exercise.mutant(
    "labels_not_shuffled",
    old="return [",
    new="labels = labels[np.argsort(order)]\n    return [",
    hint="When the rows change places, what has to go with them?",
)
exercise.mutant(
    "same_order_every_epoch",
    old="rng.permutation",
    new="np.random.default_rng(0).permutation",
    hint="What does a generator that is made anew in every call draw?",
)
exercise.mutant(
    "global_generator",
    old="rng.permutation",
    new="np.random.permutation",
    hint="Which generator do you draw from: numpy's own, or the one that was handed to you?",
)
exercise.mutant(
    "not_shuffled",
    old="rng.permutation(len(x))",
    new="np.arange(len(x))",
    hint="In which order do the examples come?",
)
exercise.mutant(
    "drawn_with_replacement",
    old="rng.permutation(len(x))",
    new="rng.integers(len(x), size=len(x))",
    hint="Can an example be drawn twice while another never comes?",
)
exercise.mutant(
    "swaps_views",
    old=ORDER,
    new="x, labels = x.copy(), labels.copy()\n"
    "    for one, other in enumerate(rng.permutation(len(x))):\n"
    "        x[one], x[other] = x[other], x[one]\n"
    "        labels[one], labels[other] = labels[other], labels[one]\n"
    "    order = np.arange(len(x))",
    hint="What do you swap when you swap two rows of an array: their values, or views of them?",
)
exercise.mutant(
    "shuffle_returns_nothing",
    old=ORDER,
    new="order = rng.shuffle(np.arange(len(x)))",
    hint="Does the method that you shuffle with return something, or does it work in place?",
)
exercise.mutant(
    "shuffles_batches_only",
    old=f"batches = {SPLIT}",
    new="order = np.arange(len(x))\n"
    f"    batches = {SPLIT}\n"
    "    full = batches[: len(x) // batch_size]\n"
    "    batches[: len(full)] = [full[each] for each in rng.permutation(len(full))]",
    hint="Do you shuffle before you cut, or after?",
)
exercise.mutant(
    "shuffles_within_batches",
    old="order[start : start + batch_size]",
    new="start + rng.permutation(min(batch_size, stop - start))",
    hint="Can the first example ever meet the last one in a batch?",
)
exercise.mutant(
    "drops_before_shuffling",
    old=ORDER,
    new="order = rng.permutation(len(x) - len(x) % batch_size * drop_last)",
    hint="Which examples does your function leave out, and will the model ever see them?",
)
exercise.mutant(
    "size_is_a_count",
    old=SPLIT,
    new="np.array_split(order[:stop], batch_size)",
    hint="Is batch_size the number of rows in a batch, or the number of batches?",
)
exercise.mutant(
    "balanced_batches",
    old=SPLIT,
    new="np.array_split(order[:stop], -(-stop // batch_size)) if stop else []",
    hint="Is every batch but the last one full?",
)
exercise.mutant(
    "flattened",
    old="x[rows], labels",
    new="x[rows].reshape(len(rows), -1), labels",
    hint="What happens to an example that is an image?",
)
exercise.mutant(
    "generator_expression",
    old="return [(x[rows], labels[rows]) for rows in batches]",
    new="return ((x[rows], labels[rows]) for rows in batches)",
    hint="Is what you return a list, with a length and places?",
)
exercise.mutant(
    "any_size",
    old='raise ValueError(f"a batch has at least one row, not {batch_size}")',
    new="batch_size = max(batch_size, 1)",
    hint="What should become of a batch size of zero?",
)
exercise.mutant(
    "any_length",
    old='raise ValueError(f"x has {len(x)} rows, labels {len(labels)}")',
    new="x = x[: len(labels)]",
    hint="What should become of rows that have no label?",
)
exercise.mutant(
    "in_place",
    old=ORDER,
    new=ORDER + "\n    x[:], labels[:] = x[order], labels[order]\n    order = np.arange(len(x))",
    hint="Are the caller's rows in the order in which you found them?",
)
exercise.mutant(
    "always_float64",
    old="x[rows], labels",
    new="x[rows].astype(float), labels",
    hint="Which dtype did the rows have before?",
)

exercise.alternative(
    "yields_and_collects",
    """
    def minibatches(x, labels, batch_size, rng, drop_last=False):
        if batch_size <= 0 or len(x) != len(labels):
            raise ValueError("need rows, and one label for each")

        def walk():
            places = np.arange(len(labels))
            rng.shuffle(places)
            while len(places) >= batch_size:
                here, places = places[:batch_size], places[batch_size:]
                yield x[here], labels[here]
            if len(places) and not drop_last:
                yield x[places], labels[places]

        return list(walk())
    """,
)
exercise.alternative(
    "sorts_random_keys",
    """
    def minibatches(x, labels, batch_size, rng, drop_last=False):
        n = x.shape[0]
        if n != labels.shape[0]:
            raise ValueError("one label for each row")
        if not batch_size >= 1:
            raise ValueError("a batch has rows")
        keys = np.argsort(rng.random(n))
        x, labels = np.take(x, keys, axis=0), np.take(labels, keys, axis=0)
        cuts = range(batch_size, n, batch_size)
        batches = list(zip(np.split(x, cuts), np.split(labels, cuts)))
        if drop_last and len(batches[-1][1]) < batch_size:
            batches.pop()
        return batches
    """,
)
exercise.alternative(
    "draws_one_by_one",
    """
    def minibatches(x, labels, batch_size, rng, drop_last=False):
        if len(x) != len(labels):
            raise ValueError("one label for each row")
        if batch_size < 1:
            raise ValueError("a batch has rows")
        left, batches, rows, answers = list(range(len(x))), [], [], []
        while left:
            place = left.pop(int(rng.integers(len(left))))
            rows.append(x[place])
            answers.append(labels[place])
            if len(rows) == batch_size or not (left or drop_last):
                batches.append((np.stack(rows), np.array(answers, dtype=labels.dtype)))
                rows, answers = [], []
        return batches
    """,
)
exercise.alternative(
    "arrays_in_lists",
    """
    def minibatches(x, labels, batch_size, rng, drop_last=False):
        if batch_size < 1:
            raise ValueError("a batch has rows")
        if len(x) != len(labels):
            raise ValueError("one label for each row")
        places = rng.choice(len(x), size=len(x), replace=False)
        whole, rest = divmod(len(x), batch_size)
        count = whole + (1 if rest and not drop_last else 0)
        batches = []
        for number in range(count):
            here = places[number * batch_size : min((number + 1) * batch_size, len(x))]
            batches.append([x[here], labels[here]])
        return batches
    """,
)
