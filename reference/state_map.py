"""What a state means: the map T from the state of a network to that of a reference which does the same.

The reference state is made of outputs: its entry (i, p) is the part of output p that the present state alone
gives i steps from now, if no input follows. The earliest such entries that are independent are taken: as many
as the behaviour needs states. In any network (A, B, C, D) that does the same, entry (i, p) is row p of C A^i
times its state, so these rows must be T, if there is a T at all. Whether they are is checked by T A = A' T,
T B = B' and C = C' T, with A', B', C' of the reference.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from reference.elimination import independent_rows, inverted, multiplied
from reference.linear_system import LinearSystem, Matrix, Row, markov
from reference.minimal_state import hankel


class Meaning(NamedTuple):
    """The reference: a network with the least number of states, whose state is made of outputs.

    Args:
        places: For each entry of the state its (delay, output), both from 0.
        system: The network with this state.
    """

    places: tuple[tuple[int, int], ...]
    system: LinearSystem


def meaning(target: LinearSystem, has_direct_path: bool) -> Meaning | None:
    """The least network that does the same, its state made of outputs (the construction of Ho and Kalman).

    Args:
        target: What is asked; its response to s0 is taken as zero.
        has_direct_path: Whether the output may see the current input.

    Returns:
        None where no state is needed.
    """
    p, m = target.n_outputs, target.n_inputs
    H = hankel(target, has_direct_path)
    rows = independent_rows(H)
    if not rows:
        return None
    pivots = independent_rows(tuple(zip(*(H[row] for row in rows), strict=True)))
    inverse = inverted(tuple(tuple(H[row][column] for column in pivots) for row in rows))

    def by_state(row: int) -> Row:
        return multiplied((tuple(H[row][column] for column in pivots),), inverse)[0]

    A = tuple(by_state(row + p) for row in rows)
    C = tuple(by_state(row) for row in range(p))
    B: Matrix = tuple(H[row][:m] for row in rows)
    feed = markov(target, 0)[0]
    D = tuple(
        tuple(a - b for a, b in zip(row, other, strict=True))
        for row, other in zip(feed, multiplied(C, B), strict=True)
    )
    start = (Fraction(0),) * len(rows)
    return Meaning(tuple(divmod(row, p) for row in rows), LinearSystem(A, B, C, D, start))


def state_map(system: LinearSystem, of: Meaning) -> Matrix | None:
    """T with s_reference = T s for the states of a network; None if no matrix does it.

    Args:
        system: A network that does what the reference does.
        of: The reference.
    """
    powers = [system.C]
    for _ in range(max(delay for delay, _ in of.places)):
        powers.append(multiplied(powers[-1], system.A))
    T = tuple(powers[delay][output] for delay, output in of.places)
    A, B, C = of.system.A, of.system.B, of.system.C
    holds = (
        multiplied(T, system.A) == multiplied(A, T)
        and multiplied(T, system.B) == B
        and multiplied(C, T) == system.C
    )
    return T if holds else None
