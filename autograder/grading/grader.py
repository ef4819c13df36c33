"""Grade one submission: run it in the sandbox, compare what it returns, name what is wrong."""

import time
from collections.abc import Iterable, Sequence
from functools import partial

from autograder.authoring.expected import Expected
from autograder.errors import MalformedError
from autograder.grading.diagnosis import Diagnostics, explains
from autograder.grading.moments import early_moments
from autograder.grading.session import Session
from autograder.grading.submissions import CodeCell, Submission, read_cells, submission_hash
from autograder.model import (
    Assignment,
    CheckResult,
    Course,
    Diagnosis,
    Exercise,
    ExerciseResult,
    Result,
    Status,
    Verdict,
)
from autograder.numerics.compare import Finding, Raised, sentence
from autograder.numerics.diagnose import Outcome, Outcomes, fingerprint
from autograder.numerics.expectations import ExpectedCheck
from autograder.packaging.bundle import bundled_checks
from autograder.sandbox.server import SandboxServer

SEED = 0  # of the submissions' global random generators: regrading gives the same result


class Grader:
    """Grades submissions of one course, one at a time.

    Parameters
    ----------
    course : Course
        What to grade by; expected values and mutants are computed from it once, when first needed.
    server : SandboxServer
        Where student code runs.
    """

    def __init__(self, course: Course, server: SandboxServer) -> None:
        self._course = course
        self._server = server
        self._expected: dict[str, Expected] = {}
        self._diagnostics = Diagnostics(course)

    def grade(self, submission: Submission) -> Result:
        """Return what became of a submission; whatever its code does is a verdict."""
        started = time.perf_counter()
        assignment = self._course.assignments[submission.assignment]
        describe = partial(
            Result,
            assignment=submission.assignment,
            student=submission.student,
            points=assignment.total(),
        )
        digest = ""
        try:
            data = submission.read_bytes()
            digest = submission_hash(data)
            cells = read_cells(data)
        except MalformedError as error:
            return describe(
                submission=digest,
                status=Status.MALFORMED,
                message=str(error),
                seconds=time.perf_counter() - started,
            )
        session = Session(self._server, cells, self._course.limits, SEED)
        try:
            exercises = tuple(self._exercises(assignment, cells, session))
        finally:
            session.close()
        return describe(
            submission=digest,
            status=Status.GRADED,
            seconds=time.perf_counter() - started,
            exercises=exercises,
            cells=tuple(session.results),
        )

    def _exercises(
        self, assignment: Assignment, cells: Sequence[CodeCell], session: Session
    ) -> list[ExerciseResult]:
        """Grade every exercise at the end of the notebook, and some before that too.

        Whichever counts more counts: a helper defined anew later must not spoil a right answer,
        and an answer mended later is mended.
        """
        expected = self._expected_of(assignment)
        exercises = {each.name: each for each in assignment.exercises}
        results: dict[str, ExerciseResult] = {}

        def grade(names: Iterable[str]) -> None:
            for name in names:
                result = self._exercise(assignment, exercises[name], expected[name], session)
                if name not in results or result.score > results[name].score:
                    results[name] = result

        for position, names in sorted(early_moments(cells, assignment.exercises).items()):
            session.run_cells(position + 1)
            grade(names)
        session.run_cells()
        grade(name for name in exercises if name not in results or not results[name].full)
        return [results[name] for name in exercises]

    def _exercise(
        self,
        assignment: Assignment,
        exercise: Exercise,
        checks: tuple[ExpectedCheck, ...],
        session: Session,
    ) -> ExerciseResult:
        points = assignment.points[exercise.name]
        shares = exercise.shares(points)
        outcomes = {check.check.name: _observe(check, session) for check in checks}
        findings = {
            check.check.name: check.judge(outcomes[check.check.name])
            for check in checks
            if outcomes[check.check.name]
        }
        diagnosis, unknown = None, ""
        if any(finding.kind and finding.kind != "todo" for finding in findings.values()):
            diagnosis, unknown = self._diagnose(assignment, exercise, checks, outcomes)
        return ExerciseResult(
            exercise.name,
            points,
            tuple(
                _check_result(
                    check,
                    shares[check.check.name],
                    findings.get(check.check.name),
                    diagnosis,
                )
                for check in checks
            ),
            unknown,
        )

    def _diagnose(
        self,
        assignment: Assignment,
        exercise: Exercise,
        checks: tuple[ExpectedCheck, ...],
        outcomes: Outcomes,
    ) -> tuple[Diagnosis | None, str]:
        """Return what explains a failing exercise, or else the fingerprint of the mistake."""
        if not all(outcomes.values()):
            return None, ""
        diagnosis = self._diagnostics.explain(assignment, exercise, checks, outcomes)
        return diagnosis, "" if diagnosis else fingerprint(checks, outcomes)

    def _expected_of(self, assignment: Assignment) -> Expected:
        if assignment.name not in self._expected:
            self._expected[assignment.name] = bundled_checks(self._course, assignment)
        return self._expected[assignment.name]


def _observe(check: ExpectedCheck, session: Session) -> list[Outcome]:
    """Return the outcome of the submission on each case, or none if its time is used up.

    When the process dies in one case, that is the outcome of the remaining ones too.
    """
    if session.out_of_time():
        return []
    session.start_check()
    outcomes: list[Outcome] = []
    for outcome in check.observe(session.lookup):
        outcomes.append(outcome)
        if isinstance(outcome, Raised) and outcome.died:
            break
    missing = len(check.expectations) - len(outcomes)
    return outcomes + outcomes[-1:] * missing


def _check_result(
    expected: ExpectedCheck, points: float, finding: Finding | None, diagnosis: Diagnosis | None
) -> CheckResult:
    check = expected.check
    describe = partial(
        CheckResult, check=check.name, title=check.title, public=check.public, points=points
    )
    if finding is None:
        message = "The notebook had used up its time before this check."
        return describe(verdict=Verdict.SKIPPED, score=0.0, message=message)
    if not finding.kind:
        return describe(verdict=Verdict.PASSED, score=points, error=finding.error)
    return describe(
        verdict=Verdict.FAILED,
        score=0.0,
        message=sentence(finding, public=check.public),
        diagnosis=diagnosis if diagnosis and explains(diagnosis, finding) else None,
        error=finding.error,
    )
