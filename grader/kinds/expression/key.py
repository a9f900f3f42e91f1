"""The key of a question for formulas: the formulas and conditions, and what mistakes tell of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.kinds.expression.question import ExpressionParams
from grader.model.kind import Key

INSTEAD = "`network` and `asked` compute the values and derivatives of a network of single numbers"
HIDDEN = ("expressions", "conditions", "big_o", "mistakes", "network", "asked", "loss", "named", "symbols")


def written(params: ExpressionParams) -> Iterator[Key]:
    """Every formula, condition and order of growth that is written.

    Args:
        params: The question.
    """
    for name in params.expressions:
        yield Key(place=f"expressions.{name}", what="a formula", instead=INSTEAD)
    for name in params.conditions:
        yield Key(place=f"conditions.{name}", what="a condition")
    for name in params.big_o:
        yield Key(place=f"big_o.{name}", what="an order of growth")


def without(check: Mapping[str, Any], params: ExpressionParams) -> dict[str, Any]:
    """The check with the formula 0, the order 1 and a condition on the first symbol; names stay.

    Args:
        check: The table.
        params: The same, decoded.
    """
    kept = {key: value for key, value in check.items() if key not in HIDDEN}
    named = params.of_network.meanings if params.of_network else ()
    symbols = [*params.all_symbols, *named]
    return {
        **kept,
        "symbols": symbols,
        "expressions": dict.fromkeys(params.formula_fields, "0"),
        "conditions": dict.fromkeys(params.conditions, f"{symbols[0]} < 0"),
        "big_o": dict.fromkeys(params.big_o, "1"),
    }
