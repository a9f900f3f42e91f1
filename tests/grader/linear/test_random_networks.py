"""Right networks in other clothes are right, changed ones are refused: 800 of each, 4,000 with `-m slow`.

The verdict is checked by simulating the handed-in weights themselves, step by step and beyond the deciding
length: a route that shares nothing with the exact decision.
"""

from __future__ import annotations

import functools
import math
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.answers.arrays import from_numpy
from grader.kinds.feasibility import judge as feasibility
from grader.kinds.feasibility.question import FeasibilityParams
from grader.kinds.linear_system import judge as linear_system
from grader.kinds.linear_system.question import LinearSystemParams
from grader.model.kind import Answer
from grader.model.value import Items, Number

FEW, MANY = 200, 1000  # for each of the four questions
LONG = 14  # the networks here have at most 7 + 1 states, the targets written below 1 more
CAUSES = 4  # silence, and an impulse at each of the three inputs

B_I = LinearSystemParams(
    structure="rnn-a", inputs=3, state_size=2, target=("x[1]", "0", "0", "cumsum(x[1] + x[2] + x[3])")
)
TARGET = ("x[1]", "x[2]", "x[3]", "cumsum(x[1] + x[2] + x[3])")
C_II = FeasibilityParams(structure="rnn-b", inputs=3, state_size=2, target=TARGET)
C_III = FeasibilityParams(structure="rnn-a", inputs=3, target=TARGET)
FREE_B = LinearSystemParams(structure="rnn-b", inputs=3, target=TARGET)


def matrix(rows):
    return np.array([[Fraction(v) for v in row] for row in rows], dtype=object)


# One right answer each, written by hand: state, input to state, state to output, input to output.
SOLUTIONS = {
    "b_i": (
        matrix([[0, 0], [0, 1]]),
        matrix([[1, 0, 0], [1, 1, 1]]),
        matrix([[1, 0], [0, 0], [0, 0], [0, 1]]),
        matrix([[0] * 3] * 4),
    ),
    "c_ii": (
        matrix([[1]]),
        matrix([[1, 1, 1]]),
        matrix([[0], [0], [0], [1]]),
        matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]]),
    ),
    "c_iii": (
        matrix([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]),
        matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]),
        matrix([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]),
        matrix([[0] * 3] * 4),
    ),
}
SOLUTIONS["free_b"] = SOLUTIONS["c_ii"]
QUESTIONS = {
    "b_i": (B_I, linear_system.judge, "rnn-a", 0, 0),
    "c_ii": (C_II, feasibility.judge, "rnn-b", 1, 1),
    "c_iii": (C_III, feasibility.judge, "rnn-a", 0, 3),
    "free_b": (FREE_B, linear_system.judge, "rnn-b", 0, 3),
}


def entry(rng):
    return Fraction(rng.randint(-3, 3), rng.choice([1, 1, 2, 3]))


def block(rng, rows, columns):
    return matrix([[entry(rng) for _ in range(columns)] for _ in range(rows)]).reshape(rows, columns)


def zeros(rows, columns):
    return np.full((rows, columns), Fraction(0), dtype=object)


def padded(rng, system, junk):
    """The same behaviour with more states: read but never reached, or reached but never read."""
    A, B, C, D = system
    n = len(A)
    s0 = np.full(n, Fraction(0), dtype=object)
    J = block(rng, junk, junk)
    if rng.random() < 0.5:
        A = np.block([[A, zeros(n, junk)], [block(rng, junk, n), J]])
        B = np.vstack([B, block(rng, junk, B.shape[1])])
        C = np.hstack([C, zeros(len(C), junk)])
        s0 = np.concatenate([s0, block(rng, 1, junk)[0]])
    else:
        A = np.block([[A, block(rng, n, junk)], [zeros(junk, n), J]])
        B = np.vstack([B, zeros(junk, B.shape[1])])
        C = np.hstack([C, block(rng, len(C), junk)])
        s0 = np.concatenate([s0, np.full(junk, Fraction(0), dtype=object)])
        # D + C B must stay: the new states are never reached, so it does.
    return A, B, C, D, s0


