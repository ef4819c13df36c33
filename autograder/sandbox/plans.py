"""Which layers of confinement this machine has, and the plan that follows."""

import os
import sys
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from autograder.sandbox import confine, kernel
from autograder.sandbox.limits import Limits

# Reading files of other users; the first is the weaker one. Landlock still bounds which files.
_READING: Final = (kernel.CAP_DAC_READ_SEARCH, kernel.CAP_DAC_OVERRIDE)


@dataclass(frozen=True)
class Gaps:
    """What a server lacks, and why.

    Parameters
    ----------
    missing : dict of str to str
        By the name of a layer that it should have.
    notes : dict of str to str
        What does not weaken confinement, but what student code may notice.
    """

    missing: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def make_plan(
    limits: Limits, program: bytes, folder: Path, without: Collection[str]
) -> tuple[confine.Plan, Gaps]:
    """Plan the confinement of every worker of a server.

    Parameters
    ----------
    limits : Limits
        Bounds of the resources.
    program : bytes
        Compiled filter of system calls; empty if there is none.
    folder : Path
        The server's own folder, readable to workers.
    without : collection of str
        Names of layers to leave out.

    Returns
    -------
    tuple of (Plan, Gaps)
        The plan, and what it should have but does not.
    """
    gaps = Gaps()
    ruleset = None if "landlock" in without else _ruleset(folder, gaps)
    drops_user = "user" not in without and can_drop_user()
    if not os.geteuid() and not drops_user and "user" not in without:
        gaps.missing["user"] = "root can't become another user"
    kept: tuple[int, ...] = ()
    if not _is_readable(drops_user=drops_user):
        kept = _reading() if ruleset is not None and program else ()
        if not kept:
            gaps.notes["imports"] = _UNREADABLE
    size, server = confine.address_space(), os.getpid()
    return confine.Plan(limits, size, server, ruleset, program, kept, drops_user), gaps


_UNREADABLE: Final = (
    f"a worker's user can't read {sys.prefix} or {sys.base_prefix}: "
    "it can import only what is preloaded"
)


def _ruleset(folder: Path, gaps: Gaps) -> int | None:
    """Build the Landlock ruleset, or note why there is none."""
    try:
        return kernel.make_ruleset(confine.readable_paths(folder), confine.WRITABLE)
    except OSError as error:
        gaps.missing["landlock"] = str(error)
        return None


def can_drop_user() -> bool:
    """Tell whether this process is root and may become the user nobody, without groups."""
    needed = {kernel.CAP_SETUID, kernel.CAP_SETGID}
    if os.geteuid() or not needed <= kernel.capabilities():
        return False
    maps = all(_is_mapped(Path(f"/proc/self/{kind}_map")) for kind in ("uid", "gid"))
    return maps and Path("/proc/self/setgroups").read_text().strip() == "allow"


def _is_mapped(table: Path) -> bool:
    """Tell whether the user namespace of this process has the user nobody."""
    rows = [[int(number) for number in line.split()] for line in table.read_text().splitlines()]
    return any(first <= confine.NOBODY < first + count for first, _, count in rows)


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
