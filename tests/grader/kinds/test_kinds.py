"""Every check kind is known by its file and holds its own examples, right and wrong."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise, Question
from grader.model.submission import AnswerFile, Submission

EXAMPLES = [(kind, example) for kind in kind_names() for example in find_kind(kind).examples]


def marked(kind, example):
    check = find_kind(kind)
    params = msgspec.convert(example.params, check.params)
    question = Question(
        id="q",
        label="q",
        points=Fraction(1),
        prompt="",
        fields={},
        asks=check.asks(params),
        kind=kind,
        params=params,
        check=check,
    )
    exercise = Exercise(id="e", title="", source="", questions=(question,), digest="")
    answer = AnswerFile("answer.py", example.answer.encode())
    report = mark(exercise, Submission(student="s", files=(answer,), digest=""))
    return report.questions[0].outcome


@pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=[f"{k}: {e.title}" for k, e in EXAMPLES])
def test_the_example_gets_the_verdict_that_stands_beside_it(kind, example):
    outcome = marked(kind, example)
    assert outcome.verdict == example.verdict, outcome
    if example.code is not None:
        assert example.code in {message.code for message in outcome.feedback}, outcome


@pytest.mark.parametrize("kind", kind_names())
def test_a_kind_has_examples_of_both_sorts(kind):
    verdicts = {example.verdict for example in find_kind(kind).examples}
    assert "correct" in verdicts
    assert verdicts - {"correct"}


def test_only_listed_names_are_imported():
    with pytest.raises(KeyError):
        find_kind("os")
