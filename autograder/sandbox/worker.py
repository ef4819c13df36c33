"""The loop of one worker: answer requests with what untrusted code returned.

Nothing that this process says is trusted. It holds no expected value, no test and no score.
"""

import builtins
import contextlib
import gc
import random
import signal
import socket
from collections.abc import Callable, Iterator
from pickle import loads
from time import monotonic
from typing import Any, Final

import numpy as np

from autograder.sandbox import confine, guard
from autograder.sandbox.cells import CellRunner
from autograder.sandbox.codec import Callback, CodecError, decode, encode
from autograder.sandbox.copies import copy_back
from autograder.sandbox.groups import join_replies
from autograder.sandbox.handles import Handles
from autograder.sandbox.limits import ENVELOPE_BYTES, OUT_OF_MEMORY_CODE, Limits
from autograder.sandbox.quiet import Quiet
from autograder.sandbox.streams import Streams
from autograder.sandbox.wire import Channel, Closed

Message = dict[str, Any]
MOST_TOLD: Final = 50  # cells that are told of together
TOLD_SECONDS: Final = 0.02  # that such a message may wait for the next cell
_UNCHANGING: Final = frozenset({type(None), bool, int, float, complex, str, bytes})


class RemoteCallback(Callback):
    """A function of the trusted side, which untrusted code can call.

    Parameters
    ----------
    id : int
        Its number there.
    ask : callable
        Sends a request and returns the answer.
    """

    def __init__(self, id: int, ask: Callable[[Message], Message]) -> None:
        super().__init__(id)
        object.__setattr__(self, "_ask", ask)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function over there with plain data."""
        request = {
            "op": "callback",
            "id": self.id,
            "args": [encode(value) for value in args],
            "kwargs": {name: encode(value) for name, value in kwargs.items()},
        }
        reply = self._ask(request)  # type: ignore[attr-defined]
        if reply["outcome"] != guard.COMPLETED:
            raise _exception(reply["type"], reply["message"])
        copy_back({key: decode(frame) for key, frame in reply["changed"].items()}, args, kwargs)
        return decode(reply["value"])


class Worker:
    """Answers requests until the trusted side closes the channel.

    Parameters
    ----------
    channel : Channel
        To the trusted side.
    cells : CellRunner
        Runs cells; its namespace holds the functions to call.
    limits : Limits
        Bounds of frames and output.
    """

    def __init__(self, channel: Channel, cells: CellRunner, limits: Limits) -> None:
        self._channel, self._cells, self._limits = channel, cells, limits
        self._handles = Handles(limits.frame_bytes)
        self._streams = Streams(limits.output_bytes)
        self._streams.install()
        self._nonce = 0

    def serve(self) -> None:
        """Answer requests; return when the channel is closed."""
        operations: dict[str, Callable[[Message], Message | Iterator[Message]]] = {
            "cells": self._cells_in_turn,
            "call": self._call,
            "calls": self._calls,
            "get": self._get,
            "bind": self._bind,
        }
        while True:
            try:
                request = self._receive()
                replies = operations[request["op"]](request)
                for reply in (replies,) if isinstance(replies, dict) else replies:
                    self._channel.send(self._nonce, encode(reply, limit=self._whole))
            except Closed:
                return

    @property
    def _whole(self) -> int:
        return self._limits.frame_bytes + ENVELOPE_BYTES

    def _receive(self) -> Message:
        self._nonce, payload = self._channel.receive(None, self._whole)
        request: Message = decode(payload, limit=self._whole)
        return request

    def _ask(self, request: Message) -> Message:
        """Send a request of our own; the alarm waits, so that no frame is cut in half."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        try:
            self._channel.send(self._nonce, encode(request, limit=self._whole))
            return self._receive()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})

    def _cells_in_turn(self, request: Message) -> Iterator[Message]:
        """Run cells one after the other, whatever becomes of them.

        Each is told of at once, or together with others as long as they are quick.
        """
        replies: list[Message] = []
        told = monotonic()
        for number, (index, source) in enumerate(request["cells"], 1):
            replies.append(self._cell(index, source.decode(), request["seconds"]))
            waits = request["together"] and len(replies) < MOST_TOLD
            waits = waits and monotonic() - told < TOLD_SECONDS
            if not waits or number == len(request["cells"]):
                yield {"cells": replies}
                replies, told = [], monotonic()

    def _cell(self, index: int, source: str, seconds: float) -> Message:
        ending, message = self._cells.run(index, source, seconds)
        exceeded = self._streams.flush()
        limited = exceeded and ending.outcome == guard.COMPLETED
        return {
            "outcome": guard.OUTPUT_LIMIT if limited else ending.outcome,
            "message": message,
            "types": guard.types_of(ending.error),
        }

    def _call(self, request: Message) -> Message:
        """Call one function with copies of the trusted side's arguments."""
        try:
            args = [self._argument(frame) for frame in request["args"]]
            kwargs = {name: self._argument(frame) for name, frame in request["kwargs"].items()}
        except CodecError as error:  # a handle from another worker
            return _failed(guard.RAISED, error)
        values = [value for value, _ in args]
        named = {name: value for name, (value, _) in kwargs.items()}
        target = request["function"]
        ending = _quietly(lambda: self._function(target)(*values, **named), request["seconds"])
        self._streams.flush()
        reply = self._answer(ending)
        if ending.outcome == guard.COMPLETED:
            reply["changed"] = self._changed({**dict(enumerate(args)), **kwargs})
        return reply

    def _calls(self, request: Message) -> Message:
        """Make calls that were foreseen, group by group, until one does not come to its end."""
        groups: list[bytes] = []
        guard.run(lambda: groups.extend(self._groups(request["groups"])), request["seconds"])
        self._streams.flush()
        return {"groups": groups}

    def _groups(self, pickled: bytes) -> Iterator[bytes]:
        """Make the calls of each group; yield the replies to it in one piece."""
        left = self._limits.frame_bytes // 2
        with Quiet() as quiet:
            for group in loads(pickled):  # noqa: S301 - the trusted side wrote it
                replies = []
                for place, (name, args, kwargs) in enumerate(loads(group)):  # noqa: S301
                    values = (*args, *kwargs.values())
                    before = [*map(_trace, values)]
                    reply = self._foreseen(quiet, name, args, kwargs)
                    if before != [*map(_trace, values)]:
                        given = loads(group)[place]  # noqa: S301
                        reply = self._with_changes(reply, given, (name, args, kwargs))
                    replies.append(reply)
                answer = join_replies(replies)
                left -= len(answer)
                if left < 0 or any(_is_out_of_memory(reply) for reply in replies):
                    return
                yield answer

    def _foreseen(
        self, quiet: Quiet, name: str, args: list[Any], kwargs: Message
    ) -> bytes | Message:
        """Make one call; return the frame of its value, or a message if there is more to say."""
        ending = guard.attempt(quiet.call, self._named_call, name, args, kwargs)
        reply = self._answer(ending)
        plain = ending.outcome == guard.COMPLETED and not reply["message"]
        return bytes(reply["value"]) if plain else reply

    def _named_call(self, name: str, args: list[Any], kwargs: Message) -> Any:
        return self._named(name)(*args, **kwargs)

    def _with_changes(self, reply: bytes | Message, before: Any, after: Any) -> bytes | Message:
        """Add to a reply the arguments that are not what they were before the call."""
        pairs = [*enumerate(zip(before[1], after[1], strict=True))]
        pairs += [(name, (value, after[2][name])) for name, value in before[2].items()]
        frames = {key: [self._handles.encode(each)[0] for each in pair] for key, pair in pairs}
        changed = {key: new for key, (old, new) in frames.items() if old != new}
        if isinstance(reply, bytes):
            reply = {"outcome": guard.COMPLETED, "message": "", "value": reply}
        return {**reply, "changed": changed}

    def _get(self, request: Message) -> Message:
        """Look up an attribute of an object."""
        value = self._handles.find(request["handle"])
        ending = _quietly(lambda: getattr(value, request["attribute"]), request["seconds"])
        self._streams.flush()
        return self._answer(ending)

    def _bind(self, request: Message) -> Message:
        """Let a name stand for a function of the trusted side."""
        function, _ = self._argument(request["value"])
        self._cells.bind(request["name"], function)
        return {"outcome": guard.COMPLETED, "message": ""}

    def _answer(self, ending: guard.Ending) -> Message:
        if ending.outcome != guard.COMPLETED:
            return _failed(ending.outcome, ending.error)
        frame, message = self._handles.encode(ending.value)
        return {"outcome": ending.outcome, "value": frame, "changed": {}, "message": message}

    def _function(self, target: Message) -> Any:
        """Find what to call: an object by handle, or a name, possibly dotted."""
        if "handle" in target:
            return self._handles.find(target["handle"])
        return self._named(target["name"])

    def _named(self, name: str) -> Any:
        first, *rest = name.split(".")
        value = self._cells.lookup(first)
        for attribute in rest:
            value = getattr(value, attribute)
        return value

    def _argument(self, frame: bytes) -> tuple[Any, bytes]:
        """Return an argument, and the frame it has as long as nothing changes it."""
        handles = self._handles
        handles.replaced = False
        value = decode(
            frame,
            opaque=handles.find,
            callback=lambda number: RemoteCallback(number, self._ask),
            derived=handles.recall,
            limit=self._limits.frame_bytes,
        )
        return value, handles.encode(value)[0] if handles.replaced else frame

    def _changed(self, arguments: dict[Any, tuple[Any, bytes]]) -> dict[Any, bytes]:
        """Encode the arguments whose data is no longer what came in."""
        after = {key: self._handles.encode(value)[0] for key, (value, _) in arguments.items()}
        return {key: frame for key, frame in after.items() if frame != arguments[key][1]}


