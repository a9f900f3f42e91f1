"""One recurrent cell with a switch for everything that people get wrong in it.

The defaults are the Elman network, `Cell(fed_back="output")` is the Jordan network. With any other setting it
is what a known mistake computes. `reference.cell_runs` runs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Layer: TypeAlias = Literal["hidden", "output"]
Signal: TypeAlias = Literal["activation", "preactivation", "threshold"]
WeightUse: TypeAlias = Literal["transposed", "as-written", "negated", "diagonal", "first-row", "absent"]
Start: TypeAlias = Literal["zeros", "ones", "halves", "activated-bias"]
Inputs: TypeAlias = Literal["given", "next", "next-wrapped", "previous", "first", "reversed"]
Bias: TypeAlias = Literal["added", "missing", "subtracted", "exchanged"]
Activation: TypeAlias = Literal[
    "tanh", "sigmoid", "linear", "relu", "half-tanh", "mirrored-sigmoid", "step", "softmax"
]
Reading: TypeAlias = Literal["now", "before"]
Digits: TypeAlias = Literal["all", "rounded", "cut", "coarse"]


@dataclass(frozen=True)
class Cell:
    """How a cell uses its weights.

    Args:
        fed_back: The layer whose values s come back at the next step.
        signal: What of it: after the activation, before it, or 1 from one half on and 0 below.
        lag: How many steps later it comes back.
        weights: "own", or "other": the matrix of the other network, where the question has one.
        W: W^T s as it should be, W s, -W^T s, its diagonal or first row times s by entry, nothing.
        is_inside: Whether the feedback goes through the hidden activation.
        start: What is fed back at the first step; "activated-bias" is sigmoid(c), or tanh(b) for h.
        inputs: What is used for x(t): x(t+1) and zero at the end, x(t+1) and x(1) at the end, x(t-1), x(1),
            x(T+1-t).
        output_reads: The h that the output is computed from: h(t), or h(t-1) and zero at the first step.
        is_reversed: Whether the outputs are given final step first.
        is_final_repeated: Whether the final output is given at every step.
        b: How the hidden bias enters; "exchanged" takes c.
        c: How the output bias enters; "exchanged" takes b.
        hidden: Activation of the hidden layer; "half-tanh" is 2 sigmoid(u) - 1.
        output: Activation of the output; "mirrored-sigmoid" is sigmoid(-u), "step" is 1 from 0 on;
            "softmax" goes over all outputs.
        is_accumulated: Whether h(t-1) is added to h(t).
        h_digits: What is kept of h: `places` decimals, the same cut off, or one decimal less.
        fed_digits: The same for what is fed back, and for it alone.
        y_digits: The same for y, where it is fed back too.
        places: Decimal places for the digits.
    """

    fed_back: Layer = "hidden"
    signal: Signal = "activation"
    lag: Literal[1, 2] = 1
    weights: Literal["own", "other"] = "own"
    W: WeightUse = "transposed"
    is_inside: bool = True
    start: Start = "zeros"
    inputs: Inputs = "given"
    output_reads: Reading = "now"
    is_reversed: bool = False
    is_final_repeated: bool = False
    b: Bias = "added"
    c: Bias = "added"
    hidden: Activation = "tanh"
    output: Activation = "sigmoid"
    is_accumulated: bool = False
    h_digits: Digits = "all"
    fed_digits: Digits = "all"
    y_digits: Digits = "all"
    places: int = 2
