"""Known mistakes in the shapes of a network's matrices and vectors.

One that explains several wrong shapes at once comes first: sizes exchanged, everything transposed, another
kind of network. What is left is explained shape by shape.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from grader.kinds.shape.axes import ShapeParams, axis_size
from grader.kinds.shape.shapes import (
    GUESSES,
    SHAPE_MISTAKES,
    Given,
    Shape,
    is_right,
    listed,
    other_quantity,
    parts_of,
    stack_left_out,
)
from grader.model.outcome import Diagnosis

MAX_AXES_EXCHANGED = 4


def wrong_shapes(params: ShapeParams, got: Mapping[str, Shape]) -> tuple[Given, ...]:
    """The shapes that are not as asked, of those that were handed in."""
    found = []
    for name, axes in params.shapes.items():
        wanted = tuple(axis_size(axis, params.sizes, name) for axis in axes)
        is_column = len(axes) == 2 and axes[1] == "1"
        if name in got and not is_right(wanted, got[name], is_column):
            found.append(Given(name, axes, wanted, got[name], params.sizes))
    return tuple(found)


def diagnose_shapes(params: ShapeParams, got: Mapping[str, Shape]) -> tuple[Diagnosis, ...]:
    """The known mistakes that explain the wrong shapes; none where all are right.

    Args:
        params: The question.
        got: The shapes that could be read.
    """
    wrong = wrong_shapes(params, got)
    for whole in WHOLE_MISTAKES:
        told = whole(params, got, wrong)
        if told is not None:
            diagnosis, explained = told
            rest = tuple(_of_each([one for one in wrong if one.name not in explained]))
            return (diagnosis, *rest)
    return tuple(_of_each(wrong))


Whole: TypeAlias = tuple[Diagnosis, frozenset[str]]


def row_vectors(params: ShapeParams, got: Mapping[str, Shape], wrong: Sequence[Given]) -> Whole | None:
    """Two or more shapes transposed, a matrix among them, and every matrix that is not square."""
    flipped = frozenset(one.name for one in wrong if one.got == one.wanted[::-1])
    oblong = {one.name for one in wrong if len(one.wanted) == 2 and not one.is_column}
    kept = [
        name for name in got if len(set(got[name])) > 1 and name not in flipped and got[name][-1:] != (1,)
    ]
    if len(flipped) < 2 or not oblong & flipped or kept:
        return None
    text = "Written for row vectors: here vectors are columns, and a matrix stands to the left of its vector."
    return Diagnosis("row-vector-convention", text), flipped


def exchanged_sizes(params: ShapeParams, got: Mapping[str, Shape], wrong: Sequence[Given]) -> Whole | None:
    """Two named sizes exchanged explain three shapes or more, and leave one at most."""
    for one, other in itertools.combinations(list(params.sizes)[:MAX_AXES_EXCHANGED], 2):
        sizes = {**params.sizes, one: params.sizes[other], other: params.sizes[one]}
        explained = frozenset(
            given.name
            for given in wrong
            if is_right(tuple(axis_size(axis, sizes, "") for axis in given.axes), given.got, given.is_column)
        )
        if len(explained) >= 3 and len(wrong) - len(explained) <= 1:
            text = f"The sizes of {one} and {other} are exchanged throughout."
            return Diagnosis("sizes-exchanged", text), explained
    return None


def unstacked(params: ShapeParams, got: Mapping[str, Shape], wrong: Sequence[Given]) -> Whole | None:
    """Wherever a stack is asked one of its parts, or what comes out, was given: the sizes of RNN-A."""
    asked = frozenset(name for name, axes in params.shapes.items() if any(len(parts_of(a)) > 1 for a in axes))
    plain = frozenset(
        one.name for one in wrong if stack_left_out(one) or (one.is_column and other_quantity(one))
    )
    if len(asked) < 3 or not asked <= plain:
        return None
    axes = next(axis for name in asked for axis in params.shapes[name] if len(parts_of(axis)) > 1)
    parts = parts_of(axes)
    text = (
        f"These are the sizes of a network without a stack, such as RNN-A; here {listed(parts)} are stacked."
    )
    return Diagnosis("sizes-without-stack", text), asked


def what_comes_out(params: ShapeParams, got: Mapping[str, Shape], wrong: Sequence[Given]) -> Whole | None:
    """Each stack that a matrix is applied to has the size of what the matrix gives."""
    explained = set()
    stacks = [name for name, axes in params.shapes.items() if axes[-1] == "1" and len(parts_of(axes[0])) > 1]
    for number, name in enumerate(stacks):
        axis = params.shapes[name][0]
        matrices = [axes for axes in params.shapes.values() if len(axes) == 2 and axes[1] == axis]
        rows = axis_size(matrices[number][0], params.sizes, name) if number < len(matrices) else None
        if name in got and is_right((rows or 0, 1), got[name], is_column=True):
            explained.add(name)
    if len(explained) < 2 or explained != {one.name for one in wrong}:
        return None
    text = f"{listed(sorted(explained))} are taken for what the matrices give; here they are what goes in."
    return Diagnosis("result-for-stack", text), frozenset(explained)


WHOLE_MISTAKES = (row_vectors, exchanged_sizes, unstacked, what_comes_out)


def _of_each(wrong: Sequence[Given]) -> Iterator[Diagnosis]:
    told: dict[tuple[str, str], list[str]] = {}
    for given in wrong:
        found = [(one.id, said) for one in SHAPE_MISTAKES if (said := one.sees(given)) is not None]
        if found and found[0][0] in GUESSES:
            told.setdefault(_alternatives([one for one in found if one[0] in GUESSES]), []).append(given.name)
        elif found:
            told.setdefault(found[0], []).append(given.name)
    together: dict[str, list[str]] = {}
    for (id, sentence), names in told.items():
        subject = names[0] if len(names) == 1 else f"Each of {listed(names)}"
        together.setdefault(id, []).append(sentence.replace("{it}", subject, 1))
    for id, sentences in together.items():
        yield Diagnosis(id, " ".join(sentences))


def _alternatives(guesses: Sequence[tuple[str, str]]) -> tuple[str, str]:
    first, *others = (sentence for _, sentence in guesses)
    more = (f" Or {sentence.replace('{it}', 'it', 1)}" for sentence in others)
    return "-or-".join(id for id, _ in guesses), first + "".join(more)
