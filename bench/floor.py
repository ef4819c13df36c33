"""The floor: cells and calls of the checks in one warm interpreter, and nothing else.

No isolation, no comparison, no diagnosis. No grader that runs a student's cells and calls her
functions on every case can take less.

Run as ``python -m bench.floor ASSIGNMENT FOLDER [FOLDER ...]``; prints what each folder took.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.cases import course_secret, draw_cases
from autograder.course import load_course
from autograder.grading.intake.choices import Document
from autograder.grading.intake.notebooks import read_notebook
from autograder.model import Case, Check, CodeCell
from autograder.numerics.compare import Subject, fresh, observe
from autograder.sandbox.cells import CellRunner, make_shell
from bench.environments import ROOT
from bench.measure import Usage

CELL_SECONDS = 60.0
Work = list[tuple[Check, tuple[Case, ...]]]


class Floor:
    """One interpreter that has imported everything and holds every case of an assignment."""

    def __init__(self, name: str) -> None:
        import matplotlib.pyplot as plt

        course = load_course(ROOT)
        secret = course_secret(course.root)
        self._work: Work = [
            (check, draw_cases(course.seed, secret, exercise, check))
            for exercise in course.assignments[name].exercises
            for check in exercise.checks
        ]
        self._shell: Any = make_shell(Path(tempfile.mkdtemp()))
        self._clean = dict(self._shell.user_ns)
        self._close_figures = plt.close

    def run(self, cells: tuple[CodeCell, ...]) -> None:
        """Run the cells of one submission in a new namespace, then every check on every case."""
        self._shell.user_ns.clear()
        self._shell.user_ns.update(self._clean)
        runner = CellRunner(self._shell)
        for cell in cells:
            runner.run(cell.index, cell.source, CELL_SECONDS)
        subject = Subject(runner.lookup)
        for check, cases in self._work:
            for case in cases:
                observe(check.function, subject, fresh(case))
        self._close_figures("all")

    def timed(self, notebooks: list[tuple[CodeCell, ...]]) -> Usage:
        """Return what the notebooks took together."""
        wall, cpu = time.perf_counter(), time.process_time()
        for cells in notebooks:
            self.run(cells)
        return Usage(time.perf_counter() - wall, time.process_time() - cpu)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Send what notebooks print to nowhere."""
    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        yield


def main() -> None:
    """Warm up with the first notebook of all, then time each folder."""
    name, *folders = sys.argv[1:]
    batches = [
        [
            read_notebook(Document(path.name, path.read_bytes())).cells
            for path in sorted(Path(folder).iterdir())
        ]
        for folder in folders
    ]
    with _silence():
        floor = Floor(name)
        floor.run(batches[0][0])
        taken = [{"count": len(batch), **asdict(floor.timed(batch))} for batch in batches]
    print(json.dumps(taken))


if __name__ == "__main__":
    main()
