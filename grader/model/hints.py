"""When a hint may be shown and what it costs, for a student's own record as for a course's. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

State: TypeAlias = Literal["shown", "open", "costs", "later", "order"]


class HintTerms(NamedTuple):
    """When one hint is shown, and what it costs.

    Args:
        after: How many attempts at the question come first.
        cost: Points that it takes off the question, once however often it is shown.
    """

    after: int = 0
    cost: Fraction = Fraction(0)

    @property
    def is_free(self) -> bool:
        """Whether anybody may see it at any time."""
        return not self.after and not self.cost


class HintOffer(NamedTuple):
    """Whether a hint may be shown now.

    Args:
        number: Which of the question's, from 1.
        state: Shown before; open; to be had at a cost; only after more attempts; or behind one that comes
            first.
        cost: What it costs to have it shown now.
        more: How many attempts are still to be made.
        first: The hint that comes first, where one does.
    """

    number: int
    state: State
    cost: Fraction = Fraction(0)
    more: int = 0
    first: int = 0


def hint_offer(terms: Sequence[HintTerms], number: int, shown: Collection[int], attempts: int) -> HintOffer:
    """Whether a hint may be shown now.

    Args:
        terms: Of all hints of the question.
        number: Which, from 1.
        shown: Numbers of the hints that were shown already; to show them again costs nothing.
        attempts: How many were made at the question.
    """
    if number in shown:
        return HintOffer(number, "shown")
    for one in range(1, number):
        if one not in shown and (terms[one - 1].cost or terms[one - 1].after > attempts):
            return HintOffer(number, "order", first=one)
    after, cost = terms[number - 1]
    if after > attempts:
        return HintOffer(number, "later", cost, more=after - attempts)
    return HintOffer(number, "costs" if cost else "open", cost)


def shown_freely(terms: Sequence[HintTerms], shown: Collection[int] = (), attempts: int = 0) -> int:
    """How many hints, from the first, may be shown without anything being paid for it now.

    Args:
        terms: Of all hints of the question.
        shown: Numbers of the hints that were shown already.
        attempts: How many were made at the question.
    """
    for number in range(1, len(terms) + 1):
        if hint_offer(terms, number, shown, attempts).state not in ("shown", "open"):
            return number - 1
    return len(terms)
