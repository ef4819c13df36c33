"""The example submissions, graded: their scores are a golden file that a person reads."""

import pytest
import yaml

from autograder.grading.grader import Grader
from autograder.grading.intake.find import find_submissions
from autograder.grading.intake.notebooks import read_notebook
from autograder.grading.parity import run_otter
from autograder.grading.process import sandbox_limits
from autograder.packaging.notebooks import question_name
from autograder.sandbox.server import SandboxServer
from tests.conftest import ROOT

GOLDEN = yaml.safe_load((ROOT / "examples/expected_scores.yml").read_text(encoding="utf-8"))
FOUND = {
    (each.assignment, each.student): each
    for each in find_submissions(ROOT / "examples/submissions", list(GOLDEN))
}
WITH_OTTER = [
    ("a03_losses", "emil"),
    ("a03_losses", "kim"),
    ("a06_optimizers", "lena"),
    ("a06_optimizers", "mara"),
]


@pytest.fixture(scope="module")
def results(built):
    with SandboxServer(sandbox_limits(built)) as server:
        grader = Grader(built, lambda _: server)
        return {key: grader.grade(each) for key, each in FOUND.items()}


def test_every_submission_has_an_expected_score_and_a_reason():
    named = {(name, student) for name, students in GOLDEN.items() for student in students}
    assert named == set(FOUND)
    assert all(each["reason"] for students in GOLDEN.values() for each in students.values())
    assert all(len(students) >= 12 for students in GOLDEN.values())


@pytest.mark.parametrize("key", FOUND, ids="/".join)
def test_a_submission_earns_what_is_expected(results, key):
    name, student = key
    assert results[key].score == GOLDEN[name][student]["score"]


@pytest.mark.parametrize("key", FOUND, ids="/".join)
def test_known_mistakes_are_named(results, key):
    name, student = key
    named = {
        f"{exercise.exercise.partition('.')[2]}: {' or '.join(check.diagnosis.mutants)}"
        for exercise in results[key].exercises
        for check in exercise.checks
        if check.diagnosis
    }
    assert named == set(GOLDEN[name][student].get("mistakes", []))


@pytest.mark.parametrize("key", FOUND, ids="/".join)
def test_a_submission_has_cells(key):
    assert read_notebook(FOUND[key].read()).cells


@pytest.mark.parametrize("key", WITH_OTTER, ids="/".join)
def test_stock_otter_gives_the_same_points_for_each_question(built, results, key):
    names = {each.name: question_name(each) for each in built.assignments[key[0]].exercises}
    ours = {names[each.exercise]: each.score for each in results[key].exercises}
    theirs = run_otter(FOUND[key], built.root / "dist" / key[0] / "autograder.zip")
    assert theirs == pytest.approx(ours)
