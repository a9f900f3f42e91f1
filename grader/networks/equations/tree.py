# mypy: ignore-errors
# ruff: noqa
"""The equation tree: nodes, walking, rebuilding, printing."""

from __future__ import annotations
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Callable, Iterator, Union


@dataclass(frozen=True)
class Constant:
    value: Fraction


@dataclass(frozen=True)
class Parameter:
    name: str


@dataclass(frozen=True)
class Signal:
    """name(t - lag).  edge: what is read before the first / after the last step: "" the start value, "hold", "wrap"."""

    name: str
    lag: int = 0
    edge: str = ""
    pick: str = ""  # "", "reversed", "first", "last-only", "first-only", "first-sequence", "first-entry" (mutants only)


@dataclass(frozen=True)
class At:
    """A signal at a fixed step: when is "T" or a whole number."""

    name: str
    when: Union[str, int]


@dataclass(frozen=True)
class Over:
    """Sum (or mean, last, first) over all steps, and over sequences, of a per-step value (static equations only)."""

    how: str
    arg: "Node"


@dataclass(frozen=True)
class Sum:
    terms: tuple  # of (sign, node)


@dataclass(frozen=True)
class Product:
    factors: tuple


@dataclass(frozen=True)
class Quotient:
    above: "Node"
    below: "Node"


@dataclass(frozen=True)
class Power:
    base: "Node"
    exponent: int


@dataclass(frozen=True)
class MatrixProduct:
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Transpose:
    arg: "Node"


@dataclass(frozen=True)
class Function:
    name: str
    args: tuple
    part: int = 0  # part(v, part, of)
    of: int = 0


@dataclass(frozen=True)
class OuterProduct:
    left: "Node"
    right: "Node"


Node = Union[
    Constant,
    Parameter,
    Signal,
    At,
    Over,
    Sum,
    Product,
    Quotient,
    Power,
    MatrixProduct,
    Transpose,
    Function,
    OuterProduct,
]


def children(n) -> tuple:
    match n:
        case Sum():
            return tuple(x for _, x in n.terms)
        case Product():
            return n.factors
        case Quotient():
            return (n.above, n.below)
        case Power():
            return (n.base,)
        case MatrixProduct() | OuterProduct():
            return (n.left, n.right)
        case Transpose() | Over():
            return (n.arg,)
        case Function():
            return n.args
    return ()


def with_children(n, ch):
    match n:
        case Sum():
            return Sum(tuple((s, c) for (s, _), c in zip(n.terms, ch)))
        case Product():
            return Product(tuple(ch))
        case Quotient():
            return Quotient(*ch)
        case Power():
            return Power(ch[0], n.exponent)
        case MatrixProduct():
            return MatrixProduct(*ch)
        case OuterProduct():
            return OuterProduct(*ch)
        case Transpose():
            return Transpose(ch[0])
        case Over():
            return Over(n.how, ch[0])
        case Function():
            return replace(n, args=tuple(ch))
    return n


def walk(n, path=()) -> Iterator:
    yield path, n
    for i, c in enumerate(children(n)):
        yield from walk(c, path + (i,))


def node_at(n, path):
    for i in path:
        n = children(n)[i]
    return n


def replaced_at(n, path, new):
    if not path:
        return new
    ch = list(children(n))
    ch[path[0]] = replaced_at(ch[path[0]], path[1:], new)
    return with_children(n, ch)


def transform(n, f: Callable):
    """Bottom-up: f on every node."""
    ch = children(n)
    if ch:
        n = with_children(n, [transform(c, f) for c in ch])
    return f(n)


def signals_of(n) -> list:
    return [x for _, x in walk(n) if isinstance(x, Signal)]


def moved(n, k):
    """The value k steps later."""
    return transform(n, lambda x: replace(x, lag=x.lag - k) if isinstance(x, Signal) else x)


ZERO, ONE, TWO = Constant(Fraction(0)), Constant(Fraction(1)), Constant(Fraction(2))


def neg(n):
    return Sum(((-1, n),))


