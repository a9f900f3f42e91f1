"""Mistakes about digits that are dropped on the way."""

from __future__ import annotations

from grader.networks.misconception import Example, Misconception

MISCONCEPTIONS = (
    Misconception(
        "h-rounded-too-coarsely",
        {"h_digits": "coarse"},
        "h is rounded to fewer decimals than were asked before it is used again.",
        Example("elman", (0.31, 0.58, 0.61, 0.31, 0.97)),
        Example("elman", (0.31, 0.58, 0.61, 0.31, 0.94)),
        kinds=("sequence",),
    ),
    Misconception(
        "h-cut-off",
        {"h_digits": "cut"},
        "h is cut off where it has to be rounded, or better kept in full, before it is used again.",
        Example("elman", (0.32, 0.59, 0.65, 0.31, 0.97)),
        Example("elman", (0.32, 0.59, 0.65, 0.31, 0.94)),
    ),
    Misconception(
        "feedback-rounded-too-coarsely",
        {"fed_digits": "coarse"},
        "y is rounded to fewer decimals than were asked before it is fed back.",
        Example("jordan", (0.31, 0.31, 0.29, 0.31, 0.54)),
        Example("jordan", (0.31, 0.31, 0.29, 0.31, 0.51)),
        networks=("jordan",),
        kinds=("sequence",),
    ),
    Misconception(
        "feedback-cut-off",
        {"fed_digits": "cut"},
        "y is cut off where it has to be rounded, or better kept in full, before it is fed back.",
        Example("jordan", (0.31, 0.31, 0.29, 0.31, 0.53)),
        Example("jordan", (0.31, 0.31, 0.29, 0.31, 0.5)),
        networks=("jordan",),
    ),
    Misconception(
        "h-rounded",
        {"h_digits": "rounded"},
        "h is rounded to 2 decimals inside the function; nothing is to be rounded there.",
        Example("elman", (0.31, 0.61, 0.6, 0.32, 0.97)),
        Example("elman", (0.31, 0.61, 0.6, 0.32, 0.94)),
        kinds=("behaviour",),
    ),
    Misconception(
        "feedback-rounded",
        {"fed_digits": "rounded"},
        "What is fed back is rounded to 2 decimals; nothing is to be rounded in a function.",
        Example("elman", (0.31, 0.61, 0.6, 0.32, 0.97)),
        Example("elman", (0.31, 0.61, 0.6, 0.32, 0.94)),
        kinds=("behaviour",),
    ),
    Misconception(
        "y-rounded",
        {"y_digits": "rounded"},
        "y is rounded to 2 decimals inside the function; nothing is to be rounded there.",
        Example("elman", (0.31, 0.6, 0.61, 0.32, 0.97)),
        Example("elman", (0.31, 0.6, 0.61, 0.32, 0.94)),
        kinds=("behaviour",),
    ),
)
