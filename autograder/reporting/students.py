"""Who a student is: to other systems, and among those who handed something in."""

from collections.abc import Collection, Mapping

from autograder.errors import UsageError, did_you_mean
from autograder.roster import Student
from autograder.terms import Policy

Students = Mapping[str, Student]  # by the name that a submission goes by


def student(name: str, students: Students) -> Student:
    """Return what is known of a student; without an entry the name may be any of the fields."""
    return students.get(name) or Student(id=name, name=name, email=name, sis_id=name, login=name)


def handed_in_by(name: str, handed_in: Collection[str], policy: Policy) -> set[str]:
    """Return the names under which a student handed in.

    Parameters
    ----------
    name : str
        One of these names, or whatever else the roster knows the student by.
    handed_in : collection of str
        The names under which anybody handed in.

    Raises
    ------
    UsageError
        If nobody is meant, or not one student alone.
    """
    person = policy.person(name)
    found = {each for each in handed_in if policy.person(each) == person}
    if found:
        return found
    students = policy.roster.students if policy.roster else ()
    match = policy.roster.find(name).candidates if policy.roster else ()
    if not match:
        hint = did_you_mean(name, [*handed_in, *(each.id for each in students)])
        raise UsageError(f"nobody handed in as {name!r}.{hint}")
    if len(match) > 1:
        ids = ", ".join(each.id for each in match)
        raise UsageError(f"{name!r} may be any of {ids}; name one of them")
    raise UsageError(f"{match[0].id!r} is in the roster, but there is no submission of that name")
