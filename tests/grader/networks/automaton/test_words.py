"""Long words: the first failure on one of them, and what they may cost."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest

from grader.networks.automaton.decide import LONG_WORD, failing_word
from grader.networks.automaton.target import Moves, TableTarget
from tests.grader.networks.automaton import nets

ALWAYS_ON = TableTarget([Moves((0, 0), ((Fraction(1),),) * 2)])


def chain(n, first=0):
    """Units that pass a bit on, and an output that goes off when it has come to the last."""
    return {
        "U": [[1], *[[0]] * (n - 1)],
        "W": [[0] * n, *([int(j == i - 1) for j in range(n)] for i in range(1, n))],
        "b": [-1, *[-1] * (n - 1)],
        "V": [[-int(j == n - 1) for j in range(n)]],
        "c": [first],
    }


@pytest.mark.parametrize("n", [1, 2, 40])
def test_a_word_on_which_a_network_fails_is_found(n):
    word = failing_word(nets.student(chain(n), nets.BITS), ALWAYS_ON)
    assert word is not None
    assert len(word) >= n
    assert nets.run(chain(n), [nets.BITS[letter] for letter in word]) == [1] * (len(word) - 1) + [0]


@pytest.mark.parametrize(("extra", "found"), [(1, ()), (2**60, None)])
def test_short_numbers_are_run_to_the_end_and_long_ones_only_while_they_are_paid(extra, found):
    """Thirty units have 1000 weights: 200 steps of 48 words take 10^7 ns, and 60 times that if long."""
    assert LONG_WORD == 200
    one = nets.student(chain(30, first=extra), nets.BITS)
    assert failing_word(one, ALWAYS_ON) == found


@pytest.mark.parametrize(("bias", "found"), [("-1/40", (1, *[0] * 39)), (0, ())])
def test_a_bit_that_is_lost_in_a_long_run_of_one_letter_is_found(bias, found):
    """A first 1 is 39/40, and every 0 takes 1/40 of it; no drawn word has 39 of them together."""
    weights = {"U": [[1]], "W": [[1]], "b": [bias], "V": [[1]], "c": ["-1/80"]}
    one = nets.student(weights, nets.BITS, nets.with_equations("relu"))
    off, on = (Fraction(0),), (Fraction(1),)
    assert failing_word(one, TableTarget([Moves((0, 1), (off, on)), Moves((1, 1), (on, on))])) == found


class Counted:
    """A target of so many letters that is on until one of them, or two by turns, have come often together.

    A state is how many steps in a row have fitted, and the last letter.
    """

    def __init__(self, letters, fits, most=120):
        self.letters, self.fits, self.most = letters, fits, most

    def moves(self, state):
        together, last = divmod(state, self.letters + 1)
        states, outputs = [], []
        for letter in range(self.letters):
            now = together + 1 if last == 0 or self.fits(last - 1, letter) else 0
            outputs.append((Fraction(int(now < self.most)),))
            states.append(now * (self.letters + 1) + letter + 1)
        return Moves(tuple(states), tuple(outputs))


def always_on(letters):
    """A network that is on whatever comes, over so many letters."""
    return nets.student(
        {"U": [[0]], "W": [[0]], "b": [0], "V": [[0]], "c": [0]}, [[i] for i in range(letters)]
    )


@pytest.mark.parametrize(
    ("letters", "one", "two"), [(2, 0, 1), (2, 1, 1), (8, 7, 2), (8, 0, 7), (9, 8, 8), (9, 0, 0)]
)
def test_one_letter_for_long_and_two_by_turns_are_tried(letters, one, two):
    """No word drawn at random has 120 steps of that kind together."""
    target = Counted(letters, lambda last, letter: {last, letter} == {one, two})
    word = failing_word(always_on(letters), target)
    assert word is not None
    assert len(word) in (120, 121)
    assert set(word[1:]) == {one, two}
    assert all({a, b} == {one, two} for a, b in itertools.pairwise(word[1:]))


def test_of_nine_letters_no_two_are_tried_by_turns():
    assert failing_word(always_on(9), Counted(9, lambda last, letter: {last, letter} == {2, 7})) == ()


def test_words_that_were_drawn_are_tried_too():
    """Three letters in a row that are all different: in a word of one or two letters there are none."""
    target = Counted(3, lambda last, letter: (letter - last) % 3 == 1, most=5)
    word = failing_word(always_on(3), target)
    assert word
    assert all((b - a) % 3 == 1 for a, b in itertools.pairwise(word[-5:]))
