"""Who holds how much memory: sampled from outside, while a system grades."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from autograder.grading.store import FILE
from bench import measure
from bench.classes import Class
from bench.systems import Gradus, Nbgrader, OneByOne

SECONDS: Final = 0.05  # between two samples
MB: Final = 1024  # in the unit of the kernel
STEP: Final = 250  # submissions between two samples of a long run


class Sampler:
    """Samples the descendants of this process in a thread, until left.

    Attributes
    ----------
    peaks : dict of str to float
        The largest size seen by kind of process, in MB: ``all`` is the share of memory of all
        together, ``worker`` what one worker has for itself, everything else is resident memory.
    """

    def __init__(self) -> None:
        self.peaks: dict[str, float] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(SECONDS):
            for kind, size in sizes().items():
                self.peaks[kind] = max(size, self.peaks.get(kind, 0.0))


def sizes() -> dict[str, float]:
    """Return the size of each kind of process below this one, in MB."""
    found: dict[str, float] = {}
    total = 0.0
    for pid, kind in descendants("self"):
        memory = memory_of(pid)
        size = memory["Private"] if kind == "worker" else memory["Rss"]
        found[kind] = max(size, found.get(kind, 0.0))
        total += memory["Pss"]
    return {**found, "all": total}


def descendants(pid: str, parent: str = "") -> Iterator[tuple[str, str]]:
    """Yield number and kind of every process below one."""
    children: list[str] = []
    try:
        for task in Path("/proc", pid, "task").iterdir():
            children += (task / "children").read_text(encoding="utf-8").split()
    except OSError:
        return
    for child in children:
        kind = _kind(child, parent)
        yield child, kind
        yield from descendants(child, kind)


def _kind(pid: str, parent: str) -> str:
    """Name a process by its command line and its parent."""
    try:
        words = Path("/proc", pid, "cmdline").read_bytes()
    except OSError:
        words = b""
    if parent in {"server", "worker"}:
        return "worker"
    if b"autograder.sandbox.zygote" in words:
        return "server"
    if b"spawn_main" in words:
        return "grader"
    return "other" if parent else "coordinator"


def memory_of(pid: str) -> dict[str, float]:
    """Return resident, shared-out and private memory in MB; nothing for what is gone or closed."""
    sums = {"Rss": 0.0, "Pss": 0.0, "Private": 0.0}
    try:
        lines = Path("/proc", pid, "smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return sums
    for line in lines:
        name, value = line.split()[:2]
        name = "Private" if name.startswith("Private_") else name.rstrip(":")
        if name in sums:
            sums[name] += float(value) / MB
    return sums


def peaks(handed_in: Class, folder: Path, systems: list[Any]) -> dict[str, dict[str, float]]:
    """Return the peaks of each system on solved notebooks: a batch, or one if it takes one."""
    found = {}
    for make in systems:
        system = make(handed_in, folder)
        if isinstance(system, Gradus):
            command = system.command(system.place(), handed_in.copies(3), 1)
        elif isinstance(system, Nbgrader):
            command = system.command(system.place(), handed_in.copies(2))
        elif isinstance(system, OneByOne):
            command = system.command(system.place(), handed_in.copies(1)[0])
        else:
            continue
        with Sampler() as sampler:
            measure.run(command)
        found[system.name] = sampler.peaks
    return found


def endurance(handed_in: Class, folder: Path, count: int, workers: int) -> list[dict[str, float]]:
    """Grade a long batch, and return the sizes of all processes every `STEP` submissions."""
    system = Gradus(handed_in, folder)
    place = system.place()
    command = system.command(place, handed_in.mixes(), workers)
    originals = sorted((place / handed_in.assignment.name).iterdir())
    for number in range(len(originals), count):  # many names of a few files: disks are small
        name = originals[0].with_name(f"student{number:05}.ipynb")
        name.hardlink_to(originals[number % len(originals)])
    watcher = _Watcher(place / "results" / FILE)
    with watcher:
        measure.run(command)
    return watcher.samples


class _Watcher(Sampler):
    """Samples whenever another `STEP` results are in the store."""

    def __init__(self, store: Path) -> None:
        super().__init__()
        self.samples: list[dict[str, float]] = []
        self._store = store

    def _sample(self) -> None:
        while not self._ended.wait(SECONDS * 10):
            graded = self._graded()
            if graded >= STEP * (len(self.samples) + 1):
                self.samples.append({"graded": graded, **sizes()})

    def _graded(self) -> int:
        """Count the stored results, without disturbing who writes them."""
        if not self._store.exists():
            return 0
        try:
            with closing(sqlite3.connect(f"file:{self._store}?mode=ro", uri=True)) as database:
                return int(database.execute("SELECT COUNT(*) FROM results").fetchone()[0])
        except sqlite3.OperationalError:  # not made yet
            return 0
