"""What is drawn of a network, against what its equations say in words."""

from __future__ import annotations

import pytest

from grader.networks.drawn import MOST_ENTRIES, DrawnRun, unrolled, value_row
from grader.networks.equations.network import network

PARAMETERS = {"U": "n x m", "W": "n x n", "b": "n", "V": "k x n", "c": "k"}
ELMAN = ["h(t) = tanh(U @ x(t) + W.T @ h(t-1) + b)", "y(t) = V @ h(t) + c"]
U, W, V = [[1, 2], [3, 4], [5, 6]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0, 2]]


def made(equations, parameters=PARAMETERS, **declared):
    used = {name: shape for name, shape in parameters.items() if any(name in one for one in equations)}
    return network({"inputs": {"x": "m"}, "parameters": used, "equations": equations, **declared})


def rows(width, count=9):
    return [[10 * t + i for i in range(width)] for t in range(1, count + 1)]


def run(wrong=("y", 6), values=None, parameters=None, right=()):
    own = {"x": rows(2), "h": rows(3), "y": rows(1)} if values is None else values
    return DrawnRun(own, {"U": U, "W": W, "V": V} if parameters is None else parameters, wrong, right)


def links(drawing):
    return {(link.source, link.target, link.lag): (link.by, link.numbers) for link in drawing.links}


def test_edges_are_those_of_the_equations_with_the_numbers_that_multiply():
    drawing = unrolled(made(ELMAN), run())
    turned = [[1, 4, 7], [2, 5, 8], [3, 6, 9]]
    assert links(drawing) == {
        ("x", "h", 0): ("U", U),
        ("h", "h", 1): ("W^T", turned),
        ("h", "y", 0): ("V", V),
    }
    assert drawing.layers == ["x", "h", "y"]
    assert drawing.left_out == []


@pytest.mark.parametrize(("last", "first"), [(1, 1), (3, 1), (4, 1), (5, 2), (9, 6)])
def test_up_to_four_steps_end_with_the_wrong_one(last, first):
    """Three layers at four steps are twelve nodes; what is remembered is shown at the step before too."""
    known = [("x", 1), ("h", 4), ("y", last), ("h", last + 1), ("z", last)]
    drawing = unrolled(made(ELMAN), run(("y", last), right=known))
    assert (drawing.first_step, drawing.wrong) == (first, f"y({last})")
    for name, width in (("x", 2), ("h", 3), ("y", 1)):
        assert drawing.values[name] == [[10 * t + i for i in range(width)] for t in range(first, last + 1)]
    before = [10 * (first - 1) + i for i in range(3)] if first > 1 else [0, 0, 0]
    assert drawing.before == {"h": before}
    assert drawing.right == [
        f"{name}({t})" for name, t in known if first <= t <= last and name in ("x", "h", "y")
    ]


@pytest.mark.parametrize(("layers", "steps"), [(4, 4), (5, 3), (6, 2)])
def test_of_more_layers_fewer_steps_are_drawn(layers, steps):
    """At most sixteen nodes."""
    equations = ["a1(t) = tanh(x(t))", *(f"a{i}(t) = tanh(a{i - 1}(t))" for i in range(2, layers))]
    drawing = unrolled(made(equations), run((f"a{layers - 1}", 9), {"x": rows(2)}))
    assert len(drawing.layers) == layers
    assert len(drawing.values["x"]) == steps


def test_what_is_not_known_is_left_open():
    values = {"x": [[1, 2], None], "h": [None, [1, 2, 3]]}
    drawing = unrolled(made(ELMAN), run(("y", 3), values, {}))
    assert drawing.values == {
        "x": [[1, 2], None, None],
        "h": [None, [1, 2, 3], None],
        "y": [None, None, None],
    }
    assert drawing.before == {"h": [0, 0, 0]}
    assert all(link.numbers == [] for link in drawing.links)
    empty = unrolled(made(ELMAN), run(("y", 1), {}, {}))
    assert empty.before == {"h": None}


@pytest.mark.parametrize(
    ("start", "before"), [({"h": "h0"}, [7, 8, 9]), ({"h": "2 * b"}, None), ({}, [0, 0, 0])]
)
def test_a_start_that_was_given_is_shown(start, before):
    parameters = {"U": U, "W": W, "V": V, "h0": [[7, 8, 9]]}
    one = made(ELMAN, start=start, arguments={"h0": "n"} if "h0" in start.values() else {})
    assert unrolled(one, run(("y", 2), parameters=parameters)).before == {"h": before}
    assert unrolled(one, run(("y", 6), parameters=parameters)).before == {"h": [20, 21, 22]}


