"""The state map found again after a random change of basis."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reference.elimination import inverted, multiplied
from reference.linear_system import LinearSystem, simulate
from reference.state_map import meaning, state_map


def exact(rows):
    return tuple(tuple(Fraction(value) for value in row) for row in rows)


# x[1] and the sum, each in a state of its own; by hand they are outputs 1 and 4 themselves.
TARGET_A = LinearSystem(
    exact([[0, 0], [0, 1]]),
    exact([[1, 0, 0], [1, 1, 1]]),
    exact([[1, 0], [0, 0], [0, 0], [0, 1]]),
    exact([[0] * 3] * 4),
    (Fraction(0),) * 2,
)
TARGET_B = LinearSystem(
    exact([[1]]),
    exact([[1, 1, 1]]),
    exact([[0], [0], [0], [1]]),
    exact([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]]),
    (Fraction(0),),
)
# y_t = x_{t-1}: it takes the current input and the last one, both read off the future of output 1.
LATE = LinearSystem(
    exact([[0, 0], [1, 0]]), exact([[1], [0]]), exact([[0, 1]]), exact([[0]]), (Fraction(0),) * 2
)
entry = st.fractions(-3, 3, max_denominator=3)


def in_basis(system, T):
    inverse = inverted(T)
    return LinearSystem(
        multiplied(multiplied(T, system.A), inverse),
        multiplied(T, system.B),
        multiplied(system.C, inverse),
        system.D,
        tuple(row[0] for row in multiplied(T, tuple((v,) for v in system.s0))),
    )


@given(st.lists(st.lists(entry, min_size=2, max_size=2), min_size=2, max_size=2))
@settings(max_examples=100, deadline=None)
def test_the_map_undoes_a_change_of_basis(rows):
    T = exact(rows)
    assume(T[0][0] * T[1][1] != T[0][1] * T[1][0])
    found = meaning(TARGET_A, has_direct_path=False)
    assert found.places == ((0, 0), (0, 3))
    assert state_map(in_basis(TARGET_A, T), found) == inverted(T)


@given(entry)
def test_a_scaled_sum_is_scaled_back(scale):
    assume(scale)
    found = meaning(TARGET_B, has_direct_path=True)
    assert state_map(in_basis(TARGET_B, ((scale,),)), found) == ((1 / scale,),)


def test_delays_are_read_off_the_future():
    found = meaning(LATE, has_direct_path=False)
    assert found.places == ((0, 0), (1, 0))
    # Output 1 now is the state's second entry, and in one step it will be the first.
    assert state_map(LATE, found) == exact([[0, 1], [1, 0]])


def test_the_reference_does_what_the_target_does():
    x = [[1, 2, 3], [0, -1, 5], [4, 0, 0]]
    for target, direct in ((TARGET_A, False), (TARGET_B, True), (TARGET_B, False)):
        assert simulate(meaning(target, direct).system, x) == simulate(target, x)


def test_a_state_beside_that_is_never_read_has_a_map_and_one_that_is_read_has_none():
    found = meaning(TARGET_B, has_direct_path=True)
    idle = LinearSystem(
        exact([[1, 0], [5, 7]]),
        exact([[1, 1, 1], [1, 2, 3]]),
        exact([[0, 0]] * 3 + [[1, 0]]),
        TARGET_B.D,
        (Fraction(0),) * 2,
    )
    assert state_map(idle, found) == exact([[1, 0]])
    # Read but never reached: right for s0 = 0, yet no linear function of the reference's outputs.
    read = LinearSystem(
        exact([[1, 0], [0, 7]]),
        exact([[1, 1, 1], [0, 0, 0]]),
        exact([[0, 1]] * 3 + [[1, 1]]),
        TARGET_B.D,
        (Fraction(0),) * 2,
    )
    assert state_map(read, found) is None


@pytest.mark.parametrize(
    ("A", "B", "C"),
    [
        # Each breaks one of T A = A' T, T B = B', C = C' T alone; T is the last row of C.
        ([[1, 0], [0, 7]], [[1, 1, 1], [0, 0, 0]], [[0, 0]] * 3 + [[1, 1]]),
        ([[1, 0], [0, 7]], [[2, 1, 1], [0, 0, 0]], [[0, 0]] * 3 + [[1, 0]]),
        ([[1, 0], [0, 7]], [[1, 1, 1], [0, 0, 0]], [[0, 1], [0, 0], [0, 0], [1, 0]]),
    ],
)
def test_a_map_has_to_carry_over_the_step_the_input_and_the_output(A, B, C):
    found = meaning(TARGET_B, has_direct_path=True)
    network = LinearSystem(exact(A), exact(B), exact(C), TARGET_B.D, (Fraction(0),) * 2)
    assert state_map(network, found) is None


def test_what_needs_no_state_has_no_meaning():
    copy = LinearSystem((), (), ((),), exact([[1]]), ())
    assert meaning(copy, has_direct_path=True) is None


def test_a_target_without_memory_has_a_state_in_a_network_that_sees_its_input_through_one():
    """g_t = 2 x_t: the state is the output itself, and nothing of it is left a step later."""
    none = LinearSystem((), (), ((),), exact([[2, 0]]), ())
    found = meaning(none, has_direct_path=False)
    assert found is not None
    assert found.places == ((0, 0),)
    assert exact([[0]]) == found.system.A
    x = exact([[1, 5], [-3, 2], [4, 0]])
    assert simulate(found.system, x) == exact([[2], [-6], [8]])
    assert meaning(none, has_direct_path=True) is None
