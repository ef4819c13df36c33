"""Results as they come: a bar on a terminal, else a plain line for each."""

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from autograder.cli.consoles import is_watched, say, warn
from autograder.cli.endings import stop_if_asked
from autograder.texts import line

if TYPE_CHECKING:
    from autograder.cli.bars import Bar
    from autograder.grading.records import Record


class Row(NamedTuple):
    """A result as the closing tables show it: all that is kept of thousands."""

    assignment: str
    student: str
    score: float | None
    points: float
    status: str
    misconceptions: str

    @classmethod
    def of(cls, record: "Record") -> "Row":
        """Return the row of a result."""
        shown = {key: record[key] for key in cls._fields if key in record}
        return cls(**shown, misconceptions=", ".join(misconceptions(record)))


class Reporter:
    """Hears of every result, and shows it.

    Parameters
    ----------
    todo, kept : int
        How many submissions are graded, and how many results an earlier run left.

    Attributes
    ----------
    rows : list of Row
        Of the closing tables.
    review : list of str
        A line for each submission without a score.
    graded : int
        How many got a score in this run.
    """

    def __init__(self, todo: int, kept: int) -> None:
        self.rows: list[Row] = []
        self.review: list[str] = []
        self.graded = 0
        self._counts: Counter[str] = Counter()
        self._todo, self._kept = todo, kept
        self._bar: Bar | None = None

    def __enter__(self) -> "Reporter":
        stop_if_asked()
        total = self._todo + self._kept
        if self._kept and self._todo:
            warn(f"{self._kept:,} of {total:,} were graded before")
        if self._todo and is_watched():
            from autograder.cli.bars import Bar

            self._bar = Bar(total, self._kept, self._counts)
            self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            say("")

    def __call__(self, record: "Record", *, kept: bool) -> None:
        """Take notice of one result; `kept` says that it is from an earlier run."""
        stop_if_asked()
        self.rows.append(Row.of(record))
        self._counts[record["status"]] += 1
        if record["status"] != "graded":
            self.review.append(result_line(record))
        if kept:
            return
        self.graded += record["status"] == "graded"
        if self._bar is None:
            say(result_line(record))
        else:
            self._bar.advance()


def result_line(record: "Record") -> str:
    """Return a result as one line, without anything that steers a terminal."""
    name = f"{record['assignment']}/{record['student']}"
    if record["score"] is None:
        return line(f"{name}: {record['status']}: {record['message']}")
    return line(f"{name}: {record['score']:g} / {record['points']:g} ({record['seconds']:.2f} s)")


def misconceptions(record: "Record") -> list[str]:
    """Return the diagnoses of a result as ``function: mutant``, each once."""
    found = {
        f"{exercise['exercise'].partition('.')[2]}: {check['diagnosis']['mutant']}": None
        for exercise in record["exercises"]
        for check in exercise["checks"]
        if check["diagnosis"]
    }
    return list(found)
