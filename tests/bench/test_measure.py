"""Processor time is counted in full, and a grader that fails is no measurement."""

import subprocess
import sys

from autograder.sandbox import confine
from bench.confinement import layer_seconds

BUSY = "import time\nwhile time.process_time() < 0.3: pass"
# Starts a busy process and ends before it: nobody but a subreaper hears of what it took.
ORPHAN = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {BUSY!r}])"
HARNESS = (
    "import sys; from pathlib import Path; from bench.measure import Command, run\n"
    "commands = [Command([sys.executable, '-c', text], Path(), {}) for text in sys.argv[1:]]\n"
    "print(run(*commands).cpu)"
)


def measured(*programs):
    """Run the harness in a process of its own: it waits for every child that it has."""
    return subprocess.run(
        [sys.executable, "-c", HARNESS, *programs], capture_output=True, text=True, check=False
    )


def test_a_process_that_outlives_its_parent_is_counted():
    assert float(measured(ORPHAN).stdout) >= 0.3


def test_commands_that_run_at_the_same_time_are_all_counted():
    assert float(measured(BUSY, BUSY).stdout) >= 0.6


def test_a_failing_command_is_an_error_with_its_last_words():
    done = measured("raise SystemExit('no paper')")
    assert done.returncode
    assert "ended with 1: no paper" in done.stderr


def test_every_layer_of_a_worker_is_timed():
    children = layer_seconds()
    names = [*(layer.__name__ for layer in confine.LAYERS), "seal"]
    assert all(list(each) == names and min(each.values()) >= 0 for each in children)
