"""A gradebook of 300 students, filled by us, imported by an emulation of Canvas."""

import copy
import itertools
import random

import pytest

from autograder.errors import UsageError
from autograder.reporting.exports.gradebooks import read_gradebook
from autograder.reporting.exports.writers import write_canvas
from autograder.reporting.students import Student
from tests.reporting.importers import CanvasCourse
from tests.reporting.results import NOT_GRADED, not_graded, scored

A3, A6, MANUAL, POSTED = 701, 702, 703, 704
TITLES = {"a03_losses": ["a03_losses", "Losses, and their gradients"], "a06_optimizers": ["702"]}
FORMATS = {
    "plain": {},
    "with a byte order mark": {"bom": True},
    "of a language with decimal commas": {"delimiter": ";", "comma": True},
    "with names in two columns": {"split": True},
}


def large_course():
    """300 students in two sections, with some scores, some excused and some unassigned."""
    first = ["Ann", "Zoë", "=1+1", "@Bo", "Mia Li", "O'Neil"]
    students = {
        1000 + n: (
            f"{first[n % 6]} {n}" if n >= 4 else "Wei",
            f"Last{n:03}" if n >= 4 else "Zhang",
            f"S{n:05}",
            f"user{n}@example.org",
            "Section 1" if n % 2 else "Section 1 and Section 2",
        )
        for n in range(300)
    }
    course = CanvasCourse(
        students,
        {
            A3: ("Losses, and their gradients", 10.0),
            A6: ("Optimizers", 12.5),
            MANUAL: ("Essay", 5.0),
            POSTED: ("Final Grade survey", 1.0),
        },
    )
    rng = random.Random(3)
    for student, assignment in itertools.product(students, course.assignments):
        kind = rng.randrange(10)
        if kind == 0:
            course.scores[student, assignment] = "EX"
        elif kind == 1:
            course.unassigned.add((student, assignment))
        elif kind < 5:
            course.scores[student, assignment] = f"{rng.randrange(1000) / 100:.2f}"
    course.scores[1299, MANUAL] = "-1.50"
    return course


def identifier(number, course):
    """What a submission of the student goes by: each kind in turn."""
    first, last, sis, login, _ = course.students[1000 + number]
    kinds = (str(1000 + number), sis, login, f"{first} {last}", f"{last}, {first}")
    return kinds[number % 5]


def some_results(course):
    """Results of most students: every seventh not graded, every fifth has done one assignment."""
    for number in range(280):
        name = identifier(number, course)
        for assignment, points in (("a03_losses", 10.0), ("a06_optimizers", 12.5)):
            if assignment == "a06_optimizers" and number % 5 == 0:
                continue
            if number % 7 == 0:
                yield not_graded(NOT_GRADED[number % 3], name, assignment)
            else:
                yield scored(name, (number * 37 % 1000) / 100, points, assignment)
    yield scored("nobody", 9.0)


def expected(course, results):
    """The gradebook that we want, student by student, and who can't be matched."""
    after, unmatched = copy.deepcopy(course), set()
    numbers = {identifier(n, course): n for n in range(300)}
    for record in results:
        key = A3 if record["assignment"] == "a03_losses" else A6
        number = numbers.get(record["student"])
        if record["score"] is None:
            continue
        if number is None or (number < 4 and number % 5 > 2):  # four students of one name
            unmatched.add(record["student"])
            continue
        place = (1000 + number, key)
        if place not in course.unassigned and course.scores.get(place) != "EX":
            after.scores[place] = f"{record['score']:.2f}"
    return after, unmatched


def fill(tmp_path, course, results, students=None, names=TITLES, **form):
    export = tmp_path / "export.csv"
    export.write_text(course.export(**form), encoding="utf-8", newline="")
    rows, notes = write_canvas(tmp_path, results, export, students or {}, names)
    return rows, notes, (tmp_path / "canvas.csv").read_text(encoding="utf-8")


def small_course(**changes):
    students = {7: ("Ann", "Lee", "S7", "ann", "A"), 8: ("Bob", "Lee", "S8", "bob", "B")}
    given = {"students": students, "assignments": {A3: ("a03_losses", 10.0)}, **changes}
    return CanvasCourse(**given)


def said(notes):
    return {(each.assignment, each.student): each.note for each in notes}


