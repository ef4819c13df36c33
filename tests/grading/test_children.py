import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from autograder.errors import FaultError, UnwritableError
from autograder.grading.children import beside

ROOT = Path(__file__).parent.parent.parent


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


def test_an_error_here_ends_the_work(tmp_path):
    with (
        pytest.raises(FaultError, match="here"),
        beside(lambda: (tmp_path / "pid").write_text(f"{os.getpid()} ") + time.sleep(60), "working"),
    ):
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().endswith(" "):
            time.sleep(0.01)
        raise FaultError("here")
    assert not psutil.pid_exists(int((tmp_path / "pid").read_text()))


STARTING = """
import os, time
from autograder.grading.children import beside
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
