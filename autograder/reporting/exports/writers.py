"""The list of exports: which files a results folder holds, and what each is made from."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

from autograder.config import FILE, read_config
from autograder.errors import UsageError, did_you_mean
from autograder.grading.records import Record
from autograder.grading.store import Store
from autograder.reporting.exports.canvas import Note, fill_gradebook
from autograder.reporting.exports.classroom50 import classroom50_result
from autograder.reporting.exports.compare import Change, compare, write_changes
from autograder.reporting.exports.gradebooks import read_gradebook
from autograder.reporting.exports.gradescope import gradescope_results
from autograder.reporting.exports.junit import END, counts, junit_start, junit_suite
from autograder.reporting.exports.moodle import Identifier, moodle_files
from autograder.reporting.exports.prairielearn import prairielearn_results
from autograder.reporting.feedback import GRADED
from autograder.reporting.files import (
    csv_text,
    replacing,
    replacing_folder,
    write_csv,
    write_text,
)
from autograder.reporting.finals import Final, final_record
from autograder.reporting.students import Students
from autograder.terms import Visibility
from autograder.texts import file_names, json_text

FINAL = ("final", "late", "penalty", "reason")  # columns after those of the earned score

ADVICE = {
    "malformed": "Ask the student for a notebook that opens, then grade again.",
    "tampered": "Look at what was handed in; a person has to decide.",
    "fault": "Run gradus grade again; if it stays, report it with the message.",
}


def write_exports(
    folder: Path,
    finals: Mapping[tuple[str, str], Final] | None = None,
    hidden: Callable[[str], Visibility] = lambda _assignment: "hidden",
) -> None:
    """Write every export that needs nothing but the results, each file in one atomic step.

    Parameters
    ----------
    folder : pathlib.Path
        With the store, which exists.
    finals : mapping, optional
        Final scores by assignment and student; without them there are only earned ones.
    hidden : callable
        Returns of an assignment who sees its hidden checks on Gradescope, and when.
    """
    with Store.existing(folder) as store, replacing(folder / "results.jsonl") as lines:
        lines.writelines(f"{each}\n" for each in store.lines())
        _write_others(folder, store.records(), finals, hidden)


def _write_others(
    folder: Path,
    records: Iterable[Record],
    finals: Mapping[tuple[str, str], Final] | None,
    hidden: Callable[[str], Visibility],
) -> None:
    """Write all but ``results.jsonl``; the records are read twice."""
    brief = [_Brief.of(record, finals or {}) for record in records]
    tables = _Tables(finals)
    with (
        replacing(folder / "junit.xml") as suites,
        _each(folder / "gradescope", brief) as gradescope,
        _each(folder / "prairielearn", brief) as prairielearn,
    ):
        suites.write(junit_start(each.counts for each in brief))
        for record in records:
            suites.write(junit_suite(record))
            tables.add(record)
            final = final_record(record, finals or {})
            if final is not None:
                gradescope(record, gradescope_results(final, hidden(record["assignment"])))
                prairielearn(record, prairielearn_results(final))
        suites.write(END)
    tables.write(folder)


class _Brief(NamedTuple):
    """What has to be known of all results before the first is written."""

    assignment: str
    student: str
    status: str
    counts: Counter[str]
    is_final: bool

    @classmethod
    def of(cls, record: Record, finals: Mapping[tuple[str, str], Final]) -> Self:
        """Return what counts of a result."""
        names = (record["assignment"], record["student"], record["status"])
        return cls(*names, counts(record), final_record(record, finals) is not None)


class _Tables:
    """Collects what has a short line for a result, or none."""

    def __init__(self, finals: Mapping[tuple[str, str], Final] | None) -> None:
        self._finals = finals
        self._scores: list[tuple[object, ...]] = []
        self._remarks: list[tuple[object, ...]] = []
        self._review: list[tuple[object, ...]] = []

    def add(self, record: Record) -> None:
        """Collect the lines of one result."""
        key = (record["assignment"], record["student"])
        self._remarks += [(*key, remark) for remark in record.get("remarks", [])]
        if (status := record["status"]) == GRADED:
            final = _final(record, self._finals)
            self._scores.append((*key, record["score"], record["points"], *final))
        else:
            self._review.append((*key, status, record["message"], ADVICE[status]))

    def write(self, folder: Path) -> None:
        """Write the tables."""
        names = ("assignment", "student")
        final = FINAL if self._finals is not None else ()
        write_csv(folder / "scores.csv", (*names, "score", "points", *final), self._scores)
        write_csv(folder / "remarks.csv", (*names, "remark"), self._remarks)
        write_csv(folder / "review.csv", (*names, "status", "reason", "what to do"), self._review)


def _final(record: Record, finals: Mapping[tuple[str, str], Final] | None) -> tuple[object, ...]:
    """Return the columns `FINAL`; they are empty for an assignment that the course has no more."""
    if finals is None:
        return ()
    final = finals.get((record["assignment"], record["student"]), Final(None))
    return final.score, final.late, final.penalty, final.reason


@contextmanager
def _each(
    folder: Path, brief: Iterable[_Brief]
) -> Iterator[Callable[[Record, dict[str, Any]], None]]:
    """Write a JSON file for each submission that counts, and an index that says whose each is."""
    named = [each for each in brief if each.is_final]
    assignments = file_names(sorted({each.assignment for each in named}))
    students = file_names(sorted({each.student for each in named}))

    def path(assignment: str, student: str) -> str:
        return f"{assignments[assignment]}/{students[student]}.json"

    with replacing_folder(folder, ".json") as write:
        yield lambda record, content: write(
            path(record["assignment"], record["student"]), json_text(content) + "\n"
        )
    rows = [(path(each.assignment, each.student), *each[:3]) for each in named]
    write_csv(folder / "index.csv", ("file", "assignment", "student", "status"), rows)


def select(records: Iterable[Record], only: Sequence[str]) -> list[Record]:
    """Return the results of some assignments, or all if none is named.

    Raises
    ------
    UsageError
        If there is no result of a named assignment.
    """
    known = dict.fromkeys(record["assignment"] for record in records)
    _require(only, list(known))
    return [record for record in records if not only or record["assignment"] in only]


def _require(names: Iterable[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            raise UsageError(
                f"there is no result of {name!r}; there are of {', '.join(known)}.{hint}"
            )


def course_titles(root: Path) -> dict[str, str]:
    """Return the titles of a course's assignments; none where there is no course."""
    if not (root / FILE).is_file():
        return {}
    return {name: each.title for name, each in read_config(root)[0].assignments.items()}


