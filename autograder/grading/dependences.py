"""Which exercises of an assignment build on others, seen from what runs in their checks."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from autograder.authoring.mutants import reference_subject
from autograder.model import Assignment, Course
from autograder.numerics.diagnose import observe_all
from autograder.numerics.expectations import ExpectedCheck
from autograder.subjects import PACKAGE


def dependences(
    course: Course, assignment: Assignment, expected: Mapping[str, tuple[ExpectedCheck, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return for each exercise the functions of other exercises that run in its checks.

    Parameters
    ----------
    expected : mapping
        The checks of each exercise, by its name.

    Returns
    -------
    dict of str to tuple of str
        Qualified targets, by name of the exercise.
    """
    subject = reference_subject(course, assignment)
    found = {}
    for exercise in assignment.exercises:
        with _calls() as called:
            observe_all(expected[exercise.name], subject)
        others = (each for each in assignment.exercises if each is not exercise)
        targets = dict.fromkeys(target for other in others for target in other.targets)
        found[exercise.name] = tuple(
            target
            for target in targets
            if target not in exercise.targets and target.partition(".")[2] in called
        )
    return found


@contextmanager
def _calls() -> Iterator[set[str]]:
    """Collect the names of the reference's functions that are called."""
    names: set[str] = set()

    def trace(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(f"<{PACKAGE}."):
            names.add(frame.f_code.co_qualname)

    before = sys.getprofile()
    sys.setprofile(trace)
    try:
        yield names
    finally:
        sys.setprofile(before)
