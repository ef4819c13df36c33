"""The real client of a worker, with a hostile peer at the other end of a real socket pair."""

import contextlib
import functools
import os
import socket

import numpy as np

from autograder.sandbox.client import Worker
from autograder.sandbox.codec import CodecError
from autograder.sandbox.copies import copy_back
from autograder.sandbox.exchange import Exchange, WorkerDied
from autograder.sandbox.foreseen import foresee, pack, read_replies
from autograder.sandbox.limits import Limits
from autograder.sandbox.nodes import Opaque
from autograder.sandbox.wire import Channel
from tests.fuzz import seeds

OUTCOMES = {"timed out", "crashed", "out of memory", "output limit", "protocol"}
# A peer that hangs up is noticed at once; one that does not costs what it may take.
PATIENT = Limits(check_seconds=1000.0, frame_bytes=1 << 20)
HASTY = Limits(check_seconds=2e-4, frame_bytes=1 << 20, grace_seconds=1e-6)
STREAM_BYTES = 1 << 16  # fits the buffer of a socket, so that nobody has to read meanwhile


class HostileChannel(Channel):
    """A channel whose peer answers the first request with a stream of bytes.

    Parameters
    ----------
    stream : bytes
        What the peer says; the nonce of the request takes the place of `seeds.NONCE`.
    hangs_up : bool
        Whether it closes the connection after that.
    """

    def __init__(self, stream, *, hangs_up):
        ours, self._peer = socket.socketpair()
        super().__init__(ours)
        self._stream, self._hangs_up = stream, hangs_up

    def send(self, nonce, payload, deadline=None):
        super().send(nonce, payload, deadline)
        if self._stream is not None:
            answer = self._stream.replace(seeds.NONCE, nonce.to_bytes(8, "little"))
            self._stream = None
            self._peer.sendall(answer[:STREAM_BYTES])
            if self._hangs_up:
                self._peer.shutdown(socket.SHUT_WR)

    def close(self):
        super().close()
        self._peer.close()


class Reaper:
    """Stands for the warm server: kills a worker that has ended, and tells how it did."""

    def kill(self, pid, process):
        pass

    killed = 0

    def ask(self, request):
        return {"status": -9 if request["pid"] % 2 else 3}, []


@functools.cache
def ended_process():
    """Return the number of a child that has ended and that nobody reaps."""
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    return pid


def ask(operation, stream, *, hangs_up):
    """Ask a hostile worker something; tell whether it gave an answer that counts."""
    pid, limits = ended_process(), PATIENT if hangs_up else HASTY
    channel = HostileChannel(stream, hangs_up=hangs_up)
    exchange = Exchange(Reaper(), channel, pid, os.pidfd_open(pid), limits)
    worker = Worker(exchange, os.open(os.devnull, os.O_RDONLY), limits)
    try:
        _OPERATIONS[operation](worker, limits.check_seconds)
    except WorkerDied as death:
        if death.outcome not in OUTCOMES:
            raise
        return False
    finally:
        worker.close()
    return True


def _cells(worker, seconds):
    replies = list(worker.run_cells(enumerate(["x = 1"] * 4), seconds, together=True))
    assert [type(reply.message) for reply in replies] == [str] * 4


def _call(worker, seconds):
    """Call with one argument of each kind that a call can change, as a grading session does."""
    args = [np.arange(3.0), [1, np.ones(2)], {1, 2}, np.random.default_rng(0), (np.zeros(1), {})]
    args += [np.array(["a"]), np.array([True]), np.negative]
    kwargs = {"d": {"a": np.arange(2)}}
    reply = worker.call("f", args, kwargs, seconds)
    copy_back(reply.changed, args, kwargs)


def _get(worker, seconds):
    worker.get(Opaque(1, "x"), "weights", seconds)


def _bind(worker, _seconds):
    worker.bind("f", np.negative)


def _foreseen(worker, seconds):
    """Make two groups of calls at once; what comes back is read apart from the worker."""
    call = foresee("f", [np.arange(3.0)], {"d": 1}, PATIENT.frame_bytes)
    groups = [[call], [call, call]]
    frames = worker.call_foreseen(pack(groups, PATIENT.frame_bytes), seconds)
    for calls, frame in zip(groups, frames, strict=False):
        with contextlib.suppress(CodecError):
            read_replies(calls, frame, PATIENT.frame_bytes)


_OPERATIONS = {"cells": _cells, "call": _call, "calls": _foreseen, "get": _get, "bind": _bind}
OPERATIONS = [*_OPERATIONS]
