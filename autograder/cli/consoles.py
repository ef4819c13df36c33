"""Where text goes: plain lines that steer no terminal, in signs that it can show.

Most of what a batch prints are plain lines. rich takes many times as long for each, so it is left
to ``tables.py``, for what has columns or colours.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from autograder.texts import clean, line


class UnreadError(Exception):
    """Nobody reads standard output any more, as in ``gradus report results | head``."""


def write(text: str) -> None:
    """Write text that is known to be harmless to standard output, at once."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise UnreadError from error


def say(text: str) -> None:
    """Write one line to standard output, whatever is in it."""
    write(f"{line(text)}\n")


def warn(text: str) -> None:
    """Write to standard error what a person should know besides the results."""
    sys.stderr.write(f"{clean(text)}\n")
    sys.stderr.flush()


def places(results: Path) -> str:
    """Return where results are, and the page to open first if there is one."""
    page = results / "report.html"
    return f"{results}/, {page} shows them" if page.is_file() else f"{results}/"


def is_watched() -> bool:
    """Return whether standard output is a terminal on which a line can be drawn anew."""
    return sys.stdout.isatty() and os.environ.get("TERM") not in {"dumb", "unknown"}


@dataclass(frozen=True)
class Signs:
    """The signs of a text: for what is right, what is wrong, a hint, and a piece of a bar."""

    right: str = "✓"
    wrong: str = "✗"
    hint: str = "→"
    block: str = "█"
    dash: str = "–"


PLAIN = Signs(right="+", wrong="x", hint=">", block="#", dash="-")


def signs() -> Signs:
    """Return the signs that standard output can show.

    Python writes UTF-8 also where the locale is C, so what the user says is looked at as well.
    """
    locale = os.environ.get("LC_ALL") or os.environ.get("LANG")
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    return Signs() if unicode and locale not in {"C", "POSIX"} else PLAIN
