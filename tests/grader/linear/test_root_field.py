"""Formulas in weights: which texts are some, and their values as quotients of symbols, roots and angles."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from grader.errors import Unreadable
from grader.exact.polynomial import Budget, TooLarge, value_at
from grader.exact.quotient import DivisionByZero
from grader.linear.symbolic.entries import read_formulas
from grader.linear.symbolic.field import RootField, Undecidable
from grader.model.value import Items, Number, Text

POINT = {"a": Fraction(3, 7), "b": Fraction(5, 2), "t": Fraction(2, 3), "u": Fraction(-1, 4)}
A, B, T, U = (float(value) for value in POINT.values())


def read(*texts):
    written = read_formulas({"W": Items(tuple(map(Text, texts)))})
    return written, RootField(written, Budget(10**6))


def values_of(*texts):
    """Each formula's quotient in floats, and the field."""
    written, field = read(*texts)
    quotients = [field.quotient(written.trees[entry.text]) for entry in written.fields["W"].items]
    generators = field.generators_at({name: POINT[name] for name in written.symbols})
    return [float(value_at(p, generators) / value_at(q, generators)) for p, q in quotients], field


@pytest.mark.parametrize(
    ("text", "value", "is_sure", "is_rational"),
    [
        ("a + 2*b", A + 2 * B, True, True),
        ("(a - b)^2/(1 + a)", (A - B) ** 2 / (1 + A), True, True),
        ("a^-3", A**-3, True, True),
        ("sqrt(2)*a", math.sqrt(2) * A, True, False),
        ("sqrt(8/9)", math.sqrt(8) / 3, True, False),
        ("a*sqrt(12/27)", A * 2 / 3, True, True),
        ("a*sqrt(0)", 0.0, True, True),
        ("1/sqrt(6) + a", 1 / math.sqrt(6) + A, True, False),
        ("a*2^(3/2)", A * 2**1.5, True, False),
        ("a*6^(-1/2)", A / math.sqrt(6), True, False),
        ("sqrt(a)", math.sqrt(A), True, False),
        ("sqrt(a/3)", math.sqrt(A / 3), True, False),
        ("sqrt(4*a*b)", 2 * math.sqrt(A * B), True, False),
        ("(1 - a^2)^(1/2)", math.sqrt(1 - A * A), False, False),
        ("sqrt(a^2)", A, False, False),
        ("sqrt(a)*sqrt(b)", math.sqrt(A * B), False, False),
        ("sqrt(a) + 1/sqrt(a)", math.sqrt(A) + 1 / math.sqrt(A), True, False),
        ("sqrt(1009)*a", math.sqrt(1009) * A, True, False),
        ("sqrt(1022117)*a", math.sqrt(1022117) * A, False, False),  # 1009 * 1013 is taken for a prime
        ("pi*a", math.pi * A, True, False),
        ("cos(t)", math.cos(T), True, False),
        ("sin(t)*a", math.sin(T) * A, True, False),
        ("tan(t)", math.tan(T), True, False),
        ("cos(t)^2 + sin(t)^2", 1.0, True, False),
        ("cos(2*t)", math.cos(2 * T), False, False),
        ("cos(t) + cos(u)", math.cos(T) + math.cos(U), False, False),
        ("cos(pi/4)", math.cos(math.pi / 4), False, False),
        ("cos(t) + pi", math.cos(T) + math.pi, False, False),
    ],
)
def test_a_formula_in_the_field_has_its_value(text, value, is_sure, is_rational):
    (found,), field = values_of(text)
    assert found == pytest.approx(value, rel=1e-12, abs=1e-15)
    assert (field.is_sure, field.is_rational) == (is_sure, is_rational)


