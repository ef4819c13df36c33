"""The student notebook in a real Jupyter kernel, alone in an empty folder."""

import copy
import subprocess
import sys
import zipfile
from contextlib import contextmanager

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


def shown(nb, question, kind="text/plain"):
    """Return what ``grader.check`` of that question displays."""
    return displayed(nb, f'grader.check("{question}")', kind)


def displayed(nb, source, kind="text/plain"):
    """Return what the cell that ends in some source displays."""
    (cell,) = [cell for cell in nb.cells if cell.source.endswith(source)]
    return "\n".join(output.get("text") or output["data"][kind] for output in cell.outputs)


def beginning(nb, *questions):
    """Return a notebook of the given code and a few exercises, without what shows them off."""
    nb = copy.deepcopy(nb)
    kept = ("start-", *(f"{each}-" for each in questions))
    nb.cells = [cell for cell in nb.cells if cell.id.startswith(kept)]
    return nb


def answered(nb, **answers):
    """Return a notebook with functions put in the place of holes."""
    nb = copy.deepcopy(nb)
    for cell in nb.cells:
        for name, source in answers.items():
            if cell.source.startswith(f"def {name}("):
                cell.source = source
    return nb


@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_notebook_runs_and_says_what_is_still_to_do(built, tmp_path, name):
    nb = run(tmp_path, notebook(built, name), saved=False)
    for exercise in built.assignments[name].exercises:
        text = shown(nb, question_name(exercise))
        assert f"{exercise.title}: still to do" in text
        assert f"still to do: your code here: {exercise.title}." in text
    count = len(built.assignments[name].exercises)
    assert displayed(nb, "grader.check_all()").count("still to do") == count


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_runs_and_passes_every_check(built, tmp_path, name):
    nb = run(tmp_path, notebook(built, name, "dist", "-solution"))
    for exercise in built.assignments[name].exercises:
        text = shown(nb, question_name(exercise))
        assert "every check passed" in text, exercise.name
        assert "✗" not in text, exercise.name
    count = len(built.assignments[name].exercises)
    assert f"{count} of {count} exercises done" in displayed(nb, "grader.check_all()")


def test_checks_work_beside_other_notebooks_and_name_what_is_wrong(built, tmp_path):
    for other in ("one.ipynb", "two.ipynb"):
        nbformat.write(nbformat.v4.new_notebook(), tmp_path / other)
    nb = answered(notebook(built, "a03_losses"), mse=SUM)
    text = shown(run(tmp_path, nb), "mse")
    assert "loss is " in text
    assert ", expected " in text


SUM = "def mse(pred, target):\n    return np.sum((pred - target) ** 2)"
BY_ROWS = "def mse_backward(pred, target):\n    return 2 * (pred - target) / len(pred)"
HOSTILE = """\
def mae(pred, target):
    raise ValueError("<script>alert(1)</script>\\x1b[2J")
"""
SHADOWED = "list = dict = len = str = print = isinstance = max = zip = json = sys = None"


def test_a_known_mistake_gets_its_hint_and_its_picture_and_nothing_hostile_is_markup(
    built, tmp_path
):
    nb = beginning(notebook(built, "a03_losses"), "mse", "mse_backward", "mae")
    nb = run(tmp_path, answered(nb, mse=SUM, mse_backward=BY_ROWS, mae=HOSTILE))
    (question,) = (line for line in shown(nb, "mse").splitlines() if "Ask yourself: " in line)
    hints = [mutant.hint for mutant in exercise_of(built, "losses.mse").mutants]
    assert question.partition("Ask yourself: ")[2] in hints
    page = shown(nb, "mse_backward", "text/html")
    assert '<svg role="img" aria-label="dpred: yours minus expected"' in page
    assert "<script>" not in shown(nb, "mae", "text/html")
    assert "&lt;script&gt;" in shown(nb, "mae", "text/html")
    assert "\x1b" not in shown(nb, "mae")


def exercise_of(course, name):
    return next(e for a in course.assignments.values() for e in a.exercises if e.name == name)


def test_names_that_a_student_takes_do_not_disturb_the_checks(built, tmp_path):
    nb = answered(beginning(notebook(built, "a03_losses"), "mse"), mse=f"{SHADOWED}\n{SUM}")
    nb = run(tmp_path, nb)
    assert "mse: 1 of 2 checks passed" in shown(nb, "mse")


def test_a_question_that_does_not_exist_is_answered_with_one_that_does(built, tmp_path):
    nb = beginning(notebook(built, "a03_losses"), "mse")
    nb.cells[-1].source = 'grader.check("mze")'
    text = displayed(run(tmp_path, nb), 'grader.check("mze")')
    assert text == "There is no exercise 'mze' here. Did you mean 'mse'?"


def test_a_notebook_converted_to_text_has_the_same_sentences(built, tmp_path):
    path = tmp_path / "losses.ipynb"
    nb = beginning(notebook(built, "a03_losses"), "mse")
    nbformat.write(answered(nb, mse=SUM), path)
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "markdown", str(path)]
    plain = "--NbConvertBase.display_data_priority=['text/plain']"
    subprocess.run([*command, plain], check=True, capture_output=True)
    text = path.with_suffix(".md").read_text()
    assert "✗ The loss is the mean of the squared differences." in text
    assert "Ask yourself: " in text


def test_the_export_says_what_it_hands_in_and_how_that_does_on_its_own(built, tmp_path):
    """The export cell as students run it, with a second notebook beside theirs."""
    nb = answered(notebook(built, "a03_losses"), mse=SUM)
    nbformat.write(nb, tmp_path / "a03_losses.ipynb")
    nbformat.write(nb, tmp_path / "copy.ipynb")
    edited = answered(nb, mse=f"{SUM} / 1")
    resources = {"metadata": {"path": str(tmp_path)}}
    client = NotebookClient(edited, kernel_name="python3", timeout=300, resources=resources)
    with session_name("a03_losses.ipynb"):
        client.execute()
    text = displayed(edited, "grader.export(pdf=False, run_tests=True)")
    (path,) = tmp_path.glob("*.zip")
    assert f"This will be submitted: a03_losses.ipynb, in {path.name}" in text
    assert "Not begun: mse_backward, mae," in text
    assert "The file does not have what you last ran for mse. Save the notebook" in text
    assert "Your submission, run from the top on its own" in text
    assert "✗ mse " in text
    assert "Error" not in text
    with zipfile.ZipFile(path) as archive:
        assert "a03_losses.ipynb" in archive.namelist()


@contextmanager
def session_name(name):
    """Let a kernel know its notebook's name, as Jupyter's server does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JPY_SESSION_NAME", name)
        yield
