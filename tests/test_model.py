import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.model import Case, Check, Exercise, Judge, Result, Status


def make(weights):
    checks = tuple(
        Check(f"c{n}", "A check.", None, None, weight, False, Judge(), None, 1)
        for n, weight in enumerate(weights)
    )
    return Exercise("m.f", ("m.f",), checks, (), (), None, 1)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=9), st.integers(1, 100_000))
def test_shares_are_hundredths_that_add_up_to_the_points(weights, cents):
    shares = [round(100 * share) for share in make(weights).shares(cents / 100).values()]
    assert sum(shares) == cents
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - cents * weight / total) < 1 + 1e-6


def test_a_case_is_a_mapping_and_has_attributes():
    case = Case(x=1, y=2)
    assert dict(**case) == {"x": 1, "y": 2}
    assert case.x == 1
    assert case["y"] == 2
    with pytest.raises(AttributeError, match="no argument 'z'"):
        _ = case.z


@pytest.mark.parametrize("name", ["values", "keys", "items", "get"])
def test_an_argument_cannot_have_the_name_of_a_method(name):
    with pytest.raises(TypeError, match=f"no argument called '{name}': all mappings have one"):
        Case(**{name: 1})


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.GRADED])
def test_what_was_not_graded_has_no_score(status):
    assert Result("a", "s", "", status, 10.0, 0.0).score is None


def test_a_graded_submission_without_a_right_answer_has_score_zero():
    assert Result("a", "s", "", Status.GRADED, 10.0, 0.0).score == 0
