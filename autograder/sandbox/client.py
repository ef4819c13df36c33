"""One worker, seen from the trusted side.

Everything it says is checked, and nothing it does can raise anything but `WorkerDied` here.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from types import TracebackType
from typing import Any, Self

from autograder.sandbox import guard
from autograder.sandbox.codec import Callback, CodecError, Derived, Opaque, decode, encode
from autograder.sandbox.exchange import Exchange, Message
from autograder.sandbox.limits import Limits
from autograder.sandbox.replies import (
    CALL_OUTCOMES,
    CELL_OUTCOMES,
    CallReply,
    CellReply,
    read_call,
    read_ending,
)

MOST_TOGETHER = 1 << 18  # bytes of cells that are sent together


class Worker:
    """A confined process that runs one submission; make it with `SandboxServer.spawn`.

    Parameters
    ----------
    exchange : Exchange
        With its process.
    output : int
        Descriptor of what it writes; owned.
    limits : Limits
        What it may use.
    """

    def __init__(self, exchange: Exchange, output: int, limits: Limits) -> None:
        self._exchange, self._output, self._limits = exchange, output, limits
        self._callbacks: dict[int, Callable[..., Any]] = {}
        self._numbers: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def run_cell(self, index: int, source: str, seconds: float | None = None) -> CellReply:
        """Run one cell of a notebook.

        Parameters
        ----------
        index : int
            Its place in the notebook.
        source : str
            Its text.
        seconds : float, optional
            Wall-clock time; by default that of the limits.

        Returns
        -------
        CellReply
            What became of it; the worker can go on with the next cell.

        Raises
        ------
        WorkerDied
            If the cell ended the process, or had to be ended with it.
        """
        (reply,) = self.run_cells([(index, source)], seconds)
        return reply

    def run_cells(
        self,
        cells: Iterable[tuple[int, str]],
        seconds: float | None = None,
        *,
        together: bool = False,
    ) -> Iterator[CellReply]:
        """Run cells of a notebook.

        Parameters
        ----------
        cells : iterable of (int, str)
            Place and text of each.
        seconds : float, optional
            Wall-clock time of each; by default that of the limits.
        together : bool
            Whether quick cells may be told of together, which is faster.

        Yields
        ------
        CellReply
            What became of the next one.

        Raises
        ------
        WorkerDied
            If the next cell ended the process, or had to be ended with it; of cells that are told
            of together, it may have been a later one.
        """
        seconds = self._limits.cell_seconds if seconds is None else seconds
        for part in _parts(cells):
            request = {"op": "cells", "cells": part, "together": together}
            answers = self._exchange.answers(request, seconds, self._serve)
            left = len(part)
            while left:
                replies = self._cell_replies(next(answers), left)
                left -= len(replies)
                yield from replies

    def call(
        self,
        function: str | Opaque | Derived,
        args: Sequence[object] = (),
        kwargs: Mapping[str, object] | None = None,
        seconds: float | None = None,
    ) -> CallReply:
        """Call a function of the submission with copies of plain data.

        Parameters
        ----------
        function : str, Opaque or Derived
            A name in the notebook, or a callable that an earlier reply held.
        args, kwargs
            Plain data, handles of this worker, and trusted callables, which the function can call
            in turn. They are never modified: see `copy_back`.
        seconds : float, optional
            Wall-clock time; by default that of a check in the limits.

        Returns
        -------
        CallReply
            What became of it.

        Raises
        ------
        WorkerDied
            If the call ended the process, or had to be ended with it.
        CodecError
            If an argument is no plain data.
        """
        request: Message = {
            "op": "call",
            "function": _target(function),
            "args": [self._encoded(value) for value in args],
            "kwargs": {name: self._encoded(value) for name, value in (kwargs or {}).items()},
        }
        return self._called(request, seconds, {*range(len(args)), *request["kwargs"]})

    def call_foreseen(self, groups: bytes, seconds: float) -> list[bytes]:
        """Make many calls at once.

        Parameters
        ----------
        groups : bytes
            From `foreseen.pack`.
        seconds : float
            Wall-clock time of all of them together.

        Returns
        -------
        list of bytes
            For each group, what `foreseen.read_replies` reads; equal calls that did the same have
            equal bytes.
            It ends early with the group of a call that ran out of time or memory.

        Raises
        ------
        WorkerDied
            If a call ended the process, or had to be ended with it.
        """
        reply = self._exchange.ask({"op": "calls", "groups": groups}, seconds, self._serve)
        frames = reply.get("groups")
        if type(frames) is not list or not all(type(frame) is bytes for frame in frames):
            self._exchange.protocol_error("a malformed reply")
        return frames

    def get(
        self, value: Opaque | Derived, attribute: str, seconds: float | None = None
    ) -> CallReply:
        """Look up an attribute of an object of the submission.

        Parameters
        ----------
        value : Opaque or Derived
            From an earlier reply of this worker.
        attribute : str
            Its name; a bound method is a handle that can be called.
        seconds : float, optional
            Wall-clock time; by default that of a check in the limits.

        Returns
        -------
        CallReply
            What became of it.
        """
        request = {"op": "get", "handle": value.handle, "attribute": attribute}
        return self._called(request, seconds, set())

    def bind(self, name: str, function: Callable[..., Any]) -> None:
        """Let a name of the notebook stand for a trusted function, which it can call.

        Raises
        ------
        WorkerDied
            If there is no answer.
        """
        request = {"op": "bind", "name": name, "value": self._encoded(function)}
        reply = self._exchange.ask(request, self._limits.check_seconds, self._serve)
        self._checked(reply, CALL_OUTCOMES)

    def output(self) -> bytes:
        """Return what the submission has written to its output streams so far; untrusted."""
        return os.pread(self._output, self._limits.output_bytes, 0)

    def close(self) -> str:
        """End the process; say how it ended, such as ``signal 11 (SIGSEGV)``."""
        if self._output >= 0:
            os.close(self._output)
            self._output = -1
        return self._exchange.end()

    def _called(
        self, request: Message, seconds: float | None, arguments: Set[int | str]
    ) -> CallReply:
        """Send a call and check the answer."""
        seconds = self._limits.check_seconds if seconds is None else seconds
        reply = self._exchange.ask(request, seconds, self._serve)
        try:
            return read_call(reply, arguments, self._decoded)
        except CodecError as error:
            self._exchange.protocol_error(str(error))

    def _cell_replies(self, answer: Message, most: int) -> list[CellReply]:
        """Read what became of some cells."""
        replies = answer.get("cells")
        if type(replies) is not list or not 0 < len(replies) <= most:
            self._exchange.protocol_error("a malformed reply")
        return [CellReply(*self._checked(reply, CELL_OUTCOMES)) for reply in replies]

    def _checked(self, reply: Message, outcomes: Set[str]) -> tuple[str, str, tuple[str, ...]]:
        """Check what every reply says."""
        try:
            return read_ending(reply, outcomes)
        except CodecError as error:
            self._exchange.protocol_error(str(error))

    def _encoded(self, value: object) -> bytes:
        return encode(value, callback=self._register, limit=self._limits.frame_bytes)

    def _decoded(self, frame: object) -> Any:
        if type(frame) is not bytes:  # what has a buffer is not always bytes
            raise CodecError("what should be a frame is none")
        known = self._callbacks
        return decode(
            frame,
            callback=lambda number: known.get(number, Callback(number)),
            limit=self._limits.frame_bytes,
        )

    def _register(self, function: Any) -> int:
        """Number a trusted callable, and keep it: what a call returned may call it later."""
        number = self._numbers.setdefault(id(function), len(self._numbers))
        self._callbacks[number] = function
        return number

    def _serve(self, request: Message) -> Message:
        """Call a trusted function with the arguments that a worker sent."""
        try:
            function = self._callbacks[request["id"]]
            args = [self._decoded(frame) for frame in request["args"]]
            kwargs = {name: self._decoded(frame) for name, frame in request["kwargs"].items()}
        except (KeyError, TypeError, AttributeError) as error:
            raise CodecError(f"a malformed callback: {error}") from error
        frames = {**dict(enumerate(request["args"])), **request["kwargs"]}
        try:
            value = self._encoded(function(*args, **kwargs))
            after = {key: self._encoded(each) for key, each in [*enumerate(args), *kwargs.items()]}
        # The function is ours, but the arguments are not: what they make it raise is theirs.
        except Exception as error:  # noqa: BLE001
            return {"outcome": guard.RAISED, "type": type(error).__name__, "message": str(error)}
        changed = {key: frame for key, frame in after.items() if frame != frames[key]}
        return {"outcome": guard.COMPLETED, "value": value, "changed": changed}


def _parts(cells: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the cells in parts of bounded size, each of which is one request."""
    part: list[tuple[int, bytes]] = []
    size = 0
    for index, source in cells:
        text = source.encode("utf-8", "replace")
        if part and size + len(text) > MOST_TOGETHER:
            yield part
            part, size = [], 0
        part.append((index, text))
        size += len(text)
    if part:
        yield part


def _target(function: str | Opaque | Derived) -> Message:
    """Say what to call."""
    return {"name": function} if isinstance(function, str) else {"handle": function.handle}
