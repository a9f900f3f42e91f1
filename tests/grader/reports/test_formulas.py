"""A formula on a page says what was read: put back into a line, it is the same formula for all values."""

from __future__ import annotations

import random
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest

from grader.formula.condition import parse_condition
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.reports.html.elements import as_html
from grader.reports.html.formulas import condition_math, formula_math, table_math

LETTERS = ("a", "b", "x1", "w")
VALUES = {"a": Fraction(3, 7), "b": Fraction(-5, 2), "x_1": Fraction(11, 3), "w": Fraction(2, 9)}
FORMULAS = [
    "2*a + b*w",
    "-a",
    "a - (b + w)",
    "a - (b - w) - x1",
    "w*(a + b)",
    "-(a + b)*w",
    "a/b/w",
    "a/(b/w)",
    "(a + b)/(a - b)",
    "1/a",
    "1/(a + b)^2",
    "-1/3*a",
    "(-2)^2*a",
    "-2^2*a",
    "2*(-3)*a",
    "(a/b)^3",
    "a^2*b^2/w",
    "x1^2*x1",
    "(1/2)^3*a",
    "-(a*b)^2/3 - 1/2",
    "a - 2/3*b*(1 - w)",
    "a*(b*(w*(x1 + 1) + 1) + 1)",
]


def value(node: ET.Element | list[ET.Element]) -> Fraction:
    """What MathML is worth: by the meaning of its elements, side by side with signs between."""
    if isinstance(node, list):
        return _row(list(node))
    children = list(node)
    match node.tag:
        case "mn":
            return Fraction(node.text or "")
        case "mi":
            return VALUES[node.text or ""]
        case "msub":
            return VALUES[f"{children[0].text}_{children[1].text}"]
        case "mfrac":
            return value(children[0]) / value(children[1])
        case "msup":
            return value(children[0]) ** int(value(children[1]))
    return _row(children)


def _row(parts: list[ET.Element]) -> Fraction:
    total = _product(parts)
    while parts and parts[0].text in "+−":
        sign = 1 if parts.pop(0).text == "+" else -1
        total += sign * _product(parts)
    return total


def _product(parts: list[ET.Element]) -> Fraction:
    found = _factor(parts)
    while parts and parts[0].text == "·":
        parts.pop(0)
        found *= _factor(parts)
    return found


def _factor(parts: list[ET.Element]) -> Fraction:
    part = parts.pop(0)
    if part.tag != "mo":
        return value(part)
    if part.text == "−":
        return -_product(parts)
    assert part.text == "("
    inside = _row(parts)
    assert parts.pop(0).text == ")"
    return inside


def plain(text: str) -> Fraction:
    """What a formula is worth by Python's own rules."""
    names = {"a": VALUES["a"], "b": VALUES["b"], "x1": VALUES["x_1"], "w": VALUES["w"]}
    for number in "123":
        text = text.replace(number, f"F({number})").replace(f"xF({number})", f"x{number}")
    found: Fraction = eval(text.replace("^F(", "**int("), {"F": Fraction, **names})
    return found


@pytest.mark.parametrize("text", FORMULAS)
def test_it_says_the_same(text: str) -> None:
    drawn = formula_math(parse_formula(text, Names(LETTERS)))
    assert value(drawn) == plain(text)


def test_so_it_does_for_formulas_that_nobody_thought_of() -> None:
    rng = random.Random(8)

    def made(depth: int) -> str:
        if depth == 0:
            return rng.choice([*LETTERS, "2", "3"])
        one, other = made(depth - 1), made(rng.randrange(depth))
        return rng.choice(
            [f"({one} + {other})", f"({one} - {other})", f"({one})*({other})", f"-({one})", f"({one})^2"]
        )

    for _ in range(200):
        text = made(rng.randrange(1, 5))
        assert value(formula_math(parse_formula(text, Names(LETTERS)))) == plain(text), text


def test_functions_conditions_and_tables_have_their_signs() -> None:
    names = Names(("a", "alpha", "h_t"))
    drawn = formula_math(parse_formula("sqrt(a)*tanh(alpha)/exp(h_t) + |a|", names))
    page = as_html(drawn)
    assert "<msqrt><mi>a</mi></msqrt>" in page
    assert '<mi>tanh</mi><mo form="prefix">(</mo><mi>α</mi>' in page
    assert "<msub><mi>h</mi><mi>t</mi></msub>" in page
    assert "≤" in as_html(condition_math(parse_condition("a <= 1", names)))
    large = as_html(table_math([["1"] * 50] * 40))
    assert large.count("<mn>1</mn>") == 64
