"""Mistakes about b and c."""

from __future__ import annotations

from grader.networks.misconception import Example, Misconception

MISCONCEPTIONS = (
    Misconception(
        "b-forgotten",
        {"b": "missing"},
        "b is left out; it is added in the hidden layer at every step.",
        Example("elman", (0.43, 0.07, 0.6, 0.24, 0.98)),
        Example("elman", (0.43, 0.07, 0.6, 0.24, 0.95)),
    ),
    Misconception(
        "c-forgotten",
        {"c": "missing"},
        "c is left out; it is added before the output activation at every step.",
        Example("elman", (0.36, 0.65, 0.66, 0.36, 0.98)),
        Example("elman", (0.36, 0.65, 0.66, 0.36, 0.95)),
    ),
    Misconception(
        "b-subtracted",
        {"b": "subtracted"},
        "b is subtracted; it is to be added.",
        Example("elman", (0.54, 0.08, 0.6, 0.12, 0.93)),
        Example("elman", (0.54, 0.08, 0.6, 0.12, 0.9)),
    ),
    Misconception(
        "c-subtracted",
        {"c": "subtracted"},
        "c is subtracted; it is to be added.",
        Example("elman", (0.4, 0.7, 0.7, 0.41, 0.98)),
        Example("elman", (0.4, 0.7, 0.7, 0.41, 0.95)),
    ),
    Misconception(
        "biases-exchanged",
        {"b": "exchanged", "c": "exchanged"},
        "b and c are exchanged: b belongs to the hidden layer, c to the output.",
        Example("elman", (0.22, 0.11, 0.47, 0.14, 0.97)),
        Example("elman", (0.22, 0.11, 0.47, 0.14, 0.94)),
    ),
)
