"""Find the generated mutants that no check kills, and hold them against what a person reviewed.

``equivalent.yml`` in an assignment's folder lists for each exercise the generated mutants that may
live, with the reason. Every other survivor is a gap in the checks; an entry that is killed, or that
nothing generates any more, is a mistake in the list.
"""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from autograder.authoring.expected import Expected
from autograder.authoring.generated import GeneratedMutant, generate
from autograder.authoring.limiting import OutOfTimeError, limited_memory, limited_time
from autograder.authoring.reviewed import Equivalent, read_reviewed
from autograder.config import Lines
from autograder.course import modules_of
from autograder.errors import CourseError, Problem, did_you_mean
from autograder.model import Assignment, Course, Exercise
from autograder.numerics.expectations import ExpectedCheck, Lookup
from autograder.subjects import build_subject

FILE = "equivalent.yml"
SECONDS = 3.0  # of processor time for one mutant in all its checks: load does not kill


@dataclass(frozen=True)
class Survey:
    """What became of the generated mutants of one exercise."""

    exercise: Exercise
    generated: tuple[str, ...]
    survivors: tuple[GeneratedMutant, ...]

    @property
    def killed(self) -> int:
        """How many mutants some check tells from the reference."""
        return len(self.generated) - len(self.survivors)


def survey(
    course: Course, assignment: Assignment, expected: Expected, seconds: float = SECONDS
) -> tuple[Survey, ...]:
    """Put every generated mutant of every exercise through the exercise's own checks.

    Parameters
    ----------
    expected : dict
        The checks of each exercise, by its name.
    seconds : float
        Processor time after which a mutant counts as killed; endless loops end so.

    Raises
    ------
    RuntimeError
        Outside the main thread, where no time can be limited.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("generated mutants run in the main thread only: signals limit them")
    modules = modules_of(assignment)
    with limited_memory(course.limits.memory_mb):
        return tuple(
            _survey(course.reference, modules, each, expected[each.name], seconds)
            for each in assignment.exercises
        )


def _survey(
    reference: Mapping[str, str],
    modules: tuple[str, ...],
    exercise: Exercise,
    checks: tuple[ExpectedCheck, ...],
    seconds: float,
) -> Survey:
    names, alive = [], []
    for target in exercise.targets:
        module = target.partition(".")[0]
        for mutant in generate(reference[module], target):
            names.append(mutant.name)
            subject = _lazily({**reference, module: mutant.source}, modules)
            if survives(checks, subject, seconds):
                alive.append(mutant)
    return Survey(exercise, tuple(names), tuple(alive))


def _lazily(sources: Mapping[str, str], modules: tuple[str, ...]) -> Lookup:
    """Return a subject that is built inside the first check: importing it may fail as well."""
    build = cache(partial(build_subject, sources, modules))

    def lookup(name: str) -> Any:
        return build()(name)

    return lookup


def survives(checks: tuple[ExpectedCheck, ...], subject: Lookup, seconds: float = SECONDS) -> bool:
    """Return whether a subject passes every check in time; the first that fails ends it."""
    try:
        with limited_time(seconds):
            return not any(_kills(check, subject) for check in checks)
    except OutOfTimeError:
        return False


def _kills(check: ExpectedCheck, subject: Lookup) -> bool:
    pairs = zip(check.expectations, check.observe(subject), strict=True)
    return any(check.judge_case(expectation, outcome).kind for expectation, outcome in pairs)


def require_reviewed(assignment: Assignment, surveys: tuple[Survey, ...]) -> None:
    """Require the survivors to be exactly the mutants that ``equivalent.yml`` lists.

    Raises
    ------
    CourseError
        For a survivor that is not listed, and an entry that is killed, occurs twice or names no
        exercise or mutant; or if the file is not valid.
    """
    entries, lines = read_reviewed(assignment, FILE, Equivalent)
    known = [each.exercise.name for each in surveys]
    problems = [
        lines.problem((name,), f"{name!r} is no exercise here.{did_you_mean(name, known)}")
        for name in entries
        if name not in known
    ]
    for each in surveys:
        listed = [entry.mutant for entry in entries.get(each.exercise.name, [])]
        problems += _unlisted(each, listed)
        problems += _rotten(each, listed, lines)
    if problems:
        raise CourseError(problems)


def _unlisted(each: Survey, listed: list[str]) -> Iterator[Problem]:
    for mutant in each.survivors:
        if mutant.name not in listed:
            message = (
                f"generated mutant survives every check: {mutant.name}; add a case that kills it, "
                f"or list it in {FILE} with the reason why it may live"
            )
            yield Problem(each.exercise.path, each.exercise.line, message)


def _rotten(each: Survey, listed: list[str], lines: Lines) -> Iterator[Problem]:
    alive = {mutant.name for mutant in each.survivors}
    for position, name in enumerate(listed):
        if name in listed[:position]:
            message = f"listed twice: {name}"
        elif name not in each.generated:
            message = f"names no generated mutant: {name}.{did_you_mean(name, each.generated)}"
        elif name not in alive:
            message = f"is killed by a check, so remove the entry: {name}"
        else:
            continue
        yield lines.problem((each.exercise.name, position, "mutant"), message)
