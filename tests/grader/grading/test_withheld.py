"""What is said of a question whose key stays with the course: handed in, and what cannot be read of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.errors import Unreadable
from grader.grading.judging import judge_question
from grader.grading.resolve import Given
from grader.model.exercise import Question
from grader.model.kind import Asks, Judgement, Kind, Params
from grader.model.outcome import HANDED_IN, Outcome, Verdict
from grader.model.run import RunResult
from grader.model.value import Fields, Flag, Number

ONE, TWO, BAD = Number("1", "int"), Number("2", "int"), Flag(True)


def judge(params, answer):
    """Reads a and b; right is 1 for a."""
    for name in ("a", "b"):
        if name not in answer.fields:
            raise Unreadable(f"{name} is missing", code="missing-field")
        if answer.fields[name] == BAD:
            raise Unreadable("no number", where=name if name == "a" else None, code="not-a-number")
    is_right = answer.fields["a"] == ONE
    verdict = Verdict.CORRECT if is_right else Verdict.INCORRECT
    return Judgement(Outcome(verdict=verdict, fraction=Fraction(is_right)), None)


def judge_each(params, answer):
    """Takes any fields; each that cannot be read is a fault, of c as one of another field."""
    for name, value in answer.fields.items() if len(answer.fields) == 1 else ():
        if value == BAD:
            where = {"a": None, "b": "b(1)", "c": "a"}[name]
            raise Unreadable(f"no number in {name}", where=where, code="not-a-number")
        if value == TWO:
            raise Unreadable("another is missing", code="missing-field")
    return Judgement(Outcome(verdict=Verdict.INCORRECT, fraction=Fraction(0)), None)


def outcome_of(judge, own, fields=("a", "b")):
    asks = Asks(fields=fields)
    check = Kind(params=Params, asks=lambda params: asks, judge=judge)
    question = Question(
        id="q",
        label="q",
        points=Fraction(1),
        prompt="",
        fields={},
        asks=asks,
        kind="numeric",
        params=Params(),
        check=check,
        is_withheld=True,
    )
    return judge_question(Given(question, (), (), RunResult(names={"q": Fields(own)})))


def told(outcome):
    return [(one.code, one.message) for one in outcome.feedback]


@pytest.mark.parametrize("first", [ONE, TWO])
def test_right_or_wrong_it_waits_for_the_course(first):
    found = outcome_of(judge, {"a": first, "b": TWO})
    assert (found.verdict, found.fraction, found.is_withheld) == (Verdict.PENDING, 0, True)
    assert [one.code for one in found.feedback] == [HANDED_IN]


def test_what_cannot_be_read_at_all_is_invalid():
    found = outcome_of(judge, {"a": BAD, "b": TWO})
    assert (found.verdict, found.is_withheld, [one.code for one in found.feedback]) == (
        Verdict.INVALID,
        False,
        ["not-a-number"],
    )


@pytest.mark.parametrize("verdict", [Verdict.MISSING, Verdict.INVALID])
def test_a_verdict_that_depends_on_no_key_stands(verdict):
    decided = Outcome(verdict=verdict, fraction=Fraction(0))
    found = outcome_of(lambda params, answer: Judgement(decided, None), {"a": ONE, "b": ONE})
    assert (found.verdict, found.is_withheld) == (verdict, False)


@pytest.mark.parametrize(
    ("own", "faults"),
    [
        ({"a": ONE, "b": ONE, "c": ONE}, []),
        ({"a": BAD, "b": ONE, "c": ONE}, [("not-a-number", "no number in a")]),
        ({"a": ONE, "b": BAD, "c": ONE}, [("not-a-number", "b(1): no number in b")]),
        ({"a": ONE, "b": ONE, "c": BAD}, []),  # it is told of a, which can be read
        ({"a": TWO, "b": ONE, "c": ONE}, []),  # that others are missing is no fault of a
        ({"a": ONE, "c": ONE}, [("missing-field", "b is not given.")]),
        ({"a": ONE}, [("missing-field", "b is not given."), ("missing-field", "c is not given.")]),
    ],
)
def test_of_several_fields_each_that_is_absent_or_cannot_be_read_is_told(own, faults):
    found = outcome_of(judge_each, own, ("a", "b", "c"))
    assert found.verdict is Verdict.PENDING
    assert told(found)[1:] == faults
