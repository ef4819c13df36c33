"""What a batch keeps to show mistakes: pictures of failed public checks, and of nothing else."""

import json

import pytest

from autograder.grading.answers import Answer
from autograder.grading.batch import grade_batch, plan
from autograder.grading.evidence import Evidence
from autograder.grading.grader import Grader
from autograder.grading.intake.submissions import Submission
from autograder.grading.pool import LocalGraders
from autograder.grading.process import sandbox_limits
from autograder.grading.records import MOST_PICTURED, pictures
from autograder.grading.store import Store
from autograder.model import ExerciseResult, Result, Status
from autograder.numerics.compare import Finding
from autograder.packaging.bundle import bundled_checks
from autograder.sandbox.server import SandboxServer
from tests.conftest import TinyCourse
from tests.notebooks import RIGHT, submission, write
from tests.packaging.test_bundle import notebook

HIDDEN = '''

@exercise.check(vectors)
def scales_shifted_vectors(subject, case):
    """Shifted entries are doubled, too."""
    return {"hidden_y": subject.scale(case.x + 1)}
'''
SHIFTED = '''

def shifted(x: Array) -> Array:
    """Double and shift."""
    return scale(x) + 1.0
'''
SHIFTS = '''

exercise = Exercise("maths.shifted")


@exercise.check(vectors, public=True)
def doubles_and_shifts(subject, case):
    """Each entry is doubled, then 1 is added."""
    return {"z": subject.shifted(**case)}


exercise.mutant("down", old="scale(x) + 1.0", new="scale(x) - 1.0", hint="Which way?")
exercise.alternative("written_out", "def shifted(x):\\n    return 2.0 * x + 1.0")
'''
RIGHT = RIGHT | {"shifted": "def shifted(x):\n    return scale(x) + 1"}
WRONG = RIGHT | {"scale": "def scale(x, factor=2.0):\n    return x * factor - 1"}


@pytest.fixture(scope="module")
def tiny_built(tmp_path_factory):
    tiny = TinyCourse(tmp_path_factory.mktemp("tiny"))
    checks = tiny.root / "assignments" / "a01_tiny" / "checks.py"
    checks.write_text(checks.read_text() + HIDDEN + SHIFTS)
    maths = tiny.root / "reference" / "maths.py"
    maths.write_text(maths.read_text() + SHIFTED)
    tiny.edit("grading.yml", "maths.scale: 1", "maths.scale: 1\n      maths.shifted: 1")
    narrative = tiny.root / "assignments" / "a01_tiny" / "notebook.md"
    narrative.write_text(narrative.read_text() + "\n```{exercise} maths.shifted\nWrite it.\n```\n")
    return tiny.build()


@pytest.fixture(scope="module")
def grade(tiny_built, tmp_path_factory):
    student, folder = notebook(tiny_built, "a01_tiny"), tmp_path_factory.mktemp("submissions")
    with SandboxServer(sandbox_limits(tiny_built)) as server:
        grader = Grader(tiny_built, lambda _: server)

        def grade(answers):
            path = write(folder / "ann.ipynb", submission(student, answers))
            return grader.grade(Submission("a01_tiny", "ann", path))

        yield grade


def test_a_wrong_array_is_shown_on_its_worst_public_case(grade):
    shown = pictures(grade(WRONG))
    assert set(shown) == {"maths.scale"}
    assert set(shown["maths.scale"]) == {"scales_by_two"}  # nothing of the hidden check
    picture = shown["maths.scale"]["scales_by_two"]
    assert (picture["kind"], picture["title"]) == ("heat", "y: yours minus expected")
    assert set(picture["series"]["off"][0]) == {-1.0}
    assert "hidden_y" not in json.dumps(shown)


@pytest.mark.parametrize(
    "answers",
    [
        RIGHT,
        {},  # only holes
        RIGHT | {"mean": "def mean(x):\n    return float(sum(x))"},  # a number alone
        RIGHT | {"scale": "def scale(x, factor=2.0):\n    return x[:1]"},  # another shape
        RIGHT | {"scale": "def scale(x, factor=2.0):\n    raise ValueError(x)"},
        RIGHT | {"scale": "def scale(x, factor=2.0):\n    return x * float('nan')"},
    ],
)
def test_what_no_picture_shows_has_none(grade, answers):
    assert pictures(grade(answers)) == {}


def test_what_follows_from_an_earlier_mistake_is_not_shown(grade):
    result = grade(WRONG)
    (last,) = (each for each in result.exercises if each.exercise == "maths.shifted")
    assert "costs nothing here" in last.checks[0].message
    assert last.pictures == {}
    alone = RIGHT | {"shifted": "def shifted(x):\n    return scale(x) - 1"}
    assert set(pictures(grade(alone))) == {"maths.shifted"}


def test_equal_answers_have_equal_pictures(grade):
    first, second = (pictures(grade(WRONG)) for _ in range(2))
    assert first == second


def test_pictures_end_where_there_are_too_many():
    large = {"kind": "heat", "words": "x" * (MOST_PICTURED // 2)}
    small = {"kind": "heat", "words": "y"}
    exercises = (
        ExerciseResult("m.f", 1.0, (), "", {"a": large}),
        ExerciseResult("m.g", 1.0, (), "", {"b": large, "c": small}),
    )
    result = Result("a", "ann", "0" * 64, Status.GRADED, 2.0, 0.1, exercises=exercises)
    assert pictures(result) == {"m.f": {"a": large}}


def test_nobody_looks_at_the_outcomes_of_a_hidden_check(tiny_built):
    checks = bundled_checks(tiny_built, tiny_built.assignments["a01_tiny"])["maths.scale"]
    (hidden,) = (each for each in checks if not each.check.public)
    answer = Answer(hidden, Finding("value", "hidden_y[0]"), b"key", never)
    assert Evidence().of("maths.scale", answer) == {}


def never():
    raise AssertionError


def test_pictures_travel_to_the_store_and_leave_with_the_mistake(tiny_built, tmp_path):
    student = notebook(tiny_built, "a01_tiny")
    path = write(tmp_path / "ann.ipynb", submission(student, WRONG))
    one = Submission("a01_tiny", "ann", path)
    bundles = {"a01_tiny": "bundle"}

    def run(store):
        todo = plan(tiny_built, [one], bundles, store, fresh=False)
        grade_batch(tiny_built, todo, store, LocalGraders(tiny_built, 1), lambda *_, **__: None)

    with Store(tmp_path / "results") as store:
        run(store)
        shown = store.pictures("a01_tiny", "ann")
        assert shown["maths.scale"]["scales_by_two"]["kind"] == "heat"
        assert all("series" not in json.dumps(line) for line in store.records())
        run(store)  # nothing has changed
        assert store.pictures("a01_tiny", "ann") == shown
        write(path, submission(student, RIGHT))
        run(store)
        assert store.pictures("a01_tiny", "ann") == {}
