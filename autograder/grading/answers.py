"""What a submission answers in the checks of an exercise, and what is wrong with it.

The calls that were foreseen are asked for together, and findings about equal answers are kept: a
class gives the same right answers and makes the same mistakes over and over.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from typing import Any

import numpy as np

from autograder.grading.memory import Memory
from autograder.grading.rehearsal import Rehearsal, Request, rehearse, request_of
from autograder.grading.session import MOST_BYTES, Session
from autograder.numerics.compare import Finding, Observed, Raised
from autograder.numerics.diagnose import Outcome
from autograder.numerics.expectations import ExpectedCheck, Lookup
from autograder.sandbox.server import CallReply, CodecError, ForeseenCall, foresee, read_replies

MOST_REMEMBERED = 50_000  # findings of one assignment
LARGEST_REPLY = 64 << 20  # bytes, about one check
PLENTY = 64  # times what the reference is given and returns in a check
ITEM = 8  # bytes of a number

Place = tuple[str, str]  # exercise and check
Cases = Sequence[Sequence[ForeseenCall]]
Replies = Sequence[Sequence[CallReply]]


@dataclass(frozen=True)
class Answer:
    """What a submission did in one check.

    Attributes
    ----------
    finding : Finding or None
        What is wrong with it; None if there was no time for the check.
    key : bytes or None
        Equal for equal outcomes; None if they can be told only from themselves.
    """

    check: ExpectedCheck
    finding: Finding | None
    key: bytes | None
    _observe: Callable[[], Sequence[Outcome]]

    @property
    def name(self) -> str:
        """Name of the check."""
        return self.check.check.name

    @property
    def is_wrong(self) -> bool:
        """Whether there is something to explain: a hole is no mistake."""
        return self.finding is not None and self.finding.kind not in {"", "todo"}

    @property
    def is_right(self) -> bool:
        """Whether it is known to be right."""
        return self.finding is not None and not self.finding.kind

    @cached_property
    def outcomes(self) -> Sequence[Outcome]:
        """What the submission did on each case; nothing if there was no time."""
        return self._observe()


def most_bytes(check: ExpectedCheck) -> int:
    """Return how much a call may return in a check: much more than the reference needs."""
    sizes = (_size(each.case) + _size(each.outcome) for each in check.expectations)
    return MOST_BYTES + PLENTY * max(sizes)


def _size(value: Any) -> int:
    """Return about how many bytes an argument or an outcome has."""
    if isinstance(value, Observed):
        return _size(value.tree)
    if isinstance(value, Mapping):
        return sum(_size(each) for each in value.values())
    if isinstance(value, tuple | list):
        return sum(_size(each) for each in value)
    return ITEM * int(np.prod(getattr(value, "shape", ())))


class Interview:
    """Asks submissions for their answers in the checks of an assignment.

    Parameters
    ----------
    checks : mapping of str to sequence of ExpectedCheck
        The checks of each exercise.
    reference : callable
        Where the reference's functions are looked up.
    """

    def __init__(self, checks: Mapping[str, Sequence[ExpectedCheck]], reference: Lookup) -> None:
        self._checks, self._reference = checks, reference
        self._rehearsals: dict[Place, Rehearsal] = {}
        self._requests: dict[tuple[Place, ...], Request] = {}
        self._findings: Memory[Finding] = Memory(MOST_REMEMBERED)

    def answers(
        self, exercises: Iterable[str], session: Session, *, public: bool
    ) -> dict[Place, Answer]:
        """Return the answers of a submission in the public or in the hidden checks of exercises.

        Returns
        -------
        dict
            By (exercise, check).
        """
        checks = {
            (name, each.check.name): each
            for name in exercises
            for each in self._checks[name]
            if each.check.public is public
        }
        request = self._request(checks)
        frames: Sequence[bytes] = ()
        if request.groups and not session.out_of_time():
            frames = session.call_foreseen(request)
        if not frames:
            return {place: _asked_singly(check, session) for place, check in checks.items()}
        return {
            place: self._answer(place, check, frame, session)
            for (place, check), frame in zip(checks.items(), frames, strict=True)
        }

    def _request(self, checks: Mapping[Place, ExpectedCheck]) -> Request:
        """Return all calls of some checks that can be foreseen."""
        places = tuple(checks)
        if places not in self._requests:
            for place, check in checks.items():
                if place not in self._rehearsals:
                    self._rehearsals[place] = rehearse(check, self._reference)
            self._requests[places] = request_of(self._rehearsals[place] for place in places)
        return self._requests[places]

    def _answer(self, place: Place, check: ExpectedCheck, frame: bytes, session: Session) -> Answer:
        """Return an answer whose calls, or some of them, have been made."""
        key = sha256(frame).digest()
        replay = partial(_replayed, check, self._rehearsals[place], frame, session)
        known = self._findings.get((place, key))
        if known is not None:
            return Answer(check, known, key, lambda: replay()[0])
        outcomes, was_foreseen = replay()
        finding = check.judge(outcomes)
        if was_foreseen:
            self._findings.put((place, key), finding)
        return Answer(check, finding, key if was_foreseen else None, lambda: outcomes)


def _asked_singly(check: ExpectedCheck, session: Session) -> Answer:
    """Return an answer of which nothing was foreseen."""
    outcomes: Sequence[Outcome] = ()
    if not session.out_of_time():
        outcomes, _ = _observe(check, *_nothing_foreseen(check), session)
    finding = check.judge(outcomes) if outcomes else None
    return Answer(check, finding, None, lambda: outcomes)


def _replayed(
    check: ExpectedCheck, rehearsal: Rehearsal, frame: bytes, session: Session
) -> tuple[Sequence[Outcome], bool]:
    """Return the outcomes of a check from the replies in a frame, and whether these were all."""
    try:
        replies = iter(read_replies(rehearsal.calls, frame, LARGEST_REPLY))
    except CodecError:  # nonsense of the worker's; it may still answer a single call
        return _observe(check, *_nothing_foreseen(check), session)
    known = [[next(replies) for _ in case] for case in rehearsal.cases]
    return _observe(check, rehearsal.cases, known, session)


def _observe(
    check: ExpectedCheck, cases: Cases, replies: Replies, session: Session
) -> tuple[Sequence[Outcome], bool]:
    """Return the outcome on each case, and whether no call had to be made for that.

    When the process dies in one case, that is the outcome of the remaining ones too.
    """
    session.start_check(most_bytes(check))
    outcomes: list[Outcome] = []
    was_foreseen = True
    for expectation, calls, known in zip(check.expectations, cases, replies, strict=True):
        lookup = _Foretold(session, calls, known)
        (outcome,) = check.observe_cases([expectation], lookup)
        was_foreseen = was_foreseen and not lookup.asked
        outcomes.append(outcome)
        if isinstance(outcome, Raised) and outcome.died:
            break
    missing = len(check.expectations) - len(outcomes)
    return outcomes + outcomes[-1:] * missing, was_foreseen


def _nothing_foreseen(check: ExpectedCheck) -> tuple[Cases, Replies]:
    count = len(check.expectations)
    return [()] * count, [()] * count


class _Foretold:
    """The functions of a submission; for the calls that were foreseen the reply is there."""

    def __init__(
        self, session: Session, calls: Sequence[ForeseenCall], replies: Sequence[CallReply]
    ) -> None:
        self._session = session
        self._known = list(zip(calls, replies, strict=False))
        self._made = 0
        self.asked = False

    def __call__(self, name: str) -> Callable[..., Any]:
        remote = self._session.lookup(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            reply = self._reply(name, args, kwargs)
            if reply is None:
                self.asked = True
                return remote(*args, **kwargs)
            return self._session.receive(name, reply, args, kwargs)

        return call

    def _reply(self, name: str, args: Any, kwargs: Any) -> CallReply | None:
        """Return the reply to a call, if it is the next that was foreseen."""
        number, self._made = self._made, self._made + 1
        if self.asked or number >= len(self._known):
            return None
        call, reply = self._known[number]
        # Nothing has come back before the first call, so it is the one that was rehearsed.
        return reply if number == 0 or _is_same(call, name, args, kwargs) else None


def _is_same(call: ForeseenCall, name: str, args: Any, kwargs: Any) -> bool:
    try:
        return foresee(name, args, kwargs, LARGEST_REPLY) == call
    except CodecError:
        return False
