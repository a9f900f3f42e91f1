"""What shows a known mistake in one shape, each by itself. The sizes that are wanted are never said."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from grader.kinds.shape.question import factors_of, parts_of, terms_of
from grader.model.text import joined

Shape: TypeAlias = tuple[int, ...]
Words: TypeAlias = Mapping[str, str]
"""What is put into a mistake's message where it fits."""
FITS: Words = {}
MOST_PARTS = 16


class WrongShape(NamedTuple):
    """One shape that is wrong.

    Args:
        name: Of the field.
        axes: What its axes are.
        wanted: Their sizes.
        got: What was handed in.
        sizes: How long each named axis is.
        use: Where it stands in a network, a sentence; None where only shapes are given.
        has_biases: Whether the network has biases.
        is_formula: Whether formulas are asked without a network: what its axes go with is the answer then.
    """

    name: str
    axes: tuple[str, ...]
    wanted: Shape
    got: Shape
    sizes: Mapping[str, int]
    use: str | None = None
    has_biases: bool = False
    is_formula: bool = False

    @property
    def is_column(self) -> bool:
        """Whether a column is asked for."""
        return len(self.wanted) == 2 and self.axes[1] == "1"


def is_right(wanted: Shape, got: Shape, is_column: bool) -> bool:
    """Whether a shape is the wanted one; (n,) stands for the column n x 1."""
    return got == wanted or (is_column and got == wanted[:1])


def transposed(given: WrongShape) -> Words | None:
    """The axes of a matrix exchanged."""
    if len(given.wanted) == 2 and not given.is_column and given.got == given.wanted[::-1]:
        return FITS
    return None


def row_for_column(given: WrongShape) -> Words | None:
    """1 x n for n x 1."""
    if given.is_column and given.got == given.wanted[::-1]:
        return FITS
    return None


def batch_first(given: WrongShape) -> Words | None:
    """An axis too many in front, or many rows of the right length where one column is asked."""
    got, wanted = given.got, given.wanted
    flat = wanted[:1] if given.is_column else wanted
    if len(got) > len(wanted) and got[-len(wanted) :] == wanted:
        return {"what": "has an axis in front, as for a batch or a sequence: the shape of one step is asked"}
    if given.is_column and len(got) == 2 and got[1:] == flat and got[0] > 1:
        return {"what": "holds many vectors, one a row, as for a batch or a sequence: one column is asked"}
    return None


def bias_column(given: WrongShape) -> Words | None:
    """A column for the bias too few or too many, or as much in a stack."""
    axis = 0 if given.is_column else 1
    if len(given.got) != 2 or len(given.wanted) != 2 or given.got[1 - axis] != given.wanted[1 - axis]:
        return None
    what = "entry" if given.is_column else "column"
    has_bias = "1" in terms_of(given.axes[axis])
    if has_bias and given.got[axis] == given.wanted[axis] - 1:
        return {"what": f"lacks the {what} for the bias"}
    named = given.got[axis] in given.sizes.values()
    if not has_bias and not named and given.got[axis] == given.wanted[axis] + 1:
        is_stack = len(parts_of(given.axes[axis])) > 1
        more = "counts one more" if is_stack else f"has one {what} too many"
        here = "the biases stand by themselves" if given.has_biases else "there are no biases here"
        return {"what": f"{more}, as if for a bias: {here}"}
    return None


def stack_left_out(given: WrongShape) -> Words | None:
    """A sum of sizes is asked and one of its terms was given."""
    for axis, wanted, got in zip(given.axes, given.wanted, given.got, strict=False):
        parts = parts_of(axis)
        if got == wanted or len(parts) < 2:
            continue
        for part in parts:
            # Two quantities of one size: nobody can tell which was counted.
            if [name for name, size in given.sizes.items() if size == got] == [part]:
                return {"part": part, "parts": joined(parts)}
    return None


def other_stack(given: WrongShape) -> Words | None:
    """The sum of other sizes than those asked for."""
    if len(given.got) != len(given.wanted):
        return None
    for axis, wanted, got in zip(given.axes, given.wanted, given.got, strict=True):
        if got == wanted or got in given.sizes.values():
            continue
        stacks = [
            pair
            for pair in itertools.combinations(given.sizes, 2)
            if got == sum(given.sizes[x] for x in pair)
        ]
        if len(stacks) == 1 and set(stacks[0]) != set(parts_of(axis)):
            here = (
                "that is not what is stacked here" if len(parts_of(axis)) > 1 else "nothing is stacked there"
            )
            return {"parts": joined(stacks[0]), "here": here}
    return None


def counted_once(given: WrongShape) -> Words | None:
    """One vector where several of its size are stacked: one gate, one direction."""
    return FITS if _number_of_parts(given) == 1 else None


def other_number(given: WrongShape) -> Words | None:
    """Another number of vectors of one size than are stacked."""
    number = _number_of_parts(given)
    return FITS if number is not None and number > 1 else None


def _number_of_parts(given: WrongShape) -> int | None:
    """How many of one size are counted where another number is wanted; None where nothing of that kind is."""
    for axis, wanted, got in zip(given.axes, given.wanted, given.got, strict=False):
        for times, name in map(factors_of, terms_of(axis)):
            size = given.sizes.get(name, 0)
            if times < 2 or got == wanted or not size:
                continue
            number, rest = divmod(got - (wanted - times * size), size)
            # Where another size is as long, nobody can tell what was counted.
            alike = [one for one in given.sizes.values() if one == got]
            if not rest and 1 <= number <= MOST_PARTS and len(alike) <= 1:
                return number
    return None


def side_by_side(given: WrongShape) -> Words | None:
    """A column of stacked vectors, written as a matrix with one column for each."""
    if given.is_column and len(given.got) == 2 and given.got[1] > 1:
        return FITS
    return None


def square(given: WrongShape) -> Words | None:
    """As many rows as columns, where only the columns are right."""
    if len(given.wanted) == 2 and given.got == (given.wanted[1],) * 2:
        return FITS
    return None


def other_quantity(given: WrongShape) -> Words | None:
    """A size is that of another quantity of the network."""
    if len(given.got) != len(given.wanted):
        return None
    for axis, wanted, got in zip(given.axes, given.wanted, given.got, strict=True):
        if got == wanted:
            continue
        names = [name for name, size in given.sizes.items() if size == got]
        if len(names) == 1 and axis != "1":
            stacked = ", stacked" if "+" in axis else ""
            return {"size": names[0], "asked": joined(parts_of(axis)) + stacked}
    return None


def flat(given: WrongShape) -> Words | None:
    """One number where a matrix has two sizes."""
    if len(given.got) == 1 and len(given.wanted) == 2:
        return FITS
    return None
