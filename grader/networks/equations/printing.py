"""Trees as text: as people write them, as Python that can be read again, as LaTeX."""

from __future__ import annotations

import itertools
import re
from fractions import Fraction
from typing import Literal, TypeAlias

from grader.networks.equations.tree import (
    At,
    Constant,
    Function,
    MatrixProduct,
    Node,
    OuterProduct,
    Over,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
)

Style: TypeAlias = Literal["text", "python", "latex"]
# How tightly what stands around holds: a sum needs brackets from 1 on, a product from 2, a power from 3.
ANY, IN_PRODUCT, AS_FACTOR, AS_BASE = range(4)
MAX_PLAIN, MAX_DIGITS = 25, 200

PICKS = {
    "reversed": "{} in reversed order",
    "first": "{}(1) at every step",
    "last": "{}(T) at every step",
    "last-only": "{}, the last step's alone",
    "first-only": "{}, the first step's alone",
    "first-sequence": "{}, of the first sequence alone",
    "first-entry": "the first entry of {} alone",
}
GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|mu|nu|xi|pi|rho|sigma|tau|phi|chi|psi|omega"
    "|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega"
)
# Wss and Win are W with an index, h1 is h with a number.
INDEXED = re.compile(r"([A-Z])([a-z]+\d*)|([A-Za-z])(\d+)")
LATEX_FUNCTIONS = {"tanh", "exp", "log", "max", "min"}


def written(node: Node, level: int = ANY, style: Style = "text") -> str:
    """A tree as text.

    Args:
        node: The tree.
        level: How tightly what stands around it holds: 0 not at all, 1 a product, 2 a factor, 3 a base.
        style: "text" as people write it, W^T h(t-1) + b; "python" as the reader reads it, and then the same
            tree; "latex" without the dollar signs.
    """
    return _Printer(style).of(node, level)


def step_text(lag: int) -> str:
    """The step `lag` steps back as text: t, t-1, or t+1 for -1."""
    return "t" if lag == 0 else f"t-{lag}" if lag > 0 else f"t+{-lag}"


