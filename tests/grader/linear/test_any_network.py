"""Weights of any linear network, not of RNN-A and RNN-B only."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import msgspec
import pytest

from grader.errors import Unreadable
from grader.kinds.feasibility.question import FeasibilityParams
from grader.kinds.feasibility.question import asks as feasibility_asks
from grader.kinds.linear_system.diagnose import diagnose
from grader.kinds.linear_system.judge import judge
from grader.kinds.linear_system.question import LinearSystemParams, asks
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.networks.library import library_network

SSM = library_network("library/ssm").network
DIAGONAL = library_network("library/diagonal-ssm").network
SUM_AND_NOW = {"inputs": 2, "target": ["cumsum(x[1] + x[2])", "x[2]"]}
# A sum as a state space model, and the same in the letters of an author.
ACCUMULATOR = {
    "inputs": {"u": "2"},
    "parameters": {"F": "n x n", "G": "n x 2", "H": "2 x n"},
    "equations": ["z(t) = F @ z(t-1) + G @ u(t)", "y(t) = H @ z(t) - u(t)"],
}
Plain = Callable[[Mapping[str, Any]], dict[str, Any]]


def params_of(table: Mapping[str, Any], wanted: type = LinearSystemParams) -> Any:
    return msgspec.convert(table, wanted, dec_hook=lambda kind, value: Fraction(value))


def with_network(network: Any, **table: Any) -> LinearSystemParams:
    return params_of({"network": network, **SUM_AND_NOW, **table})


def outcome(params: LinearSystemParams, weights: dict[str, Any]) -> Outcome:
    return judge(params, Answer(fields=weights)).outcome


def drawn(rng: random.Random) -> dict[str, list[list[Any]]]:
    """Weights that often do what is asked, with a slip or without, as A, B, C, D and s0."""
    scale = rng.choice((1, 2, Fraction(1, 3), 0.5))
    one: dict[str, Any] = {
        "A": [[1]],
        "B": [[scale, scale]],
        "C": [[1 / Fraction(scale)], [0]],
        "D": [[0, 0], [0, 1]],
        "s0": [0],
    }
    if rng.random() < 0.6:
        name = rng.choice("ABCD")
        row = rng.choice(one[name])
        row[rng.randrange(len(row))] += rng.choice((1, -1, 0.25, Fraction(1, 7)))
    if rng.random() < 0.2:
        one["s0"] = [rng.choice((1, -2))]
    return one


@pytest.mark.parametrize("seed", range(40))
def test_a_state_space_model_is_marked_as_the_same_numbers_in_two_matrices(seed: int, plain_fields: Plain):
    one = drawn(random.Random(seed))
    packed = {
        "s0": one["s0"],
        "Wssx": [[*a, *b] for a, b in zip(one["A"], one["B"], strict=True)],
        "Wox": [[*c, *d] for c, d in zip(one["C"], one["D"], strict=True)],
    }
    apart = outcome(with_network(SSM), plain_fields(one))
    known = outcome(params_of({"structure": "rnn-b", **SUM_AND_NOW}), plain_fields(packed))
    assert (apart.verdict, apart.fraction, apart.basis) == (known.verdict, known.fraction, known.basis)
    assert {message.code for message in apart.feedback} == {message.code for message in known.feedback}


@pytest.mark.parametrize("name", ["rnn-a", "rnn-b"])
def test_the_sheets_networks_are_the_same_by_network_and_by_structure(name: str):
    table = library_network(f"library/{name}").network
    target = {"inputs": 1, "target": ["cumsum(x[1])"]}
    by_network, by_structure = (
        params_of({"network": table, **target}),
        params_of({"structure": name, **target}),
    )
    assert by_network.form == by_structure.form == name
    assert asks(by_network) == asks(by_structure)


def test_fields_are_the_authors_own_and_a_fixed_start_is_not_asked():
    params = with_network(ACCUMULATOR, target=["cumsum(x[1])", "x[2]"])
    assert asks(params).fields == ("F", "G", "H")
    assert asks(with_network(SSM)).fields == ("s0", "A", "B", "C", "D")
    assert asks(with_network(SSM, initial_state="zero")).fields == ("A", "B", "C", "D")


ONE_SUM, TWO = [[1, 0, 0], [0, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 0], [0, 0, 0]]
KEPT = [[1, 0], [1, 0], [0, 2]]
READ = [[1, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("weights", "is_right"),
    [
        # y(t) = H z(t) - u(t), so H z(t) is the wanted sum and u_1(t), and twice u_2(t).
        ({"F": ONE_SUM, "G": KEPT, "H": READ}, True),
        ({"F": ONE_SUM, "G": [["k", 0], [1, 0], [0, 4]], "H": [["1/k", 1, 0], [0, 0, "1/2"]]}, True),
        ({"F": TWO, "G": KEPT, "H": READ}, False),
        ({"F": [[0.99, 0, 0], *ONE_SUM[1:]], "G": KEPT, "H": READ}, False),
        ({"F": [[1, 0], [0, 0]], "G": [[1, 0], [0, 2]], "H": [[1, 0], [0, 1]]}, False),
        ({"F": ONE_SUM, "G": KEPT, "H": [["k", 1, 0], [0, 0, 1]]}, False),
    ],
)
def test_any_weights_that_do_it_are_right(weights, is_right: bool, plain_fields: Plain):
    params = with_network(ACCUMULATOR, target=["cumsum(x[1])", "x[2]"])
    assert (outcome(params, plain_fields(weights)).fraction == 1) == is_right


@pytest.mark.parametrize(
    ("weights", "is_right"),
    [
        ({"a": [0], "B": [[1]], "C": [[1]]}, True),
        ({"a": [0], "B": [[3]], "C": [[1 / 3]]}, True),
        ({"a": [0], "B": [["k"]], "C": [["1/k"]]}, True),
        ({"a": [0, 5], "B": [[1], [7]], "C": [[1, 0]]}, True),
        ({"a": [0, 1], "B": [[1], [7]], "C": [[1, 9]]}, True),
        ({"a": [0, "1/2", "1/2"], "B": [[1], [2], [4]], "C": [[1, 1, "-1/2"]]}, True),
        ({"a": [0.5], "B": [[2]], "C": [[1]]}, False),
        ({"a": ["k"], "B": [[1]], "C": [[1]]}, False),
        ({"a": [0, 5], "B": [[1], [7]], "C": [[1, 1]]}, False),
        ({"a": [1], "B": [[1]], "C": [[1]]}, False),
    ],
)
def test_an_entry_may_be_a_polynomial_in_the_weights(weights, is_right: bool, plain_fields: Plain):
    """s(t) = a s(t-1) + (1 - a) B x(t): without memory where a = 0, without input where a = 1."""
    params = params_of({"network": DIAGONAL, "inputs": 1, "target": ["x[1]"]})
    judged = judge(params, Answer(fields=plain_fields(weights)))
    assert (judged.outcome.fraction == 1) == is_right
    if not is_right:
        diagnose(params, judged.facts)


def test_weights_that_fit_no_network_are_told_by_their_own_names(plain_fields: Plain):
    params = with_network(SSM, state_size=1)
    with pytest.raises(Unreadable) as caught:
        outcome(
            params, plain_fields({"s0": [0], "A": [[1]], "B": [[1]], "C": [[1], [0]], "D": [[0, 0], [0, 1]]})
        )
    assert caught.value.where == "B"
    with pytest.raises(Unreadable) as caught:
        outcome(with_network(SSM), plain_fields({"s0": [0], "A": [[1]], "B": [[1, 1]], "C": [[1], [0]]}))
    assert caught.value.message == "D is missing"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"network": library_network("library/elman").network}, "tanh(U.T @ x(t) + W.T @ h(t-1) + b)"),
        ({}, "give one of structure"),
        ({"network": SSM, "structure": "rnn-a"}, "give one of structure"),
        ({"network": {**ACCUMULATOR, "inputs": {"u": "3"},
                      "parameters": {**ACCUMULATOR["parameters"], "G": "n x 3"},
                      "equations": ["z(t) = F @ z(t-1) + G @ u(t)", "y(t) = H @ z(t)"]}}, "the input"),
        ({"network": {**ACCUMULATOR, "start": {"z": "z0"}}}, 'z starts from something else than "s0" or 0'),
        ({"network": ACCUMULATOR, "target": ["x[1] + 1", "0"]}, "without bias"),
        ({"network": {**ACCUMULATOR, "output": ["z", "y"]}}, "needs one output"),
    ],
)  # fmt: skip
def test_a_network_of_which_no_weights_can_be_asked_is_refused(table, said: str):
    with pytest.raises(msgspec.ValidationError) as caught:
        params_of({**SUM_AND_NOW, **table})
    assert said in str(caught.value)


def test_whether_it_is_possible_is_asked_of_free_weights_only():
    table = {"inputs": 1, "target": ["cumsum(x[1])"], "state_size": 1}
    possible = params_of({"network": SSM, **table}, FeasibilityParams)
    assert possible.is_possible
    assert "A" in feasibility_asks(possible).optional
    too_small = {"inputs": 2, "target": ["x[1]", "x[2]"], "state_size": 1}
    no_path = library_network("library/rnn-a").network
    assert not params_of({"network": no_path, **too_small}, FeasibilityParams).is_possible
    assert params_of({"network": SSM, **too_small}, FeasibilityParams).is_possible
    with pytest.raises(msgspec.ValidationError) as caught:
        params_of({"network": DIAGONAL, **table}, FeasibilityParams)
    assert "every entry of A, B, C and D is a weight of its own" in str(caught.value)
