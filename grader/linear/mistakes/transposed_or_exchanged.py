"""Known mistakes that a small repair of the weights undoes: the smallest that makes them right is named.

A repair does one or more of these: transposes matrices, puts columns that stand in the order [x; s] into
[s; x], exchanges two names, sets s0 to zero. `REPAIR_MISTAKES` has what each mistake is called. Only
weights of RNN-A and RNN-B are repaired.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from grader.answers.matrices import Matrix, Vector
from grader.errors import Unreadable
from grader.linear.arrangement import Structure, weight_names
from grader.linear.decision import is_right
from grader.linear.mistakes.output import FITS, Words, fitting
from grader.linear.reading import exact_network
from grader.linear.rounding import ZERO
from grader.model.mistake import Mistake
from grader.model.outcome import Diagnosis
from grader.model.text import joined
from reference.linear_system import LinearSystem, markov

# Two things at once is as far as one can still say "you did this": more fits by accident.
MOST_CHANGES = 2
# Above it a matrix is not tried out: no homework has more, and there are dozens of repairs.
MOST_ENTRIES = 200
# What rounding may do to a response to the current input, at most.
SLACK = Fraction(1, 1000)


class Repair(NamedTuple):
    """What is done to the weights.

    Args:
        roles: Pairs of a weight's name in the question (its role) and the name it was handed in under.
        transposed: Weights, by the name handed in, that are transposed.
        reordered: Weights of an RNN-B, by role, whose first columns, of the input, move to the end.
        from_zero: Whether s0 is taken as zero.
    """

    roles: tuple[tuple[str, str], ...]
    transposed: frozenset[str]
    reordered: frozenset[str]
    from_zero: bool

    @property
    def exchanged(self) -> tuple[str, ...]:
        """Roles of the weights that were handed in under another's name."""
        return tuple(role for role, name in self.roles if role != name)


def find_repair(
    structure: Structure, target: LinearSystem, given: Mapping[str, Matrix], s0: Vector | None
) -> Repair | None:
    """The smallest repair that makes the answer right; None if none does.

    Args:
        structure: Which network's they are; repairs are known of RNN-A and RNN-B.
        target: An exact system that does what is asked.
        given: The matrices as handed in, of whatever shapes.
        s0: The start state; None where the question fixes it at zero.
    """
    if not isinstance(structure, str):
        return None
    if sum(len(grid) * len(grid[0]) for grid in given.values() if grid) > MOST_ENTRIES:
        return None
    weights = _HandedIn(structure, target, given, s0)
    try:
        return next(
            (one for one in repairs(weight_names(structure)[1:]) if weights.are_right_after(one)), None
        )
    except Unreadable:
        return None


class _HandedIn:
    """Matrices that repairs are tried on."""

    def __init__(
        self, structure: Structure, target: LinearSystem, given: Mapping[str, Matrix], s0: Vector | None
    ) -> None:
        self.structure = structure
        self.target = target
        self.s0 = s0
        self.first_parameter = markov(target, 0)[0]
        # By name and whether it is transposed.
        self.grids = {(name, False): grid for name, grid in given.items()}
        self.grids |= {(name, True): tuple(zip(*grid, strict=True)) for name, grid in given.items()}
        self.is_rounded = any(x.is_rounded for grid in given.values() for row in grid for x in row)

    def are_right_after(self, repair: Repair) -> bool:
        """Whether the weights do what is asked once they are repaired."""
        if len(repair.transposed) == 1 and all(
            self.grids[name, False] == self.grids[name, True] for name in repair.transposed
        ):
            return False
        weights = self.repaired(repair)
        if weights is None or not self._start_right(weights):
            return False
        start = (ZERO,) * len(weights[0]) if repair.from_zero or self.s0 is None else self.s0
        return is_right(exact_network(self.structure, ((start,), *weights)), self.target)

    def repaired(self, repair: Repair) -> list[Matrix] | None:
        """The matrices after a repair; None where they do not fit together."""
        m, p = self.target.n_inputs, self.target.n_outputs
        grids = [self.grids[name, name in repair.transposed] for _, name in repair.roles]
        n = len(grids[0])
        fitting = [(n, n), (n, m), (p, n)] if self.structure == "rnn-a" else [(n, n + m), (p, n + m)]
        if [_shape(grid) for grid in grids] != fitting or (self.s0 is not None and len(self.s0) != n):
            return None
        if not repair.reordered:
            return grids
        return [
            _moved(grid, m) if role in repair.reordered else grid
            for grid, (role, _) in zip(grids, repair.roles, strict=True)
        ]

    def _start_right(self, weights: list[Matrix]) -> bool:
        """Whether M_0, the response to the current input, is right up to rounding: a quick no for most."""
        slack = SLACK if self.is_rounded else Fraction(0)
        n = len(weights[0])
        feed = weights[-2]  # Wsx or Wssx: the columns of the input are its last
        for row, theirs in zip(weights[-1], self.first_parameter, strict=True):
            for j, value in enumerate(theirs, start=-len(theirs)):
                # RNN-B's output has columns for the input behind those for the state.
                ours = row[j].value if len(row) > n else Fraction(0)
                for c, line in zip(row, feed, strict=False):
                    if c.value and line[j].value:
                        ours += c.value * line[j].value
                if ours != value and abs(ours - value) > slack * max(Fraction(1), abs(value)):
                    return False
        return True


