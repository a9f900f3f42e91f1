"""What leads to the key of a hand trace: the network with its values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from grader.kinds.trace.question import TraceParams
from grader.networks.equations.declaration import network_of

STEPS = "T"


def without(check: Mapping[str, Any], params: TraceParams) -> dict[str, Any] | None:
    """The check with the same sizes and no values; None where its equations have none for such.

    Args:
        check: The table.
        params: The same, decoded.
    """
    kept = {key: value for key, value in check.items() if key != "others"}
    is_counted = not network_of(params.network).inputs
    for number in (0, 1):
        values = {
            name: value if is_counted and name == STEPS else _filled(value, number)
            for name, value in params.values.items()
        }
        try:
            msgspec.structs.replace(params, values=values, others=())
        except ValueError:
            continue
        return {**kept, "values": values}
    return None


def _filled(value: Any, number: int) -> Any:
    return [_filled(one, number) for one in value] if isinstance(value, list | tuple) else number
