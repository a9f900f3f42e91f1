"""Programming exercises on recurrent networks that others have published with test numbers, posed as code.

The functions here are plain numpy of our own in the published conventions; that they give the published
numbers shows that the question asks for the same thing. Then they must be right, and the usual slips wrong.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
import numpy as np
import pytest

from grader.kinds.code import KIND
from grader.networks.library import library_network

CS231N = "Stanford CS231n, assignment 3, RNN_Captioning and LSTM_Captioning"
VANILLA = {
    "inputs": {"x": "D"},
    "parameters": {"Wx": "D x H", "Wh": "H x H", "b": "H"},
    "equations": ["h(t) = tanh(x(t) @ Wx + h(t-1) @ Wh + b)"],
    "start": {"h": "h0"},
}
# The four gates in one matrix each: i, f, o, g.
PACKED = {
    "inputs": {"x": "D"},
    "parameters": {"Wx": "D x 4*H", "Wh": "H x 4*H", "b": "4*H"},
    "equations": [
        "a(t) = x(t) @ Wx + h(t-1) @ Wh + b",
        "c(t) = sigmoid(part(a(t), 2, 4)) * c(t-1) + sigmoid(part(a(t), 1, 4)) * tanh(part(a(t), 4, 4))",
        "h(t) = sigmoid(part(a(t), 3, 4)) * tanh(c(t))",
    ],
    "start": {"h": "h0", "c": "c0"},
    "sizes": {"h": "H"},
}
RNN_STEP = """
import numpy as np
def step(x, prev_h, Wx, Wh, b):
    return np.tanh(x @ Wx + prev_h @ Wh + b)
"""
RNN = """
import numpy as np
def forward(x, h0, Wx, Wh, b):
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
        hs.append(h)
    return np.stack(hs, axis=1)
"""
LSTM_STEP = """
import numpy as np
def sigmoid(u):
    return 1 / (1 + np.exp(-u))
def lstm_step(x, prev_h, prev_c, Wx, Wh, b):
    i, f, o, g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    c = sigmoid(f) * prev_c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
