"""Counts of weights against arrays that are made and counted, textbooks' formulas and plain sums."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.errors import Unreadable
from grader.grading.judging import with_finding
from grader.kinds.count.diagnose import diagnose
from grader.kinds.count.judge import judge
from grader.kinds.count.question import CountParams
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.value import Items, Number, Text, Value

GATE = "{g}(t) = {f}(W{g} @ x(t) + U{g} @ h(t-1) + b{g})"


def gated(gates: str, rest: list[str], *more: str) -> dict[str, Any]:
    """A cell with a gate for each letter, the last with tanh."""
    return {
        "inputs": {"x": "n_in"},
        "parameters": {
            f"{kind}{g}": shape
            for g in gates
            for kind, shape in (("W", "n_h x n_in"), ("U", "n_h x n_h"), ("b", "n_h"))
        },
        "equations": [
            *(GATE.format(g=g, f="tanh" if g == gates[-1] else "sigmoid") for g in gates),
            *rest,
        ],
    }


LSTM = gated("ifog", ["c(t) = f(t) * c(t-1) + i(t) * g(t)", "h(t) = o(t) * tanh(c(t))"])
GRU = gated("zrn", ["h(t) = (1 - z(t)) * n(t) + z(t) * h(t-1)"])
ELMAN = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_in x n_h", "W": "n_h x n_h", "V": "n_h x n_out", "b": "n_h", "c": "n_out"},
    "equations": ["h(t) = tanh(U.T @ x(t) + W.T @ h(t-1) + b)", "y(t) = sigmoid(V.T @ h(t) + c)"],
}
JORDAN = {
    **ELMAN,
    "parameters": {**ELMAN["parameters"], "W": "n_out x n_h"},  # type: ignore[dict-item]
    "equations": ["h(t) = tanh(U.T @ x(t) + W.T @ y(t-1) + b)", "y(t) = sigmoid(V.T @ h(t) + c)"],
}
PACKED = {
    "inputs": {"x": "n_in"},
    "parameters": {"W": "4*n_h x n_in + n_h", "b": "4*n_h"},
    "equations": [
        "u(t) = W @ stack(x(t), h(t-1)) + b",
        "c(t) = sigmoid(part(u(t), 2, 4)) * c(t-1) + sigmoid(part(u(t), 1, 4)) * tanh(part(u(t), 3, 4))",
        "h(t) = sigmoid(part(u(t), 4, 4)) * tanh(c(t))",
    ],
    "sizes": {"h": "n_h"},
}
STACKED = {
    "inputs": {"x": "n_in"},
    "parameters": {
        "U1": "n_1 x n_in", "W1": "n_1 x n_1", "b1": "n_1",
        "U2": "n_2 x n_1", "W2": "n_2 x n_2", "b2": "n_2", "V": "n_out x n_2", "c": "n_out",
    },
    "equations": [
        "h1(t) = tanh(U1 @ x(t) + W1 @ h1(t-1) + b1)",
        "h2(t) = tanh(U2 @ h1(t) + W2 @ h2(t-1) + b2)",
        "y(t) = softmax(V @ h2(t) + c)",
    ],
}  # fmt: skip
BOTH_WAYS = {
    "inputs": {"x": "n_in"},
    "parameters": {
        "Uf": "n_h x n_in", "Wf": "n_h x n_h", "bf": "n_h",
        "Ub": "n_h x n_in", "Wb": "n_h x n_h", "bb": "n_h", "V": "n_out x 2*n_h", "c": "n_out",
    },
    "equations": [
        "r(t) = tanh(Uf @ x(t) + Wf @ r(t-1) + bf)",
        "l(t) = tanh(Ub @ x(t) + Wb @ l(t+1) + bb)",
        "y(t) = V @ stack(r(t), l(t)) + c",
    ],
}  # fmt: skip
PEEPHOLE = {
    "inputs": {"x": "n_in"},
    "parameters": {**LSTM["parameters"], "pi": "n_h", "pf": "n_h", "po": "n_h"},
    "equations": [
        "i(t) = sigmoid(Wi @ x(t) + Ui @ h(t-1) + pi * c(t-1) + bi)",
        "f(t) = sigmoid(Wf @ x(t) + Uf @ h(t-1) + pf * c(t-1) + bf)",
        "g(t) = tanh(Wg @ x(t) + Ug @ h(t-1) + bg)",
        "c(t) = f(t) * c(t-1) + i(t) * g(t)",
        "o(t) = sigmoid(Wo @ x(t) + Uo @ h(t-1) + po * c(t) + bo)",
        "h(t) = o(t) * tanh(c(t))",
    ],
}
SHARED = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_h x n_in", "W": "n_h x n_h"},
    "equations": ["h(t) = tanh(U @ x(t) + W @ h(t-1))", "s(t) = tanh(U @ x(t) + W @ s(t-1))"],
}
NETWORKS = {
    "lstm": LSTM, "gru": GRU, "elman": ELMAN, "jordan": JORDAN, "packed": PACKED, "stacked": STACKED,
    "both ways": BOTH_WAYS, "peephole": PEEPHOLE, "shared": SHARED,
}  # fmt: skip
SIZES = {"n_in": 3, "n_h": 5, "n_out": 2, "n_1": 5, "n_2": 7}


def question(network: dict[str, Any], **more: Any) -> CountParams:
    return msgspec.convert({"network": network, **more}, CountParams)


def marked(params: CountParams, value: Value, field: str = "parameters") -> Outcome:
    judgement = judge(params, Answer(fields={field: value}))
    found = diagnose(params, judgement.facts) if judgement.outcome.fraction < 1 else None
    return judgement.outcome if found is None else with_finding(judgement.outcome, found)


def arrays(network: dict[str, Any]) -> list[Any]:
    """The parameters made as arrays of the sizes above, by Python's own arithmetic."""
    shapes = (shape.split(" x ") for shape in network["parameters"].values())
    return [np.zeros([eval(size, {}, dict(SIZES)) for size in shape]) for shape in shapes]


