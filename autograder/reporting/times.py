"""When submissions were handed in: ``times.csv`` in a results folder, one line for each.

A person may mend a time there. What is not known is not in it, and never guessed from a file.
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Protocol

from autograder.errors import CourseError, Problem, UsageError
from autograder.reporting.files import replacing
from autograder.reporting.finals import Key, Times

FILE = "times.csv"
COLUMNS = ("assignment", "student", "submitted_at")
FORMULA = re.compile(r"""["'\s]*[=+\-@\t\r]""")  # what a spreadsheet takes for a formula


class HandedIn(Protocol):
    """A submission whose time may be known."""

    @property
    def assignment(self) -> str:
        """The assignment that it is for."""

    @property
    def student(self) -> str:
        """The name under which it was handed in."""

    @property
    def submitted_at(self) -> datetime | None:
        """When, with a time zone; None if nothing says so."""


def keep_times(
    folder: Path, zone: tzinfo, submissions: Iterable[HandedIn] = (), given: Path | None = None
) -> Times:
    """Bring ``times.csv`` of a results folder up to date, and return all times.

    A time that somebody gives in a file comes before that of the submission itself, and this
    before one from an earlier run.

    Raises
    ------
    UsageError
        If the given file is not there.
    CourseError
        With every line that cannot be read.
    """
    path = folder / FILE
    times = read_times(path, zone) if path.is_file() else {}
    times |= {
        (each.assignment, each.student): each.submitted_at
        for each in submissions
        if each.submitted_at is not None
    }
    if given is not None:
        times |= read_times(given, zone)
    if times:
        _write(path, times)
    return times


def read_times(path: Path, zone: tzinfo) -> dict[Key, datetime]:
    """Read a file of times; one without an offset is by the clock of the course."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="surrogateescape")
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist; it should hold times of submission") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        message = f"there is no column {missing[0]!r}; expected {', '.join(COLUMNS)}"
        raise CourseError.at(path, 1, message)
    times, problems = {}, []
    for row in reader:
        assignment, student, time = (row[name] for name in COLUMNS)
        try:
            moment = datetime.fromisoformat(time.strip())
        except ValueError:
            message = f"{time!r:.60} is no time; write one like 2026-12-01T23:59:00+01:00"
            problems.append(Problem(path, reader.line_num, message))
            continue
        times[assignment, _plain(student)] = (
            moment if moment.tzinfo else moment.replace(tzinfo=zone)
        )
    if problems:
        raise CourseError(problems)
    return times


def _quoted(name: str) -> str:
    """Return a name that a spreadsheet does not run as a formula."""
    return f"'{name}" if FORMULA.match(name) else name


def _plain(name: str) -> str:
    """Undo `_quoted`."""
    return name[1:] if name.startswith("'") and FORMULA.match(name[1:]) else name


def _write(path: Path, times: Times) -> None:
    with replacing(path, errors="surrogateescape") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for (assignment, student), time in sorted(times.items()):
            writer.writerow((assignment, _quoted(student), time.isoformat()))
