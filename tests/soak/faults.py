"""Kill everything that takes part in grading, at random moments, and see that nothing is lost.

A batch is graded once undisturbed. Then it is graded while its grader, grading processes, sandbox
servers and workers are killed, and the disk is filled. The results must be the same in every byte
but for the times they took::

    .venv/bin/python -m tests.soak.faults --kills 50

Another seed draws other moments. Filling a disk takes root, who can mount a small one.
"""

import argparse
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path

from tests.soak import batches, processes

GRADUS = "import sys; from autograder.cli import main; main()"
SECONDS = re.compile(rb'("seconds": |"execution_time": |time=")[\d.]+')
DISK_MB = 256
SIGNALS = {"grader": (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)}
VICTIMS = {"grader": 3, "process": 3, "server": 3, "worker": 5, "disk": 1}  # how often
KINDS = {"process": "grader", "server": "server", "worker": "worker"}  # as bench.memory says it
ENDS = {signal.SIGKILL: -signal.SIGKILL, signal.SIGTERM: 143, signal.SIGINT: 130}
ALL_GRADED = (0, 1)
DISK_FULL = 3
MOST_RUNS = 5  # after the last kill, until no submission is a fault


class Faults:
    """Grades a batch while it is being disturbed.

    Attributes
    ----------
    kills : collections.Counter
        How many of each kind.
    problems : list of str
        What went otherwise than it should.
    slowest : float
        The longest time that a grader took to stop when it was asked to, in seconds.
    """

    def __init__(self, course, submissions, results, output, seed, longest, disk):
        self.course, self.submissions, self.results = course, submissions, results
        self.output = output
        self.rng = random.Random(seed)
        self.longest, self.disk = longest, disk
        self.kills, self.problems, self.slowest = Counter(), [], 0.0

    def start(self, *options):
        """Start the command line as an instructor does."""
        command = [sys.executable, "-c", GRADUS, "--course", self.course, "grade"]
        command += [self.submissions, "--out", self.results, "--workers", "2", *options]
        with self.output.open("ab") as output:
            self.grader = subprocess.Popen(
                [*map(str, command)], stdout=output, stderr=output, stdin=subprocess.DEVNULL
            )
        return self.grader

    def __enter__(self):
        self.results.mkdir(parents=True)
        return self

    def __exit__(self, *_):
        self.grader.kill()
        self.grader.wait()

    def run(self, kills):
        """Disturb it so many times, then let it finish."""
        grader = self.start()
        while sum(self.kills.values()) < kills:
            time.sleep(self.rng.uniform(0.05, self.longest))
            if grader.poll() is not None:
                self.ended(grader, ALL_GRADED)
                grader = self.start("--fresh")
                continue
            (victim,) = self.rng.choices([*VICTIMS], [*VICTIMS.values()])
            if victim == "grader":
                self.stop_grader(grader)
            elif victim == "disk":
                if self.disk:
                    self.fill_disk(grader)
            else:
                self.kill_below(grader, victim)
            if grader.poll() is not None:
                grader = self.start()
        self.ended(grader, ALL_GRADED)

    def ended(self, grader, expected):
        """Wait for a grader, and see that it ended as it should, and that nothing is left of it."""
        code = grader.wait()
        if code not in expected:
            self.problems.append(f"the grader ended with {code}, not {expected}")
        if left := processes.left_behind():
            self.problems.append(f"left behind: {', '.join(left)}")

    def stop_grader(self, grader):
        number = self.rng.choice(SIGNALS["grader"])
        started = time.monotonic()
        grader.send_signal(number)
        grader.wait()
        if number != signal.SIGKILL:
            self.slowest = max(self.slowest, time.monotonic() - started)
        # It may have been about to end, or not yet have come to where it answers a signal.
        early = (-number, 1) if grader.returncode in (-number, 1) else ()
        self.ended(grader, (ENDS[number], *early, *ALL_GRADED))
        self.kills[f"grader {number.name}"] += 1

    def kill_below(self, grader, victim):
        number = self.rng.choice((signal.SIGKILL, signal.SIGTERM))
        found = processes.of_kind(grader.pid, KINDS[victim])
        above = {grader.pid, *processes.of_kind(grader.pid, "grader")}
        above |= set(processes.of_kind(grader.pid, "server"))
        if found and processes.stop(self.rng.choice(found), number, above):
            self.kills[f"{victim} {number.name}"] += 1

    def fill_disk(self, grader):
        """Leave a few kB, wait until the grader gives up, and make room again."""
        filler = self.results / "filler"
        free = os.statvfs(self.results)
        size = free.f_bavail * free.f_frsize - self.rng.randrange(0, 200_000)
        try:
            with filler.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, max(1, size))
        except OSError:
            pass
        self.ended(grader, (DISK_FULL, *ALL_GRADED))
        filler.unlink(missing_ok=True)
        self.kills["full disk"] += grader.returncode == DISK_FULL

    def finish(self):
        """Grade again what is a fault, as the advice in review.csv says."""
        for _ in range(MOST_RUNS):
            if not self.faults():
                return
            self.ended(self.start(), ALL_GRADED)
        self.problems.append("there are still faults")

    def faults(self):
        with closing(sqlite3.connect(self.results / "results.sqlite")) as database:
            query = "SELECT COUNT(*) FROM results WHERE key = ''"
            return database.execute(query).fetchone()[0]


