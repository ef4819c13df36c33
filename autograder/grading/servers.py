"""The warm sandbox servers of one grading process, each with what some notebooks import."""

import re
import sys
from collections.abc import Callable, Sequence
from typing import Final

from autograder.model import CodeCell
from autograder.sandbox.server import DEFAULT_PRELOAD, Limits, SandboxServer

_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+([^\n]*)", re.MULTILINE)
_WORD = re.compile(r"\bimport\b")
_ELSEWHERE = re.compile(r"__import__|importlib|import_module|matplotlib|pylab")
_WORDS: Final = ("import", "matplotlib", "pylab")  # one of them is in whatever imports
_PLAIN: Final = sys.stdlib_module_names | {"numpy", "otter"}

ServerFor = Callable[[Sequence[CodeCell]], SandboxServer]


class Servers:
    """Starts a server when the first notebook needs it.

    A process is forked the faster the less its server has imported, and most notebooks plot
    nothing when they are graded: the cells that came with them for that are left out.

    Parameters
    ----------
    limits : Limits
        What each worker may use.
    without : frozenset of str
        Layers of confinement that student code does without.
    """

    def __init__(self, limits: Limits, without: frozenset[str]) -> None:
        self._limits, self._without = limits, without
        self._started: dict[tuple[str, ...], SandboxServer] = {}

    def __call__(self, cells: Sequence[CodeCell]) -> SandboxServer:
        """Return the server for a notebook.

        Raises
        ------
        Unsupported
            If student code can't be confined as asked.
        """
        preload = DEFAULT_PRELOAD if any(needs_libraries(each.source) for each in cells) else ()
        if preload not in self._started:
            server = SandboxServer(self._limits, preload, without=self._without)
            server.start()
            self._started[preload] = server
        return self._started[preload]

    @property
    def killed(self) -> int:
        """How many workers were killed, and not by us."""
        return sum(server.killed for server in self._started.values())

    def close(self) -> None:
        """End the servers and all their workers."""
        while self._started:
            self._started.popitem()[1].close()


def needs_libraries(source: str) -> bool:
    """Return whether a cell may import more than numpy and the standard library.

    A mistake costs time and nothing else.
    """
    if not any(word in source for word in _WORDS):
        return False
    if _ELSEWHERE.search(source):
        return True
    statements = _IMPORT.findall(source)
    if len(_WORD.findall(source)) > len(statements):  # one stands behind something else
        return True
    names = (name for each in statements for name in each.partition(" import")[0].split(","))
    return any(not _PLAIN.issuperset(name.partition(".")[0].split()[:1]) for name in names)
