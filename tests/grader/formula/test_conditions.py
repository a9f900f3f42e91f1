from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import Unreadable
from grader.formula.compare_conditions import Sweep, compare_conditions, holds
from grader.formula.condition import parse_condition
from grader.formula.names import Names
from grader.formula.points import Domain, Interval

NAMES = Names(("a", "b", "n"))
DOMAIN = Domain(whole=frozenset({"n"}))

STABLE = [
    "|a| < 1",
    "abs(a) < 1",
    "Abs(a) < 1",
    "1 > |a|",
    "-1 < a < 1",
    "-2 < 2 a < 2",
    "-1 < 1 |a| < 1",
    "a^2 < 2(1.5 - a^2) < 4",
    "1 > a > -1",
    "a^2 < 1",
    "a**2 - 1 < 0",
    "a > -1 and a < 1",
    "a < 1, -1 < a",
    "if |a| < 1",
    "when -1 < a < 1",
    "stable: |a| < 1",
    "stable = a in (-1, 1)",
    "stable iff |a| < 1",
    "converges for -1 < a < 1",
    "Stable if and only if |a| < 1",
    "{a : |a| < 1}",
    "{a | -1 < a < 1}",
    "{a in R: a^2 < 1}",
    "{ a ∈ ℝ : -1 < a and a < 1 }",
    "$a > -1$ and $a < 1$",
    "if $-1 < a$ and $a < 1$",
    r"\{a \in \mathbb{R} : |a| < 1\}",
    r"$\left\{a\in\mathbb{R}\mid -1 < a < 1\right\}$",
    "(a > -1) & (a < 1)",
    "a > −1 ∧ a < 1",
    "a in (-1, 1)",
    "not |a| >= 1",
    "not (a >= 1 or a <= -1)",
    "a < 1 AND a > -1",
    "a ∈ (-1; 1)",
    "1 - |a| > 0",
    "(1 - a)(1 + a) > 0",
    "sqrt(a^2) < 1",
    "(-1 < a and a <= 0) or (0 < a and a < 1)",
    "a^64 < 1",
    "tanh(a)^2 < tanh(1)^2 and a != 1 and a != -1",
]


@pytest.mark.parametrize("text", STABLE)
def test_stability_is_right_in_every_form(text: str) -> None:
    found = compare_conditions(parse_condition(text, NAMES), parse_condition("|a| < 1", NAMES), DOMAIN)
    assert found.point is None
    assert not found.only_at_ends
    assert not found.is_unsure
    assert found.tested >= 100


@pytest.mark.parametrize(
    ("text", "only_at_ends"),
    [
        ("|a| <= 1", True),
        ("a >= -1 and a < 1", True),
        ("a in [-1, 1]", True),
        ("a < 1", False),
        ("0 < a < 1", False),
        ("|a| > 1", False),
        ("|a| < 0.999", False),
        ("|a| < 1.0000001", False),
        ("a < 1 or a > -1", False),
        ("|a| < 1 and b > 0", False),
        ("|a| < 1 and b != 0", False),
        ("|b| < 1", False),
        ("a^3 < 1", False),
        ("1/|a| > 1", False),
        ("log(|a|) < 0", False),
        ("(a^2-1)*(a^2-16) > 0", False),
        ("|a| < 1 or a > 50", False),
        ("|a| < 1 or |a - 33/2| < 1/1000", False),
    ],
)
def test_other_condition_is_wrong_at_a_point(text: str, only_at_ends: bool) -> None:
    mine, right = parse_condition(text, NAMES), parse_condition("|a| < 1", NAMES)
    found = compare_conditions(mine, right, DOMAIN)
    assert found.point is not None
    assert holds(mine, found.point) is found.holds
    assert holds(right, found.point) is not found.holds
    assert found.only_at_ends is only_at_ends


