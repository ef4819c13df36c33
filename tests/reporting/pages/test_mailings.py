"""The folder of feedback: a page and a text for each student, and only what has changed."""

import csv

import pytest

from autograder.grading.records import Entry
from autograder.grading.store import Store
from autograder.numerics.drawing import draw
from autograder.numerics.pictures import Picture
from autograder.reporting.pages.drawings import FEW, Drawings
from autograder.reporting.pages.mailings import write_feedback
from tests.reporting.results import graded, not_graded, scored

TITLES = {"a03_losses": "Losses"}


def picture(number):
    series = {"off": [[0.5, float(number)]], "block": [1, 1]}
    return {"kind": "heat", "title": "y", "words": "w", "series": series, "labels": ["index", ""]}


def stored(folder, *records, pictures=None):
    with Store(folder) as store:
        for record in records:
            store.put("key", Entry.of(record, pictures=pictures))
    return folder


def write(folder, finals=None):
    with Store.existing(folder) as store, Drawings() as drawings:
        return write_feedback(folder, store, finals or {}, TITLES, drawings)


def files(folder):
    return sorted(path.name for path in (folder / "feedback").glob("[!.]*"))


def read(path):
    return path.read_text(encoding="utf-8")


def test_each_student_has_one_page_about_everything(tmp_path):
    stored(tmp_path, graded("ann"), graded("ann", "a06_optimizers"), not_graded(student="bob"))
    assert write(tmp_path) == 2
    assert files(tmp_path) == ["ann.html", "ann.md", "bob.html", "bob.md", "index.csv"]
    assert "## Losses\n" in read(tmp_path / "feedback/ann.md")
    assert "## a06\\_optimizers\n" in read(tmp_path / "feedback/ann.md")


def test_names_that_are_no_file_names_are_found_in_the_index(tmp_path):
    stored(tmp_path, graded("../../etc"), graded("Ann"), graded("ann"), graded("=1+1"))
    write(tmp_path)
    with (tmp_path / "feedback/index.csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"../../etc", "Ann", "ann", "'=1+1"}
    for row in rows.values():
        assert (tmp_path / "feedback" / row["page"]).resolve().parent == tmp_path / "feedback"
        assert (tmp_path / "feedback" / row["page"]).is_file()
        assert (tmp_path / "feedback" / row["text"]).is_file()
    assert len({row["page"].casefold() for row in rows.values()}) == 4


def test_only_what_has_changed_is_written_again(tmp_path):
    stored(tmp_path, graded("ann"), scored("bob", 5.0))
    write(tmp_path)
    for name in ("ann.html", "bob.html"):
        (tmp_path / "feedback" / name).write_text("as it was")
    assert write(tmp_path) == 0
    stored(tmp_path, scored("bob", 6.0))
    assert write(tmp_path) == 1
    assert read(tmp_path / "feedback/ann.html") == "as it was"
    assert "6 of 10 points" in read(tmp_path / "feedback/bob.html")


def test_a_page_that_is_missing_is_written_again(tmp_path):
    stored(tmp_path, graded("ann"))
    write(tmp_path)
    (tmp_path / "feedback/ann.md").unlink()
    assert write(tmp_path) == 1
    assert (tmp_path / "feedback/ann.md").is_file()


def test_pages_of_students_who_are_gone_go_too(tmp_path):
    stored(tmp_path / "one", graded("ann"), graded("bob"))
    write(tmp_path / "one")
    stored(tmp_path / "two", graded("ann"))
    (tmp_path / "one/feedback").rename(tmp_path / "two/feedback")
    write(tmp_path / "two")
    assert files(tmp_path / "two") == ["ann.html", "ann.md", "index.csv"]


@pytest.mark.parametrize("damage", ["", "[1]", "{"])
def test_a_damaged_list_of_what_was_written_costs_only_time(tmp_path, damage):
    stored(tmp_path, graded("ann"))
    write(tmp_path)
    (tmp_path / "feedback/.pages.json").write_text(damage)
    assert write(tmp_path) == 1
    assert write(tmp_path) == 0


def test_pictures_are_on_the_page(tmp_path):
    stored(tmp_path, graded("ann"), pictures={"losses.mse": {"signs": picture(1)}})
    write(tmp_path)
    text = read(tmp_path / "feedback/ann.html")
    assert draw(Picture(**picture(1))) in text


def test_drawings_are_the_same_however_they_are_made():
    pictures = [picture(number) for number in range(1, FEW + 2)]
    with Drawings(workers=2) as together, Drawings(workers=1) as alone:
        together.prepare([*pictures, *pictures])
        assert all(together.of(each) == alone.of(each) for each in (pictures[0], pictures[-1]))
