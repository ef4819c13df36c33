"""Fuzz everything that reads what others wrote: `make fuzz`.

`python -m tests.fuzz.run --replay FILE` checks one input again that failed before.
"""

import argparse
import functools
import importlib.util
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import TARGETS
from tests.fuzz.watch import Share, limit_memory, made, run_share

FOLDER = Path("build/fuzz")
GUIDED = 5  # one in so many more inputs is chosen by atheris
HEADER = "{:18} {:>9} {:>9} {:>8} {:>9} {:>11} {:>8}"
ROW = "{:18} {:>9,} {:>9} {:>8.1f} {:>9,.0f} {:>11} {:>8.0f}"


@dataclass
class Row:
    """One line of the summary."""

    name: str
    inputs: int
    seconds: float
    peak_bytes: int
    accepted: int | None = None
    slowest: float | None = None
    failed: int = 0

    def __str__(self):
        share = "" if self.accepted is None else f"{self.accepted / max(self.inputs, 1):.0%}"
        slowest = "" if self.slowest is None else f"{self.slowest * 1000:.0f}"
        rate = self.inputs / self.seconds
        return ROW.format(
            self.name, self.inputs, share, self.seconds, rate, slowest, self.peak_bytes / 1e6
        )


def fuzz(target, inputs, seed, processes, folder=FOLDER):
    """Check so many inputs of a target; keep those that fail in a folder."""
    start = time.perf_counter()
    with ThreadPoolExecutor(processes) as pool:
        shares = [range(each, inputs, processes) for each in range(processes)]
        done = list(pool.map(functools.partial(_in_process, target, seed), shares))
    failures = {index: text for share in done for index, text in share.failures.items()}
    for index, text in sorted(failures.items()):
        path = _keep(folder, f"{target.name}-{seed}-{index}", made(target, seed, index))
        print(f"{text.strip()}\nthis input is {path}; check it again with --replay {path}\n")
    return Row(
        target.name,
        sum(share.inputs for share in done),
        time.perf_counter() - start,
        max(share.peak_bytes for share in done),
        sum(share.accepted for share in done),
        max(share.slowest for share in done),
        len(failures),
    )


def _in_process(target, seed, indices):
    """Run a share in a process of its own; if that dies, the input before is what failed."""
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe()
    at = context.Value("q", -1, lock=False)
    child = context.Process(target=_work, args=(target, seed, indices, theirs, at))
    child.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        child.join()
        return Share(inputs=1, failures={at.value: f"the process ended with {child.exitcode}"})
    finally:
        child.join()


def _work(target, seed, indices, connection, at):
    limit_memory()
    connection.send(run_share(target, seed, indices, functools.partial(setattr, at, "value")))


def _keep(folder, name, data):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    return path


def guide(target, inputs, seed, processes, folder=FOLDER):
    """Let atheris choose so many inputs of a target; it keeps those that fail."""
    start = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(processes) as pool:
        run = functools.partial(_guided, target.name, inputs // processes, folder=folder)
        done = list(pool.map(run, range(seed * processes, (seed + 1) * processes)))
    seconds = time.perf_counter() - start
    counts, peaks, failed = zip(*done, strict=True)
    name = f"{target.name}, guided"
    return Row(name, sum(counts), seconds, max(peaks), failed=sum(failed))


def _guided(name, inputs, seed, folder):
    """Return how many inputs there were, the peak of memory, and whether one failed."""
    with tempfile.TemporaryDirectory(prefix="gradus-fuzz-") as corpus:
        command = [sys.executable, "-m", "tests.fuzz.guided", name, str(inputs), str(seed)]
        command += [corpus, str(folder)]
        ended = subprocess.run(
            command, check=False, capture_output=True, text=True, errors="replace"
        )
    numbers = dict(re.findall(r"^stat::(\w+): +(\d+)", ended.stderr, re.MULTILINE))
    failed = ended.returncode != 0
    if failed:
        print(ended.stdout[-4000:], ended.stderr[-4000:])
    units, peak = numbers.get("number_of_executed_units", 0), numbers.get("peak_rss_mb", 0)
    return int(units), int(peak) << 20, failed


def replay(path):
    """Check one input that was kept; raises what it raises."""
    target = TARGETS[path.name.split("-")[0]]
    print("accepted" if target.check(path.read_bytes()) else "refused, as it should be")


def main():
    """Fuzz all targets, or those that are named; return whether every promise held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[[], *TARGETS], default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of the usual number of inputs")
    parser.add_argument("--replay", type=Path, metavar="FILE")
    given = parser.parse_args()
    if given.replay:
        return replay(given.replay)
    ways = [(fuzz, given.share), (guide, given.share / GUIDED)]
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed, so no input is guided by coverage")
        del ways[1]
    return _all(given.targets or [*TARGETS], ways, given.seed)


def _all(names, ways, seed):
    print(
        HEADER.format("target", "inputs", "accepted", "seconds", "per s", "slowest ms", "peak MB")
    )
    rows = []
    for way, share in ways:
        for target in map(TARGETS.get, names):
            row = way(target, int(target.inputs * share), seed, os.cpu_count() or 1)
            rows.append(row)
            print(row, flush=True)
    inputs, seconds = sum(row.inputs for row in rows), sum(row.seconds for row in rows)
    failed = sum(row.failed for row in rows)
    print(Row("all", inputs, seconds, max(row.peak_bytes for row in rows)))
    print(f"{failed or 'no'} failures{f'; see {FOLDER}/' if failed else ''}")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
