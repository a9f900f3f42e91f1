"""Mistaken ways to turn an RNN-B into an RNN-A, each as the behaviour it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from reference.linear_system import LinearSystem, Matrix, Row, zeros

# Names that the examples use: A, B, C, D, s0 are the RNN-B's, with n states and m inputs.
AT_HAND = """
import numpy as np

def to_rnn_a(s0, Wssx, Wox):
    n, k = Wssx.shape
    m = k - n
    A, B, C, D = Wssx[:, :n], Wssx[:, n:], Wox[:, :n], Wox[:, n:]
    O, Z, N, I = np.zeros((n, m)), np.zeros((m, n)), np.zeros((m, m)), np.eye(m)
    start, keep = np.r_[s0, np.zeros(m)], np.block([[A, O], [Z, N]])
    feed, feed_copy, out = np.vstack([B, I]), np.vstack([B * 0, I]), np.hstack([C, D])
    return {example}
"""


@dataclass(frozen=True)
class Construction:
    """A known mistake of a construction.

    Args:
        id: Stable kebab-case word.
        behaves: From an RNN-B to a system that behaves as the mistaken RNN-A does.
        message: What the mistake is.
        example: What a `to_rnn_a` that makes it returns, in numpy; see `AT_HAND`.
        needs_two_states: Whether it does no harm to any network of one state.
    """

    id: str
    behaves: Callable[[LinearSystem], LinearSystem]
    message: str
    example: str
    needs_two_states: bool = False


def _stacked(A: Matrix, B: Matrix, C: Matrix, D: Matrix, s0: Row, copy: Matrix, start: Row) -> LinearSystem:
    """State [s; c], where c is a copy of the input that is multiplied by `copy` from step to step."""
    n, m = len(s0), len(D[0])
    wide = (Fraction(0),) * m
    high = (Fraction(0),) * n
    unit = tuple(tuple(Fraction(i == j) for j in range(m)) for i in range(m))
    return LinearSystem(
        A=(*((*row, *wide) for row in A), *((*high, *row) for row in copy)),
        B=(*B, *unit),
        C=tuple((*c, *d) for c, d in zip(C, D, strict=True)),
        D=zeros(len(C), m),
        s0=(*s0, *start),
    )


def no_direct_path(system: LinearSystem) -> LinearSystem:
    """D = 0."""
    return system._replace(D=zeros(system.n_outputs, system.n_inputs))


def no_start(system: LinearSystem) -> LinearSystem:
    """s0 = 0."""
    return system._replace(s0=(Fraction(0),) * system.n_states)


def start_advanced(system: LinearSystem) -> LinearSystem:
    """s0 = A s0."""
    (moved,) = zip(*_times(system.A, tuple((value,) for value in system.s0)), strict=True)
    return system._replace(s0=moved)


def _times(left: Matrix, right: Matrix) -> Matrix:
    columns = list(zip(*right, strict=True))
    return tuple(
        tuple(sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)) for column in columns)
        for row in left
    )


def never_cleared(system: LinearSystem) -> LinearSystem:
    """The copy of the input adds up."""
    m = system.n_inputs
    unit = tuple(tuple(Fraction(i == j) for j in range(m)) for i in range(m))
    return _stacked(*system, unit, (Fraction(0),) * m)


def identity_update(system: LinearSystem) -> LinearSystem:
    """Wss = I: nothing is ever forgotten, A is lost, and s0 too or not."""
    n = system.n_states
    unit = tuple(tuple(Fraction(i == j) for j in range(n)) for i in range(n))
    return never_cleared(system._replace(A=unit))


def identity_update_no_start(system: LinearSystem) -> LinearSystem:
    """Wss = I and s0 = 0."""
    return identity_update(no_start(system))


def no_recurrence(system: LinearSystem) -> LinearSystem:
    """A = 0."""
    return system._replace(A=zeros(system.n_states, system.n_states))


def no_input_to_state(system: LinearSystem) -> LinearSystem:
    """B = 0."""
    return system._replace(B=zeros(system.n_states, system.n_inputs))


def state_late(system: LinearSystem) -> LinearSystem:
    """s_t = A s_{t-1} + B x_{t-1}: the new state is fed from the copy of the input."""
    n, m = system.n_states, system.n_inputs
    return LinearSystem(
        A=(
            *((*a, *b) for a, b in zip(system.A, system.B, strict=True)),
            *zeros(m, n + m),
        ),
        B=(*zeros(n, m), *(tuple(Fraction(i == j) for j in range(m)) for i in range(m))),
        C=tuple((*c, *d) for c, d in zip(system.C, system.D, strict=True)),
        D=zeros(system.n_outputs, m),
        s0=(*system.s0, *(Fraction(0),) * m),
    )


def blocks_swapped(system: LinearSystem) -> LinearSystem:
    """The state is [x; s] while the output's columns stay [s; x]."""
    n, m = system.n_states, system.n_inputs
    return LinearSystem(
        A=(*zeros(m, m + n), *((*(Fraction(0),) * m, *row) for row in system.A)),
        B=(*(tuple(Fraction(i == j) for j in range(m)) for i in range(m)), *system.B),
        C=tuple((*c, *d) for c, d in zip(system.C, system.D, strict=True)),
        D=zeros(system.n_outputs, m),
        s0=(*(Fraction(0),) * m, *system.s0),
    )


