"""Credit of the linear questions' examples, found again by stepping through the networks with Fractions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

EXERCISE = Path(__file__).parents[2] / "exercises" / "mit-6390-recitation-8" / "exercise.toml"
STEPS = 12
# Above what honest rounding of these answers does to a response, below what the smallest mistake does.
SAME = Fraction(1, 100_000)
SYMBOL_VALUES = (Fraction(2, 3), Fraction(-5), Fraction(7, 2))
WANTED_STATES = {"b_i": 2, "c_ii": 2, "c_iii": None}
FLAG_CREDIT = {"b_i": Fraction(0), "c_ii": Fraction(1, 4), "c_iii": Fraction(1, 4)}

Matrix = list[list[Fraction]]


def wanted_output(question: str, inputs: Matrix) -> list[Fraction]:
    """What g_t should be, straight from the prompt."""
    total = sum((sum(x) for x in inputs), Fraction(0))
    now = inputs[-1]
    return [now[0], Fraction(0), Fraction(0), total] if question == "b_i" else [*now, total]


def exact(value: Any, symbols: dict[str, Fraction]) -> Fraction:
    if hasattr(value, "free_symbols"):
        names = sorted(value.free_symbols, key=str)
        for symbol in names:
            if str(symbol) not in symbols:
                symbols[str(symbol)] = SYMBOL_VALUES[len(symbols)]
        value = value.subs({s: str(symbols[str(s)]) for s in names})
    return Fraction(str(value))


def rows_of(value: Any, symbols: dict[str, Fraction]) -> Matrix:
    rows = value.tolist() if hasattr(value, "tolist") else value
    return [[exact(entry, symbols) for entry in row] for row in rows]


def vector_of(value: Any, symbols: dict[str, Fraction]) -> list[Fraction]:
    flat = value.ravel().tolist() if isinstance(value, np.ndarray) else list(value)
    return [exact(entry[0] if isinstance(entry, list) else entry, symbols) for entry in flat]


def times(matrix: Matrix, column: list[Fraction]) -> list[Fraction]:
    return [sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)) for row in matrix]


def outputs(fields: Mapping[str, Any], inputs: Matrix) -> Matrix:
    """Steps through the network as the exercise's introduction defines it."""
    symbols: dict[str, Fraction] = {}
    state = vector_of(fields["s0"], symbols)
    if "Wssx" in fields:
        Wssx, Wox = rows_of(fields["Wssx"], symbols), rows_of(fields["Wox"], symbols)
    else:
        Wss, Wsx, Wo = (rows_of(fields[name], symbols) for name in ("Wss", "Wsx", "Wo"))
        Wssx = [a + b for a, b in zip(Wss, Wsx, strict=True)]
        Wox = [row + [Fraction(0)] * 3 for row in Wo]
    seen = []
    for x in inputs:
        state = times(Wssx, state + x)
        seen.append(times(Wox, state + x))
    return seen


def responses(fields: Mapping[str, Any] | None, question: str) -> tuple[Matrix, list[Matrix]]:
    """Outputs without input, and what one 1 at the first step adds to them, for each input."""
    silence = [[Fraction(0)] * 3 for _ in range(STEPS)]

    def run(inputs: Matrix) -> Matrix:
        if fields is None:
            return [wanted_output(question, inputs[: t + 1]) for t in range(STEPS)]
        return outputs(fields, inputs)

    still = run(silence)
    added = []
    for i in range(3):
        knock = [[Fraction(int(i == j)) for j in range(3)], *silence[1:]]
        got = run(knock)
        added.append([[a - b for a, b in zip(g, r, strict=True)] for g, r in zip(got, still, strict=True)])
    return still, added


def agree(a: list[Fraction], b: list[Fraction]) -> bool:
    return all(abs(p - q) <= SAME for p, q in zip(a, b, strict=True))


def behaviour_share(fields: Mapping[str, Any], question: str) -> Fraction:
    """A row's share: all, or half of 0.4 (current input) + 0.4 (earlier inputs) + 0.2 (no input)."""
    still, added = responses(fields, question)
    wanted_still, wanted = responses(None, question)
    earned = weights = Fraction(0)
    for i in range(4):
        got_row = [[added[j][t][i] for j in range(3)] for t in range(STEPS)]
        want_row = [[wanted[j][t][i] for j in range(3)] for t in range(STEPS)]
        starts = [still[t][i] for t in range(STEPS)]
        is_zero_wanted = not any(any(step) for step in want_row)
        is_silent = not any(any(step) for step in got_row) and not any(starts)
        first = agree(got_row[0], want_row[0])
        later = all(agree(got_row[t], want_row[t]) for t in range(1, STEPS))
        start = agree(starts, [wanted_still[t][i] for t in range(STEPS)])
        share = Fraction(2 * first + 2 * later + start, 10)
        if first and later and start:
            share = Fraction(1)
        elif is_silent:
            share = Fraction(0)
        weight = Fraction(1, 4) if is_zero_wanted else Fraction(1)
        earned += weight * share
        weights += weight
    return earned / weights


def expected_fraction(fields: Mapping[str, Any], question: str) -> Fraction:
    share = behaviour_share(fields, question)
    n_states = np.size(np.asarray(fields["s0"], dtype=object))
    if WANTED_STATES[question] not in (None, n_states):
        share /= 2
    return FLAG_CREDIT[question] + (1 - FLAG_CREDIT[question]) * share


def fields_of(answer: str, question: str) -> Mapping[str, Any]:
    names: dict[str, Any] = {}
    exec(answer, names)
    own = names[question]
    return own if isinstance(own, dict) else vars(own)


def examples() -> list[Any]:
    found = []
    for path in sorted(EXERCISE.with_name("examples").iterdir()):
        question, answer = path.name.partition("-")[0], path.read_text(encoding="utf-8")
        says = dict(re.findall(r"^# (\w+): (.*)$", answer, re.M))
        if question in WANTED_STATES and says["verdict"] != "invalid" and "s0" in answer:
            found.append(pytest.param(question, answer, says["fraction"], id=path.stem))
    return found


# Students may well use np.matrix, and so do the examples.
@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
@pytest.mark.parametrize(("question", "answer", "fraction"), examples())
def test_credit_of_the_weights_is_what_a_simulation_gives(question: str, answer: str, fraction: str) -> None:
    assert Fraction(fraction) == expected_fraction(fields_of(answer, question), question)


def test_no_two_states_pass_on_three_inputs() -> None:
    # g_1 for the three unit inputs, as wanted: a 4 x 3 matrix of rank 3, but Wo Wsx has at most rank 2.
    columns = [wanted_output("b_ii", [[Fraction(int(i == j)) for j in range(3)]]) for i in range(3)]
    assert np.linalg.matrix_rank(np.array(columns, dtype=float).T) == 3


def test_all_ones_give_six_in_every_row() -> None:
    ones = {"s0": [1, 1], "Wss": [[1, 1]] * 2, "Wsx": [[1, 1, 1]] * 2, "Wo": [[1, 1]] * 4}
    assert outputs(ones, [[Fraction(1), Fraction(0), Fraction(0)]]) == [[6, 6, 6, 6]]
    table = tomllib.loads(EXERCISE.read_text(encoding="utf-8"))
    asked = next(question for question in table["question"] if question["id"] == "a_ii")
    assert asked["check"]["values"] == {"g1": [6, 6, 6, 6]}
