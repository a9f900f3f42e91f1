"""Which design questions can be asked: each limit just inside and just outside."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest

from grader.kinds.design import PARITY, SIGMOID, STEP_UNITS
from grader.kinds.design.key import without
from grader.kinds.design.question import DesignParams, Task, asks, task_of

SILENT = {"inputs": {"x": "number"}, "sizes": {"y": "number"}, "equations": ["y(t) = 0 * x(t)"]}


def asked(base=PARITY, **changed) -> Task:
    return task_of(msgspec.convert({**base, **changed}, DesignParams, dec_hook=lambda _, value: value))


def network(*equations, inputs=None, parameters=None, **more):
    return {
        "inputs": inputs or {"x": "n_in"},
        "parameters": parameters or {"U": "n_h x n_in", "W": "n_h x n_h", "b": "n_h", "V": "n_out x n_h"},
        "equations": list(equations),
        **more,
    }


def refused(said, base=PARITY, **changed):
    with pytest.raises(msgspec.ValidationError, match=said):
        asked(base, **changed)


STATE = {"state": "only", "next": ["only", "only"], "output": [0, 1]}


@pytest.mark.parametrize("count", [1, 2, 64])
def test_up_to_64_letters_are_asked(count):
    letters = asked(alphabet={"x": list(range(count))}, target=SILENT).letters
    assert letters == tuple({"x": (Fraction(i),)} for i in range(count))


@pytest.mark.parametrize(
    ("alphabet", "said"),
    [
        ({"x": list(range(65))}, "1 to 64"),
        ({"x": []}, "1 to 64"),
        ({}, "found nothing"),
        ({"x": [0, 1], "z": [0, 1]}, "found x, z"),
        ({"x": ["1/2", 0.5]}, "twice"),
        ({"x": [[0, 1], [0]]}, "found 1 numbers, wanted 2"),
        ({"x": [[0], [0, 1]]}, "found 2 numbers, wanted 1"),
        ({"x": [0, True]}, "found True"),
        ({"x": [0, None]}, "found None"),
        ({"x": [[[0]], [[1]]]}, "wanted a number"),
        ({"x": [0, "a"]}, "alphabet: x"),
    ],
)
def test_an_alphabet_has_each_input_letter_by_letter(alphabet, said):
    refused(said, alphabet=alphabet)


def test_two_inputs_are_read_together():
    """The second input has the size of the first one, and a number is no vector."""
    inputs = {"x": "n_in", "z": "n_in", "s": "number"}
    own = network("h(t) = step(U @ (x(t) + z(t)) + s(t) + W @ h(t-1) + b)", "y(t) = V @ h(t)", inputs=inputs)
    table = [{**STATE, "next": ["only"] * 2}]
    alphabet = {"x": [[0, 1], [1, 1]], "z": [[0, 0], ["1/3", 2]], "s": [[4], 0.5]}
    task = asked(network=own, target=table, alphabet=alphabet)
    assert task.letters == (
        {"x": (0, 1), "z": (0, 0), "s": 4},
        {"x": (1, 1), "z": (Fraction(1, 3), 2), "s": Fraction(1, 2)},
    )
    assert (task.sizes, task.free) == ({"n_in": 2, "n_out": 1}, ("n_h",))
    for changed, said in (
        ({"z": [[0], [1]]}, "z: found 1 numbers, wanted 2"),
        ({"z": [[0, 0]]}, "as many for each input"),
        ({"s": [[1, 2], 3]}, "s: found 2 numbers, wanted one"),
        ({"s": [[], 3]}, "s: found 0 numbers, wanted one"),
    ):
        refused(said, network=own, target=table, alphabet={**alphabet, **changed})


@pytest.mark.parametrize(
    ("shape", "sizes", "is_asked"),
    [
        ("2", {}, True),
        ("3", {}, False),
        ("n", {}, True),
        ("n", {"n": 2}, True),
        ("n", {"n": 3}, False),
        ("n", {"n_h": 5}, True),
        ("2*n", {}, False),
        ("2*n", {"n": 1}, True),
        ("n + 1", {}, False),
        ("n + 1", {"n": 1}, True),
        ("n + m", {"n": 1}, False),
    ],
)
def test_the_size_of_an_input_is_read_off_the_letters_only_if_it_is_one_name(shape, sizes, is_asked):
    own = network(
        "h(t) = step(U @ x(t) + b)",
        "y(t) = step(V @ h(t))",
        inputs={"x": shape},
        parameters={
            "U": f"n_h x {shape}" if "+" not in shape else f"n_h x ({shape})",
            "b": "n_h",
            "V": "1 x n_h",
        },
    )
    table = [{"state": "a", "next": ["a"] * 3, "output": [0, 0, 1]}]
    changed = {"network": own, "target": table, "sizes": sizes, "alphabet": {"x": [[0, 1], [1, 0], [1, 1]]}}
    if is_asked:
        assert asked(**changed).letters[1] == {"x": (1, 0)}
    else:
        refused("alphabet: x: ", **changed)


@pytest.mark.parametrize(("value", "is_asked"), [(0, False), (1, True), (64, True), (65, False)])
def test_sizes_are_from_1_to_64(value, is_asked):
    if is_asked:
        task = asked(sizes={"n_h": value})
        assert (task.sizes["n_h"], task.free) == (value, ())
    else:
        refused(f"n_h is {value}; wanted 1 to 64", sizes={"n_h": value})


@pytest.mark.parametrize(
    ("credit", "is_asked"), [("0", True), ("99/100", True), ("1", False), ("-1/100", False)]
)
def test_a_slip_earns_less_than_all(credit, is_asked):
    if is_asked:
        asked(slip_credit=Fraction(credit))
    else:
        refused("a share from 0 to below 1", slip_credit=Fraction(credit))


SMOOTH = SIGMOID["network"]
HIDDEN = "h(t) = sigmoid(U @ x(t) + W @ h(t-1) + b)"


@pytest.mark.parametrize(
    ("equations", "threshold", "is_asked"),
    [
        ([HIDDEN, "y(t) = sigmoid(V @ h(t) + c)"], None, False),
        ([HIDDEN, "y(t) = V @ h(t) + c"], None, False),
        ([HIDDEN, "y(t) = sigmoid(V @ h(t) + c)"], "1/2", True),
        ([HIDDEN, "y(t) = step(V @ h(t) + c)"], None, True),
        ([HIDDEN, "y(t) = relu(V @ h(t) + c)"], None, False),
        (["h(t) = relu(U @ x(t) + W @ h(t-1) + b)", "y(t) = V @ h(t) + c"], None, True),
        (["h(t) = mod(U @ x(t) + W @ h(t-1) + b, 2)", "y(t) = V @ h(t) + c"], None, True),
        (["h(t) = mod(U @ x(t) + W @ h(t-1) + b, 2)", "y(t) = tanh(V @ h(t) + c)"], 0, False),
        (["h(t) = step(U @ x(t) + W @ h(t-1) + b) / 2", "y(t) = V @ h(t) + c"], None, True),
        (["h(t) = step(U @ x(t) + W @ h(t-1) + b) / c", "y(t) = V @ h(t) + c"], None, True),
        (["h(t) = step(U @ x(t) + W @ h(t-1) + b) / h(t-1)", "y(t) = V @ h(t) + c"], None, False),
        (["h(t) = step(U @ x(t) + W @ h(t-1) + b)", "y(t) = exp(V @ h(t) + c)"], None, False),
        (
            ["h(t) = step(U @ x(t) + W @ h(t-1) + b)", "z = h(T) + b", "y(t) = V @ h(t) + c + 0 * (V @ z)"],
            None,
            False,
        ),
    ],
)
def test_networks_are_asked_that_can_be_decided_on(equations, threshold, is_asked):
    own = {**STEP_UNITS, "equations": equations, "output": ["y"]}
    if any("/ c" in one for one in equations):
        own = {**own, "parameters": {**STEP_UNITS["parameters"], "c": "number"}}
    changed = {"network": own, "threshold": threshold}
    if is_asked:
        assert asked(**changed).is_smooth == ("sigmoid" in equations[0])
    else:
        refused("network|threshold", **changed)


def test_each_of_two_smooth_outputs_is_read_at_a_step_or_a_threshold():
    own = {**STEP_UNITS, "equations": [HIDDEN, "y(t) = step(V @ h(t) + c)", "z(t) = sigmoid(V @ h(t))"]}
    table = [{**STATE, "output": [[0, 0], [1, 1]]}]
    both = {"network": {**own, "output": ["y", "z"]}, "target": table, "sizes": {"n_out": 1}}
    refused("threshold", **both)
    assert asked(**both, threshold=0.5).outputs == {"y": 1, "z": 1}
    assert asked(**both, threshold="1/3").threshold == Fraction(1, 3)


def test_a_network_without_parameters_is_no_question():
    own = network("y(t) = step(x(t))", inputs={"x": "1"})
    refused("no parameters", network={**own, "parameters": {}})


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ([STATE], None),
        ([{**STATE, "output": [[0], [1]]}], None),
        ([STATE, STATE], "one row for each state"),
        ([], "one row for each state"),
        ([{**STATE, "next": ["only"]}], "for each of the 2 letters"),
        ([{**STATE, "next": ["only"] * 3}], "for each of the 2 letters"),
        ([{**STATE, "output": [0]}], "for each of the 2 letters"),
        ([{**STATE, "output": [0, 1, 1]}], "for each of the 2 letters"),
        ([{**STATE, "next": ["only", "other"]}], "next has 'other'"),
        ([{**STATE, "output": [0, [0, 1]]}], "the same number of entries"),
        ([{**STATE, "output": [0, "one"]}], "output"),
        ([{**STATE, "start": True}], "start"),
    ],
)
def test_a_table_has_a_row_for_each_state_and_an_entry_for_each_letter(table, said):
    if said is None:
        moves = asked(target=table).target.moves(0)
        assert (moves.states, moves.outputs) == ((0, 0), ((0,), (1,)))
    else:
        refused(said, target=table)


def test_states_of_a_table_are_found_by_their_names():
    rows = [
        {"state": "a", "next": ["c", "b"], "output": [0, 1]},
        {"state": "b", "next": ["a", "b"], "output": ["1/2", 1]},
        {"state": "c", "next": ["b", "c"], "output": [3, 4]},
    ]
    target = asked(target=rows).target
    assert [target.moves(state).states for state in range(3)] == [(2, 1), (0, 1), (1, 2)]
    assert target.moves(1).outputs == ((Fraction(1, 2),), (1,))


@pytest.mark.parametrize(
    ("equations", "said"),
    [
        (["y(t) = x(t+1)"], "later"),
        (["y(t) = sigmoid(x(t))"], "sigmoid has no exact value"),
        (["y(t) = 1 / x(t)"], "target"),
        (["y(t) = stack(x(t), x(t))"], "2 outputs where y has 1"),
    ],
)
def test_a_target_runs_exactly_and_has_the_outputs_of_the_network(equations, said):
    own = {**SILENT, "equations": equations, "sizes": {}}
    refused(said, target=own, sizes={"n_out": 1})


def two_outputs(first, second):
    """A network with outputs of these sizes."""
    return {
        "inputs": {"x": "n_in"},
        "parameters": {"U": "n_h x n_in", "V": f"({first}) x n_h", "A": f"({second}) x n_h"},
        "equations": ["h(t) = step(U @ x(t))", "y(t) = V @ h(t)", "z(t) = A @ h(t)"],
        "output": ["y", "z"],
    }


@pytest.mark.parametrize(
    ("first", "second", "sizes", "width", "outputs"),
    [
        ("n", "m", {"n": 2, "m": 1}, 3, {"y": 2, "z": 1}),
        ("n", "m", {"n": 2}, 3, None),
        ("n + 1", "2*n", {"n": 2}, 7, {"y": 3, "z": 4}),
        ("n", "1", {"n": 4}, 5, {"y": 4, "z": 1}),
    ],
)
def test_a_table_says_the_outputs_of_all_variables_together(first, second, sizes, width, outputs):
    own = two_outputs(first, second)
    table = [{**STATE, "output": [[0] * width, [1] * width]}]
    if outputs is None:
        refused("1 outputs where the network has 2", network=own, target=table, sizes=sizes)
    else:
        assert asked(network=own, target=table, sizes=sizes).outputs == outputs


@pytest.mark.parametrize(
    ("size", "sizes", "width", "found"),
    [
        ("n", {}, 3, 3),
        ("n", {"n": 3}, 3, 3),
        ("n", {"n": 2}, 3, None),
        ("2*n", {}, 4, None),
        ("n + 1", {}, 4, None),
        ("n + 1", {"n": 3}, 4, 3),
        ("2*n", {"n": 2}, 4, 2),
        ("2*n", {"n": 4}, 4, None),
    ],
)
def test_the_size_of_an_output_follows_from_the_target_if_it_is_one_name(size, sizes, width, found):
    own = {
        "inputs": {"x": "n_in"},
        "parameters": {"U": "n_h x n_in", "V": f"({size}) x n_h"},
        "equations": ["h(t) = step(U @ x(t))", "y(t) = V @ h(t)"],
    }
    table = [{**STATE, "output": [[0] * width, [1] * width]}]
    if found is None:
        refused(f"target: it has {width} outputs where y has", network=own, target=table, sizes=sizes)
    else:
        task = asked(network=own, target=table, sizes=sizes)
        assert (task.sizes["n"], task.outputs) == (found, {"y": width})


def test_a_target_of_two_variables_goes_with_a_network_of_two():
    own = two_outputs("n", "m")
    made = {
        "inputs": {"x": "number"},
        "sizes": {"a": "number", "b": "2"},
        "equations": ["a(t) = x(t)", "b(t) = stack(x(t), 1 - x(t))"],
        "output": ["b", "a"],
    }
    task = asked(network=own, target=made)
    assert (task.outputs, task.sizes) == ({"y": 2, "z": 1}, {"n_in": 1, "n": 2, "m": 1})
    assert task.target.moves(0).outputs == ((0, 1, 0), (1, 0, 1))
    refused("2 outputs where the network has 1", target=made)


@pytest.mark.parametrize("width", [1, 2, 3])
def test_the_blank_question_wants_zeros_throughout(width):
    own = {**STEP_UNITS, "parameters": {**STEP_UNITS["parameters"], "V": f"{width} x n_h", "c": f"{width}"}}
    table = {**PARITY, "network": own, "target": [{**STATE, "output": [[0] * width, [1] * width]}]}
    params = msgspec.convert(table, DesignParams)
    blank = without(table, params)
    assert blank["network"] == table["network"]
    moves = asked(blank).target.moves(0)
    assert (moves.states, moves.outputs) == ((0, 0), ((0,) * width,) * 2)
    assert (blank["target"][0]["output"] == [0, 0]) is (width == 1)
    assert asks(params).fields == ("U", "W", "b", "V", "c")
