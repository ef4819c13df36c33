"""Calls that are known before the first of them is made, so that all can be asked for at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from autograder.sandbox import guard
from autograder.sandbox.codec import CodecError, decode, encode
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
    return encode(
        [[decode(call.frame, limit=limit) for call in group] for group in groups], limit=limit
    )


def read_replies(calls: Sequence[ForeseenCall], frame: bytes, limit: int) -> list[CallReply]:
    """Read what became of the calls of one group; untrusted like every reply.

    Raises
    ------
    CodecError
        If the frame is anything but what a worker says about these calls.
    """
    decoded = partial(decode, limit=limit)
    replies = decoded(frame)
    if type(replies) is not list or len(replies) != len(calls):
        raise CodecError("a reply is not about the calls that were asked for")
    return [
        CallReply(guard.COMPLETED, decoded(reply), size=len(reply))
        if type(reply) is bytes
        else read_call(reply, call.arguments, decoded)
        for call, reply in zip(calls, replies, strict=True)
    ]
