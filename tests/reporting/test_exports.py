import csv
import json
from dataclasses import replace

import jsonschema
import pytest

from autograder.grading.records import RESULTS_SCHEMA, record
from autograder.model import (
    CellResult,
    CheckResult,
    Diagnosis,
    ExerciseResult,
    Result,
    Status,
    Verdict,
)
from autograder.reporting.exports import write_exports

CHECKS = (
    CheckResult("values", "The values.", True, Verdict.PASSED, 2.0, 2.0, error=0.2),
    CheckResult(
        "signs",
        "The signs.",
        False,
        Verdict.FAILED,
        0.0,
        1.0,
        "y has a wrong value.",
        Diagnosis(("a", "b"), "Which?"),
        float("inf"),
    ),
)
GRADED = Result(
    "a01", "ann", "0" * 64, Status.GRADED, 3.0, 0.1234567,
    exercises=(ExerciseResult("m.f", 3.0, CHECKS),), cells=(CellResult(0, "completed"),),
)  # fmt: skip
MALFORMED = Result("a01", "bob", "", Status.MALFORMED, 3.0, 0.0, "not a notebook")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("result", [GRADED, MALFORMED])
def test_a_line_is_as_the_schema_says(result):
    jsonschema.validate(record(result), RESULTS_SCHEMA)


def test_a_line_says_what_is_known():
    line = record(GRADED)
    assert line["score"] == 2.0
    assert line["exercises"][0]["checks"][1]["diagnosis"] == {"mutant": "a or b", "hint": "Which?"}
    assert line["exercises"][0]["checks"][1]["error"] is None
    assert record(MALFORMED)["score"] is None


@pytest.mark.parametrize(
    ("kind", "names", "written"),
    [
        ("mutant", ("a",), "a"),
        ("one of", ("a", "b"), "a or b"),
        ("one of", ("a + b", "a + c"), "a + b or a + c"),
        ("both", ("a", "b"), "a + b"),
        ("transform", ("transform: negated",), "transform: negated"),
    ],
)
def test_a_diagnosis_says_whether_its_mistakes_were_made_together(kind, names, written):
    from dataclasses import replace

    check = replace(CHECKS[1], diagnosis=Diagnosis(names, "Which?", kind))
    line = record(replace(GRADED, exercises=(ExerciseResult("m.f", 3.0, (check,), "abc"),)))
    assert line["exercises"][0]["checks"][0]["diagnosis"] == {"mutant": written, "hint": "Which?"}
    jsonschema.validate(line, RESULTS_SCHEMA)


def test_not_graded_is_in_the_review_and_never_among_the_scores(tmp_path):
    write_exports(tmp_path, [record(GRADED), record(MALFORMED)])
    scores = rows(tmp_path / "scores.csv")
    assert [row["student"] for row in scores] == ["ann"]
    (review,) = rows(tmp_path / "review.csv")
    assert (review["student"], review["reason"]) == ("bob", "not a notebook")
    assert review["what to do"]
    lines = (tmp_path / "results.jsonl").read_text().splitlines()
    assert [json.loads(line)["student"] for line in lines] == ["ann", "bob"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_name_is_never_a_formula(tmp_path, name):
    from dataclasses import replace

    write_exports(tmp_path, [record(replace(GRADED, student=name))])
    (row,) = rows(tmp_path / "scores.csv")
    assert row["student"] == f"'{name}"


def test_every_status_has_an_advice():
    from autograder.reporting.exports import ADVICE

    assert set(ADVICE) == {str(status) for status in Status} - {"graded"}


def test_remarks_are_listed_one_by_one(tmp_path):
    remarked = replace(GRADED, remarks=("an earlier attempt", "=in UTF-16"))
    write_exports(tmp_path, [record(remarked), record(MALFORMED)])
    assert [(each["student"], each["remark"]) for each in rows(tmp_path / "remarks.csv")] == [
        ("ann", "an earlier attempt"),
        ("ann", "'=in UTF-16"),
    ]