def simplified(n):
    """Flatten sums and products, drop zeros and ones."""

    def f(x):
        if isinstance(x, Sum):
            terms = []
            for s, c in x.terms:
                if isinstance(c, Sum):
                    terms += [(s * s2, c2) for s2, c2 in c.terms]
                elif c == ZERO:
                    continue
                else:
                    terms.append((s, c))
            if not terms:
                return ZERO
            if len(terms) == 1 and terms[0][0] == 1:
                return terms[0][1]
            return Sum(tuple(terms))
        if isinstance(x, Product):
            fs = []
            sign = 1
            for c in x.factors:
                if isinstance(c, Product):
                    fs += c.factors
                elif c == ONE:
                    continue
                elif c == ZERO:
                    return ZERO
                elif isinstance(c, Sum) and len(c.terms) == 1:
                    sign *= c.terms[0][0]
                    fs.append(c.terms[0][1])
                else:
                    fs.append(c)
            out = ONE if not fs else fs[0] if len(fs) == 1 else Product(tuple(fs))
            return out if sign == 1 else Sum(((-1, out),))
        if isinstance(x, MatrixProduct):  # -U @ x is read by Python as (-U) @ x
            for side in ("left", "right"):
                c = getattr(x, side)
                if isinstance(c, Sum) and len(c.terms) == 1:
                    return Sum(((c.terms[0][0], replace(x, **{side: c.terms[0][1]})),))
        if isinstance(x, (MatrixProduct, OuterProduct)) and ZERO in (x.left, x.right):
            return ZERO
        if isinstance(x, Transpose) and isinstance(x.arg, Transpose):
            return x.arg.arg
        if isinstance(x, Over) and x.arg == ZERO:
            return ZERO
        return x

    return transform(n, f)


def step_text(lag):
    return "t" if lag == 0 else f"t-{lag}" if lag > 0 else f"t+{-lag}"


PICKS = {
    "reversed": "{} in reversed order",
    "first": "{}(1) at every step",
    "last": "{}(T) at every step",
    "last-only": "{}, the last step's alone",
    "first-only": "{}, the first step's alone",
    "first-sequence": "{}, of the first sequence alone",
    "first-entry": "the first entry of {} alone",
}


def written(n, level=0, style="text") -> str:
    """As people write it: W^T h(t-1) + b.   level: 0 sum, 1 product, 2 factor.  style "python" can be parsed again."""
    py = style == "python"

    def par(s, need):
        return f"({s})" if need else s

    match n:
        case Constant(v):
            s = str(v) if v.denominator != 1 and not _short(v) else _dec(v)
            return par(s, (v < 0 or "/" in s) and level > 0)
        case Parameter(name):
            return name
        case Signal(name, lag, edge, pick):
            s = f"{name}({step_text(lag)})"
            return PICKS[pick].format(name) if pick else s
        case At(name, w):
            return f"{name}({w})"
        case Over(how, a):
            return f"{how}({written(a, 0, style)})" if py else f"{how}_t {written(a, 2, style)}"
        case Sum(terms):
            out = ""
            for i, (s, c) in enumerate(terms):
                t = written(c, 1, style)
                out += (("-" if s < 0 else "") if i == 0 else (" - " if s < 0 else " + ")) + t
            return par(out, level > 0)
        case Product(fs):
            return par(" * ".join(written(f, 2, style) for f in fs), level > 1)
        case Quotient(a, b):
            return par(f"{written(a, 1, style)} / {written(b, 2, style)}", level > 1)
        case Power(a, k):
            return f"{written(a, 2, style)}{'**' if py else '^'}{k}"
        case MatrixProduct(a, b):
            return par(f"{written(a, 2, style)}{' @ ' if py else ' '}{written(b, 2, style)}", level > 1)
        case OuterProduct(a, b):
            return (
                f"outer({written(a, 0, style)}, {written(b, 0, style)})"
                if py
                else par(f"{written(a, 2, style)} {written(b, 2, style)}^T", level > 1)
            )
        case Transpose(a):
            return f"{written(a, 2, style)}{'.T' if py else '^T'}"
        case Function("part", args, k, m):
            return f"part({written(args[0], 0, style)}, {k}, {m})"
        case Function(name, args):
            return f"{name}({', '.join(written(a, 0, style) for a in args)})"
    raise TypeError(n)


def _short(v):
    d = v.denominator
    for p in (2, 5):
        while d % p == 0:
            d //= p
    return d == 1


def _dec(v):
    return str(int(v)) if v.denominator == 1 else repr(float(v))