def sizes_for(network: dict[str, Any]) -> dict[str, int]:
    text = " ".join(network["parameters"].values())
    return {name: size for name, size in SIZES.items() if name in text}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_number_is_what_arrays_hold(network: dict[str, Any]) -> None:
    total = sum(one.size for one in arrays(network))
    params = question(network, sizes=sizes_for(network))
    assert marked(params, Number(str(total), "int")).fraction == 1
    for wrong in (total - 1, total + 1, 2 * total, -total, 0):
        assert marked(params, Number(str(wrong), "int")).fraction == 0


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
def test_formula_is_the_products_of_the_declared_sizes(network: dict[str, Any]) -> None:
    products = (
        "*".join(f"({size})" for size in shape.split(" x ")) for shape in network["parameters"].values()
    )
    text = " + ".join(products)
    assert marked(question(network), Text(text)).fraction == 1
    assert marked(question(network), Text(f"{text} + n_in")).fraction == 0


@pytest.mark.parametrize(
    "text",
    [
        "4*(n_h*n_in + n_h^2 + n_h)",
        "4 n_h (n_in + n_h + 1)",
        "4*((n_in + n_h)*n_h + n_h)",
        "4*n_h*(n_h + n_in) + 4*n_h",
        "parameters = 4·n_h·(n_{in} + n_h + 1)",
        "4*(H*(D + H + 1))",
        "(2*n_h)^2 + 4*n_h*n_in + 4*n_h",
    ],
)
def test_any_form_of_the_lstm_count_is_right(text: str) -> None:
    params = question(LSTM, aliases={"H": "n_h", "D": "n_in"})
    text = text.replace("4 n_h (", "4*n_h*(")
    assert marked(params, Text(text)).fraction == 1


@pytest.mark.parametrize("written", ["1,440", "1.440", "1 440", "1'440", "1_440", "1440", "1440.0", "4*360"])
def test_thousands_are_read_however_they_are_set(written: str) -> None:
    assert 4 * 12 * (17 + 12 + 1) == 1440
    assert marked(question(LSTM, sizes={"n_in": 17, "n_h": 12}), Text(written)).fraction == 1


