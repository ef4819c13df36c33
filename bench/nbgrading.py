"""The same assignment for nbgrader: the student's cells, then our checks as hidden tests.

The checks are those of our otter tests, with their expected values: one graded cell for each, worth
what the check is worth. What only otter needs is taken out of the notebooks.
"""

import ast
import json
import shutil
import sqlite3
import subprocess
import textwrap
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from autograder.errors import FaultError
from autograder.packaging.otter import notebook_bytes
from autograder.packaging.testcases import runtime_source
from bench.classes import Class, code_cells
from bench.environments import ROOT, activated, scripts

if TYPE_CHECKING:
    from examples.make_submissions import Notebook

CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "course"
c.ExecutePreprocessor.timeout = 300
"""
# What every check of otter's embeds stands here once, out of the way of the student's names.
RUNTIME = """\
### BEGIN HIDDEN TESTS
_runtime = {{"__name__": "builtins", "env": globals()}}
exec({source!r}, _runtime)
### END HIDDEN TESTS
"""
TEST = """\
### BEGIN HIDDEN TESTS
exec({source!r}, _runtime)
### END HIDDEN TESTS
"""
OTTER = ("import otter", "grader.check(", "grader.export(")


class NbgraderCourse:
    """A course of nbgrader with one assignment, ready to be copied and graded."""

    def __init__(self, handed_in: Class, folder: Path) -> None:
        self.name = handed_in.assignment.name
        self._folder = folder
        self._tests = list(_tests(self.name))
        source = folder / "source" / self.name
        source.mkdir(parents=True)
        (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
        (source / f"{self.name}.ipynb").write_bytes(self._notebook(handed_in.solved))
        place = scripts("nbgrader")
        done = subprocess.run(
            [place / "nbgrader", "generate_assignment", self.name],
            cwd=folder,
            env=activated(place),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise FaultError(f"nbgrader generates no assignment: {done.stderr.strip()[-500:]}")

    def with_students(self, folder: Path, notebooks: list[bytes]) -> None:
        """Write a copy of the course in which some students have handed in."""
        shutil.copytree(self._folder, folder)
        for number, notebook in enumerate(notebooks):
            place = folder / "submitted" / f"student{number:02}" / self.name
            place.mkdir(parents=True)
            (place / f"{self.name}.ipynb").write_bytes(self._notebook(notebook))

    def _notebook(self, notebook: bytes) -> bytes:
        """Return a notebook with nbgrader's cells after the student's own."""
        changed: Notebook = nbformat.reads(notebook.decode(), as_version=4)
        foreign = [cell for cell in code_cells(changed) if any(w in cell.source for w in OTTER)]
        changed.cells = [cell for cell in changed.cells if cell not in foreign]
        changed.cells += [nbformat.from_dict(cell) for cell in self._tests]
        changed.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        changed.nbformat_minor = 5
        for number, cell in enumerate(changed.cells):
            cell["id"] = f"cell-{number}"
        return notebook_bytes(changed)


def _tests(name: str) -> Iterator[dict[str, object]]:
    """Yield a graded cell for every check in the zip that otter grades by."""
    with zipfile.ZipFile(ROOT / "dist" / name / "autograder.zip") as archive:
        tests = {
            Path(member).stem: archive.read(member).decode()
            for member in sorted(archive.namelist())
            if member.startswith("tests/")
        }
    runtime = textwrap.dedent(runtime_source())
    yield _cell("runtime", 0.0, RUNTIME.format(source=runtime))
    for question, text in tests.items():
        for check, points, source in _checks(text.replace(runtime_source(), "")):
            yield _cell(f"{question}-{check}", points, TEST.format(source=source))


def _checks(text: str) -> Iterator[tuple[str, float, str]]:
    """Yield name, points and body of every check in a file of otter tests."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            (call,) = (each for each in node.decorator_list if isinstance(each, ast.Call))
            points = {each.arg: ast.literal_eval(each.value) for each in call.keywords}["points"]
            body = ast.Module(node.body, [])
            yield node.name, float(points), ast.unparse(body)


def _cell(identity: str, points: float, source: str) -> dict[str, object]:
    graded = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
    marks = {"grade_id": identity, "points": points, "cell_type": "code"}
    return {
        "cell_type": "code",
        "metadata": {"nbgrader": {**graded, **marks}},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def nbgrader_scores(folder: Path) -> list[float]:
    """Return what every student earned, in the order of their names."""
    query = """
        SELECT submitted_assignment.student_id, SUM(COALESCE(grade.manual_score, grade.auto_score))
        FROM grade
        JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
        JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
        GROUP BY submitted_assignment.student_id ORDER BY submitted_assignment.student_id
    """
    database = sqlite3.connect(folder / "gradebook.db")
    try:
        return [float(score) for _, score in database.execute(query)]
    finally:
        database.close()


def otter_score(folder: Path) -> float:
    """Return what a submission earned from ``otter run``."""
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return float(sum(each.get("score") or 0.0 for each in results["tests"]))
