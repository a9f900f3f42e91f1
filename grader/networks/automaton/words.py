"""Long words, for networks that no search of all words can decide: a drift shows only late."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import TypeVar

import numpy as np

from grader.networks.automaton.entries import Entries
from grader.networks.automaton.product import FLOAT_BITS, FLOAT_COST, LONG_COST, MOST_BITS
from grader.networks.automaton.student import Student, agreement, of_runs
from grader.networks.automaton.target import Target

E = TypeVar("E", bound=Entries)

# Beside words of one letter only and of two by turns, this many are drawn, always the same.
DRAWN, LENGTH, SEED = 40, 200, 0
# Of more letters no two are tried by turns: there are too many.
FEW_LETTERS = 8
MOST_WORK = 400_000_000


def failing_word(student: Student[E], target: Target) -> tuple[int, ...] | None:
    """One of the long words on whose last letter the network is surely wrong.

    Args:
        student: The network.
        target: What it is to do.

    Returns:
        The word; () if there is none, None if the words could not be run to their ends.
    """
    words = np.array(list(_words(len(student.letters))))
    states = student.machine.initial.taken(np.zeros(len(words), dtype=np.intp))
    wanted = [0] * len(words)
    columns = {
        name: student.arithmetic.joined([letter[name] for letter in student.letters])
        for name in student.letters[0]
    }
    work = 0
    for step in range(LENGTH):
        letters = words[:, step]
        is_long = states.bits + student.machine.parameter_bits > FLOAT_BITS
        work += len(words) * student.machine.work * (LONG_COST if is_long else FLOAT_COST)
        if states.bits > MOST_BITS or work > MOST_WORK:
            return None
        following, values = student.machine.step(
            states, {name: column.taken(letters) for name, column in columns.items()}
        )
        moves = [target.moves(state) for state in wanted]
        found = agreement(
            student, values, [move.outputs[letter] for move, letter in zip(moves, letters, strict=True)]
        )
        if found.wrong.any():
            return tuple(int(letter) for letter in words[int(np.argmax(found.wrong)), : step + 1])
        states = of_runs(following, len(words))
        wanted = [move.states[letter] for move, letter in zip(moves, letters, strict=True)]
    return ()


def _words(letters: int) -> Iterator[list[int]]:
    for one in range(letters):
        for two in range(letters) if letters <= FEW_LETTERS else (one,):
            yield [one if step % 2 else two for step in range(LENGTH)]
            yield [one, *[two] * (LENGTH - 1)]
    draw = random.Random(SEED)
    for _ in range(DRAWN):
        yield [draw.randrange(letters) for _ in range(LENGTH)]