def test_what_is_taken_for_a_prime_leaves_the_field_unsure():
    _, field = values_of("sqrt(1022117)*a", "sqrt(2)*a")
    assert not field.is_sure


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(2)*sqrt(3) - sqrt(6)",
        "sqrt(8) - 2*sqrt(2)",
        "sqrt(1/2) - sqrt(2)/2",
        "(a + sqrt(2))^2 - a^2 - 2*a*sqrt(2) - 2",
        "sin(t)^2 + cos(t)^2 - 1",
        "tan(t)*cos(t) - sin(t)",
        "sqrt(a)^2 - a",
        "2^(3/2) - sqrt(8)",
        "a^(1/2)*a^(-1/2) - 1",
        "6^-0.5 - sqrt(1/6)",
    ],
)
def test_what_is_zero_by_squares_is_zero(text):
    written, field = read(text)
    assert not field.quotient(written.trees[written.fields["W"].items[0].text]).numerator


@pytest.mark.parametrize(
    "text",
    [
        "exp(a)",
        "log(2)",
        "abs(a)",
        "a^(1/3)",
        "a^b",
        "a^(64 + 1)",
        "sqrt(-2)",
        "sqrt(1/(1 + a))",
        "sqrt(1018081)",
    ],
)
def test_of_other_functions_and_powers_nothing_exact_is_known(text):
    written, field = read(text)
    with pytest.raises(Undecidable):
        field.quotient(written.trees[written.fields["W"].items[0].text])


def test_powers_up_to_64_are_worked_out():
    (found,), _ = values_of("a^64")
    assert found == pytest.approx(A**64, rel=1e-12)


def test_a_divisor_that_is_zero_by_a_square_is_none():
    written, field = read("1/(sqrt(2)^2 - 2)")
    with pytest.raises(DivisionByZero):
        field.quotient(written.trees[written.fields["W"].items[0].text])


@pytest.mark.parametrize(("count", "fits"), [(12, True), (13, False)])
def test_twelve_symbols_and_roots_are_a_lot(count, fits):
    text = " + ".join("abcdfghjkmnpq"[:count])
    if fits:
        assert read(text)[1].indices == count
    else:
        with pytest.raises(TooLarge):
            read(text)


def test_generators_are_called_what_they_are():
    written, field = read("a*sqrt(2)*cos(t) + sqrt(a) + pi*b")
    field.quotient(written.trees[written.fields["W"].items[0].text])
    assert sorted(field.names) == sorted(["a", "b", "t", "cos(t)", "sin(t)", "sqrt(2)", "sqrt(a)", "pi"])
    assert {name: field.names[index] for name, index in field.symbols.items()} == {
        "a": "a",
        "b": "b",
        "t": "t",
    }
    written, field = read("cos(2*t) + sin(a)")
    assert sorted(set(field.names) - {"a", "t"}) == ["cos(a)", "cos(angle 1)", "sin(a)", "sin(angle 1)"]


@pytest.mark.parametrize(
    ("text", "symbols", "is_constant", "is_nested", "angles"),
    [
        ("a", ("a",), False, False, 0),
        ("2*a - b1", ("a", "b1"), False, False, 0),
        ("x_12", ("x_12",), False, False, 0),
        ("alpha*2", ("alpha",), False, False, 0),
        ("sqrt(2)", (), True, False, 0),
        ("pi/2", (), True, False, 0),
        ("exp(1)", (), True, False, 0),
        ("2^3", (), True, False, 0),
        ("3 - 1", (), True, False, 0),
        ("3*5", (), True, False, 0),
        ("(1 + 2)", (), True, False, 0),
        ("1e-3*a", ("a",), False, False, 0),
        ("cos(a)", ("a",), False, False, 1),
        ("cos(a)*cos( a )", ("a",), False, False, 1),
        ("tan(a)", ("a",), False, False, 2),
        ("cos(a)*sin(b)", ("a", "b"), False, False, 2),
        ("cos(sin(a))", ("a",), False, True, 2),
        ("½*a", ("a",), False, False, 0),
    ],
)
def test_a_text_is_a_formula_where_its_names_are_letters(text, symbols, is_constant, is_nested, angles):
    written = read_formulas({"W": Items((Text(text),))})
    (place,) = written.trees
    assert written.fields["W"] == Items((Number(place, "int"),))
    assert written.symbols == symbols
    assert written.constants == ((place,) if is_constant else ())
    assert (written.is_nested, len(written.circular)) == (is_nested, angles)


