"""Axes of shapes worked out by Python itself, and which questions about shapes can be asked."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest

from grader.kinds.shape.question import (
    LENGTHS,
    ShapeParams,
    asks,
    axis_size,
    controls,
    factors_of,
    parts_of,
    size_names,
)
from grader.model.control import Shape

SIZES = {"n_in": 3, "n_h": 5, "T": 7}
SUMS = [
    " + ".join(terms) for terms in itertools.product(("n_in", "4*n_h", "T", "2 * T", "1", "12"), repeat=2)
]
FORMULAS = ["n_in*n_h", "2*(n_in + 1)", "n_h - n_in", "n_h**2", "(n_in + n_h)/2", "T - n_h + 1", "n_h - 4"]


@pytest.mark.parametrize("axis", [*SUMS, *FORMULAS])
def test_an_axis_is_as_long_as_its_formula_says(axis: str) -> None:
    assert axis_size(axis, SIZES, "W") == eval(axis, {}, SIZES)


@pytest.mark.parametrize(
    "axis",
    ["²", "٣", "n_in - 3", "n_in - 5", "n_in/2", "0", "-1", "n_in + 0", "k", "2*k", "", "1/0", "n_h**0.5"],
)
def test_an_axis_is_a_whole_number_from_one_on(axis: str) -> None:
    with pytest.raises(ValueError, match="W"):
        axis_size(axis, SIZES, "W")


@pytest.mark.parametrize(
    ("term", "factors"),
    [
        ("4*n_h", (4, "n_h")),
        ("4 * n_h", (4, "n_h")),
        ("n_h", (1, "n_h")),
        ("n_h*4", (1, "n_h*4")),
        ("7", (1, "7")),
    ],
)
def test_a_term_is_a_size_so_many_times(term: str, factors: tuple[int, str]) -> None:
    assert factors_of(term) == factors


def test_the_sizes_of_a_sum_are_named_and_its_numbers_are_not() -> None:
    assert parts_of("4*n_h + n_in + 12") == ["n_h", "n_in"]
    assert parts_of("12") == []


@pytest.mark.parametrize(
    ("text", "axes"),
    [
        ("n_in x n_h", ("n_in", "n_h")),
        ("(n_in + n_h) x n_h", ("n_in + n_h", "n_h")),
        ("n_in×n_h", ("n_in", "n_h")),
        (" n_in  x  ( n_h ) ", ("n_in", "n_h")),
        ("n_h", ("n_h",)),
        ("2*(n_in + n_h) x 1", ("2*(n_in + n_h)", "1")),
        ("(n_in + 1)*(n_h + 1) x T", ("(n_in + 1)*(n_h + 1)", "T")),
        ("T x n_in x n_h", ("T", "n_in", "n_h")),
        ("T × n_in×n_h", ("T", "n_in", "n_h")),
        (" n_in x n_h ", ("n_in", "n_h")),
    ],
)
def test_a_shape_in_one_text_is_cut_between_its_axes(text: str, axes: tuple[str, ...]) -> None:
    assert ShapeParams(sizes=SIZES, shapes={"W": text}).axes == {"W": axes}


NETWORK = {
    "inputs": {"x": "n_in"},
    "parameters": {"W": "n_h x n_in", "b": "n_h", "g": ""},
    "equations": ["h(t) = tanh(W @ x(t) + b)"],
}
OF_NETWORK = {"network": NETWORK}
NAMES = ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"sizes": {"n": 1}, "shapes": {"W": ["n"]}}, None),
        ({"sizes": {"n": 0}, "shapes": {"W": ["1"]}}, "sizes.n is 0"),
        ({"sizes": {"2n": 2}, "shapes": {"W": ["1"]}}, "no name"),
        ({"sizes": {"n": 2}}, "shapes is empty"),
        ({"shapes": {"W": ["2", "3"]}}, None),
        ({"sizes": {"n": 2}, "shapes": {"W": ["n", "n", "n"]}}, None),
        ({"sizes": {"n": 2}, "shapes": {"W": ["n", "n", "n", "n"]}}, "4 axes"),
        ({"sizes": {"n": 2}, "shapes": {"W": []}}, "0 axes"),
        ({"sizes": {"n": 2}, "shapes": {"W": ["n"]}, "asked": ["W"]}, "asked goes with"),
        ({"sizes": ["n"], "shapes": {"W": ["n"]}, "aliases": {"N": "n"}}, None),
        ({"sizes": ["n"], "shapes": {"W": ["n"]}, "aliases": {"H": "n"}}, None),
        ({"sizes": ["n"], "shapes": {"W": ["n"]}, "aliases": {"H": "k"}}, "none of the sizes"),
        ({"sizes": {"n": 2}, "shapes": {"W": ["n"]}, "aliases": {"H": "n"}}, "names alone"),
        ({"sizes": NAMES[:7], "shapes": {"W": ["s7"]}}, None),
        ({"sizes": NAMES, "shapes": {"W": ["s7"]}}, "in 7 sizes"),
        ({"sizes": dict.fromkeys(NAMES, 2), "shapes": {"W": ["s8"]}}, None),
        ({"sizes": ["n", "N"], "shapes": {"W": ["n"]}}, None),
        ({"sizes": ["n", "N"], "shapes": {"W": ["n"]}, "aliases": {"N": "n"}}, "spelled like another"),
        ({"sizes": ["n_1", "n1"], "shapes": {"W": ["n1"]}}, "spelled like another"),
    ],
)
def test_a_question_about_shapes_is_refused_only_where_it_cannot_be_meant(
    table: dict[str, Any], told: str | None
) -> None:
    if told is None:
        msgspec.convert(table, ShapeParams)
    else:
        with pytest.raises(msgspec.ValidationError, match=told):
            msgspec.convert(table, ShapeParams)


def test_whether_formulas_are_asked_follows_from_the_sizes() -> None:
    numbers = ShapeParams(sizes=SIZES, shapes={"W": "n_in x n_h"})
    assert (numbers.is_symbolic, numbers.lengths, size_names(numbers)) == (False, SIZES, tuple(SIZES))
    names = ShapeParams(sizes=tuple(SIZES), shapes={"W": "n_in x n_h"})
    assert (names.is_symbolic, names.given_sizes) == (True, {})
    assert names.lengths == dict(zip(SIZES, LENGTHS[:3], strict=True))
    fixed = ShapeParams(shapes={"W": "2 x 3", "b": "3"})
    assert (fixed.is_symbolic, fixed.lengths) == (False, {})
    assert asks(fixed).fields == ("W", "b")
    assert controls(names) == {"W": Shape(tuple(SIZES))}


def test_lengths_tell_sums_and_products_of_few_sizes_apart() -> None:
    seen: dict[int, tuple[int, ...]] = {}
    for parts in itertools.product(range(5), repeat=3):
        total = sum(times * size for times, size in zip(parts, LENGTHS[:3], strict=True))
        assert seen.setdefault(total, parts) == parts
    assert list(LENGTHS) == sorted(set(LENGTHS))
