"""Run one share of a target's inputs in a process of its own, bounded in time and memory."""

import resource
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECONDS = 10.0  # of one input; what does not let the interpreter run is killed after twice as long
MEMORY_BYTES = 1 << 30  # beyond what the process has at first
MOST_FAILURES = 10  # of one share


class Hung(BaseException):
    """Tell that an input takes too long; no `except Exception` swallows it."""


@dataclass
class Share:
    """What became of a share of the inputs.

    Attributes
    ----------
    failures : dict
        The traceback of each input that broke the promise, by index.
    """

    inputs: int = 0
    accepted: int = 0
    slowest: float = 0.0
    peak_bytes: int = 0
    failures: dict[int, str] = field(default_factory=dict)


def made(target, seed, index):
    """Return one input; the same whenever it is asked for."""
    return target.make(Random(f"{seed} {target.name} {index}"))


def run_share(target, seed, indices, began: Callable[[int], None] = lambda _index: None):
    """Check some inputs of a target.

    Parameters
    ----------
    target : Target
        Makes and checks them.
    seed : int
        Of the run.
    indices : iterable of int
        Which inputs.
    began : callable
        Told before each input, since it may be the last thing that this process does.
    """
    share = Share()
    for index in indices:
        began(index)
        data, start = made(target, seed, index), time.perf_counter()
        try:
            share.accepted += bounded(target.check, data)
        except KeyboardInterrupt:
            raise
        # Whatever else comes out of a target is a finding; Hung and MemoryError among it.
        except BaseException:  # noqa: BLE001
            share.failures[index] = traceback.format_exc()
        share.inputs += 1
        share.slowest = max(share.slowest, time.perf_counter() - start)
        if len(share.failures) == MOST_FAILURES:
            break
    share.peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    return share


def bounded(check, data, seconds=SECONDS):
    """Check one input, for so long at most."""
    signal.signal(signal.SIGALRM, _hung)
    try:
        signal.setitimer(signal.ITIMER_PROF, 2 * seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        return check(data)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)


def _hung(_signal, _frame):
    raise Hung("one input takes too long")


def limit_memory(size=MEMORY_BYTES):
    """Let every allocation beyond this fail from now on, in this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + size
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
