"""What stops a run: signals, full disks, other graders, and graders that hang or are killed."""

import os
import resource
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from autograder.errors import FaultError, UnwritableError
from autograder.grading.intake.find import find_submissions
from autograder.grading.lock import only_grader
from autograder.grading.pool import LocalGraders
from autograder.grading.records import Entry
from autograder.grading.store import Store
from autograder.reporting.exports.writers import write_exports
from autograder.reporting.files import remove_leftovers, replacing
from tests.cli.runs import GRADUS, gradus
from tests.grading.test_batch import Batch
from tests.notebooks import RIGHT, hand_in

ROOT = Path(__file__).parent.parent.parent
SPECIAL = RIGHT | {"scale": "def scale(x, factor=2.0):\n    return np.float32(x * factor)"}
LINES = [{"assignment": "a", "student": f"s{n:04}", "text": "x" * 4000} for n in range(1000)]


@pytest.fixture
def planted(tiny, tmp_path):
    """Return a batch whose course runs some code in the grader when it is given float32."""

    def plant(code):
        tiny.edit(
            "assignments/a01_tiny/checks.py",
            '    return {"y": subject.scale(**case)}',
            "    y = subject.scale(**case)\n"
            f'    if y.dtype == "float32":\n        {code}\n    return {{"y": y}}',
        )
        tiny.edit("grading.yml", "seed: 7", "seed: 7\nlimits:\n  submission_seconds: 3\n"
                  "  cell_seconds: 1\n  check_seconds: 1")  # fmt: skip
        batch = Batch(tiny, tmp_path)
        for name in ("ann", "carl"):
            batch.hand_in(name)
        batch.hand_in("bob", SPECIAL)
        return batch

    return plant


def test_a_grader_that_hangs_is_stopped_and_the_others_are_graded(planted):
    batch = planted('__import__("threading").Event().wait()')
    seen = batch.run(margin=1.0)
    assert seen["bob"][:2] == ("fault", None)
    assert seen["ann"][:2] == seen["carl"][:2] == ("graded", 4.0)
    review = (batch.results / "review.csv").read_text()
    assert "the grader itself took longer than 11 s on this submission" in review
    assert "also when it was tried again" in review


