"""Mistaken ways to turn an RNN-B into an RNN-A, each as the behaviour it gives."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from grader.model.mistake import Mistake
from reference.elimination import multiplied
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


class Construction(NamedTuple):
    """What a mistaken construction makes of a network.

    Args:
        behaves: From an RNN-B to a system that behaves as the mistaken RNN-A does.
        needs_two_states: Whether it does no harm to any network of one state.
    """

    behaves: Callable[[LinearSystem], LinearSystem]
    needs_two_states: bool = False


def _unit(size: int) -> Matrix:
    return tuple(tuple(Fraction(i == j) for j in range(size)) for i in range(size))


def _none(size: int) -> Row:
    return (Fraction(0),) * size


def _stacked(system: LinearSystem, copy: Matrix) -> LinearSystem:
    """State [s; c], where c is a copy of the input that is multiplied by `copy` from step to step."""
    n, m = system.n_states, system.n_inputs
    return LinearSystem(
        A=(*((*row, *_none(m)) for row in system.A), *((*_none(n), *row) for row in copy)),
        B=(*system.B, *_unit(m)),
        C=_beside(system.C, system.D),
        D=zeros(system.n_outputs, m),
        s0=(*system.s0, *_none(m)),
    )


def _beside(left: Matrix, right: Matrix) -> Matrix:
    return tuple((*row, *more) for row, more in zip(left, right, strict=True))


def no_direct_path(system: LinearSystem) -> LinearSystem:
    """D = 0."""
    return system._replace(D=zeros(system.n_outputs, system.n_inputs))


def no_start(system: LinearSystem) -> LinearSystem:
    """s0 = 0."""
    return system._replace(s0=_none(system.n_states))


def start_advanced(system: LinearSystem) -> LinearSystem:
    """s0 = A s0."""
    (moved,) = zip(*multiplied(system.A, tuple((value,) for value in system.s0)), strict=True)
    return system._replace(s0=moved)


def never_cleared(system: LinearSystem) -> LinearSystem:
    """The copy of the input adds up."""
    return _stacked(system, _unit(system.n_inputs))


def identity_update(system: LinearSystem) -> LinearSystem:
    """Wss = I: nothing is ever forgotten, and A is lost; s0 is kept."""
    return never_cleared(system._replace(A=_unit(system.n_states)))


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
    stacked = _stacked(system, zeros(m, m))
    return stacked._replace(A=(*_beside(system.A, system.B), *zeros(m, n + m)), B=(*zeros(n, m), *_unit(m)))


def blocks_swapped(system: LinearSystem) -> LinearSystem:
    """The state is [x; s] while the output's columns stay [s; x]."""
    n, m = system.n_states, system.n_inputs
    return _stacked(system, zeros(m, m))._replace(
        A=(*zeros(m, m + n), *((*_none(m), *row) for row in system.A)),
        B=(*_unit(m), *system.B),
        s0=(*_none(m), *system.s0),
    )


def output_blocks_swapped(system: LinearSystem) -> LinearSystem:
    """The output's columns are [x; s] while the state stays [s; x]."""
    stacked = _stacked(system, zeros(system.n_inputs, system.n_inputs))
    return stacked._replace(C=_beside(system.D, system.C))


def transposed_state(system: LinearSystem) -> LinearSystem:
    """A transposed."""
    return system._replace(A=tuple(zip(*system.A, strict=True)))


def direct_path_twice(system: LinearSystem) -> LinearSystem:
    """2 D."""
    return system._replace(D=tuple(tuple(2 * value for value in row) for row in system.D))


CONSTRUCTIONS: tuple[Mistake[Construction], ...] = (
    Mistake(
        "direct-path-dropped",
        "The output of the RNN-B also sees x_t itself; in your RNN-A that path is lost.",
        Construction(no_direct_path),
        shown_by="s0, A, B, C",
    ),
    Mistake(
        "start-state-dropped",
        "The start state s0 is thrown away: your network always starts from zero.",
        Construction(no_start),
        shown_by="np.zeros(k), keep, feed, out",
    ),
    Mistake(
        "start-state-advanced",
        "The start state is one step ahead: s0 has been through the state weights once before x_1 comes in.",
        Construction(start_advanced),
        shown_by="np.r_[A @ s0, np.zeros(m)], keep, feed, out",
    ),
    Mistake(
        "copy-never-cleared",
        "The copy of the input adds up instead of being replaced at every step.",
        Construction(never_cleared),
        shown_by="start, keep + np.diag([0] * n + [1] * m), feed, out",
    ),
    Mistake(
        "state-never-updated",
        "Wss is the identity: the new network never forgets, whatever the RNN-B's own state weights are.",
        Construction(identity_update),
        shown_by="start, np.eye(k), feed, out",
    ),
    Mistake(
        "state-never-updated",
        "Wss is the identity and s0 is thrown away: the RNN-B's own state weights play no part.",
        Construction(identity_update_no_start),
        shown_by="np.zeros(k), np.eye(k), feed, out",
    ),
    Mistake(
        "no-recurrence",
        "The weights from the previous state to the new one are lost: nothing is remembered.",
        Construction(no_recurrence),
        shown_by="start, np.zeros((k, k)), feed, out",
    ),
    Mistake(
        "input-not-fed-to-state",
        "The input reaches the copy only, not the old state: the weights from input to state are lost.",
        Construction(no_input_to_state),
        shown_by="start, keep, feed_copy, out",
    ),
    Mistake(
        "state-one-step-late",
        "The old state is fed from the copy of the input, which by then is one step old.",
        Construction(state_late),
        shown_by="start, np.vstack([np.hstack([A, B]), np.zeros((m, k))]), feed_copy, out",
    ),
    Mistake(
        "blocks-swapped",
        "State and input are stacked in one order in the new state, in the other in the output weights.",
        Construction(blocks_swapped),
        shown_by="np.r_[np.zeros(m), s0], np.block([[N, Z], [O, A]]), np.vstack([I, B]), out",
    ),
    Mistake(
        "blocks-swapped",
        "State and input are stacked in one order in the new state, in the other in the output weights.",
        Construction(output_blocks_swapped),
        shown_by="start, keep, feed, np.hstack([D, C])",
    ),
    Mistake(
        "state-weights-transposed",
        "The weights from state to state are transposed.",
        Construction(transposed_state, needs_two_states=True),
        shown_by="start, np.block([[A.T, O], [Z, N]]), feed, out",
    ),
    Mistake(
        "direct-path-counted-twice",
        "The path from x_t straight to the output is counted twice.",
        Construction(direct_path_twice),
        shown_by="start, keep, feed, np.hstack([C, 2 * D])",
    ),
)
