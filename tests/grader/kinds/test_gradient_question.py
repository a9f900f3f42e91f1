"""What a gradient question takes: the layout of arguments, and the numbers of work by hand."""

from __future__ import annotations

import itertools
import re
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.kinds.gradient.key import without
from grader.kinds.gradient.probing import GradientSignature, signature
from grader.kinds.gradient.question import (
    GradientParams,
    asks,
    backward,
    given_instance,
    instance_by_hand,
    probes,
    trials,
)
from grader.model.value import Array, Number
from grader.networks.backward.loss import read_loss
from grader.networks.equations.declaration import network_of

# Inputs x and u, states h and s of which h starts from an argument; the targets d and g are of each step, e
# and f of the last.
NETWORK: dict[str, Any] = {
    "inputs": {"x": "2", "u": "number"},
    "parameters": {"A": "2 x 2", "k": "number"},
    "equations": ["h(t) = A @ h(t-1) + x(t)", "s(t) = k * s(t-1) + u(t)"],
    "start": {"h": "h0"},
    "sizes": {"h": "2", "s": "number"},
}
LOSS = "sum((h - d)**2) + sum((s - g)**2) + sum((h(T) - e)**2) + sum((s(T) - f)**2)"
VALUES: dict[str, Any] = {
    "x": [[1, 2], [3, 4], [5, 6]],
    "u": [1, 2, 3],
    "d": [[0, 1], [1, 0], [2, 2]],
    "g": [3, 2, 1],
    "e": [4, 5],
    "f": 6,
    "A": [[0.5, 0], [1, 2]],
    "k": 2,
    "h0": [7, 8],
}


def by_hand(**changed: Any) -> GradientParams:
    return msgspec.convert({"network": NETWORK, "loss": LOSS, "values": VALUES | changed}, GradientParams)


def test_numbers_are_laid_out_as_one_sequence() -> None:
    found = instance_by_hand(by_hand())
    arrays = {**found.inputs, **found.targets, **found.parameters}
    shapes = {"x": (3, 1, 2), "u": (3, 1, 1), "d": (3, 1, 2), "g": (3, 1, 1), "e": (1, 2), "f": (1, 1)}
    shapes |= {"A": (2, 2), "k": (), "h0": (2,)}
    assert {name: array.shape for name, array in arrays.items()} == shapes
    for name, array in arrays.items():
        assert array.ravel().tolist() == np.ravel(VALUES[name]).tolist()


SOUND: dict[str, set[tuple[int, ...]]] = {
    "x": {(3, 2)},
    "u": {(3,)},
    "d": {(3, 2)},
    "g": {(3,)},
    "e": {(2,), (1, 2), (2, 1), (1, 1, 2), (1, 2, 1), (2, 1, 1)},
    "f": {(), (1,), (1, 1), (1, 1, 1)},
    "A": {(2, 2)},
    "k": {()},
    "h0": {(2,)},
}


@pytest.mark.parametrize("name", SOUND)
def test_numbers_of_another_shape_are_refused(name: str) -> None:
    one = backward(by_hand())
    for n in range(4):
        for shape in itertools.product((1, 2, 3, 4), repeat=n):
            values = VALUES | {name: np.ones(shape).tolist()}
            if shape in SOUND[name]:
                given_instance(one, values)
                continue
            with pytest.raises(ValueError, match=r"."):
                given_instance(one, values)


@pytest.mark.parametrize("name", [*SOUND, "q"])
def test_what_is_missing_or_unknown_is_named(name: str) -> None:
    values = {key: one for key, one in VALUES.items() if key != name} | ({"q": 1} if name == "q" else {})
    fault = "unknown" if name == "q" else "missing"
    with pytest.raises(ValueError, match=f"values.{name} is {fault};"):
        given_instance(backward(by_hand()), values)


@pytest.mark.parametrize("given", ["a", [[1, 2], [3]], None, {"a": 1}])
def test_what_is_no_table_of_numbers_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match=r"values\.A"):
        given_instance(backward(by_hand()), VALUES | {"A": given})


