"""What docs/networks.md says of wrong equations is what is said, and where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.faults import EquationError, NetworkError
from grader.networks.equations.reader import LANGUAGE

PAGE = (Path(__file__).parents[4] / "docs" / "networks.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(.*)` \| (.*) \|$", PAGE.partition("## What is refused")[2], re.MULTILINE)
INPUTS = {"x": "n_in"}
PARAMETERS = {"U": "n_in x n_h", "W": "n_h x n_h", "b": "n_h", "a": "number"}


def error_of(*equations: str, **rest) -> NetworkError:
    with pytest.raises(NetworkError) as caught:
        network_of(NetworkTable(inputs=INPUTS, parameters=PARAMETERS, equations=equations, **rest))
    return caught.value


def test_the_page_has_many_errors():
    assert len(ROWS) >= 50


@pytest.mark.parametrize(("equations", "said"), ROWS, ids=[equations for equations, _ in ROWS])
def test_error_is_the_one_on_the_page(equations: str, said: str):
    found = error_of(*(one.strip() for one in equations.split(" ; "))).message
    if said.endswith("..."):
        said = said.removesuffix("an equation is made of ...") + LANGUAGE
    assert found == said


@pytest.mark.parametrize(
    ("equation", "at"),
    [
        ("h(t) = tanh(U @ x(t) + b)", "U"),
        ("h(t) = tanh(U.T@x(t) + W*h(t-1))", "W"),
        ("h(t)   =  tanh(b +  h(t-40))", "t-40"),
        ("h(t) = b + Wh", "Wh"),
        ("h(t) = b [0]", "["),
        ("h(t) = b - c\u1d40 * b", "\u1d40"),
        ("h(t) =\n  b +\n  Wh", "Wh"),
        ("h(t) = tanh(b", "(b"),
        ("h(t) = b ** 0.5", "0.5"),
        ("h(t) = part(b, 3, 2)", "part"),
    ],
)
def test_caret_stands_under_what_is_meant(equation: str, at: str):
    error = error_of(equation)
    assert isinstance(error, EquationError)
    first, text, caret = str(error).split("\n")
    assert first == error.message
    assert text[caret.index("^") :].startswith(at)
    assert caret.strip() == "^"


def test_what_stands_twice_gets_no_caret_at_the_wrong_place():
    error = error_of("h(t) = tanh(U @ x(t)) + sigmoid(U @ x(t))")
    assert not isinstance(error, EquationError)
    assert "h(t) = tanh(U @ x(t)) + sigmoid(U @ x(t)): in U @ x(t), U is n_in x n_h" in str(error)


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"inputs": {"x": "n_in x 2"}}, "inputs.x", "x is a matrix; at each step it is a vector or a number"),
        ({"inputs": {"b": "n_in"}}, "parameters.b", "b is an input and a parameter"),
        ({"inputs": {"step": "n"}}, "inputs.step", "'step' has a meaning of its own; take another name"),
        ({"inputs": {"x y": "n"}}, "inputs.x y", "is no name"),
        ({"inputs": {"x": "n x m x k"}}, "inputs.x", "'n x m x k' is no shape"),
        ({"inputs": {"x": "n - 1"}}, "inputs.x", "is no shape"),
        ({"inputs": {"x": "0"}}, "inputs.x", "is no shape"),
        ({"inputs": {"x": "1" * 100}}, "inputs.x", "is no shape"),
        ({"parameters": {"b": "2*(n"}}, "parameters.b", "is no shape"),
        ({"equations": ()}, "equations", "a network has at least one equation"),
        ({"equations": ("h(t) = b",) * 61}, "equations", "61 equations; at most 60 are read"),
        ({"start": {"k": "0"}}, "start.k", "k is no variable of this network"),
        ({"start": {"h": "h(T)"}}, "equations", "h needs h of all steps, and h needs h"),
        ({"start": {"h": "a0 +"}}, "start.h", "this does not read as an equation"),
        ({"start": {"h": "sign"}}, "start.h", "sign has a meaning of its own"),
        ({"start": {"h": "x(1)"}, "equations": ("h(t) = b + h(t-1)",)}, "start.h", "h is a vector of n_h"),
        ({"output": ("g",)}, "output", "g is no variable of this network"),
        ({"output": ("h", "h")}, "output", "h stands there twice"),
        ({"output": "hh"}, "output", "hh is no variable of this network; did you mean h?"),
        ({"sizes": {"g": "n_h"}}, "sizes.g", "g is no variable of this network"),
        ({"sizes": {"h": "n_h x n_h"}}, "sizes.h", "h is a matrix"),
        (
            {"sizes": {"h": "n_in"}, "equations": ("h(t) = b",)},
            "equations[0]",
            "the right side is a vector of n_h, h is a vector of n_in",
        ),
        ({"words": {"g": "the gate"}}, "words.g", "g is no variable of this network"),
        (
            {"equations": ("h(t) = " + "b + " * 130 + "b",)},
            "equations[0]",
            "characters; at most 500 are read",
        ),
    ],
)
def test_every_key_of_the_table_is_checked(changes, key: str, said: str):
    table = {"inputs": INPUTS, "parameters": PARAMETERS, "equations": ("h(t) = tanh(b + h(t-1))",)}
    with pytest.raises(NetworkError) as caught:
        network_of(NetworkTable(**table | changes))
    assert said in caught.value.message
    assert caught.value.key == key


@pytest.mark.parametrize("start", [0, 0.5, "1", "h0", "tanh(b)", "a", "b / 2"])
def test_a_start_is_a_number_a_name_or_an_expression(start):
    table = NetworkTable(
        inputs=INPUTS, parameters=PARAMETERS, equations=("h(t) = tanh(b + h(t-1))",), start={"h": start}
    )
    network = network_of(table)
    assert network.start_arguments == (("h0",) if start == "h0" else ())
    assert list(network.weights) == list(PARAMETERS)


@pytest.mark.parametrize(("output", "found"), [((), ("z",)), (("g", "h"), ("g", "h")), ("g", ("g",))])
def test_the_last_variable_is_put_out_unless_others_are_named(output, found):
    equations = ("h(t) = tanh(b + h(t-1))", "g(t) = 2 * h(t)", "z(t) = g(t) + h(t)")
    table = NetworkTable(inputs=INPUTS, parameters={"b": "n_h"}, equations=equations, output=output)
    assert network_of(table).output == found


def test_a_further_argument_has_the_shape_of_its_variable():
    table = NetworkTable(
        inputs=INPUTS,
        parameters=PARAMETERS,
        equations=("h(t) = tanh(b + h(t-1))", "s(t) = a * s(t-1)"),
        start={"h": "h0", "s": "s0"},
        sizes={"s": "number"},
    )
    network = network_of(table)
    assert network.parameters["h0"] == network.parameters["b"]
    assert network.parameters["s0"] == ()
    assert list(network.parameters)[-2:] == ["h0", "s0"]


@pytest.mark.parametrize(
    "equations",
    [
        ("h(t) = tanh(g(t) * W @ h(t-1))", "g(t) = sigmoid(x(t) @ x(t))"),
        ("h(t) = tanh((g(t) * W) @ h(t-1))", "g(t) = sigmoid(x(t) @ x(t))"),
        ("h(t) = tanh(a * W @ h(t-1) / 2)",),
        ("h(t) = tanh(W @ (g(t) * h(t-1)))", "g(t) = k(t) ** 2", "k(t) = x(t) @ x(t)"),
    ],
)
def test_a_number_times_a_matrix_is_no_vector_times_a_matrix(equations):
    """Also where it is known to be a number only from an equation further down."""
    network = network_of(NetworkTable(inputs=INPUTS, parameters=PARAMETERS, equations=equations))
    assert network.shapes["h"] == network.parameters["b"]
    assert network.shapes.get("g", ()) == ()


@pytest.mark.parametrize("outer", ["-{}", "tanh({})", "part({}, 1, 1)", "a * ({})", "({}) + x(t)"])
def test_each_operation_is_one_of_sixty_levels(outer: str):
    fits, exceeds = (f"h(t) = {outer.format('-' * levels + 'x(t)')}" for levels in (59, 60))
    network_of(NetworkTable(inputs=INPUTS, parameters={"a": "number"}, equations=(fits,)))
    assert "nested too deeply" in error_of(exceeds).message
