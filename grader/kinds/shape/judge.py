"""Step 5: each shape by itself; each counts the same."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, NamedTuple

import msgspec

from grader.errors import Unreadable
from grader.kinds.shape.question import ShapeParams, axis_size, is_number, terms_of
from grader.kinds.shape.reading import GivenShape, read_given
from grader.kinds.shape.recognising import Shape, WrongShape, is_right
from grader.model.evidence import LOCATION, PROVED, Evidence
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, verdict_for
from grader.networks.counting.blocks import ParameterPlace, blocks_of, places
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.printing import written
from grader.networks.equations.tree import Parameter, walk

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
    """A shape as read, None where it could not be, and "right" or what is wrong with it; formulas as text."""

    got: Shape | str | None
    code: str


class ShapeEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows."""

    entries: Annotated[dict[str, ShownShape], LOCATION]
    entries_right: Annotated[int, LOCATION]


def judge(params: ShapeParams, answer: Answer) -> Judgement[ShapeFacts]:
    """Mark each shape by itself."""
    messages: dict[str, Feedback | None] = {}
    given: dict[str, GivenShape] = {}
    wrong: list[WrongShape] = []
    unreadable: list[Unreadable] = []
    for name, axes in params.axes.items():
        if name not in answer.fields:
            messages[name] = Feedback("missing-field", f"{name} is not given.")
            continue
        try:
            given[name] = read_given(params, answer.fields[name], name, axes)
        except Unreadable as error:
            reason = Unreadable(error.message, error.hint, name, error.code)
            unreadable.append(reason)
            messages[name] = Feedback(reason.code, str(reason))
            continue
        one = _compared(params, name, axes, given[name].shape)
        messages[name] = _wrong(one, given[name].text)
        if messages[name] is not None:
            wrong.append(one)
    if unreadable and len(unreadable) == len(answer.fields):
        raise unreadable[0]
    n_right = sum(message is None for message in messages.values())
    fraction = Fraction(n_right, len(messages))
    entries = {
        name: ShownShape(
            got=_shown(params, given.get(name)), code="right" if message is None else message.code
        )
        for name, message in messages.items()
    }
    outcome = Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED,
        feedback=tuple(message for message in messages.values() if message is not None),
        evidence=(ShapeEvidence(entries=entries, entries_right=n_right),),
    )
    return Judgement(outcome, ShapeFacts({name: one.shape for name, one in given.items()}, tuple(wrong)))


def _shown(params: ShapeParams, given: GivenShape | None) -> Shape | str | None:
    if given is None:
        return None
    return given.text if params.is_symbolic else given.shape


def _compared(params: ShapeParams, name: str, axes: tuple[str, ...], got: Shape) -> WrongShape:
    wanted = tuple(axis_size(axis, params.lengths, name) for axis in axes)
    if params.network is None:
        return WrongShape(name, axes, wanted, got, params.lengths, is_formula=params.is_symbolic)
    has_biases = any(block.role == "bias" for block in blocks_of(network_of(params.network)))
    return WrongShape(name, axes, wanted, got, params.lengths, _uses(params.network)[name], has_biases)


@functools.lru_cache(maxsize=64)
def _uses(table: NetworkTable) -> Mapping[str, str]:
    """Where each parameter, variable and input stands: what its axes go with, not how long they are."""
    network = network_of(table)
    found = {name: f"{name} is an input." for name in network.inputs}
    for variable, start in network.start.items():
        for _, one in walk(start):
            if isinstance(one, Parameter) and one.name in network.parameters:
                found[one.name] = f"{one.name} is where {variable} starts."
    found |= {one.name: f"{one.name} is what its own equation gives." for one in network.equations}
    for equation in network.equations:
        for place in places(equation, network):
            found.setdefault(place.parameter, _use(place, equation.name))
    return found


def _use(place: ParameterPlace, variable: str) -> str:
    if place.product is None:
        return f"{place.parameter} is added in the equation of {variable}."
    product = written(place.product)
    if not place.is_matrix:
        return f"{place.parameter} stands entry by entry in {product}."
    return f"It has to fit into {product}, in the equation of {variable}."


def _wrong(one: WrongShape, text: str) -> Feedback | None:
    """What is wrong with a shape, or None; a flat (n,) stands for the column n x 1.

    The sizes that are wanted are never said.
    """
    got, wanted, name = one.got, one.wanted, one.name
    is_column = wanted[1:] == (1,)
    if is_right(wanted, got, is_column):
        return None
    given = f"{name} is given as {text}"
    if got == wanted[::-1]:
        if is_column:
            return Feedback("row-for-column", f"{given}: that is a row, and {name} is a column.")
        return Feedback("axes-swapped", f"{given}: the axes are swapped. {_what_they_are(one)}".rstrip())
    if len(got) != len(wanted):
        asked = "is a vector" if one.is_column and one.use else f"has {len(wanted)}"
        text = f"{given}: {_axes(len(got))}, but {name} {asked}."
        return Feedback("number-of-axes", f"{text} {_what_they_are(one)}".rstrip())
    wrong = [i for i, sizes in enumerate(zip(got, wanted, strict=True)) if sizes[0] != sizes[1]]
    names = WHAT_AXES_ARE[len(wanted)]
    if len(wrong) < len(wanted) or len(wanted) == 1:
        text = f"{given}: the number of {names[wrong[0]]} is not right."
        return Feedback("wrong-size", f"{text} {_what_they_are(one, wrong)}".rstrip())
    none = "neither size" if len(wanted) == 2 else "no size"
    return Feedback("wrong-size", f"{given}: {none} is right. {_what_they_are(one)}".rstrip())


def _axes(number: int) -> str:
    return "one axis" if number == 1 else f"{number} axes"


def _what_they_are(one: WrongShape, only: list[int] | None = None) -> str:
    if one.use is not None:
        return one.use
    if one.is_formula:
        # What its axes go with is what is asked.
        return ""
    axes = one.axes
    names = WHAT_AXES_ARE[len(axes)]
    if len(axes) == 2 and axes[1] == "1":
        return f"It is a column; its entries go with the {_stacked(axes[0])}."
    parts = []
    for i in range(len(axes)) if only is None else only:
        if is_number(axes[i]):
            parts.append(f"its {names[i]} are of a fixed number, whatever the network's sizes")
        else:
            parts.append(f"its {names[i]} go with the {_stacked(axes[i])}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:] + "."


def _stacked(axis: str) -> str:
    terms = terms_of(axis)
    return terms[0] if len(terms) == 1 else f"{' and the '.join(terms)}, stacked"
