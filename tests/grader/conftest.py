"""A student with known mistakes, in plain loops: independent of the cell that the grader runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest


def sig(u: float) -> float:
    return 1 / (1 + math.exp(-u)) if u > -700 else 0.0


def cut(value: float, places: int) -> float:
    return float(Decimal(f"{value:.10f}").quantize(Decimal(1).scaleb(-places), ROUND_DOWN))


def rounded(value: float, places: int) -> float:
    return float(Decimal(f"{value:.10f}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


HIDDEN = {
    "sigmoid-hidden": sig,
    "linear-hidden": lambda u: u,
    "relu-hidden": lambda u: max(u, 0.0),
    "half-tanh-hidden": lambda u: 2 / (1 + math.exp(-u)) - 1,
}
OUTPUT = {
    "tanh-output": math.tanh,
    "linear-output": lambda u: u,
    "mirrored-sigmoid-output": lambda u: sig(-u),
    "step-output": lambda u: float(u >= 0),
}


def hand_in(
    network: str, made: Collection[str], net: Any, other_W: Any = None, places: int = 2
) -> tuple[list[list[float]], list[list[float]]]:
    """Hidden values and outputs of a student who makes the mistakes."""
    x, U, W, V = ([[float(v) for v in row] for row in net[name]] for name in "xUWV")
    b, c = [float(v) for v in net["b"]], [float(v) for v in net["c"]]
    T, n_h, n_out = len(x), len(b), len(c)
    zero = [0.0] * len(U)

    own_b, own_c = b, c
    if "biases-exchanged" in made:
        b, c = (c, b) if n_h == n_out else (c * n_h, b[:1])
    b = [0.0] * n_h if "b-forgotten" in made else [-v for v in b] if "b-subtracted" in made else b
    c = [0.0] * n_out if "c-forgotten" in made else [-v for v in c] if "c-subtracted" in made else c
    if "inputs-one-step-early" in made:
        x = [*x[1:], zero]
    if "inputs-one-step-early-wrapped" in made:
        x = [*x[1:], x[0]]
    if "inputs-one-step-late" in made:
        x = [zero, *x[:-1]]
    if "first-input-throughout" in made:
        x = [x[0]] * T
    if "inputs-reversed" in made:
        x = x[::-1]

    feeds_h = (network == "elman" and "jordan-for-elman" not in made) or bool(
        {"elementwise-feedback", "elman-for-jordan"} & set(made)
    )
    if {"elman-for-jordan", "jordan-for-elman"} & set(made) and other_W is not None:
        W = [[float(v) for v in row] for row in other_W]
    phi = next((HIDDEN[name] for name in made if name in HIDDEN), math.tanh)
    psi = next((OUTPUT[name] for name in made if name in OUTPUT), sig)
    back = [0.0] * (n_h if feeds_h else n_out)
    if "starts-from-ones" in made:
        back = [1.0] * len(back)
    if "starts-from-halves" in made:
        back = [0.5] * len(back)
    if "starts-from-bias" in made:
        back = [math.tanh(v) for v in own_b] if feeds_h else [sig(v) for v in own_c]
    back_before = back

    h, hs, ys = back if feeds_h else [0.0] * n_h, [], []
    for x_t in x:
        s = back_before if "feedback-a-step-late" in made else back
        if "w-not-transposed" in made:
            carried = [sum(W[j][i] * s[i] for i in range(n_h)) for j in range(n_h)]
        elif "w-diagonal-only" in made:
            carried = [W[j][j] * s[j] for j in range(n_h)]
        elif "elementwise-feedback" in made:
            carried = [W[0][j] * s[j] for j in range(n_h)]
        else:
            carried = [sum(W[i][j] * s[i] for i in range(len(s))) for j in range(n_h)]
        if "w-sign-flipped" in made:
            carried = [-v for v in carried]
        if "no-recurrence" in made:
            carried = [0.0] * n_h
        u = [b[j] + sum(U[i][j] * x_t[i] for i in range(len(x_t))) for j in range(n_h)]
        if "feedback-outside-tanh" in made:
            new = [phi(u[j]) + carried[j] for j in range(n_h)]
        else:
            u = [u[j] + carried[j] for j in range(n_h)]
            new = [phi(v) for v in u]
        if "hidden-accumulated" in made:
            new = [new[j] + h[j] for j in range(n_h)]
        if "h-rounded" in made:
            new = [rounded(v, places) for v in new]
        if "h-rounded-too-coarsely" in made:
            new = [rounded(v, places - 1) for v in new]
        if "h-cut-off" in made:
            new = [cut(v, places) for v in new]
        seen = h if "output-before-update" in made else new
        h = new
        v_t = [c[k] + sum(V[j][k] * seen[j] for j in range(n_h)) for k in range(n_out)]
        y = [psi(v) for v in v_t]
        if "softmax-output" in made:
            y = [math.exp(v - max(v_t)) for v in v_t]
            y = [v / sum(y) for v in y]
        if "y-rounded" in made:
            y = [rounded(v, places) for v in y]
        back_before = back
        back = h if feeds_h else y
        if "preactivation-fed-back" in made:
            back = u if feeds_h else v_t
        if "thresholded-feedback" in made:
            back = [1.0 if v >= 0.5 else 0.0 for v in back]
        if "feedback-rounded" in made:
            back = [rounded(v, places) for v in back]
        if "feedback-rounded-too-coarsely" in made:
            back = [rounded(v, places - 1) for v in back]
        if "feedback-cut-off" in made:
            back = [cut(v, places) for v in back]
        hs.append(h)
        ys.append(y)
    if "final-output-throughout" in made:
        ys = [ys[-1]] * T
    return hs, ys[::-1] if "outputs-reversed" in made else ys


@pytest.fixture(scope="session")
def student() -> Callable[..., Any]:
    return hand_in
