"""When two linear systems are the same function of their inputs, for all inputs of all lengths.

Theorem. Two systems with n1 and n2 states give the same outputs for all inputs of all lengths if and only
if M_k = M'_k for k = 0..N and r_t = r'_t for t = 1..N, with N = n1 + n2.

Why: M_k (k >= 1) and r_t (t >= 1) of the difference system satisfy the recurrence of the characteristic
polynomial of diag(A, A') (Cayley-Hamilton), of order N, so N leading zeros make all zero; M_0 is apart,
because D enters there alone. The inputs e_j, 0, 0, ... and 0, 0, ... show that all of it is needed. k < N
would be one too few: see `test_the_bound_is_tight`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from reference.linear_system import (
    LinearSystem,
    Matrix,
    Row,
    Whole,
    initial_response,
    markov,
    simulate,
    whole_responses,
)


class Place(NamedTuple):
    """Where a number that decides a system stands: an entry of some M_k or r_t.

    Args:
        step: t, from 1.
        cause: 0 for the initial state (the entry is r_t), j for input j in step 1 (it is M_{t-1}).
        row: The output, from 0.
    """

    step: int
    cause: int
    row: int


class Counterexample(NamedTuple):
    """An input on which two systems differ at the last step.

    No shorter input separates them, and none of this length with fewer non-zero entries.

    Args:
        inputs: (T, m), all zero but perhaps one 1 in the first step.
        got: (T, p) outputs of the first system.
        wanted: (T, p) outputs of the second.
        row: The output that differs, from 0.
    """

    inputs: Matrix
    got: Matrix
    wanted: Matrix
    row: int


def markov_entries(system: LinearSystem, steps: int) -> dict[Place, Fraction]:
    """Each output at steps 1..steps as a response to the initial state and to a 1 on each input in step 1."""
    entries = {}
    responses = initial_response(system, steps)
    for k, M_k in enumerate(markov(system, steps - 1)):
        for row, (r_t, by_input) in enumerate(zip(responses[k], M_k, strict=True)):
            for cause, value in enumerate((r_t, *by_input)):
                entries[Place(k + 1, cause, row)] = value
    return entries


def deciding_steps(system: LinearSystem, target: LinearSystem) -> int:
    """Steps after which two systems that agreed agree for ever: N + 1, since M_N is seen at step N + 1."""
    return system.n_states + target.n_states + 1


def differences(system: LinearSystem, target: LinearSystem) -> frozenset[Place]:
    """All places within the bound of the theorem where the two differ; none means equal for ever.

    Exact, without rounding: answers are decided in `grader.linear.decision`.
    """
    steps = deciding_steps(system, target)
    wanted = markov_entries(target, steps)
    return frozenset(
        place for place, value in markov_entries(system, steps).items() if value != wanted[place]
    )


def is_same(system: LinearSystem, target: LinearSystem) -> bool:
    """Whether `differences` finds none; sooner where some do, since most differ within two steps."""
    steps = zip(
        whole_responses(system), whole_responses(target), range(deciding_steps(system, target)), strict=False
    )
    return all(_is_equal(M, N) and _is_equal(r, q) for (M, r), (N, q), _ in steps)


def _is_equal(left: Whole, right: Whole) -> bool:
    (over, numerators), (over_right, others) = left, right
    return all(
        value * over_right == other * over
        for row, row_right in zip(numerators, others, strict=True)
        for value, other in zip(row, row_right, strict=True)
    )


def shortest_counterexample(system: LinearSystem, target: LinearSystem, place: Place) -> Counterexample:
    """The input that shows a difference between two systems at the given place.

    The smallest place (by step, then the initial state before inputs) gives the shortest, then simplest one.
    """
    first: Row = tuple(Fraction(int(j == place.cause)) for j in range(1, target.n_inputs + 1))
    silence: Row = (Fraction(0),) * target.n_inputs
    inputs = (first, *[silence] * (place.step - 1))
    return Counterexample(inputs, simulate(system, inputs), simulate(target, inputs), place.row)
