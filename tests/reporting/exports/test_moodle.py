import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.model import ExerciseResult, Verdict
from autograder.reporting.exports.writers import write_moodle
from autograder.reporting.students import Student
from autograder.texts import cell, html_cell
from tests.reporting.importers import MoodleCourse, shown
from tests.reporting.results import (
    HOSTILE,
    NOT_GRADED,
    SECRET,
    check,
    graded,
    not_graded,
    scored,
)


def load(tmp_path, course, results, by="username", students=None, assignment="a03_losses"):
    _, notes = write_moodle(tmp_path, results, by, students or {}, {"a03_losses": "Losses"})
    course.load((tmp_path / f"moodle/{assignment}.csv").read_text(encoding="utf-8"))
    return {each.student: each.note for each in notes}


def test_grades_and_feedback_arrive(tmp_path):
    course = MoodleCourse({"ann", "bob"})
    assert load(tmp_path, course, [graded("ann"), scored("bob", 7.5)]) == {}
    assert course.grades == {"ann": graded()["score"], "bob": 7.5}
    assert "y[0] is 1, expected 2. A mean?" in course.feedback["ann"]
    assert SECRET not in course.feedback["ann"]


def test_a_whole_class_arrives_and_others_keep_what_they_had(tmp_path):
    users = {f"user{n}@example.org" for n in range(300)}
    course = MoodleCourse(users, {"user299@example.org": 3.0})
    results = [
        not_graded(NOT_GRADED[n % 3], f"user{n}@example.org")
        if n % 7 == 0
        else scored(f"user{n}@example.org", n % 11)
        for n in range(299)
    ]
    load(tmp_path, course, results, "email")
    wanted = {each["student"]: each["score"] for each in results if each["score"] is not None}
    assert course.grades == {**wanted, "user299@example.org": 3.0}


def test_each_assignment_has_its_file_with_its_title(tmp_path):
    results = [scored("ann", 7.5), scored("ann", 2.0, assignment="a06_optimizers")]
    count, _ = write_moodle(tmp_path, results, "idnumber", {}, {"a03_losses": "Losses"})
    heads = [
        next(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        for path in sorted((tmp_path / "moodle").iterdir())
    ]
    assert count == 2
    assert heads == [
        ["ID number", "Losses", "Losses (Feedback)"],
        ["ID number", "a06_optimizers", "a06_optimizers (Feedback)"],
    ]


@pytest.mark.parametrize(
    ("by", "known", "note"),
    [
        ("email", Student(login="ann"), "has no email address"),
        ("idnumber", Student(id="0"), "has no id number"),
        ("username", Student(login=" "), "has no username"),
        ("email", Student(email="ann"), "'ann' is no e-mail address"),
        ("username", Student(login="=ann"), "the identifier would not arrive as it is"),
        ("username", Student(login="ann "), "the identifier would not arrive as it is"),
        ("username", Student(login="bob"), "'bob' stands for more than one student"),
    ],
)
def test_a_student_who_would_stop_the_import_is_left_out_and_listed(tmp_path, by, known, note):
    students = {"ann": known, "bob": Student("7", "Bob", "bob@example.org", "S7", "bob")}
    course = MoodleCourse({"7", "bob@example.org", "bob"})
    notes = load(tmp_path, course, [scored("ann", 9.0), scored("bob", 7.5)], by, students)
    assert notes["ann"] == note
    assert 9.0 not in course.grades.values()


@pytest.mark.parametrize("status", NOT_GRADED)
def test_what_was_not_graded_has_no_row(tmp_path, status):
    count, notes = write_moodle(tmp_path, [not_graded(status)], "username", {}, {})
    assert (count, notes, (tmp_path / "moodle").exists()) == (0, (), False)


def test_feedback_is_shown_as_text(tmp_path):
    wrong = check("values", Verdict.FAILED, message=HOSTILE)
    course = MoodleCourse({"ann"})
    load(tmp_path, course, [graded(exercises=(ExerciseResult("m.f", 1.0, (wrong,)),))])
    assert "<script>" not in course.feedback["ann"]
    assert "<script>alert(1)</script>" in shown(course.feedback["ann"])


@settings(deadline=None)
@given(st.text(alphabet="=+-@,;|'\" \t\n<>&a1#\uff1d"))
def test_feedback_is_no_formula_and_loses_nothing(text):
    written = html_cell(text)
    assert cell(written) == written
    assert shown(written) == text.replace("\t", " ")
