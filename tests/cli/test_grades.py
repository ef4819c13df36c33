"""`gradus grade`, with pipes and on a terminal."""

import pytest

from tests.cli.runs import gradus, watched
from tests.notebooks import RIGHT

HALF = {"mean": "def mean(x):\n    return sum(x)"}


def test_the_whole_path(tiny, hand_in):
    built = gradus(tiny.root, "dist")
    assert built.returncode == 0, built.stderr
    assert built.stdout.startswith("a01_tiny: built 4 files in ")
    assert gradus(tiny.root, "dist", "a01_tiny").stdout == "a01_tiny: up to date\n"
    hand_in(ann=RIGHT, bob=HALF)
    graded = gradus(tiny.root, "grade", "submissions", "--workers", 2)
    assert graded.returncode == 0, graded.stderr
    assert graded.stderr == "a01_tiny: reading 2 submissions of a folder\n"
    lines = graded.stdout.splitlines()
    assert {line.split(" (")[0] for line in lines[:2]} == {
        "a01_tiny/ann: 4 / 4",
        "a01_tiny/bob: 0 / 4",
    }
    assert "mean: sum" in graded.stdout
    assert lines[-1].startswith("2 graded, 0 unchanged, in ")
    assert (
        gradus(tiny.root, "grade", "submissions")
        .stdout.splitlines()[-1]
        .startswith("0 graded, 2 unchanged")
    )
    hand_in(carl={"mean": "def mean(x):\n    return sum(x) / 3.3"})
    gradus(tiny.root, "grade", "submissions")
    assert " in a01_tiny maths.mean: carl\n" in gradus(tiny.root, "report", "results").stdout
    results = tiny.root / "results"
    first = (results / "results.jsonl").read_text()
    (results / "scores.csv").unlink()
    assert gradus(tiny.root, "report", "results").returncode == 0
    assert (results / "results.jsonl").read_text() == first
    assert (results / "scores.csv").exists()


def test_one_unreadable_notebook_needs_review_and_stops_nobody(ready):
    (ready.root / "submissions/a01_tiny/carl.ipynb").write_text('{"cells": [')
    graded = gradus(ready.root, "grade", "submissions")
    assert graded.returncode == 1
    assert "review: a01_tiny/carl: malformed: not a notebook: broken JSON" in graded.stderr
    assert "a01_tiny/ann: 4 / 4" in graded.stdout
    assert graded.stderr.splitlines()[-1] == (
        "gradus: exit code 1 means that some submissions need review: 1 of 3; "
        "results/review.csv says why, and what to do"
    )
    assert len((ready.root / "results/results.jsonl").read_text().splitlines()) == 3


def test_lateness_is_taken_off_and_may_change_without_grading(ready):
    ready.edit("grading.yml", "seed: 7", "seed: 7\nlate:\n  percent: 10\nroster: roster.csv")
    ready.edit("grading.yml", "title: Tiny", "title: Tiny\n    due: 2026-12-01 23:59")
    ready.write("roster.csv", "id,name\nann,Ann Lee\n")
    times = ready.write("t.csv", "assignment,student,submitted_at\na01_tiny,ann,2026-12-03 12:00\n")
    done = gradus(ready.root, "grade", "submissions", "--times", times)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == [
        "a01_tiny: reading 2 submissions of a folder",
        "roster: 'bob' is nobody in the roster",
    ]
    scores = ready.root / "results/scores.csv"
    assert scores.read_text().splitlines()[1:] == [
        "a01_tiny,ann,4.0,4.0,3.2,36.0,0.8,2 days late: -20 %",
        'a01_tiny,bob,0.0,4.0,0.0,,0.0,"time of submission unknown, taken as in time"',
    ]
    ready.edit("grading.yml", "percent: 10", "percent: 25")
    assert gradus(ready.root, "report", "results").returncode == 0
    assert "a01_tiny,ann,4.0,4.0,2.0,36.0,2.0,2 days late: -50 %" in scores.read_text()
    again = gradus(ready.root, "grade", "submissions")
    assert again.stdout.splitlines()[-1].startswith("0 graded, 2 unchanged")
    assert "2 days late: -50 %" in scores.read_text()


