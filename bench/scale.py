"""What a cluster costs, beside one machine, and what a million submissions would take.

``python -m bench.scale`` starts a scheduler and two workers on this machine, measures, and writes
the generated part of docs/scale.md.
"""

import os
import subprocess
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import psutil

from autograder.course import load_course
from autograder.grading.cluster import cluster_graders
from autograder.grading.intake.find import find_submissions
from autograder.grading.pool import Graders, LocalGraders
from autograder.grading.records import Entry, read_json
from autograder.model import Course
from bench import classes, measure
from bench.environments import ROOT, machine
from bench.measure import Command, Usage
from bench.report import NONE
from bench.systems import COURSE_ENVIRONMENT, PYTHON
from tests.grading.dask_cluster import DaskCluster

PAGE: Final = ROOT / "docs/scale.md"
BEGIN: Final = "<!-- begin: written by python -m bench.scale -->"
END: Final = "<!-- end -->"
NAME: Final = "a03_losses"
SLOTS: Final = 2
ROUNDS: Final = 3  # the tables show medians
CLASSES: Final = (1, 5)  # real submissions: so many classes, and so many
BROKEN: Final = (100, 600)  # notebooks that end in the middle
BATCHES: Final = (1, 10, 50)
PRICE: Final = 0.05  # of an hour of a core; assumed, not measured
SIZES: Final = (10**5, 10**6)
CORES: Final = (2, 16, 64, 256, 1024)


@dataclass(frozen=True)
class Transport:
    """Seconds for one submission that is read, sent, refused and reported.

    Attributes
    ----------
    wall : float
        With two slots.
    coordinator, scheduler, workers : float
        Of processor time; that of workers is Dask's own processes only.
    """

    wall: float
    coordinator: float
    scheduler: float = 0.0
    workers: float = 0.0


@dataclass(frozen=True)
class Inputs:
    """What the model is made of, in seconds.

    Attributes
    ----------
    grading : float
        Processor time of one submission, in a slot.
    coordinator, scheduler : float
        Processor time of one submission there; each of them has one thread that counts.
    start : float
        Before the first result.
    """

    grading: float
    coordinator: float
    scheduler: float
    start: float

    def seconds(self, submissions: int, cores: int) -> float:
        """Return how long a run takes on so many cores of workers."""
        slowest = max(self.grading / cores, self.coordinator, self.scheduler)
        return self.start + submissions * slowest

    @property
    def most_cores(self) -> float:
        """Cores beyond which more of them make no run shorter."""
        return self.grading / max(self.coordinator, self.scheduler)


def main() -> None:
    """Measure, and write the page."""
    course = load_course(ROOT)
    with TemporaryDirectory(prefix="gradus-scale-") as name:
        folder = Path(name)
        real = [_classes(course, folder / f"real{count}", count) for count in CLASSES]
        broken = [_broken(course, folder / f"broken{count}", count) for count in BROKEN]
        # First, as `measure` waits for every process that there is.
        local = [[_local_run(path, folder) for path in real] for _ in range(ROUNDS)]
        plain = _transport(course, broken, LocalGraders(course, SLOTS), [])
        (folder / "dask").mkdir()
        with DaskCluster(folder / "dask", COURSE_ENVIRONMENT) as cluster:
            for _ in range(SLOTS):
                cluster.add_worker("--no-nanny")
            there = [
                [_cluster_run(path, folder, cluster.address) for path in real]
                for _ in range(ROUNDS)
            ]
            sent = {most: _sent(course, broken, cluster, most) for most in BATCHES}
    counts = [each * len(_mix(course)) for each in CLASSES]
    text = _tables(counts, local, there, plain, sent)
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _mix(course: Course) -> tuple[bytes, ...]:
    return classes.read_class(course, NAME).mix


def _classes(course: Course, folder: Path, count: int) -> Path:
    classes.write(folder / NAME, classes.read_class(course, NAME).mixes(count))
    return folder


def _broken(course: Course, folder: Path, count: int) -> Path:
    """Write real notebooks without their ends: they travel, and cost no grading."""
    data = [each[:-20] for each in _mix(course)]
    classes.write(folder / NAME, [data[number % len(data)] for number in range(count)])
    return folder


def _words(path: Path, *options: str) -> list[str | Path]:
    """Return the command that grades a folder."""
    results = path.parent / f"{path.name}-{len(options)}-{options[-1].replace('/', '')}"
    command: list[str | Path] = [PYTHON.with_name("gradus"), "--course", ROOT, "grade", path]
    return [*command, *options, "--fresh", "--out", results]


def _local_run(path: Path, folder: Path) -> Usage:
    words = _words(path, "--workers", str(SLOTS))
    return measure.run(Command(words, folder, COURSE_ENVIRONMENT))


