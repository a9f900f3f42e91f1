"""The network of an answer's weights, run step by step as it is, and drawn up to its first mistake."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from grader.errors import Unreadable
from grader.linear.arrangement import Arrangement, Structure, arrangement, sizes_of
from grader.linear.judge import JudgedNetwork
from grader.linear.messages import json_number
from grader.linear.question import LinearParams
from grader.linear.reading import Weights, read_weights
from grader.linear.symbolic.entries import read_formulas
from grader.model.kind import Answer
from grader.networks.drawn import DrawnRun, UnrolledDrawing, unrolled, value_row
from grader.networks.running.arithmetic import Fractions
from grader.networks.running.interpreted import NetworkMachine, NoMachine
from grader.networks.running.interpreted import Value as NetworkValue
from reference.linear_system import Matrix

if TYPE_CHECKING:
    from grader.networks.running.stepwise import OwnNetwork

# A larger network is not drawn, nor one for more steps: nobody looks at it.
DRAWN_STATES, DRAWN_STEPS = 12, 24


def own_network(params: LinearParams, answer: Answer) -> OwnNetwork:
    """The network of the weights among the fields; what it is to output is not looked at.

    Args:
        params: The question.
        answer: What was handed in for it.

    Raises:
        Unreadable: If there are no weights, they are no network, or letters stand in them.
    """
    # Loaded where a network is run step by step: most answers are only judged.
    from grader.networks.running.stepwise import OwnNetwork

    fields = {name: value for name, value in answer.fields.items() if name in params.weight_names}
    if not fields:
        raise Unreadable("there are no weights in it", "a network can be run where its weights are there")
    written = read_formulas(fields)
    if written.trees:
        raise Unreadable("letters stand in its weights", "put numbers in their place to run it")
    found = arrangement(params.form)
    rows = _rows(found, read_weights(params.form, params.sizes, written.fields, params.starts_at_zero))
    return OwnNetwork(
        network=found.network,
        parameters=_parameters(found, rows),
        sizes=found.sizes(len(rows["s0"][0]), params.sizes.inputs, params.sizes.outputs),
    )


def _rows(found: Arrangement, weights: Weights) -> dict[str, Matrix]:
    """The exact values of all weights by name, each as rows; a vector is one row."""
    return {
        name: tuple(tuple(entry.value for entry in row) for row in matrix)
        for name, matrix in zip(found.weights, weights, strict=True)
    }


def _parameters(found: Arrangement, rows: Mapping[str, Matrix]) -> dict[str, NetworkValue]:
    """The weights in the shapes that the network's equations give them: matrices, vectors and numbers."""
    return {
        name: rows[name] if len(shape) == 2 else rows[name][0] if shape else rows[name][0][0]
        for name, shape in found.network.parameters.items()
    }


def drawn_up_to_the_mistake(structure: Structure, judged: JudgedNetwork) -> UnrolledDrawing | None:
    """The network with its weights, run on the counterexample; None where there is none, or it is too large.

    Args:
        structure: Which network it is.
        judged: Weights without free symbols: with them no single network goes wrong.
    """
    example = judged.decision.counterexample
    if (
        example is None
        or judged.symbolic
        or judged.n_states > DRAWN_STATES
        or len(example.inputs) > DRAWN_STEPS
    ):
        return None
    found = arrangement(structure)
    rows = _rows(found, judged.weights)
    sizes = found.sizes(*sizes_of(structure, rows))
    try:
        machine = NetworkMachine(found.network, _parameters(found, rows), Fractions(), sizes)
    except NoMachine:
        return None
    ((given, _),) = found.network.inputs.items()
    state, steps = machine.initial, []
    for x in example.inputs:
        state, now = machine.step(state, {given: tuple(x)})
        steps.append(now)
    (output,) = found.network.output
    names = (given, *(one.name for one in found.network.equations))
    values = {name: [value_row(now[name], json_number) for now in steps] for name in names}
    last = len(steps)
    # Decimals next to a fraction may have been read as that, and what the report says came out is this.
    values[output] = [value_row(tuple(row), json_number) for row in example.got]
    run = DrawnRun(
        values=values,
        parameters={name: [list(map(json_number, row)) for row in one] for name, one in rows.items()},
        wrong=(output, last),
        right=[(output, t) for t in range(1, last)],
    )
    return unrolled(found.network, run)
