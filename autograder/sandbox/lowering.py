"""Lower a value to a tree of atoms and lists, and the bytes of its arrays.

Instances of subclasses are read through methods of their plain base only, so that nothing a class
overrides is called.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

import msgpack
import numpy as np

from autograder.sandbox import leaves, nodes
from autograder.sandbox.leaves import CodecError
from autograder.sandbox.nodes import Tag

Registry = Callable[[object], int]
_INTEGERS: Final = range(-(1 << 63), 1 << 64)  # what msgpack holds


class Lowering:
    """The state of lowering one value.

    Parameters
    ----------
    opaque : callable or None
        Registers what is no data and returns its handle.
    callback : callable or None
        Registers a callable that the other side may call, and returns its number.
    limit : int
        Largest sum of the bytes of all arrays.
    """

    def __init__(self, opaque: Registry | None, callback: Registry | None, limit: int) -> None:
        self.opaque, self.callback, self.limit = opaque, callback, limit
        self.blobs: list[bytes | memoryview] = []
        self.size = 0
        self._count = 0

    def lower(self, value: Any, depth: int = 0) -> Any:
        """Return the node of a value; the blobs of its arrays are appended in order."""
        self._count += 1
        if depth > nodes.DEPTH or self._count > nodes.NODES:
            raise CodecError("the value is nested too deeply or has too many parts")
        kind = type(value)
        if kind in _ATOMS or (kind is str and str.isascii(value)):
            return value
        for base in (kind,) if kind in _METHODS else nodes.bases_of(kind):
            method = _METHODS.get(base)
            node = NotImplemented if method is None else method(self, value, depth + 1)
            if node is not NotImplemented:
                return node
        return self.foreign(value)

    def foreign(self, value: Any) -> list[Any]:
        """Register what is no data."""
        if self.callback is not None and callable(value):
            return [Tag.CALLBACK, self.callback(value)]
        name = nodes.name_of(type(value))
        if self.opaque is None:
            raise CodecError(f"an object of type {name} is no plain data")
        return [Tag.OPAQUE, self.opaque(value), name]

    def _atom_node(self, value: Any, _depth: int) -> Any:
        return value

    def _real_node(self, value: float, _depth: int) -> float:
        return float.__pos__(value)  # a float of exactly this class, with every bit of a NaN

    def _integer_node(self, value: int, _depth: int) -> Any:
        plain = int.__pos__(value)
        if plain in _INTEGERS:
            return plain
        size = plain.bit_length() // 8 + 1
        if size > nodes.INTEGER_BYTES:
            raise CodecError("an integer is too large")
        return [Tag.INTEGER, plain.to_bytes(size, "little", signed=True)]

    def _complex_node(self, value: complex, _depth: int) -> list[Any]:
        plain = complex.__pos__(value)
        return [Tag.COMPLEX, plain.real, plain.imag]

    def _text_node(self, value: str, _depth: int) -> Any:
        plain = str.__str__(value)
        if not _is_encodable(plain):
            return NotImplemented
        return [Tag.TEXT, plain] if np.str_ in nodes.bases_of(type(value)) else plain

    def _bytes_node(self, value: bytes, _depth: int) -> Any:
        plain = bytes.__getitem__(value, slice(None))
        if len(plain) <= nodes.INLINE_BYTES:
            return plain
        self.add(plain)
        return [Tag.BYTES, len(plain)]

    def add(self, blob: bytes | memoryview) -> None:
        """Append the bytes of one array."""
        self.size += len(blob)
        if self.size > self.limit:
            raise CodecError("the arrays are larger than the limit")
        self.blobs.append(blob)

    def _list_node(self, value: list[Any], depth: int) -> Any:
        items = list.__iter__(value)
        node = [Tag.LIST, *(self.lower(item, depth) for item in items)]
        return self.kept(value, list, node)

    def _tuple_node(self, value: tuple[Any, ...], depth: int) -> Any:
        items = tuple.__iter__(value)
        node = [Tag.TUPLE, *(self.lower(item, depth) for item in items)]
        return self.kept(value, tuple, node)

    def _dict_node(self, value: dict[Any, Any], depth: int) -> Any:
        nodes.require_keys(dict.keys(value))
        node: Any = [Tag.DICT]
        for key, item in dict.items(value):
            node += [self.lower(key, depth), self.lower(item, depth)]
        return self.kept(value, dict, node)

    def _set_node(self, value: set[Any], depth: int) -> Any:
        return [Tag.SET, *self.sorted_nodes(set.__iter__(value), depth)]

    def _frozenset_node(self, value: frozenset[Any], depth: int) -> Any:
        return [Tag.FROZENSET, *self.sorted_nodes(frozenset.__iter__(value), depth)]

    def sorted_nodes(self, members: Iterable[Any], depth: int) -> Any:
        """Lower the members of a set, ordered by their bytes."""
        listed = [*members]
        nodes.require_keys(listed)
        return sorted((self.lower(member, depth) for member in listed), key=msgpack.packb)

    def kept(self, value: Any, base: type, node: Any) -> Any:
        """Mark the node of an instance of a subclass with the handle of the instance."""
        if type(value) is base:
            return node
        if nodes.Derived in nodes.bases_of(type(value)):
            return [Tag.DERIVED, value.handle, value.type_name, node]
        if self.opaque is None:
            return node
        return [Tag.DERIVED, self.opaque(value), nodes.name_of(type(value)), node]

    def _array_node(self, value: np.ndarray[Any, Any], _depth: int) -> Any:
        plain = value if type(value) is np.ndarray else np.ndarray.view(value, np.ndarray)
        parts = leaves.describe_array(plain, self.limit)
        if parts is None:
            return NotImplemented
        self.add(parts[1])
        return [Tag.ARRAY, *parts[0]]

    def _scalar_node(self, value: np.generic, _depth: int) -> Any:
        parts = leaves.describe_scalar(value)
        return NotImplemented if parts is None else [Tag.SCALAR, *parts]

    def _generator_node(self, value: np.random.Generator, _depth: int) -> Any:
        parts = leaves.describe_generator(value)
        return NotImplemented if parts is None else [Tag.GENERATOR, *parts]

    def _remote_node(self, value: nodes.Callback, _depth: int) -> Any:
        return [Tag.CALLBACK, value.id]

    def _handle_node(self, value: nodes.Opaque, _depth: int) -> Any:
        return [Tag.OPAQUE, value.handle, value.type_name]


def _is_encodable(text: str) -> bool:
    """Tell whether a string is valid text: lone surrogates are not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_ATOMS: Final = frozenset({type(None), bool, float})  # that are their own nodes
_METHODS: Final[dict[type, Callable[[Lowering, Any, int], Any]]] = {
    type(None): Lowering._atom_node,
    bool: Lowering._atom_node,
    int: Lowering._integer_node,
    float: Lowering._real_node,
    complex: Lowering._complex_node,
    str: Lowering._text_node,
    bytes: Lowering._bytes_node,
    list: Lowering._list_node,
    tuple: Lowering._tuple_node,
    dict: Lowering._dict_node,
    set: Lowering._set_node,
    frozenset: Lowering._frozenset_node,
    np.float64: Lowering._scalar_node,  # found at once, since most scalars are of this class
    np.generic: Lowering._scalar_node,
    np.ndarray: Lowering._array_node,
    np.random.Generator: Lowering._generator_node,
    nodes.Callback: Lowering._remote_node,
    nodes.Opaque: Lowering._handle_node,
}
