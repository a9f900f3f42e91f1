"""Can a network of this structure and size do it at all, and if not, why?

"No" is backed by a certificate that is checked exactly, "yes" by weights that are decided for all inputs of
all lengths. What is true is computed from the target, never typed in.
"""

from __future__ import annotations

from grader.kinds.feasibility import judge, question
from grader.linear.own_network import own_network
from grader.model.kind import Kind, KindExample

SUM_AND_INPUT = {"inputs": 1, "target": ["x[1]", "cumsum(x[1])"]}
TOO_SMALL = {**SUM_AND_INPUT, "structure": "rnn-a", "state_size": 1}
# Two decays are two numbers to remember; a network of one state has one.
TWO_DECAYS = {
    "structure": "rnn-a",
    "inputs": 1,
    "state_size": 1,
    "target": ["decay(x[1], 1/2) + decay(x[1], 1/4)"],
}
ENOUGH = {**SUM_AND_INPUT, "structure": "rnn-b", "state_size": 1}

KIND = Kind(
    params=question.FeasibilityParams,
    asks=question.asks,
    controls=question.controls,
    judge=judge.judge,
    own_network=own_network,
    examples=(
        KindExample(
            title="No, backed by input sequences after which the outputs need two dimensions",
            params=TOO_SMALL,
            answer="q = dict(possible=False, certificate=[[[1]], [[1], [0]]])",
            verdict="correct",
            code="certificate-valid",
        ),
        KindExample(
            title="No, backed by a minor of the Hankel matrix",
            params=TOO_SMALL,
            answer="q = dict(possible='no', certificate=dict(rows=[(0, 1), (0, 2)], cols=[(0, 1), (1, 1)]))",
            verdict="correct",
            code="certificate-valid",
        ),
        KindExample(
            title="No, backed by the two ranks",
            params=TOO_SMALL,
            answer="q = dict(possible=False, required_rank=2, max_rank=1)",
            verdict="correct",
        ),
        KindExample(
            title="No, with a certificate that proves nothing",
            params=TOO_SMALL,
            answer="q = dict(possible=False, certificate=[[[1]], [[2]]])",
            verdict="partial",
            code="certificate-too-small",
        ),
        KindExample(
            title="No, without a reason",
            params=TOO_SMALL,
            answer="q = dict(possible=False)",
            verdict="partial",
            code="reason-missing",
        ),
        KindExample(
            title="No, with a wrong least state size beside a valid reason",
            params=TOO_SMALL,
            answer="q = dict(possible=False, required_rank=2, max_rank=1, state_size=3)",
            verdict="partial",
            code="state-size-wrong",
        ),
        KindExample(
            title="No: one state cannot decay at two rates",
            params=TWO_DECAYS,
            answer="q = dict(possible=False, required_rank=2, max_rank=1)",
            verdict="correct",
        ),
        KindExample(
            title="Yes where it is impossible, with weights: the counterexample says why not",
            params=TOO_SMALL,
            answer="q = dict(s0=[0], Wss=[[1]], Wsx=[[1]], Wo=[[1], [1]])",
            verdict="incorrect",
            code="counterexample",
        ),
        KindExample(
            title="Yes, shown by weights; RNN-B passes the input on directly",
            params=ENOUGH,
            answer="q = dict(possible=True, s0=[0], Wssx=[[1, 1]], Wox=[[0, 1], [1, 0]])",
            verdict="correct",
        ),
        KindExample(
            title="Yes, without showing how",
            params=ENOUGH,
            answer="q = dict(possible='yes')",
            verdict="partial",
            code="construction-missing",
        ),
        KindExample(
            title="No where it is possible",
            params=ENOUGH,
            answer="q = dict(possible=False)",
            verdict="incorrect",
            code="possible-wrong",
        ),
    ),
)
