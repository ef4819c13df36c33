"""The cores that this process may use, and processes that keep to one of them."""

import contextlib
import os
import sys


def cores() -> int:
    """Return how many processes this machine runs at once for us."""
    return len(_usable())


def shares(processes: int) -> list[int]:
    """Return a core for each of so many processes; none if there are more cores, or fewer.

    A submission passes between a grading process, a sandbox's server and a worker, one of which
    works while the others wait. The kernel sometimes wakes the next one on a core where another
    submission is being graded, and leaves the core of its own idle; a share of the machine for each
    prevents that.
    """
    usable = _usable()
    return usable if len(usable) == processes else []


def keep_to(core: int | None) -> None:
    """Run on this core only from now on, and so do the processes that this one starts."""
    if core is not None and sys.platform.startswith("linux"):
        with contextlib.suppress(OSError):  # it was taken from us meanwhile
            os.sched_setaffinity(0, {core})


def _usable() -> list[int]:
    if sys.platform.startswith("linux"):
        return sorted(os.sched_getaffinity(0))
    return [*range(os.cpu_count() or 1)]
