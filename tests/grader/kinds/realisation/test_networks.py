"""The networks that a function is called on, and what is made of each way in which it can fail."""

from __future__ import annotations

import struct
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.errors import Unreadable
from grader.explaining import keeping_failures
from grader.kinds.realisation import judge as check
from grader.kinds.realisation.constructions import CONSTRUCTIONS
from grader.kinds.realisation.question import NetworkSizes, RealisationParams, instances, probes
from grader.model.kind import Answer
from grader.model.run import CallReading, Fault
from grader.model.value import Fields, Items, Number, Text, Value
from reference.equivalence import is_same

ASKED = ((1, 1, 1), (2, 3, 4))


def params_of(*sizes: tuple[int, int, int], **more: Any) -> RealisationParams:
    return RealisationParams(
        sizes=tuple(NetworkSizes(states=n, inputs=m, outputs=p) for n, m, p in sizes), **more
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("asked", [ASKED, ((2, 1, 1),), ((1, 2, 1), (3, 1, 2), (2, 2, 2))])
def test_beside_the_sizes_asked_come_fractions_weights_without_inverse_and_sizes_again(
    asked: Any, seed: int
) -> None:
    networks = instances(params_of(*asked, seed=seed))
    sizes = [(len(one.s0), len(one.Wssx[0]) - len(one.s0), len(one.Wox)) for one in networks]
    assert sizes == [*asked, asked[-1], asked[0], asked[-1], asked[0], asked[0]]
    n = len(asked)
    assert networks[-1] == networks[0]
    assert networks[-2] != networks[0]
    every = [[*one.s0, *(x for row in (*one.Wssx, *one.Wox) for x in row)] for one in networks]
    for at, entries in enumerate(every):
        if at not in (n + 1, n + 2):
            assert 0 not in entries
        assert at == n or all(x.is_integer() for x in entries)
    assert any(not x.is_integer() for x in every[n])
    for one in networks[n + 1 : n + 3]:
        A = np.array(one.Wssx)[:, : len(one.s0)]
        rank = np.linalg.matrix_rank(A)
        assert rank < len(one.s0)
        # The start state comes out of no state before it.
        assert np.linalg.matrix_rank(np.column_stack([A, one.s0])) == rank + 1
    for one in networks:
        states = (tuple(map(Fraction, row)) for row in one.Wssx)
        assert [row[: len(one.s0)] for row in states] == [tuple(row) for row in one.system.A]


@pytest.mark.parametrize("seed", range(6))
def test_every_known_mistake_that_can_show_does(seed: int) -> None:
    for one in instances(params_of((1, 1, 1), (2, 1, 2), seed=seed))[:3]:
        for mistake in CONSTRUCTIONS:
            if len(one.s0) > 1 or not mistake.effect.needs_two_states:
                assert not is_same(mistake.effect.behaves(one.system), one.system), mistake.id


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sizes": []}, "sizes is empty"),
        ({"sizes": [{"states": 0, "inputs": 1, "outputs": 1}]}, "from 1 to 8"),
        ({"sizes": [{"states": 1, "inputs": 9, "outputs": 1}]}, "from 1 to 8"),
        (
            {"sizes": [{"states": 1, "inputs": 1, "outputs": 1}, {"states": 1, "inputs": 1, "outputs": 0}]},
            "from 1 to 8",
        ),
        ({"sizes": [{"states": 8, "inputs": 1, "outputs": 8}]}, None),
        ({"sizes": [{"states": 1, "inputs": 1}]}, "outputs"),
        ({"sizes": [{"states": 1, "inputs": 1, "outputs": 1, "more": 1}]}, "more"),
        ({"function": "to rnn"}, "must be a Python name"),
        ({"kind": 1}, "kind"),
    ],
)
def test_what_can_be_asked(changed: Any, said: str | None) -> None:
    table = {"sizes": [{"states": 1, "inputs": 1, "outputs": 1}], **changed}
    if said is None:
        msgspec.convert(table, RealisationParams)
    else:
        with pytest.raises(msgspec.ValidationError, match=said):
            msgspec.convert(table, RealisationParams)


