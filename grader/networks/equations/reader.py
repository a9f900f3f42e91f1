"""An equation's text as a tree. The text is parsed and looked through; it is never run."""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections.abc import Collection
from fractions import Fraction

from grader.model.text import joined
from grader.networks.equations.faults import EquationError
from grader.networks.equations.names import (
    FUNCTIONS,
    MANY,
    MAX_LAG,
    OVER,
    UNARY,
    fixed_step,
    lag_of,
    whole_number,
)
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import (
    At,
    Constant,
    Function,
    MatrixProduct,
    Node,
    Over,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
    negative,
    signals_of,
)

LANGUAGE = (
    "an equation is made of names such as h(t-1), numbers, + - * / @, .T, ** and the functions "
    + ", ".join(FUNCTIONS)
)
# Checked before Fraction reads it: the digits of 1e400000000 would take hours.
NUMBER = re.compile(r"(\d{1,60}(\.\d{0,60})?|\.\d{1,60})([eE][+-]?\d{1,2})?")
LARGEST_IN_FRACTION = 10**15
SMALLEST, LARGEST = Fraction(1, 10**90), Fraction(10**90)
FOREIGN = re.compile(r"[^A-Za-z0-9_+\-*/@.,() ]")
INSTEAD = {
    "^": "a power is written **",
    "[": "there is no indexing; part(v, k, n) is the k-th of n equal parts",
    "'": "a transpose is written .T",
    "]": "there is no indexing; part(v, k, n) is the k-th of n equal parts",
    "%": "a remainder is written mod(a, b)",
    "=": "an equation has one",
    "−": "write -",
    "–": "write -",
    "×": "write * or @",
    "·": "write * or @",
    "⋅": "write * or @",
    "⊙": "write *",
    "∘": "write *",
    "ᵀ": "a transpose is written .T",
    "σ": "write sigmoid",
}
MAX_DEPTH = 60
MAX_EXPONENT = 8
MAX_PARTS = 16


