"""What ``assignments/aNN_topic/checks.py`` imports to declare its exercises.

A check is a function from a subject and a case to an observation; everything else (expected
values, public tests, hidden tests, diagnoses) follows from it. See ``assignments/README.md``.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from textwrap import dedent

from autograder import model
from autograder.errors import CourseError
from autograder.model import Case, CaseSource, Check, CheckFunction, Judge

__all__ = ["Case", "Exercise", "curve", "exact", "raises", "statistical", "trajectory"]

exact = Judge("exact")
# Arrays of floats are samples: right when they may come from the distribution of the reference's.
statistical = Judge("statistical")
_PICTURE = re.compile(r"curve:\w+(/\w+)?|trajectory:\w+(,\w+,\w+)?")
_declared: ContextVar[list["Exercise"]] = ContextVar("declared")


def raises(exception: type[Exception]) -> Judge:
    """Return the judge that passes when the check raises `exception` or a subclass of it."""
    return Judge("raises", exception.__name__)


def curve(x: str, over: str = "") -> str:
    """Return the picture that shows an output as a function of the case's argument `x`.

    Parameters
    ----------
    over : str, optional
        An argument by which the output is divided first: what a gradient is multiplied by.
    """
    return f"curve:{x}/{over}" if over else f"curve:{x}"


def trajectory(start: str, *, bowl: tuple[str, str] | None = None) -> str:
    """Return the picture that shows where updates lead to, from the case's argument `start`.

    Parameters
    ----------
    bowl : tuple of str, optional
        Arguments that hold A and b, if the loss of the case has the gradient ``A @ theta - b``.
    """
    return f"trajectory:{','.join((start, *(bowl or ())))}"


@contextmanager
def collecting() -> Iterator[list["Exercise"]]:
    """Collect the exercises that are declared inside the ``with`` block, in order."""
    exercises: list[Exercise] = []
    token = _declared.set(exercises)
    try:
        yield exercises
    finally:
        _declared.reset(token)


class Exercise:
    """Declare one exercise: its targets, then its checks, mutants and alternatives.

    Parameters
    ----------
    *targets : str
        Qualified names in ``reference/``: ``"losses.mse"``, or several that belong together.
    """

    def __init__(self, *targets: str) -> None:
        self._path, self._line = _caller()
        if not targets or any(target.count(".") < 1 for target in targets):
            self._refuse(f"an exercise names its targets as 'module.function', not {targets!r}")
        self._targets = targets
        self._checks: list[Check] = []
        self._mutants: list[model.Mutant] = []
        self._alternatives: list[model.Alternative] = []
        _declared.get([]).append(self)

    def check(
        self,
        cases: CaseSource,
        *,
        weight: float = 1.0,
        public: bool = False,
        judge: Judge | None = None,
        picture: str | None = None,
    ) -> Callable[[CheckFunction], CheckFunction]:
        """Declare the decorated function as a check; its docstring is what students read.

        Parameters
        ----------
        cases : callable
            Takes a ``numpy.random.Generator`` and yields the cases.
        weight : float
            Share of the exercise's points, relative to its other checks.
        public : bool
            Whether students receive the check and its cases.
        judge : Judge, optional
            ``exact``, ``statistical`` or ``raises(ValueError)`` in place of the calibrated
            tolerance.
        picture : str, optional
            ``curve("z")`` or ``trajectory("theta")``: what shows a wrong answer better than the
            error of each entry, or the distribution of random numbers.
        """
        path, line = _caller()
        if not callable(cases):
            raise CourseError.at(path, line, "the first argument of check() is a case source")
        if weight <= 0:
            raise CourseError.at(path, line, f"weight is {weight}; a check has a positive weight")
        if picture is not None and not _PICTURE.fullmatch(picture):
            problem = f'picture is {picture!r}; write curve("z") or trajectory("theta")'
            raise CourseError.at(path, line, problem)

        def declare(function: CheckFunction) -> CheckFunction:
            title = inspect.getdoc(function) or ""
            if not title:
                raise CourseError.at(
                    path, line, f"check {function.__name__!r} needs a docstring: students read it"
                )
            self._checks.append(
                Check(
                    name=function.__name__,
                    title=" ".join(title.split()),
                    function=function,
                    cases=cases,
                    weight=weight,
                    public=public,
                    judge=judge or Judge(),
                    picture=picture,
                    path=path,
                    line=line,
                )
            )
            return function

        return declare

    def mutant(self, name: str, *, old: str, new: str, hint: str) -> None:
        """Declare a misconception: `old` occurs once in the targets' code and becomes `new`."""
        path, line = _caller()
        if old == new:
            raise CourseError.at(path, line, f"mutant {name!r} changes nothing: old equals new")
        self._mutants.append(model.Mutant(name, old, new, hint, path, line))

    def alternative(self, name: str, source: str) -> None:
        """Declare a right implementation written differently, as source text."""
        path, line = _caller()
        self._alternatives.append(
            model.Alternative(name, dedent(source).strip() + "\n", path, line)
        )

    def declared(self) -> model.Exercise:
        """Return the finished, frozen exercise."""
        for kind, names in (
            ("check", [check.name for check in self._checks]),
            ("mutant", [mutant.name for mutant in self._mutants]),
            ("alternative", [alternative.name for alternative in self._alternatives]),
        ):
            twice = {name for name in names if names.count(name) > 1}
            if twice:
                self._refuse(f"{self._targets[0]} declares the {kind} {min(twice)!r} twice")
        if not self._checks:
            self._refuse(f"{self._targets[0]} has no check; add one with @exercise.check")
        return model.Exercise(
            name=self._targets[0],
            targets=self._targets,
            checks=tuple(self._checks),
            mutants=tuple(self._mutants),
            alternatives=tuple(self._alternatives),
            path=self._path,
            line=self._line,
        )

    def _refuse(self, message: str) -> None:
        raise CourseError.at(self._path, self._line, message)


def _caller() -> tuple[Path, int]:
    """Return the file and line that called into this module."""
    frame = inspect.currentframe()
    while frame is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    assert frame is not None
    return Path(frame.f_code.co_filename), frame.f_lineno
