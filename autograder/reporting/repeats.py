"""What was worked out for one result, remembered for the next ones."""

import marshal
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from autograder.grading.memory import Memory

MOST: Final = 1_000  # values of one function: a class gives the same answers over and over
LARGEST: Final = 16_000  # bytes of arguments whose value is remembered

Value = TypeVar("Value")


def remembered(function: Callable[..., Value]) -> Callable[..., Value]:
    """Remember what a function of plain data returned, which nobody changes."""
    memory: Memory[Value] = Memory(MOST)

    @wraps(function)
    def recalled(*arguments: Any) -> Value:
        key = marshal.dumps(arguments, 2)  # a version that does not tell one object from two
        if len(key) > LARGEST:
            return function(*arguments)
        value = memory.get(key)
        if value is None:
            value = function(*arguments)
            memory.put(key, value)
        return value

    return recalled
