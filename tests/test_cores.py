import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from autograder import cores
from autograder.grading.intake.find import find_submissions
from autograder.grading.pool import LocalGraders
from tests.grading.test_batch import Batch

ROOT = Path(__file__).parent.parent

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing is kept")


def test_a_share_for_each_process_leaves_no_core_over(monkeypatch):
    monkeypatch.setattr(cores, "_usable", lambda: [2, 5, 7])
    assert cores.cores() == 3
    assert cores.shares(3) == [2, 5, 7]
    assert cores.shares(2) == cores.shares(4) == []


@linux
def test_only_what_this_process_may_use_counts():
    program = "from autograder.cores import cores, shares; print(cores(), shares(1))"
    core = min(os.sched_getaffinity(0))
    command = ["taskset", "-c", str(core), sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == f"1 [{core}]\n"


@linux
def test_what_a_process_starts_keeps_to_its_core():
    program = (
        "import os, sys; from autograder.cores import keep_to\n"
        "keep_to(None); before = os.sched_getaffinity(0)\n"
        "keep_to(10_000); assert os.sched_getaffinity(0) == before\n"
        "keep_to(min(before))\n"
        "if not os.fork(): os._exit(os.sched_getaffinity(0) != {min(before)})\n"
        "sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@linux
@pytest.mark.parametrize("submissions", [1, 5])
def test_grading_processes_share_the_cores(tiny, tmp_path, monkeypatch, submissions):
    """As many as there are cores, or one that may use them all."""
    both = sorted(os.sched_getaffinity(0))[:2]
    if len(both) < 2:
        pytest.skip("one core is not shared")
    batch = Batch(tiny, tmp_path)
    for number in range(submissions):
        batch.hand_in(f"s{number}")
    found = find_submissions(batch.folder, ["a01_tiny"])
    monkeypatch.setattr(cores, "_usable", lambda: both)
    for _ in LocalGraders(batch.course, 2).grade(list(found)):
        kept = {tuple(each.cpu_affinity()) for each in psutil.Process().children()}
    shares = {(core,) for core in both}
    assert kept & shares == (shares if submissions > 1 else set())
