"""The command line: reads arguments, prints, and exits; decides nothing."""

import json
import logging
import math
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from autograder.authoring.laws import LawReport
from autograder.config import CourseConfig
from autograder.course import load_course
from autograder.errors import FaultError, GradusError, UsageError, did_you_mean
from autograder.grading.records import RESULTS_SCHEMA
from autograder.grading.store import Record, Store
from autograder.model import Assignment, Course

if TYPE_CHECKING:
    from autograder.grading.intake.find import Submissions
    from autograder.grading.pool import Graders

Command = TypeVar("Command", bound=Callable[..., Any])

ALL_GRADED, NEEDS_REVIEW, BROKEN_LAWS, FAULT = 0, 1, 1, 3
STOPPED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM  # as a shell says it

WIDTH = 120  # of what is not written to a terminal

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDTH)
err = Console(highlight=False, soft_wrap=True, stderr=True)


def main() -> None:
    """Run ``gradus``; a deliberate error is one sentence, anything else a fault of the grader."""
    try:
        sys.exit(cli(standalone_mode=False) or ALL_GRADED)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except GradusError as error:
        err.print(f"gradus: {error}", markup=False)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _say_stopped()
        sys.exit(STOPPED)
    except Terminated:
        _say_stopped()
        sys.exit(TERMINATED)
    except Exception as error:
        logging.getLogger(__name__).debug("fault", exc_info=True)
        err.print(
            f"gradus: the grader itself failed: {type(error).__name__}: {error}", markup=False
        )
        err.print("gradus: run it with --debug to see where, and report it", markup=False)
        if os.environ.get("GRADUS_DEBUG"):
            raise
        sys.exit(FAULT)


class Terminated(BaseException):
    """Somebody asked this process to end."""


def _terminate(*_: object) -> NoReturn:
    raise Terminated


def _say_stopped() -> None:
    err.print("gradus: stopped; what was finished is kept, run the same command to go on")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--course",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="Folder of the course; by default this folder or the nearest one above with grading.yml.",
)
@click.option("--debug", is_flag=True, help="Show where the grader itself failed.")
@click.version_option(package_name="gradus")
@click.pass_context
def cli(context: click.Context, root: Path | None, *, debug: bool) -> None:
    """Gradus grades numerical code: one numpy reference in, notebooks, tests and scores out."""
    context.obj = root
    if debug:
        os.environ["GRADUS_DEBUG"] = "1"
        logging.basicConfig(level=logging.DEBUG)


def with_course(command: Command) -> Command:
    """Pass the loaded course as the first argument."""

    @click.pass_context
    @wraps(command)
    def loaded(context: click.Context, /, *args: Any, **kwargs: Any) -> Any:
        return command(load_course(_root(context.obj)), *args, **kwargs)

    return loaded  # type: ignore[return-value]


def _root(given: Path | None) -> Path:
    here = Path.cwd()
    if given is not None:
        return given
    return next((each for each in (here, *here.parents) if (each / "grading.yml").is_file()), here)


def _chosen(course: Course, names: Sequence[str]) -> list[Assignment]:
    for name in names:
        if name not in course.assignments:
            hint = did_you_mean(name, list(course.assignments))
            raise UsageError(
                f"there is no assignment {name!r}; the course has "
                f"{', '.join(course.assignments)}.{hint}"
            )
    return [course.assignments[name] for name in names or course.assignments]


