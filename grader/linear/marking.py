"""What the weights in an answer earn, and what a report shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import msgspec

from grader.explaining import explained
from grader.linear.decision import OutputDecision, Tier
from grader.linear.judge import JudgedNetwork
from grader.linear.messages import LinearEvidence, evidence, network_feedback
from grader.linear.own_network import drawn_up_to_the_mistake
from grader.linear.question import LinearParams
from grader.linear.state_meaning import map_of_state
from grader.model.outcome import Feedback

# An output that is asked to be zero is right in an answer that does nothing: it weighs little.
ZERO_OUTPUT_WEIGHT = Fraction(1, 4)
# A wrong output can still earn half: for the current input, for all earlier ones, for the initial state.
WRONG_OUTPUT_SHARE = Fraction(1, 2)
FIRST, LATER, START = Fraction(4, 10), Fraction(4, 10), Fraction(2, 10)
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
