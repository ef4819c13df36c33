"""The processes of a grader, found by /proc and stopped by a signal."""

import os
import signal
import time
from pathlib import Path

from autograder.sandbox import kernel
from bench.memory import descendants

PR_SET_CHILD_SUBREAPER = 36
END_SECONDS = 10  # in which everything must be gone after its grader


def adopt_orphans():
    """Make this process the parent of what its descendants leave behind, so that it sees it."""
    kernel.prctl(PR_SET_CHILD_SUBREAPER, 1)


def of_kind(grader, kind):
    """Return the numbers of the processes of a kind below a grader."""
    return [int(pid) for pid, each in descendants(str(grader), "self") if each == kind]


def stop(pid, number, parents):
    """Send a signal to a process that is still the child of one of some; tell whether it was.

    A descriptor of the process stands for it, so that its number can't have become another's.
    """
    try:
        process = os.pidfd_open(pid)
        state = Path("/proc", str(pid), "stat").read_text(encoding="utf-8", errors="replace")
        parent = int(state.rpartition(")")[2].split()[1])
        if parent in parents:
            signal.pidfd_send_signal(process, number)
        os.close(process)
    except (ProcessLookupError, FileNotFoundError):
        return False
    return parent in parents


def left_behind():
    """Wait until nothing is below this process any more; return what does not go away."""
    ends = time.monotonic() + END_SECONDS
    while True:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return []
        left = [kind for _, kind in descendants("self")]
        if not left or time.monotonic() > ends:
            return left
        time.sleep(0.02)
