"""Mistakes that people make in the field, written down as plain code, have names among the general ones."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import Network
from grader.networks.library import library_network
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.mutant import Mutant, apply
from grader.networks.running.compiled import compiled

FIELD = tomllib.loads(Path(__file__).with_name("field_mistakes.toml").read_text(encoding="utf-8"))
NETWORKS = {name: network_of(library_network(f"library/{name}").network) for name in FIELD["code"]}
SIZES = ({"n_in": 3, "n_h": 2, "n_out": 2}, {"n_in": 2, "n_h": 3, "n_out": 2})
# A pass over one array for h(t) and h(t-1) is no equation; the others add a term that has no place.
UNNAMED = {
    "in place, neuron by neuron",
    "the hidden bias in the output too",
    "the output gate sees the new cell",
}


def values(network: Network, sizes: dict[str, int], seed: int) -> dict[str, Any]:
    draw = np.random.default_rng(seed)
    parameters = {
        name: draw.normal(size=tuple(size.at(sizes) for size in shape))
        for name, shape in network.parameters.items()
    }
    return {"xs": draw.normal(size=(5, sizes["n_in"])), **parameters}


def as_code(code: str, given: dict[str, Any]) -> Any:
    scope = {"np": np, "sig": lambda u: 1 / (1 + np.exp(-u)), "out": [], **given}
    exec(code, scope)
    return np.array(scope["out"])


def as_equations(network: Network, given: dict[str, Any]) -> Any:
    return compiled(network)({"x": given["xs"]}, given)[network.output[-1 if "y" in network.output else 0]]


def agree(one: list[Any], other: list[Any]) -> bool:
    return all(np.allclose(a, b, rtol=1e-9, atol=1e-9) for a, b in zip(one, other, strict=True))


def known(network: Network) -> list[Mutant]:
    work = mutants(network, "by-hand", 2) + mutants(network, "as-code", 2)
    return list({one.id: one for one in work}.values())


def changed(mistake: dict[str, Any]) -> str:
    code: str = FIELD["code"][mistake["network"]]
    for right, wrong in mistake["change"]:
        assert right in code
        code = code.replace(right, wrong)
    return code


def test_the_plain_code_without_mistakes_is_the_network() -> None:
    for name, network in NETWORKS.items():
        given = values(network, SIZES[0], 0)
        np.testing.assert_allclose(
            as_code(FIELD["code"][name], given), as_equations(network, given), rtol=1e-12
        )


def test_all_but_a_few_are_among_the_general_mistakes() -> None:
    unnamed = set()
    for name, network in NETWORKS.items():
        cases = [values(network, sizes, seed) for seed, sizes in enumerate(SIZES)]
        made = [[as_equations(apply(network, one), given) for given in cases] for one in known(network)]
        for mistake in (one for one in FIELD["mistake"] if one["network"] == name):
            wrong = [as_code(changed(mistake), given) for given in cases]
            assert not agree(wrong, [as_equations(network, given) for given in cases])
            if not any(agree(outputs, wrong) for outputs in made):
                unnamed.add(mistake["name"])
    assert len(FIELD["mistake"]) >= 70  # none is taken out because it is not found
    assert unnamed == UNNAMED
