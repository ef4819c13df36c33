import numpy as np
import pytest

from reference.batches import minibatches


def examples(n):
    """Return rows that carry their label: row i is (i, -i)."""
    labels = np.arange(n)
    return np.stack([labels, -labels], axis=1).astype(float), labels


def joined(batches):
    return np.concatenate([rows for rows, _ in batches]), np.concatenate([y for _, y in batches])


@pytest.mark.parametrize(
    ("n", "size", "drop_last", "sizes"),
    [
        (6, 2, False, [2, 2, 2]),
        (7, 3, False, [3, 3, 1]),
        (7, 3, True, [3, 3]),
        (6, 3, True, [3, 3]),
        (3, 5, False, [3]),
        (3, 5, True, []),
        (3, 1, False, [1, 1, 1]),
        (0, 2, False, []),
    ],
)
def test_batches_are_full_but_for_the_remainder(n, size, drop_last, sizes):
    batches = minibatches(*examples(n), size, np.random.default_rng(0), drop_last)
    assert [len(rows) for rows, _ in batches] == sizes
    assert [len(labels) for _, labels in batches] == sizes


@pytest.mark.parametrize(("n", "size"), [(10, 3), (10, 5), (10, 100)])
def test_every_example_occurs_once_beside_its_label(n, size):
    x, labels = joined(minibatches(*examples(n), size, np.random.default_rng(1)))
    np.testing.assert_array_equal(x, np.stack([labels, -labels], axis=1))
    np.testing.assert_array_equal(np.sort(labels), np.arange(n))


def test_the_order_is_random_and_follows_the_generator():
    def order(rng):
        return joined(minibatches(*examples(50), 8, rng))[1].tolist()

    rng = np.random.default_rng(2)
    first, second = order(rng), order(rng)
    assert first == order(np.random.default_rng(2))
    assert first != second
    assert first != sorted(first)


def test_the_example_left_out_changes_from_epoch_to_epoch():
    rng = np.random.default_rng(3)
    kept = [joined(minibatches(*examples(5), 2, rng, drop_last=True))[1] for _ in range(20)]
    assert {(set(range(5)) - set(labels)).pop() for labels in kept} == set(range(5))


def test_the_global_generator_is_left_alone():
    before = np.random.get_state()[1].copy()
    minibatches(*examples(9), 2, np.random.default_rng(4))
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize("size", [2, 100])
def test_batches_are_copies(size):
    x, labels = examples(6)
    for rows, each in minibatches(x, labels, size, np.random.default_rng(5)):
        rows.fill(-1)
        each.fill(-1)
    np.testing.assert_array_equal(x, examples(6)[0])
    np.testing.assert_array_equal(labels, np.arange(6))


def test_shapes_beyond_two_and_dtypes_are_kept():
    x, labels = np.zeros((5, 2, 3, 4), np.float32), np.zeros(5, np.int8)
    rows, each = minibatches(x, labels, 2, np.random.default_rng(6))[0]
    assert (rows.shape, rows.dtype, each.dtype) == ((2, 2, 3, 4), np.float32, np.int8)


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_without_rows_is_refused(size):
    with pytest.raises(ValueError, match="at least one row"):
        minibatches(*examples(4), size, np.random.default_rng(7))


@pytest.mark.parametrize("n", [3, 5])
def test_rows_without_labels_are_refused(n):
    with pytest.raises(ValueError, match=f"x has 4 rows, labels {n}"):
        minibatches(examples(4)[0], np.arange(n), 2, np.random.default_rng(8))
