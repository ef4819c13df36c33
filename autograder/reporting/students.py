"""Who a student is to other systems."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Student:
    """What is known of a student; an empty field is not known.

    Attributes
    ----------
    id : str
        The number in the gradebook: Canvas's ``ID``, Moodle's ``ID number``.
    sis_id : str
        The identifier in the registrar's system.
    login : str
        The name to log in with.
    """

    id: str = ""
    name: str = ""
    email: str = ""
    sis_id: str = ""
    login: str = ""
    section: str = ""


Students = Mapping[str, Student]  # by the name that a submission goes by


def student(name: str, students: Students) -> Student:
    """Return what is known of a student; without an entry the name may be any of the fields."""
    return students.get(name) or Student(id=name, name=name, email=name, sis_id=name, login=name)
