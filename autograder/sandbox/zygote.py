"""The warm server: imports everything once, then forks one worker per submission.

It is started by exec, never by fork, and its environment is made by the trusted side: one thread
for linear algebra, a folder of its own for caches. It never runs untrusted code itself.

Run as ``python -m autograder.sandbox.zygote DESCRIPTOR PARENT``.
"""

import contextlib
import gc
import importlib
import os
import pickle
import signal
import socket
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

from autograder.sandbox import confine, kernel, plans, worker
from autograder.sandbox.cells import CellRunner, make_shell
from autograder.sandbox.codec import decode, encode
from autograder.sandbox.limits import Limits

MESSAGE_BYTES: Final = 1 << 16
REASON_CHARACTERS: Final = 300
# What student code imports often, or what numpy and the standard library import only when used.
_USUAL: Final = """
    abc array base64 bisect calendar cmath collections colorsys contextlib copy csv dataclasses
    datetime decimal difflib enum fractions functools getpass glob gzip hashlib heapq html inspect
    io itertools json locale logging math numbers numpy.fft numpy.lib.stride_tricks numpy.linalg
    numpy.ma numpy.polynomial numpy.random numpy.testing numpy.typing operator os.path pathlib
    pickle platform pprint queue random re secrets shutil statistics string struct tempfile textwrap
    time timeit traceback types typing unicodedata unittest unittest.mock urllib.request uuid
    warnings weakref zipfile zlib
""".split()  # noqa: SIM905 - a table of words is read more easily than a table of quotes

# What a library that is imported late may read: how many threads, above all.
_ENVIRONMENT: Final = frozenset(
    {"LANG", "MKL_NUM_THREADS", "MPLBACKEND", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "HOME"}
)


class Zygote:
    """Answers the requests of the trusted side.

    Parameters
    ----------
    control : socket
        Of type SEQPACKET; closed when the trusted side is gone.
    parent : int
        Process number of the trusted side.
    """

    def __init__(self, control: socket.socket, parent: int) -> None:
        self._control = control
        self._children: set[int] = set()
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            raise SystemExit("the process that started this server is gone")

    def start(self) -> None:
        """Import, warm up, prepare confinement, and say what is missing of it."""
        request, _ = self._receive()
        preload = [*_USUAL, *request["preload"]]
        missing = {name: reason for name in preload if (reason := _import(name))}
        folder = Path(os.environ["HOME"])
        self._cells = CellRunner(make_shell(folder))
        _warm_up()
        limits = Limits(**request["limits"])
        self._plan, gaps = plans.make_plan(limits, request["filter"], folder, request["without"])
        for name in os.environ.keys() - _ENVIRONMENT:
            del os.environ[name]
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
        gc.collect()
        gc.disable()
        gc.freeze()
        kernel.collapse_memory()
        threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
        reply = {**vars(gaps), "imports": missing, "threads": threads}
        self._control.send(encode(reply))

    def serve(self) -> None:
        """Fork and reap on request, until the trusted side is gone."""
        while True:
            try:
                request, descriptors = self._receive()
            except EOFError:
                return
            if request["op"] == "spawn":
                self._spawn(request["seed"], confine.Descriptors(*descriptors))
            else:
                self._control.send(encode({"status": self._reap(request["pid"])}))

    def _receive(self) -> tuple[dict[str, Any], list[int]]:
        data, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE_BYTES, 2)
        if not data:
            raise EOFError
        return decode(data), descriptors

    def _spawn(self, seed: int, given: confine.Descriptors) -> None:
        try:
            pid = os.fork()
        except OSError as error:
            self._control.send(encode({"error": f"no worker could be forked: {error}"}))
            return
        if not pid:
            self._become_worker(seed, given)
        for descriptor in (given.data, given.output):
            os.close(descriptor)
        self._children.add(pid)
        descriptor = os.pidfd_open(pid)
        socket.send_fds(self._control, [encode({"pid": pid})], [descriptor])
        os.close(descriptor)

    def _become_worker(self, seed: int, given: confine.Descriptors) -> None:
        """Go on as a worker; never return into the server's code."""
        code = 1
        try:
            self._control.detach()  # its descriptor is closed with all others
            code = worker.main(self._plan, given, self._cells, seed)
        finally:
            os._exit(code)

    def _reap(self, pid: int) -> int:
        """Kill a worker with its process group, and return its exit status."""
        self._children.remove(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _import(name: str) -> str:
    """Import one module; return why it could not be, if so."""
    try:
        importlib.import_module(name)
    # A broken package must not stop the server: the reason is reported.
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error}"[:REASON_CHARACTERS]
    return ""


def _warm_up() -> None:
    """Touch what the first call of every worker would otherwise touch."""
    matrix = np.eye(8) + np.arange(8.0)
    np.linalg.solve(matrix, matrix @ matrix)
    generator = np.random.default_rng(0)
    value = {"a": [generator.standard_normal((2, 3)), (1, 2.5, "x")], "b": generator}
    decode(encode(value))
    pickle.loads(pickle.dumps(value))  # noqa: S301 - calls that are asked for together are pickled


def main() -> None:
    """Start from the command line and serve until the trusted side is gone."""
    descriptor, parent = (int(argument) for argument in sys.argv[1:])
    zygote = Zygote(socket.socket(fileno=descriptor), parent)
    zygote.start()
    zygote.serve()


if __name__ == "__main__":
    main()
