"""Mistakes about the activation of a layer."""

from __future__ import annotations

from grader.networks.misconception import Example, Misconception

MISCONCEPTIONS = (
    Misconception(
        "sigmoid-hidden",
        {"hidden": "sigmoid"},
        "The hidden layer goes through the sigmoid; its activation is tanh.",
        Example("elman", (0.85, 0.82, 0.85, 0.84, 0.87)),
        Example("elman", (0.85, 0.82, 0.85, 0.84, 0.84)),
    ),
    Misconception(
        "linear-hidden",
        {"hidden": "linear"},
        "The hidden layer has no activation; it goes through tanh.",
        Example("elman", (0.31, 0.68, 0.85, 1.0, 1.0)),
        Example("elman", (0.31, 0.68, 0.85, 1.0, 0.97)),
    ),
    Misconception(
        "relu-hidden",
        {"hidden": "relu"},
        "The hidden layer goes through ReLU; its activation is tanh.",
        Example("elman", (0.45, 0.89, 0.99, 1.0, 1.0)),
        Example("elman", (0.45, 0.89, 0.99, 1.0, 0.97)),
    ),
    Misconception(
        "half-tanh-hidden",
        {"hidden": "half-tanh"},
        "For tanh u, 2 sigmoid(u) - 1 is taken; that is tanh(u/2), and tanh u is 2 sigmoid(2u) - 1.",
        Example("elman", (0.38, 0.49, 0.72, 0.35, 0.93)),
        Example("elman", (0.38, 0.49, 0.72, 0.35, 0.9)),
    ),
    Misconception(
        "tanh-output",
        {"output": "tanh"},
        "The output goes through tanh; its activation is the sigmoid.",
        Example("elman", (-0.66, 0.4, 0.42, -0.65, 1.0)),
        Example("elman", (-0.66, 0.4, 0.42, -0.65, 0.97)),
    ),
    Misconception(
        "linear-output",
        {"output": "linear"},
        "The output has no activation; it goes through the sigmoid.",
        Example("elman", (-0.79, 0.42, 0.45, -0.77, 3.61)),
        Example("elman", (-0.79, 0.42, 0.45, -0.77, 3.58)),
    ),
    Misconception(
        "softmax-output",
        {"output": "softmax"},
        "The outputs go through softmax; each by itself goes through the sigmoid.",
        Example("elman", (1, 1, 1, 1, 1)),
        Example("elman", (1, 1, 1, 1, 0)),
        kinds=("behaviour",),
    ),
    Misconception(
        "mirrored-sigmoid-output",
        {"output": "mirrored-sigmoid"},
        "The sigmoid has a wrong sign in its exponent: it is 1 / (1 + exp(-u)).",
        Example("elman", (0.69, 0.4, 0.39, 0.68, 0.03)),
        Example("elman", (0.69, 0.4, 0.39, 0.68, 0.06)),
    ),
    Misconception(
        "step-output",
        {"output": "step"},
        "The output is made 0 or 1; it is the sigmoid itself.",
        Example("elman", (0, 1, 1, 0, 1)),
        Example("elman", (0, 1, 1, 0, 0.5)),
    ),
)
