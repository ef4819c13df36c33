"""Moodle's grade import: one CSV file for each assignment, with points and feedback.

The importer stops at the first row whose user it does not know, gives a row without an identifier
to the student above it, and takes an empty grade for "no grade", over one that is there. So a file
holds one assignment, and only students who were graded and can be told apart.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from autograder.grading.records import Record
from autograder.reporting.feedback import GRADED, exercise_feedback
from autograder.reporting.students import Students, student
from autograder.texts import cell, html_cell, line

Identifier = Literal["email", "idnumber", "username"]
HEADERS: dict[Identifier, str] = {
    "email": "Email address",
    "idnumber": "ID number",
    "username": "Username",
}
FIELDS: dict[Identifier, str] = {"email": "email", "idnumber": "id", "username": "login"}
FEEDBACK = "Feedback"

Row = tuple[str, str, str]


@dataclass(frozen=True)
class MoodleFile:
    """What to import for one assignment.

    Attributes
    ----------
    rows : tuple of tuple
        Identifier, points and feedback, as they stand in the file.
    left_out : mapping of str to str
        Students who were graded but are not in the file, and why.
    """

    header: Row
    rows: tuple[Row, ...]
    left_out: Mapping[str, str]


def moodle_files(
    records: Sequence[Record],
    by: Identifier,
    students: Students,
    titles: Mapping[str, str],
) -> dict[str, MoodleFile]:
    """Return the file of each assignment.

    Parameters
    ----------
    by : {'email', 'idnumber', 'username'}
        What the rows name students by.
    titles : mapping of str to str
        Titles of assignments; one without a title goes by its name.
    """
    graded = [record for record in records if record["status"] == GRADED]
    return {
        name: _file(
            [record for record in graded if record["assignment"] == name],
            by,
            students,
            titles.get(name, name),
        )
        for name in dict.fromkeys(record["assignment"] for record in graded)
    }


def _file(records: Sequence[Record], by: Identifier, students: Students, title: str) -> MoodleFile:
    known = {
        record["student"]: getattr(student(record["student"], students), FIELDS[by])
        for record in records
    }
    left_out = dict(_unusable(known, by))
    rows = tuple(
        (known[record["student"]], f"{record['score']:.2f}", _feedback(record))
        for record in records
        if record["student"] not in left_out
    )
    return MoodleFile((HEADERS[by], title, f"{title} ({FEEDBACK})"), rows, left_out)


def _unusable(known: Mapping[str, str], by: Identifier) -> Iterator[tuple[str, str]]:
    """Yield students whose identifier would stop the import or meet another student."""
    counts = Counter(known.values())
    for name, identifier in known.items():
        if identifier.strip() in {"", "0"}:  # the importer takes "0" for an empty cell
            yield name, f"has no {HEADERS[by].lower()}"
        elif by == "email" and "@" not in identifier:
            yield name, f"{line(identifier)!r} is no e-mail address"
        elif cell(identifier) != identifier or identifier != identifier.strip():
            yield name, "the identifier would not arrive as it is"
        elif counts[identifier] > 1:
            yield name, f"{line(identifier)!r} stands for more than one student"


def _feedback(record: Record) -> str:
    """Return what went wrong, as HTML, which is what Moodle shows."""
    lines = []
    for exercise in record["exercises"]:
        head = f"{exercise['exercise']}: {exercise['score']:g} of {exercise['points']:g} points."
        lines.append(f"{head} {exercise_feedback(exercise)}".strip())
    return html_cell("\n".join(lines))
