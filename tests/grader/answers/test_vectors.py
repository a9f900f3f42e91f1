"""Vectors written as text, and what is said of a table that is too large."""

from __future__ import annotations

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.answers.matrices import read_matrix, read_vector
from grader.errors import Unreadable
from grader.model.value import Text


@pytest.mark.parametrize(
    "text", ["6 -1/2 0.5", "6, -1/2, 0.5", "6,-1/2,0.5", "[6, -1/2, 0.5]", "(6  -1/2\n0.5)", "6; -1/2; 0.5"]
)
def test_numbers_with_spaces_between_them_are_a_vector(text: str) -> None:
    assert [float(x.value) for x in read_vector(Text(text), 3, "g")] == [6, -0.5, 0.5]


@pytest.mark.parametrize("text", ["6", "six six", "6 - 6", "same as g1"])
def test_other_text_is_told_as_the_text_that_it_is(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_vector(Text(text), 2, "g")
    assert repr(text) in str(refused.value)


def test_decimals_with_commas_are_not_cut_in_two() -> None:
    assert [float(x.value) for x in read_vector(Text("0,5 0,3"), 2, "g")] == [0.5, 0.3]


def test_the_limit_is_told_with_what_is_beyond_it() -> None:
    with pytest.raises(Unreadable, match="at most 4096 numbers"):
        read_matrix(from_numpy(np.zeros((65, 65))), None, None, "W")
