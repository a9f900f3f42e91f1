"""The key of a question for numbers: the numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from grader.kinds.numeric.question import NumericParams, shape_of
from grader.model.kind import Key
from grader.model.text import counted

INSTEAD = "kind 'trace', 'count' or 'gradient' computes numbers from a network"


def written(params: NumericParams) -> Iterator[Key]:
    """All values.

    Args:
        params: The question.
    """
    entry = ("formula", "formulas") if params.is_symbolic else ("number", "numbers")
    for name, value in params.values.items():
        what = counted(math.prod(shape_of(value)), *entry)
        yield Key(place=f"values.{name}", what=what, instead=INSTEAD)


def without(check: Mapping[str, Any], params: NumericParams) -> dict[str, Any]:
    """The check with zeros, and without what mistakes give: the other values of a mistake are right.

    Args:
        check: The table.
        params: The same, decoded.
    """
    kept = {key: value for key, value in check.items() if key != "mistakes"}
    return {**kept, "values": {name: _zeros(value) for name, value in params.values.items()}}


def _zeros(value: Any) -> Any:
    return [_zeros(one) for one in value] if isinstance(value, list | tuple) else 0