def test_each_network_is_handed_over_twice_as_arrays() -> None:
    params = params_of(*ASKED)
    for call, one in zip(probes(params), instances(params), strict=True):
        assert (call.times, call.is_independent) == (2, True)
        for array, wanted in zip(call.args, one[:3], strict=True):
            assert array.shape == np.shape(wanted)
            numbers = struct.unpack(f"<{int(np.prod(array.shape))}d", array.data)
            assert np.array(numbers).reshape(array.shape).tolist() == np.array(wanted).tolist()


def numbers(matrix: Any) -> Value:
    return Items(
        tuple(Items(tuple(Number(str(float(x)), "float") for x in row)) for row in np.atleast_2d(matrix))
    )


def right_for(one: Any, factor: float = 1.0) -> Value:
    """The state [s; x]: A = diag(A_s, 0), B = [A_x; 1], C = W_ox."""
    n, m = len(one.s0), len(one.Wssx[0]) - len(one.s0)
    W = np.array(one.Wssx)
    A = np.block([[W[:, :n], np.zeros((n, m))], [np.zeros((m, n + m))]])
    made = (
        np.array([*one.s0, *[0.0] * m])[:, None],
        A,
        np.vstack([W[:, n:], np.eye(m)]),
        factor * np.array(one.Wox),
    )
    return Items(tuple(map(numbers, made)))


PARAMS = params_of(*ASKED)
FAULT = Fault(kind="exception", message="stopped", where="line 3")


def answer_of(changed: dict[int, Callable[[Any], CallReading]]) -> Answer:
    calls = []
    for at, one in enumerate(instances(PARAMS)):
        fine = right_for(one)
        calls.append(changed[at](one) if at in changed else CallReading(results=(fine, fine)))
    return Answer(calls=tuple(calls))


def test_all_networks_right_is_right() -> None:
    outcome = check.judge(PARAMS, answer_of({})).outcome
    assert (outcome.verdict, outcome.fraction, outcome.basis.code) == ("correct", 1, "tested on 7")
    assert outcome.facts == {"networks_right": 7}


def by_name(one: Any, names: str) -> CallReading:
    found = right_for(one)
    assert isinstance(found, Items)
    fields = dict(zip(names.split(), found.items, strict=True))
    return CallReading(results=(Fields({**fields, "more": Text("x")}),) * 2)


@pytest.mark.parametrize("names", ["s0 Wss Wsx Wo", "s_0 W_ss W_sx W_o", "s0 Wss W_sx Wo"])
def test_weights_may_be_returned_by_name(names: str) -> None:
    def named(one: Any) -> CallReading:
        return by_name(one, names)

    assert check.judge(PARAMS, answer_of({0: named, 3: named})).outcome.fraction == 1


@pytest.mark.parametrize("changed", [lambda x: np.clip(x, -3, 3), lambda x: np.clip(x, -10, 10)])
@pytest.mark.parametrize("name", ["s0", "Wssx", "Wox"])
@pytest.mark.parametrize("seed", range(3))
def test_an_argument_that_is_changed_first_shows(seed: int, name: str, changed: Callable[[Any], Any]) -> None:
    params = params_of(*ASKED, seed=seed)
    found = [
        right_for(one._replace(**{name: changed(np.array(getattr(one, name))).astype(float).tolist()}))
        for one in instances(params)
    ]
    answer = Answer(calls=tuple(CallReading(results=(one, one)) for one in found))
    assert check.judge(params, answer).outcome.fraction < 1


