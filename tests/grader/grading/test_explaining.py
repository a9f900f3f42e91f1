"""A decided mark stands whatever fails while it is explained; staff are told, the student is not."""

from __future__ import annotations

import importlib
from fractions import Fraction

import msgspec
import pytest

from grader.checks import find_kind
from grader.explaining import explained, keeping_failures
from grader.grading import mark
from grader.model.exercise import Exercise, Question
from grader.model.submission import AnswerFile, Submission

# A kind, one of its own example answers, and what is used to explain it. The verdict that must come out is
# the one declared beside the example.
FAILING = [
    ("shape", "Axes swapped", "grader.diagnosis.shape.diagnose"),
    ("shape", "One entry left out", "grader.grading.judging.misnamed"),
    ("shape", "Matrices in place of shapes", "grader.diagnosis.shape.diagnose"),
    ("linear_system", "A sum that forgets is refused", "grader.diagnosis.linear_system.diagnose"),
    ("linear_system", "A sum that forgets is refused", "grader.linear.decision.shortest_counterexample"),
    ("linear_system", "A sum that forgets is refused", "grader.linear.judged.feedback"),
    ("linear_system", "A sum that forgets is refused", "grader.linear.judged.evidence"),
    ("linear_system", "The same, stored three times as large", "grader.linear.judged.map_of_state"),
    ("feasibility", "Yes, shown by weights", "grader.linear.judged.map_of_state"),
    ("feasibility", "Yes where it is impossible", "grader.diagnosis.feasibility.diagnose"),
    ("realisation", "The direct path dropped", "grader.checks.realisation.feedback"),
    ("realisation", "s0 forgotten", "grader.diagnosis.realisation.diagnose"),
    ("sequence", "W not transposed", "grader.diagnosis.sequence.diagnose"),
    ("sequence", "W not transposed", "grader.checks.sequence.told"),
    ("behaviour", "W not transposed", "grader.diagnosis.behaviour.diagnose"),
    ("behaviour", "W not transposed", "grader.checks.behaviour.counterexample"),
    ("behaviour", "Every second call goes on", "grader.checks.behaviour.said"),
    ("expression", "A sign", "grader.formula.marking.clue"),
    ("expression", "A sign", "grader.formula.marking._wrong"),
    ("expression", "The same with its signs", "grader.formula.marking.excluded_point"),
    ("gradient", "The error of one step only", "grader.checks.gradient.explain"),
    ("optimizer", "No corrections", "grader.checks.optimizer.explain"),
    ("targets", "A wrong lag", "grader.checks.targets.fit_formula"),
    ("targets", "A wrong lag", "grader.checks.targets._counterexample"),
    ("generator", "A wrong lag", "grader.checks.generator._messages"),
    ("training", "A network that follows its input", "grader.checks.training.predict"),
    ("training", "Learned by half", "grader.checks.training._remarks"),
    ("training", "Learned by half", "grader.checks.training._recognised"),
    ("trajectory", "Weights of its own", "grader.checks.trajectory._agreeing"),
    ("trajectory", "Made-up losses", "grader.checks.trajectory.explain"),
]


def question_of(kind, example):
    check = find_kind(kind)
    params = msgspec.convert(example.params, check.params)
    return Question(
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


def raises(*arguments, **named):
    raise ZeroDivisionError("while explaining")


def marked(kind, example):
    question = question_of(kind, example)
    exercise = Exercise(id="e", title="", source="", questions=(question,), digest="")
    answer = AnswerFile("answer.py", example.answer.encode())
    return mark(exercise, Submission(student="s", files=(answer,), digest="")).questions[0].outcome


@pytest.mark.parametrize(("kind", "title", "name"), FAILING, ids=[f"{k}: {n}" for k, _, n in FAILING])
def test_a_failing_explanation_costs_no_decided_mark(kind, title, name, monkeypatch):
    example = next(one for one in find_kind(kind).examples if one.title.startswith(title))
    usual = marked(kind, example)
    module, _, function = name.rpartition(".")
    monkeypatch.setattr(importlib.import_module(module), function, raises)
    found = marked(kind, example)
    assert (found.verdict, found.fraction) == (example.verdict, usual.fraction)
    staff = [one for one in found.feedback if one.audience == "staff"]
    assert [one.code for one in staff] == ["explanation-failed"]
    assert "ZeroDivisionError" in staff[0].message
    assert not any("ZeroDivisionError" in one.message for one in found.feedback if one.audience == "student")


def test_a_failure_is_raised_where_nobody_keeps_it():
    with pytest.raises(ZeroDivisionError):
        explained(raises)


def test_what_was_found_before_another_failed_is_kept():
    with keeping_failures() as failures:
        assert [explained(lambda: 1), explained(raises), explained(lambda: 2)] == [1, None, 2]
    assert len(failures) == 1
