"""Who is meant by a name."""

from datetime import UTC

import pytest

from autograder.errors import UsageError
from autograder.reporting.students import handed_in_by, student
from autograder.roster import Roster, Student
from autograder.terms import Policy

LEE = Student("s1", "Ann Lee", "ann@uni.edu")
POLICY = Policy({}, 0, UTC, Roster([LEE, Student("s2", "Bo Ash"), Student("s3", "Bo Ash")]))
NOBODY = Policy({}, 0, UTC, None)


def test_a_student_without_a_roster_goes_by_the_name_alone():
    assert student("ann", {}).login == "ann"
    assert student("ann", {"ann": LEE}) is LEE


@pytest.mark.parametrize("name", ["s1", "Ann Lee", "ann lee", "ann@uni.edu", "ann"])
def test_all_that_one_person_handed_in_is_found(name):
    assert handed_in_by(name, ["ann", "ANN@uni.edu", "bob"], POLICY) == {"ann", "ANN@uni.edu"}


def test_a_name_that_the_roster_does_not_know_is_found_as_it_is():
    assert handed_in_by("bob", ["ann", "bob"], POLICY) == {"bob"}
    assert handed_in_by("Zoë", ["Zoe\N{COMBINING DIAERESIS}"], NOBODY) == {
        "Zoe\N{COMBINING DIAERESIS}"
    }


@pytest.mark.parametrize(
    ("name", "policy", "sentence"),
    [
        ("an", NOBODY, "nobody handed in as 'an'. Did you mean 'ann'?"),
        ("xyz", NOBODY, "nobody handed in as 'xyz'."),
        ("s33", POLICY, "nobody handed in as 's33'. Did you mean 's3'?"),
        ("Bo Ash", POLICY, "'Bo Ash' may be any of s2, s3; name one of them"),
        ("s2", POLICY, "'s2' is in the roster, but there is no submission of that name"),
    ],
)
def test_a_doubt_is_one_sentence(name, policy, sentence):
    with pytest.raises(UsageError) as caught:
        handed_in_by(name, ["ann", "bob"], policy)
    assert str(caught.value) == sentence
