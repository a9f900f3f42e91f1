"""What right weights of a designed network are told by: the target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grader.kinds.design.question import DesignParams, task_of

STATE = "any"


def without(check: Mapping[str, Any], params: DesignParams) -> dict[str, Any]:
    """The check with zeros as its target, after every input.

    Args:
        check: The table.
        params: The same, decoded.
    """
    task = task_of(params)
    n_letters, n_outputs = len(task.letters), sum(task.outputs.values())
    zero = 0 if n_outputs == 1 else [0] * n_outputs
    row = {"state": STATE, "next": [STATE] * n_letters, "output": [zero] * n_letters}
    return {**check, "target": [row]}
