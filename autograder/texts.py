"""Text that does no harm where it is read: in terminals, spreadsheets, XML and file systems."""

import html
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

# Escape sequences of terminals: colours and cursor, then titles and links.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\x9d]*(?:\x07|\x1b\\|\x9c)"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# Characters that XML 1.0 forbids, that steer a terminal, or that turn the direction of writing.
_INVISIBLE = (
    "\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f"
)
_STEERING = re.compile(f"[\x00-\x09\x0b-\x1f{_INVISIBLE}]")
_INVISIBLE_ONLY = re.compile(f"[{_INVISIBLE}]")

# What a spreadsheet takes for a formula: at the start of a cell, and, since its separator may be
# another one, of what it may take for a cell. There a plain number is left alone, if the same
# separator ends it.
_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_NUMBER = r"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?+\s*+(?:\1|[\])]|$)"
_FORMULA = re.compile(rf"(^|[,;|])(?!(?<=[,;|])\s*{_NUMBER})([\s'\"{_SIGNS}]*[{_SIGNS}])")

_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9])(?:\..*)?", re.IGNORECASE
)
_HASHED = re.compile(r"-[0-9a-f]{12}$")
LONGEST_NAME = 120  # bytes, of the 255 that file systems allow


def clean(text: str) -> str:
    r"""Return text without anything that steers a terminal or that XML forbids.

    Examples
    --------
    >>> clean("\x1b[31mred\x1b[0m\r\nand\x00 more")
    'red\nand� more'
    """
    if text.isascii() and text.isprintable():
        return text
    plain = _LINE_ENDS.sub("\n", _ESCAPES.sub("", text)).replace("\t", " ")
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", plain)


def line(text: str) -> str:
    """Return clean text as a single line."""
    return clean(text).replace("\n", " ")


def cell(value: object) -> object:
    """Return a value for a CSV file: text on one line that no spreadsheet takes for a formula.

    Examples
    --------
    >>> cell("=1+1"), cell(" @sum"), cell("ann;-cmd"), cell("[1, -1.5]"), cell(-1.5)
    ("'=1+1", "' @sum", "ann;'-cmd", '[1, -1.5]', -1.5)
    """
    return _FORMULA.sub(r"\1'\2", line(value)) if isinstance(value, str) else value


def html_cell(text: str) -> str:
    """Return text for a CSV file whose cells are read as HTML; nothing in it is a tag or a formula.

    Examples
    --------
    >>> html_cell("=a < b")
    '&#61;a &lt; b'
    """
    escaped = html.escape(clean(text)).replace("\n", "<br>")
    return _FORMULA.sub(lambda found: found[1] + _encoded(found[2]), escaped)


def _encoded(text: str) -> str:
    return "".join(each if each.isspace() else f"&#{ord(each)};" for each in text)


def json_text(data: Any, indent: int | None = None) -> str:
    r"""Return JSON that shows as it is: invisible characters are escaped, and none is lost.

    Examples
    --------
    >>> print(json_text("Zoë\x9b\u202e"))
    "Zoë\u009b\u202e"
    """
    text = json.dumps(data, ensure_ascii=False, indent=indent, allow_nan=False)
    if text.isprintable():
        return text
    return _INVISIBLE_ONLY.sub(lambda found: json.dumps(found[0])[1:-1], text)


def file_names(names: Iterable[str]) -> dict[str, str]:
    """Return a file name for each name, safe on every system and different from all others.

    A name stays as it is where it can. Otherwise it is made safe and ends with a hash of the
    original, also if it differs from another one only in case or in composition.

    Examples
    --------
    >>> file_names(["ann", "Zoë", ".."])
    {'ann': 'ann', 'Zoë': 'Zoë', '..': '_-5ec1f7e700f3'}
    """
    safe = {name: _safe(name) for name in names}
    counts = Counter(map(_folded, safe.values()))
    return {
        name: name if name == plain and counts[_folded(plain)] == 1 else f"{plain}-{_hash(name)}"
        for name, plain in safe.items()
    }


def _safe(name: str) -> str:
    """Return a name without what some file system refuses; one that looks hashed is changed."""
    known = "".join(
        each if each.isalnum() or each in "._@+ -" else "_"
        for each in unicodedata.normalize("NFC", name)
    )
    short = _HASHED.sub("_", known).encode()[:LONGEST_NAME].decode(errors="ignore")
    trimmed = short.lstrip(".- ").rstrip(". ")
    reserved = _RESERVED.fullmatch(unicodedata.normalize("NFKC", trimmed))
    return f"_{trimmed}" if reserved or not trimmed else trimmed


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _hash(name: str) -> str:
    return sha256(name.encode(errors="surrogatepass")).hexdigest()[:12]
