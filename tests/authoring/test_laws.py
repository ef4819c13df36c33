"""The laws: over every exercise of the course, and that a broken one is found."""

import pytest

from autograder.authoring.laws import Examiner
from autograder.course import load_course
from tests.conftest import ROOT

SECRETS = ("a", "b")
EXERCISES = [
    (assignment.name, exercise.name)
    for assignment in load_course(ROOT).assignments.values()
    for exercise in assignment.exercises
]


@pytest.fixture(scope="module")
def reports(course):
    return {
        (name, secret): Examiner(course, assignment, secret).report()
        for name, assignment in course.assignments.items()
        for secret in SECRETS
    }


@pytest.mark.parametrize("secret", SECRETS)
def test_no_law_is_broken(reports, course, secret):
    violations = [v for name in course.assignments for v in reports[name, secret].violations]
    assert [f"law {each.law}: {each.problem}" for each in violations] == []


@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES, ids=lambda name: name)
def test_an_exercise_is_fully_declared(reports, course, assignment, exercise):
    (report,) = [each for each in reports[assignment, "a"].exercises if each.exercise == exercise]
    (declared,) = [e for e in course.assignments[assignment].exercises if e.name == exercise]
    assert report.alternatives >= 3
    assert report.kills
    assert all(report.kills.values()), "a mutant survives"
    assert all(names == (name,) for name, names in report.names.items()), "a mutant has no name"
    public = sum(check.public for check in declared.checks)
    assert 1 <= public < len(declared.checks)


@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES, ids=lambda name: name)
def test_each_check_catches_something(reports, assignment, exercise):
    idle = (
        set(report.idle)
        for secret in SECRETS
        for report in reports[assignment, secret].exercises
        if report.exercise == exercise
    )
    assert set.intersection(*idle) == set()


CHECKS = "assignments/a01_tiny/checks.py"
BROKEN = {
    "an untouched notebook passes": (
        2,
        (CHECKS, '{"mean": subject.mean(case.x + 1)}', '{"mean": case.x}'),
        "an untouched notebook passes check 'mean_of_shifted'",
    ),
    "a mutant survives": (
        3,
        (CHECKS, 'new="total", hint', 'new="x.sum() / len(x)", hint'),
        "mutant 'sum' of maths.mean survives every check",
    ),
    "two mutants look alike": (
        3,
        (
            CHECKS,
            'exercise.alternative("numpy"',
            'exercise.mutant("twin", old="total / len(x)", new="1 * total", hint="?")\nexercise.alternative("numpy"',
        ),
        "cannot be told apart from: twin",
    ),
    "a check separates badly": (
        5,
        (CHECKS, "return x * factor", "return x * factor * (1 + 1e-5)"),
        "check 'scales_by_two' separates badly",
    ),
    "an alternative is wrong": (
        4,
        (CHECKS, "return x * factor", "return x * factor + 1e-3"),
        "alternative 'swapped' fails check 'scales_by_two': y[",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_law_is_found(tiny, name):
    law, edit, message = BROKEN[name]
    tiny.edit(*edit)
    course = tiny.load()
    if name == "a check separates badly":
        tiny.edit(CHECKS, 'new="x", hint', 'new="factor * x * 1.005", hint')
        course = tiny.load()
    report = Examiner(course, course.assignments["a01_tiny"], "secret").report()
    assert any(v.law == law and message in v.problem.message for v in report.violations), (
        report.violations
    )


def test_the_tiny_course_obeys(tiny):
    course = tiny.load()
    report = Examiner(course, course.assignments["a01_tiny"], "secret").report()
    assert report.violations == ()
    assert report.exercises[0].kills == {"sum": ("mean_of_entries", "mean_of_shifted")}
