"""Shapes that a network's declaration gives, in numbers and as formulas in its sizes."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from grader.errors import Unreadable
from grader.grading.judging import with_finding
from grader.kinds.shape.diagnose import diagnose
from grader.kinds.shape.judge import judge
from grader.kinds.shape.question import ShapeParams
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.value import Formula, Items, Number, Text, Value
from grader.networks.library import library_names, library_network

PACKED: dict[str, Any] = {
    "inputs": {"x": "n_in"},
    "parameters": {"W": "4*n_h x n_in + n_h", "b": "4*n_h"},
    "equations": [
        "u(t) = W @ stack(x(t), h(t-1)) + b",
        "c(t) = sigmoid(part(u(t), 2, 4)) * c(t-1) + sigmoid(part(u(t), 1, 4)) * tanh(part(u(t), 3, 4))",
        "h(t) = sigmoid(part(u(t), 4, 4)) * tanh(c(t))",
    ],
    "sizes": {"h": "n_h"},
}
ELMAN: dict[str, Any] = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_in x n_h", "W": "n_h x n_h", "V": "n_h x n_out", "b": "n_h", "c": "n_out"},
    "equations": ["h(t) = tanh(U.T @ x(t) + W.T @ h(t-1) + b)", "y(t) = sigmoid(V.T @ h(t) + c)"],
}
BOTH_WAYS: dict[str, Any] = {
    "inputs": {"x": "2"},
    "parameters": {
        "Uf": "n_h x 2", "Wf": "n_h x n_h", "Ub": "n_h x 2", "Wb": "n_h x n_h", "V": "n_out x 2*n_h",
    },
    "equations": [
        "r(t) = tanh(Uf @ x(t) + Wf @ r(t-1))",
        "l(t) = tanh(Ub @ x(t) + Wb @ l(t+1))",
        "y(t) = V @ stack(r(t), l(t))",
    ],
}  # fmt: skip


def question(network: dict[str, Any], **more: Any) -> ShapeParams:
    return msgspec.convert({"network": network, **more}, ShapeParams)


def marked(params: ShapeParams, fields: dict[str, Value]) -> Outcome:
    judgement = judge(params, Answer(fields=fields))
    if judgement.outcome.fraction == 1:
        return judgement.outcome
    return with_finding(judgement.outcome, diagnose(params, judgement.facts))


def texts(**fields: str) -> dict[str, Value]:
    return {name: Text(text) for name, text in fields.items()}


SIZES = {"n_in": 3, "n_h": 5, "n_out": 2, "n_1": 5, "n_2": 7, "n": 4, "m": 3, "k": 2}


WITH_WEIGHTS = [name for name in library_names() if library_network(name).network.parameters]


@pytest.mark.parametrize("name", WITH_WEIGHTS)
def test_of_every_network_that_comes_along_the_declared_shapes_are_right(name: str) -> None:
    table = library_network(name).network
    declared = {name: text for name, text in table.parameters.items() if text != "number"}
    written = msgspec.convert({"network": msgspec.to_builtins(table)}, ShapeParams)
    assert marked(written, texts(**declared)).fraction == 1
    named = set(re.findall(r"[a-z]\w*", " ".join((*table.parameters.values(), *table.inputs.values()))))
    used = {size: length for size, length in SIZES.items() if size in named}
    numbers = {
        one: Items(tuple(Number(str(eval(size, {}, dict(SIZES))), "int") for size in text.split(" x ")))
        for one, text in declared.items()
    }
    sized = msgspec.convert({"network": msgspec.to_builtins(table), "sizes": used}, ShapeParams)
    assert marked(sized, dict(numbers)).fraction == 1


@pytest.mark.parametrize(
    ("W", "b"),
    [
        ("4*n_h x n_in + n_h", "4*n_h"),
        ("(4*n_h, n_h + n_in)", "(4*n_h,)"),
        ("4n_h × (n_in + n_h)", "[4*n_h, 1]"),
        ("4·n_h by n_{in} + n_h", "4*n_h x 1"),
        ("n_h*4 x n_h+n_in", "n_h*4"),
        ("4*n_h*(n_in + n_h)", "n_h + 3*n_h"),
        ("4n_hx(n_h+n_in)", "(8*n_h)/2"),
        ("4*H x D + H", "4H"),
        ("(4*n_h) x (n_in + n_h)", "((4*n_h), (1))"),
        ("[(4*n_h), (n_in + n_h)]", "(4*n_h) x (1)"),
    ],
)
def test_right_formulas_are_right_however_written(W: str, b: str) -> None:
    params = question(PACKED, aliases={"H": "n_h", "D": "n_in"})
    assert marked(params, texts(W=W, b=b)).fraction == 1


def test_tuples_of_symbols_are_read() -> None:
    W = Items((Formula("4*n_h"), Formula("n_h + n_in")))
    assert marked(question(PACKED), {"W": W, "b": Items((Formula("4*n_h"),))}).fraction == 1


@pytest.mark.parametrize(
    ("network", "field", "given", "id"),
    [
        (PACKED, "W", "n_h x n_in + n_h", "parts-counted-once"),
        (PACKED, "W", "3*n_h x n_in + n_h", "parts-miscounted"),
        (PACKED, "W", "4*n_h x n_in", "stack-left-out"),
        (PACKED, "W", "4*n_h x n_h", "stack-left-out"),
        (PACKED, "W", "n_in + n_h x 4*n_h", "matrix-transposed"),
        (PACKED, "W", "4*n_h x n_in + n_h + 1", "bias-column"),
        (PACKED, "b", "n_h", "parts-counted-once"),
        (PACKED, "b", "1 x 4*n_h", "row-for-column"),
        (ELMAN, "U", "n_h x n_in", "matrix-transposed"),
        (ELMAN, "V", "n_h x n_in", "size-of-another-quantity"),
        (BOTH_WAYS, "V", "n_out x n_h", "parts-counted-once"),
        (BOTH_WAYS, "V", "2*n_h x n_out", "matrix-transposed"),
    ],
)
def test_mistake_in_a_shape_is_named_in_formulas_and_in_numbers(
    network: dict[str, Any], field: str, given: str, id: str
) -> None:
    for sizes in ({}, {name: SIZES[name] for name in ("n_in", "n_h", "n_out") if name in str(network)}):
        outcome = marked(question(network, asked=[field], sizes=sizes), texts(**{field: given}))
        assert outcome.fraction == 0
        assert id in [one.id for one in outcome.diagnoses], (sizes, outcome)


@pytest.mark.parametrize(
    ("field", "given"),
    [("W", "n_h x n_in"), ("W", "7"), ("W", "n_in + n_h x 4*n_h"), ("W", "4*n_h x n_in"), ("b", "n_in")],
)
def test_nothing_that_is_told_names_the_wanted_sizes(field: str, given: str) -> None:
    outcome = marked(question(PACKED, asked=[field]), texts(**{field: given}))
    told = " ".join(one.message for one in (*outcome.feedback, *outcome.diagnoses)).replace(given, "")
    assert outcome.fraction == 0
    assert "4*n_h" not in told
    assert "n_in + n_h" not in told


@pytest.mark.parametrize("given", ["40028 x 110010", "10007 x 100003", "n_h x n_h - 10007 + n_in", "0 x 0"])
def test_numbers_that_happen_to_fit_are_no_formulas(given: str) -> None:
    """Formulas are looked at for certain lengths first: who knows them gains nothing."""
    assert marked(question(ELMAN, asked=["U"]), texts(U=given)).fraction == 0


@pytest.mark.parametrize("given", ["wide", "n_x x n_h", "", "tanh"])
def test_what_is_no_shape_is_invalid(given: str) -> None:
    with pytest.raises(Unreadable):
        judge(question(PACKED, asked=["W"]), Answer(fields={"W": Text(given)}))


def test_fixed_size_of_an_input_is_a_number_in_the_formula() -> None:
    params = question(BOTH_WAYS, asked=["Uf", "x"])
    assert marked(params, texts(Uf="n_h x 2", x="2")).fraction == 1
    assert marked(params, texts(Uf="n_h x n_in", x="2")).fraction == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"parameters": {}, "equations": ["y(t) = x(t)"]}, "no weights with a shape"),
        ({"asked": ["Q"]}, "'Q' is nothing of the network"),
        ({"shapes": {"W": ("1",)}}, "either a network or shapes"),
        ({"sizes": {"n_h": 2}}, "n_in left out"),
        ({"sizes": {"k": 2}}, "'k' is no size"),
    ],
)
def test_impossible_question_is_refused(more: dict[str, Any], message: str) -> None:
    more = dict(more)
    network = {**PACKED, **{key: more.pop(key) for key in ("parameters", "equations") if key in more}}
    network = network if network["parameters"] else {**network, "sizes": {}}
    with pytest.raises((ValueError, msgspec.ValidationError), match=message):
        question(network, **more)


@pytest.mark.parametrize(
    "latex",
    [
        r"$4 n_h \times \left(n_{in} + n_h\right)$",
        r"\left(4 n_h, n_{in} + n_h\right)",
        r"W \in \mathbb{R}^{4 n_h \times (n_{\rm in} + n_h)}",
        r"4n_h \cdot (n_{in} + n_h)",
        r"4n_h \times (n_{\mathrm{in}} + n_h)",
        r"\mathbb{R}^{4 n_{h} \times (n_{in} + n_h)}",
    ],
)
def test_a_shape_in_latex_is_read(latex: str) -> None:
    params = question(PACKED, asked=["W"])
    assert marked(params, texts(W=latex)).fraction == 1
    assert marked(params, texts(W=latex.replace("4", "3", 1))).fraction < 1
