"""What one student is handed: a page with pictures, and the same words as Markdown."""

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from autograder.reporting.feedback import ExerciseFeedback, Feedback
from autograder.reporting.pages.rendering import render, style
from autograder.reporting.repeats import MOST
from autograder.texts import line

TEMPLATE, EXERCISE = "feedback.html", "exercise.html"
_SPECIAL = re.compile(r"([\\`*_\[\]~$])")


def page(
    student: str, submissions: Sequence[Feedback], draw: Callable[[Mapping[str, Any]], str]
) -> str:
    """Return the page of one student.

    Parameters
    ----------
    submissions : sequence of Feedback
        On everything that the student handed in.
    draw : callable
        Returns a picture as an ``<svg>`` element.
    """

    def block(exercise: ExerciseFeedback, section: int) -> Markup:
        return _block(exercise, section, draw)

    return render(
        TEMPLATE, student=line(student), submissions=submissions, block=block, style=style()
    )


@lru_cache(MOST)
def _block(
    exercise: ExerciseFeedback, section: int, draw: Callable[[Mapping[str, Any]], str]
) -> Markup:
    """Return what a page says about an exercise."""

    def drawn(picture: Mapping[str, Any]) -> Markup:
        return Markup(draw(picture))  # noqa: S704, drawn by us, from numbers

    text = render(EXERCISE, exercise=exercise, section=section, draw=drawn)
    return Markup(text)  # noqa: S704, a template has escaped what is in it


def markdown(student: str, submissions: Sequence[Feedback]) -> str:
    """Return the words of the page, for a comment in a learning platform."""
    lines = [f"# Feedback for {_plain(student)}"]
    for each in submissions:
        lines += ["", f"## {_plain(each.title)}", "", *_submission(each)]
    return "\n".join(lines) + "\n"


def _submission(submission: Feedback) -> Iterator[str]:
    if submission.score is None:
        yield _plain(submission.reason)
        return
    rest = f"{submission.missing:g} still to get" if submission.missing else "nothing is missing"
    yield f"**{submission.score:g} of {submission.points:g} points**: {rest}."
    if submission.final:
        yield from ("", _plain(submission.final))
    for exercise in submission.exercises:
        yield from _exercise(exercise)
    if submission.cells:
        yield from ("", "### Cells that did not run to their end", "")
        yield from (f"- {_plain(cell)}" for cell in submission.cells)


@lru_cache(MOST)
def _exercise(exercise: ExerciseFeedback) -> tuple[str, ...]:
    return tuple(_lines(exercise))


def _lines(exercise: ExerciseFeedback) -> Iterator[str]:
    name, score, points = _plain(exercise.name), exercise.score, exercise.points
    yield from ("", f"### {name}: {score:g} of {points:g} points", "")
    for check in exercise.checks:
        if check.passed:
            yield f"- ✓ {_plain(check.title)}"
            continue
        yield f"- ✗ **{_plain(check.title)}**"
        if check.message:
            yield f"  - What is wrong: {_plain(check.message)}"
        if check.hint:
            yield f"  - Hint: {_plain(check.hint)}"
    if exercise.hidden:
        yield from ("", exercise.hidden)


def _plain(text: str) -> str:
    r"""Return text on one line in which Markdown and HTML find nothing.

    Examples
    --------
    >>> print(_plain("a * b < c_1\n# no title"))
    a \* b &lt; c\_1 # no title
    """
    return _SPECIAL.sub(r"\\\1", html.escape(line(text), quote=False))
