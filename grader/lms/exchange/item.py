"""A question as it is exported, the same for every platform."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from fractions import Fraction
from typing import NamedTuple

from grader.answers.rounding import decimals_of
from grader.lms.exchange.held import Blanks, Choices, Essay, Held, NotHeld, OptionsToOrder, RowsToMatch
from grader.lms.exchange.of_question import held_of
from grader.model.exercise import Exercise, Question
from grader.reports.printable import one_line

HELD_BACK = "hints that are to be earned or paid for are left out"
MOST_DECIMALS = 15
"""More than a platform's floating-point numbers tell apart."""


class Item(NamedTuple):
    """A question, or a variant of one, to be exported.

    Args:
        id: Of exercise and question, one word with a slash.
        name: For a list of questions.
        variant: Its code; empty where there is none.
        points: What it is worth.
        texts: What is read before it is answered: the exercise's introduction, the prompt, errata.
        hints: Those that are free, from gentle to plain.
        held: What is filled in.
    """

    id: str
    name: str
    variant: str
    points: Fraction
    texts: tuple[str, ...]
    hints: tuple[str, ...]
    held: Held

    def all_texts(self) -> Iterator[str]:
        """Every text of an author that is shown, hints left out."""
        yield from self.texts
        shape = self.held.shape
        match shape:
            case Choices() | OptionsToOrder():
                yield from shape.options.values()
            case RowsToMatch():
                yield from (*shape.rows.values(), *shape.columns.values())
            case Blanks():
                yield from (blank.meaning for blank in shape.blanks)
            case Essay():
                yield from shape.rubric

    @property
    def content(self) -> Hashable:
        """Its content without its code and the order of its options: platforms shuffle by themselves."""
        shape = self.held.shape
        asked: Hashable
        match shape:
            case Choices():
                asked = (frozenset(shape.options.items()), frozenset(shape.right))
            case RowsToMatch():
                parts = (shape.rows, shape.columns, shape.right)
                asked = tuple(frozenset(part.items()) for part in parts)
            case OptionsToOrder():
                asked = (frozenset(shape.options.items()), shape.right)
            case _:
                asked = shape
        return self.id, self.texts, self.hints, asked


class NotExported(NamedTuple):
    """A question that is not exported.

    Args:
        question: Its id.
        label: As on the exercise sheet.
        reason: Why.
    """

    question: str
    label: str
    reason: str


def item_of(exercise: Exercise, question: Question) -> Item | NotExported:
    """A question as it is exported, or why it is not."""
    held = held_of(question, exercise.reveal)
    if isinstance(held, NotHeld):
        return NotExported(question.id, question.label, held.reason)
    return Item(
        id=f"{exercise.id}/{question.id}",
        name=one_line(f"{question.label}  {question.id}"),
        variant=exercise.variant,
        points=question.points,
        texts=_texts(exercise, question),
        hints=tuple(
            hint for hint, terms in zip(question.hints, question.terms, strict=True) if terms.is_free
        ),
        held=held._replace(lost=(*held.lost, *((HELD_BACK,) if question.has_terms else ()))),
    )


def _texts(exercise: Exercise, question: Question) -> tuple[str, ...]:
    # Options stand below the prompt for who answers in a file; here the platform shows its own.
    shown = question.check.shown(question.params)
    prompt = question.prompt.removesuffix(shown)
    errata = (f"On the printed sheet: {one}" for one in question.errata)
    return tuple(text for text in (exercise.introduction, prompt, *errata) if text.strip())


def decimal(value: Fraction, places: int = MOST_DECIMALS) -> str:
    """A number as digits with a point: in full if so many places do, else rounded.

    Args:
        value: Exact.
        places: The most.
    """
    needed = decimals_of(value)
    digits = places if needed is None else min(needed, places)
    scaled = round(abs(value) * 10**digits)
    whole, rest = divmod(scaled, 10**digits)
    sign = "-" if value < 0 and scaled else ""
    return f"{sign}{whole}.{rest:0{digits}}" if digits else f"{sign}{whole}"


def identifier(text: str) -> str:
    """A name that XML takes as an identifier."""
    plain = re.sub(r"[^A-Za-z0-9_.-]", "_", text)
    return plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"
