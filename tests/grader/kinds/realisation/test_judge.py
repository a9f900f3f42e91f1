"""What a function may return: networks in irrational bases, with symbols, and what only looks like one."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest
import sympy

from grader.kinds.realisation import judge as check
from grader.kinds.realisation.diagnose import diagnose
from grader.kinds.realisation.question import NetworkSizes, RealisationParams, instances
from grader.model.kind import Answer
from grader.model.run import CallReading, Fault
from grader.model.value import Items, Value
from grader.sandbox.inside.scalars import symbolic

PARAMS = RealisationParams(
    sizes=tuple(NetworkSizes(states=n, inputs=m, outputs=p) for n, m, p in ((1, 1, 1), (2, 3, 4)))
)
Matrices = tuple[Any, Any, Any, Any]


def plain(matrix: Any) -> Value:
    rows = matrix.tolist()
    return Items(tuple(Items(tuple(msgspec.convert(symbolic(x), Value) for x in row)) for row in rows))


def stacked(s0: Any, Wssx: Any, Wox: Any) -> Matrices:
    """State [s; x_t]: right for every RNN-B."""
    n, m = len(s0), Wssx.shape[1] - len(s0)
    whole = [sympy.Matrix(part).applyfunc(sympy.Rational) for part in (Wssx[:, :n], Wssx[:, n:], Wox)]
    return (
        sympy.Matrix([*map(sympy.Rational, s0), *[0] * m]),
        sympy.diag(whole[0], sympy.zeros(m)),
        sympy.Matrix.vstack(whole[1], sympy.eye(m)),
        whole[2],
    )


def in_basis(entry: Any, made: Matrices) -> Matrices:
    """T with `entry` on the diagonal and above it: T s, T A T^-1, T B, C T^-1."""
    s0, A, B, C = made
    T = sympy.Matrix(len(s0), len(s0), lambda i, j: entry if j in (i, i + 1) else 0)
    return T * s0, T * A * T.inv(), T * B, C * T.inv()


def called(function: Callable[..., Matrices], params: RealisationParams = PARAMS, times: int = 1) -> Answer:
    calls = []
    for instance in instances(params):
        given = [np.array(part) for part in instance[:3]]
        try:
            results = tuple(Items(tuple(map(plain, function(*given)))) for _ in range(times))
            calls.append(CallReading(results=results))
        except ValueError as error:
            calls.append(CallReading(fault=Fault(kind="exception", message=str(error))))
    return Answer(calls=tuple(calls))


@pytest.mark.parametrize(
    "entry", [sympy.sqrt(2), sympy.Symbol("a"), sympy.Symbol("t_{11}"), 1 + sympy.sqrt(3)]
)
def test_networks_in_a_basis_of_formulas_are_right(entry: Any) -> None:
    answer = called(lambda *given: in_basis(entry, stacked(*given)))
    judgement = check.judge(PARAMS, answer)
    outcome = judgement.outcome
    assert (outcome.verdict, outcome.fraction) == ("correct", 1), outcome.feedback
    assert diagnose(PARAMS, judgement.facts).diagnoses == ()


@pytest.mark.parametrize("entry", [sympy.sqrt(2), sympy.Symbol("a")])
def test_a_formula_in_one_matrix_only_is_wrong(entry: Any) -> None:
    def scaled(*given: Any) -> Matrices:
        s0, A, B, C = stacked(*given)
        return s0, A, B * entry, C

    assert check.judge(PARAMS, called(scaled)).outcome.verdict in ("partial", "incorrect")


def test_a_basis_that_nothing_exact_is_known_of_is_tested_at_values() -> None:
    entry = sympy.exp(sympy.Symbol("a"))
    answer = called(lambda *given: in_basis(entry, stacked(*given)))
    judgement = check.judge(PARAMS, answer)
    outcome = judgement.outcome
    assert (outcome.verdict, outcome.fraction) == ("correct", 1)
    assert diagnose(PARAMS, judgement.facts).diagnoses == ()


def right_for_the_first_only(then: Any) -> Callable[..., Any]:
    """Right for the first network, of one state, where transposing its state weights does no harm."""

    def function(*given: Any) -> Any:
        if len(given[0]) == 1:
            return stacked(*given)
        if then is ValueError:
            raise ValueError("too many")
        s0, A, B, C = stacked(*given)
        return s0, A * then, B, C

    return function


@pytest.mark.parametrize("then", [ValueError, sympy.nan])
def test_what_does_not_run_for_other_sizes_is_no_mistake_of_construction(then: Any) -> None:
    answer = called(right_for_the_first_only(then))
    judgement = check.judge(PARAMS, answer)
    outcome = judgement.outcome
    assert outcome.verdict == "partial"
    found = diagnose(PARAMS, judgement.facts).diagnoses
    assert [one.id for one in found] == ["sizes-written-in"]


def test_a_function_that_keeps_state_is_not_told_that_sizes_are_written_in() -> None:
    """Its second call with the second network is wrong; and so is the first with the third."""
    params = RealisationParams(sizes=(*PARAMS.sizes, NetworkSizes(states=3, inputs=1, outputs=2)))
    seen: list[int] = []

    def counted(*given: Any) -> Matrices:
        seen.append(1)
        s0, A, B, C = stacked(*given)
        return s0, A, B * (1 if len(seen) < 4 else 2), C

    answer = called(counted, params, times=2)
    judgement = check.judge(params, answer)
    outcome = judgement.outcome
    assert "keeps-state" in [one.code for one in outcome.feedback]
    assert diagnose(params, judgement.facts).diagnoses == ()


def calls_of(*per_network: Callable[[Value, Value], CallReading]) -> Answer:
    """For each network what its calls give, made of a right network and a wrong one."""
    calls = []
    for instance, make in zip(instances(PARAMS), per_network, strict=False):
        s0, A, B, C = stacked(*map(np.array, instance[:3]))
        right, wrong = (Items(tuple(map(plain, (s0, A, factor * B, C)))) for factor in (1, 3))
        calls.append(make(right, wrong))
    return Answer(calls=tuple(calls))


def fine(right: Value, _: Value) -> CallReading:
    return CallReading(results=(right, right))


def other_again(right: Value, wrong: Value) -> CallReading:
    return CallReading(results=(right, wrong))


def stops_again(right: Value, _: Value) -> CallReading:
    return CallReading(results=(right,), fault=Fault(kind="exception", message="stopped"))


def stops(_: Value, __: Value) -> CallReading:
    return CallReading(fault=Fault(kind="exception", message="stopped"))


@pytest.mark.parametrize(
    ("first", "second", "earned"),
    [
        (other_again, fine, "0"),
        (fine, other_again, "1/2"),
        (stops_again, fine, "1/2"),
        (fine, stops_again, "1/2"),
        (fine, stops, "1/2"),
    ],
)
def test_half_is_earned_where_the_networks_up_to_there_were_right(first, second, earned) -> None:
    outcome = check.judge(PARAMS, calls_of(first, second, *[fine] * 9)).outcome
    assert outcome.fraction == Fraction(earned)


def test_a_start_state_that_should_show_is_not_told_to_show() -> None:
    """With s0 thrown away nothing shows of it, where the RNN-B's own start state does."""
    answer = called(lambda *given: (stacked(*given)[0] * 0, *stacked(*given)[1:]))
    (told,) = [
        one.message
        for one in check.judge(PARAMS, answer).outcome.feedback
        if one.code == "starts-from-nonzero"
    ]
    assert told == "Without any input g_t[1] is not what is asked: look at the initial state."
