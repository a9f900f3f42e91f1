"""Weights that algebra cannot decide: at how many values they are tried, and what is said of the worst."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.errors import Unreadable
from grader.kinds.linear_system.judge import judge
from grader.kinds.linear_system.question import LinearSystemParams
from grader.model.kind import Answer
from grader.model.value import Items, Text


def rows(*lines):
    return Items(tuple(Items(tuple(map(Text, line))) for line in lines))


def outcome_of(entry, *shown, states=1):
    """The first state adds up entry * x; each output is it times what is shown. The others do nothing."""
    params = LinearSystemParams(structure="rnn-a", inputs=1, target=("cumsum(x[1])",) * len(shown))
    idle = ["0"] * (states - 1)
    fields = {
        "s0": Items((Text("0"),) * states),
        "Wss": rows(["1", *idle], *(["0"] * states for _ in idle)),
        "Wsx": rows([entry], *(["0"] for _ in idle)),
        "Wo": rows(*([one, *idle] for one in shown)),
    }
    return judge(params, Answer(fields=fields)).outcome


@pytest.mark.parametrize(
    ("states", "entry", "shown", "verdict", "points"),
    [
        # Sixteen values where the state is small and nothing wrong, four where it is large or something is.
        (1, "exp(a)", "exp(-a)", "correct", 16),
        (8, "exp(a)", "exp(-a)", "correct", 16),
        (9, "exp(a)", "exp(-a)", "correct", 4),
        (1, "exp(a)", "exp(a)", "partial", 4),
        (9, "exp(a)", "exp(a)", "partial", 4),
        (1, "abs(a)", "1/abs(a)", "correct", 16),
        (1, "log(a)", "1/log(a)", "correct", 16),
        (1, "sqrt(1 - a^2)", "1/sqrt(1 - a^2)", "correct", None),
        # By algebra for all values, where the state has eight numbers at most.
        (8, "a", "1/a", "correct", None),
        (9, "a", "1/a", "correct", 4),
    ],
)
def test_how_many_values_are_tried(states, entry, shown, verdict, points):
    found = outcome_of(entry, shown, states=states)
    assert (found.verdict, found.basis.points) == (verdict, points)


def test_each_output_is_as_wrong_as_at_its_own_worst_value():
    """One is right where a > 0, the other where a < 0: both are wrong, and only their start is right."""
    found = outcome_of("1", "abs(a)/a", "-abs(a)/a")
    assert found.fraction == Fraction(1, 2) * Fraction(2, 10)
    alone = outcome_of("1", "abs(a)/a", "1")
    assert alone.fraction == (1 + found.fraction) / 2


@pytest.mark.parametrize("entry", ["log(-1 - abs(a))", "sqrt(-1 - exp(a))"])
def test_formulas_without_a_real_value_are_refused(entry):
    with pytest.raises(Unreadable) as refused:
        outcome_of(entry, "1")
    assert refused.value.code == "not-finite"
