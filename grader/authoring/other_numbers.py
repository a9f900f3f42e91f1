"""Other numbers for a hand trace that tell more of its known mistakes apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np

from grader.kinds.trace.question import TraceParams
from grader.model.mistake import Identifiability

DRAWS = 8


def one_decimal_numbers(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Numbers of one decimal up to 1.5, none of them zero."""
    tenths = rng.integers(1, 16, shape) * rng.choice([-1, 1], shape)
    return (tenths / 10).round(1).tolist()


def better_values(params: TraceParams, cannot_tell: Callable[[TraceParams], Identifiability]) -> str:
    """A line for the question's file with values of the same shapes; empty where none was found.

    Args:
        params: The question.
        cannot_tell: Gives the known mistakes that a question's values cannot tell apart.
    """
    fewest, best = cannot_tell(params).n_untold, ""
    for seed in range(DRAWS if fewest else 0):
        rng = np.random.default_rng(seed)
        values = {
            name: value if name == "T" else one_decimal_numbers(rng, np.shape(value))
            for name, value in params.values.items()
        }
        other = msgspec.convert({**_fields(params), "values": values}, TraceParams)
        left = cannot_tell(other).n_untold
        if left < fewest:
            inside = ", ".join(f"{name} = {value}" for name, value in values.items())
            fewest, best = left, f"values = {{ {inside} }}"
    return best


def _fields(params: TraceParams) -> dict[str, Any]:
    return {name: getattr(params, name) for name in params.__struct_fields__}
