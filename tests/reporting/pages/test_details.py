"""The compact rows of the long tables say all that there is to say."""

import json

import pytest

from autograder.reporting.finals import Final
from autograder.reporting.pages import details
from autograder.reporting.pages.details import LONGEST, NOTHING, Details
from autograder.reporting.pages.labels import Labels, Names
from autograder.reporting.pages.sheets import VERDICTS
from tests.reporting.results import HOSTILE, graded, not_graded, scored

FIELDS = [
    "student",
    "assignment",
    "status",
    "score",
    "points",
    "final",
    "late",
    "reason",
    "seconds",
    "message",
    "results",
]


def data(*records, names=None, finals=None, pages=None):
    made = Details(names or Names())
    for each in records:
        made.add(each, (finals or {}).get(each["student"]))
    return made.data({"a03_losses": "Losses"}, pages or {})


def rows(found):
    return [dict(zip(FIELDS, row, strict=True)) for row in found["submissions"]]


def failures(found, row):
    flat = [each for number in row["results"] for each in found["results"][number][2]]
    for place in range(0, len(flat), 4):
        check, verdict, message, diagnosis = flat[place : place + 4]
        exercise, name, _, public = found["checks"][check]
        yield (
            found["exercises"][exercise][1],
            name,
            public,
            VERDICTS[verdict],
            found["texts"][message],
            None if diagnosis == NOTHING else tuple(found["diagnoses"][diagnosis]),
        )


def test_every_check_that_did_not_pass_is_there_with_what_was_said():
    record = graded()
    found = data(record)
    assert not found["cut"]
    (row,) = rows(found)
    assert list(failures(found, row)) == [
        (
            exercise["exercise"],
            check["check"],
            check["public"],
            check["verdict"],
            check["message"],
            check["diagnosis"] and tuple(check["diagnosis"].values()),
        )
        for exercise in record["exercises"]
        for check in exercise["checks"]
        if check["verdict"] != "passed"
    ]
    results = [found["results"][number] for number in row["results"]]
    earned = {found["exercises"][exercise][1]: score for exercise, score, _ in results}
    assert earned == {each["exercise"]: each["score"] for each in record["exercises"]}


def test_what_many_share_is_said_once():
    one, many = data(graded("s0")), data(*(graded(f"s{number}") for number in range(50)))
    for name in ("exercises", "results", "checks", "diagnoses", "texts", "assignments", "statuses"):
        assert many[name] == one[name]
    assert len(many["submissions"]) == len(many["students"]) == 50


def test_final_scores_and_reasons_are_there():
    found = data(scored("ann", 5.0), not_graded(), finals={"ann": Final(4.5, 12.345, 0.5, "late")})
    ann, bob = rows(found)
    assert (ann["final"], ann["late"], found["texts"][ann["reason"]]) == (4.5, 12.3, "late")
    assert (bob["score"], bob["final"], found["texts"][bob["message"]]) == (
        None,
        None,
        "not a notebook",
    )
    assert found["assignments"] == [["a03_losses", "Losses"]]
    assert [found["statuses"][row["status"]] for row in (ann, bob)] == ["graded", "malformed"]


def test_rows_are_in_the_order_of_labels_not_of_names():
    labels = {"ann": "Student 2", "bo": "Student 3", "carl": "Student 1"}
    records = [not_graded(student=name, message=f"of {name}") for name in labels]
    found = data(*records, names=Labels(labels))
    assert found["students"] == [("Student 1", ""), ("Student 2", ""), ("Student 3", "")]
    assert found["texts"] == ["of Student 1", "of Student 2", "of Student 3"]


def test_texts_are_cleaned_and_cut():
    found = data(not_graded(message=HOSTILE + "x" * 5000))
    (text,) = found["texts"]
    assert len(text) == LONGEST
    assert text.endswith("…")
    assert "\x1b" not in text
    json.dumps(found).encode()


def test_when_there_is_no_room_the_scores_stay(monkeypatch):
    monkeypatch.setattr(details, "ROOM", 40)
    found = data(
        *(
            not_graded(student=f"s{number}", message=f"{number} " + "why " * 4)
            for number in range(9)
        )
    )
    assert len(found["submissions"]) == 9
    assert found["cut"]
    assert 0 < len("".join(found["texts"])) <= 40
    assert [row["message"] for row in rows(found)][-1] == NOTHING


@pytest.mark.parametrize("pages", [{}, {"ann": "feedback/ann.html"}])
def test_a_student_has_the_address_of_the_own_page(pages):
    assert data(scored("ann", 1.0), pages=pages)["students"] == [("ann", pages.get("ann", ""))]
