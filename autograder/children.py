"""Processes of our own that never outlive the one that started them."""

import multiprocessing
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from autograder.errors import FaultError, GradusError
from autograder.sandbox import kernel

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

STOPS: Final = (signal.SIGINT, signal.SIGTERM)


def end_with_parent() -> None:
    """Leave Ctrl-C to the process that started this one, and end when that does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    parent = multiprocessing.parent_process()
    if sys.platform.startswith("linux"):
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is None or os.getppid() != parent.pid:
        raise SystemExit("the process that started this one is gone")


@contextmanager
def stops_held() -> Iterator[None]:
    """Hold back what would stop this process while it starts another, and notes that it has.

    A signal that came meanwhile arrives when the context ends; so nobody is left behind, half
    started or forgotten. The other process inherits this, until it has prepared for signals.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def scratch() -> Iterator[str]:
    """Yield a folder for the temporary files of other processes, which may be killed any time."""
    with tempfile.TemporaryDirectory(prefix="gradus-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # what students' code may read is in it
        yield folder


def begin(folder: str) -> None:
    """Begin in a process that ends with its parent, and whose temporary files go into a folder."""
    end_with_parent()
    tempfile.tempdir = folder


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Yield processes that work for this one; an exception that ends the context kills them.

    Nobody waits then for what was asked for and is not done yet. This process has no other
    children meanwhile.
    """
    context = multiprocessing.get_context("spawn")
    with (
        scratch() as folder,
        ProcessPoolExecutor(workers, context, initializer=begin, initargs=(folder,)) as executor,
    ):
        try:
            yield executor
        except BaseException:
            for each in multiprocessing.active_children():
                each.kill()
            raise


@contextmanager
def beside(work: Callable[[], object], what: str) -> Iterator[None]:
    """Do some work in a process of its own while the context lasts, and wait for its end.

    The process is a fork of this one, which has no other threads. If the context ends by an
    exception, the process is killed.

    Parameters
    ----------
    what : str
        The work in a few words, for the error if its process dies: ``writing the pages``.

    Raises
    ------
    GradusError
        What the work raised, or that its process died.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(theirs, work))
    with ours:
        try:
            with theirs, stops_held():
                process.start()
            yield
            error = _said(ours, what)
        except BaseException:
            if process.pid is not None:
                process.kill()
            raise
        finally:
            if process.pid is not None:
                process.join()
    if error is not None:
        raise error


def _do(pipe: "Connection[Any, Any]", work: Callable[[], object]) -> None:
    end_with_parent()
    try:
        work()
    except GradusError as error:
        pipe.send(error)
    else:
        pipe.send(None)


def _said(pipe: "Connection[Any, Any]", what: str) -> GradusError | None:
    """Wait for the end of the work, and return what it raised."""
    try:
        error: GradusError | None = pipe.recv()
    except EOFError:
        return FaultError(f"the process that was {what} ended; run the same command again")
    return error
