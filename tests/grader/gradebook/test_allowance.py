"""What may still be submitted, and counts then: by the rules, attempt by attempt, over small histories."""

from __future__ import annotations

import datetime
import itertools
from fractions import Fraction

import pytest

from grader.gradebook.policy import AttemptRule, Policy, ScoredAttempt, allowance, choose, refusals

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
QUESTIONS = ("", "a", "b")


def attempt(number, question, at, **more):
    return ScoredAttempt(number=number, points=Fraction(number), submitted_at=at, question=question, **more)


class Plain:
    """The rules, attempt by attempt: which take a place of a question's hour, and which one of its limit."""

    def __init__(self, per_hour, limit):
        self.per_hour, self.limit = per_hour, limit
        self.taken = []
        self.counted = []

    def names(self, question):
        # A file for the whole takes an attempt of every question.
        return [question] if question else ["", "a", "b"]

    def within_the_hour(self, name, before):
        """The attempts that took one of a question's in the hour before a moment."""
        return [at for of, at in self.taken if of in ("", name) and before - at < HOUR]

    def free_from(self, question, at):
        """From when on an hour has room for one more; `at` itself where it has."""
        until = at
        for name in self.names(question) if self.per_hour else []:
            later = at
            while len(self.within_the_hour(name, later)) >= self.per_hour:
                later = min(self.within_the_hour(name, later)) + HOUR
            until = max(until, later)
        return until

    def left(self, question):
        if self.limit is None:
            return None
        used = [sum(of in ("", name) for of in self.counted) for name in self.names(question)]
        return self.limit - max(used)

    def hand_in(self, question, at):
        if self.free_from(question, at) == at:
            self.taken.append((question, at))
            if self.left(question) != 0:
                self.counted.append(question)


def histories():
    for count, minutes in ((0, ()), (1, (60,)), (2, (1, 40, 60)), (3, (20, 40))):
        for questions in itertools.product(QUESTIONS, repeat=count):
            for gaps in itertools.product(minutes, repeat=count):
                times = [NOON + sum(gaps[: i + 1]) * MINUTE for i in range(count)]
                yield list(zip(questions, times, strict=True))


@pytest.mark.parametrize("per_hour", [None, 1, 2])
@pytest.mark.parametrize("limit", [None, 1, 2])
def test_what_is_left_is_what_the_rules_leave(per_hour, limit):
    policy = Policy(attempts=AttemptRule(per_hour=per_hour, limit=limit))
    for history in histories():
        plain = Plain(per_hour, limit)
        for question, at in history:
            plain.hand_in(question, at)
        made = [attempt(n, *one) for n, one in enumerate(history, 1)]
        at = history[-1][1] + 20 * MINUTE if history else NOON
        for question in QUESTIONS:
            left, until = plain.left(question), plain.free_from(question, at)
            why = "limit" if left == 0 else "" if until == at else "per-hour"
            found = allowance(policy, made, question, at)
            wanted = (left, why, until if why == "per-hour" else None)
            assert (found.left, found.why, found.until) == wanted, (history, question)


@pytest.mark.parametrize("per_hour", [None, 1, 2])
def test_what_may_be_submitted_counts_then(per_hour):
    """And what may not does not."""
    policy = Policy(attempts=AttemptRule(per_hour=per_hour, limit=2))
    for history in histories():
        made = [attempt(n, *one) for n, one in enumerate(history, 1)]
        at = history[-1][1] + 20 * MINUTE if history else NOON
        for question in QUESTIONS:
            new = attempt(len(made) + 1, question, at)
            choice = choose(policy, [*made, new])
            is_allowed = allowance(policy, made, question, at).why == ""
            assert (choice.number == new.number and new.number not in choice.refused) is is_allowed


def test_what_was_not_accepted_leaves_its_attempt_and_its_place_in_the_hour():
    policy = Policy(attempts=AttemptRule(per_hour=1, limit=2))
    made = [attempt(1, "", NOON), attempt(2, "", NOON + 50 * MINUTE)]
    assert refusals(policy, made) == {2: "per-hour"}
    found = allowance(policy, made, "", NOON + HOUR)
    assert (found.left, found.why) == (1, "")


@pytest.mark.parametrize(
    "free",
    [{"costs": False}, {"is_undecided": True}, {"is_free": True}, {"costs": False, "is_undecided": True}],
)
def test_what_takes_no_attempt_leaves_all(free):
    policy = Policy(attempts=AttemptRule(per_hour=1, limit=1))
    found = allowance(policy, [attempt(1, "", NOON, **free)], "", NOON + MINUTE)
    assert (found.left, found.why) == (1, "")


def test_an_attempt_of_no_known_time_takes_one_of_the_limit_and_no_place_of_an_hour():
    policy = Policy(attempts=AttemptRule(per_hour=1, limit=2))
    found = allowance(policy, [attempt(1, "", None)], "", NOON)
    assert (found.left, found.why) == (1, "")


def test_where_the_first_counts_one_of_each_question_may_be_submitted():
    policy = Policy(attempts=AttemptRule(counts="first", limit=5))
    made = [attempt(1, "a", NOON)]
    assert [allowance(policy, made, one, NOON + HOUR).left for one in QUESTIONS] == [0, 0, 1]


@pytest.mark.parametrize(("minutes", "why"), [(-1, "opens"), (0, ""), (60, ""), (61, "cutoff")])
def test_it_may_be_submitted_from_the_opening_to_the_cutoff_both_included(minutes, why):
    policy = Policy(opens=NOON, cutoff=NOON + HOUR)
    found = allowance(policy, [], "", NOON + minutes * MINUTE)
    assert (found.why, found.until) == (why, NOON if why == "opens" else None)
