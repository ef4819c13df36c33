import numpy as np
import pytest

from autograder.authoring.trials import LAYOUTS, Trials, run_trials


def test_right_answers_pass_in_every_layout(tiny):
    course = tiny.load()
    trials = run_trials(course, course.assignments["a01_tiny"], "secret", 3)
    assert trials == Trials(2 * 3 * len(LAYOUTS), ())
    assert trials.bound == 3 / trials.count


def test_an_answer_that_depends_on_the_layout_is_found(tiny):
    tiny.edit(
        "assignments/a01_tiny/checks.py",
        "return x * factor",
        "return x * factor if x.flags.c_contiguous else x",
    )
    course = tiny.load()
    trials = run_trials(course, course.assignments["a01_tiny"], "secret", 1)
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
