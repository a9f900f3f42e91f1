"""Questions with several fields: each counts the same, whatever becomes of the others."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from grader.errors import Unreadable
from grader.kinds.count import KIND as COUNT
from grader.kinds.expression import KIND as EXPRESSION
from grader.kinds.numeric import KIND as NUMERIC
from grader.kinds.shape import KIND as SHAPE
from grader.model.kind import Answer

NETWORK = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_h x n_in", "W": "n_h x n_h", "b": "n_h"},
    "equations": ["h(t) = tanh(U @ x(t) + W @ h(t-1) + b)"],
}
RIGHT, WRONG, UNREADABLE, MISSING = "right", "wrong", "unreadable", "missing"
# For each field what is right, what is wrong and what cannot be read; in one with a vector of two, both.
QUESTIONS: dict[str, Any] = {
    "shape": (
        SHAPE,
        {"sizes": {"n_h": 2, "n_in": 3}, "shapes": {"U": ["n_h", "n_in"], "b": ["n_h"], "V": ["n_in", "1"]}},
        {"U": ([2, 3], [2, 4], "x"), "b": ([2], [3], None), "V": ([3, 1], [2, 1], {"a": 1})},
    ),
    "count": (
        COUNT,
        {"network": NETWORK, "asked": ["U", "W", "b"]},
        {"U": ("n_h*n_in", "n_in", "q"), "W": ("n_h^2", "n_h", None), "b": ("n_h", "1", "(")},
    ),
    "expression": (
        EXPRESSION,
        {
            "expressions": {"f": "a*b"},
            "conditions": {"c": "|a| < 1"},
            "big_o": {"o": "a^2"},
            "symbols": ["a", "b"],
        },
        {"f": ("b*a", "a", "q"), "c": ("-1 < a < 1", "a < 1", "a <"), "o": ("O(a^2)", "O(a)", None)},
    ),
    "numeric": (
        NUMERIC,
        {"sizes": ["n", "m"], "values": {"f": "n*m", "g": ["n", "m"], "h": "n^2"}},
        {
            "f": ("m*n", "n", "q"),
            "g": (["n", "m"], ["m", "n"], ["n"]),
            "h": ("n*n", "n", None),
        },
    ),
}
ENTRIES = {("numeric", "g"): 2}


@pytest.mark.parametrize("kind", QUESTIONS)
def test_each_field_counts_the_same_and_the_answer_is_unreadable_only_if_all_of_it_is(
    kind: str, plain: Any
) -> None:
    check, table, values = QUESTIONS[kind]
    params = msgspec.convert(table, check.params)
    for states in itertools.product((RIGHT, WRONG, UNREADABLE, MISSING), repeat=len(values)):
        of = dict(zip(values, states, strict=True))
        given = {
            name: plain(dict(zip((RIGHT, WRONG, UNREADABLE), values[name], strict=True))[state])
            for name, state in of.items()
            if state != MISSING
        }
        if given and set(of.values()) <= {UNREADABLE, MISSING}:
            with pytest.raises(Unreadable) as told:
                check.judge(params, Answer(fields=given))
            first = next(name for name, state in of.items() if state == UNREADABLE)
            assert (told.value.where or "").startswith(first)
            continue
        outcome = check.judge(params, Answer(fields=given)).outcome
        weight = {name: ENTRIES.get((kind, name), 1) for name in of}
        right = sum(weight[name] for name, state in of.items() if state == RIGHT)
        assert outcome.fraction == Fraction(right, sum(weight.values())), of
        missing = [name for name, state in of.items() if state == MISSING]
        told = [one.message for one in outcome.feedback if one.code == "missing-field"]
        assert told == [f"{name} is not given." for name in missing]
        for name, state in of.items():
            about = [
                one
                for one in outcome.feedback
                if one.message.startswith((f"{name} ", f"{name}:", f"{name}["))
            ]
            if state in (UNREADABLE, MISSING):
                assert len(about) == 1, (of, name)
            assert bool(about) is (state != RIGHT) or (state == WRONG and weight[name] > 1), (of, name)
