"""Honest hand traces of gated networks against the grader: right ones are right, far ones are not.

    python benchmarks/hand_traces.py [COUNT]

Nine questions, worked in plain loops. In an honest trace each variable is kept to 2, 3 or 4 places or in
full, as its student likes, halves rounded up, to the even digit, or as floats fall; what is handed in has two
places, alone or with all intermediate values. A wrong one has one entry off by more than two units of the
last place.
"""

from __future__ import annotations

import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
import numpy as np

from grader.kinds.trace import KIND
from grader.kinds.trace.question import TraceParams, expected
from grader.model.kind import Answer
from grader.model.value import Items, Number, Value
from grader.networks.library import library_network

SEED = 4
PLACES = 2
FULL = 99
Row = list[float]
Keep = Callable[[str, Row], Row]


def sig(u: float) -> float:
    """1 / (1 + exp(-u))."""
    return 1 / (1 + math.exp(-u))


def affine(p: Mapping[str, Any], gate: str, x: Row, h: Row) -> Row:
    """W x + U h + b of one gate, sum by sum."""
    W, U, b = p[f"W{gate}"], p[f"U{gate}"], p[f"b{gate}"]
    return [
        b[k] + sum(W[k][i] * x[i] for i in range(len(x))) + sum(U[k][i] * h[i] for i in range(len(h)))
        for k in range(len(b))
    ]


def gru(p: Mapping[str, Any], keep: Keep) -> dict[str, list[Row]]:
    """Reset gate before the product."""
    n, out = len(p["bz"]), {name: [] for name in "zrnh"}
    h = [0.0] * n
    for x in p["x"]:
        z = keep("z", [sig(u) for u in affine(p, "z", x, h)])
        r = keep("r", [sig(u) for u in affine(p, "r", x, h)])
        c = keep("n", [math.tanh(u) for u in affine(p, "n", x, [r[k] * h[k] for k in range(n)])])
        h = keep("h", [(1 - z[k]) * c[k] + z[k] * h[k] for k in range(n)])
        for name, row in zip("zrnh", (z, r, c, h), strict=True):
            out[name].append(row)
    return out


def gru_after(p: Mapping[str, Any], keep: Keep) -> dict[str, list[Row]]:
    """Reset gate after the product."""
    n, out = len(p["bz"]), {name: [] for name in "zrnh"}
    h = [0.0] * n
    for x in p["x"]:
        z = keep("z", [sig(u) for u in affine(p, "z", x, h)])
        r = keep("r", [sig(u) for u in affine(p, "r", x, h)])
        back = [p["bh"][k] + sum(p["Un"][k][i] * h[i] for i in range(n)) for k in range(n)]
        into = [p["bn"][k] + sum(p["Wn"][k][i] * x[i] for i in range(len(x))) for k in range(n)]
        c = keep("n", [math.tanh(into[k] + r[k] * back[k]) for k in range(n)])
        h = keep("h", [(1 - z[k]) * c[k] + z[k] * h[k] for k in range(n)])
        for name, row in zip("zrnh", (z, r, c, h), strict=True):
            out[name].append(row)
    return out


def lstm(p: Mapping[str, Any], keep: Keep) -> dict[str, list[Row]]:
    """With peepholes where there are weights for them."""
    n, out = len(p["bi"]), {name: [] for name in "ifogch"}
    zero = [0.0] * n
    h = c = zero
    peep = [p.get(f"p{gate}", zero) for gate in "ifo"]
    for x in p["x"]:
        u = {gate: affine(p, gate, x, h) for gate in "ifog"}
        i = keep("i", [sig(u["i"][k] + peep[0][k] * c[k]) for k in range(n)])
        f = keep("f", [sig(u["f"][k] + peep[1][k] * c[k]) for k in range(n)])
        g = keep("g", [math.tanh(u["g"][k]) for k in range(n)])
        c = keep("c", [f[k] * c[k] + i[k] * g[k] for k in range(n)])
        o = keep("o", [sig(u["o"][k] + peep[2][k] * c[k]) for k in range(n)])
        h = keep("h", [o[k] * math.tanh(c[k]) for k in range(n)])
        for name, row in zip("ifogch", (i, f, o, g, c, h), strict=True):
            out[name].append(row)
    return out


def leaky(p: Mapping[str, Any], keep: Keep) -> dict[str, list[Row]]:
    """Leaky units with a linear output of units and inputs."""
    n, out = len(p["b"]), {"h": [], "y": []}
    h = [0.0] * n
    for x in p["x"]:
        u = [
            p["b"][k]
            + sum(p["Win"][k][i] * x[i] for i in range(len(x)))
            + sum(p["W"][k][i] * h[i] for i in range(n))
            for k in range(n)
        ]
        h = keep("h", [(1 - p["a"]) * h[k] + p["a"] * math.tanh(u[k]) for k in range(n)])
        both = [*h, *x]
        out["h"].append(h)
        out["y"].append(keep("y", [sum(w * v for w, v in zip(row, both, strict=True)) for row in p["V"]]))
    return out


