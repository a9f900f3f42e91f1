"""What algebra knows of functions: values of one argument are one generator."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest

from grader.exact.field import SCALE
from grader.exact.polynomial import TooLarge, exponents
from grader.exact.quotient import Quotient
from grader.formula.evaluate import as_ball, evaluate
from grader.formula.field import FunctionField, Picture
from grader.formula.names import Names
from grader.formula.parse import parse_formula

NAMES = Names(("a", "b"))


@pytest.mark.parametrize(
    "text",
    [
        "tanh(a) - tanh(a)",
        "tanh(a) + tanh(-a)",
        "sech(a) - sech(-a)",
        "tanh(a - b) + tanh(b - a)",
    ],
)
def test_tanh_of_one_argument_is_one_and_the_same(text: str) -> None:
    assert not FunctionField("tanh").quotient(parse_formula(text, NAMES)).numerator


@pytest.mark.parametrize("picture", ["tanh", "exp"])
@pytest.mark.parametrize(
    "text",
    ["tanh(a - a)", "sinh(0)", "sech(0) - 1", "cosh(a - a) - 1", "exp(0) - 1", "2 * sigmoid(a - a) - 1"],
)
def test_functions_of_zero_are_numbers(text: str, picture: Picture) -> None:
    assert not FunctionField(picture).quotient(parse_formula(text, NAMES)).numerator


@pytest.mark.parametrize("text", ["tanh(a) - sech(a)", "tanh(a) - tanh(2*a)", "tanh(a) + sech(a)"])
def test_what_differs_is_no_zero(text: str) -> None:
    assert FunctionField("tanh").quotient(parse_formula(text, NAMES)).numerator


@pytest.mark.parametrize(
    ("text", "is_zero"),
    [
        ("log(a) - log(a)", True),
        ("log(a) - log(b)", False),
        ("log(a) - log(-a)", False),
        ("log(a) - log(2*a)", False),
        ("abs(a) - abs(-a)", True),
        ("abs(a - b) - abs(b - a)", True),
        ("abs(a) - abs(b)", False),
        ("abs(a) - log(a)", False),
    ],
)
def test_logarithms_are_one_for_one_argument_and_absolute_values_for_either_sign(
    text: str, is_zero: bool
) -> None:
    assert (not FunctionField("tanh").quotient(parse_formula(text, NAMES)).numerator) == is_zero


def floats_of(field: FunctionField, values: dict[str, float]) -> list[float]:
    """The value of each generator: of symbols as they are given, of functions by their arguments."""
    found = [math.nan] * field.indices
    for name, index in field.symbols.items():
        found[index] = values[name]
    # In the order of their numbers: what is in an argument is older.
    for one in sorted(field.values, key=lambda value: value.generator):
        u = float_of(one.argument, found)
        match one.function:
            case "tanh":
                found[one.generator : one.generator + 2] = math.tanh(u), 1 / math.cosh(u)
            case "exp":
                found[one.generator] = math.exp(u / SCALE)
            case "log":
                found[one.generator] = math.log(u)
            case "abs":
                found[one.generator] = abs(u)
    return found


def float_of(value: Quotient, generators: list[float]) -> float:
    above, below = (
        sum(n * math.prod(generators[i] ** k for i, k in exponents(monomial)) for monomial, n in side.items())
        for side in value
    )
    return above / below


FUNCTIONS = ("tanh", "sech", "sinh", "cosh", "exp", "sigmoid", "abs")


def drawn(rng: random.Random, depth: int) -> str:
    if depth == 0:
        return rng.choice(("a", "b", "2", "1/3"))
    one, other = drawn(rng, depth - 1), drawn(rng, depth - 1)
    return rng.choice(
        (
            f"({one} + {other})",
            f"({one} - 2*{other})",
            f"{one}*{other}",
            f"({one})^2/(1 + ({other})^2)",
            f"log(2 + ({one})^2)",
            *(f"{name}({one})" for name in FUNCTIONS),
        )
    )


@pytest.mark.parametrize("picture", ["tanh", "exp"])
@pytest.mark.parametrize("seed", range(12))
def test_a_formula_has_in_the_field_the_value_that_it_has(seed: int, picture: Picture) -> None:
    rng, values = random.Random(seed), {"a": Fraction(7, 10), "b": Fraction(-2, 5)}
    for _ in range(8):
        formula = parse_formula(drawn(rng, rng.randint(1, 3)), NAMES)
        field = FunctionField(picture)
        try:
            found = field.quotient(formula)
        except TooLarge:
            continue
        generators = floats_of(field, {name: float(value) for name, value in values.items()})
        wanted = as_ball(evaluate(formula, values)).value
        assert float_of(found, generators) == pytest.approx(float(wanted), rel=1e-9)
        for index, square in field.squares.items():
            right = float_of(Quotient(square, {0: 1}), generators)
            assert generators[index] ** 2 == pytest.approx(right, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "pictures"),
    [
        ("1 - tanh(a)^2 - sech(a)^2", {"tanh", "exp"}),
        ("cosh(a)^2 - sinh(a)^2 - 1", {"tanh", "exp"}),
        ("tanh(a)*cosh(a) - sinh(a)", {"tanh", "exp"}),
        ("tanh(a)*tanh(b)*(1 - sech(a)^2 - tanh(a)^2)", {"tanh", "exp"}),
        ("exp(a + b) - exp(a)*exp(b)", {"exp"}),
        ("sigmoid(2*a) - (1 + tanh(a))/2", {"tanh", "exp"}),
        ("exp(a)^3 - exp(3*a)", {"exp"}),
        ("exp(log(a)) - a", {"tanh", "exp"}),
        ("tanh(a) - tanh(b)", set()),
        ("1 + tanh(a)^2 - sech(a)^2", set()),
        ("exp(a + b) - exp(a) - exp(b)", set()),
    ],
)
def test_what_is_zero_by_known_squares_is_found_to_be(text: str, pictures: set[str]) -> None:
    formula = parse_formula(text, NAMES)
    for picture in ("tanh", "exp"):
        field = FunctionField(picture)  # type: ignore[arg-type]
        assert field.is_zero(field.quotient(formula).numerator) is (picture in pictures)
