"""Data sets that travel inside a notebook, so that it works alone, anywhere, without a network.

``assignments/data/`` holds ``NAME.npz``, its arrays, and ``NAME.txt``, one line that says where
they are from and under which licence.
"""

import base64

from autograder.course import ASSIGNMENTS
from autograder.errors import CourseError, Problem, did_you_mean
from autograder.model import Course

DATA = "data"

DATA_SOURCE = """\
# The data set {name}: run this cell, there is nothing to edit in it.
# {credit}
import base64
import io

import numpy as np

{name} = dict(np.load(io.BytesIO(base64.b64decode("{packed}"))))
"""


def data_source(course: Course, name: str, place: Problem) -> str:
    """Return the code that defines a data set as a dictionary of its arrays.

    Parameters
    ----------
    name : str
        Of the files in ``assignments/data/``, and of the variable in the notebook.
    place : Problem
        Where the data set is asked for, for the error.

    Raises
    ------
    CourseError
        If there is no such data set, or nothing says where it is from.
    """
    folder = course.root / ASSIGNMENTS / DATA
    arrays, credit = folder / f"{name}.npz", folder / f"{name}.txt"
    if not arrays.is_file():
        hint = did_you_mean(name, [path.stem for path in folder.glob("*.npz")])
        message = f"there is no data set {name!r} in {ASSIGNMENTS}/{DATA}.{hint}"
        raise CourseError([Problem(place.path, place.line, message)])
    if not credit.is_file():
        message = "no such file; say in one line where the data are from and under which licence"
        raise CourseError.at(credit, 0, message)
    packed = base64.b64encode(arrays.read_bytes()).decode()
    text = credit.read_text(encoding="utf-8").strip()
    return DATA_SOURCE.format(name=name, credit=text, packed=packed).rstrip()
