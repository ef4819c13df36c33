"""The trusted side: start a warm server, and spawn confined workers from it.

>>> from autograder.sandbox.server import Limits, SandboxServer
>>> with SandboxServer(Limits(cell_seconds=5)) as server, server.spawn(seed=1) as worker:
...     cell = worker.run_cell(0, "def double(x): return 2 * x")
...     reply = worker.call("double", [21])
>>> cell.outcome, reply.value
('completed', 42)
"""

import os
import socket
import sys
from collections.abc import Collection, Sequence
from types import TracebackType
from typing import Final, Self

from autograder.sandbox import canary, kernel, syscalls
from autograder.sandbox.client import Worker
from autograder.sandbox.codec import CodecError, Derived, Opaque
from autograder.sandbox.copies import copy_back
from autograder.sandbox.exchange import Exchange, WorkerDied
from autograder.sandbox.foreseen import ForeseenCall, foresee, pack, read_replies
from autograder.sandbox.layers import LINUX, REQUIRED, SECCOMP
from autograder.sandbox.limits import Limits
from autograder.sandbox.parents import WorkerParent
from autograder.sandbox.portable import Interpreters
from autograder.sandbox.processes import (
    SandboxError,
    ServerDied,
    ServerProcess,
    Unsupported,
)
from autograder.sandbox.replies import CallReply, CellReply
from autograder.sandbox.wire import Channel

__all__ = [
    "CallReply",
    "CellReply",
    "CodecError",
    "Derived",
    "ForeseenCall",
    "Limits",
    "Opaque",
    "SandboxError",
    "SandboxServer",
    "ServerDied",
    "Unsupported",
    "Worker",
    "WorkerDied",
    "copy_back",
    "foresee",
    "pack",
    "read_replies",
]

READY_SECONDS: Final = 30.0
DEFAULT_PRELOAD: Final = ("matplotlib.pyplot",)  # needs a writable folder when it is imported
_DEFAULT_LIMITS: Final = Limits()


def _compiled() -> bytes:
    """Compile the filter of system calls."""
    try:
        kernel.require_filters()
        return syscalls.compile_filter()
    except (ImportError, RuntimeError, OSError) as error:
        raise Unsupported(f"student code can't be confined by {SECCOMP}: {error}") from error


class SandboxServer:
    """A warm server, from which workers are forked in milliseconds.

    The server ends when the thread that started it does. It can be used from several threads.

    Parameters
    ----------
    limits : Limits
        What each worker may use.
    preload : sequence of str
        Modules to import once, for all workers, besides numpy and the usual modules of the
        standard library; one that can't be imported is left out.
    without : collection of str
        Names in `layers.REQUIRED` of confinement to do without. All others are required, and tried
        by a probe that attempts to break out. Without ``linux`` there is none at all, and a fresh
        interpreter for each worker in place of a warm server.

    Attributes
    ----------
    notes : dict of str to str
        What student code may miss on this machine, and why.
    not_imported : dict of str to str
        Modules of `preload` that could not be imported, and why.
    """

    def __init__(
        self,
        limits: Limits = _DEFAULT_LIMITS,
        preload: Sequence[str] = DEFAULT_PRELOAD,
        *,
        without: Collection[str] = (),
    ) -> None:
        self._limits, self._preload = limits, tuple(preload)
        self._without = frozenset(without)
        if unknown := self._without - REQUIRED.keys():
            raise ValueError(f"there are no layers {sorted(unknown)}, only {list(REQUIRED)}")
        self._process: WorkerParent | None = None
        self.notes: dict[str, str] = {}
        self.not_imported: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the server, and see that its workers are confined.

        From now on no other process can inspect this one either.

        Raises
        ------
        Unsupported
            If a required layer is missing, or does not hold.
        ServerDied
            If it does not come up.
        """
        kernel.hide_memory()
        self._process = self._parent()
        try:
            self._require_confinement(self._process.state["missing"])
        except BaseException:
            self.close()
            raise
        self.notes = self._process.state["notes"]
        self.not_imported = self._process.state["imports"]

    def _parent(self) -> WorkerParent:
        """Start what workers come from."""
        if LINUX in self._without:
            return Interpreters(self._limits)
        if not sys.platform.startswith("linux"):
            raise Unsupported(f"untrusted code can be confined on Linux only, not {sys.platform}")
        program = b"" if SECCOMP in self._without else _compiled()
        return ServerProcess(self._limits, self._preload, program, self._without)

    def _require_confinement(self, missing: dict[str, str]) -> None:
        """Refuse to go on if anything is missing, or if a probe breaks out."""
        for layer, reason in missing.items():
            raise Unsupported(f"student code can't be confined by {layer}: {reason}")
        if LINUX not in self._without:
            with self.spawn(0) as worker:
                try:
                    canary.require_refusals(worker, self._without)
                except Unsupported as error:
                    if self.killed:  # what was killed from outside has broken out of nothing
                        raise ServerDied("the probe of the sandbox was killed") from error
                    raise

    def spawn(self, seed: int) -> Worker:
        """Fork a worker.

        Parameters
        ----------
        seed : int
            Of the global generators of `random` and numpy in it.

        Returns
        -------
        Worker
            Confined and ready; to be closed by the caller.

        Raises
        ------
        ServerDied
            If the server is gone, or the worker could not be confined.
        """
        if self._process is None:
            raise ServerDied("the sandbox server was not started")
        output = self._process.new_output()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                pid, process = self._fork(self._process, seed, theirs.fileno(), output)
            exchange = Exchange(self._process, Channel(ours), pid, process, self._limits)
            exchange.ready(READY_SECONDS)
        except BaseException:
            ours.close()
            os.close(output)
            raise
        return Worker(exchange, output, self._limits)

    @staticmethod
    def _fork(process: WorkerParent, seed: int, data: int, output: int) -> tuple[int, int]:
        """Ask for a worker; return its number, and a descriptor of its process."""
        answer, received = process.ask({"op": "spawn", "seed": seed}, [data, output])
        if not received:
            raise ServerDied(str(answer.get("error")))
        return answer["pid"], received[0]

    @property
    def killed(self) -> int:
        """How many workers were killed, and not by us: from outside, or by their own code."""
        return self._process.killed if self._process is not None else 0

    def close(self) -> None:
        """End the server and all its workers."""
        if self._process is not None:
            self._process.close()
            self._process = None