def test_a_stack_has_its_columns_or_rows_by_their_numbers():
    z = "stack(s(t), x(t), h(t-1))"
    A = [[1, 2, 3, 4, 5, 6]] * 3
    values = {"x": rows(2), "h": rows(3), "s": rows(1)}
    given = {"parameters": {"A": "n x 1 + m + n"}, "inputs": {"x": "m", "s": "number"}}
    one = network({"equations": [f"h(t) = tanh(A @ {z})"], **given})
    found = links(unrolled(one, run(("h", 6), values, {"A": A})))
    assert found == {
        ("s", "h", 0): ("A, column 1", [[1]] * 3),
        ("x", "h", 0): ("A, columns 2-3", [[2, 3]] * 3),
        ("h", "h", 1): ("A, columns 4-6", [[4, 5, 6]] * 3),
    }
    turned = {**given, "parameters": {"A": "1 + m + n x n"}}
    B = [[i] * 3 for i in range(1, 7)]
    other = network({"equations": [f"h(t) = tanh({z} @ A)"], **turned, "sizes": {"h": "n"}})
    found = links(unrolled(other, run(("h", 6), values, {"A": B})))
    assert found == {
        ("s", "h", 0): ("A, row 1", [[1] * 3]),
        ("x", "h", 0): ("A, rows 2-3", [[2] * 3, [3] * 3]),
        ("h", "h", 1): ("A, rows 4-6", [[4] * 3, [5] * 3, [6] * 3]),
    }
    unknown = links(unrolled(one, run(("h", 6), {"x": rows(2), "h": rows(3)}, {"A": A})))
    assert {key: by for key, (by, _) in unknown.items()} == dict.fromkeys(found, "A")
    assert all(numbers == [] for _, numbers in unknown.values())


@pytest.mark.parametrize(("columns", "is_shown"), [(MOST_ENTRIES // 3, True), (MOST_ENTRIES // 3 + 1, False)])
def test_a_large_matrix_is_named_without_its_numbers(columns, is_shown):
    large = [list(range(columns))] * 3
    found = links(unrolled(made(ELMAN), run(parameters={"U": large})))
    assert found["x", "h", 0] == ("U", large if is_shown else [])


def test_a_factor_beside_a_matrix_is_one_edge_and_one_without_is_none():
    """A gate acts entry by entry: h(t-1) comes once by its matrix, and not once more without one."""
    gated = [
        "g(t) = sigmoid(W @ h(t-1))",
        "h(t) = g(t) * h(t-1) + tanh(U @ x(t) + W @ (g(t) * h(t-1)))",
    ]
    found = links(unrolled(made(gated), run(("h", 6), {})))
    assert {key: by for key, (by, _) in found.items()} == {
        ("h", "g", 1): "W",
        ("g", "h", 0): "W",
        ("h", "h", 1): "W",
        ("x", "h", 0): "U",
    }
    two = ["h(t) = tanh(U @ x(t) + W @ h(t-1) + W.T @ h(t-1))"]
    drawing = unrolled(made(two), run(("h", 6)))
    assert sorted(link.by for link in drawing.links) == ["U", "W", "W^T"]
    weighted = ["h(t) = b * h(t-1) + U @ x(t)", "y(t) = 2 * b * h(t)"]
    found = links(unrolled(made(weighted), run(("y", 6), parameters={"b": [[1, 2, 3]]})))
    assert found["h", "h", 1] == ("b", [[1, 2, 3]])
    assert found["h", "y", 0] == ("2 * b", [])


def test_of_more_than_six_layers_those_between_are_left_out_and_their_edges_joined():
    """a3 and a5 are neither given nor remembered nor put out; a4 is, and the last is where it goes wrong."""
    equations = [
        "a1(t) = tanh(U @ x(t))",
        "a2(t) = tanh(a1(t) + a2(t-1))",
        "a3(t) = tanh(a2(t-2) + a4(t-1))",
        "a4(t) = tanh(a3(t))",
        "a5(t) = tanh(a4(t))",
        "y(t) = tanh(a5(t))",
    ]
    drawing = unrolled(made(equations, sizes={"a2": "n", "a4": "n"}), run(("a5", 6), {}))
    assert drawing.left_out == ["a1", "a3"]
    assert drawing.layers == ["x", "a2", "a4", "a5", "y"]
    found = {(link.source, link.target, link.lag) for link in drawing.links}
    assert found == {
        ("x", "a2", 0),
        ("a2", "a2", 1),
        ("a2", "a4", 2),
        ("a4", "a4", 1),
        ("a4", "a5", 0),
        ("a5", "y", 0),
    }
    assert unrolled(made(equations, sizes={"a2": "n", "a4": "n"}), run(("z", 6), {})) is None
    remembered = [f"a{i}(t) = tanh(x(t) + a{i}(t-1))" for i in range(6)]
    sizes = {f"a{i}": "m" for i in range(6)}
    assert unrolled(made(remembered, sizes=sizes), run(("a1", 6), {})) is None
    assert (
        unrolled(made(remembered[:5], sizes={f"a{i}": "m" for i in range(5)}), run(("a1", 6), {})) is not None
    )


def test_one_value_for_all_steps_is_not_drawn():
    equations = ["q = W @ b", "h(t) = tanh(U @ x(t) + q * h(t-1))"]
    drawing = unrolled(made(equations), run(("h", 6)))
    assert drawing.layers == ["x", "h"]
    assert set(links(drawing)) == {("x", "h", 0), ("h", "h", 1)}


def test_a_value_is_one_row():
    assert value_row((1, 2), float) == [1.0, 2.0]
    assert value_row(3, str) == ["3"]