def _exception(name: str, message: str) -> Exception:
    """Return the built-in exception of that name; another one is told by its name."""
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception):
        with contextlib.suppress(TypeError):  # UnicodeDecodeError wants five arguments
            return kind(message)
    return RuntimeError(f"{name}: {message}")


def _trace(value: Any) -> Any:
    """Return what differs if a call changes an argument."""
    kind = type(value)
    if kind in _UNCHANGING:
        return None
    if kind is np.ndarray and value.dtype.kind in "biufc":
        return value.shape, value.strides, value.dtype, value.tobytes()
    try:
        return encode(value)
    except CodecError:  # it holds something now that is no data
        return object()


def _is_out_of_memory(reply: bytes | Message) -> bool:
    return not isinstance(reply, bytes) and reply["outcome"] == guard.OUT_OF_MEMORY


def _failed(outcome: str, error: BaseException | None) -> Message:
    types, message = guard.types_of(error), guard.message_of(error)
    return {"outcome": outcome, "types": types, "message": message}


def _quietly(action: Callable[[], Any], seconds: float) -> guard.Ending:
    def call() -> Any:
        with Quiet() as quiet:
            return quiet.call(action)

    return guard.run(call, seconds)


def main(plan: confine.Plan, given: confine.Descriptors, cells: CellRunner, seed: int) -> int:
    """Turn a freshly forked process into a worker, and serve.

    Parameters
    ----------
    plan : Plan
        How to confine it.
    given : Descriptors
        Its socket and its output.
    cells : CellRunner
        Inherited from the server.
    seed : int
        Of the global generators of `random` and numpy.

    Returns
    -------
    int
        The exit code.
    """
    confine.confine(plan, given)
    return answer(plan, Channel(socket.socket(fileno=confine.DATA)), cells, seed)


def answer(plan: confine.Plan, channel: Channel, cells: CellRunner, seed: int) -> int:
    """Serve the trusted side until it closes the channel; return the exit code."""
    try:
        worker = _prepared(plan, channel, cells, seed)
    except (OSError, ValueError) as error:
        channel.send(0, encode({"ready": False, "error": str(error)}))
        return 1
    try:
        worker.serve()
    except MemoryError:
        return OUT_OF_MEMORY_CODE
    return 0


def _prepared(plan: confine.Plan, channel: Channel, cells: CellRunner, seed: int) -> Worker:
    """Make the worker, close the last door, and say so."""
    worker = Worker(channel, cells, plan.limits)
    random.seed(seed)
    np.random.seed(seed % (1 << 32))  # noqa: NPY002 - student code may use the global generator
    gc.enable()
    confine.seal(plan)
    channel.send(0, encode({"ready": True}))
    return worker
