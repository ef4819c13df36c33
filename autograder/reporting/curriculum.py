"""The page ``docs/curriculum.md``: what the course holds, and where each topic is taught.

``assignments/topics.yml`` lists the topics that the course has to cover, by outline, each with the
places that teach it: an exercise (``losses.mse``), a written question (``a06_optimizers.paths``) or
a section of a notebook (``a03_losses#Huber loss``).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from autograder.config import read_yaml
from autograder.course import ASSIGNMENTS
from autograder.errors import CourseError, did_you_mean
from autograder.model import Assignment, Course
from autograder.packaging.notebooks import read_narrative

FILE = "topics.yml"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Topic(_Strict):
    """Something that the course has to teach."""

    topic: str
    """In a few words."""
    where: list[str] = Field(min_length=1)
    """Exercises, written questions and sections that teach it."""


class Outline(_Strict):
    """A list of topics, as somebody asked for them."""

    outline: str
    """Its title."""
    topics: list[Topic] = Field(min_length=1)
    """In its own order."""


def read_topics(course: Course) -> list[Outline]:
    """Read ``assignments/topics.yml``, and require every place in it to exist.

    Raises
    ------
    CourseError
        With every problem of the file, each with its line.
    """
    path = course.root / ASSIGNMENTS / FILE
    if not path.is_file():
        raise CourseError.at(path, 0, "no such file; list there what the course has to teach")
    outlines: list[Outline]
    outlines, lines = read_yaml(path, TypeAdapter(list[Outline]))
    known = list(_places(course))
    problems = [
        lines.problem(
            (position, "topics", number, "where", index),
            f"{place!r} is no exercise, question or section.{did_you_mean(place, known)}",
        )
        for position, outline in enumerate(outlines)
        for number, topic in enumerate(outline.topics)
        for index, place in enumerate(topic.where)
        if place not in known
    ]
    if problems:
        raise CourseError(problems)
    return outlines


def _places(course: Course) -> Iterator[str]:
    for assignment in course.assignments.values():
        yield from (exercise.name for exercise in assignment.exercises)
        yield from (f"{assignment.name}.{question}" for question in assignment.written)
        yield from (f"{assignment.name}#{heading}" for heading in _headings(assignment.folder))


def _headings(folder: Path) -> list[str]:
    """Return the headings of a notebook that occur once; others name no one place."""
    text = "\n\n".join(b for b in read_narrative(folder / "notebook.md") if isinstance(b, str))
    headings = [
        following.content
        for token, following in pairwise(MarkdownIt().parse(text))
        if token.type == "heading_open"
    ]
    return [each for each in headings if headings.count(each) == 1]


def curriculum_page(course: Course, outlines: Sequence[Outline]) -> str:
    """Return the page as Markdown."""
    taught: dict[str, list[str]] = {}
    for outline in outlines:
        for topic in outline.topics:
            for place in topic.where:
                taught.setdefault(place, []).append(topic.topic)
    lines = [
        f"# {course.title}: the curriculum",
        "",
        "Written by `gradus curriculum` from the course itself and `assignments/topics.yml`.",
        "",
        *_table(
            ("assignment", "exercises", "points", "by hand", "checks", "mutants", "alternatives"),
            [*map(_counts, course.assignments.values()), _totals(course)],
        ),
    ]
    for assignment in course.assignments.values():
        lines += ["", f"## {assignment.name}: {assignment.title}", ""]
        lines += _table(
            ("exercise", "points", "checks", "public", "mutants", "alternatives", "topics"),
            _exercises(assignment, taught),
        )
    for outline in outlines:
        lines += ["", f"## Topics: {outline.outline}", ""]
        rows = [
            (topic.topic, ", ".join(f"`{each}`" for each in topic.where))
            for topic in outline.topics
        ]
        lines += _table(("topic", "where"), rows)
    return "\n".join(lines) + "\n"


def _counts(assignment: Assignment) -> tuple[Any, ...]:
    exercises = assignment.exercises
    return (
        f"{assignment.name}: {assignment.title}",
        len(exercises),
        f"{assignment.total():g}",
        f"{sum(assignment.written.values()):g}",
        sum(len(each.checks) for each in exercises),
        sum(len(each.mutants) for each in exercises),
        sum(len(each.alternatives) for each in exercises),
    )


def _totals(course: Course) -> tuple[Any, ...]:
    rows = [_counts(each) for each in course.assignments.values()]
    columns = list(zip(*rows, strict=True))[1:]
    return ("**all**", *(f"{sum(float(number) for number in column):g}" for column in columns))


def _exercises(assignment: Assignment, taught: dict[str, list[str]]) -> Iterator[tuple[Any, ...]]:
    for each in assignment.exercises:
        topics = dict.fromkeys(topic for target in each.targets for topic in taught.get(target, []))
        yield (
            f"`{each.name}`",
            f"{assignment.points[each.name]:g}",
            len(each.checks),
            sum(check.public for check in each.checks),
            len(each.mutants),
            len(each.alternatives),
            "; ".join(topics),
        )
    for question, points in assignment.written.items():
        topics = dict.fromkeys(taught.get(f"{assignment.name}.{question}", []))
        yield (f"question `{question}`", f"{points:g}", "", "", "", "", "; ".join(topics))


def _table(
    head: Sequence[str], rows: Iterator[tuple[Any, ...]] | list[tuple[Any, ...]]
) -> list[str]:
    written = [[str(cell) for cell in row] for row in (head, *rows)]
    lines = [f"| {' | '.join(row)} |" for row in written]
    return [lines[0], f"|{'---|' * len(head)}", *lines[1:]]