# Network, how it is worked, what is asked, steps, inputs and units.
QUESTIONS: tuple[tuple[str, Any, tuple[str, ...], int, int, int], ...] = (
    ("gru", gru, ("h",), 3, 2, 2),
    ("gru", gru, ("h",), 5, 1, 1),
    ("gru-reset-after", gru_after, ("h",), 4, 2, 2),
    ("lstm", lstm, ("h",), 3, 2, 2),
    ("lstm", lstm, ("c", "h"), 5, 1, 1),
    ("lstm", lstm, ("h", "c"), 4, 3, 2),
    ("lstm-peephole", lstm, ("h",), 4, 2, 2),
    ("lstm-peephole", lstm, ("h", "c"), 3, 1, 1),
    ("leaky", leaky, ("y",), 4, 2, 2),
)


def question(name: str, asked: tuple[str, ...], T: int, n_in: int, n_h: int, seed: int) -> TraceParams:
    """With one-decimal weights, as on a sheet."""
    rng = np.random.default_rng(seed)
    table = library_network(f"library/{name}").network
    sizes = {"n_in": n_in, "n_h": n_h, "n_out": 1, "n_h + n_in": n_h + n_in}

    def draw(shape: str) -> Any:
        axes = [] if shape == "number" else [sizes[size] for size in shape.split(" x ")]
        return (rng.integers(-15, 16, axes) / 10).tolist()

    values = {one: draw(shape) for one, shape in table.parameters.items()}
    if "a" in values:
        values["a"] = 0.3
    values["x"] = (rng.integers(-4, 5, (T, n_in)) / 2).tolist()
    return msgspec.convert({"network": table, "values": values, "asked": asked}, TraceParams)


def keeping(rng: np.random.Generator, names: list[str]) -> Keep:
    """How a student rounds: so many places for each variable, and one way with halves."""
    places = {name: int(rng.choice([2, 3, 4, FULL])) for name in names}
    halves = rng.choice(["up", "even", "float"])

    def keep(name: str, row: Row) -> Row:
        return row if places[name] == FULL else [rounded(v, places[name], str(halves)) for v in row]

    return keep


def rounded(value: float, places: int, halves: str) -> float:
    """To so many places, halves away from zero, to the even digit, or as the float falls."""
    if halves == "float":
        return round(value, places)
    way = ROUND_HALF_UP if halves == "up" else ROUND_HALF_EVEN
    return float(Decimal(repr(round(value, 12))).quantize(Decimal(1).scaleb(-places), way))


def plain(rows: Any) -> Value:
    """Nested lists of numbers as the plain value that a sandbox gives back."""
    if isinstance(rows, list):
        return Items(tuple(map(plain, rows)))
    return Number(repr(float(rows)), "float")


def as_handed_in(worked: Mapping[str, list[Row]], names: tuple[str, ...], halves: str) -> dict[str, Any]:
    """To two places."""
    return {name: [[rounded(v, PLACES, halves) for v in row] for row in worked[name]] for name in names}


def main(count: int) -> None:
    """Print how honest traces and far ones were marked."""
    rng = np.random.default_rng(SEED)
    total: Counter[str] = Counter()
    start = time.process_time()
    for number, (name, work, asked, T, n_in, n_h) in enumerate(QUESTIONS):
        params = question(name, asked, T, n_in, n_h, seed=number)
        names = list(expected(params))
        counts: Counter[str] = Counter()
        for _ in range(count // len(QUESTIONS)):
            worked = work(params.values, keeping(rng, names))
            with_working = bool(rng.integers(2))
            fields = as_handed_in(worked, tuple(names) if with_working else asked, "up")
            outcome = KIND.judge(params, Answer(fields={k: plain(v) for k, v in fields.items()})).outcome
            counts["honest"] += 1
            counts["full marks"] += outcome.fraction == 1
            counts["by the key"] += all(
                np.abs(np.array(fields[one]) - expected(params)[one]).max() <= 0.005 + 1e-9 for one in asked
            )
            far = {key: [list(row) for row in rows] for key, rows in fields.items() if key in asked}
            one = str(rng.choice(asked))
            t, k = int(rng.integers(T)), int(rng.integers(len(far[one][0])))
            off = float(rng.uniform(2.01, 6)) * 10.0**-PLACES * float(rng.choice([-1, 1]))
            far[one][t][k] = float(expected(params)[one][t, k]) + off
            outcome = KIND.judge(params, Answer(fields={k: plain(v) for k, v in far.items()})).outcome
            row = [s for s in outcome.facts["steps"] if s["t"] == t + 1 and s.get("variable", one) == one]
            counts["far"] += 1
            counts["far entry right"] += row[0]["codes"][k] in ("right", "rounded-working")
            counts["far entry follows"] += row[0]["codes"][k] == "follows-through"
        total += counts
        print(f"{name:16s} {', '.join(asked)}: {dict(counts)}")
    print(f"all: {dict(total)}, full marks {100 * total['full marks'] / total['honest']:.2f} %")
    print(f"{1e3 * (time.process_time() - start) / (2 * total['honest']):.2f} ms each")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
