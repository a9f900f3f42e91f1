"""The known mistakes in Elman and Jordan networks, and any two together, are what plain loops compute."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest

from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import Network
from grader.networks.library import library_network
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.declared import Other
from grader.networks.mutants.mutant import Mutant, apply, go_together
from grader.networks.running.compiled import compiled

NETWORKS = {name: network_of(library_network(f"library/{name}").network) for name in ("elman", "jordan")}
OTHER = {"elman": "jordan", "jordan": "elman"}
# Inputs, hidden neurons and outputs; where there is one output, its bias goes for that of all neurons.
SIZES = ((4, 3, 2), (3, 2, 1), (2, 3, 3))
WORK: tuple[Literal["by-hand"], Literal["as-code"]] = ("by-hand", "as-code")
Values = dict[str, Any]


def known(name: str) -> dict[str, Mutant]:
    """The mistakes that have a name of their own, by it."""
    network = NETWORKS[name]
    others = [Other(OTHER[name], NETWORKS[OTHER[name]], {"W"})]
    found = {one.id: one for work in WORK for one in mutants(network, work, 2, others)}
    return {table.id: found[table.id] for table in network.mistakes}


def drawn(name: str, sizes: tuple[int, int, int], seed: int) -> Values:
    draw = np.random.default_rng(seed)
    n_in, n_h, n_out = sizes
    fed_back = {"elman": n_h, "jordan": n_out}
    shapes = {
        "x": (5, n_in),
        "U": (n_in, n_h),
        "W": (fed_back[name], n_h),
        "V": (n_h, n_out),
        "b": (n_h,),
        "c": (n_out,),
        "other_W": (fed_back[OTHER[name]], n_h),
    }
    return {
        key: draw.integers(1, 16, shape) / 10 * draw.choice((-1, 1), shape) for key, shape in shapes.items()
    }


def run(network: Network, name: str, values: Values) -> dict[str, Any]:
    parameters = {key: values[key] for key in "UWVbc"} | {f"W_of_{OTHER[name]}": values["other_W"]}
    with np.errstate(over="ignore"):
        return compiled(network)({"x": values["x"]}, parameters)


def outputs_agree(name: str, made: tuple[Mutant, ...], student: Callable[..., Any]) -> None:
    for seed, sizes in enumerate(SIZES):
        if any(one.id == "biases-exchanged" for one in made) and 1 < sizes[2] < sizes[1]:
            continue  # which entries would be taken?
        values = drawn(name, sizes, seed)
        network = apply(NETWORKS[name], *made)
        ids = [one.id for one in made]
        try:
            expected = student(name, ids, values, values["other_W"])[1]
        except IndexError:  # a matrix that is not square, used as if it were
            with pytest.raises(ValueError, match=r"broadcast|size|match"):
                run(network, name, values)
            continue
        found = run(network, name, values)[network.output[0]]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9, err_msg=str(ids))


@pytest.mark.parametrize("name", NETWORKS)
def test_every_known_mistake_is_what_plain_loops_compute(name: str, student: Callable[..., Any]) -> None:
    for one in known(name).values():
        outputs_agree(name, (one,), student)


@pytest.mark.parametrize("name", NETWORKS)
def test_any_two_are_what_plain_loops_compute(name: str, student: Callable[..., Any]) -> None:
    together = [two for two in itertools.combinations(known(name).values(), 2) if go_together(*two)]
    assert len(together) > 500
    for two in together:
        outputs_agree(name, two, student)
