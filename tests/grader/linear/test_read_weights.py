"""Weights as they are handed in: which matrix is at fault, and matrices that are written as text."""

from __future__ import annotations

from typing import Any

import pytest

from grader.errors import Unreadable
from grader.linear.reading import LinearSizes, read_weights
from grader.model.value import Text

SIZES = LinearSizes(2, 3, 4)
WSS, WSX, WO = "[0 0; 0 1]", "[1 0 0; 1 1 1]", "[1 0; 0 0; 0 0; 0 1]"


def read(**changed: str) -> Any:
    texts = {"s0": "0 0", "Wss": WSS, "Wsx": WSX, "Wo": WO, **changed}
    return read_weights("rnn-a", SIZES, {name: Text(text) for name, text in texts.items()})


def test_matrices_as_matlab_writes_them_are_read() -> None:
    values = [[[int(x.value) for x in row] for row in rows] for rows in read()]
    assert values == [
        [[0, 0]],
        [[0, 0], [0, 1]],
        [[1, 0, 0], [1, 1, 1]],
        [[1, 0], [0, 0], [0, 0], [0, 1]],
    ]


@pytest.mark.parametrize("name", ["s0", "Wss", "Wsx", "Wo"])
@pytest.mark.parametrize("text", ["zero", "0 0 0 0 0", "[0 0; 0]", "0 | 1", "[", "eye(2)"])
def test_the_weight_that_cannot_be_read_is_the_one_that_is_told(name: str, text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(**{name: text})
    assert refused.value.where == name


@pytest.mark.parametrize("states", [1, None])
def test_a_list_that_holds_the_state_and_one_input_is_a_row(states: int | None) -> None:
    texts = {"s0": "0", "Wssx": "[2, 3]", "Wox": "[5, 7]"}
    weights = read_weights(
        "rnn-b", LinearSizes(states, 1, 1), {name: Text(text) for name, text in texts.items()}
    )
    assert [[[int(x.value) for x in row] for row in rows] for rows in weights] == [[[0]], [[2, 3]], [[5, 7]]]


@pytest.mark.parametrize("states", [2, None])
@pytest.mark.parametrize("half", ["0,5", "0.5", "½", "1/2"])
def test_decimal_commas_in_a_matrix_are_read_whether_its_size_is_known_or_not(
    half: str, states: int | None
) -> None:
    texts = {"s0": "0 0", "Wss": f"{half} 0; 0 1", "Wsx": WSX, "Wo": WO}
    weights = read_weights(
        "rnn-a", LinearSizes(states, 3, 4), {name: Text(text) for name, text in texts.items()}
    )
    assert [[float(x.value) for x in row] for row in weights[1]] == [[0.5, 0], [0, 1]]
