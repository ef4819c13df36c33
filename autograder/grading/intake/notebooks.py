"""The code of a notebook, whatever wrote it, read without validating what does not matter.

Formats 2 to 4 and what Colab, VS Code or Deepnote make of them differ in metadata only, which
is not used; cells may lack identifiers or repeat them. nbformat is not used: importing it and
validating a notebook costs more than everything else that is done to read one.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from autograder.errors import MalformedError
from autograder.grading.intake.choices import SCRIPT, Document, kind
from autograder.grading.intake.packages import without_missing
from autograder.grading.intake.scripts import is_script, script_cells
from autograder.model import CodeCell

LARGEST_CELLS = 10_000
LARGEST_CODE = 15_000_000  # characters: what the sandbox surely takes
CONFLICT = re.compile(r"^(?:<<<<<<<|>>>>>>>) ", re.MULTILINE)
TITLE = re.compile(r"<title[^>]*>\s*([^<]{1,60})", re.IGNORECASE)


@dataclass(frozen=True)
class Notebook:
    """The code of a notebook, in order, and what had to be done to read it."""

    cells: tuple[CodeCell, ...]
    remarks: tuple[str, ...] = ()


def read_notebook(document: Document) -> Notebook:
    """Return the code cells of what was handed in.

    Raises
    ------
    MalformedError
        If it is neither a notebook nor a script saved from one.
    """
    if document.data.startswith(b"%PDF"):
        raise MalformedError("not a notebook but a PDF; the .ipynb file itself is needed")
    text, remarks = _decoded(document.data)
    start = text.lstrip()[:1]
    if not start:
        raise MalformedError("the file is empty")
    if start == "<" and not CONFLICT.match(text.lstrip()):
        raise MalformedError(_page(text))
    if start != "{" and (kind(document.name) == SCRIPT or is_script(text)):
        remarks.append("handed in as a script, read as a notebook")
        cells = list(script_cells(text))
    else:
        cells = list(_cells(_parsed(text)))
    if len(cells) > LARGEST_CELLS:
        raise MalformedError(f"not a notebook: it has more than {LARGEST_CELLS} cells")
    if sum(len(each.source) for each in cells) > LARGEST_CODE:
        raise MalformedError(
            f"not a notebook that can be run: it has more than {LARGEST_CODE:,} characters of code"
        )
    kept, missing = without_missing([each for each in cells if each.source.strip()])
    if not kept:
        remarks.append("there is no code in the notebook")
    return Notebook(tuple(kept), (*remarks, *missing))


def _decoded(data: bytes) -> tuple[str, list[str]]:
    """Return the text of a file; with or without a byte order mark, one of Unicode's encodings."""
    encoding = json.detect_encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise MalformedError(
            f"not a notebook: byte {error.start} is not {encoding.removesuffix('-sig').upper()}"
        ) from None
    return text, [] if encoding.startswith("utf-8") else [f"the file is in {encoding.upper()}"]


def _page(text: str) -> str:
    title = TITLE.search(text[:100_000])
    named = f" ({title[1].strip()})" if title else ""
    return f"not a notebook but a web page{named}; the .ipynb file itself is needed"


def _parsed(text: str) -> dict[str, Any]:
    try:
        raw = _loads(text)
    except (ValueError, RecursionError) as error:
        if CONFLICT.search(text):
            reason = "git's marks of a merge conflict are in it"
        else:
            place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            reason = f"broken JSON{place}, the file may be truncated"
        raise MalformedError(f"not a notebook: {reason}") from None
    if not isinstance(raw, dict) or not raw.keys() & {"nbformat", "cells", "worksheets"}:
        raise MalformedError("not a notebook: JSON, but without nbformat and cells")
    return raw


def _loads(text: str) -> Any:
    """Parse JSON; what is not to the letter of the standard, as Python's own parser does it."""
    try:
        return orjson.loads(text)
    except (ValueError, RecursionError):
        return json.loads(text)


def _cells(raw: dict[str, Any]) -> Iterator[CodeCell]:
    cells = raw.get("cells")
    if cells is None and isinstance(raw.get("worksheets"), list):  # before format 4
        sheets = [each for each in raw["worksheets"] if isinstance(each, dict)]
        lists = [each["cells"] for each in sheets if isinstance(each.get("cells"), list)]
        cells = [cell for each in lists for cell in each]
    if not isinstance(cells, list) or len(cells) > LARGEST_CELLS:
        raise MalformedError(f"not a notebook: no list of at most {LARGEST_CELLS} cells")
    for index, cell in enumerate(cells):
        if not isinstance(cell, dict):
            raise MalformedError(f"not a notebook: cell {index} is no cell")
        if cell.get("cell_type") == "code":
            yield CodeCell(index, _source(cell.get("source", cell.get("input")), index))


def _source(source: object, index: int) -> str:
    """Return the source of a cell, which is a text or a list of lines, with plain line ends."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str | None):
        raise MalformedError(f"not a notebook: the source of cell {index} is no text")
    source = source or ""
    return source.replace("\r\n", "\n").replace("\r", "\n") if "\r" in source else source
