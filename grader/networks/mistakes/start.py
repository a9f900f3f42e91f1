"""Mistakes about the first step."""

from __future__ import annotations

from grader.networks.misconception import Example, Misconception

MISCONCEPTIONS = (
    Misconception(
        "starts-from-ones",
        {"start": "ones"},
        "What is fed back at the first step is one; it starts from zero.",
        Example("elman", (0.28, 0.85, 0.32, 0.43, 0.95)),
        Example("elman", (0.28, 0.85, 0.32, 0.43, 0.92)),
    ),
    Misconception(
        "starts-from-halves",
        {"start": "halves"},
        "What is fed back at the first step is one half (the sigmoid of zero?); it starts from zero.",
        Example("elman", (0.18, 0.95, 0.3, 0.46, 0.93)),
        Example("elman", (0.18, 0.95, 0.3, 0.46, 0.9)),
    ),
    Misconception(
        "starts-from-bias",
        {"start": "activated-bias"},
        "What is fed back at the first step is the activation of the bias (a step 0?); it starts from zero.",
        Example("elman", (0.9, 0.31, 0.97, 0.31, 0.97)),
        Example("elman", (0.9, 0.31, 0.97, 0.31, 0.94)),
    ),
)
