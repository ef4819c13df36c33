"""The example submissions, graded: their scores are a golden file that a person reads."""

import html

import pytest
import yaml

from autograder.grading.grader import Grader
from autograder.grading.intake.find import find_submissions
from autograder.grading.intake.notebooks import read_notebook
from autograder.grading.parity import run_otter
from autograder.grading.process import sandbox_limits
from autograder.grading.records import entry, pictures
from autograder.grading.store import Store
from autograder.packaging.notebooks import question_name
from autograder.reporting.pages.drawings import Drawings
from autograder.reporting.pages.mailings import write_feedback
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


def test_every_submission_has_a_page_that_says_why(results, built, tmp_path):
    titles = {name: each.title for name, each in built.assignments.items()}
    with Store(tmp_path) as store, Drawings() as drawings:
        for result in results.values():
            store.put("key", entry(result, "full"))
        assert write_feedback(tmp_path, store, {}, titles, drawings) == len(
            {name for _, name in FOUND}
        )
    pages = {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")}
    assert set(pages) == {student for _, student in FOUND}
    for (name, student), result in results.items():
        page = html.unescape(pages[student])
        assert titles[name] in page
        shown = [check for each in result.exercises for check in each.checks if check.public]
        hidden = [check for each in result.exercises for check in each.checks if not check.public]
        for check in shown:
            assert check.title in page
            assert check.message in page
            assert check.diagnosis is None or check.diagnosis.hint in page
        told = {check.title for check in shown}
        assert not [
            check.title for check in hidden if check.title in page and check.title not in told
        ]
        assert page.count("<figure>") >= len(pictures(result))
    assert sum(len(pictures(result)) for result in results.values()) > 10
