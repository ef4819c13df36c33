"""Write plain data as Python source that rebuilds it exactly: values, dtype and memory layout."""

import base64
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from autograder.model import Case
from autograder.numerics.compare import Observed, Raised
from autograder.numerics.samples import Sample

LARGEST = 200  # entries; beyond this an array is written as base64

# What the literals below call; `strided` comes with the embedded comparison.
NAMES = '''
import base64
import numpy as np
from numpy import array, inf, nan

def unpack(text, dtype, shape):
    """Rebuild a large array."""
    return np.frombuffer(base64.b64decode(text), dtype).reshape(shape).copy()
'''


def to_source(value: Any) -> str:
    """Return an expression that evaluates to `value`.

    Raises
    ------
    TypeError
        For anything but plain data: a case holds arrays, numbers, strings and containers of them.
    """
    if value is None or isinstance(value, bool | str | bytes | int | float | complex):
        if isinstance(value, np.generic):
            return f"np.{value.dtype}({value.item()!r})"
        return repr(value)
    if isinstance(value, np.generic):
        return f"np.{value.dtype}({value.item()!r})"
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, tuple | list):
        items = ", ".join(to_source(each) for each in value)
        return f"[{items}]" if isinstance(value, list) else f"({items}{',' * (len(value) == 1)})"
    return _record(value)


def _record(value: Any) -> str:
    if isinstance(value, Sample):
        numbers = (to_source(getattr(value, each.name)) for each in fields(value))
        return f"Sample({', '.join(numbers)})"
    if isinstance(value, Case):
        return f"Case({', '.join(f'{name}={to_source(each)}' for name, each in value.items())})"
    if isinstance(value, Observed):
        return f"Observed({to_source(value.tree)}, {dict(value.returned)!r})"
    if isinstance(value, Raised):
        return f"Raised({value.types!r}, {value.message!r}, {value.function!r})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name!r}: {to_source(each)}' for name, each in value.items())}}}"
    raise TypeError(f"{value!r:.60} is not plain data")


def _array(value: np.ndarray[Any, Any]) -> str:
    dtype = str(value.dtype)
    if value.size > LARGEST and value.dtype.kind in "fiub":
        text = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
        source = f"unpack({text!r}, {dtype!r}, {value.shape!r})"
    else:
        source = f"array({value.tolist()!r}, {dtype!r})"
        if value.size == 0:
            source += f".reshape({value.shape!r})"
    if value.flags.c_contiguous:
        return source
    return f"np.asfortranarray({source})" if value.flags.f_contiguous else f"strided({source})"
