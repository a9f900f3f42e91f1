"""Small changes to a module, one at a time, such as a slip would leave behind.

Left alone are messages (and which of two messages or hints is said), docstrings, annotations with what is
imported for them alone, and sizes of caches: no mark depends on them; and the `strict` of a `zip` and the
`frozen` and `kw_only` of a class, which ask for what holds anyway.
"""

from __future__ import annotations

import ast
import copy
import functools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SWAPPED = {
    "all": "any",
    "any": "all",
    "min": "max",
    "max": "min",
    "sum": "max",
    "ceil": "floor",
    "floor": "ceil",
}
UNREAD = ("Feedback", "Unreadable", "ValueError", "TypeError", "KeyError", "lru_cache", "say", "join")
"""Calls whose arguments are words, or do not bear on a mark."""
PROMISES = ("strict", "frozen", "kw_only")
"""Keywords that ask for what holds anyway."""


class Mutant(NamedTuple):
    """One change.

    Args:
        place: The function or class that it is in, dotted.
        before: The changed piece of source.
        after: What stands there now.
        number: Counts equal changes of one place, from 1.
        lines: The first and the last line of the changed piece.
        changed: Makes the changed module.
    """

    place: str
    before: str
    after: str
    number: int
    lines: tuple[int, int]
    changed: Callable[[], ast.Module]

    @property
    def name(self) -> str:
        """A name that stays the same as long as the changed line does."""
        count = f" #{self.number}" if self.number > 1 else ""
        return f"{self.place}: {self.before} -> {self.after}{count}"


class _Change(NamedTuple):
    after: str
    make: Callable[[ast.AST], ast.AST | None]


def mutants(source: str) -> Iterator[Mutant]:
    """All changes of a module, in the order of its lines."""
    tree = ast.parse(source)
    counts: dict[tuple[str, str, str], int] = {}
    for path, node, place in _places(tree, (), ""):
        for change in _changes(node):
            before = _short(node)
            key = (place, before, change.after)
            counts[key] = counts.get(key, 0) + 1
            changed = functools.partial(_changed, tree, path, change.make)
            yield Mutant(place, before, change.after, counts[key], _lines(node), changed)


_Path = tuple[tuple[str, int | None], ...]


def _places(node: ast.AST, path: _Path, place: str) -> Iterator[tuple[_Path, ast.AST, str]]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        place = f"{place}.{node.name}" if place else node.name
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params", "bases"):
            continue
        children = enumerate(value) if isinstance(value, list) else ((None, value),)
        for index, child in children:
            if not isinstance(child, ast.AST) or _is_unread(child):
                continue
            step = (*path, (field, index))
            yield step, child, place or "module"
            yield from _places(child, step, place)


def _lines(node: ast.AST) -> tuple[int, int]:
    if isinstance(node, ast.comprehension):
        return node.iter.lineno, max(one.end_lineno or 0 for one in (node.iter, *node.ifs))
    located: Any = node.test if isinstance(node, ast.If) else node
    return located.lineno, located.end_lineno


def _is_unread(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr | ast.Raise | ast.Import | ast.ImportFrom | ast.AnnAssign) and not (
        isinstance(node, ast.AnnAssign) and node.value is not None
    ):
        return True
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    if _is_choice_of_words(node) or (isinstance(node, ast.keyword) and node.arg in PROMISES):
        return True
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return called in UNREAD
    return False


def _is_choice_of_words(node: ast.AST) -> bool:
    """Whether it only decides which message or hint is said."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            sides = (body, orelse)
            return any(map(_is_message, sides)) and all(map(_is_wording, sides))
        case ast.If(body=body, orelse=orelse):
            return all(
                isinstance(one, ast.Assign)
                and ast.unparse(one.targets[0]) == "hint"
                and _is_message(one.value)
                for one in (*body, *orelse)
            )
    return False


def _is_message(node: ast.AST) -> bool:
    """Whether it is a text with a space in it: no id or code has one."""
    match node:
        case ast.Constant(value=str() as text):
            return " " in text
        case ast.JoinedStr(values=values):
            return any(map(_is_message, values))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_message(left) or _is_message(right)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_message(body) and _is_message(orelse)
    return False


def _is_wording(node: ast.AST) -> bool:
    """Whether it is a text; an empty one too."""
    return (
        _is_message(node)
        or isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    )


def _changes(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Compare(ops=[only]):
            for other in COMPARISONS.get(type(only), ()):
                changed = copy.copy(node)
                changed.ops = [other()]
                yield _Change(_short(changed), _put(changed))
        case ast.BoolOp(op=op, values=values):
            changed = ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
            yield _Change(_short(changed), _put(changed))
            for index in range(len(values)):
                rest = values[:index] + values[index + 1 :]
                fewer = rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)
                yield _Change(_short(fewer), _put(fewer))
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield _Change(_short(operand), _put(operand))
        case ast.BinOp(op=op) if type(op) in ARITHMETIC and not _is_text(node):
            changed = copy.copy(node)
            changed.op = ARITHMETIC[type(op)]()
            yield _Change(_short(changed), _put(changed))
        case ast.Call(func=ast.Name(id=name) as func) if name in SWAPPED:
            changed = copy.copy(node)
            changed.func = ast.Name(SWAPPED[name], func.ctx)
            yield _Change(_short(changed), _put(changed))
        case ast.Call(func=ast.Name(id="abs"), args=[only]):
            yield _Change(_short(only), _put(only))
        case ast.Constant(value=bool() as value):
            yield _Change(str(not value), _put(ast.Constant(not value)))
        case ast.Constant(value=int() | float() as value):
            yield _Change(str(value + 1), _put(ast.Constant(value + 1)))
        case ast.If() | ast.IfExp():
            for truth in (True, False):
                changed = copy.copy(node)
                changed.test = ast.Constant(truth)
                yield _Change(f"if {truth}", _put(changed))
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Continue() | ast.Break():
            yield _Change("pass", _put(ast.Pass()))
        case ast.comprehension(ifs=[_, *_]):
            changed = copy.copy(node)
            changed.ifs = []
            yield _Change(_short(changed), _put(changed))


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in ast.walk(node)
    )


def _put(node: ast.AST) -> Callable[[ast.AST], ast.AST]:
    return lambda _: node


def _changed(tree: ast.Module, path: _Path, make: Callable[[ast.AST], ast.AST | None]) -> ast.Module:
    """A copy of the tree down the path only: the rest is shared, and nothing of it is written to."""
    root = copy.copy(tree)
    node: ast.AST = root
    for depth, (field, index) in enumerate(path):
        child = getattr(node, field)
        old = child if index is None else child[index]
        new = make(old) if depth == len(path) - 1 else copy.copy(old)
        if index is None:
            setattr(node, field, new)
        else:
            setattr(node, field, [*child[:index], new, *child[index + 1 :]])
        assert new is not None
        node = new
    return ast.fix_missing_locations(root)


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    if isinstance(node, ast.comprehension):
        return ast.unparse(ast.ListComp(ast.Name("_"), [node]))[3:-1]
    return " ".join(ast.unparse(node).split())
