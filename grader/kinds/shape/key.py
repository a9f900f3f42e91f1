"""The key of a question for shapes, where they are written and do not follow from a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.kinds.shape.question import ShapeParams
from grader.model.kind import Key

BLANK = "1"


def written(params: ShapeParams) -> Iterator[Key]:
    """Every shape that is written.

    Args:
        params: The question.
    """
    for name in params.shapes:
        yield Key(place=f"shapes.{name}", what="a shape", instead="a network gives the shapes of its own")


def without(check: Mapping[str, Any], params: ShapeParams) -> dict[str, Any] | None:
    """The check with shapes of one entry and as many axes; None where they follow from a network.

    Args:
        check: The table.
        params: The same, decoded.
    """
    if not params.shapes:
        return None
    return {**check, "shapes": {name: [BLANK] * len(axes) for name, axes in params.axes.items()}}
