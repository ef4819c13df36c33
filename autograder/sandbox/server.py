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
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from autograder.sandbox import kernel, syscalls
from autograder.sandbox.client import Worker
from autograder.sandbox.codec import CodecError, Derived, Opaque
from autograder.sandbox.copies import copy_back
from autograder.sandbox.exchange import Exchange, WorkerDied
from autograder.sandbox.foreseen import ForeseenCall, foresee, pack, read_replies
from autograder.sandbox.limits import Limits
from autograder.sandbox.processes import SandboxError, ServerDied, ServerProcess, Unsupported
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
    "available",
    "copy_back",
    "foresee",
    "pack",
    "read_replies",
]

READY_SECONDS: Final = 30.0
DEFAULT_PRELOAD: Final = ("matplotlib.pyplot",)  # needs a writable folder when it is imported
_DEFAULT_LIMITS: Final = Limits()


def available() -> dict[str, str]:
    """Say which layers of confinement this machine lacks.

    Returns
    -------
    dict of str to str
        Why each missing layer is missing; empty if all are there.
    """
    missing = {} if kernel.landlock_version() else {"landlock": "the kernel has no Landlock"}
    return missing | _compiled()[1]


def _compiled() -> tuple[bytes, dict[str, str]]:
    """Compile the filter of system calls, or say why there is none."""
    try:
        return syscalls.compile_filter(), {}
    except (ImportError, RuntimeError, OSError) as error:
        return b"", {"seccomp": str(error)}


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

    Attributes
    ----------
    missing : dict of str to str
        Layers of confinement that workers do without, and why.
    not_imported : dict of str to str
        Modules of `preload` that could not be imported, and why.
    """

    def __init__(
        self, limits: Limits = _DEFAULT_LIMITS, preload: Sequence[str] = DEFAULT_PRELOAD
    ) -> None:
        self._limits, self._preload = limits, tuple(preload)
        self._process: ServerProcess | None = None
        self.missing: dict[str, str] = {}
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
        """Start the server.

        Raises
        ------
        Unsupported
            If this is not Linux.
        ServerDied
            If it does not come up.
        """
        program, missing = _compiled()
        self._process = ServerProcess(self._limits, self._preload, program)
        state = self._process.state
        self.missing = missing | state["missing"]
        self.not_imported = state["imports"]

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
        output = os.memfd_create("output")
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
    def _fork(process: ServerProcess, seed: int, data: int, output: int) -> tuple[int, int]:
        """Ask for a worker; return its number, and a descriptor of its process."""
        answer, received = process.ask({"op": "spawn", "seed": seed}, [data, output])
        if not received:
            raise ServerDied(str(answer.get("error")))
        return answer["pid"], received[0]

    def close(self) -> None:
        """End the server and all its workers."""
        if self._process is not None:
            self._process.close()
            self._process = None
