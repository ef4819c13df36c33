"""Let otter-grader itself assign the master notebook, and make what it writes reproducible."""

import base64
import contextlib
import io
import json
import logging
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat

from autograder.authoring.stubs import BEGIN, END
from autograder.errors import FaultError
from autograder.model import Assignment
from autograder.packaging.embedding import EMBEDDED, embedded_modules
from autograder.packaging.notebooks import CHECKS_CELL, fold, question_name
from autograder.packaging.testcases import RUNTIME, complete, runtime_source

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold

# Works alone: no file beside the notebook, any file name, several notebooks in one folder, Colab.
CHECKS_SOURCE = """\
# The checks of this notebook: run this cell, there is nothing to edit in it.
# If otter is missing, as on Colab, run %pip install otter-grader first.
import base64
import json
import pathlib
import sys
import tempfile
import zlib

import otter

CHECKS = "{packed}"
folder = pathlib.Path("checks")
try:
    folder = pathlib.Path(tempfile.mkdtemp())
    common, files = json.loads(zlib.decompress(base64.b64decode(CHECKS)))
    for name, source in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source.replace("{runtime}", common), encoding="utf-8")
    sys.path.append(str(folder))
    from {package}.grader import Grader

    grader = Grader(folder)
except (ImportError, OSError):
    print("The checks need a folder to write to, and otter-grader 7; the rest runs without them.")
    grader = otter.Notebook(tests_dir=str(folder / "tests"))
"""


@dataclass(frozen=True)
class Assigned:
    """What otter made of a master notebook.

    Attributes
    ----------
    student : NotebookNode
        With holes and public tests.
    solution : NotebookNode
        With the reference in place.
    autograder : dict of str to bytes
        Files of the autograder zip, by name.
    public : dict of str to str
        Files of the public tests, by question.
    """

    student: nbformat.NotebookNode
    solution: nbformat.NotebookNode
    autograder: dict[str, bytes]
    public: dict[str, str]


def assign(assignment: Assignment, master: nbformat.NotebookNode, about: str = "") -> Assigned:
    """Run ``otter assign`` on a master notebook.

    Parameters
    ----------
    about : str
        What the notebook knows of its exercises: see `autograder.packaging.hints`.

    Raises
    ------
    FaultError
        If otter fails or leaves out a question.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{assignment.name}.ipynb"
        nbformat.write(master, path)
        _run(path, Path(folder) / "made")
        made = Path(folder) / "made"
        student = nbformat.read(made / "student" / path.name, as_version=4)
        solution = nbformat.read(made / "autograder" / path.name, as_version=4)
        archive = next((made / "autograder").glob("*.zip"))
        files = _contents(archive)
    wanted = [question_name(each) for each in assignment.exercises]
    missing = [name for name in wanted if f"tests/{name}.py" not in files]
    if missing:
        raise FaultError(f"otter assign left out {', '.join(missing)} of {assignment.name}")
    public = dict(student.metadata["otter"]["tests"])
    for notebook in (student, solution):
        _finish(assignment, notebook, public, about)
    public = {name: complete(text) for name, text in public.items()}
    return Assigned(student, solution, _completed(files), public)


def _run(master: Path, result: Path) -> None:
    from otter.assign import main as otter_assign

    output = io.StringIO()
    logging.getLogger("otter").setLevel(logging.ERROR)
    try:
        with contextlib.redirect_stdout(output):
            otter_assign(str(master), str(result), no_pdfs=True, no_run_tests=True)
    except Exception as error:  # otter raises plain exceptions
        raise FaultError(f"otter assign failed on {master.name}: {error}") from error


def _contents(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as file:
        return {name: file.read(name) for name in sorted(file.namelist()) if name[-1] != "/"}


def _completed(files: dict[str, bytes]) -> dict[str, bytes]:
    return {
        name: complete(data.decode()).encode() if name.endswith(".py") else data
        for name, data in files.items()
    }


def _finish(
    assignment: Assignment, notebook: nbformat.NotebookNode, public: dict[str, str], about: str
) -> None:
    """Put the checks in their cell, and give every cell an id that is always the same."""
    notebook.metadata["otter"]["tests"] = {}  # once is enough: in the cell, which works anywhere
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    questions = {question_name(each) for each in assignment.exercises} | set(assignment.written)
    current, position = "start", 0
    for cell in notebook.cells:
        cell.source = "\n".join(
            line for line in cell.source.splitlines() if line.strip() not in {BEGIN, END}
        )
        if cell.source == CHECKS_CELL:
            cell.source = _checks_source(public, about)
            fold(cell)
        started = _question_of(cell, questions)
        if started is not None:
            current, position = started, 0
        cell["id"] = f"{current}-{position}"
        position += 1
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if cell.source == f'grader.check("{current}")':
                current, position = f"after-{current}", 0


def _question_of(cell: nbformat.NotebookNode, questions: set[str]) -> str | None:
    """Return the question that a statement cell opens, or None for any other cell."""
    match = re.search(r"^### (?:Exercise \d+: `(.+?)`|Question (\d+))", cell.source, re.MULTILINE)
    if cell.cell_type != "markdown" or match is None:
        return None
    name = (match[1] or "").replace(".", "_")
    return name if name in questions else f"written-{match[2]}"


def _checks_source(tests: dict[str, str], about: str) -> str:
    """Return the cell that holds the public tests, with what all of them embed once."""
    files = {f"tests/{name}.py": text for name, text in sorted(tests.items())}
    checks = [runtime_source(), {**files, **embedded_modules(), "exercises.json": about}]
    packed = base64.b64encode(zlib.compress(json.dumps(checks).encode(), 9)).decode()
    return CHECKS_SOURCE.format(packed=packed, runtime=RUNTIME, package=EMBEDDED)


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """Return an archive whose bytes depend on its contents only."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def notebook_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """Return a notebook as it is written to disk."""
    text: Any = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    return (str(text).rstrip("\n") + "\n").encode()
