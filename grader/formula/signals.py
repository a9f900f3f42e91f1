"""Signals such as `5 * x[1] - 0.2 * delay(x[3], 1)`: from an author's text to a tree.

The text is never evaluated: Python's own parser makes a syntax tree of it, and whatever is not on the list is
refused.
"""

from __future__ import annotations

import ast
import difflib
import re
from fractions import Fraction

from grader.formula.tree import (
    SIGNAL_FUNCTIONS,
    Constant,
    Formula,
    FunctionCall,
    Product,
    Sum,
    Symbol,
    negated,
    parts,
)

# An author's slip must not become a hang: no target of an exercise comes near these.
MAX_CHARACTERS = 500
MAX_DEPTH = 60
MAX_DELAY = 64
MAX_INDEX = 64

NUMBER = re.compile(r"\d{1,30}(\.\d{0,30})?([eE][+-]?\d{1,2})?|\.\d{1,30}([eE][+-]?\d{1,2})?")
LANGUAGE = "a signal is made of x[i], numbers, + - *, delay(signal, k), cumsum(signal) and decay(signal, a)"

USES = {"delay": "delay(x[1], 1)", "cumsum": "cumsum(x[1])", "decay": "decay(x[1], 0.9)"}


def input_name(index: int) -> str:
    """The symbol of an input; indices count from 1."""
    return f"x[{index}]"


class SignalError(ValueError):
    """A text that is no signal; the message shows the place with a caret.

    Args:
        text: The author's text.
        column: Where the trouble starts, from 0.
        message: What was found and what was wanted.
    """

    def __init__(self, text: str, column: int, message: str) -> None:
        super().__init__(f"{message}\n    {text}\n    {' ' * column}^")
        self.text = text
        self.column = column
        self.message = message

    def __reduce__(self) -> tuple[type[SignalError], tuple[str, int, str]]:
        # Without it the error could not cross a process pool: args hold the joined message only.
        return type(self), (self.text, self.column, self.message)


def parse_signal(text: str, inputs: int = MAX_INDEX) -> Formula:
    """The signal that a text says, for example `5 * x[1] - 0.2 * delay(x[3], 1)`.

    Args:
        text: x[i], numbers such as 2, 0.2 and 1/3, + - *, delay(signal, k), cumsum(signal), decay(signal, a).
        inputs: How many inputs there are; x[i] needs 1 <= i <= inputs.

    Raises:
        SignalError: If it says anything else.
    """
    line = " ".join(text.split())
    if not line:
        raise SignalError(line, 0, f"an empty signal; {LANGUAGE}")
    if len(line) > MAX_CHARACTERS:
        raise SignalError(line[:40] + "...", 0, f"{len(line)} characters; at most {MAX_CHARACTERS} are read")
    if not line.isascii():
        # ast counts columns in bytes; the caret and the numbers below need them to be characters.
        column = next(i for i, character in enumerate(line) if not character.isascii())
        raise SignalError(line, column, f"the character {line[column]!r} is not part of the language")
    try:
        body = ast.parse(line, mode="eval").body
    except SyntaxError as error:
        # Where the text ends too early the offset is 0.
        column = error.offset - 1 if error.offset else len(line)
        raise SignalError(line, column, f"this does not read as a signal; {LANGUAGE}") from None
    except (ValueError, RecursionError, MemoryError):
        raise SignalError(line, 0, "this signal is nested too deeply") from None
    return _SignalReader(line, inputs).read(body, 0)


