"""Change a world: plant a mutant, cut the stubs, put an alternative in place."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograder.authoring.stubs import body_span, cut, find_functions
from autograder.course import REFERENCE, modules_of
from autograder.errors import CourseError, Problem
from autograder.model import Alternative, Assignment, Course, Exercise, Mutant
from autograder.subjects import build_subject

Lookup = Callable[[str], Any]


def reference_subject(course: Course, assignment: Assignment) -> Lookup:
    """Return the reference as a subject."""
    return build_subject(course.reference, modules_of(assignment))


def mutant_subject(
    course: Course, assignment: Assignment, exercise: Exercise, mutant: Mutant
) -> Lookup:
    """Return the reference with a misconception planted."""
    sources = plant(course.reference, exercise, mutant)
    return build_subject(sources, modules_of(assignment))


def alternative_subject(
    course: Course, assignment: Assignment, exercise: Exercise, alternative: Alternative
) -> Lookup:
    """Return the reference with an exercise's targets written differently."""
    module = exercise.name.partition(".")[0]
    sources = {**course.reference}
    sources[module] += "\n\n" + alternative.source
    return build_subject(sources, modules_of(assignment))


def stub_subject(course: Course, assignment: Assignment) -> Lookup:
    """Return what an untouched notebook defines: every target is a hole."""
    return build_subject(stub_sources(course, assignment), modules_of(assignment))


def stub_sources(course: Course, assignment: Assignment) -> dict[str, str]:
    """Return the world with the solutions of an assignment cut out."""
    sources = dict(course.reference)
    for module in modules_of(assignment):
        path = course.root / REFERENCE / f"{module}.py"
        sources[module] = cut(path, sources[module], targets_in(assignment, module)).source
    return sources


def targets_in(assignment: Assignment, module: str) -> tuple[str, ...]:
    """Return the names, within `module`, of the assignment's targets."""
    targets = [target for exercise in assignment.exercises for target in exercise.targets]
    return tuple(
        target.partition(".")[2] for target in targets if target.partition(".")[0] == module
    )


def require_changes(course: Course, assignment: Assignment) -> None:
    """Require every mutant and alternative of an assignment to fit the reference.

    Raises
    ------
    CourseError
        With every one that does not.
    """
    problems: list[Problem] = []
    for exercise in assignment.exercises:
        for mutant in exercise.mutants:
            try:
                plant(course.reference, exercise, mutant)
            except CourseError as error:
                problems += error.problems
        for each in exercise.alternatives:
            try:
                _compile(each.source, each.path, each.line, each.name)
            except CourseError as error:
                problems += error.problems
    if problems:
        raise CourseError(problems)


def plant(sources: Mapping[str, str], exercise: Exercise, mutant: Mutant) -> dict[str, str]:
    """Return the world in which the mutant's old text is replaced by its new text.

    Raises
    ------
    CourseError
        Unless the old text occurs exactly once in the code of the exercise's targets, and the
        result is valid Python.
    """
    found = [
        (module, position)
        for module, start, text in _target_texts(sources, exercise)
        for position in _occurrences(text, mutant.old, start)
    ]
    if len(found) != 1:
        times = "does not occur" if not found else f"occurs {len(found)} times"
        raise CourseError.at(
            mutant.path,
            mutant.line,
            f"mutant {mutant.name!r}: the old text {mutant.old!r} {times} in the code of "
            f"{' and '.join(exercise.targets)}; it must occur exactly once",
        )
    module, position = found[0]
    source = sources[module]
    mutated = source[:position] + mutant.new + source[position + len(mutant.old) :]
    _compile(mutated, mutant.path, mutant.line, mutant.name)
    return {**sources, module: mutated}


def _target_texts(sources: Mapping[str, str], exercise: Exercise) -> list[tuple[str, int, str]]:
    """Return (module, offset, text) for the code after the docstring of each target."""
    texts = []
    for target in exercise.targets:
        module, _, name = target.partition(".")
        lines = sources[module].splitlines(keepends=True)
        for function in find_functions(sources[module], name):
            first, last = body_span(function)
            start = sum(len(line) for line in lines[: first - 1])
            texts.append((module, start, "".join(lines[first - 1 : last])))
    return texts


def _occurrences(text: str, old: str, start: int) -> list[int]:
    positions, position = [], text.find(old)
    while position >= 0:
        positions.append(start + position)
        position = text.find(old, position + 1)
    return positions


def _compile(source: str, path: Path, line: int, name: str) -> None:
    try:
        compile(source, str(path), "exec")
    except SyntaxError as error:
        message = f"{name!r} is not valid Python once in place: {error.msg}"
        raise CourseError.at(path, line, message) from None
