"""Change a world: plant a mutant, cut the stubs, put an alternative in place."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
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


def pair_subject(
    course: Course, assignment: Assignment, exercise: Exercise, pair: tuple[Mutant, Mutant]
) -> Lookup | None:
    """Return the reference with two misconceptions planted, or None if they don't fit together."""
    sources = plant_pair(course.reference, exercise, *pair)
    try:
        return build_subject(sources, modules_of(assignment)) if sources else None
    except SyntaxError:
        return None


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
    module, mutated = _planted(sources, exercise, mutant)
    _compile(mutated, mutant.path, mutant.line, mutant.name)
    return {**sources, module: mutated}


def plant_pair(
    sources: Mapping[str, str], exercise: Exercise, first: Mutant, second: Mutant
) -> dict[str, str] | None:
    """Return the world with two mutants planted, in whichever order finds both old texts once.

    It is None if neither order does. Whether the result is Python shows when it is executed.
    """
    for one, other in ((first, second), (second, first)):
        with suppress(CourseError):
            world = {**sources}
            for mutant in (one, other):
                module, world[module] = _planted(world, exercise, mutant)
            return world
    return None


def _planted(sources: Mapping[str, str], exercise: Exercise, mutant: Mutant) -> tuple[str, str]:
    """Return the module that a mutant changes, and its changed source."""
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
    return module, source[:position] + mutant.new + source[position + len(mutant.old) :]


def _target_texts(sources: Mapping[str, str], exercise: Exercise) -> list[tuple[str, int, str]]:
    """Return (module, offset, text) for the code after the docstring of each target."""
    texts = []
    for target in exercise.targets:
        module, _, name = target.partition(".")
        texts += [(module, start, text) for start, text in _bodies(sources[module], name)]
    return texts


@lru_cache(maxsize=256)
def _bodies(source: str, name: str) -> tuple[tuple[int, str], ...]:
    """Return (offset, text) for the code after the docstring of each function of that name."""
    lines = source.splitlines(keepends=True)
    spans = [body_span(function) for function in find_functions(source, name)]
    return tuple(
        (sum(len(line) for line in lines[: first - 1]), "".join(lines[first - 1 : last]))
        for first, last in spans
    )


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
