"""Which of some draws a gradient function is called with, against looking at each draw in turn."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from grader.kinds.gradient.probing import Probing, probabilities
from grader.kinds.gradient.question import GradientParams, backward, called_as
from grader.kinds.gradient.tenths import _best, in_tenths
from grader.kinds.gradient.trials import loud, small
from grader.networks.equations.declaration import NetworkTable
from grader.networks.library import library_network
from grader.training.task import one_digit

QUESTIONS = {
    "numbers": (library_network("library/elman-linear").network, "mean((y - d)**2)"),
    "probabilities": (library_network("library/elman").network, "sum(binary_cross_entropy(d, y))"),
    "shares": (
        NetworkTable(
            inputs={"x": "n_in"},
            parameters={"U": "n_h x n_in", "W": "n_h x n_h", "V": "n_out x n_h"},
            equations=("h(t) = tanh(U @ x(t) + W @ h(t-1))", "p(t) = softmax(V @ h(t))"),
        ),
        "mean(cross_entropy(d, p))",
    ),
}
# As many as are drawn at most, and the share that is enough.
DRAWS, ENOUGH = 40, 0.1


def probing_of(title):
    network, loss = QUESTIONS[title]
    params = GradientParams(network=network, loss=loss, function="f")
    return Probing(backward(params), called_as(params), params.names)


def looked_at_in_turn(probing, sizes, rng):
    """All draws one by one; the first of all is not looked at."""

    def draw(what, shape):
        if what != "target":
            return one_digit(rng, *shape)
        return (
            probabilities(probing, rng, shape) if probing.takes_probabilities else 10 * one_digit(rng, *shape)
        )

    best, most = probing.drawn(sizes, draw), -1.0
    for _ in range(DRAWS):
        one = probing.drawn(sizes, draw)
        largest = [np.abs(array).max() for array in probing.gradients(one).values()]
        share = min((size for size in largest if size), default=0.0) / (max(largest) or 1)
        if share > most:
            best, most = one, share
        if most >= ENOUGH:
            break
    return best


@pytest.mark.parametrize("title", QUESTIONS)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_draw_is_that_of_looking_at_each_in_turn(title, seed):
    probing = probing_of(title)
    quick, slow = np.random.default_rng(seed), np.random.default_rng(seed)
    for sizes in (*small(probing.signature.axes), loud(probing.signature.axes)):
        drawn, wanted = in_tenths(probing, sizes, quick), looked_at_in_turn(probing, sizes, slow)
        for got, right in zip(drawn.instance, wanted, strict=True):
            assert got.keys() == right.keys()
            for name in got:
                np.testing.assert_array_equal(got[name], right[name], strict=True)
        for name, right in probing.gradients(wanted).items():
            np.testing.assert_array_equal(drawn.right[name], right)
    assert quick.bit_generator.state == slow.bit_generator.state


# True shares, and what they seem to be where all are worked out at once. A gradient that is zero, which does
# not count, may seem to be next to it.
SHARES = [
    (0.0, 0.0),
    (0.0, 1e-12),
    (0.05, 0.05),
    (0.05, 1e-12),
    (0.05, 0.05 * (1 + 1e-9)),
    (0.1, 0.1 * (1 - 1e-9)),
    (0.2, 0.2),
    (0.2, 1e-12),
]


@pytest.mark.parametrize("n", range(1, 5))
def test_of_all_rows_of_shares_the_first_that_is_enough_is_taken_or_the_largest(n, monkeypatch):
    table = {}
    monkeypatch.setitem(_best.__globals__, "_least_shares", lambda _, rows: [table[k][1] for k in rows])
    drawn = lambda k: SimpleNamespace(least_share=table[k][0], number=k)  # noqa: E731
    monkeypatch.setitem(_best.__globals__, "_drawn", lambda _, k: drawn(k))
    for row in itertools.product(SHARES, repeat=n):
        table.clear()
        table.update(enumerate(row))
        true = [share for share, _ in row]
        best = _best(None, list(range(n)), drawn(0))
        if not any(about for _, about in row):
            assert (best.place, best.share) == (0, -1)
            continue
        wanted = next((k for k, share in enumerate(true) if share >= ENOUGH), true.index(max(true)))
        assert (best.place, best.drawn.number, best.share) == (wanted, wanted, true[wanted])
