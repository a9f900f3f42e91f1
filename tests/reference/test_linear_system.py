"""The exact systems against plain floating-point networks and against brute force."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import equivalence, linear_network, linear_system, minimal_state
from reference.elimination import rank
from reference.linear_system import LinearSystem
from reference.state_map import meaning


def exact(rows):
    return tuple(tuple(Fraction(int(value)) for value in row) for row in rows)


@st.composite
def systems(draw, n_inputs=2, n_outputs=2, max_states=3):
    n = draw(st.integers(0, max_states))
    entry = st.integers(-2, 2).map(Fraction)

    def matrix(rows, columns):
        return tuple(tuple(draw(entry) for _ in range(columns)) for _ in range(rows))

    s0 = tuple(draw(entry) for _ in range(n))
    return LinearSystem(
        matrix(n, n), matrix(n, n_inputs), matrix(n_outputs, n), matrix(n_outputs, n_inputs), s0
    )


def floats(matrix, rows, columns):
    return np.array([[float(v) for v in row] for row in matrix], dtype=float).reshape(rows, columns)


@given(systems(), st.integers(0, 5), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_exact_rnn_b_does_what_the_floating_point_rnn_b_does(system, steps, random):
    n, m, p = system.n_states, system.n_inputs, system.n_outputs
    x = [[random.randint(-3, 3) for _ in range(m)] for _ in range(steps)]
    Wssx = np.hstack([floats(system.A, n, n), floats(system.B, n, m)])
    Wox = np.hstack([floats(system.C, p, n), floats(system.D, p, m)])
    s0 = np.array([float(v) for v in system.s0])
    wanted = linear_network.rnn_b(np.array(x, dtype=float).reshape(steps, m), s0, Wssx, Wox).g
    got = floats(linear_system.simulate(system, x), steps, p)
    np.testing.assert_array_equal(got, wanted)


@given(systems(), st.integers(1, 5), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_markov_parameters_and_initial_response_add_up_to_the_outputs(system, steps, random):
    x = [[random.randint(-3, 3) for _ in range(system.n_inputs)] for _ in range(steps)]
    M = linear_system.markov(system, steps - 1)
    r = linear_system.initial_response(system, steps)
    for t, g_t in enumerate(linear_system.simulate(system, x), start=1):
        for i, value in enumerate(g_t):
            past = sum(M[k][i][j] * x[t - 1 - k][j] for k in range(t) for j in range(system.n_inputs))
            assert value == r[t - 1][i] + past


def test_rnn_a_is_the_system_without_a_direct_path():
    Wss, Wsx, Wo = exact([[1, 2], [0, 1]]), exact([[1], [3]]), exact([[1, 1]])
    start = (Fraction(1), Fraction(-1))
    system = linear_system.LinearSystem(Wss, Wsx, Wo, linear_system.zeros(1, 1), start)
    x = [[2], [0], [-1]]
    wanted = linear_network.rnn_a(
        np.array(x, dtype=float),
        np.array([1.0, -1.0]),
        floats(Wss, 2, 2),
        floats(Wsx, 2, 1),
        floats(Wo, 1, 2),
    ).g
    np.testing.assert_array_equal(floats(linear_system.simulate(system, x), 3, 1), wanted)


def test_the_bound_is_tight():
    """Two RNN-B with 2 and 1 states whose M_0, M_1, M_2 agree and whose M_3 does not.

    By hand: C A^k B = -3 * 1 - 1 * (-1)^k and -1 * 2^k, with D = 3 and 0: -1, -2, -4, then -2 and -8.
    """
    first = LinearSystem(
        exact([[1, 0], [0, -1]]), exact([[-3], [-1]]), exact([[1, 1]]), exact([[3]]), (Fraction(0),) * 2
    )
    second = LinearSystem(exact([[2]]), exact([[-1]]), exact([[1]]), exact([[0]]), (Fraction(0),))
    assert not equivalence.is_same(first, second)
    found = equivalence.differences(first, second)
    assert {(place.step, place.cause) for place in found} == {(4, 1)}
    shown = equivalence.shortest_counterexample(first, second, min(found))
    assert len(shown.inputs) == 4
    assert (shown.got[-1], shown.wanted[-1]) == ((Fraction(-2),), (Fraction(-8),))


@given(systems(1, 1, 2), systems(1, 1, 2))
@settings(max_examples=300, deadline=None)
def test_equal_exactly_when_a_long_simulation_sees_no_difference(first, second):
    """The inputs e_1, 0, 0, ... and 0, 0, ... of length 12, far beyond the bound of 4, by linearity."""
    impulse, silence = [[1]] + [[0]] * 11, [[0]] * 12
    same = all(
        linear_system.simulate(first, x) == linear_system.simulate(second, x) for x in (impulse, silence)
    )
    assert bool(equivalence.differences(first, second)) is not same
    assert equivalence.is_same(first, second) is same


@given(systems(2, 2, 2), st.integers(1, 6), st.integers(0, 2), st.integers(1, 4))
@settings(max_examples=200, deadline=None)
def test_scaled_states_are_the_same_function_and_another_entry_is_not(system, factor, row, over):
    """z = f s has A, f B, C / f, D and f s0; a change of D shows in the first output."""
    scale = Fraction(factor, over)
    scaled = system._replace(
        B=tuple(tuple(value * scale for value in row) for row in system.B),
        C=tuple(tuple(value / scale for value in row) for row in system.C),
        s0=tuple(value * scale for value in system.s0),
    )
    assert equivalence.is_same(system, scaled)
    changed = tuple(
        tuple(value + (Fraction(1, 7) if i == row % 2 and j == 0 else 0) for j, value in enumerate(line))
        for i, line in enumerate(scaled.D)
    )
    assert not equivalence.is_same(system, scaled._replace(D=changed))
    if system.n_states:
        started = (scaled.s0[0] + Fraction(1, 3), *scaled.s0[1:])
        other = scaled._replace(s0=started)
        assert equivalence.is_same(system, other) is not bool(equivalence.differences(system, other))


@given(systems(2, 2, 2), systems(2, 2, 2))
@settings(max_examples=200, deadline=None)
def test_the_counterexample_replays_and_nothing_shorter_separates(first, second):
    found = equivalence.differences(first, second)
    if not found:
        return
    shown = equivalence.shortest_counterexample(first, second, min(found))
    got, wanted = (linear_system.simulate(s, shown.inputs) for s in (first, second))
    assert got[-1][shown.row] != wanted[-1][shown.row]
    assert got[:-1] == wanted[:-1]
    length = len(shown.inputs) - 1
    for column in (None, 0, 1):
        x = [[int(t == 0 and j == column) for j in range(2)] for t in range(length)]
        assert linear_system.simulate(first, x) == linear_system.simulate(second, x)


SUM_OF_ALL = [["x[1]", "x[2]", "x[3]", "sum"], ["x[1]", 0, 0, "sum"]]


def target(row_sources):
    """The sheet's target as an RNN-B with one state, the running sum; written by hand."""
    D = [[int(source == f"x[{j + 1}]") for j in range(3)] for source in row_sources]
    C = [[int(source == "sum")] for source in row_sources]
    return LinearSystem(exact([[1]]), exact([[1, 1, 1]]), exact(C), exact(D), (Fraction(0),))


