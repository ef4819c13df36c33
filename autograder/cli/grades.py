"""The command ``grade``."""

import signal
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.cli.consoles import places, say, warn
from autograder.cli.endings import ALL_GRADED, NEEDS_REVIEW, stop, stop_if_asked
from autograder.cli.options import (
    PATH,
    anonymous_option,
    assignment_option,
    confinement_option,
    feedback_option,
    found,
    submissions_argument,
    times_option,
    with_course,
    workers_option,
)
from autograder.cli.progress import Reporter
from autograder.cores import cores
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.grading.intake.submissions import Submission
    from autograder.grading.pool import Graders
    from autograder.grading.records import Record
    from autograder.grading.store import Store
    from autograder.model import Course


@click.command()
@submissions_argument
@assignment_option
@click.option("--out", "results", type=PATH, default=Path("results"))
@workers_option
@click.option("--student", metavar="NAME", help="Grade this student only, and show the feedback.")
@times_option
@click.option("--fresh", is_flag=True, help="Grade also what has not changed.")
@confinement_option("on a machine")
@click.option("--cluster", metavar="ADDRESS", help="Grade there: tcp://HOST:PORT, slurm:FILE.yml.")
@feedback_option
@anonymous_option
@with_course
def grade(
    course: "Course",
    submissions: Path,
    assignment: str | None,
    results: Path,
    workers: int | None,
    *,
    student: str | None,
    times: Path | None,
    fresh: bool,
    confinement: str,
    cluster: str | None,
    feedback: bool,
    anonymous: bool,
) -> None:
    """Grade SUBMISSIONS: notebooks, folders or zips of students, or a platform's download."""
    from autograder.cli.feedback import print_feedback
    from autograder.cli.summaries import print_summary
    from autograder.grading.batch import grade_batch, plan
    from autograder.grading.health import allowed_gaps
    from autograder.grading.lock import only_grader
    from autograder.grading.pool import LocalGraders
    from autograder.grading.store import Store
    from autograder.packaging.bundle import require_current
    from autograder.reporting.exports.writers import write_exports
    from autograder.reporting.files import remove_leftovers
    from autograder.reporting.finals import doubts, earned, final_scores
    from autograder.reporting.pages.publishing import write_pages
    from autograder.reporting.times import keep_times

    signal.signal(signal.SIGTERM, stop)
    started = time.perf_counter()
    gaps: frozenset[str] = frozenset() if cluster else allowed_gaps(confinement)
    handed_in = _handed_in(course, submissions, assignment, student)
    names = sorted({each.assignment for each in handed_in})
    titles = {name: each.title for name, each in course.assignments.items()}
    bundles = {name: require_current(course, course.assignments[name]) for name in names}
    processes = workers or cores()
    here = LocalGraders(course, processes, gaps)
    there = _cluster(course, names, cluster, confinement, workers) if cluster else nullcontext(here)
    with there as graders, only_grader(results):
        remove_leftovers(results)
        known_times = keep_times(results, course.policy.zone, handed_in, times)
        with Store(results) as store:
            todo = plan(course, handed_in, bundles, store, fresh=fresh, without=graders.without)
            with Reporter(len(todo.todo), len(todo.kept)) as reporter:
                grade_batch(course, todo, store, graders, reporter)
            known = earned(store.records())
            mine = _records(store, handed_in) if student is not None else []
        finals = final_scores(course.policy, known, known_times)
        if todo.todo or student is None:  # else nothing is new, and somebody waits for one student
            shown = (course.policy, finals, titles)
            pages = partial(write_pages, results, *shown, feedback=feedback, anonymous=anonymous)
            exports = partial(write_exports, results, finals, course.policy.hidden_checks)
            _write(exports, pages, at_once=processes > 1 and not cluster)
    if student is None:
        print_summary(reporter.rows)
        for sentence in doubts(course.policy, known, known_times):
            warn(sentence)
    else:
        print_feedback(mine, finals, titles)
    seconds = time.perf_counter() - started
    without = len(todo.todo) - reporter.graded
    counted = f"{reporter.graded} graded, " + (f"{without} without a score, " if without else "")
    say(f"{counted}{len(todo.kept)} unchanged, in {seconds:.1f} s; results in {places(results)}")
    _say_review(results, reporter)
    raise click.exceptions.Exit(NEEDS_REVIEW if reporter.review else ALL_GRADED)


def _handed_in(
    course: "Course", path: Path, assignment: str | None, student: str | None
) -> "list[Submission]":
    """Return the submissions to grade: all that are there, or those of one student."""
    from autograder.reporting.students import handed_in_by

    submissions = list(found(course, path, assignment))
    if student is None:
        return submissions
    names = handed_in_by(student, [each.student for each in submissions], course.policy)
    return [each for each in submissions if each.student in names]


def _write(exports: Callable[[], object], pages: Callable[[], object], *, at_once: bool) -> None:
    """Write what both write: at once, or one after the other."""
    from autograder.children import beside

    stop_if_asked()
    if at_once:
        with beside(pages, "writing the pages"):
            exports()
    else:
        exports()
        pages()


def _records(store: "Store", submissions: "Collection[Submission]") -> "list[Record]":
    """Return the results of some submissions."""
    keys = {(each.assignment, each.student) for each in submissions}
    return [each for each in store.records() if (each["assignment"], each["student"]) in keys]


def _cluster(
    course: "Course", names: Sequence[str], where: str, confinement: str, workers: int | None
) -> "AbstractContextManager[Graders]":
    """Grade on a cluster."""
    from autograder.grading.cluster import cluster_graders

    if workers is not None:
        raise UsageError("--workers is for this machine; a cluster has as many as it has")
    return cluster_graders(course, names, where, confinement)


def _say_review(results: Path, reporter: Reporter) -> None:
    """Say what has no score, and that this is what the exit code means."""
    for each in reporter.review:
        warn(f"review: {each}")
    if reporter.review:
        warn(
            f"gradus: exit code {NEEDS_REVIEW} means that some submissions need review: "
            f"{len(reporter.review):,} of {len(reporter.rows):,}; "
            f"{results}/review.csv says why, and what to do"
        )
