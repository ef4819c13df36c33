"""What a student may read of a result: nothing of a hidden check but the points that it earned."""

from typing import Any

from autograder.grading.store import Record

GRADED = "graded"
WITHHELD = "This submission was not graded. A person will look at it."


def reason(record: Record) -> str:
    """Return why a submission has no score, as its student may read it.

    Only a notebook that does not open is the student's to mend; what else went wrong is for the
    instructor, who reads it in ``review.csv``.
    """
    if record["status"] == "malformed":
        return f"This submission was not graded: {record['message']}"
    return WITHHELD


def sentence(check: dict[str, Any]) -> str:
    """Return what is wrong according to a check, with the hint of its diagnosis."""
    hint = check["diagnosis"]["hint"] if check["diagnosis"] else ""
    return f"{check['message']} {hint}".strip()


def exercise_feedback(exercise: dict[str, Any]) -> str:
    """Return what is wrong in an exercise, or nothing.

    That is a line for each public check that did not pass, and the points of the hidden ones
    together if some are missing.
    """
    lines = [
        f"{check['title']} {sentence(check)}".strip()
        for check in exercise["checks"]
        if check["public"] and check["verdict"] != "passed"
    ]
    hidden = [check for check in exercise["checks"] if not check["public"]]
    earned, possible = (round(sum(e[key] for e in hidden), 2) for key in ("score", "points"))
    if earned < possible:
        lines.append(f"Hidden checks: {earned:g} of {possible:g} points.")
    return "\n".join(lines)
