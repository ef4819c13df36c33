"""What became of the two things that a worker is asked to do, read from its untrusted word."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Final

from autograder.sandbox import guard
from autograder.sandbox.codec import CodecError

CALL_OUTCOMES: Final = frozenset(
    {guard.COMPLETED, guard.RAISED, guard.TIMED_OUT, guard.OUT_OF_MEMORY}
)
CELL_OUTCOMES: Final = CALL_OUTCOMES | {guard.OUTPUT_LIMIT}
_TYPES: Final = 20


@dataclass(frozen=True)
class CellReply:
    """What became of a cell.

    Parameters
    ----------
    outcome : str
        ``completed``, ``raised``, ``timed out``, ``out of memory`` or ``output limit``.
    message : str
        Such as ``NameError: name 'x' is not defined (line 3)``; untrusted text.
    types : tuple of str
        Names of the class of the exception and of its bases.
    """

    outcome: str
    message: str = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallReply:
    """What became of a call.

    Parameters
    ----------
    outcome : str
        ``completed``, ``raised``, ``timed out`` or ``out of memory``.
    value : object
        What it returned: plain data, `Opaque` for what is none, `Derived` for plain data whose
        class is the submission's own.
    changed : mapping
        The new contents of the arguments that were modified, by position or keyword.
    message : str
        Text of the exception, or why the value is only a handle; untrusted.
    types : tuple of str
        Names of the class of the exception and of its bases.
    size : int
        Bytes of the value and of the new contents.
    """

    outcome: str
    value: Any = None
    changed: Mapping[int | str, Any] = field(default_factory=dict)
    message: str = ""
    types: tuple[str, ...] = ()
    size: int = 0


def read_ending(reply: Any, outcomes: Set[str]) -> tuple[str, str, tuple[str, ...]]:
    """Read outcome, message and types, which every reply has.

    Raises
    ------
    CodecError
        If the reply is anything but what a worker says.
    """
    if type(reply) is not dict:
        raise CodecError("a malformed reply")
    outcome, message = reply.get("outcome"), reply.get("message")
    types = reply.get("types", [])
    if type(outcome) is not str or outcome not in outcomes or type(message) is not str:
        raise CodecError("a malformed reply")
    if type(types) is not list or not all(type(name) is str for name in types):
        raise CodecError("a malformed reply")
    return outcome, message[: guard.MESSAGE_CHARACTERS + 200], tuple(types[:_TYPES])


def read_call(reply: Any, arguments: Set[int | str], decoded: Callable[[bytes], Any]) -> CallReply:
    """Read what became of a call.

    Parameters
    ----------
    arguments : set of (int or str)
        Positions and keywords of what the function was given.
    decoded : callable
        Makes a value of a frame.

    Raises
    ------
    CodecError
        If the reply is anything but what a worker says.
    """
    outcome, message, types = read_ending(reply, CALL_OUTCOMES)
    if outcome != guard.COMPLETED:
        return CallReply(outcome, message=message, types=types)
    frames = reply.get("changed")
    if type(frames) is not dict or not {type(key) for key in frames} <= {int, str}:
        raise CodecError("a reply names arguments by what is no name")
    if not frames.keys() <= arguments:
        raise CodecError("a reply names arguments that there are not")
    if not {type(frame) for frame in (reply.get("value"), *frames.values())} <= {bytes}:
        raise CodecError("what should be a frame is none")
    changed = {key: decoded(frame) for key, frame in frames.items()}
    size = len(reply["value"]) + sum(len(frame) for frame in frames.values())
    return CallReply(outcome, decoded(reply["value"]), changed, message, types, size)
