"""A batch through real processes: what is graded again, and that nothing is lost."""

import json

import pytest

from autograder.grading.batch import grade_batch, plan
from autograder.grading.intake.find import find_submissions
from autograder.grading.intake.submissions import Submission
from autograder.grading.pool import LocalGraders
from autograder.grading.records import Entry
from autograder.grading.store import Store
from autograder.packaging.bundle import require_current
from autograder.reporting.exports.writers import write_exports
from tests.notebooks import RIGHT, submission, write
from tests.packaging.test_bundle import notebook


@pytest.fixture
def batch(tiny, tmp_path):
    return Batch(tiny, tmp_path)


class Batch:
    def __init__(self, tiny, tmp_path):
        self.course = tiny.build()
        self.folder = tmp_path / "submissions"
        self.results = tmp_path / "results"
        self.student = notebook(self.course, "a01_tiny")

    def hand_in(self, student, answers=None):
        path = self.folder / "a01_tiny" / f"{student}.ipynb"
        return write(path, submission(self.student, RIGHT if answers is None else answers))

    def run(self, workers=2, fresh=False, **options):
        found = find_submissions(self.folder, list(self.course.assignments))
        bundles = {"a01_tiny": require_current(self.course, self.course.assignments["a01_tiny"])}
        seen = {}
        with Store(self.results) as store:
            todo = plan(self.course, found, bundles, store, fresh=fresh)

            def progress(record, *, kept):
                seen[record["student"]] = (record["status"], record["score"], kept)

            graders = LocalGraders(self.course, workers, **options)
            grade_batch(self.course, todo, store, graders, progress)
        write_exports(self.results)
        return seen


def test_a_second_run_grades_only_what_changed(batch):
    batch.hand_in("ann")
    batch.hand_in("bob", {})
    assert batch.run() == {"ann": ("graded", 4.0, False), "bob": ("graded", 0.0, False)}
    assert batch.run() == {"ann": ("graded", 4.0, True), "bob": ("graded", 0.0, True)}
    batch.hand_in("bob", {"scale": RIGHT["scale"]})
    assert batch.run() == {"ann": ("graded", 4.0, True), "bob": ("graded", 1.0, False)}
    assert batch.run(fresh=True) == {"ann": ("graded", 4.0, False), "bob": ("graded", 1.0, False)}


def test_a_changed_policy_grades_again(batch, tiny):
    batch.hand_in("ann")
    batch.run()
    tiny.edit("grading.yml", "maths.mean: 3", "maths.mean: 5")
    batch.course = tiny.build()
    assert batch.run() == {"ann": ("graded", 6.0, False)}


def test_other_terms_of_lateness_grade_nothing_again(batch, tiny):
    batch.hand_in("ann")
    batch.run()
    tiny.edit("grading.yml", "seed: 7", "seed: 7\nlate:\n  percent: 10")
    tiny.edit("grading.yml", "title: Tiny", "title: Tiny\n    due: 2026-12-01")
    batch.course = tiny.load()
    assert batch.run() == {"ann": ("graded", 4.0, True)}


def test_an_assignment_is_graded_within_limits_of_its_own(batch, tiny):
    slow = RIGHT | {"scale": "import time\ntime.sleep(60)"}
    batch.hand_in("ann", slow)
    tiny.edit("grading.yml", "title: Tiny", "title: Tiny\n    limits:\n      cell_seconds: 0.3")
    batch.course = tiny.load()
    assert batch.run() == {"ann": ("graded", 3.0, False)}
    line = json.loads((batch.results / "results.jsonl").read_text())
    assert "timed out" in {cell["outcome"] for cell in line["cells"]}


CHANGES = {
    "the bytes of a submission": (lambda two: two.hand_in("ann", {}), {"a01_tiny/ann"}),
    "the points of an assignment": (
        lambda two: two.tiny.edit("grading.yml", "maths.mean: 3", "maths.mean: 5"),
        {"a01_tiny/ann", "a01_tiny/bob"},
    ),
    "the limits of an assignment": (
        lambda two: two.tiny.edit(
            "grading.yml", "title: Tiny", "title: Tiny\n    limits:\n      cell_seconds: 9"
        ),
        {"a01_tiny/ann", "a01_tiny/bob"},
    ),
    "the limits of the course": (
        lambda two: two.tiny.edit("grading.yml", "seed: 7", "seed: 7\nlimits:\n  cell_seconds: 9"),
        {"a01_tiny/ann", "a01_tiny/bob", "a02_other/ann"},
    ),
    "the seed": (
        lambda two: two.tiny.edit("grading.yml", "seed: 7", "seed: 8"),
        {"a01_tiny/ann", "a01_tiny/bob", "a02_other/ann"},
    ),
    "lateness": (
        lambda two: two.tiny.edit("grading.yml", "seed: 7", "seed: 7\nlate:\n  percent: 10"),
        set(),
    ),
    "the framework": (
        lambda two: two.patch.setattr("autograder.grading.batch.framework_digest", "{building}".format),
        {"a01_tiny/ann", "a01_tiny/bob", "a02_other/ann"},
    ),
    "one bundle": (lambda two: two.bundles.update(a02_other="new"), {"a02_other/ann"}),
    "nothing": (lambda two: None, set()),
}  # fmt: skip


