"""A notebook for each student: the same but for the seed of its data."""

import json
import zipfile

import pytest

from autograder.errors import CourseError
from autograder.packaging.bundle import is_current
from autograder.packaging.variants import common_seed, student_seed, variant_source, write_variants
from autograder.roster import Roster, Student

ROSTER = Roster([Student("ann"), Student("zoë"), Student("x@uni.edu")])
VARIANT = """\
Text.

```{variant}
```

```{code-cell} ipython3
import numpy as np

data = np.random.default_rng(STUDENT_SEED).standard_normal(3)
```
"""


@pytest.fixture
def varied(tiny):
    tiny.edit("assignments/a01_tiny/notebook.md", "Text.\n", VARIANT)
    return tiny


def sources(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells]


def test_the_seed_is_the_students_own_and_needs_the_secret():
    seeds = [
        student_seed(*each)
        for each in [("s", "a", "ann"), ("s", "a", "bob"), ("s", "b", "ann"), ("t", "a", "ann")]
    ]
    assert len(set(seeds)) == 4
    assert seeds[0] == student_seed("s", "a", "ann")
    assert all(0 <= seed < 2**53 for seed in seeds)


def test_every_student_has_the_same_notebook_with_another_seed(varied, monkeypatch):
    monkeypatch.setenv("GRADUS_SECRET", "a secret")
    course = varied.build()
    assert write_variants(course, course.assignments["a01_tiny"], ROSTER) == 3
    common = sources(varied.root / "student/a01_tiny/a01_tiny.ipynb")
    shared = variant_source(common_seed(course, "a01_tiny"))
    assert common.count(shared) == 1
    for student in ROSTER.students:
        own = variant_source(student_seed("a secret", "a01_tiny", student.id))
        path = varied.root / f"dist/a01_tiny/students/{student.id}.ipynb"
        assert sources(path) == [own if each == shared else each for each in common]


def test_the_bundle_stays_current_and_a_student_who_left_has_no_notebook(varied):
    course = varied.build()
    assignment = course.assignments["a01_tiny"]
    write_variants(course, assignment, ROSTER)
    write_variants(course, assignment, Roster([Student("ann")]))
    assert is_current(course, assignment)
    folder = varied.root / "dist/a01_tiny/students"
    assert [path.name for path in folder.iterdir()] == ["ann.ipynb"]


def test_an_assignment_without_a_variant_is_the_same_for_everybody(tiny):
    course = tiny.build()
    assert write_variants(course, course.assignments["a01_tiny"], ROSTER) == 0
    assert not (tiny.root / "dist/a01_tiny/students").exists()


def test_the_common_notebook_does_not_depend_on_the_secret(varied, monkeypatch):
    def built(secret):
        monkeypatch.setenv("GRADUS_SECRET", secret)
        varied.build()
        return sources(varied.root / "student/a01_tiny/a01_tiny.ipynb")

    assert built("one") == built("two")


def test_a_variant_stands_at_most_once(varied):
    varied.edit(
        "assignments/a01_tiny/notebook.md", "```{variant}\n```\n", "```{variant}\n```\n" * 2
    )
    with pytest.raises(CourseError, match=r"notebook.md: \{variant\} stands here more than once"):
        varied.build()


@pytest.mark.parametrize(("shown", "expected"), [("hidden", False), ("visible", True)])
def test_otter_shows_hidden_checks_only_if_the_policy_says_so(tiny, shown, expected):
    tiny.edit("grading.yml", "seed: 7", f"seed: 7\nhidden_checks: {shown}")
    tiny.build()
    with zipfile.ZipFile(tiny.root / "dist/a01_tiny/autograder.zip") as archive:
        assert json.loads(archive.read("otter_config.json")).get("show_hidden", False) is expected
