"""What `gradus dist` writes: drift, leaks, reproducibility, and that otter's tests agree."""

import ast
import base64
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder.authoring.mutants import (
    alternative_subject,
    mutant_subject,
    reference_subject,
    stub_subject,
)
from autograder.course import load_course
from autograder.errors import CourseError, UsageError
from autograder.packaging.bundle import bundled_checks, is_current, require_current
from autograder.packaging.notebooks import question_name
from tests.conftest import ROOT

NAMES = sorted(load_course(ROOT).assignments)
BUILD = """
import hashlib, sys
from pathlib import Path
from autograder.course import load_course
from autograder.packaging.bundle import build_bundle

course = load_course(Path(sys.argv[1]))
for assignment in course.assignments.values():
    for name, data in build_bundle(course, assignment).files.items():
        print(name, hashlib.sha256(data).hexdigest())
"""


def notebook(course, name, folder="student", suffix=""):
    path = course.root / folder / name / f"{name}{suffix}.ipynb"
    return nbformat.read(path, as_version=4)


def unpacked(data):
    """Return a notebook with its checks as text: zlib's bytes differ between its versions."""
    text = data.decode()
    packed = re.search(r'CHECKS = \\"([^"\\]+)\\"', text)[1]
    return text.replace(packed, ""), zlib.decompress(base64.b64decode(packed))


def test_the_committed_student_notebooks_are_what_dist_writes(built):
    for name in built.assignments:
        path = Path("student") / name / f"{name}.ipynb"
        fresh, committed = (built.root / path).read_bytes(), (ROOT / path).read_bytes()
        same = unpacked(fresh) == unpacked(committed)
        if not same:
            (ROOT / path).write_bytes(fresh)
        assert same, f"{path} was out of date; it is written anew, commit it"


