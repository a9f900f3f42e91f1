"""The known mistakes about the forward pass, as declarations.

A new mistake is one more declaration in its group, over settings of `reference.cell.Cell`; tests run its two
examples and compute it once more in plain loops, and every question about a forward pass knows it at once.
"""

from __future__ import annotations

from typing import Any

from grader.model.mistake import Mistake
from grader.networks.forward import CellChange, DemonstrationAnswer, Matrix, Network

# What a message about rounding says of the usual number of places.
TWO_PLACES = "2 decimals"


# Found by hill climbing over one-decimal weights: at 2 decimal places all known mistakes, those about
# rounding too, give different outputs.
DEMONSTRATION_W: dict[Network, Matrix] = {"elman": ((-3.0, -0.4), (-2.1, 2.2)), "jordan": ((-3.1, 1.3),)}
DEMONSTRATION: dict[str, Any] = {
    "x": ((1, 0, 0), (-0.5, 0, 0), (0, 1, 1.5), (-1, -2, 0), (1, -0.5, 1.5)),
    "U": ((0.6, -1), (0.3, -1.3), (0.4, 0.4)),
    "V": ((2.4,), (1.8,)),
    "b": (-0.7, 0.8),
    "c": (-0.2,),
}

ACTIVATIONS = (
    Mistake(
        "sigmoid-hidden",
        "The hidden layer goes through the sigmoid; its activation is tanh.",
        CellChange({"hidden": "sigmoid"}),
        DemonstrationAnswer("elman", (0.85, 0.82, 0.85, 0.84, 0.87)),
        DemonstrationAnswer("elman", (0.85, 0.82, 0.85, 0.84, 0.84)),
    ),
    Mistake(
        "linear-hidden",
        "The hidden layer has no activation; it goes through tanh.",
        CellChange({"hidden": "linear"}),
        DemonstrationAnswer("elman", (0.31, 0.68, 0.85, 1.0, 1.0)),
        DemonstrationAnswer("elman", (0.31, 0.68, 0.85, 1.0, 0.97)),
    ),
    Mistake(
        "relu-hidden",
        "The hidden layer goes through ReLU; its activation is tanh.",
        CellChange({"hidden": "relu"}),
        DemonstrationAnswer("elman", (0.45, 0.89, 0.99, 1.0, 1.0)),
        DemonstrationAnswer("elman", (0.45, 0.89, 0.99, 1.0, 0.97)),
    ),
    Mistake(
        "half-tanh-hidden",
        "For tanh u, 2 sigmoid(u) - 1 is taken; that is tanh(u/2), and tanh u is 2 sigmoid(2u) - 1.",
        CellChange({"hidden": "half-tanh"}),
        DemonstrationAnswer("elman", (0.38, 0.49, 0.72, 0.35, 0.93)),
        DemonstrationAnswer("elman", (0.38, 0.49, 0.72, 0.35, 0.9)),
    ),
    Mistake(
        "tanh-output",
        "The output goes through tanh; its activation is the sigmoid.",
        CellChange({"output": "tanh"}),
        DemonstrationAnswer("elman", (-0.66, 0.4, 0.42, -0.65, 1.0)),
        DemonstrationAnswer("elman", (-0.66, 0.4, 0.42, -0.65, 0.97)),
    ),
    Mistake(
        "linear-output",
        "The output has no activation; it goes through the sigmoid.",
        CellChange({"output": "linear"}),
        DemonstrationAnswer("elman", (-0.79, 0.42, 0.45, -0.77, 3.61)),
        DemonstrationAnswer("elman", (-0.79, 0.42, 0.45, -0.77, 3.58)),
    ),
    Mistake(
        "softmax-output",
        "The outputs go through softmax; each by itself goes through the sigmoid.",
        CellChange({"output": "softmax"}, work=("as-code",)),
        DemonstrationAnswer("elman", (1, 1, 1, 1, 1)),
        DemonstrationAnswer("elman", (1, 1, 1, 1, 0)),
    ),
    Mistake(
        "mirrored-sigmoid-output",
        "The sigmoid has a wrong sign in its exponent: it is 1 / (1 + exp(-u)).",
        CellChange({"output": "mirrored-sigmoid"}),
        DemonstrationAnswer("elman", (0.69, 0.4, 0.39, 0.68, 0.03)),
        DemonstrationAnswer("elman", (0.69, 0.4, 0.39, 0.68, 0.06)),
    ),
    Mistake(
        "step-output",
        "The output is made 0 or 1; it is the sigmoid itself.",
        CellChange({"output": "step"}),
        DemonstrationAnswer("elman", (0, 1, 1, 0, 1)),
        DemonstrationAnswer("elman", (0, 1, 1, 0, 0.5)),
    ),
)
BIASES = (
    Mistake(
        "b-forgotten",
        "b is left out; it is added in the hidden layer at every step.",
        CellChange({"b": "missing"}),
        DemonstrationAnswer("elman", (0.43, 0.07, 0.6, 0.24, 0.98)),
        DemonstrationAnswer("elman", (0.43, 0.07, 0.6, 0.24, 0.95)),
    ),
    Mistake(
        "c-forgotten",
        "c is left out; it is added before the output activation at every step.",
        CellChange({"c": "missing"}),
        DemonstrationAnswer("elman", (0.36, 0.65, 0.66, 0.36, 0.98)),
        DemonstrationAnswer("elman", (0.36, 0.65, 0.66, 0.36, 0.95)),
    ),
    Mistake(
        "b-subtracted",
        "b is subtracted; it is to be added.",
        CellChange({"b": "subtracted"}),
        DemonstrationAnswer("elman", (0.54, 0.08, 0.6, 0.12, 0.93)),
        DemonstrationAnswer("elman", (0.54, 0.08, 0.6, 0.12, 0.9)),
    ),
    Mistake(
        "c-subtracted",
        "c is subtracted; it is to be added.",
        CellChange({"c": "subtracted"}),
        DemonstrationAnswer("elman", (0.4, 0.7, 0.7, 0.41, 0.98)),
        DemonstrationAnswer("elman", (0.4, 0.7, 0.7, 0.41, 0.95)),
    ),
    Mistake(
        "biases-exchanged",
        "b and c are exchanged: b belongs to the hidden layer, c to the output.",
        CellChange({"b": "exchanged", "c": "exchanged"}),
        DemonstrationAnswer("elman", (0.22, 0.11, 0.47, 0.14, 0.97)),
        DemonstrationAnswer("elman", (0.22, 0.11, 0.47, 0.14, 0.94)),
    ),
)
DIGITS = (
    Mistake(
        "h-rounded-too-coarsely",
        "h is rounded to fewer decimals than were asked before it is used again.",
        CellChange({"h_digits": "coarse"}, work=("by-hand",)),
        DemonstrationAnswer("elman", (0.31, 0.58, 0.61, 0.31, 0.97)),
        DemonstrationAnswer("elman", (0.31, 0.58, 0.61, 0.31, 0.94)),
    ),
    Mistake(
        "h-cut-off",
        "h is cut off where it has to be rounded, or better kept in full, before it is used again.",
        CellChange({"h_digits": "cut"}),
        DemonstrationAnswer("elman", (0.32, 0.59, 0.65, 0.31, 0.97)),
        DemonstrationAnswer("elman", (0.32, 0.59, 0.65, 0.31, 0.94)),
    ),
    Mistake(
        "feedback-rounded-too-coarsely",
        "y is rounded to fewer decimals than were asked before it is fed back.",
        CellChange({"fed_digits": "coarse"}, networks=("jordan",), work=("by-hand",)),
        DemonstrationAnswer("jordan", (0.31, 0.31, 0.29, 0.31, 0.54)),
        DemonstrationAnswer("jordan", (0.31, 0.31, 0.29, 0.31, 0.51)),
    ),
    Mistake(
        "feedback-cut-off",
        "y is cut off where it has to be rounded, or better kept in full, before it is fed back.",
        CellChange({"fed_digits": "cut"}, networks=("jordan",)),
        DemonstrationAnswer("jordan", (0.31, 0.31, 0.29, 0.31, 0.53)),
        DemonstrationAnswer("jordan", (0.31, 0.31, 0.29, 0.31, 0.5)),
    ),
    Mistake(
        "h-rounded",
        "h is rounded to 2 decimals inside the function; nothing is to be rounded there.",
        CellChange({"h_digits": "rounded"}, work=("as-code",)),
        DemonstrationAnswer("elman", (0.31, 0.61, 0.6, 0.32, 0.97)),
        DemonstrationAnswer("elman", (0.31, 0.61, 0.6, 0.32, 0.94)),
    ),
    Mistake(
        "feedback-rounded",
        "What is fed back is rounded to 2 decimals; nothing is to be rounded in a function.",
        CellChange({"fed_digits": "rounded"}, work=("as-code",)),
        DemonstrationAnswer("elman", (0.31, 0.61, 0.6, 0.32, 0.97)),
        DemonstrationAnswer("elman", (0.31, 0.61, 0.6, 0.32, 0.94)),
    ),
    Mistake(
        "y-rounded",
        "y is rounded to 2 decimals inside the function; nothing is to be rounded there.",
        CellChange({"y_digits": "rounded"}, work=("as-code",)),
        DemonstrationAnswer("elman", (0.31, 0.6, 0.61, 0.32, 0.97)),
        DemonstrationAnswer("elman", (0.31, 0.6, 0.61, 0.32, 0.94)),
    ),
)
FEEDBACK = (
    Mistake(
        "preactivation-fed-back",
        "What is fed back has not been through its activation.",
        CellChange({"signal": "preactivation"}),
        DemonstrationAnswer("elman", (0.31, 0.61, 0.47, 0.31, 0.31)),
        DemonstrationAnswer("elman", (0.31, 0.61, 0.47, 0.31, 0.34)),
    ),
    Mistake(
        "feedback-a-step-late",
        "What is fed back is from two steps before; it is to be from the previous step.",
        CellChange({"lag": 2}),
        DemonstrationAnswer("elman", (0.31, 0.38, 0.73, 0.37, 0.12)),
        DemonstrationAnswer("elman", (0.31, 0.38, 0.73, 0.37, 0.15)),
    ),
    Mistake(
        "feedback-outside-tanh",
        "What W carries is added after tanh; it belongs inside, beside U^T x(t) and b.",
        CellChange({"is_inside": False}),
        DemonstrationAnswer("elman", (0.31, 0.63, 0.58, 0.96, 1.0)),
        DemonstrationAnswer("elman", (0.31, 0.63, 0.58, 0.96, 0.97)),
    ),
    Mistake(
        "hidden-accumulated",
        "The hidden layer piles up: h(t-1) itself is added to h(t).",
        CellChange({"is_accumulated": True}),
        DemonstrationAnswer("elman", (0.31, 0.46, 0.88, 0.8, 0.76)),
        DemonstrationAnswer("elman", (0.31, 0.46, 0.88, 0.8, 0.73)),
    ),
    Mistake(
        "thresholded-feedback",
        "The output is made 0 or 1 before it is fed back; it is fed back as it is.",
        CellChange({"signal": "threshold"}, networks=("jordan",)),
        DemonstrationAnswer("jordan", (0.31, 0.38, 0.61, 0.31, 0.88)),
        DemonstrationAnswer("jordan", (0.31, 0.38, 0.61, 0.31, 0.85)),
    ),
)
ORDER = (
    Mistake(
        "inputs-one-step-early",
        "x(t+1) is used at step t, and zero at the final step; x(t) belongs there.",
        CellChange({"inputs": "next"}),
        DemonstrationAnswer("elman", (0.38, 0.95, 0.31, 0.97, 0.31)),
        DemonstrationAnswer("elman", (0.38, 0.95, 0.31, 0.97, 0.34)),
    ),
    Mistake(
        "inputs-one-step-early-wrapped",
        "x(t+1) is used at step t, and x(1) at the final step; x(t) belongs there.",
        CellChange({"inputs": "next-wrapped"}),
        DemonstrationAnswer("elman", (0.38, 0.95, 0.31, 0.97, 0.28)),
        DemonstrationAnswer("elman", (0.38, 0.95, 0.31, 0.97, 0.31)),
    ),
    Mistake(
        "inputs-one-step-late",
        "x(t-1) is used at step t, and zero at the first; x(t) belongs there.",
        CellChange({"inputs": "previous"}),
        DemonstrationAnswer("elman", (0.39, 0.9, 0.31, 0.97, 0.31)),
        DemonstrationAnswer("elman", (0.39, 0.9, 0.31, 0.97, 0.34)),
    ),
    Mistake(
        "first-input-throughout",
        "x(1) is used at every step; x(t) belongs at step t.",
        CellChange({"inputs": "first"}),
        DemonstrationAnswer("elman", (0.31, 0.54, 0.04, 0.61, 0.02)),
        DemonstrationAnswer("elman", (0.31, 0.54, 0.04, 0.61, 0.05)),
    ),
    Mistake(
        "inputs-reversed",
        "The inputs are used from the final one to the first.",
        CellChange({"inputs": "reversed"}),
        DemonstrationAnswer("elman", (0.88, 0.31, 0.97, 0.31, 0.96)),
        DemonstrationAnswer("elman", (0.88, 0.31, 0.97, 0.31, 0.93)),
    ),
    Mistake(
        "output-before-update",
        "y(t) is computed from h(t-1), before the hidden layer is updated; it belongs after, from h(t).",
        CellChange({"output_reads": "before"}),
        DemonstrationAnswer("elman", (0.45, 0.31, 0.6, 0.61, 0.32)),
        DemonstrationAnswer("elman", (0.45, 0.31, 0.6, 0.61, 0.35)),
    ),
    Mistake(
        "final-output-throughout",
        "Every row is the final output: an array in a list that is changed in place changes in the list too.",
        CellChange({"is_final_repeated": True}, work=("as-code",)),
        DemonstrationAnswer("elman", (0.97, 0.97, 0.97, 0.97, 0.97)),
        DemonstrationAnswer("elman", (0.97, 0.97, 0.97, 0.97, 0.5)),
    ),
    Mistake(
        "outputs-reversed",
        "The outputs stand in reverse: the first one is that of the final step.",
        CellChange({"is_reversed": True}),
        DemonstrationAnswer("elman", (0.97, 0.32, 0.61, 0.6, 0.31)),
        DemonstrationAnswer("elman", (0.97, 0.32, 0.61, 0.6, 0.34)),
    ),
)
START = (
    Mistake(
        "starts-from-ones",
        "What is fed back at the first step is one; it starts from zero.",
        CellChange({"start": "ones"}),
        DemonstrationAnswer("elman", (0.28, 0.85, 0.32, 0.43, 0.95)),
        DemonstrationAnswer("elman", (0.28, 0.85, 0.32, 0.43, 0.92)),
    ),
    Mistake(
        "starts-from-halves",
        "What is fed back at the first step is one half (the sigmoid of zero?); it starts from zero.",
        CellChange({"start": "halves"}),
        DemonstrationAnswer("elman", (0.18, 0.95, 0.3, 0.46, 0.93)),
        DemonstrationAnswer("elman", (0.18, 0.95, 0.3, 0.46, 0.9)),
    ),
    Mistake(
        "starts-from-bias",
        "What is fed back at the first step is the activation of the bias (a step 0?); it starts from zero.",
        CellChange({"start": "activated-bias"}),
        DemonstrationAnswer("elman", (0.9, 0.31, 0.97, 0.31, 0.97)),
        DemonstrationAnswer("elman", (0.9, 0.31, 0.97, 0.31, 0.94)),
    ),
)
WEIGHTS = (
    Mistake(
        "w-not-transposed",
        "W is used without its transpose: W h(t-1) where W^T h(t-1) is meant.",
        CellChange({"W": "as-written"}, networks=("elman",)),
        DemonstrationAnswer("elman", (0.31, 0.47, 0.98, 0.31, 0.98)),
        DemonstrationAnswer("elman", (0.31, 0.47, 0.98, 0.31, 0.95)),
    ),
    Mistake(
        "w-sign-flipped",
        "What W carries from the previous step is subtracted; it is to be added.",
        CellChange({"W": "negated"}),
        DemonstrationAnswer("elman", (0.31, 0.32, 0.03, 0.31, 0.05)),
        DemonstrationAnswer("elman", (0.31, 0.32, 0.03, 0.31, 0.08)),
    ),
    Mistake(
        "no-recurrence",
        "Nothing is carried from one step to the next: what is fed back through W is left out.",
        CellChange({"W": "absent"}),
        DemonstrationAnswer("elman", (0.31, 0.38, 0.61, 0.33, 0.88)),
        DemonstrationAnswer("elman", (0.31, 0.38, 0.61, 0.33, 0.85)),
    ),
    Mistake(
        "w-diagonal-only",
        "Only the diagonal of W is used; every hidden neuron is to see the previous values of all.",
        CellChange({"W": "diagonal"}, networks=("elman",)),
        DemonstrationAnswer("elman", (0.31, 0.4, 0.98, 0.31, 0.98)),
        DemonstrationAnswer("elman", (0.31, 0.4, 0.98, 0.31, 0.95)),
    ),
    Mistake(
        "elementwise-feedback",
        "W is multiplied with h(t-1) entry by entry; in a Jordan network W^T y(t-1) is fed back.",
        CellChange({"fed_back": "hidden", "W": "first-row"}, networks=("jordan",)),
        DemonstrationAnswer("jordan", (0.31, 0.44, 0.97, 0.31, 0.98)),
        DemonstrationAnswer("jordan", (0.31, 0.44, 0.97, 0.31, 0.95)),
    ),
    Mistake(
        "jordan-for-elman",
        "The output is fed back, as in a Jordan network; in an Elman network it is the hidden layer.",
        CellChange({"fed_back": "output", "weights": "other"}, networks=("elman",), earns_credit=False),
        DemonstrationAnswer("elman", (0.31, 0.31, 0.29, 0.31, 0.52)),
        DemonstrationAnswer("elman", (0.31, 0.31, 0.29, 0.31, 0.49)),
    ),
    Mistake(
        "elman-for-jordan",
        "The hidden layer is fed back, as in an Elman network; in a Jordan network it is the output.",
        CellChange({"fed_back": "hidden", "weights": "other"}, networks=("jordan",), earns_credit=False),
        DemonstrationAnswer("jordan", (0.31, 0.6, 0.61, 0.32, 0.97)),
        DemonstrationAnswer("jordan", (0.31, 0.6, 0.61, 0.32, 0.94)),
    ),
)
CATALOGUE: tuple[Mistake[CellChange], ...] = (
    *ACTIVATIONS,
    *BIASES,
    *DIGITS,
    *FEEDBACK,
    *ORDER,
    *START,
    *WEIGHTS,
)
