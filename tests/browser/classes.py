"""Classes of any size: results as the grader writes them, of students made up from the curriculum.

Able students solve more. Who does not solve an exercise has one of its known mistakes, common ones
more often, or sometimes one that nothing explains, or has not begun.
"""

from pathlib import Path

import numpy as np

from autograder.course import load_course
from autograder.grading.records import Entry, record
from autograder.grading.store import Store
from autograder.model import (
    CellResult,
    CheckResult,
    Diagnosis,
    ExerciseResult,
    Result,
    Status,
    Verdict,
)
from tests.reporting.results import HOSTILE

ROOT = Path(__file__).parents[2]

FIRST = "Ada Ben Chen Dora Emil Fatima Gita Hugo Ines Jonas Kim Lena Mara Nils Olga Paul Rosa Sven Tuğçe Ulla Vera Wim Xaver Yuki Zoë"
LAST = "Abel Brandt Costa Dvořák Eriksen Fontaine Gruber Haddad Ito Jansen Kowalski Lund Moreau Nowak Okafor Patel Quist Rossi Silva Tran Ueda Varga Weber Xu Yılmaz Zhou"
HOSTILE_NAMES = (
    "<script>alert('name')</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(2)</script>",
    "=HYPERLINK('https://example.org')",
    "{{ 7 * 7 }}${7 * 7}",
    "\u202eevil\u202c \x1b[31m\x00",
    "שלום עולם",
    "javascript:alert(3)",
    "O'Neil & Söhne -->",
    "long" * 60,
)
HOSTILE_TEXTS = (
    HOSTILE,
    "</script><script>alert(4)</script><!--",
    "<img src=x onerror=alert(5)><svg onload=alert(6)>",
    "y" * 5000,
)


def names(count, hostile=False):
    """Different names, the hostile ones first."""
    pairs = [f"{first} {last}" for last in LAST.split() for first in FIRST.split()]
    rounds = ["", *(f" {number}" for number in range(2, 2 + count // len(pairs)))]
    plain = [pair + number for number in rounds for pair in pairs]
    return [*(HOSTILE_NAMES if hostile else ()), *plain][:count]


def made_class(folder, assignments, count, hostile=False, seed=1):
    """Store the results of a class, and return what its students are called."""
    course = load_course(ROOT)
    students = names(count, hostile)
    rng = np.random.default_rng([2026, seed])
    with Store(folder) as store:
        for student in students:
            ability = rng.standard_normal()
            for name in assignments:
                made = _Made(course.assignments[name], student, ability, rng, hostile)
                store.put("key", Entry.of(record(made.result(), "full"), made.unknown))
    return students


class _Made:
    """One submission."""

    def __init__(self, assignment, student, ability, rng, hostile):
        self.assignment, self.student, self.ability, self.rng = assignment, student, ability, rng
        self.texts = HOSTILE_TEXTS if hostile else ()
        self.unknown = {}

    def result(self):
        common = (self.assignment.name, self.student, self.rng.bytes(32).hex())
        if self.rng.random() < 0.01:
            status = self.rng.choice([Status.MALFORMED, Status.FAULT])
            return Result(
                *common, status, self.assignment.total(), 0.01, "the notebook ends in the middle"
            )
        exercises = tuple(map(self.exercise, self.assignment.exercises))
        seconds = float(self.rng.gamma(2, 0.2))
        return Result(
            *common,
            Status.GRADED,
            self.assignment.total(),
            seconds,
            exercises=exercises,
            cells=self.cells(),
        )

    def exercise(self, exercise):
        points = self.assignment.points[exercise.name]
        shares = exercise.shares(points)
        difficulty = len(exercise.name) % 5 / 2 - 1.5
        diagnosis, texts = None, ("y is missing: your code here.",)
        wrong = {check.name for check in exercise.checks}
        if self.rng.random() < 1 / (1 + np.exp(difficulty - 1.5 * self.ability)):
            wrong = set()
        elif self.rng.random() < 0.75:
            number = min(self.rng.geometric(0.4), len(exercise.mutants)) - 1
            mutant = exercise.mutants[number]
            diagnosis = Diagnosis((mutant.name,), mutant.hint)
            wrong, texts = self.mistaken(exercise, number)
        elif self.rng.random() < 0.5:
            number = int(self.rng.geometric(0.3))
            self.unknown[exercise.name] = f"{number:012x}"
            wrong, texts = self.mistaken(exercise, 1000 + number)
        checks = [
            self.check(each, shares[each.name], each.name in wrong, diagnosis, texts)
            for each in exercise.checks
        ]
        return ExerciseResult(exercise.name, points, tuple(checks))

    def mistaken(self, exercise, number):
        """The same mistake fails the same checks, with the same values."""
        rng = np.random.default_rng([2026, number, len(exercise.name)])
        wrong = {each.name for each in exercise.checks if rng.random() < 0.7} | {
            exercise.checks[0].name
        }
        i, j = rng.integers(4, size=2)
        got, expected = rng.standard_normal(2)
        return wrong, (f"y[{i}, {j}] is {got:.6g}, expected {expected:.6g}.",)

    def check(self, check, points, wrong, diagnosis, texts):
        if not wrong:
            return CheckResult(
                check.name, check.title, check.public, Verdict.PASSED, points, points
            )
        if self.texts and self.rng.random() < 0.1:
            text = f"It raises ValueError: {self.rng.choice(self.texts)}"
            return CheckResult(
                check.name, check.title, check.public, Verdict.ERROR, 0.0, points, text
            )
        text = texts[0] if check.public else "y has a wrong value."
        return CheckResult(
            check.name, check.title, check.public, Verdict.FAILED, 0.0, points, text, diagnosis
        )

    def cells(self):
        if self.rng.random() < 0.9:
            return (CellResult(0, "completed"),)
        outcome, message = self.rng.choice(
            [
                ("raised", "NameError: name 'nump' is not defined (line 2)"),
                ("timed out", "it ran for more than 5 s"),
                ("raised", str(self.rng.choice(self.texts or ["KeyError: 'adam' (line 10)"]))),
            ]
        )
        return (CellResult(7, str(outcome), str(message)),)
