"""What a course, a check and a result are: frozen values without input or output."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import numpy as np

from autograder.terms import Policy

Observation = Mapping[str, Any]
CaseSource = Callable[[np.random.Generator], Iterator["Case"]]
CheckFunction = Callable[[Any, "Case"], Observation]


class Case(Mapping[str, Any]):
    """One set of arguments for a check: plain data by name.

    Parameters
    ----------
    **arguments
        Arrays, numbers, strings, and tuples, lists or dictionaries of them. Randomness is a
        ``seed``, from which a check makes its generator.

    Examples
    --------
    >>> case = Case(logits=[0.0, 1.0], labels=1)
    >>> case.labels, case["labels"], dict(**case)
    (1, 1, {'logits': [0.0, 1.0], 'labels': 1})
    """

    def __init__(self, **arguments: Any) -> None:
        taken = sorted(name for name in arguments if hasattr(type(self), name))
        if taken:
            raise TypeError(f"a case has no argument called {taken[0]!r}: all mappings have one")
        self._arguments = arguments

    def __getitem__(self, name: str) -> Any:
        return self._arguments[name]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._arguments:
            raise AttributeError(f"the case has no argument {name!r}")
        return self._arguments[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arguments)

    def __len__(self) -> int:
        return len(self._arguments)

    def __repr__(self) -> str:
        return f"Case({', '.join(f'{name}={value!r}' for name, value in self.items())})"


@dataclass(frozen=True)
class Judge:
    """How an observation is compared: by name, since the public tests carry the name too.

    Attributes
    ----------
    name : {'tolerance', 'exact', 'statistical', 'raises'}
        The rule in `autograder.numerics.compare`.
    exception : str
        For ``raises``: the name of the exception class that is expected.
    """

    name: str = "tolerance"
    exception: str = ""


@dataclass(frozen=True)
class Check:
    """One graded statement about an exercise, run on its cases.

    Attributes
    ----------
    picture : str or None
        How a wrong answer is shown, as `autograder.numerics.pictures` reads it; None for what
        suits its values.
    """

    name: str
    title: str
    function: CheckFunction
    cases: CaseSource
    weight: float
    public: bool
    judge: Judge
    path: Path
    line: int
    picture: str | None = None


@dataclass(frozen=True)
class Mutant:
    """A known wrong idea, as a change of the reference's text that matches exactly once."""

    name: str
    old: str
    new: str
    hint: str
    path: Path
    line: int


@dataclass(frozen=True)
class Alternative:
    """A right implementation written differently: source that redefines the targets."""

    name: str
    source: str
    path: Path
    line: int


