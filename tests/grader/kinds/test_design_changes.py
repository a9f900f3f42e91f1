"""The changes under which wrong weights would be right, against what each is by its definition."""

from __future__ import annotations

import itertools
from fractions import Fraction

import msgspec
import pytest

from grader.kinds.design import PARITY, STEP_UNITS
from grader.kinds.design.changes import (
    MOST_NUMBERS,
    Delayed,
    Inverted,
    can_be_run,
    on_at_zero,
    other_networks,
    remembering,
    single_changes,
    whole_changes,
    with_strict_units,
)
from grader.kinds.design.question import DesignParams, task_of
from grader.kinds.design.weights import Weights, as_rows
from grader.networks.automaton.target import Moves, TableTarget
from grader.networks.equations.network import network
from grader.networks.equations.tree import Function, walk

ODD = TableTarget([Moves((0, 1), ((0,), (1,))), Moves((1, 0), ((1,), (0,)))])
WORDS = [word for n in range(6) for word in itertools.product((0, 1), repeat=n)]


def declared(*equations, inputs="number", sizes=(), **parameters):
    table = {"inputs": {"x": inputs}, "parameters": parameters, "sizes": dict(sizes)}
    return network({**table, "equations": list(equations)})


def outputs(target, word):
    state, found = 0, []
    for letter in word:
        moves = target.moves(state)
        state = moves.states[letter]
        found.append(moves.outputs[letter])
    return found


def test_a_target_one_step_late_gives_0_and_then_what_the_target_gave():
    late = Delayed(ODD)
    assert all(outputs(late, word) == [(0,), *outputs(ODD, word)][: len(word)] for word in WORDS)


def test_an_inverted_target_is_on_where_the_target_is_off():
    for word in WORDS:
        assert outputs(Inverted(ODD), word) == [(1 - sum(word[: t + 1]) % 2,) for t in range(len(word))]


def made_of(**numbers):
    """Weights, and their values; a number as such, a vector as a list, a matrix as lists."""
    ranks = {
        name: 0 if isinstance(one, int) else 1 + isinstance(one[0], list) for name, one in numbers.items()
    }
    rows = {
        name: one if ranks[name] == 2 else ([one] if ranks[name] else [[one]])
        for name, one in numbers.items()
    }
    exact = {name: [[Fraction(x) for x in row] for row in one] for name, one in rows.items()}
    values = {name: as_rows(one, ranks[name]) for name, one in exact.items()}
    return Weights(exact, {}, ranks), values


def test_one_number_off_is_each_number_negated_zero_a_half_or_one_more_or_less():
    """Counted out by hand: 1 has -1, 0, 2, 1/2, 3/2; 2 has -2, 0, 1, 3, 3/2, 5/2; and 0 has four."""
    weights, values = made_of(W=[[1, 2], [0, 1]], b=[2, 0], c=1)
    others = {
        1: {-1, 0, 2, Fraction(1, 2), Fraction(3, 2)},
        2: {-2, 0, 1, 3, Fraction(3, 2), Fraction(5, 2)},
        0: {-1, 1, Fraction(-1, 2), Fraction(1, 2)},
    }
    W, b = values["W"], values["b"]
    wanted = [("c", 1, {**values, "c": other}) for other in others[1]]
    for j, number in enumerate(b):
        wanted += [("b", j + 1, {**values, "b": (*b[:j], other, *b[j + 1 :])}) for other in others[number]]
    for i, j in itertools.product(range(2), repeat=2):
        for other in others[W[i][j]]:
            row = (*W[i][:j], other, *W[i][j + 1 :])
            wanted.append(("W", i + 1, {**values, "W": [*W[:i], row, *W[i + 1 :]]}))
    found = list(single_changes(weights, values))
    assert len(found) == len(wanted)
    assert all(one in found for one in wanted)
    assert [one[0] for one in found].index("W") == len(others[2]) + len(others[0]) + len(others[1])


