"""A notebook for each student: its data are drawn from a seed that is the student's own.

Where ``notebook.md`` says ``{variant}``, a cell sets ``STUDENT_SEED``. Code of the narrative draws
from it; exercises are functions, so their checks are the same for everyone, and so is grading.
"""

import hashlib
import hmac
import shutil

from autograder.cases import course_secret
from autograder.model import Assignment, Course
from autograder.roster import Roster

STUDENT, DIST, STUDENTS = "student", "dist", "students"
NAME = "STUDENT_SEED"
SOURCE = """\
# The seed of this notebook's data. Leave it as it is.
{line}"""
SEED_BYTES = 6  # seeds are exact in JSON, and still hardly ever equal


def common_seed(course: Course, assignment: str) -> int:
    """Return the seed in the notebook that is for everyone; it depends on nothing secret."""
    text = f"{course.seed}|{assignment}|{NAME}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:SEED_BYTES])


def student_seed(secret: str, assignment: str, student: str) -> int:
    """Return the seed of one student, which nobody can tell without the secret."""
    text = f"{assignment}|{student}"
    digest = hmac.digest(secret.encode(), text.encode(), "sha256")
    return int.from_bytes(digest[:SEED_BYTES])


def variant_source(seed: int) -> str:
    """Return the source of the cell that sets the seed."""
    return SOURCE.format(line=_line(seed))


def write_variants(course: Course, assignment: Assignment, roster: Roster) -> int:
    """Write ``dist/ASSIGNMENT/students/ID.ipynb`` for every student; return how many.

    None are written for an assignment without ``{variant}``.
    """
    name = assignment.name
    notebook = (course.root / STUDENT / name / f"{name}.ipynb").read_bytes()
    common = f'"{_line(common_seed(course, name))}"'.encode()
    if common not in notebook:
        return 0
    secret = course_secret(course.root)
    folder = course.root / DIST / name / STUDENTS
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for student in roster.students:
        own = f'"{_line(student_seed(secret, name, student.id))}"'.encode()
        (folder / f"{student.id}.ipynb").write_bytes(notebook.replace(common, own))
    return len(roster.students)


def _line(seed: int) -> str:
    return f"{NAME} = {seed}"
