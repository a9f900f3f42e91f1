"""Weights as a part of an answer: what they earn, and what their author and the report are shown."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from grader.explaining import explained
from grader.linear.decision import credit
from grader.linear.judge import JudgedNetwork, judge_weights
from grader.linear.messages import LinearEvidence, evidence, network_feedback
from grader.linear.question import LinearParams, target_system
from grader.linear.state_map import map_of_state
from grader.model.outcome import Feedback
from grader.model.value import Value

# The right function with a state of another size is not the network that was asked for.
OTHER_SIZE_SHARE = Fraction(1, 2)


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


def mark_weights(params: LinearParams, fields: Mapping[str, Value]) -> MarkedWeights:
    """Decide the weights among the fields of an answer, and what they are worth.

    Args:
        params: The question.
        fields: The fields by name, others than weights among them.

    Raises:
        Unreadable: If they are no network, or hold formulas that cannot be read or computed.
    """
    own = {name: value for name, value in fields.items() if name in params.weight_names}
    target = target_system(params)
    judged = judge_weights(params.structure, params.sizes, own, target, params.starts_at_zero)
    fraction = Fraction(1) if judged.is_right else credit(judged.decision.outputs)
    state_map, about_state = explained(lambda: map_of_state(params, judged)) or (None, ())
    messages = explained(lambda: network_feedback(judged)) or ()
    shown = explained(lambda: evidence(judged.decision, state_map)) or LinearEvidence()
    other_size = ""
    if params.state_size not in (None, judged.n_states):
        fraction *= OTHER_SIZE_SHARE
        other_size = (
            f"The question fixes the state at {params.state_size}; yours is of size {judged.n_states}."
        )
    return MarkedWeights(judged, fraction, (*messages, *about_state), shown, other_size)
