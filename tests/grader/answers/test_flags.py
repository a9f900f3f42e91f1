"""Yes and no, as people write them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.answers.flags import read_flag
from grader.errors import Unreadable
from grader.model.value import Array, Flag, Items, Number, Text, Value

NO: list[Value] = [
    Flag(False),
    *map(Text, ("no", "No.", "No, it is not possible", "no. The rank is 3", "No: rank 3 > 2", "0")),
    *map(Text, ("No (rank 3 > 2)", "no - the rank is 3", "No \u2013 rank 3", "no(see below)")),
    Items((Flag(False),)),
    Items((Text("no"),)),
    Array("|b1", (1,), b"\0"),
    Array("|b1", (), b"\0"),
    Array("<f8", (1, 1), np.array([0.0]).tobytes()),
    Number("0.0", "float"),
    Number("0", "int"),
]
YES: list[Value] = [
    *map(Text, ("yes", "Yes, it is possible", "YES!", "possible")),
    Array("|b1", (1,), b"\x01"),
    Number("1.0", "float"),
]
NEITHER: list[Value] = [
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
