"""The layouts in which platforms hand over the work of a whole course.

A layout is known by the names in it. Where only some names fit, a person has to say what is
meant: nobody's work is left out because of a guess.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml

from autograder.errors import UsageError
from autograder.grading.intake.choices import kind
from autograder.grading.intake.names import (
    CHECKOUTS,
    CanvasName,
    canvas_name,
    moodle_name,
    stem,
    student_name,
)
from autograder.grading.intake.places import Entry, Place
from autograder.grading.intake.submissions import Submission

METADATA = "submission_metadata.yml"
DEEPEST = 2  # folders around a download
Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class Found:
    """The work of one student in a place, before it is known which assignment it is for."""

    student: str
    members: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Download:
    """A place whose layout is known.

    Attributes
    ----------
    origin : str
        What it is, as in ``a Canvas download``.
    found : tuple of Found
        The work of each student.
    ignored : tuple of str
        Files that are nobody's work.
    """

    place: Place
    origin: str
    found: tuple[Found, ...]
    ignored: tuple[str, ...] = ()

    def submissions(self, assignment: str) -> Iterator[Submission]:
        """Yield the submissions, all for one assignment."""
        for each in self.found:
            members = tuple(self.place.member(name) for name in each.members)
            blank = Submission(assignment, student_name(each.student), self.place.path, members)
            yield replace(blank, origin=self.origin, **each.facts)


def recognized(place: Place, depth: int = 0) -> Download | None:
    """Return what a platform put into a place, or into the only folder there; None if none did.

    Raises
    ------
    UsageError
        If some names are those of a platform and others are not.
    """
    for layout in (_gradescope, _canvas, _moodle):
        if download := layout(place):
            return download
    match place.entries():
        case [Entry(name=name, folder=True)] if depth < DEEPEST and not place.is_checkout(name):
            return recognized(place.into(name), depth + 1)
    return None


def plain(place: Place, assignment: str) -> Download:
    """Return the submissions of a folder in which each notebook, zip or folder is a student's.

    Names of git repositories lose what all of them begin with, if it names the assignment.
    """
    grouped: dict[str, list[str]] = {}
    ignored = []
    entries = place.entries()
    repositories = any(each.folder and place.is_checkout(each.name) for each in entries)
    prefix = _prefix(place.name, assignment, repositories=repositories)
    for each in entries:
        if each.folder or each.link or kind(each.name) is not None:
            name = each.name if each.folder else stem(each.name)
            grouped.setdefault(student_name(prefix.sub("", name, 1)), []).append(each.name)
        else:
            ignored.append(each.name)
    times = _scores(place) if "scores.csv" in ignored and repositories else {}
    found = [
        Found(student, tuple(names), times.get(student.lower(), {}))
        for student, names in grouped.items()
    ]
    origin = "a folder of git repositories" if repositories else "a folder"
    return Download(place, origin, tuple(found), tuple(ignored))


def one_file(path: Path) -> Download:
    """Return a single submission, named as its file is."""
    return Download(Place(path), "a single file", (Found(stem(path.name), ()),))


def _canvas(place: Place) -> Download | None:
    named = _named(place, canvas_name, "a Canvas download")
    students: dict[str, list[tuple[CanvasName, str]]] = {}
    for name, parsed in named.items():
        students.setdefault(parsed.student, []).append((parsed, name))
    found = [_latest_of_canvas(student, files) for student, files in students.items()]
    return Download(place, "a Canvas download", tuple(found)) if found else None


def _latest_of_canvas(student: str, files: list[tuple[CanvasName, str]]) -> Found:
    """Keep the latest of the files that had the same name when they were handed in."""
    latest: dict[str, tuple[CanvasName, str]] = {}
    for parsed, name in sorted(files, key=lambda each: each[0].file):
        latest[parsed.original] = (parsed, name)
    kept = [name for _, name in latest.values()]
    earlier = [name for _, name in files if name not in kept]
    facts = {
        "late": any(parsed.late for parsed, _ in latest.values()),
        "attempt": max(parsed.attempt for parsed, _ in latest.values()),
        "remarks": (f"an earlier attempt, not graded: {', '.join(earlier)}",) if earlier else (),
    }
    return Found(student, tuple(kept), facts)


def _moodle(place: Place) -> Download | None:
    students: dict[str, list[str]] = {}
    for name, student in _named(place, moodle_name, "a Moodle download").items():
        students.setdefault(student, []).append(name)
    found = [Found(student, tuple(names)) for student, names in students.items()]
    return Download(place, "a Moodle download", tuple(found)) if found else None


def _named(place: Place, parse: Callable[[str], Parsed | None], origin: str) -> dict[str, Parsed]:
    """Return what a platform wrote into the names of a place, if it wrote most of them."""
    parsed = {each.name: parse(each.name) for each in place.entries()}
    fitting = {name: each for name, each in parsed.items() if each is not None}
    work = [each.name for each in place.entries() if each.folder or kind(each.name) is not None]
    odd = [name for name in work if name not in fitting]
    if len(fitting) <= len(odd):
        return {}
    if odd:
        raise UsageError(
            f"{place.path} looks like {origin}, but {', '.join(odd[:4])} does not belong to it; "
            "grade what a platform handed over apart from anything else"
        )
    return fitting


def _gradescope(place: Place) -> Download | None:
    names = {each.name for each in place.entries()}
    if METADATA not in names:
        return None
    known = _metadata(place.read(METADATA).decode("utf-8", "replace"))
    found: list[Found] = []
    for name in sorted(names):
        if name.startswith("submission_") and name != METADATA:
            found += _of_gradescope(name, known.get(name) or {})
    ignored = names - {METADATA} - {each.members[0] for each in found}
    return Download(place, "a Gradescope export", tuple(found), tuple(sorted(ignored)))


def _of_gradescope(name: str, known: Mapping[str, Any]) -> Iterator[Found]:
    """Yield the submission of a folder, once for each student of a group."""
    students = [_submitter(each) for each in known.get(":submitters") or []] or [name]
    time = known.get(":created_at")
    for student in students:
        others = [each for each in students if each != student]
        facts = {
            "submitted_at": _zoned(time) if isinstance(time, datetime) else None,
            "attempt": known.get(":history", 0) + 1,
            "remarks": (f"handed in together with {', '.join(others)}",) if others else (),
        }
        yield Found(student, (name,), facts)


def _submitter(known: Mapping[str, Any]) -> str:
    return str(known.get(":email") or known.get(":sid") or known.get(":name"))


def _metadata(text: str) -> dict[str, Any]:
    """Return who submitted when; results of earlier gradings make up most of the file.

    Only the lines of interest are parsed as YAML; earlier submissions are counted.
    """
    kept: list[str] = []
    counts: dict[str, int] = {}
    section = folder = ""
    for line in text.splitlines():
        if line[:1].strip() and line != "---":
            folder, section = line.strip().rstrip(":"), "folder"
        elif re.match(r"  :\w+:", line):
            section = line.split(":")[1]
        if section == "history" and line.startswith("  - "):
            counts[folder] = counts.get(folder, 0) + 1
        if section in {"folder", "submitters", "created_at"}:
            kept.append(line)
    try:
        known = yaml.safe_load("\n".join(kept)) or {}
    except yaml.YAMLError as error:
        raise UsageError(f"{METADATA} cannot be read: {error}") from None
    return {
        name: {**entry, ":history": counts.get(name, 0)}
        for name, entry in known.items()
        if isinstance(entry, dict)
    }


def _zoned(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _prefix(folder: str, assignment: str, *, repositories: bool) -> re.Pattern[str]:
    """Return what the names of repositories begin with; the folder says it, or the assignment."""
    if match := CHECKOUTS.fullmatch(folder):
        return re.compile(f"^{re.escape(match['slug'])}-", re.IGNORECASE)
    words = "[-_]".join(map(re.escape, re.split("[-_]", assignment)))
    return re.compile(rf"^(?:[\w.-]*[-_])?{words}-" if repositories else "$^", re.IGNORECASE)


def _scores(place: Place) -> dict[str, dict[str, Any]]:
    """Return time and lateness by login from the table that Classroom 50 puts beside the work."""
    rows: Iterable[dict[str, str]] = csv.DictReader(
        io.StringIO(place.read("scores.csv").decode("utf-8", "replace"))
    )
    known = {}
    for row in rows:
        late = {"true": True, "false": False}.get((row.get("late") or "").lower())
        try:
            time = _zoned(datetime.fromisoformat(row.get("datetime") or ""))
        except ValueError:
            time = None
        known[(row.get("username") or "").lower()] = {"submitted_at": time, "late": late}
    return known