class _SignalReader:
    """Walks the syntax tree of one text and refuses whatever is not on the list."""

    def __init__(self, text: str, inputs: int) -> None:
        self.text = text
        self.inputs = inputs

    def read(self, node: ast.expr, depth: int) -> Formula:
        if depth > MAX_DEPTH:
            raise self.error(node, "this signal is nested too deeply")
        match node:
            case ast.Constant():
                return Constant(self.number(node))
            case ast.Subscript(value=ast.Name(id="x"), slice=index):
                return Symbol(input_name(self.whole(index, "the index of x", 1, self.inputs)))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand, depth + 1)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return negated(self.read(operand, depth + 1))
            case ast.BinOp():
                return self.binary(node, depth + 1)
            case ast.Call(func=ast.Name()):
                return self.call(node, depth + 1)
        raise self.error(node, self.what_is_wrong(node))

    def binary(self, node: ast.BinOp, depth: int) -> Formula:
        if isinstance(node.op, ast.Div):
            return Constant(self.ratio(node))
        if not isinstance(node.op, (ast.Add, ast.Sub, ast.Mult)):
            raise self.error(node, f"only + - * join signals; {LANGUAGE}")
        left, right = self.read(node.left, depth), self.read(node.right, depth)
        if isinstance(node.op, ast.Mult):
            return Product((left, right))
        return Sum((left, right if isinstance(node.op, ast.Add) else negated(right)))

    def ratio(self, node: ast.BinOp) -> Fraction:
        numerator, sign = node.left, 1
        if isinstance(numerator, ast.UnaryOp) and isinstance(numerator.op, ast.USub):  # -1/3 is (-1)/3
            numerator, sign = numerator.operand, -1
        if not (isinstance(numerator, ast.Constant) and isinstance(node.right, ast.Constant)):
            raise self.error(node, "only a number is divided by a number: write 1/3 * x[1], not x[1] / 3")
        denominator = self.number(node.right)
        if denominator == 0:
            raise self.error(node.right, "division by zero")
        return sign * self.number(numerator) / denominator

    def call(self, node: ast.Call, depth: int) -> Formula:
        assert isinstance(node.func, ast.Name)
        name, arguments = node.func.id, node.args
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in arguments):
            raise self.error(node, f"arguments are given by position: {USES.get(name, USES['delay'])}")
        if name == "delay":
            if len(arguments) != 2:
                raise self.error(
                    node, f"delay takes a signal and a number of steps, got {len(arguments)} arguments"
                )
            signal = self.read(arguments[0], depth)
            return FunctionCall(name, signal, self.whole(arguments[1], "the delay", 0, MAX_DELAY))
        if name == "cumsum":
            if len(arguments) != 1:
                raise self.error(node, f"cumsum takes one signal, got {len(arguments)} arguments")
            return FunctionCall(name, self.read(arguments[0], depth))
        if name == "decay":
            if len(arguments) != 2:
                raise self.error(node, f"decay takes a signal and a number, got {len(arguments)} arguments")
            return FunctionCall(name, self.read(arguments[0], depth), rate=self.rate(arguments[1], depth))
        raise self.error(node, self.unknown(name))

    def rate(self, node: ast.expr, depth: int) -> Fraction:
        found = self.read(node, depth)
        if not isinstance(found, Constant):
            raise self.error(node, "what decays is multiplied by a number: decay(x[1], 0.9)")
        return found.value

    def number(self, node: ast.Constant) -> Fraction:
        literal = ast.get_source_segment(self.text, node) or ""
        # From the text, not the value: ast has already made 0.1 a binary fraction.
        if isinstance(node.value, bool) or not NUMBER.fullmatch(literal):
            raise self.error(node, f"{literal or node.value!r} is no number of the language")
        return Fraction(literal)

    def whole(self, node: ast.expr, what: str, low: int, high: int) -> int:
        if isinstance(node, ast.Constant) and type(node.value) is int and low <= node.value <= high:
            return node.value
        raise self.error(node, f"{what} must be a whole number from {low} to {high}")

    def what_is_wrong(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id="x"):
                return "x has several elements: write x[1]"
            case ast.Name(id="delay" | "cumsum" | "decay" as name):
                return f"{name} needs an argument: {USES[name]}"
            case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
                return self.unknown(name)
        return f"this is not part of the language; {LANGUAGE}"

    def unknown(self, name: str) -> str:
        if re.fullmatch(r"[xX]_?\d+", name):
            return f"unknown name {name!r}; did you mean x[{name.lstrip('xX_')}]?"
        near = difflib.get_close_matches(name.lower(), ["x", *SIGNAL_FUNCTIONS], n=1, cutoff=0.5)
        return f"unknown name {name!r}; " + (f"did you mean {near[0]!r}?" if near else LANGUAGE)

    def error(self, node: ast.expr, message: str) -> SignalError:
        return SignalError(self.text, node.col_offset, message)


def from_step(signal: Formula) -> int:
    """The first step, counted from 1, at which no delay reaches back before the first input.

    For example 4 for `delay(x[2], 1) * delay(x[3], 3)`. A running sum begins where its summand does.
    """
    later = signal.steps if isinstance(signal, FunctionCall) else 0
    return later + max(map(from_step, parts(signal)), default=1)
