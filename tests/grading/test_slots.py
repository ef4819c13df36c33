"""A grading process beside another program: it is replaced when it dies, and leaves nothing."""

import os

import pytest

pytest.importorskip("psutil")

import psutil

from autograder.errors import FaultError
from autograder.grading import slots
from autograder.grading.deliveries import Delivery
from autograder.grading.intake.submissions import Submission
from autograder.grading.parcels import pack_course
from autograder.grading.records import read_json
from autograder.grading.slots import Slot
from tests.grading.dask_cluster import await_end
from tests.notebooks import RIGHT, submission, write
from tests.packaging.test_bundle import notebook

NAME = "a01_tiny"
AT_ONCE = "from autograder.grading import slots; slots.IDLE_SECONDS = 0.0; slots.main()"


@pytest.fixture
def make(tiny, tmp_path):
    """Return what makes slots, and a submission for them."""
    course = tiny.build()
    path = write(tmp_path / "ann.ipynb", submission(notebook(course, NAME), RIGHT))
    base = tmp_path / "base"
    base.mkdir()
    made = []

    def slot(seconds=300.0):
        made.append(Slot(pack_course(course, [NAME]), frozenset(), seconds, base))
        return made[-1], Delivery.of(Submission(NAME, "ann", path)), base

    yield slot
    for each in made:
        each.close()


def children():
    living = (each for each in psutil.Process().children() if each.status() != psutil.STATUS_ZOMBIE)
    return [each for each in living if "slots" in str(each.cmdline())]


def test_a_slot_grades_with_the_secret_of_the_course_and_cleans_up(make, monkeypatch):
    slot, delivery, base = make()
    ours = os.environ["GRADUS_SECRET"]
    monkeypatch.setenv("GRADUS_SECRET", "of somebody else")
    assert read_json(slot.grade(delivery).line)["score"] == 4.0
    (folder,) = base.iterdir()
    assert (folder / ".gradus-secret").read_text() == ours
    slot.close()
    assert not list(base.iterdir())
    assert not children()


def test_a_process_that_died_is_replaced(make):
    slot, delivery, base = make()
    assert read_json(slot.grade(delivery).line)["score"] == 4.0
    (process,) = children()
    process.kill()
    await_end([process])
    assert read_json(slot.grade(delivery).line)["score"] == 4.0
    assert len(list(base.iterdir())) == 1


def test_a_submission_on_which_the_grader_stalls_is_given_up(make):
    slot, delivery, base = make(seconds=0.0)
    assert slot.grade(delivery) is None
    assert not children()
    assert not list(base.iterdir())


def test_a_process_without_work_ends_and_takes_the_course_with_it(make, monkeypatch):
    monkeypatch.setattr(slots, "_PROGRAM", AT_ONCE)
    slot, delivery, base = make()
    slot.grade(delivery)  # or not, if the process was faster
    await_end(children())
    assert not list(base.iterdir())


def test_a_slot_that_was_closed_starts_nothing(make):
    slot, delivery, base = make()
    slot.close()
    with pytest.raises(FaultError, match="grading was called off"):
        slot.grade(delivery)
    assert not list(base.iterdir())


def test_a_process_that_does_not_start_is_one_sentence(make, monkeypatch):
    monkeypatch.setattr(slots, "_PROGRAM", "import sys; sys.exit(3)")
    slot, delivery, base = make()
    with pytest.raises(FaultError, match="did not start: it ended at once"):
        slot.grade(delivery)
    assert not list(base.iterdir())
