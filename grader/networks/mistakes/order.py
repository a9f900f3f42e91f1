"""Mistakes about the order of steps."""

from __future__ import annotations

from grader.networks.misconception import Example, Misconception

MISCONCEPTIONS = (
    Misconception(
        "inputs-one-step-early",
        {"inputs": "next"},
        "x(t+1) is used at step t, and zero at the final step; x(t) belongs there.",
        Example("elman", (0.38, 0.95, 0.31, 0.97, 0.31)),
        Example("elman", (0.38, 0.95, 0.31, 0.97, 0.34)),
    ),
    Misconception(
        "inputs-one-step-early-wrapped",
        {"inputs": "next-wrapped"},
        "x(t+1) is used at step t, and x(1) at the final step; x(t) belongs there.",
        Example("elman", (0.38, 0.95, 0.31, 0.97, 0.28)),
        Example("elman", (0.38, 0.95, 0.31, 0.97, 0.31)),
    ),
    Misconception(
        "inputs-one-step-late",
        {"inputs": "previous"},
        "x(t-1) is used at step t, and zero at the first; x(t) belongs there.",
        Example("elman", (0.39, 0.9, 0.31, 0.97, 0.31)),
        Example("elman", (0.39, 0.9, 0.31, 0.97, 0.34)),
    ),
    Misconception(
        "first-input-throughout",
        {"inputs": "first"},
        "x(1) is used at every step; x(t) belongs at step t.",
        Example("elman", (0.31, 0.54, 0.04, 0.61, 0.02)),
        Example("elman", (0.31, 0.54, 0.04, 0.61, 0.05)),
    ),
    Misconception(
        "inputs-reversed",
        {"inputs": "reversed"},
        "The inputs are used from the final one to the first.",
        Example("elman", (0.88, 0.31, 0.97, 0.31, 0.96)),
        Example("elman", (0.88, 0.31, 0.97, 0.31, 0.93)),
    ),
    Misconception(
        "output-before-update",
        {"output_reads": "before"},
        "y(t) is computed from h(t-1), before the hidden layer is updated; it belongs after, from h(t).",
        Example("elman", (0.45, 0.31, 0.6, 0.61, 0.32)),
        Example("elman", (0.45, 0.31, 0.6, 0.61, 0.35)),
    ),
    Misconception(
        "final-output-throughout",
        {"is_final_repeated": True},
        "Every row is the final output: an array in a list that is changed in place changes in the list too.",
        Example("elman", (0.97, 0.97, 0.97, 0.97, 0.97)),
        Example("elman", (0.97, 0.97, 0.97, 0.97, 0.5)),
        kinds=("behaviour",),
    ),
    Misconception(
        "outputs-reversed",
        {"is_reversed": True},
        "The outputs stand in reverse: the first one is that of the final step.",
        Example("elman", (0.97, 0.32, 0.61, 0.6, 0.31)),
        Example("elman", (0.97, 0.32, 0.61, 0.6, 0.34)),
    ),
)