KILL_WORKERS = """
import os, pathlib, sys
marks = pathlib.Path({marks!r})
def children(pid):
    return pathlib.Path(f"/proc/{{pid}}/task/{{pid}}/children").read_text().split()
if len(list(marks.iterdir())) < {times}:
    (marks / str(len(list(marks.iterdir())))).touch()
    for server in children(os.getpid()):
        for worker in children(server):
            os.kill(int(worker), {signal})
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_is_killed_from_outside_costs_nothing(planted, tmp_path, number):
    marks = tmp_path / "marks"
    marks.mkdir()
    code = KILL_WORKERS.format(marks=str(marks), times=1, signal=int(number))
    batch = planted(f"exec({code!r}, {{}})")
    expected = batch.run()["bob"]
    assert len(list(marks.iterdir())) == 1, "a worker was killed"
    undisturbed = batch.run(fresh=True)["bob"]
    assert expected == undisturbed


def test_a_submission_that_kills_itself_each_time_is_graded(tiny, tmp_path):
    batch = Batch(tiny, tmp_path)
    suicide = "def mean(x):\n    import os, signal\n    os.kill(os.getpid(), signal.SIGTERM)"
    batch.hand_in("bob", RIGHT | {"mean": suicide})
    assert batch.run() == {"bob": ("graded", 1.0, False)}


def test_processes_that_never_get_ready_stop_the_batch(tiny, tmp_path):
    batch = Batch(tiny, tmp_path)
    batch.hand_in("ann")
    found = find_submissions(batch.folder, ["a01_tiny"])
    tiny.edit("assignments/a01_tiny/checks.py", "import numpy as np", "import os\n\nos._exit(1)")
    with pytest.raises(FaultError, match="3 grading processes in a row ended before"):
        list(LocalGraders(batch.course, 2).grade(found))


def test_a_second_grader_is_refused_at_once(tiny):
    tiny.build()
    hand_in(tiny, "a01_tiny", ann=RIGHT)
    with only_grader(tiny.root / "results"):
        refused = gradus(tiny.root, "grade", "submissions")
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[-1] == (
        f"gradus: process {os.getpid()} is grading into results/ just now; "
        "wait for it, or name another folder with --out"
    )
    assert gradus(tiny.root, "grade", "submissions").returncode == 0


def test_the_lock_of_a_dead_process_is_no_lock(tmp_path):
    code = (
        "import os, sys, pathlib\n"
        "from autograder.grading.lock import only_grader\n"
        "with only_grader(pathlib.Path(sys.argv[1])):\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    assert subprocess.run(command, check=False, cwd=ROOT).returncode == -signal.SIGKILL
    with only_grader(tmp_path):
        assert (tmp_path / ".grading").read_text() == str(os.getpid())


def test_a_report_is_possible_while_a_grader_runs(tiny):
    tiny.build()
    hand_in(tiny, "a01_tiny", ann=RIGHT)
    assert gradus(tiny.root, "grade", "submissions").returncode == 0
    with only_grader(tiny.root / "results"):
        assert gradus(tiny.root, "report", "results").returncode == 0


def test_a_results_folder_that_can_not_be_is_one_sentence(tmp_path):
    (tmp_path / "results").touch()
    with (
        pytest.raises(UnwritableError, match=r"results/\.grading can't be written: (File|Not a)"),
        only_grader(tmp_path / "results"),
    ):
        pass


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "gradus", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(store):
    """Store lines until that fails; yield each that is stored."""
    for line in LINES:
        store.put("k", Entry.of(line))
        yield line


def test_a_full_disk_keeps_what_was_stored(small_disk):
    stored = []
    with Store(small_disk) as store:
        with pytest.raises(
            UnwritableError, match=r"results.sqlite can't be written: .*full"
        ) as full:
            stored.extend(fill(store))
        assert full.value.exit_code == 3
    with Store(small_disk) as store:
        found = list(store.records())
    assert found == LINES[: len(found)]
    assert 0 < len(found) == len(stored) < len(LINES)


def test_exports_on_a_full_disk_stay_as_they_were(small_disk):
    with replacing(small_disk / "results.jsonl") as file:
        file.write("earlier")
    with (
        pytest.raises(UnwritableError, match=r"results.jsonl can't be written: No space left"),
        replacing(small_disk / "results.jsonl") as file,
    ):
        file.writelines(line["text"] for line in LINES)
    assert [path.name for path in small_disk.iterdir()] == ["results.jsonl"]
    assert (small_disk / "results.jsonl").read_text() == "earlier"


def test_a_limit_on_file_size_is_one_sentence_and_the_next_run_goes_on(tiny):
    tiny.build()
    hand_in(tiny, "a01_tiny", ann=RIGHT, bob={})
    command = [sys.executable, "-c", GRADUS, "grade", "submissions"]
    bound = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (20_000, 20_000))
    stopped = subprocess.run(
        command, cwd=tiny.root, capture_output=True, text=True, check=False, preexec_fn=bound
    )
    assert stopped.returncode == 3, stopped.stderr
    assert "can't be written: " in stopped.stderr.splitlines()[-1]
    assert "Traceback" not in stopped.stderr
    assert gradus(tiny.root, "grade", "submissions").returncode == 0
    assert len((tiny.root / "results/results.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_page_that_cannot_be_written_is_one_sentence(tiny, workers):
    tiny.build()
    hand_in(tiny, "a01_tiny", ann=RIGHT)
    (tiny.root / "results").mkdir()
    (tiny.root / "results/feedback").touch()
    stopped = gradus(tiny.root, "grade", "submissions", "--workers", workers)
    assert stopped.returncode == 3, stopped.stderr
    (last,) = stopped.stderr.splitlines()[-1:]
    assert last.startswith("gradus: results/feedback/")
    assert "can't be written: Not a directory; " in last
    assert "Traceback" not in stopped.stderr
    assert len((tiny.root / "results/results.jsonl").read_text().splitlines()) == 1


def test_what_killed_processes_left_is_removed(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / "gradescope" / f".ann.json.{dead.pid}.part"
    mine = tmp_path / f".scores.csv.{os.getpid()}.part"
    for path in (left, mine, tmp_path / ".anything.part"):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    remove_leftovers(tmp_path)
    assert not left.exists()
    assert mine.exists()
    assert (tmp_path / ".anything.part").exists()


STOPPED = "gradus: stopped; what was finished is kept, run the same command to go on\n"
# The phase, and a function of the command line's in which a signal comes.
PHASES = {
    "planning": "autograder.grading.batch.plan",
    "starting processes": "multiprocessing.process.BaseProcess.start",
    "grading": "autograder.grading.store.Store.put",
    "writing exports": "autograder.reporting.exports.writers.json_text",
}
SIGNALLED = """
import importlib, os, sys
from autograder import cli
owner, _, name = {function!r}.rpartition(".")
try:
    owner = importlib.import_module(owner)
