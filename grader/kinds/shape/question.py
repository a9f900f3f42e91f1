"""What is asked: shapes of a network's matrices and vectors, by named axes."""

from __future__ import annotations

from collections.abc import Mapping

from grader.model.kind import Asks, Params

MAX_AXES = 3


class ShapeParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `shape`.

    Args:
        sizes: How long each named axis is.
        shapes: For each field its axes: a name, a sum of names such as "state + input", or a whole number
            as text.
    """

    sizes: dict[str, int]
    shapes: dict[str, tuple[str, ...]]

    def __post_init__(self) -> None:
        if not self.shapes:
            raise ValueError("shapes is empty: name at least one field")
        for axis, size in self.sizes.items():
            if not axis.isidentifier():
                raise ValueError(f"sizes: {axis!r} is no name for an axis")
            if size < 1:
                raise ValueError(f"sizes.{axis} is {size}; an axis has at least 1 entry")
        for field, axes in self.shapes.items():
            if not 1 <= len(axes) <= MAX_AXES:
                raise ValueError(f"shapes.{field} has {len(axes)} axes; 1 to {MAX_AXES} are wanted")
            for axis in axes:
                axis_size(axis, self.sizes, f"shapes.{field}")


def asks(params: ShapeParams) -> Asks:
    """One field for each shape."""
    return Asks(fields=tuple(params.shapes))


def axis_size(axis: str, sizes: Mapping[str, int], where: str) -> int:
    """The length of an axis: a named one, a sum of those, or a whole number as text.

    Raises:
        ValueError: If a term is neither a name in `sizes` nor a whole number from 1 on.
    """
    total = 0
    for term in terms_of(axis):
        if term in sizes:
            total += sizes[term]
        elif term.isascii() and term.isdigit() and int(term) >= 1:
            total += int(term)
        else:
            known = ", ".join(sorted(sizes)) or "none"
            raise ValueError(f"{where}: unknown axis {term!r}; the axes in sizes are: {known}")
    return total


def terms_of(axis: str) -> list[str]:
    """What an axis is the sum of: names of sizes, and whole numbers as text."""
    return [term.strip() for term in axis.split("+")]


def parts_of(axis: str) -> list[str]:
    """The named sizes of which an axis is the sum."""
    return [term for term in terms_of(axis) if not term.isdigit()]
