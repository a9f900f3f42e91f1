"""Known mistakes in Elman and Jordan networks, alone and in pairs, as plain loops compute them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.kinds.trace.diagnose import variants_of
from grader.kinds.trace.question import MistakenFor, TraceParams
from grader.networks.library import library_network

# Found by hill climbing over one-decimal weights: at 2 decimal places all known mistakes, those about
# rounding too, give different outputs.
DEMONSTRATION_W: dict[str, Any] = {"elman": ((-3.0, -0.4), (-2.1, 2.2)), "jordan": ((-3.1, 1.3),)}
DEMONSTRATION: dict[str, Any] = {
    "x": ((1, 0, 0), (-0.5, 0, 0), (0, 1, 1.5), (-1, -2, 0), (1, -0.5, 1.5)),
    "U": ((0.6, -1), (0.3, -1.3), (0.4, 0.4)),
    "V": ((2.4,), (1.8,)),
    "b": (-0.7, 0.8),
    "c": (-0.2,),
}


def demonstration(network: str) -> TraceParams:
    other = "jordan" if network == "elman" else "elman"
    tables = {name: library_network(f"library/{name}").network for name in (network, other)}
    return TraceParams(
        network=tables[network],
        values={**DEMONSTRATION, "W": DEMONSTRATION_W[network]},
        others=(MistakenFor(network=tables[other], name=other, values={"W": DEMONSTRATION_W[other]}),),
    )


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("network", ["elman", "jordan"])
def test_every_mistake_and_pair_is_what_plain_loops_compute(
    network: str, size: int, student: Callable[..., Any]
) -> None:
    params = demonstration(network)
    table = variants_of(params, size)
    net = {name: params.values[name] for name in "xUWVbc"}
    names = {table.id for table in params.network.mistake}
    for k, one in enumerate(table.combinations):
        made = [mistake.id for mistake in one.mistakes]
        if not names.issuperset(made):
            continue
        try:
            h, y = student(network, made, net, params.others[0].values["W"])
        except (IndexError, OverflowError):
            continue
        np.testing.assert_allclose(table.values["y"][k, 0], y, rtol=1e-9, atol=1e-9, err_msg=one.id)
        np.testing.assert_allclose(table.values["h"][k, 0], h, rtol=1e-9, atol=1e-9, err_msg=one.id)
