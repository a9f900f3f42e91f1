"""Orders of growth in the spellings of textbooks and papers, each beside the product that it means."""

from __future__ import annotations

import pytest

from grader.errors import Unreadable
from grader.formula.compare import Sameness, compare
from grader.formula.growth.compare import GrowthOrder, compare_growth
from grader.formula.growth.reading import parse_growth
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.points import Domain

NAMES = Names(("T", "h", "n_in"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("O(T h)", "T*h"),
        ("O(Th)", "T*h"),
        ("th", "T*h"),
        (r"\Theta(Th)", "T*h"),
        (r"$\mathcal{O}(T \cdot h^2)$", "T*h^2"),
        (r"\mathcal O\left(T^2 h\right)", "T^2*h"),
        ("Θ(T·h²)", "T*h^2"),
        ("cost = O(T × h)", "T*h"),
        ("O(T^2h)", "T^2*h"),
        ("T(h + 1)", "T*h + T"),
        ("2 T h + 3T", "2*T*h + 3*T"),
        ("O(n_in h)", "n_in*h"),
        (r"O(n_{in} h)", "n_in*h"),
        ("O(T h) + O(h)", "T*h + h"),
        ("T log h", "T*log(h)"),
        ("TlogT", "T*log(T)"),
        ("T log_2(h)", "T*log(h)"),
        (r"T \log_2 h", "T*log(h)"),
        (r"T\,\log_{10}(h)", "T*log(h)"),
        ("h lg T", "h*log(T)"),
        ("log^2 T", "log(T)^2"),
        ("log(T)^2 h", "log(T)^2*h"),
        ("2^{Th}", "2^(T*h)"),
    ],
)
def test_a_spelling_means_its_product(text: str, meant: str) -> None:
    domain = Domain(intervals=tuple((name, (2, 3)) for name in NAMES.symbols))
    found = compare(parse_growth(text, NAMES)[0], parse_formula(meant, NAMES), domain)
    assert found.sameness is Sameness.SAME


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("o(T h)", "not-an-order"),
        ("Ω(T h)", "not-an-order"),
        ("tanh(T)", "not-an-order"),
        ("T log h T", "ambiguous"),
        ("T/h T", "ambiguous"),
        ("2^Th", "ambiguous"),
        # 2^(log2 T) is T, 2^(ln T) = T^0.69: the base counts there.
        ("2^log2(T)", "ambiguous"),
        ("2^log(T)", "ambiguous"),
        (r"2^{\log_2 T}", "ambiguous"),
        ("T*2^lg(h)", "ambiguous"),
        ("T^(log_2(h))", "ambiguous"),
        ("exp(log2(T))", "ambiguous"),
        ("O(T, h)", "not-a-formula"),
        ("max(T)", "no-argument"),
        ("log", "no-argument"),
        ("O(T k)", "unknown-name"),
        ("O()", "unexpected"),
        ("O(T", "unclosed"),
        ("", "empty"),
    ],
)
def test_what_could_mean_two_things_or_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_growth(text, NAMES)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("given", "right", "order"),
    [
        ("max(T, h)", "T + h", GrowthOrder.SAME),
        (r"\max\{T, h\}", "T + h", GrowthOrder.SAME),
        ("min(T, h)", "T h/(T + h)", GrowthOrder.SAME),
        ("max(T, h)", "T h", GrowthOrder.SLOWER),
        ("max(T, h)^2", "T^2 + h^2", GrowthOrder.SAME),
        ("max(T h, h^2, 5)", "h max(T, h)", GrowthOrder.SAME),
        ("max(T, h) - 1", "max(T, h)", GrowthOrder.SAME),
        ("max(T, h) - T", "h", GrowthOrder.OPEN),  # zero where T is larger: nothing is claimed
        ("max(T - h, h)", "T", GrowthOrder.OPEN),
    ],
)
def test_the_larger_of_two_is_their_sum_up_to_a_factor(given: str, right: str, order: GrowthOrder) -> None:
    found = compare_growth(parse_growth(given, NAMES)[0], parse_growth(right, NAMES)[0])
    assert found.order is order


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("exp(log(T))", "T"),
        ("e^ln(T)", "T"),
        ("4^(T/2) log2(T)", "2^T*log(T)"),
        ("T^log(h)", "h^log(T)"),
    ],
)
def test_a_logarithm_in_an_exponent_counts_as_a_natural_one(text: str, meant: str) -> None:
    """As e^(a ln b) = b^a."""
    (given, _), (right, _) = parse_growth(text, NAMES), parse_growth(meant, NAMES)
    assert compare_growth(given, right).order is GrowthOrder.SAME
