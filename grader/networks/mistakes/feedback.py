"""Mistakes about what is fed back, and where to."""

from __future__ import annotations

from grader.networks.misconception import Example, Misconception

MISCONCEPTIONS = (
    Misconception(
        "preactivation-fed-back",
        {"signal": "preactivation"},
        "What is fed back has not been through its activation.",
        Example("elman", (0.31, 0.61, 0.47, 0.31, 0.31)),
        Example("elman", (0.31, 0.61, 0.47, 0.31, 0.34)),
    ),
    Misconception(
        "feedback-a-step-late",
        {"lag": 2},
        "What is fed back is from two steps before; it is to be from the previous step.",
        Example("elman", (0.31, 0.38, 0.73, 0.37, 0.12)),
        Example("elman", (0.31, 0.38, 0.73, 0.37, 0.15)),
    ),
    Misconception(
        "feedback-outside-tanh",
        {"is_inside": False},
        "What W carries is added after tanh; it belongs inside, beside U^T x(t) and b.",
        Example("elman", (0.31, 0.63, 0.58, 0.96, 1.0)),
        Example("elman", (0.31, 0.63, 0.58, 0.96, 0.97)),
    ),
    Misconception(
        "hidden-accumulated",
        {"is_accumulated": True},
        "The hidden layer piles up: h(t-1) itself is added to h(t).",
        Example("elman", (0.31, 0.46, 0.88, 0.8, 0.76)),
        Example("elman", (0.31, 0.46, 0.88, 0.8, 0.73)),
    ),
    Misconception(
        "thresholded-feedback",
        {"signal": "threshold"},
        "The output is made 0 or 1 before it is fed back; it is fed back as it is.",
        Example("jordan", (0.31, 0.38, 0.61, 0.31, 0.88)),
        Example("jordan", (0.31, 0.38, 0.61, 0.31, 0.85)),
        networks=("jordan",),
    ),
)
