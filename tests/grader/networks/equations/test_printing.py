"""Trees print as people write them, and as Python that reads as the same tree."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from benchmarks.fuzz_equations import fuzz
from grader.networks.equations.printing import latex_name, number_text, written
from grader.networks.equations.reader import Reader
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import (
    At,
    Constant,
    Function,
    MatrixProduct,
    Node,
    Over,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
    moved,
    node_at,
    replaced_at,
    signals_of,
    walk,
)

PARAMETERS, SIGNALS = ("a", "b", "W", "U"), ("x", "h")


def read(text: str, is_static: bool = False) -> Node:
    return Reader(text, PARAMETERS, SIGNALS, is_static).read_all(text, 0)


def drawn(rng: random.Random, depth: int) -> Node:
    """Any tree that text could say; its shapes need not fit."""
    if depth == 0 or rng.random() < 0.15:
        return rng.choice(
            [
                Constant(Fraction(rng.randint(0, 40), rng.choice((1, 2, 3, 5, 8, 7)))),
                Parameter(rng.choice(PARAMETERS)),
                Signal(rng.choice(SIGNALS), rng.randint(-2, 2)),
            ]
        )

    def inner() -> Node:
        return drawn(rng, depth - 1)

    return rng.choice(
        [
            lambda: Sum(tuple((rng.choice((1, -1)), inner()) for _ in range(rng.randint(1, 3)))),
            lambda: Product(tuple(inner() for _ in range(rng.randint(1, 3)))),
            lambda: Quotient(inner(), Sum(((1, Parameter("a")), (1, inner())))),
            lambda: Power(inner(), rng.randint(1, 8)),
            lambda: MatrixProduct(inner(), inner()),
            lambda: Transpose(MatrixProduct(Parameter("W"), inner())),
            lambda: Function(rng.choice(("tanh", "softmax")), (inner(),)),
            lambda: Function(rng.choice(("max", "stack")), (inner(), inner())),
            lambda: Function("part", (inner(),), 2, 3),
        ]
    )()


@pytest.mark.parametrize("seed", range(20))
def test_python_reads_as_the_same_tree(seed: int):
    rng = random.Random(seed)
    for _ in range(100):
        tree = simplified(simplified(drawn(rng, rng.randint(1, 5))))
        text = written(tree, style="python")
        if len(text) <= 500:
            assert read(text) == tree, text


@pytest.mark.parametrize(
    ("text", "people", "latex"),
    [
        ("W.T@h(t-1)+b", "W^T h(t-1) + b", r"W^{\top} h(t-1) + b"),
        ("-U @ x(t)", "-U x(t)", r"-U x(t)"),
        ("(1-a)*h(t-1)", "(1 - a) * h(t-1)", r"\left(1 - a\right) \odot h(t-1)"),
        ("-(1 - a) * b", "-(1 - a) * b", r"-\left(1 - a\right) \odot b"),
        ("a*(W @ b)", "a * (W b)", r"a \odot \left(W b\right)"),
        ("a - (b - a)", "a - b + a", "a - b + a"),
        ("a/(b*a)", "a / (b * a)", r"\frac{a}{b \odot a}"),
        ("a/b/a", "a / b / a", r"\frac{\frac{a}{b}}{a}"),
        ("(a*b)**2", "(a * b)^2", r"\left(a \odot b\right)^{2}"),
        ("-a**2", "-a^2", "-a^{2}"),
        ("(a**2)**3", "(a^2)^3", r"\left(a^{2}\right)^{3}"),
        ("(a/b)**2", "(a / b)^2", r"\left(\frac{a}{b}\right)^{2}"),
        ("(1/3)**2", "(1/3)^2", r"\left(\frac{1}{3}\right)^{2}"),
        ("(a**2).T", "(a^2)^T", r"\left(a^{2}\right)^{\top}"),
        ("(a.T)**2", "(a^T)^2", r"\left(a^{\top}\right)^{2}"),
        ("(W @ b).T", "(W b)^T", r"\left(W b\right)^{\top}"),
        ("(a - 2*b).T", "(a - 2 * b)^T", r"\left(a - 2 \, b\right)^{\top}"),
        ("a*2", "a * 2", r"a \odot 2"),
        ("relu(a)", "relu(a)", r"\operatorname{relu}\left(a\right)"),
        ("1/3*b", "(1/3) * b", r"\frac{1}{3} \, b"),
        ("0.50*b", "0.5 * b", r"0.5 \, b"),
        ("sigmoid(x(t+1))", "sigmoid(x(t+1))", r"\sigma\left(x(t+1)\right)"),
        ("part(b, 2, 4)", "part(b, 2, 4)", r"\operatorname{part}\left(b, 2, 4\right)"),
        ("max(0, b)", "max(0, b)", r"\max\left(0, b\right)"),
        ("+a", "a", "a"),
        ("0 + a * 1", "a", "a"),
    ],
)
def test_people_and_latex_read_it_as_meant(text: str, people: str, latex: str):
    assert written(read(text)) == people
    assert written(read(text), style="latex") == latex


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("h(T)", "h(T)"),
        ("mean(h(t))", "mean_t h(t)"),
        ("W @ sum(h(t) + b)", "W sum_t (h(t) + b)"),
    ],
)
def test_values_over_all_steps(text: str, people: str):
    tree = read(text, is_static=True)
    assert written(tree) == people
    latex = written(tree, style="latex")
    assert latex == people.replace("mean_t", r"\operatorname{mean}_t").replace(
        "sum_t (h(t) + b)", r"\operatorname{sum}_t \left(h(t) + b\right)"
    )
    assert read(written(tree, style="python"), is_static=True) == tree


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("W", "W"),
        ("W_hh", "W_{hh}"),
        ("Wss", "W_{ss}"),
        ("h1", "h_{1}"),
        ("alpha", r"\alpha"),
        ("theta_1", r"\theta_{1}"),
        ("total", r"\mathrm{total}"),
        ("Pi", r"\Pi"),
    ],
)
def test_names_in_latex(name: str, latex: str):
    assert latex_name(name) == latex


@pytest.mark.parametrize(
    "text", ["1e90", "0.5", "123456789012345678901234567890.5", "1e-80", "3", "0.1", "7e25"]
)
def test_numbers_print_exactly(text: str):
    assert Fraction(number_text(Fraction(text))) == Fraction(text)
    assert read(number_text(Fraction(text))) == Constant(Fraction(text))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        # Up to 25 digits, before and behind the point, stand as they are; what is longer has an exponent.
        (Fraction(10) ** 24, f"1{'0' * 24}"),
        (Fraction(10) ** 25, "1.0e25"),
        (-(Fraction(10) ** 25) - 10, f"-1.{'0' * 23}1e25"),
        (Fraction(1, 10**25), f"0.{'0' * 24}1"),
        (Fraction(1, 10**26), "1.0e-26"),
        (Fraction(-25, 10**27), "-2.5e-26"),
        (Fraction(12345, 100), "123.45"),
        (Fraction(-7, 8), "-0.875"),
        (Fraction(0), "0"),
        # Decimals of up to 200 places, which 1/2^200 has: others are fractions.
        (Fraction(1, 2**200), f"{str(5**200)[0]}.{str(5**200)[1:]}e-61"),
        (Fraction(1, 2**201), f"1/{2**201}"),
        (Fraction(1, 5**201), f"1/{5**201}"),
        (Fraction(-2, 3), "-2/3"),
        (Fraction(1, 60), "1/60"),
    ],
)
def test_numbers_are_decimals_with_an_exponent_where_they_are_long(value: Fraction, text: str):
    assert number_text(value) == text


def test_a_tree_is_walked_and_changed_by_paths():
    tree = read("tanh(W @ h(t-1) + U @ x(t)) * a")
    for path, node in walk(tree):
        assert node_at(tree, path) == node
        assert replaced_at(tree, path, node) == tree
    at = next(path for path, node in walk(tree) if node == Signal("x"))
    assert written(replaced_at(tree, at, Parameter("b"))) == "tanh(W h(t-1) + U b) * a"
    assert [one.lag for one in signals_of(moved(tree, 2))] == [-1, -2]
    assert At("h", "T") not in [node for _, node in walk(tree)]
    assert Over("mean", Signal("h")) in [node for _, node in walk(read("2 * mean(h(t))", is_static=True))]


def test_made_up_equations_are_read_or_refused():
    """Ten times as many are tried by `python -m benchmarks.fuzz_equations`."""
    found = fuzz(3000, seed=1)
    assert found.changed == ()
    assert found.read >= 200
    assert len(found.faults) >= 40
