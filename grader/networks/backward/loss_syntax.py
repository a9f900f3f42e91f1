"""The parts of a loss as Python parses them: bare values, steps, and sums over entries."""

from __future__ import annotations

import ast
from collections.abc import Callable

OVER = ("mean", "sum")
ENTROPIES = ("cross_entropy", "binary_cross_entropy")


class WithSteps(ast.NodeTransformer):
    """Writes h(t) for a bare h, and hands sums over entries on."""

    def __init__(self, signals: set[str], entries: Callable[[ast.Call], ast.expr]) -> None:
        self.signals, self.entries = signals, entries

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A signal's bare name as its value at step t; any other name as it is."""
        if node.id not in self.signals:
            return node
        step = ast.copy_location(ast.Name(id="t", ctx=ast.Load()), node)
        return ast.copy_location(ast.Call(func=node, args=[step], keywords=[]), node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A sum over entries, a step, or a function of others."""
        if isinstance(node.func, ast.Name) and node.func.id in (*OVER, *ENTROPIES):
            return self.entries(node)
        if isinstance(node.func, ast.Name) and node.func.id in self.signals:
            return node
        node.args = [self.visit(one) for one in node.args]
        return node


def names_in(node: ast.AST) -> set[str]:
    """All names in a part of the text."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def is_step(args: list[ast.expr]) -> bool:
    """Whether this stands in the brackets of h(t), h(t-1), h(T) or h(1)."""
    return (
        len(args) == 1
        and not isinstance(args[0], ast.Call)
        and names_in(args[0]) <= {"t", "T"}
        and not _is_text(args[0])
    )


def is_fixed(node: ast.Call) -> bool:
    """Whether this reads h(T) or h(1)."""
    match node.args:
        case [ast.Name(id="T")] | [ast.Constant()]:
            return True
    return False


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not isinstance(node.value, int)
