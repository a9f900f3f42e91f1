"""Orders of growth against numbers: along many ways for sizes to grow, quotients settle down or do not."""

from __future__ import annotations

import functools
import itertools
import math
import random

import pytest

from grader.formula.growth.compare import GrowthOrder, compare_growth
from grader.formula.growth.of_formula import NotPositive
from grader.formula.names import Names
from grader.formula.parse import parse_formula

SIZES = ("T", "h", "v")


def exponents(rng: random.Random) -> list[tuple[int, int, int]]:
    count = rng.randint(1, 4)
    return [(rng.randint(0, 3), rng.randint(0, 3), rng.randint(0, 2)) for _ in range(count)]


def text(terms: list[tuple[int, int, int]], rng: random.Random) -> str:
    """A sum of products with arbitrary positive factors, as it might be written."""

    def factor(size: str, power: int) -> str:
        return {0: "1", 1: size}.get(power, f"{size}^{power}")

    return " + ".join(
        "*".join([str(rng.choice((1, 2, 7, "1/3"))), *map(factor, SIZES, term)]) for term in terms
    )


def degree(terms: list[tuple[int, int, int]], direction: tuple[int, ...]) -> int:
    """How fast the sum grows along T = R^d1, h = R^d2, v = R^d3: as R to this power."""
    return max(sum(p * d for p, d in zip(term, direction, strict=True)) for term in terms)


# A fine grid, borders excluded: sizes all grow. Exponents up to 3 have their corners on it or between.
DIRECTIONS = [(a, b, 24 - a - b) for a in range(1, 23) for b in range(1, 24 - a)]


