"""Step 6: known mistakes in the shapes of a network's matrices and vectors.

One that explains several wrong shapes at once comes first: sizes exchanged, everything transposed, another
kind of network. What is left is explained shape by shape, see `grader.kinds.shape.mistakes`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from grader.kinds.shape.judge import ShapeFacts
from grader.kinds.shape.mistakes import GUESSES, SHAPE_MISTAKES, message_of
from grader.kinds.shape.question import ShapeParams, axis_size, parts_of
from grader.kinds.shape.recognising import (
    FITS,
    Words,
    WrongShape,
    is_right,
    other_quantity,
    stack_left_out,
    transposed,
)
from grader.model.mistake import Mistake
from grader.model.outcome import Diagnosis, Finding
from grader.model.text import joined

MAX_AXES_EXCHANGED = 4


def diagnose(params: ShapeParams, facts: ShapeFacts) -> Finding:
    """The known mistakes that explain the wrong shapes."""
    if params.is_symbolic and params.network is None:
        # What other mistakes say of the axes would be the answer.
        found_transposed = [one for one in facts.wrong if transposed(one) is not None]
        return Finding(
            diagnoses=tuple(
                Diagnosis(
                    "matrix-transposed", f"{one.name} is transposed: rows and columns have changed places."
                )
                for one in found_transposed[:1]
            )
        )
    for mistake in WHOLE_MISTAKES:
        found = mistake.effect(params, facts)
        if found is not None:
            message = mistake.message if params.network is None else WHOLE_OF_NETWORK[mistake.id]
            whole = Diagnosis(mistake.id, message.format_map(found.words))
            rest = [one for one in facts.wrong if one.name not in found.names]
            return Finding(diagnoses=(whole, *_of_each(rest)))
    return Finding(diagnoses=tuple(_of_each(facts.wrong)))


class Explained(NamedTuple):
    """What a mistake explains at once.

    Args:
        names: The wrong shapes.
        words: What is put into its message.
    """

    names: frozenset[str]
    words: Words = FITS


def row_vectors(params: ShapeParams, facts: ShapeFacts) -> Explained | None:
    """Two or more shapes transposed, a matrix among them, and every matrix that is not square."""
    flipped = frozenset(one.name for one in facts.wrong if one.got == one.wanted[::-1])
    oblong = {one.name for one in facts.wrong if len(one.wanted) == 2 and not one.is_column}
    kept = [
        name
        for name, shape in facts.shapes.items()
        if len(set(shape)) > 1 and name not in flipped and shape[-1:] != (1,)
    ]
    if len(flipped) < 2 or not oblong & flipped or kept:
        return None
    return Explained(flipped)


def exchanged_sizes(params: ShapeParams, facts: ShapeFacts) -> Explained | None:
    """Two named sizes exchanged explain three shapes or more, and leave one at most."""
    for one, other in itertools.combinations(list(params.lengths)[:MAX_AXES_EXCHANGED], 2):
        sizes = {**params.lengths, one: params.lengths[other], other: params.lengths[one]}
        explained = frozenset(
            given.name
            for given in facts.wrong
            if is_right(tuple(axis_size(axis, sizes, "") for axis in given.axes), given.got, given.is_column)
        )
        if len(explained) >= 3 and len(facts.wrong) - len(explained) <= 1:
            return Explained(explained, {"one": one, "other": other})
    return None


def unstacked(params: ShapeParams, facts: ShapeFacts) -> Explained | None:
    """Wherever a stack is asked one of its parts, or what comes out, was given: the sizes of RNN-A."""
    asked = frozenset(name for name, axes in params.axes.items() if any(len(parts_of(a)) > 1 for a in axes))
    plain = frozenset(
        one.name for one in facts.wrong if stack_left_out(one) or (one.is_column and other_quantity(one))
    )
    if len(asked) < 3 or not asked <= plain:
        return None
    axes = next(axis for name in asked for axis in params.axes[name] if len(parts_of(axis)) > 1)
    return Explained(asked, {"parts": joined(parts_of(axes))})


def what_comes_out(params: ShapeParams, facts: ShapeFacts) -> Explained | None:
    """Each stack that a matrix is applied to has the size of what the matrix gives."""
    explained = set()
    stacks = [name for name, axes in params.axes.items() if axes[-1] == "1" and len(parts_of(axes[0])) > 1]
    for number, name in enumerate(stacks):
        axis = params.axes[name][0]
        matrices = [axes for axes in params.axes.values() if len(axes) == 2 and axes[1] == axis]
        rows = axis_size(matrices[number][0], params.lengths, name) if number < len(matrices) else None
        if name in facts.shapes and is_right((rows or 0, 1), facts.shapes[name], is_column=True):
            explained.add(name)
    if len(explained) < 2 or explained != {one.name for one in facts.wrong}:
        return None
    return Explained(frozenset(explained), {"names": joined(sorted(explained))})


WHOLE_MISTAKES: tuple[Mistake[Callable[[ShapeParams, ShapeFacts], Explained | None]], ...] = (
    Mistake(
        "row-vector-convention",
        "Written for row vectors: here vectors are columns, and a matrix stands to the left of its vector.",
        row_vectors,
    ),
    Mistake("sizes-exchanged", "The sizes of {one} and {other} are exchanged throughout.", exchanged_sizes),
    Mistake(
        "sizes-without-stack",
        "These are the sizes of a network without a stack, such as RNN-A; here {parts} are stacked.",
        unstacked,
    ),
    Mistake(
        "result-for-stack",
        "{names} are taken for what the matrices give; here they are what goes in.",
        what_comes_out,
    ),
)


WHOLE_OF_NETWORK = {
    "row-vector-convention": "The matrices are all transposed: each has to fit what it is multiplied by.",
    "sizes-exchanged": "The sizes {one} and {other} are exchanged throughout.",
    "sizes-without-stack": "These are the sizes of a network without a stack; here vectors are stacked.",
    "result-for-stack": "{names} are taken for what the matrices give; here they are what goes in.",
}


def _of_each(wrong: Sequence[WrongShape]) -> Iterator[Diagnosis]:
    names: dict[tuple[str, str], list[str]] = {}
    for given in wrong:
        found = [
            (one.id, message_of(one, given).format_map({"it": "{it}", **words}))
            for one in SHAPE_MISTAKES
            if (words := one.effect(given)) is not None
        ]
        if found and found[0][0] in GUESSES:
            names.setdefault(_alternatives([one for one in found if one[0] in GUESSES]), []).append(
                given.name
            )
        elif found:
            names.setdefault(found[0], []).append(given.name)
    together: dict[str, list[str]] = {}
    for (id, message), which in names.items():
        subject = which[0] if len(which) == 1 else f"Each of {joined(which)}"
        together.setdefault(id, []).append(message.replace("{it}", subject, 1))
    for id, messages in together.items():
        yield Diagnosis(id, " ".join(messages))


def _alternatives(guesses: Sequence[tuple[str, str]]) -> tuple[str, str]:
    first, *others = (message for _, message in guesses)
    more = (f" Or {message.replace('{it}', 'it', 1)}" for message in others)
    return "-or-".join(id for id, _ in guesses), first + "".join(more)
