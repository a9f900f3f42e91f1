"""Whether gradients are the right ones, clipped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grader.kinds.gradient.known_gradients import flat
from grader.kinds.gradient.trials import LONG_TOLERANCE
from grader.networks.backward.gradients import Arrays, FloatArray


def clipping(got: Sequence[Arrays], right: Sequence[Arrays]) -> str | None:
    """How the gradients were clipped, "every entry is cut off at 10"; None if they were not.

    Args:
        got: What a function returned, on any inputs.
        right: The gradients.
    """
    pairs = [(flat(one), flat(other)) for one, other in zip(got, right, strict=True)]
    if not all(np.isfinite(one).all() for one, _ in pairs):
        return None
    most = max(float(np.abs(one).max()) for one, _ in pairs)
    if not most:
        return None
    if all(_alike(one, np.clip(other, -most, most)) for one, other in pairs):
        return f"every entry is cut off at {most:.3g}"
    blocks = [(one[name], other[name]) for one, other in zip(got, right, strict=True) for name in other]
    for what, parts in (("all gradients together are", pairs), ("each gradient is", blocks)):
        longest = max(float(np.linalg.norm(one)) for one, _ in parts)
        if all(_alike(one, _shortened(other, longest)) for one, other in parts):
            return f"{what} scaled down to a length of {longest:.3g}"
    return None


def _shortened(array: FloatArray, longest: float) -> FloatArray:
    length = float(np.linalg.norm(array))
    return array if length <= longest else array * (longest / length)


def _alike(got: FloatArray, made: FloatArray) -> bool:
    return bool(np.abs(got - made).max() <= LONG_TOLERANCE * np.abs(made).max())
