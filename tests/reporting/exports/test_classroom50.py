from datetime import UTC, datetime

import pytest

from autograder.errors import UsageError
from autograder.reporting.exports.classroom50 import VARIABLES, classroom50_result
from tests.reporting.results import NOT_GRADED, SECRET, graded, not_graded, require_schema, scored

NOW = datetime(2026, 11, 21, 8, 5, 9, tzinfo=UTC)
WORKFLOW = {
    "CLASSROOM": "nn",
    "ASSIGNMENT": "a03-losses",
    "ASSIGNMENT_TYPE": "individual",
    "OWNER": "ann",
    "SUBMISSION_TAG": "submit/20261121-080000-abc1234",
    "COMMIT_URL": "https://example.org/nn-a03-ann/commit/abc",
    "RELEASE_URL": "https://example.org/nn-a03-ann/releases/1",
}


def accepted(result):
    """The rules that the importer checks in code, beside its schema."""
    require_schema(result, "classroom50")
    scores = [result, *result["tests"]]
    assert all(each["score"] <= each["max-score"] for each in scores)
    assert sum(each["score"] for each in result["tests"]) == result["score"]
    return result


def test_the_result_is_as_documented():
    result = accepted(classroom50_result(graded(), WORKFLOW, NOW))
    assert result["datetime"] == "2026-11-21T08:05:09Z"
    assert result["review"] == WORKFLOW["COMMIT_URL"]
    assert SECRET not in str(result)


@pytest.mark.parametrize("score", [0.0, 0.01, 0.29, 3.33, 7.5, 9.99, 10.0])
def test_a_score_in_hundredths_is_exact(score):
    result = accepted(classroom50_result(scored("ann", score), WORKFLOW, NOW))
    assert (result["score"] / 100, result["max-score"] / 100) == (score, 10.0)


def test_an_exercise_passes_only_with_all_its_checks():
    result = classroom50_result(graded(), WORKFLOW, NOW)
    assert [test["passed"] for test in result["tests"]] == [False, False]
    assert classroom50_result(scored("ann", 10.0), WORKFLOW, NOW)["tests"][0]["passed"] is True


@pytest.mark.parametrize("status", NOT_GRADED)
def test_what_was_not_graded_has_no_result(status):
    with pytest.raises(UsageError, match="was not graded"):
        classroom50_result(not_graded(status), WORKFLOW, NOW)


@pytest.mark.parametrize("name", VARIABLES.values())
def test_a_missing_variable_is_named(name):
    with pytest.raises(UsageError, match=name):
        classroom50_result(graded(), {**WORKFLOW, name: ""}, NOW)
