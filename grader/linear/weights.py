"""Weights as a part of an answer: what they earn, what their state means, and what is shown of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from grader.errors import Unreadable
from grader.explaining import explained
from grader.linear.arrangement import Arrangement, Structure, arrangement, sizes_of
from grader.linear.decision import OutputDecision, Tier
from grader.linear.judge import JudgedNetwork
from grader.linear.messages import LinearEvidence, ShownStateMap, evidence, json_number, network_feedback
from grader.linear.question import LinearParams, state_meaning
from grader.linear.structure import Weights, read_weights
from grader.linear.symbolic.entries import read_formulas
from grader.model.kind import Answer
from grader.model.outcome import Feedback
from grader.model.text import joined
from grader.networks.drawn import DrawnRun, UnrolledDrawing, unrolled, value_row
from grader.networks.running.arithmetic import Fractions
from grader.networks.running.interpreted import NetworkMachine, NoMachine
from grader.networks.running.interpreted import Value as NetworkValue
from reference.linear_system import Matrix
from reference.state_map import Meaning, state_map

if TYPE_CHECKING:
    from grader.networks.running.stepwise import OwnNetwork

# An output that is asked to be zero is right in an answer that does nothing: it weighs little.
ZERO_OUTPUT_WEIGHT = Fraction(1, 4)
# A wrong output can still earn half: for the current input, for all earlier ones, for the initial state.
WRONG_OUTPUT_SHARE = Fraction(1, 2)
FIRST, LATER, START = Fraction(4, 10), Fraction(4, 10), Fraction(2, 10)
# The right function with a state of another size is not the network that was asked for.
OTHER_SIZE_SHARE = Fraction(1, 2)
# A larger state map, or a longer one, is not shown: nobody looks at it.
MAX_STATES = 8
MAX_CHARACTERS = 120
# Nor is a larger network drawn, or one for more steps.
DRAWN_STATES, DRAWN_STEPS = 12, 24


class MarkedWeights(NamedTuple):
    """Weights, what was decided about them and what that earns.

    Args:
        judged: What was read and decided.
        fraction: Share of the points, 0 to 1.
        feedback: Messages about what they do.
        evidence: The facts behind it.
        other_size: A sentence about their state size, where that is another than the question fixes.
    """

    judged: JudgedNetwork
    fraction: Fraction
    feedback: tuple[Feedback, ...]
    evidence: LinearEvidence
    other_size: str


def mark_weights(params: LinearParams, judged: JudgedNetwork) -> MarkedWeights:
    """What weights are worth, and what is shown of them.

    Args:
        params: The question.
        judged: The weights, decided.
    """
    fraction = Fraction(1) if judged.is_right else credit(judged.decision.outputs)
    shown_map, about_state = explained(lambda: map_of_state(params, judged)) or (None, ())
    messages = explained(lambda: network_feedback(judged)) or ()
    shown = explained(lambda: evidence(judged.decision, shown_map)) or LinearEvidence()
    if drawing := explained(lambda: drawn_up_to_the_mistake(params.form, judged)):
        shown = msgspec.structs.replace(shown, unrolled=drawing)
    other_size = ""
    if params.state_size not in (None, judged.n_states):
        fraction *= OTHER_SIZE_SHARE
        other_size = (
            f"The question fixes the state at {params.state_size}; yours is of size {judged.n_states}."
        )
    return MarkedWeights(judged, fraction, (*messages, *about_state), shown, other_size)


def credit(outputs: Sequence[OutputDecision]) -> Fraction:
    """Share of the points, 0 to 1: right outputs by weight, wrong ones for the parts that are right."""
    weights = [ZERO_OUTPUT_WEIGHT if output.is_zero_wanted else Fraction(1) for output in outputs]
    earned = (weight * _output_credit(output) for weight, output in zip(weights, outputs, strict=True))
    return sum(earned, Fraction(0)) / sum(weights)


def _output_credit(output: OutputDecision) -> Fraction:
    if output.tier is not Tier.WRONG:
        return Fraction(1)
    if output.is_silent:
        return Fraction(0)
    parts = FIRST * output.first_right + LATER * output.later_right + START * output.start_right
    return WRONG_OUTPUT_SHARE * parts


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


def map_of_state(
    params: LinearParams, judged: JudgedNetwork
) -> tuple[ShownStateMap | None, tuple[Feedback, ...]]:
    """What the state of a right network means: the map T to a state that is made of outputs.

    Returns:
        The map as evidence, None where there is none; and a sentence about it, left out where each entry of
        that state is one of the student's entries as it is.
    """
    if judged.symbolic or judged.decision.tier > Tier.RATIONALISED or judged.n_states > MAX_STATES:
        return None, ()
    if judged.has_biases:
        # A state may then be off by a constant, which no matrix takes away.
        return None, ()
    meaning = state_meaning(params)
    T = None if meaning is None else state_map(judged.network.nearby, meaning)
    if meaning is None or T is None:
        return None, ()
    names = _names(meaning, params.has_direct_path)
    shown = ShownStateMap(to=names, matrix=[list(map(json_number, row)) for row in T])
    return shown, () if _is_plain(T) else _message(shown, judged.n_states)


def _message(shown: ShownStateMap, n_states: int) -> tuple[Feedback, ...]:
    matrix = "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in shown.matrix) + "]"
    if len(matrix) > MAX_CHARACTERS:
        return ()
    more = n_states - len(shown.matrix)
    spare = f"; {more} of its {n_states} dimensions {'is' if more == 1 else 'are'} never seen" if more else ""
    basis = f"Your state keeps {joined(shown.to)} in a basis of its own"
    text = f"{basis}: T s_t gives {_them(shown.to)}, with T = {matrix}{spare}."
    return (Feedback("state-map", text),)


def _them(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them in this order"


def _names(meaning: Meaning, has_direct_path: bool) -> list[str]:
    names = []
    for delay, output in meaning.places:
        name = f"g_t[{output + 1}]" if not delay else f"g_t+{delay}[{output + 1}] if no input follows"
        names.append(f"the state's part of {name}" if has_direct_path else name)
    return names


def _is_plain(T: Matrix) -> bool:
    """Whether each entry of the reference state is one of the student's states, as it is."""
    return all(sorted(row)[-1:] == [1] and sum(map(bool, row)) == 1 for row in T)


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
