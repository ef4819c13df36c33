from xml.etree import ElementTree

import pytest
import xmlschema

from autograder.model import ExerciseResult, Verdict
from autograder.reporting.exports.junit import junit_lines
from tests.reporting.results import HOSTILE, NOT_GRADED, SCHEMAS, check, graded, not_graded, scored

RECORDS = [graded(), scored("full", 10.0), *(not_graded(each, each) for each in NOT_GRADED)]


def suites(records):
    text = "".join(junit_lines(records))
    xmlschema.validate(text, SCHEMAS / "junit.xsd")
    return {each.get("name"): each for each in ElementTree.fromstring(text.encode())}


def properties(suite):
    return {each.get("name"): each.get("value") for each in suite.iter("property")}


def test_the_document_is_as_documented_and_counts_right():
    text = "".join(junit_lines(RECORDS))
    xmlschema.validate(text, SCHEMAS / "junit.xsd")
    root = ElementTree.fromstring(text.encode())
    for key, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        assert int(root.get(key)) == len(list(root.iter(tag)))
        for suite in root:
            assert int(suite.get(key)) == len(list(suite.iter(tag)))


def test_points_are_properties_and_add_up():
    found = properties(suites(RECORDS)["a03_losses/ann"])
    for key in ("points", "score"):
        parts = [float(value) for name, value in found.items() if name.startswith(f"{key}.")]
        assert sum(parts) == pytest.approx(float(found[key]))
        assert float(found[key]) == graded()[key]


@pytest.mark.parametrize("status", NOT_GRADED)
def test_what_was_not_graded_is_an_error_without_a_score(status):
    suite = suites(RECORDS)[f"a03_losses/{status}"]
    assert [each.get("message") for each in suite.iter("error")] == ["not a notebook"]
    assert not {"score", "points"} & properties(suite).keys()


def test_a_wrong_answer_fails_and_what_was_not_run_is_skipped():
    suite = suites(RECORDS)["a03_losses/ann"]
    outcomes = {case.get("name"): [each.tag for each in case] for case in suite.iter("testcase")}
    assert outcomes == {
        "values": [],
        "signs": ["failure"],
        "shapes": ["failure"],
        "gradient": ["failure"],
        "broadcast": ["failure"],
        "late": ["skipped"],
    }


def test_a_full_score_has_no_failure():
    assert suites(RECORDS)["a03_losses/full"].get("failures") == "0"


def test_hostile_text_is_still_xml():
    wrong = check("values", Verdict.FAILED, message=HOSTILE)
    record = graded(HOSTILE, exercises=(ExerciseResult("m.f", 1.0, (wrong,)),))
    (suite,) = suites([record]).values()
    (failure,) = suite.iter("failure")
    assert "<script>alert(1)</script> ]]> &" in failure.get("message")
