"""From an author's text to a signal. The text is never evaluated."""

from __future__ import annotations

import ast
import difflib
import re
from fractions import Fraction

from grader.formula.signal_tree import Constant, Cumsum, Delay, Input, Product, Signal, Sum

# An author's slip must not become a hang: no target of an exercise comes near these.
MAX_CHARACTERS = 500
MAX_DEPTH = 60
MAX_DELAY = 64
MAX_INDEX = 64

NUMBER = re.compile(r"\d{1,30}(\.\d{0,30})?([eE][+-]?\d{1,2})?|\.\d{1,30}([eE][+-]?\d{1,2})?")
LANGUAGE = "a signal is made of x[i], numbers, + - *, delay(signal, k) and cumsum(signal)"
MINUS_ONE = Constant(Fraction(-1))


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


def parse_signal(text: str, inputs: int = MAX_INDEX) -> Signal:
    """The signal that a text says, for example `5 * x[1] - 0.2 * delay(x[3], 1)`.

    Args:
        text: x[i], numbers such as 2, 0.2 and 1/3, + - *, delay(signal, k), cumsum(signal).
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
    return _Reader(line, inputs).read(body, 0)


class _Reader:
    """Walks the syntax tree of one text and refuses whatever is not on the list."""

    def __init__(self, text: str, inputs: int) -> None:
        self.text = text
        self.inputs = inputs

    def read(self, node: ast.expr, depth: int) -> Signal:
        if depth > MAX_DEPTH:
            raise self.error(node, "this signal is nested too deeply")
        match node:
            case ast.Constant():
                return Constant(self.number(node))
            case ast.Subscript(value=ast.Name(id="x"), slice=index):
                return Input(self.whole(index, "the index of x", 1, self.inputs))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand, depth + 1)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Product(MINUS_ONE, self.read(operand, depth + 1))
            case ast.BinOp():
                return self.binary(node, depth + 1)
            case ast.Call(func=ast.Name()):
                return self.call(node, depth + 1)
        raise self.error(node, self.what_is_wrong(node))

    def binary(self, node: ast.BinOp, depth: int) -> Signal:
        if isinstance(node.op, ast.Div):
            return Constant(self.ratio(node))
        if not isinstance(node.op, (ast.Add, ast.Sub, ast.Mult)):
            raise self.error(node, f"only + - * join signals; {LANGUAGE}")
        left, right = self.read(node.left, depth), self.read(node.right, depth)
        if isinstance(node.op, ast.Mult):
            return Product(left, right)
        return Sum(left, right if isinstance(node.op, ast.Add) else Product(MINUS_ONE, right))

    def ratio(self, node: ast.BinOp) -> Fraction:
        above, sign = node.left, 1
        if isinstance(above, ast.UnaryOp) and isinstance(above.op, ast.USub):  # -1/3 is (-1)/3
            above, sign = above.operand, -1
        if not (isinstance(above, ast.Constant) and isinstance(node.right, ast.Constant)):
            raise self.error(node, "only a number is divided by a number: write 1/3 * x[1], not x[1] / 3")
        below = self.number(node.right)
        if below == 0:
            raise self.error(node.right, "division by zero")
        return sign * self.number(above) / below

    def call(self, node: ast.Call, depth: int) -> Signal:
        assert isinstance(node.func, ast.Name)
        name, arguments = node.func.id, node.args
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in arguments):
            raise self.error(node, "arguments are given by position: delay(signal, k), cumsum(signal)")
        if name == "delay":
            if len(arguments) != 2:
                raise self.error(
                    node, f"delay takes a signal and a number of steps, got {len(arguments)} arguments"
                )
            return Delay(self.read(arguments[0], depth), self.whole(arguments[1], "the delay", 0, MAX_DELAY))
        if name == "cumsum":
            if len(arguments) != 1:
                raise self.error(node, f"cumsum takes one signal, got {len(arguments)} arguments")
            return Cumsum(self.read(arguments[0], depth))
        raise self.error(node, self.unknown(name))

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
            case ast.Name(id="delay" | "cumsum" as name):
                return f"{name} needs an argument: {name}({'x[1], 1' if name == 'delay' else 'x[1]'})"
            case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
                return self.unknown(name)
        return f"this is not part of the language; {LANGUAGE}"

    def unknown(self, name: str) -> str:
        if re.fullmatch(r"[xX]_?\d+", name):
            return f"unknown name {name!r}; did you mean x[{name.lstrip('xX_')}]?"
        near = difflib.get_close_matches(name.lower(), ["x", "delay", "cumsum"], n=1, cutoff=0.5)
        return f"unknown name {name!r}; " + (f"did you mean {near[0]!r}?" if near else LANGUAGE)

    def error(self, node: ast.expr, message: str) -> SignalError:
        return SignalError(self.text, node.col_offset, message)
