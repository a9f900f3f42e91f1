"""Throw made-up strings at the formula reader: it must read them or say why not, at once.

Run as `python benchmarks/fuzz_formulas.py [COUNT]`; the suite does the same with a small count.
"""

from __future__ import annotations

import random
import sys
import time
import tracemalloc
from collections import Counter
from typing import NamedTuple

from grader.errors import Unreadable
from grader.formula.condition import parse_condition
from grader.formula.names import Names
from grader.formula.parse import parse_formula

NAMES = Names(("w", "x1", "x2", "n_in", "a"), (("W", "w"),))
WORDS = """
w x1 x_1 x[1] x(2) n_in nin a W tanh sigmoid σ exp log ln sqrt sech cosh e π λ 1 2 0 3.5 .5 1e3 1e-400
999999999999 9999999999999 0.3333333333333333 + - * / ^ ** ( ) [ ] { } | , ; = == < <= > >= != in and or
− · × ² ³ ⁻¹ ₁ ' " \\ $ # @ ! ? : . _ __import__ lambda eval( os.system tanh^2( 中 𝟙
"""
PIECES = (*WORDS.split(), " ", "\n", "\t", "\0", "\u202e", "\ud800")
SAMPLES = (
    "w^2*x1 + w*x2 + x2",
    "x1*(1 - tanh(w*x1)^2)",
    "n_in*(n_in + 1)",
    "-1 < a < 1",
    "tanh(w*tanh(w*x1))",
)
REPEATED = (
    "(",
    "-",
    "2^",
    "w+",
    "w*",
    "tanh(",
    "|",
    "1/",
    "a<",
    "(a<1) and ",
    "9",
    "w^(",
    "[",
    "x1",
    "+-",
    "²",
)
LONGEST = 100_000
LIMIT_S = 0.05


class Figures(NamedTuple):
    """The figures of a run.

    Args:
        count: Strings read, each as a formula and as a condition.
        read: How many were formulas or conditions.
        codes: How often each reason was given.
        slowest_s: CPU seconds of the slowest of the last three fifths.
        slowest: That string's beginning.
        grown_kib: Memory that stayed taken between a tenth and two fifths of them.
    """

    count: int
    read: int
    codes: Counter[str]
    slowest_s: float
    slowest: str
    grown_kib: float


def made_up(rng: random.Random) -> str:
    """One string: pieces of the language, a changed sample, one piece over and over, or anything."""
    match rng.randrange(5):
        case 0:
            return "".join(rng.choices(PIECES, k=rng.randrange(1, 60)))
        case 1:
            letters = list(rng.choice(SAMPLES))
            for _ in range(rng.randrange(1, 4)):
                letters[rng.randrange(len(letters))] = rng.choice(PIECES)
            return "".join(letters)
        case 2:
            length = rng.choice((20, 100, 390, 1000, LONGEST))
            piece = rng.choice(REPEATED)
            return (piece * (length // len(piece) + 1))[:length]
        case 3:
            return formula(rng, rng.randrange(1, 6))
    length = rng.choice((1, 10, 100, 400, LONGEST if rng.random() < 0.02 else 50))
    return "".join(map(chr, rng.choices(range(0x3000), k=min(length, 1000)))) * (length // 1000 or 1)


def formula(rng: random.Random, depth: int) -> str:
    """A formula that can be read, unless it is too large."""
    if depth == 0:
        return rng.choice(("w", "x1", "x_2", "n_in", "a", "2", "0", "1/3", "0.5"))
    inner = [formula(rng, depth - 1) for _ in range(rng.randrange(1, 4))]
    match rng.randrange(4):
        case 0:
            return f"{rng.choice(('tanh', 'sigmoid', 'exp', 'log', 'sqrt', 'cosh', 'abs'))}({inner[0]})"
        case 1:
            return f"({inner[0]})^{rng.choice(('2', '-1', '3', '(1/2)', '17', '64', 'w'))}"
        case 2:
            return f"({rng.choice('+-').join(inner)})"
    return rng.choice("*/").join(f"({part})" for part in inner)


def fuzz(count: int, seed: int = 0) -> Figures:
    """Read so many strings; anything but a formula, a condition or `Unreadable` is raised."""
    rng = random.Random(seed)
    codes: Counter[str] = Counter()
    read, slowest_s, slowest, start_bytes, grown = 0, 0.0, "", 0, 0
    tracemalloc.start()
    for number in range(count):
        text = made_up(rng)
        for parse in (parse_formula, parse_condition):
            started = time.process_time()
            try:
                parse(text, NAMES)
                read += 1
            except Unreadable as error:
                codes[error.code] += 1
            took = time.process_time() - started
            if took > slowest_s and not tracemalloc.is_tracing():
                slowest_s, slowest = took, text[:80]
        if number == count // 10:
            start_bytes = tracemalloc.get_traced_memory()[0]
        # What traces memory makes all else three times as slow.
        if number == count * 2 // 5:
            grown = tracemalloc.get_traced_memory()[0] - start_bytes
            tracemalloc.stop()
    return Figures(count, read, codes, slowest_s, slowest, grown / 1024)


def main() -> None:
    """Print the figures."""
    figures = fuzz(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    print(f"{figures.count} strings, each as formula and as condition; {figures.read} were one")
    print(f"slowest {figures.slowest_s * 1e3:.1f} ms CPU: {figures.slowest!r}")
    print(f"memory grown by {figures.grown_kib:.0f} KiB between a tenth and two fifths of them")
    for code, number in figures.codes.most_common():
        print(f"{number:9} {code}")


if __name__ == "__main__":
    main()
