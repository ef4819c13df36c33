"""The layers of confinement that student code must be behind, and which this machine lacks.

The trusted side looks before it starts a server, so that it can say what is missing, why, and what
to do. What it finds here is not believed: a server without a layer that it should have does not
start, and `canary` tries the layers from inside.
"""

import errno
import os
import sys
from collections.abc import Collection
from typing import Final

from autograder.sandbox import kernel, plans, syscalls

LINUX: Final = "linux"
USER: Final = "user"
LANDLOCK: Final = "landlock"
SECCOMP: Final = "seccomp"

# All are required, and what each of them does.
REQUIRED: Final = {
    LINUX: "each worker is a fork of a warm server, with limits and a session of its own",
    USER: "no worker runs as root",
    LANDLOCK: "a worker reads the interpreter's libraries and no other file, and writes none",
    SECCOMP: "a worker starts no process, opens no socket and reaches no other process",
}
FULL: Final = "full"

_LANDLOCK_REASONS: Final = {
    errno.ENOSYS: "the kernel is older than Linux 5.13 or was built without Landlock; "
    "use a newer kernel",
    errno.EOPNOTSUPP: "the kernel has Landlock, but it is turned off; "
    "add landlock to the kernel's parameter lsm= and restart",
    errno.EPERM: "the container forbids Landlock; update Docker, or allow the system calls "
    "landlock_* in its seccomp profile",
}


def survey() -> dict[str, str]:
    """Say which layers of confinement this machine lacks.

    Returns
    -------
    dict of str to str
        For each missing layer why it is missing, and what to do; empty if all are there.
    """
    if not sys.platform.startswith("linux"):
        return {
            LINUX: f"untrusted code can be confined on Linux only, and this is {sys.platform}; "
            "use Linux, such as a container or a virtual machine"
        }
    reasons = {USER: _no_user(), LANDLOCK: _no_landlock(), SECCOMP: _no_seccomp()}
    return {layer: reason for layer, reason in reasons.items() if reason}


def describe(without: Collection[str]) -> str:
    """Say how student code was confined, in a word or two, for a result to carry.

    >>> describe([])
    'full'
    >>> describe({"seccomp", "landlock"})
    'without landlock, seccomp'
    """
    return f"without {', '.join(sorted(without))}" if without else FULL


def _no_user() -> str:
    """Say why workers would stay root."""
    if os.geteuid() or plans.can_drop_user():
        return ""
    return (
        "root can't become another user here; run as an ordinary user, or give the container "
        "CAP_SETUID, CAP_SETGID and the user 65534"
    )


def _no_landlock() -> str:
    """Say why there is no Landlock."""
    try:
        kernel.landlock_version()
    except OSError as error:
        return _LANDLOCK_REASONS.get(error.errno or 0, f"{error}; use another kernel")
    return ""


def _no_seccomp() -> str:
    """Say why system calls can't be filtered."""
    try:
        kernel.require_filters()
        syscalls.compile_filter()
    except ImportError:
        return "pyseccomp is not installed; run: pip install pyseccomp"
    except RuntimeError as error:
        return f"{error}; install libseccomp 2.5 or newer (Debian and Ubuntu: libseccomp2)"
    except OSError as error:
        return f"{error}; use a kernel with CONFIG_SECCOMP_FILTER, and libseccomp 2.5 or newer"
    return ""
