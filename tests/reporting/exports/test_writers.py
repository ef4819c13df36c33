import csv
import json
from dataclasses import replace

import jsonschema
import pytest

from autograder.grading.records import RESULTS_SCHEMA, record
from autograder.grading.store import FILE as STORE
from autograder.model import (
    CellResult,
    CheckResult,
    Diagnosis,
    ExerciseResult,
    Result,
    Status,
    Verdict,
)
from autograder.reporting.exports.writers import write_exports
from tests.reporting.results import (
    NOT_GRADED,
    SCHEMAS,
    graded,
    not_graded,
    require_schema,
    stored,
)

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

FULL = "full"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def export(folder, *records, finals=None):
    """Write the exports of results, which are stored first."""
    write_exports(stored(folder, *records), finals)


def holding(folder, text):
    """Return the names of the files that hold some text, without the store."""
    paths = (path for path in folder.rglob("*.*") if not path.name.startswith(STORE))
    return {path.name for path in paths if text in path.read_text()}


@pytest.mark.parametrize("result", [GRADED, MALFORMED])
def test_a_line_is_as_the_schema_says(result):
    jsonschema.validate(record(result, FULL), RESULTS_SCHEMA)


def test_a_line_says_what_is_known():
    line = record(GRADED, FULL)
    assert line["score"] == 2.0
    assert line["exercises"][0]["checks"][1]["diagnosis"] == {"mutant": "a or b", "hint": "Which?"}
    assert line["exercises"][0]["checks"][1]["error"] is None
    assert record(MALFORMED, FULL)["score"] is None


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
    check = replace(CHECKS[1], diagnosis=Diagnosis(names, "Which?", kind))
    line = record(replace(GRADED, exercises=(ExerciseResult("m.f", 3.0, (check,), "abc"),)), FULL)
    assert line["exercises"][0]["checks"][0]["diagnosis"] == {"mutant": written, "hint": "Which?"}
    jsonschema.validate(line, RESULTS_SCHEMA)


def test_not_graded_is_in_the_review_and_never_among_the_scores(tmp_path):
    export(tmp_path, record(GRADED, FULL), record(MALFORMED, FULL))
    scores = rows(tmp_path / "scores.csv")
    assert [row["student"] for row in scores] == ["ann"]
    (review,) = rows(tmp_path / "review.csv")
    assert (review["student"], review["reason"]) == ("bob", "not a notebook")
    assert review["what to do"]
    lines = (tmp_path / "results.jsonl").read_text().splitlines()
    assert [json.loads(line)["student"] for line in lines] == ["ann", "bob"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_name_is_never_a_formula(tmp_path, name):
    export(tmp_path, record(replace(GRADED, student=name), FULL))
    (row,) = rows(tmp_path / "scores.csv")
    assert row["student"] == "'" + name.replace("\t", " ")


def test_every_status_has_an_advice():
    from autograder.reporting.exports.writers import ADVICE

    assert set(ADVICE) == {str(status) for status in Status} - {"graded"}


def test_final_scores_stand_after_the_earned_ones(tmp_path):
    from autograder.reporting.finals import Final

    final = Final(1.8, 30.5, 0.2, "2 days late: -10 %")
    export(tmp_path, record(GRADED, FULL), record(MALFORMED, FULL), finals={("a01", "ann"): final})
    assert (tmp_path / "scores.csv").read_text() == (
        "assignment,student,score,points,final,late,penalty,reason\n"
        "a01,ann,2.0,3.0,1.8,30.5,0.2,2 days late: -10 %\n"
    )
    export(tmp_path, record(GRADED, FULL), finals={})
    assert (tmp_path / "scores.csv").read_text().endswith("a01,ann,2.0,3.0,,,0.0,\n")


def test_every_submission_has_its_files_and_the_index_names_them(tmp_path):
    names = ["../../etc/passwd", "nul", "Ann", "ann", "a/b", "ann=1"]
    records = [record(replace(GRADED, student=name), FULL) for name in names]
    export(tmp_path / "results", *records, record(MALFORMED, FULL))
    for format in ("gradescope", "prairielearn"):
        folder = tmp_path / "results" / format
        index = rows(folder / "index.csv")
        assert {row["student"] for row in index} == {*names, "bob"}
        assert {folder / row["file"] for row in index} == set(folder.rglob("*.json"))
        assert len({row["file"].casefold() for row in index}) == len(names) + 1
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_what_is_no_longer_graded_loses_the_score_it_had_in_every_file(tmp_path):
    score = replace(
        GRADED, exercises=(ExerciseResult("m.f", 3.0, (replace(CHECKS[0], score=1.73),)),)
    )
    export(tmp_path, record(score, FULL))
    assert holding(tmp_path, "1.73") >= {"results.jsonl", "scores.csv", "junit.xml"}
    export(tmp_path, record(replace(MALFORMED, student="ann"), FULL))
    assert not holding(tmp_path, "1.73")


def test_the_files_that_importers_read_are_valid_for_every_status(tmp_path):
    import xmlschema

    export(tmp_path, graded(), *(not_graded(each, each) for each in NOT_GRADED))
    for format in ("gradescope", "prairielearn"):
        files = list((tmp_path / format).rglob("*.json"))
        assert len(files) == 4
        for path in files:
            require_schema(json.loads(path.read_text(encoding="utf-8")), format)
    xmlschema.validate(tmp_path / "junit.xml", SCHEMAS / "junit.xsd")


def test_a_text_that_no_file_can_hold_stops_no_export(tmp_path):
    export(tmp_path, record(replace(MALFORMED, message="\udcff", remarks=("\ud800",)), FULL))
    (line,) = (tmp_path / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["message"] == "\udcff"


def test_remarks_are_listed_one_by_one(tmp_path):
    remarked = replace(GRADED, remarks=("an earlier attempt", "=in UTF-16"))
    export(tmp_path, record(remarked, FULL), record(MALFORMED, FULL))
    assert [(each["student"], each["remark"]) for each in rows(tmp_path / "remarks.csv")] == [
        ("ann", "an earlier attempt"),
        ("ann", "'=in UTF-16"),
    ]
