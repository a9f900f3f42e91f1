"""The key of a question for counts, where it is written: orders of growth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.kinds.count.question import CountParams
from grader.model.kind import Key


def written(params: CountParams) -> Iterator[Key]:
    """Every order of growth; how many weights there are follows from the network.

    Args:
        params: The question.
    """
    for name in params.orders:
        yield Key(place=f"big_o.{name}", what="an order of growth")


def without(check: Mapping[str, Any], params: CountParams) -> None:
    """None: the names of what is asked are all that can be left, since a network tells its counts.

    Args:
        check: The table.
        params: The same, decoded.
    """
