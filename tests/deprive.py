"""Run a command without a part of the kernel, by a filter that refuses it: a poorer machine, for real.

Usage: ``python deprive.py (landlock | seccomp) ERROR COMMAND ...``, where ERROR is such as ENOSYS.
"""

import errno
import os
import sys

import pyseccomp

LANDLOCK = ("landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self")


def main():
    what, error, *command = sys.argv[1:]
    refused = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    refusal = pyseccomp.ERRNO(getattr(errno, error))
    if what == "landlock":
        for name in LANDLOCK:
            refused.add_rule(refusal, name)
    else:
        refused.add_rule(refusal, "prctl", pyseccomp.Arg(0, pyseccomp.EQ, 22))  # PR_SET_SECCOMP
    refused.load()
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
