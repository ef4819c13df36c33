"""Find submissions on disk and read their code; nothing else in them is trusted or used."""

import io
import json
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from autograder.errors import MalformedError, UsageError, did_you_mean

LARGEST_BYTES = 200_000_000
LARGEST_CELLS = 10_000
SUFFIXES = (".ipynb", ".zip")


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one assignment.

    Attributes
    ----------
    path : pathlib.Path
        A notebook, otter's submission zip, or a folder that holds one of them.
    """

    assignment: str
    student: str
    path: Path

    def read_bytes(self) -> bytes:
        """Return the submitted notebook, taken out of its folder or zip.

        Raises
        ------
        MalformedError
            If there is not exactly one notebook, or it is too large.
        """
        path = _only_file(self.path) if self.path.is_dir() else self.path
        try:
            if path.is_symlink() or (path.exists() and not path.is_file()):
                raise MalformedError(f"{path.name} is a link or a device, not a file of its own")
            if path.stat().st_size > LARGEST_BYTES:
                raise MalformedError(f"{path.name} is larger than {LARGEST_BYTES // 10**6} MB")
            data = path.read_bytes()
        except OSError as error:
            raise MalformedError(f"{path.name} cannot be read: {error.strerror}") from None
        return _unzipped(path.name, data) if path.suffix == ".zip" else data


@dataclass(frozen=True)
class CodeCell:
    """One code cell; `index` counts all cells of the notebook from 0."""

    index: int
    source: str


def find_submissions(
    folder: Path, assignments: Sequence[str], only: str | None = None
) -> list[Submission]:
    """Return the submissions below `folder`, sorted by assignment and student.

    Parameters
    ----------
    folder : pathlib.Path
        ``<assignment>/<student>.ipynb`` or ``<assignment>/<student>/….ipynb``; or, with `only`,
        the submissions of one assignment; or one of its notebooks or zips.
    assignments : sequence of str
        The course's assignments.
    only : str, optional
        The assignment that all of them are for.

    Raises
    ------
    UsageError
        If there is no such folder, nothing in it, or a folder that is no assignment.
    """
    if only is not None and only not in assignments:
        hint = did_you_mean(only, assignments)
        raise UsageError(
            f"there is no assignment {only!r}; the course has {_list(assignments)}.{hint}"
        )
    if not folder.exists():
        raise UsageError(f"{folder} does not exist; name the folder that holds the submissions")
    if only is None and folder.name in assignments:
        only = folder.name
    elif only is not None and (folder / only).is_dir():
        folder = folder / only
    found = list(_below(folder, only)) if only else list(_by_assignment(folder, assignments))
    if not found:
        raise UsageError(
            f"{folder} holds no submission; expected <assignment>/<student>.ipynb, "
            "<assignment>/<student>/<any>.ipynb, or otter's submission zips"
        )
    return sorted(found, key=lambda each: (each.assignment, each.student, each.path))


def _by_assignment(folder: Path, assignments: Sequence[str]) -> Iterator[Submission]:
    for path in _entries(folder):
        if path.name not in assignments:
            raise UsageError(
                f"{path} belongs to no assignment of the course ({_list(assignments)}); put it in "
                f"a folder of that name, or say --assignment.{did_you_mean(path.name, assignments)}"
            )
        yield from _below(path, path.name)


def _below(folder: Path, assignment: str) -> Iterator[Submission]:
    if folder.is_file():
        yield Submission(assignment, folder.stem, folder)
        return
    for path in _entries(folder):
        student = path.name if path.is_dir() else path.stem
        yield Submission(assignment, student.encode("utf-8", "replace").decode(), path)


def _entries(folder: Path) -> Iterator[Path]:
    """Yield the folders, notebooks and zips of a folder; hidden and foreign files are no work."""
    for path in sorted(folder.iterdir()):
        if not path.name.startswith((".", "__")) and (path.is_dir() or path.suffix in SUFFIXES):
            yield path


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)


def _only_file(folder: Path) -> Path:
    """Return the notebook, or else the zip, in a student's folder."""
    for suffix in SUFFIXES:
        found = [
            path
            for path in sorted(folder.rglob(f"*{suffix}"))
            if not any(part.startswith((".", "__")) for part in path.relative_to(folder).parts)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(str(path.relative_to(folder)) for path in found[:4])
            raise MalformedError(f"{len(found)} notebooks were handed in ({names}); keep one")
    raise MalformedError("the folder holds no notebook")


def _unzipped(name: str, data: bytes) -> bytes:
    """Return the one notebook in a zip; nothing else in it is read, no log and no pickle."""
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as archive,
            archive.open(_only_member(name, archive)) as file,
        ):
            return file.read(LARGEST_BYTES)
    except MalformedError:
        raise
    except Exception as error:  # noqa: BLE001 - zipfile raises many kinds on files made by others
        raise MalformedError(f"{name} is not a readable zip: {error}") from None


def _only_member(name: str, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [
        each
        for each in archive.infolist()
        if each.filename.endswith(".ipynb")
        and not any(p.startswith((".", "__")) for p in each.filename.split("/"))
    ]
    if len(members) != 1:
        raise MalformedError(f"{name} holds {len(members)} notebooks; it must hold one")
    if members[0].file_size > LARGEST_BYTES:
        raise MalformedError(f"{name} unpacks to more than {LARGEST_BYTES // 10**6} MB")
    return members[0]


def read_cells(data: bytes) -> tuple[CodeCell, ...]:
    """Return the code cells of a notebook, in order.

    Raises
    ------
    MalformedError
        If the bytes are no notebook: no UTF-8, truncated, or without cells.
    """
    import nbformat

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedError(f"not a notebook: byte {error.start} is not UTF-8") from None
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise MalformedError(
            f"not a notebook: broken JSON{place}, the file may be truncated"
        ) from None
    if not isinstance(raw, dict) or not isinstance(raw.get("nbformat"), int):
        raise MalformedError("not a notebook: JSON, but without nbformat and cells")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(text, as_version=4)
        cells = tuple(_code_cells(notebook.get("cells")))
    except MalformedError:
        raise
    except Exception as error:  # noqa: BLE001 - nbformat raises many kinds on files made by others
        raise MalformedError(f"not a notebook: {type(error).__name__}: {error}") from None
    return cells


def _code_cells(cells: object) -> Iterator[CodeCell]:
    if not isinstance(cells, list) or len(cells) > LARGEST_CELLS:
        raise MalformedError(f"not a notebook: no list of at most {LARGEST_CELLS} cells")
    for index, cell in enumerate(cells):
        source = cell.get("source", "")
        if not isinstance(source, str):
            raise MalformedError(f"not a notebook: the source of cell {index} is no text")
        if cell.get("cell_type") == "code" and source.strip():
            yield CodeCell(index, source)


def submission_hash(data: bytes) -> str:
    """Return the SHA-256 of a submitted notebook."""
    return sha256(data).hexdigest()
