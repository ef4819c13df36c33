"""Labels for names: they stay, they lead nowhere, and they replace names in texts too."""

import json

import pytest

from autograder.errors import UsageError
from autograder.reporting.pages.labels import Labels, Names, keep_labels
from autograder.roster import Student

CLASS = [f"student{number}" for number in range(40)]


def test_a_student_keeps_the_label_when_others_come(tmp_path):
    first = keep_labels(tmp_path, CLASS, {}).labels
    second = keep_labels(tmp_path, ["a newcomer", *CLASS], {}).labels
    assert second == {**first, "a newcomer": "Student 041"}
    assert sorted(first.values()) == [f"Student {number:03}" for number in range(1, 41)]


def test_labels_are_not_in_the_order_of_names_nor_the_same_in_another_folder(tmp_path):
    drawn = [keep_labels(tmp_path / name, CLASS, {}).labels for name in ("one", "other")]
    orders = [[labels[name] for name in CLASS] for labels in drawn]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) not in orders


def test_a_broken_file_is_one_sentence(tmp_path):
    for text in ("{", "[]", "\xff"):
        (tmp_path / "labels.json").write_text(text, encoding="latin-1")
        with pytest.raises(UsageError, match=r"labels\.json cannot be read; remove it"):
            keep_labels(tmp_path, CLASS, {})


def test_a_strange_name_survives_the_file(tmp_path):
    names = ["\udcff", "Zoë\u202e", "=1+1", "a\nb"]
    first = keep_labels(tmp_path, names, {})
    assert keep_labels(tmp_path, names, {}).labels == first.labels
    assert set(json.loads((tmp_path / "labels.json").read_text("utf-8"))) == set(names)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ann.ipynb cannot be read", "A.ipynb cannot be read"),
        ("ANN_LEE and ann", "A and A"),
        ("does not count: latest is bo", "does not count: latest is B"),
        ("a.lee@uni.edu, Bo  van\nder Berg", "A, B"),
        ("Anna, annex and x[0]", "Anna, annex and x[0]"),
        ("S7 and s77", "A and s77"),
        ("", ""),
    ],
)
def test_a_name_in_a_text_is_replaced_however_it_is_written(text, shown):
    known = {"ann": Student("ann", "Ann Lee", "a.lee@uni.edu", "S7", "alee", section="x")}
    assert Labels({"ann": "A", "bo": "B", "Bo van der Berg": "B"}, known).text(text) == shown


def test_without_labels_names_are_cleaned_and_stay():
    assert Names().of("Ann\n\x1b[31mLee") == "Ann Lee"
    assert Names().text("Ann\x00") == "Ann�"
