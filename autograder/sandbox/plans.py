"""Which layers of confinement this machine has, and the plan that follows."""

import os
import sys
from pathlib import Path
from typing import Final

from autograder.sandbox import confine, kernel
from autograder.sandbox.limits import Limits

# Reading files of other users; the first is the weaker one. Landlock still bounds which files.
_READING: Final = (kernel.CAP_DAC_READ_SEARCH, kernel.CAP_DAC_OVERRIDE)


def make_plan(limits: Limits, program: bytes, folder: Path) -> tuple[confine.Plan, dict[str, str]]:
    """Plan the confinement of every worker of a server.

    Parameters
    ----------
    limits : Limits
        Bounds of the resources.
    program : bytes
        Compiled filter of system calls; empty if there is none.
    folder : Path
        The server's own folder, readable to workers.

    Returns
    -------
    tuple of (Plan, dict)
        The plan, and why what is missing of it is missing, by the name of the layer.
    """
    ruleset, missing = _ruleset(folder)
    drops_user = _can_drop_user()
    if os.geteuid() == 0 and not drops_user:
        missing["user"] = "root without the capabilities to become another user"
    kept: tuple[int, ...] = ()
    if not _is_readable(drops_user=drops_user):
        kept = _reading() if ruleset is not None and program else ()
        if not kept:
            missing["imports"] = _UNREADABLE
    return confine.Plan(limits, os.getpid(), ruleset, program, kept, drops_user), missing


_UNREADABLE: Final = (
    f"a worker's user can't read {sys.prefix} or {sys.base_prefix}: "
    "it can import only what is preloaded"
)


def _ruleset(folder: Path) -> tuple[int | None, dict[str, str]]:
    """Build the Landlock ruleset, or say why there is none."""
    try:
        return kernel.make_ruleset(confine.readable_paths(folder), confine.WRITABLE), {}
    except OSError as error:
        return None, {"landlock": str(error)}


def _can_drop_user() -> bool:
    """Tell whether this process is root and may become another user."""
    needed = {kernel.CAP_SETUID, kernel.CAP_SETGID}
    return os.geteuid() == 0 and needed <= kernel.capabilities()


def _reading() -> tuple[int, ...]:
    """Choose the capability that lets a worker import from a folder of root's."""
    return tuple(number for number in _READING if number in kernel.capabilities())[:1]


def _is_readable(*, drops_user: bool) -> bool:
    """Try, in a child, whether a worker's user can read the interpreter's libraries."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            confine.become_nobody(drops_user=drops_user, kept=())
            code = 0 if all(os.access(path, os.R_OK | os.X_OK) for path in _libraries()) else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _libraries() -> list[str]:
    """List a folder of the standard library and one of the environment."""
    return [str(Path(os.__file__).parent), str(Path(sys.modules["numpy"].__file__ or "/").parent)]
