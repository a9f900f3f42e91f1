"""The trained network of an answer, to be run step by step; no sequence of the grader is drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from grader.model.kind import Answer
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.running.stepwise import OwnNetwork
from grader.training.networks import read_network
from grader.training.task import TaskParams

FED_BACK = {"elman": ("h", "n_h x n_h"), "jordan": ("y", "n_out x n_h")}


def own_network(params: TaskParams, answer: Answer) -> OwnNetwork:
    """The network of the handed-in weights, Elman or Jordan, with rows or columns.

    Args:
        params: The question.
        answer: What was handed in for it.

    Raises:
        Unreadable: If they are no network.
    """
    trained = read_network(answer.fields["weights"], params.inputs, len(params.targets), "weights")
    name, size = FED_BACK[trained.cell]
    table = NetworkTable(
        inputs={"x": "n_in"},
        parameters={"U": "n_in x n_h", "W": size, "V": "n_h x n_out", "b": "n_h", "c": "n_out"},
        equations=(
            f"h(t) = tanh(U.T @ x(t) + W.T @ {name}(t-1) + b)",
            "y(t) = V.T @ h(t) + c",
        ),
    )
    arrays = trained.params._asdict()
    n_in, n_h = np.shape(arrays["U"])
    return OwnNetwork(
        network=network_of(table),
        parameters={name: _exact(np.asarray(array).tolist()) for name, array in arrays.items()},
        sizes={"n_in": n_in, "n_h": n_h, "n_out": len(params.targets)},
    )


def _exact(value: Any) -> Any:
    return tuple(map(_exact, value)) if isinstance(value, list) else Fraction(value)