@pytest.mark.parametrize("form", FORMATS)
def test_every_cell_of_a_large_gradebook_is_as_it_should_be(tmp_path, form):
    course = large_course()
    results = list(some_results(course))
    wanted, unmatched = expected(course, results)
    _, notes, text = fill(tmp_path, course, results, **FORMATS[form])
    course.load(text)
    assert course.created == []
    assert course.assignments == wanted.assignments
    assert course.students == wanted.students
    for place in itertools.product(course.students, course.assignments):
        assert course.scores.get(place) == wanted.scores.get(place), place
    assert {
        each.student for each in notes if "such" in each.note or "may" in each.note
    } == unmatched


def test_the_emulation_changes_nothing_when_an_export_comes_back():
    for form in FORMATS.values():
        course = large_course()
        del course.assignments[POSTED]  # the importer never reads it
        before = copy.deepcopy(course.scores)
        course.load(course.export(**form).removeprefix("\ufeff"))
        assert course.scores == before
        assert course.created == []


def test_the_emulation_notices_what_a_careless_file_does():
    course = small_course(scores={(7, A3): "5.00"})
    course.load("Student,ID,Section,losses\nLee,7,A,\n,99,A,3\n")
    assert course.created == ["assignment losses", "student "]
    course.load(f"Student,ID,Section,a03_losses ({A3})\nLee,7,A,\n")
    assert (7, A3) not in course.scores


@pytest.mark.parametrize("status", NOT_GRADED)
def test_what_was_not_graded_leaves_the_gradebook_alone(tmp_path, status):
    course = small_course(scores={(7, A3): "5.00"})
    rows, _, text = fill(tmp_path, course, [not_graded(status, "ann")])
    course.load(text)
    assert (rows, course.scores) == (0, {(7, A3): "5.00"})


def test_a_score_that_changes_is_listed(tmp_path):
    course = small_course(scores={(7, A3): "5.00", (8, A3): "6.00"})
    _, notes, _ = fill(tmp_path, course, [scored("ann", 7.5), scored("bob", 6.0)])
    assert said(notes) == {("a03_losses", "ann"): "5.00 becomes 7.50"}
    assert "ann" in (tmp_path / "canvas-notes.csv").read_text(encoding="utf-8")


def test_excused_and_unassigned_students_stay_so_and_are_listed(tmp_path):
    course = small_course(scores={(7, A3): "EX"}, unassigned={(8, A3)})
    rows, notes, _ = fill(tmp_path, course, [scored("ann", 7.5), scored("bob", 6.0)])
    assert rows == 0
    assert "excused" in said(notes)["a03_losses", "ann"]
    assert "not for this student" in said(notes)["a03_losses", "bob"]


def test_identifiers_that_contradict_each_other_are_not_guessed(tmp_path):
    course = small_course(
        students={7: ("Ann", "Lee", "8", "ann", "A"), 8: ("Bob", "Lee", "S8", "bob", "B")}
    )
    rows, notes, _ = fill(tmp_path, course, [scored("8", 7.5)])
    assert rows == 0
    assert said(notes) == {("a03_losses", "8"): "2 students in Canvas may be meant"}


def test_what_is_known_of_a_student_settles_whom_a_name_means(tmp_path):
    course = small_course()
    course.students[8] = ("Ann", "Lee", "S8", "bob", "B")
    known = {"Ann Lee": Student(sis_id="S8", name="Ann Lee")}
    _, notes, text = fill(tmp_path, course, [scored("Ann Lee", 7.5)], known)
    course.load(text)
    assert (course.scores, notes) == ({(8, A3): "7.50"}, ())


def test_two_submissions_of_one_student_are_not_chosen_between(tmp_path):
    rows, notes, _ = fill(tmp_path, small_course(), [scored("ann", 7.5), scored("S7", 6.0)])
    assert rows == 0
    assert set(said(notes).values()) == {"another submission may be this student's too"}


def test_one_student_may_go_by_two_names_in_two_assignments(tmp_path):
    course = small_course(assignments={A3: ("a03_losses", 10.0), A6: ("Optimizers", 10.0)})
    results = [scored("ann", 7.5), scored("S7", 6.0, 10.0, "a06_optimizers")]
    _, notes, text = fill(tmp_path, course, results)
    course.load(text)
    assert (course.scores, notes) == ({(7, A3): "7.50", (7, A6): "6.00"}, ())


