"""A trace as handed in, drawn on the unrolled network up to the first value that is not right."""

from __future__ import annotations

import math
from collections.abc import Iterator

from grader.kinds.trace.layers import Layer
from grader.kinds.trace.remarks import Work
from grader.networks.drawn import DrawnRun, Number, UnrolledDrawing, unrolled
from grader.networks.running.functions import Array

DIGITS = 6


def drawn(work: Work) -> UnrolledDrawing | None:
    """The network with the question's numbers and the student's values; None where no step is wrong.

    Args:
        work: What was handed in. Nothing that was computed from the question is drawn.
    """
    trace = work.trace
    layers = {**work.asked, **work.working}
    marked = list(_marked(work, layers))
    wrong = next((place for place, is_right in marked if not is_right), None)
    if wrong is None:
        return None
    values = {name: _rows(rows) for name, rows in trace.inputs.items()}
    values |= {name: _rows(layer.values) for name, layer in layers.items()}
    run = DrawnRun(
        values=values,
        parameters={name: _matrix(value) for name, value in trace.parameters.items()},
        wrong=wrong,
        right=[place for place, is_right in marked if is_right],
    )
    return unrolled(trace.network, run)


def _marked(work: Work, layers: dict[str, Layer]) -> Iterator[tuple[tuple[str, int], bool]]:
    """Each row that was handed in, in the order of computing, and whether it is right or follows."""
    for t in range(work.trace.n_steps):
        for name in work.in_order:
            layer, followed = layers[name], work.followed.get(name)
            if work.trace.is_static(name) or t >= len(layer.values):
                continue
            follows = followed is not None and t < len(followed.is_slip) and not followed.is_slip[t]
            yield (name, t + 1), t not in layer.wrong_rows or follows


def _rows(values: Array) -> list[list[Number] | None]:
    rows = [[_number(one) for one in row] for row in values.reshape(len(values), -1).tolist()]
    return [row if all(one is not None for one in row) else None for row in rows]  # type: ignore[misc]


def _matrix(value: Array) -> list[list[Number]]:
    rows = value.reshape(-1, value.shape[-1] if value.ndim else 1).tolist()
    return [[one if (one := _number(entry)) is not None else "" for entry in row] for row in rows]


def _number(value: float) -> Number | None:
    """A whole number as such; None for what is no number."""
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < 10**15 else float(f"{value:.{DIGITS}g}")
