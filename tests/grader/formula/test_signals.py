from __future__ import annotations

import pickle
from collections.abc import Callable
from fractions import Fraction

import pytest

from grader.formula.signals import SignalError, from_step, parse_signal
from grader.formula.tree import Constant, FunctionCall, Product, Sum, Symbol

MINUS = Constant(Fraction(-1))
X1, X2, X3 = Symbol("x[1]"), Symbol("x[2]"), Symbol("x[3]")


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("x[1]", X1),
        ("0", Constant(Fraction(0))),
        ("0.2", Constant(Fraction(1, 5))),
        ("1/3", Constant(Fraction(1, 3))),
        (".5e-1", Constant(Fraction(1, 20))),
        ("-1/3", Constant(Fraction(-1, 3))),
        ("-x[2]", Product((MINUS, X2))),
        ("x[1] - x[2]", Sum((X1, Product((MINUS, X2))))),
        ("2 * (x[1] + 1)", Product((Constant(Fraction(2)), Sum((X1, Constant(Fraction(1))))))),
        ("delay(x[3], 1)", FunctionCall("delay", X3, 1)),
        ("decay(x[1], 0.9)", FunctionCall("decay", X1, rate=Fraction(9, 10))),
        ("decay(x[1], -1/3)", FunctionCall("decay", X1, rate=Fraction(-1, 3))),
        (" cumsum(x[1]\n  + x[2]) ", FunctionCall("cumsum", Sum((X1, X2)))),
    ],
)
def test_text_becomes_the_signal_it_says(text: str, signal: object) -> None:
    assert parse_signal(text) == signal


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 0, "an empty signal"),
        ("x", 0, "write x[1]"),
        ("x[4]", 2, "the index of x must be a whole number from 1 to 3"),
        ("x[0]", 2, "from 1 to 3"),
        ("x[True]", 2, "whole number"),
        ("x[1.0]", 2, "whole number"),
        ("2 * x1", 4, "did you mean x[1]?"),
        ("1 + dealy(x[1], 2)", 4, "did you mean 'delay'?"),
        ("cumsun(x[1])", 0, "did you mean 'cumsum'?"),
        ("1 + sin(x[1])", 4, "unknown name 'sin'"),
        ("delay(x[1])", 0, "delay takes a signal and a number of steps"),
        ("delay(x[1], -1)", 12, "the delay must be a whole number"),
        ("delay(x[1], 10**9)", 12, "the delay must be a whole number"),
        ("delay(x[1], k=2)", 0, "by position"),
        ("cumsum(*x[1])", 0, "by position"),
        ("cumsum", 0, "cumsum needs an argument"),
        ("decay", 0, "decay needs an argument"),
        ("decay(x[1])", 0, "decay takes a signal and a number"),
        ("decay(0.9, x[1])", 11, "multiplied by a number: decay(x[1], 0.9)"),
        ("decay(x[1], a)", 12, "unknown name 'a'"),
        ("decay(x[1], rate=0.9)", 0, "by position: decay(x[1], 0.9)"),
        ("delay(*x[1], 1)", 0, "by position: delay(x[1], 1)"),
        ("cumsum(x[1], *x[2])", 0, "by position: cumsum(x[1])"),
        ("decays(x[1], 0.9)", 0, "did you mean 'decay'?"),
        ("x[1] ** 2", 0, "only + - * join signals"),
        ("x[1] / 3", 0, "1/3 * x[1]"),
        ("1/0", 2, "division by zero"),
        ("x[1] +", 6, "does not read as a signal"),
        ("x[1] + ×", 7, "not part of the language"),
        ("0x10", 0, "is no number"),
        ("1j", 0, "is no number"),
        ("1e999", 0, "is no number"),
        ("'x[1]'", 0, "is no number"),
        ("True", 0, "is no number"),
        ("None", 0, "is no number"),
        ("x[1] if 1 else x[2]", 0, "not part of the language"),
        ("lambda: x[1]", 0, "not part of the language"),
        ("[x[1]]", 0, "not part of the language"),
        ("x.shape", 0, "not part of the language"),
        ("__import__('os').system('true')", 0, "not part of the language"),
        ("(x[1] := 2)", 1, "does not read as a signal"),
        ("-" * 100 + "x[1]", 61, "nested too deeply"),
        ("(" * 240 + "x[1]" + ")" * 240, None, "does not read as a signal"),
        ("x[1]" + " + x[1]" * 100, None, "at most 500"),
    ],
)
def test_anything_else_is_refused_with_its_place(text: str, column: int | None, message: str) -> None:
    with pytest.raises(SignalError) as caught:
        parse_signal(text, inputs=3)
    assert message in caught.value.message
    if column is not None:
        assert caught.value.column == column


@pytest.mark.parametrize("text", ["1 / x[1]", "x[1] / x[2]", "-x[1] / 2", "(1/2) / 3", "1 / -2"])
def test_only_numbers_are_divided(text: str) -> None:
    with pytest.raises(SignalError, match="only a number is divided by a number"):
        parse_signal(text)


@pytest.mark.parametrize(("count", "is_read"), [(60, True), (61, False)])
@pytest.mark.parametrize(
    "make",
    [
        lambda n: "x[1]" + " + 2" * n,
        lambda n: "x[1]" + " * 2" * n,
        lambda n: "-" * n + "x[1]",
        lambda n: "+" * n + "x[1]",
        lambda n: "cumsum(" * n + "x[1]" + ")" * n,
        lambda n: "cumsum(" * (n - 1) + "delay(x[1], 1)" + ")" * (n - 1),
        lambda n: "cumsum(" * (n - 1) + "decay(x[1], 1)" + ")" * (n - 1),
    ],
)
def test_signals_are_nested_60_deep(make: Callable[[int], str], count: int, is_read: bool) -> None:
    if is_read:
        parse_signal(make(count))
    else:
        with pytest.raises(SignalError, match="nested too deeply"):
            parse_signal(make(count))


def test_caret_stands_under_the_trouble() -> None:
    with pytest.raises(SignalError) as caught:
        parse_signal("x[1] + dealy(x[2], 1)")
    assert str(caught.value).splitlines()[1:] == ["    x[1] + dealy(x[2], 1)", "           ^"]


def test_error_crosses_a_process_pool() -> None:
    error = SignalError("x", 0, "write x[1]")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("x[1]", 1),
        ("3", 1),
        ("5 * x[1] - 0.2 * delay(x[3], 1)", 2),
        ("25 * delay(x[2], 1) * delay(x[3], 3)", 4),
        ("delay(delay(x[1], 2), 3)", 6),
        ("cumsum(delay(x[1], 1))", 2),
    ],
)
def test_from_step_is_where_no_delay_reaches_before_the_start(text: str, step: int) -> None:
    assert from_step(parse_signal(text)) == step
