"""Tolerances: where they lie between right and wrong answers, and what depends on them."""

import json
import math
import zipfile

import pytest

from autograder.authoring.calibration import Margin, calibrate, margin
from autograder.authoring.laws import Examiner
from autograder.model import Judge
from autograder.numerics.expectations import ETA_DEFAULT
from autograder.packaging.bundle import bundled_checks, manifest_path

CHECKS = "assignments/a01_tiny/checks.py"


class Checked:
    """What `margin` looks at of a check."""

    def __init__(self, judge="tolerance", eta=ETA_DEFAULT):
        self.check = type("Check", (), {"judge": Judge(judge)})
        self.eta = eta


# right answers, mistakes, the tolerance, whether it is far enough from both
MARGINS = [
    (1e-10, [0.3, 0.5], 1e-6, True),
    (0.0, [], 1e-6, True),
    (1e-7, [1e-4], 1e-6, True),
    (1e-10, [2e-5], 4e-8, True),  # a mild mistake pulls it down
    (3e-6, [0.2], 8e-4, True),  # right answers push it up
    (3e-6, [], 9e-5, True),
    (3e-6, [0.2, 4e-6], 8e-4, True),  # what is as close as a right answer is another check's
    (1e-5, [5e-3], 2e-4, False),
    (1e-4, [2.0], 1e-6, False),  # not right but close: nothing is moved for it
    (1e-10, [5e-7], 1e-6, True),  # within the tolerance: another check's
]


@pytest.mark.parametrize(("right", "mistakes", "eta", "is_wide"), MARGINS)
def test_a_tolerance_is_moved_only_where_it_must(right, mistakes, eta, is_wide):
    found = margin(Checked(), right, mistakes)
    assert found.eta == pytest.approx(eta, rel=1e-6)
    assert found.is_wide is is_wide


def test_a_statistical_limit_is_a_probability_and_stays():
    assert margin(Checked("statistical", 1.0), 0.6, [2.5, 7.0]) == Margin(0.6, 1.0, 2.5, True)
    assert not margin(Checked("statistical", 1.0), 0.6, [1.5]).is_wide
    assert margin(Checked("statistical", 1.0), 0.6, []).wrong == math.inf


def sloppy(tiny):
    """Let an alternative be off by 3e-6."""
    tiny.edit(CHECKS, "return x * factor", "return x * factor * (1 + 3e-6)")
    return tiny.load()


def test_a_sloppy_right_answer_widens_its_check_and_no_other(tiny):
    course = sloppy(tiny)
    calibrated = calibrate(course, course.assignments["a01_tiny"], "secret")
    scale, mean = calibrated["maths.scale"], calibrated["maths.mean"]
    assert scale.checks[0].eta == scale.margins["scales_by_two"].eta > 1e-5
    assert {each.eta for each in mean.checks} == {ETA_DEFAULT}
    assert Examiner(course, course.assignments["a01_tiny"], "secret").report().violations == ()


def test_the_bundle_holds_tolerances_and_margins_and_grades_by_them(tiny):
    sloppy(tiny)
    course = tiny.build()
    assignment = course.assignments["a01_tiny"]
    figures = json.loads(manifest_path(course, assignment).read_text())["checks"]
    (scale,) = figures["maths.scale"].values()
    assert 1e-6 < scale["right"] < 3e-6
    assert scale["right"] * 10 <= scale["eta"] <= scale["wrong"] / 100
    (check,) = bundled_checks(course, assignment)["maths.scale"]
    assert check.eta == scale["eta"]
    with zipfile.ZipFile(course.root / "dist" / "a01_tiny" / "autograder.zip") as archive:
        assert f"'tolerance', '', {check.eta!r}, True" in archive.read("tests/scale.py").decode()


def test_the_tolerance_of_a_public_check_depends_on_nothing_hidden(tiny):
    course = sloppy(tiny)
    one, other = (calibrate(course, course.assignments["a01_tiny"], each) for each in ("a", "b"))
    for name in one:
        for here, there in zip(one[name].checks, other[name].checks, strict=True):
            if here.check.public:
                assert one[name].margins[here.check.name] == other[name].margins[here.check.name]
                assert here.eta == there.eta


def narrow(tiny):
    tiny.edit(CHECKS, "return x * factor", "return x * factor * (1 + 1e-5)")
    tiny.edit(CHECKS, 'new="x", hint', 'new="factor * x * 1.005", hint')


def violations(tiny):
    course = tiny.load()
    return Examiner(course, course.assignments["a01_tiny"], "secret").report().violations


ENTRY = "maths.{}:\n  - check: {}\n    reason: A reason of some length.\n"


def test_a_narrow_margin_may_be_reviewed(tiny):
    narrow(tiny)
    (found,) = violations(tiny)
    assert "list it in margins.yml with the reason why not" in found.problem.message
    tiny.write("assignments/a01_tiny/margins.yml", ENTRY.format("scale", "scales_by_two"))
    assert violations(tiny) == ()


ROTTEN = {
    "a wide margin": ("scale", "scales_by_two", "separates well, so remove the entry"),
    "no such check": ("scale", "nothing", "maths.scale has no check 'nothing'"),
}


@pytest.mark.parametrize("name", ROTTEN)
def test_an_entry_without_need_is_found(tiny, name):
    exercise, check, message = ROTTEN[name]
    path = tiny.write("assignments/a01_tiny/margins.yml", ENTRY.format(exercise, check))
    (found,) = violations(tiny)
    assert str(found.problem).startswith(f"{path}:2: ")
    assert message in found.problem.message
