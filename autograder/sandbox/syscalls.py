"""The list of system calls that a worker may make, compiled on the trusted side.

Everything else fails with EPERM. There is no way to start a process or a thread, to open a socket
to anything, to signal, trace or inspect a process, or to change a file.
"""

import errno
import tempfile
from typing import Any, Final

ALLOWED: Final = """
    read readv pread64 write writev pwrite64 lseek close dup dup2 dup3 pipe pipe2
    open openat openat2 stat lstat fstat newfstatat statx fstatfs statfs access faccessat faccessat2
    readlink readlinkat getdents getdents64 getcwd chdir fchdir ftruncate fadvise64
    poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
    epoll_pwait2 eventfd eventfd2 sendto recvfrom getsockname getpeername getsockopt
    brk mmap munmap mprotect mremap madvise mincore msync membarrier
    futex set_robust_list get_robust_list rseq sched_yield sched_getaffinity getcpu
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend sigaltstack
    setitimer getitimer alarm pause nanosleep clock_nanosleep clock_gettime clock_getres
    gettimeofday time times getrusage sysinfo uname getrandom getrlimit
    getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getgroups
    getresuid getresgid getpriority restart_syscall exit exit_group
""".split()  # noqa: SIM905 - a table of words is read more easily than a table of quotes

# Questions to a terminal that libraries ask of any descriptor, and modes of a descriptor.
_TERMINAL_REQUESTS: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
_UNIX_FAMILY: Final = 1
_DESCRIPTOR_COMMANDS: Final = (
    0,
    1,
    2,
    3,
    4,
    1030,
)  # fcntl: copy, flags, and copy with close-on-exec


def compile_filter() -> bytes:
    """Compile the list for this machine.

    Returns
    -------
    bytes
        A program for the kernel, 8 bytes an instruction.

    Raises
    ------
    ImportError, RuntimeError, OSError
        If pyseccomp or the library libseccomp is not installed, or too old.
    """
    import pyseccomp as seccomp

    allowed = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    for name in ALLOWED:
        _allow(seccomp, allowed, name)
    for request in _TERMINAL_REQUESTS:
        _allow(seccomp, allowed, "ioctl", seccomp.Arg(1, seccomp.EQ, request))
    for command in _DESCRIPTOR_COMMANDS:
        _allow(seccomp, allowed, "fcntl", seccomp.Arg(1, seccomp.EQ, command))
    _allow(seccomp, allowed, "socketpair", seccomp.Arg(0, seccomp.EQ, _UNIX_FAMILY))
    own_limits = (seccomp.Arg(0, seccomp.EQ, 0), seccomp.Arg(2, seccomp.EQ, 0))
    _allow(seccomp, allowed, "prlimit64", *own_limits)  # of this process, and only to ask
    # glibc falls back to older calls only when newer ones do not exist.
    allowed.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    return _exported(allowed)


def _allow(seccomp: Any, allowed: Any, name: str, *arguments: Any) -> None:
    """Allow one call, if this machine's architecture has it."""
    try:
        number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
    except (OSError, ValueError):
        return
    if number >= 0:
        allowed.add_rule(seccomp.ALLOW, name, *arguments)


def _exported(allowed: Any) -> bytes:
    """Return the compiled program of a filter."""
    with tempfile.TemporaryFile() as file:
        allowed.export_bpf(file)
        file.seek(0)
        return file.read()
