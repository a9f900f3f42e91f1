"""Yes and no, shapes and signs as people write them, and the message on a text that is none."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.answers.claims import number_of_things, read_count, read_flag, read_shape, read_state_size
from grader.answers.numbers import read_number
from grader.errors import Unreadable
from grader.model.value import Array, Fields, Flag, Items, Number, Text, Value

NO: list[Value] = [
    Flag(False),
    *map(Text, ("no", "No.", "No, it is not possible", "no. The rank is 3", "No: rank 3 > 2", "0")),
    *map(Text, ("No (rank 3 > 2)", "no - the rank is 3", "No \u2013 rank 3", "no(see below)")),
    *map(
        Text,
        (
            "It is impossible.",
            "it's not possible",
            "cannot",
            "It can\u2019t be done",
            "nope",
            "\u2717",
            "\u274c",
        ),
    ),
    *map(Text, ("nein", "Nein, das geht nicht", "non", "false (rank 3 > 2)")),
    Items((Flag(False),)),
    Items((Text("no"),)),
    Array("|b1", (1,), b"\0"),
    Array("|b1", (), b"\0"),
    Array("<f8", (1, 1), np.array([0.0]).tobytes()),
    Number("0.0", "float"),
    Number("0", "int"),
]
YES: list[Value] = [
    *map(Text, ("yes", "Yes, it is possible", "YES!", "possible", "It can be done.", "\u2713")),
    *map(Text, ("Ja.", "oui", "s\u00ed", "yep")),
    Array("|b1", (1,), b"\x01"),
    Number("1.0", "float"),
]
NEITHER: list[Value] = [
    *map(Text, ("it cannot be said to be impossible", "is it possible", "possible?", "not impossible")),
    *map(Text, ("maybe", "nothing", "yes and no", "not sure, no", "yesterday, no", "")),
    Items((Flag(False), Flag(True))),
    Items(()),
    Array("|b1", (2,), b"\0\0"),
    Number("0.5", "float"),
    Number("nan", "float"),
]


@pytest.mark.parametrize(("wanted", "value"), [*((False, no) for no in NO), *((True, yes) for yes in YES)])
def test_flag_is_read(wanted: bool, value: Any) -> None:
    assert read_flag(value, "possible") is wanted


@pytest.mark.parametrize("value", NEITHER)
def test_what_is_neither_is_refused(value: Any) -> None:
    with pytest.raises(Unreadable):
        read_flag(value, "possible")


TWO_BY_THREE = ["2x3", "2 X 3", "2*3", "2 by 3", "2-by-3", "2 , 3", "2 3", "2x3 matrix", "(2, 3)", "2.0x3"]
TWO_BY_THREE += [
    "R^{2x3}",
    "R^(2 x 3)",
    "W in R^{2 x 3}",
    "\u211d\u00b2\u02e3\u00b3",
    "2 rows, 3 columns",
    "2 rows and 3 cols",
    "3 columns, 2 rows",
    "3 Cols by 2 Rows",
    "3 columns and 2 ROWS",
    "2 rows and 3 columns.",
    "(2 rows, 3 columns)",
    "[3 columns, 2 rows]",
]
TWO_BY_THREE += ["matrix 2x3", "a 2x3 matrix", "shape (2, 3)", "Size 2 x 3", "a matrix of 2 x 3"]
TWO_BY_THREE += [
    "shape: (2,3)",
    "shape = (2, 3)",
    "Dimensions: 2 x 3",
    "rows: 2, cols: 3",
    "columns = 3; rows = 2",
]
TWO_BY_THREE += ["torch.Size([2, 3])"]  # as PyTorch prints it
TWO_BY_THREE += ["\uff12x\uff13"]  # digits of a Chinese or Japanese keyboard


@pytest.mark.parametrize("text", TWO_BY_THREE)
def test_shape_is_read(text: str) -> None:
    assert read_shape(Text(text), "W") == (2, 3)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "4_1",
            "4x",
            "x4",
            "max 2",
            "2x3 box",
            "[[4,1]]",
            "a matrix",
            "(2 rows, 3 columns",
            "a b 2x3",
            "2xx3",
            "",
            "2x" * 300,
        ),
        *("2 rows, 3 rows", "2 columns 3 Cols", "rows: 2, rows: 3", "rows: 2"),
    ],
)
def test_text_that_is_no_shape_is_quoted_whole(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_shape(Text(text), "W")
    assert repr(text)[:30] in str(refused.value)


@pytest.mark.parametrize("gap", ["  ", " x ", "\t \n"])
def test_text_of_many_gaps_is_refused_at_once(gap: str) -> None:
    # Two ways to read each gap would be 2^60 ways to find that this is no shape.
    with pytest.raises(Unreadable):
        read_shape(Text(gap.join("1" * 60) + "!"), "W")


def test_text_of_a_million_spaces_is_read_once() -> None:
    # Searched anew from each of them it would take an hour.
    with pytest.raises(Unreadable):
        read_shape(Text("2" + " " * 1_000_000 + "!"), "W")


@pytest.mark.parametrize(
    ("text", "wanted"), [("- 1/2", Fraction(-1, 2)), ("+ 3", 3), ("- .5", Fraction(-1, 2))]
)
def test_a_sign_may_stand_apart(text: str, wanted: Fraction) -> None:
    assert read_number(Text(text), "W").value == wanted


@pytest.mark.parametrize("text", ["1 2", "- - 1", "-", "1 -2"])
def test_other_spaces_make_no_number(text: str) -> None:
    with pytest.raises(Unreadable):
        read_number(Text(text), "W")


@pytest.mark.parametrize("rows", ["rows", "n_rows", "Row"])
@pytest.mark.parametrize("columns", ["cols", "columns", "ncols"])
def test_rows_and_columns_may_be_named_in_either_order(rows: str, columns: str) -> None:
    two, three = Number("2", "int"), Number("3", "int")
    assert read_shape(Fields({rows: two, columns: three}), "W") == (2, 3)
    assert read_shape(Fields({columns: three, rows: Text("2")}), "W") == (2, 3)


@pytest.mark.parametrize("names", [("rows",), ("m", "n"), ("rows", "n_rows"), ("rows", "cols", "depth")])
def test_names_of_other_sizes_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(Unreadable):
        read_shape(Fields(dict.fromkeys(names, Number("2", "int"))), "W")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "4 states",
            "4 State",
            "4 hidden units",
            "4  neurons.",
            "4.0 weights and biases",
            "4 entries",
            "n = 4",
        ),
        *("rank 4", "the rank is 4", "Rank: 4", "total = 4", "4 in all", "4 in total."),
    ],
)
def test_a_count_may_say_of_what(text: str) -> None:
    assert read_count(Text(text), "n") == 4
    assert read_state_size(Text(text), "n") == 4


@pytest.mark.parametrize(
    "text",
    [
        "4 or 5 states",
        "states",
        "4 apples",
        "4.5 states",
        "about 4 states",
        "4 states 5",
        "rank",
        "rank 4 5",
        "total rank",
        "size - 1",
        "rank -4",
    ],
)
def test_what_is_more_than_a_count_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_count(Text(text), "n")


@pytest.mark.parametrize("formula", ["size - 1", "total * 2", "sum + 3"])
def test_a_formula_is_no_count_with_its_name_in_front(formula: str) -> None:
    assert number_of_things(Text(formula)) == Text(formula)
