"""The line on a terminal that says how far a batch is, how fast it is, and how long it will take.

It is drawn four times a second, whatever the number of submissions.
"""

from collections import Counter

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from autograder.cli.tables import ACCENT, RIGHT, WRONG, Terminal
from autograder.model import Status

PER_SECOND = 4
WIDEST = 40


class Rate(ProgressColumn):
    """Submissions per minute, lately."""

    def render(self, task: Task) -> Text:
        """Return the rate; nothing as long as there is none."""
        return Text(f"{task.speed * 60:.0f}/min" if task.speed else "")


class Counts(ProgressColumn):
    """How many submissions have each status."""

    def render(self, task: Task) -> Text:
        """Return the counts; a status without a score is set apart."""
        counts: Counter[str] = task.fields["counts"]
        parts = [
            Text(f"{counts[status]:,} {status}", RIGHT if status is Status.GRADED else WRONG)
            for status in Status
            if counts[status]
        ]
        return Text(", ").join(parts)


class Bar:
    """A bar of submissions.

    Parameters
    ----------
    total, before : int
        How many there are, and how many of them were graded by an earlier run.
    counts : counter of str
        How many have each status; read again whenever the bar is drawn.
    """

    def __init__(self, total: int, before: int, counts: Counter[str]) -> None:
        self._progress = Progress(
            BarColumn(WIDEST, complete_style=ACCENT, finished_style=ACCENT),
            MofNCompleteColumn(),
            Rate(),
            TimeRemainingColumn(compact=True),
            TextColumn("left"),
            Counts(),
            console=Terminal(),
            refresh_per_second=PER_SECOND,
        )
        self._task = self._progress.add_task("", total=total, completed=before, counts=counts)

    def start(self) -> None:
        """Show it."""
        self._progress.start()

    def advance(self) -> None:
        """Count one more."""
        self._progress.advance(self._task)

    def stop(self) -> None:
        """Leave it as it is."""
        self._progress.stop()
