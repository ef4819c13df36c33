"""Measure, keep the raw numbers under ``build/bench/``, and write ``docs/benchmarks.md``."""

import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import click

from autograder.course import load_course
from autograder.errors import GradusError
from autograder.model import Course
from bench import environments, memory
from bench.classes import ASSIGNMENTS, Class, read_class
from bench.confinement import layer_seconds, life_seconds
from bench.report import with_results
from bench.systems import PYTHON, SYSTEMS, System

PAGE = environments.ROOT / "docs/benchmarks.md"
RAW = environments.FOLDER / "raw.json"
WORK = environments.FOLDER / "work"
PARTS = (*ASSIGNMENTS, "confinement", "memory", "endurance")
INSPECTING = PARTS[-2:]
USUAL = PARTS[:-1]  # the long run takes longer than all others together


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option("--rounds", type=click.IntRange(1), default=5, help="Of the comparison of speed.")
@click.option("--count", type=click.IntRange(500), default=5000, help="Submissions, long run.")
def bench(parts: tuple[str, ...], rounds: int, count: int) -> None:
    """Measure the PARTS, or all but the long run; the page shows all that were measured."""
    shutil.rmtree(WORK, ignore_errors=True)
    chosen = parts or USUAL
    course = load_course(environments.ROOT)
    for folder in (PYTHON.parent, *map(environments.scripts, ("otter-grader", "nbgrader"))):
        environments.warm_up(folder)
    raw = json.loads(RAW.read_text(encoding="utf-8")) if RAW.exists() else {}
    raw["machine"] = environments.machine()
    _store(raw)
    names = [name for name in ASSIGNMENTS if name in chosen]
    if names:
        fresh = {name: read_class(course, name) for name in names}
        raw["speed"] = {**raw.get("speed", {}), **_speed(fresh, rounds)}
        _store(raw)
    for part in (each for each in chosen if each not in ASSIGNMENTS):
        if part in INSPECTING and os.geteuid():
            click.echo(f"{part}: left out, only root may inspect the processes of the sandbox")
            continue
        click.echo(f"{part} ...")
        raw[part] = _single(part, course, count)
        _store(raw)
    shutil.rmtree(WORK, ignore_errors=True)
    click.echo(f"wrote {PAGE.relative_to(environments.ROOT)}")


def _speed(handed_in: dict[str, Class], rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Measure every system on every assignment once a round, so that all meet the same machine."""
    systems = {
        name: [make(each, WORK / name) for make in SYSTEMS] for name, each in handed_in.items()
    }
    measured: dict[str, list[dict[str, Any]]] = {name: [] for name in handed_in}
    for turn in range(rounds):
        for name, compared in systems.items():
            order = compared[turn % len(compared) :] + compared[: turn % len(compared)]
            found = {system.name: _timed(system, name, turn) for system in order}
            measured[name].append(found)
    return measured


def _timed(system: System, name: str, turn: int) -> dict[str, dict[str, float]]:
    started = time.perf_counter()
    found = system.measure(turn)
    click.echo(f"round {turn + 1}, {name}, {system.name}: {time.perf_counter() - started:.0f} s")
    return found


def _single(part: str, course: Course, count: int) -> Any:
    """Measure what is no comparison of speed."""
    if part == "confinement":
        return {"layers": layer_seconds(), "lives": life_seconds()}
    handed_in = read_class(course, ASSIGNMENTS[0])
    if part == "memory":
        return memory.peaks(handed_in, WORK / part, list(SYSTEMS))
    return memory.endurance(handed_in, WORK / part, count, 2)


def _store(raw: dict[str, Any]) -> None:
    """Keep the raw numbers and write the page, so that a stopped run loses little."""
    Path(RAW).parent.mkdir(parents=True, exist_ok=True)
    RAW.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(with_results(PAGE.read_text(encoding="utf-8"), raw), encoding="utf-8")


def main() -> None:
    """Run the benchmarks; a deliberate error is one sentence."""
    try:
        bench()
    except GradusError as error:
        click.echo(f"bench: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
