"""Random sequences against the grader: right ones are never explained away, wrong ones never proved right.

    python benchmarks/soundness.py [COUNT]

Right answers are worked in 30-digit arithmetic, in full or rounded to the asked places on the way, and handed
in with more or fewer digits and in several forms. Wrong ones have one step far from the right value, or are
what a known mistake gives where it shows.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

import mpmath
import numpy as np

from grader.kinds.trace import KIND
from grader.kinds.trace.diagnose import diagnose, variants_of
from grader.kinds.trace.question import TraceParams
from grader.model.kind import Answer
from grader.model.outcome import Verdict
from grader.model.value import Array, Items, Number, Text, Value
from grader.networks.library import library_network

QUESTIONS = 200
SEED = 20_000


def random_question(rng: np.random.Generator) -> TraceParams:
    """A network of random size with one-decimal weights."""
    cell = rng.choice(["elman", "jordan"])
    T, n_in, n_h, n_out = rng.integers(2, 6), rng.integers(1, 4), rng.integers(1, 4), rng.integers(1, 3)

    def draw(*shape: int) -> tuple[tuple[float, ...], ...]:
        return tuple(map(tuple, (rng.integers(-20, 21, shape) / 10).tolist()))

    return TraceParams(
        network=library_network(f"library/{cell}").network,
        places=int(rng.integers(2, 5)),
        values={
            "x": draw(T, n_in),
            "U": draw(n_in, n_h),
            "W": draw(n_h if cell == "elman" else n_out, n_h),
            "V": draw(n_h, n_out),
            "b": draw(1, n_h)[0],
            "c": draw(1, n_out)[0],
        },
    )


def worked_by_hand(q: TraceParams, rounded: tuple[bool, bool]) -> tuple[np.ndarray, np.ndarray]:
    """H and y sum by sum in 30 digits; h and the fed-back y rounded to the asked places or not."""

    def rounded_values(values: list[mpmath.mpf], is_rounded: bool) -> list[mpmath.mpf]:
        return [mpmath.nint(v * 10**q.places) / 10**q.places for v in values] if is_rounded else values

    xs, U, W, V, b, c = (q.values[name] for name in "xUWVbc")
    is_elman = "h(t-1)" in q.network.equations[0]
    with mpmath.workdps(30):
        back, hs, ys = [mpmath.mpf(0)] * len(W), [], []
        for x in xs:
            u = [
                b[j]
                + sum(mpmath.mpf(x[i]) * U[i][j] for i in range(len(x)))
                + sum(back[i] * W[i][j] for i in range(len(back)))
                for j in range(len(b))
            ]
            h = rounded_values([mpmath.tanh(v) for v in u], rounded[0])
            v = [c[k] + sum(h[j] * V[j][k] for j in range(len(h))) for k in range(len(c))]
            y = [1 / (1 + mpmath.exp(-w)) for w in v]
            back = h if is_elman else rounded_values(y, rounded[1])
            hs.append(list(map(float, h)))
            ys.append(list(map(float, y)))
    return np.array(hs), np.array(ys)


def as_handed_in(values: np.ndarray, digits: int, form: int) -> Value:
    """Numbers, text or an array, to so many digits."""
    values = np.round(values, digits)
    if form == 0:
        return Array("<f8", values.shape, np.ascontiguousarray(values, dtype="<f8").tobytes())
    write = (lambda v: Text(f"{v:.{digits}f}")) if form == 1 else (lambda v: Number(repr(float(v)), "float"))
    return Items(tuple(Items(tuple(map(write, row))) for row in values))


def main(count: int) -> None:
    """Run both halves and print what came of them."""
    rng = np.random.default_rng(SEED)
    questions = [random_question(rng) for _ in range(QUESTIONS)]
    paths = [[worked_by_hand(q, (a, b)) for a, b in ((0, 0), (1, 0), (0, 1), (1, 1))] for q in questions]
    start = time.process_time()
    right: Counter[str] = Counter()
    for n in range(count):
        k = n * QUESTIONS // count  # question by question: each one's table is worked once
        q, (h, y) = questions[k], paths[k][rng.integers(4)]
        digits, form = q.places + int(rng.integers(0, 4)), int(rng.integers(3))
        fields = {"y": as_handed_in(y, digits, form)}
        if rng.integers(2):
            fields["h"] = as_handed_in(h, digits, form)
        answer = Answer(fields=fields)
        judgement = KIND.judge(q, answer)
        outcome = judgement.outcome
        right[outcome.verdict.value] += 1
        right["diagnosed"] += bool(
            outcome.verdict is not Verdict.CORRECT and diagnose(q, judgement.facts).diagnoses
        )
        right["flagged"] += any(one.audience == "staff" for one in outcome.feedback)
    print(f"{count} right: {dict(right)}, {1e3 * (time.process_time() - start) / count:.2f} ms each")

    start = time.process_time()
    wrong: Counter[str] = Counter()
    for n in range(count):
        k = n * QUESTIONS // count  # question by question: each one's table is worked once
        q, (h, y) = questions[k], paths[k][0]
        fields, is_known = {}, bool(rng.integers(2))
        if not is_known:
            y, h = y.copy(), h.copy()
            t = rng.integers(len(y))
            away = np.sign(0.5 - y[t]) * rng.uniform(0.25, 0.5, y[t].shape)
            y[t] += away
            if rng.integers(2):
                h[t] = rng.uniform(-1, 1, h[t].shape)
                fields["h"] = as_handed_in(h, q.places, 2)
        else:
            table = variants_of(q, int(rng.integers(1, 3)))
            given = table.values["y"][rng.integers(len(table.combinations)), 0]
            if np.abs(given - y).max() < 0.2:
                continue
            y = given
        answer = Answer(fields=fields | {"y": as_handed_in(y, q.places, 2)})
        judgement = KIND.judge(q, answer)
        outcome = judgement.outcome
        wrong[outcome.verdict.value] += 1
        wrong["proved right"] += outcome.verdict is Verdict.CORRECT
        found = diagnose(q, judgement.facts)
        kind = "a known mistake" if is_known else "a far step"
        wrong[kind] += 1
        wrong[f"{kind}, diagnosed"] += bool(found.diagnoses)
    print(f"wrong: {dict(wrong)}, {1e3 * (time.process_time() - start) / count:.2f} ms each")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
