"""The command line as CI uses it: exit codes, one sentence for wrong input, plain lines."""

import json
import subprocess
import sys

import pytest

from tests.notebooks import RIGHT, submission, write
from tests.packaging.test_bundle import notebook

GRADUS = "import sys; from autograder.cli import main; main()"


def gradus(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-c", GRADUS, *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def hand_in(tiny, **answers):
    course = tiny.load()
    student = notebook(course, "a01_tiny")
    for name, answer in answers.items():
        write(tiny.root / f"submissions/a01_tiny/{name}.ipynb", submission(student, answer))


@pytest.fixture
def ready(tiny):
    tiny.build()
    hand_in(tiny, ann=RIGHT, bob={})
    return tiny


def test_the_whole_path(tiny):
    built = gradus(tiny.root, "dist")
    assert built.returncode == 0, built.stderr
    assert built.stdout.startswith("a01_tiny: built 4 files in ")
    assert gradus(tiny.root, "dist", "a01_tiny").stdout == "a01_tiny: up to date\n"
    hand_in(tiny, ann=RIGHT, bob={"mean": "def mean(x):\n    return sum(x)"})
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
    hand_in(tiny, carl={"mean": "def mean(x):\n    return sum(x) / 3.3"})
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
    assert len((ready.root / "results/results.jsonl").read_text().splitlines()) == 3


# what is wrong, the command, and what the one sentence says
WRONG = {
    "an unknown exercise in the policy": (
        ("grading.yml", "maths.mean: 3", "maths.maen: 3"),
        ["dist"],
        "grading.yml:7: 'maths.maen' is not an exercise of a01_tiny. Did you mean 'maths.mean'?",
    ),
    "a misspelt marker": (
        ("reference/maths.py", "# SOLUTION", "# SOLUTOIN"),
        ["dist"],
        "reference/maths.py:17: comment '# SOLUTOIN' resembles the marker",
    ),
    "a mutant that no longer matches": (
        ("assignments/a01_tiny/checks.py", 'old="total / len(x)"', 'old="total / n"'),
        ["validate"],
        "mutant 'sum': the old text 'total / n' does not occur in the code of maths.mean",
    ),
    "a check that returns nothing": (
        (
            "assignments/a01_tiny/checks.py",
            'return {"y": subject.scale(**case)}',
            "subject.scale(**case)",
        ),
        ["dist"],
        "check 'scales_by_two': returns None; a check returns an observation",
    ),
    "a missing folder": (None, ["grade", "nowhere"], "nowhere does not exist"),
    "an unknown assignment": (
        None,
        ["dist", "a02"],
        "there is no assignment 'a02'; the course has a01_tiny.",
    ),
    "a bundle that was not built": (
        None,
        ["grade", "submissions"],
        "the bundle of a01_tiny is missing; run: gradus dist a01_tiny",
    ),
    "results that are not there": (None, ["report", "nowhere"], "nowhere holds no results"),
    "a name that is no assignment": (
        None,
        ["new", "Attention"],
        "'Attention' is no name for an assignment",
    ),
    "an unknown command": (None, ["grad"], "No such command 'grad'"),
    "an unknown option": (None, ["dist", "--frsh"], "No such option"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_one_clear_sentence_and_exit_code_2(tiny, name):
    edit, command, message = WRONG[name]
    write(tiny.root / "submissions/a01_tiny/ann.ipynb", __import__("nbformat").v4.new_notebook())
    if edit:
        tiny.edit(*edit)
    done = gradus(tiny.root, *command)
    assert done.returncode == 2, done.stdout + done.stderr
    assert message in done.stderr.replace("\n", " ").replace("│", ""), done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_law_is_exit_code_1(tiny):
    tiny.edit("assignments/a01_tiny/checks.py", 'new="total", hint', 'new="x.sum() / len(x)", hint')
    done = gradus(tiny.root, "validate", "--matrix")
    assert done.returncode == 1
    assert "law 3: " in done.stderr
    assert "checks.py:" in done.stderr
    assert "  sum: survives" in done.stdout


def test_validate_says_that_all_is_well(tiny):
    done = gradus(tiny.root, "validate")
    assert done.returncode == 0, done.stderr
    assert "a01_tiny: no broken laws" in done.stdout


def test_a_course_is_found_from_a_folder_inside_it(ready):
    assert gradus(ready.root / "assignments", "dist").stdout == "a01_tiny: up to date\n"
    assert gradus("/", "--course", ready.root, "dist").stdout == "a01_tiny: up to date\n"


def test_a_new_assignment_builds_and_validates_at_once(tiny):
    tiny.write("reference/arrays.py", "import numpy as np\n\nFloatArray = np.ndarray\n")
    done = gradus(tiny.root, "new", "a13_attention")
    assert done.returncode == 0, done.stderr
    assert gradus(tiny.root, "dist").returncode == 0
    done = gradus(tiny.root, "validate", "a13_attention")
    assert (done.returncode, done.stderr) == (0, "")
    again = gradus(tiny.root, "new", "a13_attention")
    assert again.returncode == 2
    assert "is there already; nothing was written" in again.stderr


def test_the_doctor_looks_at_the_machine_and_the_course(ready):
    done = gradus(ready.root, "doctor")
    assert done.returncode == 0, done.stdout
    assert "ok      sandbox: a cell completed" in done.stdout
    assert "bundle of a01_tiny: current" in done.stdout


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


def test_every_student_has_a_notebook_of_their_own(ready):
    roster = ready.write("roster.csv", "id\nann\nbob\n")
    done = gradus(ready.root, "dist", "--students", roster)
    assert done.stdout.splitlines()[-1] == "a01_tiny: the same notebook for every student"
    ready.edit("assignments/a01_tiny/notebook.md", "Text.\n", "Text.\n\n```{variant}\n```\n")
    done = gradus(ready.root, "dist", "--students", roster)
    assert done.stdout.splitlines()[-1] == "a01_tiny: 2 notebooks of students"
    assert (ready.root / "dist/a01_tiny/students/ann.ipynb").is_file()


def test_the_schemas_are_printed_and_documented(tmp_path):
    from tests.conftest import ROOT

    printed = json.loads(gradus(tmp_path, "schema").stdout)
    assert set(printed) == {"grading", "results"}
    for name, schema in printed.items():
        assert json.loads((ROOT / f"docs/{name}.schema.json").read_text()) == schema


def test_names_of_students_are_shown_as_they_are(ready):
    source = ready.root / "submissions/a01_tiny/ann.ipynb"
    source.rename(source.with_name("[red]x\x1b[31m.ipynb"))
    done = gradus(ready.root, "grade", "submissions")
    assert done.returncode == 0, done.stderr
    assert "[red]x" in done.stdout
    assert "\x1b" not in done.stdout
