"""Valid inputs, from which the mutated ones are made."""

import collections
import functools
import io
import json
import struct
import zipfile

import msgpack
import numpy as np

from autograder.sandbox.codec import encode
from autograder.sandbox.leaves import FIXED_DTYPES
from autograder.sandbox.nodes import Tag

NONCE = b"\xa5NONCE\xa5\x5a"  # stands for the nonce of an exchange
LENGTHS = struct.Struct("<4sIQ")
WIRE = struct.Struct("<4s8sQ")


def values():
    """One of everything that crosses the border."""
    table = np.arange(6.0).reshape(2, 3)
    text = np.array([["ab", "c"], ["", "\U0001f600"]])
    return [
        {"a": [table, table.T, np.zeros((2, 4))[:, ::2]], "loss": 0.5, 3: None, (1, "b"): True},
        [np.arange(3).astype(code) for code in sorted(FIXED_DTYPES)],
        [np.ones(1, code)[0] for code in sorted(FIXED_DTYPES)],
        (text, text.T, np.zeros((0, 4)), np.array(2.5), np.str_("x"), 1j, 1 << 80, -(1 << 70)),
        [b"x" * 300, "é" * 40, {1, "b", 2.5, (1, 2)}, frozenset({None, b"y"}), -1, 1 << 63],
        {"g": np.random.default_rng(0), "o": print, "d": collections.OrderedDict(a=np.bool_(1))},
        [[[[(0,), {}], set()], ()], collections.Counter("aab"), np.ma.masked_array([1.0])],
        [{-1: 0, -2: 1}, {(-1, -2): 0, (-2, -1): 1, (1j, None): 2}],
    ]


@functools.cache
def frames():
    """Frames that decode."""
    return [encode(value, lambda item: 3) for value in values()]


@functools.cache
def trees():
    """The trees of these frames, and their blobs."""
    return [(msgpack.unpackb(tree), blobs) for tree, blobs in map(split, frames())]


def split(frame):
    """Take a frame apart."""
    _, size, _ = LENGTHS.unpack_from(frame)
    start = LENGTHS.size
    return frame[start : start + size], frame[start + size :]


def join(tree, blobs):
    """Put a frame together, with a header that fits."""
    return LENGTHS.pack(b"GRD1", len(tree), len(blobs)) + tree + blobs


CODES = [*sorted(FIXED_DTYPES), "<U1", "<U2", "<U65536", "<U65537", "|O", "<M8[s]", "<f8,<f8"]
BYTES = [b"", b"\0", b"\1" * 8, b"\xff" * 16, b"\x80" * 1024, bytes(1023) + b"\x80", b"x" * 5000]
SHAPES = [[Tag.ARRAY, "<f8", layout, *shape] for layout in "CFS" for shape in ([], [0], [0, 1, 3])]
NODES = [[tag] for tag in range(17)] + SHAPES + [[Tag.LIST], [Tag.COMPLEX, 0.0, -1.0]]


def sent(payload, nonce=NONCE):
    """Frame a payload as the wire does."""
    return WIRE.pack(b"GRW1", nonce, len(payload)) + payload


@functools.cache
def replies():
    """What a worker may answer: the operation that asks for it, and its messages in order."""
    frame, rest = encode(np.arange(3.0)), {"message": "", "types": ["ValueError"]}
    done = {"outcome": "completed", **rest, "changed": {0: frame, "d": encode({"a": 1})}}
    asks = {"op": "callback", "id": 0, "args": [frame], "kwargs": {"y": encode([1, {2}])}}
    returned = {**done, "value": encode({"loss": np.float64(1.5)})}
    return [
        ("cells", [{"cells": [{"outcome": "completed", **rest}] * 2}] * 2),
        ("cells", [{"cells": [{"outcome": "raised", **rest}] * 4}]),
        ("bind", [{"outcome": "completed", **rest}]),
        ("call", [returned]),
        ("call", [asks, asks, returned]),
        ("get", [{**returned, "changed": {}}]),
        ("calls", [{"groups": [encode([frame]), encode([frame, returned])]}]),
        ("calls", [{"groups": [encode([{"outcome": "raised", **rest}])]}]),
    ]


def strange():
    """Values that a careless reader of replies would trip over."""
    frame = encode([1])
    return [
        *(np.arange(n) for n in range(3)),
        np.zeros((2, 2)),
        np.zeros((3, 4))[:, ::2],
        np.frombuffer(frame, np.uint8),
        np.array("callback"),
        np.float64(0.0),
        np.str_("callback"),
        *(True, 0.0, 0j, 1.0, None, -1, 1 << 70, "", "d", "callback", "completed", "x" * 3000),
        *(frame, frame[:-1], b"", (), (1, 2), {1: 2}, {1}, frozenset({1}), [[]]),
        *(encode(value) for value in ({1, 2}, {"a": {1}}, np.array(["x"]), np.arange(4), 1j)),
        np.random.default_rng(1),
    ]


@functools.cache
def notebooks():
    """Notebooks of several formats."""
    code = {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": [], "id": "a"}
    text = {"cell_type": "markdown", "metadata": {}, "source": ["# A\n", "b"], "id": "b"}
    shown = {"output_type": "stream", "name": "stdout", "text": ["1\n"]}
    cells = [
        text,
        {**code, "source": ["x = 1\n", "y"]},
        {**code, "source": "y", "outputs": [shown]},
    ]
    old = {"cell_type": "code", "input": ["x"], "language": "python", "metadata": {}, "outputs": []}
    sheet = [{"metadata": {}, "cells": [{**old, "prompt_number": 1, "collapsed": False}]}]
    return [
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {}}, "cells": cells},
        {"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": cells[:2]},
        {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": sheet},
        {"nbformat": 2, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": sheet},
        {"nbformat": 1, "cells": [{"cell_type": "code", "code": "x", "prompt_number": 1}]},
    ]


@functools.cache
def zips():
    """Zips of one notebook, packed in each way."""
    text = json.dumps(notebooks()[0])
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    return [zipped({name: text}, method) for method in methods for name in ("a.ipynb", "é/b.ipynb")]


def zipped(members, method=zipfile.ZIP_STORED):
    """Pack a zip; the same members give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.comment = b"by otter"
        for name, data in {**members, "__zip_filename__": "x"}.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()
