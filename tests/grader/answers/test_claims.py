"""Yes and no, shapes and signs as people write them, and the message on a text that is none."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.answers.claims import read_flag, read_shape
from grader.answers.numbers import read_number
from grader.errors import Unreadable
from grader.model.value import Array, Flag, Items, Number, Text, Value

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
]
TWO_BY_THREE += ["torch.Size([2, 3])"]  # as PyTorch prints it
TWO_BY_THREE += ["\uff12x\uff13"]  # digits of a Chinese or Japanese keyboard


@pytest.mark.parametrize("text", TWO_BY_THREE)
def test_shape_is_read(text: str) -> None:
    assert read_shape(Text(text), "W") == (2, 3)


@pytest.mark.parametrize(
    "text",
    [
        *("4_1", "4x", "x4", "max 2", "2x3 box", "[[4,1]]", "Size 4x1", "2xx3", "", "2x" * 300),
        *("2 rows, 3 rows", "2 columns 3 Cols"),
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
