"""Build ``student/`` and ``dist/`` for one assignment, behind a gate that lets nothing leak."""

import hashlib
import json
import math
import re
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.authoring.calibration import Calibrated, calibrate, with_etas
from autograder.authoring.expected import Expected, expected_checks
from autograder.authoring.mutants import stub_sources
from autograder.cases import course_secret
from autograder.errors import CourseError, FaultError, UsageError
from autograder.fingerprint import cell_mark, source_digest
from autograder.model import Assignment, Course
from autograder.numerics.expectations import ExpectedCheck
from autograder.packaging.hints import about_exercises
from autograder.packaging.leaks import leaks
from autograder.packaging.notebooks import (
    Block,
    Code,
    MasterNotebook,
    check_narrative,
    exercise_text,
    is_folded,
    read_narrative,
    without_markers,
)
from autograder.packaging.otter import Assigned, assign, notebook_bytes, zip_bytes

STUDENT = "student"
DIST = "dist"
MANIFEST = "manifest.json"
UNSEEN = re.compile(
    r"^\s*[%!]|import \*|\b(?:exec|eval|globals|setattr|get_ipython)\b", re.MULTILINE
)


@dataclass(frozen=True)
class Bundle:
    """What was built for one assignment: files by their path below the course's root."""

    assignment: str
    files: dict[str, bytes]


def manifest_path(course: Course, assignment: Assignment) -> Path:
    """Return where the manifest of an assignment's bundle is."""
    return course.root / DIST / assignment.name / MANIFEST


def bundle_files(course: Course, assignment: Assignment) -> list[Path]:
    """Return the files of the bundle on disk, the manifest first."""
    names = _manifest(course, assignment)["files"]
    return [manifest_path(course, assignment), *(course.root / name for name in names)]


def is_current(course: Course, assignment: Assignment) -> bool:
    """Return whether the bundle on disk was built from the sources as they are, and is whole."""
    path = manifest_path(course, assignment)
    if not path.is_file():
        return False
    manifest = json.loads(path.read_text(encoding="utf-8"))
    if manifest["sources"] != source_digest(course, assignment, course_secret(course.root)):
        return False
    return all(
        (course.root / name).is_file()
        and hashlib.sha256((course.root / name).read_bytes()).hexdigest() == digest
        for name, digest in manifest["files"].items()
    )


def require_current(course: Course, assignment: Assignment) -> str:
    """Return the hash of the bundle.

    Raises
    ------
    UsageError
        If there is no bundle, or its sources have changed since.
    """
    if not is_current(course, assignment):
        path = manifest_path(course, assignment)
        state = "older than its sources" if path.is_file() else "missing"
        raise UsageError(
            f"the bundle of {assignment.name} is {state}; run: gradus dist {assignment.name}"
        )
    return hashlib.sha256(manifest_path(course, assignment).read_bytes()).hexdigest()


def build_bundle(
    course: Course, assignment: Assignment, calibrated: Mapping[str, Calibrated] | None = None
) -> Bundle:
    """Build everything for one assignment, in memory.

    Parameters
    ----------
    calibrated : mapping, optional
        Its checks, if they have been calibrated already.

    Raises
    ------
    CourseError
        If the course is invalid or something hidden would leak.
    """
    secret = course_secret(course.root)
    blocks = read_narrative(assignment.folder / "notebook.md")
    check_narrative(assignment, blocks)
    calibrated = calibrated or calibrate(course, assignment, secret)
    expected = {name: each.checks for name, each in calibrated.items()}
    master = MasterNotebook(course, assignment, expected).build(blocks)
    about = about_exercises(course, assignment, expected, blocks)
    assigned = assign(assignment, master, about)
    _show_reference(course, assignment, assigned)
    student = {f"{STUDENT}/{assignment.name}/{assignment.name}.ipynb": assigned.student}
    problems = leaks(
        course,
        assignment,
        expected,
        blocks=blocks,
        student=assigned.student,
        tests={**assigned.public, "what the notebook knows": about},
    )
    if problems:
        raise CourseError(problems)
    files = {name: notebook_bytes(notebook) for name, notebook in student.items()}
    folder = f"{DIST}/{assignment.name}"
    files[f"{folder}/{assignment.name}-solution.ipynb"] = notebook_bytes(assigned.solution)
    files[f"{folder}/autograder.zip"] = zip_bytes(assigned.autograder)
    manifest = {
        "assignment": assignment.name,
        "sources": source_digest(course, assignment, secret),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        "demonstrations": _demonstrations(blocks, assigned),
        "checks": {
            name: {check.check.name: _figures(check, each) for check in each.checks}
            for name, each in calibrated.items()
        },
    }
    files[f"{folder}/{MANIFEST}"] = (json.dumps(manifest, indent=1) + "\n").encode()
    return Bundle(assignment.name, files)