LSTM_WRONG = [
    ("4*n_h*(n_in + n_h)", "biases-missing"),
    ("4*n_h*(n_in + n_h + 2)", "two-hidden-biases"),
    ("n_h*(n_in + n_h + 1)", "one-gate-only"),
    ("3*n_h*(n_in + n_h + 1)", "gate-missing"),
    ("5*n_h*(n_in + n_h + 1)", "gate-too-many"),
    ("4*n_h*(n_in + 1)", "recurrent-weights-missing"),
    ("4*n_h*(n_h + 1)", "input-weights-missing"),
    ("4*n_h*(n_in + 1 + 1)", "one-recurrent-weight-each"),
    ("4*n_h*(n_in + n_h) + 4", "one-bias-per-layer"),
]


@pytest.mark.parametrize(
    ("network", "text", "id"),
    [
        *((LSTM, text, id) for text, id in LSTM_WRONG),
        *((PACKED, text, id) for text, id in LSTM_WRONG if id != "one-bias-per-layer"),
        (GRU, "4*n_h*(n_in + n_h + 1)", "gate-too-many"),
        (GRU, "2*n_h*(n_in + n_h + 1)", "gate-missing"),
        (ELMAN, "n_h*(n_in + n_h + 1)", "output-layer-missing"),
        (ELMAN, "n_h*(n_in + n_h + 1) + n_h*n_out", "output-bias-missing"),
        (ELMAN, "n_h*(n_in + n_out + 1) + n_out*(n_h + 1)", "other-feedback"),
        (ELMAN, "n_in + n_h + n_h + n_h + n_h + n_out + n_h + n_out", "sizes-added"),
        (STACKED, "n_1*(n_in + n_1 + 1) + n_out*(n_2 + 1)", "layer-missing"),
        (STACKED, "n_1*(n_in+n_1+1) + n_2*(n_in+n_2+1) + n_out*(n_2+1)", "layer-reads-input"),
        (BOTH_WAYS, "n_h*(n_in + n_h + 1) + n_out*(2*n_h + 1)", "direction-counted-once"),
        (BOTH_WAYS, "n_h*(n_in + n_h + 1) + n_out*(n_h + 1)", "direction-counted-once"),
        (BOTH_WAYS, "2*n_h*(n_in + n_h + 1) + n_out*(n_h + 1)", "one-direction-read"),
        (PEEPHOLE, "4*n_h*(n_in + n_h + 1)", "entrywise-weights-missing"),
        (PEEPHOLE, "4*n_h*(n_in + n_h + 1) + 3*n_h^2", "matrix-for-entrywise"),
        (SHARED, "2*n_h*(n_in + n_h)", "shared-weights-twice"),
        (SHARED, "n_h*(n_in + n_h + 1 + 1)", "biases-added"),
        ({**LSTM, "start": {"h": "h0"}}, "4*n_h*(n_in + n_h)", "biases-missing"),
        (LSTM, "3*n_h*(n_in + n_h)", "biases-missing-and-gate-missing"),
    ],
)
def test_known_way_to_count_wrongly_is_named_and_earns_what_the_question_gives(
    network: dict[str, Any], text: str, id: str
) -> None:
    outcome = marked(question(network), Text(text))
    assert id in [one.id for one in outcome.diagnoses]
    assert outcome.fraction == 0
    credited = marked(question(network, slip_credit=Fraction(1, 2)), Text(text))
    assert credited.fraction == (Fraction(1, 4) if "-and-" in id else Fraction(1, 2))


def test_another_network_of_the_sheet_is_told() -> None:
    other = {"network": JORDAN, "id": "jordan-for-elman", "message": "That is a Jordan network."}
    outcome = marked(question(ELMAN, others=[other]), Text("n_h*(n_in + n_out + 1) + n_out*(n_h + 1)"))
    assert "jordan-for-elman" in [one.id for one in outcome.diagnoses]


