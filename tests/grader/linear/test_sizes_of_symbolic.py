"""A state counts by its own numbers, whatever stands beside them, and an entry is exact by what is in it."""

from __future__ import annotations

import pytest

from grader.kinds.linear_system.judge import judge
from grader.kinds.linear_system.question import LinearSystemParams
from grader.linear.reading import LinearSizes, read_weights
from grader.linear.symbolic.decision import decide_symbolic
from grader.linear.symbolic.entries import read_formulas
from grader.model.kind import Answer
from grader.model.value import Items, Number, Text, Value
from reference.linear_system import LinearSystem


def rows(lines: list[list[str]]) -> Items:
    return Items(tuple(Items(tuple(map(Text, line))) for line in lines))


@pytest.mark.parametrize(
    ("states", "entry", "inverse", "points"),
    [
        (8, "a", "1/a", None),
        (9, "a", "1/a", 4),
        (8, "exp(a)", "exp(-a)", 16),
        (9, "exp(a)", "exp(-a)", 4),
    ],
)
def test_inputs_beside_the_state_make_it_no_larger(
    states: int, entry: str, inverse: str, points: int | None
) -> None:
    """In an RNN-B they stand in one matrix with it: 8 x 10 for a sum of the first of two inputs."""
    idle = ["0"] * (states - 1)
    fields = {
        "s0": Items((Text("0"),) * states),
        "Wssx": rows([["1", *idle, entry, "0"], *(["0"] * (states + 2) for _ in idle)]),
        "Wox": rows([[inverse, *idle, "0", "0"]]),
    }
    params = LinearSystemParams(structure="rnn-b", inputs=2, target=("cumsum(x[1])",))
    found = judge(params, Answer(fields=fields)).outcome
    assert (found.verdict, found.basis.points) == ("correct", points)


@pytest.mark.parametrize(
    ("entry", "other", "is_rounded"),
    [
        (Text("a"), "1", False),
        (Text("2*a + 1/3"), "1", False),
        (Text("sqrt(2)*a"), "1", True),
        (Text("cos(a)"), "1", True),
        (Text("pi"), "a", True),
        (Text("2"), "sqrt(4)*a", False),
        (Number("0.333333333", "float"), "a", True),
    ],
)
def test_at_the_sample_an_entry_is_rounded_where_only_digits_of_it_are_known(
    entry: Value, other: str, is_rounded: bool
) -> None:
    one = Items((Items((Text("1"),)),))
    fields: dict[str, Value] = {
        "s0": Items((Text("0"),)),
        "Wss": one,
        "Wsx": Items((Items((entry,)),)),
        "Wo": Items((Items((Text(other),)),)),
    }
    written = read_formulas(fields)
    weights = read_weights("rnn-a", LinearSizes(1, 1, 1), written.fields)
    target = LinearSystem(*(((value,),) for value in (1, 1, 1, 0)), (0,))
    assert decide_symbolic("rnn-a", written, weights, target).network.is_rounded is is_rounded
