"""Fill a Canvas gradebook: what to import, and what a person should look at.

The importer makes a new assignment of a title that it does not know, and a new student of a name;
an empty cell deletes a score. So every column and every row comes from an export, with its id; a
student without a new score has no row, and a cell without a new score stays as it was exported.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.grading.records import Record
from autograder.reporting.exports.gradebooks import EXCUSED, NO_GRADE, UNASSIGNED, Column, Gradebook
from autograder.reporting.feedback import GRADED
from autograder.reporting.students import Students, student


@dataclass(frozen=True, order=True)
class Note:
    """Something to look at before the import; without a student it is about the assignment."""

    assignment: str
    student: str
    note: str


@dataclass(frozen=True)
class Filled:
    """A gradebook to import.

    Attributes
    ----------
    rows : tuple of tuple
        The points possible, then one row for each student with a new score.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    notes: tuple[Note, ...]


def fill_gradebook(
    book: Gradebook,
    records: Sequence[Record],
    students: Students,
    names: Mapping[str, Sequence[str]],
) -> Filled:
    """Return the columns and rows of a gradebook that have new scores.

    Parameters
    ----------
    book : Gradebook
        As exported, shortly before.
    names : mapping of str to sequence of str
        What each assignment may be called in Canvas: titles, or the id of its column. By default
        the assignment's own name.
    """
    graded = [record for record in records if record["status"] == GRADED]
    columns, notes = _columns(book, graded, names)
    rows, unmatched = _rows(book, graded, students)
    notes += unmatched
    scores: dict[int, dict[int, str]] = {}
    for record in graded:
        column, row = columns.get(record["assignment"]), rows.get(_key(record))
        if column is None or row is None:
            continue
        new, old = f"{record['score']:.2f}", book.rows[row][column.index].strip()
        note = _note(old, new)
        if note:
            notes.append(Note(record["assignment"], record["student"], note))
        if old.upper() not in {EXCUSED, UNASSIGNED}:
            scores.setdefault(row, {})[column.index] = new
    used = {index for cells in scores.values() for index in cells}
    kept = [*range(book.student_columns), *sorted(used)]
    filled = (
        tuple(scores[row].get(index, _kept(book.rows[row][index])) for index in kept)
        for row in sorted(scores)
    )
    return Filled(
        tuple(book.header[index] for index in kept),
        (tuple(book.points[index] for index in kept), *filled),
        tuple(sorted(set(notes))),
    )


def _note(old: str, new: str) -> str:
    """Return what is remarkable about a cell and what would be written there."""
    if old.upper() == EXCUSED:
        return f"excused in Canvas, which stays; here {new}"
    if old.upper() == UNASSIGNED:
        return f"the assignment is not for this student in Canvas; here {new}"
    return "" if old in NO_GRADE or _number(old) == float(new) else f"{old} becomes {new}"


def _kept(old: str) -> str | float:
    """Return a cell that says the same as an exported one; a negative number is no formula."""
    if old.strip() in NO_GRADE:
        return ""
    negative = _number(old) if old.startswith("-") else None
    return old if negative is None else negative


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _columns(
    book: Gradebook, records: Sequence[Record], names: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Column], list[Note]]:
    """Return the column of each assignment, and why one has none."""
    columns: dict[str, Column] = {}
    notes = []
    for assignment, points in {each["assignment"]: each["points"] for each in records}.items():
        called = {each.strip().casefold() for each in names.get(assignment, (assignment,))}
        found = [each for each in book.columns if {each.title.casefold(), each.id} & called]
        if len(found) != 1:
            note = "no column in Canvas" if not found else f"{len(found)} columns in Canvas"
            notes.append(Note(assignment, "", f"{note}: say which, with its id"))
        elif found[0].ignored:
            notes.append(Note(assignment, "", found[0].ignored))
        else:
            columns[assignment] = found[0]
            if _number(found[0].points) != points:
                note = f"{points:g} points here, {found[0].points} in Canvas: nothing is scaled"
                notes.append(Note(assignment, "", note))
    shared = Counter(column.id for column in columns.values())
    clashes = [name for name, column in columns.items() if shared[column.id] > 1]
    notes += [Note(name, "", "shares its column in Canvas: say which") for name in clashes]
    return {name: each for name, each in columns.items() if name not in clashes}, notes


def _rows(
    book: Gradebook, records: Sequence[Record], students: Students
) -> tuple[dict[tuple[str, str], int], list[Note]]:
    """Return the row of each submission's student, and why one has none."""
    found = {_key(record): book.find(student(record["student"], students)) for record in records}
    claims = Counter((key[0], rows[0]) for key, rows in found.items() if len(rows) == 1)
    ids = Counter(book.id(row) for row in range(len(book.rows)))
    rows, notes = {}, []
    for (assignment, name), candidates in found.items():
        problem = _problem(book, candidates, ids)
        if not problem and claims[assignment, candidates[0]] > 1:
            problem = "another submission may be this student's too"
        if problem:
            notes.append(Note(assignment, name, problem))
        else:
            rows[assignment, name] = candidates[0]
    return rows, notes


def _key(record: Record) -> tuple[str, str]:
    return record["assignment"], record["student"]


def _problem(book: Gradebook, candidates: Sequence[int], ids: Mapping[str, int]) -> str:
    if not candidates:
        return "no such student in Canvas"
    if len(candidates) > 1:
        return f"{len(candidates)} students in Canvas may be meant"
    identifier = book.id(candidates[0])
    if not re.fullmatch("[0-9]+", identifier) or ids[identifier] > 1:
        return "the student's ID in Canvas is missing or not unique"
    return ""
