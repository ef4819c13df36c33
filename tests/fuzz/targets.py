"""What is fuzzed: how an input is made, and what must be true of it.

An input is bytes, whatever it stands for, so that a failing one can be kept in a file. A check
returns whether the input was accepted; it raises what nothing but a bug raises.
"""

import io
import json
import os
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgpack
from hypothesis import HealthCheck, given, settings

from autograder.errors import MalformedError
from autograder.grading.intake.choices import Document
from autograder.grading.intake.notebooks import read_notebook
from autograder.grading.intake.submissions import Submission
from autograder.sandbox.codec import CodecError, decode, encode
from autograder.sandbox.wire import Channel, WireError
from tests.fuzz import seeds
from tests.fuzz.mutate import ATOMS, mutated, mutated_tree
from tests.fuzz.peer import OPERATIONS, ask
from tests.fuzz.values import same, values

LIMIT = 1 << 20  # bytes of a frame
WIRE_LIMIT = 1 << 16
NODES = [*ATOMS, *seeds.CODES, *seeds.BYTES, *seeds.NODES]
ANSWERS = [*ATOMS, *seeds.strange()]
JSON = [*ATOMS, "\ud800", "code", 1e308, 10**400, 3, 4, [], {}, ["x"]]


@dataclass(frozen=True)
class Target:
    """One promise.

    Attributes
    ----------
    make : callable
        Draws an input.
    check : callable
        Tells whether an input was accepted; raises if the promise is broken.
    inputs : int
        How many there are in a whole run.
    """

    name: str
    make: Callable[[Random], bytes]
    check: Callable[[bytes], bool]
    inputs: int


def make_frame(rng):
    """A valid frame with some bytes changed."""
    return mutated(rng.choice(seeds.frames()), rng)


def make_tree(rng):
    """A tree with other nodes, or other bytes, and its blobs."""
    tree, blobs = rng.choice(seeds.trees())
    packed = msgpack.packb(mutated_tree(tree, rng, NODES))
    if rng.random() < 0.3:
        packed = mutated(packed, rng)
    if blobs and rng.random() < 0.3:
        blobs = mutated(blobs, rng)
    return packed + blobs


def check_frame(data):
    """A frame decodes to what encodes again, and then stays what it is; or is refused."""
    try:
        value = decode(data, limit=LIMIT)
    except CodecError:
        return False
    frame = encode(value)
    assert encode(decode(frame)) == frame
    return True


def check_tree(data):
    """The same for a frame whose header fits: a tree, and then its blobs."""
    unpacker = msgpack.Unpacker(io.BytesIO(data))
    try:
        unpacker.skip()
        size = unpacker.tell()
    except (msgpack.UnpackException, ValueError):
        size = len(data)
    return check_frame(seeds.join(data[:size], data[size:]))


def make_value(rng):
    """The choices of a hypothesis strategy."""
    return rng.randbytes(rng.randint(8, 400))


@given(values)
@settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
def _survives(value):
    frame = encode(value)
    copy = decode(frame)
    assert same(value, copy)
    assert encode(copy) == frame


def check_value(data):
    """A value that encodes decodes to the same value."""
    return _survives.hypothesis.fuzz_one_input(data) is not None


def make_stream(rng):
    """Some frames of the wire, with changed bytes."""
    sizes = (rng.choice((0, 1, 20, 300, WIRE_LIMIT, WIRE_LIMIT + 1)) for _ in range(3))
    stream = b"".join(seeds.sent(bytes(size)) for size in sizes)
    return stream if rng.random() < 0.05 else mutated(stream, rng)


def check_stream(data):
    """A peer that sends anything is received, or refused for one of three reasons."""
    ours, theirs = socket.socketpair()
    channel, received = Channel(ours), 0
    try:
        theirs.sendall(data[:WIRE_LIMIT])
        theirs.shutdown(socket.SHUT_WR)
        while True:
            _, payload = channel.receive(time.monotonic() + 100, WIRE_LIMIT)
            assert len(payload) <= WIRE_LIMIT
            received += 1
    except WireError:
        return received > 0
    finally:
        channel.close()
        theirs.close()


def make_dialogue(rng):
    """An operation, whether the peer hangs up, and its answers."""
    operation, messages = rng.choice(seeds.replies())
    if rng.random() < 0.9:
        changed = mutated_tree(messages, rng, ANSWERS)
        messages = changed if type(changed) is list else [changed]
    try:
        stream = b"".join(seeds.sent(encode(message)) for message in messages)
    except CodecError:  # nested too deeply: nobody can say it
        return make_dialogue(rng)
    head = bytes([OPERATIONS.index(operation), rng.random() < 0.9])
    return head + (mutated(stream, rng) if rng.random() < 0.3 else stream)


def check_dialogue(data):
    """Whatever a worker answers, the client has a reply or tells that the worker died."""
    operation, hangs_up, stream = (*data[:2].ljust(2, b"\1"), data[2:])
    return ask(OPERATIONS[operation % len(OPERATIONS)], stream, hangs_up=hangs_up % 8 > 0)


def make_notebook(rng):
    """A notebook with other JSON, or other bytes."""
    notebook = rng.choice(seeds.notebooks())
    kind = rng.random()
    if kind < 0.7:
        notebook = mutated_tree(notebook, rng, JSON)
    data = json.dumps(notebook).encode()
    return mutated(data, rng) if kind > 0.5 else data


def check_notebook(data):
    """Bytes are a notebook with cells of text, or malformed."""
    try:
        cells = read_notebook(Document("a.ipynb", data)).cells
    except MalformedError:
        return False
    assert all(type(cell.source) is str and cell.source.strip() for cell in cells)
    assert [cell.index for cell in cells] == sorted({cell.index for cell in cells})
    return bool(cells)


def make_zip(rng):
    """A zip with some bytes changed."""
    data = rng.choice(seeds.zips())
    return data if rng.random() < 0.02 else mutated(data, rng)


def check_zip(data):
    """A zip holds one notebook, or is malformed."""
    path = Path(tempfile.gettempdir()) / f"fuzz-{os.getpid()}.zip"
    path.write_bytes(data)
    try:
        return type(Submission("a", "b", path).read_bytes()) is bytes
    except MalformedError:
        return False
    finally:
        path.unlink()


TARGETS = {
    target.name: target
    for target in [
        Target("frame", make_frame, check_frame, 400_000),
        Target("tree", make_tree, check_tree, 400_000),
        Target("value", make_value, check_value, 40_000),
        Target("stream", make_stream, check_stream, 200_000),
        Target("dialogue", make_dialogue, check_dialogue, 100_000),
        Target("notebook", make_notebook, check_notebook, 100_000),
        Target("zip", make_zip, check_zip, 100_000),
    ]
}
