"""Whether two conditions hold for the same values: tested on a grid, and close to where either changes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction

import msgspec

from grader.exact import ball
from grader.formula import evaluate
from grader.formula.condition import Both, Condition, Relation, relations_in, symbols_of_condition
from grader.formula.points import OUTSIDE, OUTSIDE_WHOLE, Domain, Point, points, values_beside
from grader.formula.tree import Formula, FunctionCall, everything_in

STEPS, COARSE_STEPS = (16, 7), (4,)
SETTINGS, FEW_SETTINGS = 6, 1
# A function value costs as much as CALL_WEIGHT operations; above HEAVY the grid is coarse.
CALL_WEIGHT = 15
HEAVY = 150
HALF = Fraction(1, 2)
HALVINGS = 30
FEWEST_POINTS = 50


class Difference(msgspec.Struct, frozen=True):
    """Two conditions compared.

    Args:
        tested: At how many points both were decided.
        point: A point where only one of them holds, simple if there is one; None if none was found.
        holds: Whether the student's holds there.
        only_at_ends: Whether they differ only where both sides of a comparison are equal: < for <=, say.
        unknown: At how many points the right one was decided and the student's was not.
    """

    tested: int
    point: Point | None = None
    holds: bool = False
    only_at_ends: bool = False
    unknown: int = 0

    @property
    def is_unsure(self) -> bool:
        """Whether too few points could be decided to say that they are the same."""
        return self.point is None and self.tested < FEWEST_POINTS

    @property
    def is_uncomputable(self) -> bool:
        """Whether that is because of the student's condition and not of the right one."""
        return self.is_unsure and self.tested + self.unknown >= FEWEST_POINTS


def compare_conditions(given: Condition, right: Condition, domain: Domain, seed: int = 0) -> Difference:
    """Look for a point where only one of two conditions holds.

    Args:
        given: The student's.
        right: The author's.
        domain: Where points are taken.
        seed: For the values of symbols that are held fixed.
    """
    is_heavy = max(weight(given), weight(right)) > HEAVY
    extent = (FEW_SETTINGS, COARSE_STEPS) if is_heavy else (SETTINGS, STEPS)
    found = _compared(given, right, domain, seed, *extent)
    if is_heavy and found.is_unsure and not found.is_uncomputable:
        # What takes long to compute is looked at more closely only where it has to be.
        found = _compared(given, right, domain, seed, FEW_SETTINGS, STEPS)
    return found


def _compared(
    given: Condition, right: Condition, domain: Domain, seed: int, settings: int, steps: tuple[int, ...]
) -> Difference:
    """Compare two conditions on `settings` lines for each symbol, with `steps` grid points a unit.

    The lines end at the first on which the conditions differ; of the points there the simplest is given.
    """
    names = symbols_of_condition(given) | symbols_of_condition(right)
    numbers = constants_in(given) | constants_in(right)
    tested, unknown, found = 0, 0, list[tuple[Point, bool, bool]]()
    for sweep in sweeps(sorted(names), domain, seed, settings):
        if found:
            break
        grid = sweep.grid(numbers, steps)
        # In the order of the grid; each condition is decided once at each of its values.
        known = [{value: holds(one, sweep.point(value)) for value in grid} for one in (given, right)]
        ends = {*sweep.changes(given, known[0]), *sweep.changes(right, known[1])}
        for value in sorted({*grid, *ends}):
            point = sweep.point(value)
            mine, wanted = (
                truths[value] if value in truths else holds(one, point)
                for one, truths in zip((given, right), known, strict=True)
            )
            if mine is None or wanted is None:
                unknown += wanted is not None
                continue
            tested += 1
            if mine != wanted:
                found.append((point, mine, value in numbers and _is_end(given, point)))
    if not found:
        return Difference(tested, unknown=unknown)
    point, mine, _ = min(found, key=lambda entry: _length(entry[0]))
    only_at_ends = _is_about_ends(given, right) and all(is_end for _, _, is_end in found)
    return Difference(tested, point, mine, only_at_ends)


def holds(condition: Condition, point: Point) -> bool | None:
    """Whether a condition holds at a point; None where the precision does not tell.

    Where a side has no value the condition does not hold.
    """
    if isinstance(condition, Relation):
        return _related(condition, point)
    parts = [holds(part, point) for part in condition.conditions]
    deciding = not isinstance(condition, Both)
    if deciding in parts:
        return deciding
    return None if None in parts else not deciding


def _related(relation: Relation, point: Point) -> bool | None:
    try:
        left, right = evaluate.evaluate(relation.left, point), evaluate.evaluate(relation.right, point)
    except ball.Undefined:
        return False
    except ball.Unsure:
        return None
    sign = _sign_of_difference(left, right)
    if sign is None:
        return None
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0, "!=": sign != 0}[relation.order]