def _demonstrations(blocks: Sequence[Block], assigned: Assigned) -> list[str]:
    """Return the marks of the cells that ask students for nothing.

    They are the narrative's own, and those that run or hold checks, or data; but none whose text
    does not say which names it binds.
    """
    shown = {block.source for block in blocks if isinstance(block, Code)}
    return [
        cell_mark(cell.source)
        for cell in assigned.student.cells
        if cell.cell_type == "code"
        and (cell.source in shown or cell.metadata.get("editable") is False or is_folded(cell))
        and not UNSEEN.search(cell.source)
    ]


def write_bundle(course: Course, bundle: Bundle) -> None:
    """Write a bundle; the manifest last, so that a half-written bundle is never current."""
    for name in (STUDENT, DIST):
        shutil.rmtree(course.root / name / bundle.assignment, ignore_errors=True)
    for name, data in bundle.files.items():
        path = course.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def rebuild(course: Course, assignment: Assignment) -> tuple[str, int, float]:
    """Build and write the bundle of one assignment; return its name, files and seconds."""
    started = time.perf_counter()
    bundle = build_bundle(course, assignment)
    write_bundle(course, bundle)
    return assignment.name, len(bundle.files), time.perf_counter() - started


def _figures(check: ExpectedCheck, calibrated: Calibrated) -> dict[str, Any]:
    margin = calibrated.margins[check.check.name]
    return {
        "cases": len(check.expectations),
        "public": check.check.public,
        "eta": margin.eta,
        "right": margin.right,
        "wrong": margin.wrong if math.isfinite(margin.wrong) else None,
    }


def bundled_demonstrations(course: Course, assignment: Assignment) -> frozenset[str]:
    """Return the marks of the cells that ask for nothing, as the bundle on disk has them."""
    return frozenset(_manifest(course, assignment)["demonstrations"])


def _manifest(course: Course, assignment: Assignment) -> dict[str, Any]:
    text = manifest_path(course, assignment).read_text(encoding="utf-8")
    manifest: dict[str, Any] = json.loads(text)
    return manifest


def bundled_checks(course: Course, assignment: Assignment) -> Expected:
    """Return the expected checks of each exercise, with the tolerances of the bundle on disk."""
    figures = _manifest(course, assignment)["checks"]
    expected = expected_checks(course, assignment, course_secret(course.root))
    return {
        name: with_etas(checks, {check: each["eta"] for check, each in figures[name].items()})
        for name, checks in expected.items()
    }


def _show_reference(course: Course, assignment: Assignment, assigned: Assigned) -> None:
    """Require otter's stubs to equal ours, and put the reference itself into the solution.

    Raises
    ------
    FaultError
        If otter changed or lost a stub.
    """
    stubs = stub_sources(course, assignment)
    solved = {cell.id: cell for cell in assigned.solution.cells}
    for exercise in assignment.exercises:
        stub = exercise_text(stubs, exercise)
        solutions = [solved[cell.id] for cell in assigned.student.cells if cell.source == stub]
        if len(solutions) != 1:
            raise FaultError(f"otter assign changed the stub of {exercise.name}: {stub:.60}")
        solutions[0].source = exercise_text(without_markers(course.reference), exercise)
