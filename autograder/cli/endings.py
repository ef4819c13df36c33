"""How a run ends: the exit code, and one sentence that says why."""

import logging
import os
import signal
import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from autograder.cli.consoles import UnreadError, warn
from autograder.errors import GradusError

ALL_GRADED, NEEDS_REVIEW, BROKEN_LAWS, WRONG_USAGE, FAULT = 0, 1, 1, 2, 3
# As a shell says it.
STOPPED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM
UNREAD = 128 + signal.SIGPIPE


class Terminated(BaseException):
    """Somebody asked this process to end."""


_asked: list[BaseException] = []  # to end


def stop(number: int, _frame: object) -> NoReturn:
    """End the run; a handler of signals."""
    _asked.append(Terminated() if number == signal.SIGTERM else KeyboardInterrupt())
    raise _asked[-1]


def stop_if_asked() -> None:
    """End the run if a signal has asked for that.

    Python drops what a handler raises while it imports a module or frees an object.
    """
    if _asked:
        raise _asked[-1]


def exit_code(run: Callable[[], Any]) -> int:
    """Run a command, say what ended it if that was not its own end, and return the exit code."""
    _show_everything()
    signal.signal(signal.SIGINT, stop)
    try:
        return run() or ALL_GRADED
    except click.ClickException as error:
        error.show()
        return WRONG_USAGE
    except GradusError as error:
        warn(f"gradus: {error}")
        return error.exit_code
    except (click.Abort, KeyboardInterrupt, Terminated) as error:
        warn("gradus: stopped; what was finished is kept, run the same command to go on")
        return TERMINATED if isinstance(error, Terminated) else STOPPED
    except UnreadError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except Exception as error:
        logging.getLogger(__name__).debug("fault", exc_info=True)
        warn(f"gradus: the grader itself failed: {type(error).__name__}: {error}")
        warn("gradus: run it with --debug to see where, and report it")
        if os.environ.get("GRADUS_DEBUG"):
            raise
        return FAULT


def _show_everything() -> None:
    """Let a character that a terminal can't show appear as its number, and end nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
