"""grading.yml: one sentence with the line for every problem."""

import pytest

from autograder.errors import CourseError, UsageError

GOOD = "grading.yml"

# old text, new text, line of the problem, part of the sentence
BAD = [
    (
        "seed: 7",
        "sed: 7",
        2,
        "unknown key 'sed'; known: course, seed, follow_through, limits, assignments. Did you mean 'seed'?",
    ),
    ("seed: 7", "seed: seven", 2, "'seed' is 'seven': input should be a valid integer"),
    ("seed: 7", "seed: -1", 2, "'seed' is -1"),
    ("course: Tiny\n", "", 1, "'course' is missing"),
    ("title: Tiny", "titel: Tiny", 5, "Did you mean 'title'?"),
    ("maths.mean: 3", "maths.mean: -3", 7, "'assignments.a01_tiny.points.maths.mean' is -3"),
    ("maths.mean: 3", "maths.mean: .nan", 7, "points.maths.mean"),
    ("maths.mean: 3", "maths.mean: 0.333", 7, "multiple of 0.01"),
    (
        "maths.mean: 3",
        "maths.maen: 3",
        7,
        "'maths.maen' is not an exercise of a01_tiny. Did you mean 'maths.mean'?",
    ),
    (
        "a01_tiny:",
        "a01_tyni:",
        4,
        "assignment 'a01_tyni' has no folder assignments/a01_tyni. Did you mean 'a01_tiny'?",
    ),
    ("seed: 7", "seed: [7", 3, "not valid YAML"),
    ("seed: 7", "seed: 7\nlimits:\n  cell_second: 3", 4, "Did you mean 'cell_seconds'?"),
    ("seed: 7", "seed: 7\nlimits:\n  memory_mb: 1", 4, "'limits.memory_mb' is 1"),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), BAD)
def test_a_bad_policy_is_refused_with_its_line(tiny, old, new, line, message):
    path = tiny.edit("grading.yml", old, new)
    with pytest.raises(CourseError) as caught:
        tiny.load()
    assert any(
        str(problem).startswith(f"{path}:{line}: ") and message in str(problem)
        for problem in caught.value.problems
    ), str(caught.value)


def test_all_problems_are_reported_at_once(tiny):
    tiny.edit("grading.yml", "seed: 7", "sed: 7")
    tiny.edit("grading.yml", "title: Tiny", "titel: Tiny")
    with pytest.raises(CourseError) as caught:
        tiny.load()
    assert len(caught.value.problems) == 4  # two keys unknown, two missing


def test_a_folder_without_a_policy_is_no_course(tmp_path):
    from autograder.course import load_course

    with pytest.raises(UsageError, match=r"is not a course: it has no grading\.yml"):
        load_course(tmp_path)


def test_an_assignment_that_is_not_listed_is_reported(tiny):
    tiny.write("assignments/a02_more/notebook.md", "# More\n")
    with pytest.raises(CourseError, match="assignments/a02_more is not listed"):
        tiny.load()
