"""Follow-through marking and the smallest counterexample, through a real sandbox."""

import re
from dataclasses import replace

import pytest

from autograder.grading.batch import gradus_points
from autograder.grading.grader import Grader
from autograder.grading.intake.submissions import Submission
from autograder.grading.marking import Marker
from autograder.grading.pool import LocalGraders
from autograder.grading.process import sandbox_limits
from autograder.model import Verdict
from autograder.sandbox.server import SandboxServer
from tests.conftest import TinyCourse
from tests.notebooks import RIGHT, submission, write
from tests.packaging.test_bundle import notebook

SPREAD = '''

def spread(x: Array) -> float:
    """Return the mean distance to the mean."""
    return mean(abs(x - mean(x)))
'''
CHECKS = '''

exercise = Exercise("maths.spread")


@exercise.check(vectors, weight=2, public=True)
def distance_to_the_mean(subject, case):
    """The spread is the mean distance to the mean."""
    return {"spread": subject.spread(**case)}


@exercise.check(vectors)
def shifts_do_not_matter(subject, case):
    """Shifting the entries changes no distance."""
    return {"spread": subject.spread(case.x + 1)}


exercise.mutant("signed", old="abs(x - mean(x))", new="x - mean(x)", hint="Can distances cancel?")
exercise.mutant("squared", old="abs(x - mean(x))", new="(x - mean(x)) ** 2", hint="Squares?")
exercise.alternative("numpy", "def spread(x):\\n    return np.mean(np.abs(x - np.mean(x)))")
'''
SPREADING = RIGHT | {"spread": "def spread(x):\n    return mean(abs(x - mean(x)))"}
WRONG_MEAN = {"mean": "def mean(x):\n    return float(sum(x) / (len(x) + 1))"}


@pytest.fixture(scope="module")
def spreading(tmp_path_factory):
    tiny = TinyCourse(tmp_path_factory.mktemp("spreading"))
    tiny.edit("grading.yml", "maths.scale: 1", "maths.scale: 1\n      maths.spread: 3")
    maths = tiny.root / "reference" / "maths.py"
    maths.write_text(maths.read_text() + SPREAD)
    checks = tiny.root / "assignments" / "a01_tiny" / "checks.py"
    checks.write_text(checks.read_text() + CHECKS)
    narrative = tiny.root / "assignments" / "a01_tiny" / "notebook.md"
    narrative.write_text(narrative.read_text() + "\n```{exercise} maths.spread\nWrite it.\n```\n")
    return tiny.build()


@pytest.fixture(scope="module")
def server(spreading):
    with SandboxServer(sandbox_limits(spreading)) as server:
        yield server


@pytest.fixture
def grade(spreading, server, tmp_path):
    def grade(answers, **policy):
        student = notebook(spreading, "a01_tiny")
        path = write(tmp_path / "ann.ipynb", submission(student, answers))
        return Grader(replace(spreading, **policy), lambda _: server).grade(
            Submission("a01_tiny", "ann", path)
        )

    return grade


def exercise(result, name):
    return next(each for each in result.exercises if each.exercise == f"maths.{name}")


def test_a_mistake_costs_points_once(grade):
    result = grade(SPREADING | WRONG_MEAN)
    spread = exercise(result, "spread")
    assert exercise(result, "mean").score == 0
    assert (spread.score, spread.full) == (3.0, False)
    for check in spread.checks:
        assert check.verdict is Verdict.FAILED
        assert check.diagnosis is None
        assert check.message.endswith("It follows from your mean, and costs nothing here.")
    assert spread.fingerprint == ""


def test_the_policy_can_do_without(grade):
    spread = exercise(grade(SPREADING | WRONG_MEAN, follow_through=False), "spread")
    assert spread.score == 0


def test_a_mistake_of_its_own_is_not_excused_by_an_earlier_one(grade):
    own = {"spread": "def spread(x):\n    return mean((x - mean(x)) ** 2)"}
    spread = exercise(grade(SPREADING | WRONG_MEAN | own), "spread")
    assert spread.score == 0
    assert spread.fingerprint


