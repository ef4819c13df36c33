"""What became of the two things that a worker is asked to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class CellReply:
    """What became of a cell.

    Parameters
    ----------
    outcome : str
        ``completed``, ``raised``, ``timed out``, ``out of memory`` or ``output limit``.
    message : str
        Such as ``NameError: name 'x' is not defined (line 3)``; untrusted text.
    types : tuple of str
        Names of the class of the exception and of its bases.
    """

    outcome: str
    message: str = ""
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class CallReply:
    """What became of a call.

    Parameters
    ----------
    outcome : str
        ``completed``, ``raised``, ``timed out`` or ``out of memory``.
    value : object
        What it returned: plain data, `Opaque` for what is none, `Derived` for plain data whose
        class is the submission's own.
    changed : mapping
        The new contents of the arguments that were modified, by position or keyword.
    message : str
        Text of the exception, or why the value is only a handle; untrusted.
    types : tuple of str
        Names of the class of the exception and of its bases.
    """

    outcome: str
    value: Any = None
    changed: Mapping[int | str, Any] = field(default_factory=dict)
    message: str = ""
    types: tuple[str, ...] = ()
