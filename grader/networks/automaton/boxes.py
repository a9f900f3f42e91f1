"""A proof for networks of sigmoid or tanh units: boxes of states that no step leaves.

For each state of the target, and each pattern of rounded units, one box. If the start lies in a box, if every
step from a box lies in a box of the target's next state, and if in no box an output can be read otherwise
than is wanted, then the network is right on all words: by induction its state is always in a box. The boxes
are enclosures, rounded outwards; they grow until no step leaves them, or an output becomes doubtful.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.student import Student, agreement
from grader.networks.automaton.target import Target

# A box that has to grow is widened by a little more, so that growing comes to an end.
SPARE = 1e-3
# Into how many parts of one a unit is divided: coarse boxes first. Beyond FAR all is one part.
FINENESS, FAR = (1, 4, 8, 32), 1e6
MOST_BOXES, MOST_ROUNDS = 500, 60
# Work in about nanoseconds: the most in all, that of a round, that of a step from a box.
MOST_WORK, ROUND_COST, BOX_COST = 1_000_000_000, 500_000, 20_000

Place: TypeAlias = tuple[int, bytes]


def boxes_that_hold(student: Student[Enclosure], target: Target, most_work: int = MOST_WORK) -> int | None:
    """Number of boxes that prove the network right on all words; None where none are found.

    Args:
        student: The network.
        target: What it is to do.
        most_work: In about nanoseconds.
    """
    for parts in FINENESS:
        if found := _with_fineness(student, target, parts, most_work // len(FINENESS)):
            return found
    return None


def _with_fineness(student: Student[Enclosure], target: Target, parts: int, most_work: int) -> int | None:
    states = student.machine.initial
    places = [(0, _pattern(states, parts)[0])]
    rows = {places[0]: 0}
    work = 0
    for _ in range(MOST_ROUNDS):
        work += ROUND_COST + len(places) * len(student.letters) * (BOX_COST + student.machine.work)
        if work > most_work or len(places) > MOST_BOXES:
            return None
        following, values = student.step(states)
        moves = [target.moves(state) for state, _ in places]
        if not agreement(student, values, [out for move in moves for out in move.outputs]).right.all():
            return None
        after = [state for move in moves for state in move.states]
        reached = list(zip(after, _pattern(following, parts), strict=True))
        grown, has_changed = _with(states, rows, following, reached)
        if not has_changed:
            return len(places)
        states, places = grown, list(rows)
    return None


def _with(
    states: Enclosure, rows: dict[Place, int], following: Enclosure, where: list[Place]
) -> tuple[Enclosure, bool]:
    """The boxes widened or added so that they hold the states after a step, and whether any changed."""
    parts = [states.selected(np.array([row])) for row in range(states.runs)]
    has_changed = False
    for number, place in enumerate(where):
        one = following.selected(np.array([number]))
        if place not in rows:
            rows[place] = len(parts)
            parts.append(one)
            has_changed = True
        elif not one.inside(parts[rows[place]]).all():
            parts[rows[place]] = parts[rows[place]].hull(one, SPARE)
            has_changed = True
    return Enclosure.joined(parts), has_changed


def _pattern(states: Enclosure, parts: int) -> list[bytes]:
    """For each run the units rounded to a number of parts of one, so that distant states share no box."""
    middle = np.nan_to_num(states.middle, posinf=FAR, neginf=-FAR)
    return [row.tobytes() for row in np.round(np.clip(middle, -FAR, FAR) * parts).astype(np.int32)]