except ModuleNotFoundError:
    module, _, attribute = owner.rpartition(".")
    owner = getattr(importlib.import_module(module), attribute)
original = getattr(owner, name)
def signalled(*args, **kwargs):
    result = original(*args, **kwargs)
    os.kill(os.getpid(), {signal})
    return result
setattr(owner, name, signalled)
if __name__ == "__main__":
    cli.main()
"""


@pytest.mark.parametrize(
    ("phase", "number", "code"),
    [*((phase, signal.SIGINT, 130) for phase in PHASES), ("grading", signal.SIGTERM, 143)],
)
def test_a_signal_stops_at_once_and_says_how_to_go_on(tiny, tmp_path, phase, number, code):
    tiny.build()
    hand_in(tiny, "a01_tiny", ann=RIGHT, bob=RIGHT)
    script = tmp_path / "signalled.py"
    script.write_text(SIGNALLED.format(function=PHASES[phase], signal=int(number)))
    command = [sys.executable, str(script), "grade", "submissions"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # Whoever inherits the pipes keeps them open: that this returns means that nobody is left.
    done = subprocess.run(
        command, cwd=tiny.root, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.splitlines(keepends=True)[-1]) == (code, STOPPED)
    assert "Traceback" not in done.stderr
    assert not list((tiny.root / "results").rglob("*.part"))
    assert gradus(tiny.root, "grade", "submissions").returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_python_drops_stops_a_run_all_the_same(tiny, tmp_path, number):
    """What a handler raises while an object is freed is printed, and no more."""
    tiny.build()
    hand_in(tiny, "a01_tiny", ann=RIGHT, bob=RIGHT)
    kill = f"os.kill(os.getpid(), {int(number)})"
    dropped = f"type('Freed', (), {{'__del__': lambda _: {kill}}})()"
    text = SIGNALLED.format(function=PHASES["planning"], signal=int(number))
    assert text.count(kill) == 1
    script = tmp_path / "signalled.py"
    script.write_text(text.replace(kill, dropped))
    command = [sys.executable, str(script), "grade", "submissions"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=tiny.root, env=environment, capture_output=True, text=True, check=False
    )
    assert "Exception ignored" in done.stderr
    assert (done.returncode, done.stderr.splitlines(keepends=True)[-1]) == (128 + number, STOPPED)


def test_kills_at_random_moments_lose_nothing(tiny, tmp_path):
    """A small share of `make faults`."""
    tiny.build()
    hand_in(tiny, "a01_tiny", **{f"s{number:02}": (RIGHT, {})[number % 2] for number in range(24)})
    command = [sys.executable, "-m", "tests.soak.faults", "--course", str(tiny.root)]
    command += ["--kills", "6", "--seed", "4", "--longest", "1.5"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("the results are those of a calm run\n")


def test_an_empty_batch_has_exports(tmp_path):
    Store(tmp_path).close()
    write_exports(tmp_path)
    assert (tmp_path / "junit.xml").read_text().endswith("</testsuites>\n")
    assert (tmp_path / "results.jsonl").read_text() == ""
