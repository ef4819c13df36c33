"""Whom a name means: one student of the roster, or nobody; never a guess."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import CourseError, UsageError
from autograder.roster import Roster, Student, read_roster

STUDENTS = [
    Student("s1", "Zoë Müller", "zoe.mueller@uni.edu", "900001", "zmuel", "A"),
    Student("s2", "Ann Lee", "ann@uni.edu", "900002", "alee", "A"),
    Student("s3", "Ann Lee", "ann.lee@uni.edu", "900003", "alee2", "B"),
    Student("s4", "عمر", "omar@uni.edu"),
    Student("S5", "Straße", "ss@uni.edu"),
]


def who(name, students=STUDENTS):
    student = Roster(students).find(name).student
    return student and student.id


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("s1", "s1"),
        ("900002", "s2"),
        ("alee2", "s3"),
        ("ZOE.MUELLER@UNI.EDU", "s1"),
        ("zoe.mueller", "s1"),
        ("Ann.Lee", "s3"),
        (unicodedata.normalize("NFD", "Zoë Müller"), "s1"),
        (unicodedata.normalize("NFD", "ZOË MÜLLER"), "s1"),
        ("  Zoë   Müller ", "s1"),
        ("عمر", "s4"),
        ("STRASSE", "S5"),
        ("Ann Lee", None),  # two students
        ("Zoe Müller", None),  # nearly, which is not enough
        ("Zo", None),
        ("", None),
    ],
)
def test_a_name_means_one_student_or_nobody(name, found):
    assert who(name) == found


def test_an_exact_name_comes_before_one_in_other_letters():
    students = [Student("ann"), Student("bob", name="ANN")]
    assert (who("ann", students), who("ANN", students), who("Ann", students)) == (
        "ann",
        "bob",
        None,
    )


def test_the_id_of_one_student_and_the_number_of_another_are_a_doubt():
    assert who("77", [Student("77"), Student("78", sis_id="77")]) is None


def test_doubtful_names_are_listed_with_whom_they_may_mean():
    assert list(Roster(STUDENTS).doubtful(["Ann Lee", "s1", "nobody", "nobody"])) == [
        "'Ann Lee' may be any of s2, s3 in the roster",
        "'nobody' is nobody in the roster",
    ]


@given(
    st.lists(st.tuples(st.text(max_size=4), st.text(max_size=4)), max_size=6), st.text(max_size=4)
)
def test_whoever_is_found_has_that_name(people, name):
    students = [Student(f"#{n}", *person) for n, person in enumerate(people)]
    student = Roster(students).find(name).student
    if student is not None:
        assert _same(name) in {_same(student.id), _same(student.name), _same(student.email)} | {
            _same(student.email.partition("@")[0])
        }


def _same(text):
    return " ".join(
        unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split()
    )


@pytest.fixture
def read(tmp_path):
    def read(text):
        data = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "roster.csv").write_bytes(data)
        return read_roster(tmp_path / "roster.csv").students

    return read


def test_a_roster_is_read_whatever_the_order_of_its_columns(read):
    text = "Section,SIS ID,Name,ID,Year\nA,9,Ann,s1,2026\n\nB,8,Bob,s2,2026\n"
    assert read(text) == (
        Student("s1", "Ann", sis_id="9", section="A"),
        Student("s2", "Bob", sis_id="8", section="B"),
    )


@pytest.mark.parametrize("text", ["\ufeffid;name\r\ns1;Lee, Ann\r\n", 'id,name\r\ns1,"Lee, Ann"'])
def test_a_roster_saved_by_a_spreadsheet_is_read(read, text):
    assert read(text) == (Student("s1", "Lee, Ann"),)


BAD = {
    "no id": ("name\nAnn\n", "roster.csv:1: there is no column 'id'; known columns: id, name"),
    "nothing at all": ("", "roster.csv:1: there is no column 'id'"),
    "a misspelt column": ("id,emial\n", "unknown column 'emial'. Did you mean 'email'?"),
    "a column twice": ("id,name,Name\n", "there are two columns 'name'"),
    "an empty id": ("id,name\ns1,Ann\n,Bob\n", "roster.csv:3: Bob has no id"),
    "an id twice": ("id\ns1\nS1\n", "roster.csv:3: the id 'S1' stands in line 2 already"),
    "an id that leaves its folder": ("id\n../x\n", "roster.csv:2: '../x' is no id"),
    "a hidden id": ("id\n.x\n", "do not begin with a dot"),
    "an id too long for a file": (f"id\n{'x' * 101}\n", "is no id"),
    "another encoding": ("id\nMüller\n".encode("latin-1"), "not UTF-8; save it as CSV UTF-8"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_roster_is_refused_with_its_line(read, name):
    text, message = BAD[name]
    with pytest.raises(CourseError) as caught:
        read(text)
    assert message in str(caught.value)


def test_a_roster_that_is_not_there_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="does not exist"):
        read_roster(tmp_path / "roster.csv")
