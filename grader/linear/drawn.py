"""Wrong weights of a linear network, drawn on the smallest input that shows it."""

from __future__ import annotations

from grader.linear.arrangement import Structure, arrangement, sizes_of
from grader.linear.judge import JudgedNetwork
from grader.linear.messages import json_number
from grader.networks.drawn import DrawnRun, UnrolledDrawing, unrolled, value_row
from grader.networks.running.arithmetic import Fractions
from grader.networks.running.interpreted import NetworkMachine, NoMachine, Value

MOST_STATES, MOST_STEPS = 12, 24


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
        or judged.n_states > MOST_STATES
        or len(example.inputs) > MOST_STEPS
    ):
        return None
    found = arrangement(structure)
    rows = {
        name: tuple(tuple(entry.value for entry in row) for row in matrix)
        for name, matrix in zip(found.weights, judged.weights, strict=True)
    }
    parameters: dict[str, Value] = {
        name: rows[name] if len(shape) == 2 else rows[name][0] if shape else rows[name][0][0]
        for name, shape in found.shapes.items()
    }
    sizes = found.sizes(*sizes_of(structure, rows))
    try:
        machine = NetworkMachine(found.network, parameters, Fractions(), sizes)
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