@functools.cache
def repairs(names: tuple[str, ...]) -> tuple[Repair, ...]:
    """All repairs of weights with these names that change one or two things, the smallest first."""
    orders = [tuple(zip(names, given, strict=True)) for given in itertools.permutations(names)]
    flips = [frozenset(chosen) for k in range(len(names) + 1) for chosen in itertools.combinations(names, k)]
    moves = flips if len(names) == 2 else [frozenset[str]()]
    found = [
        (cost, repair)
        for parts in itertools.product(orders, flips, moves, (False, True))
        if 1 <= (cost := _changes(repair := Repair(*parts), len(names))) <= MOST_CHANGES
    ]
    # Zeroing s0 is no repair by itself: what it shows is named output by output.
    found = [(cost, repair) for cost, repair in found if cost > int(repair.from_zero)]
    return tuple(repair for _, repair in sorted(found, key=lambda pair: (pair[0], len(pair[1].transposed))))


def _changes(repair: Repair, n_names: int) -> int:
    """How many changes a repair counts as: to transpose all matrices, or to reorder all, counts as one."""
    flipped, moved = len(repair.transposed), len(repair.reordered)
    exchanged = max(len(repair.exchanged) - 1, 0)
    return (1 if flipped == n_names else flipped) + min(moved, 1) + exchanged + repair.from_zero


def _moved(grid: Matrix, m: int) -> Matrix:
    return tuple((*row[m:], *row[:m]) for row in grid)


def _shape(grid: Matrix) -> tuple[int, int]:
    return len(grid), len(grid[0]) if grid else 0


def _all_transposed(repair: Repair) -> Words | None:
    return FITS if len(repair.transposed) == len(repair.roles) else None


def _some_transposed(repair: Repair) -> Words | None:
    if not repair.transposed or _all_transposed(repair) is not None:
        return None
    verb = "is" if len(repair.transposed) == 1 else "are"
    return {"names": _in_order(repair, repair.transposed), "verb": verb}


def _reordered(repair: Repair) -> Words | None:
    return {"names": _in_order(repair, repair.reordered)} if repair.reordered else None


def _exchanged(repair: Repair) -> Words | None:
    return {"names": joined(repair.exchanged)} if repair.exchanged else None


def _from_zero(repair: Repair) -> Words | None:
    return FITS if repair.from_zero else None


def _in_order(repair: Repair, names: Iterable[str]) -> str:
    return joined([role for role, _ in repair.roles if role in names])


REPAIR_MISTAKES: tuple[Mistake[Callable[[Repair], Words | None]], ...] = (
    Mistake(
        "row-vector-convention",
        "The weights are written for row vectors (s W where W s is asked): every matrix is transposed.",
        _all_transposed,
    ),
    Mistake(
        "matrix-transposed",
        "{names} {verb} transposed: rows and columns have changed places; the rest is right.",
        _some_transposed,
    ),
    Mistake(
        "input-before-state",
        "The columns of {names} stand in the order input, state; the state comes first here.",
        _reordered,
    ),
    Mistake("names-exchanged", "{names} stand under one another's names.", _exchanged),
    Mistake(
        "start-state-shows",
        "Beside that, the start state s0 shows in the outputs, which should start from zero.",
        _from_zero,
    ),
)


def name_repair(repair: Repair) -> tuple[Diagnosis, ...]:
    """The mistakes that a repair undoes, one for each idea."""
    return fitting(REPAIR_MISTAKES, repair)
