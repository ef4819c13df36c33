"""The process of the warm server, seen from the trusted side: start it, ask it, end it."""

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Collection, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NoReturn

from autograder.sandbox.codec import CodecError, decode, encode
from autograder.sandbox.limits import Limits
from autograder.sandbox.parents import start_python

START_SECONDS: Final = 120.0
ANSWER_SECONDS: Final = 30.0
MESSAGE_BYTES: Final = 1 << 16


class SandboxError(Exception):
    """Tell that untrusted code could not be run as asked; the base of all errors here."""


class Unsupported(SandboxError):  # noqa: N818 - reads as the state of the machine
    """Tell that this machine can't confine untrusted code."""


class ServerDied(SandboxError):  # noqa: N818 - reads as the event
    """Tell that the warm server is gone: a fault of the grader, never of a submission."""


class ServerProcess:
    """One warm server.

    Parameters
    ----------
    limits : Limits
        What each worker may use.
    preload : sequence of str
        Modules to import before the first worker.
    program : bytes
        Compiled filter of system calls; empty for none.
    without : collection of str
        Names of layers of confinement that workers do without.

    Raises
    ------
    ServerDied
        If it can't be started.
    """

    def __init__(
        self, limits: Limits, preload: Sequence[str], program: bytes, without: Collection[str]
    ) -> None:
        self._lock = threading.Lock()
        self._folder = Path(tempfile.mkdtemp(prefix="gradus-sandbox-"))
        self._folder.chmod(0o755)  # holds caches of libraries, which workers read as another user
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._control, self._process = self._start()
        self.killed = 0
        request = {
            "limits": asdict(limits),
            "preload": list(preload),
            "filter": program,
            "without": sorted(without),
        }
        try:
            self.state, _ = self.ask(request, timeout=START_SECONDS)
        except BaseException:
            self.close()
            raise

    def _start(self) -> tuple[socket.socket, subprocess.Popen[bytes]]:
        """Start the server, with one descriptor of ours."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            process = start_python(
                "autograder.sandbox.zygote",
                [str(theirs.fileno()), str(os.getpid())],
                self._folder,
                [theirs.fileno()],
                output=subprocess.DEVNULL,
                errors=self._errors,
            )
        return ours, process

    def ask(
        self,
        request: dict[str, Any],
        descriptors: Sequence[int] = (),
        *,
        timeout: float = ANSWER_SECONDS,
    ) -> tuple[dict[str, Any], list[int]]:
        """Ask the server something.

        Parameters
        ----------
        request : dict
            Plain data.
        descriptors : sequence of int
            Sent along; they stay the caller's.
        timeout : float
            Seconds until the server counts as dead.

        Returns
        -------
        tuple of (dict, list of int)
            The answer, and the descriptors that came with it, now the caller's.

        Raises
        ------
        ServerDied
            If there is no answer.
        """
        with self._lock:
            try:
                socket.send_fds(self._control, [encode(request)], descriptors)
                if not select.select([self._control], [], [], timeout)[0]:
                    self._fail("it does not answer")
                flags = socket.MSG_CMSG_CLOEXEC
                data, received, _, _ = socket.recv_fds(self._control, MESSAGE_BYTES, 1, flags)
            except (OSError, ValueError) as error:
                self._fail(str(error))
        if not data:
            self._fail("it ended")
        try:
            return decode(data), received
        except CodecError as error:
            self._fail(str(error))

    def _fail(self, reason: str) -> NoReturn:
        """Raise with the last words of the server."""
        with contextlib.suppress(ValueError, OSError):
            self._errors.seek(0)
            lines = self._errors.read().decode(errors="replace").strip().splitlines()
            reason = "; ".join([reason, *filter(None, lines[-6:])])
        raise ServerDied(f"the sandbox server is gone: {reason}")

    @staticmethod
    def kill(_pid: int, process: int) -> None:
        """Kill a worker, even if the server is gone."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(process, signal.SIGKILL)

    @staticmethod
    def new_output() -> int:
        """Return a descriptor of a file in memory."""
        return os.memfd_create("output")

    def close(self) -> None:
        """End the server; its workers die with it."""
        self._control.close()
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._errors.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def describe_status(status: int) -> str:
    """Say how a process ended.

    Parameters
    ----------
    status : int
        The exit code, or the negative number of a signal.

    Returns
    -------
    str
        Such as ``exit code 3`` or ``signal 11 (SIGSEGV)``.
    """
    if status >= 0:
        return f"exit code {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = "unknown"
    return f"signal {-status} ({name})"


def wait_for_exit(descriptor: int, seconds: float) -> bool:
    """Wait until the process of a descriptor has ended; tell whether it has."""
    watched = select.poll()
    watched.register(descriptor, select.POLLIN)
    return bool(watched.poll(max(0.0, seconds) * 1000))
