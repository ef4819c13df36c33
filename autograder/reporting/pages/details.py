"""The rows of a report's long tables, as compact as its script can read them.

What many students share is said once. Who makes the same mistake fails the same checks in the same
way, so a row refers by number to what became of each exercise, and this to lists of checks,
misconceptions and sentences. A class of thousands thus fits into one page.
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from autograder.grading.records import Record
from autograder.reporting.finals import Final
from autograder.reporting.pages.labels import Names
from autograder.reporting.pages.sheets import VERDICTS

LONGEST = 300  # characters of a sentence
ROOM = 400_000  # characters of all sentences together
NOTHING = -1

Value = TypeVar("Value", bound=Hashable)


class _Row(NamedTuple):
    """One submission. Equal parts of different rows are the same objects."""

    name: str
    student: str
    assignment: str
    status: str
    score: float | None
    points: float
    final: float | None
    late: float | None
    reason: str
    seconds: float
    message: str
    exercises: tuple[tuple[Any, ...], ...]


class Details:
    """Gathers the row of each submission.

    Parameters
    ----------
    names : Names
        What students are called. Rows, and all that they refer to, are in the order of these
        names, so that nothing tells how the original names would be ordered.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._rows: list[_Row] = []
        self._shared: dict[Any, Any] = {}

    def add(self, record: Record, final: Final | None) -> None:
        """Take in one result."""
        final = final or Final(None)
        row = _Row(
            name=self._names.of(record["student"]),
            **{key: record[key] for key in ("student", "assignment", "status", "score", "points")},
            final=final.score,
            late=None if final.late is None else round(final.late, 1),
            reason=self._sentence(final.reason),
            seconds=round(record["seconds"], 2),
            message=self._sentence(record["message"]),
            exercises=tuple(self._once(self._exercise(each)) for each in record["exercises"]),
        )
        self._rows.append(row)

    def _once(self, value: Value) -> Value:
        """Return the first value that equals this one."""
        return self._shared.setdefault(value, value)  # type: ignore[no-any-return]

    def _exercise(self, exercise: Record) -> tuple[Any, ...]:
        failed = (self._failed(each) for each in exercise["checks"] if each["verdict"] != "passed")
        named = (exercise["exercise"], exercise["points"])
        return (*named, round(exercise["score"], 4), tuple(failed))

    def _failed(self, check: Record) -> tuple[Any, ...]:
        known = check["diagnosis"]
        return (
            (check["check"], check["title"], check["public"]),
            VERDICTS.index(check["verdict"]),
            self._sentence(check["message"]),
            (known["mutant"], known["hint"]) if known else None,
        )

    def _sentence(self, text: str) -> str:
        """Return a sentence as it is shown; each different one is looked at once."""
        if ("sentence", text) not in self._shared:
            self._shared["sentence", text] = shortened(self._names.text(text), LONGEST)
        return str(self._shared["sentence", text])

    def data(self, titles: Mapping[str, str], pages: Mapping[str, str]) -> dict[str, Any]:
        """Return everything as plain data.

        Parameters
        ----------
        titles : mapping
            Of assignments.
        pages : mapping
            The address of each student's own page, as far as there is one.
        """
        lists = _Lists(ROOM)
        ordered = sorted(self._rows, key=lambda row: row[:3])
        rows = [lists.numbered(row, pages.get(row.student, "")) for row in ordered]
        return {
            "students": list(lists.students),
            "assignments": [[each, titles.get(each, "")] for each in lists.assignments],
            "statuses": list(lists.statuses),
            "verdicts": VERDICTS,
            "exercises": list(lists.exercises),
            "results": lists.results,
            "checks": list(lists.checks),
            "diagnoses": list(lists.diagnoses),
            "texts": list(lists.texts),
            "submissions": rows,
            "cut": lists.cut,
        }


class _Numbered:
    """Values in order, each once, known by their numbers."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def __getitem__(self, value: Hashable) -> int:
        """Return the number of a value, which is a new one for a new value."""
        return self._numbers.setdefault(value, len(self._numbers))

    def get(self, value: Hashable) -> int:
        """Return the number of a value, or `NOTHING` if it is not there."""
        return self._numbers.get(value, NOTHING)

    def __contains__(self, value: Hashable) -> bool:
        return value in self._numbers

    def __iter__(self) -> Iterator[Any]:
        return iter(self._numbers)


class _Lists:
    """The lists that rows refer to; `cut` says whether a sentence had to be left out."""

    def __init__(self, room: int) -> None:
        self.students, self.assignments, self.statuses = _Numbered(), _Numbered(), _Numbered()
        self.exercises, self.checks, self.diagnoses = _Numbered(), _Numbered(), _Numbered()
        self.texts = _Numbered()
        self.results: list[tuple[int, float, list[int]]] = []
        self._known: dict[tuple[Any, ...], int] = {}
        self._room = room
        self.cut = False

    def numbered(self, row: _Row, page: str) -> list[Any]:
        """Return a row with numbers for everything that is in a list."""
        assignment = self.assignments[row.assignment]
        return [
            self.students[row.name, page],
            assignment,
            self.statuses[row.status],
            row.score,
            row.points,
            row.final,
            row.late,
            self._text(row.reason),
            row.seconds,
            self._text(row.message),
            [self._result(assignment, each) for each in row.exercises],
        ]

    def _result(self, assignment: int, result: tuple[Any, ...]) -> int:
        """Return the number of what became of an exercise."""
        known = self._known.setdefault((assignment, *result), len(self.results))
        if known < len(self.results):
            return known
        name, points, score, failures = result
        exercise = self.exercises[assignment, name, points]
        failed: list[int] = []
        for check, verdict, message, diagnosis in failures:
            failed += (self.checks[(exercise, *check)], verdict, self._text(message))
            failed.append(self.diagnoses[diagnosis] if diagnosis else NOTHING)
        self.results.append((exercise, score, failed))
        return known

    def _text(self, text: str) -> int:
        """Return the number of a sentence, or `NOTHING` where there is none, or no room for it."""
        if not text or text in self.texts:
            return self.texts.get(text)
        if len(text) > self._room:
            self.cut = True
            return NOTHING
        self._room -= len(text)
        return self.texts[text]


def shortened(text: str, longest: int) -> str:
    """Return a text, or its beginning.

    Examples
    --------
    >>> shortened("far too long", 8)
    'far too…'
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"
