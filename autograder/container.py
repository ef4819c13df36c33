"""Grade the one submission of a Gradescope container, from its folder to ``results.json``.

Run as ``python -m autograder.container FOLDER CONFINEMENT`` by the script ``run_autograder`` of
`packaging.gradescope`. Before this starts, the script has written a ``results.json`` without a
score; it is replaced in one step when there is a result, and by nothing less.
"""

import json
import logging
import sys
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from autograder.course import load_course
from autograder.errors import UsageError
from autograder.grading.health import allowed_gaps
from autograder.grading.intake.submissions import Submission
from autograder.grading.process import GradingProcess
from autograder.grading.records import Record, read_json
from autograder.model import Course
from autograder.packaging.bundle import require_current
from autograder.packaging.gradescope import COURSE
from autograder.reporting.exports.gradescope import gradescope_results, without_score
from autograder.reporting.files import write_text
from autograder.reporting.finals import final_records, final_scores
from autograder.sandbox.kernel import hide_memory
from autograder.sandbox.layers import LANDLOCK, USER
from autograder.terms import Policy
from autograder.texts import json_text

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Metadata:
    """What Gradescope knows of a submission.

    Attributes
    ----------
    student : str
        E-mail address of the first who handed it in.
    submitted_at : datetime
        With a time zone.
    due : datetime or None
        The latest due date of those who handed it in, extensions included; None if nothing is due.
    """

    student: str
    submitted_at: datetime
    due: datetime | None


def main() -> None:
    """Start from the command line; what is logged, and every traceback, only instructors read."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    home, confinement = Path(sys.argv[1]), sys.argv[2]
    try:
        results = grade(home, confinement)
    except UsageError as error:
        logger.warning("%s", error)
        results = without_score(f"This submission was not graded: {error}")
    write_text(home / "results" / "results.json", json_text(results))


def grade(home: Path, confinement: str) -> dict[str, Any]:
    """Grade what is in a container, and return the content of ``results.json``.

    Parameters
    ----------
    home : pathlib.Path
        The folder that Gradescope calls ``/autograder``.
    confinement : str
        ``required`` or ``available``.

    Raises
    ------
    UsageError
        If student code can't be confined as asked, or the zip is not as it was packed.
    """
    course = load_course(home / "source" / COURSE)
    (name,) = course.assignments
    require_current(course, course.assignments[name])
    without = allowed_gaps(confinement)
    if {USER, LANDLOCK} <= without:
        raise UsageError("nothing here keeps student code from reading the hidden tests")
    known = read_metadata(home / "submission_metadata.json", course.policy.zone)
    members = ("submission",)
    submission = Submission(name, known.student, home, members, submitted_at=known.submitted_at)
    line = _graded(course, submission, without)
    logger.info("%s, confinement %s. %s", line["status"], line["confinement"], line["message"])
    finals = final_scores(
        _policy(course.policy, name, known), [line], {(name, known.student): known.submitted_at}
    )
    (final,) = final_records([line], finals)
    return gradescope_results(final, course.policy.hidden_checks(name))


def _graded(course: Course, submission: Submission, without: frozenset[str]) -> Record:
    hide_memory()
    process = GradingProcess(course.root, without)
    try:
        return dict(read_json(process.grade(submission).line))
    finally:
        process.close()


def _policy(policy: Policy, assignment: str, known: Metadata) -> Policy:
    """Return the terms of the course with the dates of Gradescope.

    Free days are shared by all assignments, of which a container knows one: where the course has
    some, nothing is taken off here.
    """
    terms = policy.terms[assignment]
    late = replace(terms.late, percent=0.0) if policy.late_days else terms.late
    terms = replace(terms, due=known.due, extensions={}, late=late)
    return replace(policy, terms={assignment: terms}, late_days=0)


def read_metadata(path: Path, zone: tzinfo) -> Metadata:
    """Read ``submission_metadata.json``; times without an offset are by the clock of the course."""
    known = json.loads(path.read_text(encoding="utf-8"))
    users = known.get("users") or []
    dates = [_due(known, user, zone) for user in users or [{}]]
    return Metadata(
        student=users[0]["email"] if users else "submission",
        submitted_at=_moment(known["created_at"], zone),
        due=None if None in dates else max(date for date in dates if date is not None),
    )


def _due(known: dict[str, Any], user: dict[str, Any], zone: tzinfo) -> datetime | None:
    """Return when the work of one user is due: by an extension, or as for everybody."""
    own = user.get("assignment") or known.get("assignment") or {}
    return _moment(own["due_date"], zone) if own.get("due_date") else None


def _moment(text: str, zone: tzinfo) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


if __name__ == "__main__":
    main()
