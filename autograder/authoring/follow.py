"""Follow-through marking: what builds on an earlier mistake and is right apart from it.

The reference of the later exercise runs on top of the student's own earlier functions; where the
student's answer agrees with that, the mistake was made once and costs points once. It is refused
where an earlier function is degenerate, since anything agrees with nothing.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.course import modules_of
from autograder.model import Assignment, Course
from autograder.numerics.compare import Observed, fresh, judge
from autograder.numerics.diagnose import Outcome, alike
from autograder.numerics.expectations import ExpectedCheck, Lookup, float_leaves
from autograder.subjects import build_subject

Function = Callable[..., Any]


class DegenerateError(Exception):
    """An earlier function returns what nothing can be built on: the check ends there."""


class FollowThrough:
    """Marks one exercise on top of a subject's own earlier functions.

    Parameters
    ----------
    earlier : sequence of str
        Targets of other exercises that the reference builds on here, qualified.
    subject : callable
        Where the subject's own functions are looked up.
    """

    def __init__(
        self, course: Course, assignment: Assignment, earlier: Sequence[str], subject: Lookup
    ) -> None:
        self._sources = course.reference
        self._modules = modules_of(assignment)
        self._earlier = earlier
        self._subject = subject

    def excuses(self, check: ExpectedCheck, outcomes: Sequence[Outcome]) -> bool:
        """Return whether what the subject did in a failed check is right apart from that."""
        watched = {target: _Watched(target, self._subject) for target in self._earlier}
        substitutes = {target: each.in_place_of for target, each in watched.items()}
        lookup = build_subject(self._sources, self._modules, substitutes)
        for expectation, outcome in zip(check.expectations, outcomes, strict=True):
            (theirs,) = check.observe_cases([expectation], lookup)
            if not isinstance(theirs, Observed) or not alike(check, expectation, theirs, outcome):
                return False
        return not any(each.is_constant() for each in watched.values())


class _Watched:
    """An earlier function of the subject, beside the reference's."""

    def __init__(self, target: str, subject: Lookup) -> None:
        self._name = target.partition(".")[2]
        self._subject = subject
        self._returned: list[tuple[Any, Any]] = []

    def in_place_of(self, reference: Function) -> Function:
        """Return the subject's function, which is compared with the reference's in every call."""

        def call(*args: Any, **kwargs: Any) -> Any:
            wanted = reference(*fresh(args), **fresh(kwargs))
            got = self._subject(self._name)(*args, **kwargs)
            finding = judge("tolerance", "", Observed(wanted), (), np.inf, Observed(got))
            if finding.kind not in {"", "value"}:
                raise DegenerateError
            self._returned.append((wanted, got))
            return got

        return call

    def is_constant(self) -> bool:
        """Whether all numbers that ever came back are the same, unlike the reference's."""
        wanted, got = (
            [np.ravel(leaf) for pair in self._returned for leaf in float_leaves(pair[which])]
            for which in (0, 1)
        )
        return bool(got) and bool(np.ptp(np.concatenate(got)) == 0 < np.ptp(np.concatenate(wanted)))
