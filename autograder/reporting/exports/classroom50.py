"""Classroom 50: the ``result.json`` of one submission, written in the workflow that grades it.

The format: schemas/result-v1.schema.json of the project foundation50/classroom50. Its scores are
whole numbers, and our points are whole hundredths, so both scores are given in hundredths of a
point: 7.5 of 10 points are 750 of 1000. Nothing is rounded.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from autograder.errors import UsageError
from autograder.grading.records import Record
from autograder.reporting.feedback import GRADED
from autograder.texts import line

# Fields of result.json, and the variables in which the workflow names them.
VARIABLES = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "owner": "OWNER",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}


def classroom50_result(
    record: Record, environment: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """Return the content of ``result.json``.

    Parameters
    ----------
    environment : mapping of str to str
        The variables that the workflow sets.
    now : datetime.datetime
        In UTC; the workflow puts the time of the commit in its place.

    Raises
    ------
    UsageError
        If the submission was not graded, or a variable is missing.
    """
    if record["status"] != GRADED:
        raise UsageError(
            f"{record['student']} was not graded ({line(record['message'])}), so there is no "
            "result.json; Classroom 50 records an error, not a score"
        )
    missing = [name for name in VARIABLES.values() if not environment.get(name)]
    if missing:
        raise UsageError(f"the workflow of Classroom 50 has to set {', '.join(missing)}")
    named = {field: environment[name] for field, name in VARIABLES.items()}
    return {
        "schema": "classroom50/result/v1",
        **named,
        "assignment_type": environment.get("ASSIGNMENT_TYPE") or "individual",
        "review": environment.get("REVIEW_URL") or named["commit"],
        "datetime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": _hundredths(record["score"]),
        "max-score": _hundredths(record["points"]),
        "tests": [_test(exercise) for exercise in record["exercises"]],
    }


def _test(exercise: dict[str, Any]) -> dict[str, Any]:
    return {
        "test-name": line(exercise["exercise"]),
        "passed": all(check["verdict"] == "passed" for check in exercise["checks"]),
        "score": _hundredths(exercise["score"]),
        "max-score": _hundredths(exercise["points"]),
    }


def _hundredths(points: float) -> int:
    return round(100 * points)