"""


def spread(low: float, high: float, *shape: int) -> Any:
    """Equally spaced numbers, as the assignment makes its inputs."""
    return np.linspace(low, high, num=int(np.prod(shape))).reshape(shape)


class Published(NamedTuple):
    """A programming exercise with published numbers.

    Args:
        check: The question.
        right: A function in the published convention.
        inputs: Of the published test.
        outputs: That it must give, as published.
        wrong: What to replace in the right function, by what, and a mistake that must be named, or "".
    """

    check: dict[str, Any]
    right: str
    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]
    wrong: tuple[tuple[str, str, str], ...]


STEP_AXES = {"x": "N x D", "h0": "N x H"}
EXERCISES = {
    f"{CS231N}: one step of a vanilla network": Published(
        {
            "network": VANILLA,
            "function": "step",
            "arguments": STEP_AXES,
            "returns": ["h: N x H"],
        },
        RNN_STEP,
        (
            *(spread(-0.4, 0.7, 3, 10), spread(-0.2, 0.5, 3, 4)),
            *(spread(-0.1, 0.9, 10, 4), spread(-0.3, 0.7, 4, 4), spread(-0.2, 0.4, 4)),
        ),
        (
            [
                [-0.58172089, -0.50182032, -0.41232771, -0.31410098],
                [0.66854692, 0.79562378, 0.87755553, 0.92795967],
                [0.97934501, 0.99144213, 0.99646691, 0.99854353],
            ],
        ),
        (
            ("prev_h @ Wh", "prev_h @ Wh.T", "h-wh-transposed"),
            (" + b", "", "h-without-b"),
            ("np.tanh(x", "1 / (1 + np.exp(-x", ""),
            ("np.tanh(x @ Wx + prev_h @ Wh + b)", "np.tanh(x @ Wx + b)", "h-without-h-t-1-wh"),
        ),
    ),
    f"{CS231N}: a vanilla network over a sequence": Published(
        {
            "network": VANILLA,
            "function": "forward",
            "arguments": {"x": "N x T x D", "h0": "N x H"},
            "returns": ["h: N x T x H"],
        },
        RNN,
        (
            *(spread(-0.1, 0.3, 2, 3, 4), spread(-0.3, 0.1, 2, 5)),
            *(spread(-0.2, 0.4, 4, 5), spread(-0.4, 0.1, 5, 5), spread(-0.7, 0.1, 5)),
        ),
        (
            [
                [
                    [-0.42070749, -0.27279261, -0.11074945, 0.05740409, 0.22236251],
                    [-0.39525808, -0.22554661, -0.0409454, 0.14649412, 0.32397316],
                    [-0.42305111, -0.24223728, -0.04287027, 0.15997045, 0.35014525],
                ],
                [
                    [-0.55857474, -0.39065825, -0.19198182, 0.02378408, 0.23735671],
                    [-0.27150199, -0.07088804, 0.13562939, 0.33099728, 0.50158768],
                    [-0.51014825, -0.30524429, -0.06755202, 0.17806392, 0.40333043],
                ],
            ],
        ),
        (
            ("axis=1", "axis=0", ""),
            ("h @ Wh", "h0 @ Wh", ""),
            ("x[:, t]", "x[:, -1 - t]", "x-reversed"),
            ("h, hs = h0", "h, hs = 0 * h0", "starts-from-zero-h"),
        ),
    ),
    f"{CS231N}: one step of an LSTM": Published(
        {
            "network": PACKED,
            "function": "lstm_step",
            "arguments": {**STEP_AXES, "c0": "N x H"},
            "returns": ["h: N x H", "c: N x H"],
        },
        LSTM_STEP,
        (
            *(spread(-0.4, 1.2, 3, 4), spread(-0.3, 0.7, 3, 5), spread(-0.4, 0.9, 3, 5)),
            *(spread(-2.1, 1.3, 4, 20), spread(-0.7, 2.2, 5, 20), spread(0.3, 0.7, 20)),
        ),
        (
            [
                [0.24635157, 0.28610883, 0.32240467, 0.35525807, 0.38474904],
                [0.49223563, 0.55611431, 0.61507696, 0.66844003, 0.7159181],
                [0.56735664, 0.66310127, 0.74419266, 0.80889665, 0.858299],
            ],
            [
                [0.32986176, 0.39145139, 0.451556, 0.51014116, 0.56717407],
                [0.66382255, 0.76674007, 0.87195994, 0.97902709, 1.08751345],
                [0.74192008, 0.90592151, 1.07717006, 1.25120233, 1.42395676],
            ],
        ),
        (
            ("i, f, o, g =", "i, f, g, o =", ""),
            ("np.tanh(c), c", "c, c", ""),
            ("sigmoid(f) * prev_c", "prev_c", ""),
            ("axis=1", "axis=0", ""),
        ),
    ),
}


def params_of(check: dict[str, Any]) -> Any:
    network = check["network"]
    table = library_network(f"library/{network}").network if isinstance(network, str) else network
    return msgspec.convert({**check, "network": table}, KIND.params)


@pytest.mark.parametrize("title", EXERCISES)
def test_the_question_asks_for_what_was_published(title: str) -> None:
    one = EXERCISES[title]
    names: dict[str, Any] = {}
    exec(one.right, names)
    got = names[one.check["function"]](*one.inputs)
    for found, published in zip(got if len(one.outputs) > 1 else (got,), one.outputs, strict=True):
        # Eight decimals are published.
        assert np.abs(found - np.array(published)).max() <= 1e-8


@pytest.mark.parametrize("title", EXERCISES)
def test_right_functions_are_right(title: str, marked_alone: Any) -> None:
    one = EXERCISES[title]
    assert marked_alone("code", params_of(one.check), one.right).verdict.value == "correct"


@pytest.mark.parametrize(
    ("title", "old", "new", "mistake"),
    [(title, *change) for title, one in EXERCISES.items() for change in one.wrong],
)
def test_slips_are_wrong(title: str, old: str, new: str, mistake: str, marked_alone: Any) -> None:
    one = EXERCISES[title]
    assert one.right.count(old) == 1
    source = one.right.replace(old, new)
    outcome = marked_alone("code", params_of(one.check), source)
    assert outcome.fraction < 1
    assert not mistake or mistake in [diagnosis.id for diagnosis in outcome.diagnoses]
