"""Computed names and requirements, held against plain Python, numpy and definitions."""

from __future__ import annotations

import contextlib
import itertools
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from grader.variants.arithmetic import FormulaError, value_of
from grader.variants.functions import FUNCTIONS
from grader.variants.predicates import HOLDS, PREDICATES
from grader.variants.values import native, read_value

VALUES = {
    "a": 3,
    "b": -2,
    "h": 0.5,
    "W": [[1, 2], [3, 4]],
    "v": [5, 6],
    "case": {"word": "gate", "k": 7, "deep": {"z": 1}},
    "word": "gate",
    "yes": True,
}


def computed(text: str, **values):
    exact = {name: read_value(value) for name, value in {**VALUES, **values}.items()}
    return value_of(text, exact.__getitem__, {**FUNCTIONS, **HOLDS})


@pytest.mark.parametrize(
    "text",
    [
        "a + b*2",
        "a - b - 1",
        "a / b",
        "-a ^ 2",
        "(a - b) ^ 3",
        "2 ^ -3",
        "a % 2",
        "b % 3",
        "h*h",
        "1 / 3 + h",
    ],
)
def test_numbers_are_those_of_exact_fractions(text):
    names = {"a": Fraction(3), "b": Fraction(-2), "h": Fraction(1, 2)}
    python = text.replace("^", "**").replace("1 / 3", "Fraction(1, 3)").replace("2 **", "Fraction(2) **")
    assert computed(text) == eval(python, {"Fraction": Fraction}, names)


@pytest.mark.parametrize(
    "text",
    ["W @ W", "W @ v", "v @ W", "v @ v", "W.T", "W + W", "W * W", "2 * W - 1", "W.T @ v", "-W", "W / 2"],
)
def test_tables_are_those_of_numpy(text):
    names = {name: np.array(VALUES[name], dtype=float) for name in ("W", "v")}
    wanted = eval(text, {}, names)
    assert np.array(native(computed(text)), dtype=float).tolist() == wanted.tolist()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("W[1, 2]", 2),
        ("W[2][1]", 3),
        ("v[2]", 6),
        ("case.word", "gate"),
        ("case['k'] + 1", 8),
        ("case.deep.z", 1),
        ("'grows' if a > 1 else 'dies'", "grows"),
        ("'the ' + word", "the gate"),
        ("[a, b, a + b]", (3, -2, 1)),
        ("abs(v - 6)", (1, 0)),
        ("min(a, b, v)", -2),
        ("max(W)", 4),
        ("sum(W)", 10),
        ("gcd(12, 18)", 6),
        ("floor(-1/2)", -1),
        ("ceil(-1/2)", 0),
        ("sign([a, b, 0])", (1, -1, 0)),
        ("relu([a, b])", (3, 0)),
        ("step([a, b, 0])", (1, 0, 1)),
        ("det(W)", -2),
        ("det([[0, 1], [1, 0]])", -1),
        ("len(v)", 2),
        ("round(1/3, 2)", Fraction(33, 100)),
        ("round(5/2)", 3),
        ("round(-5/2)", -3),
        ("round(0.125, 2)", Fraction(13, 100)),
        ("word == 'gate' and not a < b", True),
        ("1 < a <= 3 != b", True),
        ("a in [1, 3]", True),
        ("yes or a > 1/0", True),
    ],
)
def test_a_formula_gives_what_it_says(text, wanted):
    assert computed(text) == wanted


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "exp", "log", "sqrt"])
@pytest.mark.parametrize("x", [1e-6, 0.3, 1, 2.5, 20])
def test_functions_are_those_of_the_standard_library(name, x):
    plain = {"sigmoid": lambda u: 1 / (1 + math.exp(-u))}.get(name) or getattr(math, name)
    assert float(computed(f"{name}(x)", x=x)) == pytest.approx(plain(x), rel=1e-12)
    if name in ("tanh", "sigmoid"):
        assert float(computed(f"{name}(-x)", x=x)) == pytest.approx(plain(-x), rel=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "1/0",
        "a % 0",
        "0 ^ -1",
        "a ^ 0.5",
        "a ^ 65",
        "9^64^64",
        "W @ [1, 2, 3]",
        "W + [1, 2, 3]",
        "W[0, 1]",
        "W[3, 1]",
        "v[1.5]",
        "a.T",
        "a.word",
        "case.other",
        "W < 1",
        "word + 1",
        "a == word",
        "a == W",
        "exp(2000)",
        "log(0)",
        "sqrt(-1)",
        "det(v)",
        "len(a)",
        "round(a, 99)",
        "min(word)",
        "abs()",
        "nothing(a)",
        "[x for x in v]",
        "lambda: a",
        "a if W else b",
        "f'{a}'",
        "{a: b}",
        "a := 1",
        "open('x')",
        "().__class__",
        "W.__class__",
        "a.real",
        "yes + 1",
        "b'x'",
        "1j",
        "...",
        "None",
        "a is b",
        "a // b",
        "a << 9",
        "~a",
    ],
)
def test_what_cannot_be_computed_is_an_error_and_nothing_else(text):
    with pytest.raises(FormulaError):
        computed(text)


