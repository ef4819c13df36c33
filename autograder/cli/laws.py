"""Commands that say whether what must hold does: ``validate`` and ``parity``."""

import math
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.consoles import say, warn
from autograder.cli.endings import ALL_GRADED, BROKEN_LAWS
from autograder.cli.options import (
    PATH,
    assignment_option,
    assignments_argument,
    chosen,
    found,
    submissions_argument,
    with_course,
    workers_option,
)
from autograder.cores import cores

if TYPE_CHECKING:
    from autograder.authoring.laws import LawReport
    from autograder.model import Course

NUMBERS = (
    ">checks",
    ">mutants",
    ">killed",
    ">named",
    ">generated",
    ">listed",
    ">alternatives",
    ">right",
    ">wrong",
)


@click.command()
@assignments_argument
@click.option("--matrix", is_flag=True, help="Show which check catches which mutant.")
@click.option("--draws", type=click.IntRange(0), default=0, help="Grade right answers so often.")
@click.option("--out", "folder", type=PATH, help="Write the report there.")
@with_course
def validate(
    course: "Course", assignments: tuple[str, ...], *, matrix: bool, draws: int, folder: Path | None
) -> None:
    """Test the laws for every exercise of the ASSIGNMENTS."""
    from autograder.authoring.trials import Trials
    from autograder.packaging.validation import examine
    from autograder.parallel import each_assignment
    from autograder.reporting.validity import write_validity

    names = [each.name for each in chosen(course, assignments)]
    done = []
    for each in each_assignment(course, names, partial(examine, draws=draws), cores()):
        done.append(each)
        _print_laws(each.laws, matrix=matrix)
        for law in each.laws.violations:
            warn(f"law {law.law}: {law.problem}")
        for problem in each.trials.failures:
            warn(f"law 4: {problem}")
        if draws:
            say(f"{each.laws.assignment}: {each.trials}")
        count = len(each.laws.violations) or "no"
        say(f"{each.laws.assignment}: {count} broken laws, {each.seconds:.1f} s")
    if draws and len(done) > 1:
        say(f"all: {sum((each.trials for each in done), Trials())}")
    if folder is not None:
        for path in write_validity(folder, done):
            say(f"wrote {path}")
    holds = all(each.holds for each in done)
    raise click.exceptions.Exit(ALL_GRADED if holds else BROKEN_LAWS)


def _print_laws(laws: "LawReport", *, matrix: bool) -> None:
    from autograder.cli.tables import show, table

    columns = table(laws.assignment, "exercise", *NUMBERS)
    for each in laws.exercises:
        margins = [margin for margin in each.margins.values() if not margin.statistical]
        columns.add_row(
            each.exercise,
            str(len(each.checks)),
            str(len(each.kills)),
            str(sum(bool(kills) for kills in each.kills.values())),
            str(sum(names == (name,) for name, names in each.names.items())),
            str(each.generated),
            str(each.reviewed),
            str(each.alternatives),
            f"{max((margin.right for margin in margins), default=0.0):.0e}",
            f"{min((margin.wrong for margin in margins), default=math.inf):.0e}",
        )
    show(columns)
    for each in laws.exercises:
        if each.idle:
            say(f"{each.exercise}: checks that catch no mistake: {', '.join(each.idle)}")
        if matrix:
            say("")
            say(each.exercise)
            for mutant, kills in each.kills.items():
                say(f"  {mutant}: {', '.join(kills) or 'survives'}")


@click.command()
@submissions_argument
@assignment_option
@workers_option
@with_course
def parity(
    course: "Course", submissions: Path, assignment: str | None, workers: int | None
) -> None:
    """Compare the scores of SUBMISSIONS with those of stock `otter run`."""
    from autograder.grading.batch import gradus_points
    from autograder.grading.parity import compare_with_otter
    from autograder.grading.pool import LocalGraders
    from autograder.packaging.bundle import DIST, require_current

    handed_in = found(course, submissions, assignment)
    workers = workers or cores()
    graders = LocalGraders(course, workers)
    different = 0
    for name in sorted({each.assignment for each in handed_in}):
        require_current(course, course.assignments[name])
        mine = [each for each in handed_in if each.assignment == name]
        scores = gradus_points(course, mine, graders)
        zipped = course.root / DIST / name / "autograder.zip"
        for each in compare_with_otter(mine, scores.__getitem__, zipped, workers):
            different += not each.equal
            say(_parity_line(each))
    say(f"{len(handed_in)} submissions compared, {different} differ")
    raise click.exceptions.Exit(BROKEN_LAWS if different else ALL_GRADED)


def _parity_line(comparison: Any) -> str:
    submission = comparison.submission
    name = f"{submission.assignment}/{submission.student}"
    if not comparison.gradus or not comparison.otter:
        who = [
            f"{grader} graded it" if points else f"{grader} did not"
            for grader, points in (("gradus", comparison.gradus), ("otter", comparison.otter))
        ]
        return f"{name}: {', '.join(who)}"
    gradus, otter = sum(comparison.gradus.values()), sum(comparison.otter.values())
    line = f"{name}: gradus {gradus:g}, otter {otter:g}, difference {comparison.difference:.3g}"
    names = comparison.gradus.keys() | comparison.otter.keys()
    apart = sorted(
        each
        for each in names
        if abs(comparison.gradus.get(each, 0) - comparison.otter.get(each, 0)) > 1e-6
    )
    return f"{line} ({', '.join(apart)})" if apart else line
