"""Which of the files that a student handed in counts; the others are remarked on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from autograder.errors import MalformedError, TamperedError
from autograder.grading.intake.archives import MAGIC, members_of
from autograder.grading.intake.files import LARGEST_BYTES, File
from autograder.grading.intake.names import copy_number, stem

DEEPEST_ZIP = 3
NOTEBOOK, RENAMED, ZIP, SCRIPT, JSON, PAGE = range(6)
SUFFIXES = {
    ".ipynb": NOTEBOOK,
    ".zip": ZIP,
    ".py": SCRIPT,
    ".json": JSON,
    ".html": PAGE,
    ".htm": PAGE,
}


@dataclass(frozen=True)
class Document:
    """The file that counts.

    Attributes
    ----------
    name : str
        Its path below what the student handed in; through zips, too.
    data : bytes
        What is in it.
    remarks : tuple of str
        What else was handed in and does not count.
    """

    name: str
    data: bytes
    remarks: tuple[str, ...] = ()


def kind(name: str) -> int | None:
    """Return how likely a file is to be the notebook, 0 for most; None if it cannot be one."""
    name = name.rpartition("/")[2].lower()
    for suffix, found in SUFFIXES.items():
        if name.endswith(suffix) and (found in {NOTEBOOK, ZIP} or ".ipynb" not in name):
            return found
    return RENAMED if ".ipynb" in name else None


def choose(files: Sequence[File], assignment: str, depth: int = 0) -> Document:
    """Return the file that counts.

    A notebook counts before a zip with one, a zip before a script. Of several notebooks, those
    named after the assignment count before others, a later copy before an earlier one.

    Raises
    ------
    MalformedError
        If there is none, or several of which none is the one.
    TamperedError
        If it is a link.
    """
    kinds = {found for each in files if (found := kind(each.name)) is not None and not each.link}
    if not kinds:
        raise _nothing(files)
    likely = [each for each in files if kind(each.name) == min(kinds) and not each.link]
    best = _latest(likely, assignment)
    if min(kinds) != ZIP:
        _require_one(best)
        document = Document(best[0].name, best[0].read())
    if min(kinds) == ZIP or document.data.startswith(MAGIC):  # perhaps called a notebook
        document = choose(_unpacked(best, depth), assignment, depth + 1)
    others = [each for each in files if not any(each is one for one in best)]
    return Document(document.name, document.data, (*_remarks(others), *document.remarks))


def _nothing(files: Sequence[File]) -> MalformedError:
    for each in files:
        if each.link:
            return TamperedError(f"{each.name} is a symbolic link, which is not followed")
    names = f", only {_listed(files)}" if files else ""
    return MalformedError(f"no notebook was handed in{names}")


def _remarks(others: Sequence[File]) -> tuple[str, ...]:
    """Say what could have counted but does not; pictures and data are no news."""
    left = [each for each in others if kind(each.name) in {NOTEBOOK, RENAMED, ZIP} or each.link]
    return (f"also handed in, not graded: {_listed(left)}",) if left else ()


def _unpacked(zips: Sequence[File], depth: int) -> list[File]:
    if depth == DEEPEST_ZIP:
        raise MalformedError(f"zips are nested more than {DEEPEST_ZIP} deep")
    if sum(each.size for each in zips) > LARGEST_BYTES:
        raise MalformedError(f"the zips in it unpack to more than {LARGEST_BYTES // 10**6} MB")
    return [member for each in zips for member in members_of(each.name, each.read())]


def _latest(files: Sequence[File], assignment: str) -> Sequence[File]:
    """Leave out empty files, those that other work is in, and earlier copies."""
    files = [each for each in files if each.size] or files
    files = [each for each in files if _plain(assignment) in _plain(stem(each.name))] or files
    copies = [copy_number(each.name) for each in files]
    if len({base for base, _ in copies}) == 1:
        last = max(number for _, number in copies)
        files = [each for each, (_, number) in zip(files, copies, strict=True) if number == last]
    return files


def _require_one(files: Sequence[File]) -> None:
    """Refuse several notebooks, unless they are the same."""
    if len(files) > 1 and len({sha256(each.read()).digest() for each in files}) > 1:
        raise MalformedError(f"{len(files)} notebooks were handed in ({_listed(files)}); keep one")


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _listed(files: Sequence[File], most: int = 4) -> str:
    names = ", ".join(each.name for each in files[:most])
    return f"{names} and {len(files) - most} more" if len(files) > most else names
