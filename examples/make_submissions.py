"""Make the example submissions from the student notebooks, in a real Jupyter kernel.

Each is what a student could have handed in: right answers in several styles, typical
misconceptions, half-finished work, and notebooks that other programs saved. Run it after the
notebooks of an assignment have changed, then look at the scores::

    .venv/bin/python examples/make_submissions.py
    .venv/bin/gradus grade examples/submissions

What each is worth, and why, is in ``examples/expected_scores.yml``; a test compares.
"""

import copy
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient

from autograder.authoring.mutants import plant
from autograder.course import load_course
from autograder.model import Assignment, Course
from autograder.packaging.notebooks import exercise_text, without_markers

HERE = Path(__file__).parent
ROOT = HERE.parent
Notebook = Any
Answers = dict[str, str]


class Maker:
    """Makes submissions for one assignment."""

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self.course = course
        self.assignment = assignment
        path = ROOT / "student" / assignment.name / f"{assignment.name}.ipynb"
        self.student = nbformat.read(path, as_version=4)
        self.folder = HERE / "submissions" / assignment.name

    def solution(self) -> Answers:
        """Answer every exercise as the reference does."""
        sources = without_markers(self.course.reference)
        return {each.name: exercise_text(sources, each) for each in self.assignment.exercises}

    def alternative(self, number: int) -> Answers:
        """Answer every exercise by one of its alternatives."""
        return {
            each.name: each.alternatives[number % len(each.alternatives)].source.rstrip("\n")
            for each in self.assignment.exercises
        }

    def mistaken(self, *mistakes: str) -> Answers:
        """Answer as the reference does, but for mistakes named ``module.function:mutant``."""
        answers = self.solution()
        for mistake in mistakes:
            name, _, mutant = mistake.partition(":")
            exercise = next(each for each in self.assignment.exercises if each.name == name)
            planted = next(each for each in exercise.mutants if each.name == mutant)
            sources = plant(self.course.reference, exercise, planted)
            answers[name] = exercise_text(without_markers(sources), exercise)
        return answers

    def notebook(self, answers: Answers) -> Notebook:
        """Return the student notebook with the answers in their cells."""
        notebook = copy.deepcopy(self.student)
        for name, source in answers.items():
            answer_cell(notebook, name).source = source
        return notebook

    def hand_in(
        self,
        student: str,
        notebook: Notebook,
        *,
        figures: bool = False,
        dialect: Callable[[Notebook], Notebook] = copy.copy,
    ) -> None:
        """Run a notebook in a kernel and save it as `dialect` does, under a name or a path."""
        path = self.folder / (student if "/" in student else f"{student}.ipynb")
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, dialect(executed(notebook, figures=figures)))
        print(path.relative_to(ROOT))

    def export(self, student: str, notebook: Notebook) -> None:
        """Run a notebook with its own export cell, and hand in the zip that otter makes."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"{self.assignment.name}.ipynb"
            nbformat.write(executed(notebook), path)
            run(nbformat.read(path, as_version=4), folder)
            (made,) = Path(folder).glob("*.zip")
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(made, self.folder / f"{student}.zip")
        print((self.folder / f"{student}.zip").relative_to(ROOT))


def answer_cell(notebook: Notebook, name: str) -> Notebook:
    """Return the cell in which a student answers an exercise."""
    title = name.partition(".")[2].partition(".")[0]
    return next(cell for cell in notebook.cells if re.match(rf"(def|class) {title}\b", cell.source))


def executed(notebook: Notebook, *, figures: bool = False) -> Notebook:
    """Run every cell but the export, going on after errors; keep figures only if asked."""
    export = [cell for cell in notebook.cells if "grader.export(" in cell.source]
    for cell in export:
        cell.cell_type = "raw"
    with TemporaryDirectory() as folder:
        run(notebook, folder)
    for cell in export:
        cell.cell_type = "code"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.setdefault("execution_count", None)
            cell["outputs"] = [tidied(each, figures=figures) for each in cell.get("outputs", [])]
            cell.metadata.pop("execution", None)
    return notebook


def run(notebook: Notebook, folder: str) -> None:
    """Execute a notebook in place, in a kernel whose working directory is `folder`."""
    resources = {"metadata": {"path": folder}}
    NotebookClient(
        notebook, kernel_name="python3", allow_errors=True, timeout=300, resources=resources
    ).execute()


def tidied(output: Notebook, *, figures: bool) -> Notebook:
    """Drop figures, and the folders of the machine on which the notebook ran."""
    if not figures and "data" in output:
        output.data.pop("image/png", None)
    text = json.dumps(output)
    text = re.sub(r"(?<![\w.])/(?:[\w.+-]+/)+(?=[\w.+-]+)", "", text)
    return nbformat.from_dict(json.loads(re.sub(r"ipykernel_\d+", "ipykernel", text)))


def write(path: Path, notebook: Notebook) -> None:
    """Write a notebook in its own version of the format."""
    text = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def code(source: str) -> Notebook:
    """Return a code cell."""
    return nbformat.v4.new_code_cell(source)


def as_colab(notebook: Notebook) -> Notebook:
    """Return a notebook as Colab saves it: its own metadata, none of otter's, no cell ids."""
    notebook.metadata = nbformat.from_dict(
        {
            "colab": {"provenance": [], "toc_visible": True},
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(notebook.cells):
        cell.metadata = nbformat.from_dict({"id": f"{number:012d}"})
        if cell.cell_type == "code" and cell.get("outputs"):
            cell.metadata["colab"] = {"base_uri": "https://localhost:8080/"}
            cell.metadata["outputId"] = f"{number:08d}-0000-4000-8000-000000000000"
        cell.pop("id", None)
    notebook.nbformat_minor = 0
    return notebook


def as_vscode(notebook: Notebook) -> Notebook:
    """Return a notebook as VS Code saves it."""
    notebook.metadata["kernelspec"] = {
        "display_name": ".venv (3.12.3)",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata["language_info"] = {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": "3.12.3",
    }
    notebook.metadata["vscode"] = {"interpreter": {"hash": "0" * 64}}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata["vscode"] = {"languageId": "python"}
    return notebook


def with_scratch_work(notebook: Notebook) -> Notebook:
    """Return a notebook with magics, shell lines, plots and stray cells between the answers."""
    setup = next(n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells[setup + 2 : setup + 2] = [
        code("%matplotlib inline\nimport matplotlib.pyplot as plt\nimport time"),
        code("%pip install --quiet --no-deps numpy"),
        code("!python --version"),
        code("%%time\nsum(range(1000))"),
        code("x = np.linspace(-2, 2)\nplt.plot(x, x**2)\nplt.title('a parabola')\nplt.show()"),
        code("%timeit -n 1 -r 1 np.ones(10).sum()"),
        code("np.linspace?"),
        code("from IPython.display import HTML, display\ndisplay(HTML('<b>done</b>'))"),
    ]
    return notebook


def as_left_behind(notebook: Notebook, name: str) -> Notebook:
    """Return a notebook in which cells were deleted, doubled, moved and broken."""
    answer = answer_cell(notebook, name)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if not cell.source.startswith(f'grader.check("{name.partition(".")[2]}")')
    ]
    position = notebook.cells.index(answer)
    double = copy.deepcopy(answer)
    double.pop("id")
    stale = "# an older attempt\n" + answer.source
    notebook.cells[position:position] = [
        code(stale),
        code("prnt('hello')"),
        code("for i in range(3)\n    i"),
    ]
    notebook.cells.append(code("undefined_name + 1"))
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
    return notebook


def main(names: list[str]) -> None:
    """Make the submissions of the named assignments, or of all."""
    course = load_course(ROOT)
    sys.path.insert(0, str(HERE))
    for name in names or course.assignments:
        recipes: Callable[[Maker], None] = __import__(f"recipes.{name}", fromlist=["make"]).make
        shutil.rmtree(HERE / "submissions" / name, ignore_errors=True)
        recipes(Maker(course, course.assignments[name]))


if __name__ == "__main__":
    main(sys.argv[1:])
