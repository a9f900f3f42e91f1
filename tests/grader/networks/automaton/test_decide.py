"""What is known of a network that no search of all words can settle."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.networks.automaton.decide import decide, enough
from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.product import SearchLimits
from grader.networks.automaton.target import Moves, TableTarget
from tests.grader.networks.automaton import nets

SILENT = ((Fraction(0),), (Fraction(0),))
# It counts its steps in thirds, so that no two words lead to one state, and shows nothing of it.
COUNTING = nets.student(
    {"U": [[1], [0]], "W": [[3, 0], [0, 0]], "b": [0, 0], "V": [[0, 1]], "c": [0]},
    nets.BITS,
    nets.with_equations("relu", "V @ h(t) + c"),
)


def ring(n):
    """A target that goes round in n states, and is silent."""
    return TableTarget([Moves(((i + 1) % n,) * 2, SILENT) for i in range(n)])


class Endless:
    """A silent target that never comes back to a state."""

    def moves(self, state):
        return Moves((state + 1,) * 2, SILENT)


@pytest.mark.parametrize(("target", "length"), [(ring(2), 3), (ring(3), 5), (ring(5), 9), (Endless(), 8)])
def test_words_of_twice_as_many_letters_as_states_but_one_are_enough(target, length):
    """Two machines of n states differ within 2 n - 1 letters [Moore 1956]; without end 8 are asked."""
    assert enough(target, 2) == (None if isinstance(target, Endless) else length)
    lengths = set()
    for longest in range(1, length + 3):
        # All words of so many letters lead to 1 + 2 + 4 + ... states.
        found = decide(COUNTING, target, SearchLimits(states=2**longest, work=10**12))
        lengths.add(found.found.length)
        assert found.kind == ("right" if found.found.length >= length else "open")
        assert not found.is_proved
    assert {length - 1, length} <= lengths


def test_exact_networks_are_searched_further_than_others(monkeypatch):
    """Boxes prove sigmoid units, so the search of theirs ends early; step units have the search alone."""
    monkeypatch.setattr("grader.networks.automaton.decide.OF_REALS", SearchLimits(states=1))
    parity = nets.target("parity", nets.BITS)
    of_steps = nets.student(nets.PARITY, nets.BITS)
    of_sigmoids = nets.student(nets.PARITY, nets.BITS, arithmetic=Enclosure)
    assert decide(of_steps, parity).is_proved
    assert decide(of_sigmoids, parity).found.kind == "open"
