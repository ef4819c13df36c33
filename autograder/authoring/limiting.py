"""End what runs on and on, or asks for too much memory, in the trusted process.

The reference with mistakes in it runs there, and the reference itself on what a submission
returned.
"""

import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from autograder.subjects import PACKAGE

MOST_LINES = 100_000  # of the reference that may run in one block of `limited_steps`


class EndlessError(BaseException):
    """Code runs on and on; no check may take it for an ordinary exception."""


class OutOfTimeError(BaseException):
    """Passes through every ``except Exception`` around a subject's code."""


@contextmanager
def limited_time(seconds: float) -> Iterator[None]:
    """Raise in this thread after some processor time, and again until it is heard."""

    def stop(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        raise OutOfTimeError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def limited_memory(megabytes: int) -> Iterator[None]:
    """Let this process grow by so much and no more: an array beyond raises MemoryError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + megabytes * 2**20
    known = [each for each in (soft, hard, limit) if each != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_AS, (min(known), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextmanager
def limited_steps() -> Iterator[None]:
    """End the block early when reference code in it runs on and on.

    Every single mutant is known to end; nobody has tried every pair. Lines are counted instead of
    seconds, so that the outcome is the same on every machine.
    """
    lines = 0

    def count(_: FrameType, event: str, __: object) -> Any:
        nonlocal lines
        lines += event == "line"
        if lines > MOST_LINES:
            raise EndlessError
        return count

    def enter(frame: FrameType, *_: object) -> Any:
        return count if frame.f_code.co_filename.startswith(f"<{PACKAGE}.") else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        with suppress(EndlessError):
            yield
    finally:
        sys.settrace(before)