def test_a_sequence_of_vectors_of_one_entry_may_be_numbers() -> None:
    network = {**NETWORK, "inputs": {"x": "1"}, "parameters": {"a": "1 x 1"}, "sizes": {"h": "1"}}
    network |= {"equations": ["h(t) = a @ h(t-1) + x(t)"]}
    table = {"network": network, "loss": "sum((h(T) - e)**2)"}
    for x in ([1, 2], [[1], [2]]):
        values = {"x": x, "e": [1], "a": [[2]], "h0": [0]}
        params = msgspec.convert({**table, "values": values}, GradientParams)
        assert instance_by_hand(params).inputs["x"].tolist() == [[[1.0]], [[2.0]]]


def test_a_field_is_asked_for_each_gradient_and_no_call_is_made() -> None:
    assert asks(by_hand()).fields == ("dA", "dk", "dh0")
    assert probes(by_hand()) == ()
    some = msgspec.convert(
        {"network": NETWORK, "loss": LOSS, "values": VALUES, "asked": ["k", "h0"]}, GradientParams
    )
    assert some.names == ("k", "h0")
    assert asks(some).fields == ("dk", "dh0")


@pytest.mark.parametrize(("places", "is_sound"), [(0, False), (1, True), (8, True), (9, False)])
def test_one_to_eight_places_may_be_asked(places: int, is_sound: bool) -> None:
    table = {"network": NETWORK, "loss": LOSS, "values": VALUES, "places": places}
    if is_sound:
        assert msgspec.convert(table, GradientParams).places == places
    else:
        with pytest.raises(msgspec.ValidationError, match="wanted 1 to 8"):
            msgspec.convert(table, GradientParams)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"function": ""}, "wanted either function, or values"),
        ({"function": "f", "values": VALUES}, "wanted either function, or values"),
        ({"function": "a b"}, "is no name"),
        ({"asked": ["x"]}, "asked: x has no gradient; A, k, h0 have"),
        ({"arguments": {"q": "n"}}, "arguments: q is none; they are x, u, d, g, e, f, h0, A, k"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=re.escape(words)):
        msgspec.convert({"network": NETWORK, "loss": LOSS, "function": "f"} | changed, GradientParams)


def test_a_key_holds_zeros_of_the_same_sizes() -> None:
    check = {"kind": "gradient", "loss": LOSS, "values": VALUES, "places": 3}
    left = without(check, by_hand())
    assert left is not None
    assert {**left, "values": 0} == {**check, "values": 0}
    for name, value in VALUES.items():
        assert np.shape(left["values"][name]) == np.shape(value)
        assert not np.any(left["values"][name])
    function = msgspec.convert({"network": NETWORK, "loss": LOSS, "function": "f"}, GradientParams)
    assert without({"kind": "gradient"}, function) is None


NAMED: dict[str, Any] = {
    "inputs": {"x": "n_in", "u": "number"},
    "parameters": {"W": "n_h x n_h", "U": "n_h x n_in", "k": "number"},
    "equations": ["h(t) = tanh(W @ h(t-1) + U @ x(t) + k * u(t))", "s(t) = k * s(t-1) + u(t)"],
    "start": {"h": "h0"},
    "sizes": {"s": "number"},
}


def signed(
    arguments: dict[str, str], loss: str = "sum((h - d)**2) + sum((s(T) - f)**2)"
) -> GradientSignature:
    network = network_of(msgspec.convert(NAMED, type(by_hand().network)))
    return signature(network, read_loss(network, loss), arguments)


