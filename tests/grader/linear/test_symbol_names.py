"""Symbols of sympy with any name at all, as the program in the sandbox hands them over."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import sympy

from grader.errors import Unreadable
from grader.kinds.linear_system import judge as linear_system
from grader.kinds.linear_system.question import LinearSystemParams
from grader.linear.mistakes.samples import rnn_a
from grader.linear.symbolic.entries import KNOWN
from grader.model.kind import Answer
from grader.model.value import Formula, Items, Value
from grader.sandbox.inside.scalars import symbolic

B_I = LinearSystemParams(**rnn_a()[0])
PLAIN = {
    "s0": sympy.Matrix([0, 0]),
    "Wss": sympy.diag(0, 1),
    "Wsx": sympy.Matrix([[1, 0, 0], [1, 1, 1]]),
    "Wo": sympy.Matrix([[1, 0], [0, 0], [0, 0], [0, 1]]),
}
INDEXED = sympy.IndexedBase("w")
SYMBOLS = {
    "a matrix's entries": sympy.MatrixSymbol("T", 2, 2).as_explicit(),
    "LaTeX": sympy.Matrix(2, 2, sympy.symbols("t_{11} t_{12} t_{21} t_{22}")),
    "a prime": sympy.diag(sympy.Symbol("a'"), sympy.Symbol("a")),
    "two words": sympy.diag(sympy.Symbol("my var"), sympy.Symbol("myvar")),
    "dummies": sympy.diag(sympy.Dummy("q"), sympy.Dummy("q")),
    "numbers": sympy.diag(sympy.Symbol("I"), sympy.Symbol("pi")),
    "functions": sympy.diag(sympy.Symbol("exp"), sympy.Symbol("Abs")),
    "words of the reader": sympy.diag(sympy.Symbol("and"), sympy.Symbol("cosine1")),
    "indexed": sympy.Matrix([[INDEXED[1], 0], [0, INDEXED[2]]]),
}


def sent(value: Any) -> Value:
    made: Value = msgspec.convert(symbolic(value), Value)
    return made


def fields_of(weights: dict[str, Any]) -> dict[str, Value]:
    return {
        name: Items(tuple(Items(tuple(map(sent, row))) for row in weight.tolist()))
        for name, weight in weights.items()
    }


def in_basis(T: Any) -> dict[str, Any]:
    inverse = T.inv()
    return {
        "s0": T * PLAIN["s0"],
        "Wss": T * PLAIN["Wss"] * inverse,
        "Wsx": T * PLAIN["Wsx"],
        "Wo": PLAIN["Wo"] * inverse,
    }


@pytest.mark.parametrize("kind", SYMBOLS)
def test_symbols_of_any_name_make_a_basis(kind: str) -> None:
    outcome = linear_system.judge(B_I, Answer(fields=fields_of(in_basis(SYMBOLS[kind])))).outcome
    assert (outcome.verdict, outcome.basis.code) == ("correct", "proved"), outcome.feedback


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_a_symbol_called_like_anything_that_is_read_in_weights_is_one(name: str) -> None:
    T = sympy.diag(sympy.Symbol(name), 1)
    outcome = linear_system.judge(B_I, Answer(fields=fields_of(in_basis(T)))).outcome
    assert (outcome.verdict, outcome.basis.code) == ("correct", "proved"), outcome.feedback


@pytest.mark.parametrize("kind", SYMBOLS)
def test_two_symbols_stay_two(kind: str) -> None:
    """T11 - T22 in the place of a zero: right only if both were read as one."""
    T = SYMBOLS[kind]
    weights = {**PLAIN, "Wss": sympy.diag(T[0, 0] - T[1, 1], 1)}
    assert linear_system.judge(B_I, Answer(fields=fields_of(weights))).outcome.verdict == "partial"


def test_symbols_are_told_by_the_names_that_they_have() -> None:
    weights = {**PLAIN, "Wss": sympy.diag(sympy.Symbol("t_{11}"), 1)}
    symbolic = linear_system.judge(B_I, Answer(fields=fields_of(weights))).facts.symbolic
    assert symbolic is not None
    assert symbolic.right_only == "for t_{11} = 0"
    assert symbolic.sample == {"t_{11}": 2}


def test_names_that_any_reader_takes_are_left_alone() -> None:
    assert sent(sympy.Symbol("x_1") * sympy.Symbol("lambda")) == Formula("lambda*x_1")


def test_names_that_differ_by_an_underscore_are_not_taken_for_one() -> None:
    weights = {**PLAIN, "Wss": sympy.diag(sympy.Symbol("x1") - sympy.Symbol("x_1"), 1)}
    with pytest.raises(Unreadable, match="read as one"):
        linear_system.judge(B_I, Answer(fields=fields_of(weights)))