def output_blocks_swapped(system: LinearSystem) -> LinearSystem:
    """The output's columns are [x; s] while the state stays [s; x]."""
    stacked = _stacked(*system, zeros(system.n_inputs, system.n_inputs), (Fraction(0),) * system.n_inputs)
    return stacked._replace(C=tuple((*d, *c) for c, d in zip(system.C, system.D, strict=True)))


def transposed_state(system: LinearSystem) -> LinearSystem:
    """A transposed."""
    return system._replace(A=tuple(zip(*system.A, strict=True)))


def direct_path_twice(system: LinearSystem) -> LinearSystem:
    """2 D."""
    return system._replace(D=tuple(tuple(2 * value for value in row) for row in system.D))


CONSTRUCTIONS: tuple[Construction, ...] = (
    Construction(
        "direct-path-dropped",
        no_direct_path,
        "The output of the RNN-B also sees x_t itself; in your RNN-A that path is lost.",
        "s0, A, B, C",
    ),
    Construction(
        "start-state-dropped",
        no_start,
        "The start state s0 is thrown away: your network always starts from zero.",
        "np.zeros(k), keep, feed, out",
    ),
    Construction(
        "start-state-advanced",
        start_advanced,
        "The start state is one step ahead: s0 has been through the state weights once before x_1 comes in.",
        "np.r_[A @ s0, np.zeros(m)], keep, feed, out",
    ),
    Construction(
        "copy-never-cleared",
        never_cleared,
        "The copy of the input adds up instead of being replaced at every step.",
        "start, keep + np.diag([0] * n + [1] * m), feed, out",
    ),
    Construction(
        "state-never-updated",
        identity_update,
        "Wss is the identity: the new network never forgets, whatever the RNN-B's own state weights are.",
        "start, np.eye(k), feed, out",
    ),
    Construction(
        "state-never-updated",
        identity_update_no_start,
        "Wss is the identity and s0 is thrown away: the RNN-B's own state weights play no part.",
        "np.zeros(k), np.eye(k), feed, out",
    ),
    Construction(
        "no-recurrence",
        no_recurrence,
        "The weights from the previous state to the new one are lost: nothing is remembered.",
        "start, np.zeros((k, k)), feed, out",
    ),
    Construction(
        "input-not-fed-to-state",
        no_input_to_state,
        "The input reaches the copy only, not the old state: the weights from input to state are lost.",
        "start, keep, feed_copy, out",
    ),
    Construction(
        "state-one-step-late",
        state_late,
        "The old state is fed from the copy of the input, which by then is one step old.",
        "start, np.vstack([np.hstack([A, B]), np.zeros((m, k))]), feed_copy, out",
    ),
    Construction(
        "blocks-swapped",
        blocks_swapped,
        "State and input are stacked in one order in the new state, in the other in the output weights.",
        "np.r_[np.zeros(m), s0], np.block([[N, Z], [O, A]]), np.vstack([I, B]), out",
    ),
    Construction(
        "blocks-swapped",
        output_blocks_swapped,
        "State and input are stacked in one order in the new state, in the other in the output weights.",
        "start, keep, feed, np.hstack([D, C])",
    ),
    Construction(
        "state-weights-transposed",
        transposed_state,
        "The weights from state to state are transposed.",
        "start, np.block([[A.T, O], [Z, N]]), feed, out",
        needs_two_states=True,
    ),
    Construction(
        "direct-path-counted-twice",
        direct_path_twice,
        "The path from x_t straight to the output is counted twice.",
        "start, keep, feed, np.hstack([C, 2 * D])",
    ),
)
