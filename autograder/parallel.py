"""Work on several assignments at once, each in a process of its own that loads the course."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from autograder import children
from autograder.course import load_course
from autograder.model import Assignment, Course

Result = TypeVar("Result")


def each_assignment(
    course: Course,
    names: Sequence[str],
    work: Callable[[Course, Assignment], Result],
    workers: int,
) -> Iterator[Result]:
    """Yield the result of `work` for each assignment, in order.

    Parameters
    ----------
    names : sequence of str
        Of the assignments.
    work : callable
        A function of a module; its results travel between processes.
    workers : int
        How many processes; with one, or for one assignment, the work is done in this one.
    """
    if min(workers, len(names)) < 2:
        yield from (work(course, course.assignments[name]) for name in names)
        return
    with children.pool(min(workers, len(names))) as pool:
        yield from pool.map(partial(_work, course.root, work), names)


def _work(root: Path, work: Callable[[Course, Assignment], Result], name: str) -> Result:
    course = load_course(root)
    return work(course, course.assignments[name])
