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
        "hidden_checks, roster, assignments. Did you mean 'seed'?",
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
    ("seed: 7", "seed: 7\nlate:\n  percnt: 3", 4, "Did you mean 'percent'?"),
    ("seed: 7", "seed: 7\nlate:\n  percent: 101", 4, "'late.percent' is 101: input should be less"),
    ("seed: 7", "seed: 7\nlate:\n  per: week", 4, "input should be 'day' or 'hour'"),
    ("seed: 7", "seed: 7\nattempts:\n  counts: last", 4, "'latest', 'best' or 'first'"),
    ("seed: 7", "seed: 7\nrounding:\n  decimals: 9", 4, "'rounding.decimals' is 9"),
    ("seed: 7", "seed: 7\nhidden_checks: no", 3, "'hidden_checks' is False"),
    (
        "seed: 7",
        "seed: 7\ntimezone: Europe/Berlni",
        3,
        "'timezone' is 'Europe/Berlni': no time zone; use a name like Europe/Berlin. "
        "Did you mean 'Europe/Berlin'?",
    ),
    ("seed: 7", "seed: 7\ntimezone: ../passwd", 3, "no time zone"),
    ("title: Tiny", "title: Tiny\n    late:\n      percnt: 3", 7, "Did you mean 'percent'?"),
    ("title: Tiny", "title: Tiny\n    limits:\n      cell_second: 3", 7, "'cell_seconds'?"),
    ("title: Tiny", "title: Tiny\n    due: soon", 6, "expected a time like 2026-12-01 23:59"),
    ("title: Tiny", "title: Tiny\n    due: 2026-02-30 12:00", 6, "day is out of range for month"),
    (
        "title: Tiny",
        "title: Tiny\n    due: 18:00",
        6,
        "'assignments.a01_tiny.due' is 1080: expected",
    ),
    (
        "title: Tiny",
        "title: Tiny\n    due: 2026-12-01\n    extensions:\n      007: 2026-12-02",
        7,
        "extensions.7' is 7: YAML reads it as a number; put it in quotes",
    ),
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
