"""Two mistakes at once: planted together, tried together, and both of them named."""

import random
from collections import Counter
from itertools import combinations

import pytest

from autograder.authoring.expected import expected_checks
from autograder.authoring.limiting import limited_steps
from autograder.authoring.mutants import pair_subject, plant, plant_pair
from autograder.course import load_course
from autograder.grading.diagnosis import Diagnostics, likely_pairs
from autograder.numerics.diagnose import observe_all
from tests.conftest import ROOT

ASSIGNMENTS = sorted(load_course(ROOT).assignments)
PAIRS = 60  # of each assignment, drawn from all that can be planted
CHECKS = "assignments/a01_tiny/checks.py"


def plantable(course, assignment):
    return [
        (exercise, pair)
        for exercise in assignment.exercises
        for pair in combinations(exercise.mutants, 2)
        if plant_pair(course.reference, exercise, *pair)
    ]


def became(diagnosis, pair):
    """Say what a diagnosis makes of two mistakes."""
    names = {mutant.name for mutant in pair}
    if diagnosis is None:
        return "nothing"
    if set(diagnosis.mutants) == names and diagnosis.kind == "both":
        return "both"
    if (
        diagnosis.kind == "one of"
        and " + ".join(mutant.name for mutant in pair) in diagnosis.mutants
    ):
        return "one of several pairs"
    if names & set(diagnosis.mutants):
        return "one of them"
    # On every case the two together do the same as another mistake alone.
    return "another" if diagnosis.kind in {"mutant", "one of"} else f"{diagnosis.kind}: {diagnosis}"


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_most_pairs_of_mistakes_are_named(course, name):
    """Where one mistake hides the other there is nothing to see of it, so only one is named."""
    assignment = course.assignments[name]
    expected = expected_checks(course, assignment, "a")
    diagnostics = Diagnostics(course)
    pairs = plantable(course, assignment)
    assert len(pairs) > PAIRS
    counts = Counter()
    drawn = random.Random(0).sample(pairs, PAIRS)
    for exercise, pair in sorted(drawn, key=lambda each: each[0].name):
        subject = pair_subject(course, assignment, exercise, pair)
        if subject is None:
            counts["not Python"] += 1
            continue
        checks = expected[exercise.name]
        outcomes = {}
        with limited_steps():
            outcomes = observe_all(checks, subject)
        if not outcomes:
            counts["endless"] += 1
            continue
        diagnosis = diagnostics.explain(assignment, exercise, checks, outcomes)
        counts[became(diagnosis, pair)] += 1
    assert counts["both"] >= PAIRS / 2, counts
    rare = ("one of several pairs", "another", "not Python", "endless")
    assert set(counts) <= {"both", "one of them", "nothing", *rare}, counts
    assert sum(counts[each] for each in rare) <= PAIRS / 10, counts


def pair_of(tiny, first, second):
    """Declare two mutants of the tiny course's mean, each an (old, new)."""
    declared = "".join(
        f"exercise.mutant({name!r}, old={old!r}, new={new!r}, hint='?')\n"
        for name, (old, new) in {"first": first, "second": second}.items()
    )
    tiny.edit(CHECKS, 'exercise.alternative("numpy"', declared + 'exercise.alternative("numpy"')
    course = tiny.load()
    (assignment,) = course.assignments.values()
    exercise = assignment.exercises[0]
    return course, assignment, exercise, exercise.mutants[1:]


def test_a_pair_changes_the_reference_twice(tiny):
    course, _, exercise, pair = pair_of(tiny, ("x.sum()", "x.max()"), ("total / len(x)", "total"))
    source = plant_pair(course.reference, exercise, *pair)["maths"]
    assert "x.max()" in source
    assert "float(total)" in source
    one = plant(course.reference, exercise, pair[0])
    assert source == plant(one, exercise, pair[1])["maths"]


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_that_fits_is_found(tiny, turned):
    """One takes away what the other looks for, which leaves in place what the one looks for."""
    both = ("x.sum() + 0 * len(x)", "x.max()"), ("x.sum()", "x.min() - x.sum()")
    course, _, exercise, pair = pair_of(tiny, *(reversed(both) if turned else both))
    assert "x.min() - x.max()" in plant_pair(course.reference, exercise, *pair)["maths"]


def test_two_mistakes_in_the_same_place_are_no_pair(tiny):
    both = ("x.sum()", "x.max()"), ("x.sum()", "x.min()")
    course, assignment, exercise, pair = pair_of(tiny, *both)
    assert plant_pair(course.reference, exercise, *pair) is None
    assert pair_subject(course, assignment, exercise, pair) is None


def test_two_mistakes_that_are_no_python_together_are_no_pair(tiny):
    both = ("= x.sum()", "+= x.sum()"), ("    total", "    x = total")
    course, assignment, exercise, pair = pair_of(tiny, *both)
    assert "x = total += x.sum()" in plant_pair(course.reference, exercise, *pair)["maths"]
    assert pair_subject(course, assignment, exercise, pair) is None


@pytest.mark.parametrize("step", ["-", "+"])
def test_a_pair_that_runs_on_and_on_is_ended(tiny, step):
    start = ("total = x.sum()", "n = 3\n    total = x.sum()")
    loop = ("return float", f"n = 3\n    while n > 0:\n        n {step}= 1\n    return float")
    course, assignment, exercise, pair = pair_of(tiny, start, loop)
    checks = expected_checks(course, assignment, "a")[exercise.name]
    ended = True
    with limited_steps():
        observe_all(checks, pair_subject(course, assignment, exercise, pair))
        ended = False
    assert ended == (step == "+")


def test_pairs_whose_symptoms_add_up_come_first(course):
    exercise = course.assignments[ASSIGNMENTS[0]].exercises[0]
    one, two, three = exercise.mutants[:3]
    known = {
        one.name: frozenset({("c", 0, "value")}),
        two.name: frozenset({("c", 1, "value")}),
        three.name: frozenset({("d", 0, "shape")}),
    }
    found = known[one.name] | known[three.name]
    assert likely_pairs([one, two, three], known, found)[0] == (one, three)
    assert len(likely_pairs([one, two, three], known, found)) == 3
