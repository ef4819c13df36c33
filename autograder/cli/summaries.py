"""What came of a batch: its students if they are few, and how the class did in each assignment."""

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from rich.columns import Columns
from rich.table import Table
from rich.text import Text

from autograder.cli.consoles import signs
from autograder.cli.tables import ACCENT, WRONG, Terminal, show, table
from autograder.reporting.pages.standings import BINS, Standing, standing
from autograder.texts import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from autograder.cli.progress import Row

MOST_LISTED = 50  # students of an assignment; more than that nobody reads in a terminal
NARROW = 60
WIDEST = 40
BESIDE_BARS = 16  # label and count


def print_summary(rows: "Sequence[Row]") -> None:
    """Print the tables that close a batch."""
    for name, group in groupby(sorted(rows), attrgetter("assignment")):
        mine = list(group)
        if len(mine) <= MOST_LISTED:
            show(_students(name, mine), "")
        if len(mine) > 1:
            _print_standing(name, mine)


def _students(name: str, rows: "Sequence[Row]") -> Table:
    columns = ["student", ">score", ">points", "status", "misconceptions"]
    if Terminal().width < NARROW:
        columns.pop()
    students = table(name, *columns)
    for each in rows:
        cells = (
            line(each.student),
            "" if each.score is None else f"{each.score:.2f}",
            f"{each.points:g}",
            each.status,
            line(each.misconceptions),
        )
        students.add_row(*cells[: len(columns)], style=None if each.status == "graded" else WRONG)
    return students


def _print_standing(name: str, rows: "Sequence[Row]") -> None:
    result = standing([(each.score, each.points) for each in rows])
    heading = f"{name}: {result.graded:,} graded, {result.review:,} to review"
    if not result.graded:
        show(Text(heading, "bold"), "")
        return
    share = f"{100 * result.full / result.graded:.0f} %"
    show(Text(f"{heading}, {result.full:,} with full marks ({share})", "bold"))
    points = max(each.points for each in rows)
    show(Columns([_figures(result, points), _bars(result)], padding=(0, 4)), "")


def _figures(result: Standing, points: float) -> Table:
    figures = Table.grid("", "", padding=(0, 2))
    figures.columns[1].justify = "right"
    for name, value in (
        ("points", f"{points:g}"),
        ("mean", f"{result.mean:.2f}"),
        ("upper quartile", f"{result.upper:.2f}"),
        ("median", f"{result.median:.2f}"),
        ("lower quartile", f"{result.lower:.2f}"),
    ):
        figures.add_row(name, value)
    return figures


def _bars(result: Standing) -> Table:
    """Return the histogram of scores, the best first."""
    most, shown = max(result.counts), signs()
    widest = min(WIDEST, max(1, Terminal().width - BESIDE_BARS))
    bars = Table.grid("", "", padding=(0, 1))
    bars.columns[0].justify = "right"
    for place in reversed(range(BINS)):
        count = result.counts[place]
        bar = shown.block * -(-widest * count // most)  # a single student is seen as well
        label = f"{100 * place // BINS}{shown.dash}{100 * (place + 1) // BINS} %"
        bars.add_row(label, Text.assemble((bar, ACCENT), f" {count:,}" if count else ""))
    return bars