def _sign_of_difference(a: evaluate.Real, b: evaluate.Real) -> int | None:
    """The sign of a - b: 1, 0 or -1; None where the error bounds do not tell."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return (a > b) - (a < b)
    left, right = evaluate.as_ball(a), evaluate.as_ball(b)
    difference = ball.add(left, ball.Ball(right.value.copy_negate(), right.error))
    if difference.least <= 0:
        return None
    return 1 if difference.value > 0 else -1


class Sweep(msgspec.Struct, frozen=True):
    """A line of points: one symbol takes different values and the others keep theirs."""

    name: str
    fixed: Point
    domain: Domain

    def point(self, value: Fraction) -> Point:
        """The point at a value of the moving symbol."""
        return {**self.fixed, self.name: value}

    def grid(self, numbers: frozenset[Fraction], steps: tuple[int, ...] = STEPS) -> list[Fraction]:
        """Values from end to end, and every number that stands in a condition."""
        low, high = self.domain.interval(self.name)
        if self.name in self.domain.whole:
            outside = OUTSIDE_WHOLE if self.domain.is_open(self.name) else ()
            return sorted({*(Fraction(n) for n in range(int(low), int(high) + 1)), *outside})
        values = {low, high, *numbers, *_between(numbers)}
        for step in steps:
            values |= {Fraction(n, step) for n in range(int(low * step), int(high * step) + 1)}
        if self.domain.is_open(self.name):
            return sorted({*values, *OUTSIDE, *values_beside(numbers), *map(Fraction, range(-12, 13))})
        return sorted(value for value in values if low <= value <= high)

    def changes(self, condition: Condition, truths: Mapping[Fraction, bool | None]) -> Iterator[Fraction]:
        """Values close to where a condition begins or ends to hold, on both sides.

        Args:
            condition: The condition.
            truths: Whether it holds at the values of the grid, in their order.
        """
        if self.name in self.domain.whole:
            return
        for (low, before), (high, after) in itertools.pairwise(truths.items()):
            if before is None or after is None or before == after:
                continue
            for _ in range(HALVINGS):
                middle = (low + high) / 2
                truth = holds(condition, self.point(middle))
                if truth is None:
                    break
                low, high = (middle, high) if truth == before else (low, middle)
            yield from (low, high)


def sweeps(names: list[str], domain: Domain, seed: int, settings: int = SETTINGS) -> Iterator[Sweep]:
    """Lines through the domain: each symbol is moved with the others fixed in several ways.

    Args:
        names: The symbols.
        domain: Where points are taken.
        seed: For the values that are fixed.
        settings: In how many ways the others are fixed.
    """
    for name in names:
        others = [other for other in names if other != name]
        # The simple points are all far from zero, and conditions on networks are about what is below 1.
        near = {other: HALF for other in others if {other: HALF} in domain}
        for fixed in itertools.islice(points(others, domain, seed), settings):
            yield Sweep(name, fixed, domain)
        if len(near) == len(others) > 0:
            yield Sweep(name, near, domain)


def weight(condition: Condition) -> int:
    """How long one look at a condition takes, in arithmetic operations."""
    found = [part for relation in relations_in(condition) for part in _sides(relation)]
    return sum(CALL_WEIGHT if isinstance(part, FunctionCall) else 1 for part in found)


def _sides(relation: Relation) -> Iterator[Formula]:
    yield from everything_in(relation.left)
    yield from everything_in(relation.right)


def constants_in(condition: Condition) -> frozenset[Fraction]:
    """Every number that stands in a condition or is a side of it, with both signs."""
    sides = [side for found in relations_in(condition) for side in (found.left, found.right)]
    numbers: frozenset[Fraction] = frozenset().union(*map(evaluate.constants, sides))
    return frozenset(numbers | {-number for number in numbers})


def _between(numbers: frozenset[Fraction]) -> set[Fraction]:
    """The midpoints between neighbours: an interval may lie between two points of the grid."""
    return {(low + high) / 2 for low, high in itertools.pairwise(sorted(numbers))}


def _is_about_ends(condition: Condition, right: Condition) -> bool:
    """Whether the mistake can be < in place of <=: not if symbols differ or != stands in the condition."""
    same_symbols = symbols_of_condition(condition) == symbols_of_condition(right)
    return same_symbols and all(found.order != "!=" for found in relations_in(condition))


def _is_end(condition: Condition, point: Point) -> bool:
    """Whether the two sides of one of its comparisons are equal there, and both have a value."""
    return any(
        all(holds(Relation(one.left, order, one.right), point) for order in ("<=", ">="))
        for one in relations_in(condition)
    )


def _length(point: Point) -> tuple[int, Fraction | int]:
    """How long a point is to write, then how large its values are: the least is the simplest point."""
    return sum(len(str(value)) for value in point.values()), sum(map(abs, point.values()))
