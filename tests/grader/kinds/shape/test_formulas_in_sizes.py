"""Shapes as formulas in sizes, without a network, against what they come to for many sizes."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest

from grader.errors import Unreadable
from grader.kinds.shape.diagnose import diagnose
from grader.kinds.shape.judge import judge
from grader.kinds.shape.question import ShapeParams
from grader.model.kind import Answer
from grader.model.value import Items, Number, Text, Value

SHAPES = {"W": "(n_in + n_h) x n_h", "K": ["n_in*n_h", "2*n_h"], "b": "2*n_h", "z": "n_h x 1"}
TABLE: dict[str, Any] = {"sizes": ["n_in", "n_h"], "shapes": SHAPES, "aliases": {"H": "n_h"}}
NUMBERS: dict[str, Any] = {"sizes": {"n_in": 3, "n_h": 4}, "shapes": SHAPES}


def marked(table: dict[str, Any], field: str, value: Value) -> tuple[str, list[str], str]:
    """What the shape came out as, ids of diagnoses, and all that is said."""
    one = {**table, "shapes": {field: table["shapes"][field]}}
    params = msgspec.convert(one, ShapeParams)
    judged = judge(params, Answer(fields={field: value}))
    found = diagnose(params, judged.facts)
    said = " ".join(one.message for one in (*judged.outcome.feedback, *found.diagnoses))
    code = judged.outcome.evidence[0].entries[field].code  # type: ignore[attr-defined]
    return code, [one.id for one in found.diagnoses], said


@pytest.mark.parametrize("table", [TABLE, NUMBERS], ids=["formulas", "numbers"])
@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("W", "(n_h+n_in, n_h)"),
        ("W", "(n_in + n_h) x n_h"),
        ("W", "n_in + n_h x n_h"),
        ("W", "(n_in+n_h) × n_h"),
        ("W", r"(n_{in} + n_h) \\times n_h"),
        ("W", r"$(n_h + n_{in}) \\times n_h$"),
        ("W", "[2*n_h + n_in - n_h, n_h]"),
        ("W", "(n_in + n_h) by n_h"),
        ("K", "n_in*n_h x 2*n_h"),
        ("K", "(n_h*n_in, n_h + n_h)"),
        ("K", "n_h·n_in × 2n_h"),
        ("b", "2n_h"),
        ("b", "(n_h*2,)"),
        ("z", "n_h"),
        ("z", "(n_h, 1)"),
    ],
)
def test_any_spelling_is_right(table: Any, field: str, text: str) -> None:
    assert marked(table, field, Text(text.replace("\\\\", "\\")))[0] == "right"


@pytest.mark.parametrize("text", ["12 x 8", "3*4 x 2*4", "(3*4, 2*4)", "(3+9) x 8", "n_in*n_h x 8"])
def test_where_sizes_are_given_they_may_be_worked_out(text: str) -> None:
    assert marked(NUMBERS, "K", Text(text))[0] == "right"


@pytest.mark.parametrize("seed", range(40))
def test_equal_formulas_are_right_and_others_are_not(seed: int) -> None:
    rng = random.Random(seed)
    k, change = rng.randint(1, 4), rng.choice((0, 0, 1, -1))
    rows = rng.choice((f"n_h*{k} + n_in - {k - 1}*n_h + {change}", f"{1 + change}*n_in + n_h"))
    wanted = all(eval(rows, {"n_h": h, "n_in": n}) == n + h for h in range(1, 9) for n in range(1, 9))
    code, _, _ = marked(TABLE, "W", Items((Text(rows), Text("H"))))
    assert (code == "right") is wanted, rows


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("W", "n_h x (n_in+n_h)", "axes-swapped"),
        ("K", "2*n_h x n_in*n_h", "axes-swapped"),
        ("z", "1 x n_h", "row-for-column"),
        ("W", "n_h x n_h", "wrong-size"),
        ("W", "n_h", "number-of-axes"),
    ],
)
def test_a_wrong_one_is_told_what_is_wrong_and_not_what_is_right(field: str, text: str, code: str) -> None:
    found, ids, said = marked(TABLE, field, Text(text))
    assert found == code
    assert ids == (["matrix-transposed"] if code == "axes-swapped" else [])
    assert "go with" not in said
    assert "stack" not in said


def test_a_number_that_fits_some_sizes_is_no_formula() -> None:
    assert marked(TABLE, "W", Items((Number("110010", "int"), Text("n_h"))))[0] == "wrong-size"


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(Unreadable, match="unknown name k"):
        marked(TABLE, "W", Text("k x n_h"))


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"sizes": ["n"], "shapes": {"W": "m x n"}}, "unknown axis 'm'"),
        ({"sizes": ["n"], "shapes": {"W": "n*m x n"}}, "unknown name m"),
        ({"sizes": ["n"], "shapes": {"W": "n/2 x n"}}, "no whole number"),
        ({"sizes": ["n"], "shapes": {"W": "n - n x n"}}, "no whole number"),
        ({"sizes": ["n"], "shapes": {"W": "n x n x n x n"}}, "4 axes"),
        ({"sizes": ["n"], "shapes": {"W": "n"}, "aliases": {"N": "k"}}, "none of the sizes"),
        ({"sizes": {"n": 2}, "shapes": {"W": "n"}, "aliases": {"N": "n"}}, "names alone"),
    ],
)
def test_an_author_is_told_what_is_wrong(table: dict[str, Any], told: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=told):
        msgspec.convert(table, ShapeParams)
