"""`grader` of a tiny notebook, without a kernel around it."""

import json
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from otter.test_files import TestFile

from autograder.notebook.feedback import Feedback
from autograder.notebook.grader import Grader
from autograder.packaging.testcases import RUNTIME
from tests.conftest import TinyCourse
from tests.packaging.test_bundle import unpacked


@pytest.fixture(scope="module")
def checks(tmp_path_factory):
    """What the checks cell of a student's notebook writes to a folder."""
    tiny = TinyCourse(tmp_path_factory.mktemp("course"))
    tiny.build()
    data = (tiny.root / "student/a01_tiny/a01_tiny.ipynb").read_bytes()
    common, files = json.loads(unpacked(data)[1])
    folder = tmp_path_factory.mktemp("checks")
    for name, source in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(source.replace(RUNTIME, common))
    return folder


@pytest.fixture
def grader(checks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return Grader(checks)


def mean(x):
    return float(np.mean(x))


def test_a_known_mistake_gets_its_hint(grader):
    feedback = grader.check("mean", {"mean": lambda x: float(np.sum(x))})
    assert feedback.hint == "A sum or a mean?"
    assert feedback.verdicts[0].title == "The mean is the sum over the number of entries."
    assert not feedback.passed_all


def test_another_mistake_gets_none(grader):
    feedback = grader.check("mean", {"mean": lambda x: float(np.max(x))})
    assert not feedback.passed_all
    assert feedback.hint == ""


def test_a_name_that_is_not_defined_is_a_sentence(grader):
    feedback = grader.check("mean", {})
    assert feedback.verdicts[0].message == "mean raised NameError: name 'mean' is not defined."


def test_the_names_are_those_of_the_caller(grader):
    calling = {"grader": grader, "mean": mean}
    exec("feedback = grader.check('mean')\nprogress = grader.check_all()", calling)
    assert calling["feedback"].passed_all
    assert [row.state for row in calling["progress"].rows] == ["done", "0 of 1"]
    assert [row.title for row in calling["progress"].rows] == ["mean", "scale"]


def test_points_are_those_of_the_public_checks(grader):
    calling = {"grader": grader, "mean": mean, "scale": lambda x, factor=2: factor * x}
    exec("progress = grader.check_all()", calling)
    first, second = calling["progress"].rows
    assert (first.earned, first.public, first.later) == ("2", "2", "1")
    assert (second.earned, second.public, second.later) == ("1", "1", "0")


@pytest.mark.parametrize("asked", ["maen", ""])
def test_a_question_that_does_not_exist_is_answered(grader, asked):
    assert repr(grader.check(asked, {})) == (
        f"There is no exercise {asked!r} here. Did you mean 'mean'?"
    )


def test_where_otter_grades_it_is_otters_notebook(grader, monkeypatch):
    monkeypatch.setattr(Grader, "_grading_mode", True)
    result = grader.check("mean", {"mean": mean})
    assert isinstance(result, TestFile)
    assert not isinstance(result, Feedback)
    assert grader.check_all() is None
    assert grader.export() is None


def test_without_telling_which_notebook_nothing_is_exported(grader, tmp_path):
    for name in ("one.ipynb", "two.ipynb"):
        nbformat.write(nbformat.v4.new_notebook(), tmp_path / name)
    assert "There is no telling which notebook this is" in repr(grader.export(pdf=False))
    assert not list(tmp_path.glob("*.zip"))


def test_on_colab_the_notebook_is_to_be_downloaded(grader, monkeypatch):
    monkeypatch.setattr(grader, "interpreter", SimpleNamespace(name="COLAB"))
    assert "Download .ipynb" in repr(grader.export(pdf=False))
