"""The documents tell the truth about what is there."""

import re
import subprocess

import pytest

from tests.conftest import ROOT

DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").glob("*.md"),
    ROOT / "assignments/README.md",
]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_make_targets_that_documents_name_exist(path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", path.read_text(encoding="utf-8")))
    assert named <= targets


def test_commands_that_documents_name_exist():
    from autograder.cli.commands import COMMANDS

    for path in DOCUMENTS:
        named = re.findall(r"`gradus (?:--course \S+ )?([a-z]+)", path.read_text(encoding="utf-8"))
        assert set(named) <= set(COMMANDS), path


def test_every_runtime_dependency_has_a_reason():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    decisions = (ROOT / "docs/decisions.md").read_text(encoding="utf-8").lower()
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=]", requirement)[0]
        assert name in decisions, f"docs/decisions.md gives no reason for {name}"


def test_the_constraints_name_versions_only():
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.!-]+", line), line


def test_nothing_committed_holds_a_cache_or_a_secret():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    assert not [name for name in listed if "__pycache__" in name or ".gradus-secret" in name]


def test_the_readme_counts_right(course):
    exercises = [each for a in course.assignments.values() for each in a.exercises]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{sum(len(each.mutants) for each in exercises)} known mistakes" in text
    assert f"{sum(len(each.alternatives) for each in exercises)} alternatives" in text


def test_the_exercise_in_fifteen_lines_obeys_every_law(tmp_path):
    """The example of assignments/README.md, as a reader would type it in."""
    from autograder.course import load_course
    from autograder.packaging.validation import validate

    text = (ROOT / "assignments/README.md").read_text(encoding="utf-8")
    function, declaration = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[:2]
    (directive,) = re.findall(r"````markdown\n(.*?)````", text, re.DOTALL)
    lines = [line for line in (function + declaration).splitlines() if line.strip()]
    files = {
        "grading.yml": "course: C\nseed: 1\nassignments:\n  a02_activations:\n    title: T\n"
        "    points:\n      activations.sigmoid: 2\n",
        "reference/activations.py": "import numpy as np\n\nfrom reference.arrays import FloatArray\n\n\n"
        + function,
        "reference/arrays.py": (ROOT / "reference/arrays.py").read_text(encoding="utf-8"),
        "assignments/a02_activations/checks.py": declaration,
        "assignments/a02_activations/notebook.md": f"# T\n\n```{{setup}}\n```\n\n{directive}",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    course = load_course(tmp_path)
    assert validate(course, course.assignments["a02_activations"]).violations == ()
    assert len(lines) <= 18  # fifteen of the exercise, and its import


def test_the_complete_example_of_a_policy_is_one(tmp_path):
    """And complete: it names every key of every section."""
    import yaml

    from autograder.config import AssignmentConfig, CourseConfig
    from autograder.policy import load_policy

    text = (ROOT / "docs/policy.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (roster,) = re.findall(r"```text\n(id,.*?)```", text, re.DOTALL)
    (tmp_path / "grading.yml").write_text(example, encoding="utf-8")
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    policy = load_policy(tmp_path)
    assert str(policy.terms["a03_losses"].due_for("ann")) == "2026-12-08 23:59:59+01:00"
    assert policy.terms["a07_training"].late.accept_days == 0
    assert policy.terms["a07_training"].late.percent == 10
    data = yaml.safe_load(example)
    assert set(data) == set(CourseConfig.model_fields)
    own = set().union(*data["assignments"].values())
    elsewhere = {"attempts", "rounding", "hidden_checks"}
    assert own == set(AssignmentConfig.model_fields) - elsewhere
    for section in ("limits", "late", "attempts", "rounding"):
        model = type(getattr(CourseConfig.model_validate(data), section))
        assert set(data[section]) == set(model.model_fields)