def contents(folder):
    """Return everything in a results folder, without times and without the store itself.

    The report is left out: it shows times all over, and is made from the same results.
    """
    return {
        str(path.relative_to(folder)): SECONDS.sub(rb"\1", path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.name.startswith("results.sqlite")
        and path.name not in {".grading", "report.html"}
    }


def differences(expected, found):
    """Yield what is different between two results folders."""
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            yield f"{name} is missing"
        elif name not in expected:
            yield f"{name} is too much"
        elif expected[name] != found[name]:
            pairs = zip(expected[name].split(b"\n"), found[name].split(b"\n"), strict=False)
            line, (one, other) = next(each for each in enumerate(pairs, 1) if len(set(each[1])) > 1)
            place = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
            around = slice(max(0, place - 120), place + 120)
            yield f"{name}:{line} is {other[around]!r}, not {one[around]!r}"


@contextmanager
def small_disk(folder):
    """Mount a small disk at a folder, if that is possible; tell whether it is."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "gradus", folder]
    tried = os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode
    mounted = tried == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", folder], check=True)


def compare(course, submissions, work, kills, seed, longest):
    """Grade undisturbed and disturbed; return what happened to the second run."""
    output = work / "output.txt"
    started = time.monotonic()
    calm = Faults(course, submissions, work / "calm", output, seed, longest, disk=False)
    with calm:
        calm.run(0)
    print(f"undisturbed: {time.monotonic() - started:.0f} s")
    with small_disk(work / "disturbed") as disk:
        results = work / "disturbed" / "results"
        with Faults(course, submissions, results, output, seed, longest, disk) as faults:
            faults.run(kills)
            faults.finish()
        shutil.copytree(results, work / "found")
    faults.problems += calm.problems
    faults.problems += differences(contents(calm.results), contents(work / "found"))
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--submissions", type=int, default=300)
    parser.add_argument("--longest", type=float, default=8.0, help="seconds between two kills")
    parser.add_argument("--course", type=Path, help="a course with submissions/ in it")
    chosen = parser.parse_args()
    processes.adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="gradus-faults-") as folder:
        work = Path(folder)
        course = chosen.course
        if course is None:
            course = work / "course"
            files = batches.originals(batches.copy_course(course), ("a03_losses", "a06_optimizers"))
            batches.hand_in(files, course / "submissions", chosen.submissions)
        faults = compare(
            course, course / "submissions", work, chosen.kills, chosen.seed, chosen.longest
        )
        if faults.problems:
            print((work / "output.txt").read_text(encoding="utf-8", errors="replace")[-5000:])
    for kind, count in sorted(faults.kills.items()):
        print(f"{count:4} {kind}")
    print(
        f"{sum(faults.kills.values())} kills, stopped within {faults.slowest:.2f} s when asked to"
    )
    for problem in faults.problems:
        print(f"problem: {problem}")
    print("the results differ" if faults.problems else "the results are those of a calm run")
    sys.exit(bool(faults.problems))


if __name__ == "__main__":
    main()
