"""The mistakes that are known in one shape, with what shows each. What is wanted is never said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.kinds.shape.recognising import (
    Shape,
    Words,
    WrongShape,
    batch_first,
    bias_column,
    counted_once,
    flat,
    other_number,
    other_quantity,
    other_stack,
    row_for_column,
    side_by_side,
    square,
    stack_left_out,
    transposed,
)
from grader.model.mistake import Mistake

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
