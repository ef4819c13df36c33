"""What has columns or colours, written by rich; imported only where there is some of it.

Colours are for terminals: not where ``NO_COLOR`` is set or ``TERM`` is ``dumb``, and elsewhere
only where ``FORCE_COLOR`` is set.
"""

import re
import sys

from rich.console import Console, JustifyMethod, RenderableType
from rich.table import Table

from autograder.cli.consoles import PLAIN, signs, write

WIDTH = 120  # of what is not written to a terminal

RIGHT, WRONG, ACCENT = "green", "red", "bright_blue"


class Terminal(Console):
    """Standard output, where text of students is text and nothing else."""

    def __init__(self) -> None:
        wide = not sys.stdout.isatty()
        self._plain = signs() == PLAIN  # once, as a bar takes the place of sys.stdout
        super().__init__(
            markup=False,
            emoji=False,
            highlight=False,
            soft_wrap=wide,
            width=WIDTH if wide else None,
        )

    @property
    def encoding(self) -> str:
        """What rich chooses its own signs by."""
        return "ascii" if self._plain else "utf-8"


def show(*parts: RenderableType) -> None:
    """Write to standard output, without the spaces that fill lines."""
    terminal = Terminal()
    with terminal.capture() as captured:
        terminal.print(*parts, sep="\n")
    write(re.sub(" +$", "", captured.get(), flags=re.MULTILINE))


def table(title: str, *columns: str) -> Table:
    """Return an empty table; a column whose name begins with ``>`` is aligned to the right."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name in columns:
        justify: JustifyMethod = "right" if name.startswith(">") else "left"
        made.add_column(name.lstrip(">"), justify=justify, overflow="fold")
    return made
