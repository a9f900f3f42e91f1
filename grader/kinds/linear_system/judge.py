"""Weights that make a linear network output given signals, decided for all inputs of all lengths.

The answer is never compared with a key: any weights that do it are right, in any basis, scaled, permuted,
with any state that does no harm.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from grader.linear.credit import credit
from grader.linear.findings import basis
from grader.linear.judged import judge_weights
from grader.linear.question import LinearParams, needed_states
from grader.linear.structure import WEIGHTS
from grader.model.evidence import Untyped
from grader.model.kind import Answer, Asks, Kind, KindExample
from grader.model.outcome import Feedback, Outcome, verdict_for

# The right function with a state of another size is not the network that was asked for.
OTHER_SIZE_SHARE = Fraction(1, 2)


class LinearSystemParams(LinearParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `linear_system`.

    Args:
        initial_state: "answer" if s0 is part of the answer, "zero" if the network starts from zero and s0
            is not asked.
    """

    initial_state: Literal["answer", "zero"] = "answer"

    def __post_init__(self) -> None:
        super().__post_init__()
        needed = needed_states(self)
        if self.state_size is not None and self.state_size < needed:
            raise ValueError(
                f"state_size is {self.state_size}, but a network of this structure needs at least {needed} "
                "states to output the target; ask whether it is possible with kind 'feasibility'"
            )

    @property
    def starts_at_zero(self) -> bool:
        """Whether s0 = 0 is fixed and not part of the answer."""
        return self.initial_state == "zero"


def asks(params: LinearSystemParams) -> Asks:
    """The weights of the structure; s0 only where it is part of the answer."""
    names = WEIGHTS[params.structure]
    return Asks(fields=names if params.initial_state == "answer" else names[1:])


def judge(params: LinearSystemParams, answer: Answer) -> Outcome:
    """Decide the handed-in network against the target."""
    judged = judge_weights(params, answer.fields, params.starts_at_zero)
    fraction = Fraction(1) if judged.is_right else credit(judged.decision.rows)
    messages = judged.messages
    n_states = judged.network.system.n_states
    if params.state_size not in (None, n_states):
        fraction *= OTHER_SIZE_SHARE
        text = f"The question fixes the state at {params.state_size}; yours is of size {n_states}."
        text = f"It does what is asked. {text}" if judged.is_right else text
        messages = (Feedback("state-size", text), *messages)
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=basis(judged.decision),
        feedback=messages,
        evidence=(Untyped(table=judged.facts),),
    )


RUNNING_SUM = {"structure": "rnn-a", "inputs": 1, "state_size": 1, "target": ["cumsum(x[1])"]}

CHECK = Kind(
    params=LinearSystemParams,
    asks=asks,
    judge=judge,
    examples=(
        KindExample(
            title="A running sum: the state adds up what comes in",
            params=RUNNING_SUM,
            answer="q = dict(s0=[0], Wss=[[1]], Wsx=[[1]], Wo=[[1]])",
            verdict="correct",
        ),
        KindExample(
            title="The same, stored three times as large: any weights that do it are right",
            params=RUNNING_SUM,
            answer='q = dict(s0=0, Wss=[[1]], Wsx=[[3]], Wo=[["1/3"]])',
            verdict="correct",
        ),
        KindExample(
            title="A junk state that is never read does no harm where the state size is free",
            params={**RUNNING_SUM, "state_size": None},
            answer="q = dict(s0=[0, 5], Wss=[[1, 0], [0, 2]], Wsx=[1, 1], Wo=[1, 0])",
            verdict="correct",
        ),
        KindExample(
            title="A sum that forgets is refused with the shortest input that shows it",
            params=RUNNING_SUM,
            answer="q = dict(s0=[0], Wss=[[0.99]], Wsx=[[1]], Wo=[[1]])",
            verdict="partial",
            code="counterexample",
        ),
        KindExample(
            title="A sum that starts from 1 is wrong without any input",
            params=RUNNING_SUM,
            answer="q = dict(s0=[1], Wss=[[1]], Wsx=[[1]], Wo=[[1]])",
            verdict="partial",
            code="starts-from-nonzero",
        ),
        KindExample(
            title="A network that does nothing earns nothing",
            params=RUNNING_SUM,
            answer="q = dict(s0=[0], Wss=[[0]], Wsx=[[0]], Wo=[[0]])",
            verdict="incorrect",
            code="counterexample",
        ),
        KindExample(
            title="The right function with a larger state than the question fixes gets half",
            params=RUNNING_SUM,
            answer="q = dict(s0=[0, 0], Wss=[[1, 0], [0, 1]], Wsx=[[1], [0]], Wo=[[1, 0]])",
            verdict="partial",
            code="state-size",
        ),
        KindExample(
            title="A matrix of another size is not read as the one asked for",
            params=RUNNING_SUM,
            answer="q = dict(s0=[0], Wss=[[1, 0]], Wsx=[[1]], Wo=[[1]])",
            verdict="invalid",
            code="shape",
        ),
    ),
)
