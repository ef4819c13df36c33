"""The replies to a group of calls, in one piece.

Not a frame of the codec, which would look at every part of every reply once more.
"""

import struct
from collections.abc import Iterable
from typing import Any, Final

from autograder.sandbox.codec import CodecError, encode

_PART: Final = struct.Struct("<?I")  # whether a reply is a message, and its bytes


def join_replies(replies: Iterable[bytes | dict[str, Any]]) -> bytes:
    """Put the replies to the calls of one group together.

    Parameters
    ----------
    replies : iterable of (bytes or dict)
        The frame of the value that a call returned, or a message if there is more to say.

    Returns
    -------
    bytes
        Equal for equal replies.
    """
    parts: list[bytes] = []
    for reply in replies:
        frame = reply if isinstance(reply, bytes) else encode(reply)
        parts += _PART.pack(frame is not reply, len(frame)), frame
    return b"".join(parts)


def split_replies(joined: bytes, count: int) -> list[tuple[bool, bytes]]:
    """Take replies apart, which may come from a hostile peer.

    Parameters
    ----------
    joined : bytes
        From `join_replies`.
    count : int
        How many replies there should be.

    Returns
    -------
    list of (bool, bytes)
        Whether a reply is a message, and its frame, which is not checked.

    Raises
    ------
    CodecError
        If there are more or fewer, or one is cut off.
    """
    replies: list[tuple[bool, bytes]] = []
    start = 0
    for _ in range(count):
        if len(joined) < (begin := start + _PART.size):
            raise CodecError("there are fewer replies than calls")
        is_message, size = _PART.unpack_from(joined, start)
        start = begin + size
        replies.append((is_message, joined[begin:start]))
    if start != len(joined):
        raise CodecError("there are more replies than calls, or the last is cut off")
    return replies
