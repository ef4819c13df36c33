"""Raise a value from a tree and blobs that may come from a hostile peer.

Every node is checked before anything is built from it; the blobs are consumed in the order of the
tree, so that no offset has to be trusted.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograder.sandbox import leaves, nodes
from autograder.sandbox.leaves import CodecError
from autograder.sandbox.nodes import Tag

_ATOMS: Final = frozenset({type(None), bool, int, float, str, bytes})
_DERIVABLE: Final = [[Tag.LIST], [Tag.TUPLE], [Tag.DICT]]


class Raising:
    """The state of raising one value.

    Parameters
    ----------
    blobs : memoryview
        The bytes of all arrays.
    opaque, callback, derived : callable
        Make what stands for the three kinds of objects of the other side.
    limit : int
        Largest array, in bytes.
    """

    def __init__(
        self,
        blobs: memoryview,
        opaque: Callable[[int, str], object],
        callback: Callable[[int], object],
        derived: Callable[[object, int, str], object],
        limit: int,
    ) -> None:
        self.blobs, self.limit = blobs, limit
        self.opaque, self.callback, self.derived = opaque, callback, derived
        self.position = 0
        self._count = 0

    def value(self, node: Any, depth: int = 0) -> Any:
        """Return the value of a node; `position` moves past the blobs it used."""
        self._count += 1
        if depth > nodes.DEPTH or self._count > nodes.NODES:
            raise CodecError("a tree is too deep or has too many nodes")
        if type(node) in _ATOMS:
            return node
        if type(node) is not list or not node or type(node[0]) is not int:
            raise CodecError("a node has no tag")
        method = _METHODS.get(node[0])
        if method is None:
            raise CodecError("a node has an unknown tag")
        return method(self, node[1:], depth + 1)

    def take(self, size: int) -> memoryview:
        """Take the next bytes of the blobs."""
        end = self.position + size
        if size < 0 or end > len(self.blobs):
            raise CodecError("the blobs are shorter than the tree says")
        start, self.position = self.position, end
        return self.blobs[start:end]

    def _members(self, parts: list[Any], depth: int) -> list[Any]:
        return [self.value(part, depth) for part in parts]

    def _keys(self, parts: list[Any], depth: int) -> list[Any]:
        """Raise the members of a set or the keys of a dict."""
        keys = self._members(parts, depth)
        nodes.require_keys(keys)
        return keys

    def _tuple_value(self, parts: list[Any], depth: int) -> Any:
        return tuple(self._members(parts, depth))

    def _set_value(self, parts: list[Any], depth: int) -> Any:
        return self._frozenset_value(parts, depth, set)

    def _frozenset_value(self, parts: list[Any], depth: int, kind: Any = frozenset) -> Any:
        members = kind(self._keys(parts, depth))
        if len(members) != len(parts):
            raise CodecError("a set has equal members")
        return members

    def _dict_value(self, parts: list[Any], depth: int) -> Any:
        if len(parts) % 2:
            raise CodecError("a dict has a key without a value")
        flat = self._members(parts, depth)  # keys and values alternate, as their blobs do
        nodes.require_keys(flat[::2])
        pairs = dict(zip(flat[::2], flat[1::2], strict=True))
        if 2 * len(pairs) != len(parts):
            raise CodecError("a dict has equal keys")
        return pairs

    def _complex_value(self, parts: list[Any], _depth: int) -> complex:
        real, imaginary = parts
        if type(real) is not float or type(imaginary) is not float:
            raise CodecError("a complex number is malformed")
        return complex(real, imaginary)

    def _integer_value(self, parts: list[Any], _depth: int) -> int:
        (data,) = parts
        if type(data) is not bytes or len(data) > nodes.INTEGER_BYTES:
            raise CodecError("an integer is malformed")
        number = int.from_bytes(data, "little", signed=True)
        if number.bit_length() // 8 + 1 != len(data):
            raise CodecError("an integer has more or fewer bytes than it needs")
        return number

    def _bytes_value(self, parts: list[Any], _depth: int) -> bytes:
        (size,) = parts
        return bytes(self.take(_require_int(size)))

    def _text_value(self, parts: list[Any], _depth: int) -> Any:
        (text,) = parts
        return np.str_(_require_text(text))

    def _array_value(self, parts: list[Any], _depth: int) -> Any:
        code, layout, *sizes = parts
        dtype, shape = leaves.dtype_named(code), leaves.check_shape(sizes)
        size = leaves.require_size(shape, dtype, self.limit)
        return leaves.build_array(dtype, layout, shape, self.take(size))

    def _scalar_value(self, parts: list[Any], _depth: int) -> Any:
        code, data = parts
        return leaves.build_scalar(code, data)

    def _generator_value(self, parts: list[Any], _depth: int) -> Any:
        return leaves.build_generator(*parts)

    def _callback_value(self, parts: list[Any], _depth: int) -> Any:
        (number,) = parts
        return self.callback(_require_int(number))

    def _opaque_value(self, parts: list[Any], _depth: int) -> Any:
        handle, name = parts
        return self.opaque(_require_int(handle), _require_name(name))

    def _derived_value(self, parts: list[Any], depth: int) -> Any:
        handle, name, plain = parts
        _require_int(handle), _require_name(name)
        if type(plain) is not list or plain[:1] not in _DERIVABLE:
            raise CodecError("only a dict, a list or a tuple can be derived")
        self._count -= 1  # an instance and its data are one part of the value, at one depth
        return self.derived(self.value(plain, depth - 1), handle, name)


def _require_int(number: object) -> int:
    if type(number) is not int or not 0 <= number < 1 << 63:
        raise CodecError("a count or a handle is malformed")
    return number


def _require_text(text: object) -> str:
    if type(text) is not str:
        raise CodecError("a text is malformed")
    return text


def _require_name(name: object) -> str:
    if len(_require_text(name)) > nodes.NAME_CHARACTERS:
        raise CodecError("the name of a type is too long")
    return str(name)


_METHODS: Final[dict[int, Callable[[Raising, list[Any], int], Any]]] = {
    Tag.LIST: Raising._members,
    Tag.TUPLE: Raising._tuple_value,
    Tag.SET: Raising._set_value,
    Tag.FROZENSET: Raising._frozenset_value,
    Tag.DICT: Raising._dict_value,
    Tag.COMPLEX: Raising._complex_value,
    Tag.INTEGER: Raising._integer_value,
    Tag.BYTES: Raising._bytes_value,
    Tag.SCALAR: Raising._scalar_value,
    Tag.TEXT: Raising._text_value,
    Tag.ARRAY: Raising._array_value,
    Tag.GENERATOR: Raising._generator_value,
    Tag.CALLBACK: Raising._callback_value,
    Tag.OPAQUE: Raising._opaque_value,
    Tag.DERIVED: Raising._derived_value,
}
