"""Large batches for the real course: every known mistake, right answers, broken and hostile files.

What each must come to is known beforehand. There are as many names as wanted, but few different
files: a name is a hard link to one of them.
"""

import re
import shutil
from dataclasses import dataclass

from autograder.course import load_course
from autograder.errors import CourseError
from autograder.packaging.otter import notebook_bytes
from examples.make_submissions import ROOT, Maker, code

LIMITS = {"cell_seconds": 5, "check_seconds": 5, "submission_seconds": 60, "memory_mb": 512}
HOSTILE = {
    "exits": "import os\nos._exit(0)",
    "loops": "while True: pass",
    "kills-parent": "import os\nos.kill(os.getppid(), 9)",
    "takes-memory": "hoard = [bytearray(1 << 26) for _ in range(1000)]",
    "writes": "print('x' * 10**8)",
    "crashes": "import ctypes\nctypes.string_at(0)",
}
BROKEN = {"empty": b"", "truncated": b'{"cells": [', "web-page": b"<!doctype html>", "other": b"{}"}


@dataclass(frozen=True)
class Original:
    """A file to hand in, and what must become of it.

    Attributes
    ----------
    full : bool or None
        Whether it earns everything; None if that is not known.
    mutant : str
        The diagnosis that it must get; empty for none.
    """

    assignment: str
    name: str
    data: bytes
    status: str = "graded"
    full: bool | None = None
    mutant: str = ""

    def problem(self, record):
        """Return what is wrong with its result, or nothing."""
        if record["status"] != self.status:
            return f"is {record['status']}, not {self.status}: {record['message']}"
        if self.full is not None and (record["score"] == record["points"]) != self.full:
            return f"has {record['score']} of {record['points']} points"
        named = {
            mutant
            for exercise in record["exercises"]
            for check in exercise["checks"]
            if check["diagnosis"]
            for mutant in re.split(r" or | \+ ", check["diagnosis"]["mutant"])
        }
        return (
            f"is not diagnosed as {self.mutant}" if self.mutant and self.mutant not in named else ""
        )


def copy_course(folder):
    """Copy the course with its bundles, with limits that hostile files soon run into."""
    for name in ("reference", "assignments", "dist", "student"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    text = (ROOT / "grading.yml").read_text(encoding="utf-8")
    for name, value in LIMITS.items():
        text = re.sub(rf"(?m)^  {name}: .*$", f"  {name}: {value}", text)
    (folder / "grading.yml").write_text(text, encoding="utf-8")
    if (secret := ROOT / ".gradus-secret").exists():  # else it is in the environment
        shutil.copy(secret, folder)
    return load_course(folder)


def originals(course, names=()):
    """Return the different files, by assignment."""
    return {
        assignment.name: list(_originals(Maker(course, assignment)))
        for assignment in course.assignments.values()
        if not names or assignment.name in names
    }


def _originals(maker):
    def made(name, answers, cell=None, **expected):
        notebook = maker.notebook(answers)
        if cell is not None:
            notebook.cells.insert(1, code(cell))
        return Original(maker.assignment.name, name, notebook_bytes(notebook), **expected)

    yield made("solution", maker.solution(), full=True)
    for number in range(2):
        yield made(f"alternative{number}", maker.alternative(number), full=True)
    yield made("untouched", {}, full=False)
    for name, cell in HOSTILE.items():
        yield made(name, maker.alternative(0), cell, full=True)
    for name, data in BROKEN.items():
        yield Original(maker.assignment.name, name, data, "malformed")
    for exercise in maker.assignment.exercises:
        for mutant in exercise.mutants:
            try:
                answers = maker.mistaken(f"{exercise.name}:{mutant.name}")
            except (CourseError, KeyError, StopIteration):  # it is not in this exercise's own cell
                continue
            if answers != maker.solution():
                name = f"{exercise.name}-{mutant.name}"
                yield made(name, answers, full=False, mutant=mutant.name)


def hand_in(files, folder, count):
    """Hand in `count` submissions; return the original of each, by assignment and student."""
    turns = [list(each) for each in files.values()]
    handed_in = {}
    for number in range(count):
        mine = turns[number % len(turns)]
        original = mine[number // len(turns) % len(mine)]
        source = folder.parent / "originals" / original.assignment / f"{original.name}.ipynb"
        if not source.exists():
            source.parent.mkdir(parents=True, exist_ok=True)
            source.write_bytes(original.data)
        place = folder / original.assignment / f"student{number:05}.ipynb"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.hardlink_to(source)
        handed_in[original.assignment, place.stem] = original
    return handed_in
