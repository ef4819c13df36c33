"""What a student may read of a result: nothing of a hidden check but the points that it earned."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.records import Pictures, Record
from autograder.reporting.finals import Final
from autograder.reporting.repeats import remembered
from autograder.texts import clean

GRADED = "graded"
WITHHELD = "This submission was not graded. A person will look at it."

CUT_SHORT = {
    "raised": "raised an exception",
    "timed out": "took too long and was stopped",
    "out of memory": "needed too much memory and was stopped",
    "crashed": "ended the process that ran it",
    "output limit": "wrote too much; the rest was left out",
}


@dataclass(frozen=True)
class CheckFeedback:
    """What a student may read of a public check; `picture` is plain data."""

    title: str
    passed: bool
    message: str = ""
    hint: str = ""
    picture: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True)
class ExerciseFeedback:
    """What a student may read of an exercise; `hidden` is a sentence about all hidden checks."""

    name: str
    score: float
    points: float
    checks: tuple[CheckFeedback, ...]
    hidden: str


@dataclass(frozen=True)
class Feedback:
    """What a student may read of a submission.

    Attributes
    ----------
    score : float or None
        None if it was not graded; `reason` says why.
    final : str
        How the score counts, if not as it was earned.
    cells : tuple of str
        What became of the cells that did not run to their end.
    """

    title: str
    score: float | None
    points: float
    reason: str = ""
    final: str = ""
    exercises: tuple[ExerciseFeedback, ...] = ()
    cells: tuple[str, ...] = ()

    @property
    def missing(self) -> float:
        """Points that are still to get."""
        return round(self.points - (self.score or 0.0), 2)

    @property
    def unfinished(self) -> tuple[tuple[str, float], ...]:
        """Exercises with the points that are still to get there."""
        left = ((each.name, round(each.points - each.score, 2)) for each in self.exercises)
        return tuple((name, missing) for name, missing in left if missing)


def feedback(record: Record, title: str, final: Final | None, pictures: Pictures) -> Feedback:
    """Return what a student may read of a result.

    Parameters
    ----------
    title : str
        Of the assignment.
    final : Final or None
        The final score, if there are terms for the assignment.
    pictures : mapping
        What shows the mistakes, from the store.
    """
    if record["status"] != GRADED:
        return Feedback(clean(title), None, record["points"], clean(reason(record)))
    return Feedback(
        clean(title),
        record["score"],
        record["points"],
        final=_final(final) if final and final.reason else "",
        exercises=tuple(
            _exercise(each, pictures.get(each["exercise"], {})) for each in record["exercises"]
        ),
        cells=tuple(_cell(each) for each in record["cells"] if each["outcome"] in CUT_SHORT),
    )


def _final(final: Final) -> str:
    counts = "It has no score" if final.score is None else f"It counts with {final.score:g} points"
    return clean(f"{counts}: {final.reason}.")


@remembered
def _exercise(
    exercise: dict[str, Any], pictures: Mapping[str, Mapping[str, Any]]
) -> ExerciseFeedback:
    hidden = hidden_points(exercise)
    if not hidden and not all(check["public"] for check in exercise["checks"]):
        hidden = "Hidden checks: all points."
    name = exercise["exercise"].partition(".")[2]
    checks = tuple(_checks(exercise["checks"], pictures))
    return ExerciseFeedback(name, exercise["score"], exercise["points"], checks, hidden)


def _checks(
    checks: Sequence[dict[str, Any]], pictures: Mapping[str, Mapping[str, Any]]
) -> Iterator[CheckFeedback]:
    """Yield what is said about the public checks; a hint is given once."""
    hints = {""}
    for check in checks:
        title, passed = clean(check["title"]), check["verdict"] == "passed"
        if not check["public"]:
            continue
        if passed:
            yield CheckFeedback(title, passed)
            continue
        new = "" if hint(check) in hints else clean(hint(check))
        hints.add(hint(check))
        yield CheckFeedback(
            title, passed, clean(check["message"]), new, pictures.get(check["check"])
        )


def _cell(cell: dict[str, Any]) -> str:
    what = clean(cell["message"]) or CUT_SHORT[cell["outcome"]]
    return f"Cell {cell['index'] + 1}: {what}"


def reason(record: Record) -> str:
    """Return why a submission has no score, as its student may read it.

    Only a notebook that does not open is the student's to mend; what else went wrong is for the
    instructor, who reads it in ``review.csv``.
    """
    if record["status"] == "malformed":
        return f"This submission was not graded: {record['message']}"
    return WITHHELD


def hint(check: dict[str, Any]) -> str:
    """Return the hint of a check's diagnosis, if it has one."""
    return str(check["diagnosis"]["hint"]) if check["diagnosis"] else ""


def sentence(check: dict[str, Any]) -> str:
    """Return what is wrong according to a check, with the hint of its diagnosis."""
    return f"{check['message']} {hint(check)}".strip()


def failures(exercise: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the public checks of an exercise that did not pass."""
    return [each for each in exercise["checks"] if each["public"] and each["verdict"] != "passed"]


def hidden_points(exercise: dict[str, Any]) -> str:
    """Return what the hidden checks earned together, or nothing if that is everything."""
    hidden = [check for check in exercise["checks"] if not check["public"]]
    earned, possible = (round(sum(e[key] for e in hidden), 2) for key in ("score", "points"))
    return f"Hidden checks: {earned:g} of {possible:g} points." if earned < possible else ""


@remembered
def exercise_feedback(exercise: dict[str, Any]) -> str:
    """Return what is wrong in an exercise, or nothing.

    That is a line for each public check that did not pass, and the points of the hidden ones
    together if some are missing.
    """
    lines = [f"{check['title']} {sentence(check)}".strip() for check in failures(exercise)]
    return "\n".join(filter(None, [*lines, hidden_points(exercise)]))