@cli.command()
@click.argument("assignments", nargs=-1)
@click.option(
    "--students",
    type=click.Path(path_type=Path),
    help="Roster (CSV); write a notebook for each student where the assignment has {variant}.",
)
@click.option("--fresh", is_flag=True, help="Build also what has not changed.")
@with_course
def dist(
    course: Course, assignments: tuple[str, ...], students: Path | None, *, fresh: bool
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
    for assignment in _chosen(course, assignments):
        if fresh or not is_current(course, assignment):
            old.append(assignment.name)
        else:
            out.print(f"{assignment.name}: up to date")
    for name, files, seconds in each_assignment(course, old, rebuild, os.cpu_count() or 1):
        out.print(f"{name}: built {files} files in {seconds:.1f} s")
    if roster is None:
        return
    for assignment in _chosen(course, assignments):
        count = write_variants(course, assignment, roster)
        text = f"{count} notebooks of students" if count else "the same notebook for every student"
        out.print(f"{assignment.name}: {text}")


@cli.command()
@click.argument("assignments", nargs=-1)
@click.option(
    "--confinement",
    type=click.Choice(["required", "available"]),
    default="required",
    show_default=True,
    help="What to do in a container that can't confine student code fully: refuse, or go on.",
)
@with_course
def gradescope(course: Course, assignments: tuple[str, ...], *, confinement: Any) -> None:
    """Pack Gradus with each of the ASSIGNMENTS, or with all, for Gradescope to grade confined."""
    from autograder.packaging.gradescope import write_gradescope

    for assignment in _chosen(course, assignments):
        path = write_gradescope(course, assignment, confinement)
        out.print(f"{assignment.name}: wrote {path.relative_to(course.root)}", markup=False)


@cli.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--assignment", help="The assignment that all SUBMISSIONS are for.")
@click.option("--out", "results", type=click.Path(path_type=Path), default=Path("results"))
@click.option("--workers", type=click.IntRange(1), default=None, help="Default: one per core.")
@click.option("--times", type=click.Path(path_type=Path), help="CSV of times of submission.")
@click.option("--fresh", is_flag=True, help="Grade also what has not changed.")
@click.option(
    "--confinement",
    type=click.Choice(["required", "available"]),
    default="required",
    show_default=True,
    help="What to do on a machine that can't confine student code fully: refuse, or go on.",
)
@click.option("--cluster", metavar="ADDRESS", help="Grade there: tcp://HOST:PORT, slurm:FILE.yml.")
@click.option("--anonymous", is_flag=True, help="Hide the names of students in report.html.")
@with_course
def grade(
    course: Course,
    submissions: Path,
    assignment: str | None,
    results: Path,
    workers: int | None,
    *,
    times: Path | None,
    fresh: bool,
    confinement: str,
    cluster: str | None,
    anonymous: bool,
) -> None:
    """Grade SUBMISSIONS: notebooks, folders or zips of students, or a platform's download."""
    from autograder.grading.batch import grade_batch, plan
    from autograder.grading.health import allowed_gaps
    from autograder.grading.lock import only_grader
    from autograder.grading.pool import LocalGraders
    from autograder.packaging.bundle import require_current
    from autograder.reporting.dashboard import write_dashboard
    from autograder.reporting.exports import write_exports
    from autograder.reporting.files import remove_leftovers
    from autograder.reporting.finals import doubts, earned, final_scores
    from autograder.reporting.times import keep_times

    signal.signal(signal.SIGTERM, _terminate)
    started = time.perf_counter()
    gaps: frozenset[str] = frozenset() if cluster else allowed_gaps(confinement)
    found = _found(course, submissions, assignment)
    names = sorted({each.assignment for each in found})
    bundles = {name: require_current(course, course.assignments[name]) for name in names}
    here = LocalGraders(course, workers or os.cpu_count() or 1, gaps)
    there = _cluster(course, names, cluster, confinement, workers) if cluster else nullcontext(here)
    with there as graders, only_grader(results), Store(results) as store:
        remove_leftovers(results)
        handed_in = keep_times(results, course.policy.zone, found, times)
        todo = plan(course, found, bundles, store, fresh=fresh, without=graders.without)
        with _Reporter(len(found)) as reporter:
            grade_batch(course, todo, store, graders, reporter)
        known = earned(store.records())
        finals = final_scores(course.policy, known, handed_in)
        write_exports(results, store.records(), finals)
        titles = {name: each.title for name, each in course.assignments.items()}
        now = datetime.now(course.policy.zone)
        write_dashboard(
            results, store, course.policy, finals, titles=titles, now=now, anonymous=anonymous
        )
    _print_summary(reporter.rows)
    _print_doubts(doubts(course.policy, known, handed_in))
    seconds = time.perf_counter() - started
    out.print(
        f"{len(todo.todo)} graded, {len(todo.kept)} unchanged, in {seconds:.1f} s; "
        f"results in {results}/"
    )
    for line in reporter.review:
        err.print(_printable(f"review: {line}"), markup=False)
    raise click.exceptions.Exit(NEEDS_REVIEW if reporter.review else ALL_GRADED)


def _cluster(
    course: Course, names: Sequence[str], where: str, confinement: str, workers: int | None
) -> AbstractContextManager["Graders"]:
    """Grade on a cluster."""
    from autograder.grading.cluster import cluster_graders

    if workers is not None:
        raise UsageError("--workers is for this machine; a cluster has as many as it has")
    return cluster_graders(course, names, where, confinement)


def _found(course: Course, path: Path, assignment: str | None) -> "Submissions":
    """Find the submissions at a path, and say what they are taken for."""
    from autograder.grading.intake.find import find_submissions

    found = find_submissions(path, list(course.assignments), assignment)
    for note in found.notes:
        err.print(_printable(note), markup=False)
    return found


class Row(NamedTuple):
    """A result as the closing table shows it: all that is kept of thousands."""

    assignment: str
    student: str
    score: float | None
    points: float
    status: str
    misconceptions: str

    @classmethod
    def of(cls, record: Record) -> "Row":
        """Return the row of a result."""
        shown = {key: record[key] for key in cls._fields if key in record}
        return cls(**shown, misconceptions=", ".join(misconceptions(record)))


class _Reporter:
    """Shows results as they come: a progress bar on a terminal, else a line for each.

    Attributes
    ----------
    rows : list of Row
        Of the closing table.
    review : list of str
        A line for each submission without a score.
    """

    def __init__(self, total: int) -> None:
        self.rows: list[Row] = []
        self.review: list[str] = []
        self._counts: Counter[str] = Counter()
        self._total = total
        self._progress: Progress | None = None
        self._task: Any = None

    def __enter__(self) -> "_Reporter":
        if out.is_terminal:
            columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._progress = Progress("grading", *columns, "{task.description}", console=out)
            self._progress.start()
            self._task = self._progress.add_task("", total=self._total)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def __call__(self, record: Record, *, kept: bool) -> None:
        self.rows.append(Row.of(record))
        self._counts[record["status"]] += 1
        if record["status"] != "graded":
            self.review.append(_line(record))
        if self._progress is not None:
            text = ", ".join(f"{count} {status}" for status, count in self._counts.items())
            self._progress.update(self._task, advance=1, description=text)
        elif not kept:
            out.print(_printable(_line(record)), markup=False)


def _line(record: Record) -> str:
    name = f"{record['assignment']}/{record['student']}"
    if record["score"] is None:
        return f"{name}: {record['status']}: {record['message']}"
    return f"{name}: {record['score']:g} / {record['points']:g} ({record['seconds']:.2f} s)"


def _print_summary(rows: Sequence[Row]) -> None:
    for name in sorted({each.assignment for each in rows}):
        table = Table(title=name, title_justify="left", box=None, pad_edge=False)
        table.add_column("student")
        table.add_column("score", justify="right")
        table.add_column("points", justify="right")
        table.add_column("status")
        table.add_column("misconceptions")
        for each in sorted(rows, key=lambda each: each.student):
            if each.assignment == name:
                table.add_row(
                    Text(_printable(each.student)),
                    "" if each.score is None else f"{each.score:.2f}",
                    f"{each.points:g}",
                    each.status,
                    Text(_printable(each.misconceptions)),
                )
        out.print(table)
        out.print()


def misconceptions(record: Record) -> list[str]:
    """Return the diagnoses of a result as ``function: mutant``, each once."""
    found = {
        f"{exercise['exercise'].partition('.')[2]}: {check['diagnosis']['mutant']}": None
        for exercise in record["exercises"]
        for check in exercise["checks"]
        if check["diagnosis"]
    }
    return list(found)


def _printable(text: str) -> str:
    """Return text without the control characters by which it could take over a terminal."""
    return "".join(each if each.isprintable() else "�" for each in text)


def _print_doubts(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        err.print(_printable(sentence), markup=False)


@cli.command()
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--canvas", type=click.Path(path_type=Path), help="Fill this gradebook, exported from Canvas."
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ASSIGNMENT=TITLE|ID",
    help="Where --canvas puts an assignment; by default where the title is the same.",
)
@click.option(
    "--moodle",
    type=click.Choice(["email", "idnumber", "username"]),
    help="Write files for Moodle, with students named by this.",
)
@click.option("--only", multiple=True, metavar="ASSIGNMENT", help="For --canvas and --moodle.")
@click.option("--classroom50", type=click.Path(path_type=Path), help="Write its result.json there.")
@click.option(
    "--hidden-tests",
    type=click.Choice(["hidden", "after_due_date", "after_published", "visible"]),
    default="hidden",
    show_default=True,
    help="Who sees the hidden checks on Gradescope, and when.",
)
@click.option(
    "--compare", "old", type=click.Path(path_type=Path), help="Say what changed since this folder."
)
@click.option("--times", type=click.Path(path_type=Path), help="CSV of times of submission.")
@click.option("--anonymous", is_flag=True, help="Hide the names of students in report.html.")
@click.pass_context
def report(
    context: click.Context,
    results: Path,
    *,
    canvas: Path | None,
    columns: tuple[str, ...],
    moodle: Any,
    only: tuple[str, ...],
    classroom50: Path | None,
    hidden_tests: Any,
    old: Path | None,
    times: Path | None,
    anonymous: bool,
) -> None:
    """Rebuild the exports of a RESULTS folder from its store, on the terms of the course."""
    from autograder.policy import policy_at
    from autograder.reporting import exports
    from autograder.reporting.dashboard import write_dashboard
    from autograder.reporting.finals import doubts, earned, final_records, final_scores
    from autograder.reporting.times import keep_times

    policy = policy_at(_root(context.obj))
    titles = exports.course_titles(_root(context.obj))
    with Store.existing(results) as store:
        records = store.records()
        known = earned(records)
        handed_in = keep_times(results, policy.zone, given=times)
        finals = final_scores(policy, known, handed_in)
        exports.write_exports(results, records, finals, hidden_tests)
        _print_summary([Row.of(each) for each in records])
        _print_doubts(doubts(policy, known, handed_in))
        _print_unknown(store.unknown_mistakes())
        if canvas or moodle:
            chosen = list(final_records(exports.select(records, only), finals))
            students = policy.students(each["student"] for each in known)
        if canvas is not None:
            names = exports.canvas_names(chosen, titles, columns)
            count, notes = exports.write_canvas(results, chosen, canvas, students, names)
            _print_notes(notes)
            out.print(f"canvas: {count} students in {results}/canvas.csv", markup=False)
        if moodle is not None:
            count, notes = exports.write_moodle(results, chosen, moodle, students, titles)
            _print_notes(notes)
            out.print(f"moodle: {count} files in {results}/moodle/", markup=False)
        changes = None
        if old is not None:
            with Store.existing(old) as earlier:
                changes = exports.write_comparison(results, earlier.records(), records)
            _print_changes(changes)
        write_dashboard(
            results,
            store,
            policy,
            finals,
            titles=titles,
            now=datetime.now(policy.zone),
            anonymous=anonymous,
            changes=changes,
        )
        if classroom50 is not None:
            single = list(final_records(records, finals))
            exports.write_classroom50(classroom50, single, os.environ)
            out.print(f"wrote {classroom50}", markup=False)
    out.print(f"{len(known)} results in {results}/")


def _print_unknown(unknown: dict[tuple[str, str, str], list[str]]) -> None:
    for (assignment, exercise, mark), students in sorted(
        unknown.items(), key=lambda item: (-len(item[1]), item[0])
    ):
        text = f"unknown mistake {mark} in {assignment} {exercise}: {', '.join(students)}"
        out.print(_printable(text), markup=False)


def _print_notes(notes: Sequence[Any]) -> None:
    for each in notes:
        name = f"{each.assignment}/{each.student}" if each.student else each.assignment
        err.print(_printable(f"look at: {name}: {each.note}"), markup=False)


def _print_changes(changes: Sequence[Any]) -> None:
    table = Table(title="changes", title_justify="left", box=None, pad_edge=False)
    for name in ("assignment", "student", "what", "where", "before", "after"):
        table.add_column(name)
    for each in changes:
        cells = (each.assignment, each.student, each.what, each.where, each.before, each.after)
        table.add_row(*(Text(_printable("" if cell is None else str(cell))) for cell in cells))
    out.print(table if changes else "nothing changed")
    out.print()


@cli.command()
@click.option("--out", "path", type=click.Path(path_type=Path), help="Write the page there.")
@with_course
def curriculum(course: Course, path: Path | None) -> None:
    """Print what the course holds and where each topic is taught, as a page of Markdown."""
    from autograder.reporting.curriculum import curriculum_page, read_topics

    page = curriculum_page(course, read_topics(course))
    if path is None:
        out.print(page, markup=False, end="")
    else:
        path.write_text(page, encoding="utf-8")
        out.print(f"wrote {path}", markup=False)


@cli.command()
@click.argument("assignments", nargs=-1)
@click.option("--matrix", is_flag=True, help="Show which check catches which mutant.")
@click.option("--draws", type=click.IntRange(0), default=0, help="Grade right answers so often.")
@click.option("--out", "folder", type=click.Path(path_type=Path), help="Write the report there.")
@with_course
def validate(
    course: Course, assignments: tuple[str, ...], *, matrix: bool, draws: int, folder: Path | None
) -> None:
    """Test the laws for every exercise of the ASSIGNMENTS."""
    from autograder.authoring.trials import Trials
    from autograder.packaging.validation import examine
    from autograder.parallel import each_assignment
    from autograder.reporting.validity import write_validity

    names = [each.name for each in _chosen(course, assignments)]
    done = []
    for each in each_assignment(course, names, partial(examine, draws=draws), os.cpu_count() or 1):
        done.append(each)
        _print_laws(each.laws, matrix=matrix)
        for law in each.laws.violations:
            err.print(f"law {law.law}: {law.problem}", markup=False)
        for problem in each.trials.failures:
            err.print(f"law 4: {problem}", markup=False)
        if draws:
            out.print(f"{each.laws.assignment}: {each.trials}")
        count = len(each.laws.violations) or "no"
        out.print(f"{each.laws.assignment}: {count} broken laws, {each.seconds:.1f} s")
    if draws and len(done) > 1:
        out.print(f"all: {sum((each.trials for each in done), Trials())}")
    if folder is not None:
        for path in write_validity(folder, done):
            out.print(f"wrote {path}", markup=False)
    raise click.exceptions.Exit(0 if all(each.holds for each in done) else BROKEN_LAWS)


def _print_laws(laws: LawReport, *, matrix: bool) -> None:
    table = Table(title=laws.assignment, title_justify="left", box=None, pad_edge=False)
    table.add_column("exercise")
    numbers = ("checks", "mutants", "killed", "named", "generated", "listed", "alternatives")
    for name in (*numbers, "right", "wrong"):
        table.add_column(name, justify="right")
    for each in laws.exercises:
        margins = [margin for margin in each.margins.values() if not margin.statistical]
        table.add_row(
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
    out.print(table)
    for each in laws.exercises:
        if each.idle:
            text = f"{each.exercise}: checks that catch no mistake: {', '.join(each.idle)}"
            out.print(text, markup=False)
        if matrix:
            out.print(f"\n{each.exercise}")
            for mutant, kills in each.kills.items():
                out.print(f"  {mutant}: {', '.join(kills) or 'survives'}", markup=False)


@cli.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--assignment", help="The assignment that all SUBMISSIONS are for.")
@click.option("--workers", type=click.IntRange(1), default=None, help="Default: one per core.")
@with_course
def parity(course: Course, submissions: Path, assignment: str | None, workers: int | None) -> None:
    """Compare the scores of SUBMISSIONS with those of stock `otter run`."""
    from autograder.grading.batch import gradus_points
    from autograder.grading.parity import compare_with_otter
    from autograder.grading.pool import LocalGraders
    from autograder.packaging.bundle import DIST, require_current

    found = _found(course, submissions, assignment)
    graders = LocalGraders(course, workers or os.cpu_count() or 1)
    different = 0
    for name in sorted({each.assignment for each in found}):
        require_current(course, course.assignments[name])
        mine = [each for each in found if each.assignment == name]
        scores = gradus_points(course, mine, graders)
        zipped = course.root / DIST / name / "autograder.zip"
        for each in compare_with_otter(
            mine, scores.__getitem__, zipped, workers or os.cpu_count() or 1
        ):
            different += not each.equal
            out.print(_parity_line(each), markup=False)
    out.print(f"{len(found)} submissions compared, {different} differ")
    raise click.exceptions.Exit(1 if different else 0)


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


@cli.command()
@click.argument("assignment")
@click.pass_context
def new(context: click.Context, assignment: str) -> None:
    """Make the folder of a new ASSIGNMENT, with an exercise to start from."""
    from autograder.packaging.scaffold import write_assignment

    for path in write_assignment(_root(context.obj), assignment):
        out.print(f"wrote {path}", markup=False)


@cli.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Say what this machine and this course offer, and what is missing."""
    from autograder.grading.health import examine

    findings = examine(_root(context.obj))
    for finding in findings:
        mark = "ok     " if finding.good else "missing" if finding.required else "note   "
        out.print(f"{mark} {finding.name}: {finding.detail}", markup=False)
    if any(finding.required and not finding.good for finding in findings):
        raise FaultError("this machine cannot grade as it is; see what is missing above")


@cli.command()
@click.option("--out", "folder", type=click.Path(path_type=Path), help="Write them here instead.")
def schema(folder: Path | None) -> None:
    """Print the JSON Schemas of grading.yml and of a line of results.jsonl."""
    schemas = {"grading": CourseConfig.model_json_schema(), "results": RESULTS_SCHEMA}
    if folder is None:
        out.print(json.dumps(schemas, indent=2), markup=False)
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in schemas.items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        out.print(f"wrote {path}", markup=False)
