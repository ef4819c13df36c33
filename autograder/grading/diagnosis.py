"""Find out what a failing exercise got wrong, from the likeliest explanation to the last."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.authoring.limiting import limited_steps
from autograder.authoring.mutants import mutant_subject, pair_subject
from autograder.grading.memory import Memory
from autograder.model import Assignment, Course, Diagnosis, Exercise, Mutant
from autograder.numerics.compare import Finding
from autograder.numerics.diagnose import (
    Outcomes,
    diagnose,
    diagnose_pairs,
    observe_all,
)
from autograder.numerics.expectations import ExpectedCheck, Lookup
from autograder.numerics.transforms import EXPLAINED, diagnose_transform

MOST_SUBJECTS = 500  # planted ones that are kept
MOST_PAIRS = 150  # of mutants that are tried on one failing exercise, the likeliest first
NEVER_MUTANTS = frozenset({"todo", "died"})  # kinds of findings that no mutant leads to

Pair = tuple[Mutant, Mutant]
Symptoms = frozenset[tuple[str, int, str]]  # check, number of the case, kind of finding


@dataclass(frozen=True)
class Known:
    """What each mutant of an exercise does, and where it fails by that."""

    outcomes: tuple[tuple[Mutant, Outcomes], ...]
    symptoms: Mapping[str, Symptoms]


class Diagnostics:
    """Explains the failing exercises of one course.

    Parameters
    ----------
    course : Course
        Whose mutants are known; what they do is observed once, when first needed.
    """

    def __init__(self, course: Course) -> None:
        self._course = course
        self._known: dict[tuple[str, str], Known] = {}
        self._subjects: Memory[Lookup | None] = Memory(MOST_SUBJECTS)

    def explain(
        self,
        assignment: Assignment,
        exercise: Exercise,
        checks: tuple[ExpectedCheck, ...],
        outcomes: Outcomes,
    ) -> Diagnosis | None:
        """Return the mutant, transform or pair of mutants that explains the outcomes, or None.

        A transform explains values only; so where something else is wrong too, a pair of mutants
        that explains everything comes before it.
        """
        known = self._known_of(assignment, exercise, checks)
        single = diagnose(checks, outcomes, known.outcomes)
        if single:
            return single
        found = symptoms(checks, outcomes)
        transform = diagnose_transform(checks, outcomes)
        kinds = {kind for _, _, kind in found}
        if (transform and kinds <= EXPLAINED) or kinds & NEVER_MUTANTS:
            return transform
        pairs = itertools.islice(self._pairs(assignment, exercise, known, found), MOST_PAIRS)
        return diagnose_pairs(checks, outcomes, pairs, limited_steps) or transform

    def planted(
        self, assignment: Assignment, exercise: Exercise, diagnosis: Diagnosis
    ) -> Lookup | None:
        """Return the reference with the mistakes of a diagnosis in it, if it is sure of them."""
        key = (assignment.name, exercise.name, diagnosis)
        if key not in self._subjects:
            self._subjects.put(key, self._plant(assignment, exercise, diagnosis))
        return self._subjects.get(key)

    def _plant(
        self, assignment: Assignment, exercise: Exercise, diagnosis: Diagnosis
    ) -> Lookup | None:
        mutants = {mutant.name: mutant for mutant in exercise.mutants}
        if diagnosis.kind == "mutant":
            return self._planted(assignment, exercise, mutants[diagnosis.mutants[0]])
        if diagnosis.kind == "both":
            first, second = (mutants[name] for name in diagnosis.mutants)
            return pair_subject(self._course, assignment, exercise, (first, second))
        return None

    def _known_of(
        self, assignment: Assignment, exercise: Exercise, checks: tuple[ExpectedCheck, ...]
    ) -> Known:
        key = (assignment.name, exercise.name)
        if key not in self._known:
            outcomes = tuple(
                (mutant, observe_all(checks, self._planted(assignment, exercise, mutant)))
                for mutant in exercise.mutants
            )
            found = {mutant.name: symptoms(checks, theirs) for mutant, theirs in outcomes}
            self._known[key] = Known(outcomes, found)
        return self._known[key]

    def _planted(self, assignment: Assignment, exercise: Exercise, mutant: Mutant) -> Lookup:
        return mutant_subject(self._course, assignment, exercise, mutant)

    def _pairs(
        self, assignment: Assignment, exercise: Exercise, known: Known, found: Symptoms
    ) -> Iterator[tuple[Pair, Lookup]]:
        """Yield the pairs that can be planted, the likeliest first."""
        for pair in likely_pairs(exercise.mutants, known.symptoms, found):
            subject = pair_subject(self._course, assignment, exercise, pair)
            if subject:
                yield pair, subject


def symptoms(checks: Sequence[ExpectedCheck], outcomes: Outcomes) -> Symptoms:
    """Return on which cases something is wrong, and what kind of thing."""
    findings = (
        (check.check.name, number, check.judge_case(expectation, outcome).kind)
        for check in checks
        for number, (expectation, outcome) in enumerate(
            zip(check.expectations, outcomes[check.check.name], strict=True)
        )
    )
    return frozenset(finding for finding in findings if finding[2])


def likely_pairs(
    mutants: Sequence[Mutant], known: Mapping[str, Symptoms], found: Symptoms
) -> list[Pair]:
    """Return all pairs of mutants, first those whose symptoms add up to what was found.

    They need not: one mistake can hide a symptom of another, or add to it.
    """
    return sorted(
        itertools.combinations(mutants, 2),
        key=lambda pair: len((known[pair[0].name] | known[pair[1].name]) ^ found),
    )


def explains(diagnosis: Diagnosis, finding: Finding) -> bool:
    """Return whether a diagnosis of an exercise is about what one of its checks found."""
    if diagnosis.kind == "transform":
        return finding.kind in EXPLAINED
    return finding.kind != "todo"
