"""Name the misconception behind a wrong observation.

A mutant explains a submission if, on every case of every check of the exercise, both did the same:
the same exception, the same shape, the same NaNs, the same values by the comparison that grades.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.model import Diagnosis, Mutant
from autograder.numerics.compare import Finding, Observed, Raised, judge
from autograder.numerics.expectations import (
    Expectation,
    ExpectedCheck,
    Lookup,
    float_leaves,
)

Outcome = Observed | Raised
Outcomes = Mapping[str, Sequence[Outcome]]  # of one subject: by check, one for each case


def observe_all(checks: Iterable[ExpectedCheck], subject: Lookup) -> Outcomes:
    """Return what a subject does in every check of an exercise."""
    return {check.check.name: list(check.observe(subject)) for check in checks}


def diagnose(
    expected: Sequence[ExpectedCheck],
    outcomes: Outcomes,
    mutants: Iterable[tuple[Mutant, Outcomes]],
) -> Diagnosis | None:
    """Return the mutants that explain the outcomes of a failing subject, or None.

    Parameters
    ----------
    expected : sequence of ExpectedCheck
        The checks of one exercise.
    outcomes : mapping
        What the subject did.
    mutants : iterable of (Mutant, mapping)
        Each misconception with what it does.
    """
    matching = [mutant for mutant, theirs in mutants if same(expected, outcomes, theirs)]
    if not matching:
        return None
    hints = dict.fromkeys(mutant.hint for mutant in matching)
    return Diagnosis(tuple(mutant.name for mutant in matching), " Or: ".join(hints))


def same(expected: Sequence[ExpectedCheck], outcomes: Outcomes, mutant: Outcomes) -> bool:
    """Return whether two subjects cannot be told apart by any check of the exercise."""
    return all(
        not _difference(check, expectation, theirs, ours).kind
        for check in expected
        for expectation, ours, theirs in zip(
            check.expectations,
            outcomes[check.check.name],
            mutant[check.check.name],
            strict=True,
        )
    )


def _difference(
    check: ExpectedCheck, expectation: Expectation, mutant: Outcome, outcome: Outcome
) -> Finding:
    if isinstance(mutant, Raised):
        alike = isinstance(outcome, Raised) and outcome.types[:1] == mutant.types[:1]
        return Finding() if alike else Finding("raised")
    scales = _scales(expectation, mutant.tree)
    rule = "exact" if check.check.judge.name == "exact" else "tolerance"
    return judge(rule, "", mutant, scales, check.eta, outcome)


def _scales(expectation: Expectation, tree: Any) -> list[Any]:
    """Return the reference's scales where the mutant's arrays have the same shapes, else zeros."""
    leaves = list(float_leaves(tree))
    if [np.shape(leaf) for leaf in leaves] == [np.shape(each) for each in expectation.scales]:
        return list(expectation.scales)
    return [np.zeros(np.shape(leaf)) for leaf in leaves]