def number_text(value: Fraction) -> str:
    """An exact number: a decimal where it is one, with an exponent where it is long, else a fraction."""
    places = _decimal_places(value.denominator)
    if places is None or places > MAX_DIGITS:
        return str(value)
    digits = str(abs(value.numerator) * 10**places // value.denominator)
    sign = "-" if value < 0 else ""
    if max(len(digits), places) > MAX_PLAIN:
        exponent, digits = len(digits) - 1 - places, digits.rstrip("0")
        return f"{sign}{digits[0]}.{digits[1:] or '0'}e{exponent}"
    digits = digits.rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _decimal_places(denominator: int) -> int | None:
    """How many places a fraction has as a decimal; None where they do not end."""
    twos = fives = 0
    while denominator % 2 == 0:
        twos, denominator = twos + 1, denominator // 2
    while denominator % 5 == 0:
        fives, denominator = fives + 1, denominator // 5
    return max(twos, fives) if denominator == 1 else None


def latex_name(name: str) -> str:
    r"""A name as LaTeX: W_{hh} for W_hh or Whh, h_{1} for h1, \alpha, \mathrm{total}."""
    head, _, subscript = name.partition("_")
    indexed = INDEXED.fullmatch(name)
    if indexed and not GREEK.fullmatch(name):
        head, subscript = indexed[1] or indexed[3], indexed[2] or indexed[4]
    shown = head if len(head) == 1 else f"\\{head}" if GREEK.fullmatch(head) else rf"\mathrm{{{head}}}"
    return f"{shown}_{{{subscript.replace('_', ' ')}}}" if subscript else shown


class _Printer:
    def __init__(self, style: Style) -> None:
        self.style = style

    def of(self, node: Node, level: int = ANY) -> str:
        match node:
            case Constant(value):
                return self._number(value, level)
            case Parameter(name):
                return self._name(name)
            case Signal():
                return self._signal(node)
            case At(name, when):
                return f"{self._name(name)}({when})"
            case Over(how, arg):
                return self._over(how, arg)
            case Sum(terms):
                return self._bracketed(self._sum(terms), level >= IN_PRODUCT)
            case Power(base, exponent):
                return self._bracketed(self._power(base, exponent), level >= AS_BASE)
            case Transpose(arg):
                mark = {"python": ".T", "text": "^T", "latex": r"^{\top}"}[self.style]
                return self._bracketed(f"{self.of(arg, AS_BASE)}{mark}", level >= AS_BASE)
            case Function():
                return self._function(node)
            case Quotient() if self.style == "latex":
                text = rf"\frac{{{self.of(node.numerator)}}}{{{self.of(node.denominator)}}}"
                return self._bracketed(text, level >= AS_BASE)
            case OuterProduct() if self.style == "python":
                return f"outer({self.of(node.left)}, {self.of(node.right)})"
            case _:
                return self._bracketed(self._joined(node), level >= AS_FACTOR)

    def _bracketed(self, text: str, needed: bool) -> str:
        if not needed:
            return text
        return rf"\left({text}\right)" if self.style == "latex" else f"({text})"

    def _name(self, name: str) -> str:
        return latex_name(name) if self.style == "latex" else name

    def _number(self, value: Fraction, level: int) -> str:
        text = number_text(value)
        if self.style == "latex" and "/" in text:
            sign = "-" if value < 0 else ""
            text = rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
        is_one_piece = value >= 0 and "/" not in text and "frac" not in text
        needed_from = AS_BASE if text.startswith(r"\frac") else IN_PRODUCT
        return self._bracketed(text, not is_one_piece and level >= needed_from)

    def _signal(self, node: Signal) -> str:
        if node.pick and self.style != "latex":
            return PICKS[node.pick].format(node.name)
        return f"{self._name(node.name)}({step_text(node.lag)})"

    def _over(self, how: str, arg: Node) -> str:
        if self.style == "python":
            return f"{how}({self.of(arg)})"
        if self.style == "latex":
            return rf"\operatorname{{{how}}}_t {self.of(arg, AS_FACTOR)}"
        return f"{how}_t {self.of(arg, AS_FACTOR)}"

    def _sum(self, terms: tuple[tuple[int, Node], ...]) -> str:
        text = ""
        for number, (sign, term) in enumerate(terms):
            text += (("-" if sign < 0 else "") if not number else " - " if sign < 0 else " + ") + self.of(
                term, IN_PRODUCT
            )
        return text

    def _power(self, base: Node, exponent: int) -> str:
        if self.style == "latex":
            return f"{self.of(base, AS_BASE)}^{{{exponent}}}"
        return f"{self.of(base, AS_BASE)}{'**' if self.style == 'python' else '^'}{exponent}"

    def _joined(self, node: Node) -> str:
        match node:
            case Product(factors):
                return self._product(factors)
            case Quotient(numerator, denominator):
                return f"{self.of(numerator, IN_PRODUCT)} / {self.of(denominator, AS_FACTOR)}"
            case MatrixProduct(left, right):
                between = " @ " if self.style == "python" else " "
                return f"{self.of(left, AS_FACTOR)}{between}{self.of(right, AS_FACTOR)}"
            case OuterProduct(left, right):
                mark = r"^{\top}" if self.style == "latex" else "^T"
                return f"{self.of(left, AS_FACTOR)} {self.of(right, AS_FACTOR)}{mark}"
        raise TypeError(node)

    def _product(self, factors: tuple[Node, ...]) -> str:
        if self.style != "latex":
            return " * ".join(self.of(factor, AS_FACTOR) for factor in factors)
        text = self.of(factors[0], AS_FACTOR)
        for before, factor in itertools.pairwise(factors):
            sign = r"\," if isinstance(before, Constant) else r"\odot"
            text += f" {sign} {self.of(factor, AS_FACTOR)}"
        return text

    def _function(self, node: Function) -> str:
        inner = ", ".join(map(self.of, node.args))
        if node.name == "part":
            inner += f", {node.part}, {node.of}"
        if self.style != "latex":
            return f"{node.name}({inner})"
        name = (
            r"\sigma"
            if node.name == "sigmoid"
            else f"\\{node.name}"
            if node.name in LATEX_FUNCTIONS
            else rf"\operatorname{{{node.name}}}"
        )
        return rf"{name}\left({inner}\right)"
