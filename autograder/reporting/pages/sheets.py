"""One assignment's results in figures: scores, exercises and checks, gathered one by one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.grading.records import Record
from autograder.reporting.feedback import GRADED
from autograder.reporting.pages.items import Item, Reliability, Scores

VERDICTS = ("passed", "failed", "error", "skipped")


@dataclass(frozen=True)
class Row:
    """One exercise or check, and how the class did on it.

    Attributes
    ----------
    exercise, name, title : str
        Of a check; the name and the title of an exercise are empty.
    verdicts : tuple of int
        How often a check had each of `VERDICTS`; of an exercise, how many did all of it, and how
        many did not.
    """

    exercise: str
    name: str
    title: str
    public: bool
    points: float
    verdicts: tuple[int, ...]
    item: Item


class Checks:
    """Gathers results that have the same exercises and checks."""

    def __init__(self, record: Record) -> None:
        self._exercises = [(each["exercise"], each["points"]) for each in record["exercises"]]
        self._checks = [
            (exercise["exercise"], *(check[key] for key in ("check", "title", "public", "points")))
            for exercise in record["exercises"]
            for check in exercise["checks"]
        ]
        self._by_exercise = Scores([points for _, points in self._exercises])
        self._by_check = Scores([points for *_, points in self._checks])
        self._full = np.zeros(len(self._exercises), dtype=int)
        self._verdicts = np.zeros((len(self._checks), len(VERDICTS)), dtype=int)

    def add(self, record: Record) -> None:
        """Count one more result."""
        exercises = record["exercises"]
        checks = [check for exercise in exercises for check in exercise["checks"]]
        self._by_exercise.add([each["score"] for each in exercises])
        self._by_check.add([each["score"] for each in checks])
        self._full += np.array([each["score"] >= each["points"] for each in exercises], dtype=bool)
        for place, check in enumerate(checks):
            self._verdicts[place, VERDICTS.index(check["verdict"])] += 1

    @cached_property
    def reliability(self) -> Reliability:
        """The statistics of the exercises."""
        return self._by_exercise.reliability()

    @cached_property
    def by_check(self) -> Reliability:
        """The statistics of the checks."""
        return self._by_check.reliability()

    @property
    def exercises(self) -> Iterator[Row]:
        """Every exercise, in the order of the assignment."""
        for (name, points), full, item in zip(
            self._exercises, self._full.tolist(), self.reliability.items, strict=True
        ):
            verdicts = (full, self.reliability.count - full)
            yield Row(name, "", "", public=True, points=points, verdicts=verdicts, item=item)

    @property
    def checks(self) -> Iterator[Row]:
        """Every check, in the order of the assignment."""
        for check, verdicts, item in zip(
            self._checks, self._verdicts.tolist(), self.by_check.items, strict=True
        ):
            exercise, name, title, public, points = check
            yield Row(exercise, name, title, public, points, tuple(verdicts), item)


class Sheet:
    """Gathers the results of one assignment.

    Attributes
    ----------
    statuses : Counter of str
        How many submissions there are of each status, whether they count or not.
    shares : list of float
        Earned scores as shares of the points, of the submissions that count.
    """

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title
        self.points = 0.0
        self.statuses: Counter[str] = Counter()
        self.shares: list[float] = []
        self._checks: dict[Any, Checks] = {}

    def add(self, record: Record, *, counts: bool) -> None:
        """Add a result; of a submission that does not count only its status."""
        self.statuses[record["status"]] += 1
        self.points = max(self.points, record["points"])
        if record["status"] != GRADED or not counts:
            return
        self.shares.append(record["score"] / record["points"] if record["points"] else 1.0)
        layout = _layout(record)
        if layout not in self._checks:
            self._checks[layout] = Checks(record)
        self._checks[layout].add(record)

    @property
    def submissions(self) -> int:
        """How many there are."""
        return self.statuses.total()

    @property
    def graded(self) -> int:
        """How many have a score."""
        return self.statuses[GRADED]

    @property
    def full(self) -> int:
        """How many earned everything."""
        return sum(share >= 1 for share in self.shares)

    @cached_property
    def quartiles(self) -> list[float]:
        """The quartiles of the shares; empty without scores."""
        return np.percentile(self.shares, (25, 50, 75)).tolist() if self.shares else []

    @property
    def mean(self) -> float | None:
        """The mean share."""
        return float(np.mean(self.shares)) if self.shares else None

    @property
    def deviation(self) -> float | None:
        """The standard deviation of the shares."""
        return float(np.std(self.shares, ddof=1)) if len(self.shares) > 1 else None

    @cached_property
    def checks(self) -> Checks | None:
        """The checks that most results have; an assignment may change between two runs."""
        usual = max(self._checks.values(), key=lambda each: each.reliability.count, default=None)
        return usual if usual and usual.reliability.count else None

    @property
    def others(self) -> int:
        """How many results have other checks, and are not in the statistics."""
        return len(self.shares) - (self.checks.reliability.count if self.checks else 0)


def _layout(record: Record) -> tuple[Any, ...]:
    """Return which exercises and checks a result has, and what each is worth."""
    return tuple(
        (
            exercise["exercise"],
            tuple((each["check"], each["points"]) for each in exercise["checks"]),
        )
        for exercise in record["exercises"]
    )