def test_two_builds_in_two_processes_are_byte_identical(tiny):
    tiny.load()
    outputs = [
        subprocess.run(
            [sys.executable, "-c", BUILD, str(tiny.root)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    ]
    assert outputs[0] == outputs[1]
    assert outputs[0].count("\n") == 4


def test_a_bundle_is_current_until_a_source_or_a_file_of_it_changes(tiny):
    course = tiny.build()
    assignment = course.assignments["a01_tiny"]
    assert is_current(course, assignment)
    require_current(course, assignment)
    tiny.edit("reference/maths.py", '"""Multiply."""', '"""Multiply all."""')
    assert not is_current(tiny.load(), assignment)
    course = tiny.build()
    assert is_current(course, assignment)
    (tiny.root / "student/a01_tiny/a01_tiny.ipynb").write_text("{}")
    assert not is_current(course, assignment)
    with pytest.raises(UsageError, match="older than its sources; run: gradus dist a01_tiny"):
        require_current(course, assignment)
    (tiny.root / "dist/a01_tiny/manifest.json").unlink()
    with pytest.raises(UsageError, match="missing; run: gradus dist a01_tiny"):
        require_current(course, assignment)


def test_the_student_notebook_holds_holes_and_the_solution_the_reference(tiny):
    course = tiny.build()
    student = notebook(course, "a01_tiny")
    solution = notebook(course, "a01_tiny", "dist", "-solution")
    cells = {cell.id: cell.source for cell in student.cells}
    answers = {cell.id: cell.source for cell in solution.cells}
    assert cells["mean-1"].endswith(
        'x = as_array(x)\n    raise NotImplementedError("your code here: mean")'
    )
    assert answers["mean-1"].endswith(
        "total = x.sum() + 0 * len(x)\n    return float(total / len(x))"
    )
    assert "# SOLUTION" not in json.dumps(solution)
    assert cells["mean-2"] == 'grader.check("mean")'
    assert "def as_array" in cells["start-1"]
    assert "Array = NDArray[np.floating]" in cells["start-1"]
    assert list(cells) == list(answers)


def test_hidden_tests_are_in_the_autograder_zip_only(tiny):
    course = tiny.build()
    with zipfile.ZipFile(course.root / "dist/a01_tiny/autograder.zip") as archive:
        tests = archive.read("tests/mean.py").decode()
    assert "def mean_of_shifted(env)" in tests
    assert "mean_of_shifted" not in (course.root / "student/a01_tiny/a01_tiny.ipynb").read_text()


LEAKS = {
    "a statement in a code cell": (
        "Text.",
        "Text.\n\n```{code-cell} ipython3\nx = 1\ntotal = x.sum()  +  0*len(x)\n```\n",
        "leak: 'total = x.sum() + 0 * len(x)', part of a solution",
    ),
    "a statement in the text": (
        "Text.",
        "Use `return factor*x+0.0`.",
        "leak: 'return factor * x + 0.0'",
    ),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_solution_in_the_narrative_is_a_leak(tiny, name):
    old, new, message = LEAKS[name]
    tiny.edit("assignments/a01_tiny/notebook.md", old, new)
    with pytest.raises(CourseError) as caught:
        tiny.build()
    assert message in str(caught.value)
    assert f"{tiny.root}/reference/maths.py:" in str(caught.value)


def test_a_hidden_value_in_the_narrative_is_a_leak(tiny):
    from autograder.authoring.expected import expected_checks
    from autograder.cases import course_secret

    course = tiny.load()
    expected = expected_checks(course, course.assignments["a01_tiny"], course_secret(course.root))
    hidden = expected["maths.mean"][1].expectations[0].outcome.tree["mean"]
    tiny.edit("assignments/a01_tiny/notebook.md", "Text.", f"The mean is {hidden!r}.")
    with pytest.raises(
        CourseError, match="leak: a hidden case or value of check 'mean_of_shifted'"
    ):
        tiny.build()


def test_a_solution_in_a_hint_that_the_notebook_holds_is_a_leak(tiny):
    tiny.edit("assignments/a01_tiny/checks.py", "A sum or a mean?", "total = x.sum() + 0 * len(x)")
    with pytest.raises(CourseError, match=r"leak: 'total = x\.sum"):
        tiny.build()


def test_what_the_notebook_knows_of_a_mistake_is_its_hint_and_a_signature(tiny):
    course = tiny.build()
    path = course.root / "student/a01_tiny/a01_tiny.ipynb"
    _, files = json.loads(unpacked(path.read_bytes())[1])
    about = json.loads(files["exercises.json"])["exercises"]["mean"]
    ((hint, seen),) = about["mistakes"]
    assert hint == "A sum or a mean?"
    assert list(seen) == ["mean_of_entries"]
    assert [type(each) for each in seen["mean_of_entries"]] == [str, float, float]
    assert [check["name"] for check in about["checks"]] == ["mean_of_entries"]
    assert about["hidden"] == 1


def test_nothing_is_written_when_something_leaks(tiny):
    tiny.edit("assignments/a01_tiny/notebook.md", "Text.", "`return factor * x + 0.0`")
    with pytest.raises(CourseError):
        tiny.build()
    assert not (tiny.root / "student").exists()


def with_data(tiny):
    """Let the tiny course's notebook begin with a data set."""
    tiny.edit("assignments/a01_tiny/notebook.md", "Text.", "Text.\n\n```{data} primes\n```")
    folder = tiny.root / "assignments" / "data"
    folder.mkdir()
    np.savez_compressed(folder / "primes.npz", values=np.array([2, 3, 5, 7]))
    return folder


def test_a_data_set_travels_in_the_notebook(tiny):
    (with_data(tiny) / "primes.txt").write_text("By Euclid, public domain.\n")
    course = tiny.build()
    (cell,) = [c for c in notebook(course, "a01_tiny").cells if "b64decode" in c.source][:1]
    assert "# By Euclid, public domain." in cell.source
    assert cell.metadata["jupyter"] == {"source_hidden": True}
    names = {}
    exec(cell.source, names)
    assert names["primes"]["values"].tolist() == [2, 3, 5, 7]


def test_a_changed_data_set_makes_a_bundle_old(tiny):
    folder = with_data(tiny)
    (folder / "primes.txt").write_text("By Euclid.\n")
    course = tiny.build()
    assert is_current(course, course.assignments["a01_tiny"])
    (folder / "primes.txt").write_text("By Eratosthenes.\n")
    assert not is_current(course, course.assignments["a01_tiny"])


def test_a_data_set_without_a_source_or_a_file_is_refused(tiny):
    folder = with_data(tiny)
    with pytest.raises(CourseError, match=r"primes\.txt: no such file; say in one line where"):
        tiny.build()
    (folder / "primes.npz").rename(folder / "prime.npz")
    with pytest.raises(CourseError, match=r"no data set 'primes' .* Did you mean 'prime'\?"):
        tiny.build()


NARRATIVES = [
    (
        "{exercise} maths.mean",
        "{exercise} maths.maen",
        "{exercise} 'maths.maen' is not declared. Did you mean 'maths.mean'?",
    ),
    (
        "{exercise} maths.mean",
        "{exercize} maths.mean",
        "there is no directive {exercize}. Did you mean 'exercise'?",
    ),
    ("{setup}", "{setup} maths.nothing", "{setup}: reference/ has no 'maths.nothing'"),
    ("{setup}", "{exercise} maths.mean", "{exercise} maths.mean stands here 2 times"),
]


@pytest.mark.parametrize(("old", "new", "message"), NARRATIVES)
def test_a_bad_directive_is_refused_with_its_line(tiny, old, new, message):
    path = tiny.edit("assignments/a01_tiny/notebook.md", old, new)
    with pytest.raises(CourseError) as caught:
        tiny.build()
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def otter_scores(built, name, lookup, exercises=None):
    """Return otter's points by exercise for a subject, from the tests in the autograder zip."""
    from otter.test_files import ExceptionTestFile

    class Environment(dict):
        def __missing__(self, key):
            return lookup(key)

    scores = {}
    with zipfile.ZipFile(built.root / "dist" / name / "autograder.zip") as archive:
        for exercise in exercises or built.assignments[name].exercises:
            question = question_name(exercise)
            test = ExceptionTestFile.from_string(archive.read(f"tests/{question}.py").decode())
            test.run(Environment())
            scores[exercise.name] = test.score
    return scores


@pytest.mark.parametrize("name", NAMES)
def test_otters_tests_give_full_marks_to_the_reference_and_none_to_the_stub(built, name):
    assignment = built.assignments[name]
    full = otter_scores(built, name, reference_subject(built, assignment))
    assert full == pytest.approx(dict(assignment.points))
    none = otter_scores(built, name, stub_subject(built, assignment))
    assert set(none.values()) == {0}


@pytest.mark.parametrize("name", NAMES)
def test_otters_tests_agree_with_ours_on_a_mutant_and_an_alternative_of_each_exercise(built, name):
    assignment = built.assignments[name]
    expected = bundled_checks(built, assignment)
    for exercise in assignment.exercises:
        subjects = [
            mutant_subject(built, assignment, exercise, exercise.mutants[0]),
            alternative_subject(built, assignment, exercise, exercise.alternatives[-1]),
        ]
        shares = exercise.shares(assignment.points[exercise.name])
        for subject in subjects:
            ours = sum(
                shares[check.check.name]
                for check in expected[exercise.name]
                if not check.judge(check.observe(subject)).kind
            )
            theirs = otter_scores(built, name, subject, [exercise])
            assert theirs == pytest.approx({exercise.name: ours})


def test_tests_hold_no_quote_inside_an_f_string(built):
    """What Python 3.12 would unparse could not be read by a student's Python 3.11."""
    for name in built.assignments:
        with zipfile.ZipFile(built.root / "dist" / name / "autograder.zip") as archive:
            for member in archive.namelist():
                if member.startswith("tests/"):
                    tree = ast.parse(archive.read(member))
                    assert not [n for n in ast.walk(tree) if isinstance(n, ast.JoinedStr)], member
