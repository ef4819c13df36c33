"""Find the submissions in a folder or a zip, whatever platform it comes from."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError, did_you_mean
from autograder.grading.intake.downloads import Download, one_file, plain, recognized
from autograder.grading.intake.names import stem
from autograder.grading.intake.places import Place
from autograder.grading.intake.submissions import Submission

MOST_NAMES = 5  # in a sentence


@dataclass(frozen=True)
class Submissions(Collection[Submission]):
    """Submissions that were found, by assignment and student.

    Attributes
    ----------
    found : tuple of Submission
        At most one for each student and assignment.
    notes : tuple of str
        What was found where, and what was left out: sentences for whoever grades.
    """

    found: tuple[Submission, ...]
    notes: tuple[str, ...]

    def __iter__(self) -> Iterator[Submission]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def __contains__(self, each: object) -> bool:
        return each in self.found


def find_submissions(
    path: Path, assignments: Sequence[str], only: str | None = None
) -> Submissions:
    """Return the submissions at `path`.

    Parameters
    ----------
    path : pathlib.Path
        A folder or zip of folders named after assignments; or, with `only` or if it is named
        after an assignment itself, the submissions of one: notebooks, zips and folders named
        after students, or what Canvas, Moodle or Gradescope hand over; or a single submission.
    assignments : sequence of str
        The course's assignments.
    only : str, optional
        The assignment that all of them are for.

    Raises
    ------
    UsageError
        If there is no such folder, nothing in it, or something that is no assignment.
    """
    if only is not None and only not in assignments:
        hint = did_you_mean(only, assignments)
        raise UsageError(
            f"there is no assignment {only!r}; the course has {', '.join(assignments)}.{hint}"
        )
    if not path.exists():
        raise UsageError(f"{path} does not exist; name the folder that holds the submissions")
    if only is None and stem(path.name) in assignments:
        only = stem(path.name)
    elif only is not None and (path / only).is_dir():
        path = path / only
    if only is None:
        downloads = list(_by_assignment(path, assignments))
    else:
        downloads = [(only, _of_assignment(path, only))]
    return _joined(path, downloads)


def _joined(path: Path, downloads: Sequence[tuple[str, Download]]) -> Submissions:
    found = [each for name, download in downloads for each in download.submissions(name)]
    if not found:
        raise UsageError(
            f"{path} holds no submission; expected <assignment>/<student>.ipynb, "
            "<assignment>/<student>/<any>.ipynb, zips of them, or a download of a platform"
        )
    _require_one_each(found)
    found.sort(key=lambda each: (each.assignment, each.student))
    return Submissions(tuple(found), tuple(_notes(downloads, found)))


def _by_assignment(path: Path, assignments: Sequence[str]) -> Iterator[tuple[str, Download]]:
    place = Place(path)
    if path.is_file() and path.suffix != ".zip":
        raise UsageError(f"say which assignment {path.name} is for: --assignment NAME")
    if download := recognized(place):
        raise UsageError(
            f"{path} is {download.origin}; say which assignment it is for: --assignment NAME"
        )
    for each in place.entries():
        name = stem(each.name) if each.name.endswith(".zip") else each.name
        if name in assignments and each.folder:
            yield name, _of_place(place.into(each.name), name)
        elif name in assignments and not place.in_zip:
            yield name, _of_assignment(path / each.name, name)
        elif each.folder or each.name.endswith((".ipynb", ".zip")):
            raise UsageError(
                f"{path / each.name} belongs to no assignment of the course "
                f"({', '.join(assignments)}); put it in a folder of that name, or say "
                f"--assignment.{did_you_mean(name, assignments)}"
            )


def _of_assignment(path: Path, assignment: str) -> Download:
    if path.is_dir():
        return _of_place(Place(path), assignment)
    if path.suffix == ".zip":
        if stem(path.name) == assignment:
            return _of_place(Place(path), assignment)
        if download := recognized(Place(path)):
            return download
    return one_file(path)


def _of_place(place: Place, assignment: str) -> Download:
    if [each.name for each in place.entries() if each.folder] == [assignment]:
        place = place.into(assignment)
    return recognized(place) or plain(place, assignment)


def _require_one_each(found: Sequence[Submission]) -> None:
    """Refuse two submissions under one name: one would take the place of the other."""
    counts = Counter((each.assignment, each.student) for each in found)
    twice = [f"{name}/{student}" for (name, student), count in counts.items() if count > 1]
    if twice:
        raise UsageError(f"handed in more than once: {_listed(twice)}; keep one of each")


def _notes(downloads: Sequence[tuple[str, Download]], found: Sequence[Submission]) -> Iterator[str]:
    for name, download in downloads:
        mine = [each for each in found if each.assignment == name]
        late = sum(each.late is True for each in mine)
        count = f"{len(mine)} submission{'s' * (len(mine) != 1)}"
        yield f"{name}: reading {count} of {download.origin}" + (f", {late} late" if late else "")
        if download.ignored:
            yield f"{name}: left out, no notebook, zip or folder: {_listed(download.ignored)}"
    for each in found:
        for remark in each.remarks:
            yield f"{each.assignment}/{each.student}: {remark}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