@pytest.mark.parametrize("seed", range(300))
def test_sums_of_products_are_alike_where_they_are_in_every_direction(seed: int) -> None:
    rng = random.Random(seed)
    ours = exponents(rng)
    wanted = [rng.choice(ours) for _ in ours] if rng.random() < 0.4 else exponents(rng)
    if rng.random() < 0.5:
        # A mean of two terms is never more than both: it may be there or not.
        left, right = rng.choice(ours), rng.choice(ours)
        if all((a + b) % 2 == 0 for a, b in zip(left, right, strict=True)):
            wanted = [*ours, tuple((a + b) // 2 for a, b in zip(left, right, strict=True))]
    names = Names(SIZES)
    found = compare_growth(*(parse_formula(text(one, rng), names) for one in (ours, wanted))).order
    differences = [degree(ours, one) - degree(wanted, one) for one in DIRECTIONS]
    is_more, is_less = any(d > 0 for d in differences), any(d < 0 for d in differences)
    assert (
        found
        is {
            (False, False): GrowthOrder.SAME,
            (True, False): GrowthOrder.FASTER,
            (False, True): GrowthOrder.SLOWER,
            (True, True): GrowthOrder.OTHERWISE,
        }[is_more, is_less]
    ), (text(ours, rng), text(wanted, rng))


def log_value(formula: str, logs: dict[str, float]) -> float:
    """The logarithm of a formula's value, for sizes given by their logarithms, in floating point."""

    class Log:
        """A positive number by its logarithm."""

        def __init__(self, log: float) -> None:
            self.log = log

        def __add__(self, other: Log | float) -> Log:
            a, b = self.log, as_log(other).log
            return Log(max(a, b) + math.log1p(math.exp(-abs(a - b))))

        __radd__ = __add__

        def __sub__(self, other: Log | float) -> Log:
            return Log(self.log + math.log1p(-math.exp(as_log(other).log - self.log)))

        def __mul__(self, other: Log | float) -> Log:
            return Log(self.log + as_log(other).log)

        __rmul__ = __mul__

        def __truediv__(self, other: Log | float) -> Log:
            return Log(self.log - as_log(other).log)

        def __rtruediv__(self, other: float) -> Log:
            return Log(as_log(other).log - self.log)

        def __pow__(self, power: float) -> Log:
            return Log(self.log * power)

    def as_log(value: Log | float) -> Log:
        return value if isinstance(value, Log) else Log(math.log(value))

    functions = {
        "log": lambda value: Log(math.log(value.log)),
        "sqrt": lambda value: value**0.5,
        "max": lambda *values: Log(max(as_log(one).log for one in values)),
        "min": lambda *values: Log(min(as_log(one).log for one in values)),
    }
    sizes = {name: Log(log) for name, log in logs.items()}
    return as_log(eval(formula.replace("^", "**"), {**functions, **sizes})).log


FORMULAS = (
    "T*h", "2*T*h + 5", "(T + 1)*(h + 3)", "T*h + h", "T*h + T^2", "(T + h)*T", "T*h^2", "T + h",
    "T*h*log(T)", "T^2 + h^2", "(T + h)^2", "T*(T - 1)/2 + h^2", "T*h - T", "T*h/(T + h)",
    "1/(1/T + 1/h)", "sqrt(T^2 + h^2)", "T*log(h)", "T*log(T)", "h*log(T*h)", "(T + h)*log(T + h)",
    "T*log(T) + h*log(h)", "log(T) + log(h)", "log(T*h)", "log(T + h)", "log(T)*log(h)", "log(T)^2",
    "log(log(T)) + T", "T^3/(T + h)", "T^2 + T*h*log(T)", "sqrt(T*h)", "T", "h", "T^2*h/(T + h)",
    "T*h/log(T)", "T*sqrt(T)", "T^2/sqrt(T)", "log(T^3)", "log(T^5)", "3", "1/T + 2",
)  # fmt: skip
# Ways for log T and log h to grow with s, from one far slower than the other to far faster.
FAR, NEAR = (1e2, 3e3, 1e5, 3e6), (4.0, 6.0, 8.0, 10.0)
WAYS = [
    *((lambda s, a=a, b=b: (a * s, b * s), FAR) for a, b in itertools.product((1, 1.5, 4, 40), repeat=2)),
    *((lambda s, p=p: (s, p * math.log(s)), FAR) for p in (0.3, 3)),
    *((lambda s, p=p: (p * math.log(s), s), FAR) for p in (0.3, 3)),
    (lambda s: (s, s + math.log(s)), FAR),
    (lambda s: (s, s - math.log(s)), FAR),
    *((lambda s, p=p: (s, math.exp(p * s)), NEAR) for p in (0.5, 2.5)),
    *((lambda s, p=p: (math.exp(p * s), s), NEAR) for p in (0.5, 2.5)),
]


@functools.cache
def log_values(formula: str) -> list[list[float]]:
    """The logarithms of a formula's values at the steps of each way."""
    return [
        [log_value(formula, dict(zip(("T", "h"), way(s), strict=True))) for s in steps] for way, steps in WAYS
    ]


def drifts(one: str, other: str) -> tuple[bool, bool]:
    """Whether the quotient of two formulas keeps rising, or falling, in some way for the sizes to grow."""
    rises = falls = False
    for ours, theirs in zip(log_values(one), log_values(other), strict=True):
        seen = [a - b for a, b in zip(ours, theirs, strict=True)]
        changes = [b - a for a, b in itertools.pairwise(seen)]
        # A bounded quotient settles down.
        rises = rises or all(change > 0.08 for change in changes)
        falls = falls or all(change < -0.08 for change in changes)
    return rises, falls


@pytest.mark.parametrize("right", FORMULAS)
def test_formulas_are_alike_where_no_quotient_drifts(right: str) -> None:
    names = Names(("T", "h"))
    wanted = {
        (False, False): GrowthOrder.SAME,
        (True, False): GrowthOrder.FASTER,
        (False, True): GrowthOrder.SLOWER,
        (True, True): GrowthOrder.OTHERWISE,
    }
    for given in FORMULAS:
        found = compare_growth(parse_formula(given, names), parse_formula(right, names)).order
        assert found is wanted[drifts(given, right)], given


@pytest.mark.parametrize(
    "formula", ["0", "T - T", "-T", "T - h", "T*h - T^2", "(T - h)^2", "h - 2^T", "T - T*log(h)", "log(1/2)"]
)
def test_what_is_zero_or_negative_somewhere_has_no_order(formula: str) -> None:
    names = Names(("T", "h"))
    with pytest.raises(NotPositive):
        compare_growth(parse_formula(formula, names), parse_formula("T*h", names))


# By hand: exponentials, in which a constant in the exponent does not count but a factor does.
@pytest.mark.parametrize(
    ("given", "right", "order"),
    [
        ("2^(T + 3)", "2^T", GrowthOrder.SAME),
        ("4^(T/2)", "2^T", GrowthOrder.SAME),
        ("exp(T + 1/2)", "exp(T)", GrowthOrder.SAME),
        ("2^T + T^9", "2^T", GrowthOrder.SAME),
        ("2^T - T^5", "2^T", GrowthOrder.SAME),
        ("3^T", "2^T", GrowthOrder.FASTER),
        ("exp(T)", "3^T", GrowthOrder.SLOWER),
        ("2^(2*T)", "2^T", GrowthOrder.FASTER),
        ("T^9", "2^T", GrowthOrder.SLOWER),
        ("h^T", "h^(T + 1)", GrowthOrder.SLOWER),
        ("h^T", "exp(T*log(h))", GrowthOrder.SAME),
        ("(2*h)^T", "h^T", GrowthOrder.FASTER),
        ("h^T*h", "h^(T + 1)", GrowthOrder.SAME),
        ("h^T", "T^h", GrowthOrder.OTHERWISE),
        ("2^T", "2^h", GrowthOrder.OTHERWISE),
        ("(h^T - 1)/(h - 1)", "h^(T - 1)", GrowthOrder.SAME),
        ("log(2^T)", "T", GrowthOrder.SAME),
        ("log(log(T)) + h", "h", GrowthOrder.FASTER),
        ("sqrt((log(T)*h + T)^2 + 5)", "log(T)*h + T", GrowthOrder.SAME),
        ("log(log(T))", "log(T)", GrowthOrder.SLOWER),
        ("(1 + 1/T)^3", "1", GrowthOrder.SAME),
        ("(1/2)^T + 1", "1", GrowthOrder.SAME),
        ("(T + 1)^h", "T^h", GrowthOrder.OPEN),
        ("2^exp(T)", "2^T", GrowthOrder.OPEN),
    ],
)
def test_exponentials(given: str, right: str, order: GrowthOrder) -> None:
    names = Names(("T", "h"))
    assert compare_growth(parse_formula(given, names), parse_formula(right, names)).order is order
