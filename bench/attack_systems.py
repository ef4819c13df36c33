"""Give one attack to stock ``otter run`` and to ``nbgrader autograde``, and see what they do."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import venv
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import nbformat

from autograder.model import Course
from autograder.packaging.bundle import bundled_checks
from autograder.packaging.testcases import complete, test_source
from tests.attacks.attack import Attack, Places
from tests.attacks.batch import ASSIGNMENT, CANARIES, hidden_inputs
from tests.notebooks import RIGHT, submission

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "attacks"
SECONDS = 60  # after which a run counts as hanging; without an attack it takes a few
MEMORY = 4 << 30  # for the sake of the machine: neither system has a limit of its own
FILE = 1 << 28
MARK = "GRADUS_ATTACK"  # in the environment of every process of a run, to find them again
PACKAGES = {
    "otter": ("otter-grader==7.0.0", "ipykernel", "numpy", "matplotlib"),
    "nbgrader": ("nbgrader", "ipykernel", "numpy"),
}
HONEST_STUDENT = "zz-honest"  # graded after the attack
SCORES = """
    SELECT submitted_assignment.student_id, SUM(auto_score), COUNT(*) - COUNT(auto_score)
    FROM grade
    JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
    JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
    GROUP BY submitted_assignment.student_id
"""


@dataclass(frozen=True)
class Outcome:
    """What a system did with an attack.

    Attributes
    ----------
    score : float or None
        What it gave; None if there is no score.
    got : bool
        Whether the attack got hold of what it wanted.
    shown : bool
        Whether hidden inputs stand in what the system writes for the student.
    hung : bool
        Whether it had to be stopped.
    neighbour : bool
        Whether the honest student of the same batch got the right score.
    """

    score: float | None
    got: bool
    shown: bool
    hung: bool
    neighbour: bool = True


def environment(name: str) -> Path:
    """Return the folder of programs of a system's own environment, made when first needed."""
    folder = BUILD / name
    if not (folder / ".ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        constraints = ["-c", str(ROOT / "constraints.txt")] if name == "otter" else []
        subprocess.run(
            [folder / "bin/python", "-m", "pip", "install", "-q", *constraints, *PACKAGES[name]],
            check=True,
        )
        (folder / ".ready").touch()
    return folder / "bin"


@cache
def version(name: str) -> str:
    """Return the version of a system."""
    package = PACKAGES[name][0].partition("==")[0]
    code = f"from importlib.metadata import version; print(version({package!r}))"
    done = subprocess.run(
        [environment(name) / "python", "-c", code], capture_output=True, text=True, check=True
    )
    return f"{package} {done.stdout.strip()}"


class Machine:
    """Runs commands within limits, as an ordinary user where possible.

    Parameters
    ----------
    folder : pathlib.Path
        For the files of all runs.
    user : int
        Who runs them, if the caller is root.
    """

    def __init__(self, folder: Path, user: int) -> None:
        self.folder = folder
        self._user = user if os.geteuid() == 0 else None

    def own(self, folder: Path) -> None:
        """Give a folder and all in it to the user of the runs."""
        if self._user is not None:
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, self._user, self._user, follow_symlinks=False)

    def run(self, command: list[object], folder: Path, seconds: float = SECONDS) -> bool:
        """Run a command; return whether it ended by itself."""
        token = secrets.token_hex(8)
        home = folder / "home"
        home.mkdir(exist_ok=True)
        self.own(home)
        bin_folder = Path(str(command[0])).parent
        process = subprocess.Popen(
            [*self._prefix(), *(str(part) for part in command)],
            cwd=folder,
            env={
                "PATH": f"{bin_folder}:/usr/bin:/bin",
                "HOME": str(home),
                "LANG": "C.UTF-8",
                "CANARY": CANARIES["environment"],
                MARK: token,
            },
            stdin=subprocess.DEVNULL,
            stdout=(folder / "stdout").open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            _end_all(token)
            process.wait()

    def _prefix(self) -> list[str]:
        """Return what sets limits, and the user, who may read the interpreter anywhere."""
        limits = ["prlimit", f"--as={MEMORY}", f"--fsize={FILE}", "--core=0"]
        if self._user is None:
            return limits
        identity = [f"--reuid={self._user}", f"--regid={self._user}", "--clear-groups"]
        reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        return [*limits, "setpriv", *identity, *reading]


def _end_all(token: str) -> None:
    """End every process of one run, wherever it has gone."""
    mark = f"{MARK}={token}".encode()
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (path / "environ").read_bytes():
                os.kill(int(path.name), signal.SIGKILL)


class System:
    """What both systems have in common: a folder of its own for each attack.

    Parameters
    ----------
    course : Course
        Built.
    places : Places
        Of the course.
    machine : Machine
        Runs commands.
    """

    name = ""

    def __init__(self, course: Course, places: Places, machine: Machine) -> None:
        self.course, self.places, self.machine = course, places, machine
        self.bin = environment(self.name)

    def try_attack(self, attack: Attack) -> Outcome:
        """Let the system grade an attack."""
        folder = self.machine.folder / attack.slug
        folder.mkdir(parents=True)
        for name in ("secret", "public"):
            (folder / name).mkdir()
        (folder / "secret/file").write_text(CANARIES["file"])
        places = replace(
            self.places,
            secret=folder / "secret/file",
            victim=folder / "secret/honest.ipynb",
            results=folder / "some" / "where" / "work",
            trophy=folder / "public/trophy",
            drop=folder / "public/drop",
        )
        places.victim.write_text("{}")
        outcome = self.grade(attack, places, folder)
        shutil.rmtree(folder, ignore_errors=True)
        return outcome

    def grade(self, attack: Attack, places: Places, folder: Path) -> Outcome:
        """Grade an attack in its folder."""
        raise NotImplementedError

    def leaked(self, *paths: Path) -> bool:
        """Return whether hidden inputs stand in one of the files."""
        texts = [path.read_text(errors="replace") for path in paths if path.is_file()]
        return any(number in text for number in hidden_inputs(self.course) for text in texts)


class Otter(System):
    """Stock ``otter run`` with the zip that `gradus dist` wrote."""

    name = "otter"

    def grade(self, attack: Attack, places: Places, folder: Path) -> Outcome:
        """Grade one notebook."""
        student = _student(self.course)
        work = places.results
        work.mkdir(parents=True)
        (work / "submission.ipynb").write_bytes(attack.notebook(student, places))
        shutil.copy(self.course.root / "dist" / ASSIGNMENT / "autograder.zip", work)
        self.machine.own(folder)
        command = [self.bin / "otter", "run", "-a", "autograder.zip", "-o", ".", "submission.ipynb"]
        ended = self.machine.run(command, work)
        results = work / "results.json"
        got = places.trophy.exists()
        return Outcome(self._score(results), got, self.leaked(results), not ended)

    def _score(self, path: Path) -> float | None:
        try:
            tests = json.loads(path.read_text())["tests"]
            return float(sum(each["score"] for each in tests if each["name"] != "Public Tests"))
        except (OSError, ValueError, KeyError):
            return None


class Nbgrader(System):
    """``nbgrader autograde`` of an assignment with the same checks, two students in a batch."""

    name = "nbgrader"

    def __init__(self, course: Course, places: Places, machine: Machine) -> None:
        super().__init__(course, places, machine)
        self._template = machine.folder / "template"
        source = self._template / "source" / ASSIGNMENT
        source.mkdir(parents=True)
        nbformat.write(_master(course), source / "tiny.ipynb")
        settings = "c.CourseDirectory.course_id = 'tiny'\nc.ExecutePreprocessor.timeout = 10\n"
        (self._template / "nbgrader_config.py").write_text("c = get_config()\n" + settings)
        machine.own(self._template)
        command = [self.bin / "nbgrader", "generate_assignment", ASSIGNMENT]
        if not machine.run(command, self._template, 300):
            raise RuntimeError("nbgrader generate_assignment does not end")
        release = self._template / "release" / ASSIGNMENT / "tiny.ipynb"
        self._student = nbformat.read(release, as_version=4)

    def grade(self, attack: Attack, places: Places, folder: Path) -> Outcome:
        """Grade an attack and an honest student after it."""
        work = places.results
        shutil.copytree(self._template, work)
        honest = nbformat.writes(submission(self._student, RIGHT)).encode()
        attacker = attack.slug[:60].strip("-")
        notebooks = {attacker: attack.notebook(self._student, places), HONEST_STUDENT: honest}
        for student, data in notebooks.items():
            path = work / "submitted" / student / ASSIGNMENT / "tiny.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(data)
        self.machine.own(folder)
        ended = self.machine.run(
            [self.bin / "nbgrader", "autograde", ASSIGNMENT], work, 2 * SECONDS
        )
        got = places.trophy.exists()
        scores = self._scores(work)
        graded = work / "autograded" / attacker / ASSIGNMENT / "tiny.ipynb"
        shown = self.leaked(graded)
        neighbour = scores.get(HONEST_STUDENT) == 4.0
        return Outcome(scores.get(attacker), got, shown, not ended, neighbour)

    def _scores(self, work: Path) -> dict[str, float | None]:
        """Return the scores by student; None where a check has no grade."""
        with contextlib.closing(sqlite3.connect(work / "gradebook.db")) as database:
            rows = database.execute(SCORES).fetchall()
        return {student: None if missing else score for student, score, missing in rows}


def _student(course: Course) -> nbformat.NotebookNode:
    path = course.root / "student" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    return nbformat.read(path, as_version=4)


def _master(course: Course) -> nbformat.NotebookNode:
    """Return nbgrader's source notebook: the same answers to give, the same checks."""
    cells = [nbformat.v4.new_code_cell("import numpy as np")]
    for name, checks in bundled_checks(course, course.assignments[ASSIGNMENT]).items():
        short = name.partition(".")[2]
        head, body = RIGHT[short].split("\n")
        solution = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        cells.append(_graded(nbformat.v4.new_code_cell(solution), short, solution=True))
        points = course.assignments[ASSIGNMENT].points[name]
        exercise = next(e for e in course.assignments[ASSIGNMENT].exercises if e.name == name)
        shares = exercise.shares(points)
        for expected in checks:
            check = expected.check
            code = f"{complete(test_source(expected))}\n{check.name}(globals())"
            if not check.public:
                code = f"### BEGIN HIDDEN TESTS\n{code}\n### END HIDDEN TESTS"
            cell = nbformat.v4.new_code_cell(code)
            cells.append(_graded(cell, check.name, points=shares[check.name]))
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    return notebook


def _graded(
    cell: nbformat.NotebookNode, name: str, points: float = 0.0, *, solution: bool = False
) -> nbformat.NotebookNode:
    mark = {"schema_version": 3, "grade_id": name, "solution": solution, "task": False}
    cell.metadata.nbgrader = {**mark, "grade": not solution, "locked": not solution}
    if not solution:
        cell.metadata.nbgrader["points"] = points
    return cell
