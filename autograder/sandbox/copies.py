"""Copy-in, copy-out: make what a worker did to its copies visible in the originals."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def copy_back(
    changed: Mapping[int | str, object], args: Sequence[object], kwargs: Mapping[str, object]
) -> None:
    """Give a caller's arguments the contents that a call left in its copies.

    Parameters
    ----------
    changed : mapping
        From a `CallReply`: positions and keywords of the arguments that were modified.
    args, kwargs
        The caller's own arguments; arrays, dicts, lists and generators are modified in place.
        What can't hold its new contents (another shape or dtype) is filled with other values, so
        that it differs from what it was.

    Raises
    ------
    ValueError
        If an array that must change is read-only.
    """
    for key, theirs in changed.items():
        update(args[key] if isinstance(key, int) else kwargs[key], theirs)


def update(mine: Any, theirs: Any) -> None:
    """Give one object the contents of another, in place, where it can hold them."""
    if isinstance(mine, np.ndarray):
        _update_array(mine, theirs)
    elif _both(np.random.Generator, mine, theirs):
        mine.bit_generator.state = theirs.bit_generator.state
    elif _both(dict, mine, theirs) or _both(set, mine, theirs):
        mine.clear()
        mine.update(theirs)
    elif _both(list, mine, theirs):
        mine[:] = theirs
    elif _both(tuple, mine, theirs) and len(mine) == len(theirs):
        for own, other in zip(mine, theirs, strict=True):
            update(own, other)


def _both(kind: type, mine: object, theirs: object) -> bool:
    return isinstance(mine, kind) and isinstance(theirs, kind)


def _update_array(mine: np.ndarray[Any, Any], theirs: Any) -> None:
    fits = isinstance(theirs, np.ndarray) and theirs.shape == mine.shape
    if fits and theirs.dtype == mine.dtype:
        np.copyto(mine, theirs)
    elif mine.dtype.kind in "fc":
        mine.fill(np.nan)
    elif mine.dtype.kind in "biu":
        np.copyto(mine, ~mine)  # every element becomes another one
    else:
        mine.fill("?")
