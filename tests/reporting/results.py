"""Results to export: graded ones with every kind of verdict, and one of every other status."""

import json
from pathlib import Path

import jsonschema

from autograder.grading.records import Entry, record
from autograder.grading.store import Store
from autograder.model import CheckResult, Diagnosis, ExerciseResult, Result, Status, Verdict

SCHEMAS = Path(__file__).parent / "schemas"
NOT_GRADED = ("malformed", "tampered", "fault")
HOSTILE = (
    "\x1b[31m=cmd|' /C calc'!A0\x1b[0m\x00\x08\ufffe\x9b2J <script>alert(1)</script> ]]> & \u202e"
)
SECRET = "the hidden input was 41.5"


def check(name, verdict=Verdict.PASSED, points=1.0, public=True, score=None, message="", hint=""):
    earned = (points if verdict is Verdict.PASSED else 0.0) if score is None else score
    diagnosis = Diagnosis(("planted",), hint) if hint else None
    title = f"The {name} are right."
    return CheckResult(name, title, public, verdict, earned, points, message, diagnosis)


EXERCISES = (
    ExerciseResult(
        "losses.mse",
        4.0,
        (
            check("values", points=1.5),
            check("signs", Verdict.FAILED, message="y[0] is 1, expected 2.", hint="A mean?"),
            check("shapes", Verdict.FAILED, 1.5, public=False, message=SECRET, hint="Hidden hint"),
        ),
    ),
    ExerciseResult(
        "losses.mse_backward",
        3.25,
        (
            check("gradient", Verdict.FAILED, 1.25, score=1.25, message="It follows from mse."),
            check("broadcast", Verdict.ERROR, message="It raises ValueError: shape"),
            check("late", Verdict.SKIPPED, public=False, message="No time was left."),
        ),
    ),
)


def graded(student="ann", assignment="a03_losses", exercises=EXERCISES):
    points = sum(each.points for each in exercises)
    result = Result(assignment, student, "0" * 64, Status.GRADED, points, 0.25, exercises=exercises)
    return record(result, "full")


def scored(student, score, points=10.0, assignment="a03_losses"):
    """A result with one exercise, worth `points`, of which `score` were earned."""
    verdict = Verdict.PASSED if score == points else Verdict.FAILED
    only = check("values", verdict, points, score=score, message="y is wrong.")
    return graded(student, assignment, (ExerciseResult("losses.mse", points, (only,)),))


def not_graded(
    status="malformed", student="bob", assignment="a03_losses", message="not a notebook"
):
    return record(Result(assignment, student, "", Status(status), 7.25, 0.0, message), "full")


def require_schema(instance, name):
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(instance)


def stored(folder, *records):
    """Return a folder of results with these in its store."""
    with Store(folder) as store:
        for each in records:
            store.put("key", Entry.of(each))
    return folder
