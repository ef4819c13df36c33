import pytest

from autograder.authoring.mutants import (
    alternative_subject,
    mutant_subject,
    reference_subject,
    require_changes,
    stub_subject,
)
from autograder.errors import CourseError


def first(course):
    assignment = course.assignments["a01_tiny"]
    return course, assignment, assignment.exercises[0]


def test_each_subject_is_the_reference_with_one_thing_changed(tiny):
    import numpy as np

    course, assignment, exercise = first(tiny.load())
    x = np.array([1.0, 2.0, 6.0])
    assert reference_subject(course, assignment)("mean")(x) == 3
    assert mutant_subject(course, assignment, exercise, exercise.mutants[0])("mean")(x) == 9
    (alternative,) = exercise.alternatives
    assert alternative_subject(course, assignment, exercise, alternative)("mean")(x) == 3
    with pytest.raises(NotImplementedError, match="your code here: mean"):
        stub_subject(course, assignment)("mean")(x)


BAD = [
    (
        'old="total / len(x)"',
        'old="total / n"',
        "'total / n' does not occur in the code of maths.mean",
    ),
    ('old="total / len(x)"', 'old="x"', "'x' occurs 5 times"),
    ('new="total", hint', 'new="total +", hint', "'sum' is not valid Python once in place"),
    ('new="total", hint', 'new="total / len(x)", hint', "changes nothing"),
    ('"numpy", "def', '"numpy", "deff', "'numpy' is not valid Python once in place"),
]


@pytest.mark.parametrize(("old", "new", "message"), BAD)
def test_a_change_that_does_not_fit_is_refused_with_its_line(tiny, old, new, message):
    path = tiny.edit("assignments/a01_tiny/checks.py", old, new)
    with pytest.raises(CourseError) as caught:
        require_changes(*first(tiny.load())[:2])
    line = next(n for n, text in enumerate(path.read_text().splitlines(), 1) if new in text)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert message in str(caught.value)


def test_text_in_a_docstring_is_not_code(tiny):
    tiny.edit("reference/maths.py", "Return the mean.", "Return total / len(x).")
    course, assignment, exercise = first(tiny.load())
    mutant_subject(course, assignment, exercise, exercise.mutants[0])
