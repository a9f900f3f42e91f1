"""Of which networks no question about weights can be asked, and why."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from grader.linear.arrangement import arrangement
from grader.networks.equations.declaration import NetworkTable

FINE = {
    "inputs": {"u": "m"},
    "parameters": {"F": "n x n", "G": "n x m", "H": "k x n"},
    "equations": ["z(t) = F @ z(t-1) + G @ u(t)", "y(t) = H @ z(t)"],
}


def changed(**table: Any) -> NetworkTable:
    return msgspec.convert({**FINE, **table}, NetworkTable)


def test_a_network_of_one_vector_of_each_kind_can_be_asked_about() -> None:
    found = arrangement(changed())
    assert (found.state, found.into_state, found.from_input) == ("n", "F", "G")
    assert (found.has_start, found.has_direct_path, found.has_biases) == (False, False, False)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"inputs": {"u": "m", "v": "m"}}, "needs one input, which is a vector"),
        (
            {"inputs": {"u": "number"}, "parameters": {"F": "n x n", "g": "n", "H": "k x n"}}
            | {"equations": ["z(t) = F @ z(t-1) + g * u(t)", "y(t) = H @ z(t)"]},
            "needs one input, which is a vector",
        ),
        (
            {"parameters": {"F": "n x n", "G": "n x m", "h": "n"}}
            | {"equations": ["z(t) = F @ z(t-1) + G @ u(t)", "y(t) = h @ z(t)"]},
            "needs one output, which is a vector",
        ),
        (
            {"inputs": {"u": "m + j"}, "parameters": {"F": "n x n", "G": "n x (m + j)", "H": "k x n"}},
            "input and output are a name or a number",
        ),
        (
            {"parameters": {"F": "n x n", "G": "n x m", "H": "(k + m) x n"}},
            "input and output are a name or a number",
        ),
        ({"parameters": {"F": "m x m", "G": "m x m", "H": "k x m"}}, "left for the state is none"),
        ({"parameters": {"F": "n x n", "G": "n x m", "H": "n x n"}}, "left for the state is none"),
        (
            {"parameters": {"F": "n x n", "G": "n x m", "J": "j x n", "H": "k x j"}}
            | {"equations": ["z(t) = F @ z(t-1) + G @ u(t)", "q(t) = J @ z(t)", "y(t) = H @ q(t)"]},
            "left for the state is j, n",
        ),
        (
            {"equations": ["z(t) = F @ z(t-1) + F @ z(t-2) + G @ u(t)", "y(t) = H @ z(t)"]},
            "a network that remembers one vector",
        ),
    ],
)
def test_a_network_that_has_no_one_input_output_and_state_is_refused(
    table: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        arrangement(changed(**table))
