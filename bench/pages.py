"""How long the report of a class takes to write and to open, and how large it is.

``python -m bench.pages`` makes classes up, measures, and writes its part of docs/benchmarks.md.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import click

from autograder.errors import FaultError
from autograder.grading.store import Store
from autograder.reporting.finals import earned, final_scores
from autograder.reporting.pages.dashboard import FILE, write_dashboard
from autograder.terms import Policy
from bench.environments import ROOT, machine
from tests.browser.browsers import launched
from tests.browser.classes import made_class

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAGE: Final = ROOT / "docs/benchmarks.md"
BEGIN: Final = "<!-- begin: written by python -m bench.pages -->"
END: Final = "<!-- end of pages -->"
ROUNDS: Final = 5  # the table shows medians
ASSIGNMENTS: Final = ("a06_optimizers",)  # ten exercises with a hundred checks
CLASSES: Final = (300, 1000, 3000)
POLICY: Final = Policy({}, 0, UTC, None)
HEADING: Final = ("students", "written, s", "size, MB", "opened, s", "searched, s", "sorted, s")


@dataclass(frozen=True)
class Measured:
    """Medians of one class: bytes, and seconds."""

    students: int
    size: int
    written: float
    opened: float
    searched: float
    ordered: float

    def cells(self) -> tuple[str, ...]:
        """Return the row of the table."""
        seconds = (self.opened, self.searched, self.ordered)
        sizes = (f"{self.students}", f"{self.written:.1f}", f"{self.size / 1e6:.2f}")
        return (*sizes, *(f"{each:.2f}" for each in seconds))


def main() -> None:
    """Measure every class and write the table."""
    with TemporaryDirectory() as folder, launched() as browser:
        done = [measure(Path(folder) / str(count), count, browser) for count in CLASSES]
        about = _about(browser)
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_table(text, about, done), encoding="utf-8")
    click.echo(f"wrote {PAGE.relative_to(ROOT)}")


def measure(folder: Path, count: int, browser: "Browser") -> Measured:
    """Make a class up, write its report and open it, some times over."""
    made_class(folder, ASSIGNMENTS, count)
    written = [_seconds(lambda: write(folder)) for _ in range(ROUNDS)]
    steps = [_steps(browser, folder / FILE) for _ in range(ROUNDS)]
    opened, searched, ordered = (median(each) for each in zip(*steps, strict=True))
    click.echo(f"{count} students: written in {median(written):.1f} s, opened in {opened:.2f} s")
    size = (folder / FILE).stat().st_size
    return Measured(count, size, median(written), opened, searched, ordered)


def write(folder: Path) -> None:
    """Write the report as ``gradus report`` does, final scores included."""
    with Store.existing(folder) as store:
        finals = final_scores(POLICY, earned(store.records()), {})
        write_dashboard(folder, store, POLICY, finals, titles={}, now=datetime.now(UTC))


def _steps(browser: "Browser", report: Path) -> tuple[float, float, float]:
    """Return how long it takes until the last table can be used, until it is searched, sorted."""
    page = browser.new_page()
    rows = page.locator("table.submissions tbody tr")

    def opened() -> None:
        page.goto(report.as_uri())
        rows.first.wait_for()

    seconds = _seconds(opened), _seconds(lambda: _search(page)), _seconds(lambda: _sort(page))
    page.close()
    return seconds


def _search(page: "Page") -> None:
    page.get_by_label("Search “All submissions”").fill("lund")
    page.locator("table.submissions tbody tr", has_text="Lund").first.wait_for()


def _sort(page: "Page") -> None:
    head = page.locator("table.submissions thead th", has_text="Score")
    head.get_by_role("button").click()
    page.locator("table.submissions th[aria-sort]").wait_for()


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def with_table(text: str, about: str, done: Sequence[Measured]) -> str:
    """Return the page with its generated part written anew.

    Raises
    ------
    FaultError
        If the markers are missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise FaultError("docs/benchmarks.md has lost the markers of the report's table")
    lines = [HEADING, ["---:"] * len(HEADING), *(each.cells() for each in done)]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"{before}{BEGIN}\n\n{about}\n\n{table}\n{END}{after}"


def _about(browser: "Browser") -> str:
    here = machine()
    return (
        f"Medians of {ROUNDS} rounds; Chromium {browser.version}, Python {here['Python']}, "
        f"{here['Cores']} cores of {here['Processor']}."
    )


if __name__ == "__main__":
    main()
