"""Follow-through marking: what builds on an earlier mistake and is right apart from it.

A failed check of a later exercise is excused in one of two ways. Either the subject agrees with the
reference of the later exercise on top of the subject's own earlier functions; that is refused where
an earlier function is degenerate, since anything agrees with nothing. Or the subject passes the
check once its earlier functions are replaced by the reference's.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from autograder.authoring.limiting import limited_memory, limited_steps
from autograder.course import modules_of
from autograder.model import Assignment, Course
from autograder.numerics.compare import Observed, fresh, judge
from autograder.numerics.diagnose import Outcome, alike
from autograder.numerics.expectations import ExpectedCheck, Lookup, float_leaves
from autograder.subjects import build_subject

MOST_MEGABYTES = 256  # that one call of an earlier function may need
Function = Callable[..., Any]


class DegenerateError(Exception):
    """An earlier function returns what nothing can be built on: the check ends there."""


class FollowThrough:
    """Marks one exercise apart from the exercises that it builds on.

    Parameters
    ----------
    earlier : sequence of str
        Targets of other exercises that the reference builds on here, qualified.
    subject : callable
        Where the subject's own functions are looked up.
    mended : callable
        Returns where they are looked up when the reference's earlier functions, by target, have
        taken the place of the subject's own.
    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        earlier: Sequence[str],
        subject: Lookup,
        mended: Callable[[Mapping[str, Function]], Lookup],
    ) -> None:
        self._sources = course.reference
        self._modules = modules_of(assignment)
        self._earlier = earlier
        self._subject = subject
        self._mended = mended

    def excuses(self, check: ExpectedCheck, outcomes: Sequence[Outcome]) -> bool:
        """Return whether what the subject did in a failed check is right apart from that."""
        with limited_steps():
            if self._agrees(check, outcomes):
                return True
        return not check.judge(check.observe(self._with_reference)).kind

    def _agrees(self, check: ExpectedCheck, outcomes: Sequence[Outcome]) -> bool:
        watched = {target: _Watched(target, self._subject) for target in self._earlier}
        substitutes = {target: each.in_place_of for target, each in watched.items()}
        lookup = build_subject(self._sources, self._modules, substitutes)
        for expectation, outcome in zip(check.expectations, outcomes, strict=True):
            (theirs,) = check.observe_cases([expectation], lookup)
            if not isinstance(theirs, Observed) or not alike(check, expectation, theirs, outcome):
                return False
        return not any(each.is_constant() for each in watched.values())

    @cached_property
    def _with_reference(self) -> Lookup:
        reference = build_subject(self._sources, self._modules)
        names = {target: target.partition(".")[2] for target in self._earlier}
        return self._mended({target: _limited(reference(name)) for target, name in names.items()})


def _limited(function: Function) -> Function:
    """Let a function that a submission may call with anything use little time and memory."""

    def call(*args: Any, **kwargs: Any) -> Any:
        with limited_memory(MOST_MEGABYTES), limited_steps():
            return function(*args, **kwargs)
        raise DegenerateError

    return call


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
            # Floats may differ as they like, whole numbers not: they could be sizes and counts.
            if judge("tolerance", "", Observed(wanted), (), np.inf, Observed(got)).kind:
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
