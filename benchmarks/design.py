"""Design questions: how far the search of all words goes, and what hostile weights cost.

    python benchmarks/design.py

Must hold: no answer takes longer than some seconds of CPU time, however it is made. That 300 changed networks
agree with plain loops over all words, each word shortest, is a test: tests/grader/networks/automaton.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np

from grader.errors import Unreadable
from grader.kinds.design import PARITY, SIGMOID, STEP_UNITS
from grader.kinds.design.diagnose import diagnose
from grader.kinds.design.judge import judge
from grader.kinds.design.question import DesignParams
from grader.model.kind import Answer
from grader.model.value import Items, Text, Value

RELU = {
    **PARITY,
    "network": {
        **STEP_UNITS,
        "equations": ["h(t) = relu(U @ x(t) + W @ h(t-1) + b)", "y(t) = V @ h(t) + c"],
    },
}
LONG_DIGITS = 40


def weights(n: int, number: Callable[[], Any]) -> dict[str, Any]:
    """Weights of n units, every number made anew."""
    return {
        "U": [[number()] for _ in range(n)],
        "W": [[number() for _ in range(n)] for _ in range(n)],
        "b": [number() for _ in range(n)],
        "V": [[number() for _ in range(n)]],
        "c": [number()],
    }


def with_parity(n: int, number: Callable[[], Any], step: float) -> dict[str, Any]:
    """Weights of which two units do the task, and the rest feed on everything."""
    found = weights(n, number)
    for row, threshold in enumerate((0, 1)):
        found["U"][row] = [1]
        found["W"][row] = [1, -1 if step else -2, *[0] * (n - 2)]
        found["b"][row] = -threshold - step
    # Of threshold units all are read, too weakly to matter; of rectified ones the output is the sum itself.
    found["V"] = [[1, -1 if step else -2, *["1/1000" if step else 0] * (n - 2)]]
    found["c"] = [-step / 2]
    return found


def plain(value: Any) -> Value:
    """Nested lists as an answer has them."""
    return Items(tuple(map(plain, value))) if isinstance(value, list) else Text(str(value))


def marked(params: dict[str, Any], answer: dict[str, Any]) -> str:
    """The verdict with its basis, and the CPU time of judging and of explaining."""
    question = msgspec.convert(params, DesignParams)
    start = time.process_time()
    try:
        judgement = judge(question, Answer(fields={name: plain(value) for name, value in answer.items()}))
    except Unreadable as unreadable:
        return f"invalid ({unreadable.code}), {time.process_time() - start:.2f} s"
    judged = time.process_time()
    diagnose(question, judgement.facts)
    explained = time.process_time()
    outcome, facts = judgement.outcome, judgement.outcome.facts
    basis = outcome.basis.code if outcome.basis else "undecided"
    states = facts.get("states_compared")
    return (
        f"{outcome.verdict.value}, {basis}, {states} pairs, {judged - start:.2f} + {explained - judged:.2f} s"
    )


def main() -> None:
    """Print the table."""
    rng, noise = random.Random(1), np.random.default_rng(1)

    def digits() -> str:
        return str(Fraction(rng.randrange(-(10**LONG_DIGITS), 10**LONG_DIGITS), 10**LONG_DIGITS))

    def fractions() -> str:
        return f"{rng.randrange(10**LONG_DIGITS)}/{rng.randrange(1, 10**LONG_DIGITS)}"

    def tenths() -> float:
        return rng.randint(-15, 15) / 10

    cases: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
        (f"{n} step units, random tenths beside a parity", PARITY, with_parity(n, tenths, 1))
        for n in (4, 8, 16, 24, 32, 64)
    ]
    cases += [
        ("64 step units, 40 digits each", PARITY, with_parity(64, digits, 1)),
        ("8 step units, fractions of 40 digits", PARITY, with_parity(8, fractions, 1)),
        ("64 step units, fractions of 40 digits", PARITY, with_parity(64, fractions, 1)),
        ("3 rectified units, one of which doubles", RELU, with_parity(3, lambda: 2, 0)),
        ("3 rectified units, one of which halves", RELU, with_parity(3, lambda: 0.5, 0)),
        ("64 rectified units, random", RELU, with_parity(64, tenths, 0)),
        ("64 rectified units, 40 digits each", RELU, with_parity(64, digits, 0)),
        ("3 rectified units, one times 1e100", RELU, with_parity(3, lambda: "1e100", 0)),
        ("64 sigmoid units, random", SIGMOID, weights(64, lambda: float(noise.normal()))),
        ("64 sigmoid units, random and large", SIGMOID, weights(64, lambda: 30 * float(noise.normal()))),
        ("64 sigmoid units, all zero", SIGMOID, weights(64, lambda: 0)),
    ]
    for name, params, answer in cases:
        print(f"{name:48} {marked(params, answer)}")


if __name__ == "__main__":
    main()