class Reader:
    """Reads right sides.

    Args:
        text: The whole equation, for errors; from `one_line`.
        parameters: Names that are the same at every step.
        signals: Names that change from step to step.
        is_static: Whether the value has no step, so that h(T), h(1) and mean(h(t)) may stand in it.
    """

    def __init__(
        self, text: str, parameters: Collection[str], signals: Collection[str], is_static: bool = False
    ) -> None:
        self.text = text
        self.parameters = parameters
        self.signals = signals
        self.is_static = is_static
        self.start = 0
        self.over = ""

    def read_all(self, right_side: str, start: int) -> Node:
        """The tree of a right side.

        Args:
            right_side: Its text.
            start: Where it starts in the whole text.

        Raises:
            EquationError: If it is not of the language; says where.
        """
        self.start = start + len(right_side) - len(right_side.lstrip())
        if foreign := FOREIGN.search(self.text, self.start):
            hint = f": {INSTEAD[foreign[0]]}" if foreign[0] in INSTEAD else ""
            message = f"{foreign[0]!r} is not part of the language{hint}"
            raise EquationError(message, self.text, foreign.start())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                body = ast.parse(right_side.strip(), mode="eval").body
            return simplified(self.read(body, 0))
        except SyntaxError as error:
            column = self.start + max((error.offset or 1) - 1, 0)
            message = f"this does not read as an equation; {LANGUAGE}"
            raise EquationError(message, self.text, min(column, len(self.text))) from None
        except (RecursionError, MemoryError):
            raise EquationError("this equation is nested too deeply", self.text, self.start) from None

    def _error(self, node: ast.expr, message: str) -> EquationError:
        return EquationError(message, self.text, self.start + node.col_offset)

    def read(self, node: ast.expr, depth: int = 0) -> Node:
        """The tree of a part that is parsed already.

        Args:
            node: Whose columns are those of the text from `start` on.
            depth: How deep it stands in the whole.
        """
        if depth > MAX_DEPTH:
            raise self._error(node, "this equation is nested too deeply")
        match node:
            case ast.Constant():
                return self._number(node)
            case ast.Name():
                return self._name(node)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return negative(self.read(inner, depth + 1))
            case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                return self.read(inner, depth + 1)
            case ast.BinOp():
                return self._operation(node, depth)
            case ast.Attribute(value=inner, attr="T"):
                return Transpose(self.read(inner, depth + 1))
            case ast.Attribute():
                raise self._error(node, "only .T may follow a dot")
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(node, name, args, depth)
        raise self._error(node, f"this is not part of the language; {LANGUAGE}")

    def _number(self, node: ast.Constant) -> Constant:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise self._error(node, f"only numbers can stand here; {LANGUAGE}")
        literal = self.text[self.start + node.col_offset : self.start + (node.end_col_offset or 0)]
        if not NUMBER.fullmatch(literal):
            raise self._error(node, f"{literal[:20]} is no number of this language: write 2, 0.5 or 1e-3")
        value = Fraction(literal)
        if value and not SMALLEST <= value <= LARGEST:
            raise self._error(node, "this number is too large or too small: at most 1e90, at least 1e-90")
        return Constant(value)

    def _name(self, node: ast.Name) -> Parameter:
        name = node.id
        if name in self.parameters:
            return Parameter(name)
        if name in self.signals:
            also = f"{name}(T) or mean({name}(t))" if self.is_static else f"{name}(t-1)"
            first = f"{name}(1), " if self.is_static else f"{name}(t) or "
            raise self._error(node, f"{name} changes from step to step: write {first}{also}")
        if name in FUNCTIONS or name in OVER:
            raise self._error(node, f"{name} is a function: write what it is of in brackets, {name}(...)")
        if name in ("t", "T"):
            raise self._error(node, f"{name} stands only in brackets, as in h({name})")
        raise self._error(node, self._unknown(name))

    def _operation(self, node: ast.BinOp, depth: int) -> Node:
        if isinstance(node.op, ast.Pow):
            return Power(self.read(node.left, depth + 1), self._exponent(node.right))
        is_sum = isinstance(node.op, ast.Add | ast.Sub)
        if not is_sum and isinstance(node.left, ast.UnaryOp) and isinstance(node.left.op, ast.USub):
            # As people mean it: -(1 - z) * n is the whole product with a minus, not (z - 1) * n.
            bare = ast.copy_location(ast.BinOp(node.left.operand, node.op, node.right), node)
            return negative(self._operation(bare, depth))
        left, right = self.read(node.left, depth + 1), self.read(node.right, depth + 1)
        match node.op:
            case ast.Add():
                return Sum(((1, left), (1, right)))
            case ast.Sub():
                return Sum(((1, left), (-1, right)))
            case ast.Mult():
                return Product((left, right))
            case ast.MatMult():
                return MatrixProduct(left, right)
            case ast.Div():
                return self._quotient(node, left, right)
        raise self._error(node, f"only + - * / @ ** join values; {LANGUAGE}")

    def _quotient(self, node: ast.BinOp, left: Node, right: Node) -> Node:
        if isinstance(right, Constant):
            if right.value == 0:
                raise self._error(node.right, "division by zero")
            if isinstance(left, Constant) and max(left.value, right.value) <= LARGEST_IN_FRACTION:
                value = left.value / right.value
                if max(value.numerator, value.denominator) <= LARGEST_IN_FRACTION:
                    return Constant(value)
        return Quotient(left, right)

    def _exponent(self, node: ast.expr) -> int:
        value = whole_number(node)
        if value is not None and 1 <= value <= MAX_EXPONENT:
            return value
        raise self._error(node, f"an exponent is a whole number from 1 to {MAX_EXPONENT}")

    def _call(self, node: ast.Call, name: str, args: list[ast.expr], depth: int) -> Node:
        if name in self.signals:
            if len(args) != 1:
                raise self._error(node, f"{name} takes one step: {name}(t) or {name}(t-1)")
            return self._step(node, name, args[0])
        if name in self.parameters:
            raise self._error(
                node, f"{name} is a parameter, the same at every step: write {name} without brackets"
            )
        if name == "part":
            return self._part(node, args, depth)
        if name in OVER:
            return self._over(node, name, args, depth)
        if name in UNARY:
            return Function(name, (self._only(node, name, args, depth),))
        if name in MANY:
            if len(args) < 2 or (name == "mod" and len(args) > 2):
                wanted = "two values" if name == "mod" else "at least two values"
                raise self._error(node, f"{name} takes {wanted}, got {len(args)}")
            return Function(name, tuple(self.read(arg, depth + 1) for arg in args))
        raise self._error(node, self._unknown(name))

    def _over(self, node: ast.Call, name: str, args: list[ast.expr], depth: int) -> Over:
        if not self.is_static:
            message = (
                f"{name} is over all steps: it stands in an equation without a step, as in m = {name}(...)"
            )
            raise self._error(node, message)
        if self.over:
            raise self._error(node, f"{name} stands inside {self.over}, which leaves no steps to go over")
        self.over = name
        arg = self._only(node, name, args, depth)
        self.over = ""
        if not signals_of(arg):
            raise self._error(
                node, f"{name} is over all steps: what is in it has to change, as in {name}(h(t))"
            )
        return Over(name, arg)

    def _only(self, node: ast.Call, name: str, args: list[ast.expr], depth: int) -> Node:
        if len(args) != 1:
            raise self._error(node, f"{name} takes one value, got {len(args)}")
        return self.read(args[0], depth + 1)

    def _part(self, node: ast.Call, args: list[ast.expr], depth: int) -> Function:
        if len(args) == 3:
            number, of = map(whole_number, args[1:])
            if number is not None and of is not None and 1 <= number <= of <= MAX_PARTS:
                return Function("part", (self.read(args[0], depth + 1),), number, of)
        raise self._error(node, "part(v, k, n) is the k-th of n equal parts of v, counted from 1")

    def _step(self, call: ast.Call, name: str, node: ast.expr) -> Signal | At:
        lag, step = lag_of(node), fixed_step(node)
        if lag is not None:
            if self.is_static and not self.over:
                text = f"this value has no step: write {name}(T), or {name}(t) inside {joined(OVER, ' or ')}"
                raise self._error(call, text)
            return Signal(name, lag)
        if step is not None and self.is_static:
            return At(name, step)
        if step is not None:
            text = f"{name}({step}) is the same at every step: give it an equation, z = {name}({step})"
            raise self._error(call, text)
        also = ", or T, or a number from 1 on" if self.is_static else ""
        raise self._error(node, f"the step of {name} is t, t-1, t+1 and so on, at most {MAX_LAG} away{also}")

    def _unknown(self, name: str) -> str:
        known = [*self.parameters, *self.signals, *FUNCTIONS]
        near = difflib.get_close_matches(name, known, 1)
        return f"{name} is not declared" + (f"; did you mean {near[0]}?" if near else "")
