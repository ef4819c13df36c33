"""Read the gradebook that Canvas exports, with the eyes of its importer."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.errors import UsageError
from autograder.roster import Student

EXCUSED = "EX"
UNASSIGNED = "N/A"  # the assignment is not for this student; the importer ignores the cell
NO_GRADE = frozenset({"", "-"})

LAST_STUDENT_COLUMN = "Section"
POINTS = "Points Possible"
NAME = "Student"
HEADERS = (("Student", "ID"), ("LastName", "FirstName", "ID"))
# Columns with one of these anywhere in their title are totals to the importer: never read.
TOTALS = (
    *("Current Score", "Current Points", "Current Grade"),
    *("Final Score", "Final Points", "Final Grade"),
    *("Override Score", "Override Grade", "Override Status"),
)
_TITLE = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)\s*", re.DOTALL)
_NO_STUDENT = re.compile(r"\s*(?:muted|manual posting.*)?\s*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Column:
    """The column of an assignment.

    Attributes
    ----------
    header : str
        As in the file: the title, then the id in parentheses.
    points : str
        Cell of the row with the points possible.
    """

    index: int
    header: str
    title: str
    id: str
    points: str

    @property
    def ignored(self) -> str:
        """Why the importer does not read the column, or nothing."""
        if re.search(r"read\s+only", self.points):
            return "the column is read only in Canvas"
        if any(each in self.title for each in TOTALS):
            return "Canvas takes a column of this title for a total"
        return ""


@dataclass(frozen=True)
class Gradebook:
    """A gradebook as Canvas exports it.

    Attributes
    ----------
    header, points : tuple of str
        The first row, and the one with the points possible.
    rows : tuple of tuple of str
        One for each student, as wide as the header.
    """

    header: tuple[str, ...]
    points: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str

    @cached_property
    def student_columns(self) -> int:
        """How many columns say who a student is."""
        return self.header.index(LAST_STUDENT_COLUMN) + 1

    def id(self, row: int) -> str:
        """Return the number by which Canvas knows the student of a row."""
        return self.rows[row][self.header.index("ID")].strip()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of assignments; columns without an id are totals or notes."""
        found = enumerate(self.header[self.student_columns :], self.student_columns)
        return tuple(
            Column(index, header, match["title"], match["id"], self.points[index])
            for index, header in found
            if (match := _TITLE.fullmatch(header))
        )

    def find(self, student: Student) -> list[int]:
        """Return the rows that may be a student's: by identifiers, and if none fits, by name."""
        identifiers = (
            ("ID", student.id),
            ("SIS User ID", student.sis_id),
            ("SIS Login ID", student.login),
            ("SIS Login ID", student.email),
        )
        rows = {row for field, value in identifiers for row in self._rows(field, value)}
        return sorted(rows or self._rows(NAME, student.name))

    def _rows(self, field: str, value: str) -> set[int]:
        return self._index.get((field, _same(value)), set()) if value.strip() else set()

    @cached_property
    def _index(self) -> dict[tuple[str, str], set[int]]:
        index: dict[tuple[str, str], set[int]] = {}
        names = self.header.index("ID")
        for number, row in enumerate(self.rows):
            values = [(NAME, form) for form in _forms(", ".join(row[:names]))]
            fields = zip(self.header[names:], row[names : self.student_columns], strict=False)
            for field, value in (*values, *fields):
                index.setdefault((field, _same(value)), set()).add(number)
        return index


def _same(text: str) -> str:
    """Return what two spellings of a name or an identifier have in common."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _forms(name: str) -> Iterator[str]:
    """Yield ``Lee, Ann`` and ``Ann Lee``."""
    yield name
    last, comma, first = name.partition(",")
    if comma:
        yield f"{first} {last}"


def read_gradebook(path: Path) -> Gradebook:
    """Read a gradebook that Canvas exported.

    Raises
    ------
    UsageError
        If it is not one.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"{path} cannot be read: {problem}") from None
    delimiter = ";" if re.match(r'"?(Student|LastName)"?;', text) else ","
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UsageError(f"{path} is not a CSV file: {error}") from None
    return _gradebook(path, table, delimiter)


def _gradebook(path: Path, table: list[list[str]], delimiter: str) -> Gradebook:
    header = tuple(table[0]) if table else ()
    known = any(header[: len(each)] == each for each in HEADERS)
    if not known or LAST_STUDENT_COLUMN not in header:
        raise UsageError(
            f"{path} is not a gradebook that Canvas exported: its columns have to begin with "
            f"Student and ID, and {LAST_STUDENT_COLUMN} has to end those about the student"
        )
    points, rows = ("",) * len(header), []
    for short in table[1:]:
        row = tuple(short) + ("",) * (len(header) - len(short))
        if len(row) > len(header):
            raise UsageError(f"{path}: the row of {row[0]!r} has more cells than the header")
        if POINTS in row[0]:
            points = row
        elif not all(_NO_STUDENT.fullmatch(each) for each in row):
            rows.append(row)
    return Gradebook(header, points, tuple(rows), delimiter)