@dataclass(frozen=True)
class Exercise:
    """One or a few targets that belong together, worth points.

    Attributes
    ----------
    name : str
        The first target, qualified: ``losses.mse``.
    targets : tuple of str
        Qualified names of reference functions or methods.
    """

    name: str
    targets: tuple[str, ...]
    checks: tuple[Check, ...]
    mutants: tuple[Mutant, ...]
    alternatives: tuple[Alternative, ...]
    path: Path
    line: int

    @property
    def title(self) -> str:
        """The name that students know it by: that of the function, also in ``grader.check``."""
        return self.name.partition(".")[2]

    def shares(self, points: float) -> dict[str, float]:
        """Return the points of each check when the exercise is worth `points`.

        Shares follow the weights in whole hundredths that add up exactly (largest remainder), so
        that no gradebook has to round a score.
        """
        total = sum(check.weight for check in self.checks)
        exact = {check.name: 100 * points * check.weight / total for check in self.checks}
        shares = {name: int(share + 1e-9) for name, share in exact.items()}
        left = round(100 * points) - sum(shares.values())
        for name in sorted(exact, key=lambda name: shares[name] - exact[name])[:left]:
            shares[name] += 1
        return {name: share / 100 for name, share in shares.items()}


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    cell_seconds, check_seconds, submission_seconds : float
        Wall time of one cell, of one check on all its cases, and of everything together.
    memory_mb : int
        Memory beyond that of an idle sandbox, in MB.
    output_kb : int
        Text written by the notebook, in kB; the rest is discarded.
    """

    cell_seconds: float = 30.0
    check_seconds: float = 10.0
    submission_seconds: float = 300.0
    memory_mb: int = 1024
    output_kb: int = 1024


@dataclass(frozen=True)
class Assignment:
    """A folder ``assignments/aNN_topic``: what students hand in.

    Attributes
    ----------
    limits : Limits or None
        Its own limits; None for those of the course.
    """

    name: str
    title: str
    folder: Path
    exercises: tuple[Exercise, ...]
    points: Mapping[str, float]
    written: Mapping[str, float]
    files: tuple[Path, ...]
    limits: Limits | None = None

    def total(self) -> float:
        """Return the points that can be earned by code."""
        return sum(self.points[exercise.name] for exercise in self.exercises)


@dataclass(frozen=True)
class Course:
    """All assignments plus one ``grading.yml``."""

    root: Path
    title: str
    seed: int
    limits: Limits
    follow_through: bool
    reference: Mapping[str, str]
    assignments: Mapping[str, Assignment]
    policy: Policy

    def limits_of(self, assignment: str) -> Limits:
        """Return what a submission for an assignment may use."""
        return self.assignments[assignment].limits or self.limits


class Verdict(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"


class Status(StrEnum):
    """What became of a submission; only ``graded`` has a score."""

    GRADED = "graded"
    MALFORMED = "malformed"
    TAMPERED = "tampered"
    FAULT = "fault"


@dataclass(frozen=True)
class Diagnosis:
    """The misconception, or the few misconceptions, that explain a wrong observation.

    Attributes
    ----------
    mutants : tuple of str
        Names of what does the same as the submission on every case.
    hint : str
        A question that leads there.
    kind : {'mutant', 'one of', 'both', 'transform'}
        Whether the names are one mutant, several that cannot be told apart (each perhaps a pair,
        ``a + b``), two mistakes made together, or a transform of what should have come back.
    """

    mutants: tuple[str, ...]
    hint: str
    kind: Literal["mutant", "one of", "both", "transform"] = "mutant"


@dataclass(frozen=True)
class CheckResult:
    """The verdict of one check.

    Attributes
    ----------
    score : float
        Points earned. A failed check has some when it is right on top of earlier mistakes.
    error : float
        In units of the tolerance.
    """

    check: str
    title: str
    public: bool
    verdict: Verdict
    score: float
    points: float
    message: str = ""
    diagnosis: Diagnosis | None = None
    error: float | None = None


@dataclass(frozen=True)
class ExerciseResult:
    """The verdicts of one exercise's checks.

    Attributes
    ----------
    fingerprint : str
        The same for equal mistakes that nothing explains; empty for every other exercise.
    pictures : mapping of str to dict
        What shows a mistake, as plain data, by public check.
    """

    exercise: str
    points: float
    checks: tuple[CheckResult, ...]
    fingerprint: str = ""
    pictures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """Points earned."""
        return round(sum(check.score for check in self.checks), 2)

    @property
    def full(self) -> bool:
        """Whether every check passed."""
        return all(check.verdict is Verdict.PASSED for check in self.checks)


@dataclass(frozen=True)
class CodeCell:
    """One code cell; `index` counts all cells of the notebook from 0."""

    index: int
    source: str


@dataclass(frozen=True)
class CellResult:
    """What became of one code cell; `index` is that of the cell."""

    index: int
    outcome: str
    message: str = ""


@dataclass(frozen=True)
class Result:
    """What became of one submission.

    Attributes
    ----------
    submission : str
        SHA-256 of the submitted notebook.
    message : str
        Why there is no score; empty when graded.
    remarks : tuple of str
        What a person should know about the submission; none changes the score.
    """

    assignment: str
    student: str
    submission: str
    status: Status
    points: float
    seconds: float
    message: str = ""
    exercises: tuple[ExerciseResult, ...] = ()
    cells: tuple[CellResult, ...] = field(default=())
    remarks: tuple[str, ...] = ()

    @property
    def score(self) -> float | None:
        """Points earned, or None: a submission that was not graded has no score, never zero."""
        if self.status is not Status.GRADED:
            return None
        return round(sum(exercise.score for exercise in self.exercises), 2)
