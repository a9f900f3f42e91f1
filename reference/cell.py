"""One recurrent cell with a switch for everything that people get wrong in it.

The defaults are the Elman network, and `Cell(fed_back="output")` is the Jordan network. Any other setting
computes what a known mistake gives. `reference.cell_runs` runs it.
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
        signal: What of it: the value after the activation, the one before it, or 1 from 0.5 on and 0 below.
        lag: After how many steps it comes back; 1 is right.
        weights: "own", or "other": the matrix of the other network, where the question has one.
        W: What it is multiplied by: W^T as it should be ("transposed"), W, -W^T, the diagonal or the first
            row of W entry by entry, or nothing at all.
        is_inside: Whether the feedback stands inside the hidden activation, or is added after it.
        start: What is fed back at the first step; "activated-bias" is tanh(b) for h and sigmoid(c) for y.
        inputs: What is used for x(t): "next" is x(t+1), zero at the end; "next-wrapped" is x(t+1), x(1) at
            the end; "previous" is x(t-1), "first" x(1), "reversed" x(T+1-t).
        output_reads: The h that the output is computed from: h(t), or h(t-1) and zero at the first step.
        is_reversed: Whether the outputs are given final step first.
        is_final_repeated: Whether the final output is given at every step.
        b: How the hidden bias enters; "exchanged" takes c.
        c: How the output bias enters; "exchanged" takes b.
        hidden: Activation of the hidden layer; "half-tanh" is 2 sigmoid(u) - 1.
        output: Activation of the output; "mirrored-sigmoid" is sigmoid(-u), "step" is 1 from 0 on;
            "softmax" goes over all outputs.
        is_accumulated: Whether h(t-1) is added to h(t).
        h_digits: What is kept of h: all; `places` decimals, rounded or cut off; "coarse" rounds to one
            decimal less.
        fed_digits: The same for what is fed back, while the value given out keeps all its digits.
        y_digits: The same for y, before it is given out or fed back.
        places: Decimal places that the three above mean.
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
