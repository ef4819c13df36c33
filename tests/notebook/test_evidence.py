"""What tests note, and how their copies of our classes become ours."""

import inspect

import numpy as np

from autograder.notebook.evidence import Environment, ours
from autograder.numerics import compare, samples
from autograder.numerics.compare import Finding, Observed
from autograder.numerics.samples import Sample

RULE = ("tolerance", 1e-6)


def copies():
    """Return names of the comparison as a test carries them: classes of its own."""
    source = f"{inspect.getsource(samples)}\n{inspect.getsource(compare)}"
    names = {"__name__": "copies"}
    exec(
        source.replace("from autograder.numerics.samples import Sample, differences, sampled", ""),
        names,
    )
    return names


def test_copies_of_our_classes_become_ours():
    names = copies()
    theirs = names["Observed"]({"w": [names["sampled"]({"a": np.arange(3.0)})]}, {"f": "a number"})
    assert not isinstance(theirs, Observed)
    mine = ours(theirs)
    assert isinstance(mine, Observed)
    assert isinstance(mine.tree["w"][0]["a"], Sample)
    assert mine.returned == {"f": "a number"}


def test_what_is_noted_does_not_change_when_the_student_writes_to_it():
    environment, array = Environment({}), np.zeros(2)
    outcome = Observed({"a": array})
    environment.note("check", RULE, {}, outcome, (), outcome, Finding())
    array[:] = 7
    assert not environment.notes["check"].cases[0].outcome.tree["a"].any()


def test_the_finding_is_the_first_structural_fault_or_else_the_worst_value():
    def finding(*findings):
        environment = Environment({})
        for each in findings:
            environment.note("check", RULE, {}, None, (), None, each)
        return environment.notes["check"]

    small, large = Finding("value", "a", "", 2.0), Finding("value", "b", "", 5.0)
    shape = Finding("shape", "c", "", np.inf)
    assert finding(Finding(), small, large).finding.where == "b"
    assert finding(large, shape).finding.kind == "shape"
    assert finding(Finding(), Finding()).finding.kind == ""
    assert finding(small, large).worst.finding.where == "b"


def test_random_arrays_are_noted_as_samples():
    environment = Environment({})
    outcome = Observed({"w": np.random.default_rng(0).standard_normal(50)})
    environment.note("check", ("statistical", 1.0), {}, outcome, (), outcome, Finding())
    assert isinstance(environment.notes["check"].cases[0].outcome.tree["w"], Sample)


def test_the_environment_is_the_students_names():
    assert Environment({"f": len})["f"] is len
