"""A single planted mistake costs points in exactly one exercise, whatever builds on it."""

import copy

import pytest

from autograder.authoring.mutants import mutant_subject, plant
from autograder.course import load_course
from autograder.grading.dependences import dependences
from autograder.grading.grader import Grader
from autograder.grading.intake.submissions import Submission
from autograder.grading.process import sandbox_limits
from autograder.model import Verdict
from autograder.packaging.bundle import bundled_checks
from autograder.packaging.notebooks import exercise_text, without_markers
from autograder.sandbox.server import SandboxServer
from tests.conftest import ROOT
from tests.notebooks import write
from tests.packaging.test_bundle import notebook

NAMES = sorted(load_course(ROOT).assignments)


def spreading(course, assignment):
    """Yield for each pair of exercises that build on each other one mutant that shows in both."""
    expected = bundled_checks(course, assignment)
    for later, earlier in dependences(course, assignment, expected).items():
        for exercise in assignment.exercises:
            if not set(exercise.targets) & set(earlier):
                continue
            for mutant in exercise.mutants:
                subject = mutant_subject(course, assignment, exercise, mutant)
                if any(check.judge(check.observe(subject)).kind for check in expected[later]):
                    yield exercise, mutant
                    break


def planted(course, assignment, exercise, mutant):
    """Return the solution notebook with a mistake in it."""
    right = exercise_text(without_markers(course.reference), exercise)
    wrong = exercise_text(without_markers(plant(course.reference, exercise, mutant)), exercise)
    solution = copy.deepcopy(notebook(course, assignment.name, "dist", "-solution"))
    (cell,) = [cell for cell in solution.cells if cell.source == right]
    cell.source = wrong
    return solution


@pytest.mark.parametrize("name", NAMES)
def test_a_planted_mistake_costs_points_once(built, tmp_path, name):
    assignment = built.assignments[name]
    with SandboxServer(sandbox_limits(built)) as server:
        grader = Grader(built, lambda _: server)
        for exercise, mutant in dict.fromkeys(spreading(built, assignment)):
            path = write(
                tmp_path / f"{exercise.name}-{mutant.name}.ipynb",
                planted(built, assignment, exercise, mutant),
            )
            result = grader.grade(Submission(name, mutant.name, path))
            wrong = [each for each in result.exercises if each.score < each.points]
            assert [each.exercise for each in wrong] == [exercise.name], mutant.name
            (found,) = wrong
            named = {
                check.diagnosis.mutants
                for check in found.checks
                if check.verdict is Verdict.FAILED and check.diagnosis
            }
            assert named == {(mutant.name,)}
