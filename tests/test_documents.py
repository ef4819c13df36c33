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
    from autograder.cli import cli

    for path in DOCUMENTS:
        named = re.findall(r"`gradus (?:--course \S+ )?([a-z]+)", path.read_text(encoding="utf-8"))
        assert set(named) <= set(cli.commands), path


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