@pytest.mark.parametrize(
    ("assignments", "read_only", "note"),
    [
        ({A3: ("Something else", 10.0)}, set(), "no column in Canvas: say which, with its id"),
        (
            {A3: ("a03_losses", 10.0), A6: ("A03_Losses", 10.0)},
            set(),
            "2 columns in Canvas: say which, with its id",
        ),
        ({A3: ("a03_losses", 10.0)}, {A3}, "the column is read only in Canvas"),
    ],
)
def test_an_assignment_without_its_column_is_listed(tmp_path, assignments, read_only, note):
    course = small_course(assignments=assignments, read_only=read_only)
    rows, notes, text = fill(tmp_path, course, [scored("ann", 7.5)])
    course.load(text)
    assert (rows, course.scores, course.created) == (0, {}, [])
    assert said(notes) == {("a03_losses", ""): note}


def test_a_title_that_canvas_takes_for_a_total_is_listed(tmp_path):
    course = small_course(assignments={A3: ("The Final Score of it", 10.0)})
    names = {"a03_losses": [str(A3)]}
    _, notes, _ = fill(tmp_path, course, [scored("ann", 7.5)], names=names)
    assert said(notes) == {("a03_losses", ""): "Canvas takes a column of this title for a total"}


def test_two_assignments_never_share_a_column(tmp_path):
    names = {"a03_losses": [str(A3)], "a06_optimizers": [str(A3)]}
    results = [scored("ann", 7.5), scored("bob", 6.0, assignment="a06_optimizers")]
    rows, notes, _ = fill(tmp_path, small_course(), results, names=names)
    assert rows == 0
    assert set(said(notes).values()) == {"shares its column in Canvas: say which"}


def test_other_points_than_in_canvas_are_listed_and_nothing_is_scaled(tmp_path):
    course = small_course(assignments={A3: ("a03_losses", 100.0)})
    _, notes, text = fill(tmp_path, course, [scored("ann", 7.5)])
    course.load(text)
    assert course.scores == {(7, A3): "7.50"}
    assert course.assignments[A3] == ("a03_losses", 100.0)
    assert "10 points here, 100.0 in Canvas" in said(notes)["a03_losses", ""]


@pytest.mark.parametrize("number", ["", "12a"])
def test_a_row_without_an_id_is_never_written(tmp_path, number):
    export = tmp_path / "export.csv"
    export.write_text(f"Student,ID,Section,a03_losses ({A3})\nann,{number},A,\n", encoding="utf-8")
    rows, notes = write_canvas(tmp_path, [scored("ann", 7.5)], export, {}, {})
    assert rows == 0
    assert "ID in Canvas is missing" in said(notes)["a03_losses", "ann"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is not a gradebook"),
        (b"name,score\nann,3\n", "is not a gradebook"),
        (b"Student,ID,a03 (1)\n", "is not a gradebook"),
        (b"Student,ID,Section\nann,1,A,9\n", "more cells than the header"),
        (b'Student,ID,Section\n"ann"x,1,A\n', "is not a CSV file"),
        (b"Student,ID,Section\nZo\xeb,1,A\n", "is not UTF-8 text"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_gradebook_is_one_sentence(tmp_path, content, problem):
    path = tmp_path / "export.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=problem):
        read_gradebook(path)


def test_cells_that_get_no_new_score_say_what_they_said(tmp_path):
    students = {n: (f"S{n}", "Lee", f"S{n}", f"s{n}", "A") for n in range(1, 6)}
    course = small_course(
        students=students, assignments={A3: ("a03_losses", 10.0), A6: ("a06_optimizers", 10.0)}
    )
    old = {1: "-1.50", 2: "-", 3: "EX", 4: "4.25"}
    course.scores = {(n, A3): value for n, value in old.items()}
    results = [scored(f"s{n}", 7.0, assignment="a06_optimizers") for n in students]
    _, _, text = fill(tmp_path, course, [*results, scored("s5", 3.0)], names={})
    course.load(text)
    kept = {n: course.scores.get((n, A3)) for n in students}
    assert kept == {1: "-1.5", 2: None, 3: "EX", 4: "4.25", 5: "3.00"}
