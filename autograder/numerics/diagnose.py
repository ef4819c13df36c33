"""Name the misconception behind a wrong observation.

A mutant explains a submission if, on every case of every check of the exercise, both did the same:
the same exception, the same shape, the same NaNs, the same values by the comparison that grades.
Two mutants planted together explain it in the same way. What nothing explains gets a fingerprint.
"""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from autograder.model import Diagnosis, Mutant
from autograder.numerics.compare import (
    Observed,
    Raised,
    describe,
    judge,
)
from autograder.numerics.expectations import (
    Expectation,
    ExpectedCheck,
    Lookup,
    float_leaves,
)
from autograder.numerics.samples import Sample

Outcome = Observed | Raised
Outcomes = Mapping[str, Sequence[Outcome]]  # of one subject: by check, one for each case
Guard = Callable[[], AbstractContextManager[Any]]
Trial = tuple[ExpectedCheck, Expectation, Outcome]

MOST_PAIRS = 3  # that may explain one submission; more of them say nothing
DIGITS = 6  # of a value that count in a fingerprint
MOST_NUMBERS = 10_000  # of an array that count in it


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
    names = tuple(mutant.name for mutant in matching)
    return Diagnosis(names, " Or: ".join(hints), "mutant" if len(names) == 1 else "one of")


def diagnose_pairs(
    expected: Sequence[ExpectedCheck],
    outcomes: Outcomes,
    pairs: Iterable[tuple[tuple[Mutant, Mutant], Lookup]],
    guard: Guard = nullcontext,
) -> Diagnosis | None:
    """Return the two mutants that together explain the outcomes of a failing subject, or None.

    Parameters
    ----------
    expected : sequence of ExpectedCheck
        The checks of one exercise.
    outcomes : mapping
        What the subject did.
    pairs : iterable of ((Mutant, Mutant), callable)
        The reference with two misconceptions each time. What it does is observed case by case,
        where the subject fails first, and only until the two differ.
    guard : callable, optional
        Returns what surrounds each pair's trial; what it ends early explains nothing.
    """
    trials = _failing_first(expected, outcomes)
    explaining = (pair for pair, subject in pairs if _like(trials, subject, guard))
    matching = list(itertools.islice(explaining, MOST_PAIRS + 1))
    if not matching or len(matching) > MOST_PAIRS:
        return None
    hints = " Or: ".join(dict.fromkeys(f"{one.hint} {two.hint}" for one, two in matching))
    if len(matching) == 1:
        return Diagnosis(tuple(mutant.name for mutant in matching[0]), hints, "both")
    return Diagnosis(tuple(f"{one.name} + {two.name}" for one, two in matching), hints, "one of")


def _failing_first(expected: Sequence[ExpectedCheck], outcomes: Outcomes) -> list[Trial]:
    trials = [
        (check, expectation, outcome)
        for check in expected
        for expectation, outcome in zip(check.expectations, outcomes[check.check.name], strict=True)
    ]
    return sorted(trials, key=lambda trial: not trial[0].judge_case(*trial[1:]).kind)


def _like(trials: Iterable[Trial], subject: Lookup, guard: Guard) -> bool:
    """Return whether a subject does the same as what was observed, without trying it to the end."""
    with guard():
        return not any(_unlike(*trial, subject) for trial in trials)
    return False


def _unlike(
    check: ExpectedCheck, expectation: Expectation, outcome: Outcome, subject: Lookup
) -> bool:
    (theirs,) = check.observe_cases([expectation], subject)
    return not alike(check, expectation, theirs, outcome)


def same(expected: Sequence[ExpectedCheck], outcomes: Outcomes, mutant: Outcomes) -> bool:
    """Return whether two subjects cannot be told apart by any check of the exercise."""
    return all(
        alike(check, expectation, theirs, ours)
        for check in expected
        for expectation, ours, theirs in zip(
            check.expectations,
            outcomes[check.check.name],
            mutant[check.check.name],
            strict=True,
        )
    )


def alike(
    check: ExpectedCheck, expectation: Expectation, theirs: Outcome, outcome: Outcome
) -> bool:
    """Return whether an outcome on one case is the same as that of another subject.

    Where a right value has to be exact, wrong ones are still computed, and rounding differs.
    """
    if isinstance(theirs, Raised):
        return isinstance(outcome, Raised) and outcome.types[:1] == theirs.types[:1]
    scales = _scales(expectation, theirs.tree)
    rule = check.check.judge.name
    if rule == "exact":
        found = (check.judge_case(expectation, each).kind for each in (theirs, outcome))
        if len(set(map(bool, found))) > 1:  # one of them is right
            return False
    rule = rule if rule == "statistical" else "tolerance"
    return not judge(rule, "", theirs, scales, check.eta, outcome).kind


def _scales(expectation: Expectation, tree: Any) -> list[Any]:
    """Return the reference's scales where the mutant's arrays have the same shapes, else zeros."""
    leaves = list(float_leaves(tree))
    if [np.shape(leaf) for leaf in leaves] == [np.shape(each) for each in expectation.scales]:
        return list(expectation.scales)
    return [np.zeros(np.shape(leaf)) for leaf in leaves]


def fingerprint(expected: Sequence[ExpectedCheck], outcomes: Outcomes) -> str:
    """Return a short hash that equal wrong observations share.

    It is made of what kind of thing is wrong in each check, and of the values there on all cases:
    to six digits, and zero where they are tiny beside the largest of their array. So neither the
    machine nor the way in which the same mistake is written makes a difference. Nothing can be
    read from it.
    """
    total = hashlib.sha256()
    for check in expected:
        finding = check.judge(outcomes[check.check.name])
        total.update(f"{check.check.name}|{finding.kind}|".encode())
        if finding.kind:
            for outcome in outcomes[check.check.name]:
                total.update("|".join(_words(outcome)).encode("utf-8", "backslashreplace"))
    return total.hexdigest()[:12]


def _words(outcome: Outcome) -> Iterator[str]:
    if isinstance(outcome, Raised):
        yield f"raised {' '.join(outcome.types[:1])}"
    else:
        yield from _written(outcome.tree)


def _written(value: Any) -> Iterator[str]:
    """Yield an observation as text, with every number rounded."""
    if isinstance(value, Mapping):
        for name in sorted(value, key=str):
            yield str(name)
            yield from _written(value[name])
    elif isinstance(value, tuple | list):
        yield f"[{len(value)}]"
        for each in value:
            yield from _written(each)
    elif isinstance(value, Sample):
        yield f"{value.shape} {value.mean / (value.std or 1):.1f} {value.std:.1e}"
    elif isinstance(value, np.ndarray | np.generic | bool | int | float | complex):
        yield from _numbers(np.asarray(value))
    else:
        yield value if isinstance(value, str) else describe(value)


def _numbers(array: Any) -> Iterator[str]:
    yield str(array.shape)
    if array.dtype.kind == "c":
        yield from _numbers(np.stack([array.real, array.imag]))
    elif array.dtype.kind == "f":
        finite = np.isfinite(array)
        largest = float(np.max(np.abs(array), initial=0.0, where=finite))
        floor = largest * 10.0**-DIGITS
        for number in np.ravel(array)[:MOST_NUMBERS].tolist():
            yield f"{0.0 if abs(number) <= floor else number:.{DIGITS - 1}e}"
    elif array.dtype.kind in "iub":
        yield from (str(int(number)) for number in np.ravel(array)[:MOST_NUMBERS].tolist())
    else:
        yield array.dtype.kind
