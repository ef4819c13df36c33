"""Workers where there is no warm server: a fresh interpreter for each, and hardly any confinement.

This is for machines without Linux, and only if the user asks for it. A worker is a process with the
limits that the machine has; student code can read and write what the user can. The loop in it, and
the questions that it answers, are those of confined workers, and so are the scores.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograder.sandbox.limits import Limits
from autograder.sandbox.parents import start_python
from autograder.sandbox.processes import ANSWER_SECONDS, ServerDied, Unsupported


class Interpreters:
    """Starts interpreters on request, with the interface of `processes.ServerProcess`.

    Parameters
    ----------
    limits : Limits
        What each worker may use.

    Raises
    ------
    Unsupported
        If descriptors can't be passed to a process here.
    """

    def __init__(self, limits: Limits) -> None:
        if os.name != "posix":
            raise Unsupported(f"student code can't be run on {os.name} at all; use Linux")
        self._limits = limits
        self._folder = Path(tempfile.mkdtemp(prefix="gradus-portable-"))
        self._workers: dict[int, tuple[subprocess.Popen[bytes], Path]] = {}
        self.killed = 0
        self.state: dict[str, Any] = {"missing": {}, "notes": {}, "imports": {}}

    def ask(
        self,
        request: dict[str, Any],
        descriptors: Sequence[int] = (),
        *,
        timeout: float = ANSWER_SECONDS,  # noqa: ARG002 - nobody has to be waited for
    ) -> tuple[dict[str, Any], list[int]]:
        """Start a worker, or reap one."""
        if request["op"] == "spawn":
            data, output = descriptors
            return self._spawn(request["seed"], data, output)
        return {"status": self._reap(request["pid"])}, []

    def _spawn(self, seed: int, data: int, output: int) -> tuple[dict[str, Any], list[int]]:
        """Start a worker that holds one end of a pipe: the other one tells when it has ended."""
        ended, alive = os.pipe()
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        given = {"data": data, "seed": seed, "limits": asdict(self._limits)}
        process = start_python(
            "autograder.sandbox.oneshot",
            [json.dumps(given)],
            folder,
            [data, alive],
            output=output,
            errors=subprocess.STDOUT,
        )
        os.close(alive)
        self._workers[process.pid] = process, folder
        return {"pid": process.pid}, [ended]

    def _reap(self, pid: int) -> int:
        """Kill a worker with its process group, and return its exit status."""
        if pid not in self._workers:
            raise ServerDied("the interpreters were ended")
        self.kill(pid, -1)
        process, folder = self._workers.pop(pid)
        status = process.wait()
        shutil.rmtree(folder, ignore_errors=True)
        return status

    def kill(self, pid: int, _process: int) -> None:
        """Kill a worker with its process group, unless its number may be another's by now."""
        if pid not in self._workers:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)

    def new_output(self) -> int:
        """Return a descriptor of a file without a name."""
        descriptor, name = tempfile.mkstemp(dir=self._folder)
        Path(name).unlink()
        return descriptor

    def close(self) -> None:
        """End all workers."""
        for pid in list(self._workers):
            self._reap(pid)
        shutil.rmtree(self._folder, ignore_errors=True)
