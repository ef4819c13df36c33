"""What travels to another machine: submissions that were read, and a course without students."""

import pickle
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from autograder.course import load_course
from autograder.errors import MalformedError, TamperedError
from autograder.grading import deliveries
from autograder.grading.deliveries import Delivery, batches
from autograder.grading.intake.submissions import Submission
from autograder.grading.machines import Machine
from autograder.grading.parcels import pack_course, unpack_course
from tests.notebooks import RIGHT, submission, write


@pytest.fixture
def here(tmp_path):
    path = write(
        tmp_path / "ann.ipynb",
        submission({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}, RIGHT),
    )
    return Submission("a01_tiny", "ann", path, remarks=("an earlier attempt",))


def test_what_was_read_travels_and_the_file_is_not_needed(here):
    data = here.read_bytes()
    delivery = Delivery.of(here)
    here.path.unlink()
    there = pickle.loads(pickle.dumps(delivery))
    assert there.read_bytes() == data
    assert there.remarks == here.remarks
    assert there.size == len(data)


@pytest.mark.parametrize("kind", [MalformedError, TamperedError])
def test_what_is_wrong_with_a_submission_travels_too(here, kind, monkeypatch):
    def read(self):
        raise kind("a sentence")

    monkeypatch.setattr(Submission, "read", read)
    there = pickle.loads(pickle.dumps(Delivery.of(here)))
    with pytest.raises(kind, match=r"^a sentence$") as caught:
        there.read()
    assert caught.value.status == kind.status
    assert there.size == 0


def test_batches_hold_every_submission_once_in_order(here):
    students = [replace(here, student=f"s{number}") for number in range(7)]
    groups = list(batches(students, 3))
    assert [len(each) for each, _ in groups] == [3, 3, 1]
    assert [one for each, _ in groups for one in each] == students
    assert [one.student for _, each in groups for one in each] == [one.student for one in students]


def test_large_submissions_travel_in_small_batches(here, monkeypatch):
    monkeypatch.setattr(deliveries, "BATCH_BYTES", 2 * len(here.read_bytes()))
    assert [len(each) for each, _ in batches([here] * 5, 10)] == [2, 2, 1]


def test_a_course_travels_without_names_of_students(tiny, tmp_path):
    tiny.write("roster.csv", "id,name,email\n17,Ann Lovelace,ann@example.org\n")
    tiny.edit("grading.yml", "seed: 7", "seed: 7\nroster: roster.csv")
    tiny.edit(
        "grading.yml",
        "title: Tiny",
        "title: Tiny\n    due: 2026-12-01\n    extensions:\n      '17': 2026-12-09",
    )
    course = tiny.build()
    parcel = pack_course(course, ["a01_tiny"])
    with zipfile.ZipFile(BytesIO(parcel)) as archive:
        contents = {each: archive.read(each).decode() for each in archive.namelist()}
    assert not [name for name, text in contents.items() if "Lovelace" in text or "17" in name]
    assert "roster" not in contents["grading.yml"]
    assert "extensions" not in contents["grading.yml"]
    folder = tmp_path / "there"
    folder.mkdir()
    unpack_course(parcel, folder)
    there = load_course(folder)
    assert there.reference == course.reference
    assert there.assignments.keys() == course.assignments.keys()
    assert there.limits == course.limits


def test_the_secret_travels_with_the_course(tiny, tmp_path, monkeypatch):
    course = tiny.build()
    monkeypatch.setenv("GRADUS_SECRET", "of this course")
    with zipfile.ZipFile(BytesIO(pack_course(course, ["a01_tiny"]))) as archive:
        assert archive.read(".gradus-secret") == b"of this course"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"host": "other", "gaps": ("user",)}, ""),
        ({"python": "3.99.0"}, "has Python 3.99.0, and this machine "),
        ({"numpy": "9.0"}, "has numpy 9.0, and this machine "),
        ({"gradus": "0.0.1"}, "has Gradus 0.0.1, and this machine "),
        ({"framework": "x"}, "has another state of Gradus or otter-grader; "),
        ({"threads": 9, "cores": 8}, "has 9 threads on 8 cores, and "),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_a_machine_that_would_grade_otherwise_is_refused(change, words):
    ours = Machine.here()
    objection = replace(ours, **change).objection(ours)
    assert objection.startswith(words)
    assert bool(objection) == bool(words)
