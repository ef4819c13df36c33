import pytest

from autograder.errors import UsageError
from autograder.grading.store import Store


def record(student, score=1.0):
    return {"assignment": "a", "student": student, "score": score}


def test_results_come_back_sorted_and_the_latest_counts(tmp_path):
    with Store(tmp_path / "results") as store:
        store.put("k1", record("zoë"))
        store.put("k2", record("ann"))
        store.put("k3", record("ann", 2.0))
        assert store.key("a", "ann") == "k3"
        assert store.key("a", "nobody") is None
    with Store.existing(tmp_path / "results") as store:
        assert list(store.records()) == [record("ann", 2.0), record("zoë")]


def test_a_row_is_there_even_if_the_store_is_never_closed(tmp_path):
    store = Store(tmp_path)
    store.put("k", record("ann"))
    with Store(tmp_path) as other:
        assert other.key("a", "ann") == "k"
    store.close()


def test_a_folder_without_results_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match=r"holds no results: there is no results.sqlite in it"):
        Store.existing(tmp_path)
