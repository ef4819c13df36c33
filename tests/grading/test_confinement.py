"""Grading on machines that can't confine student code fully: refused, or said so in each result."""

import json
import os
import subprocess
import sys

import jsonschema
import pytest

from autograder.grading.grader import Grader
from autograder.grading.intake.find import find_submissions
from autograder.grading.process import sandbox_limits
from autograder.grading.records import RESULTS_SCHEMA
from autograder.sandbox.server import SandboxServer
from tests.conftest import ROOT
from tests.notebooks import RIGHT, submission, write
from tests.packaging.test_bundle import notebook

POORER = [sys.executable, ROOT / "tests/deprive.py", "landlock", "ENOSYS"]
GRADUS = [sys.executable, "-c", "from autograder.cli import main; main()"]
EXAMPLES = ("ada", "emil", "kim")  # right, ten misconceptions, and a notebook of Colab's


@pytest.fixture
def ready(tiny):
    course = tiny.build()
    for name in ("ann", "bob"):
        path = tiny.root / f"submissions/a01_tiny/{name}.ipynb"
        write(path, submission(notebook(course, "a01_tiny"), RIGHT))
    return tiny


def gradus(folder, *arguments, before=()):
    return subprocess.run(
        [*map(str, before), *GRADUS, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def confinements(folder):
    lines = (folder / "results/results.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    for record in records:
        jsonschema.validate(record, RESULTS_SCHEMA)
    return [(record["student"], record["score"], record["confinement"]) for record in records]


def test_a_machine_that_lacks_a_layer_refuses_in_one_sentence(ready):
    done = gradus(ready.root, "grade", "submissions", before=POORER)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith(
        "gradus: student code can't be fully confined on this machine, which lacks landlock; "
    )
    assert "--confinement=available" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (ready.root / "results").exists()


def test_grading_with_what_is_available_is_recorded_and_done_again_when_all_is_there(ready):
    grade = ("grade", "submissions")
    done = gradus(ready.root, *grade, "--confinement=available", before=POORER)
    assert done.returncode == 0, done.stderr
    weak = [("ann", 4.0, "without landlock"), ("bob", 4.0, "without landlock")]
    assert confinements(ready.root) == weak
    again = gradus(ready.root, *grade, "--confinement=available", before=POORER)
    assert "0 graded, 2 unchanged" in again.stdout
    done = gradus(ready.root, *grade, "--confinement=available")
    assert "2 graded, 0 unchanged" in done.stdout
    assert confinements(ready.root) == [("ann", 4.0, "full"), ("bob", 4.0, "full")]
    assert "0 graded, 2 unchanged" in gradus(ready.root, *grade).stdout


def test_another_system_grades_in_plain_interpreters_if_it_is_told_to(ready):
    elsewhere = (
        "import sys, urllib.request; from autograder import cli; "
        "from autograder.grading import batch, health; from autograder.reporting.pages import publishing; "
        "sys.platform = 'darwin'; cli.main()"
    )
    grade = [sys.executable, "-c", elsewhere, "grade", "submissions"]
    refused = subprocess.run(grade, cwd=ready.root, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "which lacks linux; " in refused.stderr
    grade.append("--confinement=available")
    done = subprocess.run(grade, cwd=ready.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {each[1:] for each in confinements(ready.root)} == {(4.0, "without linux")}


def test_the_doctor_says_what_is_missing_why_and_what_to_do(ready):
    done = gradus(ready.root, "doctor", before=POORER)
    assert done.returncode == 3
    assert (
        "missing confinement by landlock: the kernel is older than Linux 5.13 or was built without "
        "Landlock; use a newer kernel\n"
    ) in done.stdout
    assert "ok      confinement by seccomp: " in done.stdout
    assert "ok      sandbox: a cell completed" in done.stdout
    assert "probe: no attempt to break out succeeded but" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_doctor_of_a_whole_machine_reports_the_probe(ready):
    done = gradus(ready.root, "doctor")
    assert done.returncode == 0, done.stdout
    assert "attempts to break out succeeded" in done.stdout
    assert done.stdout.count("ok      confinement by") == 4


def test_a_layer_that_is_lost_after_the_survey_stops_the_batch(ready, tmp_path):
    """The command looked at a whole machine; the processes that grade find a poorer one."""
    script = tmp_path / "grade.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from autograder.errors import UsageError\n"
        "from autograder.grading.batch import grade_batch, plan\n"
        "from autograder.grading.pool import LocalGraders\n"
        "from autograder.grading.store import Store\n"
        "from autograder.grading.intake.find import find_submissions\n"
        "from autograder.course import load_course\n"
        "if __name__ == '__main__':\n"
        "    course = load_course(Path('.'))\n"
        "    found = find_submissions(Path('submissions'), ['a01_tiny'])\n"
        "    with Store(Path('results')) as store:\n"
        "        todo = plan(course, found, {'a01_tiny': 'x'}, store, fresh=True)\n"
        "        try:\n"
        "            grade_batch(course, todo, store, LocalGraders(course, 2), print)\n"
        "        except UsageError as error:\n"
        "            print(error.exit_code, error)\n"
    )
    done = subprocess.run(
        [*map(str, POORER), sys.executable, str(script)],
        cwd=ready.root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.startswith("2 student code can't be confined by landlock: "), done.stderr


def test_the_process_that_grades_can_not_be_inspected(ready):
    code = (
        "from pathlib import Path\n"
        "from autograder.grading.batch import grade_batch, Plan\n"
        "from autograder.grading.pool import LocalGraders\n"
        "import ctypes\n"
        "graders = LocalGraders(Path('.'), 1)\n"
        "grade_batch(None, Plan((), ()), type('S', (), {'records': list})(), graders, print)\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stdout == "0\n", done.stderr


@pytest.fixture(scope="module")
def scores(built):
    """Return the scores and messages of some examples, confined and in plain interpreters."""
    found = find_submissions(ROOT / "examples/submissions", list(built.assignments))
    chosen = [each for each in found if each.assignment == "a03_losses"]
    results = []
    for without in ((), ("linux",)):
        with SandboxServer(sandbox_limits(built), without=without) as server:
            grader = Grader(built, lambda _: server)
            results.append(
                {each.student: grader.grade(each) for each in chosen if each.student in EXAMPLES}
            )
    return results


@pytest.mark.parametrize("student", EXAMPLES)
def test_the_portable_way_gives_the_same_scores_and_messages(scores, student):
    confined, portable = (each[student] for each in scores)
    assert portable.exercises == confined.exercises
    assert [cell.outcome for cell in portable.cells] == [cell.outcome for cell in confined.cells]
    assert portable.score == confined.score
