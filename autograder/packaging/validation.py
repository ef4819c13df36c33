"""All laws of an assignment, those about its bundle too."""

from dataclasses import replace

from autograder.authoring.laws import Examiner, LawReport, Violation
from autograder.authoring.stubs import stray_markers
from autograder.authoring.survivors import require_reviewed, survey
from autograder.cases import course_secret
from autograder.course import REFERENCE
from autograder.errors import CourseError, Problem
from autograder.model import Assignment, Course
from autograder.packaging.bundle import build_bundle


def validate(course: Course, assignment: Assignment) -> LawReport:
    """Return the verdict on all laws but the oracle for one assignment.

    Raises
    ------
    CourseError
        If the assignment cannot be built at all.
    """
    check_markers(course)
    examiner = Examiner(course, assignment, course_secret(course.root))
    report = examiner.report()
    more = [*_generated(examiner), *_bundle_laws(course, assignment)]
    return replace(report, violations=(*report.violations, *more))


def _generated(examiner: Examiner) -> list[Violation]:
    """Hold the mutants that nobody wrote against the reviewed list of those that may live."""
    try:
        require_reviewed(examiner.assignment, survey(examiner))
    except CourseError as error:
        return [Violation(3, problem) for problem in error.problems]
    return []


def _bundle_laws(course: Course, assignment: Assignment) -> list[Violation]:
    try:
        first, second = build_bundle(course, assignment), build_bundle(course, assignment)
    except CourseError as error:
        leaks = [each for each in error.problems if each.message.startswith("leak:")]
        if len(leaks) < len(error.problems):
            raise
        return [Violation(6, problem) for problem in leaks]
    return [
        Violation(7, Problem(course.root / name, 0, "two builds of this file differ"))
        for name, content in first.files.items()
        if second.files[name] != content
    ]


def check_markers(course: Course) -> None:
    """Require every solution marker in ``reference/`` to stand in a target.

    Raises
    ------
    CourseError
        With every marker that cuts nothing.
    """
    targets: dict[str, list[str]] = {module: [] for module in course.reference}
    for assignment in course.assignments.values():
        for exercise in assignment.exercises:
            for target in exercise.targets:
                module, _, name = target.partition(".")
                targets[module].append(name)
    problems = [
        problem
        for module, source in course.reference.items()
        for problem in stray_markers(
            course.root / REFERENCE / f"{module}.py", source, tuple(targets[module])
        )
    ]
    if problems:
        raise CourseError(problems)
