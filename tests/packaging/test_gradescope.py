"""The zip for Gradescope, run in the folders of its container: what comes out, always and only."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
import yaml

from autograder.container import read_metadata
from autograder.errors import UsageError
from autograder.packaging.bundle import build_bundle, write_bundle
from autograder.packaging.gradescope import write_gradescope
from tests.cli.runs import gradus
from tests.conftest import ROOT, TinyCourse
from tests.notebooks import RIGHT, submission, write, zipped
from tests.packaging.test_bundle import notebook
from tests.reporting.results import require_schema
from tests.scripts import require_clean

WITHOUT_LANDLOCK = [sys.executable, ROOT / "tests/deprive.py", "landlock", "ENOSYS"]
CREATED = "2026-12-01T23:30:00.000000-08:00"
METADATA = {
    "id": 1,
    "created_at": CREATED,
    "assignment": {"due_date": None, "late_due_date": None, "title": "Tiny", "total_points": "4.0"},
    "submission_method": "upload",
    "users": [{"email": "ann@example.org", "id": 1, "name": "Ann"}],
    "previous_submissions": [],
}
READ = """
def scale(x, factor=2.0):
    raise ValueError(open("{path}").read().strip())
"""
SHADOW = "open({trophy!r}, 'w').write('imported')\n"


class Container:
    """The folders that Gradescope makes of a zip, below a folder that anybody may enter."""

    def __init__(self, home, archive):
        self.home, self.source = home, home / "source"
        with zipfile.ZipFile(archive) as file:
            file.extractall(self.source)
        shutil.copy(self.source / "run_autograder", home)
        python = home / "venv/bin/python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
        (home / "results").mkdir()

    def close_course(self):
        """Do what the last line of setup.sh does."""
        *_, line = (self.source / "setup.sh").read_text().splitlines()
        assert line.startswith("chmod ")
        environment = {"source": str(self.source), "PATH": os.environ["PATH"]}
        subprocess.run(["/bin/sh", "-c", line], env=environment, check=True)

    def hand_in(self, files, metadata=METADATA):
        folder = self.home / "submission"
        shutil.rmtree(folder, ignore_errors=True)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                path.write_text(content)
            else:
                write(path, content)
        (self.home / "submission_metadata.json").write_text(json.dumps(metadata))

    def run(self, before=()):
        done = subprocess.run(
            [*map(str, before), "/bin/bash", self.home / "run_autograder"],
            cwd=self.home / "submission",
            capture_output=True,
            text=True,
            check=False,
        )
        assert not list((self.home / "results").glob(".*")), "a half-written file is left"
        results = json.loads((self.home / "results/results.json").read_text())
        require_schema(results, "gradescope")
        return results, done.stdout + done.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    tiny = TinyCourse(tmp_path_factory.mktemp("gradescope") / "tiny")
    tiny.edit("grading.yml", "seed: 7", "seed: 7\nroster: roster.csv\nlate:\n  percent: 10")
    tiny.edit("grading.yml", "title: Tiny", "title: Tiny\n    due: 2026-11-01")
    tiny.write("roster.csv", "id,email\nann,ann@example.org\n")
    return tiny.build()


@pytest.fixture
def folder():
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def packed(course):
    """Return a function that packs the assignment, to run or to look at."""

    def pack(confinement="required"):
        return write_gradescope(course, course.assignments["a01_tiny"], confinement)

    return pack


@pytest.fixture
def container(folder, packed):
    return Container(folder, packed())


@pytest.fixture
def student(course):
    return notebook(course, "a01_tiny")


def contents(archive):
    with zipfile.ZipFile(archive) as file:
        return {name: file.read(name) for name in file.namelist()}


def verdicts(results):
    return [(test["status"], test["visibility"]) for test in results["tests"]]


def shown(results):
    return "".join(test["output"] for test in results["tests"])


def test_a_right_submission_earns_everything(container, student):
    container.hand_in({"my homework.ipynb": submission(student, RIGHT)})
    results, _ = container.run()
    assert results["score"] == sum(test["max_score"] for test in results["tests"]) == 4.0
    assert verdicts(results) == [("passed", "visible"), ("passed", "hidden"), ("passed", "visible")]


def test_a_zip_is_opened(container, student, tmp_path):
    path = zipped(
        tmp_path / "hw.zip", {"my work/hw.ipynb": nbformat.writes(submission(student, RIGHT))}
    )
    container.hand_in({})
    (container.home / "submission").mkdir()
    shutil.copy(path, container.home / "submission")
    assert container.run()[0]["score"] == 4.0


def test_a_wrong_submission_is_told_what_is_wrong_and_nothing_of_what_is_hidden(container, student):
    answers = RIGHT | {"mean": "def mean(x):\n    return float(sum(x))"}
    container.hand_in({"hw.ipynb": submission(student, answers)})
    results, _ = container.run()
    assert results["score"] == 1.0
    assert verdicts(results) == [("failed", "visible"), ("failed", "hidden"), ("passed", "visible")]
    assert "A sum or a mean?" in results["tests"][0]["output"]


def test_hidden_checks_are_shown_when_the_policy_says_so(tmp_path, folder):
    tiny = TinyCourse(tmp_path / "open")
    tiny.edit("grading.yml", "seed: 7", "seed: 7\nhidden_checks: after_published")
    course = tiny.build()
    container = Container(
        folder, write_gradescope(course, course.assignments["a01_tiny"], "required")
    )
    container.hand_in({"hw.ipynb": submission(notebook(course, "a01_tiny"), RIGHT)})
    results, _ = container.run()
    assert {test["visibility"] for test in results["tests"]} == {"visible", "after_published"}


@pytest.mark.parametrize("files", [{"hw.ipynb": '{"cells": ['}, {"notes.txt": "done"}])
def test_a_submission_that_cannot_be_read_has_no_score_and_a_reason(container, files):
    container.hand_in(files)
    results, _ = container.run()
    assert not {"score", "tests"} & results.keys()
    assert results["output"].startswith("This submission was not graded: ")


def test_lateness_counts_from_gradescopes_dates_and_costs_what_the_course_says(container, student):
    due = {"due_date": "2026-12-01T20:00:00.000000-08:00"}
    container.hand_in({"hw.ipynb": submission(student, RIGHT)}, METADATA | {"assignment": due})
    results, _ = container.run()
    assert (results["score"], results["output"]) == (3.6, "1 day late: -10 %")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root closes files to another user")
@pytest.mark.parametrize("secret", ["course/.gradus-secret", "course/reference/maths.py"])
def test_without_landlock_the_course_is_closed_by_its_permissions(folder, packed, student, secret):
    container = Container(folder, packed("available"))
    path = container.source / secret
    answers = RIGHT | {"scale": READ.format(path=path)}
    container.hand_in({"hw.ipynb": submission(student, answers)})
    line = path.read_text().strip().splitlines()[0]
    readable, _ = container.run(WITHOUT_LANDLOCK)
    assert line in shown(readable)
    container.close_course()
    results, log = container.run(WITHOUT_LANDLOCK)
    assert line not in shown(results)
    assert "PermissionError" in shown(results)
    assert results["score"] == 3.0
    assert "confinement without landlock" in log


def test_a_hostile_submission_reads_nothing_and_writes_no_result(container, student):
    secret = container.source / "course/.gradus-secret"
    forged = container.home / "results/results.json"
    cells = (f"open({str(forged)!r}, 'w').write('{{\"score\": 1000}}')",)
    answers = RIGHT | {"scale": READ.format(path=secret)}
    container.hand_in({"hw.ipynb": submission(student, answers, cells)})
    results, log = container.run()
    assert results["score"] == 3.0
    assert secret.read_text() not in json.dumps(results) + log


def test_modules_beside_a_notebook_are_not_imported(container, student):
    trophy = container.home / "trophy"
    shadows = ("json.py", "numpy.py", "autograder/__init__.py", "sitecustomize.py")
    text = SHADOW.format(trophy=str(trophy))
    files = {"hw.ipynb": submission(student, RIGHT), **dict.fromkeys(shadows, text)}
    container.hand_in(files)
    results, _ = container.run()
    assert results["score"] == 4.0
    assert not trophy.exists()


def test_a_container_that_lacks_a_layer_says_so_instead_of_a_score(container, student):
    container.hand_in({"hw.ipynb": submission(student, RIGHT)})
    results, _ = container.run(WITHOUT_LANDLOCK)
    assert not {"score", "tests"} & results.keys()
    assert "which lacks landlock" in results["output"]


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user is another user already")
def test_where_nothing_closes_the_course_even_what_is_available_is_refused(folder, packed, student):
    container = Container(folder, packed("available"))
    container.hand_in({"hw.ipynb": submission(student, RIGHT)})
    poorer = ["setpriv", "--bounding-set", "-setuid,-setgid", *WITHOUT_LANDLOCK]
    results, _ = container.run(poorer)
    assert not {"score", "tests"} & results.keys()
    assert "nothing here keeps student code from reading" in results["output"]


@pytest.mark.parametrize(
    "broken", ["venv/bin/python", "source/course/grading.yml", "submission_metadata.json"]
)
def test_a_broken_container_leaves_a_result_without_a_score(container, student, broken):
    container.hand_in({"hw.ipynb": submission(student, RIGHT)})
    assert "score" in container.run()[0]
    (container.home / broken).unlink()
    results, _ = container.run()
    assert not {"score", "tests"} & results.keys()
    assert results["output"].startswith("This submission was not graded: ")


def test_the_command_packs_what_is_named(course, packed):
    same = packed("available").read_bytes()
    arguments = ("gradescope", "a01_tiny", "--confinement", "available")
    done = gradus(course.root, *arguments)
    assert done.stdout == "a01_tiny: wrote dist/a01_tiny/gradescope.zip\n", done.stderr
    assert (course.root / "dist/a01_tiny/gradescope.zip").read_bytes() == same


def test_two_zips_are_equal(packed):
    first = packed().read_bytes()
    assert packed().read_bytes() == first
    assert packed("available").read_bytes() != first


def test_dates_and_names_stay_at_home(packed):
    policy = yaml.safe_load(contents(packed())["course/grading.yml"])
    assert "roster" not in policy
    assert policy["assignments"]["a01_tiny"].keys() == {"title", "points"}
    assert policy["late"] == {"percent": 10}


def test_the_zip_holds_all_sources_and_nothing_of_another_assignment(built):
    path = write_gradescope(built, built.assignments["a03_losses"], "required")
    names = contents(path).keys()
    path.unlink()
    ours = [each.relative_to(ROOT).as_posix() for each in (ROOT / "autograder").rglob("*.py")]
    assert {f"gradus/{name}" for name in ours} <= names
    of_assignments = {name.split("/")[2] for name in names if name.startswith("course/assignments")}
    assert of_assignments == {"a03_losses", "conventions.md", "data"}


def test_an_old_bundle_is_not_packed(tmp_path):
    tiny = TinyCourse(tmp_path / "tiny")
    course = tiny.build()
    path = write_gradescope(course, course.assignments["a01_tiny"], "required")
    tiny.edit("grading.yml", "maths.mean: 3", "maths.mean: 5")
    course = tiny.load()
    with pytest.raises(UsageError, match="older than its sources"):
        write_gradescope(course, course.assignments["a01_tiny"], "required")
    write_bundle(course, build_bundle(course, course.assignments["a01_tiny"]))
    assert not path.exists()


@pytest.mark.parametrize("script", ["setup.sh", "run_autograder"])
def test_the_scripts_pass_shellcheck(packed, tmp_path, script):
    require_clean(tmp_path / script, contents(packed())[script].decode())


DUE = {
    "nothing is due": ([{}], None, None),
    "for everybody": ([{}], "2026-12-01T00:00:00Z", 1),
    "an extension": ([{"assignment": {"due_date": "2026-12-03T00:00:00Z"}}], None, 3),
    "the latest of a group": (
        [{"assignment": {"due_date": f"2026-12-0{day}T00:00:00Z"}} for day in (4, 2)],
        "2026-12-01T00:00:00Z",
        4,
    ),
    "no date for one of a group": (
        [{"assignment": {"due_date": None}}, {}],
        "2026-12-01T00:00:00Z",
        None,
    ),
}


@pytest.mark.parametrize("name", DUE)
def test_due_dates_are_those_of_gradescope(tmp_path, name):
    users, general, day = DUE[name]
    users = [{"email": f"{number}@example.org", **user} for number, user in enumerate(users)]
    path = tmp_path / "metadata.json"
    path.write_text(
        json.dumps({"created_at": CREATED, "users": users, "assignment": {"due_date": general}})
    )
    known = read_metadata(path, UTC)
    assert known.student == "0@example.org"
    assert known.submitted_at == datetime(2026, 12, 2, 7, 30, tzinfo=UTC)
    assert known.due == (day and datetime(2026, 12, day, tzinfo=UTC))
