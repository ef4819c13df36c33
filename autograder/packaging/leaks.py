"""The gate before ``student/``: no statement of a solution, no hidden case, no hidden value."""

import ast
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from autograder.authoring.expected import Expected
from autograder.authoring.mutants import targets_in
from autograder.authoring.stubs import cut
from autograder.course import REFERENCE, modules_of
from autograder.errors import Problem
from autograder.model import Assignment, Course
from autograder.numerics.compare import Observed
from autograder.numerics.expectations import ExpectedCheck
from autograder.packaging.literals import to_source
from autograder.packaging.notebooks import Block, Directive, written_parts

NUMBER = re.compile(r"\d+\.\d{6,}(?:e-?\d+)?")  # too many digits to be in two places by chance
FEWEST_NODES = 8  # of syntax; `return theta` is no secret
FEWEST_OF_PLOTTING = 20  # model answers have everyday lines that figures have too
FEWEST_WORDS = 3  # of a line of a rubric; fewer may be in two places by chance
FEWEST_ENTRIES = 12  # of an array of whole numbers, with at least four different ones


def leaks(
    course: Course,
    assignment: Assignment,
    expected: Expected,
    *,
    blocks: list[Block],
    student: nbformat.NotebookNode,
    tests: dict[str, str],
) -> list[Problem]:
    """Return a problem for every solution statement, rubric, hidden case or hidden value.

    Parameters
    ----------
    blocks : list
        The narrative, whose written questions have model answers and rubrics.
    student : NotebookNode
        What students receive.
    tests : dict of str to str
        What the notebook holds compressed: the public tests, and what it knows of the exercises.
    """
    visible = "\n".join([*(cell.source for cell in student.cells), *tests.values()])
    visible += json.dumps(student.metadata)
    packed = _squeeze(visible)
    problems = [
        Problem(
            path,
            line,
            f"leak: {text.splitlines()[0].strip()!r}, {what}, is in the student notebook",
        )
        for path, line, text, what in _private_texts(course, assignment, blocks)
        if _squeeze(text) in packed
    ]
    numbers = set(NUMBER.findall(visible))
    for checks in expected.values():
        for each in checks:
            if not each.check.public and _hidden_part(each, packed, numbers):
                message = (
                    f"leak: a hidden case or value of check {each.check.name!r} is in the student "
                    "notebook"
                )
                problems.append(Problem(each.check.path, each.check.line, message))
    return problems


def _private_texts(
    course: Course, assignment: Assignment, blocks: list[Block]
) -> Iterator[tuple[Path, int, str, str]]:
    """Yield (file, line, text, what it is) for all that only instructors may read."""
    for module in modules_of(assignment):
        path = course.root / REFERENCE / f"{module}.py"
        source = course.reference[module]
        for statement in cut(path, source, targets_in(assignment, module)).solution:
            if _telling(statement):
                yield path, _line_of(source, statement), statement, "part of a solution"
    for block in blocks:
        if isinstance(block, Directive) and block.kind == "written":
            _, code, rubric = written_parts(block)
            path = assignment.folder / "notebook.md"
            for node in ast.walk(ast.parse(code)):
                text = ast.get_source_segment(code, node) if isinstance(node, ast.stmt) else None
                if text and _telling(text, FEWEST_OF_PLOTTING):
                    yield path, block.line, text, "part of a model answer"
            for line in rubric.splitlines():
                if len(line.split()) >= FEWEST_WORDS:
                    yield path, block.line, line, "part of a rubric"


def _hidden_part(expected: ExpectedCheck, packed: str, numbers: set[str]) -> bool:
    for each in expected.expectations:
        tree = each.outcome.tree if isinstance(each.outcome, Observed) else {}
        for value in (each.case, tree):
            text = to_source(value)
            if any(_secret(each) for each in numbers.intersection(NUMBER.findall(text))):
                return True
            if any(_squeeze(to_source(array)) in packed for array in _large_arrays(value)):
                return True
    return False


def _secret(number: str) -> bool:
    """Return whether a number is no simple fraction, which may be in two places by chance.

    Expected values are rounded: a third has ten digits.
    """
    value = float(number)
    return abs(value - float(Fraction(value).limit_denominator(1000))) > 1e-9 * value


def _large_arrays(value: Any) -> Iterator[Any]:
    """Yield arrays that are too long to be in two places by chance."""
    if isinstance(value, np.ndarray):
        if value.size >= FEWEST_ENTRIES and len(np.unique(value)) > 3:
            yield value
    elif hasattr(value, "values"):
        for each in value.values():
            yield from _large_arrays(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _large_arrays(each)


def _telling(statement: str, fewest: int = FEWEST_NODES) -> bool:
    """Return whether a statement says something about a solution: more than a bare name."""
    try:
        tree = ast.parse(statement)
    except SyntaxError:
        return True
    return sum(1 for _ in ast.walk(tree)) >= fewest


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _line_of(source: str, statement: str) -> int:
    first = statement.splitlines()[0].strip()
    lines = source.splitlines()
    return next((n for n, line in enumerate(lines, 1) if line.strip() == first), 0)
