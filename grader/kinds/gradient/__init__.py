"""Gradients of a network's loss by backpropagation through time, as a function or by hand.

A function is held against our own gradients on sizes of 1, on sizes that are all different, on long sequences
and on large errors; numbers worked out by hand against the loss of the question's own values. Where they are
wrong, every known mistake is computed too, and the one that gives the same numbers is named.
"""

from grader.kinds.gradient.by_hand import numbers
from grader.kinds.gradient.judge import judge
from grader.kinds.gradient.question import GradientParams, asks, probes
from grader.model.kind import Kind

KIND = Kind(
    params=GradientParams,
    asks=asks,
    probes=probes,
    judge=judge,
    numbers=numbers,
)
