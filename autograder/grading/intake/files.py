"""Files that were handed in: listed and read, never through a symbolic link."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder.errors import MalformedError

LARGEST_BYTES = 100_000_000  # of a notebook, with all its plots, and of a student's zip
DEEPEST_FOLDER = 20
FOREIGN = {"__MACOSX", "__pycache__"}


@dataclass(frozen=True)
class File:
    """One file that was handed in, on disk or in a zip.

    Attributes
    ----------
    name : str
        Its path below what the student handed in, with ``/`` between folders.
    size : int
        In bytes, unpacked.
    read : callable
        Returns the bytes; raises MalformedError.
    link : bool
        Whether it is a symbolic link: such a file is never read.
    """

    name: str
    size: int
    read: Callable[[], bytes]
    link: bool = False


def is_foreign(name: str) -> bool:
    """Return whether a program left this file or folder there, not the student.

    Checkpoints of Jupyter, ``._x`` and ``__MACOSX`` of macOS, ``.git`` and the like.
    """
    return any(part.startswith(".") or part in FOREIGN for part in name.split("/"))


def files_at(path: Path, name: str, depth: int = 0) -> Iterator[File]:
    """Yield the file at `path`, or the files below the folder there, in order.

    Parameters
    ----------
    path : pathlib.Path
        Where to look.
    name : str
        What to call it; files in a folder are ``name/….``, or have no prefix if it is empty.
    """
    if path.is_symlink():
        yield File(name or path.name, 0, bytes, link=True)
    elif path.is_dir():
        if depth > DEEPEST_FOLDER:
            raise MalformedError(f"folders are nested more than {DEEPEST_FOLDER} deep")
        for each in _names(path):
            if not is_foreign(each):
                yield from files_at(path / each, f"{name}/{each}" if name else each, depth + 1)
    elif path.is_file():  # no pipe, socket or device, on which reading could wait forever
        yield File(name or path.name, path.stat().st_size, partial(read_file, path))
    elif not path.exists():
        raise MalformedError(f"{path.name} cannot be read: it is no longer there")


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names, not paths
    except OSError as error:
        raise MalformedError(f"{folder.name} cannot be read: {error.strerror}") from None


def _bytes_to_read(descriptor: int) -> int:
    """Return the size of a file and one more, in bounds; room for the largest one takes time."""
    return min(os.fstat(descriptor).st_size, LARGEST_BYTES) + 1


def read_file(path: Path) -> bytes:
    """Return the bytes of a regular file.

    Raises
    ------
    MalformedError
        If it is too large, cannot be read, or became a link in the meantime.
    """
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            data = file.read(_bytes_to_read(file.fileno()))
    except OSError as error:
        raise MalformedError(f"{path.name} cannot be read: {error.strerror}") from None
    if len(data) > LARGEST_BYTES:
        raise MalformedError(f"{path.name} is larger than {LARGEST_BYTES // 10**6} MB")
    return data
