"""Shapes in what was handed in: sizes as numbers, or as formulas in the names of sizes."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from grader.answers.claims import MAX_AXES, read_shape, rows_by_columns
from grader.answers.latex_numbers import real_space, shape_from_latex
from grader.answers.look_alikes import plain_text
from grader.errors import Unreadable
from grader.exact.ball import Undefined, Unsure
from grader.formula.compare import Sameness, compare
from grader.formula.evaluate import evaluate
from grader.formula.marking.reading import formula_text
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.points import Domain
from grader.formula.tree import Formula
from grader.kinds.shape.question import ShapeParams, axis_size, size_names
from grader.kinds.shape.recognising import Shape, is_right
from grader.model.value import Array, Items, Text, Value

SEPARATOR = re.compile(r"\s+[xX]\s+|\s*[×✕✖⨯⨉╳,;]\s*|\s+by\s+|-by-")
BRACKETS = {"(": ")", "[": "]", "{": "}"}
# What no axis is: the value of a formula that differs from the wanted one in the end.
NO_LENGTH = 0
MOST_CUTS = 8


class GivenShape(NamedTuple):
    """A shape as handed in.

    Args:
        shape: Its sizes; of formulas what they give for the question's lengths.
        text: As it was written.
    """

    shape: Shape
    text: str


def read_given(params: ShapeParams, value: Value, name: str, wanted: Sequence[str]) -> GivenShape:
    """The shape that a student claims.

    Args:
        params: The question.
        value: As handed in.
        name: The field.
        wanted: What its axes are.

    Raises:
        Unreadable: If it does not say a shape.
    """
    if params.is_symbolic:
        return _in_names(params, value, name, wanted)
    try:
        shape = read_shape(value, name)
    except Unreadable:
        with contextlib.suppress(Unreadable):
            return _in_names(params, value, name, wanted)
        raise
    right = tuple(axis_size(axis, params.lengths, name) for axis in wanted)
    if isinstance(value, Text) and not _fits(right, shape):
        # In 3*4 x 2 the sign may multiply.
        with contextlib.suppress(Unreadable):
            worked_out = _in_names(params, value, name, wanted)
            if _fits(right, worked_out.shape):
                return worked_out
    return GivenShape(shape, " x ".join(map(str, shape)))


def _in_names(params: ShapeParams, value: Value, name: str, wanted: Sequence[str]) -> GivenShape:
    """A shape whose sizes are formulas; of the ways to cut a text the one that is right, if one is."""
    names = Names(size_names(params), tuple(params.aliases.items()))
    found: list[GivenShape] = []
    mistake = Unreadable("no shape", _hint(params), name, "not-a-shape")
    for texts in ways(value, name, len(wanted)):
        try:
            formulas = [parse_formula(text, names) for text in texts]
        except Unreadable as error:
            mistake = error
            continue
        found.append(GivenShape(_shape(params, formulas, wanted), " x ".join(texts)))
    if not found:
        raise mistake
    right = tuple(axis_size(axis, params.lengths, name) for axis in wanted)
    return next((one for one in found if _fits(right, one.shape)), found[0])


def _hint(params: ShapeParams) -> str:
    names = size_names(params)
    return f'write it like "{names[0]} x {names[-1]}", in {", ".join(names)}'


def ways(value: Value, name: str, n_axes: int) -> list[list[str]]:
    """The ways to take what was handed in apart into the texts of sizes.

    Args:
        value: As handed in.
        name: The field.
        n_axes: How many sizes there may be.

    Raises:
        Unreadable: If it is neither a text nor a list.
    """
    if isinstance(value, Items) and 1 <= len(value.items) <= MAX_AXES:
        return [[formula_text(item, name, "n_h") for item in value.items]]
    if isinstance(value, Array):
        return [[str(size) for size in read_shape(value, name)]]
    text = shape_from_latex(formula_text(value, name, "n_h x n_in"))
    # As it is first: a size may be called R.
    plain = plain_text(text).strip()
    texts = dict.fromkeys((text, real_space(plain), rows_by_columns(plain)))
    return [cut for one in texts for cut in _cut(_unwrapped(one), n_axes)]


def _unwrapped(text: str) -> str:
    """A text without brackets around all of it: (n, m) but not (n) x (m)."""
    plain = text.strip()
    while SEPARATOR.search(plain) and _is_wrapped(plain):
        plain = plain[1:-1].strip().rstrip(",").strip()
    return plain


def _is_wrapped(text: str) -> bool:
    if text[:1] not in BRACKETS:
        return False
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in BRACKETS) - (letter in BRACKETS.values())
        if depth == 0:
            return place == len(text) - 1
    return False


def _cut(text: str, n_axes: int) -> Iterator[list[str]]:
    """At its separators; else whole, or at a * or x between two sizes: 4*3 is a shape, too."""
    parts = [part for part in SEPARATOR.split(text) if part.strip()]
    if len(parts) > 1:
        yield parts[: MAX_AXES + 1]
        return
    yield [text]
    places = list(re.finditer(r"\\cdot(?![A-Za-z])|[*·xX]", text)) if n_axes > 1 else []
    for place in places[:MOST_CUTS]:
        before, after = text[: place.start()].strip(), text[place.end() :].strip()
        if before and after:
            yield [before, after]


def _shape(params: ShapeParams, formulas: Sequence[Formula], wanted: Sequence[str]) -> Shape:
    names = Names(size_names(params))
    values = [_value(one, params.lengths) for one in formulas]
    if not params.is_symbolic:
        return tuple(values)
    domain = Domain(whole=frozenset(size_names(params)))
    rights = [parse_formula(axis, names) for axis in wanted]
    right_values = [_value(right, params.lengths) for right in rights]
    for i, formula in enumerate(formulas):
        for right, value in zip(rights, right_values, strict=True):
            # A number that happens to be as long is no formula of the sizes.
            if values[i] == value and compare(formula, right, domain).sameness is not Sameness.SAME:
                values[i] = NO_LENGTH
    return tuple(values)


def _value(formula: Formula, lengths: Mapping[str, int]) -> int:
    try:
        value = evaluate(formula, {name: Fraction(length) for name, length in lengths.items()})
    except (Undefined, Unsure):
        return NO_LENGTH
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 and value > 0 else NO_LENGTH


def _fits(wanted: Shape, shape: Shape) -> bool:
    """Whether a shape is right; of one column its length is enough."""
    return is_right(wanted, shape, is_column=wanted[1:] == (1,))