@pytest.mark.parametrize(
    "text",
    ["(" * 300 + "a" + ")" * 300, "-" * 400 + "a", "a" + "+a" * 240, "[" * 90 + "]" * 90, "\0", "a\nb"],
)
def test_odd_texts_end_in_a_value_or_an_error(text):
    with contextlib.suppress(FormulaError):
        computed(text)


# Brute force and numpy, on many small matrices.
SMALL = [np.array(entries).reshape(2, 2) for entries in itertools.product((-2, -1, 0, 1, 2), repeat=4)]
THREE = [np.random.default_rng(seed).integers(-2, 3, (3, 3)) for seed in range(200)]


def of_matrix(name: str, matrix: np.ndarray) -> bool:
    return HOLDS[name](read_value(matrix.tolist()))


def test_invertible_is_full_rank_of_numpy():
    for matrix in (*SMALL, *THREE):
        full = np.linalg.matrix_rank(matrix) == len(matrix)
        assert of_matrix("invertible", matrix) is bool(full)
        assert of_matrix("full_rank", matrix) is bool(full)
        assert of_matrix("full_rank", matrix[:1]) is bool(matrix[0].any())


def test_symmetric_is_the_own_transpose():
    for matrix in (*SMALL, *THREE):
        assert of_matrix("symmetric", matrix) is bool((matrix == matrix.T).all())


def test_stable_is_a_spectral_radius_below_one():
    for matrix, scale in itertools.product((*SMALL, *THREE), (1, 2, 4)):
        radius = max(abs(np.linalg.eigvals(matrix / scale)))
        if abs(radius - 1) > 1e-6:  # at 1 itself numpy cannot tell
            exact = tuple(tuple(Fraction(int(one), scale) for one in row) for row in matrix)
            assert HOLDS["stable"](exact) is bool(radius < 1)


@pytest.mark.parametrize(
    "matrix", [[[1, 0], [0, 0]], [[0, 1], [-1, 0]], [[0, 1], [1, 0]], [[-1]], [[1, 1], [0, 1]]]
)
def test_an_eigenvalue_of_size_one_is_not_stable(matrix):
    assert not HOLDS["stable"](read_value(matrix))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("distinct(1, 2, 1)", False),
        ("distinct(1, 2, 3)", True),
        ("distinct([1, 2, 2])", False),
        ("distinct(v, [5, 6])", False),
        ("distinct(v, [6, 5])", True),
        ("distinct('a', 'b')", True),
        ("nonzero(a, W)", True),
        ("nonzero(a, [0, 1])", False),
        ("apart(2, 1, 3, 5)", True),
        ("apart(2, 1, 3, 4)", False),
        ("apart(0.5, [1, 1.5, 2])", True),
        ("apart(0.6, [1, 1.5, 2])", False),
        ("apart(1, v, [5, 7])", True),
        ("apart(1.1, v, [5, 7])", False),
        ("between(W, 1, 4)", True),
        ("between(W, 1, 3.9)", False),
        ("beyond([1, -2], 1)", True),
        ("beyond([1, -0.5], 1)", False),
        ("whole(W)", True),
        ("whole(W/2)", False),
        ("coprime(4, 9)", True),
        ("coprime(4, 6)", False),
        ("untied(0.125, 2)", False),
        ("untied(0.1251, 2)", True),
        ("untied(-0.125, 2)", False),
        ("untied([1, 0.5], 0)", False),
        ("untied(2, 3)", True),
        ("shows(0.01, 2)", True),
        ("shows(0.009, 2)", False),
        ("short(1/8, 3)", True),
        ("short(1/8, 2)", False),
        ("short(1/3, 9)", False),
        ("increasing([1, 2, 3])", True),
        ("increasing([1, 2, 2])", False),
    ],
)
def test_a_predicate_holds_where_its_definition_does(text, wanted):
    assert computed(text) is wanted


def test_a_float_just_beside_a_tie_counts_as_one():
    """0.285 is no float: the nearest is a little less, and whoever rounds by hand sees a tie."""
    assert computed("untied(x, 2)", x=0.28500000000001) is False
    assert computed("untied(x, 2)", x=0.28500001) is True


def test_every_predicate_has_its_row_in_the_docs_and_a_call_that_works():
    page = (Path(__file__).parents[3] / "docs" / "exercise-format.md").read_text(encoding="utf-8")
    for name, row in PREDICATES.items():
        assert f"| `{row.call}` | {row.says} |" in page
        assert row.call.startswith(f"{name}(")
        answers = {"answer": lambda _: (Fraction(1, 3),)}
        exact = {one: read_value(value) for one, value in {**VALUES, "c": 9}.items()}
        assert isinstance(value_of(row.call, exact.__getitem__, {**FUNCTIONS, **HOLDS, **answers}), bool)
