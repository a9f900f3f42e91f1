"""Throw made-up equations at the reader of networks: it must read them or say why not, at once.

Run as `python -m benchmarks.fuzz_equations [COUNT]`; the suite does the same with a small count.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections import Counter
from typing import NamedTuple

from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.printing import written
from grader.networks.equations.reader import Reader
from grader.networks.library import library_names, library_network

WORDS = """
x h y c a b W U t T t-1 t+1 t-17 ( ) ( ) + - * / @ ** ** 2 3 0 1 0.5 1e-3 1e99 1e400000000 .T .real , = ==
tanh( sigmoid( relu( softmax( step( max( min( mod( stack( part( sum( mean( last( first( exp( abs(
h(t-1) x(t) y(t+1) h(T) h(1) x(t-0) 1/3 -a +b not and or if else lambda: yield await := None True ... [ ] { }
' " # ; : ! ~ & | ^ % < > \\ _ __import__('os') f"{x}" 0x10 1_0 1j − × ᵀ 中
"""
PIECES = (*WORDS.split(), " ", "\n", "\t", "\0", "\u202e")
REPEATED = (
    "(",
    "-",
    "+",
    "a**",
    "tanh(",
    "W@",
    "a*",
    "max(a,",
    "x(t)+",
    "9",
    "h",
    ".T",
    "part(b,1,2)+",
    "1/",
)


class Figures(NamedTuple):
    """The figures of a run.

    Args:
        count: Networks that were tried.
        read: How many were read.
        slowest_s: CPU seconds of the slowest.
        slowest: What it was.
        changed: Equations that do not print as what they are.
        faults: How often each message came, without names.
    """

    count: int
    read: int
    slowest_s: float
    slowest: str
    changed: tuple[str, ...]
    faults: Counter[str]


def fuzz(count: int, seed: int = 0) -> Figures:
    """Try so many networks.

    Raises:
        Exception: Anything that is no `NetworkError`, from a network that breaks the reader.
    """
    rng = random.Random(seed)
    known = [library_network(name).network for name in library_names()]
    read, slowest, changed, faults = 0, (0.0, ""), [], Counter[str]()
    for _ in range(count):
        table = rng.choice(known)
        equations = list(table.equations)
        number = rng.randrange(len(equations))
        equations[number] = _made(rng, equations[number])
        start = time.process_time()
        try:
            network = network_of(
                NetworkTable(inputs=table.inputs, parameters=table.parameters, equations=tuple(equations))
            )
        except NetworkError as error:
            faults[re.sub(r"\W*\b[\w.]*\b\W*\d*", " ", error.message, count=1)] += 1
            str(error)
        else:
            read += 1
            changed += [one.text for one in network.equations if not _prints_as_itself(one, network)]
        slowest = max(slowest, (time.process_time() - start, equations[number][:200]))
    return Figures(count, read, *slowest, tuple(changed), faults)


def _prints_as_itself(equation, network) -> bool:  # type: ignore[no-untyped-def]
    text = written(equation.right_side, style="python")
    static = {*network.parameters, *(one.name for one in network.equations if one.is_static)}
    signals = {*network.inputs, *(one.name for one in network.equations if not one.is_static)}
    return Reader(text, static, signals, equation.is_static).read_all(text, 0) == equation.right_side


def _made(rng: random.Random, equation: str) -> str:
    """A changed equation, a random one, or one that repeats something very often."""
    left = "h(t) = " if rng.random() < 0.8 else ""
    start, _, right = equation.partition("= ")
    match rng.randrange(10):
        case 0:
            return left + "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 30)))
        case 1:
            return (
                left + rng.choice(REPEATED) * rng.choice((10, 59, 61, 100, 480, 5000)) + rng.choice(("b", ""))
            )
        case 2:
            return _changed(rng, equation)
        case _:
            for _ in range(rng.randint(1, 2)):
                right = _changed(rng, right)
            return f"{start}= {right}"


def _changed(rng: random.Random, text: str) -> str:
    """One piece taken out, put in, doubled, or exchanged with another."""
    pieces = re.findall(r"\w+\(t[^)]*\)|\w+|\*\*|\.T|\S|\s", text) or [""]
    at, other = rng.randrange(len(pieces)), rng.randrange(len(pieces))
    match rng.randrange(5):
        case 0:
            del pieces[at]
        case 1:
            pieces.insert(at, rng.choice(PIECES))
        case 2:
            pieces[at] = rng.choice(PIECES)
        case 3:
            pieces[at], pieces[other] = pieces[other], pieces[at]
        case _:
            low, high = sorted((at, other))
            pieces[high:high] = pieces[low:high]
    return "".join(pieces)


def main() -> None:
    """Print the figures."""
    found = fuzz(int(sys.argv[1]) if len(sys.argv) > 1 else 30_000)
    print(f"{found.count} networks: {found.read} read, {found.count - found.read} refused, no crash")
    print(f"slowest {found.slowest_s * 1e3:.1f} ms CPU: {found.slowest!r}")
    print(f"{len(found.changed)} print as something else: {found.changed[:5]}")
    print(f"{len(found.faults)} messages, the most frequent:")
    for message, times in found.faults.most_common(12):
        print(f"  {times:6} {message[:100]}")


if __name__ == "__main__":
    main()
