"""Draws are those of numpy's generator, whatever the seed and however many."""

import numpy as np
import pytest

from grader.answers.drawing import SeededDraws

SEEDS = [0, 1, 7, 2**31, 2**32 - 1, 2**32, 2**55 + 12345, 2**64 - 1, 2**127 + 3, 2**160 + 2**40 + 9]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("count", [2, 3, 5, 7, 1000, 2**31 + 1])
def test_draws_are_those_of_numpy(seed, count):
    entries = range(count)
    drawing, theirs = SeededDraws(seed), np.random.default_rng(seed)
    assert [drawing.choice(entries) for _ in range(300)] == theirs.choice(count, size=300).tolist()


def test_tables_are_drawn_row_by_row_and_continue_the_stream():
    drawing, theirs = SeededDraws(5), np.random.default_rng(5)
    entries = (-2.5, 0.25, 640.25)
    for rows, columns in ((1, 3), (3, 1), (2, 4), (5, 5)):
        wanted = theirs.choice(entries, size=(rows, columns)).tolist()
        assert [list(row) for row in drawing.table(entries, rows, columns)] == wanted


def test_negative_seed_is_refused_as_by_numpy():
    with pytest.raises(ValueError, match="0 or more"):
        SeededDraws(-1)


@pytest.mark.parametrize(
    ("count", "words", "drawn", "left"),
    [
        # 2^32 = 3 * 0x55555555 + 1: of three entries one number of 32 bits is too many, by Lemire 0. The next
        # has the product 2 * 2^32 + 1, whose rest is just not below 1.
        (3, [0, 0xAAAAAAAB], 2, 0),
        (3, [1, 0], 0, 1),
        (3, [0xFFFFFFFF], 2, 0),
        # 2^32 = 5 * 858993459 + 1.
        (5, [0, 0, 0x33333334], 1, 0),
        # Of four none is too many.
        (4, [0, 7], 0, 1),
    ],
)
def test_numbers_that_would_draw_an_entry_once_too_often_are_passed_over(
    count, words, drawn, left, monkeypatch
):
    rest = list(words)
    monkeypatch.setattr(SeededDraws, "_word", lambda self: rest.pop(0))
    assert SeededDraws(0).choice(range(count)) == drawn
    assert len(rest) == left
