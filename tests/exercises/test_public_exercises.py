"""Exercises on recurrent networks that others have published with their numbers, posed as hand traces.

The numbers are theirs; where a published figure is not the right rounding, that is said and the mark is what
it should be. Each is marked right in the published form, and wrong answers are marked wrong.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import msgspec
import pytest

from grader.kinds.trace import KIND
from grader.kinds.trace.diagnose import diagnose
from grader.kinds.trace.question import TraceParams
from grader.model.kind import Answer
from grader.model.value import Items, Number, Value
from grader.networks.library import library_network

VANILLA = {
    "inputs": {"x": "n_in"},
    "parameters": {"Wx": "n_h x n_in", "Wh": "n_h x n_h", "b": "n_h"},
    "equations": ["h(t) = tanh(Wx @ x(t) + Wh @ h(t-1) + b)"],
    "start": {"h": "h0"},
}
ONE_NUMBER_FOR_ALL = {
    "inputs": {"x": "4"},
    "parameters": {"Wxh": "3 x 4", "whh": "number", "bias": "number"},
    "equations": ["h(t) = tanh(Wxh @ x(t) + whh * h(t-1) + bias)"],
}
RELU = {
    "inputs": {"x": "number"},
    "parameters": {"A": "n x n", "B": "n", "C": "n_out x n"},
    "equations": ["h(t) = relu(A @ h(t-1) + B * x(t))", "y(t) = C @ h(t)"],
}
# One weight matrix a gate, over input and state; (1 - z) goes with the old state.
STACKED_GRU = {
    "inputs": {"x": "n_in"},
    "parameters": {"W_z": "n_h x n_in + n_h", "W_r": "n_h x n_in + n_h", "W_h": "n_h x n_in + n_h"},
    "equations": [
        "z(t) = sigmoid(W_z @ stack(x(t), h(t-1)))",
        "r(t) = sigmoid(W_r @ stack(x(t), h(t-1)))",
        "h_hat(t) = tanh(W_h @ stack(x(t), r(t) * h(t-1)))",
        "h(t) = (1 - z(t)) * h(t-1) + z(t) * h_hat(t)",
    ],
}
LAST_STATE = {
    "inputs": {"x": "n_in"},
    "parameters": {"Wx": "n_h x n_in", "Wh": "n_h x n_h", "b": "n_h"},
    "equations": ["h(t) = tanh(Wx @ x(t) + Wh @ h(t-1) + b)", "final = 1 * h(T)"],
}
TRANSPOSED = {
    "inputs": {"x": "number"},
    "parameters": {"Ws": "n x n", "wx": "n", "b": "n", "Wo": "n x k", "bo": "k"},
    "equations": ["state(t) = tanh(state(t-1) @ Ws + x(t) * wx + b)", "out(t) = state(t) @ Wo + bo"],
}


class Published(NamedTuple):
    """An exercise with its published numbers.

    Args:
        source: Who published it, and where.
        check: The question.
        right: Handed in, this earns the first fraction beside it.
        wrong: Answers with the fractions that they earn before slip credit, and mistakes that may be named.
    """

    source: str
    check: dict[str, Any]
    right: tuple[tuple[dict[str, Any], Fraction], ...]
    wrong: tuple[tuple[dict[str, Any], Fraction, str], ...]


ALL, NONE = Fraction(1), Fraction(0)
NTU = {
    "x": [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]],
    "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
    "V": [[2.0], [-1.5]],
    "b": [0.2, 0.2],
    "c": [0.5],
}
GOMEZ = {
    "x": [[1, 2], [0.5, 3]],
    "Wg": [[0.45, 0.25]], "Ug": 0.15, "bg": 0.2,
    "Wi": [[0.95, 0.8]], "Ui": 0.8, "bi": 0.65,
    "Wf": [[0.7, 0.45]], "Uf": 0.1, "bf": 0.15,
    "Wo": [[0.6, 0.4]], "Uo": 0.25, "bo": 0.1,
}  # fmt: skip

EXERCISES = {
    "elman by hand": Published(
        "NTU CE/CZ4042, Tutorial 8, question 1(a)",
        {"network": "elman", "values": {**NTU, "W": [[2.0, 1.3], [1.5, 0.0]]}, "asked": ["y"]},
        (({"y": [0.27, 0.73, 0.94, 0.11], "h": [[0, 0.99], [0.99, 1], [1, -0.21], [-0.54, 0.98]]}, ALL),),
        (({"y": [0.27, 0.73, 0.93, 0.17]}, Fraction(1, 2), "w-not-transposed"),),
    ),
    "jordan by hand": Published(
        "NTU CE/CZ4042, Tutorial 8, question 1(b)",
        {"network": "jordan", "values": {**NTU, "W": [[2.0, 1.3]]}, "asked": ["y"]},
        (({"y": [0.27, 0.71, 0.96, 0.16]}, ALL), ({"y": [0.27, 0.71, 0.96, 0.15]}, ALL)),
        (({"y": [0.27, 0.67, 0.98, 0.07]}, Fraction(1, 4), "no-recurrence"),),
    ),
    "lstm of one unit": Published(
        "Aidan Gomez, Backpropogating an LSTM: A Numerical Example, 2016 (blog.aidangomez.ca): forward pass",
        {"network": "lstm", "values": GOMEZ, "asked": ["h", "c"], "places": 4},
        (
            ({"h": [0.53631, 0.77198], "c": [0.78572, 1.5176]}, ALL),
            (
                {
                    "g": [0.81775, 0.84980],
                    "i": [0.96083, 0.98118],
                    "f": [0.85195, 0.87030],
                    "o": [0.81757, 0.84993],
                    "c": [[0.78572], [1.5176]],
                    "h": [[0.53631], [0.77198]],
                },
                ALL,
            ),
        ),
        (
            # h(t) = o c, the tanh left out: 0.81757 * 0.78572 = 0.6424 and so on.
            ({"h": [0.6424, 1.2905], "c": [0.7857, 1.5176]}, Fraction(1, 2), ""),
            ({"h": [0.5, 0.5], "c": [0.5, 0.5]}, NONE, ""),
        ),
    ),
    "one weight for all units": Published(
        "Analytics Vidhya, Introduction to Recurrent Neural Networks, 2017: the word hello, letter by letter",
        {
            "network": ONE_NUMBER_FOR_ALL,
            "values": {
                "x": [[1, 0, 0, 0], [0, 1, 0, 0]],
                "Wxh": [
                    [0.287027, 0.84606, 0.572392, 0.486813],
                    [0.902874, 0.871522, 0.691079, 0.18998],
                    [0.537524, 0.09224, 0.558159, 0.491528],
                ],
                "whh": 0.427043,
                "bias": 0.567001,
            },
            "places": 5,
        },
        (({"h": [[0.693168, 0.899554, 0.802118], [0.936534, 0.949104, 0.762341]]}, ALL),),
        # The second letter without what the first one left: tanh(0.84606 + 0.567001) and so on.
        (({"h": [[0.69317, 0.89955, 0.80212], [0.88822, 0.89335, 0.57766]]}, Fraction(1, 2), ""),),
    ),
    "relu by hand": Published(
        "Tom Yeh, AI by Hand: RNN, as worked out in a question on stackexchange: y1 = 3, y2 = 16",
        {
            "network": RELU,
            "values": {"x": [3, 4], "A": [[1, -1], [1, 1]], "B": [1, 2], "C": [[-1, 1]]},
            "asked": ["y"],
            "places": 0,
        },
        (({"y": [3, 16]}, ALL), ({"y": [3, 16], "h": [[3, 6], [1, 17]]}, ALL)),
        (
            # A slip in h(1) costs its own step: from (3, 5), h(2) = (4 - 2, 8 + 8) and y = 2, 14.
            ({"y": [2, 14], "h": [[3, 5], [2, 16]]}, Fraction(1, 2), ""),
            ({"y": [3, 4]}, Fraction(1, 2), ""),
        ),
    ),
    "gru step": Published(
        "click4ai, problem GRU Cell: z = (0.599, 0.587), r = (0.599, 0.611), h_hat = (0.500, 0.337), "
        "h = (0.300, 0.198). tanh 0.35 is 0.336",
        {
            "network": STACKED_GRU,
            "values": {
                "x": [[1.0, 0.5]],
                "W_z": [[0.3, 0.2, 0.1, 0.4], [0.1, 0.5, 0.3, 0.2]],
                "W_r": [[0.2, 0.4, 0.3, 0.1], [0.4, 0.1, 0.2, 0.3]],
                "W_h": [[0.5, 0.1, 0.2, 0.3], [0.2, 0.3, 0.4, 0.1]],
            },
            "asked": ["h"],
            "places": 3,
        },
        (
            ({"h": [0.300, 0.197], "z": [0.599, 0.587], "h_hat": [[0.500, 0.336]]}, ALL),
            ({"h": [[0.300], [0.197]], "r": [0.599, 0.611]}, ALL),
            # As published: 0.587 of 0.33638 is 0.1975 to four places, and that may be written 0.198.
            ({"h": [0.300, 0.198]}, ALL),
        ),
        (({"h": [0.201, 0.139]}, NONE, ""),),
    ),
    "one unit from a start value": Published(
        "AyanPaul2210, Deep-Learning-Tutorial (github.com): h1 = 0.753, h2 = 0.809, h3 = 0.708. "
        "The exact ones are 0.8098 and 0.7087: they are cut off",
        {
            "network": VANILLA,
            "values": {"x": [0.7, 0.5, 0.2], "Wx": 0.9, "Wh": 0.5, "b": 0.3, "h0": 0.1},
            "places": 3,
        },
        (
            ({"h": [0.753, 0.810, 0.709]}, ALL),
            # As published.
            ({"h": [0.753, 0.809, 0.708]}, Fraction(2, 3)),
        ),
        # tanh 0.884 is 0.708: the third follows from the second.
        (({"h": [0.735, 0.808, 0.708]}, Fraction(1, 3), ""), ({"h": [0.5, 0.5, 0.5]}, NONE, "")),
    ),
    "state after the last step": Published(
        "Deep-ML and ai.adomicarts.com, problem A Simple RNN Cell: 0.9759",
        {
            "network": LAST_STATE,
            "values": {"x": [[1.0], [2.0], [3.0]], "Wx": [[0.5]], "Wh": [[0.8]], "b": [0.0]},
            "asked": ["final"],
            "places": 4,
        },
        (({"final": [0.9759]}, ALL), ({"final": 0.9759}, ALL)),
        (({"final": [0.9052]}, NONE, ""), ({"final": [0.5]}, NONE, "")),
    ),
    "two units, rows times matrices": Published(
        "Zheng and others, TensorFlow (in Chinese), 2017, section 8.1: states and outputs for 1 and 2",
        {
            "network": TRANSPOSED,
            "values": {
                "x": [1, 2],
                "Ws": [[0.1, 0.2], [0.3, 0.4]],
                "wx": [0.5, 0.6],
                "b": [0.1, -0.1],
                "Wo": [[1.0], [2.0]],
                "bo": [0.1],
            },
            "asked": ["state", "out"],
            "places": 5,
        },
        (
            (
                {
                    "state": [[0.53704957, 0.46211716], [0.85973818, 0.88366641]],
                    "out": [[1.56128388], [2.72707101]],
                },
                ALL,
            ),
        ),
        # Ws by columns in place of rows.
        (
            (
                {"state": [[0.53705, 0.46212], [0.84915, 0.89022]], "out": [1.56128, 2.72959]},
                Fraction(3, 4),
                "",
            ),
        ),
    ),
}


def question(check: dict[str, Any]) -> TraceParams:
    network = check["network"]
    table = library_network(f"library/{network}").network if isinstance(network, str) else network
    return msgspec.convert({**check, "network": table}, TraceParams)


def plain(value: Any) -> Value:
    if isinstance(value, list):
        return Items(tuple(map(plain, value)))
    return Number(repr(value), type(value).__name__)


def answered(fields: dict[str, Any]) -> Answer:
    return Answer(fields={name: plain(value) for name, value in fields.items()})


@pytest.mark.parametrize("title", EXERCISES)
def test_published_numbers_earn_what_they_should(title: str) -> None:
    one = EXERCISES[title]
    for fields, fraction in one.right:
        assert KIND.judge(question(one.check), answered(fields)).outcome.fraction == fraction, fields


@pytest.mark.parametrize("title", EXERCISES)
def test_wrong_answers_to_published_exercises_are_wrong(title: str) -> None:
    one = EXERCISES[title]
    params = question(one.check)
    for fields, fraction, mistake in one.wrong:
        judgement = KIND.judge(params, answered(fields))
        assert judgement.outcome.fraction == fraction, fields
        found = [diagnosis.id for diagnosis in diagnose(params, judgement.facts).diagnoses]
        assert not mistake or mistake in found
