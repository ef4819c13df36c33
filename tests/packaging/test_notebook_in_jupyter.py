"""The student notebook in a real Jupyter kernel, alone in an empty folder."""

import copy

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.course import load_course
from autograder.packaging.notebooks import question_name
from tests.conftest import ROOT
from tests.packaging.test_bundle import notebook

NAMES = sorted(load_course(ROOT).assignments)


def run(tmp_path, nb, name="anything at all.ipynb", saved=True):
    nb = copy.deepcopy(nb)
    for cell in nb.cells:
        if "grader.export(" in cell.source:
            cell.source = ""
    if saved:
        nbformat.write(nb, tmp_path / name)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(nb, kernel_name="python3", timeout=300, resources=resources).execute()
    return nb


def shown(nb, question):
    """Return what ``grader.check`` of that question displays."""
    (cell,) = [cell for cell in nb.cells if cell.source == f'grader.check("{question}")']
    return "\n".join(output.get("text") or output["data"]["text/plain"] for output in cell.outputs)


@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_notebook_runs_and_says_what_is_still_to_do(built, tmp_path, name):
    nb = run(tmp_path, notebook(built, name), saved=False)
    for exercise in built.assignments[name].exercises:
        text = shown(nb, question_name(exercise))
        assert f"still to do: your code here: {exercise.title}." in text


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_runs_and_passes_every_check(built, tmp_path, name):
    nb = run(tmp_path, notebook(built, name, "dist", "-solution"))
    for exercise in built.assignments[name].exercises:
        assert "All test cases passed!" in shown(nb, question_name(exercise)), exercise.name


def test_checks_work_beside_other_notebooks_and_name_what_is_wrong(built, tmp_path):
    for other in ("one.ipynb", "two.ipynb"):
        nbformat.write(nbformat.v4.new_notebook(), tmp_path / other)
    nb = notebook(built, "a03_losses")
    for cell in nb.cells:
        if cell.source.startswith("def mse("):
            cell.source = "def mse(pred, target):\n    return np.sum((pred - target) ** 2)"
    text = shown(run(tmp_path, nb), "mse")
    assert "loss is " in text
    assert ", expected " in text


def test_the_exported_zip_holds_the_notebook(built, tmp_path):
    """The export cell as students run it, with the public checks."""
    import zipfile

    nb = notebook(built, "a03_losses")
    nbformat.write(nb, tmp_path / "a03_losses.ipynb")
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(nb, kernel_name="python3", timeout=300, resources=resources).execute()
    (path,) = tmp_path.glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        assert "a03_losses.ipynb" in archive.namelist()
