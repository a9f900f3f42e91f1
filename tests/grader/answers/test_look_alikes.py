"""Characters that look like others are read as these, or named."""

from __future__ import annotations

import sys
import unicodedata
from fractions import Fraction

import pytest

from grader.answers.claims import read_flag, read_shape
from grader.answers.describe import fraction_text
from grader.answers.look_alikes import VULGAR, odd_character, plain_text, with_fractions
from grader.answers.numbers import read_number
from grader.errors import Unreadable
from grader.formula.condition import parse_condition
from grader.formula.evaluate import evaluate
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.model.value import Text
from grader.sandbox.host.text import clean

NAMES = Names(("w", "x1", "n_in", "a"))


def test_every_dash_is_a_minus_sign() -> None:
    """Every dash of Unicode, and the minus signs that it does not count among them."""
    dashes = [one for one in map(chr, range(0x80, sys.maxunicode + 1)) if unicodedata.category(one) == "Pd"]
    assert len(dashes) > 20
    for dash in (*dashes, "\N{MINUS SIGN}", "\N{HEAVY MINUS SIGN}"):
        assert read_number(Text(f"{dash}1/2"), "g").value == Fraction(-1, 2), ascii(dash)
        assert parse_formula(f"w {dash} x1", NAMES) == parse_formula("w - x1", NAMES), ascii(dash)


@pytest.mark.parametrize("space", ["\u200b", "\u200c", "\u2060", "\ufeff", "\u200e", "\ufe0f"])
def test_what_cannot_be_seen_is_not_there(space: str) -> None:
    assert read_number(Text(f"1{space}2"), "g").value == 12
    assert read_shape(Text(f"2{space}x{space}3"), "W") == (2, 3)
    assert parse_formula(f"n_{space}in*w", NAMES) == parse_formula("n_in*w", NAMES)
    assert parse_condition(f"a{space} < 1", NAMES) == parse_condition("a < 1", NAMES)
    assert read_flag(Text(f"{space}no"), "possible") is False


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "\u3000", "\u2007"])
def test_spaces_of_every_width_are_spaces(space: str) -> None:
    assert read_number(Text(f"{space}-{space}2"), "g").value == -2
    assert read_shape(Text(f"2{space}3"), "W") == (2, 3)


@pytest.mark.parametrize("bar", ["\u2223", "\uff5c"])
def test_a_bar_of_mathematics_or_of_full_width_is_a_bar(bar: str) -> None:
    assert parse_formula(f"2*{bar}w{bar}", NAMES) == parse_formula("2*|w|", NAMES)


@pytest.mark.parametrize("letter", VULGAR)
def test_a_vulgar_fraction_is_its_unicode_value(letter: str) -> None:
    value = Fraction(unicodedata.numeric(letter)).limit_denominator(100)
    assert read_number(Text(letter), "g").value == value
    assert read_number(Text(f"-2{letter}"), "g").value == -(2 + value)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1⁄3", "1/3"), ("−½", "-1/2"), ("１２．５", "12.5"), ("٣", "3"), ("𝟐", "2"), ("1е-3", "1/1000")],
)
def test_digits_and_fractions_of_other_scripts_are_numbers(text: str, value: str) -> None:
    assert read_number(Text(text), "g").value == Fraction(value)


@pytest.mark.parametrize("sign", ["х", "Х", "×", "ｘ", "✕", "✖", "╳", "χ", "ⅹ", "𝑥", "*"])
def test_whatever_looks_like_a_times_sign_stands_between_sizes(sign: str) -> None:
    assert read_shape(Text(f"2{sign}3"), "W") == (2, 3)
    assert read_shape(Text(f"２ {sign} ３"), "W") == (2, 3)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("w⋅х1", "w*x1"),
        ("ｗ＊ｘ１", "w*x1"),
        ("½w", "(1/2)*w"),
        ("2½w", "(5/2)*w"),
        ("w^½", "w^(1/2)"),
        ("w ⁄ 3", "w/3"),
        ("w\u2062x1", "w*x1"),
        ("𝑤 − 𝑎", "w - a"),
        ("а", "a"),
    ],
)
def test_formulas_are_read_as_they_look(text: str, plain: str) -> None:
    point = {"w": Fraction(4), "x1": Fraction(3), "a": Fraction(5), "n_in": Fraction(7)}
    assert evaluate(parse_formula(text, NAMES), point) == evaluate(parse_formula(plain, NAMES), point)


@pytest.mark.parametrize("letter", ["Ж", "“", "\u00ad", "\u202e", "中"])
def test_what_looks_like_nothing_known_is_named(letter: str) -> None:
    name = unicodedata.name(letter).lower()
    for read in (
        lambda: read_number(Text(f"{letter}1"), "g"),
        lambda: read_shape(Text(f"2{letter}3"), "W"),
        lambda: parse_formula(f"w + {letter}", NAMES),
    ):
        with pytest.raises(Unreadable) as refused:
            read()
        assert name in str(refused.value)


@pytest.mark.parametrize("letter", ["\u00ad", "\u202e"])
def test_what_the_sandbox_shows_as_an_escape_is_named_too(letter: str) -> None:
    name = unicodedata.name(letter).lower()
    with pytest.raises(Unreadable, match=name):
        read_number(Text(clean(f"{letter}1", 10)), "g")
    with pytest.raises(Unreadable, match=name):
        parse_formula(clean(f"{letter}w", 10), NAMES)


def test_what_cannot_be_seen_does_not_come_out_of_the_sandbox() -> None:
    assert clean("n\u200b_i\ufeffn\u2060", 50) == "n_in"


def test_plain_text_stays_as_it_is() -> None:
    every = "".join(map(chr, range(128))) + "αβγδλσωΔ∂²₁≤≥≠∧∨¬∈"
    assert plain_text(every) == every
    assert not odd_character("0.5*w")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0,27", "0.27"),
        (",5", "0.5"),
        ("-12,5", "-12.5"),
        ("0,270", "0.27"),
        ("1,5e-3", "0.0015"),
        ("1234,567", "1234.567"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("-1,234,567.", "-1234567"),
    ],
)
def test_a_comma_that_can_mean_one_thing_only_is_that(text: str, value: str) -> None:
    assert read_number(Text(text), "y").value == Fraction(value)


@pytest.mark.parametrize("text", ["1,234", "-12,500", "999,999"])
def test_a_comma_before_decimals_or_thousands_is_told_as_both(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_number(Text(text), "y")
    assert refused.value.code == "comma-decimal"
    assert text.replace(",", ".") in str(refused.value)
    assert f" {text.replace(',', '')} " in str(refused.value)


def test_a_backslash_is_shown_once() -> None:
    with pytest.raises(Unreadable) as refused:
        read_number(Text(r"\frac{1}{x}"), "g1")
    assert r"'\frac{1}{x}'" in str(refused.value)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("1.004", "1.004"), ("0.27", "0.27"), ("1/3", "1/3"), ("3/4", "3/4"), ("-0.125", "-1/8"), ("7", "7"),
     ("22/7", "22/7"), ("0.000001", "0.000001"), ("1/97", "1/97")],
)  # fmt: skip
def test_a_number_is_shown_as_people_write_it(written: str, shown: str) -> None:
    assert fraction_text(Fraction(written)) == shown


@pytest.mark.parametrize("many", [" " * 1_000_000, "7" * 1_000_000])
def test_a_fraction_far_away_is_not_searched_from_everywhere(many: str) -> None:
    # From each of these places to the end and back would take an hour.
    assert with_fractions(f"2½{many}!") == f"5/2{many}!"
