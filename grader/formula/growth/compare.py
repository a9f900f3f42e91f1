"""Whether two formulas in sizes have the same order of growth: proved either way, or left open."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from grader.formula.growth import scale
from grader.formula.growth.bounds import is_dominated, powers_of, separating, sizes_in, stays_bounded
from grader.formula.growth.of_formula import Growth, growth, what_counts
from grader.formula.growth.paths import Path, grows, leading, paths
from grader.formula.growth.scale import Terms, Undecided
from grader.formula.tree import Formula

# Of so many, none of which exceeds another, no homework is the sum.
MOST_LARGEST = 40


class GrowthOrder(Enum):
    """How the growth of one formula is to that of another."""

    SAME = "same"
    FASTER = "faster"  # never more slowly, and faster in some direction
    SLOWER = "slower"
    OTHERWISE = "otherwise"  # faster in one direction and more slowly in another, or only that it differs
    OPEN = "open"


class Compared(NamedTuple):
    """Two formulas by their growth.

    Args:
        order: Of the first to the second.
        path: Along which they differ; None where they do not, or it is not known.
        quotient: The first over the second where each is one term, else None.
        why: For staff, where it is open.
    """

    order: GrowthOrder
    path: Path | None = None
    quotient: scale.Monomial | None = None
    why: str = ""


def compare_growth(given: Formula, right: Formula) -> Compared:
    """Decide whether one formula is Theta of another as all sizes grow without bound, independently.

    Args:
        given: The student's.
        right: The author's.

    Raises:
        NotPositive: If the first is zero or negative for some large sizes.
    """
    try:
        ours, wanted = growth(given), growth(right)
        return _compared(ours, wanted)
    except Undecided as error:
        return Compared(GrowthOrder.OPEN, why=str(error))


def _compared(ours: Growth, wanted: Growth) -> Compared:
    try:
        a, b = (
            _largest(
                scale.product(_largest(what_counts(one.numerator)), _largest(what_counts(other.denominator)))
            )
            for one, other in ((ours, wanted), (wanted, ours))
        )
    except Undecided as error:
        # Along a path all is known: they may be seen to differ there all the same.
        found = None if any(map(scale.is_rough, (*ours, *wanted))) else _differing_path(ours, wanted)
        return (
            Compared(GrowthOrder.OTHERWISE, found[0]) if found else Compared(GrowthOrder.OPEN, why=str(error))
        )
    is_at_most = all(is_dominated(one, b) for one in a)
    is_at_least = all(is_dominated(one, a) for one in b)
    if is_at_most and is_at_least:
        return Compared(GrowthOrder.SAME)
    faster = None if is_at_most else _path_where(a, b)
    slower = None if is_at_least else _path_where(b, a)
    quotient = scale.over(next(iter(a)), next(iter(b))) if len(a) == len(b) == 1 else None
    if faster is None and slower is None:
        return Compared(
            GrowthOrder.OPEN, why="neither a bound nor a direction in which they differ was found"
        )
    if slower is None and is_at_least:
        return Compared(GrowthOrder.FASTER, faster, quotient)
    if faster is None and is_at_most:
        return Compared(GrowthOrder.SLOWER, slower, quotient)
    return Compared(GrowthOrder.OTHERWISE, faster or slower, quotient)


def _largest(terms: Terms) -> Terms:
    """The terms that no single other one exceeds.

    Raises:
        Undecided: If they are too many to be compared with one another.
    """
    found: Terms = {}
    for one, coefficient in terms.items():
        if any(stays_bounded(scale.over(one, other)) for other in found):
            continue
        found = {other: c for other, c in found.items() if not stays_bounded(scale.over(other, one))}
        found[one] = coefficient
    if len(found) > MOST_LARGEST:
        raise Undecided("too many terms")
    return found


def _differing_path(ours: Growth, wanted: Growth) -> tuple[Path, int] | None:
    """A path along which two quotients, all known exactly, differ."""
    left, right = (
        scale.product(ours.numerator, wanted.denominator),
        scale.product(wanted.numerator, ours.denominator),
    )
    return next(_signs(left, right, paths(sizes_in({**left, **right}))), None)


def _path_where(a: Terms, b: Terms) -> Path | None:
    """A path along which the first of two sums grows faster."""
    found = next((path for path, sign in _signs(a, b, _directions(a, b)) if sign > 0), None)
    if found is None:
        tried = paths(sizes_in({**a, **b}))
        found = next((path for path, sign in _signs(a, b, tried) if sign > 0), None)
    return found


def _signs(a: Terms, b: Terms, tried: Iterator[Path]) -> Iterator[tuple[Path, int]]:
    for path in tried:
        ours, wanted = leading(a, path), leading(b, path)
        if ours is not None and wanted is not None and (sign := grows(ours.exponent, wanted.exponent)):
            yield path, sign


def _directions(a: Terms, b: Terms) -> Iterator[Path]:
    """Directions in which one term of the first outgrows all of the second, in their powers of sizes."""
    sizes = sizes_in({**a, **b})
    for one in a:
        powers = powers_of([scale.over(one, other) for other in b], sizes)
        if len(powers) == len(b) and sizes and (direction := separating(powers)):
            yield {name: (0, w) for name, w in zip(sizes, direction, strict=True)}
