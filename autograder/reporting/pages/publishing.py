"""The pages that people read: one for the course, and one for each student."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from autograder.grading.store import Store
from autograder.reporting.exports.compare import Change
from autograder.reporting.finals import Final, Key
from autograder.reporting.pages.dashboard import write_dashboard
from autograder.reporting.pages.drawings import Drawings
from autograder.reporting.pages.mailings import write_feedback
from autograder.terms import Policy


def write_pages(
    folder: Path,
    policy: Policy,
    finals: Mapping[Key, Final],
    titles: Mapping[str, str],
    *,
    feedback: bool = True,
    anonymous: bool = False,
    changes: Sequence[Change] | None = None,
) -> None:
    """Write ``feedback/`` and ``report.html``, which leads to it; no picture is drawn twice.

    Parameters
    ----------
    folder : pathlib.Path
        Of the results, with the store.
    finals : mapping
        Final scores by assignment and student.
    titles : mapping of str to str
        Of the assignments of the course.
    feedback : bool
        Whether each student gets a page.
    anonymous : bool
        Whether the report shows labels for names.
    changes : sequence of Change, optional
        Since an earlier run.
    """
    with Store.existing(folder) as store, Drawings() as drawings:

        def draw(assignment: str, student: str, exercise: str, check: str) -> str:
            shown = store.pictures(assignment, student).get(exercise, {}).get(check)
            return drawings.of(shown) if shown else ""

        if feedback:
            write_feedback(folder, store, finals, titles, drawings)
        write_dashboard(
            folder,
            store,
            policy,
            finals,
            titles=titles,
            now=datetime.now(policy.zone),
            anonymous=anonymous,
            changes=changes,
            draw=draw,
        )
