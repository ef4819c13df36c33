import json

import pytest

from autograder.reporting.exports.gradescope import gradescope_results
from autograder.terms import VISIBILITIES
from tests.reporting.results import (
    HOSTILE,
    NOT_GRADED,
    SECRET,
    check,
    graded,
    not_graded,
    require_schema,
)


def students_total(results):
    """The score that Gradescope shows: the top one, else the sum; without both, it failed."""
    if "score" not in results and "tests" not in results:
        return None
    return results.get("score", sum(test["score"] for test in results.get("tests", ())))


def seen_by_the_student(results):
    return json.dumps([test for test in results["tests"] if test["visibility"] == "visible"])


@pytest.mark.parametrize("hidden", VISIBILITIES)
def test_results_are_as_documented(hidden):
    require_schema(gradescope_results(graded(), hidden), "gradescope")


def test_the_total_is_the_score_and_the_sum_of_the_tests():
    record, results = graded(), gradescope_results(graded())
    assert students_total(results) == record["score"]
    assert sum(test["score"] for test in results["tests"]) == pytest.approx(record["score"])
    assert sum(test["max_score"] for test in results["tests"]) == record["points"]


@pytest.mark.parametrize("status", NOT_GRADED)
def test_what_was_not_graded_has_no_score(status):
    results = gradescope_results(not_graded(status, message=SECRET))
    require_schema(results, "gradescope")
    assert students_total(results) is None
    assert (SECRET in results["output"]) == (status == "malformed")


def test_a_hidden_check_is_hidden_unless_the_instructor_says_otherwise():
    assert SECRET not in seen_by_the_student(gradescope_results(graded()))
    assert SECRET not in seen_by_the_student(gradescope_results(graded(), "after_published"))
    assert SECRET in seen_by_the_student(gradescope_results(graded(), "visible"))


def test_a_public_check_says_what_is_wrong_and_hints():
    assert "y[0] is 1, expected 2. A mean?" in seen_by_the_student(gradescope_results(graded()))


def test_text_is_shown_as_text():
    from autograder.model import ExerciseResult, Verdict

    wrong = check("values", Verdict.FAILED, message=HOSTILE)
    results = gradescope_results(graded(exercises=(ExerciseResult("m.f", 1.0, (wrong,)),)))
    assert results["test_output_format"] == results["test_name_format"] == "text"
    (test,) = results["tests"]
    assert not set(test["output"]) & set("\x1b\x00\x08\x9b\u202e\ufffe")
    assert "<script>" in test["output"]  # text, not HTML: nothing has to be escaped
