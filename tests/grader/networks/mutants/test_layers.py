"""Mistakes between layers, directions and start values, written down as plain code, have names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import Network
from grader.networks.library import library_network
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.mutant import apply
from grader.networks.running.compiled import compiled

STACKED = """
h1, h2 = np.zeros(2), np.zeros(3)
for x in xs:
    h1 = np.tanh(U1 @ x + W1 @ h1 + b1)
    h2 = np.tanh(U2 @ h1 + W2 @ h2 + b2)
    out.append(soft(V @ h2 + c))
"""
BIDIRECTIONAL = """
h, hf, hb = np.zeros(2), [], [None] * len(xs)
for x in xs:
    h = np.tanh(Uf @ x + Wf @ h + bf)
    hf.append(h)
h = np.zeros(2)
for t in (4, 3, 2, 1, 0):
    h = hb[t] = np.tanh(Ub @ xs[t] + Wb @ h + bb)
for t in range(5):
    out.append(V @ np.concatenate([hf[t], hb[t]]) + c)
"""
LSTM = """
h, c = h0, c0
for x in xs:
    i, f, o = sig(Wi @ x + Ui @ h + bi), sig(Wf @ x + Uf @ h + bf), sig(Wo @ x + Uo @ h + bo)
    g = np.tanh(Wg @ x + Ug @ h + bg)
    c = f * c + i * g
    h = o * np.tanh(c)
    out.append(h)
"""
SIZES = {"n_in": 3, "n_h": 2, "n_out": 2, "n_1": 2, "n_2": 3}
NETWORKS = {
    name: network_of(library_network(f"library/{name}").network) for name in ("stacked", "bidirectional")
}
NETWORKS["lstm"] = network_of(
    replace(library_network("library/lstm").network, start={"h": "h0", "c": "c0"}, output=("h",))
)
CODE = {"stacked": STACKED, "bidirectional": BIDIRECTIONAL, "lstm": LSTM}
# The network, the id, and what is written in the place of what is right.
MISTAKES = [
    ("stacked", "all-drop-term-recurrent-in-all-layers", [(" + W1 @ h1", ""), (" + W2 @ h2", "")]),
    ("stacked", "all-drop-term-bias-in-all-layers", [(" + b1", ""), (" + b2", "")]),
    ("stacked", "all-drop-term-bias", [(" + b1", ""), (" + b2", ""), (" + c", "")]),
    ("stacked", "all-activation-tanh-sigmoid-in-all-layers", [("np.tanh(", "sig(")]),
    ("stacked", "all-transpose-recurrent-in-all-layers", [("W1 @", "W1.T @"), ("W2 @", "W2.T @")]),
    ("stacked", "y-tanh", [("soft(", "np.tanh(")]),
    ("bidirectional", "y-hf-for-hb", [("hb[t]])", "hf[t]])")]),
    ("bidirectional", "y-hb-for-hf", [("[hf[t]", "[hb[t]")]),
    ("bidirectional", "y-hb-zero", [("hb[t]])", "0 * hb[t]])")]),
    ("bidirectional", "hf-last-throughout", [("[hf[t]", "[hf[4]")]),
    ("bidirectional", "hf-hb-last-throughout", [("[hf[t]", "[hf[4]"), ("hb[t]])", "hb[0]])")]),
    ("bidirectional", "hb-goes-on-from-hf", [("h = np.zeros(2)\nfor t", "for t")]),
    ("bidirectional", "Uf-Wf-bf-for-Ub-Wb-bb", [("Ub @", "Uf @"), ("Wb @", "Wf @"), ("+ bb", "+ bf")]),
    ("bidirectional", "Wf-for-Wb", [("Wb @", "Wf @")]),
    (
        "bidirectional",
        "parameters-hb-hf-exchanged",
        [
            ("f @", "q @"),
            ("+ bf", "+ bq"),
            ("b @", "f @"),
            ("+ bb", "+ bf"),
            ("q @", "b @"),
            ("+ bq", "+ bb"),
        ],
    ),
    ("bidirectional", "hb-a-step-late-in-y", [("hb[t]])", "(hb + [np.zeros(2)])[t + 1]])")]),
    ("lstm", "starts-exchanged-c-h", [("h0, c0", "c0, h0")]),
    ("lstm", "starts-from-zero", [("h0, c0", "0 * h0, 0 * c0")]),
    ("lstm", "starts-from-h0-c", [("h0, c0", "h0, h0")]),
    ("lstm", "starts-from-tanh-c", [("h0, c0", "h0, np.tanh(c0)")]),
    ("lstm", "c-from-start-throughout", [("f * c", "f * c0")]),
    ("lstm", "tanh-sigmoid-exchanged", [("np.tanh", "np.tank"), ("sig(", "np.tanh("), ("np.tank", "sig")]),
    ("lstm", "all-twice-bias", [(f"+ b{gate}", f"+ 2 * b{gate}") for gate in "ifog"]),
]


def values(network: Network) -> dict[str, Any]:
    draw = np.random.default_rng(8)
    shapes = {name: tuple(size.at(SIZES) for size in shape) for name, shape in network.parameters.items()}
    return {
        "xs": draw.normal(size=(5, 3)),
        **{name: draw.normal(size=shape) for name, shape in shapes.items()},
    }


def as_code(code: str, given: dict[str, Any]) -> Any:
    scope = {
        "np": np,
        "sig": lambda u: 1 / (1 + np.exp(-u)),
        "soft": lambda u: np.exp(u) / np.exp(u).sum(),
        "out": [],
        **given,
    }
    exec(code, scope)
    return np.array(scope["out"])


def as_equations(network: Network, given: dict[str, Any], output: str) -> Any:
    return compiled(network)({"x": given["xs"]}, given)[output]


@pytest.mark.parametrize("name", NETWORKS)
def test_the_plain_code_without_mistakes_is_the_network(name: str) -> None:
    network, given = NETWORKS[name], values(NETWORKS[name])
    wanted = as_equations(network, given, "h" if name == "lstm" else "y")
    np.testing.assert_allclose(as_code(CODE[name], given), wanted, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "id", "changes"), MISTAKES, ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_mistake_has_its_name(name: str, id: str, changes: list[tuple[str, str]]) -> None:
    code, network = CODE[name], NETWORKS[name]
    for right, wrong in changes:
        assert right in code
        code = code.replace(right, wrong)
    network = replace(network, output=("h",) if name == "lstm" else ("y",))
    (mutant,) = (one for one in mutants(network, "by-hand", 2) if one.id == id)
    made = apply(network, mutant)
    given = values(network)
    np.testing.assert_allclose(as_equations(made, given, made.output[0]), as_code(code, given), atol=1e-12)
