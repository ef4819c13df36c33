"""Commands that make what students and graders receive: ``new``, ``dist``, ``gradescope``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.cli.consoles import say
from autograder.cli.options import (
    PATH,
    assignments_argument,
    chosen,
    confinement_option,
    root_of,
    with_course,
)
from autograder.cores import cores

if TYPE_CHECKING:
    from autograder.model import Course


@click.command()
@click.argument("assignment")
@click.pass_context
def new(context: click.Context, assignment: str) -> None:
    """Make the folder of a new ASSIGNMENT, with an exercise to start from."""
    from autograder.packaging.scaffold import write_assignment

    for path in write_assignment(root_of(context), assignment):
        say(f"wrote {path}")


@click.command()
@assignments_argument
@click.option(
    "--students",
    type=PATH,
    help="Roster (CSV); write a notebook for each student where the assignment has {variant}.",
)
@click.option("--fresh", is_flag=True, help="Build also what has not changed.")
@with_course
def dist(
    course: "Course", assignments: tuple[str, ...], students: Path | None, *, fresh: bool
) -> None:
    """Build student/ and dist/ for the ASSIGNMENTS, or for all of them."""
    from autograder.packaging.bundle import is_current, rebuild
    from autograder.packaging.validation import check_markers
    from autograder.packaging.variants import write_variants
    from autograder.parallel import each_assignment
    from autograder.roster import read_roster

    roster = read_roster(students) if students else None
    check_markers(course)
    old = []
    for assignment in chosen(course, assignments):
        if fresh or not is_current(course, assignment):
            old.append(assignment.name)
        else:
            say(f"{assignment.name}: up to date")
    for name, files, seconds in each_assignment(course, old, rebuild, cores()):
        say(f"{name}: built {files} files in {seconds:.1f} s")
    if roster is None:
        return
    for assignment in chosen(course, assignments):
        count = write_variants(course, assignment, roster)
        text = f"{count} notebooks of students" if count else "the same notebook for every student"
        say(f"{assignment.name}: {text}")


@click.command()
@assignments_argument
@confinement_option("in a container")
@with_course
def gradescope(course: "Course", assignments: tuple[str, ...], *, confinement: Any) -> None:
    """Pack Gradus with each of the ASSIGNMENTS, or with all, for Gradescope to grade confined."""
    from autograder.packaging.gradescope import write_gradescope

    for assignment in chosen(course, assignments):
        path = write_gradescope(course, assignment, confinement)
        say(f"{assignment.name}: wrote {path.relative_to(course.root)}")
