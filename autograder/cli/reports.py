"""The command ``report``."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from autograder.cli.consoles import places, say, warn
from autograder.cli.options import PATH, anonymous_option, feedback_option, root_of, times_option
from autograder.cli.progress import Row
from autograder.errors import UsageError
from autograder.terms import VISIBILITIES
from autograder.texts import line


@click.command()
@click.argument("results", type=PATH)
@click.option(
    "--student", metavar="NAME", help="Show the feedback of this student, and write no exports."
)
@click.option("--canvas", type=PATH, help="Fill this gradebook, exported from Canvas.")
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
@click.option("--classroom50", type=PATH, help="Write its result.json there.")
@click.option(
    "--hidden-tests",
    type=click.Choice(VISIBILITIES),
    help="Who sees the hidden checks on Gradescope, and when; by default as in grading.yml.",
)
@click.option("--compare", "old", type=PATH, help="Say what changed since this folder.")
@times_option
@feedback_option
@anonymous_option
@click.pass_context
def report(
    context: click.Context,
    results: Path,
    *,
    student: str | None,
    canvas: Path | None,
    columns: tuple[str, ...],
    moodle: Any,
    only: tuple[str, ...],
    classroom50: Path | None,
    hidden_tests: Any,
    old: Path | None,
    times: Path | None,
    feedback: bool,
    anonymous: bool,
) -> None:
    """Rebuild the exports of a RESULTS folder from its store, on the terms of the course."""
    from autograder.cli.feedback import print_feedback
    from autograder.cli.summaries import print_summary
    from autograder.grading.store import Store
    from autograder.policy import policy_at
    from autograder.reporting.exports import writers
    from autograder.reporting.finals import doubts, earned, final_records, final_scores
    from autograder.reporting.pages.publishing import write_pages
    from autograder.reporting.students import handed_in_by
    from autograder.reporting.times import keep_times

    if student is not None:
        _refuse({"canvas": canvas, "moodle": moodle, "classroom50": classroom50, "compare": old})
    policy = policy_at(root_of(context))
    titles = writers.course_titles(root_of(context))
    with Store.existing(results) as store:
        records = store.records()
        known = earned(records)
        handed_in = keep_times(results, policy.zone, given=times)
        finals = final_scores(policy, known, handed_in)
        if student is not None:
            names = handed_in_by(student, {each["student"] for each in known}, policy)
            print_feedback((each for each in records if each["student"] in names), finals, titles)
            return
        hidden = (lambda _: hidden_tests) if hidden_tests else policy.hidden_checks
        writers.write_exports(results, finals, hidden)
        print_summary([Row.of(each) for each in records])
        for sentence in doubts(policy, known, handed_in):
            warn(sentence)
        _print_unknown(store.unknown_mistakes())
        if canvas or moodle:
            chosen = list(final_records(writers.select(records, only), finals))
            students = policy.students(each["student"] for each in known)
        if canvas is not None:
            called = writers.canvas_names(chosen, titles, columns)
            count, notes = writers.write_canvas(results, chosen, canvas, students, called)
            _print_notes(notes)
            say(f"canvas: {count} students in {results}/canvas.csv")
        if moodle is not None:
            count, notes = writers.write_moodle(results, chosen, moodle, students, titles)
            _print_notes(notes)
            say(f"moodle: {count} files in {results}/moodle/")
        changes = None
        if old is not None:
            with Store.existing(old) as earlier:
                changes = writers.write_comparison(results, earlier.records(), records)
            _print_changes(changes)
        write_pages(
            *(results, policy, finals, titles),
            feedback=feedback,
            anonymous=anonymous,
            changes=changes,
        )
        if classroom50 is not None:
            single = list(final_records(records, finals))
            writers.write_classroom50(classroom50, single, os.environ)
            say(f"wrote {classroom50}")
    say(f"{len(known)} results in {places(results)}")


def _refuse(options: Mapping[str, Any]) -> None:
    """Refuse options that do nothing where the feedback of one student is shown."""
    if given := [f"--{name}" for name, value in options.items() if value]:
        raise UsageError(f"--student writes no exports; leave out {', '.join(given)}")


def _print_unknown(unknown: dict[tuple[str, str, str], list[str]]) -> None:
    for (assignment, exercise, mark), students in sorted(
        unknown.items(), key=lambda item: (-len(item[1]), item[0])
    ):
        say(f"unknown mistake {mark} in {assignment} {exercise}: {', '.join(students)}")


def _print_notes(notes: Sequence[Any]) -> None:
    for each in notes:
        name = f"{each.assignment}/{each.student}" if each.student else each.assignment
        warn(line(f"look at: {name}: {each.note}"))


def _print_changes(changes: Sequence[Any]) -> None:
    from autograder.cli.tables import show, table

    if not changes:
        say("nothing changed")
        return
    columns = table("changes", "assignment", "student", "what", "where", "before", "after")
    for each in changes:
        cells = (each.assignment, each.student, each.what, each.where, each.before, each.after)
        columns.add_row(*("" if cell is None else line(str(cell)) for cell in cells))
    show(columns, "")
