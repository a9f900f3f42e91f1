"""Counts and shapes that others have published, for networks declared by their equations.

Every number stands in its source as printed by a library, or as its author worked it out.
"""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from grader.grading.judging import with_finding
from grader.kinds.count.diagnose import diagnose
from grader.kinds.count.judge import judge
from grader.kinds.count.question import CountParams
from grader.kinds.shape.judge import judge as judge_shapes
from grader.kinds.shape.question import ShapeParams
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.value import Items, Number, Text, Value


def cell(gates: str, biases: str = "b", suffix: str = "", ahead: bool = False) -> dict[str, str]:
    """Equations of gates, with a bias for each letter of `biases`."""
    before = "h" + suffix + ("(t+1)" if ahead else "(t-1)")
    return {
        gate: f"W{gate}{suffix} @ x(t) + U{gate}{suffix} @ {before}"
        + "".join(f" + {bias}{gate}{suffix}" for bias in biases)
        for gate in gates
    }


def parameters(gates: str, biases: str = "b", suffix: str = "") -> dict[str, str]:
    made = {f"W{g}{suffix}": "n_h x n_in" for g in gates} | {f"U{g}{suffix}": "n_h x n_h" for g in gates}
    return made | {f"{bias}{g}{suffix}": "n_h" for g in gates for bias in biases}


def simple() -> dict[str, Any]:
    return {
        "inputs": {"x": "n_in"},
        "parameters": parameters("h"),
        "equations": [f"h(t) = tanh({cell('h')['h']})"],
    }


def lstm() -> dict[str, Any]:
    sums = cell("ifog")
    return {
        "inputs": {"x": "n_in"},
        "parameters": parameters("ifog"),
        "equations": [
            *(f"{g}(t) = {'tanh' if g == 'g' else 'sigmoid'}({sums[g]})" for g in "ifog"),
            "c(t) = f(t) * c(t-1) + i(t) * g(t)",
            "h(t) = o(t) * tanh(c(t))",
        ],
    }


def gru(biases: str, suffix: str = "", ahead: bool = False) -> dict[str, Any]:
    """One bias of three gates, or two with the reset gate after the product."""
    step = "t+1" if ahead else "t-1"
    s = cell("zr", biases, suffix, ahead)
    before = f"h{suffix}({step})"
    candidate = f"Wn{suffix} @ x(t) + bn{suffix} + Un{suffix} @ (r{suffix}(t) * {before})"
    if len(biases) == 2:
        candidate = f"Wn{suffix} @ x(t) + bn{suffix} + r{suffix}(t) * (Un{suffix} @ {before} + cn{suffix})"
    return {
        "inputs": {"x": "n_in"},
        "parameters": parameters("zrn", biases, suffix),
        "equations": [
            f"z{suffix}(t) = sigmoid({s['z']})",
            f"r{suffix}(t) = sigmoid({s['r']})",
            f"n{suffix}(t) = tanh({candidate})",
            f"h{suffix}(t) = z{suffix}(t) * {before} + (1 - z{suffix}(t)) * n{suffix}(t)",
        ],
    }


def both_ways(biases: str) -> dict[str, Any]:
    right, left = gru(biases, "_f"), gru(biases, "_b", ahead=True)
    return {
        "inputs": {"x": "n_in"},
        "parameters": right["parameters"] | left["parameters"],
        "equations": [*right["equations"], *left["equations"], "h(t) = stack(h_f(t), h_b(t))"],
    }


def with_output(network: dict[str, Any], reads: str) -> dict[str, Any]:
    return {
        **network,
        "parameters": {**network["parameters"], "V": f"n_out x {reads}", "c": "n_out"},
        "equations": [*network["equations"], "y(t) = softmax(V @ h(t) + c)"],
    }


RAI = "Rai, Advanced Deep Learning with R (2019), summary of the RNN model"
AYYADEVARA = "Ayyadevara, Pro Machine Learning Algorithms (2018), chapter 10"
RIVAS = "Rivas, Deep Learning for Beginners (2020), chapter 13"
MNIST = "Stack Overflow 63055498, summary that Keras prints"
LSTM_256 = "Stack Overflow 38080035, accepted answer"
LSTM_9 = "Data Science Stack Exchange 128705"
LSTM_100 = "Data Science Stack Exchange, Number of parameters in an LSTM model, second answer"
GRU_32 = "Cross Validated 458685, summary that Keras prints"
GRU_BOTH = "Stack Overflow, Calculating the number of parameters of a GRU layer (Keras)"
GRU_16 = "Stack Overflow 51601018, summaries that Keras prints"

Sizes = dict[str, int]
ROWS: list[tuple[str, dict[str, Any], Sizes, int]] = [
    (RAI, simple(), {"n_in": 32, "n_h": 8}, 328),
    (RAI, with_output(simple(), "n_h"), {"n_in": 32, "n_h": 8, "n_out": 1}, 337),
    (AYYADEVARA, simple(), {"n_in": 32, "n_h": 1}, 34),
    (RIVAS, simple(), {"n_in": 2, "n_h": 10}, 130),
    (MNIST, simple(), {"n_in": 28, "n_h": 128}, 20_096),
    (MNIST, with_output(simple(), "n_h"), {"n_in": 28, "n_h": 128, "n_out": 10}, 21_386),
    (LSTM_256, lstm(), {"n_in": 4096, "n_h": 256}, 4_457_472),
    (LSTM_9, lstm(), {"n_in": 1, "n_h": 9}, 396),
    (LSTM_100, lstm(), {"n_in": 25, "n_h": 100}, 50_400),
    (GRU_32, gru("bc"), {"n_in": 32, "n_h": 32}, 6_336),
    (GRU_32, gru("bc"), {"n_in": 25, "n_h": 5}, 480),
    (GRU_32, with_output(gru("bc"), "n_h"), {"n_in": 32, "n_h": 32, "n_out": 1}, 6_369),
    (GRU_BOTH, both_ways("bc"), {"n_in": 16, "n_h": 32}, 9_600),
    (GRU_16, gru("b"), {"n_in": 15, "n_h": 16}, 1_536),
    (GRU_16, with_output(gru("b"), "n_h"), {"n_in": 15, "n_h": 16, "n_out": 8}, 1_672),
    (GRU_16, both_ways("b"), {"n_in": 15, "n_h": 16}, 3_072),
    (GRU_16, with_output(both_ways("b"), "2*n_h"), {"n_in": 15, "n_h": 16, "n_out": 8}, 3_072 + 264),
]