def change_of_basis(rng, n):
    """A random invertible T with its exact inverse, as a product of elementary steps."""
    T = np.array([[Fraction(int(i == j)) for j in range(n)] for i in range(n)], dtype=object)
    inverse = T.copy()
    for _ in range(2 * n):
        i, j = rng.randrange(n), rng.randrange(n)
        factor = entry(rng)
        if i == j:
            if factor:
                T[i] = T[i] * factor
                inverse[:, i] = inverse[:, i] / factor
        else:
            T[i] = T[i] + factor * T[j]
            inverse[:, j] = inverse[:, j] - factor * inverse[:, i]
    return T, inverse


def disguised(name, rng):
    """A random right answer to a question: (A, B, C, D, s0)."""
    _, _, _, least, most = QUESTIONS[name]
    A, B, C, D, s0 = padded(rng, SOLUTIONS[name], rng.randint(least, most))
    if name == "b_i":
        s0[0] = entry(rng)  # the state of x[1] is overwritten before it is read
    T, inverse = change_of_basis(rng, len(A))
    return T.dot(A).dot(inverse), T.dot(B), C.dot(inverse), D, T.dot(s0)


def fields(structure, system, as_floats=False):
    A, B, C, D, s0 = system
    if structure == "rnn-a":
        parts = {"s0": s0, "Wss": A, "Wsx": B, "Wo": C}
    else:
        parts = {"s0": s0, "Wssx": np.hstack([A, B]), "Wox": np.hstack([C, D])}
    encode = (lambda part: from_numpy(part.astype(float))) if as_floats else encoded
    return {name: encode(part) for name, part in parts.items()}


def encoded(part):
    if part.ndim == 1:
        return Items(tuple(Number(str(v), "rational") for v in part))
    return Items(tuple(encoded(row) for row in part))


def wanted_outputs(name, x):
    total, outputs = Fraction(0), []
    for x_t in x:
        total += sum(x_t)
        rest = (Fraction(0), Fraction(0)) if name == "b_i" else (x_t[1], x_t[2])
        outputs.append((x_t[0], *rest, total))
    return outputs


def simulated(system, x):
    A, B, C, D, state = system
    outputs = []
    for x_t in x:
        state = A.dot(state) + B.dot(np.array(x_t, dtype=object))
        outputs.append(tuple(C.dot(state) + D.dot(np.array(x_t, dtype=object))))
    return outputs


def does_it(name, system):
    """By linearity silence and the unit impulses show every difference; each is run for LONG steps.

    The four runs are columns of one, and in whole numbers, which are several times as fast as fractions:
    where `scale` times every entry is whole, scale^(t + 1) times the states of step t are.
    """
    scale = math.lcm(*(entry.denominator for part in system for entry in part.flat))
    A, B, C, D, start = (np.vectorize(int, otypes=[object])(part * scale) for part in system)
    states, unit = np.outer(start, [1] * CAUSES), scale
    for step, (x, wanted) in enumerate(zip(impulses(), wanted_of_impulses(name), strict=True), 1):
        states = A.dot(states) + B.dot(x * unit)
        unit = scale ** (step + 1)
        outputs = C.dot(states) + D.dot(x * unit)
        if (outputs != wanted * unit * scale).any():
            return False
    return True


def impulses():
    """(LONG, 3, CAUSES): nothing, then 1 at one of the three inputs, in the first step only."""
    x = np.full((LONG, 3, CAUSES), 0, dtype=object)
    x[0, :, 1:] = np.eye(3, dtype=int)
    return x


@functools.cache
def wanted_of_impulses(name):
    """(LONG, 4, CAUSES): what should come out."""
    runs = [wanted_outputs(name, x) for x in impulses().transpose(2, 0, 1)]
    return np.array(runs, dtype=object).transpose(1, 2, 0)


