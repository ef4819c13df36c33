"""Round trips of every kind of data, and what a hostile peer may send."""

import collections
import enum
import random
import struct

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings

from autograder.sandbox import nodes
from autograder.sandbox.codec import (
    Callback,
    CodecError,
    DerivedDict,
    DerivedTuple,
    Opaque,
    decode,
    encode,
)
from autograder.sandbox.leaves import LONG_DOUBLE, LONG_DOUBLE_USED
from tests.fuzz.values import DTYPES, same, same_array, values


@given(values)
@settings(deadline=None, max_examples=300)
def test_a_value_survives_and_its_bytes_are_canonical(value):
    frame = encode(value)
    copy = decode(frame)
    assert same(value, copy)
    assert encode(copy) == frame


@pytest.mark.parametrize("code", DTYPES)
def test_every_dtype_crosses_in_every_layout(code):
    array = np.arange(24).reshape(2, 3, 4).astype(code)
    for view in (
        array,
        array.T,
        array[..., ::2],
        array[:, ::-1],
        array[:1, :, :1],
        array[0, 0, 0:0],
    ):
        copy = decode(encode(view))
        assert same_array(view, copy)
        assert copy.flags.writeable


def test_an_array_without_axes_stays_an_array():
    copy = decode(encode(np.array(3.0)))
    assert type(copy) is np.ndarray
    assert copy.shape == ()


def test_a_broadcast_array_is_copied_in_full():
    copy = decode(encode(np.broadcast_to(np.arange(3.0), (4, 3))))
    copy[0, 0] = 5
    assert copy[1, 0] == 0


def test_foreign_byte_order_becomes_native():
    assert same_array(decode(encode(np.arange(3, dtype=">f8"))), np.arange(3.0))


def test_padding_and_odd_booleans_do_not_matter():
    booleans = np.array([0, 1, 2, 255], np.uint8).view(bool)
    assert decode(encode(booleans)).tolist() == [False, True, True, True]
    noisy = np.full((2, LONG_DOUBLE.itemsize), 255, np.uint8)
    noisy[:, :LONG_DOUBLE_USED] = 0
    assert encode(noisy.view(LONG_DOUBLE)) == encode(np.zeros((2, 1), LONG_DOUBLE))
    assert encode(noisy.view(LONG_DOUBLE)[0, 0]) == encode(LONG_DOUBLE.type(0))


def test_a_generator_continues_where_it_was():
    rng = np.random.default_rng(3)
    rng.integers(5, dtype=np.int32)  # leaves half a word behind
    copy = decode(encode(rng))
    assert encode(copy) == encode(rng)
    assert copy.integers(1 << 30, dtype=np.int32) == rng.integers(1 << 30, dtype=np.int32)
    assert copy.random() == rng.random()


def test_other_generators_do_not_cross():
    with pytest.raises(CodecError, match="Generator"):
        encode(np.random.Generator(np.random.MT19937(1)))


class Hostile:
    """Every method that a careless codec might call."""

    def refuse(self, *args, **kwargs):
        raise AssertionError("a method of an untrusted class was called")

    __iter__ = __len__ = __eq__ = __float__ = __int__ = __index__ = __str__ = __bytes__ = refuse
    __array__ = __array_finalize__ = __getitem__ = keys = items = __bool__ = __neg__ = refuse
    __hash__ = None


def hostile(base):
    names = [name for name in vars(Hostile) if not name.startswith("_") or name in dir(base)]
    methods = {name: vars(Hostile)[name] for name in names if name not in {"__doc__", "__dict__"}}
    keep = {"__module__", "__weakref__", "__hash__", "__array_finalize__"}
    return type("Hostile", (base,), {name: m for name, m in methods.items() if name not in keep})


FILL = {dict: dict.update, set: set.update, list: list.extend}


@pytest.mark.parametrize(
    "plain",
    [{"a": 1}, [1, 2], (1, 2), {1}, frozenset({1}), 3, -0.0, 2.5, 1j, "x", b"x", np.float64(2.0)],
    ids=lambda plain: type(plain).__name__,
)
def test_a_subclass_is_lowered_without_calling_its_methods(plain):
    base = type(plain)
    instance = base.__new__(hostile(base), *([] if base in FILL else [plain]))
    if base in FILL:
        FILL[base](instance, plain)
    copy = decode(encode(instance))
    assert same(plain, copy)
    assert str(copy) == str(plain)


