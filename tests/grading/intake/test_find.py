import json
import os
import unicodedata

import pytest

from autograder.errors import TamperedError, UsageError
from autograder.grading.intake.find import find_submissions
from tests.notebooks import zipped

NAMES = ["a01_tiny", "a02_more"]
NOTEBOOK = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})
HEBREW = "\u05e9\u05e8\u05d4 \u05db\u05d4\u05df"


def put(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(NOTEBOOK)


def found(folder, only=None):
    return [(each.assignment, each.student) for each in find_submissions(folder, NAMES, only)]


def students(folder, only="a01_tiny"):
    return [each.student for each in find_submissions(folder, NAMES, only)]


def test_submissions_are_found_in_every_layout(tmp_path):
    put(
        tmp_path,
        "a01_tiny/zoë.ipynb",
        "a01_tiny/bob/deep/hw 1 (2).ipynb",
        "a01_tiny/.ipynb_checkpoints/zoë.ipynb",
        "a01_tiny/notes.txt",
        "a02_more/ann.ipynb",
    )
    zipped(tmp_path / "a01_tiny/carl.zip", {"hw.ipynb": NOTEBOOK})
    expected = [("a01_tiny", "bob"), ("a01_tiny", "carl"), ("a01_tiny", "zoë"), ("a02_more", "ann")]
    assert found(tmp_path) == expected
    assert found(tmp_path, "a01_tiny") == expected[:3]
    assert found(tmp_path / "a01_tiny") == expected[:3]
    assert found(tmp_path / "a02_more/ann.ipynb", "a02_more") == [("a02_more", "ann")]
    for each in find_submissions(tmp_path, NAMES):
        assert each.read_bytes() == NOTEBOOK.encode()


def test_a_zip_is_read_like_the_folder_that_it_was_made_of(tmp_path):
    members = {"a01_tiny/ann.ipynb": NOTEBOOK, "a01_tiny/bob/hw.ipynb": NOTEBOOK}
    path = zipped(tmp_path / "submissions.zip", members)
    expected = [("a01_tiny", "ann"), ("a01_tiny", "bob")]
    assert found(path) == expected
    inner = zipped(tmp_path / "all/a01_tiny.zip", {"ann.ipynb": NOTEBOOK, "bob/hw.ipynb": NOTEBOOK})
    assert found(inner) == found(inner.parent) == expected
    wrapped = zipped(tmp_path / "more/a01_tiny.zip", members)
    assert found(wrapped) == expected
    for each in [*find_submissions(path, NAMES), *find_submissions(wrapped, NAMES)]:
        assert each.read_bytes() == NOTEBOOK.encode()


def test_what_cannot_be_found_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="does not exist"):
        found(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="holds no submission"):
        found(tmp_path)
    with pytest.raises(
        UsageError, match=r"there is no assignment 'a01_tyni'.* Did you mean 'a01_tiny'"
    ):
        found(tmp_path, "a01_tyni")
    put(tmp_path, "a1_tiny/ann.ipynb")
    with pytest.raises(
        UsageError, match=r"a1_tiny belongs to no assignment .* Did you mean 'a01_tiny'"
    ):
        found(tmp_path)
    with pytest.raises(UsageError, match=r"ann.ipynb is for: --assignment"):
        found(tmp_path / "a1_tiny/ann.ipynb")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(UsageError, match=r"broken.zip cannot be read"):
        found(tmp_path / "broken.zip")


def test_what_is_read_and_what_is_left_out_is_said(tmp_path):
    put(tmp_path, "a01_tiny/ann.ipynb", "a01_tiny/grades.xlsx", "a01_tiny/bob/hw.ipynb")
    assert find_submissions(tmp_path, NAMES).notes == (
        "a01_tiny: reading 2 submissions of a folder",
        "a01_tiny: left out, no notebook, zip or folder: grades.xlsx",
    )


def test_names_of_any_script_are_kept_and_spelled_in_one_way(tmp_path):
    names = ["Zoë", "李小龍", HEBREW, "👩‍🎓 Ada", "O'Neil-Smith, Ann"]
    put(tmp_path, *(f"{unicodedata.normalize('NFD', name)}.ipynb" for name in names))
    assert set(students(tmp_path)) == {unicodedata.normalize("NFC", name) for name in names}


def test_names_that_cannot_be_stored_are_made_storable(tmp_path):
    put(tmp_path, "a\nb\x1b[2J.ipynb", "\u202etxt.ipynb", "n" * 200 + "/hw.ipynb")
    (tmp_path / os.fsdecode(b"caf\xe9.ipynb")).write_text(NOTEBOOK)
    names = students(tmp_path)
    assert {"a b [2J", "txt", r"caf\xe9"} < set(names)
    assert max(map(len, names)) < 140
    for name in names:
        assert name.encode().decode().isprintable()


def test_one_student_has_one_submission(tmp_path):
    put(tmp_path, "ann.ipynb", "ann/hw.ipynb")
    zipped(tmp_path / "ann.zip", {"hw.ipynb": "{}"})
    (each,) = find_submissions(tmp_path, NAMES, "a01_tiny")
    document = each.read()
    assert document.name in {"ann.ipynb", "ann/hw.ipynb"}
    assert "ann.zip" in document.remarks[0]


def test_the_same_name_in_two_spellings_is_one_student(tmp_path):
    put(tmp_path, "Zo\u00eb.ipynb", "Zoe\u0308/hw.ipynb")
    assert students(tmp_path) == ["Zo\u00eb"]


def test_links_are_found_but_not_followed(tmp_path):
    put(tmp_path, "in/ann.ipynb", "out/secret.ipynb")
    folder = tmp_path / "in"
    (folder / "bob.ipynb").symlink_to("ann.ipynb")
    (folder / "carl").symlink_to(tmp_path / "out")
    (folder / "dora").mkdir()
    (folder / "dora/hw.ipynb").symlink_to(tmp_path / "out/secret.ipynb")
    by_name = {each.student: each for each in find_submissions(folder, NAMES, "a01_tiny")}
    assert by_name["ann"].read_bytes() == NOTEBOOK.encode()
    for name in ("bob", "carl", "dora"):
        with pytest.raises(TamperedError, match="symbolic link, which is not followed"):
            by_name[name].read()


def test_a_link_to_the_submissions_themselves_is_the_graders_own(tmp_path):
    put(tmp_path, "download/ann.ipynb")
    (tmp_path / "a01_tiny").symlink_to("download")
    assert found(tmp_path / "a01_tiny") == [("a01_tiny", "ann")]
