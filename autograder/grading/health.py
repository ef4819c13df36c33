"""``gradus doctor``: what this machine and this course offer, and what is missing."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder.course import load_course
from autograder.errors import GradusError, UsageError
from autograder.grading.process import sandbox_limits
from autograder.model import Course
from autograder.packaging.bundle import is_current
from autograder.sandbox.canary import ATTEMPTS
from autograder.sandbox.layers import LINUX, REQUIRED, survey
from autograder.sandbox.server import SandboxError, SandboxServer

PACKAGES = ("numpy", "otter-grader", "ipython", "matplotlib", "jupytext")


@dataclass(frozen=True)
class HealthFinding:
    """One thing that was looked at."""

    name: str
    detail: str
    good: bool = True
    required: bool = False


def examine(root: Path) -> list[HealthFinding]:
    """Return what was found, the machine first, then the course in folder `root`."""
    return [*_machine(), *_confinement(), *_course(root)]


def _machine() -> Iterator[HealthFinding]:
    recent = sys.version_info >= (3, 11)
    yield HealthFinding("Python", sys.version.split()[0], good=recent, required=True)
    for name in PACKAGES:
        try:
            yield HealthFinding(name, version(name))
        except PackageNotFoundError:
            yield HealthFinding(name, "not installed; run make", good=False, required=True)


def _confinement() -> Iterator[HealthFinding]:
    gaps = survey()
    for layer, purpose in REQUIRED.items():
        detail = gaps.get(layer, purpose)
        yield HealthFinding(
            f"confinement by {layer}", detail, good=layer not in gaps, required=True
        )


def allowed_gaps(confinement: str) -> frozenset[str]:
    """Return the layers of confinement that student code is to do without on this machine.

    Parameters
    ----------
    confinement : str
        ``required`` or ``available``.

    Raises
    ------
    UsageError
        If all are required and one is missing.
    """
    gaps = survey()
    if gaps and confinement == "required":
        raise UsageError(
            f"student code can't be fully confined on this machine, which lacks {', '.join(gaps)}; "
            "gradus doctor says why and what to do, --confinement=available grades without"
        )
    return frozenset(gaps)


def _course(root: Path) -> Iterator[HealthFinding]:
    try:
        course = load_course(root)
    except GradusError as error:
        yield HealthFinding("course", str(error), good=False)
        return
    yield HealthFinding("course", f"{len(course.assignments)} assignments")
    try:
        yield from _sandbox(course)
    except SandboxError as error:
        yield HealthFinding("sandbox", str(error), good=False, required=True)
    for assignment in course.assignments.values():
        current = is_current(course, assignment)
        detail = "current" if current else f"run: gradus dist {assignment.name}"
        yield HealthFinding(f"bundle of {assignment.name}", detail, good=current)


def _sandbox(course: Course) -> Iterator[HealthFinding]:
    """Try to break out of a worker, with the layers that there are, and run a cell in another."""
    gaps = survey()
    with SandboxServer(sandbox_limits(course), without=gaps) as server:
        with server.spawn(0) as worker:
            reply = worker.run_cell(0, "1 + 1")
        yield HealthFinding("sandbox", f"a cell {reply.outcome}")
        if LINUX not in gaps:
            detail = f"none of {len(ATTEMPTS)} attempts to break out succeeded"
            if gaps:
                detail = "no attempt to break out succeeded but those that missing layers stop"
            yield HealthFinding("probe", detail, good=not gaps)
        for thing, reason in server.notes.items():
            yield HealthFinding(thing, reason, good=False)
        for module, reason in server.not_imported.items():
            yield HealthFinding(f"preloading {module}", reason, good=False)
