"""PrairieLearn: one ``results.json`` for each submission.

The format: https://prairielearn.readthedocs.io/en/latest/externalGrading/#grading-results
"""

from typing import Any

from autograder.grading.records import Record
from autograder.reporting.feedback import GRADED, exercise_feedback, reason
from autograder.texts import clean, json_text, line

LARGEST_BYTES = 1_000_000  # PrairieLearn refuses more


def prairielearn_results(record: Record) -> dict[str, Any]:
    """Return the content of ``results.json``, with one test for each exercise.

    What was not graded is not gradable there: no points, and no attempt used up.
    """
    if record["status"] != GRADED or not record["points"]:
        why = reason(record) if record["status"] != GRADED else "There is nothing to grade here."
        return {"gradable": False, "format_errors": [clean(why)]}
    tests = [
        {
            "name": line(exercise["exercise"]),
            "points": exercise["score"],
            "max_points": exercise["points"],
            "message": clean(exercise_feedback(exercise)),
        }
        for exercise in record["exercises"]
    ]
    score = min(1.0, max(0.0, record["score"] / record["points"]))
    return _small_enough({"gradable": True, "score": score, "tests": tests})


def _small_enough(results: dict[str, Any]) -> dict[str, Any]:
    """Leave the messages out of results that are too large with them."""
    if len(json_text(results).encode()) <= LARGEST_BYTES:
        return results
    bare = [
        {key: test[key] for key in ("name", "points", "max_points")} for test in results["tests"]
    ]
    message = "There is too much to say about this submission to say it here."
    return {**results, "message": message, "tests": bare}