@pytest.mark.parametrize(
    "text",
    [
        "1/3",
        "-2",
        "0.5",
        "1e-3",
        "n/a",
        " N / A. ",
        "nan",
        "inf",
        "s0",
        "abc",
        "a + word",
        "x_123",
        "",
        "-1/2",
    ],
)
def test_numbers_and_words_are_no_formulas(text):
    value = Items((Text(text),))
    written = read_formulas({"W": value})
    assert (written.trees, written.fields["W"]) == ({}, value)


@pytest.mark.parametrize(("length", "is_one"), [(400, True), (401, False)])
def test_a_text_of_400_characters_may_be_a_formula(length, is_one):
    text = f"a{' ' * (length - 3)}+b"
    assert len(text) == length
    assert bool(read_formulas({"W": Items((Text(text),))}).trees) is is_one


@pytest.mark.parametrize(("count", "fits"), [(400, True), (401, False)])
def test_at_most_400_entries_are_formulas(count, fits):
    fields = {"W": Items((Text("a"),) * count)}
    if fits:
        assert len(read_formulas(fields).trees) == count
    else:
        with pytest.raises(Unreadable, match="more than 400 formulas"):
            read_formulas(fields)


@pytest.mark.parametrize(("depth", "fits"), [(3, True), (4, False)])
def test_angles_stand_in_angles_three_deep(depth, fits):
    text = "cos(" * depth + "a" + ")" * depth
    if fits:
        assert read_formulas({"W": Items((Text(text),))}).is_nested
    else:
        with pytest.raises(Unreadable, match="too deeply"):
            read_formulas({"W": Items((Text(text),))})


def test_a_placeholder_is_no_number_of_the_answer():
    taken = Number(str(10**40), "int")
    written = read_formulas({"W": Items((taken, Text("a"), Text("b")))})
    assert written.fields["W"].items[0] == taken
    assert list(written.trees) == [str(10**40 + 1), str(10**40 + 2)]


@pytest.mark.parametrize(
    ("text", "weight"), [("a", 1), ("a + b", 3), ("sqrt(a)", 13), ("a*exp(b) + 2", 1 + 1 + 12 + 1 + 1 + 1)]
)
def test_a_function_weighs_as_much_as_twelve_operations(text, weight):
    assert read_formulas({"W": Items((Text(text),))}).weight == weight


@pytest.mark.parametrize(("prime", "is_sure"), [(997, True), (999983, True), (1000003, False)])
def test_a_prime_is_known_to_be_one_below_a_million(prime, is_sure):
    """999,983 is the last below, 1,000,003 the first above: with factors up to 1000 no more is known."""
    (found,), field = values_of(f"sqrt({prime})*a")
    assert found == pytest.approx(math.sqrt(prime) * A, rel=1e-12)
    assert field.is_sure is is_sure


@pytest.mark.parametrize(
    ("text", "value"),
    [("a^-64", A**-64), ("(a^2)^32", A**64), ("a^(127/2)", A**63.5), ("sqrt(-a/(0 - 3))", math.sqrt(A / 3))],
)
def test_powers_to_64_either_way_and_halves_are_worked_out(text, value):
    (found,), _ = values_of(text)
    assert found == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("text", ["a^(60 + 5)", "a^(-60 - 5)", "a^(129/2)", "a^(1/4)", "4^(2/3)"])
def test_other_powers_are_not(text):
    with pytest.raises(Undecidable):
        values_of(text)


def test_roots_angles_and_symbols_have_their_values_side_by_side():
    texts = ("sqrt(a)*cos(t)", "sqrt(2)*sin(t)", "cos(u)*sin(t)", "pi*sqrt(a)", "sqrt(3)/cos(u)")
    wanted = (
        math.sqrt(A) * math.cos(T),
        math.sqrt(2) * math.sin(T),
        math.cos(U) * math.sin(T),
        math.pi * math.sqrt(A),
        math.sqrt(3) / math.cos(U),
    )
    found, _ = values_of(*texts)
    assert found == pytest.approx(wanted, rel=1e-12)