@pytest.mark.parametrize(("count", "is_tried"), [(MOST_NUMBERS, True), (MOST_NUMBERS + 1, False)])
def test_so_many_numbers_are_tried_one_by_one_and_no_more(count, is_tried):
    found = single_changes(*made_of(b=[0] * (count - 2), V=[[1, 1]]))
    assert bool(next(found, None)) == is_tried


@pytest.mark.parametrize(
    ("equations", "exact", "smooth"),
    [
        (["h(t) = step(U * x(t) + W * h(t-1))"], True, True),
        (["h(t) = relu(U * x(t) + W * h(t-2))"], True, True),
        (["h(t) = tanh(U * x(t) + W * h(t-1))"], False, True),
        (["h(t) = exp(U * x(t) + W * h(t-1))"], False, False),
        (["z = W * x(1)", "h(t) = step(U * x(t) + z)"], False, False),
        (["h(t) = step(U * x(t) + W * x(t+1))"], False, False),
    ],
)
def test_a_network_is_run_if_it_goes_step_by_step_and_its_functions_are_decided_on(equations, exact, smooth):
    own = declared(*equations, U="number", W="number", sizes={"h": "number"})
    assert (can_be_run(own, False), can_be_run(own, True)) == (exact, smooth)


@pytest.mark.parametrize(
    ("equation", "is_on"),
    [
        ("h(t) = step(w * x(t))", True),
        ("h(t) = 1 - step(-w * x(t))", False),
        ("h(t) = 1 - relu(-w * x(t))", True),
        ("h(t) = 1 + step(-w * x(t))", True),
    ],
)
def test_a_unit_is_on_at_zero_unless_a_step_is_taken_off(equation, is_on):
    assert on_at_zero(declared(equation, w="number")) is is_on


@pytest.mark.parametrize(
    ("equations", "names"),
    [
        (["h(t) = step(U * x(t) + W * h(t-1) + b)"], ("W",)),
        (["h(t) = step(U * x(t) + W * h(t-1) + A * h(t-2) + b)"], ("W", "A")),
        (["h(t) = step(W * (U * x(t) + h(t-1)) + b)"], ("W",)),
        (["h(t) = step(W * h(t-1) + U * x(t))", "y(t) = step(W * h(t-1) - b)"], ("W",)),
        (["h(t) = step(U * x(t) + b)"], ()),
    ],
)
def test_what_is_fed_back_is_multiplied_by(equations, names):
    shapes = {"U": "n_in x n_in", "W": "n_in x n_in", "A": "n_in x n_in", "b": "n_in"}
    used = {name: shape for name, shape in shapes.items() if any(name in one for one in equations)}
    own = declared(*(one.replace("*", "@") for one in equations), inputs="n_in", **used)
    assert remembering(own) == names


@pytest.mark.parametrize(
    ("params", "weights", "wanted"),
    [
        (
            PARITY,
            {"U": [[1], [1]], "W": [[1, -1], [1, -1]], "b": [-1, -2], "V": [[1, -1]], "c": [-1]},
            {
                "on-at-threshold": 1,
                "bias-sign": ["b", "c", "b c"],
                "weights-sign": ["U", "W", "V"],
                "weights-transposed": ["W"],
                "output-one-step-late": 1,
                "output-inverted": 1,
            },
        ),
        (
            # Where units start is no bias.
            {**PARITY, "network": {**STEP_UNITS, "start": {"h": "h0"}}},
            {
                "U": [[1], [1]],
                "W": [[1, -1], [1, -1]],
                "b": [-1, -2],
                "V": [[1, -1]],
                "c": [-1],
                "h0": [1, 0],
            },
            {
                "on-at-threshold": 1,
                "bias-sign": ["b", "c", "b c"],
                "weights-sign": ["U", "W", "V"],
                "weights-transposed": ["W"],
                "output-one-step-late": 1,
                "output-inverted": 1,
            },
        ),
        (
            # One unit: a matrix of one number is its own transpose. No step, and an output that counts.
            {
                **PARITY,
                "network": {
                    **STEP_UNITS,
                    "equations": ["h(t) = U @ x(t) + W @ h(t-1)", "y(t) = V @ h(t) + c"],
                }
                | {
                    "parameters": {name: one for name, one in STEP_UNITS["parameters"].items() if name != "b"}
                },
                "target": {"inputs": {"x": "1"}, "equations": ["y(t) = y(t-1) + 2 * x(t)"]},
            },
            {"U": [[2]], "W": [[1]], "V": [[1]], "c": [3]},
            {"bias-sign": ["c"], "weights-sign": ["U", "W", "V"], "output-one-step-late": 1},
        ),
    ],
    ids=["step units", "with a start", "a sum"],
)
def test_whole_parameters_are_negated_and_turned_and_the_output_late_or_inverted(params, weights, wanted):
    task = task_of(msgspec.convert(params, DesignParams))
    given, values = made_of(**weights)
    found = {}
    for one in whole_changes(task, given, values):
        changed = [name for name in values if one.effect.values[name] != values[name]]
        found.setdefault(one.id, []).append(" ".join(changed))
        for name in changed:
            old, new = weights[name], one.effect.values[name]
            if one.id == "weights-transposed":
                assert [list(row) for row in new] == [[old[j][i] for j in range(2)] for i in range(2)]
            else:
                assert _flat(new) == [-x for x in _flat(old)]
        assert (one.effect.target is not None) == one.id.startswith("output-")
        assert (one.effect.network is not None) == (one.id == "on-at-threshold")
    assert found == {id: [""] if one == 1 else one for id, one in wanted.items()}


