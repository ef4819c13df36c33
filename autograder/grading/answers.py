"""What a submission answers in the checks of an exercise, and what is wrong with it.

The calls that were foreseen are asked for together, and findings about equal answers are kept: a
class gives the same right answers and makes the same mistakes over and over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from autograder.grading.memory import Memory
from autograder.grading.rehearsal import Rehearsal, rehearse
from autograder.grading.session import Session
from autograder.numerics.compare import Finding, Raised
from autograder.numerics.diagnose import Outcome
from autograder.numerics.expectations import ExpectedCheck, Lookup
from autograder.sandbox.server import CallReply, CodecError, ForeseenCall, foresee, read_replies

MOST_REMEMBERED = 5_000  # findings of one exercise
LARGEST_REPLY = 64 << 20  # bytes, about one check

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

    @cached_property
    def outcomes(self) -> Sequence[Outcome]:
        """What the submission did on each case; nothing if there was no time."""
        return self._observe()


class Interview:
    """Asks submissions for their answers in one exercise.

    Parameters
    ----------
    checks : sequence of ExpectedCheck
        The checks of the exercise.
    reference : callable
        Where the reference's functions are looked up.
    """

    def __init__(self, checks: Sequence[ExpectedCheck], reference: Lookup) -> None:
        self._checks, self._reference = checks, reference
        self._findings: Memory[Finding] = Memory(MOST_REMEMBERED)

    @cached_property
    def _rehearsal(self) -> Rehearsal:
        return rehearse(self._checks, self._reference)

    def answers(self, session: Session) -> list[Answer]:
        """Return the answer of a submission in each check."""
        frames: Sequence[bytes] = ()
        if self._rehearsal.request and not session.out_of_time():
            frames = session.call_foreseen(self._rehearsal)
        if not frames:
            return [_asked_singly(check, session) for check in self._checks]
        return [
            self._answer(number, check, frame, session)
            for number, (check, frame) in enumerate(zip(self._checks, frames, strict=True))
        ]

    def _answer(self, number: int, check: ExpectedCheck, frame: bytes, session: Session) -> Answer:
        """Return an answer whose calls, or some of them, have been made."""
        key = sha256(frame).digest()
        cases = self._rehearsal.calls[number]
        known = self._findings.get((number, key))
        if known is not None:
            observe = lambda: _replayed(check, cases, frame, session)[0]  # noqa: E731
            return Answer(check, known, key, observe)
        outcomes, was_foreseen = _replayed(check, cases, frame, session)
        finding = check.judge(outcomes)
        if was_foreseen:
            self._findings.put((number, key), finding)
        return Answer(check, finding, key if was_foreseen else None, lambda: outcomes)


def _asked_singly(check: ExpectedCheck, session: Session) -> Answer:
    """Return an answer of which nothing was foreseen."""
    outcomes: Sequence[Outcome] = ()
    if not session.out_of_time():
        outcomes, _ = _observe(check, *_nothing_foreseen(check), session)
    finding = check.judge(outcomes) if outcomes else None
    return Answer(check, finding, None, lambda: outcomes)


def _replayed(
    check: ExpectedCheck, cases: Cases, frame: bytes, session: Session
) -> tuple[Sequence[Outcome], bool]:
    """Return the outcomes of a check from the replies in a frame, and whether these were all."""
    calls = [call for case in cases for call in case]
    try:
        replies = iter(read_replies(calls, frame, LARGEST_REPLY))
    except CodecError:  # nonsense of the worker's; it may still answer a single call
        return _observe(check, *_nothing_foreseen(check), session)
    return _observe(check, cases, [[next(replies) for _ in case] for case in cases], session)


def _observe(
    check: ExpectedCheck, cases: Cases, replies: Replies, session: Session
) -> tuple[Sequence[Outcome], bool]:
    """Return the outcome on each case, and whether no call had to be made for that.

    When the process dies in one case, that is the outcome of the remaining ones too.
    """
    session.start_check()
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
