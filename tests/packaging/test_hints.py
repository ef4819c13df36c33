"""The notebook names a misconception as the batch grader does, from what the public checks show."""

import json

import numpy as np
import pytest

from autograder.authoring.mutants import mutant_subject, reference_subject, stub_subject
from autograder.course import load_course
from autograder.grading.diagnosis import Diagnostics
from autograder.notebook.evidence import Note, Notes
from autograder.notebook.hinting import MOST_HINTS, hint_for
from autograder.numerics.compare import Observed
from autograder.numerics.diagnose import observe_all, same
from autograder.packaging.bundle import bundled_checks
from autograder.packaging.hints import known_mistakes, tolerance_of
from tests.conftest import ROOT

# Of a difference quotient with a tiny step: machines differ in what is left of it.
ROUND_OFF = {("gradients.numerical_gradient", "step_too_small")}
NAMES = sorted(load_course(ROOT).assignments)


def noted(checks, outcomes):
    """Return what the tests of a notebook note of a subject."""
    return {
        check.check.name: Notes(
            tolerance_of(check),
            [
                Note(each.case, each.outcome, each.scales, outcome, check.judge_case(each, outcome))
                for each, outcome in zip(
                    check.expectations, outcomes[check.check.name], strict=True
                )
            ],
        )
        for check in checks
    }


def shaken(outcome, eta):
    """Return an outcome with round-off in every float of it, far below the tolerance."""
    rng = np.random.default_rng(0)

    def moved(value):
        if isinstance(value, dict):
            return {name: moved(each) for name, each in value.items()}
        if isinstance(value, tuple | list):
            return type(value)(moved(each) for each in value)
        if isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
            return value * (1 + 0.05 * eta * rng.choice([-1, 1], size=np.shape(value)))
        return value

    return (
        Observed(moved(outcome.tree), outcome.returned)
        if isinstance(outcome, Observed)
        else outcome
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_hint_is_that_of_the_batch_grader_where_public_checks_show_the_mistake(built, name):
    """Only mistakes that no public check tells apart have more than one hint, or none."""
    assignment = built.assignments[name]
    diagnostics = Diagnostics(built)
    seen = 0
    for exercise in assignment.exercises:
        checks = bundled_checks(built, assignment)[exercise.name]
        public = [check for check in checks if check.check.public]
        known = known_mistakes(built, assignment, exercise, checks)
        mistakes = json.loads(json.dumps(known))
        does = {
            mutant: observe_all(checks, mutant_subject(built, assignment, exercise, mutant))
            for mutant in exercise.mutants
        }
        for mutant, outcomes in does.items():
            notes = noted(public, outcomes)
            if not any(each.finding.kind for each in notes.values()):
                assert hint_for(mistakes, notes) == ""
                continue
            seen += 1
            diagnosis = diagnostics.explain(assignment, exercise, checks, outcomes)
            twins = dict.fromkeys(
                other.hint for other, theirs in does.items() if same(public, outcomes, theirs)
            )
            hint = hint_for(mistakes, notes)
            if (exercise.name, mutant.name) in ROUND_OFF:
                assert hint == ""
                continue
            if len(twins) == 1:
                assert hint == diagnosis.hint == mutant.hint, (exercise.name, mutant.name)
            else:
                alike = " Or: ".join(twins) if len(twins) <= MOST_HINTS else ""
                assert hint == alike, (exercise.name, mutant.name)
            trembling = {
                check.check.name: [
                    shaken(each, tolerance_of(check)) for each in outcomes[check.check.name]
                ]
                for check in public
            }
            assert hint_for(mistakes, noted(public, trembling)) == hint, (
                exercise.name,
                mutant.name,
            )
    assert seen > 50


@pytest.mark.parametrize("name", NAMES)
def test_neither_the_reference_nor_a_stub_gets_a_hint(built, name):
    assignment = built.assignments[name]
    for exercise in assignment.exercises:
        checks = bundled_checks(built, assignment)[exercise.name]
        public = [check for check in checks if check.check.public]
        mistakes = known_mistakes(built, assignment, exercise, checks)
        for subject in (reference_subject, stub_subject):
            outcomes = observe_all(public, subject(built, assignment))
            assert hint_for(mistakes, noted(public, outcomes)) == ""
