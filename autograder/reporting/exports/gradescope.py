"""Gradescope: one ``results.json`` for each submission.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format
"""

from typing import Any

from autograder.grading.records import Record
from autograder.reporting.feedback import GRADED, reason, sentence
from autograder.reporting.repeats import remembered
from autograder.terms import Visibility
from autograder.texts import clean, line

COMMON = {
    "stdout_visibility": "hidden",
    "output_format": "text",
    "test_output_format": "text",
    "test_name_format": "text",
}


def gradescope_results(record: Record, hidden: Visibility = "hidden") -> dict[str, Any]:
    """Return the content of ``results.json``.

    Without a score and without tests, as for a submission that was not graded, Gradescope says
    that the autograder failed, and records no score.

    Parameters
    ----------
    hidden : str
        Who sees the hidden checks, and when.
    """
    seconds = {"execution_time": record["seconds"]}
    if record["status"] != GRADED:
        return {**seconds, **without_score(reason(record))}
    lateness = {"output": clean(record["message"])} if record["message"] else {}
    exercises = enumerate(record["exercises"], 1)
    tests = [test for number, each in exercises for test in _tests(number, each, hidden)]
    return {**seconds, **COMMON, **lateness, "score": record["score"], "tests": tests}


def without_score(why: str) -> dict[str, Any]:
    """Return the content of ``results.json`` of a submission that was not graded, and why."""
    return {**COMMON, "output": clean(why)}


@remembered
def _tests(position: int, exercise: dict[str, Any], hidden: Visibility) -> list[dict[str, Any]]:
    return [
        {
            "name": line(f"{exercise['exercise']}: {check['title']}"),
            "number": f"{position}.{number}",
            "score": check["score"],
            "max_score": check["points"],
            "status": "passed" if check["verdict"] == "passed" else "failed",
            "output": clean(sentence(check)),
            "visibility": "visible" if check["public"] else hidden,
        }
        for number, check in enumerate(exercise["checks"], 1)
    ]
