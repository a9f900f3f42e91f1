"""Compiled systems and numpy values against sums and delays written out with exact integers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.formula.signal_system import compile_linear
from grader.formula.signals import SignalError, parse_signal
from grader.training.task import signal_values

INPUTS = 3


def simulate(system: Any, xs: Sequence[Sequence[int]]) -> list[list[Fraction]]:
    """The outputs by the definition: s_t = A s_{t-1} + B x_t, g_t = C s_t + D x_t."""

    def dot(row: Sequence[Fraction], vector: Sequence[Any]) -> Fraction:
        return sum((a * b for a, b in zip(row, vector, strict=True)), Fraction(0))

    state = list(system.s0)
    outputs = []
    for x in xs:
        state = [dot(a, state) + dot(b, x) for a, b in zip(system.A, system.B, strict=True)]
        outputs.append([dot(c, state) + dot(d, x) for c, d in zip(system.C, system.D, strict=True)])
    return outputs


# A signal as text next to a function (inputs, t) -> value that says the same by direct recursion.
def _leaf(i: int) -> tuple[str, Any]:
    return f"x[{i}]", lambda xs, t: xs[t - 1][i - 1] if t >= 1 else 0


def _grow(inner: st.SearchStrategy[tuple[str, Any]]) -> st.SearchStrategy[tuple[str, Any]]:
    def plus(a: tuple[str, Any], b: tuple[str, Any]) -> tuple[str, Any]:
        return f"({a[0]} + {b[0]})", lambda xs, t: a[1](xs, t) + b[1](xs, t)

    def minus(a: tuple[str, Any], b: tuple[str, Any]) -> tuple[str, Any]:
        return f"{a[0]} - ({b[0]})", lambda xs, t: a[1](xs, t) - b[1](xs, t)

    def scaled(a: tuple[str, Any], top: int, below: int) -> tuple[str, Any]:
        sign = "-" if top < 0 else ""
        return f"{sign}{abs(top)}/{below} * ({a[0]})", lambda xs, t: Fraction(top, below) * a[1](xs, t)

    def delay(a: tuple[str, Any], k: int) -> tuple[str, Any]:
        return f"delay({a[0]}, {k})", lambda xs, t: a[1](xs, t - k) if t - k >= 1 else 0

    def cumsum(a: tuple[str, Any]) -> tuple[str, Any]:
        return f"cumsum({a[0]})", lambda xs, t: sum(a[1](xs, j) for j in range(1, t + 1))

    def decay(a: tuple[str, Any], top: int, below: int) -> tuple[str, Any]:
        rate = Fraction(top, below)
        return (
            f"decay({a[0]}, {top}/{below})",
            lambda xs, t: sum(rate ** (t - j) * a[1](xs, j) for j in range(1, t + 1)),
        )

    return st.one_of(
        st.builds(plus, inner, inner),
        st.builds(minus, inner, inner),
        st.builds(scaled, inner, st.integers(-3, 3), st.integers(1, 3)),
        st.builds(delay, inner, st.integers(0, 3)),
        st.builds(cumsum, inner),
        st.builds(decay, inner, st.integers(-3, 3), st.integers(1, 4)),
    )


SIGNALS = st.recursive(st.integers(1, INPUTS).map(_leaf), _grow, max_leaves=5)
SEQUENCES = st.lists(st.tuples(*[st.integers(-5, 5)] * INPUTS), min_size=1, max_size=7)


@given(targets=st.lists(SIGNALS, min_size=1, max_size=3), xs=SEQUENCES)
def test_compiled_system_outputs_the_signals_exactly(targets: Any, xs: list[tuple[int, ...]]) -> None:
    system = compile_linear([text for text, _ in targets], INPUTS)
    wanted = [[value(xs, t) for _, value in targets] for t in range(1, len(xs) + 1)]
    assert simulate(system, xs) == wanted


@given(target=SIGNALS, xs=SEQUENCES)
def test_evaluate_gives_the_same_values(target: Any, xs: list[tuple[int, ...]]) -> None:
    text, value = target
    wanted = [float(value(xs, t)) for t in range(1, len(xs) + 1)]
    got = signal_values(parse_signal(text), np.array([xs, xs]))
    np.testing.assert_allclose(got, [wanted, wanted], rtol=1e-12, atol=1e-12)


def test_sheet_target_takes_one_state() -> None:
    system = compile_linear(["x[1]", "0", "0", "cumsum(x[1] + x[2] + x[3])"], INPUTS)
    assert system.A == ((1,),)
    assert system.B == ((1, 1, 1),)
    assert system.C == ((0,), (0,), (0,), (1,))
    assert system.D == ((1, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0))
    assert system.s0 == (0,)


def test_shared_parts_are_kept_once() -> None:
    system = compile_linear(["delay(x[1], 3)", "delay(x[1], 1)", "cumsum(x[2])", "cumsum(x[2])"], INPUTS)
    assert len(system.A) == 5


def test_a_decay_takes_one_state_and_is_exact_for_decimals() -> None:
    system = compile_linear(["decay(x[1], 0.9)", "cumsum(x[1])", "decay(x[1], 9/10)"], INPUTS)
    assert list(system.A) == [(Fraction(9, 10), 0), (0, 1)]


def test_no_state_is_needed_for_what_looks_at_the_present_only() -> None:
    assert compile_linear(["2 * x[1] - x[1]"], INPUTS).A == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x[1] * x[2]", "multiplies two signals"),
        ("x[1] + 1", "adds the constant 1"),
        ("3", "adds the constant 3"),
        ("cumsum(1)", "cumsum of a signal with the constant 1"),
        ("decay(x[1] + 2, 1/2)", "decay of a signal with the constant 2"),
        ("delay(x[1] - 1/2, 1)", "delay of a signal with the constant -1/2"),
    ],
)
def test_what_is_not_linear_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(SignalError, match=reason):
        compile_linear([text], INPUTS)


# With a bias, numbers are signals too: t counts the steps, and a delay shows nothing before them.
@pytest.mark.parametrize(
    ("text", "by_hand"),
    [
        ("x[1] + 1", lambda t: 7 + 1),
        ("3", lambda t: 3),
        ("cumsum(1)", lambda t: t),
        ("delay(2, 1)", lambda t: 2 if t > 1 else 0),
        ("delay(2 + cumsum(1), 2)", lambda t: 2 + t - 2 if t > 2 else 0),
        ("decay(1, 1/2) - 1", lambda t: 1 - Fraction(1, 2 ** (t - 1))),
        ("cumsum(x[1] - 7) + 0 * x[2]", lambda t: 0),
    ],
)
def test_a_network_with_biases_may_be_asked_for_numbers_too(text: str, by_hand: Any) -> None:
    system = compile_linear([text], INPUTS, has_biases=True)
    assert simulate(system, [(7, 0, 0)] * 5) == [[by_hand(t)] for t in range(1, 6)]


@pytest.mark.parametrize("text", ["x[1] + 1 - 1", "(2 - 1) * x[1]", "x[1] + 0 * 5", "x[1] + delay(0, 2)"])
def test_numbers_that_cancel_do_no_harm(text: str) -> None:
    assert simulate(compile_linear([text], INPUTS), [(7, 0, 0)]) == [[7]]


def test_index_beyond_the_inputs_is_refused() -> None:
    with pytest.raises(SignalError, match="from 1 to 2"):
        compile_linear(["x[3]"], 2)


def test_product_is_evaluated_with_zero_padding() -> None:
    x = np.arange(15.0).reshape(5, 3)  # Tutorial 8, question 2: 25 x_2(t-1) x_3(t-3)
    got = signal_values(parse_signal("25 * delay(x[2], 1) * delay(x[3], 3)"), x)
    assert got.tolist() == [0, 0, 0, 25 * 7 * 2, 25 * 10 * 5]


def test_delay_longer_than_the_sequence_is_zero() -> None:
    assert signal_values(parse_signal("delay(x[1], 9)"), np.ones((2, 4, 1))).tolist() == [[0] * 4] * 2


def test_evaluate_leaves_its_input_alone() -> None:
    x = np.ones((3, 1))
    signal_values(parse_signal("x[1]"), x)[:] = 7
    assert (x == 1).all()


def test_evaluate_names_the_index_that_is_too_large() -> None:
    with pytest.raises(ValueError, match=r"x has 2 elements a step; the signal reads x\[3\]"):
        signal_values(parse_signal("x[3]"), np.ones((4, 2)))
