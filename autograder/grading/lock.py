"""One grader at a time in a results folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from autograder.errors import UnwritableError, UsageError

FILE: Final = ".grading"


@contextmanager
def only_grader(folder: Path) -> Iterator[None]:
    """Keep other graders out of a results folder, which is made if it is not there.

    The kernel holds the lock and gives it up when the process ends, however it does; the file
    only tells who it is, and stays.

    Raises
    ------
    UsageError
        If another process grades into that folder.
    UnwritableError
        If the folder cannot be used.
    """
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise UnwritableError(path, error.strerror or str(error)) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise UsageError(
                f"process {file.read().strip() or '(starting)'} is grading into {folder}/ just "
                "now; wait for it, or name another folder with --out"
            ) from None
        _say_who(file.fileno(), path)
        yield


def _say_who(descriptor: int, path: Path) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
    except OSError as error:
        raise UnwritableError(path, error.strerror or str(error)) from error
