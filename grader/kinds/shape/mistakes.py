"""Known mistakes in one shape, each explained by itself. The sizes that are wanted are never said."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from grader.kinds.shape.of_network import Use
from grader.kinds.shape.question import factors_of, parts_of, terms_of
from grader.model.mistake import Mistake
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
        use: Where it stands in a network; None where only shapes are given.
        has_biases: Whether the network has biases.
        is_formula: Whether formulas are asked without a network: what its axes go with is the answer then.
    """

    name: str
    axes: tuple[str, ...]
    wanted: Shape
    got: Shape
    sizes: Mapping[str, int]
    use: Use | None = None
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


RNN_A: dict[str, Any] = {
    "sizes": {"state": 2, "input": 3, "output": 4},
    "shapes": {
        "Wss": ("state", "state"),
        "Wsx": ("state", "input"),
        "Wo": ("output", "state"),
        "z1": ("state", "1"),
        "z2": ("output", "1"),
    },
}
RNN_B: dict[str, Any] = {
    "sizes": {"state": 2, "input": 3, "output": 4},
    "shapes": {
        "Wssx": ("state", "state + input"),
        "Wox": ("output", "state + input"),
        "z1": ("state + input", "1"),
        "z2": ("state + input", "1"),
    },
}
WITH_BIAS: dict[str, Any] = {
    "sizes": {"state": 2, "input": 3},
    "shapes": {"W": ("state", "state + input + 1"), "z": ("state + input + 1", "1")},
}
RIGHT_A: dict[str, Shape] = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2), "z1": (2, 1), "z2": (4, 1)}
RIGHT_B: dict[str, Shape] = {"Wssx": (2, 5), "Wox": (4, 5), "z1": (5, 1), "z2": (5, 1)}

PACKED: dict[str, Any] = {
    "sizes": {"state": 2, "input": 3},
    "shapes": {"W": ("4*state", "input + state"), "b": ("4*state", "1")},
}
# Sentences that say where a size comes from: where two fit, neither is more than a guess.
GUESSES = frozenset({"bias-column", "stack-of-other-parts"})
# The first that fits is named; of those that guess all that fit, as alternatives. An example is a question
# and a shape for each of its fields.
SHAPE_MISTAKES: tuple[Mistake[Callable[[WrongShape], Words | None]], ...] = (
    Mistake(
        "matrix-transposed",
        "{it} is transposed: rows belong to what comes out, columns to what goes in.",
        transposed,
        (RNN_A, {**RIGHT_A, "Wo": (2, 4)}),
        (RNN_A, {**RIGHT_A, "Wo": (2, 2)}),
    ),
    Mistake(
        "row-for-column",
        "{it} is a column; a row of the same length was given.",
        row_for_column,
        (RNN_A, {**RIGHT_A, "z1": (1, 2)}),
        (RNN_A, {**RIGHT_A, "z1": (1, 3)}),
    ),
    Mistake(
        "batch-first",
        "{it} {what}.",
        batch_first,
        (RNN_A, {**RIGHT_A, "z1": (7, 2)}),
        (RNN_A, {**RIGHT_A, "z1": (7, 3)}),
    ),
    Mistake(
        "bias-column",
        "{it} {what}.",
        bias_column,
        (WITH_BIAS, {"W": (2, 5), "z": (6, 1)}),
        (WITH_BIAS, {"W": (2, 3), "z": (6, 1)}),
    ),
    Mistake(
        "side-by-side",
        "{it} is one column: vectors are stacked below each other, not side by side.",
        side_by_side,
        (RNN_B, {**RIGHT_B, "z1": (3, 2)}),
        (RNN_B, {**RIGHT_B, "z1": (3, 1)}),
    ),
    Mistake(
        "parts-counted-once",
        "{it} counts one vector where several of that size are stacked.",
        counted_once,
        (PACKED, {"W": (2, 5), "b": (8, 1)}),
        (PACKED, {"W": (3, 5), "b": (8, 1)}),
    ),
    Mistake(
        "parts-miscounted",
        "{it} counts another number of stacked vectors than there are.",
        other_number,
        (PACKED, {"W": (6, 5), "b": (8, 1)}),
        (PACKED, {"W": (7, 5), "b": (8, 1)}),
    ),
    Mistake(
        "stack-left-out",
        "{it} counts the {part} alone: here {parts} are stacked.",
        stack_left_out,
        (RNN_B, {**RIGHT_B, "Wox": (4, 2), "z2": (2, 1)}),
        (RNN_B, {**RIGHT_B, "Wox": (4, 9)}),
    ),
    Mistake(
        "stack-of-other-parts",
        "{it} is taken for a stack of {parts}: {here}.",
        other_stack,
        (RNN_A, {**RIGHT_A, "z1": (5, 1)}),
        (RNN_A, {**RIGHT_A, "z1": (8, 1)}),
    ),
    Mistake(
        "square-matrix",
        "{it} is taken to be square: what comes out of it is as long as what goes in.",
        square,
        (RNN_A, {**RIGHT_A, "Wsx": (3, 3)}),
        (RNN_A, {**RIGHT_A, "Wsx": (2, 2)}),
    ),
    Mistake(
        "size-of-another-quantity",
        "{it} is given the size of the {size}; it goes with the {asked}.",
        other_quantity,
        (RNN_B, {**RIGHT_B, "z2": (4, 1)}),
        (RNN_B, {**RIGHT_B, "z2": (9, 1)}),
    ),
    Mistake(
        "one-size-for-two",
        "{it} has two sizes, rows and columns; one number was given.",
        flat,
        (RNN_A, {**RIGHT_A, "Wsx": (6,)}),
        (RNN_A, {**RIGHT_A, "Wsx": (2, 4)}),
    ),
)

# What is said where a network is given: nothing of it names a size that is wanted.
OF_NETWORK = {
    "matrix-transposed": "{it} is transposed: look at what each of its sides goes with in the equation.",
    "stack-left-out": "{it} counts the {part} alone: what it goes with is a stack.",
    "stack-of-other-parts": "{it} is taken for a stack of {parts}: that is not what it goes with.",
    "size-of-another-quantity": "{it} is given the size {size}: that is not what it goes with.",
    "square-matrix": "{it} is taken to be square: what goes in is not as long as what comes out.",
}


def message_of(mistake: Mistake[Any], given: WrongShape) -> str:
    """What a mistake is, to the student: of a network without the names of the sizes that are wanted."""
    return mistake.message if given.use is None else OF_NETWORK.get(mistake.id, mistake.message)