def test_a_subclass_of_an_array_becomes_an_array():
    assert type(decode(encode(np.ma.masked_array([1.0, 2.0], [True, False])))) is np.ndarray
    view = np.arange(3.0).view(hostile(np.ndarray))
    assert same_array(np.arange(3.0), decode(encode(view)))


@pytest.mark.parametrize(
    "value",
    [
        print,
        pytest.param(object(), id="object"),
        np.array([None]),
        np.zeros(2, [("x", "f8")]),
        np.datetime64("2020-01-01"),
        range(3),
        enum.Enum("Colour", "RED").RED,
        "\ud800",
        np.array(["\ud800"]),
        1 << 10_000,
    ],
    ids=repr,
)
def test_what_is_no_data_is_refused_without_a_registry(value):
    with pytest.raises(CodecError):
        encode([value])


def test_a_float_keeps_every_bit_of_a_nan():
    bits = struct.pack("<Q", 0xFFF0_0000_0000_0001)  # signalling: arithmetic would change it
    assert struct.pack("<d", decode(encode(struct.unpack("<d", bits)[0]))) == bits


def test_a_huge_array_of_foreign_order_is_refused_before_it_is_copied():
    with pytest.raises(CodecError, match="larger than the limit"):
        encode(np.broadcast_to(np.zeros(1, ">f8"), 1 << 50))


def test_what_is_no_data_becomes_a_handle():
    known = []
    frame = encode({"f": len, "a": np.array([None])}, lambda value: known.append(value) or 7)
    copy = decode(frame)
    assert (copy["f"].handle, copy["f"].type_name) == (7, "builtin_function_or_method")
    assert known[0] is len
    assert encode(copy) == frame
    assert decode(frame, opaque=lambda number, name: (number, name))["a"] == (7, "ndarray")


def test_an_opaque_equals_only_itself():
    one, other = Opaque(1, "x"), Opaque(1, "x")
    assert one == one
    assert one != other
    assert len({one, other}) == 2


def test_a_callable_of_ours_crosses_by_number():
    frame = encode([len], callback=lambda value: 4)
    assert isinstance(decode(frame)[0], Callback)
    assert decode(frame, callback=lambda number: number) == [4]


def test_the_class_of_a_container_is_remembered_by_handle():
    point = collections.namedtuple("Point", "x y")(1, 2)
    counts = collections.defaultdict(int, a=1)
    frame = encode([point, counts], lambda value: 5)
    copy = decode(frame)
    assert copy == [(1, 2), {"a": 1}]
    assert [type(part) for part in copy] == [DerivedTuple, DerivedDict]
    assert (copy[0].handle, copy[0].type_name) == (5, "Point")
    assert encode(copy) == frame
    assert type(decode(encode(point))) is tuple  # without a registry only the data crosses


def test_depth_size_and_number_are_capped():
    deep = []
    for _ in range(nodes.DEPTH + 1):
        deep = [deep]
    wide = [0]
    for _ in range(8):
        wide = [wide] * 10
    loop = []
    loop.append(loop)
    for value in (deep, wide, loop, "x" * nodes.TREE_BYTES, np.zeros((0, 1 << 39))):
        with pytest.raises(CodecError):
            encode(value)
    with pytest.raises(CodecError):
        encode(np.broadcast_to(0.0, (1 << 40,)))
    with pytest.raises(CodecError):
        encode(np.zeros(100), limit=400)


def test_the_deepest_value_that_is_encoded_is_decoded():
    class Pair(tuple):
        __slots__ = ()

    value = Pair([1])
    for _ in range(nodes.DEPTH - 2):
        value = Pair([value])
    assert decode(encode(value, lambda item: 0)) == value


def test_what_is_decoded_can_be_encoded():
    node, depth = 0, 0
    while depth < nodes.DEPTH:
        node, depth = [14, 1, "Pair", [1, node]], depth + 1
    assert encode(decode(tree(node))) == tree(node)
    for deeper in ([0, node], [14, 1, "Pair", [1, node]]):
        with pytest.raises(CodecError, match="too deep"):
            decode(tree(deeper))
    with pytest.raises(CodecError, match="too many"):
        decode(tree([0, *[[0, *[None] * 1023]] * 257]))


