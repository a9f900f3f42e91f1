"""Numbers of one digit drawn many at once, against those drawn array by array."""

from __future__ import annotations

import numpy as np
import pytest

from grader.kinds.gradient.tenths import OneDigitDraw
from grader.training.task import one_digit

SHAPES = ((4, 3, 2), (), (6, 5), (0, 3), (1,))


@pytest.mark.parametrize("drawn_before", [0, 1, 2])
def test_many_arrays_at_once_are_those_of_one_draw_after_the_other(drawn_before):
    together, apart = np.random.default_rng(6), np.random.default_rng(6)
    for rng in (together, apart):
        # A generator keeps half of 64 bits for later: a number drawn before must not shift what follows.
        rng.integers(0, 2, drawn_before)
    draw = OneDigitDraw(SHAPES)
    for arrays in (*draw.draw(together, 2), *draw.draw(together, 0), *draw.draw(together, 1)):
        for found, shape in zip(arrays, SHAPES, strict=True):
            np.testing.assert_array_equal(found, one_digit(apart, *shape), strict=True)
    assert together.random() == apart.random()
    assert together.integers(0, 1000) == apart.integers(0, 1000)


def test_they_are_tenths_from_two_to_nine_of_either_sign():
    [[found]] = OneDigitDraw([(2000,)]).draw(np.random.default_rng(7), 1)
    assert {*found.tolist()} == {sign * tenths / 10 for sign in (-1, 1) for tenths in range(2, 10)}
