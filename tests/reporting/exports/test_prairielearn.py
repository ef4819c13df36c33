import json

import pytest

from autograder.model import ExerciseResult, Verdict
from autograder.reporting.exports.prairielearn import LARGEST_BYTES, prairielearn_results
from autograder.texts import json_text
from tests.reporting.results import (
    NOT_GRADED,
    SECRET,
    check,
    graded,
    not_graded,
    require_schema,
    scored,
)


def test_results_are_as_documented():
    require_schema(prairielearn_results(graded()), "prairielearn")


@pytest.mark.parametrize("score", [0.0, 3.33, 10.0])
def test_the_score_is_a_fraction_of_the_points(score):
    results = prairielearn_results(scored("ann", score))
    require_schema(results, "prairielearn")
    assert results["score"] * 10 == pytest.approx(score)
    assert sum(test["points"] for test in results["tests"]) == score


@pytest.mark.parametrize("status", NOT_GRADED)
def test_what_was_not_graded_is_not_gradable(status):
    results = prairielearn_results(not_graded(status, message=SECRET))
    require_schema(results, "prairielearn")
    assert results["gradable"] is False
    assert "score" not in results
    assert (SECRET in results["format_errors"][0]) == (status == "malformed")


def test_nothing_to_earn_is_not_gradable():
    results = prairielearn_results(graded(exercises=()))
    require_schema(results, "prairielearn")
    assert results["gradable"] is False


def test_of_hidden_checks_only_the_points_are_told():
    text = json.dumps(prairielearn_results(graded()))
    assert SECRET not in text
    assert "Hidden hint" not in text
    assert "The shapes are right." not in text
    assert "Hidden checks: 0 of 1.5 points." in text


def test_a_right_exercise_needs_no_words():
    right = (check("values"), check("shapes", public=False))
    results = prairielearn_results(graded(exercises=(ExerciseResult("m.f", 2.0, right),)))
    assert [test["message"] for test in results["tests"]] == [""]


def test_results_that_are_too_large_keep_their_points():
    long = check("values", Verdict.FAILED, message="€" * LARGEST_BYTES)
    results = prairielearn_results(graded(exercises=(ExerciseResult("m.f", 1.0, (long,)),)))
    require_schema(results, "prairielearn")
    assert len(json_text(results).encode()) < LARGEST_BYTES
    assert [test["max_points"] for test in results["tests"]] == [1.0]
