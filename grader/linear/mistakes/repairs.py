"""Small repairs of the handed-in weights, tried in turn: the smallest that makes the answer right is named.

A repair is a set of transposed matrices, columns of [s; x] in the order [x; s], two names exchanged, and s0
set to zero.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from grader.answers.matrices import Matrix, Vector, read_matrix, read_vector
from grader.answers.tables import read_table
from grader.errors import Unreadable
from grader.linear.decision import Tier, decide
from grader.linear.rounding import ZERO
from grader.linear.structure import WEIGHTS, Network, Structure, network_of
from grader.model.outcome import Diagnosis
from grader.model.value import Value
from reference import linear_system
from reference.linear_system import LinearSystem, markov

# Two things at once is as far as one can still say "you did this": more fits by accident.
MOST_CHANGES = 2
# Above it a matrix is not tried out: no homework has more, and there are dozens of repairs.
MOST_ENTRIES = 200


class Repair(NamedTuple):
    """What is done to the weights.

    Args:
        roles: For each weight by name, the name under which it was handed in.
        transposed: Weights, by the name handed in, that are transposed.
        reordered: Weights of an RNN-B, by their role, whose input columns move behind those of the state.
        from_zero: Whether s0 is taken as zero.
    """

    roles: tuple[tuple[str, str], ...]
    transposed: frozenset[str]
    reordered: frozenset[str]
    from_zero: bool

    @property
    def exchanged(self) -> tuple[str, ...]:
        """Names whose weights stand under another name."""
        return tuple(role for role, name in self.roles if role != name)


def find_repair(
    structure: Structure, target: LinearSystem, fields: Mapping[str, Value], starts_at_zero: bool = False
) -> Repair | None:
    """The smallest repair that makes the answer right; None if none does.

    Args:
        structure: "rnn-a" or "rnn-b".
        target: An exact system that does what is asked.
        fields: The weights as handed in, of whatever shapes.
        starts_at_zero: Whether the question fixes s0 = 0.
    """
    names = WEIGHTS[structure][1:]
    try:
        given = {name: _grid(fields[name], name) for name in names}
        s0 = None if starts_at_zero else read_vector(fields["s0"], None, "s0")
        if sum(len(grid) * len(grid[0]) for grid in given.values() if grid) > MOST_ENTRIES:
            return None
        tried = Tried(structure, target, markov(target, 0)[0], given, s0)
        return next((repair for repair in repairs(names) if tried.is_right_after(repair)), None)
    except (Unreadable, KeyError):
        return None


class Tried(NamedTuple):
    """What repairs are tried on: matrices as handed in and what they should do; s0 None means zero."""

    structure: Structure
    target: LinearSystem
    first_reaction: linear_system.Matrix
    given: Mapping[str, Matrix]
    s0: Vector | None

    def is_right_after(self, repair: Repair) -> bool:
        """Whether the weights do what is asked once they are repaired."""
        if len(repair.transposed) == 1 and all(
            _transpose(self.given[one]) == self.given[one] for one in repair.transposed
        ):
            return False
        network = self.repaired(repair)
        if network is None or not _starts_right(network, self.first_reaction):
            return False
        return decide(network, self.target).tier is not Tier.WRONG

    def repaired(self, repair: Repair) -> Network | None:
        """The network after a repair; None where its matrices do not fit together."""
        m, p = self.target.n_inputs, self.target.n_outputs
        grids = [self.given[name] for _, name in repair.roles]
        sizes = [
            _shape(grid)[:: -1 if name in repair.transposed else 1]
            for grid, (_, name) in zip(grids, repair.roles, strict=True)
        ]
        n = sizes[0][0]
        fitting = [(n, n), (n, m), (p, n)] if self.structure == "rnn-a" else [(n, n + m), (p, n + m)]
        if sizes != fitting or (self.s0 is not None and len(self.s0) != n):
            return None
        weights = [
            _transpose(grid) if name in repair.transposed else grid
            for grid, (_, name) in zip(grids, repair.roles, strict=True)
        ]
        weights = [
            _moved(grid, m) if role in repair.reordered else grid
            for grid, (role, _) in zip(weights, repair.roles, strict=True)
        ]
        start = (ZERO,) * n if repair.from_zero or self.s0 is None else self.s0
        return network_of(self.structure, ((start,), *weights))


def _grid(value: Value, name: str) -> Matrix:
    table = read_table(value, name)
    # A flat list is a row: transposed it is the column that may have been meant.
    return read_matrix(value, None if len(table.shape) == 2 else 1, None, name)


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
    # Zeroing s0 is no repair by itself: what it shows is told output by output.
    found = [(cost, repair) for cost, repair in found if cost > int(repair.from_zero)]
    return tuple(repair for _, repair in sorted(found, key=lambda pair: (pair[0], len(pair[1].transposed))))


def _changes(repair: Repair, n_names: int) -> int:
    """How many ideas it takes: one matrix, or all of them, transposed or reordered is one idea."""
    flipped, moved = len(repair.transposed), len(repair.reordered)
    exchanged = max(len(repair.exchanged) - 1, 0)
    return (1 if flipped == n_names else flipped) + min(moved, 1) + exchanged + repair.from_zero


def _moved(grid: Matrix, m: int) -> Matrix:
    return tuple((*row[m:], *row[:m]) for row in grid)


def _transpose(grid: Matrix) -> Matrix:
    return tuple(zip(*grid, strict=True))


def _shape(grid: Matrix) -> tuple[int, int]:
    return len(grid), len(grid[0]) if grid else 0


def _starts_right(network: Network, wanted: linear_system.Matrix) -> bool:
    """A quick no for most: the reaction M_0 to the current input, up to what rounding can do."""
    system, slack = network.system, Fraction(1, 1000) if network.is_rounded else Fraction(0)
    for row, feed, theirs in zip(system.C, system.D, wanted, strict=True):
        for j, value in enumerate(theirs):
            ours = sum((c * b[j] for c, b in zip(row, system.B, strict=True) if c and b[j]), feed[j])
            if abs(ours - value) > slack * max(Fraction(1), abs(value)):
                return False
    return True


def repair_told(repair: Repair, names: tuple[str, ...]) -> tuple[Diagnosis, ...]:
    """The mistakes that a repair undoes, one for each idea.

    Args:
        repair: The smallest repair that makes the answer right.
        names: All weights of the structure but s0.
    """
    found = []
    if repair.transposed == frozenset(names):
        text = "The weights are written for row vectors (s W where W s is asked): every matrix is transposed."
        found.append(Diagnosis("row-vector-convention", text))
    elif repair.transposed:
        listed = _listed(name for name in names if name in repair.transposed)
        verb = "is" if len(repair.transposed) == 1 else "are"
        text = f"{listed} {verb} transposed: rows and columns have changed places; the rest is right."
        found.append(Diagnosis("matrix-transposed", text))
    if repair.reordered:
        listed = _listed(name for name in names if name in repair.reordered)
        text = f"The columns of {listed} stand in the order input, state; the state comes first here."
        found.append(Diagnosis("input-before-state", text))
    if repair.exchanged:
        listed = _listed(repair.exchanged)
        found.append(Diagnosis("names-exchanged", f"{listed} stand under one another's names."))
    if repair.from_zero:
        text = "Beside that, the start state s0 shows in the outputs, which should start from zero."
        found.append(Diagnosis("start-state-shows", text))
    return tuple(found)


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
