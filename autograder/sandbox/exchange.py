"""Requests to one worker, their deadlines, and how the worker ended.

Whatever a worker does, the only exceptions here are `WorkerDied` and `ServerDied`.
"""

import contextlib
import itertools
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn

from autograder.sandbox import guard
from autograder.sandbox.codec import CodecError, decode, encode
from autograder.sandbox.limits import ENVELOPE_BYTES, OUT_OF_MEMORY_CODE, Limits
from autograder.sandbox.parents import WorkerParent
from autograder.sandbox.processes import (
    SandboxError,
    ServerDied,
    describe_status,
    wait_for_exit,
)
from autograder.sandbox.wire import Channel, Closed, DeadlineExceeded, WireError

CRASHED: Final = "crashed"
PROTOCOL: Final = "protocol"
_EXIT_SECONDS: Final = 2.0  # from a closed channel to the end of the process
_DEATHS: Final = {
    -signal.SIGKILL: guard.OUT_OF_MEMORY,  # not by us: the kernel kills what uses too much
    -signal.SIGXCPU: guard.TIMED_OUT,
    -signal.SIGXFSZ: guard.OUTPUT_LIMIT,
    OUT_OF_MEMORY_CODE: guard.OUT_OF_MEMORY,
}
_KILLED: Final = frozenset({-signal.SIGKILL, -signal.SIGTERM})
Message = dict[str, Any]


class WorkerDied(SandboxError):  # noqa: N818 - reads as the event
    """Tell that a worker is gone, by its own doing.

    Parameters
    ----------
    outcome : str
        ``timed out``, ``crashed``, ``out of memory``, ``output limit`` or ``protocol``.
    detail : str
        Such as ``signal 11 (SIGSEGV)``.
    """

    def __init__(self, outcome: str, detail: str) -> None:
        super().__init__(outcome, detail)
        self.outcome, self.detail = outcome, detail

    def __str__(self) -> str:
        return f"the worker is gone ({self.outcome}): {self.detail}"


class Exchange:
    """Asks one worker, and ends it.

    Parameters
    ----------
    server : WorkerParent
        Its parent, which reaps it.
    channel : Channel
        To its loop.
    pid, process : int
        Its number, and a descriptor of it; owned.
    limits : Limits
        What it may use.
    """

    def __init__(
        self, server: WorkerParent, channel: Channel, pid: int, process: int, limits: Limits
    ) -> None:
        self._server, self._channel, self._limits = server, channel, limits
        self._pid, self._process = pid, process
        self._whole = limits.frame_bytes + ENVELOPE_BYTES
        self._death: tuple[str, str] | None = None
        self._ending: str | None = None
        self._is_busy = False

    def ready(self, seconds: float) -> None:
        """Wait until the worker says that it is confined.

        Raises
        ------
        ServerDied
            If it is not: nothing untrusted has run yet, so the fault is ours.
        """
        try:
            reply = self._next(0, time.monotonic() + seconds)
        except (WireError, CodecError) as error:
            reply = {"error": str(error)}
        if reply.get("ready") is not True:
            raise ServerDied(f"a worker could not be confined: {reply.get('error')}; {self.end()}")

    def ask(self, request: Message, seconds: float, serve: Callable[[Message], Message]) -> Message:
        """Send a request and wait for the answer.

        Parameters
        ----------
        request : dict
            Plain data.
        seconds : float
            What the worker may take; it has a little longer to say that it took too long.
        serve : callable
            Answers a callback of the worker.

        Returns
        -------
        dict
            With string keys; anything else about it is the worker's word.

        Raises
        ------
        WorkerDied
            If there is no answer; the worker has been ended then.
        """
        return next(self.answers(request, seconds, serve))

    def answers(
        self, request: Message, seconds: float, serve: Callable[[Message], Message]
    ) -> Iterator[Message]:
        """Send a request that has several answers; yield as many as are asked for.

        The worker may take `seconds` for each.

        Raises
        ------
        WorkerDied
            If there is no next answer; the worker has been ended then.
        """
        data = encode({**request, "seconds": seconds}, limit=self._whole)
        nonce = secrets.randbits(63)
        for number in itertools.count():
            with self._asking(seconds) as deadline:
                if not number:
                    self._channel.send(nonce, data, deadline)
                reply = self._converse(nonce, deadline, serve)
            yield reply

    @contextlib.contextmanager
    def _asking(self, seconds: float) -> Iterator[float]:
        """Give a deadline; whatever goes wrong before it ends the worker, and is its death."""
        if self._death is not None:
            raise WorkerDied(*self._death)
        if self._is_busy:
            raise RuntimeError("a worker can't be asked while it waits for an answer itself")
        self._is_busy = True
        try:
            yield time.monotonic() + seconds + self._limits.grace_seconds
        except DeadlineExceeded:
            self._die(guard.TIMED_OUT, f"no answer after {seconds:g} s")
        except Closed:
            self._mourn()
        except (WireError, CodecError) as error:
            self._die(PROTOCOL, str(error))
        finally:
            self._is_busy = False

    def _converse(
        self, nonce: int, deadline: float, serve: Callable[[Message], Message]
    ) -> Message:
        """Receive the next answer; serve callbacks until it comes."""
        while True:
            reply = self._next(nonce, deadline)
            operation = reply.get("op")
            if type(operation) is not str or operation != "callback":  # arrays compare to arrays
                return reply
            self._channel.send(nonce, encode(serve(reply), limit=self._whole), deadline)

    def _next(self, nonce: int, deadline: float) -> Message:
        """Receive the next message of an exchange; discard those of others."""
        received, payload = self._channel.receive(deadline, self._whole)
        while received != nonce:
            received, payload = self._channel.receive(deadline, self._whole)
        reply = decode(payload, limit=self._whole)
        if type(reply) is not dict:
            raise CodecError("a reply is no dict")
        return reply

    def _mourn(self) -> NoReturn:
        """Find out why the worker closed the channel."""
        if not wait_for_exit(self._process, _EXIT_SECONDS):
            self._die(PROTOCOL, "it closed its channel")
        status = self._reap()
        self._server.killed += status in _KILLED
        self._ending = describe_status(status)
        self._die(_DEATHS.get(status, CRASHED), self._ending)

    def _die(self, outcome: str, detail: str) -> NoReturn:
        self.end()
        self._death = (outcome, detail)
        raise WorkerDied(outcome, detail)

    def protocol_error(self, reason: str) -> NoReturn:
        """End a worker that answered nonsense."""
        self._die(PROTOCOL, reason)

    def end(self) -> str:
        """Kill and reap the worker, if it still lives; say how it ended."""
        if self._process < 0:
            return self._ending or ""
        if self._ending is None:
            self._server.kill(self._pid, self._process)
            try:
                self._ending = describe_status(self._reap())
            except ServerDied:
                self._ending = "ended with the server"
        self._channel.close()
        os.close(self._process)
        self._process = -1
        if self._death is None:
            self._death = (CRASHED, self._ending)
        return self._ending

    def _reap(self) -> int:
        answer, _ = self._server.ask({"op": "reap", "pid": self._pid})
        if "status" not in answer:  # the answer to a question that was interrupted
            raise ServerDied("the sandbox server answers another question")
        return int(answer["status"])