def canvas_names(
    records: Sequence[Record], titles: Mapping[str, str], columns: Sequence[str]
) -> dict[str, list[str]]:
    """Return what each assignment may be called in Canvas.

    Parameters
    ----------
    titles : mapping of str to str
        Of the assignments of the course.
    columns : sequence of str
        ``ASSIGNMENT=TITLE`` or ``ASSIGNMENT=ID``; such a name counts alone.

    Raises
    ------
    UsageError
        If one of `columns` is not of that form, or names no assignment of the results.
    """
    names = {name: [name, title] for name, title in titles.items()}
    for name, equals, column in (each.partition("=") for each in columns):
        if not equals or not column.strip():
            raise UsageError(f"--column is ASSIGNMENT=TITLE or ASSIGNMENT=ID, not {name!r}")
        _require([name], list(dict.fromkeys(record["assignment"] for record in records)))
        names[name] = [column]
    return names


def write_canvas(
    folder: Path,
    records: Sequence[Record],
    export: Path,
    students: Students,
    names: Mapping[str, Sequence[str]],
) -> tuple[int, tuple[Note, ...]]:
    """Write ``canvas.csv`` and ``canvas-notes.csv``.

    Parameters
    ----------
    export : pathlib.Path
        The gradebook as Canvas exported it.
    names : mapping of str to sequence of str
        What assignments may be called in Canvas.

    Returns
    -------
    int, tuple of Note
        How many students have a row, and what to look at before the import.
    """
    book = read_gradebook(export)
    filled = fill_gradebook(book, records, students, names)
    write_csv(folder / "canvas.csv", filled.header, filled.rows, book.delimiter)
    notes = [(each.assignment, each.student, each.note) for each in filled.notes]
    write_csv(folder / "canvas-notes.csv", ("assignment", "student", "note"), notes)
    return len(filled.rows) - 1, filled.notes


def write_moodle(
    folder: Path,
    records: Sequence[Record],
    by: Identifier,
    students: Students,
    titles: Mapping[str, str],
) -> tuple[int, tuple[Note, ...]]:
    """Write ``moodle/ASSIGNMENT.csv`` for each assignment, and remove earlier ones.

    Returns
    -------
    int, tuple of Note
        How many files, and which students are in none, and why.
    """
    files = moodle_files(records, by, students, titles)
    names = file_names(files)
    texts = {f"{names[name]}.csv": csv_text(each.header, each.rows) for name, each in files.items()}
    with replacing_folder(folder / "moodle", ".csv") as write:
        for name, text in texts.items():
            write(name, text)
    notes = (
        Note(name, who, why) for name, file in files.items() for who, why in file.left_out.items()
    )
    return len(files), tuple(sorted(notes))


def write_comparison(folder: Path, old: Iterable[Record], new: Iterable[Record]) -> list[Change]:
    """Write ``changes.csv`` and ``changes.json``, and return what they say."""
    changes = compare(old, new)
    write_changes(folder, changes)
    return changes


def write_classroom50(
    path: Path, records: Sequence[Record], environment: Mapping[str, str]
) -> None:
    """Write the ``result.json`` of the one submission that a workflow of Classroom 50 graded.

    Raises
    ------
    UsageError
        If it is not one, was not graded, or the workflow's variables are missing.
    """
    if len(records) != 1:
        raise UsageError(
            f"a result.json for Classroom 50 is of one submission; there are {len(records)}"
        )
    result = classroom50_result(records[0], environment, datetime.now(UTC))
    write_text(path, json_text(result, 1) + "\n")
