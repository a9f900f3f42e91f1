"""Steps as they stand in brackets: t, t-1, t+1, T, 1."""

from __future__ import annotations

import ast

MAX_LAG = 16
MAX_STEP = 1000


def lag_of(node: ast.expr) -> int | None:
    """How many steps back t, t-1 or t+1 is; None for what is no such step."""
    match node:
        case ast.Name(id="t"):
            return 0
        case ast.BinOp(left=ast.Name(id="t"), op=(ast.Sub() | ast.Add()) as op, right=right):
            lag = whole_number(right)
            if lag is not None and lag <= MAX_LAG:
                return lag if isinstance(op, ast.Sub) else -lag
    return None


def fixed_step(node: ast.expr) -> str | int | None:
    """T, or a step counted from 1; None for what is neither."""
    if isinstance(node, ast.Name) and node.id == "T":
        return "T"
    step = whole_number(node)
    return step if step is not None and 1 <= step <= MAX_STEP else None


def whole_number(node: ast.expr) -> int | None:
    """The whole number that a node is; None where it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
        return node.value
    return None
