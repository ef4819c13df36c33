"""What `grader.export` says before it exports."""

import nbformat
import pytest

from autograder.notebook.handing_in import notebook_path, submission

HOLE = 'def mae(p, t):\n    raise NotImplementedError("your code here: mae")'
MSE = "def mse(p, t):\n    return ((p - t) ** 2).mean()"
FUNCTIONS = {"mse": ["mse"], "mae": ["mae"]}


@pytest.fixture
def saved(tmp_path):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_markdown_cell("`def mse`"),
        *map(nbformat.v4.new_code_cell, (MSE, HOLE)),
    ]
    path = tmp_path / "Losses & costs.ipynb"
    nbformat.write(notebook, path)
    return path


def test_it_names_the_file_the_archive_the_time_and_what_is_not_begun(saved):
    planned = submission(saved, FUNCTIONS, [MSE, HOLE])
    text = repr(planned)
    assert f"This will be submitted: Losses & costs.ipynb, in {planned.archive}" in text
    assert planned.archive.startswith("Losses & costs_")
    assert planned.archive.endswith(".zip")
    assert "As it was saved on" in text
    assert "Not begun: mae." in text
    assert planned.warnings == []
    assert "Losses &amp; costs.ipynb" in planned._repr_html_()


def test_a_cell_that_was_run_and_not_saved_is_a_warning(saved):
    planned = submission(saved, FUNCTIONS, [MSE, "def mae(p, t):\n    return 0.0", "mae(1, 2)"])
    assert planned.unsaved == ["mae"]
    assert "The file does not have what you last ran for mae. Save the notebook" in repr(planned)
    assert "warning" in planned._repr_html_()


def test_only_the_last_run_of_a_function_counts(saved):
    assert submission(saved, FUNCTIONS, ["def mse(p, t):\n    return 1", MSE]).unsaved == []
    assert submission(saved, FUNCTIONS, [MSE, "def mse(p, t):\n    return 1"]).unsaved == ["mse"]


def test_nothing_that_was_never_run_is_unsaved(saved):
    assert submission(saved, FUNCTIONS, ["mse_of_all = 1"]).unsaved == []


def test_when_all_holes_are_filled_it_says_so(saved):
    assert "Every exercise is begun." in repr(submission(saved, {"mse": ["mse"]}, []))


def test_a_class_has_its_holes_in_its_methods(tmp_path):
    source = 'class Stop:\n    def step(self):\n        raise NotImplementedError("your code here: Stop.step")'
    path = tmp_path / "training.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), path)
    for name in ("Stop", "Stop.step"):
        assert submission(path, {name: [name]}, [source]).missing == [name]
        assert submission(path, {name: [name]}, [source]).unsaved == []
        assert submission(path, {name: [name]}, [f"{source}\n"[:-4]]).unsaved == [name]
    assert submission(path, {"Sto": ["Sto"]}, [source]).missing == []


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return tmp_path


def test_a_notebook_alone_in_its_folder_is_found(folder):
    assert notebook_path({}) is None
    (folder / "one.ipynb").touch()
    assert notebook_path({}).name == "one.ipynb"


def test_of_several_notebooks_the_front_end_tells_which(folder, monkeypatch):
    for name in ("one.ipynb", "two.ipynb", "three.ipynb"):
        (folder / name).touch()
    assert notebook_path({}) is None
    monkeypatch.setenv("JPY_SESSION_NAME", "course/two.ipynb")
    assert notebook_path({}).name == "two.ipynb"
    assert notebook_path({"__vsc_ipynb_file__": str(folder / "three.ipynb")}).name == "three.ipynb"