FAILURES: dict[str, tuple[Callable[[Any], CallReading], str, str]] = {
    "stops": (
        lambda one: CallReading(fault=FAULT),
        "does-not-run-exception",
        "line 3: stopped (called with ",
    ),
    "nothing": (lambda one: CallReading(), "does-not-run-protocol", "nothing came back (called with "),
    "no network": (lambda one: CallReading(results=(Text("x"),) * 2), "not-a-network", "For an RNN-B of "),
    "three": (
        lambda one: CallReading(results=(Items(right_for(one).items[:3]),) * 2),
        "not-a-network",
        "return (s0, Wss, Wsx, Wo)",
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_first_network_that_fails_is_unreadable_and_a_later_one_earns_half(failure: str) -> None:
    make, code, message = FAILURES[failure]
    with pytest.raises(Unreadable) as told:
        check.judge(PARAMS, answer_of({0: make}))
    assert told.value.code == code
    assert message in str(told.value)
    assert "1 state, 1 input, 1 output" in str(told.value)
    later = check.judge(PARAMS, answer_of({1: make})).outcome
    assert (later.fraction, later.basis.code) == (Fraction(1, 2), "proved")
    assert later.basis.of == "answer"
    assert (later.feedback[0].code, len(later.feedback)) == (code, 1)
    assert message in later.feedback[0].message
    assert "2 states, 3 inputs, 4 outputs" in later.feedback[0].message
    (evidence,) = later.evidence
    second = instances(PARAMS)[1]
    assert evidence.facts()["network"] == {
        "s0": list(second.s0),
        "Wssx": [list(row) for row in second.Wssx],
        "Wox": [list(row) for row in second.Wox],
    }


@pytest.mark.parametrize("at", [0, 1])
def test_only_a_second_call_that_is_wrong_keeps_state(at: int) -> None:
    cases = {
        "same": lambda one: (right_for(one), right_for(one)),
        "another right one": lambda one: (right_for(one), by_name(one, "s0 Wss Wsx Wo").results[0]),
        "wrong": lambda one: (right_for(one), right_for(one, 2.0)),
        "unreadable": lambda one: (right_for(one), Text("x")),
    }
    for name, make in cases.items():

        def call(one: Any, make: Any = make) -> CallReading:
            return CallReading(results=make(one))

        if name == "unreadable" and at == 0:
            with pytest.raises(Unreadable):
                check.judge(PARAMS, answer_of({at: call}))
            continue
        judgement = check.judge(PARAMS, answer_of({at: call}))
        is_right = name in ("same", "another right one")
        assert judgement.outcome.fraction == (1 if is_right else Fraction(at, 2))
        assert judgement.facts.keeps_state is (name == "wrong")
        codes = [one.code for one in judgement.outcome.feedback]
        assert ("keeps-state" in codes) is (name == "wrong")
        assert len(judgement.facts.networks) == 7


@pytest.mark.parametrize("at", [0, 1])
def test_a_second_call_that_stops_costs_half_whichever_network(at: int) -> None:
    def call(one: Any) -> CallReading:
        return CallReading(results=(right_for(one),), fault=FAULT)

    outcome = check.judge(PARAMS, answer_of({at: call})).outcome
    assert outcome.fraction == Fraction(1, 2)
    assert "called a second time with the same" in outcome.feedback[0].message
    assert outcome.feedback[0].message.startswith("line 3: stopped (")


def test_a_network_that_differs_earns_by_its_outputs_and_shows_them() -> None:
    """Twice the output weights: every output is wrong, whatever comes in."""
    outcome = check.judge(
        PARAMS, answer_of({1: lambda one: CallReading(results=(right_for(one, 2.0),) * 2)})
    ).outcome
    assert (outcome.verdict, outcome.fraction, outcome.basis.of) == ("incorrect", 0, "inputs")
    assert outcome.feedback[0].message.startswith(
        "The RNN-A returned for an RNN-B of 2 states, 3 inputs, 4 outputs does something else."
    )
    assert len(outcome.evidence) == 2


@pytest.mark.fails_to_explain
@pytest.mark.parametrize("broken", ["feedback", "evidence"])
def test_a_mark_stands_whatever_fails_to_be_said(monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    def fails(*given: Any) -> Any:
        raise ArithmeticError

    monkeypatch.setattr(check, broken, fails)
    with keeping_failures() as failures:
        wrong = answer_of({1: lambda one: CallReading(results=(right_for(one, 2.0),) * 2)})
        outcome = check.judge(PARAMS, wrong).outcome
    assert (len(failures), outcome.fraction) == (1, 0)
    assert (outcome.feedback[0].code == "other-network") is (broken == "feedback")
    assert len(outcome.evidence) == (1 if broken == "evidence" else 2)
    assert outcome.feedback[0].message.rstrip() == outcome.feedback[0].message
