"""Pairs of mistakes put together from what each makes of a network, against making both at once."""

from __future__ import annotations

import pytest

from grader.networks.equations.declaration import network_of
from grader.networks.equations.faults import NetworkError
from grader.networks.library import library_network
from grader.networks.mutants.combination import joined
from grader.networks.mutants.explaining import in_pairs, singles
from grader.networks.mutants.mutant import apply


@pytest.mark.parametrize("name", ["elman", "last-step", "rnn-a", "encoder-decoder"])
def test_a_pair_is_what_both_mistakes_make_at_once(name):
    network = network_of(library_network(f"library/{name}").network)
    pairs = in_pairs(singles(network, "as-code", 2))
    n_joined = 0
    for pair in pairs[::3]:
        changes = [one.changes_in(network) for one in pair.parts]
        if None in changes:
            continue
        try:
            made = joined(network, *changes)
        except NetworkError:
            with pytest.raises(NetworkError):
                apply(network, *pair.mistakes)
            continue
        if made is not None:
            assert made == apply(network, *pair.mistakes), pair.id
            n_joined += 1
    assert n_joined > len(pairs[::3]) / 4
