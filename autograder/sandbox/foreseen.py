"""Calls that are known before the first of them is made, so that all can be asked for at once.

They travel pickled, which a worker reads four times as fast as frames of the codec. Nothing comes
back that way: who is trusted never unpickles.
"""

import io
import pickle
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from autograder.sandbox import guard, leaves
from autograder.sandbox.codec import CodecError, decode, encode
from autograder.sandbox.groups import split_replies
from autograder.sandbox.replies import CallReply, read_call


@dataclass(frozen=True)
class ForeseenCall:
    """One call of a function by name, with plain data.

    Attributes
    ----------
    function : str
        A name in the notebook.
    arguments : frozenset of (int or str)
        Positions and keywords of its arguments.
    frame : bytes
        The whole call; equal for equal calls.
    """

    function: str
    arguments: frozenset[int | str]
    frame: bytes


def foresee(
    function: str, args: Sequence[object], kwargs: Mapping[str, object], limit: int
) -> ForeseenCall:
    """Write a call down.

    Raises
    ------
    CodecError
        If an argument is no plain data, or the call is larger than `limit` bytes.
    """
    frame = encode([function, list(args), dict(kwargs)], limit=limit)
    return ForeseenCall(function, frozenset({*range(len(args)), *kwargs}), frame)


def pack(groups: Iterable[Iterable[ForeseenCall]], limit: int) -> bytes:
    """Put groups of calls together, for `Worker.call_foreseen`.

    Raises
    ------
    CodecError
        If they are larger than `limit` bytes.
    """
    frame = pickle.dumps([_pickled(group, limit) for group in groups])
    if len(frame) > limit:
        raise CodecError("the calls are too large")
    return frame


def _pickled(group: Iterable[ForeseenCall], limit: int) -> bytes:
    file = io.BytesIO()
    calls = [decode(call.frame, limit=limit) for call in group]
    _Pickler(file, protocol=4).dump(calls)  # in protocol 5 arrays would not own their memory
    return file.getvalue()


class _Pickler(pickle.Pickler):
    """Keeps the memory layout of arrays that are not contiguous, as the codec does."""

    def reducer_override(self, value: Any) -> Any:
        """Say how an array is made anew; pickle knows everything else."""
        if type(value) is np.ndarray and leaves.layout_of(value) == leaves.STRIDED:
            return leaves.strided, (np.ascontiguousarray(value),)
        return NotImplemented


def read_replies(calls: Sequence[ForeseenCall], frame: bytes, limit: int) -> list[CallReply]:
    """Read what became of the calls of one group; untrusted like every reply.

    Raises
    ------
    CodecError
        If the frame is anything but what a worker says about these calls.
    """
    decoded = partial(decode, limit=limit)
    return [
        read_call(decoded(part), call.arguments, decoded)
        if is_message
        else CallReply(guard.COMPLETED, decoded(part), size=len(part))
        for call, (is_message, part) in zip(calls, split_replies(frame, len(calls)), strict=True)
    ]