def test_names_of_students_are_shown_as_they_are(ready):
    source = ready.root / "submissions/a01_tiny/ann.ipynb"
    source.rename(source.with_name("[red]x\x1b[31m.ipynb"))
    done = gradus(ready.root, "grade", "submissions")
    assert done.returncode == 0, done.stderr
    assert "[red]x" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_terminal_shows_a_bar_with_counts_and_no_line_for_each(ready):
    (ready.root / "submissions/a01_tiny/carl.ipynb").write_text('{"cells": [')
    shown = watched(ready.root, "grade", "submissions", columns=100)
    assert shown.code == 1
    (bar,) = (line for line in shown.text.splitlines() if "3/3" in line)
    assert "/min" in bar
    assert bar.endswith(" left 2 graded, 1 malformed")
    assert "a01_tiny/ann: 4 / 4" not in shown.text
    assert "a01_tiny: 2 graded, 1 to review" in shown.text
    assert shown.colours, "green for what was graded, red for what was not"


def test_a_second_run_says_what_it_keeps(ready, hand_in):
    assert "graded before" not in gradus(ready.root, "grade", "submissions").stderr
    assert "graded before" not in gradus(ready.root, "grade", "submissions").stderr
    hand_in(carl=RIGHT)
    again = gradus(ready.root, "grade", "submissions")
    assert again.stderr.splitlines()[1:] == ["2 of 3 were graded before"]
    assert "a01_tiny: 3 graded, 0 to review" in again.stdout
    hand_in(dora=RIGHT)
    assert " 4/4 " in watched(ready.root, "grade", "submissions", columns=100).text


def test_one_student_alone_is_graded_and_reads_the_feedback(ready, hand_in):
    hand_in(bob=HALF)
    done = gradus(ready.root, "grade", "submissions", "--student", "bob")
    assert done.returncode == 0, done.stderr
    before, line, *feedback = done.stdout.partition("bob: Tiny\n")
    assert (before.startswith("a01_tiny/bob: 0 / 4"), line) == (True, "bob: Tiny\n")
    assert "✗ mean  0 of 3" in feedback[0]
    assert "→ A sum or a mean?" in feedback[0]
    assert feedback[0].splitlines()[-1].startswith("1 graded, 0 unchanged")
    assert len((ready.root / "results/results.jsonl").read_text().splitlines()) == 1
    (ready.root / "results/scores.csv").unlink()
    again = gradus(ready.root, "grade", "submissions", "--student", "bob")
    assert again.stdout.startswith("bob: Tiny\n"), "what was graded before is only shown"
    assert not (ready.root / "results/scores.csv").exists(), "nothing was to write"


def test_a_student_goes_by_what_the_roster_says(ready):
    ready.edit("grading.yml", "seed: 7", "seed: 7\nroster: roster.csv")
    ready.write(
        "roster.csv", "id,name,email\ns1,Ann Lee,ann@uni.edu\ns2,Bo Ash,bob@uni.edu\ns3,Cy,\n"
    )
    for name in ("s1", "ann lee", "ann@uni.edu", "ann"):
        done = gradus(ready.root, "grade", "submissions", "--student", name)
        assert done.returncode == 0, done.stderr
        assert "ann: Tiny\n4 of 4 points, nothing is missing\n" in done.stdout
    done = gradus(ready.root, "grade", "submissions", "--student", "s3")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        2,
        "gradus: 's3' is in the roster, but there is no submission of that name",
    )


@pytest.mark.parametrize("name", ["bbo", "zed"])
def test_an_unknown_student_is_one_sentence_with_the_nearest_name(ready, name):
    done = gradus(ready.root, "grade", "submissions", "--student", name)
    hint = " Did you mean 'bob'?" if name == "bbo" else ""
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"gradus: nobody handed in as {name!r}.{hint}"
    assert not (ready.root / "results").exists()
