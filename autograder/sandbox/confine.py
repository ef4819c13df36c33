"""What a freshly forked worker does to itself before it runs untrusted code.

The order matters and stands in `LAYERS`: descriptors first, while everything is still allowed; the
user before the death signal, which a change of user clears; Landlock once no other file is needed.
The filter of system calls comes last of all, when the worker is ready to serve: see `seal`.
"""

import fcntl
import os
import resource
import signal
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.sandbox import kernel
from autograder.sandbox.limits import Limits

NOBODY: Final = 65534
DATA: Final = 3  # the descriptor of the data socket in a worker
RULESET: Final = 4
WRITABLE: Final = (Path("/dev/null"),)
_SYSTEM_PATHS: Final = (
    *(
        Path("/usr") / name
        for name in ("lib", "lib64", "local/lib", "share/zoneinfo", "share/fonts")
    ),
    *(Path("/") / name for name in ("lib", "lib64", "etc/ld.so.cache", "etc/localtime")),
    *(Path("/dev") / name for name in ("urandom", "random", "zero")),
)
_HIGH: Final = 100  # above every descriptor that is overwritten


@dataclass(frozen=True)
class Plan:
    """What the server knows about confinement, and what one worker is given.

    Parameters
    ----------
    limits : Limits
        Bounds of the resources.
    size : int
        Bytes of address space that the server has, and every worker starts with.
    server : int
        Process number of the server; the worker dies with it.
    ruleset : int or None
        Descriptor of the Landlock ruleset.
    filter : bytes
        Compiled filter of system calls; empty if there is none.
    kept : tuple of int
        Capabilities that stay when the user changes.
    drops_user : bool
        Whether the worker becomes the user nobody.
    """

    limits: Limits
    size: int
    server: int
    ruleset: int | None
    filter: bytes
    kept: tuple[int, ...]
    drops_user: bool


@dataclass(frozen=True)
class Descriptors:
    """The descriptors that one worker is given."""

    data: int
    output: int


def move_descriptors(plan: Plan, given: Descriptors) -> None:
    """Put each descriptor in its place and close all others.

    They are copied out of the way first: the one for place 3 may stand in place 1.
    """
    null = os.open("/dev/null", os.O_RDONLY)
    wanted = [null, given.output, given.output, given.data]
    wanted += [plan.ruleset] if plan.ruleset is not None else []
    copies = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, _HIGH) for descriptor in wanted]
    for place, copy in enumerate(copies):
        os.dup2(copy, place)
    os.closerange(len(copies), os.sysconf("SC_OPEN_MAX"))


def start_session(_plan: Plan, _given: Descriptors) -> None:
    """Leave the server's session, terminal and process group."""
    os.setsid()


def limit_resources(plan: Plan, _given: Descriptors) -> None:
    """Lower the limits of the kernel, soft and hard."""
    for name, bound in bounds(plan.limits, plan.size).items():
        lower(getattr(resource, name), bound)


def bounds(limits: Limits, present: int) -> dict[str, int]:
    """List the kernel's limits by name; `present` is the size of this process in bytes."""
    return {
        "RLIMIT_AS": present + limits.memory_bytes,
        "RLIMIT_FSIZE": limits.output_bytes,
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_NPROC": limits.processes,
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_CORE": 0,
        "RLIMIT_MEMLOCK": 0,
        "RLIMIT_MSGQUEUE": 0,
    }


def lower(kind: int, bound: int) -> None:
    """Lower one limit, soft and hard, unless it is lower already."""
    hard = resource.getrlimit(kind)[1]
    value = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(kind, (value, value))


def address_space() -> int:
    """Return the size of this process's address space in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def change_user(plan: Plan, _given: Descriptors) -> None:
    """Become nobody, if the server is root, and drop all capabilities but the kept ones."""
    become_nobody(drops_user=plan.drops_user, kept=plan.kept)


def become_nobody(*, drops_user: bool, kept: tuple[int, ...]) -> None:
    """Give up privileges, for good.

    Parameters
    ----------
    drops_user : bool
        Whether to become the user nobody, without groups.
    kept : tuple of int
        Capabilities that stay.
    """
    if drops_user:
        kernel.prctl(kernel.PR_SET_KEEPCAPS, 1 if kept else 0)
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    kernel.keep_capabilities(kept)


def follow_server(plan: Plan, _given: Descriptors) -> None:
    """Die with the server, and refuse privileges and inspection."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != plan.server:
        os._exit(1)


def restrict_files(plan: Plan, _given: Descriptors) -> None:
    """Forget every file but those of the ruleset."""
    if plan.ruleset is not None:
        kernel.restrict(RULESET)
        os.close(RULESET)


Layer = Callable[[Plan, Descriptors], None]

LAYERS: Final[tuple[Layer, ...]] = (
    move_descriptors,
    start_session,
    limit_resources,
    change_user,
    follow_server,
    restrict_files,
)


def confine(plan: Plan, given: Descriptors) -> None:
    """Apply every layer but the last, in order.

    Parameters
    ----------
    plan : Plan
        What is the same for all workers of a server.
    given : Descriptors
        What is this worker's own.

    Raises
    ------
    OSError, ValueError
        If a layer can't be applied; nothing untrusted may run then.
    """
    for layer in LAYERS:
        layer(plan, given)


def seal(plan: Plan) -> None:
    """Apply the last layer: from now on only the listed system calls are allowed."""
    if plan.filter:
        kernel.load_filter(plan.filter)


def readable_paths(folder: Path) -> list[Path]:
    """List what a worker may read: the interpreter's libraries, and what they need.

    The folder of an editable installation is not among them: it may hold solutions.

    Parameters
    ----------
    folder : Path
        The server's own folder, with caches of libraries.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    libraries = {Path(sysconfig.get_path(name)) for name in names}
    libraries |= {Path(sysconfig.get_config_var("LIBDIR") or "/usr/lib"), folder}
    return sorted(libraries | set(_SYSTEM_PATHS))
