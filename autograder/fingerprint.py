"""Hashes that say whether something has to be done again."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from autograder.model import Assignment, Course

PACKAGE = Path(__file__).parent
# Parts that change no score.
SHOWING = ("reporting", "cli", "container.py", "terms.py", "policy.py", "roster.py")
GRADING = ("sandbox", "grading")  # parts that change no bundle


def digest(parts: Iterable[str | bytes]) -> str:
    """Return the SHA-256 of several texts, each with its length before it."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def cell_mark(source: str) -> str:
    """Return what a cell is known by: equal for equal code, however its last line ends."""
    return hashlib.sha256(source.strip().encode("utf-8", "replace")).hexdigest()


@cache
def framework_digest(*, building: bool) -> str:
    """Return the hash of everything of Gradus and its libraries that can change a result.

    Parameters
    ----------
    building : bool
        Whether the result is a bundle, or else a score.
    """
    left_out = (*SHOWING, *GRADING) if building else SHOWING
    parts = [
        path.read_bytes()
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] not in left_out
    ]
    return digest([*parts, *(version(name) for name in ("numpy", "otter-grader"))])


def source_digest(course: Course, assignment: Assignment, secret: str) -> str:
    """Return the hash of everything that an assignment's bundle is built from."""
    shared = assignment.folder.parent
    common = [shared / "conventions.md", *sorted(shared.glob("data/*"))]
    files = [*assignment.files, *(path for path in common if path.is_file())]
    parts = [path.name.encode() + b"\n" + path.read_bytes() for path in files]
    reference = [f"{name}\n{text}" for name, text in sorted(course.reference.items())]
    shown = course.policy.hidden_checks(assignment.name)
    policy = [str(course.seed), secret, assignment.title, str(shown == "visible")]
    points = [f"{k}={v}" for k, v in [*assignment.points.items(), *assignment.written.items()]]
    return digest([*parts, *reference, *policy, *points, framework_digest(building=True)])


def grading_digest(course: Course, assignment: Assignment) -> str:
    """Return the hash of all policy that can change what a submission earns.

    Dates, lateness, attempts and rounding are not in it: they are applied to scores in the store.
    Nor is anything of another assignment.
    """
    points = sorted(assignment.points.items())
    limits = course.limits_of(assignment.name)
    return digest([str(course.seed), str(course.follow_through), repr(limits), repr(points)])
