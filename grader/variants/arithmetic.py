"""Formulas in a variant's names: exact arithmetic on numbers, vectors and matrices.

    a*b + 1     W @ x + b     W[1, 2]     case.word     'grows' if a > 1 else 'dies'     round(tanh(a), 2)

Python's own grammar is read, with ^ for powers, indices from 1 on, and nothing that is not listed here.
"""

from __future__ import annotations

import ast
import functools
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from grader.variants.values import Value, shape_of

MOST_SIGNS = 500
MOST_POWER = 64
MOST_BITS = 4096
"""Of an intermediate number; more would take for ever."""
Lookup = Callable[[str], Value]
Function = Callable[..., Value]


class FormulaError(ValueError):
    """A formula cannot be read or computed; says why, to its author."""


@functools.lru_cache(maxsize=1024)
def read_formula(text: str) -> ast.expr:
    """The formula as a tree.

    Raises:
        FormulaError: If it is none, or very long.
    """
    if len(text) > MOST_SIGNS:
        raise FormulaError(f"has more than {MOST_SIGNS} characters")
    try:
        return ast.parse(text.strip().replace("^", "**"), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(f"{text!r} is no formula") from None


def names_in(text: str) -> frozenset[str]:
    """Names that a formula asks for, without those of functions.

    Raises:
        FormulaError: As `read_formula`.
    """
    tree = read_formula(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called
    )


def calls_in(text: str, function: str) -> list[ast.Call]:
    """Calls of a function in a formula."""
    return [
        node
        for node in ast.walk(read_formula(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function
    ]


def value_of(text: str, lookup: Lookup, functions: Mapping[str, Function]) -> Value:
    """What a formula gives.

    Args:
        text: The formula.
        lookup: Values by name.
        functions: What may be called.

    Raises:
        FormulaError: If it cannot be computed.
    """
    try:
        return _FormulaEvaluation(lookup, functions).of(read_formula(text))
    except RecursionError:
        raise FormulaError("is nested too deeply") from None


class _FormulaEvaluation:
    def __init__(self, lookup: Lookup, functions: Mapping[str, Function]) -> None:
        self.lookup, self.functions = lookup, functions

    def of(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool() | str() as value):
                return value
            case ast.Constant(value=int() | float() as value):
                return Fraction(str(value))
            case ast.Name(id=name):
                return self.lookup(name)
            case ast.List(elts=entries) | ast.Tuple(elts=entries):
                return tuple(map(self.of, entries))
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return entrywise(operator.neg, number_or_table(self.of(inner)))
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return not self.truth(inner)
            case ast.BoolOp(op=ast.And(), values=parts):
                return all(map(self.truth, parts))
            case ast.BoolOp(op=ast.Or(), values=parts):
                return any(map(self.truth, parts))
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return self.of(body) if self.truth(test) else self.of(otherwise)
            case ast.Compare(left=left, ops=signs, comparators=others):
                return self.compared([left, *others], signs)
            case ast.BinOp(left=left, op=sign, right=right):
                return _operation(type(sign), self.of(left), self.of(right))
            case ast.Subscript(value=whole, slice=index):
                return _entry(self.of(whole), self.of(index))
            case ast.Attribute(value=whole, attr="T"):
                return transposed(self.of(whole))
            case ast.Attribute(value=whole, attr=key):
                return _part(self.of(whole), key)
            case ast.Call(func=ast.Name(id=name), args=given, keywords=[]):
                return self.called(name, given)
        raise FormulaError(f"{ast.unparse(node)!r} cannot stand in a formula")

    def truth(self, node: ast.expr) -> bool:
        found = self.of(node)
        if not isinstance(found, bool):
            raise FormulaError(f"{ast.unparse(node)} is neither true nor false; write a comparison")
        return found

    def compared(self, parts: list[ast.expr], signs: list[ast.cmpop]) -> bool:
        values = [self.of(one) for one in parts]
        pairs = zip(values, signs, values[1:], strict=False)
        return all(_comparison(type(sign), left, right) for left, sign, right in pairs)

    def called(self, name: str, given: list[ast.expr]) -> Value:
        if name not in self.functions:
            raise FormulaError(f"no function is called {name!r}")
        try:
            return self.functions[name](*map(self.of, given))
        except TypeError:
            raise FormulaError(f"{name} is not called with {len(given)} of such values") from None


def _operation(sign: type[ast.operator], left: Value, right: Value) -> Value:
    if sign is ast.Add and isinstance(left, str) and isinstance(right, str):
        return left + right
    if sign is ast.MatMult:
        return product(left, right)
    if sign is ast.Pow:
        return _power(left, right)
    if sign not in ARITHMETIC:
        raise FormulaError("a formula has + - * / % ^ and @ only")
    return entrywise(ARITHMETIC[sign], number_or_table(left), number_or_table(right))


def _divided(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise FormulaError("divides by 0")
    return left / right


def _rest(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise FormulaError("divides by 0")
    return left % right


ARITHMETIC: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: _divided,
    ast.Mod: _rest,
}


def _power(base: Value, exponent: Value) -> Value:
    if not isinstance(exponent, Fraction) or exponent.denominator != 1 or abs(exponent) > MOST_POWER:
        raise FormulaError(f"an exponent is a whole number from {-MOST_POWER} to {MOST_POWER}")
    n = int(exponent)
    return entrywise(lambda one: Fraction(1) if n == 0 else _raised(one, n), number_or_table(base))


def _raised(base: Fraction, exponent: int) -> Fraction:
    if base == 0 and exponent < 0:
        raise FormulaError("divides by 0")
    if abs(exponent) * max(base.numerator.bit_length(), base.denominator.bit_length()) > MOST_BITS:
        raise FormulaError("a number on the way gets far too long")
    return base**exponent


ORDER: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _comparison(sign: type[ast.cmpop], left: Value, right: Value) -> bool:
    if sign in (ast.Eq, ast.NotEq):
        if type(left) is not type(right):
            raise FormulaError("a number, a text and a table are never the same")
        return (left == right) is (sign is ast.Eq)
    if sign in (ast.In, ast.NotIn) and isinstance(right, tuple):
        return (left in right) is (sign is ast.In)
    if sign in ORDER and isinstance(left, Fraction) and isinstance(right, Fraction):
        return ORDER[sign](left, right)
    raise FormulaError("only single numbers are smaller or larger; all entries of a table: between(W, -1, 1)")


def number_or_table(value: Value) -> Value:
    """The value, if it is a number or a table of numbers.

    Raises:
        FormulaError: If not.
    """
    if shape_of(value) is None:
        raise FormulaError(
            f"{value!r} is no number, vector or matrix" if isinstance(value, str) else "no number"
        )
    return value


def entrywise(function: Callable[..., Fraction], *values: Value) -> Value:
    """A function of numbers on each entry; a single number goes with every entry of a table.

    Raises:
        FormulaError: If tables differ in shape, or a number gets too long.
    """
    sizes = {len(one) for one in values if isinstance(one, tuple)}
    if not sizes:
        return _bounded(function(*values))
    if len(sizes) > 1:
        raise FormulaError(f"tables with {min(sizes)} and {max(sizes)} entries do not go together")
    spread = [one if isinstance(one, tuple) else (one,) * min(sizes) for one in values]
    return tuple(entrywise(function, *entries) for entries in zip(*spread, strict=True))


def _bounded(number: Fraction) -> Fraction:
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > MOST_BITS:
        raise FormulaError("a number on the way gets far too long")
    return number


def product(left: Value, right: Value) -> Value:
    """The product of matrices and vectors; of two vectors it is a number.

    Raises:
        FormulaError: If their sizes do not fit.
    """
    first, second = shape_of(left), shape_of(right)
    if not first or not second or first[-1] != second[0]:
        raise FormulaError("@ wants a matrix or vector and one with as many rows as the first has columns")
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    if len(first) == 2:
        return tuple(product(row, right) for row in left)
    if len(second) == 2:
        return tuple(product(left, column) for column in zip(*right, strict=True))
    return _bounded(sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0)))


def transposed(value: Value) -> Value:
    """A matrix with rows for columns.

    Raises:
        FormulaError: If it is no matrix.
    """
    if len(shape_of(value) or ()) != 2:
        raise FormulaError(".T is for matrices")
    assert isinstance(value, tuple)
    return tuple(zip(*value, strict=True))


def _entry(whole: Value, index: Value) -> Value:
    if isinstance(whole, Mapping) and isinstance(index, str):
        return _part(whole, index)
    for one in index if isinstance(index, tuple) else (index,):
        if not isinstance(whole, tuple) or not isinstance(one, Fraction) or one.denominator != 1:
            raise FormulaError("an index is a whole number, of a list")
        if not 1 <= one <= len(whole):
            raise FormulaError(f"there is no entry {one}: they count from 1 to {len(whole)}")
        whole = whole[int(one) - 1]
    return whole


def _part(whole: Value, key: str) -> Value:
    if not isinstance(whole, Mapping):
        raise FormulaError(f".{key} is for tables")
    if key not in whole:
        raise FormulaError(f"there is no {key!r}: it has {', '.join(whole) or 'nothing'}")
    found: Value = whole[key]
    return found