def test_a_mistake_of_its_own_is_named_where_the_earlier_is_right(grade):
    own = {"spread": "def spread(x):\n    return mean(x - mean(x))"}
    spread = exercise(grade(SPREADING | own), "spread")
    assert spread.score == 0
    assert spread.checks[0].diagnosis.mutants == ("signed",)


DEGENERATE = {
    "constant": "return 0.5",
    "infinite": "return float('inf')",
    "of another shape": "return x",
    "nothing": "return None",
    "missing": "raise NotImplementedError('your code here: mean')",
    "raising": "raise ValueError",
    "fatal": "import os\n    os._exit(0)",
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_what_is_right_with_another_mean_is_right(grade, name):
    result = grade(SPREADING | {"mean": f"def mean(x):\n    {DEGENERATE[name]}"})
    spread = exercise(result, "spread")
    assert spread.score == 3.0
    assert not any(check.verdict is Verdict.PASSED for check in spread.checks)


@pytest.mark.parametrize("name", DEGENERATE)
def test_nothing_follows_from_a_degenerate_function(grade, name):
    """Here `spread` is wrong too, but agrees with the right one on top of nonsense."""
    spread = "def spread(x):\n    return mean(x)"
    result = grade(RIGHT | {"mean": f"def mean(x):\n    {DEGENERATE[name]}", "spread": spread})
    assert exercise(result, "spread").score == 0


def test_what_a_submission_learns_from_our_functions_is_lost(grade):
    """It keeps what `mean` returns when ours stands in, to answer better the next time."""
    thief = {
        "mean": "kept = {}\ndef mean(x):\n    return kept.get(x.tobytes(), 0.5)",
        "spread": (
            "def spread(x):\n    kept[x.tobytes()] = mean(x)\n    return mean(abs(x - mean(x)))"
        ),
    }
    result = grade(RIGHT | thief)
    assert exercise(result, "mean").score == 0


def test_otters_points_are_compared_without_follow_through(spreading, tmp_path):
    path = write(
        tmp_path / "ann.ipynb", submission(notebook(spreading, "a01_tiny"), SPREADING | WRONG_MEAN)
    )
    ann = Submission("a01_tiny", "ann", path)
    assert gradus_points(spreading, [ann], LocalGraders(spreading, 1))[ann] == {
        "mean": 0.0,
        "scale": 1.0,
        "spread": 0.0,
    }


def message(result, name):
    return exercise(result, name).checks[0].message


def test_a_public_check_shows_the_smallest_input_that_fails(grade):
    result = grade(SPREADING | {"scale": "def scale(x, factor=2.0):\n    return x"})
    assert re.search(r"With x = \[(\d)\]: y\[0\] is \1, expected \d\.$", message(result, "scale"))


def test_the_smallest_input_keeps_the_mistake(grade):
    """A sum equals a mean on a single entry, so there are two."""
    result = grade(SPREADING | {"mean": "def mean(x):\n    return float(sum(x))"})
    assert "With x = [" in message(result, "mean")
    assert message(result, "mean").partition("With x = [")[2].count(",") >= 1
    hidden = exercise(result, "mean").checks[1]
    assert not hidden.public
    assert "With" not in hidden.message


def test_a_function_that_is_missing_needs_no_example(grade):
    result = grade(SPREADING | {"scale": "skale = 3"})
    assert message(result, "scale") == "scale raised NameError: name 'scale' is not defined."


def test_exercises_are_marked_after_those_that_they_build_on(spreading):
    marker = Marker(spreading, spreading.assignments["a01_tiny"])
    assert marker.order.index("maths.mean") < marker.order.index("maths.spread")
    marker._dependences = {
        "maths.mean": ("maths.spread",), "maths.scale": (), "maths.spread": ("maths.mean",)
    }  # fmt: skip
    del marker.order
    assert sorted(marker.order) == ["maths.mean", "maths.scale", "maths.spread"]
