"""Step 5: each shape by itself; each counts the same."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, NamedTuple

import msgspec

from grader.answers.claims import read_shape
from grader.errors import Unreadable
from grader.kinds.shape.mistakes import Shape, WrongShape
from grader.kinds.shape.question import ShapeParams, axis_size, terms_of
from grader.model.evidence import LOCATION, PROVED, Evidence
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, verdict_for

WHAT_AXES_ARE = {1: ("entries",), 2: ("rows", "columns"), 3: ("first axis", "second axis", "third axis")}


class ShapeFacts(NamedTuple):
    """What was read and decided.

    Args:
        shapes: The shapes that could be read, by field.
        wrong: Those of them that are not as asked.
    """

    shapes: Mapping[str, Shape]
    wrong: tuple[WrongShape, ...]


class ShownShape(msgspec.Struct, frozen=True, kw_only=True):
    """A shape as read, None where it could not be, and "right" or what is wrong with it."""

    got: Shape | None
    code: str


class ShapeEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows."""

    entries: Annotated[dict[str, ShownShape], LOCATION]
    entries_right: Annotated[int, LOCATION]


def judge(params: ShapeParams, answer: Answer) -> Judgement[ShapeFacts]:
    """Mark each shape by itself."""
    messages: dict[str, Feedback | None] = {}
    shapes: dict[str, Shape] = {}
    wrong: list[WrongShape] = []
    unreadable: list[Unreadable] = []
    for name, axes in params.shapes.items():
        if name not in answer.fields:
            messages[name] = Feedback("missing-field", f"{name} is not given.")
            continue
        try:
            shapes[name] = read_shape(answer.fields[name], name)
        except Unreadable as error:
            unreadable.append(error)
            messages[name] = Feedback(error.code, str(error))
            continue
        wanted = tuple(axis_size(axis, params.sizes, name) for axis in axes)
        messages[name] = _wrong(name, axes, wanted, shapes[name])
        if messages[name] is not None:
            wrong.append(WrongShape(name, axes, wanted, shapes[name], params.sizes))
    if unreadable and len(unreadable) == len(answer.fields):
        raise unreadable[0]
    n_right = sum(message is None for message in messages.values())
    fraction = Fraction(n_right, len(messages))
    entries = {
        name: ShownShape(got=shapes.get(name), code="right" if message is None else message.code)
        for name, message in messages.items()
    }
    outcome = Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED,
        feedback=tuple(message for message in messages.values() if message is not None),
        evidence=(ShapeEvidence(entries=entries, entries_right=n_right),),
    )
    return Judgement(outcome, ShapeFacts(shapes, tuple(wrong)))


def _wrong(
    name: str, axes: tuple[str, ...], wanted: tuple[int, ...], got: tuple[int, ...]
) -> Feedback | None:
    """What is wrong with a shape, or None; a flat (n,) stands for the column n x 1.

    The sizes that are wanted are never said.
    """
    is_column = len(wanted) == 2 and wanted[1] == 1
    if got == wanted or (is_column and got == wanted[:1]):
        return None
    given = f"{name} is given as {' x '.join(map(str, got))}" + ("," if len(got) == 1 else "")
    if got == wanted[::-1]:
        if is_column:
            return Feedback("row-for-column", f"{given}: that is a row, and {name} is a column.")
        return Feedback("axes-swapped", f"{given}: the axes are swapped. {_what_they_are(axes)}")
    if len(got) != len(wanted):
        text = f"{given.rstrip(',')}: {_axes(len(got))}, but {name} has {len(wanted)}."
        return Feedback("number-of-axes", f"{text} {_what_they_are(axes)}")
    wrong = [i for i, sizes in enumerate(zip(got, wanted, strict=True)) if sizes[0] != sizes[1]]
    names = WHAT_AXES_ARE[len(wanted)]
    if len(wrong) < len(wanted):
        text = f"{given}: the number of {names[wrong[0]]} is not right."
        return Feedback("wrong-size", f"{text} {_what_they_are(axes, wrong)}")
    return Feedback("wrong-size", f"{given}: neither size is right. {_what_they_are(axes)}")


def _axes(number: int) -> str:
    return "one axis" if number == 1 else f"{number} axes"


def _what_they_are(axes: tuple[str, ...], only: list[int] | None = None) -> str:
    names = WHAT_AXES_ARE[len(axes)]
    if len(axes) == 2 and axes[1] == "1":
        return f"It is a column; its entries go with the {_stacked(axes[0])}."
    parts = []
    for i in range(len(axes)) if only is None else only:
        if axes[i].isdigit():
            parts.append(f"its {names[i]} are of a fixed number, whatever the network's sizes")
        else:
            parts.append(f"its {names[i]} go with the {_stacked(axes[i])}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:] + "."


def _stacked(axis: str) -> str:
    terms = terms_of(axis)
    return terms[0] if len(terms) == 1 else f"{' and the '.join(terms)}, stacked"