@pytest.mark.parametrize(
    ("rows", "rnn_a", "rnn_b"),
    [(SUM_OF_ALL[1], 2, 1), (SUM_OF_ALL[0], 4, 1)],
    ids=["b_i", "b_ii and c_ii"],
)
def test_least_state_sizes_of_the_sheet(rows, rnn_a, rnn_b):
    """b_i by x[1] and the sum; b_ii needs x[1], x[2], x[3] and the sum apart; RNN-B stores the sum alone."""
    assert minimal_state.minimal_states(target(rows), has_direct_path=False) == rnn_a
    assert minimal_state.minimal_states(target(rows), has_direct_path=True) == rnn_b


def finite_memory(*weights):
    """y_t = weights[0] x_t + weights[1] x_{t-1} + ..., its state the last inputs."""
    n = len(weights)
    shift = [[int(i == j + 1) for j in range(n)] for i in range(n)]
    B = [[int(i == 0)] for i in range(n)]
    return LinearSystem(exact(shift), exact(B), exact([weights]), exact([[0]]), (Fraction(0),) * n)


@pytest.mark.parametrize(
    "weights", [(0, 1), (5, 1), (0, 0, 1), (1, -2, 3), (0, 1, 0, 0, 2)], ids=lambda weights: str(weights)
)
def test_direct_path_saves_no_state_of_a_finite_memory(weights):
    """Where x_t is wanted again d steps later the state holds it now, so D adds nothing that C cannot."""
    for has_direct_path in (False, True):
        assert minimal_state.minimal_states(finite_memory(*weights), has_direct_path) == len(weights)


# A sum or a decay in the first states, a delay in the last: singular and regular A, in one or two channels.
MIXED = [
    ([[1]], [[1]], [[2]]),
    ([[0]], [[1]], [[2]]),
    ([[1, 0], [0, 0]], [[1], [1]], [[1, 1]]),
    ([[0, 0], [1, 0]], [[1], [0]], [[0, 1]]),
    ([[2, 0, 0], [0, 0, 0], [0, 1, 0]], [[1], [1], [0]], [[1, 0, 3]]),
    ([[1, 0, 0], [0, 0, 0], [0, 1, 0]], [[1, 1], [0, 1], [0, 0]], [[1, 0, 0], [1, 0, 1]]),
]


@pytest.mark.parametrize(("A", "B", "C"), MIXED)
def test_direct_path_needs_the_least_rank_over_all_first_responses(A, B, C):
    """By trying M_0: the rank of every one is a state size that does it, and the least of them is needed."""
    system = LinearSystem(
        exact(A), exact(B), exact(C), exact([[7] * len(B[0])] * len(C)), (Fraction(0),) * len(A)
    )
    M = [np.array(C) @ np.linalg.matrix_power(A, k) @ np.array(B) for k in range(9)]
    p, m = M[0].shape

    def rank_with(corner):
        blocks = [np.reshape(corner, (p, m)), *M[1:]]
        return np.linalg.matrix_rank(np.block([[blocks[i + j] for j in range(4)] for i in range(4)]))

    tried = [rank_with(corner) for corner in product(range(-2, 4), repeat=p * m)]
    assert minimal_state.minimal_states(system, has_direct_path=True) == min(tried)
    if not min(tried):
        return
    found = meaning(system, has_direct_path=True)
    x = np.random.default_rng(0).integers(-3, 4, (9, m)).tolist()
    assert len(found.system.A) == min(tried)
    assert linear_system.simulate(found.system, x) == linear_system.simulate(system, x)


@given(st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_rank_is_that_of_the_largest_minor(rows):
    """By the determinants of all square parts (numpy, whole numbers small enough to be exact)."""
    from itertools import combinations

    M = np.array(rows, dtype=float)
    largest = max(
        (
            size
            for size in range(1, 4)
            for i in combinations(range(len(rows)), size)
            for j in combinations(range(3), size)
            if abs(np.linalg.det(M[np.ix_(i, j)])) > 0.5
        ),
        default=0,
    )
    assert rank(exact(rows)) == largest