class Two:
    """Two assignments, of which a change may touch one; nothing is graded, only planned."""

    def __init__(self, tiny, tmp_path, patch):
        self.tiny, self.patch = tiny, patch
        self.submissions, self.results = tmp_path / "submissions", tmp_path / "results"
        self.bundles = {"a01_tiny": "one", "a02_other": "two"}
        tiny.write(
            "assignments/a02_other/checks.py",
            "from autograder.declare import Case, Exercise\n\n"
            'exercise = Exercise("others.double")\n\n\n'
            "def numbers(rng):\n    yield Case(x=rng.standard_normal(3))\n\n\n"
            "@exercise.check(numbers)\ndef doubled(subject, case):\n"
            '    """It is doubled."""\n    return {"y": subject.double(**case)}\n',
        )
        tiny.write("assignments/a02_other/notebook.md", "```{exercise} others.double\n```\n")
        tiny.write(
            "reference/others.py",
            '"""Others."""\n\n\ndef double(x):\n    """Double."""\n    return 2 * x\n',
        )
        tiny.edit(
            "grading.yml",
            "assignments:\n",
            "assignments:\n  a02_other:\n    title: Other\n    points:\n      others.double: 1\n",
        )
        for name in ("a01_tiny/ann", "a01_tiny/bob", "a02_other/ann"):
            path = self.submissions / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"{}")

    def hand_in(self, student, answers):
        (self.submissions / f"a01_tiny/{student}.ipynb").write_text(str(answers) + " changed")

    def plan(self, *, grade=False):
        course = self.tiny.load()
        found = find_submissions(self.submissions, list(course.assignments))
        with Store(self.results) as store:
            todo = plan(course, found, self.bundles, store, fresh=False).todo
            for submission, key in todo if grade else ():
                graded = {"assignment": submission.assignment, "student": submission.student}
                store.put(key, Entry.of(graded))
        return {f"{submission.assignment}/{submission.student}" for submission, _ in todo}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_grades_again_what_it_touches_and_nothing_else(
    tiny, tmp_path, monkeypatch, change
):
    make, touched = CHANGES[change]
    two = Two(tiny, tmp_path, monkeypatch)
    assert two.plan(grade=True) == {"a01_tiny/ann", "a01_tiny/bob", "a02_other/ann"}
    make(two)
    assert two.plan() == touched


def test_one_and_two_workers_give_the_same(batch):
    for number in range(5):
        batch.hand_in(f"s{number}", {"mean": RIGHT["mean"]} if number % 2 else RIGHT)
    assert batch.run(workers=1) == batch.run(workers=2, fresh=True)


def test_a_malformed_notebook_is_listed_and_the_others_are_graded(batch):
    batch.hand_in("ann")
    (batch.folder / "a01_tiny/bob.ipynb").write_text('{"cells": [')
    assert batch.run() == {"ann": ("graded", 4.0, False), "bob": ("malformed", None, False)}
    lines = (batch.results / "results.jsonl").read_text().splitlines()
    assert [json.loads(line)["score"] for line in lines] == [4.0, None]
    assert (
        batch.results / "scores.csv"
    ).read_text() == "assignment,student,score,points\na01_tiny,ann,4.0,4.0\n"
    review = (batch.results / "review.csv").read_text().splitlines()
    assert review[0] == "assignment,student,status,reason,what to do"
    assert review[1].startswith('a01_tiny,bob,malformed,"not a notebook: broken JSON at line 1')


def test_a_grader_that_dies_is_a_fault_of_one_submission_only(batch, monkeypatch, tmp_path):
    """A course file ends the trusted process itself when it meets one student's work."""
    killer = batch.hand_in("bob")
    for name in ("ann", "carl", "dora"):
        batch.hand_in(name)
    checks = batch.course.root / "assignments/a01_tiny/checks.py"
    text = checks.read_text()
    checks.write_text(
        text.replace(
            'return {"y": subject.scale(**case)}',
            'y = subject.scale(**case)\n    if y.dtype == "float32": __import__("os").kill(__import__("os").getpid(), 9)\n    return {"y": y}',
        )
    )
    from autograder.course import load_course
    from autograder.packaging.bundle import build_bundle, write_bundle

    batch.course = load_course(batch.course.root)
    write_bundle(batch.course, build_bundle(batch.course, batch.course.assignments["a01_tiny"]))
    wrong = RIGHT | {"scale": "def scale(x, factor=2.0):\n    return np.float32(x * factor)"}
    write(killer, submission(batch.student, wrong))
    seen = batch.run()
    assert seen["bob"][:2] == ("fault", None)
    assert {seen[name][:2] for name in ("ann", "carl", "dora")} == {("graded", 4.0)}
    assert batch.run()["bob"] == ("fault", None, False), "a fault is tried again by the next run"


def test_a_submission_that_vanishes_is_malformed(batch):
    path = batch.hand_in("ann")
    (todo,) = find_submissions(batch.folder, ["a01_tiny"])
    path.unlink()
    with Store(batch.results) as store:
        jobs = plan(batch.course, [todo], {"a01_tiny": "x"}, store, fresh=False)
        seen = []

        def progress(record, *, kept):
            seen.append(record)

        grade_batch(batch.course, jobs, store, LocalGraders(batch.course, 1), progress)
    assert seen[0]["status"] == "malformed"
    assert "cannot be read" in seen[0]["message"]
    assert isinstance(todo, Submission)
