import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time
from multiprocessing.context import ForkProcess
from pathlib import Path

import psutil
import pytest

from autograder.children import beside, pool
from autograder.errors import FaultError, UnwritableError

ROOT = Path(__file__).parent.parent


def test_work_is_done_beside_and_awaited(tmp_path):
    def work():
        while not (tmp_path / "go on").exists():
            time.sleep(0.01)
        (tmp_path / "done").write_text(str(os.getpid()))

    with beside(work, "working"):
        (tmp_path / "go on").touch()
    assert int((tmp_path / "done").read_text()) != os.getpid()


def test_what_the_work_raises_is_raised_here(tmp_path):
    def work():
        raise UnwritableError(tmp_path, "No space left on device")

    with pytest.raises(UnwritableError) as raised, beside(work, "working"):
        pass
    assert str(raised.value) == str(UnwritableError(tmp_path, "No space left on device"))


def test_a_process_that_dies_is_one_sentence():
    sentence = "the process that was working ended; run the same command again"
    with pytest.raises(FaultError, match=sentence), beside(lambda: os._exit(0), "working"):
        pass


def stop_when(path):
    """Raise an error as soon as there is something in a file."""
    while not path.exists() or not path.read_text():
        time.sleep(0.01)
    raise FaultError("stopped here")


def test_an_error_here_ends_the_work(tmp_path):
    path = tmp_path / "process"

    def work():
        path.write_text(str(os.getpid()))
        time.sleep(60)

    with pytest.raises(FaultError, match="stopped here"), beside(work, "working"):
        stop_when(path)
    assert not psutil.pid_exists(int(path.read_text()))


def test_a_signal_that_comes_while_the_work_starts_ends_it(monkeypatch):
    start = ForkProcess.start

    def interrupted(process):
        start(process)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(ForkProcess, "start", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt), beside(lambda: time.sleep(60), "working"):
            pass
    finally:
        signal.signal(signal.SIGINT, before)
    assert not multiprocessing.active_children()


def note(path):
    """Say who works and where, and leave something behind."""
    Path(tempfile.mkdtemp(), "left").touch()
    with path.open("a") as file:
        file.write(f"{os.getpid()} {tempfile.gettempdir()}\n")
    time.sleep(0.2)


def test_an_error_ends_a_pool_at_once_and_nothing_is_left_of_it(tmp_path):
    path = tmp_path / "notes"

    def stopped():
        with pool(2) as executor:
            executor.map(note, [path] * 200)
            stop_when(path)

    with pytest.raises(FaultError, match="stopped here"):
        stopped()
    notes = path.read_text().splitlines()
    assert len(notes) < 200
    for each in notes:
        process, _, folder = each.partition(" ")
        assert not psutil.pid_exists(int(process))
        assert not Path(folder).exists()


def test_a_pool_does_all_that_it_is_asked_for():
    with pool(2) as executor:
        assert list(executor.map(abs, range(-20, 0), chunksize=3)) == [*range(20, 0, -1)]


STARTING = """
import os, time
from autograder.children import beside
with beside(lambda: (print(os.getpid(), flush=True), time.sleep(60)), "working"):
    time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_work_ends_with_the_process_that_started_it(number):
    command = [sys.executable, "-c", STARTING]
    # Whoever inherits the pipe keeps it open: that its end is read means that nobody is left.
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as started:
        assert int(started.stdout.readline()) != started.pid
        started.send_signal(number)
        assert started.stdout.read() == ""
