"""The page ``report.html``: what a class did, for those who teach it.

One file that needs no other and no network. Short tables are in it as they are; of the long ones,
a script shows a page at a time. No text in it is taken for markup, and the browser is told to run
nothing but that script.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup

from autograder.grading.store import Store
from autograder.reporting.exports.compare import Change
from autograder.reporting.exports.writers import ADVICE
from autograder.reporting.files import write_text
from autograder.reporting.finals import Final, Key
from autograder.reporting.pages.comparisons import Comparison, compared
from autograder.reporting.pages.details import Details, shortened
from autograder.reporting.pages.figures import BINS, counts, histogram
from autograder.reporting.pages.labels import Labels, Names, keep_labels
from autograder.reporting.pages.rendering import render, script, style
from autograder.reporting.pages.sheets import Sheet
from autograder.reporting.pages.surveys import Misconception, Survey
from autograder.terms import Policy
from autograder.texts import file_names

FILE = "report.html"
FEEDBACK = "feedback"  # the folder with a page for each student
MOST = 250  # rows of a list in the order of how common something is
NAMED = 20  # students whom such a row names
DRAWN = 20  # misconceptions with a picture

Unknown = Mapping[tuple[str, str, str], Sequence[str]]
# From assignment, student, exercise and check to an <svg> element, or to nothing.
Draw = Callable[[str, str, str, str], str]


def write_dashboard(
    folder: Path,
    store: Store,
    policy: Policy,
    finals: Mapping[Key, Final],
    *,
    titles: Mapping[str, str],
    now: datetime,
    anonymous: bool = False,
    changes: Sequence[Change] | None = None,
    draw: Draw | None = None,
) -> None:
    """Write ``report.html``, in one atomic step.

    Parameters
    ----------
    folder : pathlib.Path
        The results folder, in which the students' own pages are, if they are.
    policy : Policy
        Of the course, which knows by what other names a student goes.
    finals : mapping
        Final scores by assignment and student.
    titles : mapping of str to str
        Of the assignments of the course.
    now : datetime.datetime
        With a time zone.
    anonymous : bool
        Whether to show labels for names.
    changes : sequence of Change, optional
        Since an earlier run.
    draw : callable, optional
        Draws what a public check found, for the examples of the most common misconceptions.
    """
    names = _labels(folder, store, policy, changes or ()) if anonymous else Names()
    survey, details = Survey(finals, titles), Details(names)
    for record in store.records():
        survey.add(record)
        details.add(record, finals.get((record["assignment"], record["student"])))
    pages = {} if anonymous else _pages(folder, survey.students)
    comparison = None if changes is None else compared(changes)
    page = Page(survey, names, store.unknown_mistakes(), draw)
    data = details.data(titles, pages)
    if comparison is not None:
        data["changes"] = page.changes(comparison)
    write_text(folder / FILE, _rendered(page, comparison, data, now))


def _labels(folder: Path, store: Store, policy: Policy, changes: Sequence[Change]) -> Labels:
    """Return a label for everybody who is in the results, or was."""
    students = {record["student"] for record in store.records()}
    students |= {change.student for change in changes}
    return keep_labels(folder, students, policy.students(sorted(students)))


def _pages(folder: Path, students: Iterable[str]) -> dict[str, str]:
    """Return the address of each student's own page, where there is one."""
    names = file_names(students)
    there = {path.name for path in (folder / FEEDBACK).glob("*.html")}
    return {
        student: f"{FEEDBACK}/{name}.html"
        for student, name in names.items()
        if f"{name}.html" in there
    }


def _rendered(
    page: "Page", comparison: Comparison | None, data: dict[str, Any], now: datetime
) -> str:
    source, digest = script("report.js")
    return render(
        "report.html",
        style=style(),
        script=source,
        digest=digest,
        now=now,
        page=page,
        comparison=comparison,
        anonymous=isinstance(page.names, Labels),
        data=_as_data(data),
    )


def _as_data(data: dict[str, Any]) -> Markup:
    """Return data for a script element, in which no text can end that element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704, nothing in it is markup any more


class Page:
    """What the template shows of a survey: ordered, shortened, and with names as they are shown."""

    advice = ADVICE
    most = MOST
    named = NAMED

    def __init__(
        self, survey: Survey, names: Names, unknown: Unknown, draw: Draw | None = None
    ) -> None:
        self.survey = survey
        self.names = names
        self._unknown = unknown
        self._draw = draw

    @property
    def sheets(self) -> list[Sheet]:
        """The assignments."""
        return list(self.survey.sheets.values())

    def students(self, of: Iterable[str]) -> list[str]:
        """Return what students are called, in order."""
        return sorted(self.names.of(each) for each in of)

    def text(self, text: str) -> str:
        """Return a sentence as it is shown."""
        return shortened(self.names.text(text), 300)

    def graded(self, assignment: str) -> int:
        """Return how many submissions for an assignment have a score."""
        return self.survey.sheets[assignment].graded

    @property
    def unknown(self) -> list[tuple[str, str, str, list[str]]]:
        """Assignment, exercise, mark and students of mistakes that nothing explains."""
        order = sorted(self._unknown.items(), key=lambda item: (-len(item[1]), item[0]))
        return [(*key, self.students(students)) for key, students in order]

    @property
    def review(self) -> list[dict[str, str]]:
        """What has no score."""
        rows = [
            {
                **each,
                "student": self.names.of(each["student"]),
                "message": self.text(each["message"]),
            }
            for each in self.survey.review
        ]
        return sorted(rows, key=lambda each: (each["assignment"], each["student"]))

    def picture(self, rank: int, found: Misconception) -> Markup:
        """Return a drawing of the example of a misconception, or nothing."""
        if self._draw is None or rank > DRAWN or not found.public:
            return Markup()
        drawn = self._draw(found.assignment, found.student, found.exercise, found.check)
        return Markup(drawn)  # noqa: S704, drawn by us, from numbers

    def histogram(self, number: int, sheet: Sheet) -> Markup:
        """Draw the scores of an assignment."""
        return Markup(histogram(sheet.shares, f"figure{number}"))  # noqa: S704, of numbers only

    def counts(self, sheet: Sheet) -> list[tuple[int, int, int]]:
        """Return the bounds of each bar in %, and how high it is."""
        step = 100 // BINS
        return [(step * i, step * (i + 1), count) for i, count in enumerate(counts(sheet.shares))]

    def changes(self, comparison: Comparison) -> list[list[Any]]:
        """Return the rows of the table of changes."""
        rows = [
            [
                self.names.of(each.student),
                each.assignment,
                each.before,
                each.after,
                each.difference,
                each.verdicts,
                each.what or ("handed in again" if each.again else ""),
            ]
            for each in comparison.submissions.values()
        ]
        return sorted(rows, key=lambda row: row[:2])
