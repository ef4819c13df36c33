"""The systems that are compared; each grades batches of the same submissions.

A system's `measure` returns what each of its batches took: ``cold`` is one submission with all
start-up; ``solved`` and ``mix`` hold what ``base`` holds, and a set of submissions besides;
``pair`` and ``pair base`` are the same for solved notebooks graded two at a time. Where no start-up
can be shared there is no base.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from autograder.errors import FaultError
from bench import classes, measure
from bench.classes import ASSIGNMENTS, Class
from bench.environments import ENVIRONMENT, ROOT, activated, scripts
from bench.measure import Command, Usage
from bench.nbgrading import NbgraderCourse, nbgrader_scores, otter_score
from bench.script import write_script

PYTHON: Final = Path(sys.executable)
COURSE_ENVIRONMENT: Final = {**ENVIRONMENT, "MPLBACKEND": "Agg"}
CLOSE: Final = 1e-6
# Solved notebooks, pairs of them and classes that Gradus grades at once: many where each is quick,
# so that the rest of a run does not count.
COUNTS: Final = dict(zip(ASSIGNMENTS, [(300, 300, 50), (6, 8, 1), (30, 30, 5)], strict=True))

Batches = dict[str, dict[str, float]]


class System:
    """Something that grades one class; `name` stands in the tables."""

    name: str

    def __init__(self, handed_in: Class, folder: Path) -> None:
        self.handed_in = handed_in
        self.folder = folder / self.name.replace(" ", "-")
        self.number = 0

    def measure(self, turn: int) -> Batches:
        """Grade every batch once; `turn` counts the rounds."""
        raise NotImplementedError

    def place(self) -> Path:
        """Return a new folder; what was measured before is removed."""
        shutil.rmtree(self.folder / str(self.number), ignore_errors=True)
        self.number += 1
        place = self.folder / str(self.number)
        place.mkdir(parents=True)
        return place

    def require(self, scores: Sequence[float], solved: int) -> None:
        """Require the first submissions to have full marks: speed counts only where it grades.

        Raises
        ------
        FaultError
            If they do not.
        """
        points = self.handed_in.assignment.total()
        if any(abs(score - points) > CLOSE for score in scores[:solved]) or len(scores) < solved:
            raise FaultError(f"{self.name} gives solved notebooks {scores[:solved]} of {points:g}")


def batch(count: int, usage: Usage) -> dict[str, float]:
    """Return a batch as it is stored."""
    return {"count": count, **asdict(usage)}


class Gradus(System):
    """``gradus grade`` on a folder."""

    name = "Gradus"

    def __init__(self, handed_in: Class, folder: Path) -> None:
        super().__init__(handed_in, folder)
        self.solved, self.pairs, self.classes = COUNTS[handed_in.assignment.name]

    def measure(self, turn: int) -> Batches:
        """Grade; the base is a class, so that every mistake has been diagnosed before."""
        del turn
        copies, mixes = self.handed_in.copies, self.handed_in.mixes
        return {
            "cold": self.grade(copies(1), solved=1),
            "base": self.grade(mixes()),
            "solved": self.grade(copies(self.solved) + mixes(), solved=self.solved),
            "mix": self.grade(mixes(1 + self.classes)),
            "pair base": self.grade(copies(2), solved=2, workers=2),
            "pair": self.grade(copies(2 + self.pairs), solved=2 + self.pairs, workers=2),
        }

    def grade(
        self, notebooks: list[bytes], *, solved: int = 0, workers: int = 1
    ) -> dict[str, float]:
        """Return what one run took."""
        place = self.place()
        usage = measure.run(self.command(place, notebooks, workers))
        lines = (place / "results/results.jsonl").read_text(encoding="utf-8").splitlines()
        scores = [float(json.loads(line)["score"] or 0.0) for line in lines]
        self.require(scores, solved)
        return batch(len(notebooks), usage)

    def command(self, place: Path, notebooks: list[bytes], workers: int) -> Command:
        """Write notebooks, and return the command that grades them."""
        name = self.handed_in.assignment.name
        classes.write(place / name, notebooks)
        words: list[str | Path] = [PYTHON.with_name("gradus"), "--course", ROOT, "grade"]
        words += [place / name, "--workers", str(workers), "--out", place / "results"]
        return Command(words, place, COURSE_ENVIRONMENT)


class GradusEveryCell(Gradus):
    """The same, when nothing can be left out: every cell was changed."""

    name = "Gradus, every cell"

    def __init__(self, handed_in: Class, folder: Path) -> None:
        super().__init__(handed_in.with_nothing_given(), folder)
        self.solved = max(6, self.solved // 5)  # each takes five times as long

    def measure(self, turn: int) -> Batches:
        """Grade solved notebooks; the base is a class."""
        del turn
        mixes = self.handed_in.mixes()
        notebooks = self.handed_in.copies(self.solved) + mixes
        return {"base": self.grade(mixes), "solved": self.grade(notebooks, solved=self.solved)}


class Nbgrader(System):
    """``nbgrader autograde`` on several students."""

    name = "nbgrader"
    solved, mixed = 1, 2

    def __init__(self, handed_in: Class, folder: Path) -> None:
        super().__init__(handed_in, folder)
        self._course = NbgraderCourse(handed_in, self.place())

    def place(self) -> Path:
        """Return a folder that does not exist yet, and keep the course."""
        if self.number > 1:
            shutil.rmtree(self.folder / str(self.number), ignore_errors=True)
        self.number += 1
        return self.folder / str(self.number)

    def measure(self, turn: int) -> Batches:
        """Grade; the base is a solved notebook."""
        copies, mix = self.handed_in.copies, self.handed_in.mixes()
        start = turn * self.mixed % len(mix)
        some = (mix + mix)[start : start + self.mixed]
        base = self._grade(copies(1), 1)
        return {
            "cold": base,
            "base": base,
            "solved": self._grade(copies(1 + self.solved), 1 + self.solved),
            "mix": self._grade(copies(1) + some, 1),
        }

    def _grade(self, notebooks: list[bytes], solved: int) -> dict[str, float]:
        place = self.place()
        usage = measure.run(self.command(place, notebooks))
        self.require(nbgrader_scores(place), solved)
        return batch(len(notebooks), usage)

    def command(self, place: Path, notebooks: list[bytes]) -> Command:
        """Write a course of nbgrader, and return the command that grades it."""
        self._course.with_students(place, notebooks)
        folder = scripts("nbgrader")
        words: list[str | Path] = [folder / "nbgrader", "autograde", self.handed_in.assignment.name]
        return Command(words, place, activated(folder))


class OneByOne(System):
    """A system that starts anew for every submission."""

    def measure(self, turn: int) -> Batches:
        """Grade a solved notebook, one of the class, and two solved ones at a time."""
        mix = self.handed_in.mixes()
        solved = self._grade(self.handed_in.copies(1), solved=True)
        return {
            "cold": solved,
            "solved": solved,
            "mix": self._grade([mix[turn % len(mix)]], solved=False),
            "pair": self._grade(self.handed_in.copies(2), solved=True),
        }

    def _grade(self, notebooks: list[bytes], *, solved: bool) -> dict[str, float]:
        places = [self.place() for _ in notebooks]
        pairs = zip(places, notebooks, strict=True)
        usage = measure.run(*[self.command(place, notebook) for place, notebook in pairs])
        for place in places if solved else ():
            self.verify(place)
        return batch(len(notebooks), usage)

    def place(self) -> Path:
        """Return a new folder beside the one before it, which may be in use."""
        shutil.rmtree(self.folder / str(self.number - 1), ignore_errors=True)
        self.number += 1
        place = self.folder / str(self.number)
        place.mkdir(parents=True)
        return place

    def command(self, place: Path, notebook: bytes) -> Command:
        """Write a notebook, and return the command that grades it."""
        raise NotImplementedError

    def verify(self, place: Path) -> None:
        """Require that a solved notebook was graded."""


class Otter(OneByOne):
    """Stock ``otter run`` with the zip from ``dist/``."""

    name = "otter run"

    def command(self, place: Path, notebook: bytes) -> Command:
        """Write notebook and zip, and return the command that grades it."""
        shutil.copy(ROOT / "dist" / self.handed_in.assignment.name / "autograder.zip", place)
        (place / "submission.ipynb").write_bytes(notebook)
        folder = scripts("otter-grader")
        words: list[str | Path] = [folder / "otter", "run", "-a", "autograder.zip", "-o", "."]
        words.append("submission.ipynb")
        return Command(words, place, activated(folder))

    def verify(self, place: Path) -> None:
        """Require full marks."""
        self.require([otter_score(place)], 1)


class FreshPython(OneByOne):
    """A Python process that runs the cells, and grades nothing."""

    name = "fresh Python"

    def command(self, place: Path, notebook: bytes) -> Command:
        """Write the notebook as a script, and return the command that runs it."""
        write_script(place / "notebook.py", notebook)
        return Command([PYTHON, "notebook.py"], place, COURSE_ENVIRONMENT)


class Floor(System):
    """The cells and calls in one warm interpreter, see `bench.floor`."""

    name = "floor"
    solved = 3

    def measure(self, turn: int) -> Batches:
        """Run solved notebooks and a class in an interpreter that times itself."""
        del turn
        place = self.place()
        classes.write(place / "solved", self.handed_in.copies(self.solved))
        classes.write(place / "mix", self.handed_in.mixes())
        words: list[str | Path] = [PYTHON, "-m", "bench.floor", self.handed_in.assignment.name]
        words += [place / "solved", place / "mix"]
        done = subprocess.run(
            words,
            cwd=ROOT,
            env=COURSE_ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        solved, mix = json.loads(done.stdout)
        return {"solved": solved, "mix": mix}


SYSTEMS: Final[tuple[Callable[[Class, Path], System], ...]] = (
    Gradus,
    GradusEveryCell,
    Otter,
    Nbgrader,
    FreshPython,
    Floor,
)
