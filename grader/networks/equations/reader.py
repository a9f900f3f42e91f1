# mypy: ignore-errors
# ruff: noqa
"""From an equation's text to a tree. The text is never evaluated."""

from __future__ import annotations
import ast, difflib, re, warnings
from fractions import Fraction
from grader.networks.equations.faults import EquationError
from grader.networks.equations.tree import *

UNARY = ("tanh", "sigmoid", "relu", "step", "sign", "softmax", "exp", "log", "abs", "sqrt", "softplus")
MANY = ("max", "min", "stack", "mod")
OVER = ("sum", "mean", "last", "first")
RESERVED = {"t", "T", "part", "outer", "dot"} | set(UNARY) | set(MANY) | set(OVER)
LANGUAGE = (
    "an equation is made of names such as h(t-1), numbers, + - * / @, .T, ** and the functions "
    + ", ".join(UNARY + MANY + ("part",))
)
NUMBER = re.compile(r"\d{1,30}(\.\d{0,30})?([eE][+-]?\d{1,2})?|\.\d{1,30}([eE][+-]?\d{1,2})?")
MAX_CHARACTERS, MAX_DEPTH, MAX_LAG = 500, 60, 16


class Reader:
    def __init__(self, text, params, signals, is_static=False):
        self.text, self.params, self.signals, self.is_static = text, params, signals, is_static
        self.spans = {}

    def error(self, node, message):
        return EquationError(message, self.text, getattr(node, "col_offset", 0) + self.start)

    def read_all(self, right_side, start):
        self.start = start
        if not self.text.isascii():
            c = next(i for i, ch in enumerate(self.text) if not ch.isascii())
            raise EquationError(f"the character {self.text[c]!r} is not part of the language", self.text, c)
        pad = len(right_side) - len(right_side.lstrip())
        self.start += pad
        if len(self.text) > MAX_CHARACTERS:
            raise EquationError(
                f"{len(self.text)} characters; at most {MAX_CHARACTERS} are read", self.text[:40] + "...", 0
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                body = ast.parse(right_side.strip(), mode="eval").body
        except SyntaxError as e:
            raise EquationError(
                f"this does not read as an equation; {LANGUAGE}",
                self.text,
                self.start + max((e.offset or 1) - 1, 0),
            ) from None
        except (ValueError, RecursionError, MemoryError):
            raise EquationError("this equation is nested too deeply", self.text, 0) from None
        return simplified(self.read(body, 0))

    def read(self, n, depth):
        if depth > MAX_DEPTH:
            raise self.error(n, "this equation is nested too deeply")
        r = lambda m: self.read(m, depth + 1)
        match n:
            case ast.Constant(value=bool() | str() | None | complex() | bytes()):
                raise self.error(n, f"only numbers can stand here; {LANGUAGE}")
            case ast.Constant():
                literal = ast.get_source_segment(self.text[self.start :], n) or ""
                if not NUMBER.fullmatch(literal):
                    raise self.error(n, f"{literal[:20]} is no number of this language: write 2, 0.5 or 1e-3")
                return Constant(Fraction(literal))
            case ast.Name(id=name):
                if name in self.params:
                    return Parameter(name)
                if name in self.signals:
                    raise self.error(
                        n,
                        f"{name} changes from step to step: write {name}(t)"
                        + (f" or {name}(t-1)" if not self.is_static else f", {name}(T) or mean({name}(t))"),
                    )
                if name in ("t", "T"):
                    raise self.error(n, f"{name} stands only in brackets, as in h({name})")
                raise self.error(n, self.unknown(name))
            case ast.UnaryOp(op=ast.USub(), operand=a):
                return Sum(((-1, r(a)),))
            case ast.UnaryOp(op=ast.UAdd(), operand=a):
                return r(a)
            case ast.BinOp(left=a, op=op, right=b):
                match op:
                    case ast.Add():
                        return Sum(((1, r(a)), (1, r(b))))
                    case ast.Sub():
                        return Sum(((1, r(a)), (-1, r(b))))
                    case ast.Mult():
                        return Product((r(a), r(b)))
                    case ast.Div():
                        x, y = r(a), r(b)
                        if isinstance(y, Constant) and y.value == 0:
                            raise self.error(b, "division by zero")
                        return (
                            Constant(x.value / y.value)
                            if isinstance(x, Constant) and isinstance(y, Constant)
                            else Quotient(x, y)
                        )
                    case ast.MatMult():
                        return MatrixProduct(r(a), r(b))
                    case ast.Pow():
                        if isinstance(b, ast.Constant) and isinstance(b.value, int) and 1 <= b.value <= 8:
                            return Power(r(a), b.value)
                        raise self.error(b, "an exponent is a whole number from 1 to 8")
                raise self.error(n, f"only + - * / @ ** join values; {LANGUAGE}")
            case ast.Attribute(value=a, attr="T"):
                return Transpose(r(a))
            case ast.Attribute():
                raise self.error(n, f"only .T may follow a dot")
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self.call(n, name, args, r)
        raise self.error(n, f"this is not part of the language; {LANGUAGE}")

    def call(self, n, name, args, r):
        if name in self.signals:
            if len(args) != 1:
                raise self.error(n, f"{name} takes one step: {name}(t) or {name}(t-1)")
            return self.sig(n, name, args[0])
        if name in self.params:
            raise self.error(
                n, f"{name} is a parameter, the same at every step: write {name} without brackets"
            )
        if name in UNARY:
            if len(args) != 1:
                raise self.error(n, f"{name} takes one value, got {len(args)}")
            return Function(name, (r(args[0]),))
        if name in MANY:
            if len(args) < 2:
                raise self.error(n, f"{name} takes at least two values, got {len(args)}")
            return Function(name, tuple(map(r, args)))
        if name == "part":
            match args:
                case [v, ast.Constant(value=int(k)), ast.Constant(value=int(m))] if 1 <= k <= m <= 16:
                    return Function("part", (r(v),), k, m)
            raise self.error(n, "part(v, k, n) is the k-th of n equal parts of v, counted from 1")
        if name in OVER and self.is_static:
            if len(args) != 1:
                raise self.error(n, f"{name} takes one value")
            return Over(name, r(args[0]))
        raise self.error(n, self.unknown(name))

    def sig(self, n, name, a):
        match a:
            case ast.Name(id="t"):
                return Signal(name)
            case ast.BinOp(
                left=ast.Name(id="t"), op=(ast.Sub() | ast.Add()) as op, right=ast.Constant(value=int(k))
            ) if 0 <= k <= MAX_LAG:
                return Signal(name, k if isinstance(op, ast.Sub) else -k)
            case ast.Name(id="T") if self.is_static:
                return At(name, "T")
            case ast.Constant(value=int(k)) if self.is_static and k >= 1:
                return At(name, k)
        raise self.error(
            a,
            f"the step of {name} is t, t-1, t+1 and so on, at most {MAX_LAG} away"
            + (", T, or a number" if self.is_static else ""),
        )

    def unknown(self, name):
        near = difflib.get_close_matches(name, [*self.params, *self.signals, *UNARY, *MANY, "part"], 1)
        return f"{name} is not declared" + (f"; did you mean {near[0]}?" if near else "")


def left_side(text):
    """name, is_static, column where the right side starts."""
    head, eq, tail = text.partition("=")
    if not eq or tail.startswith("="):
        raise EquationError(
            "an equation reads h(t) = ..., or y = ... for a value after the last step", text, 0
        )
    if len(text) > MAX_CHARACTERS:
        raise EquationError(
            f"{len(text)} characters; at most {MAX_CHARACTERS} are read", text[:40] + "...", 0
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            l = ast.parse(head.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise EquationError("the left side is a name with (t), or a name", text, 0) from None
    match l:
        case ast.Call(func=ast.Name(id=name), args=[ast.Name(id="t")], keywords=[]):
            static = False
        case ast.Name(id=name):
            static = True
        case _:
            raise EquationError(
                "the left side is a name with (t), or a name; move what is at t+1 to t", text, 0
            )
    if name in RESERVED:
        raise EquationError(f"{name} has a meaning of its own; take another name", text, 0)
    return name, static, len(head) + 1
