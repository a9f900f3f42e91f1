"""Where the randomness of generated data comes from."""

from __future__ import annotations

import numpy as np
import pytest

from grader.kinds.generator.judge import random_source
from grader.kinds.generator.question import Data

X, OTHER_X = np.arange(6.0).reshape(1, 6, 1), np.arange(6.0, 12).reshape(1, 6, 1)
Y, OTHER_Y, ZEROS = X**2, OTHER_X**2, np.zeros((1, 6, 1))


@pytest.mark.parametrize(
    ("first", "again", "fresh", "source"),
    [
        # Another call with an equal rng must give the same, one with a fresh rng something else.
        ((X, Y), (X, Y), (OTHER_X, OTHER_Y), (True, False)),
        ((X, Y), (OTHER_X, OTHER_Y), (OTHER_X, OTHER_Y), (False, False)),
        ((X, Y), (X, OTHER_Y), (OTHER_X, OTHER_Y), (False, False)),
        ((X, Y), (OTHER_X, Y), (OTHER_X, OTHER_Y), (False, False)),
        ((X, Y), (X, Y), (X, Y), (True, True)),
        ((X, Y), (X, Y), (X, OTHER_Y), (True, True)),
        ((X, Y), (X, Y), (OTHER_X, Y), (True, True)),
        ((X, Y / 99), (X, Y / 99), (OTHER_X, Y / 99), (True, True)),
        ((X, ZEROS), (X, ZEROS), (OTHER_X, ZEROS), (True, False)),  # nobody drew these zeros
    ],
)
def test_what_rng_decides_is_seen_by_an_equal_and_a_fresh_one(first, again, fresh, source) -> None:
    assert tuple(random_source(Data(*first), Data(*again), Data(*fresh))) == source