def test_one_mistake_is_told_before_two_that_count_the_same() -> None:
    outcome = marked(question(LSTM), Text("4*n_h*(n_in + n_h)"))
    assert [one.id for one in outcome.diagnoses] == ["biases-missing"]


@pytest.mark.parametrize("sizes", [{}, {"n_in": 3, "n_h": 5}])
def test_what_is_told_of_a_wrong_count_is_never_the_right_one(sizes: dict[str, int]) -> None:
    params = question(LSTM, sizes=sizes)
    for value in ("180*0", "4*n_h*(n_in + n_h)", "35"):
        told = " ".join(
            one.message for one in marked(params, Text(value)).feedback if one.level != "counterexample"
        )
        assert "180" not in told.replace("180*0", "")


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ("Wi", "n_h*n_in"),
        ("bi", "n_h"),
        ("i", "n_h*(n_in + n_h + 1)"),
        ("parameters", "4*n_h*(n_in + n_h + 1)"),
    ],
)
def test_one_parameter_or_the_equation_of_a_variable_can_be_asked(asked: str, value: str) -> None:
    params = question(LSTM, asked=[asked])
    assert marked(params, Text(value), asked).fraction == 1
    assert marked(params, Text(f"2*({value})"), asked).fraction == 0


def test_total_that_is_the_sum_of_own_counts_is_right_where_most_are() -> None:
    params = question(ELMAN, asked=[*ELMAN["parameters"], "parameters"], sizes=sizes_for(ELMAN))
    right = {"U": 15, "W": 25, "V": 10, "b": 5, "c": 2}
    given = {**right, "W": 5, "parameters": 37}
    fields: dict[str, Value] = {name: Number(str(value), "int") for name, value in given.items()}
    assert judge(params, Answer(fields=fields)).outcome.fraction == Fraction(5, 6)
    zeros: dict[str, Value] = {name: Number("0", "int") for name in given}
    assert judge(params, Answer(fields=zeros)).outcome.fraction == 0


@pytest.mark.parametrize("value", [Text("n_x*n_h"), Text("many"), Items(()), Text("nan")])
def test_what_is_no_count_is_invalid_and_not_wrong(value: Value) -> None:
    with pytest.raises(Unreadable):
        judge(question(LSTM), Answer(fields={"parameters": value}))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"asked": ["Wx"]}, "'Wx' has no weights to count"),
        ({"asked": ["h"]}, "'h' has no weights to count"),
        ({"asked": []}, "asked names nothing"),
        ({"sizes": {"n_in": 3}}, "n_h left out"),
        ({"sizes": {"n_in": 3, "n_h": 0}}, "n_h is 0"),
        ({"sizes": {"n_in": 3, "n_h": 2, "k": 1}}, "'k' is none"),
        ({"aliases": {"H": "k"}}, "'k' is none"),
        ({"slip_credit": Fraction(1)}, "slip_credit is 1"),
        ({"others": [{"network": ELMAN, "id": "e", "message": "m"}]}, "n_out is no size"),
    ],
)
def test_impossible_question_is_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises((ValueError, msgspec.ValidationError), match=message):
        question(LSTM, **more)


def shapes_by_hand() -> dict[str, Callable[[int, int], int]]:
    """Counts of well-known libraries' layers, as their documentation lists their arrays."""
    return {
        "lstm": lambda n_in, n_h: 4 * (n_h * n_in + n_h * n_h + n_h),
        "gru": lambda n_in, n_h: 3 * (n_h * n_in + n_h * n_h + n_h),
    }


@pytest.mark.parametrize(("n_in", "n_h"), [*itertools.product((1, 2, 10), (1, 3, 64))])
def test_gated_counts_hold_for_many_sizes(n_in: int, n_h: int) -> None:
    for name, count in shapes_by_hand().items():
        params = question(NETWORKS[name], sizes={"n_in": n_in, "n_h": n_h})
        assert marked(params, Number(str(count(n_in, n_h)), "int")).fraction == 1
        assert math.isclose(marked(params, Number(str(count(n_in, n_h) + 1), "int")).fraction, 0)
