"""What holds for the known mistakes in every network that comes along."""

from __future__ import annotations

import functools
import itertools
import re
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.library import library_names, library_network
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.declared import Other
from grader.networks.mutants.edit import Edit, EditsCollideError
from grader.networks.mutants.mutant import Mutant, apply, go_together
from grader.networks.running.compiled import compiled

# One without parameters is a target for weights that a student designs: nobody computes it.
LIBRARY = {
    name: network
    for name in library_names()
    if (network := network_of(library_network(name).network)).parameters
}
LONGEST = 200
# Names that only the grader has: of functions that nobody writes, and of values computed for a mistake alone.
INTERNAL = r"halftanh|relu|identity|fed-back|mirrored|fitted|first-row|diagonal\(|_pre|_fed|_given|positive"


@functools.cache
def known(name: str) -> dict[str, Mutant]:
    network = LIBRARY[name]
    return {one.id: one for one in mutants(network, "by-hand", 2) + mutants(network, "as-code", 2)}


def drawn(network: Network, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    draw = np.random.default_rng(seed)
    shapes = (*network.inputs.values(), *network.parameters.values())
    names = sorted({name for shape in shapes for size in shape for name in size.names})
    sizes = {name: 2 + (place + seed) % 3 for place, name in enumerate(names)}

    def values(shape: Any) -> Any:
        return draw.uniform(-1.5, 1.5, tuple(size.at(sizes) for size in shape) or (1,))

    inputs = {name: np.stack([values(shape) for _ in range(6)]) for name, shape in network.inputs.items()}
    return inputs, {name: values(shape) for name, shape in network.parameters.items()}


def handed_in(network: Network, cases: list[tuple[dict[str, Any], dict[str, Any]]]) -> Any:
    run = compiled(network)
    with np.errstate(all="ignore"):
        given = [run(*case) for case in cases]
    return np.concatenate([np.ravel(one[name]) for one in given for name in network.output])


@pytest.mark.parametrize("name", LIBRARY)
def test_no_mistake_gives_what_is_right(name: str) -> None:
    cases = [drawn(LIBRARY[name], seed) for seed in range(2)]
    right = handed_in(LIBRARY[name], cases)
    for one in known(name).values():
        assert not np.allclose(handed_in(apply(LIBRARY[name], one), cases), right), one.id


@pytest.mark.parametrize("name", LIBRARY)
def test_the_order_of_two_mistakes_does_not_matter(name: str) -> None:
    known = mutants(LIBRARY[name], "by-hand", 2)
    together = [two for two in itertools.combinations(known, 2) if go_together(*two)]
    for k in np.random.default_rng(3).permutation(len(together))[:100]:
        one, other = together[k]
        assert made(LIBRARY[name], one, other) == made(LIBRARY[name], other, one), (one.id, other.id)


def made(network: Network, *two: Mutant) -> Network | str:
    """The network with both, its equations by name; or why there is none."""
    try:
        changed = apply(network, *two)
    except NetworkError as error:
        return str(error)
    by_name = sorted(changed.equations, key=lambda one: one.name)
    return replace(changed, equations=tuple(by_name), groups=())


@pytest.mark.parametrize("name", LIBRARY)
def test_messages_are_short_sentences_in_the_authors_words(name: str) -> None:
    for one in known(name).values():
        assert len(one.message) <= LONGEST, one.message
        assert one.message.endswith("."), one.message
        assert not re.search(INTERNAL, one.message), one.message
        assert not re.match(r"(the|an) ", one.message), one.message
        assert one.message.count("(") == one.message.count(")"), one.message


@pytest.mark.parametrize("name", LIBRARY)
def test_ids_are_told_once_and_never_sound_like_two(name: str) -> None:
    for work in ("by-hand", "as-code"):
        ids = [one.id for one in mutants(LIBRARY[name], work, 2)]  # type: ignore[arg-type]
        assert len(set(ids)) == len(ids)
        assert not any("-and-" in one for one in ids)


def test_what_is_asked_for_is_rounded_in_functions_alone() -> None:
    for network in LIBRARY.values():
        for one in mutants(network, "by-hand", 2):
            if one.kind == "digits":
                rounded = {edit.equation for edit in one.effect if edit.slot == "digits"}
                assert not rounded & set(network.output), one.id


def test_one_of_two_outputs_may_be_its_last_row_throughout() -> None:
    network = replace(LIBRARY["library/elman"], output=("h", "y"))
    inputs, parameters = drawn(network, 0)
    right = compiled(network)(inputs, parameters)
    by_id = {one.id: one for one in mutants(network, "as-code", 2)}
    wrong_network = apply(network, by_id["last-output-throughout-h"])
    wrong = compiled(wrong_network)(inputs, parameters)
    h, y = (wrong[name] for name in wrong_network.output)
    assert np.array_equal(h, np.broadcast_to(right["h"][-1:], h.shape))
    assert np.array_equal(y, right["y"])


def test_by_hand_a_gate_may_stand_for_another_gate_and_nothing_else_may() -> None:
    stands = {one.id for one in mutants(LIBRARY["library/gru"], "by-hand", 2) if "-for-" in one.id}
    assert {"n-z-for-r", "h-r-for-z"} <= stands
    assert not {"h-z-for-n", "h-r-for-n"} & stands


def test_mistakes_that_do_not_reach_what_is_asked_are_none() -> None:
    asked_hidden = replace(LIBRARY["library/elman"], output=("h",))
    for one in mutants(asked_hidden, "by-hand", 2):
        assert one.start or {edit.equation for edit in one.effect} - {"y"}, one.id


def test_a_name_of_the_authors_is_never_taken_for_a_value_of_a_mistake() -> None:
    table = {
        "inputs": {"x": "n"},
        "parameters": {"W": "n x n", "h_pre": "n"},
        "equations": ["h(t) = tanh(W @ h(t-1) + x(t) + h_pre)"],
    }
    network = network_of(msgspec.convert(table, NetworkTable))
    assert "h-fed-back-before-tanh" not in {one.id for one in mutants(network, "by-hand", 2)}


LSTM = library_network("library/lstm").network
LSTM_FORGET = "f(t) = sigmoid(Wf @ x(t) + Uf @ h(t-1) + bf)"
COUPLED = {"id": "coupled", "equations": ["f(t) = 1 - i(t)"], "message": "f is not 1 - i."}


def with_mistake(table: dict[str, Any]) -> Network:
    text = {
        "inputs": LSTM.inputs,
        "parameters": LSTM.parameters,
        "equations": LSTM.equations,
        "output": LSTM.output,
        "mistake": [table],
    }
    return network_of(msgspec.convert(text, NetworkTable))


def test_an_authors_own_mistake_is_known_and_comes_first() -> None:
    first = mutants(with_mistake(COUPLED), "by-hand", 2)[0]
    assert (first.id, first.message) == ("coupled", "f is not 1 - i.")


def test_an_author_may_name_a_general_mistake() -> None:
    table = {
        "id": "no-tanh",
        "mutant": "h-linear-for-tanh-c-t",
        "message": "To {places} places: o times tanh.",
    }
    network = with_mistake(table)
    first = mutants(network, "by-hand", 3)[0]
    assert (first.id, first.message) == ("no-tanh", "To 3 places: o times tanh.")
    assert "h-linear-for-tanh-c-t" not in {one.id for one in mutants(network, "by-hand", 3)}


@pytest.mark.parametrize(
    ("equation", "told"),
    [
        ("k(t) = 1", "mistake coupled: k has no equation that could be changed"),
        (LSTM_FORGET, "mistake coupled: its equations are the right ones"),
        ("f(t) = 1 - q(t)", "mistake coupled: q is not declared"),
        ("f(t) = c(t)", "mistake coupled: at one and the same step"),
    ],
)
def test_an_own_mistake_that_cannot_be_is_told(equation: str, told: str) -> None:
    with pytest.raises(NetworkError, match=re.escape(told)):
        mutants(with_mistake({**COUPLED, "equations": [equation]}), "by-hand", 2)


@pytest.mark.parametrize("more", [{"equations": []}, {"mutant": "h-tanh"}])
def test_an_own_mistake_is_written_or_named_and_not_both(more: dict[str, Any]) -> None:
    told = "mistake coupled: write the equations that it changes, or in mutant a general id"
    with pytest.raises(NetworkError, match=re.escape(told)):
        mutants(with_mistake(COUPLED | more), "by-hand", 2)


@pytest.mark.parametrize(
    ("right", "other"), [("lstm", "gru"), ("gru", "gru-reset-after"), ("elman", "jordan"), ("gru", "lstm")]
)
def test_another_network_is_computed_as_if_it_were_asked(right: str, other: str) -> None:
    network, wrong = LIBRARY[f"library/{right}"], LIBRARY[f"library/{other}"]
    wrong = replace(wrong, output=wrong.output[:1])
    network = replace(network, output=network.output[:1])
    (one,) = (
        found
        for found in mutants(network, "as-code", 2, [Other(other, wrong, set(wrong.parameters))])
        if found.kind == "network"
    )
    assert not one.earns_credit
    inputs, parameters = drawn(network, 1)
    sizes = {size: 2 + (place + 1) % 3 for place, size in enumerate(sorted(_sizes(network, wrong)))}
    draw = np.random.default_rng(9)
    own = {
        name: draw.uniform(-1, 1, tuple(size.at(sizes) for size in shape))
        for name, shape in wrong.parameters.items()
    }
    renamed = {f"{name}_of_{other.replace('-', '_')}": value for name, value in own.items()}
    applied = apply(network, one)
    found = compiled(applied)(inputs, parameters | renamed)[applied.output[0]]
    np.testing.assert_allclose(found, compiled(wrong)(inputs, own)[wrong.output[0]], rtol=1e-12)


def _sizes(*networks: Network) -> set[str]:
    shapes = itertools.chain(*((*one.inputs.values(), *one.parameters.values()) for one in networks))
    return {name for shape in shapes for size in shape for name in size.names}


# The same networks in columns and in rows; v W is W^T v.
COLUMNS = ["h(t) = tanh(U.T @ x(t) + W.T @ h(t-1) + b)", "y(t) = sigmoid(V.T @ h(t) + c)"]
ROWS = ["h(t) = tanh(x(t) @ U + h(t-1) @ W + b)", "y(t) = sigmoid(h(t) @ V + c)"]
COLUMN_GATES = [
    "z(t) = sigmoid(Wz.T @ x(t) + Uz.T @ h(t-1))",
    "n(t) = tanh(Wn.T @ x(t) + Un.T @ (z(t) * h(t-1)))",
    "h(t) = (1 - z(t)) * n(t) + z(t) * h(t-1)",
]
ROW_GATES = [
    "z(t) = sigmoid(x(t) @ Wz + h(t-1) @ Uz)",
    "n(t) = tanh(x(t) @ Wn + (z(t) * h(t-1)) @ Un)",
    "h(t) = (1 - z(t)) * n(t) + z(t) * h(t-1)",
]
ELMAN_SHAPES = {"U": "n_in x n_h", "W": "n_h x n_h", "V": "n_h x n_out", "b": "n_h", "c": "n_out"}
GATE_SHAPES = {"Wz": "n_in x n_h", "Uz": "n_h x n_h", "Wn": "n_in x n_h", "Un": "n_h x n_h"}


@pytest.mark.parametrize(
    ("columns", "rows", "shapes"), [(COLUMNS, ROWS, ELMAN_SHAPES), (COLUMN_GATES, ROW_GATES, GATE_SHAPES)]
)
def test_every_mistake_in_columns_is_known_in_rows_too(
    columns: list[str], rows: list[str], shapes: dict[str, str]
) -> None:
    def network(equations: list[str]) -> Network:
        table = {"inputs": {"x": "n_in"}, "parameters": shapes, "equations": equations}
        return network_of(msgspec.convert(table, NetworkTable))

    one, other = network(columns), network(rows)
    cases = [drawn(one, seed) for seed in range(2)]
    assert np.allclose(handed_in(one, cases), handed_in(other, cases))
    known_in_rows = [handed_in(apply(other, each), cases) for each in mutants(other, "as-code", 2)]
    in_columns = {each.id: handed_in(apply(one, each), cases) for each in mutants(one, "as-code", 2)}
    unknown = [
        name
        for name, given in in_columns.items()
        if not any(np.allclose(given, found, equal_nan=True) for found in known_in_rows)
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("network", "one", "other", "told"),
    [
        (
            "library/lstm",
            "i-coupled-to-f",
            "all-activation-sigmoid-hard sigmoid",
            "the function at the root of i does not go with the replaced at the root of i: "
            "`Sum` has no field 'name'",
        ),
        (
            "library/lstm",
            "i-without-bi",
            "i-without-bi",
            "i-without-bi and i-without-bi change the same thing: i, (0, 2), presence, 0",
        ),
    ],
)
def test_mistakes_that_cannot_be_made_together_say_which_changes_collide(
    network: str, one: str, other: str, told: str
) -> None:
    made = known(network)
    with pytest.raises(EditsCollideError, match=f"^{re.escape(told)}$"):
        apply(LIBRARY[network], made[one], made[other])


def test_a_fault_of_an_operator_is_not_taken_for_two_mistakes_that_collide() -> None:
    broken = Mutant("broken", "", (Edit("h", (), "sign", lambda node: node.not_there),))
    with pytest.raises(AttributeError, match="not_there"):
        apply(LIBRARY["library/elman"], broken)
