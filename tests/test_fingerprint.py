"""What has to be graded or built again after a change of policy, and what not."""

import pytest

from autograder.cases import course_secret
from autograder.fingerprint import grading_digest, source_digest

SECOND = """\
  a02_more:
    title: More
    points:
      maths.mean: 3
"""


@pytest.fixture
def two(tiny):
    """A course of two assignments."""
    text = (tiny.root / "assignments/a01_tiny/checks.py").read_text()
    first, _ = text.split('exercise = Exercise("maths.scale")')
    tiny.write("assignments/a02_more/checks.py", first)
    tiny.write(
        "assignments/a02_more/notebook.md", "```{setup}\n```\n\n```{exercise} maths.mean\n```\n"
    )
    policy = (tiny.root / "grading.yml").read_text()
    tiny.write("grading.yml", policy.rstrip() + "\n" + SECOND)
    return tiny


def digests(tiny):
    course = tiny.load()
    secret = course_secret(tiny.root)
    return {
        name: (grading_digest(course, each), source_digest(course, each, secret))
        for name, each in course.assignments.items()
    }


def changed(tiny, old, new):
    """Return the assignments that are graded anew, and those that are built anew."""
    before = digests(tiny)
    tiny.edit("grading.yml", old, new)
    after = digests(tiny)
    return tuple(
        {name for name in before if before[name][part] != after[name][part]} for part in (0, 1)
    )


BOTH, FIRST, NONE = {"a01_tiny", "a02_more"}, {"a01_tiny"}, set()
# what is written in place of what; graded anew, built anew
CHANGES = [
    ("seed: 7", "seed: 8", BOTH, BOTH),
    ("seed: 7", "seed: 7\nfollow_through: false", BOTH, NONE),
    ("seed: 7", "seed: 7\nlimits:\n  cell_seconds: 5", BOTH, NONE),
    ("maths.scale: 1", "maths.scale: 2", FIRST, FIRST),
    ("title: Tiny", "title: Tiny\n    limits:\n      cell_seconds: 5", FIRST, NONE),
    ("title: Tiny", "title: Tiny\n    hidden_checks: visible", NONE, FIRST),
    ("title: Tiny", "title: Tiny\n    due: 2026-12-01", NONE, NONE),
    ("seed: 7", "seed: 7\ntimezone: Europe/Berlin", NONE, NONE),
    ("seed: 7", "seed: 7\nlate:\n  percent: 10", NONE, NONE),
    ("seed: 7", "seed: 7\nlate_days: 3", NONE, NONE),
    ("seed: 7", "seed: 7\nattempts:\n  counts: best", NONE, NONE),
    ("seed: 7", "seed: 7\nrounding:\n  decimals: 0", NONE, NONE),
    ("seed: 7", "seed: 7\nhidden_checks: after_published", NONE, NONE),
    ("course: Tiny", "course: Small", NONE, NONE),
]


@pytest.mark.parametrize(("old", "new", "graded", "built"), CHANGES)
def test_a_change_of_policy_touches_only_what_depends_on_it(two, old, new, graded, built):
    assert changed(two, old, new) == (graded, built)
