"""What equations may hold, on both sides of each bound, and how numbers and formulas are shown."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.networks.equations.faults import EquationError
from grader.networks.equations.printing import (
    ANY,
    AS_BASE,
    AS_FACTOR,
    IN_PRODUCT,
    latex_name,
    number_text,
    step_text,
    written,
)
from grader.networks.equations.reader import Reader
from grader.networks.equations.tree import (
    At,
    Constant,
    Function,
    MatrixProduct,
    OuterProduct,
    Over,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
)

a, b, W, h, x = Parameter("a"), Parameter("b"), Parameter("W"), Signal("h", 1), Signal("x")


def read(text, is_static=False):
    return Reader(text, ("a", "b", "W"), ("x", "h"), is_static).read_all(text, 0)


def constant(text):
    return Constant(Fraction(text))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1e90", constant("1e90")),
        ("1.5e-3", constant("0.0015")),
        (".5", constant("1/2")),
        ("2.", constant(2)),
        ("1e91", None),
        ("1e-90", constant("1e-90")),
        ("1e-91", None),
        ("0", constant(0)),
        ("1" * 60, constant("1" * 60)),
        ("1" * 61, None),
        ("1_000", None),
        ("1j", None),
        ("True", None),
        ("0x10", None),
        ("a ** 1", Power(a, 1)),
        ("a ** 8", Power(a, 8)),
        ("a ** 9", None),
        ("a ** 0", None),
        ("a ** -1", None),
        ("a ** b", None),
        ("part(a, 1, 1)", Function("part", (a,), 1, 1)),
        ("part(a, 16, 16)", Function("part", (a,), 16, 16)),
        ("part(a, 1, 17)", None),
        ("part(a, 0, 2)", None),
        ("part(a, 3, 2)", None),
        ("part(a, 2)", None),
        ("part(a, True, 2)", None),
        ("a ** True", None),
        ("x(t-True)", None),
        ("1 / 3", constant("1/3")),
        ("10 ** 2 / 3", Quotient(Power(constant(10), 2), constant(3))),
        ("1000000000000000 / 3", constant("1000000000000000/3")),
        ("3 / 1000000000000001", Quotient(constant(3), constant("1000000000000001"))),
        ("1000000000000001 / 3", Quotient(constant("1000000000000001"), constant(3))),
        ("1 / 0", None),
        ("a / 0", None),
        ("a / 2", Quotient(a, constant(2))),
        ("mod(a, 2)", Function("mod", (a, constant(2)))),
        ("mod(a)", None),
        ("mod(a, b, 2)", None),
        ("max(a, b, 2)", Function("max", (a, b, constant(2)))),
        ("max(a)", None),
        ("tanh(a)", Function("tanh", (a,))),
        ("tanh(a, b)", None),
        ("tanh()", None),
        ("x(t)", x),
        ("x(t, t)", None),
        ("x()", None),
        ("h(t-1)", h),
        ("a(t)", None),
        ("x(1)", None),
        ("x(T)", None),
        ("mean(x(t))", None),
        ("x", None),
        ("tanh", None),
        ("mean", None),
        ("t", None),
        ("c", None),
        ("a.T", Transpose(a)),
        ("a.t", None),
        ("a // b", None),
        ("a % b", None),
        ("a if b else a", None),
        ("not a", None),
        ("-a * b", Sum(((-1, Product((a, b))),))),
        ("-a - b", Sum(((-1, a), (-1, b)))),
        ("-a ** 2", Sum(((-1, Power(a, 2)),))),
        ("a - -b", Sum(((1, a), (1, b)))),
        ("+a", a),
        ("-a @ x(t)", Sum(((-1, MatrixProduct(a, x)),))),
        ("-a / b", Sum(((-1, Quotient(a, b)),))),
    ],
)
def test_an_equation_is_read_as_meant_or_refused(text, tree):
    if tree is None:
        with pytest.raises(EquationError):
            read(text)
    else:
        assert read(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("h(T)", At("h", "T")),
        ("h(1)", At("h", 1)),
        ("mean(h(t-1))", Over("mean", h)),
        ("sum(x(t) + a)", Over("sum", Sum(((1, x), (1, a))))),
        ("mean(a)", None),
        ("mean(sum(x(t)))", None),
        ("mean(x(t)) + sum(h(t-1))", Sum(((1, Over("mean", x)), (1, Over("sum", h))))),
        ("h(0)", None),
        ("h(t)", None),
        ("mean(x(t), a)", None),
    ],
)
def test_a_value_over_all_steps_is_read_as_meant_or_refused(text, tree):
    if tree is None:
        with pytest.raises(EquationError):
            read(text, is_static=True)
    else:
        assert read(text, is_static=True) == tree


@pytest.mark.parametrize(("depth", "is_read"), [(55, True), (65, False)])
@pytest.mark.parametrize("nested", ["tanh({})", "(a + {})", "max(a, {})", "{}.T", "({}) ** 2"])
def test_some_sixty_levels_are_read(nested, depth, is_read):
    text = "b"
    for _ in range(depth):
        text = nested.replace("{}", text)
    if is_read:
        read(text)
    else:
        with pytest.raises(EquationError, match="nested too deeply"):
            read(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-3", "-3"),
        ("120", "120"),
        ("1/2", "0.5"),
        ("-1/8", "-0.125"),
        ("21/20", "1.05"),
        ("1/3", "1/3"),
        ("-7/30", "-7/30"),
        ("1e24", "1" + "0" * 24),
        ("1e25", "1.0e25"),
        ("-125e30", "-1.25e32"),
        ("1e-25", "0." + "0" * 24 + "1"),
        ("1e-26", "1.0e-26"),
        ("-12e-27", "-1.2e-26"),
        ("1e-200", "1.0e-200"),
        ("1e-201", f"1/1{'0' * 201}"),
    ],
)
def test_numbers_are_decimals_where_they_end(value, text):
    assert number_text(Fraction(value)) == text


MATRICES = Product((Sum(((1, a), (-1, b))), MatrixProduct(W, h), Quotient(a, b)))


@pytest.mark.parametrize(
    ("tree", "text", "python"),
    [
        (MATRICES, "(a - b) * (W h(t-1)) * (a / b)", "(a - b) * (W @ h(t-1)) * (a / b)"),
        (Product((constant(2), a)), "2 * a", "2 * a"),
        (Product((a, constant(2))), "a * 2", "a * 2"),
        (Product((constant(-2), a)), "(-2) * a", "(-2) * a"),
        (Quotient(a, Product((a, b))), "a / (a * b)", "a / (a * b)"),
        (Quotient(Sum(((1, a), (1, b))), a), "(a + b) / a", "(a + b) / a"),
        (Power(Quotient(a, b), 2), "(a / b)^2", "(a / b)**2"),
        (Power(constant("1/3"), 2), "(1/3)^2", "(1/3)**2"),
        (Power(Power(a, 2), 3), "(a^2)^3", "(a**2)**3"),
        (Power(Transpose(a), 2), "(a^T)^2", "(a.T)**2"),
        (Transpose(Power(a, 2)), "(a^2)^T", "(a**2).T"),
        (Transpose(MatrixProduct(W, a)), "(W a)^T", "(W @ a).T"),
        (OuterProduct(a, h), "a h(t-1)^T", "outer(a, h(t-1))"),
        (Power(OuterProduct(a, b), 2), "(a b^T)^2", "outer(a, b)**2"),
        (Over("mean", Sum(((1, h), (1, b)))), "mean_t (h(t-1) + b)", "mean(h(t-1) + b)"),
        (Over("sum", h), "sum_t h(t-1)", "sum(h(t-1))"),
        (At("h", "T"), "h(T)", "h(T)"),
        (At("h", 2), "h(2)", "h(2)"),
        (Sum(((-1, a), (1, b), (-1, h))), "-a + b - h(t-1)", "-a + b - h(t-1)"),
        (constant("-1/3"), "-1/3", "-1/3"),
        (Product((constant("1/3"), a)), "(1/3) * a", "(1/3) * a"),
        (Function("max", (a, constant(0))), "max(a, 0)", "max(a, 0)"),
        (Function("relu", (a,)), "relu(a)", "relu(a)"),
        (Signal("h", -2), "h(t+2)", "h(t+2)"),
        (Signal("h", 0, "", "last"), "h(T) at every step", None),
        (Signal("h", 0, "", "reversed"), "h in reversed order", None),
    ],
)
def test_brackets_stand_where_they_are_needed(tree, text, python):
    assert written(tree) == text
    assert python is None or written(tree, style="python") == python


@pytest.mark.parametrize(
    ("tree", "by_level"),
    [
        (a, ("a",) * 4),
        (Sum(((1, a), (1, b))), ("a + b", "(a + b)", "(a + b)", "(a + b)")),
        (Product((a, b)), ("a * b", "a * b", "(a * b)", "(a * b)")),
        (Quotient(a, b), ("a / b", "a / b", "(a / b)", "(a / b)")),
        (Power(a, 2), ("a^2", "a^2", "a^2", "(a^2)")),
        (Transpose(a), ("a^T", "a^T", "a^T", "(a^T)")),
        (constant(-1), ("-1", "(-1)", "(-1)", "(-1)")),
        (constant("1/3"), ("1/3", "(1/3)", "(1/3)", "(1/3)")),
        (constant("1/2"), ("0.5",) * 4),
    ],
)
def test_brackets_follow_what_stands_around(tree, by_level):
    assert tuple(written(tree, level) for level in (ANY, IN_PRODUCT, AS_FACTOR, AS_BASE)) == by_level


def test_steps_as_people_write_them():
    assert [step_text(lag) for lag in (-2, -1, 0, 1, 12)] == ["t+2", "t+1", "t", "t-1", "t-12"]


def test_names_have_what_follows_a_letter_as_an_index():
    shown = {
        "W": "W",
        "W_hh": "W_{hh}",
        "W_h_x": "W_{h x}",
        "Wss": "W_{ss}",
        "Wi2": "W_{i2}",
        "h1": "h_{1}",
        "h12": "h_{12}",
        "ab": r"\mathrm{ab}",
        "ab_1": r"\mathrm{ab}_{1}",
        "pi": r"\pi",
        "Xi": r"\Xi",
        "beta_2": r"\beta_{2}",
    }
    assert {name: latex_name(name) for name in shown} == shown
