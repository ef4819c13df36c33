import sqlite3

import pytest

from autograder.errors import UsageError
from autograder.grading.records import Entry, entry
from autograder.grading.store import FILE, Store


def record(student, score=1.0):
    return {"assignment": "a", "student": student, "score": score}


def test_results_come_back_sorted_and_the_latest_counts(tmp_path):
    with Store(tmp_path / "results") as store:
        store.put("k1", Entry.of(record("zoë")))
        store.put("k2", Entry.of(record("ann")))
        store.put("k3", Entry.of(record("ann", 2.0)))
        assert store.key("a", "ann") == "k3"
        assert store.key("a", "nobody") is None
    with Store.existing(tmp_path / "results") as store:
        assert list(store.records()) == [record("ann", 2.0), record("zoë")]


def test_a_row_is_there_even_if_the_store_is_never_closed(tmp_path):
    store = Store(tmp_path)
    store.put("k", Entry.of(record("ann")))
    with Store(tmp_path) as other:
        assert other.key("a", "ann") == "k"
    store.close()


def test_a_folder_without_results_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match=r"holds no results: there is no results.sqlite in it"):
        Store.existing(tmp_path)


def test_equal_unknown_mistakes_are_counted_across_students(tmp_path):
    with Store(tmp_path) as store:
        store.put("k", Entry.of(record("zoë"), {"m.f": "aaa", "m.g": "bbb"}))
        store.put("k", Entry.of(record("ann"), {"m.f": "aaa"}))
        store.put("k", Entry.of(record("bob")))
        store.put("k", Entry.of(record("carl"), {}))
        assert store.unknown_mistakes() == {
            ("a", "m.f", "aaa"): ["ann", "zoë"],
            ("a", "m.g", "bbb"): ["zoë"],
        }
        store.put("k", Entry.of(record("ann")))
        assert store.unknown_mistakes()["a", "m.f", "aaa"] == ["zoë"]
        assert all("fingerprints" not in line for line in store.records())


def test_a_store_of_an_earlier_version_is_migrated(tmp_path):
    database = sqlite3.connect(tmp_path / FILE)
    database.execute(
        "CREATE TABLE results (assignment TEXT NOT NULL, student TEXT NOT NULL, key TEXT NOT NULL, "
        "line TEXT NOT NULL, PRIMARY KEY (assignment, student)) WITHOUT ROWID"
    )
    line = '{"assignment": "a", "student": "ann", "score": 1.0}'
    database.execute("INSERT INTO results VALUES ('a', 'ann', 'k1', ?)", (line,))
    database.commit()
    database.close()
    for _ in range(2):
        with Store.existing(tmp_path) as store:
            assert list(store.records()) == [record("ann")]
            assert store.key("a", "ann") == "k1"
            assert store.unknown_mistakes() == {}
    with Store(tmp_path) as store:
        store.put("k2", Entry.of(record("ann"), {"m.f": "aaa"}))
        assert store.unknown_mistakes() == {("a", "m.f", "aaa"): ["ann"]}


def test_a_batch_stores_the_fingerprints_of_its_results(tmp_path):
    from autograder.grading import batch
    from autograder.grading.intake.submissions import Submission
    from autograder.model import ExerciseResult, Result, Status

    submission = Submission("a", "ann", tmp_path / "ann.ipynb")
    exercises = (ExerciseResult("m.f", 1.0, (), "aaa"), ExerciseResult("m.g", 1.0, ()))
    result = Result("a", "ann", "0" * 64, Status.GRADED, 2.0, 0.1, exercises=exercises)
    lines = []

    class Graders:
        def grade(self, submissions):
            return [(each, entry(result, "full")) for each in submissions]

    def progress(line, *, kept):
        lines.append(line)

    with Store(tmp_path) as store:
        batch.grade_batch(None, batch.Plan(((submission, "k"),), ()), store, Graders(), progress)
        assert store.unknown_mistakes() == {("a", "m.f", "aaa"): ["ann"]}
    assert "aaa" not in str(lines)


def test_pictures_are_stored_beside_a_result_and_replaced_with_it(tmp_path):
    shown = {"m.f": {"values": {"kind": "heat"}}}
    with Store(tmp_path) as store:
        store.put("k1", Entry.of(record("ann"), pictures=shown))
        store.put("k1", Entry.of(record("bob")))
        assert store.pictures("a", "ann") == shown
        assert store.pictures("a", "bob") == store.pictures("a", "nobody") == {}
        assert list(store.records()) == [record("ann"), record("bob")]
        store.put("k2", Entry.of(record("ann")))
        assert store.pictures("a", "ann") == {}


def test_a_result_and_its_pictures_are_stored_together_or_not_at_all(tmp_path):
    shown = {"m.f": {"values": {"kind": "heat"}}}
    with Store(tmp_path) as store:
        store.put("k1", Entry.of(record("ann"), pictures=shown))
        with pytest.raises(TypeError):
            Entry.of(record("ann", 2.0), pictures={"m.f": {"values": {"kind": {1}}}})
        assert store.key("a", "ann") == "k1"
        assert store.record("a", "ann") == record("ann")
        assert store.pictures("a", "ann") == shown
        store.put("k3", Entry.of(record("ann", 3.0)))
        assert store.key("a", "ann") == "k3"


def test_results_are_found_one_by_one(tmp_path):
    with Store(tmp_path) as store:
        store.put("k", Entry.of(record("zoë")))
        store.put("k", Entry.of(record("ann", 2.0)))
        assert store.places() == [("a", "ann"), ("a", "zoë")]
        assert store.record("a", "ann") == record("ann", 2.0)
