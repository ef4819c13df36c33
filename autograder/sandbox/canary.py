"""Try to break out of a worker, before any untrusted code can.

What a machine claims to have and what it does are two things. So the trusted side runs these
attempts in a worker of every server that it starts, and refuses to go on if one of them succeeds.
An attempt counts as refused only if it fails for the right reason: a file that is not there, or a
network that is down, says nothing.
"""

import os
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.sandbox import guard
from autograder.sandbox.client import Worker
from autograder.sandbox.exchange import WorkerDied
from autograder.sandbox.layers import LANDLOCK, SECCOMP, USER
from autograder.sandbox.processes import Unsupported

_SECONDS: Final = 20.0
_PREPARE: Final = """
import _thread, ctypes, os, socket
parent, libc = os.getppid(), ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    if getattr(libc, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)
"""


@dataclass(frozen=True)
class Attempt:
    """Something that a worker must not be able to do.

    Parameters
    ----------
    source : str
        Does it; ``{grader}`` stands for the number of the trusted process, ``{folder}`` for a
        folder that everybody may write to, with a file in it. It is harmless if it succeeds.
    stopped_by : tuple of str
        Layers each of which prevents it; none if the kernel does so in any case.
    refusals : tuple of str
        The exceptions with which it may fail.
    """

    source: str
    stopped_by: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ("PermissionError",)


_NO_PROCESS: Final = ("PermissionError", "BlockingIOError")  # by the filter, or by the limit
_NO_THREAD: Final = ("RuntimeError",)
# A worker that runs another program is no worker any more, so that is last.
ATTEMPTS: Final = {
    "fork": Attempt("if not os.fork(): os._exit(0)", (SECCOMP,), _NO_PROCESS),
    "start a thread": Attempt("_thread.start_new_thread(int, ())", (SECCOMP,), _NO_THREAD),
    "open an internet socket": Attempt("socket.socket()", (SECCOMP,)),
    "open a unix socket": Attempt("socket.socket(socket.AF_UNIX)", (SECCOMP,)),
    "signal its server": Attempt("os.kill(parent, 0)", (SECCOMP,)),
    "trace its server": Attempt("call('ptrace', 0x4206, parent, 0, 0)"),
    "read its server's memory": Attempt("open(f'/proc/{{parent}}/mem', 'rb')"),
    "read its server's environment": Attempt("open(f'/proc/{{parent}}/environ', 'rb')"),
    "read the grader's memory": Attempt("open('/proc/{grader}/mem', 'rb')"),
    "read the grader's environment": Attempt("open('/proc/{grader}/environ', 'rb')"),
    "read a file": Attempt("open('{folder}/file', 'rb')", (LANDLOCK,)),
    "list a folder": Attempt("os.listdir('{folder}')", (LANDLOCK,)),
    "change a file": Attempt("open('{folder}/file', 'ab')", (LANDLOCK,)),
    "make a file": Attempt("open('{folder}/new', 'wb')", (LANDLOCK,)),
    "make a folder": Attempt("os.mkdir('{folder}/below')", (LANDLOCK, SECCOMP)),
    "become root": Attempt("os.setuid(0)", (SECCOMP, USER)),
    "make a user namespace": Attempt("call('unshare', 0x10000000)", (SECCOMP,)),
    "run a program": Attempt(
        "os.execv('/proc/self/exe', ['true'])", (LANDLOCK, SECCOMP), _NO_PROCESS
    ),
}


def require_refusals(worker: Worker, without: Collection[str]) -> None:
    """Try everything in a worker of its own, which is not to be used for anything else.

    Parameters
    ----------
    worker : Worker
        Freshly spawned.
    without : collection of str
        Layers that it does without: what only these prevent may succeed.

    Raises
    ------
    Unsupported
        If something succeeds.
    """
    allowed = successes(worker)
    wrong = [name for name in allowed if not _is_excused(ATTEMPTS[name], without)]
    if wrong:
        raise Unsupported(
            f"a probe of the sandbox was not stopped: it could {', '.join(wrong)}; "
            "student code must not run here"
        )


def successes(worker: Worker) -> list[str]:
    """Return the names of the attempts that were not refused."""
    with tempfile.TemporaryDirectory(prefix="gradus-canary-") as folder:
        Path(folder).chmod(0o777)
        file = Path(folder, "file")
        file.touch()
        file.chmod(0o666)
        worker.run_cell(0, _PREPARE, _SECONDS)
        places = {"grader": os.getpid(), "folder": folder}
        return [
            name
            for name, attempt in ATTEMPTS.items()
            if not _is_refused(worker, attempt.source.format(**places), attempt.refusals)
        ]


def _is_refused(worker: Worker, source: str, refusals: tuple[str, ...]) -> bool:
    try:
        reply = worker.run_cell(1, source, _SECONDS)
    except WorkerDied:
        return False
    return reply.outcome == guard.RAISED and reply.types[0] in refusals


def _is_excused(attempt: Attempt, without: Collection[str]) -> bool:
    return bool(attempt.stopped_by) and set(attempt.stopped_by) <= set(without)