def marked(network: dict[str, Any], sizes: Sizes, number: int) -> Outcome:
    params = msgspec.convert({"network": network, "sizes": sizes}, CountParams)
    judgement = judge(params, Answer(fields={"parameters": Number(str(number), "int")}))
    if judgement.outcome.fraction == 1:
        return judgement.outcome
    return with_finding(judgement.outcome, diagnose(params, judgement.facts))


@pytest.mark.parametrize(("source", "network", "sizes", "number"), ROWS)
def test_published_count_is_right_and_any_other_is_not(
    source: str, network: dict[str, Any], sizes: Sizes, number: int
) -> None:
    assert marked(network, sizes, number).fraction == 1, source
    for other in (number - 1, number + 1, 2 * number):
        assert marked(network, sizes, other).fraction == 0, source


@pytest.mark.parametrize(
    ("source", "network", "sizes", "number", "id"),
    [
        # The question expects this number, and asks why the library counts more.
        (GRU_BOTH, both_ways("bc"), {"n_in": 16, "n_h": 32}, 9_408, "one-bias-of-two"),
        # A layer that reads the input alone, as the book sets beside it, has 8 x 32 + 8 weights.
        (RAI, simple(), {"n_in": 32, "n_h": 8}, 264, "recurrent-weights-missing"),
        # The formula without biases stands first in the answer.
        (LSTM_100, lstm(), {"n_in": 25, "n_h": 100}, 4 * (100 * 25 + 100**2), "biases-missing"),
    ],
)
def test_wrong_count_that_stands_in_the_source_is_named(
    source: str, network: dict[str, Any], sizes: Sizes, number: int, id: str
) -> None:
    outcome = marked(network, sizes, number)
    assert outcome.fraction == 0
    assert id in [one.id for one in outcome.diagnoses], (source, outcome)


# torch.nn.LSTMCell and GRUCell, documented as "of shape (4*hidden_size, input_size)" and so on; what is
# packed there is declared packed here.
TORCH_LSTM: dict[str, Any] = {
    "inputs": {"x": "input_size"},
    "parameters": {
        "weight_ih": "4*hidden_size x input_size",
        "weight_hh": "4*hidden_size x hidden_size",
        "bias_ih": "4*hidden_size",
        "bias_hh": "4*hidden_size",
    },
    "equations": [
        "a(t) = weight_ih @ x(t) + bias_ih + weight_hh @ h(t-1) + bias_hh",
        "c(t) = sigmoid(part(a(t), 2, 4)) * c(t-1) + sigmoid(part(a(t), 1, 4)) * tanh(part(a(t), 3, 4))",
        "h(t) = sigmoid(part(a(t), 4, 4)) * tanh(c(t))",
    ],
    "sizes": {"h": "hidden_size"},
}


def test_shapes_are_those_of_the_torch_documentation() -> None:
    params = msgspec.convert({"network": TORCH_LSTM}, ShapeParams)
    told: dict[str, Value] = {
        "weight_ih": Text("(4*hidden_size, input_size)"),
        "weight_hh": Text("(4*hidden_size, hidden_size)"),
        "bias_ih": Text("(4*hidden_size)"),
        "bias_hh": Text("(4*hidden_size)"),
    }
    assert judge_shapes(params, Answer(fields=told)).outcome.fraction == 1
    assert (
        judge_shapes(params, Answer(fields={**told, "bias_hh": Text("(hidden_size)")})).outcome.fraction
        == 0.75
    )


def test_shapes_are_those_that_keras_lists() -> None:
    """Data Science Stack Exchange 128705: get_weights of an LSTM of 9 units on 1 input."""
    keras = {
        "inputs": {"x": "n_in"},
        "parameters": {"kernel": "n_in x 4*n_h", "recurrent": "n_h x 4*n_h", "bias": "4*n_h"},
        "equations": [
            "a(t) = kernel.T @ x(t) + recurrent.T @ h(t-1) + bias",
            "c(t) = sigmoid(part(a(t), 2, 4)) * c(t-1) + sigmoid(part(a(t), 1, 4)) * tanh(part(a(t), 3, 4))",
            "h(t) = sigmoid(part(a(t), 4, 4)) * tanh(c(t))",
        ],
        "sizes": {"h": "n_h"},
    }
    params = msgspec.convert({"network": keras, "sizes": {"n_in": 1, "n_h": 9}}, ShapeParams)
    listed = {"kernel": (1, 36), "recurrent": (9, 36), "bias": (36,)}
    fields: dict[str, Value] = {
        name: Items(tuple(Number(str(size), "int") for size in shape)) for name, shape in listed.items()
    }
    assert judge_shapes(params, Answer(fields=fields)).outcome.fraction == 1
