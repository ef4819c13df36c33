"""What a tree on the wire is made of: tags, limits, and stand-ins for what does not cross."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from autograder.sandbox.leaves import CodecError

FRAME_BYTES: Final = 64 << 20
TREE_BYTES: Final = 2 << 20
DEPTH: Final = 64
NODES: Final = 1 << 18
INTEGER_BYTES: Final = 1024  # of an integer beyond 64 bits
INLINE_BYTES: Final = 256  # longer byte strings travel as blobs
COSTLY_KEYS: Final = 256  # in one dict or set, of types whose hashes can be made to collide
NAME_CHARACTERS: Final = 200
CHEAP_KEYS: Final = frozenset({type(None), bool, float, str, bytes})


class Tag(IntEnum):
    """The first element of every list of a tree."""

    LIST = 0
    TUPLE = 1
    SET = 2
    FROZENSET = 3
    DICT = 4
    COMPLEX = 5
    INTEGER = 6
    BYTES = 7
    SCALAR = 8
    TEXT = 9
    ARRAY = 10
    GENERATOR = 11
    CALLBACK = 12
    OPAQUE = 13
    DERIVED = 14


@dataclass(frozen=True, eq=False)
class Opaque:
    """Something that stays on the other side; equal to nothing but itself."""

    handle: int
    type_name: str


@dataclass(frozen=True, eq=False)
class Callback:
    """A function of the trusted side, by number."""

    id: int


class Derived:
    """Mark plain data whose original is an instance of a subclass, kept on the other side."""

    handle: int = 0
    type_name: str = ""


class DerivedDict(Derived, dict[Any, Any]):
    """A dict whose original has a class of its own."""


class DerivedList(Derived, list[Any]):
    """A list whose original has a class of its own."""


class DerivedTuple(Derived, tuple[Any, ...]):
    """A tuple whose original has a class of its own, such as a named tuple."""


_DERIVED: Final[dict[type, Any]] = {dict: DerivedDict, list: DerivedList, tuple: DerivedTuple}


def derive(plain: object, handle: int, type_name: str) -> object:
    """Remember beside plain data which object it came from.

    Parameters
    ----------
    plain : dict, list or tuple
        The data of the object.
    handle : int
        Of the object, on the other side.
    type_name : str
        Name of its class.

    Returns
    -------
    Derived
        Equal to the plain data.
    """
    if type(plain) not in _DERIVED:
        raise CodecError("only a dict, a list or a tuple can be derived")
    derived = _DERIVED[type(plain)](plain)
    derived.handle, derived.type_name = handle, type_name
    return derived


def require_keys(keys: Collection[object]) -> None:
    """Bound the keys whose hashes can be chosen: lookups among colliding ones are slow."""
    if len(keys) > COSTLY_KEYS and sum(1 for key in keys if _is_costly(key)) > COSTLY_KEYS:
        raise CodecError("a dict or a set has too many composite keys")


def _is_costly(key: object) -> bool:
    if type(key) is int:
        return key.bit_length() > 64
    return type(key) not in CHEAP_KEYS


def bases_of(kind: type) -> tuple[type, ...]:
    """List the classes of a class as the interpreter does, whatever its metaclass says."""
    bases: tuple[type, ...] = type.__dict__["__mro__"].__get__(kind)
    return bases


def name_of(kind: type) -> str:
    """Name a class, whatever its metaclass says."""
    name: str = type.__dict__["__name__"].__get__(kind)
    return name[:NAME_CHARACTERS].encode("utf-8", "replace").decode()
