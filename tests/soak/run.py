"""Grade thousands of submissions in one run, and see that the grader stays what it was.

    .venv/bin/python -m tests.soak.run --count 10000

Nothing may be lost, every known mistake must be found, and the processes must not grow. Sizes are
sampled while it runs. Throughput differs between assignments; what the same files take early and
late in the run tells whether the grader itself gets slower.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from bench.memory import descendants, memory_of
from tests.soak import batches
from tests.soak.faults import GRADUS

STEP = 100  # submissions between two samples
WARM = 0.5  # part of a run after which nothing may grow
GROWTH_MB = {"coordinator": 0.02, "grader": 0.01, "server": 0.01}  # at most, per submission
ASSIGNMENT_MB = 8  # what a grading process keeps of each assignment that it meets
NAMES = {"coordinator": "coordinator", "grader": "grading process", "server": "sandbox server"}


class Run:
    """One run of the command line, watched from outside.

    Attributes
    ----------
    times : list of float
        When each submission was graded, in seconds from the first.
    samples : list of (int, dict of str to float)
        How many were graded, and the largest process of each kind in MB.
    order : dict
        The place of each submission in the run, by assignment and student.
    """

    def __init__(self, course, submissions, results):
        self.times, self.samples, self.order = [], [], {}
        command = [sys.executable, "-c", GRADUS, "--course", course, "grade", submissions]
        command += ["--out", results]
        self.seconds = -time.monotonic()
        with subprocess.Popen(
            [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as grader:
            for line in grader.stdout:
                self.hear(line)
        self.seconds += time.monotonic()
        self.code = grader.returncode

    def hear(self, line):
        """Take notice of a line of the grader, of which there is one for each submission."""
        name, colon, _ = line.partition(":")
        assignment, slash, student = name.partition("/")
        if not (colon and slash and student.startswith("student")):
            return
        self.order[assignment, student] = len(self.times)
        self.times.append(time.monotonic())
        if len(self.times) % STEP == 0:
            self.samples.append((len(self.times), sizes()))

    def throughput(self, part):
        """Return the submissions graded per second in a slice of the run."""
        times = self.times[part]
        return (len(times) - 1) / (times[-1] - times[0])

    def growth(self, kind):
        """Return by how many MB a submission makes the largest process of a kind grow."""
        late = [each for each in self.samples if each[0] >= WARM * len(self.times)]
        there = [(count, each[kind]) for count, each in late if kind in each]  # not yet ended
        counts, largest = zip(*there, strict=True)
        return statistics.linear_regression(counts, largest).slope


def sizes():
    """Return the size of the largest process of each kind below this one, in MB."""
    found = {}
    for pid, kind in descendants("self"):
        if kind in NAMES:
            found[kind] = max(memory_of(pid)["Rss"], found.get(kind, 0.0))
    return found


def read(path, handed_in):
    """Return the seconds of each result and what is wrong with it, by assignment and student."""
    found = {}
    with path.open(encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            key = record["assignment"], record["student"]
            problem = handed_in[key].problem(record) if key in handed_in else ""
            found[key] = record["seconds"], problem
    return found


def slowdown(run, handed_in, records):
    """Return how much longer the last of equal files takes than the first."""
    seconds = defaultdict(list)
    for key, original in handed_in.items():
        if original.status == "graded":
            name = original.assignment, original.name
            seconds[name].append((run.order[key], records[key][0]))
    ratios = []
    for found in seconds.values():
        ordered = [each for _, each in sorted(found)]
        if len(ordered) > 1:
            ratios.append(ordered[-1] / ordered[0])
    return statistics.median(ratios) if ratios else 1.0


def problems(run, handed_in, records):
    """Yield everything that is not as it should be."""
    if run.code not in (0, 1):
        yield f"the grader ended with {run.code}"
    for key in sorted(handed_in.keys() ^ records.keys()):
        yield f"{'/'.join(key)} {'was lost' if key in handed_in else 'was never handed in'}"
    for key in sorted(handed_in.keys() & records.keys()):
        if problem := records[key][1]:
            yield f"{'/'.join(key)} ({handed_in[key].name}) {problem}"
    assignments = len({each.assignment for each in handed_in.values()})
    for kind, most in GROWTH_MB.items():
        more = ASSIGNMENT_MB * assignments / (WARM * len(handed_in)) if kind == "grader" else 0.0
        if run.growth(kind) > most + more:
            yield f"the {NAMES[kind]} grows by {run.growth(kind):.3f} MB with each submission"


def summary(run, handed_in, records):
    """Yield what the run was like."""
    files = len({(each.assignment, each.name) for each in handed_in.values()})
    yield f"{len(records)} submissions, {files} different files, in {run.seconds:.0f} s"
    part = min(1000, len(run.times) // 2)
    first, last = run.throughput(slice(part)), run.throughput(slice(-part, None))
    yield f"throughput: first {part} {first:.2f}/s, last {part} {last:.2f}/s"
    yield f"the same file, last to first time: {slowdown(run, handed_in, records):.2f}"
    for kind, name in NAMES.items():
        line = ", ".join(f"{each.get(kind, 0):.0f}" for _, each in run.samples)
        yield f"{name}, MB every {STEP} submissions: {line}"
        yield f"{name}, growth in the second half: {1024 * run.growth(kind):.1f} kB a submission"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--assignments", nargs="*", default=[], help="by default all")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gradus-soak-") as folder:
        root, results = Path(folder, "course"), Path(folder, "results")
        files = batches.originals(batches.copy_course(root), chosen.assignments)
        handed_in = batches.hand_in(files, root / "submissions", chosen.count)
        run = Run(root, root / "submissions", results)
        records = read(results / "results.jsonl", handed_in)
    print("\n".join(summary(run, handed_in, records)))
    wrong = list(problems(run, handed_in, records))
    for problem in wrong:
        print(f"problem: {problem}")
    print(f"{len(wrong)} problems" if wrong else "everything is as it should be")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