def _cluster_run(path: Path, folder: Path, address: str) -> Usage:
    """Grade on the cluster; processor time is that of the command alone."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in _words(path, "--cluster", address)],
        cwd=folder,
        env=COURSE_ENVIRONMENT,
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"gradus ended with {process.returncode}")
    return Usage(time.perf_counter() - started, usage.ru_utime + usage.ru_stime)


def _sent(course: Course, broken: Sequence[Path], cluster: DaskCluster, most: int) -> Transport:
    with cluster_graders(course, [NAME], cluster.address, "available", most) as graders:
        processes = [cluster.scheduler, *cluster.workers]
        return _transport(course, broken, graders, [psutil.Process(each.pid) for each in processes])


def _transport(
    course: Course, broken: Sequence[Path], graders: Graders, processes: list[psutil.Process]
) -> Transport:
    """Return the difference that more submissions make, once all processes are warm."""
    _times(course, broken[0], graders, processes)
    rounds = []
    for _ in range(ROUNDS):
        few, many = (_times(course, path, graders, processes) for path in broken)
        differences = (more - less for less, more in zip(few, many, strict=True))
        rounds.append([each / (BROKEN[1] - BROKEN[0]) for each in differences])
    wall, coordinator, *others = map(median, zip(*rounds, strict=True))
    return Transport(wall, coordinator, *others[:1], *([sum(others[1:])] if others else []))


def _times(
    course: Course, path: Path, graders: Graders, processes: list[psutil.Process]
) -> list[float]:
    """Grade all of a folder; return wall time and the processor time of each process."""
    found = find_submissions(path, list(course.assignments))
    before = _clocks(processes)
    graded = graders.grade(each for each in found)
    statuses = {read_json(each.line)["status"] for _, each in graded if isinstance(each, Entry)}
    if statuses != {"malformed"}:
        raise RuntimeError(f"broken notebooks became {statuses}")
    return [now - then for now, then in zip(_clocks(processes), before, strict=True)]


def _clocks(processes: Iterable[psutil.Process]) -> list[float]:
    used = [each.cpu_times() for each in processes]
    return [time.perf_counter(), time.process_time(), *(each.user + each.system for each in used)]


def _tables(
    counts: Sequence[int],
    local: Sequence[Sequence[Usage]],
    there: Sequence[Sequence[Usage]],
    plain: Transport,
    sent: dict[int, Transport],
) -> str:
    def per(rounds: Sequence[Sequence[Usage]], kind: str) -> float:
        differences = (getattr(many, kind) - getattr(few, kind) for few, many in rounds)
        return median(differences) / (counts[1] - counts[0])

    wall = per(there, "wall")
    inputs = Inputs(
        grading=per(local, "cpu"),
        coordinator=per(there, "cpu"),
        scheduler=sent[10].scheduler,
        start=median(few.wall for few, _ in there) - counts[0] * wall,
    )
    return "\n".join(
        [
            _table("The machine", ("", ""), machine().items()),
            _grading_table(counts, per(local, "wall"), wall, inputs),
            _transport_table(plain, sent),
            _model_tables(inputs),
        ]
    )


def _grading_table(counts: Sequence[int], local: float, there: float, inputs: Inputs) -> str:
    rows = [
        ("wall, one machine", _milliseconds(local)),
        ("wall, cluster", _milliseconds(there)),
        ("processor time, one machine, all processes", _milliseconds(inputs.grading)),
        ("processor time, cluster, the command alone", _milliseconds(inputs.coordinator)),
    ]
    title = f"Grading: {counts[1]} submissions of {NAME} less {counts[0]}, two slots"
    return _table(title, ("for one more submission", "ms"), rows)


def _transport_table(plain: Transport, sent: dict[int, Transport]) -> str:
    rows = [("one machine", plain)]
    rows += [(f"cluster, batches of {most}", each) for most, each in sent.items()]
    heading = ("", "wall, ms", "coordinator, ms", "scheduler, ms", "Dask's workers, ms")
    return _table(
        f"Reading, sending, reporting: {BROKEN[1]} broken notebooks less {BROKEN[0]}, two slots",
        heading,
        [(name, *map(_milliseconds, vars(each).values())) for name, each in rows],
    )


def _model_tables(inputs: Inputs) -> str:
    values = [(name, f"{value:.4f}") for name, value in vars(inputs).items()]
    values.append(("cores that the coordinator keeps busy", f"{inputs.most_cores:.0f}"))
    rows = []
    for size in SIZES:
        for cores in CORES:
            hours = inputs.seconds(size, cores) / 3600
            rows.append((f"{size:,}", f"{cores}", f"{hours:.2f}", f"{cores * hours:.1f}"))
    rows = [(*row, f"{float(row[3]) * PRICE:.2f}") for row in rows]
    heading = ("submissions", "cores", "hours", "core-hours", f"at {PRICE} a core-hour")
    return "\n".join(
        [
            _table("Inputs of the model, seconds", ("input", "value"), values),
            _table("The model's answers; nothing of this was run", heading, rows),
        ]
    )


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.2f}" if seconds else NONE


def _table(title: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return f"### {title}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
