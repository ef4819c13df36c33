"""Every assignment of the course through a real sandbox: solved, untouched, and written otherwise."""

import copy

import pytest

from autograder.course import load_course
from autograder.grading.grader import Grader
from autograder.grading.intake.submissions import Submission
from autograder.grading.process import sandbox_limits
from autograder.packaging.notebooks import exercise_text, without_markers
from autograder.sandbox.server import SandboxServer
from tests.conftest import ROOT
from tests.notebooks import write
from tests.packaging.test_bundle import notebook

NAMES = sorted(load_course(ROOT).assignments)


@pytest.fixture(scope="module")
def server(built):
    with SandboxServer(sandbox_limits(built)) as server:
        yield server


@pytest.fixture
def grade(built, server, tmp_path):
    def grade(name, nb):
        path = write(tmp_path / f"{name}.ipynb", nb)
        return Grader(built, lambda _: server).grade(Submission(name, "ann", path))

    return grade


def lost(result):
    """Return what was lost, and why."""
    return [
        (each.exercise, check.check, check.message)
        for each in result.exercises
        for check in each.checks
        if check.score < check.points
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_earns_everything_and_no_cell_fails(built, grade, name):
    result = grade(name, notebook(built, name, "dist", "-solution"))
    assert lost(result) == []
    assert result.score == pytest.approx(built.assignments[name].total())
    assert {each.outcome for each in result.cells} <= {"completed", "skipped"}


@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_notebook_earns_nothing_and_no_cell_fails(built, grade, name):
    result = grade(name, notebook(built, name))
    assert result.score == 0
    assert {each.outcome for each in result.cells} <= {"completed", "skipped"}


@pytest.mark.parametrize("name", NAMES)
def test_answers_written_otherwise_earn_everything(built, grade, name):
    """The last alternative of each exercise, together in one notebook."""
    solution = copy.deepcopy(notebook(built, name, "dist", "-solution"))
    cells = {cell.source: cell for cell in solution.cells}
    for exercise in built.assignments[name].exercises:
        text = exercise_text(without_markers(built.reference), exercise)
        cells[text].source = exercise.alternatives[-1].source
    assert lost(grade(name, solution)) == []