def _flat(value):
    return [one for row in value for one in (row if isinstance(row, tuple | list) else [row])]


@pytest.mark.parametrize(
    ("outputs", "is_binary"),
    [([0, 1], True), ([1, 1], True), ([0, 2], False), ([2, 2], False), ([-1, 0], False)],
)
def test_only_an_output_of_0_and_1_can_be_inverted(outputs, is_binary):
    table = [{"state": "a", "next": ["a", "a"], "output": outputs}]
    task = task_of(msgspec.convert({**PARITY, "target": table}, DesignParams))
    weights = {"U": [[1]], "W": [[0]], "b": [-1], "V": [[1]], "c": [-1]}
    found = [one for one in whole_changes(task, *made_of(**weights)) if one.id == "output-inverted"]
    assert len(found) == is_binary
    if is_binary:
        moves = found[0].effect.target.moves(0)
        assert (moves.states, moves.outputs) == ((0, 0), tuple((1 - one,) for one in outputs))


def test_the_output_is_late_by_a_step_of_noughts_for_each_entry():
    row = Moves((0, 0), ((Fraction(1), Fraction(2)), (Fraction(3), Fraction(4))))
    late = Delayed(TableTarget([row]))
    assert late.moves(0).outputs == ((0, 0), (0, 0))
    first, second = late.moves(0).states
    assert late.moves(first).outputs == ((1, 2), (1, 2))
    assert late.moves(second).outputs == ((3, 4), (3, 4))
    assert late.moves(second).states == (first, second)


def test_one_state_and_one_letter_are_late_and_inverted_too():
    always = TableTarget([Moves((0,), ((Fraction(1),),))])
    assert outputs(Delayed(always), (0, 0, 0)) == [(0,), (1,), (1,)]
    assert outputs(Inverted(always), (0, 0)) == [(0,), (0,)]


def test_a_unit_of_its_own_is_strict_wherever_it_stands():
    own = declared("h(t) = 2 * step(w * x(t)) - relu(step(w))", w="number", sizes={"h": "number"})
    (equation,) = with_strict_units(own).equations
    names = [node.name for _, node in walk(equation.right_side) if isinstance(node, Function)]
    assert sorted(names) == ["positive", "positive", "relu"]


def test_weights_are_tried_in_networks_that_are_as_hard():
    """An output read off the state before, or inputs late: never a unit in another function."""
    task = task_of(msgspec.convert(PARITY, DesignParams))
    found = list(other_networks(task, {}))
    assert found
    assert all(one.id == "for-another-network" for one in found)
    assert all(can_be_run(one.effect.network, False) and one.effect.network != task.network for one in found)
    assert not any("step" not in str(one.effect.network.equations) for one in found)
