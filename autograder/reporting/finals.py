"""From the score that code earned to the final one: which submission counts, lateness, rounding.

A pure function of the course's terms, the results and the times of submission. Results stay as
they are, so that other terms need no grading.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from itertools import groupby
from typing import Any

from autograder.reporting.lateness import Lateness, lateness
from autograder.terms import Policy, Rounding, Terms

MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}

Key = tuple[str, str]  # assignment and the name under which it was handed in
Times = Mapping[Key, datetime]


@dataclass(frozen=True)
class Attempt:
    """One submission, and what it earned; `score` is None if it was not graded."""

    assignment: str
    student: str
    person: str
    score: float | None
    points: float
    submitted_at: datetime | None = None

    @property
    def key(self) -> Key:
        """What names it in the results."""
        return self.assignment, self.student


@dataclass(frozen=True)
class Final:
    """The final score of one submission, and why it is that.

    Attributes
    ----------
    score : float or None
        None for a submission that does not count, or of which a person has to decide.
    late : float or None
        Hours after the due date; None if not known, or nothing is due.
    penalty : float
        Points taken off, before rounding.
    reason : str
        Empty if the final score is the earned one.
    """

    score: float | None
    late: float | None = None
    penalty: float = 0.0
    reason: str = ""


def earned(records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what final scores depend on, of each result: little, even of thousands."""
    keys = ("assignment", "student", "score", "points")
    return [{key: record[key] for key in keys} for record in records]


def final_scores(
    policy: Policy, records: Iterable[Mapping[str, Any]], times: Times
) -> dict[Key, Final]:
    """Return the final scores of all results, by assignment and student.

    Free days of lateness are used up in the order in which assignments are due.

    Parameters
    ----------
    records : iterable of mapping
        Lines of ``results.jsonl``, or what `earned` leaves of them.
    times : mapping
        Of submission, as far as they are known.
    """
    attempts = [
        Attempt(
            each["assignment"],
            each["student"],
            policy.person(each["student"]),
            each["score"],
            each["points"],
            times.get((each["assignment"], each["student"])),
        )
        for each in records
    ]
    order = {name: place for place, (name, _) in enumerate(policy.in_order())}
    known = [each for each in attempts if each.assignment in order]
    known.sort(key=lambda each: (each.person, order[each.assignment]))
    finals: dict[Key, Final] = {}
    for _, mine in groupby(known, key=lambda each: each.person):
        days_left = policy.late_days
        for name, group in groupby(mine, key=lambda each: each.assignment):
            found, used = finals_of_one(policy.terms[name], list(group), days_left)
            finals |= found
            days_left -= used
    return finals


def finals_of_one(
    terms: Terms, attempts: Sequence[Attempt], days_left: int
) -> tuple[dict[Key, Final], int]:
    """Return the final scores of one person's attempts at one assignment, and free days used."""
    late = {
        each.key: lateness(terms, each.person, each.submitted_at, days_left) for each in attempts
    }
    finals = {each.key: final_score(terms, each, late[each.key]) for each in attempts}
    if len(attempts) > 1:
        chosen = _chosen(terms, attempts, finals, late)
        if chosen is None:
            reason = "several submissions, not all with a time: a person has to decide"
            return {
                key: replace(final, score=None, reason=reason) for key, final in finals.items()
            }, 0
        reason = f"does not count: {terms.attempts.counts} is {chosen.student}"
        finals = {
            key: final if key == chosen.key else Final(None, final.late, reason=reason)
            for key, final in finals.items()
        }
    used = sum(each.days_used for key, each in late.items() if finals[key].score is not None)
    return finals, used


def final_score(terms: Terms, attempt: Attempt, late: Lateness) -> Final:
    """Return what is left of a score after lateness and rounding."""
    if attempt.score is None:
        return Final(None, late.hours, reason="not graded")
    score, points = Decimal(str(attempt.score)), Decimal(str(attempt.points))
    base = points if terms.late.of == "points" else score
    penalty = min(score, base * late.percent / 100) if late.accepted else score
    final = rounded(score - penalty, points, terms.rounding)
    return Final(float(final), late.hours, float(penalty), late.reason)


def rounded(score: Decimal, points: Decimal, rounding: Rounding) -> Decimal:
    """Round a score, never to more than the points."""
    step = Decimal(1).scaleb(-rounding.decimals)
    return min(points, score.quantize(step, MODES[rounding.mode]))


def _chosen(
    terms: Terms,
    attempts: Sequence[Attempt],
    finals: Mapping[Key, Final],
    late: Mapping[Key, Lateness],
) -> Attempt | None:
    """Return the attempt that counts; None if that depends on times that are not known."""
    rule = terms.attempts
    untimed = any(each.submitted_at is None for each in attempts)
    if untimed and (rule.counts != "best" or rule.most):
        return None
    ordered = sorted(attempts, key=lambda each: (_stamp(each), each.student))[: rule.most]
    accepted = [each for each in ordered if late[each.key].accepted] or ordered[:1]
    if rule.counts == "first":
        return accepted[0]
    if rule.counts == "latest":
        return accepted[-1]
    return max(accepted, key=lambda each: _worth(finals[each.key]))


def _stamp(attempt: Attempt) -> float:
    return attempt.submitted_at.timestamp() if attempt.submitted_at else 0.0


def _worth(final: Final) -> float:
    return -1.0 if final.score is None else final.score


def final_records(
    records: Iterable[Mapping[str, Any]], finals: Mapping[Key, Final]
) -> Iterator[dict[str, Any]]:
    """Yield the results with final scores and their reasons, without those that do not count."""
    for record in records:
        if (final := final_record(record, finals)) is not None:
            yield final


def final_record(record: Mapping[str, Any], finals: Mapping[Key, Final]) -> dict[str, Any] | None:
    """Return a result with its final score and the reason; None if it does not count."""
    final = finals.get((record["assignment"], record["student"]))
    if final is None or record["score"] is None:
        return dict(record)
    if final.score is None:
        return None
    return {**record, "score": final.score, "message": final.reason}


def doubts(policy: Policy, records: Iterable[Mapping[str, Any]], times: Times) -> Iterator[str]:
    """Yield a sentence for each name that is not clear, and each time that belongs to nothing."""
    handed_in = {(each["assignment"], each["student"]) for each in records}
    if policy.roster:
        for sentence in policy.roster.doubtful(sorted({student for _, student in handed_in})):
            yield f"roster: {sentence}"
    for assignment, student in sorted(times.keys() - handed_in):
        yield f"times: there is no submission of {student!r} for {assignment!r}"
