"""The objects of a worker that the trusted side knows by number."""

from typing import Any

from autograder.sandbox.codec import CodecError, Opaque, encode
from autograder.sandbox.nodes import bases_of, name_of


class Handles:
    """Numbers objects, and finds them again.

    Parameters
    ----------
    limit : int
        Largest frame, in bytes.
    """

    def __init__(self, limit: int) -> None:
        self._objects: list[Any] = []
        self._numbers: dict[int, int] = {}
        self._limit = limit
        self.replaced = False  # whether plain data has stood in for an object

    def add(self, value: object) -> int:
        """Return the number of an object, which is kept alive from now on."""
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._objects)
            self._objects.append(value)
        return number

    def find(self, number: int, _type_name: str = "") -> Any:
        """Return the object of a number.

        Raises
        ------
        LookupError
            If there is none.
        """
        return self._objects[number]

    def recall(self, plain: Any, number: int, _type_name: str) -> Any:
        """Return the object that plain data came from, if it still holds the same data.

        Parameters
        ----------
        plain : dict, list or tuple
            As the trusted side has it.
        number : int
            Of the object.

        Returns
        -------
        object
            The object, with its own class; or the plain data, if either was changed since.
        """
        original = self.find(number)
        if self._holds(original, plain):
            return original
        self.replaced = True
        return plain

    def _holds(self, original: Any, plain: Any) -> bool:
        base = type(plain)
        if base not in bases_of(type(original)):
            return False
        parts = dict.items(original) if base is dict else base.__iter__(original)
        try:
            return encode(base(parts), self.add) == encode(plain, self.add)
        except CodecError:
            return False

    def encode(self, value: object) -> tuple[bytes, str]:
        """Encode a result; if it can't cross as data, encode a handle on it.

        Parameters
        ----------
        value : object
            Anything.

        Returns
        -------
        tuple of (bytes, str)
            The frame, and why it holds only a handle, if it does.
        """
        try:
            return encode(value, self.add, limit=self._limit), ""
        except CodecError as error:
            return encode(Opaque(self.add(value), name_of(type(value)))), str(error)
