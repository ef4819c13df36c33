"""What one student may read, on a terminal: `reporting.feedback` decides what that is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from autograder.cli.consoles import signs
from autograder.cli.tables import ACCENT, RIGHT, WRONG, show
from autograder.reporting.feedback import CheckFeedback, ExerciseFeedback, Feedback, feedback
from autograder.texts import line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from autograder.grading.records import Record
    from autograder.reporting.finals import Final, Key


def print_feedback(
    records: "Iterable[Record]", finals: "Mapping[Key, Final]", titles: Mapping[str, str]
) -> None:
    """Print the feedback on each result."""
    for record in records:
        name = record["assignment"]
        final = finals.get((name, record["student"]))
        said = feedback(record, titles.get(name, name), final, {})
        heading = Text(line(f"{record['student']}: {said.title}"), "bold")
        show(heading, *_submission(said), "")


def _submission(said: Feedback) -> "Iterator[RenderableType]":
    if said.score is None:
        yield Text(line(said.reason), WRONG)
        return
    rest = f"{said.missing:g} still to get" if said.missing else "nothing is missing"
    yield f"{said.score:g} of {said.points:g} points, {rest}"
    if said.final:
        yield said.final
    for exercise in said.exercises:
        yield _exercise(exercise)
    if said.cells:
        yield "Cells that did not run to their end:"
        yield from (Padding(cell, (0, 0, 0, 2)) for cell in said.cells)


def _exercise(exercise: ExerciseFeedback) -> Table:
    """Return the points of an exercise and, if some are missing, what became of its checks."""
    complete = exercise.score >= exercise.points
    points = f"  {exercise.score:g} of {exercise.points:g}"
    parts = _marked(Text.assemble((exercise.name, "bold"), points), right=complete)
    for check in () if complete else exercise.checks:
        parts.add_row("", _check(check))
    if exercise.hidden and not complete:
        parts.add_row("", exercise.hidden)
    return parts


def _check(check: CheckFeedback) -> Table:
    """Return the statement of a check; if it does not hold, what is wrong, and the hint."""
    parts = _marked(check.title, right=check.passed)
    if check.message:
        parts.add_row("", check.message)
    if check.hint:
        parts.add_row("", Text(f"{signs().hint} {check.hint}", ACCENT))
    return parts


def _marked(text: "RenderableType", *, right: bool) -> Table:
    """Return a sign and a text, under which more may stand."""
    parts = Table.grid("", "", padding=(0, 1))
    parts.add_row(Text(signs().right, RIGHT) if right else Text(signs().wrong, WRONG), text)
    return parts
