"""Which questions of code can be asked, and how often and with what a function is called."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.kinds.code.question import CodeParams, arguments_of, asks, probes, runner, trials
from grader.model.value import Array, Number
from grader.networks.library import library_network

NETWORK = msgspec.to_builtins(library_network("library/elman").network)
SIZES = [{"T": 1, "n_in": 2, "n_h": 3, "n_out": 4}]


def params(**changed: Any) -> CodeParams:
    return msgspec.convert({"function": "net", "network": NETWORK, **changed}, CodeParams)


@pytest.mark.parametrize(
    ("changed", "is_sound"),
    [
        ({"atol": 0.0}, False),
        ({"atol": 1e-12}, True),
        ({"atol": 0.99}, True),
        ({"atol": 1.0}, False),
        ({"slip_credit": "-1/100"}, False),
        ({"slip_credit": "0"}, True),
        ({"slip_credit": "99/100"}, True),
        ({"slip_credit": "1"}, False),
        ({"seed": -1}, False),
        ({"seed": 0}, True),
        ({"sizes": SIZES}, True),
        ({"sizes": [{**SIZES[0], "T": 2}]}, False),
        ({"values": {"x": [1]}}, False),
        ({"function": "2net"}, False),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(changed: dict[str, Any], is_sound: bool) -> None:
    table = {"function": "net", "network": NETWORK, **changed}
    if is_sound:
        msgspec.convert(table, CodeParams, dec_hook=lambda _, text: Fraction(text))
    else:
        with pytest.raises((msgspec.ValidationError, ValueError)):
            msgspec.convert(table, CodeParams, dec_hook=lambda _, text: Fraction(text))


def test_without_more_errors_of_a_millionth_are_allowed_and_slips_earn_nothing() -> None:
    plain = params()
    assert (plain.atol, plain.seed, plain.slip_credit) == (1e-6, 0, 0)
    assert asks(plain).function == "net"


def test_each_instance_is_called_twice_by_itself() -> None:
    asked = params()
    calls = probes(asked)
    assert len(calls) == len(trials(asked))
    assert {(one.times, one.is_independent) for one in calls} == {(2, True)}


def test_a_number_is_handed_over_as_one_and_all_else_as_arrays() -> None:
    network = {
        "inputs": {"u": "number"},
        "parameters": {"k": "number", "w": "n"},
        "equations": ["s(t) = k * s(t-1) + u(t)", "h(t) = w * s(t)"],
        "start": {"s": "s0"},
        "sizes": {"s": "number"},
    }
    asked = msgspec.convert({"function": "net", "network": network}, CodeParams)
    one = trials(asked)[-1]
    u, s0, k, w = arguments_of(runner(asked).signature, one.instance)
    steps, n = one.instance.sizes["T"], one.instance.sizes["n"]
    assert isinstance(u, Array)
    assert isinstance(w, Array)
    assert (u.shape, w.shape) == ((steps,), (n,))
    assert u.data == np.ascontiguousarray(one.instance.arrays["u"][:, 0, 0]).tobytes()
    assert s0 == Number(repr(float(one.instance.arrays["s0"][0, 0])), "float")
    assert k == Number(repr(float(one.instance.arrays["k"])), "float")
