"""What each layer of confinement costs a worker: timed in children that confine themselves."""

import json
import os
import socket
import tempfile
import time
from pathlib import Path
from typing import Final

from autograder.errors import FaultError
from autograder.sandbox import confine, plans, syscalls
from autograder.sandbox.confine import Descriptors, Plan
from autograder.sandbox.limits import Limits

FORKS: Final = 50
LARGEST_REPLY: Final = 1 << 16


def layer_seconds() -> list[dict[str, float]]:
    """Return what each layer took in each of `FORKS` children, in the order of application."""
    with tempfile.TemporaryDirectory() as folder:
        plan, _ = plans.make_plan(Limits(), syscalls.compile_filter(), Path(folder))
        return [_child(plan) for _ in range(FORKS)]


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
