"""A course as one zip: what another machine needs to grade by it, and nothing about students."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import yaml

from autograder.cases import SECRET_FILE, course_secret
from autograder.config import FILE
from autograder.course import ASSIGNMENTS, REFERENCE
from autograder.model import Course
from autograder.packaging.bundle import manifest_path

_PERSONAL: Final = "roster"  # a key of the course
_PERSONAL_TOO: Final = "extensions"  # a key of an assignment


def pack_course(course: Course, names: Iterable[str]) -> bytes:
    """Return a course as a zip.

    Parameters
    ----------
    names : iterable of str
        Assignments that are to be graded; their bundles are there.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE, _impersonal(course.root / FILE))
        archive.writestr(SECRET_FILE, course_secret(course.root))
        for path in (*_sources(course.root), *_manifests(course, names)):
            archive.write(path, path.relative_to(course.root))
    return packed.getvalue()


def unpack_course(parcel: bytes, folder: Path) -> None:
    """Write a course into a folder, which nobody else should be able to read."""
    with zipfile.ZipFile(io.BytesIO(parcel)) as archive:
        archive.extractall(folder)


def _impersonal(path: Path) -> str:
    """Return ``grading.yml`` without names of students; what they are for is no part of grading."""
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    config.pop(_PERSONAL, None)
    for section in config["assignments"].values():
        section.pop(_PERSONAL_TOO, None)
    return yaml.safe_dump(config, allow_unicode=True, sort_keys=False)


def _sources(root: Path) -> Iterator[Path]:
    for part in (REFERENCE, ASSIGNMENTS):
        for path in sorted((root / part).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _manifests(course: Course, names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        yield manifest_path(course, course.assignments[name])
