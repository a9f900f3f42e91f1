"""Weights that make a linear network output given signals, decided for all inputs of all lengths.

The answer is never compared with a key: any weights that do it are right, in any basis, scaled, permuted,
with any state that does no harm.
"""

from __future__ import annotations

from grader.kinds.linear_system import judge, question
from grader.linear.own_network import own_network
from grader.model.kind import Kind, KindExample

RUNNING_SUM = {"structure": "rnn-a", "inputs": 1, "state_size": 1, "target": ["cumsum(x[1])"]}

LEAKY = {"structure": "rnn-a", "inputs": 1, "target": ["decay(x[1], 0.9)"]}

# The outputs of a state space model see the input directly, and its matrices have the names of its equations.
SSM = {"network": "library/ssm", "inputs": 1, "state_size": 1, "target": ["cumsum(x[1])", "x[1]"]}
OWN = {
    "network": {
        "inputs": {"u": "1"},
        "parameters": {"F": "n x n", "G": "n x 1", "H": "1 x n"},
        "equations": ["z(t) = F @ z(t-1) + G @ u(t)", "y(t) = H @ z(t)"],
    },
    "inputs": 1,
    "target": ["cumsum(x[1])"],
}

# With biases in state and output; numbers may stand in what is asked.
BIASED = {
    "network": {
        "inputs": {"x": "m"},
        "parameters": {"W": "n x n", "U": "n x m", "a": "n", "V": "k x n", "c": "k"},
        "equations": ["s(t) = W @ s(t-1) + U @ x(t) + a", "y(t) = V @ s(t) + c"],
    },
    "inputs": 1,
    "target": ["cumsum(x[1]) + 2"],
}

KIND = Kind(
    params=question.LinearSystemParams,
    asks=question.asks,
    controls=question.controls,
    judge=judge.judge,
    own_network=own_network,
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
            title="A column and a row as flat lists, where the state size is free",
            params=OWN,
            answer="q = dict(F=[[1, 0], [0, 0]], G=[1, 5], H=[1, 0])",
            verdict="correct",
        ),
        KindExample(
            title="The same with biases",
            params=BIASED,
            answer="q = dict(W=[[1, 0], [0, 0]], U=[1, 5], a=[0, 0], V=[1, 0], c=2)",
            verdict="correct",
        ),
        KindExample(
            title="A flat list with a wrong weight",
            params=OWN,
            answer="q = dict(F=[[1, 0], [0, 0]], G=[2, 5], H=[1, 0])",
            verdict="partial",
            code="counterexample",
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
        KindExample(
            title="Weights of another network: four matrices, the input reaches the output directly",
            params=SSM,
            answer="q = dict(s0=[0], A=[[1]], B=[[2]], C=[[0.5], [0]], D=[[0], [1]])",
            verdict="correct",
        ),
        KindExample(
            title="The direct path forgotten: the sum is right, the input is not there",
            params=SSM,
            answer="q = dict(s0=[0], A=[[1]], B=[[1]], C=[[1], [0]], D=[[0], [0]])",
            verdict="partial",
            code="counterexample",
        ),
        KindExample(
            title="A leaky sum, y_t = 0.9 y_{t-1} + x_t, with a decay written as a fraction",
            params=LEAKY,
            answer="q = dict(s0=[0], Wss=[['9/10']], Wsx=[[2]], Wo=[[0.5]])",
            verdict="correct",
        ),
        KindExample(
            title="0.1 kept of what is remembered, in place of 0.9",
            params=LEAKY,
            answer="q = dict(s0=[0], Wss=[[0.1]], Wsx=[[1]], Wo=[[1]])",
            verdict="partial",
            code="counterexample",
        ),
        KindExample(
            title="Biases: a sum that is shown two higher",
            params=BIASED,
            answer="q = dict(W=[[1]], U=[[1]], a=[0], V=[[1]], c=[2])",
            verdict="correct",
        ),
        KindExample(
            title="The same with a second state that a bias fills at the first step",
            params=BIASED,
            answer="q = dict(W=[[1, 0], [0, 0]], U=[[1], [0]], a=[0, 4], V=[[1, '1/2']], c=0)",
            verdict="correct",
        ),
        KindExample(
            title="A bias in the state is added again at every step",
            params=BIASED,
            answer="q = dict(W=[[1]], U=[[1]], a=[2], V=[[1]], c=[0])",
            verdict="partial",
            code="starts-from-nonzero",
        ),
        KindExample(
            title="A network of the author's own, which starts from zero: s0 is not asked",
            params=OWN,
            answer="q = dict(F=[[1]], G=[[3]], H=[['1/3']])",
            verdict="correct",
        ),
    ),
)
