"""What a student may read: everything of public checks, and of hidden ones only their points."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.records import record
from autograder.model import (
    CellResult,
    CheckResult,
    Diagnosis,
    ExerciseResult,
    Result,
    Status,
    Verdict,
)
from autograder.reporting.feedback import WITHHELD, exercise_feedback, feedback
from autograder.reporting.finals import Final
from autograder.reporting.pages.handouts import markdown, page
from tests.reporting.results import (
    EXERCISES,
    HOSTILE,
    NOT_GRADED,
    SECRET,
    check,
    graded,
    not_graded,
)

PICTURE = {"kind": "heat", "title": "y", "words": "One is off.", "series": {}, "labels": ("", "")}
WORDS = st.text("abcdefghij", min_size=8, max_size=12)


def told(line, final=None, pictures=None):
    return feedback(line, "Losses", final, pictures or {})


def test_public_checks_are_told_and_hidden_ones_are_points_together():
    first, second = told(graded()).exercises
    assert (first.name, first.score, first.points) == ("mse", 1.5, 4.0)
    assert [(each.title, each.passed) for each in first.checks] == [
        ("The values are right.", True),
        ("The signs are right.", False),
    ]
    assert first.checks[1].message == "y[0] is 1, expected 2."
    assert first.checks[1].hint == "A mean?"
    assert first.hidden == "Hidden checks: 0 of 1.5 points."
    assert second.hidden == "Hidden checks: 0 of 1 points."
    assert SECRET not in repr(told(graded()))


def test_all_points_of_hidden_checks_are_said_too():
    exercise = ExerciseResult("m.f", 2.0, (check("values"), check("others", public=False)))
    (only,) = told(graded(exercises=(exercise,))).exercises
    assert only.hidden == "Hidden checks: all points."
    (only,) = told(graded(exercises=(ExerciseResult("m.f", 1.0, (check("values"),)),))).exercises
    assert only.hidden == ""


def test_a_hint_is_given_once_in_an_exercise():
    failed = [check(name, Verdict.FAILED, hint="A mean?") for name in ("values", "signs")]
    (only,) = told(graded(exercises=(ExerciseResult("m.f", 2.0, tuple(failed)),))).exercises
    assert [each.hint for each in only.checks] == ["A mean?", ""]


def test_what_is_still_to_get_is_said_by_exercise():
    found = told(graded())
    assert found.missing == pytest.approx(7.25 - 2.75)
    assert found.unfinished == (("mse", 2.5), ("mse_backward", 2.0))


def test_pictures_belong_to_failed_public_checks():
    pictures = {"losses.mse": dict.fromkeys(("values", "signs", "shapes"), PICTURE)}
    first, second = told(graded(), pictures=pictures).exercises
    assert [each.picture for each in first.checks] == [None, PICTURE]
    assert all(each.picture is None for each in second.checks)


def test_the_final_score_is_said_with_its_reason():
    assert told(graded(), Final(6.0)).final == ""
    late = told(graded(), Final(6.0, 30.0, 1.25, "2 days late"))
    assert late.final == "It counts with 6 points: 2 days late."
    other = told(graded(), Final(None, reason="does not count: latest is ann-2"))
    assert other.final == "It has no score: does not count: latest is ann-2."


def test_cells_that_were_cut_short_are_told_as_a_reader_counts_them():
    cells = (
        CellResult(0, "completed"),
        CellResult(4, "raised", "NameError: name 'x' is not defined (line 2)"),
        CellResult(6, "timed out"),
        CellResult(7, "skipped", "it came with the notebook"),
    )
    result = Result("a", "ann", "0" * 64, Status.GRADED, 1.0, 0.1, cells=cells)
    assert told(record(result, "full")).cells == (
        "Cell 5: NameError: name 'x' is not defined (line 2)",
        "Cell 7: took too long and was stopped",
    )


@pytest.mark.parametrize("status", NOT_GRADED)
def test_what_was_not_graded_has_a_reason_and_nothing_else(status):
    found = told(not_graded(status, message="cut off at byte 10"))
    assert (found.score, found.exercises, found.cells) == (None, (), ())
    assert found.reason == (
        "This submission was not graded: cut off at byte 10" if status == "malformed" else WITHHELD
    )


@st.composite
def hidden_checks(draw):
    """A hidden check, all of whose words occur nowhere else."""
    name, title, message, mutant, hint = draw(st.lists(WORDS, min_size=5, max_size=5, unique=True))
    verdict = draw(
        st.sampled_from([Verdict.PASSED, Verdict.FAILED, Verdict.ERROR, Verdict.SKIPPED])
    )
    diagnosis = draw(st.sampled_from([None, Diagnosis((mutant,), hint)]))
    points = draw(st.integers(1, 400)) / 100
    score = points if verdict is Verdict.PASSED else 0.0
    error = draw(st.sampled_from([None, 123.456789]))
    return CheckResult(name, title, False, verdict, score, points, message, diagnosis, error)


@given(st.lists(hidden_checks(), min_size=1, max_size=4), st.booleans())
def test_nothing_of_a_hidden_check_is_on_a_page_but_points(hidden, is_last):
    """Nor does it depend on anything but their points, be it the order or the number of them."""
    public = EXERCISES[0].checks[:2]
    checks = (*public, *hidden) if is_last else (*hidden, *public)
    points = sum(each.points for each in checks)
    line = graded(exercises=(ExerciseResult("losses.mse", points, tuple(checks)),))
    pictures = {"losses.mse": dict.fromkeys([each.check for each in hidden], PICTURE)}
    found = told(line, pictures=pictures)
    shown = [
        page("ann", [found], lambda _: "<svg></svg>"),
        markdown("ann", [found]),
        exercise_feedback(line["exercises"][0]),
        repr(found),
    ]
    for each in hidden:
        words = {each.check, each.title, each.message, "123.456"}
        if each.diagnosis:
            words |= {*each.diagnosis.mutants, each.diagnosis.hint}
        for text in shown:
            assert not [word for word in words if word in text.replace("\\", "")]
    together = CheckResult(
        "x", "x", False, Verdict.FAILED, sum(e.score for e in hidden), sum(e.points for e in hidden)
    )
    other = graded(exercises=(ExerciseResult("losses.mse", points, (*public, together)),))
    assert asdict(replace(told(other))) == asdict(found)


def test_steering_characters_do_not_get_through():
    hostile = replace(EXERCISES[0].checks[1], message=HOSTILE)
    line = graded(exercises=(ExerciseResult("losses.mse", 1.0, (hostile,)),))
    message = told(line).exercises[0].checks[0].message
    assert not set(message) & {"\x1b", "\x00", "\x08", "\x9b", "\u202e"}
