"""What several commands take: the course, some of its assignments, submissions."""

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from autograder.cli.consoles import warn
from autograder.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from autograder.grading.intake.find import Submissions
    from autograder.model import Assignment, Course

Command = TypeVar("Command", bound=Callable[..., Any])

PATH = click.Path(path_type=Path)

assignments_argument = click.argument("assignments", nargs=-1)
submissions_argument = click.argument("submissions", type=PATH)
assignment_option = click.option(
    "--assignment", help="The assignment that all SUBMISSIONS are for."
)
workers_option = click.option(
    "--workers", type=click.IntRange(1), default=None, help="Default: one per core."
)
feedback_option = click.option(
    "--feedback/--no-feedback", default=True, help="Write a page for each student."
)
anonymous_option = click.option(
    "--anonymous", is_flag=True, help="Hide the names of students in report.html."
)
times_option = click.option("--times", type=PATH, help="CSV of times of submission.")


def confinement_option(where: str) -> Callable[[Command], Command]:
    """Return the option that says what to do somewhere that can't confine student code fully."""
    return click.option(
        "--confinement",
        type=click.Choice(["required", "available"]),
        default="required",
        show_default=True,
        help=f"What to do {where} that can't confine student code fully: refuse, or go on.",
    )


def with_course(command: Command) -> Command:
    """Pass the loaded course as the first argument."""

    @click.pass_context
    @wraps(command)
    def loaded(context: click.Context, /, *args: Any, **kwargs: Any) -> Any:
        from autograder.course import load_course

        return command(load_course(root_of(context)), *args, **kwargs)

    return loaded  # type: ignore[return-value]


def root_of(context: click.Context) -> Path:
    """Return the folder of the course: the one given, or the nearest one that holds a course."""
    here = Path.cwd()
    if context.obj is not None:
        return Path(context.obj)
    return next((each for each in (here, *here.parents) if (each / "grading.yml").is_file()), here)


def chosen(course: "Course", names: Sequence[str]) -> "list[Assignment]":
    """Return the assignments of these names, or all if there is none.

    Raises
    ------
    UsageError
        If one is not in the course.
    """
    for name in names:
        if name not in course.assignments:
            hint = did_you_mean(name, list(course.assignments))
            raise UsageError(
                f"there is no assignment {name!r}; the course has "
                f"{', '.join(course.assignments)}.{hint}"
            )
    return [course.assignments[name] for name in names or course.assignments]


def found(course: "Course", path: Path, assignment: str | None) -> "Submissions":
    """Find the submissions at a path, and say what they are taken for."""
    from autograder.grading.intake.find import find_submissions

    submissions = find_submissions(path, list(course.assignments), assignment)
    for note in submissions.notes:
        warn(note)
    return submissions
