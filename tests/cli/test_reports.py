"""The command `gradus report`, on stores of results."""

import csv
import json
import re

import pytest
from click.testing import CliRunner

from autograder.cli import cli
from autograder.errors import UsageError
from tests.reporting.exports.test_classroom50 import WORKFLOW
from tests.reporting.importers import CanvasCourse
from tests.reporting.results import graded, not_graded, require_schema, scored, stored

POLICY = "course: C\nseed: 1\nassignments:\n  a03_losses:\n    title: Losses\n    points:\n      losses.mse: 10\n"


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return stored(tmp_path / "results", scored("ann", 7.5), scored("carl", 2.0), not_graded())


def report(*arguments, **environment):
    return CliRunner().invoke(
        cli, ["report", *map(str, arguments)], env=environment, catch_exceptions=False
    )


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_report_writes_what_needs_no_further_input(results):
    assert report(results).exit_code == 0
    assert {
        path.name for path in results.iterdir() if not path.name.startswith("results.sqlite")
    } == {
        "results.jsonl",
        "scores.csv",
        "remarks.csv",
        "review.csv",
        "junit.xml",
        "report.html",
        "gradescope",
        "prairielearn",
        "feedback",
    }


def test_canvas_is_filled_by_title_by_name_and_by_column(results, tmp_path):
    (tmp_path / "grading.yml").write_text(POLICY, encoding="utf-8")
    students = {7: ("Ann", "Lee", "S7", "ann", "A")}
    for title, options in (
        ("Losses", []),
        ("a03_losses", []),
        ("Other", ["--column", "a03_losses=701"]),
        ("Other", ["--column", "a03_losses=other"]),
    ):
        course = CanvasCourse(students, {701: (title, 10.0), 702: ("Losses, again", 10.0)})
        export = tmp_path / "export.csv"
        export.write_text(course.export(), encoding="utf-8")
        done = report(results, "--canvas", export, *options)
        assert "canvas: 1 students" in done.output
        assert "look at: a03_losses/carl: no such student in Canvas" in done.output
        course.load((results / "canvas.csv").read_text(encoding="utf-8"))
        assert (course.scores, course.created) == ({(7, 701): "7.50"}, [])


def test_moodle_files_can_be_of_some_assignments_only(results):
    stored(results, scored("ann", 1.0, assignment="a06_optimizers"))
    assert (
        "moodle: 1 files" in report(results, "--moodle", "username", "--only", "a03_losses").output
    )
    assert [path.name for path in (results / "moodle").iterdir()] == ["a03_losses.csv"]


@pytest.mark.parametrize(
    ("policy", "options", "visibility"),
    [
        ("", [], "hidden"),
        ("hidden_checks: visible\n", [], "visible"),
        ("hidden_checks: visible\n", ["--hidden-tests", "after_published"], "after_published"),
    ],
)
def test_hidden_checks_on_gradescope_follow_the_policy_and_the_option(
    tmp_path, monkeypatch, policy, options, visibility
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "grading.yml").write_text(POLICY + policy, encoding="utf-8")
    folder = stored(tmp_path / "results", graded())
    report(folder, *options)
    data = json.loads((folder / "gradescope/a03_losses/ann.json").read_text(encoding="utf-8"))
    assert {test["visibility"] for test in data["tests"]} == {"visible", visibility}


def test_what_changed_is_shown_and_written(results, tmp_path):
    old = stored(tmp_path / "old", scored("ann", 5.0), scored("dora", 1.0), not_graded())
    done = report(results, "--compare", old)
    rows = {(row["student"], row["what"]) for row in read(results / "changes.csv")}
    assert rows == {("ann", "score"), ("carl", "new"), ("dora", "vanished")}
    assert "vanished" in done.output
    assert "nothing changed" in report(results, "--compare", results).output


def test_the_page_shows_what_changed_and_hides_names_when_asked(results, tmp_path):
    old = stored(tmp_path / "old", scored("ann", 5.0), scored("dora", 1.0), not_graded())
    page = results / "report.html"
    report(results, "--compare", old)
    assert "Changes since the earlier run" in page.read_text(encoding="utf-8")
    report(results, "--compare", old, "--anonymous")
    text = page.read_text(encoding="utf-8")
    assert not [name for name in ("ann", "carl", "dora", "bob") if re.search(rf"\b{name}\b", text)]
    assert len(json.loads((results / "labels.json").read_text(encoding="utf-8"))) == 4
    report(results)
    assert "Changes since" not in page.read_text(encoding="utf-8")


def test_classroom_50_reads_the_one_result_from_its_workflow(tmp_path):
    folder = stored(tmp_path / "results", scored("ann", 7.5))
    assert report(folder, "--classroom50", tmp_path / "result.json", **WORKFLOW).exit_code == 0
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    require_schema(result, "classroom50")
    assert (result["score"], result["max-score"]) == (750, 1000)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--canvas", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["--moodle", "email", "--only", "a03_loses"], "Did you mean 'a03_losses'?"),
        (["--canvas", "x", "--column", "a03_losses"], "--column is ASSIGNMENT=TITLE"),
        (["--canvas", "x", "--column", "a03=7"], "there is no result of 'a03'"),
        (["--compare", "nowhere"], "nowhere holds no results"),
        (["--classroom50", "result.json"], "of one submission; there are 3"),
    ],
)
def test_wrong_use_is_one_sentence(results, arguments, problem):
    with pytest.raises(UsageError) as caught:
        report(results, *arguments)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_student_is_shown_and_nothing_is_exported(results):
    shown = CliRunner().invoke(
        cli, ["report", str(results), "--student", "ann", "--moodle", "email"]
    )
    assert isinstance(shown.exception, UsageError)
    assert str(shown.exception) == "--student writes no exports; leave out --moodle"
    assert not (results / "moodle").exists()
