"""What a network function earns by what came of each instance, with its results written down."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.code.judge import _outputs, judge
from grader.kinds.code.question import CodeParams, runner, trials
from grader.model.evidence import tried_on
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.run import CallReading, Fault
from grader.model.value import Items, Nothing, Value
from grader.networks.library import library_network

HALF = Fraction(1, 2)
ELMAN: dict[str, Any] = msgspec.to_builtins(library_network("library/elman").network)
SIZES = [
    {"T": 1, "n_in": 2, "n_h": 3, "n_out": 2},
    {"T": 5, "n_in": 4, "n_h": 3, "n_out": 2},
]
PARAMS = msgspec.convert({"function": "net", "network": ELMAN, "sizes": SIZES}, CodeParams)
TRIALS = trials(PARAMS)
COUNT = len(TRIALS)
ONE_OUTPUT = {at for at, one in enumerate(TRIALS) if one.instance.sizes["n_out"] == 1}
STEPS = [one.instance.sizes["T"] for one in TRIALS]
MANY = [at for at in range(COUNT) if STEPS[at] > 1]
EVERY = range(COUNT)
FAULT = Fault(kind="exception", message="ValueError: no.")


def reading(at: int, how: str = "right", params: CodeParams = PARAMS) -> CallReading:
    """What both calls on an instance give."""
    tried = trials(params)[at]
    right = [from_numpy(one[:, 0]) for one in tried.expected]
    wrong = [from_numpy(one[:, 0] + 1) for one in tried.expected]
    late = [np.concatenate([one[:1, 0], one[1:, 0] + 1]) for one in tried.expected]
    hidden = from_numpy(np.zeros((len(tried.expected[0]), tried.instance.sizes["n_h"])))
    results: dict[str, tuple[Value, ...]] = {
        "right": (returned(right),) * 2,
        "wrong": (returned(wrong),) * 2,
        "late": (returned([from_numpy(one) for one in late]),) * 2,
        "kept": (returned(right), returned(wrong)),
        "none": (Nothing(),),
        "pair": (Items((*right, hidden)),) * 2,
        "three": (Items((*right, hidden, hidden)),) * 2,
        "fails": (),
        "fails again": (returned(right),),
        "nothing": (),
    }
    return CallReading(results=results[how], fault=FAULT if how.startswith("fails") else None)


def returned(values: list[Any]) -> Value:
    return values[0] if len(values) == 1 else Items(tuple(values))


def judged(how: dict[int, str], params: CodeParams = PARAMS) -> Outcome:
    calls = [reading(at, how.get(at, "right"), params) for at in range(len(trials(params)))]
    return judge(params, Answer(calls=tuple(calls))).outcome


def earned(how: dict[int, str], params: CodeParams = PARAMS) -> tuple[Fraction, list[str]]:
    outcome = judged(how, params)
    return outcome.fraction, [one.code for one in outcome.feedback]


def test_instances_with_one_output_are_a_few_of_many() -> None:
    assert 3 <= len(ONE_OUTPUT) < COUNT - 3
    assert STEPS[0] == 1 < STEPS[1]


def test_right_everywhere_earns_all() -> None:
    outcome = judged({})
    assert (outcome.fraction, outcome.feedback, outcome.basis) == (1, (), tried_on(COUNT))
    (evidence,) = outcome.evidence
    assert (evidence.instances, evidence.instances_right) == (COUNT, COUNT)
    assert evidence.counterexample is msgspec.UNSET


@pytest.mark.parametrize("at", EVERY)
def test_one_instance_that_is_wrong_costs_all_and_is_shown(at: int) -> None:
    outcome = judged({at: "wrong"})
    assert (outcome.fraction, [one.code for one in outcome.feedback]) == (0, ["counterexample"])
    (evidence,) = outcome.evidence
    assert evidence.instances_right == COUNT - 1
    assert evidence.counterexample.sizes == TRIALS[at].instance.sizes
    assert f"With {TRIALS[at].title}: y" in outcome.feedback[0].message


@pytest.mark.parametrize(
    ("how", "share", "codes"),
    [
        ({3: "kept"}, HALF, ["keeps-state"]),
        (dict.fromkeys(EVERY, "kept"), HALF, ["keeps-state"]),
        ({3: "kept", 5: "wrong"}, 0, ["keeps-state"]),
        ({3: "wrong", 5: "kept"}, 0, ["counterexample"]),
        ({3: "kept", 5: "fails"}, 0, ["keeps-state", "exception", "ran-on"]),
        ({3: "fails"}, 0, ["exception", "ran-on"]),
        ({3: "fails again"}, 0, ["exception", "ran-on"]),
        ({3: "nothing"}, 0, ["not-run", "ran-on"]),
        ({3: "none"}, 0, ["returns-none"]),
        ({3: "wrong", 5: "fails", 7: "nothing"}, 0, ["counterexample", "exception", "ran-on"]),
        ({3: "fails", 5: "wrong"}, 0, ["exception", "ran-on"]),
        # The first step is right every time.
        (dict.fromkeys(MANY, "late"), 0, ["counterexample", "recurrence"]),
        ({MANY[1]: "late"}, 0, ["counterexample", "recurrence"]),
        ({MANY[1]: "late", MANY[2]: "wrong"}, 0, ["counterexample"]),
        ({MANY[1]: "wrong", MANY[2]: "late"}, 0, ["counterexample"]),
        ({MANY[1]: "kept", MANY[2]: "late"}, 0, ["keeps-state"]),
        ({MANY[1]: "late", MANY[2]: "fails"}, 0, ["counterexample", "recurrence", "exception", "ran-on"]),
        # Half for one output, where it is right for no network with more.
        ({at: "wrong" for at in EVERY if at not in ONE_OUTPUT}, HALF, ["counterexample", "one-output"]),
        ({at: "fails" for at in EVERY if at not in ONE_OUTPUT}, HALF, ["exception", "ran-on", "one-output"]),
        ({at: "kept" for at in EVERY if at not in ONE_OUTPUT}, HALF, ["keeps-state", "one-output"]),
        (dict.fromkeys(ONE_OUTPUT, "wrong"), 0, ["counterexample"]),
        (dict.fromkeys(EVERY, "wrong"), 0, ["counterexample"]),
        (dict.fromkeys(EVERY, "pair"), 1, ["returns-pair"]),
        ({4: "pair"}, 1, ["returns-pair"]),
    ],
)
def test_what_came_of_all_instances_decides(how: dict[int, str], share: Fraction, codes: list[str]) -> None:
    assert earned(how) == (share, codes)


@pytest.mark.parametrize("at", EVERY)
def test_one_output_earns_half_only_where_it_is_right_for_all_of_these_and_no_other(at: int) -> None:
    for_one = {other: "wrong" for other in EVERY if other not in ONE_OUTPUT}
    if at in ONE_OUTPUT:
        assert earned({**for_one, at: "wrong"})[0] == 0
    else:
        assert earned({other: how for other, how in for_one.items() if other != at})[0] == 0


def test_it_is_counted_on_how_many_it_ran() -> None:
    for failing in ({3}, {3, 5}, set(range(1, COUNT))):
        outcome = judged(dict.fromkeys(failing, "fails"))
        said = next(one for one in outcome.feedback if one.code == "ran-on")
        assert said.message == f"It ran on {COUNT - len(failing)} of {COUNT} instances."


def test_what_gives_no_numbers_anywhere_is_unreadable() -> None:
    with pytest.raises(Unreadable) as caught:
        judged(dict.fromkeys(EVERY, "fails"))
    assert caught.value.code == "exception"
    with pytest.raises(Unreadable) as caught:
        judge(PARAMS, Answer(calls=()))
    assert caught.value.code == "not-run"
    few = tuple(reading(at) for at in range(4))
    outcome = judge(PARAMS, Answer(calls=few)).outcome
    assert (outcome.fraction, outcome.evidence[0].instances_right) == (0, 4)
    assert [one.code for one in outcome.feedback] == ["not-run", "ran-on"]


@pytest.mark.parametrize(
    ("returns", "how", "words"),
    [
        ([], "pair", "It returns a pair; only y was asked, so the first of the two was read."),
        ([], "three", "It returns 3 values; only y was asked, so the first was read."),
        (["y", "y"], "pair", "It returns 3 values; only y and y were asked, so the first 2 were read."),
        (["y", "y"], "three", "It returns 4 values; only y and y were asked, so the first 2 were read."),
    ],
)
def test_what_comes_along_unasked_is_told(returns: list[str], how: str, words: str) -> None:
    table = {"function": "net", "network": ELMAN, "sizes": SIZES, "returns": returns}
    outcome = judged({COUNT - 1: how, 0: "pair"}, msgspec.convert(table, CodeParams))
    assert outcome.fraction == 1
    (said,) = outcome.feedback
    assert (said.code, said.message) == ("returns-pair", words)


SOFT = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_h x n_in", "V": "n_out x n_h"},
    "equations": ["h(t) = tanh(U @ x(t) + h(t-1))", "y(t) = softmax(V @ h(t))"],
}


def test_a_softmax_of_one_entry_shows_nothing() -> None:
    params = msgspec.convert({"function": "net", "network": SOFT}, CodeParams)
    tried = trials(params)
    assert all((one.expected[0] == 1).all() for one in tried if one.instance.sizes["n_out"] == 1)
    wrong = {at: "wrong" for at, one in enumerate(tried) if one.instance.sizes["n_out"] > 1}
    assert 0 < len(wrong) < len(tried)
    assert earned(wrong, params)[0] == 0


def test_outputs_of_two_values_show_what_a_network_computes() -> None:
    steps = {**SOFT, "equations": [SOFT["equations"][0], "y(t) = step(V @ h(t))"]}
    params = msgspec.convert({"function": "net", "network": steps}, CodeParams)
    tried = trials(params)
    ones = [one.expected[0] for one in tried if one.instance.sizes["n_out"] == 1]
    assert {float(number) for one in ones for number in one.flat} == {0.0, 1.0}
    wrong = {at: "wrong" for at, one in enumerate(tried) if one.instance.sizes["n_out"] > 1}
    assert earned(wrong, params)[0] == HALF


@pytest.mark.parametrize(
    ("network", "returns", "axis"),
    [
        (ELMAN, [], "n_out"),
        (ELMAN, ["y: T x n_out", "h: T x n_h"], None),
        (ELMAN, ["h: T x n_h"], "n_h"),
        (SOFT, [], "n_out"),
        # The only variable, a number, a size of its own name that others have too, and one that is no name.
        ({**SOFT, "parameters": {"U": "n_h x n_in"}, "equations": SOFT["equations"][:1]}, [], None),
        ({**SOFT, "parameters": {"U": "n_h x n_in", "V": "n_h"},
          "equations": [SOFT["equations"][0], "y(t) = V @ h(t)"]}, [], None),
        ({**SOFT, "parameters": {"U": "n_h x n_in", "V": "n_h x n_h"}}, [], None),
        ({**SOFT, "parameters": {"U": "n_h x n_in", "V": "2 x n_h"}}, [], None),
        ({**SOFT, "parameters": {"U": "n_h x n_in", "V": "n_h + n_out x n_h"}}, [], None),
    ],
)  # fmt: skip
def test_outputs_have_a_size_of_their_own(
    network: dict[str, Any], returns: list[str], axis: str | None
) -> None:
    params = msgspec.convert({"function": "net", "network": network, "returns": returns}, CodeParams)
    assert _outputs(runner(params)) == axis
