"""Run commands, and account for every process that they start."""

import ctypes
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.errors import FaultError

_SET_CHILD_SUBREAPER: Final = 36  # of prctl
_LAST_WORDS: Final = 500  # characters of what a failed command wrote


@dataclass(frozen=True)
class Usage:
    """What something took.

    Attributes
    ----------
    wall, cpu : float
        Seconds.
    """

    wall: float = 0.0
    cpu: float = 0.0


@dataclass(frozen=True)
class Command:
    """What to start, and where."""

    words: Sequence[str | Path]
    folder: Path
    environment: Mapping[str, str]


def run(*commands: Command) -> Usage:
    """Run commands at the same time, and wait for all processes that they start.

    Processor time is that of all descendants. A process whose parent ends first would be counted
    by nobody (the sandbox's server is one), so they become children of this process.

    Raises
    ------
    FaultError
        If a command fails.
    """
    ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        processes = {each.pid: each for each in (_start(one, output.fileno()) for one in commands)}
        pending, wall, cpu = set(processes), 0.0, 0.0
        while True:
            try:
                pid, status, usage = os.wait4(-1, 0)
            except ChildProcessError:
                break
            cpu += usage.ru_utime + usage.ru_stime
            if pid in pending:
                pending.remove(pid)
                wall = time.perf_counter() - started
                processes[pid].returncode = os.waitstatus_to_exitcode(status)
        for process in processes.values():
            _require_success(process, output.fileno())
    return Usage(wall, cpu)


def _start(command: Command, output: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [str(word) for word in command.words],
        cwd=command.folder,
        env=dict(command.environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
    )


def _require_success(process: "subprocess.Popen[bytes]", output: int) -> None:
    if process.returncode:
        size = os.fstat(output).st_size
        words = os.pread(output, _LAST_WORDS, max(0, size - _LAST_WORDS)).decode(errors="replace")
        raise FaultError(f"{process.args!r} ended with {process.returncode}: {words.strip()}")
