"""Which part of a network is not linear."""

from __future__ import annotations

from grader.networks.equations.network import Network
from grader.networks.equations.printing import written
from grader.networks.equations.tree import (
    At,
    Function,
    MatrixProduct,
    Node,
    OuterProduct,
    Power,
    Product,
    Quotient,
    Signal,
    children,
    signals_of,
    walk,
)


def why_not_linear(network: Network) -> str | None:
    """Which part of the equations is not linear, as a sentence; None where all are."""
    for equation in network.equations:
        if equation.is_static:
            return f"{equation.name} is no value at every step"
        for _, node in walk(equation.right_side):
            if _is_bent(node):
                return f"{written(node, style='python')} in {equation.name}(t) is not linear"
        if any(signal.lag < 0 for signal in signals_of(equation.right_side)):
            return f"{equation.name}(t) needs a later step"
    return None


def _is_bent(node: Node) -> bool:
    changing = [child for child in children(node) if _changes(child)]
    match node:
        case Function(name):
            return bool(changing) and name not in ("stack", "part")
        case Product() | MatrixProduct() | OuterProduct():
            return len(changing) > 1
        case Quotient():
            return _changes(node.below)
        case Power():
            return bool(changing) and node.exponent > 1
    return False


def _changes(node: Node) -> bool:
    return any(isinstance(inner, Signal | At) for _, inner in walk(node))
