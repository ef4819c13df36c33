"""What each layer of confinement costs a worker: timed in children that confine themselves."""

import json
import os
import socket
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np

from autograder.errors import FaultError
from autograder.sandbox import confine, plans, syscalls
from autograder.sandbox.confine import Descriptors, Plan
from autograder.sandbox.layers import LANDLOCK, SECCOMP, USER
from autograder.sandbox.limits import Limits
from autograder.sandbox.server import SandboxServer, foresee, pack

FORKS: Final = 50
LIVES: Final = 60
CELL: Final = "import numpy as np\n\ndef double(x):\n    return 2 * x\n"
LARGEST_REPLY: Final = 1 << 16


def layer_seconds() -> list[dict[str, float]]:
    """Return what each layer took in each of `FORKS` children, in the order of application."""
    with tempfile.TemporaryDirectory() as folder:
        plan, _ = plans.make_plan(Limits(), syscalls.compile_filter(), Path(folder), ())
        return [_child(plan) for _ in range(FORKS)]


def life_seconds() -> dict[str, list[float]]:
    """Return how long workers live that do the same, with every layer and without any."""
    bare = (USER, LANDLOCK, SECCOMP)
    with SandboxServer() as confined, SandboxServer(without=bare) as unconfined:
        servers = {"confined": confined, "bare": unconfined}
        seconds: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(LIVES):
            for name, server in servers.items():
                seconds[name].append(_life(server))
    return seconds


def _life(server: SandboxServer) -> float:
    calls = pack([[foresee("double", [np.ones((8, 10))], {}, 1 << 20)] * 500], 1 << 24)
    started = time.perf_counter()
    with server.spawn(0) as worker:
        for reply in worker.run_cells((index, CELL) for index in range(20)):
            require(reply.outcome == "completed")
        require(len(worker.call_foreseen(calls, 10.0)) == 1)
    return time.perf_counter() - started


def require(good: bool) -> None:  # noqa: FBT001 - reads as a sentence
    """Stop if a worker did not do what is timed.

    Raises
    ------
    FaultError
        If it did not.
    """
    if not good:
        raise FaultError("a worker did not come to its end; run: gradus doctor")


def _child(plan: Plan) -> dict[str, float]:
    """Fork a child that confines itself as a worker does; return the seconds of each layer."""
    output = os.memfd_create("output")
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        try:
            taken = _timed(plan, Descriptors(theirs.fileno(), output))
            os.write(confine.DATA, json.dumps(taken).encode())
        finally:
            os._exit(0)
    theirs.close()
    os.close(output)
    with ours:
        reply = ours.recv(LARGEST_REPLY)
    os.waitpid(pid, 0)
    if not reply:
        raise FaultError("a child could not confine itself; run: gradus doctor")
    seconds: dict[str, float] = json.loads(reply)
    return seconds


def _timed(plan: Plan, given: Descriptors) -> dict[str, float]:
    layers = [*confine.LAYERS, lambda plan, _given: confine.seal(plan)]
    names = [*(layer.__name__ for layer in confine.LAYERS), confine.seal.__name__]
    seconds = {}
    for name, layer in zip(names, layers, strict=True):
        started = time.perf_counter()
        layer(plan, given)
        seconds[name] = time.perf_counter() - started
    return seconds
