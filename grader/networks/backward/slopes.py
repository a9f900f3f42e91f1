"""Slopes of the activations, from a value f(u) and u itself."""

from __future__ import annotations

from collections.abc import Callable

from grader.networks.equations.tree import ONE, TWO, ZERO, Function, Node, Power, Product, Quotient, one_minus

SLOPES: dict[str, Callable[[Node, Node], Node]] = {
    "tanh": lambda f, u: one_minus(Power(f, 2)),
    "sigmoid": lambda f, u: Product((f, one_minus(f))),
    "relu": lambda f, u: Function("positive", (u,)),
    "exp": lambda f, u: f,
    "log": lambda f, u: Quotient(ONE, u),
    "abs": lambda f, u: Function("sign", (u,)),
    "sqrt": lambda f, u: Quotient(ONE, Product((TWO, f))),
    "softplus": lambda f, u: Function("sigmoid", (u,)),
    "halftanh": lambda f, u: Quotient(one_minus(Power(f, 2)), TWO),
    "step": lambda f, u: ZERO,
    "sign": lambda f, u: ZERO,
}
"""At a corner the slope is that of torch: 0 for relu and abs."""
