"""One student's feedback, as it stands on a terminal."""

import pytest

from autograder.model import ExerciseResult, Verdict
from tests.cli.runs import gradus, watched
from tests.reporting.results import HOSTILE, SECRET, check, graded, not_graded, scored, stored

POLICY = """
course: C
seed: 1
late: {percent: 10}
roster: roster.csv
assignments:
  a03_losses:
    title: Losses
    due: 2026-12-01 23:59
    points: {losses.mse: 10}
"""


def feedback(folder, name, *records, **more):
    stored(folder / "results", *records)
    done = gradus(folder, "report", "results", "--student", name, **more)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_it_says_what_is_right_what_is_wrong_and_what_is_still_to_get(tmp_path):
    assert feedback(tmp_path, "ann", graded()).splitlines() == [
        "ann: a03_losses",
        "2.75 of 7.25 points, 4.5 still to get",
        "✗ mse  1.5 of 4",
        "  ✓ The values are right.",
        "  ✗ The signs are right.",
        "    y[0] is 1, expected 2.",
        "    → A mean?",
        "  Hidden checks: 0 of 1.5 points.",
        "✗ mse_backward  1.25 of 3.25",
        "  ✗ The gradient are right.",
        "    It follows from mse.",
        "  ✗ The broadcast are right.",
        "    It raises ValueError: shape",
        "  Hidden checks: 0 of 1 points.",
        "",
    ]


def test_nothing_of_a_hidden_check_is_shown_but_points(tmp_path):
    text = feedback(tmp_path, "ann", graded())
    for hidden in (SECRET, "Hidden hint", "The shapes are right.", "The late are right."):
        assert hidden not in text


def test_full_marks_need_one_line_for_each_exercise(tmp_path):
    lines = feedback(tmp_path, "ann", scored("ann", 10.0)).splitlines()
    assert lines[1:] == ["10 of 10 points, nothing is missing", "✓ mse  10 of 10", ""]


def test_only_this_student_is_shown_with_every_assignment(tmp_path):
    records = [scored("ann", 1.0, assignment=name) for name in ("a06_optimizers", "a03_losses")]
    text = feedback(tmp_path, "ann", *records, scored("bob", 2.0))
    assert text.index("ann: a03_losses") < text.index("ann: a06_optimizers")
    assert "bob" not in text


def test_a_submission_without_a_score_says_what_its_student_may_know(tmp_path):
    assert "not a notebook" in feedback(tmp_path, "bob", not_graded())
    text = feedback(tmp_path, "carl", not_graded("tampered", "carl", message="a link to /etc"))
    assert "A person will look at it." in text
    assert "/etc" not in text


def test_lateness_and_titles_are_those_of_the_course(tmp_path):
    (tmp_path / "grading.yml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "roster.csv").write_text("id,email\ns1,ann@uni.edu\n", encoding="utf-8")
    times = tmp_path / "results/times.csv"
    stored(tmp_path / "results", scored("ann", 7.5))
    times.write_text("assignment,student,submitted_at\na03_losses,ann,2026-12-03 12:00\n")
    text = feedback(tmp_path, "s1", scored("ann", 7.5))
    assert text.splitlines()[:3] == [
        "ann: Losses",
        "7.5 of 10 points, 2.5 still to get",
        "It counts with 5.5 points: 2 days late: -20 %.",
    ]


def test_nothing_is_written(tmp_path):
    results = stored(tmp_path / "results", scored("ann", 7.5))
    before = {path.name: path.read_bytes() for path in results.glob("[!r]*")}
    feedback(tmp_path, "ann")
    assert {path.name: path.read_bytes() for path in results.glob("[!r]*")} == before
    assert not (results / "results.jsonl").exists()


@pytest.mark.parametrize("columns", [40, 80])
def test_what_students_write_stays_text_in_its_place(tmp_path, columns):
    message = f"it raises ValueError: {HOSTILE}\n✓ mse  4 of 4"
    wrong = check("values", Verdict.FAILED, 4.0, message=message, hint="[red]Why?")
    stored(tmp_path / "results", graded(exercises=(ExerciseResult("losses.mse", 4.0, (wrong,)),)))
    shown = watched(
        tmp_path, "report", "results", "--student", "ann", columns=columns, NO_COLOR="1"
    )
    assert "→ [red]Why?" in shown.text
    assert not any(line.startswith("✓") for line in shown.text.splitlines())
    assert max(map(len, shown.text.splitlines())) <= columns
    for escape in ("\x1b[3", "\x9b", "\u202e", "\x00"):
        assert escape not in shown.raw
