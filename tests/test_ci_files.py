"""The files for continuous integration: valid, careful, and their steps do what they say."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, TinyCourse
from tests.notebooks import RIGHT, submission, write
from tests.packaging.test_bundle import notebook
from tests.scripts import require_clean

GITHUB = ROOT / "examples/ci/gradus-grade.yml"
GITLAB = ROOT / "examples/ci/gradus.gitlab-ci.yml"
SCHEMAS = {GITHUB: "vendor.github-workflows", GITLAB: "vendor.gitlab-ci"}
SECRET = "a secret that no log may show"
GRADUS = "from autograder.cli import main; main()"


def load(path):
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # leaves `on` a text


def github_steps():
    return load(GITHUB)["jobs"]["grade"]["steps"]


def gitlab_scripts():
    job = load(GITLAB)["grade"]
    return {name: "\n".join(job[name]) for name in ("before_script", "script", "after_script")}


def all_scripts():
    runs = {f"github: {step['name']}": step["run"] for step in github_steps() if "run" in step}
    return runs | {f"gitlab: {name}": script for name, script in gitlab_scripts().items()}


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_each_file_obeys_the_published_schema(path, tmp_path):
    def check(file):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[path]]
        return subprocess.run([*command, file], capture_output=True, text=True, check=False)

    done = check(path)
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(re.sub("( +)(timeout(-minutes)?): .*", r"\1\2: {}", path.read_text()))
    assert check(wrong).returncode == 1


@pytest.mark.parametrize("name", all_scripts())
def test_each_script_passes_shellcheck(name, tmp_path):
    require_clean(tmp_path / "script", all_scripts()[name])


def test_actions_are_pinned_to_a_commit_and_say_which_version_it_is():
    uses = re.findall(r"uses: (.*)", GITHUB.read_text(encoding="utf-8"))
    assert len(uses) == sum("uses" in step for step in github_steps())
    for each in uses:
        assert re.fullmatch(r"actions/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each), each


def test_the_image_of_gitlab_is_pinned():
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-[\w-]+", load(GITLAB)["grade"]["image"])


def test_nothing_but_reading_the_repository_is_allowed():
    workflow = load(GITHUB)
    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow["jobs"]["grade"]
    assert github_steps()[0]["with"] == {"persist-credentials": "false"}


def test_neither_runs_for_strangers():
    workflow = load(GITHUB)
    assert workflow["on"].keys() == {"workflow_dispatch", "push"}
    assert {"github.event.repository.private", "!github.event.repository.fork"} == set(
        workflow["jobs"]["grade"]["if"].split(" && ")
    )
    first = load(GITLAB)["grade"]["rules"][0]
    assert first["when"] == "never"
    assert first["if"].split(" || ") == [
        '$CI_PROJECT_VISIBILITY != "private"',
        '$CI_PIPELINE_SOURCE == "merge_request_event"',
    ]


def test_only_the_steps_that_need_the_secret_have_it():
    given = {step["name"] for step in github_steps() if "GRADUS_SECRET" in step.get("env", {})}
    assert given == {"Build the bundles", "Grade"}
    assert GITHUB.read_text().count("secrets.") == len(given)
    assert "GRADUS_SECRET" not in load(GITLAB)["variables"]


def test_no_script_holds_an_expression_that_github_fills_in():
    """Such a text would be run, whoever wrote it."""
    for name, script in all_scripts().items():
        assert "${{" not in script, name


class Clone:
    """A clone of a tiny course with an environment, as a runner has it after its first steps."""

    def __init__(self, root):
        self.tiny = TinyCourse(root)
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, root)
        self.student = notebook(self.tiny.build(), "a01_tiny")
        shutil.rmtree(root / "dist")
        self.program("gradus", root / ".venv/bin", f'exec {sys.executable} -c "{GRADUS}" "$@"')
        (root / ".venv/.ready").touch()
        self.program("apt-get", root.parent / "bin", "true")  # what it installs is there
        self.environment = {
            "PATH": f"{root.parent / 'bin'}:{os.environ['PATH']}",
            "SUBMISSIONS": "submissions",
            "GRADUS_SECRET": SECRET,
        }

    def program(self, name, folder, line):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{line}\n")
        path.chmod(0o755)

    def hand_in(self, name, content=None):
        path = self.tiny.root / f"submissions/a01_tiny/{name}.ipynb"
        if content is None:
            write(path, submission(self.student, RIGHT))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def bash(self, script, **environment):
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.tiny.root,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def github(self):
        """Run the steps as GitHub does; return whether all went well, the log and the summary."""
        summary = self.tiny.root.parent / "summary.md"
        summary.write_text("")
        succeeded, log = True, ""
        for step in github_steps():
            if "run" in step and (succeeded or step.get("if") == "always()"):
                code, output = self.bash(step["run"], GITHUB_STEP_SUMMARY=str(summary))
                succeeded, log = succeeded and code == 0, log + output
        return ("passed" if succeeded else "failed"), log, summary.read_text()

    def gitlab(self):
        """Run the scripts as GitLab does; return what becomes of the job, and the log."""
        scripts = gitlab_scripts()
        code, log = self.bash(f"{scripts['before_script']}\n{scripts['script']}")
        after, more = self.bash(scripts["after_script"])
        assert after == 0, more
        warned = str(code) in load(GITLAB)["grade"]["allow_failure"]["exit_codes"]
        return ("passed" if code == 0 else "warning" if warned else "failed"), log + more


@pytest.fixture
def clone(tmp_path):
    made = Clone(tmp_path / "clone")
    made.hand_in("ann")
    return made


def test_on_github_a_graded_batch_passes_and_a_second_run_grades_nothing(clone):
    state, log, summary = clone.github()
    assert (state, summary) == ("passed", "All submissions are graded.\n"), log
    assert "a01_tiny/ann: 4 / 4" in log
    assert SECRET not in log + summary
    keep = next(step for step in github_steps() if step.get("name") == "Keep the results")
    store = clone.tiny.root / keep["with"]["path"]
    data = store.read_bytes()
    shutil.rmtree(store.parent)
    store.parent.mkdir()
    store.write_bytes(data)
    assert "0 graded, 1 unchanged" in clone.github()[1]
    assert (store.parent / "scores.csv").is_file()


def test_on_github_what_needs_review_is_a_warning_and_in_the_summary(clone):
    clone.hand_in("bob", '{"cells": [')
    state, log, summary = clone.github()
    assert state == "passed", log
    assert "\n::warning title=Gradus::" in log
    assert "    a01_tiny,bob,malformed,not a notebook" in summary.replace('"', "")


def test_on_github_names_that_students_choose_are_no_commands(clone):
    clone.hand_in("::error::mine", '{"cells": [')
    _, log, summary = clone.github()
    paused, resumed = (log.index(f"::{each}") for each in ("stop-commands::", "warning "))
    assert paused < log.index("::error::mine") < log.rindex("::error::mine") < resumed
    (pause,) = re.findall(r"::stop-commands::(\S+)", log)
    assert log.rindex("::error::mine") < log.index(f"::{pause}::\n") < resumed
    assert "\n    a01_tiny,::error::mine" in summary


BROKEN = {
    "no secret": "This (repository|project) has no (secret|variable) GRADUS_SECRET",
    "an invalid course": "grading.yml:2: 'seed' is 'seven'",
    "no submissions": "does not exist",
    "a fault": "every result that was stored is kept",
}


def damage(clone, what):
    if what == "no secret":
        clone.environment["GRADUS_SECRET"] = ""
    elif what == "an invalid course":
        clone.tiny.edit("grading.yml", "seed: 7", "seed: seven")
    elif what == "no submissions":
        clone.environment["SUBMISSIONS"] = "nowhere"
    else:
        (clone.tiny.root / "results/results.sqlite").mkdir(parents=True)


@pytest.mark.parametrize("what", BROKEN)
def test_whatever_keeps_a_batch_from_being_graded_fails_the_job(clone, what):
    damage(clone, what)
    state, log, summary = clone.github()
    assert (state, summary) == ("failed", "Nothing was graded; the log says why.\n"), log
    assert re.search(BROKEN[what], log), log
    state, log = clone.gitlab()
    assert state == "failed", log
    assert re.search(BROKEN[what], log), log


def test_on_gitlab_a_graded_batch_passes(clone):
    state, log = clone.gitlab()
    assert state == "passed", log
    assert "a01_tiny/ann: 4 / 4" in log
    assert SECRET not in log
    assert (clone.tiny.root / load(GITLAB)["grade"]["artifacts"]["reports"]["junit"]).is_file()
    assert "0 graded, 1 unchanged" in clone.gitlab()[1]


def test_on_gitlab_what_needs_review_is_a_warning_and_listed(clone):
    clone.hand_in("bob", '{"cells": [')
    state, log = clone.gitlab()
    assert state == "warning", log
    assert "a person has to look:\nassignment,student,status" in log


def test_files_that_are_kept_are_those_that_grading_writes(clone):
    clone.github()
    wanted = [step["with"]["path"] for step in github_steps() if "results" in str(step.get("with"))]
    job = load(GITLAB)["grade"]
    wanted += [*job["artifacts"]["paths"], *job["cache"][1]["paths"]]
    assert len(wanted) == 5
    for name in wanted:
        assert Path(clone.tiny.root / name).exists(), name
