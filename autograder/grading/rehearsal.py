"""Rehearse checks on the reference, to know which calls they will make of a submission.

Most checks call functions with arguments that are there before anything comes back. All these
calls can be asked for in one go, instead of one at a time. What is foreseen wrongly costs time and
nothing else: an answer is used only for the call that was foreseen.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.model import Case
from autograder.numerics.compare import Subject, fresh, observe
from autograder.numerics.expectations import ExpectedCheck, Lookup
from autograder.sandbox.server import CodecError, ForeseenCall, foresee, pack

LARGEST_CALL = 1 << 20  # bytes
LARGEST_REQUEST = 16 << 20  # bytes of the calls that are asked for together
SLOWEST_CHECK = 1.0  # seconds of the reference; beyond, a round trip more does not count
PATIENCE = 50  # times that a submission may take what the reference takes, on top of a second


@dataclass(frozen=True)
class Rehearsal:
    """The calls that a check makes, and how long the reference took for them.

    Attributes
    ----------
    cases : tuple of tuple of ForeseenCall
        For each case of the check.
    """

    cases: tuple[tuple[ForeseenCall, ...], ...]
    seconds: float

    @property
    def calls(self) -> tuple[ForeseenCall, ...]:
        """All calls, in order."""
        return tuple(call for case in self.cases for call in case)


@dataclass(frozen=True)
class Request:
    """The calls of several checks, to be asked for together.

    Attributes
    ----------
    groups : bytes
        What travels; empty if they are better asked for one at a time.
    count : int
        How many checks.
    seconds : float
        What a submission may take; one that takes longer is asked one call at a time.
    """

    groups: bytes
    count: int
    seconds: float


def rehearse(check: ExpectedCheck, reference: Lookup) -> Rehearsal:
    """Return the calls that a check makes whatever comes back."""
    started = time.perf_counter()
    cases = tuple(_foreseen(check, each.case, reference) for each in check.expectations)
    seconds = time.perf_counter() - started
    if seconds > SLOWEST_CHECK:
        return Rehearsal(((),) * len(cases), 0.0)
    return Rehearsal(cases, seconds)


def request_of(rehearsals: Iterable[Rehearsal]) -> Request:
    """Put the calls of several checks together."""
    listed = list(rehearsals)
    size = sum(len(call.frame) for each in listed for call in each.calls)
    groups = b""
    if 0 < size < LARGEST_REQUEST:
        with suppress(CodecError):  # too many small parts
            groups = pack((each.calls for each in listed), 2 * LARGEST_REQUEST)
    seconds = 1.0 + PATIENCE * sum(each.seconds for each in listed)
    return Request(groups, len(listed), seconds)


def _foreseen(check: ExpectedCheck, case: Case, reference: Lookup) -> tuple[ForeseenCall, ...]:
    """Return the calls of one case, if none of them depends on what came back.

    It is all or none: between two calls of one case there is none of another, for functions may
    remember things that they should not.
    """
    made = _record(check, case, reference, lambda value: value)
    if len(made) > 1 and _record(check, case, reference, _changed) != made:
        return ()
    return tuple(made)


def _record(
    check: ExpectedCheck, case: Case, reference: Lookup, answer: Callable[[Any], Any]
) -> list[ForeseenCall]:
    """Return the calls that a check makes of the reference when `answer` changes its answers.

    There are none if some can't be written down.
    """
    recorder = _Recorder(reference, answer)
    observe(check.check.function, Subject(recorder.lookup), fresh(case))
    return [] if recorder.missed else recorder.calls


class _Recorder:
    """Writes calls down until one can't be written, or has an effect on what comes later.

    Attributes
    ----------
    calls : list of ForeseenCall
        What was written down.
    missed : bool
        Whether there were others.
    """

    def __init__(self, reference: Lookup, answer: Callable[[Any], Any]) -> None:
        self._reference = reference
        self._answer = answer
        self._ended = False
        self.calls: list[ForeseenCall] = []
        self.missed = False

    def lookup(self, name: str) -> Callable[..., Any]:
        """Return the reference's function, whose calls are written down."""
        function = self._reference(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            written = self._written(name, args, kwargs)
            if written:
                self.calls.append(written)
            self.missed = self.missed or not written
            value = function(*args, **kwargs)
            # Objects have methods, and changed arguments are passed on: order matters then.
            unchanged = written is not None and written == self._written(name, args, kwargs)
            self._ended = self._ended or not unchanged or self._written("", [value], {}) is None
            return self._answer(value)

        return call

    def _written(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        try:
            return None if self._ended else foresee(name, args, kwargs, LARGEST_CALL)
        except CodecError:
            self._ended = True
            return None


def _changed(value: Any) -> Any:
    """Return an answer with other numbers."""
    if isinstance(value, Mapping):
        return {name: _changed(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_changed(each) for each in value)
    kind = np.asarray(value).dtype.kind
    if kind == "b":
        return np.logical_not(value)
    return value + 1 if kind in "iufc" else value
