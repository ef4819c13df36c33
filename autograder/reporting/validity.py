"""The report on the laws: a page for people, and the same as JSON."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder.authoring.laws import ExerciseReport, LawReport
from autograder.authoring.trials import Trials
from autograder.packaging.validation import Validation


def write_validity(folder: Path, done: Sequence[Validation]) -> list[Path]:
    """Write ``validity.md`` and ``validity.json``.

    Parameters
    ----------
    done : sequence of Validation
        One for each assignment.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page, data = folder / "validity.md", folder / "validity.json"
    page.write_text("\n".join(_page(done)) + "\n", encoding="utf-8")
    content = [_as_json(each.laws, each.trials) for each in done]
    data.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return [page, data]


def _page(done: Sequence[Validation]) -> list[str]:
    lines = [
        "# Validity",
        "",
        "Written by `make validity`. For every exercise: each known mistake and the checks that",
        "catch it, and for each check the worst error of a right answer, the tolerance, and the",
        "least error of a wrong one, relative to the conditioning of the values. A check of random",
        "numbers is marked with σ: there the three are in units of its limits, each of which a",
        "right answer passes once in 10¹² by chance.",
        "",
        "| Assignment | exercises | checks | known mistakes | caught | named | generated | "
        "caught | listed as harmless | alternatives | right answers graded | failed |",
        "|---|" + "---:|" * 11,
    ]
    rows = [_counts(each) for each in done]
    totals = [sum(column) for column in zip(*rows, strict=True)]
    for name, row in zip([*(e.laws.assignment for e in done), "all"], [*rows, totals], strict=True):
        lines.append(f"| {name} | {' | '.join(str(number) for number in row)} |")
    trials = sum((each.trials for each in done), Trials())
    if trials.count:
        lines += ["", f"{trials}."]
    for each in done:
        lines += ["", f"## {each.laws.assignment}", ""]
        lines += [f"- law {law.law}: {law.problem.message}" for law in each.laws.violations]
        for exercise in each.laws.exercises:
            lines += _exercise(exercise)
    return lines


def _counts(done: Validation) -> list[int]:
    exercises = done.laws.exercises
    generated = sum(each.generated for each in exercises)
    reviewed = sum(each.reviewed for each in exercises)
    return [
        len(exercises),
        sum(len(each.checks) for each in exercises),
        sum(len(each.kills) for each in exercises),
        sum(bool(kills) for each in exercises for kills in each.kills.values()),
        sum(names == (mutant,) for each in exercises for mutant, names in each.names.items()),
        generated,
        generated - reviewed,
        reviewed,
        sum(each.alternatives for each in exercises),
        done.trials.count,
        len(done.trials.failures),
    ]


def _exercise(report: ExerciseReport) -> list[str]:
    lines = [f"### {report.exercise}", "", "| Check | right | tolerance | wrong |"]
    lines.append("|---|---|---|---|")
    for name, margin in report.margins.items():
        mark = " σ" if margin.statistical else ""
        lines.append(
            f"| `{name}`{mark} | {margin.right:.0e} | {margin.eta:.0e} | {_number(margin.wrong)} |"
        )
    idle = report.idle
    lines += ["", "| Mistake | Caught by |", "|---|---|"]
    for mutant, kills in report.kills.items():
        lines.append(f"| `{mutant}` | {', '.join(f'`{each}`' for each in kills) or 'nothing'} |")
    lines.append("")
    if idle:
        lines += [f"Checks that catch nothing: {', '.join(f'`{each}`' for each in idle)}.", ""]
    return lines


def _number(value: float) -> str:
    return f"{value:.0e}" if math.isfinite(value) else "not by values"


def _as_json(report: LawReport, trials: Trials) -> dict[str, Any]:
    return {
        "assignment": report.assignment,
        "violations": [f"law {each.law}: {each.problem.message}" for each in report.violations],
        "trials": {"count": trials.count, "failures": len(trials.failures), "bound": trials.bound},
        "exercises": [
            {
                "exercise": each.exercise,
                "kills": {name: list(kills) for name, kills in each.kills.items()},
                "named": {name: list(names) for name, names in each.names.items()},
                "idle": list(each.idle),
                "margins": {
                    name: {
                        "right": margin.right,
                        "tolerance": margin.eta,
                        "wrong": margin.wrong if math.isfinite(margin.wrong) else None,
                    }
                    for name, margin in each.margins.items()
                },
            }
            for each in report.exercises
        ],
    }
