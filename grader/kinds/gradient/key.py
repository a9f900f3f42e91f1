"""What leads to the key of gradients by hand: the network, its loss and their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.kinds.gradient.question import GradientParams


def without(check: Mapping[str, Any], params: GradientParams) -> dict[str, Any] | None:
    """The check with the same sizes and zeros; None where a function is asked for.

    Args:
        check: The table.
        params: The same, decoded.
    """
    return {**check, "values": _zeros(params.values)} if params.values else None


def _zeros(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _zeros(one) for name, one in value.items()}
    return [_zeros(one) for one in value] if isinstance(value, list | tuple) else 0
