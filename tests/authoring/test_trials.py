import numpy as np
import pytest

from autograder.authoring.expected import expected_checks
from autograder.authoring.laws import Examiner
from autograder.authoring.mutants import reference_subject
from autograder.authoring.trials import LAYOUTS, Trials, _in_float32, run_trials


def tried(course, draws):
    laws = Examiner(course, course.assignments["a01_tiny"], "secret").report()
    return run_trials(course, laws, "secret", draws)


def test_an_answer_that_fails_in_float32_is_found(tiny):
    tiny.edit(
        "assignments/a01_tiny/checks.py",
        "return x * factor",
        "return x * factor + (x.dtype == np.float32)",
    )
    tiny.edit("reference/maths.py", "return factor * x + 0.0", "return factor * x + np.zeros(1)[0]")
    trials = tried(tiny.load(), 1)
    assert trials.failures
    assert all("in float32" in each.message for each in trials.failures)


def test_a_check_that_float32_cannot_pass_is_left_out(tiny):
    tiny.edit("reference/maths.py", "return factor * x + 0.0", "return factor * x - 2 * x + x")
    tiny.edit(
        "assignments/a01_tiny/checks.py",
        "subject.scale(**case)",
        "subject.scale(1e6 * case.x, 2.0) - 1e6 * case.x.astype(float)",
    )
    course = tiny.load()
    checks = expected_checks(course, course.assignments["a01_tiny"], "secret")["maths.scale"]
    assert _in_float32(checks, reference_subject(course, course.assignments["a01_tiny"])) == []


def test_right_answers_pass_in_every_layout(tiny):
    trials = tried(tiny.load(), 3)
    assert trials == Trials(2 * 3 * (len(LAYOUTS) + 1), ())
    assert trials.bound == 3 / trials.count


def test_an_answer_that_depends_on_the_layout_is_found(tiny):
    tiny.edit(
        "assignments/a01_tiny/checks.py",
        "return x * factor",
        "return x * factor if x.flags.c_contiguous else x",
    )
    trials = tried(tiny.load(), 1)
    assert trials.bound == 1.0
    assert trials.failures
    assert all("every other entry" in each.message for each in trials.failures)


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4), (0, 3)])
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_changes_no_value(name, shape):
    array = np.random.default_rng(0).standard_normal(shape)
    changed = LAYOUTS[name](array)
    assert changed.shape == array.shape
    assert np.array_equal(changed, array)
