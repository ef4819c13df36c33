"""What a public test notes down while it runs in a student's notebook.

otter keeps the message of a failed test and nothing else. So the tests find, in place of the
student's globals, a dictionary that also takes notes; anywhere else nobody does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.numerics.compare import Finding, Observed, Raised
from autograder.numerics.samples import Sample, sampled

# Every test carries its own copy of these classes, since otter needs it to stand alone.
OURS = {each.__name__: each for each in (Finding, Observed, Raised, Sample)}


@dataclass(frozen=True)
class Note:
    """What happened in one case of a check."""

    case: Mapping[str, Any]
    expected: Any
    scales: Sequence[Any]
    outcome: Any
    finding: Finding


@dataclass
class Notes:
    """What happened in a check: `eta` is its tolerance, 0 where it compares exactly."""

    eta: float
    cases: list[Note] = field(default_factory=list)

    @property
    def finding(self) -> Finding:
        """The first structural fault over all cases, or else the worst value."""
        findings = [each.finding for each in self.cases]
        structural = (each for each in findings if each.kind not in {"", "value"})
        return next(structural, max(findings, key=lambda each: each.error))

    @property
    def worst(self) -> Note:
        """The case that the finding is about."""
        finding = self.finding
        return next(each for each in self.cases if each.finding is finding)


class Environment(dict[str, Any]):
    """The student's globals, and what the tests note."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        super().__init__(names)
        self.notes: dict[str, Notes] = {}

    def note(self, name: str, rule: tuple[str, float], *happened: Any) -> None:
        """Keep what happened in a case; tests call it.

        Parameters
        ----------
        name : str
            Of the check.
        rule : tuple of str and float
            How the check compares, and its tolerance.
        *happened
            Case, expected outcome, scales, outcome and finding.
        """
        kind, eta = rule
        notes = self.notes.setdefault(name, Notes(0.0 if kind == "exact" else eta))
        case, expected, scales, outcome, finding = (ours(each) for each in happened)
        if kind == "statistical" and isinstance(outcome, Observed):
            outcome = Observed(sampled(outcome.tree), outcome.returned)
        notes.cases.append(Note(case, expected, scales, outcome, finding))


def ours(value: Any) -> Any:
    """Return a copy of a test's value, with our classes in place of those that it carries."""
    if isinstance(value, np.ndarray):
        return value.copy()
    known = OURS.get(type(value).__name__)
    if known is not None:
        return known(**{name: ours(each) for name, each in vars(value).items()})
    if isinstance(value, dict):
        return {name: ours(each) for name, each in value.items()}
    if isinstance(value, tuple | list) and type(value) in {tuple, list}:
        return type(value)(ours(each) for each in value)
    return value
