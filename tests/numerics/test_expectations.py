from dataclasses import replace

import numpy as np
import pytest

from autograder.declare import curve, exact, raises, trajectory
from autograder.errors import CourseError
from autograder.model import Case, Check, Judge
from autograder.numerics.expectations import ETA_DEFAULT, expect, float_leaves

PATH = __import__("pathlib").Path("checks.py")


def make(function, judge=None):
    return Check(
        "check", "A check.", function, lambda rng: iter(()), 1.0, False, judge or Judge(), PATH, 4
    )


def expected(function, reference, cases, judge=None):
    return expect(make(function, judge), cases, {"f": reference}.__getitem__)


def apply(subject, case):
    return {"y": subject.f(case.x)}


def test_the_scale_is_the_conditioning_of_the_value():
    x = np.array([1.0, 2.0])
    (one,) = expected(apply, lambda x: x**3, [Case(x=x)]).expectations
    assert one.scales[0] == pytest.approx(3 * x**3, rel=0.01)


def test_cancellation_shows_in_the_scale():
    case = Case(x=np.array([1e6 + 1.0, 1e6]))
    (one,) = expected(apply, lambda x: float(x[0] - x[1]), [case]).expectations
    assert 1e6 < one.scales[0] < 3e6


def test_the_case_is_not_changed_by_a_reference_that_changes_its_argument():
    def impure(x):
        x *= 2
        return x

    case = Case(x=np.ones(2))
    expected(apply, impure, [case])
    assert case.x.tolist() == [1.0, 1.0]


def test_each_run_of_a_check_gets_its_own_arguments():
    def impure(x):
        x += 1
        return x

    check = expected(apply, lambda x: x + 1, [Case(x=np.ones(2))])
    for _ in range(2):
        assert check.judge(check.observe({"f": impure}.__getitem__)).kind == ""


@pytest.mark.parametrize("x", [np.array([1.0, -1.0, 3.0]), np.array([1, -1, 3])])
def test_round_off_in_the_place_of_zero_is_right(x):
    """The reference may cancel exactly where another right answer does not."""
    check = expected(apply, lambda x: np.zeros(3), [Case(x=x)])
    for off, kind in ((1e-16, ""), (1e-13, "value")):
        outcomes = check.observe({"f": lambda x, off=off: np.full(3, off)}.__getitem__)
        assert check.judge(outcomes).kind == kind


BAD = [
    (lambda subject, case: None, np.sin, None, "returns None; a check returns an observation"),
    (lambda subject, case: {}, np.sin, None, "a check returns an observation"),
    (lambda subject, case: subject.f(case.x), np.sin, None, "a check returns an observation"),
    (apply, lambda x: 1 / 0, None, "the reference raises ZeroDivisionError"),
    (lambda subject, case: {"y": case.missing}, np.sin, None, "an error in the check itself"),
    (apply, np.sin, raises(ValueError), "the reference does not raise ValueError"),
    (apply, np.sign, None, "the reference jumps at this case"),
]


@pytest.mark.parametrize(("function", "reference", "judge", "message"), BAD)
def test_a_check_that_cannot_be_used_is_refused_with_its_place(function, reference, judge, message):
    # A perturbation of 1e-6 carries x = -1e-9 + ... over the jump of sign only if it is that near.
    def near_jump(x):
        return np.sign(x - np.array([1.0]))

    reference = near_jump if reference is np.sign else reference
    with pytest.raises(CourseError, match=message) as caught:
        expected(function, reference, [Case(x=np.array([1.0 + 1e-9]))], judge)
    assert str(caught.value).startswith("checks.py:4: check 'check'")


def test_a_case_source_without_cases_is_refused():
    with pytest.raises(CourseError, match="yields no case"):
        expected(apply, np.sin, [])


def test_an_exact_check_needs_no_scales():
    (one,) = expected(apply, np.sin, [Case(x=np.ones(2))], exact).expectations
    assert one.scales == ()


def test_a_structural_fault_in_any_case_comes_before_a_wrong_value():
    check = expected(apply, lambda x: x * 1.0, [Case(x=np.ones(2)), Case(x=np.ones(3))])

    def wrong(x):
        return x + 1 if len(x) == 2 else x[:1]

    assert check.judge(check.observe({"f": wrong}.__getitem__)).kind == "shape"


def test_the_case_that_decides_is_the_worst_one():
    check = expected(apply, lambda x: x, [Case(x=np.ones(n)) for n in (2, 3, 4)])
    wrong = {2: 1.1, 3: 1.5, 4: 1.2}
    outcomes = list(check.observe({"f": lambda x: x * wrong[len(x)]}.__getitem__))
    expectation, outcome, finding = check.worst(outcomes)
    assert (expectation, outcome) == (check.expectations[1], outcomes[1])
    assert finding == check.judge(outcomes)


@pytest.mark.parametrize("name", ["z", "text", "theta,matrix,target"])
def test_a_picture_of_what_is_no_number_of_the_case_is_refused(name):
    picture = trajectory("theta", bowl=("matrix", "target")) if "," in name else curve(name)
    check = replace(make(apply), picture=picture)
    case = Case(x=np.ones(2), text="z", theta=np.ones(2), matrix=np.eye(2))
    with pytest.raises(CourseError, match=r"its picture shows '(z|text|target)'"):
        expect(check, [case], {"f": lambda x: x}.__getitem__)


def test_float_leaves_come_in_the_order_of_comparison():
    tree = {"a": 1.0, "b": [np.ones(2), 3, "text", None], "c": (True, np.float32(2))}
    assert [np.shape(leaf) for leaf in float_leaves(tree)] == [(), (2,), ()]


def test_the_default_tolerance_is_the_one_that_validation_starts_from():
    assert expected(apply, np.sin, [Case(x=np.ones(2))]).eta == ETA_DEFAULT
