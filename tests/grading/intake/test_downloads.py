"""Downloads of whole courses, as folders and as zips."""

import json
from datetime import UTC, datetime

import pytest

from autograder.errors import MalformedError, UsageError
from autograder.grading.intake.find import find_submissions
from autograder.grading.intake.notebooks import read_notebook
from tests.notebooks import zipped

NAMES = ["a01_tiny", "a03_losses"]
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}

CANVAS = [
    "doejane_1001_500001_a03_losses.ipynb",
    "ngzoë_LATE_1002_500002_a03_losses-2.ipynb",
    "vandykjr_1003_500003_a03_losses.ipynb",
    "vandykjr_1003_500009_a03_losses-1.ipynb",
    "vandykjr_1003_500010_figure.png",
    "LATE_anon_b7XyZ_500004_a03_losses.ipynb",
    "leewei_1005_text.html",
    "leewei_1006_500005_hw_2_final_3.ipynb",
]
MOODLE = [
    "Jane Doe_10442_assignsubmission_file_/a03_losses.ipynb",
    "Zoë van Dyk_10443_assignsubmission_file/work/a03_losses.ipynb",
    "Zoë van Dyk_10443_assignsubmission_onlinetext_/onlinetext.html",
    "Participant_77_assignsubmission_file_/a03_losses.ipynb",
    "Default group_assignsubmission_file_/a03_losses.ipynb",
    "李_10444_assignsubmission_onlinetext_/onlinetext.html",
]
GRADESCOPE = """---
submission_1:
  :submitters:
  - :name: Jane Doe
    :sid: '100'
    :email: jane@example.edu
  :created_at: 2026-11-19 22:47:27.018556000 Z
  :score: 32.0
  :results:
    tests:
    - name: a
      output: |
        submission_9:
          :submitters: []
  :history:
  - :submitters: []
    :created_at: 2026-11-18 07:46:21.167770000 Z
    :results:
      tests:
      - name: b
  - :submitters: []
    :created_at: 2026-11-17 07:46:21.167770000 Z
submission_2:
  :submitters:
  - :name: Ada
    :sid: '101'
    :email:
  - :name: Ben
    :sid: '102'
    :email: ben@example.edu
  :created_at: 2026-11-20 01:00:00.000000000 Z
  :score:
  :history: []
"""
SCORES = """username,first_name,last_name,score,datetime,late
ada-l,Ada,L,3,2026-11-20T10:00:00Z,true
Ben,Ben,B,,,
"""


def content(name):
    if name.endswith(".html"):
        return b"<html></html>"
    return json.dumps({**NOTEBOOK, "cells": [], "of": name}).encode()


@pytest.fixture(params=["folder", "zip"])
def download(request, tmp_path):
    """Put files into a folder or into a zip, and return its path."""

    def put(files):
        files = {name: content(name) for name in files} if isinstance(files, list) else files
        if request.param == "zip":
            return zipped(tmp_path / "submissions.zip", files)
        for name, data in files.items():
            path = tmp_path / "submissions" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return tmp_path / "submissions"

    return put


def found(path):
    return find_submissions(path, NAMES, "a03_losses")


def by_student(path):
    return {each.student: each for each in found(path)}


def source(submission):
    return json.loads(submission.read_bytes())["of"]


def test_canvas_names_students_and_the_latest_attempt_counts(download):
    each = by_student(download(CANVAS))
    assert set(each) == {
        "doejane_1001",
        "ngzoë_1002",
        "vandykjr_1003",
        "anon_b7XyZ",
        "leewei_1005",
        "leewei_1006",
    }
    assert source(each["doejane_1001"]) == CANVAS[0]
    assert source(each["vandykjr_1003"]) == CANVAS[3]
    assert source(each["leewei_1006"]) == CANVAS[7]
    facts = {name: (one.late, one.attempt) for name, one in each.items()}
    assert facts["doejane_1001"] == (False, 1)
    assert facts["ngzoë_1002"] == (True, 3)
    assert facts["vandykjr_1003"] == (False, 2)
    assert facts["anon_b7XyZ"] == (True, 1)
    assert each["vandykjr_1003"].remarks == (f"an earlier attempt, not graded: {CANVAS[2]}",)
    with pytest.raises(MalformedError, match="web page"):
        read_notebook(each["leewei_1005"].read())


def test_a_download_is_announced(download):
    first, *rest = found(download(CANVAS)).notes
    assert first == "a03_losses: reading 6 submissions of a Canvas download, 2 late"
    assert [note for note in rest if "vandykjr" in note]


def test_moodle_names_students_groups_and_participants(download):
    each = by_student(download(MOODLE))
    expected = [
        "Default group",
        "Jane Doe_10442",
        "Participant_77",
        "Zoë van Dyk_10443",
        "李_10444",
    ]
    assert sorted(each) == expected
    assert source(each["Zoë van Dyk_10443"]) == MOODLE[1]
    assert {one.origin for one in each.values()} == {"a Moodle download"}
    assert {one.late for one in each.values()} == {None}


