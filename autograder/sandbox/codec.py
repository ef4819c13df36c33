"""Plain data to bytes and back, safe against a hostile peer.

A frame is ``header | tree | blobs``. The tree is msgpack: atoms as they are, everything else a list
that starts with a tag. The bytes of arrays follow out of band, in the order of the tree.

Instances of subclasses cross as their plain base. What is no data (functions, instances, classes)
crosses as a handle, if the caller keeps a registry.
"""

import struct
from collections.abc import Callable
from typing import Any, Final

import msgpack

from autograder.sandbox.leaves import CodecError
from autograder.sandbox.lowering import Lowering
from autograder.sandbox.nodes import (
    FRAME_BYTES,
    NODES,
    TREE_BYTES,
    Callback,
    Derived,
    DerivedDict,
    DerivedList,
    DerivedTuple,
    Opaque,
    derive,
)
from autograder.sandbox.raising import Raising

__all__ = [
    "FRAME_BYTES",
    "Callback",
    "CodecError",
    "Derived",
    "DerivedDict",
    "DerivedList",
    "DerivedTuple",
    "Opaque",
    "decode",
    "derive",
    "encode",
]

_MAGIC: Final = b"GRD1"
_HEADER: Final = struct.Struct("<4sIQ")  # magic, bytes of the tree, bytes of the blobs


def encode(
    value: object,
    opaque: Callable[[object], int] | None = None,
    *,
    callback: Callable[[object], int] | None = None,
    limit: int = FRAME_BYTES,
) -> bytes:
    """Turn a value into one frame.

    Parameters
    ----------
    value : object
        A tree of plain data and arrays.
    opaque : callable, optional
        Registers what is no data and returns its handle.
    callback : callable, optional
        Registers a callable that the other side may call, and returns its number.
    limit : int
        Largest frame, in bytes.

    Returns
    -------
    bytes
        The same for equal values of the same types and layouts.

    Raises
    ------
    CodecError
        If a part of the value is no data, or the whole too large or too deep.
    """
    lowering = Lowering(opaque, callback, limit)
    tree: bytes = msgpack.packb(lowering.lower(value))
    if len(tree) > TREE_BYTES or _HEADER.size + len(tree) + lowering.size > limit:
        raise CodecError("the value is too large")
    header = _HEADER.pack(_MAGIC, len(tree), lowering.size)
    return b"".join([header, tree, *lowering.blobs])


def decode(
    frame: bytes | bytearray | memoryview,
    *,
    opaque: Callable[[int, str], object] = Opaque,
    callback: Callable[[int], object] = Callback,
    derived: Callable[[object, int, str], object] = derive,
    limit: int = FRAME_BYTES,
) -> Any:
    """Turn one frame into a value; arrays are writable copies.

    Parameters
    ----------
    frame : bytes-like
        From a peer that may be hostile.
    opaque, callback, derived : callable
        What stands for a handle and a type name, for the number of a callback, and for plain data
        whose original is an instance of a subclass.
    limit : int
        Largest frame, in bytes.

    Returns
    -------
    object
        A tree of plain data and arrays.

    Raises
    ------
    CodecError
        If the frame is anything but what `encode` writes.
    """
    tree, blobs = _split(memoryview(frame), limit)
    raising = Raising(blobs, opaque, callback, derived, limit)
    try:
        value = raising.value(_unpack(tree))
    except (TypeError, ValueError, OverflowError, LookupError) as error:
        raise CodecError(f"a frame is malformed: {error}") from error
    if raising.position != len(blobs):
        raise CodecError("a frame has bytes that belong to nothing")
    return value


def _split(frame: memoryview, limit: int) -> tuple[memoryview, memoryview]:
    """Check the header of a frame; return its tree and its blobs."""
    if not _HEADER.size <= len(frame) <= limit:
        raise CodecError("a frame has an impossible length")
    magic, tree_bytes, blob_bytes = _HEADER.unpack_from(frame)
    end = _HEADER.size + tree_bytes
    if magic != _MAGIC or tree_bytes > TREE_BYTES or end + blob_bytes != len(frame):
        raise CodecError("a frame has a malformed header")
    return frame[_HEADER.size : end], frame[end:]


def _unpack(tree: memoryview) -> Any:
    """Unpack msgpack without maps and extensions."""
    try:
        return msgpack.unpackb(tree, max_map_len=0, max_ext_len=0, max_array_len=NODES + 1)
    except (msgpack.UnpackException, ValueError, TypeError, RecursionError) as error:
        raise CodecError(f"a tree is malformed: {error}") from error
