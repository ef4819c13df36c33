"""Write files in one step each, so that nobody ever reads half of one."""

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from autograder.reporting.texts import cell


def write_text(path: Path, text: str) -> None:
    """Write a file, and the folders above it, in one atomic step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    temporary.write_text(text, encoding="utf-8", newline="")
    temporary.replace(path)


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


def write_folder(folder: Path, files: Mapping[str, str], suffix: str) -> None:
    """Write the files of a folder, and remove those with the same suffix from an earlier time.

    Parameters
    ----------
    files : mapping of str to str
        Texts by their path in the folder.
    suffix : str
        What the files end with: ``.json``.
    """
    for name, text in files.items():
        write_text(folder / name, text)
    kept = {folder / name for name in files}
    for path in folder.rglob(f"*{suffix}"):
        if path not in kept:
            path.unlink()
