"""The corpus through the real grader, in one batch: ``expected.yml`` is read by a person."""

import json
import os
import shutil

import pytest
import yaml

from autograder.grading.batch import grade_batch, plan
from autograder.grading.intake.find import find_submissions
from autograder.grading.pool import LocalGraders
from autograder.grading.store import Store
from tests.submissions.cases import COMMITTED, MADE, by_hand
from tests.submissions.make import HERE, Sheet, write

EXPECTED = yaml.safe_load((HERE / "expected.yml").read_text(encoding="utf-8"))
KEYS = [(name, student) for name, students in EXPECTED.items() for student in students]
LARGEST = 60_000


@pytest.fixture(scope="session")
def corpus(course, tmp_path_factory):
    """The committed corpus and what is too large or too odd to commit."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in COMMITTED:
        shutil.copytree(HERE / name, folder / name)
    sheet = Sheet(course, "a06_optimizers")
    for made in MADE:
        write(folder / sheet.name, made(sheet))
    by_hand(folder / sheet.name)
    return folder


@pytest.fixture(scope="session")
def records(built, corpus, tmp_path_factory):
    found = find_submissions(corpus, list(built.assignments))
    bundles = dict.fromkeys(COMMITTED, "")
    with Store(tmp_path_factory.mktemp("results")) as store:
        todo = plan(built, found, bundles, store, fresh=True)
        graders = LocalGraders(built, min(2, os.cpu_count() or 1))
        grade_batch(built, todo, store, graders, lambda *_, **__: None)
        return {(each["assignment"], each["student"]): each for each in store.records()}


def test_the_corpus_is_what_is_expected(records):
    assert set(records) == set(KEYS)
    assert len(KEYS) >= 60


@pytest.mark.parametrize("key", KEYS, ids="/".join)
def test_a_submission_is_read_and_graded_as_expected(records, key):
    name, student = key
    expected, record = EXPECTED[name][student], records[key]
    assert (record["status"], record["score"]) == (expected["status"], expected.get("score"))
    assert record["message"] == expected.get("message", "")
    assert record["remarks"] == expected.get("remarks", [])


def test_what_is_not_graded_has_no_score_and_a_reason(records):
    for record in records.values():
        assert (
            (record["score"] is None) == (record["status"] != "graded") == bool(record["message"])
        )


def test_no_message_shows_what_a_link_leads_to(records):
    secret = "root:x:0:0"
    assert not [key for key, each in records.items() if secret in json.dumps(each)]


def test_the_committed_corpus_is_small():
    sizes = [each.stat().st_size for each in HERE.rglob("*") if each.is_file()]
    assert max(sizes) < LARGEST