def is_right_in_another_basis(name, seed):
    params, judge, structure, _, _ = QUESTIONS[name]
    system = disguised(name, random.Random(seed))
    assert does_it(name, system)
    outcome = judge(params, Answer(fields=fields(structure, system))).outcome
    assert (outcome.verdict, outcome.fraction, outcome.basis.code) == ("correct", 1, "proved")
    assert outcome.facts["accepted_by"] == "exact"


def is_refused_exactly_when_it_behaves_otherwise(name, seed):
    params, judge, structure, _, _ = QUESTIONS[name]
    rng = random.Random(seed)
    system = tuple(part.copy() for part in disguised(name, rng))
    parts = [part for part in system if part.size]
    if structure == "rnn-a":
        parts = [part for part in parts if part is not system[3]]  # an RNN-A has no direct path to change
    part = rng.choice(parts)
    at = tuple(rng.randrange(size) for size in part.shape)
    part[at] += rng.choice([1, -1]) * rng.choice([Fraction(1), Fraction(1, 2), Fraction(1, 100), Fraction(7)])
    outcome = judge(params, Answer(fields=fields(structure, system))).outcome
    assert (outcome.verdict == "correct") is does_it(name, system)
    if outcome.verdict != "correct":
        shown = outcome.facts["counterexample"]
        x = [tuple(Fraction(v) for v in row) for row in shown["inputs"]]
        row, got, wanted = shown["first_wrong_row"] - 1, simulated(system, x), wanted_outputs(name, x)
        assert got[-1][row] != wanted[-1][row]
        assert got[:-1] == wanted[:-1]


@pytest.mark.parametrize("name", QUESTIONS)
@given(seed=st.integers(0, 2**48))
@settings(max_examples=FEW, deadline=None)
def test_right_networks_in_other_bases_are_right(name, seed):
    is_right_in_another_basis(name, seed)


@pytest.mark.parametrize("name", QUESTIONS)
@given(seed=st.integers(0, 2**48))
@settings(max_examples=FEW, deadline=None)
def test_changed_networks_are_refused_exactly_when_they_behave_otherwise(name, seed):
    is_refused_exactly_when_it_behaves_otherwise(name, seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", QUESTIONS)
@given(seed=st.integers(0, 2**48))
@settings(max_examples=MANY, deadline=None)
def test_many_right_networks_in_other_bases_are_right(name, seed):
    is_right_in_another_basis(name, seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", QUESTIONS)
@given(seed=st.integers(0, 2**48))
@settings(max_examples=MANY, deadline=None)
def test_many_changed_networks_are_refused_exactly_when_they_behave_otherwise(name, seed):
    is_refused_exactly_when_it_behaves_otherwise(name, seed)


@pytest.mark.parametrize("name", QUESTIONS)
@given(seed=st.integers(0, 2**48))
@settings(max_examples=250, deadline=None)
def test_right_networks_written_in_floats_are_right(name, seed):
    params, judge, structure, _, _ = QUESTIONS[name]
    system = disguised(name, random.Random(seed))
    outcome = judge(params, Answer(fields=fields(structure, system, as_floats=True))).outcome
    assert outcome.verdict == "correct"


def test_a_network_that_agrees_for_three_steps_is_refused_with_four():
    """c_ii with the Fibonacci numbers 1, 1, 2 for C A^k B, k = 1, 2, 3, where 1, 1, 1 is asked.

    D supplies the 1 at k = 0, so the first difference is at k = 3, in step 4.
    """
    A = matrix([[0, 1], [1, 1]])
    B = matrix([[1, 1, 1], [0, 0, 0]])
    C = matrix([[0, 0], [0, 0], [0, 0], [0, 1]])
    D = matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
    system = (A, B, C, D, np.array([Fraction(0)] * 2, dtype=object))
    outcome = feasibility.judge(C_II, Answer(fields=fields("rnn-b", system))).outcome
    assert outcome.verdict == "partial"
    shown = outcome.facts["counterexample"]
    assert len(shown["inputs"]) == shown["first_wrong_step"] == 4
    assert shown["expected"][-1][3] == 1
    assert shown["got"][-1][3] == 2
