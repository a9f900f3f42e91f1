"""Step 5: the weights against what the network is to output."""

from __future__ import annotations

from grader.kinds.linear_system.question import LinearSystemParams
from grader.linear.judge import JudgedNetwork, judge_answer
from grader.linear.marking import mark_weights
from grader.linear.messages import basis
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, verdict_for


def judge(params: LinearSystemParams, answer: Answer) -> Judgement[JudgedNetwork]:
    """Decide the handed-in network against the target."""
    judged = judge_answer(params, answer.fields)
    weights = mark_weights(params, judged)
    messages = weights.feedback
    if weights.other_size:
        praise = "It does what is asked. " if judged.is_right else ""
        messages = (Feedback("state-size", praise + weights.other_size), *messages)
    outcome = Outcome(
        verdict=verdict_for(weights.fraction),
        fraction=weights.fraction,
        basis=basis(judged.decision),
        feedback=messages,
        evidence=(weights.evidence,),
    )
    return Judgement(outcome, judged)
