"""Weights with formulas that algebra cannot decide: decided at values of their symbols, and reported as such.

That is exp(a), |a|, roots that depend on each other, and what is too large for exact algebra. A network that
is right for all values of its symbols is right at each; one that is not is wrong at nearly every one.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from decimal import Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from grader.answers.numbers import ExactNumber
from grader.errors import Unreadable
from grader.exact import ball
from grader.exact.ball import Ball
from grader.formula.evaluate import as_ball, evaluate
from grader.linear.arrangement import Structure
from grader.linear.decision import Decision, OutputDecision, Tier, decide
from grader.linear.reading import LinearNetwork, Weights, exact_network
from grader.linear.symbolic.entries import WrittenFormulas
from grader.linear.symbolic.field import PI, cosine
from reference.linear_system import LinearSystem

# Values of a symbol: positive for roots and logarithms, below 1 for sqrt(1 - a^2), soon of both signs for
# |a|, since only a few are tried where one output is wrong.
SPANS = ((1, 10), (-10, 0), (0, 1), (-10, 10), (1, 100), (-1, 1))
SIMPLE = tuple(map(Fraction, (2, 3, 5, 7, 11, 13, 17, 19)))
# Networks to decide, points tried to get them, and networks for a large state or once one is wrong.
POINTS, TRIED, FEWEST = 16, 80, 4
# A larger state takes longer, and has to make do with fewer digits.
SMALL, DIGITS, FEW_DIGITS = 8, 45, 22
MAX_WEIGHT = 40_000


class NetworkAt(NamedTuple):
    """A network at one value of each symbol, and what was decided about it."""

    point: dict[str, Fraction]
    network: LinearNetwork
    decision: Decision


def decide_at_values(
    structure: Structure, written: WrittenFormulas, weights: Weights, target: LinearSystem
) -> NetworkAt:
    """Decide a network at many values of its symbols.

    The point with the most wrong outputs comes back, each output as wrong as at its own worst point.

    Args:
        structure: Which network's they are.
        written: The formulas.
        weights: The matrices, with placeholders for the formulas.
        target: What is asked.

    Raises:
        Unreadable: If the formulas are too long to compute, or have no real value anywhere.
    """
    if written.weight > MAX_WEIGHT:
        raise Unreadable("the formulas are too long to be computed", "simplify them", code="too-large")
    found: list[NetworkAt] = []
    enough = POINTS if len(weights[0][0]) <= SMALL else FEWEST
    for point in _points(written):
        network = _network_at(structure, written, weights, point)
        if network is not None:
            found.append(NetworkAt(point, network, decide(network, target)))
        is_wrong = any(one.decision.tier is Tier.WRONG for one in found)
        if len(found) >= (FEWEST if is_wrong else enough):
            break
    if not found:
        text = "the formulas have no real value, whatever values of their symbols were tried"
        raise Unreadable(text, "look at roots, logarithms and divisors", code="not-finite")
    worst = max(found, key=lambda one: sum(output.tier is Tier.WRONG for output in one.decision.outputs))
    outputs = tuple(
        max(same, key=_how_wrong) for same in zip(*(one.decision.outputs for one in found), strict=True)
    )
    points = len(found) if written.symbols else 0
    return worst._replace(decision=worst.decision._replace(outputs=outputs, points=points))


def _how_wrong(output: OutputDecision) -> tuple[Tier, int]:
    return output.tier, -(output.first_right + output.later_right + output.start_right)


def _points(written: WrittenFormulas) -> Iterator[dict[str, Fraction]]:
    """Simple values first, then random ones that depend on the formulas, so that nobody can aim at them."""
    names = written.symbols
    if not names:
        yield {}
        return
    yield {name: SIMPLE[i % len(SIMPLE)] + i // len(SIMPLE) for i, name in enumerate(names)}
    rng = random.Random(hashlib.sha256(repr(sorted(written.trees.items())).encode()).digest())
    for turn in range(TRIED):
        low, high = SPANS[turn % len(SPANS)]
        denominator = rng.choice((2, 3, 5, 7))
        yield {
            name: Fraction(rng.randint(low * denominator, high * denominator), denominator) for name in names
        }


def _network_at(
    structure: Structure, written: WrittenFormulas, weights: Weights, point: dict[str, Fraction]
) -> LinearNetwork | None:
    """The network at these values of the symbols; None where a formula has no value, or no sure one."""
    digits = DIGITS if len(weights[0][0]) <= SMALL else FEW_DIGITS
    try:
        values = {**point, "pi": PI}
        for name, (function, argument) in written.circular.items():
            found = evaluate(argument, values)
            angle = found if isinstance(found, Fraction) else Fraction(found.value)
            values[name] = cosine(angle if function == "cos" else angle - PI / 2)

        def number(x: ExactNumber) -> ExactNumber:
            tree = written.trees.get(x.text)
            return x if tree is None else _as_number(evaluate(tree, values), digits)

        made = tuple(tuple(tuple(map(number, row)) for row in rows) for rows in weights)
    except (ball.Undefined, ball.Unsure):
        return None
    return exact_network(structure, made)


def _as_number(value: Fraction | Ball, digits: int) -> ExactNumber:
    if isinstance(value, Fraction) and max(value.numerator.bit_length(), value.denominator.bit_length()) < 64:
        return ExactNumber(value, str(value))
    near = as_ball(value)
    # A zero of which only digits are known, and what has lost its digits, tell nothing.
    if near.error > Decimal(10) ** -digits * max(near.value.copy_abs(), Decimal(1)):
        raise ball.Unsure
    short = Context(prec=digits).plus(near.value)
    return ExactNumber(Fraction(short), str(short), is_rounded=True)
