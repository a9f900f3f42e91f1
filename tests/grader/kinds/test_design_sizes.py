"""The open size of a network, read off what was handed in, against counting the votes of each parameter."""

from __future__ import annotations

import itertools
from collections import Counter

import msgspec
import pytest

from grader.errors import Unreadable
from grader.kinds.design.question import MAX_UNITS, DesignParams, task_of
from grader.kinds.design.weights import read_weights

PARAMS = {
    "network": {
        "inputs": {"x": "number"},
        "parameters": {"A": "2*n", "B": "n", "C": "n + 1", "M": "n x n"},
        "equations": [
            "h(t) = step(part(A, 1, 2) * x(t) + part(A, 2, 2) + M @ h(t-1) + B)",
            "y(t) = stack(h(t), x(t)) @ C",
        ],
    },
    "alphabet": {"x": [0, 1]},
    "target": {"inputs": {"x": "number"}, "equations": ["y(t) = x(t)"]},
}


def read(plain, a, b, c, rows, columns):
    handed = {"A": [1] * a, "B": [1] * b, "C": [1] * c, "M": [[1] * columns] * rows}
    task = task_of(msgspec.convert(PARAMS, DesignParams))
    return read_weights(task, {name: plain(value) for name, value in handed.items()})


def voted(a, b, c, rows, columns):
    """The size that most parameters have, of equally many the first one's; and the first that has another."""
    votes = [a // 2 if a % 2 == 0 else None, b, c - 1 or None, rows if rows == columns else None]
    counts = Counter(vote for vote in votes if vote is not None)
    n = max(counts, key=lambda vote: (counts[vote], -votes.index(vote)))
    wrong = [name for name, vote in zip("ABCM", votes, strict=True) if vote != n]
    return n, wrong[0] if wrong else None


LENGTHS = [
    (*lengths, *shape)
    for lengths in itertools.product(range(1, 7), range(1, 4), range(1, 5))
    for shape in ((2, 2), (3, 3), (2, 3))
]


def test_most_parameters_tell_the_size_and_the_first_that_has_another_is_named(plain):
    for lengths in LENGTHS:
        n, wrong = voted(*lengths)
        if wrong is None:
            assert read(plain, *lengths).sizes["n"] == n
            continue
        with pytest.raises(Unreadable) as told:
            read(plain, *lengths)
        assert (told.value.code, told.value.where) == ("shape", wrong), lengths


@pytest.mark.parametrize(("n", "is_read"), [(1, True), (MAX_UNITS, True), (MAX_UNITS + 1, False)])
def test_so_many_units_are_read_and_no_more(plain, n, is_read):
    if is_read:
        assert read(plain, 2 * n, n, n + 1, n, n).sizes["n"] == n
    else:
        with pytest.raises(Unreadable, match=str(n)) as told:
            read(plain, 2 * n, n, n + 1, n, n)
        assert told.value.code == "too-large"
