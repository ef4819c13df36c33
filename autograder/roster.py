"""The list of students, and whom the name of a submission means: one of them, or nobody."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from functools import cached_property
from pathlib import Path

from autograder.errors import CourseError, Problem, UsageError, did_you_mean

LONGEST_ID = 100  # bytes; ids are names of files


@dataclass(frozen=True)
class Student:
    """One line of the roster; what is not known is empty.

    Attributes
    ----------
    id : str
        Names the student in Gradus, in one way in every file.
    sis_id, login : str
        As in the gradebook of the learning platform.
    """

    id: str = ""
    name: str = ""
    email: str = ""
    sis_id: str = ""
    login: str = ""
    section: str = ""


@dataclass(frozen=True)
class Match:
    """Whom a name fits: one student, several, or nobody."""

    candidates: tuple[Student, ...]

    @property
    def student(self) -> Student | None:
        """The one student that the name means; None if there is a doubt."""
        return self.candidates[0] if len(self.candidates) == 1 else None


class Roster:
    """Students, found by the names under which they hand in.

    A name fits in one of three ways, tried in this order: as it is; whatever the case of its
    letters; as the part of an email address before the @. Each compares it with the id, the SIS
    id, the login, the email address and the name of every student. A way that finds two students
    ends the search: nobody is guessed.

    >>> roster = Roster([Student("ann", "Ann Lee", "a.lee@uni.edu"), Student("bo", "Bo Lee")])
    >>> [roster.find(name).student.id for name in ("ann lee", "A.Lee", "bo")]
    ['ann', 'ann', 'bo']
    >>> roster.find("lee").student is None
    True
    """

    def __init__(self, students: Iterable[Student]) -> None:
        self.students = tuple(students)

    def find(self, name: str) -> Match:
        """Return whom a name fits."""
        for way, index in zip((_plain, _folded, _folded), self._indexes, strict=True):
            found = index.get(way(name))
            if found:
                return Match(tuple(found))
        return Match(())

    def doubtful(self, names: Iterable[str]) -> Iterator[str]:
        """Yield a sentence for each name that does not mean exactly one student."""
        for name in dict.fromkeys(names):
            match = self.find(name)
            if not match.candidates:
                yield f"{name!r} is nobody in the roster"
            elif match.student is None:
                ids = ", ".join(student.id for student in match.candidates)
                yield f"{name!r} may be any of {ids} in the roster"

    @cached_property
    def _indexes(self) -> tuple[dict[str, list[Student]], ...]:
        """Return for each way of fitting who fits what."""
        return (
            _index(self.students, _names, _plain),
            _index(self.students, _names, _folded),
            _index(self.students, lambda each: [each.email.partition("@")[0]], _folded),
        )


def _index(
    students: Iterable[Student],
    names: Callable[[Student], list[str]],
    way: Callable[[str], str],
) -> dict[str, list[Student]]:
    index: dict[str, list[Student]] = {}
    for student in students:
        for name in {way(name) for name in names(student)} - {""}:
            index.setdefault(name, []).append(student)
    return index


def _names(student: Student) -> list[str]:
    return [student.id, student.sis_id, student.login, student.email, student.name]


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _folded(name: str) -> str:
    return _plain(_plain(name).casefold())


def read_roster(path: Path) -> Roster:
    """Read a roster: a CSV file whose first line names its columns, of which ``id`` must be there.

    Columns that Gradus does not know are left alone, unless they look like a misspelt one.

    Raises
    ------
    UsageError
        If there is no such file.
    CourseError
        With every problem of the file, each with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError(f"the roster {path} does not exist") from None
    except UnicodeDecodeError:
        raise CourseError.at(path, 0, "not UTF-8; save it as CSV UTF-8") from None
    header = text.partition("\n")[0]
    delimiter = ";" if ";" in header and "," not in header else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restval="")
    columns = {name: _column(name) for name in reader.fieldnames or () if name}
    problems = list(_header_problems(path, list(columns.values())))
    if problems:
        raise CourseError(problems)
    students, places = [], []
    for row in reader:
        known = {column: row[name].strip() for name, column in columns.items() if column in KNOWN}
        if any(known.values()):
            students.append(Student(**known))
            places.append(reader.line_num)
    problems = list(_problems(path, students, places))
    if problems:
        raise CourseError(problems)
    return Roster(students)


KNOWN = tuple(each.name for each in fields(Student))


def _column(heading: str) -> str:
    return heading.strip().casefold().replace(" ", "_")


def _header_problems(path: Path, columns: list[str]) -> Iterator[Problem]:
    if "id" not in columns:
        yield Problem(path, 1, f"there is no column 'id'; known columns: {', '.join(KNOWN)}")
    for column in columns:
        if columns.count(column) > 1 and column in KNOWN:
            yield Problem(path, 1, f"there are two columns {column!r}")
        hint = did_you_mean(column, [name for name in KNOWN if name not in columns])
        if column not in KNOWN and hint:
            yield Problem(path, 1, f"unknown column {column!r}.{hint}")


def _problems(path: Path, students: list[Student], places: list[int]) -> Iterator[Problem]:
    """Yield what is wrong with the ids, which are names of files and must differ as such."""
    seen: dict[str, int] = {}
    for student, line in zip(students, places, strict=True):
        if not student.id:
            yield Problem(path, line, f"{' '.join(filter(None, astuple(student)))} has no id")
        elif not _fit_for_a_file(student.id):
            message = "is no id: ids name files, so they hold no / \\ or control character"
            yield Problem(path, line, f"{student.id!r:.60} {message} and do not begin with a dot")
        elif _folded(student.id) in seen:
            earlier = seen[_folded(student.id)]
            yield Problem(path, line, f"the id {student.id!r} stands in line {earlier} already")
        seen.setdefault(_folded(student.id), line)


def _fit_for_a_file(name: str) -> bool:
    whole = name.isprintable() and not set("/\\") & set(name) and not name.startswith(".")
    return whole and len(name.encode()) <= LONGEST_ID
