"""Numbers that people type: a space stands around a sign, and never joins two numbers to one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.classroom.hand_marking import CannotGive, points_typed
from grader.gradebook.course import read_share
from grader.model.share import read_share as read_part
from grader.specs.decoding import read_fraction
from grader.variants.declaration import fraction_of


@pytest.mark.parametrize("typed", ["7/2", " 7 / 2 ", "7/ 2", "3.5", "3,5"])
def test_spaces_around_signs_say_nothing(typed: str):
    assert points_typed(typed, Fraction(20)) == Fraction(7, 2)
    if "," not in typed:
        assert read_fraction(typed) == fraction_of(typed) == Fraction(7, 2)


@pytest.mark.parametrize("typed", ["1 1/2", "1 0", "1\u00a01/2", "3 .5", "2. 5"])
def test_two_numbers_are_not_read_as_one(typed: str):
    with pytest.raises(CannotGive, match="no number of points"):
        points_typed(typed, Fraction(20))
    with pytest.raises(ValueError, match="wanted a whole number or a fraction"):
        read_fraction(typed)
    assert fraction_of(typed) is None


@pytest.mark.parametrize("typed", ["1 0%", "1 1/20", "0. 1"])
def test_neither_is_a_share(typed: str):
    for read in (read_share, read_part):
        with pytest.raises(ValueError, match=r"is no number|is not a share"):
            read(typed)


def test_a_percent_sign_may_stand_apart():
    assert read_share("10 %") == read_part("10 %") == Fraction(1, 10)
