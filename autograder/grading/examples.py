"""Small inputs that show a mistake; for a known mistake they are searched for once.

What is remembered never depends on a submission, so the same one gets the same example every time.
"""

from dataclasses import replace

from autograder.grading.answers import Answer
from autograder.grading.memory import Memory
from autograder.model import Case, Diagnosis
from autograder.numerics.counterexamples import (
    Counterexample,
    Explains,
    failure,
    is_alike,
    narrowed,
    smallest_counterexample,
)
from autograder.numerics.diagnose import Outcome, alike
from autograder.numerics.expectations import ExpectedCheck, Lookup

MOST_CASES = 5_000  # that are remembered with what is expected on them
MOST_EXAMPLES = 5_000


class Examples:
    """Finds the smallest examples of what is wrong in the answers of one exercise.

    Parameters
    ----------
    reference : callable
        Where the reference's functions are looked up.
    """

    def __init__(self, reference: Lookup) -> None:
        self._reference = reference
        self._narrowed: Memory[ExpectedCheck | None] = Memory(MOST_CASES)
        self._found: Memory[Counterexample | None] = Memory(MOST_EXAMPLES)

    def of(
        self, answer: Answer, subject: Lookup, diagnosis: Diagnosis | None, planted: Lookup | None
    ) -> Counterexample | None:
        """Return the smallest readable input on which a subject fails in the same way.

        Parameters
        ----------
        subject : callable
            Where its functions are looked up.
        diagnosis, planted
            What explains the answer, and the reference with that planted, if it can be.
        """
        if diagnosis is None or planted is None:
            return self._search(answer, subject, lambda *_: True)
        key = (answer.name, diagnosis)
        if key not in self._found:
            self._found.put(key, self._search(answer, planted, lambda *_: True))
        known = self._found.get(key)
        if known is None:
            return None
        finding = failure(self._narrow(answer.check, known.case), subject, lambda *_: True)
        if finding and is_alike(finding, known.finding):
            return replace(known, finding=finding)
        return self._search(answer, subject, lambda *single: _does(planted, *single))

    def _search(self, answer: Answer, subject: Lookup, explains: Explains) -> Counterexample | None:
        def narrow(case: Case) -> ExpectedCheck | None:
            return self._narrow(answer.check, case)

        return smallest_counterexample(answer.check, answer.outcomes, subject, narrow, explains)

    def _narrow(self, check: ExpectedCheck, case: Case) -> ExpectedCheck | None:
        key = (check.check.name, repr(case))
        if key not in self._narrowed:
            self._narrowed.put(key, narrowed(check, case, self._reference))
        return self._narrowed.get(key)


def _does(planted: Lookup, check: ExpectedCheck, outcome: Outcome) -> bool:
    """Return whether the reference with a mistake planted does the same on the case of a check."""
    (theirs,) = check.observe(planted)
    return alike(check, check.expectations[0], theirs, outcome)
