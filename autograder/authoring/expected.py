"""The expected checks of an assignment: every case drawn, every value from the reference."""

from autograder.authoring.mutants import reference_subject
from autograder.cases import draw_cases
from autograder.errors import CourseError, Problem
from autograder.model import Assignment, Course
from autograder.numerics.expectations import ExpectedCheck, expect

Expected = dict[str, tuple[ExpectedCheck, ...]]


def expected_checks(course: Course, assignment: Assignment, secret: str) -> Expected:
    """Return the expected checks of each exercise, by its name.

    Raises
    ------
    CourseError
        With the problems of every check that cannot be used.
    """
    reference = reference_subject(course, assignment)
    expected: Expected = {}
    problems: list[Problem] = []
    for exercise in assignment.exercises:
        checks = []
        for check in exercise.checks:
            try:
                cases = draw_cases(course.seed, secret, exercise, check)
                checks.append(expect(check, cases, reference))
            except CourseError as error:
                problems += error.problems
        expected[exercise.name] = tuple(checks)
    if problems:
        raise CourseError(problems)
    return expected
