"""A worker in an interpreter of its own, started by `portable`; its confinement is limits only.

Run as ``python -m autograder.sandbox.oneshot JSON``.
"""

import contextlib
import json
import os
import resource
import socket
import sys
from pathlib import Path

from autograder.sandbox import confine, worker
from autograder.sandbox.cells import CellRunner, make_shell
from autograder.sandbox.limits import Limits
from autograder.sandbox.wire import Channel


def main() -> None:
    """Start from the command line, and serve until the trusted side closes the channel."""
    given = json.loads(sys.argv[1])
    limits = Limits(**given["limits"])
    channel = Channel(socket.socket(fileno=given["data"]))
    cells = CellRunner(make_shell(Path(os.environ["HOME"])))
    _lower_limits(limits)
    plan = confine.Plan(limits, 0, os.getppid(), None, b"", (), drops_user=False)
    os._exit(worker.answer(plan, channel, cells, given["seed"]))


def _lower_limits(limits: Limits) -> None:
    """Lower each limit that this system has."""
    try:
        present = confine.address_space()
    except OSError:  # no /proc
        present = 0
    for name, bound in confine.bounds(limits, present).items():
        with contextlib.suppress(AttributeError, OSError, ValueError):
            confine.lower(getattr(resource, name), bound)


if __name__ == "__main__":
    main()
