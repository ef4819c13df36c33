"""From raw numbers to the generated part of ``docs/benchmarks.md``."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from autograder.errors import FaultError
from bench.figures import Spread, growth, ratios, series, speedups, spread

BEGIN: Final = "<!-- begin: written by make bench -->"
END: Final = "<!-- end -->"
ORDER: Final = ("Gradus", "Gradus, every cell", "otter run", "nbgrader", "fresh Python", "floor")
SETS: Final = {"solved": "the solved notebook", "mix": "the class"}
MEMORY: Final = {
    "coordinator": "the process that was started",
    "grader": "Gradus: a grading process",
    "server": "Gradus: the sandbox's server",
    "worker": "Gradus: a worker, private memory",
    "all": "all processes together",
}
NONE: Final = "–"

Raw = Mapping[str, Any]


def with_results(page: str, raw: Raw) -> str:
    """Return the page with its generated part written anew.

    Raises
    ------
    FaultError
        If the markers are missing.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise FaultError("docs/benchmarks.md has lost the markers of its generated part")
    return f"{before}{BEGIN}\n\n{tables(raw)}\n{END}{after}"


def tables(raw: Raw) -> str:
    """Return all tables for which there are numbers."""
    parts = [_machine(raw["machine"])]
    parts += [_speed(name, rounds) for name, rounds in sorted(raw.get("speed", {}).items())]
    if "memory" in raw:
        parts.append(_memory(raw["memory"]))
    if "endurance" in raw:
        parts.append(_endurance(raw["endurance"]))
    if "confinement" in raw:
        parts.append(_confinement(raw["confinement"]))
    return "\n".join(parts)


def _machine(machine: Mapping[str, str]) -> str:
    return _table("The machine", ("", ""), machine.items())


def _speed(name: str, rounds: Sequence[Mapping[str, Any]]) -> str:
    rows = [row for which in SETS for system in ORDER for row in _speed_row(rounds, system, which)]
    heading = (
        "submissions",
        "system",
        "CPU, ms",
        "wall, ms",
        "CPU over the floor",
        "CPU over Gradus",
        "a minute and core",
    )
    two = ("system", "CPU, s", "wall, s")
    two += tuple(f"two at a time: {each}" for each in ("wall, ms", "one over two", "a minute"))
    return "\n".join(
        [
            _table(f"Speed: {name}, {len(rounds)} rounds", heading, rows),
            _table(
                f"A lone submission, and two at a time: {name}",
                two,
                [row for system in ORDER for row in _lone_row(rounds, system)],
            ),
        ]
    )


def _speed_row(
    rounds: Sequence[Mapping[str, Any]], system: str, which: str
) -> Iterable[tuple[str, ...]]:
    cpu = series(rounds, system, which, "cpu")
    if not cpu:
        return
    yield (
        SETS[which],
        system,
        _milliseconds(spread(cpu)),
        _milliseconds(spread(series(rounds, system, which, "wall"))),
        *(_times(ratios(rounds, system, to, which, "cpu")) for to in ("floor", "Gradus")),
        f"{60 / spread(cpu).middle:.0f}",
    )


def _lone_row(rounds: Sequence[Mapping[str, Any]], system: str) -> Iterable[tuple[str, ...]]:
    cold = [each[system]["cold"] for each in rounds if "cold" in each.get(system, {})]
    if not cold:
        return
    walls = series(rounds, system, "pair", "wall")
    seconds = [f"{spread([each[kind] for each in cold]).middle:.2f}" for kind in ("cpu", "wall")]
    pair = [NONE] * 3
    if walls:
        faster = _times(speedups(rounds, system))
        pair = [_milliseconds(spread(walls)), faster, f"{60 / spread(walls).middle:.0f}"]
    yield (system, *seconds, *pair)


def _memory(memory: Mapping[str, Mapping[str, float]]) -> str:
    rows = [
        (system, text, f"{memory[system][kind]:.0f}")
        for system in ORDER
        for kind, text in MEMORY.items()
        if memory.get(system, {}).get(kind)
    ]
    return _table("Peak memory", ("system", "of", "MB"), rows)


def _endurance(samples: Sequence[Mapping[str, float]]) -> str:
    kinds = ("coordinator", "grader", "server")
    samples = [each for each in samples if each.keys() >= set(kinds)]  # others: they had ended
    rows = [
        (
            MEMORY[kind],
            f"{samples[0][kind]:.1f}",
            f"{samples[-1][kind]:.1f}",
            f"{growth(samples, kind):+.2f}",
        )
        for kind in kinds
    ]
    heading = (
        "process",
        f"after {samples[0]['graded']:.0f}, MB",
        f"after {samples[-1]['graded']:.0f}, MB",
        "growth per thousand, MB",
    )
    return _table("Memory over a long run", heading, rows)


def _confinement(measured: Mapping[str, Any]) -> str:
    children = measured["layers"]
    rows = [
        (name.replace("_", " "), _microseconds(spread([each[name] for each in children])))
        for name in children[0]
    ]
    total = spread([sum(each.values()) for each in children])
    rows.append(("all layers", _microseconds(total)))
    parts = [_table("Confinement of a worker", ("layer", "µs"), rows)]
    lives = [
        (text, _microseconds(spread(measured["lives"][kind])))
        for kind, text in (("confined", "with every layer"), ("bare", "without any"))
    ]
    heading = ("a worker: started, 20 cells, 500 calls, ended", "wall, µs")
    return "\n".join([*parts, _table("Confinement of a submission", heading, lives)])


def _milliseconds(value: Spread) -> str:
    return _within(value, 1000)


def _microseconds(value: Spread) -> str:
    return _within(value, 1_000_000)


def _within(value: Spread, factor: float) -> str:
    middle, low, high = (each * factor for each in (value.middle, value.low, value.high))
    return f"{middle:.0f} ({low:.0f} to {high:.0f})"


def _times(values: Sequence[float]) -> str:
    if not values:
        return NONE
    each = spread(values)
    return f"{each.middle:.3g} ({each.low:.3g} to {each.high:.3g})"


def _table(title: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return f"### {title}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)
