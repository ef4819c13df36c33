"""What workers come from, whatever it is, and how an interpreter of ours is started."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final, Protocol

_ENVIRONMENT: Final = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # the order of a set of strings is the same in every run
    "OPENBLAS_NUM_THREADS": "1",  # more would hang in a worker, which has no threads
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
}


class WorkerParent(Protocol):
    """What starts and ends workers: a warm server, or `portable.Interpreters`."""

    state: dict[str, Any]
    killed: int  # workers that were killed, and not by us: from outside, or by their own code

    def ask(
        self, request: dict[str, Any], descriptors: Sequence[int] = (), *, timeout: float = ...
    ) -> tuple[dict[str, Any], list[int]]:
        """Start or reap a worker; return the answer, and a descriptor that ends with it."""
        ...

    def kill(self, pid: int, process: int) -> None:
        """Kill a worker that was not reaped, by its number or its descriptor."""
        ...

    def new_output(self) -> int:
        """Return a descriptor for the output of a worker."""
        ...

    def close(self) -> None:
        """End all workers."""
        ...


def start_python(
    module: str,
    arguments: Sequence[str],
    folder: Path,
    descriptors: Sequence[int],
    *,
    output: IO[bytes] | int,
    errors: IO[bytes] | int,
) -> subprocess.Popen[bytes]:
    """Start an interpreter by exec, in a session and with an environment of its own.

    Parameters
    ----------
    module : str
        What it runs.
    arguments : sequence of str
        Of its command line.
    folder : Path
        Where it works and may write.
    descriptors : sequence of int
        The descriptors that it inherits, besides its output.
    output, errors : file or int
        Its output.
    """
    places = dict.fromkeys(("HOME", "TMPDIR", "MPLCONFIGDIR", "IPYTHONDIR"), str(folder))
    # Like -I, except that the environment, which is ours alone, is read for the hash seed.
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-s", "-P", "-m", module, *arguments],
        env=_ENVIRONMENT | places,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        pass_fds=descriptors,
        start_new_session=True,
    )