@given(
    low=st.fractions(-2, 2, max_denominator=50),
    high=st.fractions(-2, 2, max_denominator=50),
    off=st.fractions(-1, 1, max_denominator=10**6),
)
def test_interval_with_another_end_is_always_caught(low: Fraction, high: Fraction, off: Fraction) -> None:
    right = parse_condition(f"{low} < a < {high}", NAMES)
    mine = parse_condition(f"({low}) < a and a < ({high}) + ({off})", NAMES)
    found = compare_conditions(mine, right, DOMAIN)
    is_same = off == 0 or (low >= high and low >= high + off)
    assert (found.point is None) is is_same


def test_whole_numbers_are_tried_one_by_one() -> None:
    mine, right = parse_condition("n > 2", NAMES), parse_condition("n >= 3", NAMES)
    domain = Domain((("n", (Fraction(1), Fraction(99))),), frozenset({"n"}))
    assert compare_conditions(mine, right, domain).point is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # What is said of the opposite is not what was asked.
        ("unstable: |a| < 1", "unexpected"),
        ("diverges = |a| < 1", "unknown-name"),
        ("unstable if |a| < 1", "unknown-name"),
        ("Not for |a| < 1", "unknown-name"),
        ("a < -1 b < 2", "ambiguous"),
        ("{c : |c| < 1}", "unexpected"),
        ("a", "not-a-condition"),
        ("a = 1", "equation"),
        ("a < 1 and", "unexpected-end"),
        ("a <", "unexpected-end"),
        ("(a < 1", "unclosed"),
        ("a in 1", "unexpected"),
        ("a in (1)", "unexpected"),
        ("a in (1, 2", "unclosed"),
        ("a < b a", "missing-operator"),
        ("a > -1\na < 1", "missing-operator"),
        ("a > -1 a < 1", "ambiguous"),
        ("b < a > -1", "ambiguous"),
        ("and a < 1", "unexpected"),
        ("not a != 1", "not-a-condition"),
        ("stable", "unknown-name"),
        ("", "empty"),
    ],
)
def test_what_is_no_condition_is_told_with_a_caret(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_condition(text, NAMES)
    assert caught.value.code == code
    assert caught.value.message.endswith("^")


@pytest.mark.parametrize("right", ["a > 0", "-1 < a < 1", "a < 1/2"])
@pytest.mark.parametrize("span", [None, (Fraction(-3), Fraction(3))])
def test_a_long_condition_is_decided_as_its_short_form_is(right: str, span: Interval | None) -> None:
    """Thirteen terms that are zero take long to compute; that left it undecided."""
    names, nothing = Names(("a",)), "+0*tanh(a)" * 13
    domain = Domain(() if span is None else (("a", span),))
    wanted = parse_condition(right, names)
    same = compare_conditions(parse_condition(right + nothing, names), wanted, domain)
    assert same.point is None
    assert not same.is_unsure
    other = compare_conditions(parse_condition(f"{right}+1/3{nothing}", names), wanted, domain)
    assert other.point is not None


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a^2 < 2", [-(2**0.5), 2**0.5]),
        ("a > 1/3", [1 / 3]),
        ("a^3 < 5 and a > -1/7", [-1 / 7, 5 ** (1 / 3)]),
    ],
)
def test_values_are_tried_on_both_sides_of_where_a_condition_changes(text: str, where: list[float]) -> None:
    condition, sweep = parse_condition(text, NAMES), Sweep("a", {}, DOMAIN)
    truths = {value: holds(condition, {"a": value}) for value in map(Fraction, (-3, -1, 0, 1, 3))}
    found = list(sweep.changes(condition, truths))
    assert [float(one) for one in found] == pytest.approx(
        [side for one in where for side in (one, one)], abs=1e-8
    )
    assert all(low < one < high for one, low, high in zip(where, found[::2], found[1::2], strict=True))


@pytest.mark.parametrize("text", ["n >= 3", "n > 1", "n > 0 or sqrt(n - 3) > 0"])
def test_of_an_interval_of_five_whole_numbers_five_points_are_tested(text: str) -> None:
    domain = Domain((("n", (Fraction(1), Fraction(5))),), frozenset({"n"}))
    found = compare_conditions(parse_condition(text, NAMES), parse_condition("n > 2", NAMES), domain)
    assert (found.tested, found.unknown) == (5, 0)
