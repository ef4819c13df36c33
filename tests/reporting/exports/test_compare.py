import csv
import json

from autograder.reporting.exports.compare import HEADER, compare, write_changes
from tests.reporting.results import EXERCISES, graded, not_graded, scored


def changes(old, new):
    return [
        (each.student, each.what, each.where, each.before, each.after) for each in compare(old, new)
    ]


def test_the_same_results_have_no_changes():
    records = [graded(), not_graded()]
    assert changes(records, list(reversed(records))) == []


def test_new_and_vanished_submissions_are_named_with_their_standing():
    assert changes([scored("ann", 7.5)], [not_graded("fault", "bob")]) == [
        ("ann", "vanished", "", 7.5, None),
        ("bob", "new", "", None, "fault"),
    ]


def test_a_score_and_each_verdict_that_changed_are_named():
    assert changes([scored("ann", 7.5)], [scored("ann", 10.0)]) == [
        ("ann", "score", "", 7.5, 10.0),
        ("ann", "verdict", "losses.mse.values", "failed", "passed"),
    ]


def test_a_check_that_is_new_or_gone_is_a_change():
    fewer = graded(exercises=EXERCISES[:1])
    assert ("ann", "verdict", "losses.mse_backward.late", "skipped", None) in changes(
        [graded()], [fewer]
    )
    assert ("ann", "verdict", "losses.mse_backward.late", None, "skipped") in changes(
        [fewer], [graded()]
    )


def test_a_result_that_became_a_score_says_so_once():
    assert changes([not_graded(student="ann")], [{**graded(), "submission": ""}]) == [
        ("ann", "status", "", "malformed", "graded"),
        ("ann", "score", "", None, graded()["score"]),
    ]


def test_another_notebook_is_a_change_by_itself():
    (change,) = compare([graded()], [{**graded(), "submission": "1" * 64}])
    assert (change.what, change.before, change.after) == ("submission", "0" * 12, "1" * 12)


def test_both_files_say_the_same(tmp_path):
    found = compare([scored("=ann", 7.5)], [scored("=ann", 10.0), not_graded()])
    write_changes(tmp_path, found)
    with (tmp_path / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    data = json.loads((tmp_path / "changes.json").read_text(encoding="utf-8"))
    assert data["schema"] == 1
    assert len(rows) == len(data["changes"]) == 3
    for row, change in zip(rows, data["changes"], strict=True):
        assert row == {
            key: "" if change[key] is None else str(change[key]).replace("=ann", "'=ann")
            for key in HEADER
        }
