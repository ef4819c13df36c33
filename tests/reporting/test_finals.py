"""Final scores: lateness, attempts, free days and rounding, put together."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.reporting.finals import Attempt, Final, doubts, final_score, final_scores, rounded
from autograder.reporting.lateness import lateness
from autograder.roster import Roster, Student
from autograder.terms import Attempts, Late, Policy, Rounding, Terms
from tests.reporting.test_lateness import lates, near

DUE = datetime(2026, 12, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TEN = Late(10)
ROSTER = Roster([Student("ann", "Ann Lee", "a.lee@uni.edu"), Student("bob")])


def result(assignment, student, score, points=10.0):
    return {"assignment": assignment, "student": student, "score": score, "points": points}


def finals(terms, results, times=(), late_days=0, roster=None):
    """Return final score and reason by student, or by assignment and student."""
    policy = Policy({"a": terms} if isinstance(terms, Terms) else terms, late_days, UTC, roster)
    found = final_scores(policy, results, dict(times))
    return {
        student if isinstance(terms, Terms) else (assignment, student): (final.score, final.reason)
        for (assignment, student), final in found.items()
    }


def days(**late):
    return {("a", student): DUE + each * DAY for student, each in late.items()}


def test_without_terms_the_final_score_is_the_earned_one():
    assert finals(Terms(), [result("a", "ann", 8.25)]) == {"ann": (8.25, "")}


def test_a_penalty_is_of_the_points_or_of_the_score():
    results, times = [result("a", "ann", 5.0)], days(ann=2)
    of_points = finals(Terms(DUE, late=TEN), results, times)
    assert of_points == {"ann": (3.0, "2 days late: -20 %")}
    of_score = finals(Terms(DUE, late=Late(10, of="score")), results, times)
    assert of_score == {"ann": (4.0, "2 days late: -20 % of the score")}


def test_work_that_is_not_accepted_has_zero_and_says_why():
    terms = Terms(DUE, late=Late(10, accept_days=1))
    found = finals(terms, [result("a", "ann", 5.0)], days(ann=2))
    assert found == {"ann": (0.0, "2 days late: not accepted")}


def test_what_was_not_graded_has_no_final_score_however_late():
    found = finals(Terms(DUE, late=TEN), [result("a", "ann", None)], days(ann=20))
    assert found == {"ann": (None, "not graded")}


def test_an_unknown_time_is_in_time_with_a_remark():
    found = finals(Terms(DUE, late=TEN), [result("a", "ann", 5.0)])
    assert found == {"ann": (5.0, "time of submission unknown, taken as in time")}


def test_free_days_go_to_what_is_due_first():
    """Whatever the order of results and of assignments."""
    terms = {
        "a": Terms(DUE + 20 * DAY, late=TEN),
        "b": Terms(late=TEN),
        "c": Terms(DUE, late=TEN),
        "d": Terms(DUE + 10 * DAY, late=TEN),
    }
    times = {("c", "ann"): DUE + DAY, ("d", "ann"): DUE + 12 * DAY, ("a", "ann"): DUE + 21 * DAY}
    results = [result(name, "ann", 10.0) for name in terms]
    assert finals(terms, results, times, late_days=2) == {
        ("c", "ann"): (10.0, "1 day late, 1 free day used"),
        ("d", "ann"): (9.0, "2 days late, 1 free day used: -10 %"),
        ("a", "ann"): (9.0, "1 day late: -10 %"),
        ("b", "ann"): (10.0, ""),
    }


def test_everybody_has_free_days_of_their_own():
    results = [result("a", name, 10.0) for name in ("ann", "bob")]
    found = finals(Terms(DUE, late=TEN), results, days(ann=1, bob=1), late_days=1)
    assert {score for score, _ in found.values()} == {10.0}


NAMES = ("ann", "a.lee", "Ann Lee")  # one student
# rule, scores in the order of submission, which of them counts, and its final score
ATTEMPTS = [
    (Attempts("latest"), (9.0, 6.0, 7.0), 2, 5.0),
    (Attempts("first"), (6.0, 9.0, 7.0), 0, 6.0),
    (Attempts("best"), (6.0, 9.0, 7.0), 1, 8.0),
    (Attempts("best"), (8.5, 9.0, 9.9), 0, 8.5),  # later ones are better, but late
    (Attempts("latest", most=2), (6.0, 9.0, 7.0), 1, 8.0),
    (Attempts("best", most=1), (6.0, 9.0, 7.0), 0, 6.0),
    (Attempts("best"), (6.0, None, 7.0), 0, 6.0),
    (Attempts("latest"), (6.0, 9.0, None), 2, None),
]


@pytest.mark.parametrize(("rule", "scores", "counts", "final"), ATTEMPTS)
def test_one_attempt_counts(rule, scores, counts, final):
    results = [result("a", *each) for each in zip(NAMES, scores, strict=True)]
    times = {("a", name): DUE + n * DAY for n, name in enumerate(NAMES)}
    terms = Terms(DUE, late=TEN, attempts=rule)
    found = finals(terms, reversed(results), times, roster=ROSTER)
    assert found[NAMES[counts]][0] == final
    for name in set(NAMES) - {NAMES[counts]}:
        assert found[name] == (None, f"does not count: {rule.counts} is {NAMES[counts]}")


def test_an_attempt_that_came_too_late_does_not_replace_one_that_was_accepted():
    terms = Terms(DUE, late=Late(accept_days=0))
    results = [result("a", "ann", 6.0), result("a", "a.lee", 9.0)]
    found = finals(terms, results, {("a", "ann"): DUE, ("a", "a.lee"): DUE + DAY}, roster=ROSTER)
    assert found["ann"] == (6.0, "")


def test_of_attempts_that_all_came_too_late_one_counts_as_zero():
    terms = Terms(DUE, late=Late(accept_days=0))
    results = [result("a", "ann", 6.0), result("a", "a.lee", 9.0)]
    times = {("a", "ann"): DUE + DAY, ("a", "a.lee"): DUE + 2 * DAY}
    found = finals(terms, results, times, roster=ROSTER)
    assert found["ann"] == (0.0, "1 day late: not accepted")
    assert found["a.lee"][0] is None


def test_only_the_attempt_that_counts_uses_free_days():
    terms = {
        "a": Terms(DUE, late=TEN, attempts=Attempts("first")),
        "b": Terms(DUE + DAY, late=TEN),
    }
    results = [result("a", "ann", 6.0), result("a", "a.lee", 9.0), result("b", "ann", 10.0)]
    times = {("a", "ann"): DUE, ("a", "a.lee"): DUE + DAY, ("b", "ann"): DUE + 2 * DAY}
    found = finals(terms, results, times, late_days=1, roster=ROSTER)
    assert found["b", "ann"] == (10.0, "1 day late, 1 free day used")


def test_nobody_guesses_which_of_several_submissions_is_the_latest():
    results = [result("a", "ann", 6.0), result("a", "a.lee", 9.0)]
    found = finals(Terms(), results, days(ann=0), roster=ROSTER)
    reason = "several submissions, not all with a time: a person has to decide"
    assert found == {"ann": (None, reason), "a.lee": (None, reason)}
    first_two = Terms(attempts=Attempts("best", most=2))
    assert finals(first_two, results, roster=ROSTER) == {
        "ann": (None, reason),
        "a.lee": (None, reason),
    }
    best = finals(Terms(attempts=Attempts("best")), results, roster=ROSTER)
    assert best["a.lee"] == (9.0, "")


def test_names_that_may_be_several_students_stay_apart():
    roster = Roster([Student("s1", "Ann Lee"), Student("s2", "Ann Lee")])
    results = [result("a", "Ann Lee", 6.0), result("a", "s1", 9.0)]
    assert {score for score, _ in finals(Terms(), results, roster=roster).values()} == {6.0, 9.0}


def test_an_assignment_that_the_course_has_no_more_has_no_final_score():
    assert finals(Terms(), [result("gone", "ann", 6.0)]) == {}


@pytest.mark.parametrize(
    ("score", "rounding", "final"),
    [
        ("7.345", Rounding(), "7.35"),
        ("7.345", Rounding(2, "half_even"), "7.34"),
        ("7.5", Rounding(0), "8"),
        ("8.5", Rounding(0, "half_even"), "8"),
        ("7.01", Rounding(0, "up"), "8"),
        ("7.99", Rounding(0, "down"), "7"),
        ("9.4", Rounding(0, "up"), "9.5"),
    ],
)
def test_a_score_is_rounded_and_never_above_the_points(score, rounding, final):
    assert rounded(Decimal(score), Decimal("9.5"), rounding) == Decimal(final)


cents = st.integers(0, 1000).map(lambda each: each / 100)
roundings = st.builds(
    Rounding, st.integers(0, 4), st.sampled_from(["half_up", "half_even", "up", "down"])
)


@given(cents, lates, near, st.integers(0, 3))
def test_a_final_score_is_never_negative_and_never_above_the_earned_one(score, late, after, left):
    found = final(score, Terms(DUE, late=late), after, left)
    assert 0 <= found.score <= score
    assert 0 <= found.penalty <= score


@given(cents, lates, roundings, near, near)
def test_later_never_earns_more(score, late, rounding, first, second):
    terms = Terms(DUE, late=late, rounding=rounding)
    early, after = (final(score, terms, each) for each in sorted((first, second)))
    assert early.score >= after.score


@given(cents, cents, lates, roundings, near)
def test_more_earned_is_never_less_in_the_end(one, other, late, rounding, after):
    terms = Terms(DUE, late=late, rounding=rounding)
    less, more = (final(each, terms, after) for each in sorted((one, other)))
    assert less.score <= more.score


def final(score, terms, after, days_left=0) -> Final:
    attempt = Attempt("a", "ann", "ann", score, 10.0, DUE + after)
    return final_score(terms, attempt, lateness(terms, "ann", attempt.submitted_at, days_left))


def test_names_and_times_that_belong_to_nobody_are_listed():
    results = [result("a", "ann", 6.0), result("a", "carl", 9.0)]
    policy = Policy({"a": Terms()}, 0, UTC, ROSTER)
    assert list(doubts(policy, results, {("a", "dora"): DUE, ("a", "ann"): DUE})) == [
        "roster: 'carl' is nobody in the roster",
        "times: there is no submission of 'dora' for 'a'",
    ]
