"""An import that fails costs what uses it, not the rest of the file.

Each import at top level is made to stand alone: where it fails it is left out and told, the file goes on, and
what needs its name fails with a NameError that says why.
"""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator

from .faults import ABSENT_NAMES, Forbidden, said

HANDLER = "__import_failed__"
"""Called in the student's module where an import has failed, with the name that is not there now."""

LONGEST_BYTES = 500_000
"""A longer file is a table of numbers: as a tree it would take a hundred times its size."""

IMPORT = re.compile(rb"^[ \t]*(import|from)[ \t]+([\w.]+)([^#\r\n]*)", re.M)

ALWAYS_HERE = ("the standard library", "numpy", "sympy")
WHERE_INSTALLED = ("scipy", "torch")

SIGMOID = "The sigmoid is 1 / (1 + np.exp(-u))."
"""What scipy is imported for."""


def may_fail(source: bytes) -> bool:
    """Whether any line could be an import that fails: of more than a module that is imported already."""
    return len(source) <= LONGEST_BYTES and any(
        word == b"from" or b"," in rest or module.decode("ascii", "replace") not in sys.modules
        for word, module, rest in IMPORT.findall(source)
    )


def stand_alone(tree: ast.Module) -> None:
    """Let each import at top level fail by itself; those in functions, classes and `try` stay as they are."""
    bodies: list[list[ast.stmt]] = [tree.body]
    while bodies:
        body = bodies.pop()
        bodies += [inner for statement in body for inner in inner_bodies(statement)]
        body[:] = [part for statement in body for part in parts_of(statement)]


def inner_bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a statement that are run at top level too."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    is_try = isinstance(statement, ast.Try | ast.TryStar)
    for name in ("orelse", "finalbody") if is_try else ("body", "orelse"):
        yield getattr(statement, name, [])
    for holder in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield holder.body


def parts_of(statement: ast.stmt) -> Iterator[ast.stmt]:
    """An import as one for each name, each with a handler; any other statement as it is."""
    is_import = isinstance(statement, ast.Import | ast.ImportFrom)
    if not is_import or getattr(statement, "module", None) == "__future__":
        yield statement
        return
    for alias in statement.names:  # type: ignore[attr-defined]
        name = alias.asname or alias.name.partition(".")[0]
        failed = ast.Call(ast.Name(HANDLER, ast.Load()), [ast.Constant(name)], [])
        one = (
            ast.Import([alias])
            if isinstance(statement, ast.Import)
            else ast.ImportFrom(statement.module, [alias], statement.level)  # type: ignore[attr-defined]
        )
        guarded = ast.Try([one], [ast.ExceptHandler(None, None, [ast.Expr(failed)])], [], [])
        for node in ast.walk(guarded):
            ast.copy_location(node, statement)
        yield guarded


def names_bound(statement: ast.AST) -> Iterator[str]:
    """The names that a statement at top level gives to its module."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Name) and isinstance(statement.ctx, ast.Store):
        yield statement.id
    elif not isinstance(statement, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.Lambda):
        for part in ast.iter_child_nodes(statement):
            yield from names_bound(part)


def reason(error: Exception) -> str:
    """Why an import fails and what to do, in words for the student."""
    if isinstance(error, PermissionError):
        return (
            "on this machine an answer can import only what is loaded beforehand: numpy, sympy and the like"
        )
    root = (getattr(error, "name", None) or "").partition(".")[0]
    if isinstance(error, Forbidden) or not isinstance(error, ModuleNotFoundError) or is_there(root):
        return said(error)
    allowed = [*ALWAYS_HERE, *(name for name in WHERE_INSTALLED if is_there(name))]
    words = f"there is no {root} here. An answer may import {', '.join(allowed)} and files handed in with it."
    return f"{words} {SIGMOID}" if root == "scipy" else words


def is_there(name: str) -> bool:
    """Whether a package can be imported."""
    try:
        return name in sys.modules or importlib.util.find_spec(name) is not None
    except (ImportError, ValueError, OSError):
        return False


def leave_out(error: Exception, name: str, place: str) -> str:
    """Take note of an import that is left out; what to tell of it."""
    told = f"{place}: the import of {name} is left out: {reason(error)}"
    ABSENT_NAMES.setdefault(name, told)
    return told
