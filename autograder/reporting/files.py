"""Write files in one step each, so that nobody ever reads half of one."""

import csv
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from autograder.errors import UnwritableError
from autograder.texts import cell

_PART = re.compile(r"\..+\.(\d+)\.part")  # with the number of the process that writes it


@contextmanager
def replacing(path: Path, errors: str = "strict") -> Iterator[TextIO]:
    """Write a file, and the folders above it; it takes its name when it is complete.

    Parameters
    ----------
    errors : str
        What becomes of characters that cannot be encoded.

    Raises
    ------
    UnwritableError
        If it cannot be written; an earlier one stays then.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with _opened(temporary, errors) as file:
                yield file
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):  # it never was there
                temporary.unlink()
            raise
    except OSError as error:
        raise UnwritableError(path, error.strerror or str(error)) from error


def _opened(path: Path, errors: str) -> TextIO:
    """Open a file for writing; most folders are there already."""
    try:
        return path.open("w", encoding="utf-8", errors=errors, newline="")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8", errors=errors, newline="")


def remove_leftovers(folder: Path) -> None:
    """Remove what processes that were killed had not finished writing."""
    for path in folder.rglob(".*.part"):
        writer = _PART.fullmatch(path.name)
        if writer and not _is_running(int(writer[1])):
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def write_text(path: Path, text: str) -> None:
    """Write a file, and the folders above it, in one atomic step."""
    with replacing(path) as file:
        file.write(text)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    """Return a table as CSV that no spreadsheet takes for a program."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([cell(value) for value in row] for row in (header, *rows))
    return text.getvalue()


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ","
) -> None:
    """Write a table, as `csv_text` makes it, in one atomic step."""
    write_text(path, csv_text(header, rows, delimiter))


@contextmanager
def replacing_folder(folder: Path, suffix: str) -> Iterator[Callable[[str, str], None]]:
    """Write the files of a folder, and remove those with the same suffix from an earlier time.

    Parameters
    ----------
    suffix : str
        What the files end with: ``.json``.

    Yields
    ------
    callable
        Writes a file: its path in the folder, and its text.
    """
    kept = set()

    def write(name: str, text: str) -> None:
        write_text(folder / name, text)
        kept.add(folder / name)

    yield write
    for path in folder.rglob(f"*{suffix}"):
        if path not in kept:
            path.unlink(missing_ok=True)