def test_arguments_are_inputs_targets_starts_and_parameters_as_declared() -> None:
    found = signed({})
    assert {name: (one.standard, one.own) for name, one in found.arguments.items()} == {
        "x": (("T", "N", "n_in"), ("T", "n_in")),
        "u": (("T", "N", "1"), ("T",)),
        "d": (("T", "N", "n_h"), ("T", "n_h")),
        "f": (("N", "1"), ()),
        "h0": (("n_h",), ("n_h",)),
        "W": (("n_h", "n_h"), ("n_h", "n_h")),
        "U": (("n_h", "n_in"), ("n_h", "n_in")),
        "k": ((), ()),
    }
    assert list(found.arguments) == ["x", "u", "d", "f", "h0", "W", "U", "k"]
    assert found.axes == ("T", "n_in", "n_h")


def test_arguments_that_are_listed_come_first_in_their_layout() -> None:
    own = {
        "U": "n_in x n_h",
        "d": "N x n_h x T",
        "u": "T x N x 1",
        "x": "N x T x n_in",
        "f": "N",
        "h0": "n_h x N",
    }
    found = signed(own)
    assert list(found.arguments) == [*own, "W", "k"]
    assert {name: " x ".join(one.own) for name, one in found.arguments.items() if name in own} == own
    assert found.arguments["h0"].standard == ("N", "n_h")
    assert found.arguments["f"].standard == ("N", "1")
    assert found.axes == ("N", "T", "n_in", "n_h")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"x": "n_in"}, "arguments.x: T is left out"),
        ({"x": "N x n_in", "u": "N x T", "d": "N x T x n_h"}, "arguments.x: T is left out"),
        ({"d": "n_h"}, "arguments.d: T is left out"),
        ({"x": "N x T x n_in"}, "arguments.u: N is left out"),
        ({"x": "N x T x n_in", "u": "N x T"}, "arguments.d: N is left out"),
        # A target of the last step has one row a sequence as well.
        ({"x": "N x T x n_in", "u": "N x T", "d": "N x T x n_h"}, "arguments.f: N is left out"),
        ({"f": "N"}, "arguments.x: N is left out"),
        ({"h0": "N x n_h"}, "arguments.x: N is left out"),
        ({"x": "T x n_h"}, "arguments.x: n_h is no axis of it"),
        ({"W": "N x n_h x n_h"}, "arguments.W: N is no axis of it"),
    ],
)
def test_layouts_that_do_not_go_together_are_refused(arguments: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        signed(arguments)


def test_without_more_three_places_are_asked_of_every_parameter() -> None:
    plain = msgspec.convert({"network": NETWORK, "loss": LOSS, "values": VALUES}, GradientParams)
    assert (plain.places, plain.seed, plain.names) == (3, 0, ("A", "k", "h0"))


def test_a_network_without_parameters_has_no_gradients() -> None:
    network = {"inputs": {"x": "number"}, "equations": ["s(t) = s(t-1) + x(t)"], "sizes": {"s": "number"}}
    with pytest.raises(msgspec.ValidationError, match="no parameter whose gradient could be asked"):
        msgspec.convert({"network": network, "loss": "sum(s)", "function": "f"}, GradientParams)


def test_a_function_is_called_twice_with_arrays_and_numbers() -> None:
    table = {"network": NAMED, "loss": "sum((h - d)**2)", "function": "f", "asked": ["k", "U"]}
    params = msgspec.convert(table, GradientParams)
    assert (asks(params).function, params.names) == ("f", ("k", "U"))
    assert params.signature == "f(x, u, d, h0, W, U, k)"
    calls, every = probes(params), trials(params)
    assert len(calls) == len(every) > 3
    for call, trial in zip(calls, every, strict=True):
        assert call.times == 2
        assert list(trial.right) == ["k", "U"]
        *arrays, k = call.args
        assert all(isinstance(one, Array) for one in arrays)
        assert k == Number(repr(float(trial.instance.parameters["k"])), "float")
        x = arrays[0]
        assert isinstance(x, Array)
        assert x.shape == (trial.sizes["T"], trial.sizes["n_in"])
        assert x.data == np.ascontiguousarray(trial.instance.inputs["x"][:, 0]).tobytes()
