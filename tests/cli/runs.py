"""Runs of the command line: with pipes, as CI has them, and on a real terminal."""

import os
import pty
import re
import subprocess
import sys
import termios
from dataclasses import dataclass

GRADUS = "from autograder.cli import main; main()"
# What changes how text looks; a test that wants one of them says so.
LOOKS = ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "TERM", "COLUMNS", "LINES")
LOCALE = ("LANG", "LC_ALL", "LC_CTYPE", "PYTHONIOENCODING", "PYTHONUTF8")

STYLE = re.compile(r"\x1b\[([0-9;]*)m")
OTHER_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-ln-z]")


def environment(**more):
    known = {key: value for key, value in os.environ.items() if key not in (*LOOKS, *LOCALE)}
    return {**known, "LANG": "C.UTF-8", **more}


def command(*arguments):
    return [sys.executable, "-c", GRADUS, *map(str, arguments)]


def gradus(folder, *arguments, **more):
    """Run it as a script does: its output goes into pipes."""
    return subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@dataclass(frozen=True)
class Shown:
    """What a person at a terminal got to see."""

    code: int
    raw: str

    @property
    def text(self):
        """The text on the screen: of a line that was drawn several times, the last one."""
        plain = OTHER_CONTROL.sub("", STYLE.sub("", self.raw.replace("\r\n", "\n")))
        return "\n".join(line.rpartition("\r")[2] for line in plain.split("\n"))

    @property
    def colours(self):
        """The numbers of all colours that were set."""
        numbers = {int(n) for found in STYLE.findall(self.raw) for n in found.split(";") if n}
        return {n for n in numbers if 30 <= n <= 49 or 90 <= n <= 107} - {39, 49}


def watched(folder, *arguments, columns=80, **more):
    """Run it on a terminal, of that many columns."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    with subprocess.Popen(
        command(*arguments),
        cwd=folder,
        env=environment(**{"TERM": "xterm-256color", **more}),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    ) as running:
        os.close(theirs)
        raw = b"".join(_pieces(ours))
    os.close(ours)
    return Shown(running.returncode, raw.decode())


def _pieces(terminal):
    """Yield what is written to a terminal, until nobody has it open any more."""
    try:
        while piece := os.read(terminal, 1 << 16):
            yield piece
    except OSError:  # that is how Linux says so
        return
