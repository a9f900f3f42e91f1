"""What judging and diagnosing linear networks costs, and how often it errs, on random answers.

    python benchmarks/judging_linear.py [ANSWERS]

Right answers are the sheet's solutions in random bases, padded with idle states; wrong ones have entries
changed. Which is which is decided by stepping through the weights, a route that shares nothing with the
grader. CPU times are of one judgement with its diagnosis, expected values cached.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections import Counter
from fractions import Fraction
from typing import Any

from grader.kinds.feasibility import diagnose as diagnose_feasibility
from grader.kinds.feasibility import judge as judge_feasibility
from grader.kinds.feasibility.question import FeasibilityParams
from grader.kinds.linear_system import diagnose as diagnose_linear_system
from grader.kinds.linear_system import judge as judge_linear_system
from grader.kinds.linear_system.question import LinearSystemParams
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Finding
from grader.model.value import Items, Number, Value

ALL = ("x[1]", "x[2]", "x[3]", "cumsum(x[1] + x[2] + x[3])")
B_I = LinearSystemParams(
    structure="rnn-a", inputs=3, state_size=2, target=("x[1]", "0", "0", "cumsum(x[1] + x[2] + x[3])")
)
C_II = FeasibilityParams(structure="rnn-b", inputs=3, state_size=2, target=ALL)
C_III = FeasibilityParams(structure="rnn-a", inputs=3, target=ALL)
JUDGES: dict[str, Any] = {
    "b_i": (B_I, judge_linear_system.judge, diagnose_linear_system.diagnose),
    "c_ii": (C_II, judge_feasibility.judge, diagnose_feasibility.diagnose),
    "c_iii": (C_III, judge_feasibility.judge, diagnose_feasibility.diagnose),
}
STEPS = 12

Rows = list[list[Fraction]]
System = tuple[Rows, Rows, Rows, Rows, list[Fraction]]


def rows(numbers: list[list[int]]) -> Rows:
    """Whole numbers as exact ones."""
    return [[Fraction(number) for number in row] for row in numbers]


UNITS = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
SOLUTIONS: dict[str, tuple[Rows, Rows, Rows, Rows]] = {
    "b_i": (
        rows([[0, 0], [0, 1]]),
        rows([[1, 0, 0], [1, 1, 1]]),
        rows([[1, 0], [0, 0], [0, 0], [0, 1]]),
        rows([[0] * 3] * 4),
    ),
    "c_ii": (
        rows([[1, 0], [0, 2]]),
        rows([[1, 1, 1], [1, 0, 3]]),
        rows([[0, 0], [0, 0], [0, 0], [1, 0]]),
        rows([*UNITS, [0, 0, 0]]),
    ),
    "c_iii": (
        rows([[0] * 4, [0] * 4, [0] * 4, [0, 0, 0, 1]]),
        rows([*UNITS, [1, 1, 1]]),
        rows([[int(i == j) for j in range(4)] for i in range(4)]),
        rows([[0] * 3] * 4),
    ),
}


def product(left: Rows, right: Rows) -> Rows:
    """The product of two matrices."""
    columns = list(zip(*right, strict=True))
    return [
        [sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)) for column in columns]
        for row in left
    ]


def random_entry(rng: random.Random) -> Fraction:
    """A small fraction, 0 among them."""
    return Fraction(rng.randint(-3, 3), rng.choice([1, 1, 2, 3]))


def in_random_basis(name: str, rng: random.Random) -> System:
    """A right answer to a question."""
    A, B, C, D = SOLUTIONS[name]
    n = len(A)
    s0 = [random_entry(rng) if name == "b_i" and not i else Fraction(0) for i in range(n)]
    T = rows([[int(i == j) for j in range(n)] for i in range(n)])
    inverse = [row[:] for row in T]
    for _ in range(2 * n):
        i, j, factor = rng.randrange(n), rng.randrange(n), random_entry(rng)
        if i == j and factor:
            T[i] = [value * factor for value in T[i]]
            for row in inverse:
                row[i] /= factor
        elif i != j:
            T[i] = [a + factor * b for a, b in zip(T[i], T[j], strict=True)]
            for row in inverse:
                row[j] -= factor * row[i]
    start = [row[0] for row in product(T, [[value] for value in s0])]
    return product(product(T, A), inverse), product(T, B), product(C, inverse), [row[:] for row in D], start


def changed(system: System, name: str, rng: random.Random) -> System:
    """The system with one to four entries changed: most often wrong."""
    A, B, C, D, s0 = ([row[:] for row in part] for part in (*system[:4], [system[4]]))
    parts = [A, B, C, s0] if name != "c_ii" else [A, B, C, D, s0]
    for _ in range(rng.choice([1, 1, 2, 4])):
        row = rng.choice(rng.choice(parts))
        step = rng.choice([Fraction(1), Fraction(1, 2), Fraction(1, 100), Fraction(7), Fraction(1, 10**7)])
        row[rng.randrange(len(row))] += rng.choice([1, -1]) * step
    return A, B, C, D, s0[0]


def does_it(name: str, system: System) -> bool:
    """Whether weights do the task; by linearity, zeros and each unit impulse show every difference."""
    A, B, C, D, s0 = system
    for cause in range(4):
        state, total = s0, Fraction(0)
        for t in range(STEPS):
            x = [[Fraction(int(t == 0 and cause == j))] for j in (1, 2, 3)]
            total += sum((value for (value,) in x), Fraction(0))
            old, new = product(A, [[value] for value in state]), product(B, x)
            state = [a[0] + b[0] for a, b in zip(old, new, strict=True)]
            seen, fed = product(C, [[value] for value in state]), product(D, x)
            got = [a[0] + b[0] for a, b in zip(seen, fed, strict=True)]
            middle = [Fraction(0)] * 2 if name == "b_i" else [x[1][0], x[2][0]]
            if got != [x[0][0], *middle, total]:
                return False
    return True


def written(system: System, is_b: bool) -> dict[str, Value]:
    """The weights as a judge is given them."""
    A, B, C, D, s0 = system
    if is_b:
        parts: dict[str, Any] = {
            "s0": s0,
            "Wssx": [a + b for a, b in zip(A, B, strict=True)],
            "Wox": [c + d for c, d in zip(C, D, strict=True)],
        }
    else:
        parts = {"s0": s0, "Wss": A, "Wsx": B, "Wo": C}
    return {name: value(part) for name, part in parts.items()}


def value(part: Any) -> Value:
    """Nested lists as plain values."""
    if isinstance(part, list):
        return Items(tuple(map(value, part)))
    return Number(str(part), "rational")


def marked(name: str, fields: dict[str, Value]) -> tuple[Judgement[Any], Finding]:
    """An answer judged and, where it lost points, explained."""
    params, judge, diagnose = JUDGES[name]
    judgement: Judgement[Any] = judge(params, Answer(fields=fields))
    is_right = judgement.outcome.verdict == "correct"
    return judgement, Finding() if is_right else diagnose(params, judgement.facts)


def main() -> int:
    """Run all and print a table; the exit code is 1 if anything errs or is too slow."""
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rng = random.Random(6390)
    times: dict[str, list[float]] = {"right": [], "wrong": []}
    errors: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for number in range(2 * answers):
        name = rng.choice(sorted(JUDGES))
        system = in_random_basis(name, rng)
        if number % 2:
            system = changed(system, name, rng)
        is_right = does_it(name, system)
        fields = written(system, name == "c_ii")
        start = time.process_time()
        judgement, finding = marked(name, fields)
        times["right" if is_right else "wrong"].append(time.process_time() - start)
        found, outcome = finding.diagnoses, judgement.outcome
        params, _, diagnose = JUDGES[name]
        errors["right, refused"] += is_right and outcome.verdict != "correct"
        errors["wrong, called right"] += not is_right and outcome.verdict == "correct"
        errors["right, diagnosed"] += is_right and bool(diagnose(params, judgement.facts).diagnoses)
        counts.update(sorted({one.id for one in found}) or (["(none)"] if not is_right else []))
    for kind, taken in times.items():
        taken.sort()
        print(
            f"{kind:6} {len(taken):6} answers: mean {1000 * statistics.mean(taken):.2f} ms, "
            f"99 % under {1000 * taken[int(0.99 * len(taken))]:.2f} ms, most {1000 * taken[-1]:.2f} ms"
        )
    print("errors:", ", ".join(f"{name}: {count}" for name, count in sorted(errors.items())))
    print("diagnosed:", ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    too_slow = times["right"][int(0.99 * len(times["right"]))] > 0.005 or times["wrong"][-1] > 0.040
    return int(any(errors.values()) or too_slow)


if __name__ == "__main__":
    sys.exit(main())
