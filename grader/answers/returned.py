"""What a network function returned, read as its outputs."""

from __future__ import annotations

from typing import NamedTuple

from grader.answers.arrays import FloatArray, to_numpy
from grader.errors import Unreadable
from grader.model.value import Items, Nothing, Value
from reference.instances import Sizes


class Outputs(NamedTuple):
    """The outputs, and whether hidden activations came along unasked.

    Args:
        y: (T, n_out), or the shape that was returned where that is another.
        is_pair: Whether a pair (y, h) was returned.
        has_shape: Whether y has the wanted shape.
    """

    y: FloatArray
    is_pair: bool
    has_shape: bool


def read_outputs(value: Value, sizes: Sizes, where: str) -> Outputs:
    """What a network function returned.

    Args:
        value: (T, n_out); (T, n_out, 1), (T, 1, n_out) and, for one output, (T,) can mean nothing else. In a
            pair the first is taken if the second has the shape of the hidden activations, of all steps, of
            these with the start in front, or of the final step.
        sizes: Of the instance that the function was called with.
        where: The function's name, for the message.

    Raises:
        Unreadable: If it is no table of real numbers.
    """
    pair = _pair(value, sizes, where)
    if pair is not None:
        return Outputs(pair, is_pair=True, has_shape=True)
    if isinstance(value, Nothing):
        raise Unreadable("returns None", "end the function with return", where, "returns-none")
    y = to_numpy(value, where)
    fitted = _fitted(y, sizes.T, sizes.n_out)
    return Outputs(y if fitted is None else fitted, is_pair=False, has_shape=fitted is not None)


def _pair(value: Value, sizes: Sizes, where: str) -> FloatArray | None:
    if not isinstance(value, Items) or len(value.items) != 2:
        return None
    try:
        if _fitted(to_numpy(value, where), sizes.T, sizes.n_out) is not None:
            return None  # two steps, not a pair
    except Unreadable:
        pass
    try:
        y, h = (to_numpy(item, where) for item in value.items)
    except Unreadable:
        return None
    if not _is_hidden(h, sizes):
        return None
    return _fitted(y, sizes.T, sizes.n_out)


def _is_hidden(array: FloatArray, sizes: Sizes) -> bool:
    """Whether it can be hidden activations: of all steps, with the start in front, or of the final one."""
    if array.shape == (sizes.n_h,) or _fitted(array, 1, sizes.n_h) is not None:
        return True
    # Flat it could be anything.
    with_start = array.ndim > 1 and _fitted(array, sizes.T + 1, sizes.n_h) is not None
    return with_start or _fitted(array, sizes.T, sizes.n_h) is not None


def _fitted(array: FloatArray, n_steps: int, width: int) -> FloatArray | None:
    """The array as (n_steps, width), where it can be nothing else."""
    same = array.shape in ((n_steps, width), (n_steps, width, 1), (n_steps, 1, width))
    if same or (width == 1 and array.shape == (n_steps,)):
        return array.reshape(n_steps, width)
    return None
