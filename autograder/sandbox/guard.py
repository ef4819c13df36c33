"""Run a piece of untrusted code as a value: what it returned, or what became of it."""

import contextlib
import mmap
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, NamedTuple

from autograder.sandbox.nodes import bases_of, name_of

COMPLETED: Final = "completed"
RAISED: Final = "raised"
TIMED_OUT: Final = "timed out"
OUT_OF_MEMORY: Final = "out of memory"
OUTPUT_LIMIT: Final = "output limit"
MESSAGE_CHARACTERS: Final = 2000
RESERVE_BYTES: Final = 4 << 20

_reserve: Final[list[mmap.mmap]] = []  # given up when memory is short, so that we can say so


class TimedOut(BaseException):
    """Interrupt code whose time is up."""


class Ending(NamedTuple):
    """How a piece of code ended.

    Attributes
    ----------
    outcome : str
        One of the constants of this module.
    value : object
        What it returned.
    error : BaseException or None
        What it raised.
    """

    outcome: str
    value: Any = None
    error: BaseException | None = None


class _Alarm:
    """Raises `TimedOut` in the running code once, when its time is up."""

    def __init__(self) -> None:
        self.fired = False

    def ring(self, _signal: int, _frame: FrameType | None) -> None:
        self.fired = True
        raise TimedOut("the time is up")


def run(action: Callable[[], Any], seconds: float) -> Ending:
    """Run untrusted code for at most so long.

    Parameters
    ----------
    action : callable
        The code.
    seconds : float
        Wall-clock time. Code that swallows the interruption, or does not let the interpreter run,
        is left to the trusted side, which kills the process.

    Returns
    -------
    Ending
        Never an exception.
    """
    alarm = _Alarm()
    try:
        try:
            signal.signal(signal.SIGALRM, alarm.ring)
            signal.setitimer(signal.ITIMER_REAL, seconds)
            ending = attempt(action)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except TimedOut as error:
        return Ending(TIMED_OUT, error=error)
    return Ending(TIMED_OUT, error=ending.error) if alarm.fired else ending


def attempt(action: Callable[..., Any], *args: Any) -> Ending:
    """Run untrusted code as a part of what `run` runs.

    Returns
    -------
    Ending
        Only the interruption by `run` is an exception.
    """
    _hold_reserve()
    try:
        return Ending(COMPLETED, action(*args))
    except TimedOut:
        raise
    # Untrusted code may raise anything: SystemExit, KeyboardInterrupt, a class of its own.
    except BaseException as error:  # noqa: BLE001
        return Ending(_outcome(error), error=error)


def _hold_reserve() -> None:
    """Set address space aside, untouched, but only where there is plenty."""
    if not _reserve:
        with contextlib.suppress(OSError):
            mmap.mmap(-1, 4 * RESERVE_BYTES, mmap.MAP_PRIVATE).close()
            _reserve.append(mmap.mmap(-1, RESERVE_BYTES, mmap.MAP_PRIVATE))


def _outcome(error: BaseException) -> str:
    if MemoryError not in bases_of(type(error)):
        return RAISED
    while _reserve:
        _reserve.pop().close()
    return OUT_OF_MEMORY


def types_of(error: BaseException | None) -> list[str]:
    """Name the class of an exception and its bases, most derived first."""
    return [] if error is None else [name_of(kind) for kind in bases_of(type(error))[:-1]][:20]


def message_of(error: BaseException | None) -> str:
    """Return the text of an exception, whatever it takes to make it."""
    if error is None:
        return ""
    try:
        text = error.msg if type(error) is SyntaxError else str(error)
        text = str.__str__(text)
    # Turning an exception into text runs its own, untrusted, code.
    except BaseException:  # noqa: BLE001
        text = "(the message of the exception could not be made)"
    return text[:MESSAGE_CHARACTERS].encode("utf-8", "replace").decode()
