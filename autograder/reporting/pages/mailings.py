"""Write ``feedback/``: a page and a text for each student, where their content has changed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from autograder.fingerprint import PACKAGE, digest
from autograder.grading.store import Store
from autograder.reporting.feedback import Feedback, feedback
from autograder.reporting.files import write_csv, write_text
from autograder.reporting.finals import Final, Key
from autograder.reporting.pages.drawings import Drawings, Plain
from autograder.reporting.pages.handouts import EXERCISE, TEMPLATE, markdown, page
from autograder.texts import file_names, json_text

FOLDER = "feedback"
DIGESTS = ".pages.json"  # what each page was made from
AT_ONCE = 200  # students whose feedback is in memory
# What pages are made by, apart from their content.
MAKERS = (
    "reporting/feedback.py",
    "reporting/pages/handouts.py",
    "numerics/drawing.py",
    "reporting/pages/templates/style.css",
    *(f"reporting/pages/templates/{each}" for each in (TEMPLATE, EXERCISE)),
)

Submissions = Sequence[Feedback]


def write_feedback(
    folder: Path,
    store: Store,
    finals: Mapping[Key, Final],
    titles: Mapping[str, str],
    drawings: Drawings,
) -> int:
    """Write ``feedback/STUDENT.html`` and ``.md``, and an index that says whose they are.

    Parameters
    ----------
    folder : pathlib.Path
        Of the results.
    finals : mapping
        Final scores by assignment and student.
    titles : mapping of str to str
        Of the assignments; one without goes by its name.

    Returns
    -------
    int
        How many students' pages have changed.
    """
    place = folder / FOLDER
    handed_in = _by_student(store)
    pages = {student: place / name for student, name in file_names(handed_in).items()}
    earlier, digests = _read_digests(place), dict[str, str]()
    changed = 0
    for students in _batches(list(handed_in)):
        told = {
            each: [_feedback(store, key, finals.get(key), titles) for key in handed_in[each]]
            for each in students
        }
        digests |= {student: _digest(student, each) for student, each in told.items()}
        new = {
            student: each
            for student, each in told.items()
            if earlier.get(student) != digests[student] or not _is_there(pages[student])
        }
        _write(pages, new, drawings)
        changed += len(new)
    _write_index(place, pages, digests)
    return changed


def _by_student(store: Store) -> dict[str, list[Key]]:
    """Return what each student handed in."""
    handed_in: dict[str, list[Key]] = {}
    for key in store.places():
        handed_in.setdefault(key[1], []).append(key)
    return dict(sorted(handed_in.items()))


def _batches(students: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(students), AT_ONCE):
        yield students[start : start + AT_ONCE]


def _feedback(store: Store, key: Key, final: Final | None, titles: Mapping[str, str]) -> Feedback:
    title = titles.get(key[0], key[0])
    return feedback(store.record(*key), title, final, store.pictures(*key))


def _pictures(everything: Iterable[Submissions]) -> Iterator[Plain]:
    for submissions in everything:
        for each in submissions:
            for exercise in each.exercises:
                yield from (check.picture for check in exercise.checks if check.picture)


def _digest(student: str, submissions: Submissions) -> str:
    return digest([_makers(), student, repr(submissions)])


@cache
def _makers() -> str:
    return digest((PACKAGE / name).read_bytes() for name in MAKERS)


def _files(page: Path) -> tuple[Path, Path]:
    return Path(f"{page}.html"), Path(f"{page}.md")


def _is_there(page: Path) -> bool:
    return all(path.is_file() for path in _files(page))


def _write(pages: Mapping[str, Path], told: Mapping[str, Submissions], drawings: Drawings) -> None:
    drawings.prepare(_pictures(told.values()))
    for student, submissions in told.items():
        html, text = _files(pages[student])
        write_text(html, page(student, submissions, drawings.of))
        write_text(text, markdown(student, submissions))


def _read_digests(place: Path) -> dict[str, str]:
    try:
        digests = json.loads((place / DIGESTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # there is none yet, or somebody has changed it
        return {}
    return digests if isinstance(digests, dict) else {}


def _write_index(place: Path, pages: Mapping[str, Path], digests: Mapping[str, str]) -> None:
    """Say whose pages these are, and remove those of students who are no longer there."""
    files = {student: _files(page) for student, page in pages.items()}
    rows = [(html.name, text.name, student) for student, (html, text) in files.items()]
    write_csv(place / "index.csv", ("page", "text", "student"), rows)
    write_text(place / DIGESTS, json_text(digests) + "\n")
    kept = {path for both in files.values() for path in both}
    for path in (*place.glob("*.html"), *place.glob("*.md")):
        if path not in kept:
            path.unlink(missing_ok=True)
