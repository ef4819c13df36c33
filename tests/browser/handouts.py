"""Feedback for a student made up from the curriculum, with one picture of each kind."""

from dataclasses import asdict, replace
from pathlib import Path

from autograder.authoring.mutants import mutant_subject, reference_subject
from autograder.cases import draw_cases
from autograder.course import load_course
from autograder.grading.records import entry
from autograder.grading.store import Store
from autograder.model import (
    CellResult,
    CheckResult,
    Diagnosis,
    ExerciseResult,
    Result,
    Status,
    Verdict,
)
from autograder.numerics.compare import sentence
from autograder.numerics.expectations import expect
from autograder.numerics.pictures import picture
from autograder.reporting.finals import Final
from autograder.reporting.pages.drawings import Drawings
from autograder.reporting.pages.mailings import write_feedback

ROOT = Path(__file__).parents[2]
WRONG = {
    "a02_activations": {"activations.sigmoid": "", "activations.leaky_relu_backward": ""},
    "a03_losses": {"losses.softmax_cross_entropy_backward": "", "losses.mse": None},
    "a05_initialization": {"initializers.he_uniform": "positive_only"},
    "a06_optimizers": {"optimizers.nesterov": "no_look_ahead", "optimizers.sgd": None},
}


def handout(folder, student="Ada Brandt"):
    """Write the feedback of one student, and return the page."""
    course = load_course(ROOT)
    titles = {name: each.title for name, each in course.assignments.items()}
    with Store(folder) as store, Drawings() as drawings:
        for name, mistakes in WRONG.items():
            result = _result(course, course.assignments[name], mistakes, student)
            store.put("key", entry(result, "full"))
        late = Final(2.0, 26.0, 0.6, "2 days late, 10 % of the points off")
        write_feedback(folder, store, {("a03_losses", student): late}, titles, drawings)
    (page,) = (folder / "feedback").glob("*.html")
    return page


def _result(course, assignment, mistakes, student):
    exercises = [each for each in assignment.exercises if each.name in mistakes]
    marked = tuple(_marked(course, assignment, each, mistakes[each.name]) for each in exercises)
    raised = CellResult(11, "raised", "NameError: name 'w' is not defined (line 2)")
    cells = (CellResult(3, "completed"), *([raised] if assignment.name == "a06_optimizers" else []))
    points = sum(each.points for each in marked)
    return Result(
        assignment.name,
        student,
        "0" * 64,
        Status.GRADED,
        points,
        1.0,
        exercises=marked,
        cells=cells,
    )


def _marked(course, assignment, exercise, name):
    """Mark an exercise with a known mistake: the one of that name, or the first that shows."""
    points = assignment.points[exercise.name]
    results = []
    for mutant in exercise.mutants if name is not None else ():
        if name in {"", mutant.name}:
            results.append(_judged(course, assignment, exercise, mutant, points))
            if results[-1].pictures:
                return results[-1]
    return _judged(course, assignment, exercise, None, points)


def _judged(course, assignment, exercise, mutant, points):
    reference = reference_subject(course, assignment)
    subject = mutant_subject(course, assignment, exercise, mutant) if mutant else reference
    checks, shown, shares = [], {}, exercise.shares(points)
    for check in exercise.checks:
        expected = expect(check, draw_cases(course.seed, "made up", exercise, check), reference)
        case, outcome, finding = expected.worst(expected.observe(subject))
        result = CheckResult(
            check.name,
            check.title,
            check.public,
            Verdict.PASSED,
            shares[check.name],
            shares[check.name],
        )
        if finding.kind:
            result = replace(
                result,
                verdict=Verdict.FAILED,
                score=0.0,
                message=sentence(finding, public=check.public),
                diagnosis=Diagnosis((mutant.name,), mutant.hint),
            )
            found = picture(check.picture, case.case, case.outcome, outcome, finding)
            if found and check.public:
                shown[check.name] = asdict(found)
        checks.append(result)
    return ExerciseResult(exercise.name, points, tuple(checks), "", shown)
