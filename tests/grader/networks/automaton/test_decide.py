"""What is known of a network that no search of all words can settle."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.networks.automaton.decide import decide, enough
from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.product import Found, SearchLimits
from grader.networks.automaton.target import Moves, TableTarget, reachable
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
        lengths.add(found.search.length)
        assert found.kind == ("right" if found.search.length >= length else "open")
        assert not found.is_proved
    assert {length - 1, length} <= lengths


@pytest.mark.parametrize(("states", "length"), [(1, 1), (2000, 3999), (2001, None)])
def test_a_target_of_more_than_2000_states_is_one_without_end(states, length):
    assert enough(ring(states), 2) == length


def test_exact_networks_are_searched_further_than_others(monkeypatch):
    """Boxes prove sigmoid units, so the search of theirs ends early; step units have the search alone."""
    monkeypatch.setattr("grader.networks.automaton.decide.OF_REALS", SearchLimits(states=1))
    parity = nets.target("parity", nets.BITS)
    of_steps = nets.student(nets.PARITY, nets.BITS)
    of_sigmoids = nets.student(nets.PARITY, nets.BITS, arithmetic=Enclosure)
    assert decide(of_steps, parity).is_proved
    assert decide(of_sigmoids, parity).search.kind == "open"


def found_so(kind, length=3, has_ties=False):
    return Found(kind, 1, length, (0,) if kind == "differs" else (), has_ties, 0, ())


@pytest.mark.parametrize("word", [(1, 1), (), None])
@pytest.mark.parametrize("boxes", [4, None])
@pytest.mark.parametrize(("target", "enough_for"), [(ring(2), 3), (Endless(), 8)])
@pytest.mark.parametrize("kind", ["same", "tied", "differs", "open"])
@pytest.mark.parametrize("is_real", [False, True])
def test_what_is_known_follows_from_search_boxes_and_long_words(
    monkeypatch, kind, target, enough_for, boxes, word, is_real
):
    """In words: a difference decides, then a clear search, boxes of real units, ties, words, lengths."""
    one = COUNTING if not is_real else nets.student(nets.PARITY, nets.BITS, arithmetic=Enclosure)
    for length in (enough_for - 1, enough_for):
        found = found_so("same" if kind == "tied" else kind, length, kind == "tied")
        monkeypatch.setattr("grader.networks.automaton.decide.compare", lambda *given, found=found: found)
        monkeypatch.setattr("grader.networks.automaton.decide.boxes_that_hold", lambda *given: boxes)
        monkeypatch.setattr("grader.networks.automaton.decide.failing_word", lambda *given: word)
        decided = decide(one, target)
        if kind == "differs":
            wanted = ("wrong", 0, (0,), True)
        elif kind == "same":
            wanted = ("right", 0, (), True)
        elif is_real and boxes:
            wanted = ("right", boxes, (), True)
        elif kind == "tied":
            wanted = ("right", 0, (), False)
        elif word:
            wanted = ("wrong", 0, word, True)
        else:
            # Of a target without end that long words could not be run through nothing is known.
            is_known = length == enough_for and (isinstance(target, Endless) is False or word is not None)
            wanted = ("right" if is_known else "open", 0, (), False)
        assert (decided.kind, decided.boxes, decided.word, decided.is_proved) == wanted


def test_limits_hold_for_search_and_boxes_and_leave_long_words_out(monkeypatch):
    asked = []
    limits = SearchLimits(states=7, work=11)
    monkeypatch.setattr(
        "grader.networks.automaton.decide.compare", lambda *given: asked.append(given[2]) or found_so("open")
    )
    monkeypatch.setattr(
        "grader.networks.automaton.decide.boxes_that_hold", lambda *given: asked.append(given[2:])
    )
    monkeypatch.setattr("grader.networks.automaton.decide.failing_word", lambda *given: (0,))
    one = nets.student(nets.PARITY, nets.BITS, arithmetic=Enclosure)
    assert decide(one, ring(2), limits).kind == "right"
    assert asked == [limits, (11,)]
    assert decide(one, ring(2)).kind == "wrong"


@pytest.mark.parametrize(("most", "count"), [(5, 5), (6, 5), (4, None)])
def test_so_many_states_are_counted(most, count):
    assert reachable(ring(5), 2, most) == count


def test_states_that_no_letter_leads_to_do_not_count():
    """The third letter leads from 0 to 2, which the first two do not."""
    moves = [Moves(states, SILENT) for states in ((1, 1, 2), (0, 1, 1), (2, 2, 2))]
    assert [reachable(TableTarget(moves), letters, 9) for letters in (1, 2, 3)] == [2, 2, 3]
