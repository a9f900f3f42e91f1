"""Backward equations in a student's words: what d_h and dz_h are, and no name of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable

from grader.model.text import joined
from grader.networks.backward.adjoint import BackwardPass
from grader.networks.backward.names import AT_SUM, AT_VALUE, ERROR, SENT_BACK
from grader.networks.equations.printing import written
from grader.networks.equations.tree import Function, Node, Parameter, Signal, transform
from grader.networks.mutants.backward.context import Context

LETTERS = re.compile(r"\b(dz|d)_(\w+?)(\((t(?:[+-]\d+)?)\)|\b)")


def rendered(node: Node, level: int = 0) -> str:
    """A part of a backward equation as text, with functions that are only ours in words."""
    return written(transform(node, _in_words), level)


def _in_words(node: Node) -> Node:
    match node:
        case Signal(name, lag) if name.startswith(ERROR):
            return Parameter(f"the error at {written(Signal(name.removeprefix(ERROR), lag))}")
        case Signal(name, lag) if name.startswith(SENT_BACK):
            return Parameter(f"what goes back to {written(Signal(name.removeprefix(SENT_BACK), lag + 1))}")
        case Parameter(name) if name.startswith(ERROR):
            return Parameter(f"the error at {name.removeprefix(ERROR)}")
        case Function("positive", (inner,)):
            return Parameter(f"(1 where {written(inner)} > 0, else 0)")
        case Function("total", (inner,)):
            return Parameter(f"(the sum of the entries of {written(inner, 2)})")
        case Function("pad", (inner,), k, n):
            return Parameter(f"(part {k} of {n}: {written(inner)})")
        case Function(name, (inner, *args)) if name.startswith("slice"):
            return Parameter(f"({written(inner)}, where {written(args[int(name[5:])])} stands)")
        case Function("dot", (left, right)):
            return Parameter(f"({written(left, 2)} . {written(right, 2)})")
    return node


def with_legend(text: str, context: Context) -> str:
    """The text with a sentence that says what the d and dz in it mean."""
    found = list(dict.fromkeys((match[1], match[2]) for match in LETTERS.finditer(text)))
    known = [(sort, name) for sort, name in found if name in context.network.by_name]
    meanings = [sentence for sort, name in known if (sentence := _meaning(sort, name, known, context))]
    return f"{text} Here {joined(meanings)}." if meanings else text


def _meaning(sort: str, name: str, known: Iterable[tuple[str, str]], context: Context) -> str:
    value = value_of(context.right, name)
    if sort == "d":
        return f"d_{name} is the gradient at {value}"
    activation = context.activation(name)
    slope = f"times the slope of {activation or 'its activation'}"
    if ("d", name) in known:
        return f"dz_{name} is d_{name} {slope}"
    return f"dz_{name} is the gradient at {value} {slope}"


def value_of(right: BackwardPass, name: str) -> str:
    """A variable as it is written: h(t), or y of a whole sequence."""
    return name if right.forward.by_name[name].is_static else f"{name}(t)"


def place_of(equation: str, right: BackwardPass) -> str:
    """A backward equation: "the gradient at h(t)", or "dW"."""
    for start, words in ((AT_SUM, "the gradient at the sum inside {}"), (AT_VALUE, "the gradient at {}")):
        name = equation.removeprefix(start)
        if equation.startswith(start) and name in right.forward.by_name:
            return words.format(value_of(right, name))
    if equation.startswith(ERROR):
        return "the error"
    if equation.startswith(SENT_BACK):
        return f"what goes back to {equation.removeprefix(SENT_BACK)}(t-1)"
    return equation
