"""What code defines, without running any of it."""

from __future__ import annotations

import ast
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from grader.model.text import counted
from grader.reports.html.elements import element

MOST_NAMES = 12
MOST_SIGNS = 60
# All that the parser of Python raises for a text, however deep it nests or long its numbers are.
NOT_READ = (SyntaxError, ValueError, RecursionError, MemoryError)


def code_reading(code: str, function: str, asked: str) -> Iterator[ET.Element]:
    """What a text defines, beside the function that is asked for.

    Args:
        code: What was typed.
        function: The name that is asked for.
        asked: How it is called.
    """
    try:
        tree = ast.parse(code)
        defined = dict(_defined(tree.body))
        own = _signature(defined.get(function))
    except NOT_READ as error:
        yield element("p", {}, "This cannot be read as Python. ", element("strong", {}, _why(error)))
        return
    node = defined.get(function)
    wanted = element("code", {}, asked)
    if node is None:
        others = [element("code", {}, name) for name in list(defined)[:MOST_NAMES]]
        line = element("p", {}, "There is no ", wanted, " in it. ")
        line.append(element("strong", {}, f"It defines {counted(len(defined), 'name')}"))
        if others:
            line.append(element("span", {}, ": "))
            for at, one in enumerate(others):
                one.tail = ", " if at < len(others) - 1 else ""
                line.append(one)
        yield line
        return
    where = f" in line {node.lineno}"
    if own is None:
        yield element("p", {}, element("code", {}, function), f" is defined{where}; asked is ", wanted, ".")
        return
    defined_as = element("code", {}, f"{function}({own})")
    yield element("p", {}, "It defines ", defined_as, f"{where}; asked is ", wanted, ". It was not run.")


def _defined(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """The names that a text defines at its top level, branches and blocks included; the last one counts."""
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node
            case ast.Assign(targets=targets):
                yield from ((one.id, node) for one in targets if isinstance(one, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, node
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((one.asname or one.name.partition(".")[0], node) for one in names)
            case ast.If() | ast.For() | ast.While() | ast.With() | ast.Try():
                for part in ("body", "orelse", "finalbody"):
                    yield from _defined(getattr(node, part, []))


def _signature(node: ast.stmt | None) -> str | None:
    """The parameters of a function, as it names them; None of anything else."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    of = node.args
    optional = len(of.posonlyargs) + len(of.args) - len(of.defaults)
    names = [
        one.arg + ("=..." if at >= optional else "") for at, one in enumerate([*of.posonlyargs, *of.args])
    ]
    names += [f"*{of.vararg.arg}"] if of.vararg else []
    names += [one.arg for one in of.kwonlyargs] + ([f"**{of.kwarg.arg}"] if of.kwarg else [])
    return _short(names)


def _short(names: list[str]) -> str:
    """Names with commas between, cut where there are many or long ones."""
    text = ", ".join(names[:MOST_NAMES])
    is_cut = len(names) > MOST_NAMES or len(text) > 4 * MOST_SIGNS
    return f"{text[: 4 * MOST_SIGNS]}, ..." if is_cut else text


def _why(error: Exception) -> str:
    match error:
        case SyntaxError(lineno=int() as line):
            return f"Line {line}: {error.msg}."
        case RecursionError() | MemoryError():
            return "It nests too deeply."
    return "It has signs that no program has."