def test_moodle_without_folders_is_read_too(download):
    names = [
        "Jane Doe_10442_assignsubmission_file_hw_1.ipynb",
        "Li_1_assignsubmission_file_x.ipynb",
    ]
    each = by_student(download(names))
    assert sorted(each) == ["Jane Doe_10442", "Li_1"]
    assert source(each["Jane Doe_10442"]) == names[0]


def test_gradescope_says_who_submitted_and_when(download):
    root = "assignment_77_export"
    names = [f"{root}/submission_1/a03_losses.ipynb", f"{root}/submission_2/deep/hw.ipynb"]
    files = {name: content(name) for name in names}
    path = download({**files, f"{root}/submission_metadata.yml": GRADESCOPE})
    each = by_student(path)
    assert sorted(each) == ["101", "ben@example.edu", "jane@example.edu"]
    jane = each["jane@example.edu"]
    assert jane.submitted_at == datetime(2026, 11, 19, 22, 47, 27, 18556, UTC)
    assert (jane.attempt, each["101"].attempt) == (3, 1)
    assert source(jane) == names[0]
    assert source(each["101"]) == source(each["ben@example.edu"]) == names[1]
    assert each["101"].remarks == ("handed in together with ben@example.edu",)


def test_gradescope_without_what_it_should_say_keeps_its_own_names(download):
    name = "submission_5/hw.ipynb"
    path = download({name: content(name), "submission_metadata.yml": "submission_5: 7\n"})
    assert list(by_student(path)) == ["submission_5"]


def checkouts(folder, *names):
    for name in names:
        (folder / name / ".git").mkdir(parents=True)
        (folder / name / ".git/config.ipynb").write_text("{}")
        (folder / name / "a03_losses.ipynb").write_bytes(content(name))
    return folder


@pytest.mark.parametrize(
    ("folder", "names"),
    [
        ("losses-submissions", ["losses-ada-l", "losses-Ben"]),
        ("nn-losses_submissions_2026_11_20_T_10_00_00", ["nn-losses-ada-l", "nn-losses-Ben"]),
        ("here", ["cs-a03-losses-ada-l", "cs-a03-losses-Ben"]),
        ("here", ["ada-l", "Ben"]),
    ],
)
def test_repositories_lose_what_all_of_them_begin_with(tmp_path, folder, names):
    each = by_student(checkouts(tmp_path / folder, *names))
    assert sorted(each) == ["Ben", "ada-l"]
    assert source(each["ada-l"]) == names[0]
    assert each["Ben"].origin == "a folder of git repositories"


def test_repositories_that_name_no_assignment_keep_their_names(tmp_path):
    each = by_student(checkouts(tmp_path / "here", "hw-anna-b", "hw-anna-c"))
    assert sorted(each) == ["hw-anna-b", "hw-anna-c"]


def test_the_table_of_classroom_50_says_when_and_whether_late(tmp_path):
    folder = checkouts(
        tmp_path / "nn-x_submissions_2026_11_20_T_10_00_00", "nn-x-ada-l", "nn-x-Ben"
    )
    (folder / "scores.csv").write_text(SCORES)
    each = by_student(folder)
    assert each["ada-l"].submitted_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert each["ada-l"].late is True
    assert (each["Ben"].submitted_at, each["Ben"].late) == (None, None)


def test_a_download_mixed_with_something_else_is_refused(download):
    with pytest.raises(UsageError, match=r"looks like a Canvas download, but solution.ipynb does"):
        found(download([*CANVAS, "solution.ipynb"]))


def test_one_name_like_those_of_a_platform_is_only_a_name(download):
    path = download(["ann_1_2_hw.ipynb", "bob.ipynb", "carl/hw.ipynb"])
    if path.is_dir():
        assert set(by_student(path)) == {"ann_1_2_hw", "bob", "carl"}
    else:
        assert [each.student for each in found(path)] == ["submissions"]


def test_a_download_without_its_assignment_is_refused(download):
    with pytest.raises(UsageError, match=r"is a Moodle download; say which assignment"):
        find_submissions(download(MOODLE), NAMES)


def test_downloads_may_lie_in_folders_of_their_assignments(tmp_path):
    zipped(tmp_path / "a03_losses.zip", {name: content(name) for name in CANVAS})
    for name in MOODLE[:2]:
        path = tmp_path / "a01_tiny" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content(name))
    notes = find_submissions(tmp_path, NAMES).notes
    assert "a01_tiny: reading 2 submissions of a Moodle download" in notes
    assert "a03_losses: reading 6 submissions of a Canvas download, 2 late" in notes
