"""What shows a mistake: a picture of the worst case of each failed public check, as plain data.

Nothing is drawn while grading. Equal answers have one picture, which is worked out once.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from autograder.grading.answers import Answer
from autograder.grading.memory import Memory
from autograder.numerics.pictures import picture

MOST_REMEMBERED = 5_000  # pictures of one assignment

Plain = Mapping[str, Any]  # a `Picture` as data


class Evidence:
    """Makes the pictures of wrong answers in public checks."""

    def __init__(self) -> None:
        self._known: Memory[Plain] = Memory(MOST_REMEMBERED)

    def of(self, exercise: str, answer: Answer) -> Plain:
        """Return the picture of a wrong answer; empty if nothing shows it."""
        if not answer.check.check.public:
            return {}
        key = (exercise, answer.name, answer.key)
        if answer.key is None or key not in self._known:
            self._known.put(key, _picture(answer))
        return self._known.get(key) or {}


def _picture(answer: Answer) -> Plain:
    check = answer.check
    expectation, outcome, finding = check.worst(answer.outcomes)
    shown = picture(check.check.picture, expectation.case, expectation.outcome, outcome, finding)
    return asdict(shown) if shown else {}
