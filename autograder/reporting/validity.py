"""The report on the laws: a page for people, and the same as JSON."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.authoring.laws import ExerciseReport, LawReport
from autograder.authoring.trials import Trials


def write_validity(
    folder: Path, reports: Sequence[LawReport], trials: Mapping[str, Trials]
) -> list[Path]:
    """Write ``validity.md`` and ``validity.json``.

    Parameters
    ----------
    reports : sequence of LawReport
        One for each assignment.
    trials : mapping of str to Trials
        By assignment; empty if none were run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page, data = folder / "validity.md", folder / "validity.json"
    page.write_text("\n".join(_page(reports, trials)) + "\n", encoding="utf-8")
    content = [_as_json(each, trials.get(each.assignment)) for each in reports]
    data.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return [page, data]


def _page(reports: Sequence[LawReport], trials: Mapping[str, Trials]) -> list[str]:
    lines = [
        "# Validity",
        "",
        "Written by `make validity`. For every exercise: each known mistake and the checks that",
        "catch it, and for each check the worst error of a right answer, the tolerance, and the",
        "least error of a wrong one, relative to the conditioning of the values.",
        "",
    ]
    for report in reports:
        mutants = sum(len(each.kills) for each in report.exercises)
        killed = sum(bool(kills) for each in report.exercises for kills in each.kills.values())
        named = sum(n == (m,) for each in report.exercises for m, n in each.names.items())
        lines += [
            f"## {report.assignment}",
            "",
            f"- known mistakes: {mutants}; caught: {killed}; named uniquely: {named}",
            f"- broken laws: {len(report.violations)}",
        ]
        done = trials.get(report.assignment)
        if done:
            lines.append(
                f"- right answers graded: {done.count}; failed: {len(done.failures)}; at most "
                f"{done.bound:.1e} of right answers fail (95 % confidence)"
            )
        lines.append("")
        for exercise in report.exercises:
            lines += _exercise(exercise)
    return lines


def _exercise(report: ExerciseReport) -> list[str]:
    lines = [f"### {report.exercise.name}", "", "| Check | right | tolerance | wrong |"]
    lines.append("|---|---|---|---|")
    for name, margin in report.margins.items():
        lines.append(
            f"| `{name}` | {margin.right:.0e} | {margin.eta:.0e} | {_number(margin.wrong)} |"
        )
    idle = idle_checks(report)
    lines += ["", "| Mistake | Caught by |", "|---|---|"]
    for mutant, kills in report.kills.items():
        lines.append(f"| `{mutant}` | {', '.join(f'`{each}`' for each in kills) or 'nothing'} |")
    lines.append("")
    if idle:
        lines += [f"Checks that catch nothing: {', '.join(f'`{each}`' for each in idle)}.", ""]
    return lines


def idle_checks(report: ExerciseReport) -> list[str]:
    """Return the checks of an exercise that catch no mutant."""
    busy = {name for kills in report.kills.values() for name in kills}
    return [check.name for check in report.exercise.checks if check.name not in busy]


def _number(value: float) -> str:
    return f"{value:.0e}" if math.isfinite(value) else "not by values"


def _as_json(report: LawReport, trials: Trials | None) -> dict[str, Any]:
    return {
        "assignment": report.assignment,
        "violations": [f"law {each.law}: {each.problem.message}" for each in report.violations],
        "trials": None
        if trials is None
        else {"count": trials.count, "failures": len(trials.failures), "bound": trials.bound},
        "exercises": [
            {
                "exercise": each.exercise.name,
                "kills": {name: list(kills) for name, kills in each.kills.items()},
                "named": {name: list(names) for name, names in each.names.items()},
                "idle": idle_checks(each),
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
