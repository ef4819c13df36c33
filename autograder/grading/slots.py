"""A grading process beside a process that must not be disturbed, such as a worker of Dask.

What is in a slot is a program of its own, neither forked nor a child of `multiprocessing` (which a
worker under a nanny may not have). It ends, and its copy of the course with it, when the other
process ends, whatever ends that.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from autograder.errors import FaultError, GradusError, UsageError
from autograder.grading.intake.submissions import Submission
from autograder.grading.parcels import unpack_course
from autograder.grading.process import GradingProcess
from autograder.grading.records import Entry

IDLE_SECONDS: Final = 600.0  # without work; a coordinator that was killed calls nobody off
START_SECONDS: Final = 300.0
_PROGRAM: Final = "from autograder.grading.slots import main; main()"
_SECRET: Final = "GRADUS_SECRET"  # noqa: S105 - a name; that of the course comes with the course


class Slot:
    """Grades one submission after the other in another process, which is replaced if it dies.

    Parameters
    ----------
    parcel : bytes
        The course, from `pack_course`.
    without : frozenset of str
        Layers of confinement that student code does without.
    seconds : float
        After which a submission is given up, and the process with it.
    base : pathlib.Path
        Folder for the process's own folder.
    """

    def __init__(self, parcel: bytes, without: frozenset[str], seconds: float, base: Path) -> None:
        self._parcel, self._without, self._seconds, self._base = parcel, without, seconds, base
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._folder = Path()
        self._closed = False

    def grade(self, submission: Submission) -> Entry | None:
        """Return the result of a submission, or None if the process died or stalled.

        Raises
        ------
        UsageError
            If student code can't be confined as asked.
        FaultError
            If no process starts, or the slot was closed.
        """
        connection = self._ready()
        try:
            connection.send(submission)
            answer = connection.recv() if connection.poll(self._seconds) else None
        except (EOFError, OSError):
            answer = None
        if answer is None:
            self._end()
        if isinstance(answer, GradusError):
            raise answer
        return answer

    def close(self) -> None:
        """End the process, for good; from another thread if need be."""
        self._closed = True
        self._end()

    def _ready(self) -> Connection:
        self._require_open()
        if self._connection is None or self._process is None or self._process.poll() is not None:
            self._end()
            self._connection = self._start()
            self._require_open()  # it may have been closed meanwhile, when there was little to end
        return self._connection

    def _require_open(self) -> None:
        if self._closed:
            self._end()
            raise FaultError("grading was called off")

    def _start(self) -> Connection:
        self._folder = Path(tempfile.mkdtemp(prefix="gradus-", dir=self._base))
        ours, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno()), str(self._folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env={name: value for name, value in os.environ.items() if name != _SECRET},
            )
        try:
            ours.send((self._parcel, self._without))
            answer = ours.recv() if ours.poll(START_SECONDS) else "it says nothing"
        except (EOFError, OSError):
            answer = "it ended at once"
        if answer:
            ours.close()
            self._end()
            raise FaultError(f"a grading process did not start: {answer}")
        return ours

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
            shutil.rmtree(self._folder, ignore_errors=True)
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def main() -> None:
    """Unpack the course, say that it can be used, and grade until there is no more to do."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection, folder = Connection(int(sys.argv[1])), Path(sys.argv[2])
    threading.Thread(target=_end_with_the_other, args=(folder,), daemon=True).start()
    parcel, without = connection.recv()
    try:
        unpack_course(parcel, folder)
        process = GradingProcess(folder, without)
    except (GradusError, OSError) as error:
        connection.send(str(error))
        return
    connection.send("")
    try:
        while connection.poll(IDLE_SECONDS):
            connection.send(_graded(process, connection.recv()))
    except (EOFError, OSError):
        pass  # nobody listens any more
    finally:
        process.close()
        shutil.rmtree(folder, ignore_errors=True)


def _graded(process: GradingProcess, submission: Submission) -> Entry | UsageError:
    try:
        return process.grade(submission)
    except UsageError as error:
        return error


def _end_with_the_other(folder: Path) -> None:
    """Wait for the end of the standard input, which is that of the process that holds it."""
    os.read(sys.stdin.fileno(), 1)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)
