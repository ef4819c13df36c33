"""Output streams that stop writing at a limit, silently: the code that prints goes on."""

import contextlib
import io
import os
import sys
from typing import Any, Final

_STDOUT: Final = 1
_STDERR: Final = 2


class Budget:
    """The bytes that all streams of one worker may still write.

    Parameters
    ----------
    left : int
        Bytes.
    """

    def __init__(self, left: int) -> None:
        self.left = left
        self.exceeded = False

    def take(self, size: int) -> int:
        """Return how much of a write is allowed; note if it is not all."""
        allowed = min(size, self.left)
        self.left -= allowed
        self.exceeded = self.exceeded or allowed < size
        return allowed


class CappedFile(io.RawIOBase):
    """A descriptor that swallows what goes beyond a budget.

    Parameters
    ----------
    descriptor : int
        Open for writing; not owned.
    budget : Budget
        Shared by all streams.
    """

    def __init__(self, descriptor: int, budget: Budget) -> None:
        self._descriptor, self._budget = descriptor, budget

    def writable(self) -> bool:
        """Say that this file can be written to."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def write(self, data: Any, /) -> int:
        """Write what the budget allows; claim to have written everything."""
        view = memoryview(data)
        allowed = self._budget.take(view.nbytes)
        try:
            while allowed:
                written = os.write(self._descriptor, view[:allowed])
                view, allowed = view[written:], allowed - written
        except OSError:  # the descriptor was closed, or filled, by other means
            self._budget.exceeded = True
        return memoryview(data).nbytes


class Streams:
    """The standard streams of a worker.

    Parameters
    ----------
    limit : int
        Bytes that both output streams may write together.
    """

    def __init__(self, limit: int) -> None:
        self.budget = Budget(limit)
        self._outputs = [self._text(_STDOUT), self._text(_STDERR)]

    def _text(self, descriptor: int) -> io.TextIOWrapper:
        buffered = io.BufferedWriter(CappedFile(descriptor, self.budget))
        return io.TextIOWrapper(buffered, encoding="utf-8", errors="backslashreplace")

    def install(self) -> None:
        """Make these the process's streams; there is no input."""
        nothing = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        streams = {"stdin": nothing, "stdout": self._outputs[0], "stderr": self._outputs[1]}
        for name, stream in streams.items():
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)

    def flush(self) -> bool:
        """Write what is buffered; tell whether anything was discarded since the last time."""
        for output in self._outputs:
            with contextlib.suppress(ValueError):  # closed or detached by the code that ran
                output.flush()
        exceeded, self.budget.exceeded = self.budget.exceeded, False
        return exceeded
