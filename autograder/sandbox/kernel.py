"""The system calls that Python has no function for: prctl, madvise, capset and Landlock.

Numbers and layouts are those of the kernel's own headers; Landlock's are the same on all machines.
"""

import ctypes
import errno
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_libc: Final = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_KEEPCAPS: Final = 8
PR_SET_SECCOMP: Final = 22
PR_SET_NO_NEW_PRIVS: Final = 38
SECCOMP_MODE_FILTER: Final = 2
_LARGE_PAGE: Final = 2 << 20
_MADV_COLLAPSE: Final = 25  # since Linux 6.1

CAP_DAC_OVERRIDE: Final = 1
CAP_DAC_READ_SEARCH: Final = 2
CAP_SETGID: Final = 6
CAP_SETUID: Final = 7
_CAPABILITY_VERSION_3: Final = 0x20080522

_LANDLOCK_CREATE: Final = 444
_LANDLOCK_ADD: Final = 445
_LANDLOCK_RESTRICT: Final = 446
_LANDLOCK_VERSION_FLAG: Final = 1
_READ_FILE: Final = 1 << 2
_READ_DIRECTORY: Final = 1 << 3
_WRITE_FILE: Final = 1 << 1
_RIGHTS_BY_VERSION: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # bits of file rights handled
_NETWORK_RIGHTS: Final = 0b11  # bind and connect, from version 4
_SCOPES: Final = 0b11  # abstract sockets and signals, from version 6


class _Ruleset(ctypes.Structure):
    _fields_ = [
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    ]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("access", ctypes.c_uint64), ("descriptor", ctypes.c_int32)]


class _FilterProgram(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


def _checked(result: int, name: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def prctl(option: int, value: int) -> None:
    """Change an attribute of this process."""
    arguments = [ctypes.c_ulong(number) for number in (value, 0, 0, 0)]
    _checked(_libc.prctl(option, *arguments), f"prctl({option})")


def capabilities() -> frozenset[int]:
    """Return the permitted capabilities of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapPrm:"):
            bits = int(line.split()[1], 16)
            return frozenset(number for number in range(64) if bits >> number & 1)
    return frozenset()


def keep_capabilities(kept: Iterable[int]) -> None:
    """Drop every capability but the given ones, for good."""
    bits = sum(1 << number for number in kept)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    # Effective, permitted and inheritable: first of the low 32 capabilities, then of the high ones.
    data = (ctypes.c_uint32 * 6)(bits, bits, 0, 0, 0, 0)
    _checked(_libc.capset(header, data), "capset")


def hide_memory() -> None:
    """Keep other processes of this user from reading this one's memory and environment."""
    if sys.platform.startswith("linux"):
        prctl(PR_SET_DUMPABLE, 0)


def collapse_memory() -> None:
    """Move the memory of this process to large pages, as far as the kernel does that.

    Fewer pages make a fork faster, and each process that is forked.
    """
    for line in Path("/proc/self/maps").read_text().splitlines():
        extent, access, _, _, _, *names = line.split()
        if access == "rw-p" and names in ([], ["[heap]"]):
            start, end = (int(bound, 16) for bound in extent.split("-"))
            start, end = -(-start // _LARGE_PAGE) * _LARGE_PAGE, end // _LARGE_PAGE * _LARGE_PAGE
            if start < end:  # what can't be moved stays as it is
                _libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_COLLAPSE)


def require_filters() -> None:
    """Raise OSError if the kernel can't filter system calls.

    A filter at no address is refused for its address by a kernel that has filters, and for its kind
    by one that has none.
    """
    mode, nowhere = ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.c_void_p(None)
    _libc.prctl(PR_SET_SECCOMP, mode, nowhere, 0, 0)
    code = ctypes.get_errno()
    if code != errno.EFAULT:
        raise OSError(code, f"seccomp: {os.strerror(code)}")


def load_filter(program: bytes) -> None:
    """Filter the system calls of this process from now on."""
    buffer = ctypes.create_string_buffer(program, len(program))  # alive until prctl has copied it
    compiled = _FilterProgram(len(program) // 8, ctypes.addressof(buffer))
    mode = ctypes.c_ulong(SECCOMP_MODE_FILTER)
    _checked(_libc.prctl(PR_SET_SECCOMP, mode, ctypes.byref(compiled), 0, 0), "seccomp")


def landlock_version() -> int:
    """Return the version of Landlock, from 1; raise OSError if there is none."""
    flag = ctypes.c_uint32(_LANDLOCK_VERSION_FLAG)
    version: int = _libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), flag)
    return _checked(version, "landlock_create_ruleset")


def make_ruleset(readable: Iterable[Path], writable: Iterable[Path]) -> int:
    """Build a Landlock ruleset: nothing but the given paths.

    Parameters
    ----------
    readable : iterable of Path
        Folders and files that may be read, with all that they contain.
    writable : iterable of Path
        Files that may be read and written.

    Returns
    -------
    int
        A descriptor for `restrict`.

    Raises
    ------
    OSError
        If the kernel has no Landlock.
    """
    ruleset = _create_ruleset(landlock_version())
    for path in readable:
        _allow(ruleset, path, _READ_FILE)
    for path in writable:
        _allow(ruleset, path, _READ_FILE | _WRITE_FILE)
    return ruleset


def _create_ruleset(version: int) -> int:
    """Ask for all rights that a version knows, then for fewer: some kernels claim too much."""
    bits = _RIGHTS_BY_VERSION[min(version, max(_RIGHTS_BY_VERSION))]
    attributes = _Ruleset((1 << bits) - 1, _NETWORK_RIGHTS * (version >= 4), 0)
    size = 8 if version < 4 else 16
    if version >= 6:
        scoped = _Ruleset(attributes.files, attributes.network, _SCOPES)
        result: int = _libc.syscall(
            _LANDLOCK_CREATE, ctypes.byref(scoped), ctypes.c_size_t(24), ctypes.c_uint32(0)
        )
        if result >= 0:
            return result
    result = _libc.syscall(
        _LANDLOCK_CREATE, ctypes.byref(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0)
    )
    return _checked(result, "landlock_create_ruleset")


def _allow(ruleset: int, path: Path, access: int) -> None:
    """Add one path to a ruleset, if it exists."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    folder = path.is_dir()
    rule = _PathBeneath(access | _READ_DIRECTORY * folder, descriptor)
    kind, flags = ctypes.c_int(1), ctypes.c_uint32(0)
    result = _libc.syscall(_LANDLOCK_ADD, ctypes.c_int(ruleset), kind, ctypes.byref(rule), flags)
    os.close(descriptor)
    _checked(result, f"landlock_add_rule({path})")


def restrict(ruleset: int) -> None:
    """Confine this process to a ruleset, for good."""
    flags = ctypes.c_uint32(0)
    _checked(
        _libc.syscall(_LANDLOCK_RESTRICT, ctypes.c_int(ruleset), flags), "landlock_restrict_self"
    )