def tree(node, blobs=b""):
    data = msgpack.packb(node)
    return struct.pack("<4sIQ", b"GRD1", len(data), len(blobs)) + data + blobs


MALFORMED = {
    "empty": b"",
    "magic": b"X" * 40,
    "no tag": tree([]),
    "unknown tag": tree([99]),
    "boolean tag": tree([True, 1]),
    "a map": tree({}),
    "an extension": tree(msgpack.ExtType(4, b"x")),
    "odd dict": tree([4, 1]),
    "equal keys": tree([4, "a", 1, "a", 2]),
    "unhashable key": tree([4, [0], 1]),
    "equal members": tree([2, 1, 1]),
    "bare blob": tree(1, b"xx"),
    "short blob": tree([10, "<f8", "C", 3], b"x" * 16),
    "negative axis": tree([10, "<f8", "C", -3]),
    "huge axis": tree([10, "<f8", "C", 1 << 60]),
    "huge empty array": tree([10, "<f8", "C", 0, 1 << 39]),
    "object array": tree([10, "|O", "C", 1], b"x" * 8),
    "structured array": tree([10, "|V8", "C", 1], b"x" * 8),
    "dtype with a comma": tree([10, "<f8,<f8", "C", 1], b"x" * 16),
    "leading zero": tree([10, "<U01", "C", 1], b"x\0\0\0"),
    "layout": tree([10, "<f8", "Z", 1], b"x" * 8),
    "strided without axes": tree([10, "<f8", "S"], b"x" * 8),
    "boolean bytes": tree([10, "|b1", "C", 1], b"\2"),
    "code point": tree([10, "<U1", "C", 1], b"\xff" * 4),
    "surrogate": tree([10, "<U1", "C", 1], b"\0\xd8\0\0"),
    "scalar size": tree([8, "<f8", b"x"]),
    "scalar text": tree([8, "<U1", b"x\0\0\0"]),
    "generator": tree([11, b"", b"", 0, 0]),
    "generator increment": tree([11, bytes(16), bytes(16), 0, 0]),
    "integer": tree([6, b"x" * 5000]),
    "padded integer": tree([6, bytes(16)]),
    "integer beyond the largest": tree([6, bytes(1023) + b"\x80"]),
    "complex": tree([5, "1", 2.0]),
    "handle": tree([13, -1, "x"]),
    "long name": tree([13, 1, "x" * 1000]),
    "derived number": tree([14, 1, "x", 3]),
    "derived twice": tree([14, 1, "x", [14, 1, "x", [0]]]),
    "too few parts": tree([13, 1]),
    "axes": tree([10, "|b1", "C", *[1] * 60], b"\1"),
    "deep": tree(0)[:16] + b"\x91" * 2000 + b"\x90",
    "invalid text": tree("ab").replace(b"ab", b"\xff\xff"),
    "costly keys": tree([4, *(part for i in range(3000) for part in ([5, float(i), 0.0], 0))]),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_frame_is_refused(name):
    with pytest.raises(CodecError):
        decode(MALFORMED[name])


def test_mutated_frames_raise_nothing_but_codec_errors():
    value = {
        "a": [np.arange(6.0).reshape(2, 3), np.arange(6).reshape(2, 3).T, np.zeros((2, 4))[:, ::2]],
        "t": (np.array(["ab", "c"]), np.float32(1), 1j, 1 << 80, b"x" * 300, {1, "b"}, frozenset()),
        "g": np.random.default_rng(0),
        "o": print,
        "d": collections.OrderedDict(a=np.bool_(1)),
    }
    frame = encode(value, lambda item: 3)
    generator = random.Random(0)
    refused = 0
    for _ in range(6000):
        mutated = bytearray(frame)
        for _ in range(generator.randint(1, 4)):
            mutated[generator.randrange(len(mutated))] = generator.randrange(256)
        if generator.random() < 0.2:
            del mutated[generator.randrange(len(mutated)) :]
        try:
            decode(mutated)
        except CodecError:
            refused += 1
    assert refused > 1000
