"""The table `hint_policy`: when hints may be shown, and at what cost."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias, TypeVar

import msgspec

from grader.model.hints import HintTerms
from grader.specs.decoding import read_fraction, shown, spec_error

T = TypeVar("T")

Number: TypeAlias = int | float | str

MOST_ATTEMPTS = 1000
MOST_POINTS = 10**6


class HintPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table; of a list the first entry is for the first hint, and the last for all that follow.

    Args:
        after: How many attempts at the question come before the hint; 0 for none.
        cost: Points that the hint takes off the question.
    """

    after: int | tuple[int, ...] | None = None
    cost: int | float | str | tuple[Number, ...] | None = None

    def with_rest(self, general: HintPolicy | None) -> HintPolicy:
        """This table, with what it leaves out taken from a more general one."""
        if general is None:
            return self
        return HintPolicy(
            after=general.after if self.after is None else self.after,
            cost=general.cost if self.cost is None else self.cost,
        )

    def terms(self, number: int) -> HintTerms:
        """The terms of a hint.

        Args:
            number: Which of the question's, from 1.
        """
        return self.over(HintTerms(), number)

    def over(self, terms: HintTerms, number: int) -> HintTerms:
        """The terms of a hint, with what this table says in place of them.

        Args:
            terms: As they are without it.
            number: Which of the question's, from 1.
        """
        after, cost = _of(self.after, number), self.cost_of(number)
        return HintTerms(terms.after if after is None else after, terms.cost if cost is None else cost)

    def cost_of(self, number: int) -> Fraction | None:
        """The points of a hint; None where the table says nothing of them."""
        cost = _of(self.cost, number)
        return None if cost is None else read_fraction(cost)


def _of(value: T | tuple[T, ...] | None, number: int) -> T | None:
    if isinstance(value, tuple):
        return value[min(number, len(value)) - 1]
    return value


def require_hint_policy(policy: HintPolicy | None, where: str, key: str) -> None:
    """Refuse a table that cannot be meant.

    Args:
        policy: As written; None where there is none.
        where: The file.
        key: The path of keys to the table.

    Raises:
        SpecError: For the first thing that does not fit.
    """
    if policy is None:
        return
    if policy.after is None and policy.cost is None:
        raise spec_error(
            where, key, "says nothing", "give after = 2, or cost = 1; leave it out where hints are free"
        )
    for at, after in _numbered("after", policy.after):
        if not 0 <= after <= MOST_ATTEMPTS:
            raise spec_error(
                where, f"{key}.{at}", f"found {after}, wanted attempts from 0 to {MOST_ATTEMPTS}"
            )
    for at, cost in _numbered("cost", policy.cost):
        try:
            is_meant = 0 <= read_fraction(cost) <= MOST_POINTS
        except ValueError:
            is_meant = False
        if not is_meant:
            raise spec_error(
                where, f"{key}.{at}", f'found {shown(cost)}, wanted points from 0 on: 1, 0.5 or "1/3"'
            )
    for name in ("after", "cost"):
        if getattr(policy, name) == ():
            raise spec_error(
                where, f"{key}.{name}", "found an empty list, wanted a number for the first hint"
            )


def _numbered(name: str, value: T | tuple[T, ...] | None) -> list[tuple[str, T]]:
    if value is None:
        return []
    if isinstance(value, tuple):
        return [(f"{name}[{at}]", one) for at, one in enumerate(value)]
    return [(name, value)]
