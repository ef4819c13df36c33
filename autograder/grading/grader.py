"""Grade one submission: run it in the sandbox and mark its exercises."""

import time
from collections.abc import Sequence
from functools import partial

from autograder.errors import MalformedError
from autograder.grading.answers import Answer
from autograder.grading.demonstrations import idle_cells
from autograder.grading.intake.notebooks import read_notebook
from autograder.grading.intake.submissions import Submission, submission_hash
from autograder.grading.marking import Marker
from autograder.grading.memory import Memory
from autograder.grading.moments import early_moments
from autograder.grading.servers import ServerFor
from autograder.grading.session import Session
from autograder.model import (
    Assignment,
    CellResult,
    CodeCell,
    Course,
    ExerciseResult,
    Result,
    Status,
)

Answers = dict[tuple[str, str], Answer]  # by exercise and check

IDLE = "it came with the notebook, and nothing that is graded needs it"
MOST_ASSIGNMENTS = 3  # in memory; a batch has one after the other
SEED = 0  # of the submissions' global random generators: regrading gives the same result


class Grader:
    """Grades submissions of one course, one at a time.

    Parameters
    ----------
    course : Course
        What to grade by; expected values and mutants are computed from it when first needed, and
        kept for the assignments that were graded last.
    server_for : callable
        Returns where the cells of a notebook run.
    """

    def __init__(self, course: Course, server_for: ServerFor) -> None:
        self._course = course
        self._server_for = server_for
        self._markers: Memory[Marker] = Memory(MOST_ASSIGNMENTS)

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
            document = submission.read()
            digest = submission_hash(document.data)
            notebook = read_notebook(document)
        except MalformedError as error:
            return describe(
                submission=digest,
                status=Status(error.status),
                message=str(error),
                remarks=submission.remarks,
                seconds=time.perf_counter() - started,
            )
        cells = notebook.cells
        marker = self._marker_of(assignment)
        idle = idle_cells(cells, marker.demonstrations)
        running = [cell for position, cell in enumerate(cells) if position not in idle]
        limits = self._course.limits_of(assignment.name)
        session = Session(self._server_for(running), running, limits, SEED)
        try:
            exercises = tuple(_exercises(marker, running, session))
        finally:
            session.close()
        skipped = [CellResult(cells[position].index, "skipped", IDLE) for position in idle]
        return describe(
            submission=digest,
            status=Status.GRADED,
            seconds=time.perf_counter() - started,
            exercises=exercises,
            cells=tuple(sorted([*session.results, *skipped], key=lambda cell: cell.index)),
            remarks=(*submission.remarks, *document.remarks, *notebook.remarks),
        )

    def _marker_of(self, assignment: Assignment) -> Marker:
        marker = self._markers.get(assignment.name)
        if marker is None:
            marker = Marker(self._course, assignment)
            self._markers.put(assignment.name, marker)
        return marker


def _exercises(marker: Marker, cells: Sequence[CodeCell], session: Session) -> list[ExerciseResult]:
    """Mark every exercise at the end of the notebook, and some before that too.

    Whichever counts more counts: a helper defined anew later must not spoil a right answer, and an
    answer mended later is mended.
    """
    moments = sorted(early_moments(cells, marker.exercises).items())
    early, final = _answers(marker, moments, session)
    exercises = {each.name: each for each in marker.exercises}
    results: dict[str, ExerciseResult] = {}
    for name in marker.order:
        results[name] = marker.mark(exercises[name], final, session, results)
        if any(name == exercise for exercise, _ in early) and not results[name].full:
            before = marker.mark(exercises[name], early, session, results)
            results[name] = max(results[name], before, key=lambda result: result.score)
    return [results[name] for name in exercises]


def _answers(
    marker: Marker, moments: Sequence[tuple[int, list[str]]], session: Session
) -> tuple[Answers, Answers]:
    """Return the answers before the end, and at it.

    No public check is run after a hidden one in the same process: what it shows might come from
    there.
    """
    early: Answers = {}
    final: Answers = {}
    for public in (True, False):
        if moments and not public:
            session.start_again()
        for position, names in moments:
            session.run_cells(position + 1)
            early |= marker.ask(names, session, public=public)
        session.run_cells()
        final |= marker.ask(marker.order, session, public=public)
    return early, final
