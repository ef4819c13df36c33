"""What a class did, gathered in one pass over the results: scores, mistakes, what went wrong."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.grading.records import Record
from autograder.reporting.feedback import GRADED
from autograder.reporting.finals import Final, Key
from autograder.reporting.pages.sheets import Sheet

SLOWEST = 20
FINISHED = {"completed", "skipped"}  # outcomes of cells that need no look


@dataclass
class Misconception:
    """A known mistake, and who made it.

    Attributes
    ----------
    students : dict
        Names in order; the values mean nothing.
    example : str
        What one student's code did, as that student reads it; of a hidden check if `public` is not
        true.
    title : str
        The statement that does not hold.
    student, check : str
        Whose code it was, and the name of the check.
    """

    assignment: str
    exercise: str
    mutant: str
    hint: str
    students: dict[str, None] = field(default_factory=dict)
    example: str = ""
    title: str = ""
    student: str = ""
    check: str = ""
    public: bool = False

    @property
    def name(self) -> str:
        """What it is called in tables: ``mse: sum_not_mean``."""
        return f"{self.exercise.partition('.')[2]}: {self.mutant}"


@dataclass
class Trouble:
    """Cells that ended in the same way, and whose they are."""

    assignment: str
    outcome: str
    message: str
    index: int  # of the first such cell
    students: dict[str, None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What tells it from others."""
        return f"{self.outcome}: {self.message}"


class Survey:
    """Gathers everything that a report says about a class.

    Parameters
    ----------
    finals : mapping
        Final scores by assignment and student; what does not count is in no statistics.
    titles : mapping of str to str
        Of assignments.
    """

    def __init__(self, finals: Mapping[Key, Final], titles: Mapping[str, str]) -> None:
        self._finals = finals
        self._titles = titles
        self.sheets: dict[str, Sheet] = {}
        self.students: dict[str, None] = {}
        self.review: list[Record] = []
        self._misconceptions: dict[tuple[str, str, str], Misconception] = {}
        self._troubles: dict[tuple[str, str, str], Trouble] = {}
        self._slowest: list[tuple[float, str, str]] = []

    def add(self, record: Record) -> None:
        """Take in one result."""
        name, student = record["assignment"], record["student"]
        self.students[student] = None
        if name not in self.sheets:
            self.sheets[name] = Sheet(name, self._titles.get(name, name))
        self.sheets[name].add(record, counts=self._counts(record))
        if record["status"] != GRADED:
            kept = ("assignment", "student", "status", "message")
            self.review.append({key: record[key] for key in kept})
        else:
            self._add_diagnoses(record)
        self._add_cells(record)
        heapq.heappush(self._slowest, (record["seconds"], name, student))
        if len(self._slowest) > SLOWEST:
            heapq.heappop(self._slowest)

    def _counts(self, record: Record) -> bool:
        final = self._finals.get((record["assignment"], record["student"]))
        return final is None or final.score is not None

    def _add_diagnoses(self, record: Record) -> None:
        for exercise in record["exercises"]:
            for check in exercise["checks"]:
                if check["diagnosis"]:
                    self._add_diagnosis(record, exercise["exercise"], check)

    def _add_diagnosis(self, record: Record, exercise: str, check: Record) -> None:
        mutant, hint = check["diagnosis"]["mutant"], check["diagnosis"]["hint"]
        key = (record["assignment"], exercise, mutant)
        found = self._misconceptions.setdefault(key, Misconception(*key, hint))
        found.students[record["student"]] = None
        if not found.example or (check["public"] and not found.public):
            found.example, found.title = check["message"], check["title"]
            found.student, found.check = record["student"], check["check"]
            found.public = check["public"]

    def _add_cells(self, record: Record) -> None:
        for cell in record["cells"]:
            if cell["outcome"] not in FINISHED:
                key = (record["assignment"], cell["outcome"], cell["message"])
                found = self._troubles.setdefault(key, Trouble(*key, cell["index"]))
                found.students[record["student"]] = None

    @property
    def misconceptions(self) -> list[Misconception]:
        """Known mistakes, the most common first."""
        return sorted(self._misconceptions.values(), key=_by_frequency)

    @property
    def troubles(self) -> list[Trouble]:
        """Ways in which cells went wrong, the most common first."""
        return sorted(self._troubles.values(), key=_by_frequency)

    @property
    def slowest(self) -> list[tuple[float, str, str]]:
        """Seconds, assignment and student of the slowest submissions."""
        return sorted(self._slowest, key=lambda each: (-each[0], each[1]))


def _by_frequency(found: Misconception | Trouble) -> tuple[int, str, str]:
    return -len(found.students), found.assignment, found.name
