"""All laws of an assignment, those about its bundle too."""

import time
from dataclasses import dataclass, replace

from autograder.authoring.laws import Examiner, LawReport, Violation
from autograder.authoring.stubs import stray_markers
from autograder.authoring.survivors import Survey, require_reviewed, survey
from autograder.authoring.trials import Trials, run_trials
from autograder.cases import course_secret
from autograder.course import REFERENCE
from autograder.errors import CourseError, Problem
from autograder.model import Assignment, Course
from autograder.packaging.bundle import build_bundle


@dataclass(frozen=True)
class Validation:
    """What became of one assignment: the laws, and right answers graded again and again."""

    laws: LawReport
    trials: Trials
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether no law is broken and no right answer failed."""
        return not self.laws.violations and not self.trials.failures


def examine(course: Course, assignment: Assignment, draws: int = 0) -> Validation:
    """Test the laws of one assignment, and grade right answers on `draws` sets of cases."""
    started = time.perf_counter()
    laws = validate(course, assignment)
    trials = run_trials(course, laws, course_secret(course.root), draws)
    return Validation(laws, trials, time.perf_counter() - started)


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
    surveys = survey(course, assignment, examiner.expected)
    exercises = tuple(
        replace(each, generated=len(found.generated), reviewed=len(found.survivors))
        for each, found in zip(report.exercises, surveys, strict=True)
    )
    more = [*_unreviewed(assignment, surveys), *_bundle_laws(examiner)]
    return replace(report, exercises=exercises, violations=(*report.violations, *more))


def _unreviewed(assignment: Assignment, surveys: tuple[Survey, ...]) -> list[Violation]:
    """Hold the mutants that nobody wrote against the reviewed list of those that may live."""
    try:
        require_reviewed(assignment, surveys)
    except CourseError as error:
        return [Violation(3, problem) for problem in error.problems]
    return []


def _bundle_laws(examiner: Examiner) -> list[Violation]:
    course = examiner.course
    try:
        first, second = (
            build_bundle(course, examiner.assignment, examiner.calibrated) for _ in range(2)
        )
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
