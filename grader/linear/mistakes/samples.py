"""Five questions and right answers, from which the mistakes' examples are made by small changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from grader.networks.equations.declaration import NetworkTable

# Weights as a student would write them, after the question they answer.
Sample: TypeAlias = tuple[Mapping[str, Any], Mapping[str, Any]]

# MIT 6.390 recitation 8: 1(b)i and 1(c)ii.
X1_AND_SUM: dict[str, Any] = {
    "structure": "rnn-a",
    "inputs": 3,
    "state_size": 2,
    "target": ("x[1]", "0", "0", "cumsum(x[1] + x[2] + x[3])"),
}
ALL_AND_SUM: dict[str, Any] = {
    "structure": "rnn-b",
    "inputs": 3,
    "state_size": 2,
    "target": ("x[1]", "x[2]", "x[3]", "cumsum(x[1] + x[2] + x[3])"),
}
RIGHT_A: dict[str, Any] = {
    "s0": [0, 0],
    "Wss": [[0, 0], [0, 1]],
    "Wsx": [[1, 0, 0], [1, 1, 1]],
    "Wo": [[1, 0], [0, 0], [0, 0], [0, 1]],
}
RIGHT_B: dict[str, Any] = {
    "s0": [0, 0],
    "Wssx": [[1, 0, 1, 1, 1], [0, 0, 0, 0, 0]],
    "Wox": [[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0]],
}
# A third question, whose memory is not a sum: three equal coefficients, then nothing.
WINDOW: dict[str, Any] = {
    "structure": "rnn-a",
    "inputs": 1,
    "state_size": 3,
    "target": ("x[1] + 2 * delay(x[1], 1) + 3 * delay(x[1], 2)",),
}
RIGHT_WINDOW: dict[str, Any] = {
    "s0": [0, 0, 0],
    "Wss": [[0, 0, 0], [1, 0, 0], [0, 1, 0]],
    "Wsx": [[1], [0], [0]],
    "Wo": [[1, 2, 3]],
}
# A fourth, whose memory decays.
LEAKY: dict[str, Any] = {
    "structure": "rnn-a",
    "inputs": 1,
    "state_size": 1,
    "target": ("decay(x[1], 0.75)",),
}
RIGHT_LEAKY: dict[str, Any] = {"s0": [0], "Wss": [[0.75]], "Wsx": [[1]], "Wo": [[1]]}
# A fifth, with biases: the sum and two more, and the sum itself.
BIASED: dict[str, Any] = {
    "network": NetworkTable(
        inputs={"x": "m"},
        parameters={"Wss": "n x n", "Wsx": "n x m", "bs": "n", "Wo": "p x n", "bo": "p", "s0": "n"},
        equations=("s(t) = Wss @ s(t-1) + Wsx @ x(t) + bs", "g(t) = Wo @ s(t) + bo"),
        start={"s": "s0"},
    ),
    "inputs": 1,
    "state_size": 1,
    "target": ("cumsum(x[1]) + 2", "cumsum(x[1])"),
}
RIGHT_BIASED: dict[str, Any] = {
    "s0": [0],
    "Wss": [[1]],
    "Wsx": [[1]],
    "bs": [0],
    "Wo": [[1], [1]],
    "bo": [2, 0],
}


def rnn_a(**changed: Any) -> Sample:
    """The right answer to 1(b)i with some weights changed."""
    return X1_AND_SUM, {**RIGHT_A, **changed}


def rnn_b(**changed: Any) -> Sample:
    """The right answer to 1(c)ii with some weights changed."""
    return ALL_AND_SUM, {**RIGHT_B, **changed}


def window(**changed: Any) -> Sample:
    """The right answer to the question with a window, with some weights changed."""
    return WINDOW, {**RIGHT_WINDOW, **changed}


def leaky(**changed: Any) -> Sample:
    """The right answer to the question with a decay, with some weights changed."""
    return LEAKY, {**RIGHT_LEAKY, **changed}


def biased(**changed: Any) -> Sample:
    """The right answer to the question with biases, with some weights changed."""
    return BIASED, {**RIGHT_BIASED, **changed}


def last_row(row: list[Any]) -> list[list[Any]]:
    """Wox of 1(c)ii with another last row."""
    return [*RIGHT_B["Wox"][:3], row]
