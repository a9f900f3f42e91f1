"""What an audit of many variants reports on names, requirements and questions."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from grader.variants.values import Value, numbers_in


class Spread(msgspec.Struct, frozen=True):
    """Smallest, median and largest of some numbers."""

    least: float
    median: float
    most: float


class NameSpread(msgspec.Struct, frozen=True, kw_only=True):
    """The values drawn for a declared name.

    Args:
        name: As declared.
        n_different: How many different values.
        numbers: Of all numbers in its values; None where there are none.
    """

    name: str
    n_different: int
    numbers: Spread | None


class RequirementRate(msgspec.Struct, frozen=True, kw_only=True):
    """How often a requirement holds.

    Args:
        text: As written.
        at_once: Share of the first draws in which it holds.
        broken: Codes of variants in which it does not hold; there is none, unless drawing is wrong.
    """

    text: str
    at_once: float
    broken: tuple[str, ...]


class VariantFault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in one variant."""

    code: str
    message: str


class QuestionVariants(msgspec.Struct, frozen=True, kw_only=True):
    """One question over all variants.

    Args:
        id: The question's.
        label: Its label.
        kind: Its kind.
        solved_by: Where its right answers come from: "program", "examples", "person" (words, marked by
            hand) or "nobody".
        tried: In how many variants a right answer was marked.
        unsolved: Where it did not get all points.
        examples: How many examples were marked, each in some variants.
        examples_differ: Where one was marked otherwise than its file says.
        n_different: How many different questions there are.
        n_answers: How many different right answers; 0 where the program makes none.
        neighbours: How many variants a neighbour's right answer was marked against.
        neighbour_right: In how many it was right.
        neighbour_same: In how many of these it is also the variant's own right answer.
        digits: Of the drawn numbers that the question uses, per variant.
        largest: The largest intermediate value, per variant.
        unlike: Codes of variants with far longer or larger numbers than the median.
    """

    id: str
    label: str
    kind: str
    solved_by: str
    tried: int
    unsolved: tuple[VariantFault, ...]
    examples: int
    examples_differ: tuple[VariantFault, ...]
    n_different: int
    n_answers: int
    neighbours: int
    neighbour_right: int
    neighbour_same: int
    digits: Spread | None
    largest: Spread | None
    unlike: tuple[str, ...]


class VariantAudit(msgspec.Struct, frozen=True, kw_only=True):
    """The whole audit of an exercise.

    Args:
        wanted: How many variants were to be drawn.
        drawn: How many were, before the time was up.
        n_different: How many of them differ in some question.
        not_made: Those that could not be made.
        requirements: In the file's order.
        names: In the file's order.
        questions: In the file's order.
    """

    wanted: int
    drawn: int
    n_different: int
    not_made: tuple[VariantFault, ...]
    requirements: tuple[RequirementRate, ...]
    names: tuple[NameSpread, ...]
    questions: tuple[QuestionVariants, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every variant was drawn, could be made and is solvable, and examples hold in them."""
        return (
            self.drawn == self.wanted
            and not self.not_made
            and not any(one.broken for one in self.requirements)
            and not any(one.unsolved or one.examples_differ for one in self.questions)
        )


def name_spreads(variants: Sequence[Mapping[str, Value]]) -> Iterator[NameSpread]:
    """The spread of each name's values over variants."""
    for name in variants[0] if variants else ():
        values = [one[name] for one in variants]
        numbers = spread(float(number) for value in values for number in numbers_in(value))
        yield NameSpread(name=name, n_different=len(set(map(repr, values))), numbers=numbers)


def spread(numbers: Iterable[float]) -> Spread | None:
    """Smallest, median and largest; None where there are no numbers."""
    found = sorted(numbers)
    return Spread(found[0], statistics.median(found), found[-1]) if found else None
